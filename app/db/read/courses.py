"""A task's course: every step with who and when, and where it stands.

Tasks of draws from before the steps were kept have none on record: their state is told from
their result, and only what happened since has steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, exists, func, select

from app.domain.course import Step, TaskState
from app.domain.inspection import ResultState
from app.models import Assignment, Publication, Result, TaskStep

__all__ = ["Course", "StepRow", "course", "postponed", "state_of", "states"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step: what, on which day, by whom, where it led; ``until`` of a postponed task."""

    step: Step
    state: TaskState
    on: date
    by: str
    at: datetime
    reason: str
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Where a task stands and how it came there, oldest first."""

    assignment_id: int
    state: TaskState
    steps: tuple[StepRow, ...]

    @property
    def postponed_until(self) -> date | None:
        """The new day, while the task is postponed."""
        if self.state is not TaskState.POSTPONED or not self.steps:
            return None
        return self.steps[-1].until


def course(connection: Connection, assignment_id: int) -> Course:
    """One task's course."""
    rows = connection.execute(
        select(
            TaskStep.step,
            TaskStep.state,
            TaskStep.on,
            TaskStep.by,
            TaskStep.at,
            TaskStep.reason,
            TaskStep.until,
        )
        .where(TaskStep.assignment_id == assignment_id)
        .order_by(TaskStep.position)
    )
    steps = tuple(
        StepRow(
            step=row.step,
            state=row.state,
            on=row.on,
            by=row.by,
            at=row.at,
            reason=row.reason,
            until=row.until,
        )
        for row in rows
    )
    state = steps[-1].state if steps else _told_from_result(connection, assignment_id)
    return Course(assignment_id=assignment_id, state=state, steps=steps)


def state_of(connection: Connection, assignment_id: int) -> TaskState:
    """Where one task stands."""
    found = states(connection, [assignment_id])
    return found.get(assignment_id) or _told_from_result(connection, assignment_id)


def states(connection: Connection, wanted: Sequence[int] | None = None) -> dict[int, TaskState]:
    """Recorded states by assignment id; tasks without any step are left out. None: of all."""
    last = select(TaskStep.assignment_id, func.max(TaskStep.position).label("last")).group_by(
        TaskStep.assignment_id
    )
    if wanted is not None:
        last = last.where(TaskStep.assignment_id.in_(list(wanted)))
    newest = last.subquery()
    rows = connection.execute(
        select(TaskStep.assignment_id, TaskStep.state).join(
            newest,
            (TaskStep.assignment_id == newest.c.assignment_id)
            & (TaskStep.position == newest.c.last),
        )
    )
    return {row.assignment_id: row.state for row in rows}


def postponed(connection: Connection) -> dict[int, tuple[date, str]]:
    """(new day, reason) of every task that stands postponed, by assignment id."""
    now = {each for each, state in states(connection).items() if state is TaskState.POSTPONED}
    rows = connection.execute(
        select(TaskStep.assignment_id, TaskStep.until, TaskStep.reason)
        .where(TaskStep.assignment_id.in_(now), TaskStep.step == Step.POSTPONE)
        .order_by(TaskStep.position)
    )
    return {row.assignment_id: (row.until, row.reason) for row in rows if row.until}


_FROM_RESULT = {
    ResultState.DRAFT: TaskState.INSPECTED,
    ResultState.RETURNED: TaskState.INSPECTED,
    ResultState.SUBMITTED: TaskState.ENTERED,
    ResultState.LOCKED: TaskState.LOCKED,
}


def _told_from_result(connection: Connection, assignment_id: int) -> TaskState:
    replaced = connection.execute(
        select(Assignment.replaced_by_id).where(Assignment.id == assignment_id)
    ).scalar_one_or_none()
    if replaced is not None:
        return TaskState.SUBSTITUTED
    row = connection.execute(
        select(
            Result.state, exists().where(Publication.result_id == Result.id).label("public")
        ).where(Result.assignment_id == assignment_id, Result.state != ResultState.VOIDED)
    ).first()
    if row is None:
        return TaskState.ASSIGNED
    return TaskState.PUBLISHED if row.public else _FROM_RESULT[row.state]
