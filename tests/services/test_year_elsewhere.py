"""Whole years of Taijiang, Inner Mongolia and Qingdao, each figure a literal counted by hand.

The sums stand in comments beside the literals; what a quarter did is kept in the exercise book of
``tests/support_year.py`` and compared with desk and report as in ``test_year_to_archive.py``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from app.domain.past_inspection import PastInspectionFacts
from app.services.plans import frequency_ledger, planning
from app.services.plans.planning import MakePlan
from app.services.tasks import past_inspections
from tests.support_year import (
    DIGITS,
    County,
    Line,
    check_desk,
    check_report,
    county,
    desk_coverage,
    plan_the_year,
    record_basis,
    the_same_r,
)

__all__ = ["the_same_r"]

pytestmark = pytest.mark.usefixtures("the_same_r")


def of_each(lines: Sequence[Line]) -> dict[str, int]:
    """How many of each category."""
    return dict(Counter(line.category for line in lines))


def visit_all(here: County, lines: Sequence[Line], on: date) -> None:
    for line in lines:
        if not line.locked and not line.gone:
            here.visit(line, on)


# --- Inner Mongolia -----------------------------------------------------------------------------


def excluded(here: County, period: str) -> dict[str, str]:
    """Who stays out of a period's draw, and why."""
    plan = here.office.read(planning.compute, MakePlan(period=period, on=here.today))
    return {each.ident: each.words for each in plan.excluded}


def counted(here: County, year: int, ident: str) -> int:
    """Inspections the frequency ledger of a year has of a target."""
    name = here.name_of(ident)
    lines = here.office.read(frequency_ledger.year_lines, year, here.today)
    return next((line.total for line in lines if line.name == name), 0)


def seen_by_others(here: County, ident: str, on: date, *, violation: bool = False) -> None:
    facts = PastInspectionFacts(on=on, kind="superior", violation=violation)
    here.office.write(
        past_inspections.record, past_inspections.RecordInspection(here.row_of(ident), facts)
    )
    here.covered_by_others.append((on, ident, ident.rstrip("0123456789")))


def test_inner_mongolia_draws_in_the_month_before_and_counts_in_the_periods_year(
    tmp_path: Path,
) -> None:
    targets = {"KEY": 8, "GENERAL": 30}
    months = {"KEY": 12, "GENERAL": 12}
    with county(tmp_path / "w", "neimenggu", targets, date(2025, 12, 10), people=3) as here:
        record_basis(here)
        plan_the_year(here, 2026)
        quarters = (
            (1, date(2025, 12, 10), date(2026, 1, 12), date(2026, 1, 30)),
            (2, date(2026, 3, 10), date(2026, 4, 13), date(2026, 4, 30)),
            (3, date(2026, 6, 10), date(2026, 7, 13), date(2026, 7, 31)),
            (4, date(2026, 9, 10), date(2026, 10, 12), date(2026, 10, 30)),
        )
        # 8 key × 25 % = 2.  3 holders of a certificate × 10 = 30 a year over four quarters: 30 ÷ 4
        # = 7.5 → 8, 22 ÷ 3 = 7.3 → 8, 14 ÷ 2 = 7, 7.
        wanted = {1: (2, 8), 2: (2, 8), 3: (2, 7), 4: (2, 7)}
        for quarter, drawn_on, seen_on, shown_on in quarters:
            here.day(drawn_on)
            lines = here.draw(quarter, DIGITS[quarter - 1])
            assert of_each(lines) == dict(zip(("KEY", "GENERAL"), wanted[quarter], strict=True))
            # 本季度内完成: the last day of the quarter, which follows the day of the draw.
            ends = (date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31))
            assert {line.due for line in lines} == {ends[quarter - 1]}
            here.day(seen_on)
            visit_all(here, lines, seen_on)
            here.day(shown_on)
            here.publish(*lines)
            check_desk(here, quarter, months)
            check_report(here, f"2026Q{quarter}")
        # 8 of 8 key, and all 28 general ones in force (two of 30 stand still): 30 visits, 28 sites.
        assert here.coverage(months) == {"KEY": 8, "GENERAL": 28}
        next_year(here)


def next_year(here: County) -> None:
    """December: the draw for the next year's first quarter."""
    times = Counter(line.target for line in here.lines)
    full, lifted = sorted(ident for ident, count in times.items() if count == 1)[:2]
    here.day(date(2026, 12, 8))
    seen_by_others(here, full, date(2026, 12, 7))
    seen_by_others(here, lifted, date(2026, 12, 7), violation=True)
    assert (counted(here, 2026, full), counted(here, 2027, full)) == (2, 0)
    assert "年度检查次数上限2次" in excluded(here, "2026Q4")[full]
    assert "年度检查次数上限" not in excluded(here, "2026Q4").get(lifted, "")
    assert full not in excluded(here, "2027Q1")
    record_basis(here, year=2027)
    plan_the_year(here, 2027)
    lines = here.draw(5, DIGITS[4])
    assert of_each(lines) == {"KEY": 2, "GENERAL": 8}
    assert {line.due for line in lines} == {date(2027, 3, 31)}
    # Gone to before the turn of the year: the visit is one of the period's year.
    early, *rest = lines
    before = counted(here, 2026, early.target)
    here.day(date(2026, 12, 28))
    here.visit(early, date(2026, 12, 28))
    assert counted(here, 2026, early.target) == before
    assert counted(here, 2027, early.target) == 1
    here.day(date(2027, 1, 11))
    visit_all(here, rest, date(2027, 1, 11))
    here.publish(*lines)
    check_report(here, "2027Q1")
    # The new year's coverage begins anew; the visit of 28 December is in it.
    assert desk_coverage(here) == {"KEY": 2, "GENERAL": 8}
