"""Tables that platforms call .xls but write as markup: SpreadsheetML-2003, HTML, web archives."""

from __future__ import annotations

import email
import email.policy
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from app.errors import UserError
from app.exchange import _plain
from app.exchange.sheets import (
    PROGRESS_STEP,
    BookKind,
    Cell,
    Merge,
    Progress,
    SourceBook,
    SourceSheet,
    make_sheet,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_MOST_ROWS = 1_048_576
_MOST_COLUMNS = 1_000
_STRAY_AMPERSAND = re.compile(r"&(?!(?:[A-Za-z]{2,8}|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.0*)?")
_BROKEN = "文件可能没有下载完整，请重新下载；或在 Excel、WPS 中打开，另存为 xlsx 后再导入。"


def read_spreadsheet_xml(name: str, text: str, progress: Progress) -> SourceBook:
    """Read SpreadsheetML-2003; raises UserError where the XML is broken beyond stray “&”."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException  # type: ignore[import-untyped]

    body = _NOT_XML.sub("", re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1))
    body = _STRAY_AMPERSAND.sub("&amp;", body).replace("&nbsp;", "&#160;")
    try:
        sheets = tuple(_xml_sheets(body, progress))
    except DefusedXmlException as error:
        raise UserError(
            f"“{name}”里有不安全的 XML 内容，已停止读取。", "请从平台重新导出。"
        ) from error
    except ParseError as error:
        raise UserError(f"“{name}”打不开（XML 不完整）。", _BROKEN) from error
    return SourceBook(BookKind.XML_2003, sheets)


def _xml_sheets(body: str, progress: Progress) -> Iterator[SourceSheet]:
    from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]

    grid = _Grid()
    name = ""
    hidden = False
    for event, element in iterparse(io.BytesIO(body.encode("utf-8")), events=("start", "end")):
        if event == "start":
            if element.tag == f"{_SS}Worksheet":
                grid, hidden = _Grid(), False
                name = element.get(f"{_SS}Name") or "工作表"
        elif element.tag == f"{_SS}Visible":
            hidden = (element.text or "") != "SheetVisible"
        elif element.tag == f"{_SS}Row":
            _xml_row(element, grid)
            element.clear()
            if len(grid.rows) % PROGRESS_STEP == 0:
                progress(len(grid.rows), None)
        elif element.tag == f"{_SS}Worksheet":
            yield make_sheet(name, grid.rows, grid.merges, hidden)
            element.clear()


def _xml_row(element: Element, grid: _Grid) -> None:
    grid.begin_row(_index(element, len(grid.rows) + 1, _MOST_ROWS))
    column = 0
    for cell in element.iterfind(f"{_SS}Cell"):
        column = _index(cell, column + 1, _MOST_COLUMNS)
        across = _number(cell.get(f"{_SS}MergeAcross"))
        down = _number(cell.get(f"{_SS}MergeDown"))
        grid.put(column - 1, _xml_value(cell), 1 + across, 1 + down)
        column += across


def _index(element: Element, following: int, most: int) -> int:
    given = _number(element.get(f"{_SS}Index"))
    return given if following <= given <= most else following


def _number(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"[0-9]{1,7}", text) else 0


def _xml_value(cell: Element) -> Cell:
    data = cell.find(f"{_SS}Data")
    if data is None:
        return None
    text = "".join(data.itertext())
    kind = data.get(f"{_SS}Type")
    if kind == "Number":
        return _numeric(text.strip())
    if kind == "Boolean":
        return text.strip() == "1"
    if kind == "DateTime":
        try:
            return datetime.fromisoformat(text.strip().removesuffix("Z"))
        except ValueError:
            return text
    return text or None


def _numeric(text: str) -> Cell:
    if _WHOLE_NUMBER.fullmatch(text):
        return int(text.partition(".")[0])
    try:
        return float(text)
    except ValueError:
        return text or None


@dataclass(slots=True)
class _Grid:
    """Rows under construction, with spans recorded as merges."""

    rows: list[list[Cell]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    _held: dict[int, int] = field(default_factory=dict)  # column → rows still covered from above

    def begin_row(self, number: int = 0) -> None:
        """Start a row; ``number`` (1-based) leaves empty rows before it."""
        while len(self.rows) < number - 1:
            self.rows.append([])
        self.rows.append([])

    def put(self, column: int, value: Cell, across: int, down: int) -> None:
        """Put a value at a column of the current row and remember its span."""
        if column >= _MOST_COLUMNS:
            return
        row = self.rows[-1]
        row.extend([None] * (column + 1 - len(row)))
        row[column] = value
        if across > 1 or down > 1:
            top = len(self.rows) - 1
            last = min(column + across, _MOST_COLUMNS) - 1
            row.extend([None] * (last + 1 - len(row)))
            self.merges.append((top, column, min(top + down, _MOST_ROWS) - 1, last))

    def put_next(self, value: Cell, across: int, down: int) -> None:
        """Put a value at the next column not covered by a span from above (HTML's rule)."""
        column = len(self.rows[-1])
        while self._held.get(column, 0) > 0:
            column += 1
        self.put(column, value, across, down)
        for covered in range(column, min(column + across, _MOST_COLUMNS)):
            self._held[covered] = max(self._held.get(covered, 0), down)

    def end_row(self) -> None:
        """Let spans from above run down by one row."""
        self._held = {column: left - 1 for column, left in self._held.items() if left > 1}


def read_html(name: str, text: str, progress: Progress) -> SourceBook:
    """Read every table of a web page; nested tables become sheets of their own."""
    reader = _TableReader(progress)
    reader.feed(text)
    reader.close()
    tables = [grid for grid in reader.finished() if any(grid.rows)]
    if not tables:
        raise UserError(
            f"“{name}”是网页，里面没有表格。",
            "请从平台重新导出 Excel 格式，或另存为 xlsx 后再导入。",
        )
    return SourceBook(
        BookKind.HTML,
        tuple(
            make_sheet(f"表{number}", grid.rows, grid.merges)
            for number, grid in enumerate(tables, start=1)
        ),
    )


def read_web_archive(name: str, data: bytes, progress: Progress) -> SourceBook:
    """Read the tables of a single-file web page (mht)."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    pages = [
        part.get_payload(decode=True)
        for part in message.walk()
        if part.get_content_type() in {"text/html", "text/xml"}
    ]
    texts = [_plain.decode(name, page) for page in pages if isinstance(page, bytes) and page]
    with_tables = [text for text in texts if "<table" in text.lower()]
    return read_html(name, "\n".join(with_tables), progress)


@dataclass(slots=True)
class _OpenTable:
    grid: _Grid = field(default_factory=_Grid)
    in_row: bool = False
    words: list[str] | None = None  # of the open cell
    across: int = 1
    down: int = 1


class _TableReader(HTMLParser):
    """Collects tables from markup as sloppy as platforms write it (unclosed cells and rows)."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(convert_charrefs=True)
        self._progress = progress
        self._open: list[_OpenTable] = []
        self._done: list[_Grid] = []
        self._muted = 0

    def finished(self) -> list[_Grid]:
        """All tables, those never closed included."""
        while self._open:
            self._end_table()
        return self._done

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"style", "script"}:
            self._muted += 1
        elif tag == "table" or (tag == "tr" and not self._open):
            grid = _OpenTable()
            self._open.append(grid)
            self._done.append(grid.grid)
            if tag == "tr":
                self._begin_row()
        elif not self._open:
            return
        elif tag == "tr":
            self._begin_row()
        elif tag in {"td", "th"}:
            self._begin_cell(dict(attrs))
        elif tag in {"br", "p", "div"} and self._open[-1].words is not None:
            self._open[-1].words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"style", "script"}:
            self._muted = max(0, self._muted - 1)
        elif not self._open:
            return
        elif tag in {"td", "th"}:
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif tag == "table":
            self._end_table()

    def handle_data(self, data: str) -> None:
        if self._open and not self._muted:
            words = self._open[-1].words
            if words is not None:
                words.append(data)

    def _begin_row(self) -> None:
        self._end_row()
        table = self._open[-1]
        table.grid.begin_row()
        table.in_row = True
        if len(table.grid.rows) % PROGRESS_STEP == 0:
            self._progress(len(table.grid.rows), None)

    def _begin_cell(self, attributes: dict[str, str | None]) -> None:
        self._end_cell()
        table = self._open[-1]
        if not table.in_row:
            self._begin_row()
        table.words = []
        table.across = min(_number(attributes.get("colspan")) or 1, _MOST_COLUMNS)
        table.down = min(_number(attributes.get("rowspan")) or 1, _MOST_ROWS)

    def _end_cell(self) -> None:
        table = self._open[-1]
        if table.words is None:
            return
        text = re.sub(r"[ \t\r\f\v\xa0]+", " ", "".join(table.words))
        text = re.sub(r" ?\n[ \n]*", "\n", text).strip()
        table.grid.put_next(text or None, table.across, table.down)
        table.words = None

    def _end_row(self) -> None:
        self._end_cell()
        table = self._open[-1]
        if table.in_row:
            table.grid.end_row()
        table.in_row = False

    def _end_table(self) -> None:
        self._end_row()
        self._open.pop()
