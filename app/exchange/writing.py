"""Styled workbooks: tables, blank templates with drop-downs, and what came back with reasons.

Made again from the same content a file has the same bytes, so that a package's manifest
can be compared.
"""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.fields import Choice, Field, FieldKind, with_choices
from app.exchange.files import write_atomically
from app.exchange.mapping import REASON, ROW_NUMBER, SHEET_NAME
from app.exchange.sheets import Cell, Progress

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell as SheetCell
    from openpyxl.worksheet.worksheet import Worksheet

EXAMPLE_MARK = "案例（请删除）"

_FONT = "微软雅黑"
_HEADER_FILL = "E6EFFC"
_HINT_FILL = "FAFBFC"
_REASON_FILL = "FCE8E6"
_LOCKED_FILL = "F1F3F6"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_RISKY = ("=", "+", "-", "@", "\t", "\r")  # would begin a formula
_WATCHED = 500  # rows between two words on how far it is
_LONGEST_CELL = 32_767  # Excel's own limit
_TEMPLATE_ROWS = 5000  # rows that get drop-downs
_MARGIN = 0.4  # inches
_LINE_HEIGHT = 15
_HIGHEST_ROW = 409  # Excel's own limit
_NARROW = 0x2E7F  # the last code point that is as wide as a digit
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_LISTS_SHEET = "可选值"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; ``kind`` decides number format and alignment."""

    title: str
    kind: FieldKind = FieldKind.TEXT
    width: int = 14


@dataclass(frozen=True, slots=True)
class Table:
    """What is exported: ``title`` stands above the header if not empty.

    ``record``: the kind of record (``domain.outgoing``), ``keys``: which one each row is, so
    that a platform's answer finds the way back; both empty for counts and sums.
    """

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    sheet: str = "数据"
    record: str = ""
    keys: tuple[str, ...] = ()
    starts_at: int = 0

    @property
    def first_line(self) -> int:
        """The row of the sheet the first record stands in, counted from 1 (``starts_at`` where a
        platform's own template says it)."""
        return self.starts_at or (3 if self.title else 2)


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A source row that was not taken: its place, its cells as they were, why."""

    sheet: str
    number: int
    cells: tuple[Cell, ...]
    reason: str


def columns_of(fields: Iterable[Field]) -> tuple[Column, ...]:
    """Table columns for the fields of a directory."""
    return tuple(Column(each.label, each.kind, each.width) for each in fields)


def write_table(path: Path, table: Table, watch: Progress | None = None) -> None:
    """Write one styled sheet: header, widths, frozen header, filter. EnvironmentFault on disk."""
    write_tables(path, (table,), watch)


def write_tables(path: Path, tables: Sequence[Table], watch: Progress | None = None) -> None:
    """Write several tables, one per sheet, row by row: 100,000 need no memory of their own.

    ``watch`` hears how far it is; what it raises ends the work and leaves no file.
    """
    write_atomically(path, workbook(tables, watch))


def workbook(tables: Sequence[Table], watch: Progress | None = None) -> bytes:
    """The bytes of what ``write_tables`` writes, for a file that goes into another."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    with _discarded_unless_done(book):
        for table in tables:
            _stream(book.create_sheet(_sheet_name(table.sheet)), table, watch)
    return _saved(book)


@contextlib.contextmanager
def _discarded_unless_done(book: Workbook) -> Iterator[None]:
    """What a write-only workbook keeps in the temporary folder goes when the work is ended."""
    try:
        yield
    except BaseException:
        for sheet in book.worksheets:
            sheet.close()
            sheet._writer.cleanup()
        raise


def write_template(
    path: Path, fields: Sequence[Field], choices: Mapping[str, tuple[Choice, ...]], sheet: str
) -> None:
    """A blank form for one directory: header, hints, an example our importer skips, drop-downs.

    ``choices`` are the rulebook's or unit's values for some fields (see ``with_choices``).
    """
    import openpyxl

    described = with_choices(fields, choices)
    book = openpyxl.Workbook()
    blank = book.active
    blank.title = _sheet_name(sheet)
    _fill_template(blank, described)
    lists = book.create_sheet(_LISTS_SHEET)
    _add_drop_downs(blank, lists, described)
    _save(path, book)


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A form that is filled in as far as it is known, one sheet.

    ``locked``: names of fields a person does not change: their cells are protected, others open.
    """

    sheet: str
    fields: tuple[Field, ...]
    rows: Sequence[Sequence[Cell]]
    locked: frozenset[str] = frozenset()
    frozen: int = 1


def write_form(
    path: Path, fields: Sequence[Field], rows: Sequence[Sequence[Cell]], sheet: str
) -> None:
    """A form that is filled in already, to be corrected and merged: header, hints, rows,
    drop-downs."""
    write_forms(path, (FilledForm(sheet, tuple(fields), rows),))


def write_forms(path: Path, forms: Sequence[FilledForm], notes: Sequence[str] = ()) -> None:
    """Several filled-in forms in one workbook, what to know on a last sheet, then the lists."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    sheets = [book.create_sheet(_sheet_name(form.sheet)) for form in forms]
    if notes:
        _fill_notes(book.create_sheet("填报说明"), notes)
    lists = book.create_sheet(_LISTS_SHEET)
    for sheet, form in zip(sheets, forms, strict=True):
        _fill_form(sheet, form)
        _add_drop_downs(sheet, lists, form.fields)
        if form.locked:
            _protect(sheet, form)
    _save(path, book)


def _fill_form(sheet: Worksheet, form: FilledForm) -> None:
    _fill_template(sheet, form.fields, example=False)
    style = _BodyStyle()
    columns = columns_of(form.fields)
    for line, row in enumerate(form.rows, start=3):
        for place, (column, value) in enumerate(zip(columns, row, strict=True), start=1):
            style.put(sheet.cell(line, place), value, column.kind)
    sheet.freeze_panes = sheet.cell(3, form.frozen + 1)


def _fill_notes(sheet: Worksheet, notes: Sequence[str]) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.column_dimensions["A"].width = 96
    for line, text in enumerate(notes, start=1):
        cell = sheet.cell(line, 1)
        _put_text(cell, text)
        cell.font = Font(name=_FONT, size=14 if line == 1 else 11, bold=line == 1)
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _protect(sheet: Worksheet, form: FilledForm) -> None:
    """Lock the keys and the number of rows, without a password: against a slip, not a will."""
    from openpyxl.styles import PatternFill, Protection

    known, opened = PatternFill("solid", start_color=_LOCKED_FILL), Protection(locked=False)
    for line in range(3, 3 + len(form.rows)):
        for place, field in enumerate(form.fields, start=1):
            cell = sheet.cell(line, place)
            if field.name in form.locked:
                cell.fill = known
            else:
                cell.protection = opened
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
    sheet.protection.autoFilter = False
    sheet.protection.sort = False


def write_errors(
    path: Path, header: Sequence[str], rows: Sequence[RejectedRow], watch: Progress | None = None
) -> None:
    """The rejected rows with their original columns, 原行号 and 退回原因, ready to correct."""
    import openpyxl

    width = max((len(header), *(len(row.cells) for row in rows)))
    titles = [*header, *("" for _ in range(width - len(header)))]
    columns = [Column(title, FieldKind.CODE, _title_width(title)) for title in titles]
    extra = (
        Column(SHEET_NAME, FieldKind.TEXT, 14),
        Column(ROW_NUMBER, FieldKind.NUMBER, 8),
        Column(REASON, FieldKind.LONG_TEXT, 50),
    )
    data = [
        (
            *row.cells,
            *(None for _ in range(width - len(row.cells))),
            row.sheet,
            row.number,
            row.reason,
        )
        for row in rows
    ]
    book = openpyxl.Workbook(write_only=True)
    with _discarded_unless_done(book):
        sheet = book.create_sheet("退回的行")
        _stream(sheet, Table("", (*columns, *extra), data), watch, marked=width + 3)
    _save(path, book)


def _stream(sheet: Worksheet, table: Table, watch: Progress | None, marked: int = 0) -> None:
    """One table into a write-only sheet; ``marked``: the column (from 1) that stands out."""
    from openpyxl.utils import get_column_letter

    top = 2 if table.title else 1
    last = get_column_letter(max(len(table.columns), 1))
    _lay_out(sheet, top, table.columns)
    styled = _Styled(sheet)
    if table.title:
        sheet.row_dimensions[1].height = 30
        sheet.merged_cells.add(f"A1:{last}1")
        sheet.append([styled.title(table.title)])
    sheet.append(
        [styled.header(each.title, at == marked) for at, each in enumerate(table.columns, 1)]
    )
    total = len(table.rows)
    for done, row in enumerate(table.rows):
        if watch is not None and done % _WATCHED == 0:
            watch(done, total)
        lines = max(map(_lines_in, row, table.columns), default=1)
        if lines > 1:
            # Not every program finds out by itself how high a broken line makes a row.
            height = min(_LINE_HEIGHT * lines + 2, _HIGHEST_ROW)
            sheet.row_dimensions[top + 1 + done].height = height
        sheet.append(
            [
                styled.body(value, column, at == marked)
                for at, (value, column) in enumerate(zip(row, table.columns, strict=True), 1)
            ]
        )
    sheet.auto_filter.ref = f"A{top}:{last}{top + total}"
    sheet.print_title_rows = f"{top}:{top}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToHeight = 0
    _dress_print(sheet)


def _dress_print(sheet: Worksheet) -> None:
    """Lines, narrow margins and page numbers, for whoever prints the sheet as it is."""
    sheet.print_options.gridLines = True
    sheet.print_options.horizontalCentered = True
    for side in ("left", "right"):
        setattr(sheet.page_margins, side, _MARGIN)
    sheet.page_margins.top = sheet.page_margins.bottom = 2 * _MARGIN
    sheet.page_margins.footer = _MARGIN
    sheet.oddFooter.center.text = "第&P页，共&N页"


def _lay_out(sheet: Worksheet, header: int, columns: Sequence[Column]) -> None:
    """What a write-only sheet must know before its first row."""
    from openpyxl.utils import get_column_letter

    for place, column in enumerate(columns, start=1):
        dimension = sheet.column_dimensions[get_column_letter(place)]
        dimension.width = max(column.width, 6)
        # A code typed into an empty cell must stay text: the whole column is text.
        dimension.number_format = _number_format(column.kind)
    most = max((_lines(column.title, column.width) for column in columns), default=1)
    sheet.row_dimensions[header].height = max(24, _LINE_HEIGHT * most + 4)
    sheet.freeze_panes = f"B{header + 1}"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _room(text: str) -> int:
    """How many columns of a sheet's measure a text takes: a Chinese character takes two."""
    return sum(2 if ord(char) > _NARROW else 1 for char in text)


def _lines(text: str, width: int) -> int:
    """In how many lines a text stands in a column of ``width``."""
    if 2 * len(text) < width and "\n" not in text:
        return 1
    room = max(width - 1, 5)
    return sum(max(1, -(-_room(each) // room)) for each in text.split("\n"))


def _lines_in(value: Cell, column: Column) -> int:
    return _lines(value, column.width) if isinstance(value, str) else 1


class _Styled:
    """Cells of a write-only sheet: each style is made once, a million cells share it."""

    def __init__(self, sheet: Worksheet) -> None:
        from openpyxl.cell import WriteOnlyCell

        self._sheet = sheet
        self._make = WriteOnlyCell
        self._styles: dict[tuple[FieldKind, str, bool, bool], Any] = {}
        self._body = _BodyStyle()
        self._header = _HeaderStyle()

    def title(self, text: str) -> SheetCell:
        """The line above the table."""
        from openpyxl.styles import Alignment, Font

        cell = self._make(self._sheet, _clean(text))
        cell.font = Font(name=_FONT, size=14, bold=True)
        cell.alignment = Alignment(horizontal="center", vertical="center")
        return cell

    def header(self, text: str, marked: bool) -> SheetCell:
        """A column's name."""
        cell = self._make(self._sheet)
        self._header.put(cell, text)
        return _mark(cell) if marked else cell

    def body(self, value: Cell, column: Column, marked: bool) -> SheetCell | None:
        """One value; nothing where there is none, the column says what may be typed there.

        Text that is wider than its column is broken, so that nothing is cut off in print.
        """
        kind = column.kind
        if value is None and not marked:
            return None
        risky = isinstance(value, str) and value[:1] in _RISKY
        broken = _lines_in(value, column) > 1
        key = (kind, _sort_of(value), marked, broken)
        cell = self._make(self._sheet)
        if risky or key not in self._styles:
            self._body.put(cell, value, kind)
            if broken:
                cell.alignment = self._body.wrapped
            if marked:
                _mark(cell)
            if not risky:
                self._styles[key] = copy(cell._style)
            return cell
        cell.value = _clean(value) if isinstance(value, str) else value
        if isinstance(value, str):
            cell.data_type = "s"
        elif isinstance(value, bool | datetime):
            self._body.put(cell, value, kind)
        cell._style = self._styles[key]
        return cell


def _sort_of(value: Cell) -> str:
    if isinstance(value, datetime):
        return "time" if value.hour or value.minute or value.second else "day"
    if isinstance(value, date):
        return "day"
    return "text" if isinstance(value, str | bool) else "none" if value is None else "number"


def _mark(cell: SheetCell) -> SheetCell:
    from openpyxl.styles import PatternFill

    cell.fill = PatternFill("solid", start_color=_REASON_FILL)
    return cell


def _header(sheet: Worksheet, row: int, columns: Sequence[Column]) -> None:
    style = _HeaderStyle()
    for place, column in enumerate(columns, start=1):
        style.put(sheet.cell(row, place), column.title)
    _lay_out(sheet, row, columns)


class _HeaderStyle:
    """Cells of the header: shared style objects."""

    def __init__(self) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        self._font = Font(name=_FONT, bold=True)
        self._fill = PatternFill("solid", start_color=_HEADER_FILL)
        self._middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
        self._line = Border(bottom=Side(style="thin", color="848E9C"))

    def put(self, cell: SheetCell, text: str) -> None:
        """Write one column's name."""
        _put_text(cell, text)
        cell.font = self._font
        cell.fill = self._fill
        cell.alignment = self._middle
        cell.border = self._line


def _number_format(kind: FieldKind) -> str:
    if kind is FieldKind.DATE:
        return "yyyy-mm-dd"
    return "0" if kind is FieldKind.NUMBER else "@"


class _BodyStyle:
    """Cells of the body: shared style objects, values that can never become formulas."""

    def __init__(self) -> None:
        from openpyxl.styles import Alignment, Font

        self._font = Font(name=_FONT, size=10)
        self._left = Alignment(vertical="center", wrap_text=False)
        self.wrapped = Alignment(vertical="center", wrap_text=True)
        self._right = Alignment(horizontal="right", vertical="center")
        self._middle = Alignment(horizontal="center", vertical="center")

    def put(self, cell: SheetCell, value: Cell, kind: FieldKind) -> None:
        """Write one value with the style of its kind."""
        cell.font = self._font
        cell.alignment = {
            FieldKind.LONG_TEXT: self.wrapped,
            FieldKind.NUMBER: self._right,
            FieldKind.DATE: self._middle,
        }.get(kind, self._left)
        if value is None:
            cell.number_format = _number_format(kind)
        elif isinstance(value, str):
            _put_text(cell, value)
        elif isinstance(value, bool):
            _put_text(cell, "是" if value else "否")
        elif isinstance(value, date):
            with_time = isinstance(value, datetime) and (value.hour or value.minute or value.second)
            cell.value = value.replace(tzinfo=None) if isinstance(value, datetime) else value
            cell.number_format = "yyyy-mm-dd hh:mm:ss" if with_time else "yyyy-mm-dd"
        else:
            cell.value = value
            cell.number_format = "General"


def _put_text(cell: SheetCell, text: str) -> None:
    """Store text as text: “=1+1” or “+86 …” from a foreign file must not be calculated."""
    cell.value = _clean(text)
    cell.data_type = "s"
    cell.number_format = "@"
    if text[:1] in _RISKY:
        cell.quotePrefix = True


def _clean(text: str) -> str:
    return _ILLEGAL.sub("", text)[:_LONGEST_CELL]


def _fill_template(sheet: Worksheet, fields: Sequence[Field], *, example: bool = True) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    columns = [
        Column(f"{each.label}*" if each.required else each.label, each.kind, each.width)
        for each in fields
    ]
    _header(sheet, 1, columns)
    for place, field in enumerate(fields, start=1):
        hint = sheet.cell(2, place)
        _put_text(hint, field.hint or _usual_hint(field))
        hint.font = Font(name=_FONT, size=9, color="5A6472")
        hint.fill = PatternFill("solid", start_color=_HINT_FILL)
        hint.alignment = Alignment(wrap_text=True, vertical="top")
        if example:
            shown = sheet.cell(3, place)
            _put_text(shown, EXAMPLE_MARK if place == 1 else field.example)
            shown.font = Font(name=_FONT, size=10, italic=True, color="66717F")
    sheet.row_dimensions[2].height = 44
    sheet.freeze_panes = "B3"


def _usual_hint(field: Field) -> str:
    usual = {
        FieldKind.DATE: "填写日期，如 2026-03-01",
        FieldKind.BOOL: "填写“是”或“否”，留空为否",
        FieldKind.CHOICE: "请从下拉列表中选择",
        FieldKind.LIST: "多个之间用顿号隔开",
        FieldKind.NUMBER: "填写整数，可留空",
    }
    return usual.get(field.kind, "选填")


def _add_drop_downs(sheet: Worksheet, lists: Worksheet, fields: Sequence[Field]) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter, quote_sheetname
    from openpyxl.worksheet.datavalidation import DataValidation

    column = lists.max_column if lists["A1"].value else 0
    for place, field in enumerate(fields, start=1):
        labels = [choice.label for choice in field.choices]
        if field.kind is FieldKind.BOOL:
            labels = ["是", "否"]
        if not labels:
            continue
        column += 1
        letter = get_column_letter(column)
        _put_text(lists.cell(1, column), field.label)
        lists.cell(1, column).font = Font(name=_FONT, bold=True)
        lists.column_dimensions[letter].width = max(12, field.width)
        for row, label in enumerate(labels, start=2):
            _put_text(lists.cell(row, column), label)
        if field.kind is FieldKind.LIST:
            continue  # a drop-down would allow one value only
        rule = DataValidation(
            type="list",
            formula1=f"{quote_sheetname(lists.title)}!${letter}$2:${letter}${len(labels) + 1}",
            allow_blank=True,
            showErrorMessage=field.kind is not FieldKind.TEXT,
        )
        rule.errorTitle, rule.error = field.label, "请从下拉列表中选择。"
        sheet.add_data_validation(rule)
        target = get_column_letter(place)
        rule.add(f"{target}3:{target}{_TEMPLATE_ROWS}")


def _title_width(title: str) -> int:
    return min(max(2 * len(title) + 4, 12), 32)


def _sheet_name(text: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", "_", text)[:31] or "数据"


def _save(path: Path, book: Workbook) -> None:
    write_atomically(path, _saved(book))


def _saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    book.close()
    return _settled(stream.getvalue())


def _settled(data: bytes) -> bytes:
    """The same workbook without the times of its making, which no reader needs."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as settled,
    ):
        for member in source.infolist():
            content = source.read(member)
            if member.filename == "docProps/core.xml":
                content = re.sub(
                    rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*",
                    rb"\g<1>1980-01-01T00:00:00Z",
                    content,
                )
            entry = zipfile.ZipInfo(member.filename, _FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            settled.writestr(entry, content)
    return target.getvalue()
