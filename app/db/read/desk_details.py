"""The rows behind a number of the desk, so that every figure can be looked into.

A target that was not inspected yet is secret: its row has the public number and no name.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from app.db.read import pool
from app.db.read.standings import Standing, standings
from app.db.read.tasks import (
    Progress,
    TaskRow,
    in_draws,
    page_of,
    read_tasks,
    tasks_counted,
    tasks_ever,
)
from app.domain.coverage import CoverageState, CycleSpan, cycle_at, standing
from app.domain.inspection import Conclusion
from app.domain.periods import Period, Span
from app.domain.rule_facts import TargetRecord
from app.domain.rulebook import Rulebook

__all__ = [
    "SECRET",
    "Behind",
    "CoveredRow",
    "DetailRow",
    "behind_coverage",
    "behind_figure",
    "behind_load",
    "behind_rate",
    "behind_tasks",
    "covered_row",
    "tasks_in",
]

SECRET = "检查前保密"  # noqa: S105 - a notice, not a password
"""What stands in place of a name that is still secret."""


class Behind(enum.Enum):
    """The desk's figures."""

    DRAWN = "drawn"
    INSPECTED = "inspected"
    PUBLISHED = "published"
    RECTIFIED = "rectified"


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailRow:
    """One task behind a figure; ``counted``: whether it is in the large number.

    ``target_id`` and ``visit`` (0 outside the reports): tasks of one site, of one visit are alike.
    """

    id: int
    period: str
    serial: str
    name: str
    team: str
    due_on: date
    progress: str
    inspected_on: date | None
    conclusion: str
    published_on: date | None
    rectify_by: date | None
    rectified_on: date | None
    counted: bool
    target_id: int = 0
    visit: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredRow:
    """One target behind a bar of coverage; says nothing of who is drawn and waits."""

    id: int
    ident: str
    name: str
    covered: bool
    last_on: date | None


def behind_figure(connection: Connection, period: str, figure: Behind) -> tuple[DetailRow, ...]:
    """The tasks of a period a figure is made of: those that count and those that are open."""
    tasks = read_tasks(connection, in_draws(tasks_counted(), period=period))
    rows = [_row(task, counted=_counts(task, figure)) for task in tasks if _belongs(task, figure)]
    return tuple(sorted(rows, key=lambda row: (row.counted, row.due_on, row.serial)))


def _belongs(task: TaskRow, figure: Behind) -> bool:
    """Whether a task is among those the figure speaks of."""
    if figure is Behind.DRAWN:
        return not task.replaced_by
    if figure is Behind.PUBLISHED:
        return task.progress is Progress.LOCKED
    if figure is Behind.RECTIFIED:
        return task.progress is Progress.LOCKED and task.conclusion is Conclusion.ORDERED
    return True


def _counts(task: TaskRow, figure: Behind) -> bool:
    """Whether a task is in the large number."""
    return {
        Behind.DRAWN: True,
        Behind.INSPECTED: task.progress is not Progress.OPEN,
        Behind.PUBLISHED: task.published_on is not None,
        Behind.RECTIFIED: task.rectified_on is not None,
    }[figure]


def tasks_in(connection: Connection, quarters: Collection[Period]) -> list[TaskRow]:
    """Tasks whose period begins in one of these quarters (a half-year's counts once)."""
    return [
        task
        for task in read_tasks(connection, tasks_counted())
        if Period.of(Period.parse(task.period).first_day, Span.QUARTER) in quarters
    ]


def behind_load(
    connection: Connection, quarters: Collection[Period], inspector_id: int
) -> tuple[DetailRow, ...]:
    """One inspector's tasks of these quarters, as lead or second; the inspected ones count."""
    return tuple(
        _row(task, counted=task.progress is not Progress.OPEN)
        for task in tasks_in(connection, quarters)
        if inspector_id in (task.lead_id, task.second_id)
    )


def behind_tasks(
    connection: Connection, wanted: Sequence[int], as_of: date
) -> tuple[DetailRow, ...]:
    """These tasks as they stood on a day; a report's figure says itself which they are.

    One not inspected yet has no name, then as now.
    """
    tasks = {task.id: task for task in read_tasks(connection, page_of(tasks_ever(), wanted))}
    draws = {task.draw_id for task in tasks.values()}
    stood = {each.id: each for each in standings(connection, draws, as_of)}
    return tuple(
        _stood(_row(tasks[each], counted=True), stood[each])
        for each in sorted(tasks)
        if each in stood
    )


def behind_rate(
    connection: Connection, part: Collection[int], whole: Sequence[int], as_of: date
) -> tuple[DetailRow, ...]:
    """All tasks a rate is taken of; those that count are marked and come last."""
    counted = frozenset(part)
    rows = behind_tasks(connection, whole, as_of)
    marked = (replace(row, counted=row.id in counted) for row in rows)
    return tuple(sorted(marked, key=lambda row: (row.counted, row.due_on, row.serial)))


def _stood(row: DetailRow, then: Standing) -> DetailRow:
    progress = row.progress
    if then.conclusion is not None:
        progress = Progress.LOCKED.label
    elif then.entered:
        progress = Progress.SUBMITTED.label
    elif then.inspected_on is None:
        progress = Progress.OPEN.label
    elif row.conclusion:
        progress = Progress.ENTERING.label
    return replace(
        row,
        target_id=then.target_id,
        visit=then.visit,
        progress=f"{progress}，已更换" if then.replaced else progress,
        inspected_on=then.inspected_on,
        conclusion=then.conclusion.label if then.conclusion else "",
        published_on=then.published_on,
        rectified_on=then.rectified_on,
    )


def behind_coverage(
    connection: Connection, rulebook: Rulebook, level: str, period: Period, today: date, label: str
) -> tuple[CoveredRow, ...]:
    """Every target in force of the category (by its word), those not covered first."""
    category = next(each for each in rulebook.categories if each.label == label)
    rule = category.quota(level)
    if rule is None:
        return ()
    span = cycle_at(rule.cycle, period.first_day)
    rows = [
        covered_row(number, target, span, today)
        for number, target in enumerate(pool.targets(connection), 1)
        if target.category == category.code and target.in_force
    ]
    return tuple(sorted(rows, key=lambda row: (row.covered, row.ident)))


def covered_row(number: int, target: TargetRecord, span: CycleSpan, day: date) -> CoveredRow:
    """A target as it stands in a cycle on a day; ``number`` is the row's own."""
    return CoveredRow(
        id=number,
        ident=target.id,
        name=target.name,
        covered=standing(target, span, day).state is CoverageState.COVERED,
        last_on=max((item.on for item in target.history if item.covers), default=None),
    )


def _row(task: TaskRow, *, counted: bool) -> DetailRow:
    return DetailRow(
        id=task.id,
        period=task.period,
        serial=task.serial,
        name="" if task.progress is Progress.OPEN else task.shown_name,
        team=task.team,
        due_on=task.due_on,
        progress=task.progress.label,
        inspected_on=task.inspected_on,
        conclusion=task.conclusion.label if task.conclusion else "",
        published_on=task.published_on,
        rectify_by=task.rectify_by,
        rectified_on=task.rectified_on,
        counted=counted,
    )
