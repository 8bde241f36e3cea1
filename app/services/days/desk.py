"""工作台: the tables and the rulebook's days put together, as known on one day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection, func, select

from app.db.read import chores_after, chores_before
from app.db.read import desk as tables
from app.db.read.tasks import Progress, TaskRow
from app.domain import deadlines
from app.domain.deadlines import Deadline
from app.domain.desk import (
    Desk,
    FirstSteps,
    Morning,
    TheseRows,
    Todo,
    When,
    day_in_words,
    in_order,
)
from app.domain.periods import Period
from app.domain.rulebook import Rulebook
from app.errors import UserError
from app.models import Draw, DrawState
from app.services import rulebooks
from app.services.days import calendar, duties
from app.services.days.duties import DutyState
from app.services.days.period_days import PeriodDays
from app.services.directories import interests
from app.services.plans import planning
from app.services.plans.plan_terms import plan_of
from app.services.public import publishing
from app.services.safety import keeping
from app.services.tasks import rectifying
from app.services.workspace import read_unit

__all__ = ["overview"]

_PAGE_OF = {
    "directories": "targets",
    "directories_file": "targets",
    "headcount": "inspectors",
    "plan_annual": "plan",
    "plan_quarter": "plan",
    "draw": "plan",
}


def _page_of(duty: Deadline) -> str:
    """Where a duty is done; 名录库 of people alone (TJ 三.3) is not that of the targets."""
    if duty.code == "directories" and "人员" in duty.label and "对象" not in duty.label:
        return "inspectors"
    return _PAGE_OF.get(duty.code, "publication")


def overview(connection: Connection, today: date) -> Desk:
    """Everything the desk shows."""
    unit = read_unit(connection)
    rulebook = rulebooks.of_unit(connection)
    days = calendar.office_calendar(connection, today.year)
    first = tables.first_steps(connection)
    morning = Morning(today, days)
    period = tables.current_period(connection, today)
    rows = tables.rows_of(connection, period)
    to_rectify = rectifying.open_ones(connection)
    whole_board = publishing.board(connection)
    drawn, inspected, published, rectified = tables.figures(
        rows,
        publishing.board(connection, str(period)),
        _expected(connection, period, first, today),
        _count_draws(connection, period, DrawState.VOID),
        _count_draws(connection, period, DrawState.CLOSED),
        frozenset(each.task.id for each in to_rectify if each.due and each.due < today),
    )
    of_periods = PeriodDays(connection, rulebook)
    todos = (
        *chores_before.chores(connection, rows.open, morning, of_periods.late_after),
        *chores_after.chores(rows.open, whole_board, morning, of_periods.late_after),
        *_publish_unlocked(connection, rulebook, rows.open, morning),
        *chores_after.follow_ups(
            connection,
            to_rectify,
            rulebook.correction,
            morning,
            outcomes_public=rulebook.outcomes_public.value,
        ),
        *_interests(connection),
        *_duties(connection, rulebook, first, morning),
        *_second_place(connection, first, today),
    )
    return Desk(
        today=today,
        period=str(period),
        period_words=period.in_words(),
        rulebook=rulebook.document.title,
        targets=first.targets,
        inspectors=first.inspectors,
        note=_note(rows.period, of_periods, today),
        first=first,
        todos=in_order(todos),
        drawn=drawn,
        inspected=inspected,
        published=published,
        rectified=rectified,
        coverage=tables.coverage(connection, rulebook, unit.level, period, today),
        loads=tables.loads(connection, rows),
        results_waiting=sum(1 for task in rows.open if task.progress is not Progress.OPEN),
        publications_waiting=len(whole_board.due),
    )


def _interests(connection: Connection) -> Iterator[Todo]:
    """Interests that meet a target of the list: decided before the next draw, no name here."""
    found = interests.proposals(connection)
    if found:
        yield Todo(
            when=When.WEEK,
            sentence=f"有 {len(found)} 条利害关系对应名录里的对象，还没有决定是否回避",
            detail="下次封存名单以前办",
            action="去处理",
            page="inspectors",
            where=found[0].inspector_id,
        )


def _expected(connection: Connection, period: Period, first: FirstSteps, today: date) -> int:
    """Targets to draw in the period: the frozen plans' sum, else as it would be drawn today."""
    if _count_draws(connection, period, DrawState.CLOSED) or not first.targets:
        return 0
    try:
        plan = planning.compute(connection, planning.MakePlan(period=str(period), on=today))
    except UserError:  # a headcount or a category is still missing: the plan's page says which
        return 0
    return plan.total


def _count_draws(connection: Connection, period: Period, state: DrawState) -> int:
    return connection.execute(
        select(func.count(Draw.id)).where(
            Draw.period == str(period), Draw.state == state, Draw.rehearsal.is_(False)
        )
    ).scalar_one()


def _note(tasks: tuple[TaskRow, ...], days: PeriodDays, today: date) -> str:
    """One line under today's date: how long until the period's tasks are due."""
    waiting = [task for task in tasks if task.progress is not Progress.LOCKED]
    if not waiting:
        return "本期检查结果已全部锁定" if tasks else ""
    first = min(waiting, key=lambda task: task.due_on)
    left = (first.due_on - today).days
    if left >= 0:
        return f"距本期结果录入期限还有 {left} 天"
    late_after = days.late_after(first)
    if today <= late_after:
        return f"本期结果录入的提醒日已过，{day_in_words(late_after)}后算逾期"
    return f"本期结果录入期限已过 {-left} 天"


