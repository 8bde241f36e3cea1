"""“The directory as of 31 March” and “what changed between two draws”, shown and as workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from app.db.read import past
from app.db.read.past import Moment
from app.domain.fields import Field, FieldKind, shown, with_choices
from app.domain.rulebook import Rulebook
from app.domain.snapshot import DirectoryDifference, PastRow, difference, digest, is_listed
from app.errors import UserError
from app.exchange import writing
from app.exchange.sheets import Progress
from app.exchange.writing import Column
from app.services import rulebooks
from app.services.directories.directory import category_choices
from app.services.intake.import_rows import Watch, silent
from app.services.intake.undisturbed import undisturbed

KINDS = {"target": "检查对象名录", "inspector": "执法检查人员名录", "item": "抽查事项清单"}
"""The directories in words, as papers and workbooks name them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A day or a draw a person chooses; neither is now."""

    day: date | None = None
    draw: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDirectory:
    """A directory as it was: its listed rows in order of ident."""

    kind: str
    moment: Moment
    fields: tuple[Field, ...]
    rows: tuple[PastRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One directory at two moments; ``authors``: ledger number → (local time, person)."""

    kind: str
    before: Moment
    after: Moment
    difference: DirectoryDifference
    authors: dict[int, tuple[str, str]]

    @property
    def title(self) -> str:
        """检查对象名录变化（2026-03-31 至 现在）."""
        return f"{KINDS[self.kind]}变化（{self.before.words} 至 {self.after.words}）"


def fields_at(kind: str, rulebook: Rulebook) -> tuple[Field, ...]:
    """The fields of a directory with the rulebook's words."""
    words = category_choices(rulebook)
    return with_choices(past.FIELDS[kind], {"category": words, "categories": words})


def moment(connection: Connection, point: Point) -> Moment:
    """Where a day or a draw lies; UserError if there is no such draw."""
    if point.draw:
        found = past.at_draw(connection, point.draw)
        if found is None:
            raise UserError(f"没有抽取“{point.draw}”的封存记录。", "请从列表中选择。")
        return found
    return past.now(connection) if point.day is None else past.on_day(connection, point.day)


def directory_at(connection: Connection, kind: str, point: Point) -> PastDirectory:
    """One directory as it was; rows no longer in force then are left out."""
    rulebook = rulebooks.of_unit(connection)
    when = moment(connection, point)
    with undisturbed(past.size(connection, kind)):
        rows = [row for row in past.rows_at(connection, kind, when) if is_listed(row)]
        return PastDirectory(
            kind=kind,
            moment=when,
            fields=fields_at(kind, rulebook),
            rows=tuple(sorted(rows, key=lambda row: (row.ident, row.id))),
        )


def compare(connection: Connection, kind: str, before: Point, after: Point) -> Comparison:
    """What changed in one directory from one moment to another; the earlier one first."""
    first, last = sorted(
        (moment(connection, before), moment(connection, after)), key=lambda each: each.seq
    )
    return between(connection, kind, first, last)


def between(connection: Connection, kind: str, first: Moment, last: Moment) -> Comparison:
    """The same for moments that are known."""
    rulebook = rulebooks.of_unit(connection)
    with undisturbed(past.size(connection, kind)):
        found = difference(
            past.rows_at(connection, kind, first),
            past.rows_at(connection, kind, last),
            fields_at(kind, rulebook),
        )
    who = past.who_and_when(connection, [row.since for row in found.rows])
    return Comparison(
        kind=kind,
        before=first,
        after=last,
        difference=found,
        authors={seq: (f"{at.astimezone():%Y-%m-%d %H:%M}", by) for seq, (at, by) in who.items()},
    )


def changed_rows(connection: Connection, kind: str, first: Moment, last: Moment) -> int:
    """How many rows differ; quick where few do, however long the directory is."""
    found = difference(
        past.rows_changed_since(connection, kind, first, first),
        past.rows_changed_since(connection, kind, first, last),
        fields_at(kind, rulebooks.of_unit(connection)),
    )
    return len(found.rows)


def digest_at(connection: Connection, when: Moment) -> str:
    """The digest of the three directories at a moment."""
    return digest({kind: past.rows_at(connection, kind, when) for kind in KINDS})


@dataclass(frozen=True, slots=True, kw_only=True)
class WritePast:
    """Where a past directory goes."""

    path: Path
    directory: PastDirectory


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteComparisons:
    """Where comparisons go, one sheet each."""

    path: Path
    comparisons: tuple[Comparison, ...]


def write_directory(command: WritePast, watch: Watch = silent) -> Path:
    """The directory as it was, as a workbook our import understands again; ``watch`` may cancel."""
    found = command.directory
    columns = writing.columns_of(found.fields)
    title = f"{KINDS[found.kind]}（{found.moment.words}）"
    with undisturbed(len(found.rows)):
        rows = [
            tuple(_cell(field, row.values.get(field.name)) for field in found.fields)
            for row in found.rows
        ]
        table = writing.Table(title, columns, rows, KINDS[found.kind])
        writing.write_table(command.path, table, _written(watch))
    return command.path


def _written(watch: Watch) -> Progress:
    return lambda done, total: watch(done, total or 0, "正在写表格")


def _cell(field: Field, value: object) -> str | int | date | None:
    if isinstance(value, date) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    return shown(field, value) or None  # type: ignore[arg-type]


_COLUMNS = (
    Column("变化", width=8),
    Column("编号", FieldKind.CODE, 24),
    Column("名称", width=36),
    Column("项目", width=16),
    Column("原来", width=30),
    Column("现在", width=30),
    Column("时间", width=18),
    Column("办理人", width=12),
)


def write_comparisons(command: WriteComparisons, watch: Watch = silent) -> Path:
    """Every row that came, went or changed, one line per field; ``watch`` may cancel."""
    with undisturbed(sum(len(each.difference.rows) for each in command.comparisons)):
        tables = [
            writing.Table(each.title, _COLUMNS, list(lines(each)), KINDS[each.kind])
            for each in command.comparisons
        ]
        writing.write_tables(command.path, tables, _written(watch))
    return command.path


def lines(comparison: Comparison) -> Sequence[tuple[str, ...]]:
    """The comparison as table lines: what, ident, name, field, before, after, when, who."""
    made = []
    for row in comparison.difference.rows:
        author = comparison.authors.get(row.since, ("", ""))
        for each in row.fields:
            made.append(
                (row.words, row.ident, row.name, each.label, each.before, each.after, *author)
            )
        if not row.fields:
            made.append((row.words, row.ident, row.name, "", "", "", *author))
    return made
