"""Text files: which encoding, which delimiter, and what a stray quote must not swallow."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from app.errors import UserError
from app.exchange.sheets import PROGRESS_STEP, Cell, Progress, SourceSheet, make_sheet

_DELIMITERS = ",\t;|，"
_DECLARED = re.compile(
    rb"""(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,20})""", re.IGNORECASE
)
_CHINESE = {"gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "cp936", "ms936"}
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_LONGEST_CELL = 1_000_000


def decode(name: str, data: bytes) -> str:
    """Text of a file in UTF-8, UTF-16 (with or without BOM) or GB18030.

    One damaged byte in a UTF-8 file must not turn the whole file into GB18030 nonsense:
    then the byte becomes U+FFFD, which the row's check reports. UserError for binary data.
    """
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return _without_nuls(data.decode(encoding, "replace"))
    silent = _silent_utf16(data)
    if silent is not None:
        return _without_nuls(silent)
    if len(_BINARY.findall(data[:65536])) > len(data[:65536]) // 50:
        raise UserError(
            f"“{name}”不是表格，或已经损坏。", "请选择 Excel、WPS 表格或 csv 文件，或重新下载。"
        )
    return _without_nuls(_eight_bit(data))


def _silent_utf16(data: bytes) -> str | None:
    head = data[:4096]
    zeros = (head[0::2].count(0), head[1::2].count(0))
    for place, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        # Delimiters, digits and line ends are ASCII: one byte of each is zero, and always the
        # same one. A few characters such as 一 (U+4E00) have the other byte zero.
        if zeros[place] > len(head) // 20 and zeros[place] > 4 * zeros[1 - place]:
            return data.decode(encoding, "replace")
    return None


def _eight_bit(data: bytes) -> str:
    declared = _DECLARED.search(data[:2048])
    named = declared.group(1).decode("ascii").lower() if declared else ""
    for encoding in ("gb18030", "utf-8") if named in _CHINESE else ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    attempts = [data.decode(encoding, "replace") for encoding in ("utf-8", "gb18030")]
    return min(attempts, key=lambda text: text.count("\ufffd"))


def _without_nuls(text: str) -> str:
    return text.replace("\x00", "")


def read_delimited(text: str, progress: Progress) -> SourceSheet:
    """Rows of a csv or tab-separated text; every value stays the text it was."""
    delimiter = _delimiter(text)
    rows = _parsed(text, delimiter, progress)
    if rows is None:
        rows = [line.split(delimiter) for line in re.split(r"\r\n|\r|\n", text)]
        rows = [[cell.strip('"') for cell in row] for row in rows]
    if rows and re.fullmatch(r"sep=.?", "".join(rows[0])):
        rows[0] = []  # Excel's own hint to itself; the row keeps its number
    return make_sheet("文本", _watched(rows, progress))


def _watched(rows: list[list[str]], progress: Progress) -> Iterable[list[Cell]]:
    for done, row in enumerate(rows, start=1):
        if done % PROGRESS_STEP == 0:
            progress(done, len(rows))
        yield [cell or None for cell in row]


def _delimiter(text: str) -> str:
    """The character that cuts most of the first lines into the same number of parts."""
    lines = [line for line in text[:65536].splitlines() if line.strip()][:50]
    if lines and (named := re.fullmatch(r"sep=(.)", lines[0].strip(" "))):
        return named.group(1)

    def score(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines]
        usual = max(set(counts), key=counts.count) if counts else 0
        return (sum(counts) if usual or any(counts) else 0, usual)

    best = max(_DELIMITERS, key=score)
    # A comma inside text is common, a tab is not: prefer the tab wherever lines agree on it.
    tabs = [line.count("\t") for line in lines]
    return "\t" if tabs and min(tabs[:20]) >= 1 else best


def _parsed(text: str, delimiter: str, progress: Progress) -> list[list[str]] | None:
    """Rows by the csv rules; None where an unbalanced quote swallowed lines."""
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
    rows: list[list[str]] = []
    try:
        # Row by row, not list(): so the window gets its turn and 取消 is heard.
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) % PROGRESS_STEP == 0:
                progress(len(rows), None)
    except csv.Error:
        return None
    width = max((len(row) for row in rows[:50]), default=1)
    swallowed = any(
        "\n" in cell and any(line.count(delimiter) * 2 >= width for line in cell.splitlines())
        for row in rows
        for cell in row
    )
    return None if swallowed and width > 1 else rows