def _second_place(connection: Connection, first: FirstSteps, today: date) -> Iterator[Todo]:
    """A second place for backups that was never set, or got none for long: one PC is no place."""
    place = keeping.second_place(connection)
    if not first.targets or (place is not None and not place.old(today)):
        return  # nothing to lose yet, or all is well
    if place is None:
        yield Todo(
            when=When.WEEK,
            sentence="还没有设备份的第二处：电脑坏了，备份会一起丢",
            detail="选一个 U 盘或网络文件夹",
            action="去设置",
            page="system",
            where="backup",
        )
    else:
        yield Todo(
            when=When.TODAY,
            sentence=f"备份的第二处：{place.words(today)}，请插好它再备份一次",
            detail=str(place.room.parent),
            action="去备份",
            page="system",
            where="backup",
        )


def _publish_unlocked(
    connection: Connection, rulebook: Rulebook, tasks: tuple[TaskRow, ...], morning: Morning
) -> Iterator[Todo]:
    """Inspected but not locked while the days to publish run out: only the lock opens that way."""
    groups: dict[When, list[tuple[TaskRow, Deadline]]] = {}
    for task, due in publishing.unlocked(connection, rulebook, tasks):
        when = morning.when(due.due_on)
        if when is not None and due.exact:
            groups.setdefault(when, []).append((task, due))
    for when, found in groups.items():
        found.sort(key=lambda pair: pair[1].due_on)
        _task, first = found[0]
        verb = "应在" if when is When.OVERDUE else "要在"
        yield Todo(
            when=when,
            sentence=f"{len(found)} 家已检查，还没有复核锁定，"
            f"{verb} {morning.day(first.due_on)}前公示",
            detail=first.basis(first.article),
            action="去办理",
            page="results",
            where=TheseRows(tuple(task.id for task, _due in found), "已检查，还没有锁定"),
            due_on=first.due_on,
        )


def _duties(
    connection: Connection, rulebook: Rulebook, first: FirstSteps, morning: Morning
) -> Iterator[Todo]:
    """Recurring days, those late and the coming week's: directories, plans, reports."""
    if not first.finished:
        return  # the checklist speaks first
    today = morning.today
    found = tuple(duties.near(connection, rulebook, today))
    for each, row in found:
        if row.state is DutyState.OVERDUE:
            yield _overdue(rulebook, each, morning)
        if row.state is not DutyState.OPEN:
            continue
        if each.is_overdue(today):
            if not any(_follows(each, other, today) for other, _row in found):
                yield _passed(rulebook, each, morning)
            continue
        when = morning.when(each.due_on, late_after=each.overdue_after)
        if when is not None:
            yield Todo(
                when=when,
                sentence=f"{morning.day(each.due_on)}前{each.label}",
                detail=_basis(rulebook, each, morning),
                action="去看看",
                page=_page_of(each),
                where=plan_of(each),
                due_on=each.due_on,
            )
    yield from _draw_is_due(connection, rulebook, morning)


def _follows(each: Deadline, other: Deadline, today: date) -> bool:
    """Whether another day of the same duty has come since: the older one is asked for no more."""
    return other.code == each.code and each.due_on < other.due_on <= today


def _passed(rulebook: Rulebook, deadline: Deadline, morning: Morning) -> Todo:
    """A duty whose text names no day: nobody is late, but it is asked for until it is ticked."""
    return Todo(
        when=When.TODAY,
        sentence=f"{deadline.label}还没有登记办结，提醒日 {morning.day(deadline.due_on)}已过",
        detail=_basis(rulebook, deadline),
        action="登记办结",
        page="desk",
        where="calendar",
        due_on=deadline.due_on,
    )


def _overdue(rulebook: Rulebook, deadline: Deadline, morning: Morning) -> Todo:
    days = (morning.today - deadline.due_on).days
    return Todo(
        when=When.OVERDUE,
        sentence=f"{morning.day(deadline.due_on)}前{deadline.label}，已过 {days} 天没有登记办结",
        detail=_basis(rulebook, deadline),
        action="登记办结",
        page="desk",
        where="calendar",
        due_on=deadline.due_on,
    )


def _draw_is_due(connection: Connection, rulebook: Rulebook, morning: Morning) -> Iterator[Todo]:
    current = Period.of(morning.today, tables.DRAW_SPAN)
    for period in (current, current.next()):
        if _count_draws(connection, period, DrawState.CLOSED):
            continue
        days = calendar.office_calendar(connection, period.year)
        for each in deadlines.for_period(rulebook, period, days):
            when = morning.when(each.due_on, late_after=each.overdue_after)
            if each.code != "draw" or when is None:
                continue
            # 季度初 names no day: nobody is late, everybody is reminded.
            past = when is When.OVERDUE and not each.exact
            day = morning.day(each.due_on)
            ends = f"提醒日 {day}已过" if past else f"应在 {day}前完成"
            yield Todo(
                when=When.TODAY if past else when,
                sentence=f"{period.in_words()}还没有抽取，{ends}",
                detail=_basis(rulebook, each, morning),
                action="去抽取",
                page="plan",
                where=str(period),
                due_on=each.due_on,
            )


def _basis(rulebook: Rulebook, deadline: Deadline, morning: Morning | None = None) -> str:
    parts = [rulebook.cite(deadline.article)]
    if deadline.estimated:
        parts.append(deadlines.ESTIMATED)
    if not deadline.exact and deadline.note:
        parts.append(deadline.note)
    if morning and morning.today <= deadline.remind_on < deadline.due_on:
        parts.append(f"逢休息日，{day_in_words(deadline.remind_on)}前办")
    return " · ".join(parts)
