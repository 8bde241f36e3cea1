"""When something is overdue, due today, due this week, or not yet worth a line."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain.desk import FirstSteps, When, when_due

TODAY = date(2026, 9, 15)


@pytest.mark.parametrize(
    ("days", "when"),
    [
        (-1, When.OVERDUE),
        (0, When.TODAY),
        (1, When.WEEK),
        (7, When.WEEK),
        (8, None),
    ],
)
def test_groups_by_distance(days: int, when: When | None) -> None:
    assert when_due(TODAY + timedelta(days=days), TODAY) is when


def test_a_text_read_two_ways_is_due_before_it_is_late() -> None:
    # Strict: 10 September; mild: the quarter's end.
    due, late_after = date(2026, 9, 10), date(2026, 9, 30)
    assert when_due(due, TODAY, late_after=late_after) is When.TODAY
    assert when_due(due, date(2026, 10, 1), late_after=late_after) is When.OVERDUE


def test_the_checklist_ends_with_the_first_draw() -> None:
    assert not FirstSteps(targets=3, inspectors=2, items=1, draws=0).finished
    assert FirstSteps(targets=3, inspectors=2, items=1, draws=1).finished
