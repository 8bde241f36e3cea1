"""A platform's format as data: which sheets and columns it wants, in which words and styles.

The shipped ones were made from what the regulations name, for the platforms' own templates were
not available; each says so in its ``note``.  A unit's own are made by mapping a real template.
"""

from __future__ import annotations

import enum
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.outgoing import (
    TELLING,
    Mend,
    RecordKind,
    Value,
    record_kind,
)
from app.domain.rulebook._toml import Table
from app.errors import UserError

__all__ = [
    "GENERAL",
    "DateStyle",
    "NumberStyle",
    "Platform",
    "PlatformColumn",
    "PlatformError",
    "PlatformSheet",
    "as_toml",
    "check_row",
    "parse_platform",
    "value_for",
    "words_back",
]

GENERAL = "general"
_FILE_NAME = re.compile(r"[^/\\:*?\"<>|]+\.xlsx")


class PlatformError(UserError):
    """A platform's description cannot be used; the message names the key."""


class DateStyle(enum.Enum):
    """How a platform wants its days."""

    DATE = "date"  # a real date of the spreadsheet
    DASHES = "2026-03-01"
    SLASHES = "2026/3/1"
    SLASHES_FULL = "2026/03/01"
    DOTS = "2026.3.1"
    DOTS_FULL = "2026.03.01"
    DIGITS = "20260301"
    WORDS = "2026年3月1日"

    def of(self, day: date) -> Value:
        """The day in this style."""
        written: dict[DateStyle, Value] = {
            DateStyle.DATE: day,
            DateStyle.DASHES: f"{day:%Y-%m-%d}",
            DateStyle.SLASHES: f"{day.year}/{day.month}/{day.day}",
            DateStyle.SLASHES_FULL: f"{day:%Y/%m/%d}",
            DateStyle.DOTS: f"{day.year}.{day.month}.{day.day}",
            DateStyle.DOTS_FULL: f"{day:%Y.%m.%d}",
            DateStyle.DIGITS: f"{day:%Y%m%d}",
            DateStyle.WORDS: f"{day.year}年{day.month}月{day.day}日",
        }
        return written[self]


class NumberStyle(enum.Enum):
    """Whether numbers are numbers or text."""

    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformColumn:
    """One column: its title there, which of our columns fills it (or ``constant``).

    ``serial``: the rows are counted, 1, 2, 3 …; ``longest`` 0: no limit; ``codes`` the name of a
    code list; ``at`` 1-based column of a template, 0 where columns simply follow each other.
    """

    header: str
    field: str = ""
    constant: str = ""
    serial: bool = False
    required: bool = False
    longest: int = 0
    codes: str = ""
    dates: DateStyle | None = None
    at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformSheet:
    """One sheet of one file for one kind of record.

    ``title``: a line above the header; ``header_top`` to ``header_row`` (the lowest line of the
    header), ``first_row`` and ``foot_row`` (remarks below the rows, 0: none) are 1-based places
    in the platform's own ``template``, a file beside the description known by its ``sha256``.
    """

    record: RecordKind
    file: str
    sheet: str
    title: str
    header_row: int
    first_row: int
    columns: tuple[PlatformColumn, ...]
    header_top: int = 0
    foot_row: int = 0
    template: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One platform. ``codes``: list → our word → the platform's word."""

    id: str
    name: str
    note: str
    version: str
    dates: DateStyle
    numbers: NumberStyle
    codes: Mapping[str, Mapping[str, str]]
    sheets: tuple[PlatformSheet, ...]

    def sheets_of(self, records: Sequence[str]) -> tuple[PlatformSheet, ...]:
        """The sheets for these kinds of records."""
        return tuple(each for each in self.sheets if each.record.id in records)


class _Reader(Table):
    def fail(self, key: str, problem: str) -> PlatformError:  # type: ignore[override]
        return PlatformError(f"平台格式文件中的“{self._path(key)}”{problem}。", "请改正后再用。")


