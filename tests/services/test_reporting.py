"""The period's report counts as done what the unit's own regulation calls done."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.domain.report import Line, Measure
from app.services.days import reporting
from app.services.public.publishing import Publish, publish
from tests.support_draw import (
    PERIOD,
    DrawnOffice,
    lock_result,
    make_drawn_office,
    ordered_entry,
)


def _report(office: DrawnOffice) -> Line:
    """The line of all categories."""
    return office.workspace.read(reporting.report, PERIOD, date(2026, 9, 15)).report.total


@pytest.mark.parametrize(
    ("rulebook", "entered", "published"),
    [
        ("taijiang-2022", 3, 3),  # entered is done
        ("yiyang-2021", 0, 2),  # unpublished is not done (五（三）)
        ("neimenggu", 3, 3),
        ("qingdao-xihaian-2020", 2, 2),  # what was ordered is not yet rectified (七（三）)
    ],
)
def test_done_is_what_the_regulation_calls_done(
    tmp_path: Path, rulebook: str, entered: int, published: int
) -> None:
    office = make_drawn_office(tmp_path / "office", rulebook=rulebook)
    try:
        results = [lock_result(office, task) for task in office.tasks[:2]]
        task = office.tasks[2]
        lock_result(office, task, ordered_entry(office, task))
        before = _report(office)
        numbers = [before.number(each) for each in (Measure.SITES, Measure.VISITS, Measure.DONE)]
        assert numbers == [5, 5, entered]
        office.workspace.write(
            publish, Publish(result_ids=tuple(results), on=date(2026, 9, 15), place="门户网站")
        )
        assert _report(office).number(Measure.DONE) == published
    finally:
        office.workspace.close()
