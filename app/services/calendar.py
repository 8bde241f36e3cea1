"""The Chinese working calendar, from the ``holidays`` package, fed to the rules."""

from __future__ import annotations

from datetime import date
from functools import cache

from app.domain.workdays import WorkCalendar

_YEARS_BACK = 5
_YEARS_AHEAD = 5


def chinese_calendar(around: int) -> WorkCalendar:
    """Give the calendar for the years about ``around``.

    Years the State Council has not announced yet carry the festivals' own days
    and no 调休; ``WorkCalendar.is_estimated`` tells them apart.
    """
    return _calendar(range(around - _YEARS_BACK, around + _YEARS_AHEAD + 1))


@cache
def _calendar(years: range) -> WorkCalendar:
    from holidays.countries.china import China

    china = China(years=years)  # type: ignore[no-untyped-call]
    # It keeps one entry for each year the State Council has announced.
    announced = max(china.special_public_holidays)
    return WorkCalendar(
        holidays=frozenset(china),
        workdays=frozenset(china.weekend_workdays),
        announced_until=date(announced, 12, 31),
    )
