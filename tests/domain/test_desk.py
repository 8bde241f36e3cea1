"""When something is overdue, due today, due this week, or not yet worth a line."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain.desk import FirstSteps, Morning, When
from app.services.days.calendar import chinese_calendar

TODAY = date(2026, 9, 8)  # a Tuesday of ordinary weeks
_DAYS = chinese_calendar(2026)


def _when(due: date, today: date, late_after: date | None = None) -> When | None:
    return Morning(today, _DAYS).when(due, late_after=late_after)


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
    assert _when(TODAY + timedelta(days=days), TODAY) is when


def test_a_text_read_two_ways_is_due_before_it_is_late() -> None:
    # Strict: 10 September; mild: the quarter's end.
    due, late_after = date(2026, 9, 10), date(2026, 9, 30)
    assert _when(due, date(2026, 9, 15), late_after) is When.TODAY
    assert _when(due, date(2026, 10, 1), late_after) is When.OVERDUE


@pytest.mark.parametrize(
    ("today", "due", "when"),
    [
        # National Day, 1–7 October off, Sunday 20 September and Saturday 10 October worked.
        (date(2026, 9, 29), date(2026, 10, 7), When.WEEK),
        (date(2026, 9, 30), date(2026, 10, 7), When.TODAY),  # nobody is there to do it later
        (date(2026, 10, 3), date(2026, 10, 7), When.TODAY),
        (date(2026, 10, 8), date(2026, 10, 7), When.OVERDUE),
        # Four working days: 28, 29, 30 September and the eighth itself (25–27 are off).
        (date(2026, 9, 25), date(2026, 10, 8), When.WEEK),
        (date(2026, 9, 23), date(2026, 10, 8), When.WEEK),  # five
        (date(2026, 9, 22), date(2026, 10, 8), None),  # six
        (date(2026, 9, 19), date(2026, 9, 20), When.WEEK),  # the worked Sunday is a day like any
        # The Spring Festival, 15–23 February off, Saturdays 14 and 28 worked.
        (date(2026, 2, 13), date(2026, 2, 15), When.WEEK),
        (date(2026, 2, 14), date(2026, 2, 15), When.TODAY),
        (date(2026, 2, 10), date(2026, 2, 24), When.WEEK),  # 11, 12, 13, 14, 24
        (date(2026, 2, 9), date(2026, 2, 24), None),
        # An ordinary Saturday's day is Friday's work.
        (date(2026, 9, 4), date(2026, 9, 5), When.TODAY),
    ],
)
def test_festivals_bring_a_day_forward_and_hide_none(
    today: date, due: date, when: When | None
) -> None:
    assert _when(due, today) is when


def test_what_is_left_is_said_in_words() -> None:
    morning = Morning(date(2026, 9, 30), _DAYS)
    assert morning.left_in_words(date(2026, 9, 28)) == "已过期限 2 天"
    assert morning.left_in_words(date(2026, 9, 30)) == "今天到期"
    assert morning.left_in_words(date(2026, 10, 7)) == "离期限还有 7 天，其间都是休息日"
    assert morning.left_in_words(date(2026, 10, 8)) == "离期限还有 8 天"


def test_the_checklist_ends_with_the_first_draw() -> None:
    assert not FirstSteps(targets=3, inspectors=2, items=1, draws=0).finished
    assert FirstSteps(targets=3, inspectors=2, items=1, draws=1).finished