def parse_platform(text: str) -> Platform:
    """Read one description; PlatformError names the key that is missing, unknown or wrong."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlatformError(f"平台格式文件不是合法的 TOML：{error}。", "请改正后再用。") from error
    table = _Reader(data)
    codes = table.optional("codes", _codes) or {}
    platform = Platform(
        id=table.text("id"),
        name=table.text("name"),
        note=table.text("note"),
        version=table.text("version", "1"),
        dates=table.choice("dates", DateStyle, DateStyle.DASHES),
        numbers=table.choice("numbers", NumberStyle, NumberStyle.NUMBER),
        codes=codes,
        sheets=table.each("sheets", lambda each: _sheet(each, codes)),
    )
    table.done()
    if not platform.sheets:
        raise table.fail("sheets", "缺失：至少要有一张表")
    return platform


def _codes(table: Table) -> dict[str, dict[str, str]]:
    found = {}
    lists = table.keys()
    for name in lists:
        with table.table(name) as inner:
            words = inner.keys()
            found[name] = {word: inner.text(word) for word in words}
    return found


def _sheet(table: Table, codes: Mapping[str, Mapping[str, str]]) -> PlatformSheet:
    name = table.text("record")
    record = record_kind(name)
    if record is None:
        raise table.fail("record", f"的值“{name}”不认识")
    title = table.text("title", "")
    header_row = table.integer("header_row", 1, 200, 2 if title else 1)
    sheet = PlatformSheet(
        record=record,
        file=table.text("file"),
        sheet=table.text("sheet"),
        title=title,
        header_row=header_row,
        first_row=table.integer("first_row", 1, 400, header_row + 1),
        header_top=table.integer("header_top", 1, 200, header_row),
        foot_row=table.integer("foot_row", 0, 1_048_576, 0),
        template=table.text("template", ""),
        sha256=table.text("sha256", ""),
        columns=table.each("columns", lambda each: _column(each, record, codes)),
    )
    if not sheet.columns:
        raise table.fail("columns", "缺失：至少要有一列")
    if sheet.first_row <= header_row:
        raise table.fail("first_row", "应在表头以下")
    if sheet.header_top > header_row:
        raise table.fail("header_top", "应不低于“header_row”")
    if sheet.foot_row and sheet.foot_row < sheet.first_row:
        raise table.fail("foot_row", "应在“first_row”以下")
    if sheet.template and not _FILE_NAME.fullmatch(sheet.template):
        raise table.fail("template", "应是本文件夹里的文件名")
    return sheet


def _column(
    table: Table, record: RecordKind, codes: Mapping[str, Mapping[str, str]]
) -> PlatformColumn:
    column = PlatformColumn(
        header=table.text("header"),
        field=table.text("field", ""),
        constant=table.text("constant", ""),
        serial=table.flag("serial", default=False),
        required=table.flag("required", default=False),
        longest=table.integer("longest", 0, 32_000, 0),
        codes=table.text("codes", ""),
        dates=table.choice("dates", DateStyle) if table.has("dates") else None,
        at=table.integer("at", 0, 16_384, 0),
    )
    if column.field and record.field(column.field) is None:
        raise table.fail("field", f"的值“{column.field}”不是“{record.words}”里的一列")
    if column.codes and column.codes not in codes:
        raise table.fail("codes", f"的值“{column.codes}”没有对应的代码表")
    return column


# --- one row ----------------------------------------------------------------------------------


def value_for(platform: Platform, column: PlatformColumn, value: Value) -> Value:
    """A cell as the platform wants it; a word its code list does not know stays as it is."""
    if column.constant and not column.field:
        return column.constant
    if value is None or value == "":
        return column.constant or None
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return (column.dates or platform.dates).of(value)
    if column.codes:
        return _translated(str(value), platform.codes[column.codes])
    if isinstance(value, int | float) and platform.numbers is NumberStyle.TEXT:
        return str(value)
    return value


def _translated(text: str, words: Mapping[str, str]) -> str:
    """Several values of one cell are translated each."""
    if text in words:
        return words[text]
    return _JOINER.join(words.get(part, part) for part in text.split(_JOINER))


_JOINER = "、"


def words_back(platform: Platform, column: PlatformColumn) -> dict[str, str]:
    """The platform's word → ours, for a table that comes in; of several of ours the first."""
    found: dict[str, str] = {}
    pairs = platform.codes.get(column.codes, {}).items()
    # A word that stands for itself is only what else the platform allows.
    for ours, theirs in sorted(pairs, key=lambda pair: pair[0] == pair[1]):
        found.setdefault(theirs, ours)
    return {theirs: ours for theirs, ours in found.items() if theirs != ours}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPlace:
    """Where a row will stand, and which record of ours it is."""

    sheet: str
    line: int
    key: str
    label: str


