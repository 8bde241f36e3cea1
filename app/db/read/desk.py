"""工作台 from the tables: figures of the period, coverage, loads; 待办 are in `chores_…`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, select

from app.db.read import pool
from app.db.read.publications import PublicationBoard
from app.db.read.tasks import Progress, TaskRow, in_draws, read_tasks, tasks_counted
from app.domain.coverage import CoverageState, cycle_at, standing
from app.domain.desk import (
    CoverageBar,
    Figure,
    FirstSteps,
    Load,
)
from app.domain.inspection import Conclusion
from app.domain.periods import Period, Span
from app.domain.rulebook import Rulebook
from app.models import Draw, DrawState, InspectionItem, Inspector, Target

__all__ = [
    "DRAW_SPAN",
    "Rows",
    "coverage",
    "current_period",
    "figures",
    "first_steps",
    "loads",
    "rows_of",
]

DRAW_SPAN = Span.QUARTER
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
    tasks = read_tasks(connection, in_draws(tasks_counted()))
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
    # Found closed and replaced: the place is the alternate's, the visit was made all the same.
    places = sum(1 for task in tasks if not task.replaced_by)
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
            done=places,
            total=max(expected, places),
            note="·".join(
                (
                    f"抽取 {draws} 次",
                    *([f"作废 {voided} 次"] if voided else []),
                    *([f"换 {len(tasks) - places} 家"] if places < len(tasks) else []),
                )
            ),
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
        Load(id=row.id, name=row.name, done=done[row.id], pending=pending[row.id])
        for row in people
        if row.state == "on_duty" or done[row.id] or pending[row.id]
    ]
    return tuple(sorted(found, key=lambda load: -(load.done + load.pending)))
