"""周期工作 and the year's calendar: what the rulebook sets for fixed days, done or not.

Days that hang on a draw or a result are told from the draws and results themselves; directories,
plans and reports are told from their own records where there are any, else a person ticks them
off here (``finish``).
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, select

from app.db.read.tasks import Progress, TaskRow, read_tasks, tasks_of
from app.db.unit_of_work import UnitOfWork
from app.domain import deadlines
from app.domain.deadlines import Deadline
from app.domain.periods import Period, Span
from app.domain.rulebook import Rulebook
from app.domain.workdays import WorkCalendar
from app.errors import UserError
from app.models import DirectoryRound, Draw, DrawState, DutyDone, Publication, Unit
from app.services import rulebooks
from app.services.days import calendar
from app.services.days.period_days import PeriodDays
from app.services.plans import plan_terms
from app.services.public import publishing
from app.services.tasks import rectifying

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)

__all__ = [
    "DutyRow",
    "DutyState",
    "FinishDuty",
    "YearView",
    "duties_of",
    "finish",
    "near",
    "reopen",
    "year_view",
]


class DutyState(enum.Enum):
    """How a day of the calendar stands."""

    DONE = "done"
    OVERDUE = "overdue"
    OPEN = "open"
    BEFORE = "before"  # before the office began to keep its year here
    WINDOW = "window"

    @property
    def label(self) -> str:
        """Word for a person."""
        return {
            "done": "已办",
            "overdue": "逾期",
            "open": "待办",
            "before": "启用前",
            "window": "时限",
        }[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRow:
    """One day of the year: what, on which basis, how it stands.

    ``id`` only tells rows apart.  ``code`` empty: made of tasks, not ticked off by hand.
    """

    id: int
    code: str
    label: str
    due_on: date
    remind_on: date
    state: DutyState
    basis: str
    done_on: date | None = None
    note: str = ""
    estimated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class YearView:
    """The calendar page: days off and worked against the week, deadlines, what it stands on.

    ``holidays``: weekdays and festivals off; ``workdays``: weekend days worked (调休).
    ``known``: whether the State Council's arrangement is in; ``source``: where it was typed from.
    """

    year: int
    today: date
    holidays: frozenset[date]
    workdays: frozenset[date]
    known: bool
    source: str
    working_days: int
    rows: tuple[DutyRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishDuty:
    """A recurring duty (its code and day) was done on a day."""

    code: str
    due_on: date
    done_on: date
    note: str = ""


def finish(uow: UnitOfWork, command: FinishDuty) -> None:
    """Tick a duty off; UserError if the rulebook has none like it, it is done, or dated ahead."""
    connection = uow.session.connection()
    rulebook = rulebooks.of_unit(connection)
    days = calendar.office_calendar(connection, command.due_on.year)
    known = deadlines.for_year(rulebook, command.due_on.year, days)
    duty = next((d for d in known if (d.code, d.due_on) == (command.code, command.due_on)), None)
    if duty is None:
        raise UserError("细则里没有这项周期工作。", "请刷新后再试。")
    if command.done_on > uow.today:
        raise UserError(f"办结日期 {command.done_on} 还没有到。", "请填写实际办结的那一天。")
    if _ticked(connection).get((command.code, command.due_on)):
        raise UserError("这项工作已经登记办结。", "请刷新后再看。")
    uow.session.add(
        DutyDone(
            code=command.code,
            due_on=command.due_on,
            done_on=command.done_on,
            note=command.note.strip(),
            by=uow.actor,
            at=uow.now,
        )
    )
    facts = {"on": command.done_on, "due": command.due_on, "note": command.note.strip()}
    uow.record("duty.complete", duty.label, facts)
    uow.changed.add("duty")
    uow.commit()


def reopen(uow: UnitOfWork, command: FinishDuty) -> None:
    """Take a tick back that was set by mistake; the ledger keeps both."""
    row = (
        uow.session.query(DutyDone)
        .filter_by(code=command.code, due_on=command.due_on)
        .one_or_none()
    )
    if row is None:
        raise UserError("这项工作没有登记办结。", "请刷新后再看。")
    uow.session.delete(row)
    uow.record("duty.undo", command.code, {"due": command.due_on})
    uow.changed.add("duty")
    uow.commit()


def duties_of(
    connection: Connection, rulebook: Rulebook, year: int, days: WorkCalendar, today: date
) -> Iterator[tuple[Deadline, DutyRow]]:
    """The rulebook's recurring duties of a year, with how each stands."""
    ticked = _ticked(connection)
    begun = _begun(connection)
    seen: set[tuple[str, date]] = set()
    for each in deadlines.for_year(rulebook, year, days):
        key = (each.code, each.due_on)
        if key in seen:
            continue
        seen.add(key)
        done = ticked.get(key) or _told_elsewhere(connection, rulebook, each)
        yield (
            each,
            DutyRow(
                id=len(seen),
                code=each.code,
                label=each.label,
                due_on=each.due_on,
                remind_on=each.remind_on,
                state=_state(each, done is not None, begun, today),
                basis=rulebook.cite(each.article) + ("" if each.exact else "，条文未写日期"),
                done_on=done[0] if done else None,
                note=done[1] if done else "",
                estimated=each.estimated,
            ),
        )


