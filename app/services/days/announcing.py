"""节假日安排 of a year typed in: the calendar follows it, and so do tasks dated by an estimate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, delete, select

from app.db.unit_of_work import UnitOfWork
from app.domain.deadlines import ESTIMATED, Deadline, task_due
from app.domain.inspection import ResultState
from app.domain.periods import Period
from app.domain.workdays import WorkCalendar, read_announcement
from app.errors import UserError
from app.models import Assignment, CalendarDay, Draw, Publication, Result, ReviewApplication
from app.services import rulebooks
from app.services.days import calendar
from app.services.public import public_matters

__all__ = ["AnnounceYear", "Announced", "announce"]

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
    """Days off and worked on record for the year now.

    ``moved``: tasks and 复查申请 that got another day.
    """

    year: int
    holidays: int
    workdays: int
    moved: int = 0


def announce(uow: UnitOfWork, command: AnnounceYear) -> Announced:
    """Keep a year's published days in place of what was there; other days already set stay.

    Open tasks whose day was an estimate, or followed what was typed before, are dated anew, and so
    is the last day for 复查申请 that are not answered yet: the notice settles it.

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
    around = calendar.chinese_calendar(command.year)
    around.announce(command.year, found.holidays, found.workdays)
    before = _task_days(uow)
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
    uow.session.flush()
    moved = [*_date_anew(uow, before), *_windows_anew(uow)]
    made = Announced(
        year=command.year,
        holidays=len(found.holidays),
        workdays=len(found.workdays),
        moved=len(moved),
    )
    uow.record(
        "calendar.announce",
        str(command.year),
        {
            "holidays": made.holidays,
            "workdays": made.workdays,
            "document": source,
            "moved": moved,
        },
    )
    uow.changed |= {"calendar", "assignment"}
    uow.commit()
    return made


def _task_days(uow: UnitOfWork) -> dict[int, Deadline]:
    """The day the rulebook sets each open task under the calendar that holds now."""
    connection = uow.session.connection()
    rulebook = rulebooks.of_unit(connection)
    days = _Calendars(connection)
    return {
        task.id: task_due(
            rulebook,
            Period.parse(draw.period),
            draw.closed_at.astimezone().date() if draw.closed_at else uow.today,
            days.of(Period.parse(draw.period).year),
        )
        for task, draw in _open_tasks(uow)
    }


class _Calendars:
    """The office's calendar about a year, each put together once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[int, WorkCalendar] = {}

    def of(self, year: int) -> WorkCalendar:
        """The calendar about a year."""
        if year not in self._known:
            self._known[year] = calendar.office_calendar(self._connection, year)
        return self._known[year]


def _open_tasks(uow: UnitOfWork) -> Sequence[tuple[Assignment, Draw]]:
    locked = select(Result.assignment_id).where(Result.state == ResultState.LOCKED)
    rows = uow.session.execute(
        select(Assignment, Draw)
        .join(Draw, Draw.id == Assignment.draw_id)
        .where(Assignment.id.not_in(locked))
    )
    return [(row[0], row[1]) for row in rows]


def _date_anew(uow: UnitOfWork, before: Mapping[int, Deadline]) -> list[str]:
    """Give open tasks their day under the calendar now; which moved.

    A day that is neither a guess nor what the calendar of ``before`` gave was set by somebody: it
    stays.
    """
    rulebook = rulebooks.of_unit(uow.session.connection())
    after = _task_days(uow)
    moved = []
    for task, draw in _open_tasks(uow):
        guessed = ESTIMATED in task.due_basis
        now = after[task.id]
        if not guessed and (task.due_on != before[task.id].due_on or now.due_on == task.due_on):
            continue
        if task.due_on != now.due_on:
            moved.append(f"{draw.no}/{task.serial}")
        task.due_on, task.due_basis = now.due_on, now.basis(rulebook.cite(now.article))
    return moved


def _windows_anew(uow: UnitOfWork) -> list[str]:
    """Count the window of every application without an answer again; which of them moved."""
    connection = uow.session.connection()
    rows = uow.session.execute(
        select(ReviewApplication, Publication.published_on, Draw.no, Assignment.serial)
        .join(Publication, Publication.result_id == ReviewApplication.result_id)
        .join(Result, Result.id == ReviewApplication.result_id)
        .join(Assignment, Assignment.id == Result.assignment_id)
        .join(Draw, Draw.id == Assignment.draw_id)
        .where(ReviewApplication.answered_on.is_(None))
        .order_by(ReviewApplication.id)
    ).all()
    moved = []
    for review, published_on, no, serial in rows:
        until = public_matters.open_until(connection, published_on)
        if review.open_until != until:
            review.open_until = until
            moved.append(f"{no}/{serial}")
    return moved
