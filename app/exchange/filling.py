"""Fill a platform's own blank workbook, leaving everything that is not a filled cell as it is.

The sheet's XML is changed where rows go and nowhere else: widths, merged cells, hint rows,
formulas, protection, conditional formats and drop-downs (also those of Excel's extension lists,
which the common libraries drop on saving) stay.  Where more rows come than the template has, its
styles, drop-downs, conditional formats and tables reach as far as they do.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TypeAlias
from xml.sax.saxutils import escape

from app.errors import UserError
from app.exchange._workbook_xml import (
    StyleBook,
    attribute,
    column_letters,
    column_number,
    ranges_of,
    related,
    sheet_places,
    text_of,
)
from app.exchange.bags import DAMAGED_ZIP
from app.exchange.sheets import PROGRESS_STEP, Cell

__all__ = ["FilledSheet", "column_letters", "fill_template"]

_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LONGEST_CELL = 32_767
_DATA = re.compile(
    r"<(?P<p>\w+:)?sheetData\s*(?:/>|>(?P<body>.*?)</(?:\w+:)?sheetData>)", re.DOTALL
)
_ROW = re.compile(r"<(?:\w+:)?row\b(?P<head>[^>]*?)(?:/>|>(?P<body>.*?)</(?:\w+:)?row>)", re.DOTALL)
_CELL = re.compile(r"<(?:\w+:)?c\b(?P<head>[^>]*?)(?:/>|>(?P<body>.*?)</(?:\w+:)?c>)", re.DOTALL)
_DIMENSION = re.compile(r'(<(?:\w+:)?dimension ref=")[^"]*(")')
_FORMULA = re.compile(r"<(?:\w+:)?f\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?f>)", re.DOTALL)
_CALCULATED = re.compile(r"<(?:\w+:)?f[ >/]")
_MERGES = re.compile(r"<(\w+:)?mergeCells\b[^>]*>(.*?)</(?:\w+:)?mergeCells>", re.DOTALL)
_COLUMN = re.compile(r"<(?:\w+:)?col\b[^>]*>")
_SQREF = re.compile(
    r'(<(?:\w+:)?(?:dataValidation|conditionalFormatting)\b[^>]*?\ssqref=")([^"]*)(")'
    r"|(<(?:\w+:)?sqref>)([^<]*)(</(?:\w+:)?sqref>)"
)
_LONG_NUMBER = re.compile(r"[0-9]{11,}|0[0-9]+")
_DAY_ZERO = {False: date(1899, 12, 30), True: date(1904, 1, 1)}

Watch: TypeAlias = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """Rows for one sheet: from ``first_row`` (1-based) on; ``columns``: 1-based place of each.

    ``foot_row``: where remarks below the rows begin, they move down for more rows; 0: none.
    """

    sheet: str
    first_row: int
    columns: tuple[int, ...]
    rows: Sequence[Sequence[Cell]]
    foot_row: int = 0

    @property
    def down(self) -> int:
        """How many rows the foot moves down."""
        return max(self.first_row + len(self.rows) - self.foot_row, 0) if self.foot_row else 0

    @property
    def last(self) -> int:
        """The last filled row."""
        return self.first_row + len(self.rows) - 1


def fill_template(
    template: bytes, sheets: Sequence[FilledSheet], watch: Watch | None = None
) -> bytes:
    """The template with these rows in it; the same rows give the same bytes.

    Rows the template has from ``first_row`` on lose their content (examples) and keep styles and
    formulas. UserError if a sheet is not there or the workbook cannot be read; what ``watch``
    raises passes through.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as archive:
            return _fill(archive, sheets, watch or _silent)
    except (*DAMAGED_ZIP, KeyError, UnicodeDecodeError) as error:
        raise UserError("平台模板读不出来。", "请重新取得空白模板，再对应一次。") from error


def _fill(archive: zipfile.ZipFile, sheets: Sequence[FilledSheet], watch: Watch) -> bytes:
    places = sheet_places(archive)
    book = text_of(archive, "xl/workbook.xml")
    names = set(archive.namelist())
    styles = StyleBook(text_of(archive, _STYLES) if _STYLES in names else "")
    began_1904 = bool(re.search(r"<(?:\w+:)?workbookPr\b[^>]*date1904=\"(?:1|true)\"", book))
    changed: dict[str, str] = {}
    for each in sheets:
        if each.sheet not in places:
            raise UserError(
                f"平台模板里没有工作表“{each.sheet}”。", "请用平台的空白模板重新对应一次。"
            )
        name = places[each.sheet]
        text = changed.get(name) or text_of(archive, name)
        changed[name] = _Sheet(text, each, styles, _DAY_ZERO[began_1904], watch).filled()
        for part in related(archive, name).values():
            if part.startswith("xl/tables/") and part in names:
                changed[part] = _table(changed.get(part) or text_of(archive, part), each)
    if styles.changed:
        changed[_STYLES] = styles.as_text()
    formulas = any(_CALCULATED.search(text) for text in changed.values())
    if formulas or "xl/calcChain.xml" in names:
        changed["xl/workbook.xml"] = _calculated_anew(book)
    return _rewritten(archive, {name: text.encode("utf-8") for name, text in changed.items()})


