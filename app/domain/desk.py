"""工作台: what is due, how far the period is, how the cycle stands — as words and numbers.

Plain values only: whoever reads the database fills them in, the window draws them.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

__all__ = [
    "CoverageBar",
    "Desk",
    "Figure",
    "FirstSteps",
    "Load",
    "Todo",
    "When",
    "day_in_words",
    "in_order",
    "when_due",
]

_A_WEEK = 7


class When(enum.Enum):
    """The three groups of the list, in order."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"

    @property
    def label(self) -> str:
        """Word for a person."""
        return {"overdue": "逾期", "today": "今天", "week": "本周"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """One sentence with its button.

    ``page`` names the tab the button opens, ``where`` what to show there (an assignment's or
    draw's number; None: just the tab).  ``due_on`` sorts within a group.
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
    """One inspector's tasks of the year."""

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


def when_due(due: date, today: date, *, late_after: date | None = None) -> When | None:
    """The group of something due; None if it is more than a week away.

    ``late_after``: the last day on which it is not late yet, where that is not ``due`` itself.
    """
    if today > (late_after or due):
        return When.OVERDUE
    if due <= today:
        return When.TODAY
    return When.WEEK if (due - today).days <= _A_WEEK else None


def day_in_words(day: date) -> str:
    """9 月 20 日."""
    return f"{day.month} 月 {day.day} 日"


def in_order(found: Iterable[Todo]) -> tuple[Todo, ...]:
    """By group, then by day."""
    order = list(When)
    return tuple(sorted(found, key=lambda t: (order.index(t.when), t.due_on or date.max)))
