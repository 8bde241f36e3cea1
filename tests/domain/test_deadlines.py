from __future__ import annotations

from datetime import date

import pytest

from app.domain.deadlines import (
    Deadline,
    explained_after,
    for_draw,
    for_period,
    for_result,
    for_year,
    task_due,
)
from app.domain.periods import Period
from app.services.days.calendar import chinese_calendar
from tests.domain.rulebooks import rulebook

_CALENDAR = chinese_calendar(2026)
_Q1 = Period.parse("2026Q1")


def _one(deadlines: tuple[Deadline, ...], code: str) -> Deadline:
    (found,) = (deadline for deadline in deadlines if deadline.code == code)
    return found


def test_nanchang_reminds_of_the_strict_reading_and_is_late_only_after_the_quarter() -> None:
    enter = _one(for_period(rulebook("nanchang-2023"), _Q1, _CALENDAR), "enter")
    assert (enter.due_on, enter.overdue_after) == (date(2026, 3, 20), date(2026, 3, 31))
    assert not enter.is_overdue(date(2026, 3, 31))
    assert enter.is_overdue(date(2026, 4, 1))
    assert enter.article == "第十八条"


def test_nanchang_before_a_quarter_that_ends_in_the_national_day_week() -> None:
    enter = _one(for_period(rulebook("nanchang-2023"), Period.parse("2026Q3"), _CALENDAR), "enter")
    # 30, 29, 28, then 24-21 (25-27 is the Mid-Autumn Festival); the 20th is a worked Sunday.
    assert enter.due_on == date(2026, 9, 20)


def test_taijiang_has_fifty_calendar_days_from_the_issue() -> None:
    due = task_due(rulebook("taijiang-2022"), _Q1, date(2026, 1, 8), _CALENDAR)
    assert (due.code, due.due_on) == ("finish", date(2026, 2, 27))


def test_inner_mongolia_draws_in_the_month_before_and_finishes_within_the_quarter() -> None:
    book = rulebook("neimenggu")
    deadlines = for_period(book, _Q1, _CALENDAR)
    assert _one(deadlines, "draw").due_on == date(2025, 12, 31)
    assert book.draw_months_ahead.value == 1
    assert task_due(book, _Q1, date(2025, 12, 20), _CALENDAR).due_on == date(2026, 3, 31)
    assert "draw" not in {item.code for item in for_draw(book, _Q1, date(2025, 12, 20), _CALENDAR)}


@pytest.mark.parametrize(("name", "days"), [("yiyang-2021", 20), ("neimenggu", 20), ("sixth", 15)])
def test_publication_counts_working_days_over_the_spring_festival(name: str, days: int) -> None:
    inspected = date(2026, 2, 10)
    publish = _one(for_result(rulebook(name), _CALENDAR, inspected_on=inspected), "publish")
    assert publish.due_on == _CALENDAR.add_working_days(inspected, days)
    assert publish.exact


def test_the_review_window_is_nobodys_delay() -> None:
    review = _one(
        for_result(
            rulebook("taijiang-2022"),
            _CALENDAR,
            inspected_on=date(2026, 1, 20),
            published_on=date(2026, 2, 2),
        ),
        "review",
    )
    assert review.window
    assert not review.is_overdue(date(2030, 1, 1))
    assert _CALENDAR.working_days_between(date(2026, 2, 2), review.due_on) == 60


def test_qingdao_has_three_months_to_rectify_and_reminds_before_a_weekend() -> None:
    rectify = _one(
        for_result(
            rulebook("qingdao-xihaian-2020"),
            _CALENDAR,
            inspected_on=date(2026, 11, 30),
            problem_on=date(2026, 11, 30),
        ),
        "rectify",
    )
    assert rectify.due_on == date(2027, 2, 28)  # a Sunday, and November has 30 days
    assert rectify.remind_on == date(2027, 2, 26)


def test_only_qingdao_wants_a_later_deadline_explained() -> None:
    on = date(2026, 11, 30)
    assert explained_after(rulebook("qingdao-xihaian-2020"), on) == date(2027, 2, 28)
    assert explained_after(rulebook("qingdao-xihaian-2020"), None) is None
    for name in ("nanchang-2023", "yiyang-2021", "taijiang-2022", "neimenggu"):
        assert explained_after(rulebook(name), on) is None


def test_qingdaos_year_has_its_fifths_tenths_and_fifteenths() -> None:
    year = for_year(rulebook("qingdao-xihaian-2020"), 2026, _CALENDAR)
    days = {
        code: [(item.due_on.month, item.due_on.day) for item in year if item.code == code]
        for code in ("report_month", "report_quarter", "directories_file", "headcount")
    }
    assert days["report_month"] == [(month, 5) for month in range(1, 13)]
    assert days["report_quarter"] == [(1, 10), (4, 10), (7, 10), (10, 10)]
    assert days["directories_file"] == [(1, 15), (4, 15), (7, 15), (10, 15)]
    assert days["headcount"] == [(1, 15)]


def test_nanchang_keeps_its_directories_by_the_fifteenth_of_december() -> None:
    directories = _one(for_year(rulebook("nanchang-2023"), 2026, _CALENDAR), "directories")
    assert directories.due_on == date(2026, 12, 15)
    assert (
        directories.in_words()
        == "2026年12月15日前更新检查对象和执法检查人员名录库（第七条、第八条）"
    )


def test_a_count_into_an_unannounced_year_says_that_it_is_estimated() -> None:
    book = rulebook("yiyang-2021")
    late = _CALENDAR.announced_until
    publish = _one(for_result(book, _CALENDAR, inspected_on=late), "publish")
    assert publish.estimated
    assert "推算" in publish.in_words()


def test_a_regulation_that_names_no_end_gets_the_periods() -> None:
    due = task_due(rulebook("sixth"), _Q1, date(2026, 1, 8), _CALENDAR)
    assert (due.due_on, due.exact) == (date(2026, 3, 31), False)
    draw = _one(for_period(rulebook("sixth"), _Q1, _CALENDAR), "draw")
    assert draw.due_on == date(2026, 1, 15)


@pytest.mark.parametrize(
    ("inspected", "due"),
    [
        # 14 and 28 February are worked Saturdays, 15–23 the Spring Festival.
        (date(2026, 2, 6), date(2026, 3, 12)),
        # 25–27 September and 1–7 October are off, Saturday 10 October is worked.
        (date(2026, 9, 24), date(2026, 10, 29)),
        # Worked Sunday before the National Day counts like any other day.
        (date(2026, 9, 18), date(2026, 10, 22)),
    ],
)
def test_twenty_working_days_across_the_long_holidays(inspected: date, due: date) -> None:
    found = for_result(rulebook("yiyang-2021"), _CALENDAR, inspected_on=inspected)
    publish = _one(found, "publish")
    assert publish.due_on == due
    assert _CALENDAR.working_days_between(inspected, due) == 20
    assert not publish.estimated


def test_twenty_working_days_in_a_year_nobody_announced_are_a_guess() -> None:
    year = _CALENDAR.announced_until.year + 1
    found = for_result(
        rulebook("yiyang-2021"), chinese_calendar(year), inspected_on=date(year, 9, 24)
    )
    publish = _one(found, "publish")
    assert publish.estimated
    assert "按推算" in publish.in_words()