_STYLES = "xl/styles.xml"


def _calculated_anew(book: str) -> str:
    """Formulas kept their last value of the blank form: the program that opens it must count."""
    tag = re.search(r"<(?:\w+:)?calcPr\b[^>]*?(?=/?>)", book)
    if tag is None or "fullCalcOnLoad" in tag.group():
        return book
    return book[: tag.end()] + ' fullCalcOnLoad="1"' + book[tag.end() :]


def _table(text: str, sheet: FilledSheet) -> str:
    """An Excel table over the rows reaches to the last of them."""
    return re.sub(
        r'(\sref=")([^"]*)(")',
        lambda found: found[1] + _stretched(found[2], sheet) + found[3],
        text,
    )


class _Sheet:
    """One sheet's part, its rows filled."""

    def __init__(
        self, text: str, sheet: FilledSheet, styles: StyleBook, day_zero: date, watch: Watch
    ) -> None:
        found = _DATA.search(text)
        if found is None:
            raise UserError(f"平台模板的工作表“{sheet.sheet}”读不出来。", "请另存为 xlsx 后再试。")
        self._text, self._found, self._sheet = text, found, sheet
        self._prefix = found.group("p") or ""
        self._styles, self._day_zero, self._watch = styles, day_zero, watch
        self._rows = _rows(found.group("body") or "")
        self._columns = _column_styles(text[: found.start()])
        self._pattern_row = self._find_pattern()
        self._pattern = self._rows.get(self._pattern_row, ("", ""))
        self._pattern_styles = _cell_styles(self._pattern[1])
        self._formulas = _formulas(self._pattern[1])

    def filled(self) -> str:
        """The part with the rows in it."""
        rows = self._all_rows()
        prefix = self._prefix
        body = "".join(
            f"<{prefix}row{head}>{cells}</{prefix}row>" for _, (head, cells) in sorted(rows.items())
        )
        before, after = self._text[: self._found.start()], self._text[self._found.end() :]
        widths = (max(_cell_styles(cells), default=1) for _, cells in self._rows.values())
        wide = max((*self._sheet.columns, *widths), default=1)
        ref = rf"\g<1>A1:{column_letters(wide)}{max(rows, default=1)}\g<2>"
        data = f"<{prefix}sheetData>{body}</{prefix}sheetData>"
        return _DIMENSION.sub(ref, before, count=1) + data + _after(after, self._sheet)

    def _find_pattern(self) -> int:
        """The row whose look the others take: below an example, which may be red, if there is
        one."""
        first = self._sheet.first_row
        following = self._rows.get(first + 1, ("", ""))[1]
        example = any(found.group("body") for found in _CELL.finditer(self._body(first)))
        in_rows = not self._sheet.foot_row or first + 1 < self._sheet.foot_row
        plain = not any(found.group("body") for found in _CELL.finditer(following))
        return first + 1 if example and in_rows and plain and _cell_styles(following) else first

    def _body(self, number: int) -> str:
        return self._rows.get(number, ("", ""))[1]

    def _all_rows(self) -> dict[int, tuple[str, str]]:
        sheet, rows = self._sheet, {}
        for number, (head, body) in self._rows.items():
            if sheet.foot_row and number >= sheet.foot_row:
                moved = number + sheet.down
                rows[moved] = (_renumbered(head, moved), _moved(body, number, moved))
            elif number > sheet.last and number >= sheet.first_row:
                # An example further down than our last row is emptied, its look stays.
                styles = self._own_styles(number, body)
                rows[number] = (head, self._cells(number, {}, styles, _formulas(body)))
            elif number < sheet.first_row:
                rows[number] = (head, body)
        total = len(sheet.rows)
        for done, row in enumerate(sheet.rows):
            if done % PROGRESS_STEP == 0:
                self._watch(done, total, f"正在填写“{sheet.sheet}”")
            number = sheet.first_row + done
            rows[number] = self._row(number, row)
        return rows

    def _row(self, number: int, row: Sequence[Cell]) -> tuple[str, str]:
        styles: Mapping[int, str]
        own = self._rows.get(number)
        foot = self._sheet.foot_row
        if own is None or (foot and number >= foot):
            head, styles = _renumbered(self._pattern[0], number), self._pattern_styles
            formulas = {
                place: _translated(cell, self._pattern_row, number)
                for place, cell in self._formulas.items()
            }
        else:
            head, styles = own[0], self._own_styles(number, own[1]) or self._pattern_styles
            formulas = _formulas(own[1])
        values = dict(zip(self._sheet.columns, row, strict=True))
        return _unspanned(head), self._cells(number, values, styles, formulas)

    def _own_styles(self, number: int, body: str) -> Mapping[int, str]:
        is_example = number == self._sheet.first_row and self._pattern_row != number
        return self._pattern_styles if is_example else _cell_styles(body)

    def _cells(
        self,
        row: int,
        values: Mapping[int, Cell],
        styles: Mapping[int, str],
        formulas: Mapping[int, str],
    ) -> str:
        parts = []
        for place in sorted({*values, *styles, *formulas}):
            if place in formulas and place not in values:
                parts.append(formulas[place])
                continue
            style = styles.get(place) or self._columns.get(place, "")
            parts.append(self._cell(f"{column_letters(place)}{row}", style, values.get(place)))
        return "".join(parts)

    def _cell(self, place: str, style: str, value: Cell) -> str:
        p = self._prefix
        if value is None or value == "":
            return f"<{p}c{_head(place, style)}/>"
        if isinstance(value, bool):
            value = "是" if value else "否"
        if isinstance(value, date):
            return self._day(place, style, value)
        if isinstance(value, int | float):
            return f"<{p}c{_head(place, style)}><{p}v>{value}</{p}v></{p}c>"
        if _LONG_NUMBER.fullmatch(value):
            style = self._styles.for_code(style)
        text = escape(_ILLEGAL.sub("", value)[:_LONGEST_CELL])
        return (
            f'<{p}c{_head(place, style)} t="inlineStr"><{p}is><{p}t xml:space="preserve">{text}'
            f"</{p}t></{p}is></{p}c>"
        )

    def _day(self, place: str, style: str, value: date) -> str:
        day = value.date() if isinstance(value, datetime) else value
        number: float = (day - self._day_zero).days
        if isinstance(value, datetime) and (value.hour or value.minute):
            number += (value.hour * 60 + value.minute) / 1440
        p, style = self._prefix, self._styles.for_day(style)
        return f"<{p}c{_head(place, style)}><{p}v>{number}</{p}v></{p}c>"