def near(
    connection: Connection, rulebook: Rulebook, today: date
) -> Iterator[tuple[Deadline, DutyRow]]:
    """The recurring duties a desk speaks of: this year's, what last year left, next week's.

    The turn of a year excuses nobody: 31 December's plan stays open on 4 January, and the sheet
    of 5 January is announced in December.
    """
    for year in sorted({today.year - 1, today.year, (today + _WEEK).year}):
        days = calendar.office_calendar(connection, year)
        yield from duties_of(connection, rulebook, year, days, today)


def _state(deadline: Deadline, done: bool, begun: date, today: date) -> DutyState:
    if done:
        return DutyState.DONE
    if deadline.window:
        return DutyState.WINDOW
    if deadline.due_on < begun:
        return DutyState.BEFORE
    # A text that names no day is reminded of; nobody is late for it.
    late = deadline.is_overdue(today) and deadline.exact
    return DutyState.OVERDUE if late else DutyState.OPEN


def year_view(connection: Connection, year: int, today: date) -> YearView:
    """Everything the calendar page shows of a year."""
    rulebook = rulebooks.of_unit(connection)
    days = calendar.office_calendar(connection, year)
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = [row for _deadline, row in duties_of(connection, rulebook, year, days, today)]
    rows += _of_periods(connection, rulebook, year, days, today)
    rows += [row for row in _of_tasks(connection, rulebook, today) if row.due_on.year == year]
    ordered = sorted(rows, key=lambda row: (row.due_on, row.label))
    return YearView(
        year=year,
        today=today,
        holidays=_breaks(year, days),
        workdays=frozenset(day for day in days.workdays if day.year == year),
        known=not days.is_estimated(last),
        source=calendar.announced_years(connection).get(year, ""),
        working_days=days.working_days_between(first, last) + days.is_working_day(first),
        rows=tuple(
            DutyRow(
                id=number,
                code=row.code,
                label=row.label,
                due_on=row.due_on,
                remind_on=row.remind_on,
                state=row.state,
                basis=row.basis,
                done_on=row.done_on,
                note=row.note,
                estimated=row.estimated,
            )
            for number, row in enumerate(ordered, 1)
        ),
    )


def _breaks(year: int, days: WorkCalendar) -> frozenset[date]:
    """Festivals with the weekend days that touch them: the break as a person sees it.

    The calendar itself keeps the days only that differ from the week.
    """
    found = {day for day in days.holidays if day.year == year}
    day = date(year, 1, 1)
    weekend = set()
    while day.year == year:
        if not days.is_working_day(day) and day not in found:
            weekend.add(day)
        day += _DAY
    touching = {day for day in weekend if {day - _DAY, day + _DAY} & found}
    while touching:
        found |= touching
        weekend -= touching
        touching = {day for day in weekend if {day - _DAY, day + _DAY} & found}
    return frozenset(found)


def _of_periods(
    connection: Connection, rulebook: Rulebook, year: int, days: WorkCalendar, today: date
) -> Iterator[DutyRow]:
    """Drawing and entering of each quarter, told from the draws and their tasks."""
    tasks = read_tasks(connection, tasks_of())
    begun = _begun(connection)
    drawn = set(
        connection.execute(
            select(Draw.period).where(Draw.state == DrawState.CLOSED, Draw.rehearsal.is_(False))
        ).scalars()
    )
    quarters = Period(year, Span.YEAR).contained(Span.QUARTER)
    # A quarter may have days in the year before: NM draws the first one in December.
    for quarter in (*quarters, quarters[-1].next()):
        mine = [task for task in tasks if task.period == str(quarter)]
        for each in deadlines.for_period(rulebook, quarter, days):
            if each.due_on.year != year:
                continue
            waiting = [task for task in mine if _waits_for(task, each)]
            done = str(quarter) in drawn if each.code == "draw" else bool(mine) and not waiting
            note = f"还有 {len(waiting)} 家" if waiting and each.code != "draw" else ""
            state = _state(each, done, begun, today)
            if waiting and each.is_overdue(today) and each.code != "draw":
                # However the text puts the day: what was drawn for a period is late after it.
                state = DutyState.OVERDUE
            yield DutyRow(
                id=0,
                code="",
                label=f"{_quarter_words(quarter, year)}：{each.label}",
                due_on=each.due_on,
                remind_on=each.remind_on,
                state=state,
                basis=rulebook.cite(each.article),
                note=note,
                estimated=each.estimated,
            )


