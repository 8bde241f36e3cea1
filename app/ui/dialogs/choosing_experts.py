"""指定专家 and taking one off again: one short form each."""

from __future__ import annotations

from typing import Any

from app.db.read import bound, partners
from app.db.read.tasks import TaskRow
from app.domain.fields import Choice
from app.services.draws import choosing_experts
from app.services.draws.choosing_experts import ChooseExpert, TakeOffExpert
from app.ui.dialogs.asking import Asking, choice, line, paragraph
from app.ui.widgets import FormDialog

__all__ = ["ask_expert", "ask_off"]


def ask_expert(asking: Asking, task: TaskRow) -> FormDialog | None:
    """Which expert, why, who agreed; None if the directory has nobody who can come."""
    known = [row for row in asking.workspace.read(partners.experts) if row.able]
    choices = [Choice(row.ident, f"{row.name}（{row.organ}）") for row in known]
    if not choices:
        return None
    fields = (
        choice("ident", "专家", choices),
        paragraph("reason", "理由", "如：危险废物鉴别需要专业人员"),
        line("approved_by", "批准人", "如：周局长"),
    )

    def command(**typed: Any) -> ChooseExpert:
        return ChooseExpert(assignment_id=task.id, **typed)

    title = f"指定专家 {task.serial}"
    return asking.ask(title, fields, choosing_experts.choose, command, action="指定", ident="")


def ask_off(asking: Asking, task: TaskRow) -> FormDialog | None:
    """Which chosen expert does not go, and why; None if the task has none."""
    found = asking.workspace.read(bound.members, [task.id]).get(task.id, ())
    choices = [Choice(row.ident, row.words) for row in found if row.chosen]
    if not choices:
        return None
    fields = (choice("ident", "专家", choices), paragraph("reason", "理由", "如：专家临时出差"))

    def command(**typed: Any) -> TakeOffExpert:
        return TakeOffExpert(assignment_id=task.id, **typed)

    title = f"撤下指定专家 {task.serial}"
    return asking.ask(title, fields, choosing_experts.take_off, command, action="撤下", ident="")