def _head(place: str, style: str) -> str:
    return f' r="{place}"' + (f' s="{style}"' if style else "")


def _rows(body: str) -> dict[int, tuple[str, str]]:
    rows = {}
    number = 0
    for found in _ROW.finditer(body):
        said = attribute(found.group("head"), "r")
        number = int(said) if said else number + 1
        head = found.group("head") if said else f' r="{number}"{found.group("head")}'
        rows[number] = (head, found.group("body") or "")
    return rows


def _cells_of(body: str) -> Iterable[tuple[int, re.Match[str]]]:
    place = 0
    for found in _CELL.finditer(body):
        reference = re.match(r"[A-Z]+", attribute(found.group("head"), "r"))
        place = column_number(reference.group()) if reference else place + 1
        yield place, found


def _cell_styles(body: str) -> dict[int, str]:
    """Style number by column of one row."""
    return {place: attribute(found.group("head"), "s") for place, found in _cells_of(body)}


def _formulas(body: str) -> dict[int, str]:
    """Whole cells of one row that hold a formula, by column."""
    return {
        place: found.group()
        for place, found in _cells_of(body)
        if _FORMULA.search(found.group("body") or "")
    }


def _translated(cell: str, row: int, to: int) -> str:
    """A pattern row's formula cell for another row; a shared or array one becomes an empty cell."""
    from openpyxl.formula.translate import Translator

    found = _FORMULA.search(cell)
    reference = attribute(cell, "r")
    column = re.match(r"[A-Z]+", reference)
    moved = f"{column.group() if column else 'A'}{to}"
    head = re.match(r"<((?:\w+:)?)c\b", cell)
    prefix = head.group(1) if head else ""
    style = attribute(cell, "s")
    if found is None or not found.group(2) or attribute(found.group(1), "t") or row == to:
        return cell if row == to else f"<{prefix}c{_head(moved, style)}/>"
    import html

    formula = Translator("=" + html.unescape(found.group(2)), reference).translate_formula(moved)
    inside = escape(str(formula)[1:])
    return f"<{prefix}c{_head(moved, style)}><{prefix}f>{inside}</{prefix}f></{prefix}c>"


