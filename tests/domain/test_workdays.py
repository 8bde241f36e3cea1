from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.workdays import WorkCalendar
from app.errors import UserError
from app.services.days.calendar import chinese_calendar

_CALENDAR = chinese_calendar(2026)
_DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 1, 2), False),  # Friday given for the New Year
        (date(2026, 1, 4), True),  # Sunday worked for it
        (date(2026, 2, 14), True),  # Saturday before the Spring Festival
        (date(2026, 2, 16), False),
        (date(2026, 2, 23), False),
        (date(2026, 2, 24), True),
        (date(2026, 2, 28), True),
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),
        (date(2026, 10, 11), False),
        (date(2026, 7, 1), True),
    ],
)
def test_the_published_calendar_of_2026(day: date, worked: bool) -> None:
    assert _CALENDAR.is_working_day(day) is worked
    assert not _CALENDAR.is_estimated(day)


def test_a_year_nobody_announced_is_estimated_until_it_is_imported() -> None:
    after = date(_CALENDAR.announced_until.year + 1, 5, 6)
    assert _CALENDAR.is_estimated(after)
    known = _CALENDAR.announce(after.year, [after], [])
    assert not known.is_estimated(after)
    assert not known.is_working_day(after)
    assert known.is_working_day(date(2026, 2, 28))


def test_an_announcement_that_contradicts_itself_is_refused() -> None:
    day = date(2028, 5, 1)
    with pytest.raises(UserError, match="2028-05-01"):
        _CALENDAR.announce(2028, [day], [day])
    with pytest.raises(UserError, match="2028-05-01"):
        _CALENDAR.announce(2029, [day], [])


def test_counting_starts_on_the_day_after_the_event() -> None:
    # 10 Feb is a Tuesday; the Spring Festival takes 15-23, Saturdays 14 and 28 are worked.
    assert _CALENDAR.add_working_days(date(2026, 2, 10), 1) == date(2026, 2, 11)
    assert _CALENDAR.add_working_days(date(2026, 2, 10), 20) == date(2026, 3, 16)
    assert _CALENDAR.add_working_days(date(2026, 2, 10), 0) == date(2026, 2, 10)


def test_seven_full_working_days_are_left_before_the_quarter_ends() -> None:
    assert _CALENDAR.working_days_before(date(2026, 3, 31), 7) == date(2026, 3, 20)
    assert _CALENDAR.working_days_between(date(2026, 3, 20), date(2026, 3, 31)) == 7


@given(_DAYS, st.integers(1, 60))
def test_adding_lands_on_a_working_day_that_many_later(day: date, count: int) -> None:
    landed = _CALENDAR.add_working_days(day, count)
    assert _CALENDAR.is_working_day(landed)
    assert _CALENDAR.working_days_between(day, landed) == count


@given(_DAYS, st.integers(1, 30))
def test_what_is_left_before_a_day_is_exactly_the_count(day: date, count: int) -> None:
    strict = _CALENDAR.working_days_before(day, count)
    assert _CALENDAR.is_working_day(strict)
    assert _CALENDAR.working_days_between(strict, day) == count


def test_a_calendar_without_working_days_is_a_sentence_not_a_hang() -> None:
    first = date(2026, 1, 1)
    idle = WorkCalendar(
        frozenset(first + timedelta(days=step) for step in range(365)), frozenset(), first
    )
    with pytest.raises(UserError, match="日历"):
        idle.add_working_days(first, 1)
    with pytest.raises(UserError, match="日历"):
        idle.on_or_before(date(2026, 6, 1))


def test_a_later_years_notice_settles_no_year_before_it() -> None:
    first = _CALENDAR.announced_until.year + 1
    known = _CALENDAR.announce(first + 1, [date(first + 1, 5, 1)], [])
    assert known.is_estimated(date(first, 5, 6))
    assert not known.is_estimated(date(first + 1, 5, 6))
    # Counted through a year of guesses the end is one, wherever it lies.
    assert known.is_estimated_between(date(first, 12, 20), date(first + 1, 1, 20))
    assert not known.is_estimated_between(date(first + 1, 1, 20), date(first + 1, 2, 20))
