"""A list as it is seen, on paper: ledgers and other tables that have no form of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.documents import words
from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.page import (
    MM,
    OFFICIAL,
    Field,
    Imprint,
    Item,
    field,
    lay_out,
    masthead,
    prose,
    render,
)
from app.documents.tables import (
    EMPTY,
    NOTHING_BELOW,
    Align,
    Cell,
    CellText,
    Column,
    Row,
    Table,
    table,
)
from app.documents.typography import Span

_SIZES: Final = (9.5, 8.5, 7.5)
_PADDING: Final = 7.0  # of a cell, both sides, in points
_LONGEST: Final = 18  # characters of a text column that may ask for room of its own
_HEAD: Final = 9.5


@dataclass(frozen=True, slots=True)
class ListedColumn:
    """``number``: aligned right; ``short``: dates and the like are never broken.

    ``below``: a code, printed below what stands in the column before.
    """

    head: str
    number: bool = False
    short: bool = False
    below: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFacts:
    """What the paper prints; the cells are words, one for each column.

    ``total``: a last row of sums; empty where nothing can be summed.
    """

    unit: str
    title: str
    made_on: date
    made_by: str
    note: str
    columns: tuple[ListedColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()


def build(facts: ListFacts, fonts: FontBook | None = None) -> bytes:
    """The list as PDF bytes; UserError names a character no face can print."""
    book = fonts or machine_fonts()
    layout = lay_out(OFFICIAL, _items(facts, book))
    imprint = Imprint(
        title=f"{facts.unit}{facts.title}", author=facts.unit, small=(facts.unit, facts.title)
    )
    return render(OFFICIAL, layout, imprint, book)


def _items(facts: ListFacts, fonts: FontBook) -> Iterable[Item]:
    yield masthead((facts.unit, facts.title), "", fonts)
    yield field(Field("制表", f"{facts.made_by}，{words.day(facts.made_on)}"), fonts)
    if facts.rows:
        yield _table(facts, fonts)
    else:
        yield prose("没有记录。", fonts)


def _table(facts: ListFacts, fonts: FontBook) -> Table:
    size, widths = _fitted(facts)
    kept = [at for at, each in enumerate(facts.columns) if not each.below]
    columns = [
        Column(
            head=_head(facts.columns, at),
            width=width,
            align=_align(facts.columns[at]),
            size=size,
            leading=size * 1.4,
        )
        for at, width in zip(kept, widths, strict=True)
    ]
    rows = [Row(tuple(_cell(facts.columns, row, at, size) for at in kept)) for row in facts.rows]
    title = f"共{len(rows)}条"
    if facts.total:
        rows.append(Row(tuple(facts.total[at] for at in kept), strong_above=True))
    return table(title, columns, rows, fonts, note=facts.note, closing=NOTHING_BELOW)


def _below(columns: Sequence[ListedColumn], at: int) -> bool:
    return at + 1 < len(columns) and columns[at + 1].below


def _head(columns: Sequence[ListedColumn], at: int) -> str:
    more = f"、{columns[at + 1].head}" if _below(columns, at) else ""
    return f"{columns[at].head}{more}"


def _cell(columns: Sequence[ListedColumn], row: Sequence[str], at: int, size: float) -> CellText:
    if not (_below(columns, at) and row[at + 1]):
        return row[at]
    return Cell((row[at], Span(row[at + 1], Role.MONO, size - 1.5)))


def _align(column: ListedColumn) -> Align:
    if column.number:
        return Align.RIGHT
    return Align.CENTRE if column.short else Align.LEFT


def _fitted(facts: ListFacts) -> tuple[float, list[float]]:
    """The largest type at which no short cell is broken, and the columns' widths in mm."""
    for size in _SIZES:
        wanted, fixed = _wanted(facts, size)
        room = OFFICIAL.width - sum(
            width for width, firm in zip(wanted, fixed, strict=True) if firm
        )
        free = [width for width, firm in zip(wanted, fixed, strict=True) if not firm]
        if room >= 0.6 * sum(free):
            break
    share = max(room, 0.3 * sum(free)) / sum(free) if free else 1.0
    widths = [width if firm else width * share for width, firm in zip(wanted, fixed, strict=True)]
    return size, [width / MM for width in widths]


def _wanted(facts: ListFacts, size: float) -> tuple[list[float], list[bool]]:
    widths, fixed = [], []
    for at, column in enumerate(facts.columns):
        if column.below:
            continue
        longest = max((_ems(row[at]) for row in facts.rows), default=1.0)
        head = _ems(_head(facts.columns, at)) * _HEAD
        firm = column.number or column.short
        # A head may stand in two lines, a long text in as many as it takes.
        least = head / 2 if len(column.head) > 3 else head
        ink = longest if firm else min(longest, _LONGEST)
        widths.append(max(ink * size, least) + _PADDING)
        fixed.append(firm)
    return widths, fixed


def _ems(text: str) -> float:
    shown: Sequence[str] = text or EMPTY
    return sum(1.0 if ord(char) > 0x2E7F or char == EMPTY else 0.56 for char in shown)
