"""Workbooks an officer asks for: blank templates to fill in, and a list as it is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeAlias

from app.domain.fields import Field, FieldKind, is_empty, shown, value_of
from app.domain.rulebook import Rulebook
from app.exchange import writing
from app.services.directory import AnyFacts
from app.services.importing import KINDS, fields_for

Value: TypeAlias = str | int | date | None


@dataclass(frozen=True, slots=True)
class WriteTemplate:
    """A blank form for one directory (a key of ``importing.KINDS``) under a rulebook."""

    kind: str
    path: Path
    rulebook: Rulebook


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column of an exported list; ``code``: text that must stay text, never a number."""

    title: str
    width: int = 14
    code: bool = False


@dataclass(frozen=True, slots=True)
class ExportList:
    """What is seen: title above the header (may be empty), columns, rows of values."""

    path: Path
    title: str
    columns: tuple[ListColumn, ...]
    rows: Sequence[Sequence[Value]]


def write_template(command: WriteTemplate) -> Path:
    """Write the form with hints, an example row and drop-downs. EnvironmentFault on disk."""
    fields = fields_for(command.kind, command.rulebook)
    writing.write_template(command.path, fields, {}, KINDS[command.kind])
    return command.path


def export_list(command: ExportList) -> Path:
    """Write one styled sheet with numbers and dates as such. EnvironmentFault on disk."""
    rows = tuple(tuple(row) for row in command.rows)
    columns = tuple(
        writing.Column(column.title, _kind(column, [row[at] for row in rows]), column.width)
        for at, column in enumerate(command.columns)
    )
    writing.write_table(command.path, writing.Table(command.title, columns, rows, command.title))
    return command.path


def _kind(column: ListColumn, values: Sequence[Value]) -> FieldKind:
    if column.code:
        return FieldKind.CODE
    known = [value for value in values if value is not None and value != ""]
    if known and all(isinstance(value, date) for value in known):
        return FieldKind.DATE
    if known and all(isinstance(value, int) for value in known):
        return FieldKind.NUMBER
    return FieldKind.TEXT


def directory_rows(fields: Sequence[Field], facts: Sequence[AnyFacts]) -> list[tuple[Value, ...]]:
    """A directory's facts as rows that our own import understands again."""
    return [tuple(_value(field, each) for field in fields) for each in facts]


def _value(field: Field, facts: AnyFacts) -> Value:
    value = value_of(facts, field.name)
    if is_empty(value):
        return None
    if isinstance(value, bool) or not isinstance(value, date | int):
        return shown(field, value)
    return value
