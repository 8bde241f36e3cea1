"""Fill a platform's own blank workbook, leaving everything that is not a filled cell as it is.

The sheet's XML is changed where rows go and nowhere else: widths, merged cells, hint rows,
conditional formats and drop-downs (also those of Excel's extension lists, which the common
libraries drop on saving) stay byte for byte.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from xml.sax.saxutils import escape

from app.errors import UserError
from app.exchange.bags import DAMAGED_ZIP
from app.exchange.sheets import Cell

__all__ = ["FilledSheet", "column_letters", "fill_template", "is_fillable"]

_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_DATA = re.compile(
    r"<(?P<p>\w+:)?sheetData\s*(?:/>|>(?P<body>.*?)</(?:\w+:)?sheetData>)", re.DOTALL
)
_ROW = re.compile(r"<(?:\w+:)?row\b(?P<head>[^>]*?)(?:/>|>(?P<body>.*?)</(?:\w+:)?row>)", re.DOTALL)
_CELL = re.compile(r"<(?:\w+:)?c\b(?P<head>[^>]*?)(?:/>|>.*?</(?:\w+:)?c>)", re.DOTALL)
_DIMENSION = re.compile(r'(<(?:\w+:)?dimension ref=")[^"]*(")')


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """Rows for one sheet: from ``first_row`` (1-based) on; ``columns``: 1-based place of each."""

    sheet: str
    first_row: int
    columns: tuple[int, ...]
    rows: Sequence[Sequence[Cell]]


def is_fillable(data: bytes) -> bool:
    """Whether this is an xlsx whose sheets can be filled in place."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return bool(_places(archive))
    except (*DAMAGED_ZIP, KeyError):
        return False


def fill_template(template: bytes, sheets: Sequence[FilledSheet]) -> bytes:
    """The template with these rows in it; the same rows give the same bytes.

    Rows the template has from ``first_row`` on lose their content (examples) and keep their
    styles. UserError if a sheet is not there or the workbook cannot be read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as archive:
            places = _places(archive)
            changed: dict[str, bytes] = {}
            for each in sheets:
                if each.sheet not in places:
                    raise UserError(
                        f"平台模板里没有工作表“{each.sheet}”。", "请用平台的空白模板重新对应一次。"
                    )
                name = places[each.sheet]
                text = changed.get(name, archive.read(name)).decode("utf-8")
                changed[name] = _filled(text, each).encode("utf-8")
            return _rewritten(archive, changed)
    except (*DAMAGED_ZIP, KeyError) as error:
        raise UserError("平台模板读不出来。", "请重新取得空白模板，再对应一次。") from error


def column_letters(place: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _places(archive: zipfile.ZipFile) -> dict[str, str]:
    """Path of each sheet's XML by the sheet's name."""
    book = archive.read("xl/workbook.xml").decode("utf-8")
    relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8")
    targets = {}
    for tag in _RELATION.findall(relations):
        target = _attribute(tag, "Target")
        inside = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        targets[_attribute(tag, "Id")] = inside
    found = {}
    for tag in _SHEET.findall(book):
        place = targets.get(_attribute(tag, r"\w+:id"))
        if place in archive.namelist():
            found[_plain(_attribute(tag, "name"))] = place
    return {name: place for name, place in found.items() if place}


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}\s*=\s*(?:"([^"]*)"|\'([^\']*)\')', tag)
    return (found.group(1) or found.group(2) or "") if found else ""


def _plain(text: str) -> str:
    import html

    return html.unescape(text)


def _filled(text: str, sheet: FilledSheet) -> str:
    found = _DATA.search(text)
    if found is None:
        raise UserError(f"平台模板的工作表“{sheet.sheet}”读不出来。", "请另存为 xlsx 后再试。")
    prefix = found.group("p") or ""
    rows = _rows(found.group("body") or "")
    pattern = _styles(rows.get(sheet.first_row, ("", ""))[1])
    after = sheet.first_row + len(sheet.rows)
    for number in [each for each in rows if each >= sheet.first_row]:
        head, body = rows[number]
        if number >= after:
            # An example further down than our last row is emptied, its look stays.
            rows[number] = (head, _cells(prefix, number, {}, _styles(body)))
    for number, row in enumerate(sheet.rows, start=sheet.first_row):
        head, body = rows.get(number, (f' r="{number}"', ""))
        values = {place: cell for place, cell in zip(sheet.columns, row, strict=True) if place}
        rows[number] = (_unspanned(head), _cells(prefix, number, values, _styles(body) or pattern))
    body = "".join(
        f"<{prefix}row{head}>{cells}</{prefix}row>" for _, (head, cells) in sorted(rows.items())
    )
    data = f"<{prefix}sheetData>{body}</{prefix}sheetData>"
    text = text[: found.start()] + data + text[found.end() :]
    wide = max((*sheet.columns, *_widest(rows)), default=1)
    last = max(rows, default=1)
    return _DIMENSION.sub(rf"\g<1>A1:{column_letters(wide)}{last}\g<2>", text, count=1)


def _rows(body: str) -> dict[int, tuple[str, str]]:
    rows = {}
    number = 0
    for found in _ROW.finditer(body):
        said = _attribute(found.group("head"), "r")
        number = int(said) if said else number + 1
        head = found.group("head") if said else f' r="{number}"{found.group("head")}'
        rows[number] = (head, found.group("body") or "")
    return rows


def _unspanned(head: str) -> str:
    return re.sub(r'\sspans="[^"]*"', "", head)


def _styles(body: str) -> dict[int, str]:
    """Style number by column of one row."""
    styles = {}
    place = 0
    for found in _CELL.finditer(body):
        reference = re.match(r"[A-Z]+", _attribute(found.group("head"), "r"))
        place = _place(reference.group()) if reference else place + 1
        styles[place] = _attribute(found.group("head"), "s")
    return styles


def _place(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place


def _widest(rows: Mapping[int, tuple[str, str]]) -> list[int]:
    return [max(_styles(body), default=1) for _, body in rows.values()]


def _cells(prefix: str, row: int, values: Mapping[int, Cell], styles: Mapping[int, str]) -> str:
    parts = []
    for place in sorted({*values, *styles}):
        value = values.get(place)
        head = f'r="{column_letters(place)}{row}"'
        if styles.get(place):
            head += f' s="{styles[place]}"'
        parts.append(_cell(prefix, head, value))
    return "".join(parts)


def _cell(prefix: str, head: str, value: Cell) -> str:
    if value is None or value == "":
        return f"<{prefix}c {head}/>"
    if isinstance(value, bool):
        value = "是" if value else "否"
    elif isinstance(value, datetime):
        value = f"{value:%Y-%m-%d %H:%M}"
    elif isinstance(value, date):
        value = value.isoformat()
    if isinstance(value, int | float):
        return f"<{prefix}c {head}><{prefix}v>{value}</{prefix}v></{prefix}c>"
    text = escape(_ILLEGAL.sub("", value)[:32_767])
    return (
        f'<{prefix}c {head} t="inlineStr"><{prefix}is><{prefix}t xml:space="preserve">{text}'
        f"</{prefix}t></{prefix}is></{prefix}c>"
    )


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
