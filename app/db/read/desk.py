"""工作台 from the tables: to-dos with their days, figures of the period, coverage, loads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, select

from app.db.read import pool
from app.db.read.publications import PublicationBoard
from app.db.read.tasks import Progress, TaskRow, in_draws, read_tasks, tasks_of
from app.domain.coverage import CoverageState, cycle_at, standing
from app.domain.deadlines import Deadline
from app.domain.desk import (
    CoverageBar,
    Figure,
    FirstSteps,
    Load,
    Todo,
    When,
    day_in_words,
    when_due,
)
from app.domain.inspection import Conclusion
from app.domain.periods import Period, Span
from app.domain.rulebook import Rulebook
from app.models import Draw, DrawState, InspectionItem, Inspector, Target

__all__ = [
    "DRAW_SPAN",
    "LateAfter",
    "Rows",
    "coverage",
    "current_period",
    "figures",
    "first_steps",
    "in_order",
    "loads",
    "rows_of",
    "todos",
]

LateAfter = Callable[[TaskRow], date]
"""The last day on which a task is not late yet."""

DRAW_SPAN = Span.QUARTER
_EXPIRES_WITHIN = timedelta(days=30)
_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What the desk is made of: tasks of the period, of all open periods, and of the year."""

    period: tuple[TaskRow, ...]
    open: tuple[TaskRow, ...]
    year: tuple[TaskRow, ...]


def first_steps(connection: Connection) -> FirstSteps:
    """How far a new office is."""
    return FirstSteps(
        targets=_count(connection, select(func.count(Target.id))),
        inspectors=_count(connection, select(func.count(Inspector.id))),
        items=_count(
            connection,
            select(func.count(InspectionItem.id)).where(InspectionItem.in_force.is_(True)),
        ),
        draws=_count(
            connection,
            select(func.count(Draw.id)).where(
                Draw.state == DrawState.CLOSED, Draw.rehearsal.is_(False)
            ),
        ),
    )


def _count(connection: Connection, statement: Select[Any]) -> int:
    return int(connection.execute(statement).scalar_one())


def current_period(connection: Connection, today: date) -> Period:
    """The quarter of today, or the newest drawn period if nothing was drawn for that."""
    quarter = Period.of(today, Span.QUARTER)
    drawn = connection.execute(
        select(Draw.period)
        .where(Draw.state == DrawState.CLOSED, Draw.rehearsal.is_(False))
        .order_by(Draw.id.desc())
    ).scalars()
    periods = [Period.parse(text) for text in drawn]
    holding = [period for period in periods if period.holds(today)]
    if holding or not periods:
        return holding[0] if holding else quarter
    return periods[0]


def rows_of(connection: Connection, period: Period) -> Rows:
    """Read all tasks once and sort them out."""
    tasks = read_tasks(connection, in_draws(tasks_of()))
    return Rows(
        period=tuple(task for task in tasks if task.period == str(period)),
        open=tuple(task for task in tasks if task.progress is not Progress.LOCKED),
        year=tuple(task for task in tasks if Period.parse(task.period).year == period.year),
    )


# --- figures ----------------------------------------------------------------------------------


def figures(
    rows: Rows,
    board: PublicationBoard,
    expected: int,
    voided: int,
    draws: int,
    overdue: frozenset[int],
) -> tuple[Figure, Figure, Figure, Figure]:
    """应抽/已抽, 已检查, 已公示, 整改完成 of the period; ``overdue``: tasks whose 整改 is late."""
    tasks = rows.period
    by_progress = Counter(task.progress for task in tasks)
    inspected = sum(1 for task in tasks if task.progress is not Progress.OPEN)
    to_enter = by_progress[Progress.TO_ENTER] + by_progress[Progress.ENTERING]
    public = len(board.due) + len(board.published)
    in_review = by_progress[Progress.SUBMITTED] + by_progress[Progress.RETURNED]
    ordered = [task for task in tasks if _ordered(task)]
    rectified = sum(1 for task in ordered if task.rectified_on)
    late = sum(1 for task in ordered if task.id in overdue)
    return (
        Figure(
            done=len(tasks),
            total=max(expected, len(tasks)),
            note=f"抽取 {draws} 次" + (f"，作废 {voided} 次" if voided else ""),
        ),
        Figure(
            done=inspected,
            total=len(tasks),
            note=f"待录入 {to_enter}·未检查 {by_progress[Progress.OPEN]}",
        ),
        Figure(
            done=len(board.published),
            total=public,
            note=f"待公示 {len(board.due)}·待复核 {in_review}",
        ),
        Figure(
            done=rectified,
            total=len(ordered),
            note=f"逾期 {late}·整改中 {len(ordered) - rectified - late}",
        ),
    )


def _ordered(task: TaskRow) -> bool:
    return task.progress is Progress.LOCKED and task.conclusion is Conclusion.ORDERED


