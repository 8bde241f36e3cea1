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
