"""A platform's own blank form, understood: sheets, header rows, columns with what they ask for."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from app.domain.outgoing import RECORDS
from app.domain.platform import DateStyle
from app.errors import UserError
from app.exchange._workbook_xml import (
    StyleBook,
    attribute,
    column_letters,
    plain,
    ranges_of,
    sheet_places,
    text_of,
)
from app.exchange._xls_layout import as_xlsx
from app.exchange.bags import DAMAGED_ZIP
from app.exchange.cleaning import as_text
from app.exchange.mapping import HeaderWords, RowClassifier, RowKind, header_paths, map_at
from app.exchange.reading import open_data, read_bytes
from app.exchange.sheets import BookKind, Cell, Progress, Row, SourceBook, SourceSheet, is_blank

__all__ = [
    "BlankTemplate",
    "TemplateColumn",
    "TemplateSheet",
    "read_again",
    "read_template",
    "sheet_at",
]

_SEARCHED = 20  # rows in which a header is looked for
_MOST_COLUMNS = 300
_LONGEST_HEADER = 30  # signs
_MOST_OPTIONS = 2000
_KNOWN = HeaderWords(tuple(field for kind in RECORDS for field in kind.fields))
_KEEP = re.compile(r"[勿别]删|不要删除|不可删除|不得删除|不能删除")
_EXAMPLE = re.compile(r"[(（【]?例[:：]")
_FOOT = re.compile(
    r"^(?:[备附]?注[:：]|填[表报]?说明|说明[:：]|注意事项|填表人|制表人?|审核人?|填报人|填报单位)"
)
_LABELLED = re.compile(r"[:：]")
_REQUIRED = re.compile(r"[*＊]|(?<!非)必填")
_LONGEST = re.compile(
    r"(?:不超过|不多于|最多|最长|限|≤|<=)\s*([0-9]{1,4})\s*个?(?:字|汉字|位)"
    r"|([0-9]{1,4})\s*个?(?:字|字符|汉字)(?:以内|之内|内)"
)
_STYLES = (
    (re.compile(r"yyyymmdd|(?<![0-9])(?:19|20)[0-9]{6}(?![0-9])", re.IGNORECASE), DateStyle.DIGITS),
    (re.compile(r"yyyy/mm/dd|[12][0-9]{3}/[0-9]{2}/[0-9]{2}", re.IGNORECASE),
     DateStyle.SLASHES_FULL),
    (re.compile(r"yyyy/m/d|[12][0-9]{3}/[0-9]{1,2}/[0-9]{1,2}", re.IGNORECASE), DateStyle.SLASHES),
    (re.compile(r"yyyy\.mm\.dd|[12][0-9]{3}\.[0-9]{2}\.[0-9]{2}", re.IGNORECASE),
     DateStyle.DOTS_FULL),
    (re.compile(r"yyyy\.m\.d|[12][0-9]{3}\.[0-9]{1,2}\.[0-9]{1,2}", re.IGNORECASE), DateStyle.DOTS),
    (re.compile(r"yyyy年|[12][0-9]{3}年[0-9]{1,2}月"), DateStyle.WORDS),
    (re.compile(r"yyyy-mm-dd|[12][0-9]{3}-[0-9]{2}-[0-9]{2}", re.IGNORECASE), DateStyle.DASHES),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """One column of the form: ``at`` from 1, header words joined by “ / ”, what its hints ask."""

    at: int
    header: str
    hint: str = ""
    options: tuple[str, ...] = ()
    required: bool = False
    longest: int = 0
    dates: DateStyle | None = None


@dataclass(frozen=True, slots=True)
class TemplateSheet:
    """One sheet; rows counted from 1. ``first_row``: where rows go; ``foot_row``: remarks below
    them, 0 for none; ``top``: its first rows as texts."""

    name: str
    hidden: bool
    header_top: int
    header_row: int
    first_row: int
    foot_row: int
    columns: tuple[TemplateColumn, ...]
    top: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class BlankTemplate:
    """The form: ``data`` is what will be filled; ``converted``: the kind it was before."""

    file: str
    data: bytes = field(repr=False)
    sheets: tuple[TemplateSheet, ...]
    converted: str = ""
    book: SourceBook = field(repr=False, default=SourceBook(BookKind.XLSX, ()))

    @property
    def sha256(self) -> str:
        """By which the kept copy is known again."""
        return hashlib.sha256(self.data).hexdigest()


def read_template(path: Path, progress: Progress | None = None) -> BlankTemplate:
    """Read a platform's blank form.

    UserError with a sentence if it is no workbook, has macros or a passphrase, or no sheet of it
    has a header. Other formats than xlsx are made into one (``converted`` says from which).
    """
    raw = read_bytes(path)
    return _template(path.name, raw, open_data(path.name, raw, progress))


def read_again(file: str, data: bytes) -> BlankTemplate:
    """A form that was kept."""
    return _template(file, data, open_data(file, data))


def _template(name: str, raw: bytes, book: SourceBook) -> BlankTemplate:
    converted = ""
    if book.kind is not BookKind.XLSX:
        converted = book.kind.value
        raw = as_xlsx(book, raw if book.kind is BookKind.XLS else None)
        book = open_data(name, raw)
    details = _Details(name, raw, book)
    sheets = tuple(
        _sheet(source, details, *details.whole(source.name, *_header_place(source)))
        for source in book.sheets
        if source.rows and source.name in details.places
    )
    if not any(len(sheet.columns) > 1 and not sheet.hidden for sheet in sheets):
        raise UserError(
            f"“{name}”里没有找到有列名的表。", "请选择平台下载的空白导入模板（有一行列名的表格）。"
        )
    file = Path(name).with_suffix(".xlsx").name
    return BlankTemplate(file, raw, sheets, converted, book)


def sheet_at(
    template: BlankTemplate, name: str, header: tuple[int, int], first_row: int = 0
) -> TemplateSheet:
    """The sheet when a person points at its header rows (from, to) and, maybe, its first row."""
    source = next(each for each in template.book.sheets if each.name == name)
    top, bottom = header
    if not 1 <= top <= bottom or top > len(source.rows):
        raise UserError(f"这张表没有第 {bottom} 行。", f"请填 1 到 {len(source.rows)}。")
    details = _Details(template.file, template.data, template.book)
    found = _sheet(source, details, top, bottom)
    if not first_row or first_row == found.first_row:
        return found
    if first_row <= bottom:
        raise UserError("填写的第一行应在表头以下。", f"请填 {bottom + 1} 或更大的行号。")
    foot = found.foot_row if found.foot_row > first_row else 0
    return replace(found, first_row=first_row, foot_row=foot)


# --- where the header is ------------------------------------------------------------------------


def _header_place(sheet: SourceSheet) -> tuple[int, int]:
    """First and last header row, from 1."""
    rows = sheet.rows[:_SEARCHED]
    scores = [_words_in(row) for row in rows]
    best = scores.index(max(scores))
    if not max(scores):
        filled = [len({as_text(cell) for cell in row if not is_blank(cell)}) for row in rows]
        best = filled.index(max(filled))
    while best + 1 < len(rows) and _continues(rows[best], rows[best + 1]):
        best += 1
    top = best
    while top > 0 and (_continues(rows[top - 1], rows[top]) or _groups(rows[top - 1], rows[top])):
        top -= 1
    return top + 1, best + 1


def _words_in(row: Row) -> int:
    """How many different header words of our columns a row has."""
    texts = {re.sub(r"\s+", "", cell) for cell in row[:_MOST_COLUMNS] if isinstance(cell, str)}
    return sum(bool(_KNOWN.scores((text,))) for text in texts if 0 < len(text) <= 40)


def _continues(upper: Row, lower: Row) -> bool:
    """Whether a cell merged over both rows, with only words beside it, makes them one header."""
    pairs = [(a, b) for a, b in zip(upper, lower, strict=False) if not is_blank(b)]
    merged = any(isinstance(b, str) and a == b for a, b in pairs)
    beside = [b for a, b in pairs if a != b]
    return merged and all(isinstance(b, str) and len(b) <= _LONGEST_HEADER for b in beside)


def _groups(upper: Row, lower: Row) -> bool:
    """Whether the row above only names groups of the columns below."""
    texts = [as_text(cell).strip() for cell in upper[: len(lower)] if not is_blank(cell)]
    words = set(texts)
    merged = len(texts) > len(words) > 1
    return merged and all(len(word) <= 20 and not _LABELLED.search(word) for word in words)


def _sheet(source: SourceSheet, details: _Details, top: int, bottom: int) -> TemplateSheet:
    rows = source.rows
    paths = header_paths(source, top - 1, bottom - top + 1)[:_MOST_COLUMNS]
    fields = RECORDS[0].fields
    classifier = RowClassifier(map_at(source, 0, top - 1, bottom - top + 1, fields))
    first = bottom
    for place, row in enumerate(rows[bottom : bottom + 6]):
        kind = classifier.kind_of(row, place)
        begins = next((as_text(cell).strip() for cell in row if not is_blank(cell)), "")
        keep = any(_KEEP.search(as_text(cell)) for cell in row)
        example = _EXAMPLE.match(begins) or kind is RowKind.EXAMPLE
        hint = (kind is RowKind.HINT or tells_what_to_fill(row)) and not example
        if not begins or _FOOT.match(begins) or not (hint or keep):
            break
        first = bottom + place + 1
    foot = next(
        (
            number
            for number, row in enumerate(rows[first:], start=first + 1)
            if any(not is_blank(cell) for cell in row)
            and _FOOT.match(next(as_text(cell).strip() for cell in row if not is_blank(cell)))
        ),
        0,
    )
    columns = tuple(
        _column(place, words, rows[bottom:first], rows[first : first + 3], details, source, first)
        for place, words in enumerate(paths, start=1)
        if words
    )
    shown = tuple(
        tuple(as_text(cell).replace("\n", " ")[:60] for cell in row[:40])
        for row in rows[: max(first + 3, 12)]
    )
    return TemplateSheet(source.name, source.hidden, top, bottom, first + 1, foot, columns, shown)


_ASKS = re.compile(
    r"必填|选填|非必填|请填|格式|例如|如[：:]|下拉|不超过|字符|yyyy|数字|文本", re.IGNORECASE
)


def tells_what_to_fill(row: Row) -> bool:
    """Whether most cells of a row tell what to fill in."""
    texts = [as_text(cell).strip() for cell in row if not is_blank(cell)]
    return len(texts) > 1 and 2 * sum(bool(_ASKS.search(text)) for text in texts) >= len(texts)


def _column(
    place: int,
    words: tuple[str, ...],
    hints: Sequence[Row],
    below: Sequence[Row],
    details: _Details,
    source: SourceSheet,
    first: int,
) -> TemplateColumn:
    header = " / ".join(words)
    told = [
        as_text(row[place - 1]).strip()
        for row in hints
        if place <= len(row) and len(set(row)) > 1 and not is_blank(row[place - 1])
    ]
    rule = details.rule(source.name, place, first + 1)
    told += [rule.prompt] if rule.prompt else []
    hint = "；".join(told)
    asked = f"{words[-1]} {hint}"
    found = _LONGEST.search(asked)
    longest = int(found.group(1) or found.group(2)) if found else rule.longest
    samples = [row[place - 1] for row in below if place <= len(row)]
    return TemplateColumn(
        place,
        header,
        hint,
        rule.options,
        bool(_REQUIRED.search(asked)),
        longest,
        _date_style(asked, samples, details.format_of(source.name, place, first + 1)),
    )


def _date_style(asked: str, samples: Sequence[Cell], number_format: bool) -> DateStyle | None:
    if any(isinstance(sample, date) for sample in samples) or number_format:
        return DateStyle.DATE
    texts = [asked, *(sample for sample in samples if isinstance(sample, str))]
    for pattern, style in _STYLES:
        if any(pattern.search(text) for text in texts):
            return style
    return None


# --- drop-downs and formats ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a validation of a column says."""

    options: tuple[str, ...] = ()
    longest: int = 0
    prompt: str = ""


