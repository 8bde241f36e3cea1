"""Between records and package: only what changed, in the platform's words, checked before it
leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, or_, select

from app.domain.fields import FieldKind
from app.domain.outgoing import Mend, digest_of
from app.domain.package_course import PackageState
from app.domain.platform import (
    DateStyle,
    Platform,
    PlatformColumn,
    PlatformSheet,
    RowPlace,
    check_row,
    value_for,
)
from app.errors import UserError
from app.exchange.filling import FilledSheet
from app.exchange.sheets import Cell
from app.exchange.writing import Column, Table
from app.models import ExportPackage, PackageLine
from app.services.public.public_search import PublicSearch

__all__ = [
    "GONE",
    "AcceptedRow",
    "NotReadyError",
    "PackedLine",
    "Reported",
    "Shaped",
    "accepted",
    "check",
    "filled",
    "gone_lines",
    "gone_table",
    "label_of",
    "lines_of",
    "numbered",
    "only_changed",
    "shape",
    "vanished",
]


class NotReadyError(UserError):
    """The package would be refused; ``mends`` says what to put right. Nothing was written."""

    def __init__(self, mends: Sequence[Mend]) -> None:
        shown = "；".join(str(each) for each in mends[:5])
        more = f"……共 {len(mends)} 处" if len(mends) > 5 else ""
        super().__init__(
            f"上报前检查发现 {len(mends)} 处要改，没有生成上报包：{shown}{more}。",
            "请逐条改好后再生成。",
        )
        self.mends = tuple(mends)


@dataclass(frozen=True, slots=True)
class PackedLine:
    """A row as it travels: where it stands, which record it is, the digest of its content.

    ``ident``: the codes a receiver knows it by; ``gone``: set for a row that says the record is
    no longer there, the sheet on which it was reported before.
    """

    sheet: str
    line: int
    key: str
    label: str
    digest: str
    ident: str = ""
    gone: str = ""


@dataclass(frozen=True, slots=True)
class Shaped:
    """A table of records in a platform's shape: ``table`` as it is written."""

    sheet: PlatformSheet
    table: Table


def shape(platform: Platform, sheet: PlatformSheet, table: Table) -> Shaped:
    """Our records as the platform's columns, in its words and styles."""
    titles = {column.title: at for at, column in enumerate(table.columns)}
    rows = [
        tuple(
            value_for(platform, column, _plain(row, titles.get(column.field)))
            for column in sheet.columns
        )
        for row in table.rows
    ]
    columns = tuple(_column(platform, sheet, column) for column in sheet.columns)
    starts_at = sheet.first_row if sheet.template else 0
    title = "" if sheet.template else sheet.title
    made = Table(title, columns, rows, sheet.sheet, sheet.record.id, table.keys, starts_at)
    return Shaped(sheet, made)


def filled(sheet: PlatformSheet, table: Table) -> FilledSheet:
    """The rows of a shaped table where the platform's own template wants them."""
    places = tuple(column.at or at for at, column in enumerate(sheet.columns, start=1))
    return FilledSheet(sheet.sheet, sheet.first_row, places, table.rows, sheet.foot_row)


def numbered(sheet: PlatformSheet, table: Table) -> Table:
    """The table with its rows counted where the platform wants that.

    Done last: a row is no other record for standing one line lower.
    """
    places = [at for at, column in enumerate(sheet.columns) if column.serial]
    if not places:
        return table
    rows = []
    for number, row in enumerate(table.rows, start=1):
        cells = list(row)
        for at in places:
            cells[at] = number
        rows.append(tuple(cells))
    return replace(table, rows=rows)


def _plain(row: Sequence[Cell], at: int | None) -> Cell:
    return None if at is None else row[at]


