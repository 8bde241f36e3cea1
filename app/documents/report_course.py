"""各季度走势 and 每人任务量 on paper: the charts of the reports, each with its numbers below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.documents.fonts import FontBook, Role
from app.documents.page import MM, OFFICIAL, Drawn, Item, baseline, heading
from app.documents.tables import Align, Column, Row, table
from app.documents.typography import Setting, one_line

__all__ = ["CourseFacts", "CoursePanel", "sections"]

_GAP: Final = 8 * MM
_PANEL: Final = 4.5 * OFFICIAL.pitch
_HEAD: Final = 30.0
_NAMES: Final = 24.0
_COLUMN: Final = 14.0
_NEW: Final = "#333333"
_OLD: Final = "#BBBBBB"
_SHADES: Final = ("#222222", "#666666", "#A0A0A0", "#D8D8D8")
_PERSON: Final = 0.6 * OFFICIAL.pitch
_AT_FULL_SIZE: Final = 5
_AT_ONCE: Final = 30
"""People in one drawing: it stands on one page as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePanel:
    """One rate: (part, whole) of each quarter; ``drawn``: in the chart too, not only the table."""

    label: str
    formula: str
    points: tuple[tuple[int, int], ...]
    drawn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseFacts:
    """``quarters``: (year, 一季) of each, the oldest first; ``loads``: name and tasks in each."""

    quarters: tuple[tuple[int, str], ...]
    panels: tuple[CoursePanel, ...]
    loads: tuple[tuple[str, tuple[int, ...]], ...]
    note: str


def sections(
    facts: CourseFacts, parts: Iterator[str], tables: Iterator[int], fonts: FontBook
) -> Iterable[Item]:
    """Both sections; ``parts`` and ``tables`` number them in the report they stand in."""
    yield heading(f"{next(parts)}、各季度走势", fonts)
    yield _rates(facts, fonts)
    yield table(
        "各季度比率",
        (Column(head="项目", width=26, align=Align.LEFT), *_columns(facts)),
        [Row((each.label, *map(_share, each.points))) for each in facts.panels],
        fonts,
        name=f"表{next(tables)}",
        note=facts.note,
    )
    if facts.loads:
        yield heading(f"{next(parts)}、每人任务量", fonts)
        yield from _loads(facts, fonts)
        yield table(
            "每人任务量（家次）",
            (
                Column(head="人员", width=34, align=Align.LEFT),
                *_columns(facts),
                Column(head="合计", width=14, align=Align.RIGHT),
            ),
            [
                Row((name, *(str(count) for count in counts), str(sum(counts))))
                for name, counts in facts.loads
            ],
            fonts,
            name=f"表{next(tables)}",
        )


def _columns(facts: CourseFacts) -> tuple[Column, ...]:
    """A column per quarter; eight of them are set smaller, for a count must not break."""
    many = len(facts.quarters) > _AT_FULL_SIZE
    return tuple(
        Column(
            head=f"{year % 100:02d}年{name}",
            width=17,
            align=Align.RIGHT,
            size=8.5 if many else 10.5,
            leading=12.0 if many else 14.5,
        )
        for year, name in facts.quarters
    )


def _share(point: tuple[int, int]) -> str:
    part, whole = point
    return f"{part * 100 / whole:.1f}%\n{part}/{whole}" if whole else ""


