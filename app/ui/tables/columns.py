"""What a table shows: its columns, described; its cells, ready to paint.

A row is whatever frozen dataclass the source returns; a column knows how to
read it.  ::

    COLUMNS = (
        Column("name", "名称", width=205, stretch=True),
        Column("uscc", "统一社会信用代码", ColumnKind.CODE, width=150),
        Column("category", "类别", ColumnKind.STRONG, width=56, align=ALIGN_CENTER),
        Column("last", "上次检查", ColumnKind.DATE, value=lambda row: row.last_inspected_on),
        Column("state", "状态", ColumnKind.CHIP, tone=lambda row: TONES[row.state]),
        Column("quota", "应抽", ColumnKind.NUMBER, sub=lambda row: row.rule),
    )
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.ui.theme import ALIGN_CENTER, ALIGN_LEFT, ALIGN_RIGHT, Tone

EMPTY = "—"


class ColumnKind(enum.Enum):
    """How a cell is painted and aligned."""

    TEXT = "text"
    STRONG = "strong"
    CODE = "code"
    NUMBER = "number"
    FIGURE = "figure"
    DATE = "date"
    CHIP = "chip"
    LINK = "link"
    BAR = "bar"


_WIDTHS = {
    ColumnKind.CODE: 150,
    ColumnKind.NUMBER: 72,
    ColumnKind.FIGURE: 72,
    ColumnKind.DATE: 98,
    ColumnKind.CHIP: 92,
    ColumnKind.LINK: 64,
    ColumnKind.BAR: 130,
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A workload: ``done`` and ``pending`` out of ``most`` (the longest bar)."""

    done: int
    pending: int
    most: int

    def __str__(self) -> str:
        return f"{self.done + self.pending}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, read from its row."""

    text: str
    kind: ColumnKind
    tone: Tone = Tone.NORMAL
    sub: str = ""
    bar: Bar | None = None
    quiet: bool = False
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    ``value(row)`` gives str, int, date, ``Bar`` or ``None`` (shown “—”); without
    it the attribute ``key`` is read.  ``sub`` gives a second, smaller line (the
    table then needs ``two_lines=True``).  ``tone`` colours a chip, or the text of
    other kinds; ``struck`` strikes it through: replaced, kept for ever.
    ``sort`` is the name the source sorts by; ``""`` means the key,
    ``None`` that the column cannot be sorted.  ``tip`` is said over the head,
    ``hint(row)`` over a cell.
    """

    key: str
    title: str
    kind: ColumnKind = ColumnKind.TEXT
    width: int = 0
    value: Callable[[Any], object] | None = None
    sub: Callable[[Any], str] | None = None
    tone: Callable[[Any], Tone] | None = None
    struck: Callable[[Any], bool] | None = None
    align: Any = None
    sort: str | None = ""
    stretch: bool = False
    hidden: bool = False
    tip: str = ""
    hint: Callable[[Any], str] | None = None

    @property
    def natural_width(self) -> int:
        """The width before anybody drags it, logical px."""
        return self.width or _WIDTHS.get(self.kind, 120)

    @property
    def alignment(self) -> Any:
        """Numbers right, the rest left unless told."""
        if self.align is not None:
            return self.align
        if self.kind in (ColumnKind.NUMBER, ColumnKind.FIGURE):
            return ALIGN_RIGHT
        return ALIGN_LEFT

    @property
    def sort_name(self) -> str | None:
        """What the source is asked to sort by."""
        if self.kind is ColumnKind.LINK:
            return None
        return self.key if self.sort == "" else self.sort

    def read(self, row: Any) -> object:
        """The raw value in ``row``."""
        return self.value(row) if self.value is not None else getattr(row, self.key)

    def cell(self, row: Any) -> Cell:
        """The cell of ``row``."""
        raw = self.read(row)
        tone = self.tone(row) if self.tone is not None else Tone.NORMAL
        sub = self.sub(row) if self.sub is not None else ""
        bar = raw if isinstance(raw, Bar) else None
        struck = self.struck is not None and self.struck(row)
        return Cell(shown_text(raw), self.kind, tone, sub, bar, struck=struck)


def shown_text(value: object) -> str:
    """Text of a raw value; empty ones give “”, which is painted as “—”."""
    match value:
        case None | "" | ():
            return ""
        case bool():
            return "是" if value else "否"
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case tuple():
            return "、".join(str(part) for part in value)
        case _:
            return str(value)


__all__ = [
    "ALIGN_CENTER",
    "ALIGN_LEFT",
    "ALIGN_RIGHT",
    "EMPTY",
    "Bar",
    "Cell",
    "Column",
    "ColumnKind",
    "shown_text",
]
