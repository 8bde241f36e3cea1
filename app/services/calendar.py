"""The Chinese working calendar: the ``holidays`` package, and the years this office typed in.

A year the State Council has not announced to the package yet can be announced here from its
notice (``announce``); what was typed in wins over the package.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, delete, select

from app.db.unit_of_work import UnitOfWork
from app.domain.workdays import Announcement, WorkCalendar, read_announcement
from app.errors import UserError
from app.models import CalendarDay

__all__ = [
    "AnnounceYear",
    "Announced",
    "announce",
    "announced_years",
    "chinese_calendar",
    "office_calendar",
    "read_file",
    "read_text",
]

_YEARS_BACK = 5
_YEARS_AHEAD = 5
_FEWEST = 7
"""A year's announcement names at least this many days off; fewer is a piece of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceYear:
    """节假日安排 of one year: the notice's text or list, and its document number."""

    year: int
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """How many days off and worked are on record for the year now."""

    year: int
    holidays: int
    workdays: int


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


def announce(uow: UnitOfWork, command: AnnounceYear) -> Announced:
    """Keep a year's published days in place of what was there; days already set stay as set.

    Errors: UserError if nothing can be read, a day is of another year, off and worked at once,
    or so few that the text is not the whole announcement.
    """
    found = read_announcement(command.year, command.text)
    if len(found.holidays) < _FEWEST:
        raise UserError(
            f"只读出 {len(found.holidays)} 天放假，不像一整年的安排。",
            "请把国务院办公厅通知里七个节日的安排都粘贴进来。",
        )
    # Refuses what cannot be: another year, off and worked at once.
    chinese_calendar(command.year).announce(command.year, found.holidays, found.workdays)
    uow.session.execute(
        delete(CalendarDay).where(
            CalendarDay.day >= date(command.year, 1, 1),
            CalendarDay.day <= date(command.year, 12, 31),
        )
    )
    source = " ".join(command.source.split())
    uow.session.add_all(
        CalendarDay(day=day, working=working, source=source, by=uow.actor, at=uow.now)
        for working, days in ((False, found.holidays), (True, found.workdays))
        for day in sorted(days)
    )
    made = Announced(year=command.year, holidays=len(found.holidays), workdays=len(found.workdays))
    uow.record(
        "calendar.announce",
        str(command.year),
        {"holidays": made.holidays, "workdays": made.workdays, "document": source},
    )
    uow.changed.add("calendar")
    uow.commit()
    return made


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