def _quarter_words(quarter: Period, year: int) -> str:
    """第三季度 on its own year's sheet, with the year on another's."""
    words = quarter.in_words()
    return words.removeprefix(f"{year}年") if quarter.year == year else words


def _waits_for(task: TaskRow, deadline: Deadline) -> bool:
    """Whether a task is open and has the period's own day (a corrected one has another)."""
    return task.progress is not Progress.LOCKED and task.due_on == deadline.due_on


@dataclass(frozen=True, slots=True)
class _TaskDay:
    """A day that hangs on tasks. ``firm``: somebody is late after it, not only reminded."""

    day: date
    label: str
    basis: str
    estimated: bool = False
    firm: bool = True
    window: bool = False

    def state(self, today: date) -> DutyState:
        """How it stands."""
        if self.window:
            return DutyState.WINDOW
        return DutyState.OVERDUE if self.firm and today > self.day else DutyState.OPEN


def _of_tasks(connection: Connection, rulebook: Rulebook, today: date) -> Iterator[DutyRow]:
    """Days that hang on tasks: inspecting, publishing, rectifying, the window of a review."""
    counted = Counter(_task_days(connection, rulebook))
    for each, count in counted.items():
        if each.window and today > each.day:
            continue
        yield DutyRow(
            id=0,
            code="",
            label=f"{each.label}：{count} 家",
            due_on=each.day,
            remind_on=each.day,
            state=each.state(today),
            basis=each.basis,
            estimated=each.estimated,
        )


def _task_days(connection: Connection, rulebook: Rulebook) -> Iterator[_TaskDay]:
    of_periods = PeriodDays(connection, rulebook)
    for task in read_tasks(connection, tasks_of()):
        if task.progress is not Progress.LOCKED and not of_periods.of_quarter(task):
            guess = task.due_basis.endswith(deadlines.ESTIMATED)
            yield _TaskDay(task.due_on, "完成检查并录入", task.due_basis, estimated=guess)
    for row in publishing.board(connection).due:
        if row.due is not None:
            yield _TaskDay(
                row.due.due_on,
                "公示检查结果",
                row.due.article,
                estimated=row.due.estimated,
                firm=row.due.exact,
            )
    for each in rectifying.open_ones(connection):
        if each.due is not None:
            yield _TaskDay(each.due, "完成整改", "责令整改的期限")
    for window in _review_windows(connection, rulebook):
        yield _TaskDay(
            window.due_on,
            "对结果申请复查的时限截止",
            rulebook.cite(window.article),
            estimated=window.estimated,
            window=True,
        )


def _review_windows(connection: Connection, rulebook: Rulebook) -> Iterator[Deadline]:
    """The applicants' windows of all that is public."""
    if not any(rule.window for rule in rulebook.deadlines):
        return
    for published in connection.execute(select(Publication.published_on)).scalars():
        days = calendar.office_calendar(connection, published.year)
        found = deadlines.for_result(rulebook, days, inspected_on=published, published_on=published)
        yield from (each for each in found if each.window)


def _ticked(connection: Connection) -> dict[tuple[str, date], tuple[date, str]]:
    rows = connection.execute(
        select(DutyDone.code, DutyDone.due_on, DutyDone.done_on, DutyDone.note)
    )
    return {(row.code, row.due_on): (row.done_on, row.note) for row in rows}


_DIRECTORIES = ("directories", "directories_file")
_NONE, _A_QUARTER = timedelta(0), timedelta(days=80)


def _told_elsewhere(
    connection: Connection, rulebook: Rulebook, deadline: Deadline
) -> tuple[date, str] | None:
    """A round of the directories handed upwards says so itself, and so does an approved plan."""
    goes_up = any(each.deadline == deadline.code for each in rulebook.reports)
    settled = plan_terms.settled_on(connection, deadline, filed=goes_up)
    if settled is not None:
        return settled, "计划已报送" if goes_up else "计划已批准"
    if deadline.code not in _DIRECTORIES:
        return None
    # Filed upwards some days after the day the directories are brought up to date (QD 二(二)).
    earliest = deadline.due_on - (_A_QUARTER if deadline.code == "directories_file" else _NONE)
    proposed = connection.execute(
        select(DirectoryRound.proposed_at)
        .where(
            DirectoryRound.due_on.between(earliest, deadline.due_on),
            DirectoryRound.proposed_at.is_not(None),
        )
        .order_by(DirectoryRound.due_on.desc())
        .limit(1)
    ).scalar()
    return (proposed.astimezone().date(), "名录更新已上报") if proposed else None


def _begun(connection: Connection) -> date:
    """The day the office began to keep its year here."""
    made = connection.execute(select(Unit.created_at)).scalar()
    return made.astimezone().date() if made else date.min
