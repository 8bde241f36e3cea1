"""Between records and package: only what changed, in the platform's words, checked before it
leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

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
from app.exchange.sheets import Cell
from app.exchange.writing import Column, Table
from app.models import ExportPackage, Inspector, PackageLine

__all__ = [
    "NotReadyError",
    "PackedLine",
    "Shaped",
    "accepted",
    "check",
    "lines_of",
    "only_changed",
    "shape",
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
    """A row as it travels: where it stands, which record it is, the digest of its content."""

    sheet: str
    line: int
    key: str
    label: str
    digest: str


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
    starts_at = sheet.first_row if platform.template else 0
    title = "" if platform.template else sheet.title
    made = Table(title, columns, rows, sheet.sheet, sheet.record.id, table.keys, starts_at)
    return Shaped(sheet, made)


def _plain(row: Sequence[Cell], at: int | None) -> Cell:
    return None if at is None else row[at]


def _column(platform: Platform, sheet: PlatformSheet, column: PlatformColumn) -> Column:
    field = sheet.record.field(column.field)
    kind = field.kind if field else FieldKind.TEXT
    if kind is FieldKind.DATE and (column.dates or platform.dates) is not DateStyle.DATE:
        kind = FieldKind.CODE
    width = field.width if field else 14
    return Column(column.header, kind, max(width, 2 * len(column.header) + 2))


def only_changed(
    tables: Mapping[str, Sequence[Table]], before: Mapping[str, str]
) -> dict[str, tuple[Table, ...]]:
    """Only rows that are not as the platform accepted them; UserError if none is.

    Tables of counts have no records and go along whole.
    """
    kept = {}
    left = keyed = 0
    for name, sheets in tables.items():
        found = [_changed(table, before) for table in sheets]
        keyed += sum(len(table.keys) for table in sheets)
        left += sum(len(table.keys) for table in found)
        if any(table.rows for table in found):
            kept[name] = tuple(table for table in found if table.rows)
    if keyed and not left:
        raise UserError(
            "平台接收以后没有变化的内容，不用再报。", "要全部重报的，不选“只报变化的”。"
        )
    return kept


def _changed(table: Table, before: Mapping[str, str]) -> Table:
    if not table.keys:
        return table
    rows = [
        (key, row)
        for key, row in zip(table.keys, table.rows, strict=True)
        if before.get(f"{table.sheet}|{key}") != _digest(table, row)
    ]
    return replace(table, rows=[row for _, row in rows], keys=tuple(key for key, _ in rows))


def accepted(connection: Connection, platform: str, edition: str) -> dict[str, str]:
    """Digest of each row as this platform last accepted it, by “sheet|key”."""
    rows = connection.execute(
        select(PackageLine.sheet, PackageLine.key, PackageLine.digest)
        .join(ExportPackage, ExportPackage.id == PackageLine.package_id)
        .where(
            ExportPackage.platform == platform,
            ExportPackage.edition == edition,
            ExportPackage.state.in_([each for each in PackageState if each.answered]),
            PackageLine.refused == "",
        )
        .order_by(ExportPackage.id, PackageLine.line)
    )
    return {f"{row.sheet}|{row.key}": row.digest for row in rows}


def lines_of(tables: Mapping[str, Sequence[Table]]) -> tuple[PackedLine, ...]:
    """Every record of a package, where a person finds it in the platform's list of errors."""
    return tuple(
        PackedLine(table.sheet, line, key, _label(table, row), _digest(table, row))
        for sheets in tables.values()
        for table in sheets
        for line, (key, row) in enumerate(
            zip(table.keys, table.rows, strict=False), start=table.first_line
        )
    )


def _digest(table: Table, row: Sequence[Cell]) -> str:
    return digest_of(table.record, [column.title for column in table.columns], row)


_NAMES = ("名称", "姓名", "事项", "项目", "单位", "编号", "类")


def _label(table: Table, row: Sequence[Cell]) -> str:
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
) -> None:
    """Hold every row against the platform's rules and the edition; NotReadyError lists what to
    mend."""
    names = list(connection.execute(select(Inspector.name)).scalars()) if public else None
    found: list[Mend] = []
    for sheet, table in tables:
        if public and not sheet.record.public:
            raise UserError(
                f"“{sheet.record.words}”不能放进公开版。", "请改用密封版，或只选可以公开的内容。"
            )
        for line, row in enumerate(table.rows, start=table.first_line):
            at = line - table.first_line
            key = table.keys[at] if at < len(table.keys) else ""
            place = RowPlace(sheet=table.sheet, line=line, key=key, label=_label(table, row))
            found += check_row(platform, sheet, place, row, names)
    if found:
        raise NotReadyError(found)


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
