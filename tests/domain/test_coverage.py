from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.coverage import CoverageState, barred_as_drawn, cycle_at, standing
from app.domain.frequency import frequency
from app.domain.periods import Period
from app.domain.rule_facts import DrawOutcome, Inspection, InspectionKind, TargetRecord
from app.domain.rulebook import Cycle, RepeatCounts, RepeatRule
from tests.domain.rulebooks import drawn, own

_TWO_YEARS = Cycle(months=24, start=date(2026, 1, 1), everyone=True, article="第十四条")
_ON = date(2026, 7, 1)


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), date(2027, 12, 31)),
        (date(2027, 12, 31), date(2026, 1, 1), date(2027, 12, 31)),
        (date(2028, 1, 1), date(2028, 1, 1), date(2029, 12, 31)),
        (date(2025, 12, 31), date(2024, 1, 1), date(2025, 12, 31)),
    ],
)
def test_a_day_belongs_to_one_run_of_the_cycle(day: date, first: date, last: date) -> None:
    span = cycle_at(_TWO_YEARS, day)
    assert (span.first_day, span.last_day) == (first, last)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 60))
def test_runs_follow_each_other_and_hold_their_day(day: date, months: int) -> None:
    cycle = Cycle(months=months, start=date(2026, 3, 1), everyone=True, article="x")
    span = cycle_at(cycle, day)
    assert span.holds(day)
    assert cycle_at(cycle, date.fromordinal(span.last_day.toordinal() + 1)).first_day > day


@pytest.mark.parametrize(
    ("period", "left"), [("2026Q1", 8), ("2027Q4", 1), ("2026H2", 3), ("2027", 1), ("2026M01", 24)]
)
def test_how_many_periods_are_left(period: str, left: int) -> None:
    when = Period.parse(period)
    assert cycle_at(_TWO_YEARS, when.first_day).periods_left(when) == left


def _state(*history: Inspection) -> tuple[CoverageState, int]:
    target = TargetRecord(id="1", category="A", history=history)
    where = standing(target, cycle_at(_TWO_YEARS, _ON), _ON)
    return where.state, where.times


def test_own_superior_and_joint_inspections_of_the_cycle_cover() -> None:
    for kind in (InspectionKind.SUPERIOR, InspectionKind.JOINT):
        visit = Inspection(kind=kind, on=date(2026, 2, 1))
        assert _state(visit, visit) == (CoverageState.COVERED, 1)
    assert _state(own("2026Q1"), own("2026Q2")) == (CoverageState.COVERED, 2)
    assert _state(own("2025Q4")) == (CoverageState.OPEN, 0)
    case = Inspection(kind=InspectionKind.CASE, on=date(2026, 2, 1))
    assert _state(case) == (CoverageState.OPEN, 0)
    assert _state(own("2026Q1", covers=False)) == (CoverageState.OPEN, 0)


def test_an_inspection_made_late_counts_in_its_draws_period() -> None:
    late = Inspection(kind=InspectionKind.OWN, on=date(2026, 1, 9), period=Period.parse("2025Q4"))
    assert _state(late) == (CoverageState.OPEN, 0)
    target = TargetRecord(id="1", category="A", history=(late,))
    assert frequency(target, 2025, _ON).done == ((InspectionKind.OWN, 1),)
    assert frequency(target, 2026, _ON).in_words() == "无"


def test_a_drawn_one_is_pending_then_open_again() -> None:
    ticket = drawn("2026Q2", "A", DrawOutcome.PENDING, date(2026, 7, 1))
    target = TargetRecord(id="1", category="A", drawn=(ticket,))
    span = cycle_at(_TWO_YEARS, _ON)
    assert standing(target, span, date(2026, 7, 1)).state is CoverageState.PENDING
    assert standing(target, span, date(2026, 7, 2)).state is CoverageState.OPEN
    assert frequency(target, 2026, _ON).in_words() == "待查1次"


def test_a_regulation_that_counts_inspections_lets_a_pending_one_be_drawn_again() -> None:
    ticket = drawn("2026Q2", "A", DrawOutcome.PENDING, date(2026, 8, 1))
    target = TargetRecord(id="1", category="A", drawn=(ticket,))
    where = standing(target, cycle_at(_TWO_YEARS, _ON), _ON)
    q3 = Period.parse("2026Q3")

    def barred(counts: RepeatCounts, period: Period = q3) -> bool:
        return barred_as_drawn(target, where, RepeatRule(counts=counts, article="x"), period, _ON)

    assert barred(RepeatCounts.DRAWN)
    assert not barred(RepeatCounts.INSPECTED)
    assert barred(RepeatCounts.INSPECTED, Period.parse("2026Q2"))
