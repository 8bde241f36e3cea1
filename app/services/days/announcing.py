"""节假日安排 of a year typed in: the calendar follows it, and so do tasks dated by an estimate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select

from app.db.unit_of_work import UnitOfWork
from app.domain.deadlines import ESTIMATED, task_due
from app.domain.inspection import ResultState
from app.domain.periods import Period
from app.domain.workdays import read_announcement
from app.errors import UserError
from app.models import Assignment, CalendarDay, Draw, Result
from app.services import rulebooks
from app.services.days import calendar

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
    """Days off and worked on record for the year now; ``moved``: tasks that got another day."""

    year: int
    holidays: int
    workdays: int
    moved: int = 0


def announce(uow: UnitOfWork, command: AnnounceYear) -> Announced:
    """Keep a year's published days in place of what was there; other days already set stay.

    Open tasks whose day was an estimate are dated anew: the notice settles it.

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
    moved = _date_anew(uow)
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


def _date_anew(uow: UnitOfWork) -> list[str]:
    """Give every open task with an estimated day its day under the calendar now; which moved."""
    connection = uow.session.connection()
    locked = select(Result.assignment_id).where(Result.state == ResultState.LOCKED)
    rows = uow.session.execute(
        select(Assignment, Draw)
        .join(Draw, Draw.id == Assignment.draw_id)
        .where(Assignment.due_basis.contains(ESTIMATED), Assignment.id.not_in(locked))
    ).all()
    rulebook = rulebooks.of_unit(connection)
    moved = []
    for task, draw in rows:
        period = Period.parse(draw.period)
        days = calendar.office_calendar(connection, period.year)
        issued = draw.closed_at.astimezone().date() if draw.closed_at else uow.today
        now = task_due(rulebook, period, issued, days)
        if task.due_on != now.due_on:
            moved.append(f"{draw.no}/{task.serial}")
        task.due_on, task.due_basis = now.due_on, now.basis(rulebook.cite(now.article))
    return moved