def _column_styles(before: str) -> dict[int, str]:
    """Style of the cells a column has none of its own for."""
    found = {}
    for tag in _COLUMN.findall(before):
        first, last = attribute(tag, "min"), attribute(tag, "max")
        if attribute(tag, "style") and first.isdigit() and last.isdigit():
            for place in range(int(first), min(int(last), int(first) + 500) + 1):
                found[place] = attribute(tag, "style")
    return found


def _unspanned(head: str) -> str:
    return re.sub(r'\sspans="[^"]*"', "", head)


def _renumbered(head: str, number: int) -> str:
    bare = re.sub(r'\sr="[^"]*"', "", _unspanned(head))
    return f' r="{number}"{bare}'


def _moved(body: str, row: int, to: int) -> str:
    return re.sub(rf'(\sr="[A-Z]{{1,3}}){row}"', rf'\g<1>{to}"', body)


# --- what stands after the rows -----------------------------------------------------------------


def _after(text: str, sheet: FilledSheet) -> str:
    """Drop-downs and conditional formats reach to the last row; merged cells make room."""
    text = _MERGES.sub(partial(_merges, sheet=sheet), text, count=1)

    def longer(found: re.Match[str]) -> str:
        head, ref, tail = found.group(1, 2, 3) if found.group(1) else found.group(4, 5, 6)
        return f"{head}{_stretched(ref, sheet)}{tail}"

    return _SQREF.sub(longer, text)


def _stretched(ref: str, sheet: FilledSheet) -> str:
    """Ranges that cover the first row reach to the last; those of the foot move with it."""
    made = []
    for part, place in zip(ref.split(), ranges_of(ref), strict=False):
        top, left, bottom, right = place
        covers = top <= sheet.first_row + 1 and bottom >= sheet.first_row
        if sheet.foot_row and top >= sheet.foot_row and sheet.down:
            top, bottom = top + sheet.down, bottom + sheet.down
        elif covers and bottom < sheet.last:
            bottom = sheet.last
        else:
            made.append(part)
            continue
        made.append(f"{column_letters(left)}{top}:{column_letters(right)}{bottom}")
    return " ".join(made) or ref


def _merges(found: re.Match[str], sheet: FilledSheet) -> str:
    prefix, kept = found.group(1) or "", []
    for ref in re.findall(r'\sref="([^"]*)"', found.group(2)):
        for top, left, bottom, right in ranges_of(ref):
            in_foot = bool(sheet.foot_row) and top >= sheet.foot_row
            of_rows = top >= sheet.first_row and not in_foot
            if of_rows and _in_the_way(top, left, bottom, right, sheet.columns):
                continue
            down = sheet.down if in_foot else 0
            kept.append(
                f"{column_letters(left)}{top + down}:{column_letters(right)}{bottom + down}"
            )
    if not kept:
        return ""
    inside = "".join(f'<{prefix}mergeCell ref="{ref}"/>' for ref in kept)
    return f'<{prefix}mergeCells count="{len(kept)}">{inside}</{prefix}mergeCells>'


def _in_the_way(top: int, left: int, bottom: int, right: int, columns: Sequence[int]) -> bool:
    """An example's merged cells that would hide what is written."""
    hidden = sum(left <= place <= right for place in columns)
    return hidden > 1 or (bottom > top and hidden > 0)


# --- the file -----------------------------------------------------------------------------------


def _rewritten(archive: zipfile.ZipFile, changed: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for member in archive.infolist():
            if member.is_dir() or member.filename == "xl/calcChain.xml":
                continue
            entry = zipfile.ZipInfo(member.filename, _FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            target.writestr(entry, changed.get(member.filename) or _content(archive, member))
    return stream.getvalue()


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    data = archive.read(member)
    # Excel rebuilds the order of calculation, but not if it is announced and missing.
    if member.filename == "[Content_Types].xml":
        data = re.sub(rb"<Override[^>]*calcChain[^>]*/>", b"", data)
    if member.filename == "xl/_rels/workbook.xml.rels":
        data = re.sub(rb"<Relationship\b[^>]*calcChain[^>]*/>", b"", data)
    return data


def _silent(_done: int, _total: int, _words: str) -> None:
    """Stand in for a caller that does not watch."""
