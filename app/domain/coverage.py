"""Where a target stands in its category's cycle.

*Coverage* counts inspections: own, superior and joint ones alike, whatever the
category was when they were made.  *Repeat* counts draws: a drawn target waits
for its inspection; one that was drawn and never inspected returns to the pool.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from app.domain.periods import Period
from app.domain.rule_facts import InspectionKind, TargetRecord
from app.domain.rulebook import Cycle, RepeatCounts, RepeatRule

_COVERING = frozenset({InspectionKind.OWN, InspectionKind.SUPERIOR, InspectionKind.JOINT})


class CoverageState(Enum):
    """A target's state in the cycle."""

    OPEN = "open"
    PENDING = "pending"  # drawn, waits for its inspection
    COVERED = "covered"


@dataclass(frozen=True, slots=True)
class CycleSpan:
    """One run of a cycle, both days included."""

    first_day: date
    last_day: date

    def holds(self, day: date) -> bool:
        """Whether ``day`` falls into it."""
        return self.first_day <= day <= self.last_day

    def periods_left(self, period: Period) -> int:
        """How many periods like this one are left in the run, this one included."""
        months = _month_number(self.last_day) + 1 - _month_number(period.first_day)
        return max(1, -(-months // period.span.months))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A target in its category's cycle.

    ``times``: coverings in the cycle — own draws inspected, or 1 if only others
    inspected it; the round it has reached.  ``pending``: drawn and waiting.
    """

    state: CoverageState
    times: int
    pending: bool


def cycle_at(cycle: Cycle, day: date) -> CycleSpan:
    """Give the run of the cycle that ``day`` falls into; runs go on before the start date too."""
    start = _month_number(cycle.start)
    run = (_month_number(day) - start) // cycle.months
    first = _month_start(start + run * cycle.months)
    following = _month_start(start + (run + 1) * cycle.months)
    return CycleSpan(first, following - timedelta(days=1))


def standing(target: TargetRecord, span: CycleSpan, on: date) -> Standing:
    """Say where a target stands in a run of the cycle, as known on day ``on``."""
    own = others = 0
    for item in target.history:
        if item.covers and item.kind in _COVERING and span.holds(item.counted_on):
            if item.kind is InspectionKind.OWN:
                own += 1
            else:
                others += 1
    pending = any(draw.pending(on) and span.holds(draw.period.first_day) for draw in target.drawn)
    times = max(own, 1 if others else 0)
    if times:
        state = CoverageState.COVERED
    else:
        state = CoverageState.PENDING if pending else CoverageState.OPEN
    return Standing(state=state, times=times, pending=pending)


def barred_as_drawn(
    target: TargetRecord, standing_: Standing, repeat: RepeatRule, period: Period, on: date
) -> bool:
    """Say whether an earlier draw keeps the target out of this one.

    Never twice in one period; beyond that a pending one is out where the
    regulation counts draws, and in where it counts inspections only.
    """
    if any(draw.counts(on) and draw.period.overlaps(period) for draw in target.drawn):
        return True
    return repeat.counts is RepeatCounts.DRAWN and standing_.pending


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _month_start(number: int) -> date:
    year, month = divmod(number, 12)
    return date(year, month + 1, 1)