def _column(platform: Platform, sheet: PlatformSheet, column: PlatformColumn) -> Column:
    field = sheet.record.field(column.field)
    kind = field.kind if field else FieldKind.TEXT
    if kind is FieldKind.DATE and (column.dates or platform.dates) is not DateStyle.DATE:
        kind = FieldKind.CODE
    width = field.width if field else 14
    return Column(column.header, kind, max(width, 2 * len(column.header) + 2))


@dataclass(frozen=True, slots=True)
class AcceptedRow:
    """A row as the platform last took it, and the package it came in."""

    sheet: str
    key: str
    label: str
    ident: str
    digest: str
    line: int
    file_name: str


def only_changed(
    tables: Mapping[str, Sequence[Table]], before: Mapping[str, AcceptedRow]
) -> dict[str, tuple[Table, ...]]:
    """Only rows that are not as the platform accepted them; tables of counts, which have no
    records, go along whole."""
    kept = {}
    for name, sheets in tables.items():
        found = [_changed(table, before) for table in sheets]
        if any(table.rows for table in found):
            kept[name] = tuple(table for table in found if table.rows)
    return kept


def _changed(table: Table, before: Mapping[str, AcceptedRow]) -> Table:
    if not table.keys:
        return table
    rows = [
        (key, row)
        for key, row in zip(table.keys, table.rows, strict=True)
        if not _as_accepted(before.get(f"{table.sheet}|{key}"), _digest(table, row))
    ]
    return replace(table, rows=[row for _, row in rows], keys=tuple(key for key, _ in rows))


def _as_accepted(row: AcceptedRow | None, digest: str) -> bool:
    return row is not None and row.digest == digest


def vanished(
    tables: Mapping[str, Sequence[Table]], before: Mapping[str, AcceptedRow]
) -> tuple[AcceptedRow, ...]:
    """What the platform holds of us and we no longer report: it has to be told."""
    now = {
        f"{table.sheet}|{key}"
        for sheets in tables.values()
        for table in sheets
        for key in table.keys
    }
    return tuple(row for place, row in before.items() if place not in now)


GONE = "删除的行"


def gone_table(rows: Sequence[AcceptedRow]) -> Table:
    """删除的行: no platform has a sheet for it, so it is a list a person acts on there."""
    columns = (
        Column("原来的表", FieldKind.TEXT, 14),
        Column("名称", FieldKind.TEXT, 36),
        Column("标识", FieldKind.CODE, 44),
        Column("上次受理的上报包", FieldKind.CODE, 28),
        Column("原行号", FieldKind.NUMBER, 8),
        Column("请平台", FieldKind.TEXT, 24),
    )
    cells: list[tuple[Cell, ...]] = [
        (row.sheet, row.label, row.ident or None, row.file_name, row.line, "删除或注销这一条")
        for row in rows
    ]
    return Table("", columns, cells, GONE)


