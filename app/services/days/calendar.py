"""The Chinese working calendar: the ``holidays`` package, and the years this office typed in.

A year the State Council has not announced to the package yet can be announced here from its
notice (`announcing`); what was typed in wins over the package.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, select

from app.domain.workdays import Announcement, WorkCalendar, read_announcement
from app.models import CalendarDay

__all__ = [
    "announced_years",
    "chinese_calendar",
    "office_calendar",
    "read_file",
    "read_text",
]

_YEARS_BACK = 5
_YEARS_AHEAD = 5


def chinese_calendar(around: int) -> WorkCalendar:
    """Give the package's calendar for the years about ``around``.

    Years the State Council has not announced yet carry the festivals' own days
    and no 调休; ``WorkCalendar.is_estimated`` tells them apart.
    """
    return _calendar(range(around - _YEARS_BACK, around + _YEARS_AHEAD + 1))


def office_calendar(connection: Connection, around: int) -> WorkCalendar:
    """Give the calendar that holds here: the package's with the years typed in."""
    days = chinese_calendar(around)
    rows = connection.execute(
        select(CalendarDay.day, CalendarDay.working).order_by(CalendarDay.day)
    ).all()
    for year in sorted({row.day.year for row in rows}):
        own = [row for row in rows if row.day.year == year]
        days = days.announce(
            year,
            [row.day for row in own if not row.working],
            [row.day for row in own if row.working],
        )
    return days


def announced_years(connection: Connection) -> dict[int, str]:
    """Years that were typed in here, with the document they come from."""
    rows = connection.execute(select(CalendarDay.day, CalendarDay.source).order_by(CalendarDay.day))
    return {row.day.year: row.source for row in rows}


def read_text(year: int, text: str) -> Announcement:
    """Read a notice or a list for a year, for showing it first; UserError names a bad line."""
    return read_announcement(year, text)


def read_file(path: Path) -> str:
    """The text of a file with an arrangement: a table (xlsx, et, csv) or a plain text.

    Errors: UserError if it is neither, EnvironmentFault if it cannot be read.
    """
    from app.exchange.reading import open_workbook

    sheet = open_workbook(path).sheets[0]
    return "\n".join(
        " ".join(_cell(each) for each in row if each is not None) for row in sheet.rows
    )


def _cell(value: object) -> str:
    """A cell as text; a date without its hours."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value)


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
