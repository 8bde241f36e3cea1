"""审批: who applied for a substitution and who approved it, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.errors import UserError

__all__ = ["ApprovalStep", "check_steps"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalStep:
    """One step: what was done, in which organ, by whom in which post, on which day."""

    step: str  # 申请, 审核, 批准
    organ: str
    name: str
    post: str
    on: date


def check_steps(steps: Sequence[ApprovalStep], until: date) -> None:
    """Refuse an empty chain, a step with a gap, days that run backwards or beyond ``until``.

    Raises ``UserError`` naming the step.
    """
    if not steps:
        raise UserError("还没有写谁批准。", "更换须经批准，请补上。")
    last: ApprovalStep | None = None
    for step in steps:
        for what, text in (("单位", step.organ), ("姓名", step.name), ("职务", step.post)):
            if not text.strip():
                raise UserError(f"“{step.step}”一步还没有写{what}。", "更换须经批准，请逐项补上。")
        if last is not None and step.on < last.on:
            raise UserError(
                f"“{step.step}”的日期 {step.on} 早于“{last.step}”的 {last.on}。", "请核对审批日期。"
            )
        if step.on > until:
            raise UserError(
                f"“{step.step}”的日期 {step.on} 晚于办理更换的 {until}。",
                "先批准，再办理更换；请核对日期。",
            )
        last = step
