"""工作台: what is due, how far the period is, how the cycle stands — as words and numbers.

Plain values only: whoever reads the database fills them in, the window draws them.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.workdays import WorkCalendar

__all__ = [
    "CoverageBar",
    "Desk",
    "Figure",
    "FirstSteps",
    "Load",
    "Morning",
    "TheseRows",
    "Todo",
    "When",
    "day_in_words",
    "in_order",
]

_A_WEEK = 7
_WORKING_WEEK = 5


class When(enum.Enum):
    """The three groups of the list, in order."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"

    @property
    def label(self) -> str:
        """Word for a person."""
        return {"overdue": "逾期", "today": "今天", "week": "本周"}[self.value]


@dataclass(frozen=True, slots=True)
class TheseRows:
    """The rows a to-do has counted, for its page to show no others.

    ``ids``: of assignments, or of people on their page; ``words``: what they have in common.
    """

    ids: tuple[int, ...]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """One sentence with its button.

    ``page`` names the tab the button opens, ``where`` what to show there (an assignment's or
    draw's number, ``TheseRows``; None: just the tab).  ``due_on`` sorts within a group.
    """

    when: When
    sentence: str
    detail: str
    action: str
    page: str
    where: object = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """``done`` of ``total``, and what is open, in words."""

    done: int
    total: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageBar:
    """A category's cycle: inspected, drawn and waiting, of all in force.

    ``steps``: periods of the cycle; ``step``: which one this is (1 first); ``expected``: share
    (0–1) that should be covered by its end, None where not everyone must be covered.
    """

    label: str
    cycle: str
    total: int
    covered: int
    pending: int
    steps: int
    step: int
    expected: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One inspector's tasks of the year; ``id`` is the person's."""

    id: int
    name: str
    done: int
    pending: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSteps:
    """What a new office already has, on the way to its first draw."""

    targets: int
    inspectors: int
    items: int
    draws: int

    @property
    def finished(self) -> bool:
        """Whether the first draw was made."""
        return self.draws > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything 工作台 shows, as known on one day."""

    today: date
    period: str
    period_words: str
    rulebook: str
    targets: int
    inspectors: int
    note: str
    first: FirstSteps
    todos: tuple[Todo, ...]
    drawn: Figure
    inspected: Figure
    published: Figure
    rectified: Figure
    coverage: tuple[CoverageBar, ...]
    loads: tuple[Load, ...]
    results_waiting: int
    publications_waiting: int


@dataclass(frozen=True, slots=True)
class Morning:
    """One day at the desk: which group something due belongs to, in the working calendar.

    What falls into days off is due on the last working day before them, and the week that is
    looked ahead never has fewer than five working days: after a festival it is too late to begin.
    """

    today: date
    days: WorkCalendar

    def when(self, due: date, *, late_after: date | None = None) -> When | None:
        """The group; None if it is farther away than this week.

        ``late_after``: the last day on which it is not late yet, where that is not ``due`` itself.
        """
        if self.today > (late_after or due):
            return When.OVERDUE
        if self.days.on_or_before(due) <= self.today:
            return When.TODAY
        near = (due - self.today).days <= _A_WEEK
        if near or self.days.working_days_between(self.today, due) <= _WORKING_WEEK:
            return When.WEEK
        return None

    def day(self, day: date) -> str:
        """9 月 20 日; with the year where it is not this one."""
        year = "" if day.year == self.today.year else f"{day.year} 年 "
        return year + day_in_words(day)

    def left_in_words(self, due: date) -> str:
        """How long there is: 离期限还有 5 天, 今天到期, 已过期限 2 天, 其间休息."""
        left = (due - self.today).days
        if left < 0:
            return f"已过期限 {-left} 天"
        if left == 0:
            return "今天到期"
        free = not self.days.working_days_between(self.today, due)
        return f"离期限还有 {left} 天" + ("，其间都是休息日" if free else "")


def day_in_words(day: date) -> str:
    """9 月 20 日."""
    return f"{day.month} 月 {day.day} 日"


def in_order(found: Iterable[Todo]) -> tuple[Todo, ...]:
    """By group, then by day."""
    order = list(When)
    return tuple(sorted(found, key=lambda t: (order.index(t.when), t.due_on or date.max)))
