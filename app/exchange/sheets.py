"""A workbook as it was read: sheets of typed cells, whatever the file format was."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

# A number stays a number and text stays text: 9.16E+17 must not look like a code.
Cell: TypeAlias = str | int | float | bool | date | datetime | None
Row: TypeAlias = tuple[Cell, ...]

# (rows done, rows in all or None); raise from it to cancel.
Progress: TypeAlias = Callable[[int, int | None], None]

PROGRESS_STEP = 1000
_HEADER_WITHIN = 40  # rows in which a header is looked for


class BookKind(enum.Enum):
    """What a file is by its content, with the word shown to a person."""

    XLSX = "Excel 工作簿（xlsx）"
    XLSB = "Excel 二进制工作簿（xlsb）"
    XLS = "Excel 97-2003 工作簿（xls）"
    ODS = "OpenDocument 表格（ods）"
    XML_2003 = "XML 表格 2003"
    HTML = "网页表格"
    CSV = "文本表格（csv）"


@dataclass(frozen=True, slots=True)
class SourceSheet:
    """One sheet. ``rows[0]`` is row 1 of the sheet; trailing empty rows are cut."""

    name: str
    rows: tuple[Row, ...]
    hidden: bool = False

    @property
    def width(self) -> int:
        """Columns of the widest row."""
        return max((len(row) for row in self.rows), default=0)


@dataclass(frozen=True, slots=True)
class SourceBook:
    """All sheets of a file, in the file's order."""

    kind: BookKind
    sheets: tuple[SourceSheet, ...]


Merge: TypeAlias = tuple[
    int, int, int, int
]  # first row, first column, last row, last column; 0-based


def is_blank(cell: Cell) -> bool:
    """Nothing, or white space and invisible characters only."""
    return cell is None or (
        isinstance(cell, str) and not cell.strip(" \t\r\n\xa0\u3000\u200b\ufeff")
    )


def make_sheet(
    name: str, rows: Iterable[Sequence[Cell]], merges: Iterable[Merge] = (), hidden: bool = False
) -> SourceSheet:
    """Fill merged cells with the value of their first, cut empty rows and columns at the end."""
    grid = [list(row) for row in rows]
    _fill(grid, merges)
    while grid and all(is_blank(cell) for cell in grid[-1]):
        grid.pop()
    for row in grid:
        while row and row[-1] is None:
            row.pop()
    return SourceSheet(name, tuple(tuple(row) for row in grid), hidden)


def beside_each_other(sheet: SourceSheet) -> tuple[SourceSheet, ...]:
    """A table printed in two columns of tables, each as a sheet of its own; else the sheet.

    Its header repeats itself from the first column to the last: 序号 名称 代码 序号 名称 代码.
    """
    for row in sheet.rows[:_HEADER_WITHIN]:
        step = _repeats_after(row)
        if step:
            break
    else:
        return (sheet,)
    tables = []
    width = sheet.width
    for number, left in enumerate(range(0, width, step), start=1):
        rows = [each[left : left + step] for each in sheet.rows]
        name = sheet.name if number == 1 else f"{sheet.name}（右侧第 {number} 栏）"
        tables.append(make_sheet(name, rows, hidden=sheet.hidden))
    return tuple(each for each in tables if each.rows)


def _repeats_after(row: Row) -> int:
    """After how many columns a row of words says the same again; 0: it does not."""
    words = [cell.strip() if isinstance(cell, str) else "" for cell in row]
    if len(words) < 4 or not words[0] or any(mark.isdecimal() for mark in "".join(words)):
        return 0
    for step in range(2, (len(words) + 1) // 2 + 1):
        block = words[:step]
        filled = [word for word in block if word]
        repeated = [words[at : at + step] for at in range(step, len(words), step)]
        repeated[-1] += [""] * (step - len(repeated[-1]))
        if (
            len(filled) >= 2
            and len(set(filled)) == len(filled)
            and all(each == block for each in repeated)
        ):
            return step
    return 0


def _fill(grid: list[list[Cell]], merges: Iterable[Merge]) -> None:
    width = max((len(row) for row in grid), default=0)
    for top, left, bottom, right in merges:
        if top >= len(grid) or left >= width:
            continue
        value = grid[top][left] if left < len(grid[top]) else None
        if is_blank(value):
            continue
        last = min(right, width - 1)
        for row in grid[top : bottom + 1]:
            row.extend([None] * (last + 1 - len(row)))
            row[left : last + 1] = [value] * (last + 1 - left)