def gone_lines(rows: Sequence[AcceptedRow], table: Table) -> tuple[PackedLine, ...]:
    """The rows of ``gone_table`` as the register keeps them."""
    return tuple(
        PackedLine(GONE, line, row.key, row.label, "", row.ident, row.sheet)
        for line, row in enumerate(rows, start=table.first_line)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """Which earlier packages count: to whom, in which edition, on which sheets.

    ``period`` is empty for the directories, which have none; ``draw_id``: a package of one draw
    tells of that draw only.
    """

    platform: str
    edition: str
    sheets: frozenset[str]
    period: str = ""
    draw_id: int | None = None


def accepted(connection: Connection, scope: Reported) -> dict[str, AcceptedRow]:
    """Each row as this platform last accepted it, by “sheet|key”; those since reported as gone
    are left out."""
    conditions = [
        ExportPackage.platform == scope.platform,
        ExportPackage.edition == scope.edition,
        ExportPackage.state.in_([each for each in PackageState if each.answered]),
        PackageLine.refused == "",
        or_(
            PackageLine.sheet.in_(sorted(scope.sheets)),
            PackageLine.gone.in_(sorted(scope.sheets)),
        ),
    ]
    if scope.period:
        conditions.append(ExportPackage.period == scope.period)
    if scope.draw_id is not None:
        conditions.append(ExportPackage.draw_id == scope.draw_id)
    found = connection.execute(
        select(PackageLine.__table__, ExportPackage.file_name)
        .join(ExportPackage, ExportPackage.id == PackageLine.package_id)
        .where(*conditions)
        .order_by(ExportPackage.id, PackageLine.line)
    )
    held: dict[str, AcceptedRow] = {}
    for row in found:
        if row.gone:
            held.pop(f"{row.gone}|{row.key}", None)
            continue
        held[f"{row.sheet}|{row.key}"] = AcceptedRow(
            sheet=row.sheet,
            key=row.key,
            label=row.label,
            ident=row.ident,
            digest=row.digest,
            line=row.line,
            file_name=row.file_name,
        )
    return held


def lines_of(tables: Mapping[str, Sequence[Table]]) -> tuple[PackedLine, ...]:
    """Every record of a package, where a person finds it in the platform's list of errors."""
    return tuple(
        PackedLine(
            table.sheet, line, key, label_of(table, row), _digest(table, row), _ident(table, row)
        )
        for sheets in tables.values()
        for table in sheets
        for line, (key, row) in enumerate(
            zip(table.keys, table.rows, strict=False), start=table.first_line
        )
    )


def _digest(table: Table, row: Sequence[Cell]) -> str:
    return digest_of(table.record, [column.title for column in table.columns], row)


def _ident(table: Table, row: Sequence[Cell]) -> str:
    """The codes of a row, as the platform knows it by."""
    cells = [
        str(cell)
        for column, cell in zip(table.columns, row, strict=True)
        if cell and column.kind is FieldKind.CODE and len(str(cell)) <= _LONGEST_CODE
    ]
    return " ".join(dict.fromkeys(cells))


_LONGEST_CODE = 40  # a digest is no code anybody knows a record by
_NAMES = ("名称", "姓名", "事项", "项目", "单位", "编号", "类")


def label_of(table: Table, row: Sequence[Cell]) -> str:
    """What a person calls a row."""
    for part in _NAMES:
        for column, cell in zip(table.columns, row, strict=True):
            if cell and part in column.title and not (part == "编号" and "计划" in column.title):
                return str(cell)
    return next((str(cell) for cell in row if cell is not None), "")


def check(
    connection: Connection,
    platform: Platform,
    tables: Sequence[tuple[PlatformSheet, Table]],
    *,
    public: bool,
) -> tuple[Mend, ...]:
    """Hold every row against the platform's rules and the edition; what has to be mended.

    Errors: UserError for records a public edition may not hold at all.
    """
    search = PublicSearch(connection) if public else None
    found: list[Mend] = []
    for sheet, table in tables:
        if public and not sheet.record.public:
            raise UserError(
                f"“{sheet.record.words}”不能放进公开版。", "请改用密封版，或只选可以公开的内容。"
            )
        for line, row in enumerate(table.rows, start=table.first_line):
            at = line - table.first_line
            key = table.keys[at] if at < len(table.keys) else ""
            place = RowPlace(sheet=table.sheet, line=line, key=key, label=label_of(table, row))
            found += check_row(platform, sheet, place, row, public=public)
        if search is not None:
            found += search.mends(table, [each.field or each.header for each in sheet.columns])
    return tuple(found)


def general_sheet(platform: Platform, table: Table) -> PlatformSheet | None:
    """The general format's rules for a table of ours, its columns in the table's order."""
    sheet = next((each for each in platform.sheets if each.record.id == table.record), None)
    if sheet is None:
        return None
    known = {column.header: column for column in sheet.columns}
    columns = tuple(
        known.get(column.title, PlatformColumn(header=column.title)) for column in table.columns
    )
    return replace(sheet, columns=columns)
