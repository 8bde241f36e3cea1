"""The periods a plan or a draw is for: year, half-year, quarter, month.

Written as in RD1's ``period`` line: ``2026``, ``2026H1``, ``2026Q1``, ``2026M01``.
The period a draw is for is not the day it is held: December draws the first
quarter of the next year, and caps and coverage count in the period's year.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from app.errors import UserError

_MONTHS_IN_YEAR = 12


class Span(Enum):
    """How long a period is; the value is what rulebooks write after ``per``."""

    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"
    MONTH = "month"

    @property
    def months(self) -> int:
        """Length in months: 12, 6, 3 or 1."""
        return _LENGTH[self]

    @property
    def words(self) -> str:
        """The span as a measure: 年, 半年, 季度, 个月."""
        return _MEASURE[self]


_LENGTH = {Span.YEAR: 12, Span.HALF: 6, Span.QUARTER: 3, Span.MONTH: 1}
_MEASURE = {Span.YEAR: "年", Span.HALF: "半年", Span.QUARTER: "季度", Span.MONTH: "个月"}
_LETTER = {Span.HALF: "H", Span.QUARTER: "Q", Span.MONTH: "M"}
_ORDINAL = "一二三四"

_PATTERN = re.compile(
    r"(?P<year>[0-9]{4})"
    r"(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|M?(?P<month>0[1-9]|1[0-2]))?"
)


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar year or one of its halves, quarters or months.

    ``index`` counts from 1 within the year (always 1 for a whole year).
    """

    year: int
    span: Span
    index: int = 1

    def __post_init__(self) -> None:
        parts = _MONTHS_IN_YEAR // self.span.months
        if not (1 <= self.index <= parts and 1 <= self.year <= 9998):
            raise UserError(f"期间“{self.year} {self.span.value} {self.index}”不存在，请检查。")

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read ``2026``, ``2026H1``, ``2026Q1``, ``2026M01`` or ``202601``.

        Raises ``UserError`` for anything else.
        """
        match = _PATTERN.fullmatch(text.strip().upper())
        if match is None or match["year"] in {"0000", "9999"}:
            raise UserError(
                f"看不懂期间“{text}”。",
                "请写成 2026（全年）、2026H1（上半年）、2026Q1（第一季度）或 2026M01（1 月）。",
            )
        year = int(match["year"])
        for group, span in (("half", Span.HALF), ("quarter", Span.QUARTER), ("month", Span.MONTH)):
            if match[group] is not None:
                return cls(year, span, int(match[group]))
        return cls(year, Span.YEAR)

    @classmethod
    def of(cls, day: date, span: Span) -> Period:
        """Give the period of this span that ``day`` falls into."""
        return cls(day.year, span, (day.month - 1) // span.months + 1)

    @property
    def first_day(self) -> date:
        """First calendar day."""
        return date(self.year, (self.index - 1) * self.span.months + 1, 1)

    @property
    def last_day(self) -> date:
        """Last calendar day."""
        return self.next().first_day - timedelta(days=1)

    @property
    def ordinal(self) -> int:
        """Number of the period counted through the years; differences are distances."""
        return self.year * (_MONTHS_IN_YEAR // self.span.months) + self.index - 1

    @property
    def quarter(self) -> int:
        """Quarter of the year (1–4) in which the period begins."""
        return (self.first_day.month - 1) // 3 + 1

    def next(self) -> Period:
        """Give the period of the same span that follows."""
        return self.plus(1)

    def plus(self, count: int) -> Period:
        """Give the period of the same span ``count`` later (earlier if negative)."""
        parts = _MONTHS_IN_YEAR // self.span.months
        year, index = divmod(self.ordinal + count, parts)
        return Period(year, self.span, index + 1)

    def contains(self, other: Period) -> bool:
        """Say whether ``other`` lies wholly in this period (a period contains itself)."""
        first, after = self._months()
        other_first, other_after = other._months()
        return first <= other_first and other_after <= after

    def overlaps(self, other: Period) -> bool:
        """Say whether the two have a day in common."""
        first, after = self._months()
        other_first, other_after = other._months()
        return first < other_after and other_first < after

    def holds(self, day: date) -> bool:
        """Say whether ``day`` falls into the period."""
        return self.first_day <= day <= self.last_day

    def containing(self, span: Span) -> Period:
        """Give the period of ``span`` in which this one begins."""
        return Period.of(self.first_day, span)

    def contained(self, span: Span) -> tuple[Period, ...]:
        """Give the periods of ``span`` inside this one; empty if ``span`` is longer."""
        count = self.span.months // span.months
        first = Period.of(self.first_day, span)
        return tuple(first.plus(step) for step in range(count))

    def in_words(self) -> str:
        """Say it as a document does: 2026年第一季度, 2026年上半年, 2026年1月, 2026年."""
        if self.span is Span.QUARTER:
            return f"{self.year}年第{_ORDINAL[self.index - 1]}季度"
        if self.span is Span.HALF:
            return f"{self.year}年{'上' if self.index == 1 else '下'}半年"
        if self.span is Span.MONTH:
            return f"{self.year}年{self.index}月"
        return f"{self.year}年"

    def __str__(self) -> str:
        if self.span is Span.YEAR:
            return f"{self.year:04d}"
        number = f"{self.index:02d}" if self.span is Span.MONTH else str(self.index)
        return f"{self.year:04d}{_LETTER[self.span]}{number}"

    def __lt__(self, other: Period) -> bool:
        """Order by beginning; of two that begin together the shorter comes first."""
        return self._key() < other._key()

    def __le__(self, other: Period) -> bool:
        return self._key() <= other._key()

    def __gt__(self, other: Period) -> bool:
        return self._key() > other._key()

    def __ge__(self, other: Period) -> bool:
        return self._key() >= other._key()

    def _months(self) -> tuple[int, int]:
        """First month and the one after the last, counted through the years."""
        first = self.year * _MONTHS_IN_YEAR + (self.index - 1) * self.span.months
        return first, first + self.span.months

    def _key(self) -> tuple[int, int]:
        return self._months()
