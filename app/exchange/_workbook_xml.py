"""The parts of an xlsx as text: which file is which sheet, what its styles are.

Read and changed as text, for what the common libraries do not know they drop on saving.
"""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
from collections.abc import Iterator

__all__ = [
    "StyleBook",
    "attribute",
    "column_letters",
    "column_number",
    "plain",
    "ranges_of",
    "related",
    "sheet_places",
    "text_of",
]

_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_RANGE = re.compile(r"\$?([A-Z]{1,3})?\$?([0-9]{1,7})?(?::\$?([A-Z]{1,3})?\$?([0-9]{1,7})?)?")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384


def text_of(archive: zipfile.ZipFile, name: str) -> str:
    """A part as text. UnicodeDecodeError for what no spreadsheet program writes."""
    return archive.read(name).decode("utf-8-sig")


def attribute(tag: str, name: str) -> str:
    """An attribute's value as it is written, “” without one."""
    found = re.search(rf'\s{name}\s*=\s*(?:"([^"]*)"|\'([^\']*)\')', tag)
    return (found.group(1) or found.group(2) or "") if found else ""


def plain(text: str) -> str:
    """Text of a part without its entities."""
    return html.unescape(text)


def column_letters(place: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """A → 1, AA → 27."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place


def ranges_of(text: str) -> Iterator[tuple[int, int, int, int]]:
    """“A1:B3 D5” as (first row, first column, last row, last column), from 1; whole rows and
    columns too. What is no range is left out."""
    for part in text.split():
        found = _RANGE.fullmatch(part)
        if found is None or not any(found.groups()):
            continue
        left, top, right, bottom = found.groups()
        single = ":" not in part
        yield (
            int(top or 1),
            column_number(left) if left else 1,
            int(bottom or (top if single and top else _LAST_ROW)),
            column_number(right or (left if single and left else "") or "XFD"),
        )


def related(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Path of each part this one names, by the name it goes by."""
    folder, name = posixpath.split(part)
    try:
        text = text_of(archive, f"{folder}/_rels/{name}.rels")
    except KeyError:
        return {}
    found = {}
    for tag in _RELATION.findall(text):
        target = plain(attribute(tag, "Target"))
        whole = target[1:] if target.startswith("/") else posixpath.join(folder, target)
        found[attribute(tag, "Id")] = posixpath.normpath(whole)
    return found


def sheet_places(archive: zipfile.ZipFile) -> dict[str, str]:
    """Path of each sheet's part by the sheet's name. KeyError if this is no xlsx."""
    targets = related(archive, "xl/workbook.xml")
    names = set(archive.namelist())
    found = {}
    for tag in _SHEET.findall(text_of(archive, "xl/workbook.xml")):
        place = targets.get(attribute(tag, r"\w+:id"), "")
        if place in names:
            found[plain(attribute(tag, "name"))] = place
    return found


class StyleBook:
    """The cell styles of a workbook; makes the few it lacks, copied from those that are there."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.changed = False
        block = re.search(r"<((?:\w+:)?)cellXfs\b[^>]*>(.*?)</(?:\w+:)?cellXfs>", text, re.DOTALL)
        self._block = block
        self._styles = _STYLE.findall(block.group(2)) if block else []
        self._formats = {
            int(attribute(tag, "numFmtId")): plain(attribute(tag, "formatCode"))
            for tag in re.findall(r"<(?:\w+:)?numFmt\b[^>]*>", text)
            if attribute(tag, "numFmtId").isascii() and attribute(tag, "numFmtId").isdigit()
        }
        self._made: dict[tuple[str, int], str] = {}
        self._day_format = 14

    def format_of(self, style: str) -> str:
        """The number format of a style: its code, or “General”, “@”, “yyyy-mm-dd” of the built-in
        ones that matter."""
        number = self._format_number(style)
        return self._formats.get(number, _BUILT_IN.get(number, "General"))

    def is_date(self, style: str) -> bool:
        """Whether numbers of this style are shown as days."""
        return is_date_format(self.format_of(style))

    def for_day(self, style: str) -> str:
        """This style if it shows days, else one like it that does."""
        return style if self.is_date(style) else self._with(style, self._day_format)

    def for_code(self, style: str) -> str:
        """This style, as text where it has no format of its own: a long code retyped in it must
        not become a number."""
        return self._with(style, 49) if self._format_number(style) == 0 else style

    def _format_number(self, style: str) -> int:
        tag = self._style(style)
        said = attribute(tag, "numFmtId")
        return int(said) if said.isascii() and said.isdigit() else 0

    def _style(self, style: str) -> str:
        at = int(style) if style.isascii() and style.isdigit() else 0
        return self._styles[at] if at < len(self._styles) else ""

    def _with(self, style: str, number: int) -> str:
        made = self._made.get((style, number))
        tag = self._style(style)
        if made is None and tag and self._block is not None:
            head, rest = re.match(r"(<[^>]*?)(/?>.*)", tag, re.DOTALL).groups()  # type: ignore[union-attr]
            head = re.sub(
                r"\s(?:numFmtId|applyNumberFormat)\s*=\s*(?:\"[^\"]*\"|'[^']*')", "", head
            )
            self._styles.append(f'{head} numFmtId="{number}" applyNumberFormat="1"{rest}')
            made = self._made[style, number] = str(len(self._styles) - 1)
            self.changed = True
        return made if made is not None else style

    def as_text(self) -> str:
        """The part with what was made."""
        if not self.changed or self._block is None:
            return self.text
        prefix, start, end = self._block.group(1), *self._block.span()
        body = "".join(self._styles)
        made = f'<{prefix}cellXfs count="{len(self._styles)}">{body}</{prefix}cellXfs>'
        return self.text[:start] + made + self.text[end:]


_STYLE = re.compile(r"<(?:\w+:)?xf\b[^>]*?/>|<(?:\w+:)?xf\b[^>]*?[^/]>.*?</(?:\w+:)?xf>", re.DOTALL)
_BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    49: "@",
    **dict.fromkeys((14, 22, *range(27, 37), *range(50, 59)), "yyyy-mm-dd"),
    **dict.fromkeys(range(15, 18), "d-mmm-yy"),
}


def is_date_format(code: str) -> bool:
    """Whether a number format shows a day: it has a year, or day and month, outside of words."""
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", code).lower()
    return "y" in bare or ("d" in bare and "m" in bare)