def coverage(
    connection: Connection, rulebook: Rulebook, level: str, period: Period, today: date
) -> tuple[CoverageBar, ...]:
    """How each category stands in its cycle; categories the level draws none of are left out."""
    targets = pool.targets(connection)
    bars = []
    for category in rulebook.categories:
        rule = category.quota(level)
        if rule is None:
            continue
        span = cycle_at(rule.cycle, period.first_day)
        states = Counter(
            standing(target, span, today).state
            for target in targets
            if target.category == category.code and target.in_force
        )
        steps = max(1, rule.cycle.months // period.span.months)
        step = min(steps, max(1, steps - span.periods_left(period) + 1))
        bars.append(
            CoverageBar(
                label=category.label,
                cycle=_cycle_words(rule.cycle.months, span.first_day, span.last_day),
                total=states.total(),
                covered=states[CoverageState.COVERED],
                pending=states[CoverageState.PENDING],
                steps=steps,
                step=step,
                expected=step / steps if rule.cycle.everyone else None,
            )
        )
    return tuple(bars)


def _cycle_words(months: int, first: date, last: date) -> str:
    if months < _YEAR:
        return f"{months} 个月一轮 · {first.year}.{first.month}–{last.year}.{last.month}"
    years = f"{first.year}" if first.year == last.year else f"{first.year}–{last.year}"
    return f"{months // _YEAR} 年一轮 · {years} 年"


def loads(connection: Connection, rows: Rows) -> tuple[Load, ...]:
    """Tasks of the year per inspector on duty, most first."""
    done: Counter[int] = Counter()
    pending: Counter[int] = Counter()
    for task in rows.year:
        counter = pending if task.progress is Progress.OPEN else done
        counter.update(each for each in (task.lead_id, task.second_id) if each is not None)
    people = connection.execute(
        select(Inspector.id, Inspector.name, Inspector.state).order_by(Inspector.personal_no)
    )
    found = [
        Load(name=row.name, done=done[row.id], pending=pending[row.id])
        for row in people
        if row.state == "on_duty" or done[row.id] or pending[row.id]
    ]
    return tuple(sorted(found, key=lambda load: -(load.done + load.pending)))


# --- to-dos -----------------------------------------------------------------------------------


def todos(
    connection: Connection,
    rows: Rows,
    board: PublicationBoard,
    today: date,
    late_after: LateAfter,
) -> tuple[Todo, ...]:
    """Everything that waits for somebody, overdue first, then by day."""
    found = [
        *_open_draws(connection),
        *_returned(rows.open, today),
        *_in_review(rows.open, today),
        *_nobody_sent(rows.open),
        *_to_enter(rows.open, today, late_after),
        *_to_inspect(rows.open, today, late_after),
        *_to_publish(board, today),
        *_certificates(connection, today),
    ]
    return in_order(found)


def in_order(found: Iterable[Todo]) -> tuple[Todo, ...]:
    """By group, then by day."""
    order = list(When)
    return tuple(sorted(found, key=lambda t: (order.index(t.when), t.due_on or date.max)))


def _open_draws(connection: Connection) -> Iterator[Todo]:
    rows = connection.execute(
        select(Draw.no, Draw.state).where(
            Draw.state.in_([DrawState.FROZEN, DrawState.COMMITTED]), Draw.rehearsal.is_(False)
        )
    )
    for row in rows:
        frozen = row.state is DrawState.FROZEN
        yield Todo(
            when=When.TODAY,
            sentence=f"抽取 {row.no} 还没有完成",
            detail="名单已封存，还没有出承诺单" if frozen else "承诺单已出，等待开号",
            action="继续",
            page="plan",
            where=row.no,
        )


def _returned(tasks: tuple[TaskRow, ...], today: date) -> Iterator[Todo]:
    for task in tasks:
        if task.progress is not Progress.RETURNED:
            continue
        since = (today - _day(task.returned_at, today)).days
        yield Todo(
            when=When.OVERDUE if since > 0 else When.TODAY,
            sentence=f"{task.serial} 的检查结果退回后"
            + (f" {since} 天没有修改" if since > 0 else "等待修改"),
            detail=f"复核意见：{task.return_reason}",
            action="去修改",
            page="results",
            where=task.id,
            due_on=task.due_on,
        )


def _in_review(tasks: tuple[TaskRow, ...], today: date) -> Iterator[Todo]:
    waiting = [task for task in tasks if task.progress is Progress.SUBMITTED]
    if not waiting:
        return
    names = "、".join(dict.fromkeys(task.entered_by for task in waiting if task.entered_by))
    newest = max(_day(task.submitted_at, today) for task in waiting)
    yield Todo(
        when=When.TODAY,
        sentence=f"{len(waiting)} 份检查结果等待复核",
        detail=f"{names}提交 · 最近 {day_in_words(newest)}",
        action="去复核",
        page="results",
        where=waiting[0].id,
    )


def _nobody_sent(tasks: tuple[TaskRow, ...]) -> Iterator[Todo]:
    lonely = [task for task in tasks if task.lead_id is None or task.second_id is None]
    if lonely:
        yield Todo(
            when=When.TODAY,
            sentence=f"{len(lonely)} 家不足两名检查人员",
            detail="、".join(task.serial for task in lonely[:6]),
            action="看派单",
            page="teams",
            where=lonely[0].id,
        )


def _to_enter(tasks: tuple[TaskRow, ...], today: date, late_after: LateAfter) -> Iterator[Todo]:
    typing = {Progress.TO_ENTER, Progress.ENTERING}
    for due, waiting in _by_due(tasks, typing):
        yield Todo(
            # Inspected and not typed in is this week's work, however far the day.
            when=when_due(due, today, late_after=late_after(waiting[0])) or When.WEEK,
            sentence=f"{len(waiting)} 家已检查，结果应在 {day_in_words(due)}前录入",
            detail=waiting[0].due_basis,
            action="去录入",
            page="results",
            where=waiting[0].id,
            due_on=due,
        )


def _to_inspect(tasks: tuple[TaskRow, ...], today: date, late_after: LateAfter) -> Iterator[Todo]:
    for due, waiting in _by_due(tasks, {Progress.OPEN}):
        when = when_due(due, today, late_after=late_after(waiting[0]))
        if when is None:
            continue
        left = (due - today).days
        ends = f"已过期限 {-left} 天" if left < 0 else f"离期限还有 {left} 天"
        ends = "今天到期" if left == 0 else ends
        teams = Counter(task.team for task in waiting if task.team_no is not None)
        counted = "、".join(f"{team} {count} 家" for team, count in teams.most_common(4))
        yield Todo(
            when=when,
            sentence=f"{len(waiting)} 家尚未检查，{ends}",
            detail=counted or waiting[0].due_basis,
            action="看派单",
            page="teams",
            due_on=due,
        )


def _to_publish(board: PublicationBoard, today: date) -> Iterator[Todo]:
    late = [row for row in board.due if row.due is not None and row.due.is_overdue(today)]
    rest = [row for row in board.due if row not in late]
    if late:
        exact = any(row.due is not None and row.due.exact for row in late)
        yield Todo(
            # A text that only says 及时 sets no day: nobody is late, everybody is reminded.
            when=When.OVERDUE if exact else When.TODAY,
            sentence=f"{len(late)} 份已锁定的结果过了公示{'期限' if exact else '提醒日'}",
            detail=f"最早应在 {_due_words(late[0].due)}",
            action="去公示",
            page="publication",
            where="due",
            due_on=late[0].due.due_on if late[0].due else None,
        )
    if rest:
        yield Todo(
            when=When.WEEK,
            sentence=f"{len(rest)} 份已锁定的结果可以公示",
            detail=f"最早应在 {_due_words(rest[0].due)}" if rest[0].due else "复核完毕，可以公示",
            action="去公示",
            page="publication",
            where="due",
            due_on=rest[0].due.due_on if rest[0].due else None,
        )


def _due_words(due: Deadline | None) -> str:
    if due is None:
        return ""
    return f"{day_in_words(due.due_on)}前公示 · {due.basis(due.article)}"


def _certificates(connection: Connection, today: date) -> Iterator[Todo]:
    rows = connection.execute(
        select(Inspector.name, Inspector.cert_valid_to)
        .where(
            Inspector.state == "on_duty",
            Inspector.cert_valid_to.is_not(None),
            Inspector.cert_valid_to <= today + _EXPIRES_WITHIN,
        )
        .order_by(Inspector.cert_valid_to)
    ).all()
    expired = [row for row in rows if row.cert_valid_to < today]
    soon = [row for row in rows if row.cert_valid_to >= today]
    for group, words in ((expired, "已过期"), (soon, "快到期")):
        if not group:
            continue
        first = group[0].cert_valid_to
        yield Todo(
            when=When.OVERDUE if group is expired else When.WEEK,
            sentence=f"{len(group)} 人的执法证{words}，最早 {day_in_words(first)}",
            detail="、".join(row.name for row in group[:6]) + " · 过期的不能参加抽取和检查",
            action="看人员",
            page="inspectors",
            due_on=first,
        )


def _by_due(
    tasks: tuple[TaskRow, ...], wanted: set[Progress]
) -> Iterator[tuple[date, list[TaskRow]]]:
    by_day: dict[date, list[TaskRow]] = {}
    for task in tasks:
        if task.progress in wanted:
            by_day.setdefault(task.due_on, []).append(task)
    yield from sorted(by_day.items())


def _day(at: datetime | None, otherwise: date) -> date:
    return at.astimezone().date() if at else otherwise