def check_row(
    platform: Platform,
    sheet: PlatformSheet,
    place: RowPlace,
    cells: Sequence[Value],
    *,
    public: bool = False,
) -> tuple[Mend, ...]:
    """What of one row must be mended; ``cells`` as they will leave, one per column.

    ``public``: no column of a public edition names a person.  What its texts tell is looked for
    elsewhere (``domain.telling``).
    """
    found = []
    for column, cell in zip(sheet.columns, cells, strict=True):
        problem = _problem(platform, sheet, column, cell)
        if not problem and public and column.field in TELLING and cell is not None:
            problem = "是个人信息，公开版不能带；请改用密封版，或换不带这一列的平台格式"
        if problem:
            found.append(
                Mend(
                    sheet=place.sheet,
                    line=place.line,
                    key=place.key,
                    label=place.label,
                    column=column.header,
                    problem=problem,
                )
            )
    return tuple(found)


def _problem(platform: Platform, sheet: PlatformSheet, column: PlatformColumn, cell: Value) -> str:
    if cell is None or not str(cell).strip():
        return "平台要求必填，现在是空的" if column.required else ""
    text = str(cell)
    if column.longest and len(text) > column.longest:
        return f"最多 {column.longest} 字，现在 {len(text)} 字"
    if column.codes:
        known = set(platform.codes[column.codes].values())
        strange = [part for part in text.split(_JOINER) if part not in known]
        if strange and text not in known:
            return f"“{strange[0]}”不在平台的代码表“{column.codes}”里"
    return ""


# --- back to text -----------------------------------------------------------------------------


def as_toml(platform: Platform) -> str:
    """The description as a file that ``parse_platform`` reads back to the same."""
    lines = [
        f"id = {_quoted(platform.id)}",
        f"name = {_quoted(platform.name)}",
        f"note = {_quoted(platform.note)}",
        f"version = {_quoted(platform.version)}",
        f"dates = {_quoted(platform.dates.value)}",
        f"numbers = {_quoted(platform.numbers.value)}",
    ]
    for name, words in platform.codes.items():
        lines += ["", f"[codes.{_quoted(name)}]"]
        lines += [f"{_quoted(ours)} = {_quoted(theirs)}" for ours, theirs in words.items()]
    for sheet in platform.sheets:
        lines += [
            "",
            "[[sheets]]",
            f"record = {_quoted(sheet.record.id)}",
            f"file = {_quoted(sheet.file)}",
            f"sheet = {_quoted(sheet.sheet)}",
        ]
        if sheet.title:
            lines.append(f"title = {_quoted(sheet.title)}")
        lines += [f"header_row = {sheet.header_row}", f"first_row = {sheet.first_row}"]
        if sheet.header_top != sheet.header_row:
            lines.append(f"header_top = {sheet.header_top}")
        if sheet.foot_row:
            lines.append(f"foot_row = {sheet.foot_row}")
        if sheet.template:
            lines.append(f"template = {_quoted(sheet.template)}")
            lines.append(f"sha256 = {_quoted(sheet.sha256)}")
        lines.append("columns = [")
        lines += [f"  {{ {', '.join(_column_parts(column))} }}," for column in sheet.columns]
        lines.append("]")
    return "\n".join(lines) + "\n"


def _column_parts(column: PlatformColumn) -> list[str]:
    lines = [f"header = {_quoted(column.header)}"]
    for key in ("field", "constant", "codes"):
        if getattr(column, key):
            lines.append(f"{key} = {_quoted(getattr(column, key))}")
    for flag in ("serial", "required"):
        if getattr(column, flag):
            lines.append(f"{flag} = true")
    if column.dates:
        lines.append(f"dates = {_quoted(column.dates.value)}")
    for key in ("longest", "at"):
        if getattr(column, key):
            lines.append(f"{key} = {getattr(column, key)}")
    return lines


def _quoted(text: str) -> str:
    safe = text.replace("\\", "\\\\").replace('"', '\\"')
    safe = "".join(
        f"\\u{ord(sign):04x}" if ord(sign) < 32 or ord(sign) == 127 else sign for sign in safe
    )
    return f'"{safe}"'
