"""指定专家 and taking one off again: one short form each."""

from __future__ import annotations

from dataclasses import dataclass

from app.db.read import bound, partners
from app.db.read.tasks import TaskRow
from app.domain.fields import Choice, Field, FieldKind
from app.services import choosing_experts
from app.services.choosing_experts import ChooseExpert, TakeOffExpert
from app.ui.dialogs.following import Asking
from app.ui.dialogs.inspecting import ask
from app.ui.widgets import FormDialog

__all__ = ["ask_expert", "ask_off"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    name: str = ""
    expert: str = ""
    reason: str = ""
    approved_by: str = ""


_APPROVER = Field(name="approved_by", label="批准人", required=True, hint="如：周局长")


def ask_expert(asking: Asking, task: TaskRow) -> FormDialog | None:
    """Which expert, why, who agreed; None if the directory has nobody who can come."""
    known = [row for row in asking.workspace.read(partners.experts) if row.able]
    choices = tuple(Choice(row.ident, f"{row.name}（{row.organ}）") for row in known)

    def save(facts: _Facts) -> object:
        command = ChooseExpert(
            assignment_id=task.id,
            ident=facts.expert,
            reason=facts.reason,
            approved_by=facts.approved_by,
        )
        return asking.workspace.write(choosing_experts.choose, command)

    fields = (_expert(choices), _reason("如：危险废物鉴别需要专业人员"), _APPROVER)
    title = f"指定专家 {task.serial}"
    if not choices:
        return None
    return ask(asking.parent, title, fields, _Facts(), save, asking.then, "指定")


def ask_off(asking: Asking, task: TaskRow) -> FormDialog | None:
    """Which chosen expert does not go, and why; None if the task has none."""
    found = asking.workspace.read(bound.members, [task.id]).get(task.id, ())
    choices = tuple(Choice(row.ident, row.words) for row in found if row.chosen)

    def save(facts: _Facts) -> object:
        command = TakeOffExpert(assignment_id=task.id, ident=facts.expert, reason=facts.reason)
        return asking.workspace.write(choosing_experts.take_off, command)

    fields = (_expert(choices), _reason("如：专家临时出差"))
    title = f"撤下指定专家 {task.serial}"
    if not choices:
        return None
    return ask(asking.parent, title, fields, _Facts(), save, asking.then, "撤下")


def _expert(choices: tuple[Choice, ...]) -> Field:
    return Field(name="expert", label="专家", kind=FieldKind.CHOICE, required=True, choices=choices)


def _reason(hint: str) -> Field:
    return Field(name="reason", label="理由", kind=FieldKind.LONG_TEXT, required=True, hint=hint)
