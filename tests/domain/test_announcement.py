"""A year's notice is read as it is pasted, and the days it gives are those the package knows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain import deadlines
from app.domain.periods import Period
from app.domain.workdays import read_announcement
from app.errors import UserError
from app.services.days.calendar import chinese_calendar
from tests.domain.rulebooks import rulebook

# The arrangement of 2026, in the sentences such notices are written in.
_2026 = """
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
"""


def test_the_notice_of_2026_gives_every_day_the_published_calendar_has() -> None:
    known = chinese_calendar(2026)
    found = read_announcement(2026, _2026)
    typed = known.announce(2026, found.holidays, found.workdays)
    day = date(2026, 1, 1)
    while day.year == 2026:
        assert typed.is_working_day(day) is known.is_working_day(day), day
        day += timedelta(days=1)
    assert len(found.workdays) == 6


def test_a_list_and_full_width_digits_are_read_too() -> None:
    found = read_announcement(2027, "2027-01-01 休\n2027/1/3 班\n１月４日至６日放假")
    assert found.holidays == {
        date(2027, 1, 1),
        date(2027, 1, 4),
        date(2027, 1, 5),
        date(2027, 1, 6),
    }
    assert found.workdays == {date(2027, 1, 3)}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "没有读到日期"),
        ("2月30日放假", "不是日期"),
        ("1月1日", "放假还是上班"),
        ("10月7日至1日放假", "起止日期"),
        ("3日放假", "不是日期"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        read_announcement(2027, text)


def test_an_announced_year_moves_deadlines_and_takes_the_guess_off_them() -> None:
    year = chinese_calendar(2026).announced_until.year + 1
    guessed = chinese_calendar(year)
    found = read_announcement(year, "".join(f"6月{day}日放假；" for day in range(21, 31)))
    told = guessed.announce(year, found.holidays, found.workdays)
    book = rulebook("nanchang-2023")
    (before,) = _enter(book, year, guessed)
    (after,) = _enter(book, year, told)
    assert before.estimated
    assert not after.estimated
    assert after.due_on < before.due_on
    assert after.due_on <= date(year, 6, 20)


def _enter(book, year, calendar):  # type: ignore[no-untyped-def]
    found = deadlines.for_period(book, Period.parse(f"{year}Q2"), calendar)
    return [each for each in found if each.code == "enter"]
