"""指定专家: an expert the unit chose goes along to a task, and is taken off it again.

Nobody drew them: they stand with the task's own draw in a group of their own and are marked 指定.
Reason and approver are kept in the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.db.read import results
from app.db.read.bound import CHOSEN
from app.db.read.tasks import Progress
from app.db.unit_of_work import UnitOfWork
from app.domain.rulebook import ExpertWay
from app.errors import UserError
from app.models import Assignment, AssignmentMember, Draw, DrawState, Expert
from app.services import rulebooks

__all__ = ["ChooseExpert", "TakeOffExpert", "choose", "take_off"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseExpert:
    """``ident``: the expert's number; ``approved_by``: who agreed."""

    assignment_id: int
    ident: str
    reason: str
    approved_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOffExpert:
    """A chosen expert does not go after all; ``ident`` as when chosen."""

    assignment_id: int
    ident: str
    reason: str


def choose(uow: UnitOfWork, command: ChooseExpert) -> None:
    """Put a chosen expert on a task not yet inspected.

    Errors: UserError where the text has experts drawn only, the task is over, the expert cannot
    come or goes already, reason or approver is missing. Article: ``rulebook.experts``.
    """
    connection = uow.session.connection()
    rulebook = rulebooks.of_unit(connection)
    if ExpertWay.CHOSEN not in rulebook.experts.value:
        raise UserError(
            f"{rulebook.cite(rulebook.experts.article)}：专家随机抽取，不能指定。",
            "请在“开始抽取”中选“抽取专家”。",
        )
    task, subject = _open_task(uow, command.assignment_id)
    reason, approver = command.reason.strip(), command.approved_by.strip()
    if not reason or not approver:
        raise UserError("指定专家要写明理由和批准人。", "请填写后再试。")
    expert = uow.session.scalar(select(Expert).where(Expert.ident == command.ident))
    if expert is None or expert.state != "available":
        raise UserError("这名专家不在名录里，或目前不能参加。", "请换一名专家。")
    if uow.session.scalar(
        select(AssignmentMember.id).where(
            AssignmentMember.assignment_id == task.id,
            AssignmentMember.title == "专家",
            AssignmentMember.ident == expert.ident,
        )
    ):
        raise UserError(f"{expert.name}已经参加这项任务。", "请换一名专家。")
    uow.session.add(
        AssignmentMember(
            assignment_id=task.id,
            draw_id=task.draw_id,
            group=CHOSEN + expert.ident,
            title="专家",
            ident=expert.ident,
            name=expert.name,
        )
    )
    said = {"expert": expert.ident, "name": expert.name, "reason": reason, "approved_by": approver}
    uow.record("expert.choose", subject, said)
    uow.changed.add("assignment")
    uow.commit()


def take_off(uow: UnitOfWork, command: TakeOffExpert) -> None:
    """Take a chosen expert off a task not yet inspected; one who was drawn stays.

    Errors: UserError if the task is over, nobody of this number was chosen, or no reason is given.
    """
    task, subject = _open_task(uow, command.assignment_id)
    reason = command.reason.strip()
    if not reason:
        raise UserError("撤下专家要写明理由。", "请填写后再试。")
    member = uow.session.scalar(
        select(AssignmentMember).where(
            AssignmentMember.assignment_id == task.id,
            AssignmentMember.group == CHOSEN + command.ident,
        )
    )
    if member is None:
        raise UserError("这项任务没有指定这名专家。", "抽取的专家不能在这里撤下。")
    said = {"expert": member.ident, "name": member.name, "reason": reason}
    uow.session.delete(member)
    uow.record("expert.takeoff", subject, said)
    uow.changed.add("assignment")
    uow.commit()


def _open_task(uow: UnitOfWork, assignment_id: int) -> tuple[Assignment, str]:
    """A task in force nobody inspected yet, and how the ledger names it."""
    task = uow.session.get(Assignment, assignment_id)
    draw = uow.session.get(Draw, task.draw_id) if task else None
    if task is None or draw is None or draw.state is not DrawState.CLOSED or task.replaced_by_id:
        raise UserError("这项任务已不在派单里。", "请刷新列表后再试。")
    (row,) = results.rows(uow.session.connection(), [task.id])
    if row.progress is not Progress.OPEN:
        raise UserError(f"{task.serial} 已经开始检查，专家不能再变动。", "请在检查结果中说明。")
    return task, f"{draw.no}/{task.serial}"
