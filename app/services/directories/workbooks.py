"""Workbooks an officer asks for: blank templates to fill in, and a list as it is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeAlias, TypeVar

from app.domain.fields import Field, FieldKind, is_empty, shown, value_of
from app.domain.rulebook import Rulebook
from app.exchange import writing
from app.services.directories.directory import AnyFacts
from app.services.intake.import_rows import Watch, silent
from app.services.intake.importing import KINDS, fields_for
from app.services.intake.undisturbed import undisturbed

Value: TypeAlias = str | int | date | None
R = TypeVar("R")
_PORTION = 1000


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


def export_list(command: ExportList, watch: Watch = silent) -> Path:
    """Write one styled sheet with numbers and dates as such; ``watch`` may cancel.

    EnvironmentFault on disk.
    """
    rows = tuple(tuple(row) for row in command.rows)
    columns = tuple(
        writing.Column(column.title, _kind(column, [row[at] for row in rows]), column.width)
        for at, column in enumerate(command.columns)
    )
    table = writing.Table(command.title, columns, rows, command.title)
    with undisturbed(len(rows)):
        writing.write_table(
            command.path, table, lambda done, total: watch(done, total or 0, "正在写表格")
        )
    return command.path


def read_all(
    ids: Sequence[int],
    fetch: Callable[[Sequence[int]], Iterable[R]],
    values: Callable[[R], Sequence[Value]],
    watch: Watch = silent,
) -> list[Sequence[Value]]:
    """The rows of a long list as values, fetched by portions; ``watch`` may cancel."""
    found: list[Sequence[Value]] = []
    with undisturbed(len(ids)):
        for start in range(0, len(ids), _PORTION):
            watch(start, len(ids), "正在读取")
            found += map(values, fetch(ids[start : start + _PORTION]))
    return found


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
