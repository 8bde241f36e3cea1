"""走势: the section's rates over the quarters, and how the load lay on each inspector.

Coverage is a stock: what was inspected in the running cycle by the quarter's last day.  The others
follow the quarter's own tasks to the day the figures are made, as the reports do (publication and
rectification run on after the period).
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.periods import Period
from app.domain.report import Rate

__all__ = ["Course", "CourseLine", "PersonLoad", "TrendRate", "quarters_until"]


class TrendRate(enum.Enum):
    """The four rates, in order."""

    COVERAGE = "coverage"
    COMPLETION = "completion"
    PUBLICATION = "publication"
    RECTIFICATION = "rectification"

    @property
    def label(self) -> str:
        """Word for a person."""
        return _LABELS[self]

    @property
    def formula(self) -> str:
        """What is divided by what."""
        return _FORMULAS[self]

    @property
    def of_targets(self) -> bool:
        """Whether it counts targets of the directory, not drawn tasks."""
        return self is TrendRate.COVERAGE


_LABELS = {
    TrendRate.COVERAGE: "周期覆盖率",
    TrendRate.COMPLETION: "任务完成率",
    TrendRate.PUBLICATION: "公示率",
    TrendRate.RECTIFICATION: "整改完成率",
}
_FORMULAS = {
    TrendRate.COVERAGE: "本轮周期内截至季末已检查 ÷ 在册对象",
    TrendRate.COMPLETION: "算作完成 ÷ 本季抽取任务",
    TrendRate.PUBLICATION: "已公示 ÷ 本季户数（不公示的除外）",
    TrendRate.RECTIFICATION: "整改完成 ÷ 责令整改",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseLine:
    """One rate, quarter by quarter; ``category``: of one category only (coverage), else empty."""

    rate: TrendRate
    label: str
    points: tuple[Rate, ...]
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLoad:
    """One inspector's tasks in each quarter; ``id`` is the person's."""

    id: int
    name: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """Over all quarters shown."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The quarters shown, oldest first, with the rates and the loads in each."""

    quarters: tuple[Period, ...]
    lines: tuple[CourseLine, ...]
    loads: tuple[PersonLoad, ...]

    @property
    def panels(self) -> tuple[CourseLine, ...]:
        """The four rates of all categories together: what a chart shows."""
        return tuple(line for line in self.lines if not line.category)

    @property
    def heads(self) -> tuple[str, ...]:
        """Short names of the quarters: 26年一季."""
        return tuple(short_words(each) for each in self.quarters)

    @property
    def newest_year(self) -> tuple[Period, ...]:
        """The quarters of the last one's year."""
        return tuple(each for each in self.quarters if each.year == self.quarters[-1].year)

    @staticmethod
    def words_of(quarters: Sequence[Period]) -> str:
        """2025年第三季度至2026年第二季度; one quarter alone names itself."""
        first, last = quarters[0].in_words(), quarters[-1].in_words()
        return first if first == last else f"{first}至{last}"


def short_words(quarter: Period) -> str:
    """26年一季."""
    return f"{quarter.year % 100:02d}年{'一二三四'[quarter.index - 1]}季"


_ALL_YEAR = 4


def quarters_until(last: Period) -> tuple[Period, ...]:
    """The quarters of the year before and of ``last``'s own, up to ``last``."""
    count = _ALL_YEAR + last.index
    return tuple(last.plus(step) for step in range(1 - count, 1))
