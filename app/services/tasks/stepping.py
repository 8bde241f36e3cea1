"""One step of a task's course, taken inside whatever service makes it happen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.db.read import courses
from app.db.unit_of_work import UnitOfWork
from app.domain.course import Step, TaskState, after, follow
from app.errors import UserError
from app.models import Assignment, Draw, DrawState, TaskStep

__all__ = ["PostponeTask", "postpone", "take", "take_if_lawful"]

_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PostponeTask:
    """The inspection is put off to ``until``, for a reason; the deadline itself stays."""

    assignment_id: int
    until: date
    reason: str


def postpone(uow: UnitOfWork, command: PostponeTask) -> TaskState:
    """Put a task off.

    Errors: UserError if it was inspected already, the day is past, or the reason is missing.
    """
    assignment = uow.session.get(Assignment, command.assignment_id)
    draw = uow.session.get(Draw, assignment.draw_id) if assignment else None
    if assignment is None or draw is None or draw.state is not DrawState.CLOSED:
        raise UserError("这项任务已不在派单里。", "请刷新列表后再试。")
    reason = command.reason.strip()
    if not reason:
        raise UserError("延期要写明原因。", "例如“企业停产检修，预计 10 月 8 日恢复”。")
    if command.until < uow.today:
        raise UserError(f"新的日期 {command.until} 已经过去。", "请填写今后的日期。")
    state = take(uow, assignment.id, Step.POSTPONE, reason=reason, until=command.until)
    uow.record(
        "task.postpone",
        f"{draw.no}/{assignment.serial}",
        {"until": command.until, "reason": reason, "due": assignment.due_on},
    )
    uow.changed.add("assignment")
    uow.commit()
    return state


def take(
    uow: UnitOfWork,
    assignment_id: int,
    step: Step,
    *,
    on: date | None = None,
    by: str = "",
    reason: str = "",
    until: date | None = None,
) -> TaskState:
    """Write one step behind the last; call it *before* changing the facts it is about.

    Errors: UserError if the step is not lawful where the task stands.
    """
    uow.session.flush()
    connection = uow.session.connection()
    state = follow(courses.state_of(connection, assignment_id), step)
    position = uow.session.scalar(
        select(func.max(TaskStep.position)).where(TaskStep.assignment_id == assignment_id)
    )
    uow.session.add(
        TaskStep(
            assignment_id=assignment_id,
            position=(position or 0) + 1,
            step=step,
            state=state,
            on=on or uow.today,
            reason=reason[:_LONGEST],
            until=until,
            by=by or uow.actor,
            at=uow.now,
        )
    )
    uow.session.flush()
    return state


def take_if_lawful(uow: UnitOfWork, assignment_id: int, step: Step, *, reason: str = "") -> bool:
    """The same where the task may be past it (a notice printed again): whether it was taken."""
    uow.session.flush()
    if after(courses.state_of(uow.session.connection(), assignment_id), step) is None:
        return False
    take(uow, assignment_id, step, reason=reason)
    return True