def _rates(facts: CourseFacts, fonts: FontBook) -> Drawn:
    """Two panels beside two; the newest year dark."""
    panels = [each for each in facts.panels if each.drawn]
    wide = (OFFICIAL.width - _GAP) / 2

    def paint(canvas: Any, x: float, y: float) -> None:
        for at, panel in enumerate(panels):
            left = x + at % 2 * (wide + _GAP)
            _panel(canvas, panel, facts.quarters, (left, y - at // 2 * _PANEL, wide), fonts)

    rows = -(-len(panels) // 2)
    return Drawn(-(-rows * _PANEL // OFFICIAL.pitch) * OFFICIAL.pitch, paint)


def _panel(
    canvas: Any,
    panel: CoursePanel,
    quarters: Sequence[tuple[int, str]],
    place: tuple[float, float, float],
    fonts: FontBook,
) -> None:
    left, top, wide = place
    title = one_line(panel.label, Setting(size=10, role=Role.HEADING), fonts)
    title.draw(canvas, left, baseline(top - 8, 10))
    formula = one_line(panel.formula, Setting(size=7), fonts)
    formula.draw(canvas, left + title.width + 6, baseline(top - 8, 7))
    ground = top - _PANEL + _NAMES + 10
    high = top - _HEAD - ground
    slot = wide / len(quarters)
    newest = quarters[-1][0]
    for at, ((year, name), (part, whole)) in enumerate(zip(quarters, panel.points, strict=True)):
        middle = left + (at + 0.5) * slot
        tall = high * part / whole if whole else 0.0
        canvas.setFillColor(_NEW if year == newest else _OLD)
        column = min(_COLUMN, 0.6 * slot)
        canvas.rect(middle - column / 2, ground, column, tall, 0, 1)
        share = f"{part * 100 / whole:.1f}%" if whole else "—"
        _centred(canvas, share, middle, ground + tall + 6, fonts)
        _centred(canvas, name, middle, ground - 6, fonts)
        if at == 0 or quarters[at - 1][0] != year:
            _centred(canvas, f"{year}年", middle, ground - 15, fonts)
    canvas.setLineWidth(0.5)
    canvas.line(left, ground, left + wide, ground)


def _centred(canvas: Any, words: str, middle: float, height: float, fonts: FontBook) -> None:
    line = one_line(words, Setting(size=7.5), fonts)
    line.draw(canvas, middle - line.width / 2, baseline(height, 7.5))


def _loads(facts: CourseFacts, fonts: FontBook) -> Iterable[Drawn]:
    """The newest year's tasks, a bar per person, its quarters one after the other."""
    newest = facts.quarters[-1][0]
    places = [at for at, (year, _name) in enumerate(facts.quarters) if year == newest]
    rows = sorted(
        ((name, tuple(counts[at] for at in places)) for name, counts in facts.loads),
        key=lambda row: -sum(row[1]),
    )
    most = max((sum(counts) for _name, counts in rows), default=1) or 1
    heads = [f"{newest}年{facts.quarters[at][1]}" for at in places]
    for first in range(0, len(rows), _AT_ONCE):
        yield _people(rows[first : first + _AT_ONCE], heads, most, fonts)


def _people(
    rows: Sequence[tuple[str, tuple[int, ...]]], heads: Sequence[str], most: int, fonts: FontBook
) -> Drawn:
    names, top = 26 * MM, OFFICIAL.pitch
    room = OFFICIAL.width - names - 12 * MM

    def paint(canvas: Any, x: float, y: float) -> None:
        for at, (shade, head) in enumerate(zip(_SHADES, heads, strict=False)):
            left = x + names + at * 28 * MM
            canvas.setFillColor(shade)
            canvas.rect(left, y - 0.4 * top - 7, 7, 7, stroke=0, fill=1)
            line = one_line(head, Setting(size=8), fonts)
            line.draw(canvas, left + 11, baseline(y - 0.4 * top - 3.5, 8))
        for number, (name, counts) in enumerate(rows):
            middle = y - top - (number + 0.5) * _PERSON
            tag = one_line(name, Setting(size=9), fonts)
            tag.draw(canvas, x + names - 6 - tag.width, baseline(middle, 9))
            right = x + names
            for shade, count in zip(_SHADES, counts, strict=False):
                width = room * count / most
                canvas.setFillColor(shade)
                canvas.rect(right, middle - 0.32 * _PERSON, width, 0.64 * _PERSON, 0, 1)
                right += width
            total = one_line(str(sum(counts)), Setting(size=8), fonts)
            total.draw(canvas, right + 4, baseline(middle, 8))

    lines = -(-(top + len(rows) * _PERSON) // OFFICIAL.pitch)
    return Drawn(lines * OFFICIAL.pitch, paint)
