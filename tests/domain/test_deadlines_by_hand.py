"""Every kind of deadline of every rulebook, counted with a finger on the calendar of 2026.

放假调休 2026: 元旦 1–3 Jan (Sun 4 Jan worked); 春节 15–23 Feb (Sat 14 and 28 Feb worked);
清明 4–6 Apr; 劳动节 1–5 May (Sat 9 May worked); 端午 19–21 Jun; 中秋 25–27 Sep;
国庆 1–7 Oct (Sun 20 Sep, Sat 10 Oct worked).
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain.deadlines import Deadline, for_period, for_result, for_year, task_due
from app.domain.periods import Period
from app.domain.workdays import WorkCalendar
from app.services.days.calendar import chinese_calendar
from tests.domain.rulebooks import rulebook

_DAYS = chinese_calendar(2026)
_BREAKS = (
    (date(2026, 1, 1), date(2026, 1, 3)),
    (date(2026, 2, 15), date(2026, 2, 23)),
    (date(2026, 4, 4), date(2026, 4, 6)),
    (date(2026, 5, 1), date(2026, 5, 5)),
    (date(2026, 6, 19), date(2026, 6, 21)),
    (date(2026, 9, 25), date(2026, 9, 27)),
    (date(2026, 10, 1), date(2026, 10, 7)),
)
_WORKED = {
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
}


def _one(found: tuple[Deadline, ...], code: str) -> Deadline:
    (only,) = (each for each in found if each.code == code)
    return only


def test_the_calendar_is_the_state_councils_day_by_day() -> None:
    day = date(2026, 1, 1)
    while day.year == 2026:
        off = any(first <= day <= last for first, last in _BREAKS)
        worked = day in _WORKED or (day.weekday() < 5 and not off)
        assert _DAYS.is_working_day(day) is worked, day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("quarter", "strict", "late"),
    [
        (1, date(2026, 3, 20), date(2026, 3, 31)),
        (2, date(2026, 6, 18), date(2026, 6, 30)),  # 19–21 June is the Dragon Boat Festival
        (3, date(2026, 9, 20), date(2026, 9, 30)),  # a worked Sunday; 25–27 are off
        (4, date(2026, 12, 22), date(2026, 12, 31)),
    ],
)
def test_seven_working_days_before_each_quarters_end(
    quarter: int, strict: date, late: date
) -> None:
    period = Period.parse(f"2026Q{quarter}")
    enter = _one(for_period(rulebook("nanchang-2023"), period, _DAYS), "enter")
    assert (enter.due_on, enter.overdue_after, enter.estimated) == (strict, late, False)


@pytest.mark.parametrize(
    ("quarter", "tenth"),
    [
        (1, date(2026, 1, 15)),  # 4 (Sun), 5–9, 12–15
        (2, date(2026, 4, 16)),  # 2, 3, 7–10, 13–16
        (3, date(2026, 7, 15)),
        (4, date(2026, 10, 20)),  # 8, 9, 10 (Sat), 12–16, 19, 20
    ],
)
@pytest.mark.parametrize("name", ["nanchang-2023", "taijiang-2022"])
def test_the_tenth_working_day_of_a_quarter(name: str, quarter: int, tenth: date) -> None:
    period = Period.parse(f"2026Q{quarter}")
    assert _one(for_period(rulebook(name), period, _DAYS), "draw").due_on == tenth


@pytest.mark.parametrize(
    ("period", "by"),
    [
        ("2026Q1", date(2025, 12, 31)),
        ("2026Q2", date(2026, 3, 31)),
        ("2026Q4", date(2026, 9, 30)),
        ("2027Q1", date(2026, 12, 31)),
    ],
)
def test_the_month_before_the_quarter(period: str, by: date) -> None:
    draw = _one(for_period(rulebook("neimenggu"), Period.parse(period), _DAYS), "draw")
    assert (draw.due_on, draw.estimated) == (by, False)


@pytest.mark.parametrize(
    ("issued", "due", "remind"),
    [
        # The fiftieth day is the first of the Spring Festival: the worked Saturday before it.
        (date(2025, 12, 27), date(2026, 2, 15), date(2026, 2, 14)),
        (date(2026, 1, 8), date(2026, 2, 27), date(2026, 2, 27)),
        (date(2026, 8, 12), date(2026, 10, 1), date(2026, 9, 30)),
        (date(2026, 8, 18), date(2026, 10, 7), date(2026, 9, 30)),
        (date(2026, 8, 21), date(2026, 10, 10), date(2026, 10, 10)),
    ],
)
def test_fifty_calendar_days_from_the_issue(issued: date, due: date, remind: date) -> None:
    found = task_due(rulebook("taijiang-2022"), Period.of(issued, Period.parse("2026Q1").span),
                     issued, _DAYS)  # fmt: skip
    assert (found.due_on, found.remind_on) == (due, remind)


@pytest.mark.parametrize(
    ("inspected", "due"),
    [
        (date(2026, 2, 13), date(2026, 3, 19)),  # 14, 24–28, 2–6, 9–13, 16–19 March
        (date(2026, 2, 16), date(2026, 3, 20)),  # in the festival itself
        (date(2026, 9, 19), date(2026, 10, 22)),  # the day before the worked Sunday
        (date(2026, 9, 30), date(2026, 11, 3)),  # 8–10, 12–16, 19–23, 26–30 October, 2, 3
        (date(2026, 10, 4), date(2026, 11, 3)),
    ],
)
@pytest.mark.parametrize("name", ["yiyang-2021", "neimenggu", "nanchang-2023", "taijiang-2022"])
def test_twenty_working_days_to_publish(name: str, inspected: date, due: date) -> None:
    publish = _one(for_result(rulebook(name), _DAYS, inspected_on=inspected), "publish")
    assert (publish.due_on, publish.estimated) == (due, False)
    assert publish.exact is (name in {"yiyang-2021", "neimenggu"})


@pytest.mark.parametrize(
    ("published", "until"),
    [
        (date(2026, 1, 20), date(2026, 4, 21)),  # 18 by 13 February, 24 by the 28th
        (date(2026, 9, 18), date(2026, 12, 17)),  # 8 by 30 September, 11 by the worked Saturday
    ],
)
def test_sixty_working_days_a_review_may_be_asked_for(published: date, until: date) -> None:
    found = for_result(
        rulebook("taijiang-2022"), _DAYS, inspected_on=published, published_on=published
    )
    review = _one(found, "review")
    assert (review.due_on, review.estimated) == (until, False)


@pytest.mark.parametrize(
    ("found_on", "due", "remind"),
    [
        (date(2025, 11, 15), date(2026, 2, 15), date(2026, 2, 14)),  # the festival begins
        (date(2026, 1, 31), date(2026, 4, 30), date(2026, 4, 30)),  # April has 30 days
        (date(2026, 5, 31), date(2026, 8, 31), date(2026, 8, 31)),
        (date(2026, 7, 1), date(2026, 10, 1), date(2026, 9, 30)),
        (date(2026, 11, 30), date(2027, 2, 28), date(2027, 2, 26)),
        (date(2027, 11, 30), date(2028, 2, 29), date(2028, 2, 29)),  # a leap year
    ],
)
def test_three_months_to_rectify(found_on: date, due: date, remind: date) -> None:
    found = for_result(
        rulebook("qingdao-xihaian-2020"), _DAYS, inspected_on=found_on, problem_on=found_on
    )
    rectify = _one(found, "rectify")
    assert (rectify.due_on, rectify.remind_on) == (due, remind)


def _reminded(name: str, code: str) -> dict[tuple[int, int], tuple[int, int]]:
    """(month, day) of the deadline to that of its reminder, through 2026."""
    found = for_year(rulebook(name), 2026, _DAYS)
    return {
        (each.due_on.month, each.due_on.day): (each.remind_on.month, each.remind_on.day)
        for each in found
        if each.code == code
    }


def test_the_fifth_of_each_month_and_the_working_day_before_it() -> None:
    moved = {(4, 5): (4, 3), (5, 5): (4, 30), (7, 5): (7, 3), (9, 5): (9, 4), (10, 5): (9, 30),
             (12, 5): (12, 4)}  # fmt: skip
    same = {(month, 5): (month, 5) for month in range(1, 13)}
    assert _reminded("qingdao-xihaian-2020", "report_month") == same | moved


def test_the_tenth_and_fifteenth_of_a_quarter_and_the_years_own_days() -> None:
    qingdao = "qingdao-xihaian-2020"
    # 10 January is a Saturday; 10 October is one too, but worked.
    assert _reminded(qingdao, "report_quarter") == {
        (1, 10): (1, 9), (4, 10): (4, 10), (7, 10): (7, 10), (10, 10): (10, 10),
    }  # fmt: skip
    assert _reminded(qingdao, "directories_file") == {(m, 15): (m, 15) for m in (1, 4, 7, 10)}
    quarter_ends = {(3, 31): (3, 31), (6, 30): (6, 30), (9, 30): (9, 30), (12, 31): (12, 31)}
    for name in (qingdao, "yiyang-2021", "taijiang-2022"):
        assert _reminded(name, "directories") == quarter_ends
    assert _reminded(qingdao, "headcount") == {(1, 15): (1, 15)}
    assert _reminded("nanchang-2023", "directories") == {(12, 15): (12, 15)}
    for name in ("nanchang-2023", "neimenggu"):
        assert _reminded(name, "plan_annual") == {(12, 31): (12, 31)}
    for name in ("yiyang-2021", "taijiang-2022"):
        assert _reminded(name, "plan_annual") == {(1, 31): (1, 30)}  # a Saturday
    assert _reminded("yiyang-2021", "plan_quarter") == {
        day: day for day in ((1, 15), (4, 16), (7, 15), (10, 20))
    }


def _weeks_only(until: date) -> WorkCalendar:
    """Monday to Friday, published until a day; National Day of 2031 as everybody expects it."""
    festival = frozenset(date(2031, 10, day) for day in (1, 2, 3))
    return WorkCalendar(holidays=festival, workdays=frozenset(), announced_until=until)


def test_a_year_nobody_published_is_a_guess_and_its_notice_changes_it() -> None:
    guessed = _weeks_only(date(2030, 12, 31))
    book, period = rulebook("nanchang-2023"), Period.parse("2031Q4")
    inspected = date(2031, 9, 26)
    publish = _one(for_result(rulebook("yiyang-2021"), guessed, inspected_on=inspected), "publish")
    # 29, 30 September; 6–10, 13–17, 20–24 October; 27–29: twenty.
    assert (publish.due_on, publish.estimated) == (date(2031, 10, 29), True)
    assert publish.basis("方案五（三）") == "方案五（三），日历尚未公布，按推算"
    assert _one(for_period(book, period, guessed), "draw").estimated
    # Published: 1–7 off, Sunday 28 September and Saturday 11 October worked.
    known = guessed.announce(
        2031,
        [date(2031, 10, day) for day in range(1, 8)],
        [date(2031, 9, 28), date(2031, 10, 11)],
    )
    publish = _one(for_result(rulebook("yiyang-2021"), known, inspected_on=inspected), "publish")
    # 28 (Sun), 29, 30; 8–11 (Sat), 13–17, 20–24; 27–29: twenty again, by other days.
    assert (publish.due_on, publish.estimated) == (date(2031, 10, 29), False)
    draw = _one(for_period(book, period, known), "draw")
    # 8, 9, 10, 11 (Sat), 13–17, 20.
    assert (draw.due_on, draw.estimated) == (date(2031, 10, 20), False)
    assert _one(for_period(book, period, guessed), "draw").due_on == date(2031, 10, 17)


def test_a_day_of_the_almanac_is_never_a_guess() -> None:
    guessed = _weeks_only(date(2030, 12, 31))
    year = for_year(rulebook("qingdao-xihaian-2020"), 2031, guessed)
    assert not any(each.estimated for each in year)