_HIGHEST = 4  # rows of a header below its first
_MERGED = re.compile(r'<(?:\w+:)?mergeCell\b[^>]*\sref="([^"]*)"')
_RULE = re.compile(
    r"<(?:\w+:)?dataValidation\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?dataValidation>)", re.DOTALL
)
_FORMULA = re.compile(
    r"<(?:\w+:)?formula1>(?:\s*<(?:\w+:)?f>)?([^<]*)(?:</(?:\w+:)?f>\s*)?</(?:\w+:)?formula1>"
)
_SQREF = re.compile(r"<(?:\w+:)?sqref>([^<]*)</(?:\w+:)?sqref>")
_NAME = re.compile(r"<(?:\w+:)?definedName\b([^>]*)>([^<]*)</(?:\w+:)?definedName>")
_PLACE = re.compile(
    r"^(?:(?:'((?:[^']|'')+)'|([^'!]+))!)?(\$?[A-Z]{1,3}\$?[0-9]+(?::\$?[A-Z]{1,3}\$?[0-9]+)?)$"
)


class _Details:
    """What the parts of an xlsx tell beside its cells."""

    def __init__(self, name: str, data: bytes, book: SourceBook) -> None:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                names = archive.namelist()
                if any("vbaProject" in each or "macrosheets" in each for each in names):
                    raise UserError(
                        f"“{name}”带有宏，上报包里不能有会执行的东西。",
                        "请在 Excel 或 WPS 中打开，另存为不带宏的 xlsx，再选择它。",
                    )
                self.places = sheet_places(archive)
                self._texts = {sheet: text_of(archive, part) for sheet, part in self.places.items()}
                styles = text_of(archive, "xl/styles.xml") if "xl/styles.xml" in names else ""
                workbook = text_of(archive, "xl/workbook.xml")
        except (*DAMAGED_ZIP, KeyError, UnicodeDecodeError) as error:
            raise UserError(
                f"“{name}”读不出来。", "请在 Excel 或 WPS 中打开，另存为 xlsx 后再试。"
            ) from error
        self._styles = StyleBook(styles)
        self._book = {sheet.name: sheet for sheet in book.sheets}
        self._names = {
            plain(attribute(head, "name")).lower(): plain(value)
            for head, value in _NAME.findall(workbook)
        }
        self._rules = {sheet: tuple(self._read(sheet)) for sheet in self.places}

    def rule(self, sheet: str, column: int, row: int) -> _Rule:
        """What the drop-downs and limits of a column say (row: where its cells begin)."""
        made = _Rule()
        for ranges, rule in self._rules.get(sheet, ()):
            if any(
                left <= column <= right and top <= row + 1 and bottom >= row
                for top, left, bottom, right in ranges
            ):
                made = _Rule(
                    rule.options or made.options,
                    rule.longest or made.longest,
                    rule.prompt or made.prompt,
                )
        return made

    def whole(self, sheet: str, top: int, bottom: int) -> tuple[int, int]:
        """The header rows with what cells merged further down add to them, in an empty form
        nothing else shows it."""
        found = _MERGED.findall(self._texts.get(sheet, ""))
        for first, _left, last, _right in (place for ref in found for place in ranges_of(ref)):
            if top <= first <= bottom < last <= top + _HIGHEST:
                bottom = last
        return top, bottom

    def format_of(self, sheet: str, column: int, row: int) -> bool:
        """Whether cells of this column show days."""
        text = self._texts.get(sheet, "")
        for number in (row, row + 1):
            cell = re.search(
                rf'<(?:\w+:)?c\b[^>]*\sr="{column_letters(column)}{number}"[^>]*>', text
            )
            if cell is not None and attribute(cell.group(), "s"):
                return self._styles.is_date(attribute(cell.group(), "s"))
        for tag in re.findall(r"<(?:\w+:)?col\b[^>]*>", text):
            first, last = attribute(tag, "min"), attribute(tag, "max")
            if first.isdigit() and last.isdigit() and int(first) <= column <= int(last):
                return self._styles.is_date(attribute(tag, "style"))
        return False

    def _read(self, sheet: str) -> Iterator[tuple[list[tuple[int, int, int, int]], _Rule]]:
        for head, body in _RULE.findall(self._texts[sheet]):
            inside = _SQREF.search(body)
            ranges = list(ranges_of(inside.group(1) if inside else attribute(head, "sqref")))
            formula = _FORMULA.search(body)
            said = plain(formula.group(1)).strip() if formula else ""
            kind = attribute(head, "type")
            options = self._options(sheet, said) if kind == "list" else ()
            limit = kind == "textLength" and attribute(head, "operator") in {
                "lessThanOrEqual",
                "lessThan",
            }
            longest = int(said) if limit and said.isascii() and said.isdigit() else 0
            yield ranges, _Rule(options, longest, plain(attribute(head, "prompt")).strip())

    def _options(self, sheet: str, formula: str) -> tuple[str, ...]:
        formula = formula.removeprefix("=")
        if formula.startswith('"') and formula.endswith('"'):
            words = formula[1:-1].replace('""', '"').split(",")
            return tuple(word.strip() for word in words if word.strip())
        formula = self._names.get(formula.lower(), formula).removeprefix("=")
        found = _PLACE.match(formula)
        if found is None:
            return ()
        quoted, bare, ref = found.groups()
        source = self._book.get((quoted or "").replace("''", "'") or bare or sheet)
        if source is None:
            return ()
        texts = [
            as_text(row[column - 1]).strip()
            for top, left, bottom, right in ranges_of(ref)
            for row in source.rows[top - 1 : bottom]
            for column in range(left, min(right, len(row)) + 1)
        ]
        return tuple(dict.fromkeys(text for text in texts if text))[:_MOST_OPTIONS]
