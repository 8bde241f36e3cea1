"""A task's life after the draw: result states and their lawful steps, conclusions, ways.

assigned → draft → submitted → locked → (published)
                     └ returned → draft        locked → voided (signed correction only)

The whole task's course, from the notice to the closed file, is ``app.domain.course``.
"""

from __future__ import annotations

import enum

from app.errors import UserError

HOW_TO_CORRECT = "确有错误的，在“检查结果”里打开它，点“更正申请”，按经手顺序登记签字和答复。"
VOIDED_SOURCE = "（结果已作废）"
"""How the frequency ledger's source ends where a drawn visit was made and its result voided."""


class ResultState(enum.Enum):
    """State of one result (a result belongs to an assignment)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    LOCKED = "locked"
    VOIDED = "voided"

    @property
    def label(self) -> str:
        """Word for a person."""
        return _LABELS[self]


_LABELS = {
    ResultState.DRAFT: "录入中",
    ResultState.SUBMITTED: "待复核",
    ResultState.RETURNED: "退回",
    ResultState.LOCKED: "已锁定",
    ResultState.VOIDED: "已作废",
}

_STEPS = {
    ResultState.DRAFT: {ResultState.DRAFT, ResultState.SUBMITTED},
    ResultState.RETURNED: {ResultState.DRAFT, ResultState.RETURNED, ResultState.SUBMITTED},
    ResultState.SUBMITTED: {ResultState.RETURNED, ResultState.LOCKED},
    ResultState.LOCKED: {ResultState.VOIDED},
    ResultState.VOIDED: set[ResultState](),
}


def check_step(before: ResultState, after: ResultState) -> None:
    """Refuse an unlawful step with a sentence (UserError); a locked result is never edited."""
    if after in _STEPS[before]:
        return
    if before is ResultState.LOCKED:
        raise UserError("这份检查结果已经锁定，不能修改。", HOW_TO_CORRECT)
    raise UserError(f"检查结果现在是“{before.label}”，不能变为“{after.label}”。", "请刷新后再试。")


class ItemOutcome(enum.Enum):
    """What one item of a result showed."""

    OK = "ok"
    PROBLEM = "problem"
    NOT_APPLICABLE = "na"

    @property
    def label(self) -> str:
        """Word for a person."""
        return {"ok": "符合", "problem": "不符合", "na": "不适用"}[self.value]


class Conclusion(enum.Enum):
    """检查结论, the unit's own seven; a rulebook maps them to its public wording."""

    NO_PROBLEM = "no_problem"
    ORDERED = "ordered"  # 发现问题已责令整改
    CASE = "case"  # 发现涉嫌违法行为已立案调查
    CLOSED = "closed"
    MOVED = "moved"
    REFUSED = "refused"
    NO_ACTIVITY = "no_activity"

    @property
    def label(self) -> str:
        """Word for a person."""
        return _CONCLUSIONS[self]

    @property
    def inspected(self) -> bool:
        """Whether the site was really inspected, so that it counts as covered."""
        return self in {Conclusion.NO_PROBLEM, Conclusion.ORDERED, Conclusion.CASE}

    @property
    def violation(self) -> bool:
        """Whether a violation was found (lifts a yearly cap where the rulebook says so)."""
        return self in {Conclusion.ORDERED, Conclusion.CASE}


GONE = frozenset({Conclusion.CLOSED, Conclusion.MOVED})
"""Conclusions after which the next alternate may take the target's place (NC 15)."""

_CONCLUSIONS = {
    Conclusion.NO_PROBLEM: "未发现问题",
    Conclusion.ORDERED: "发现问题已责令整改",
    Conclusion.CASE: "发现涉嫌违法行为已立案调查",
    Conclusion.CLOSED: "已关闭停业",
    Conclusion.MOVED: "注销迁出",
    Conclusion.REFUSED: "不配合",
    Conclusion.NO_ACTIVITY: "未开展相关经营活动",
}


class Way(enum.Enum):
    """How the check was made; always with two certificate holders."""

    ON_SITE = "on_site"
    OFF_SITE = "off_site"
    THIRD_PARTY = "third_party"

    @property
    def label(self) -> str:
        """Word for a person."""
        return {"on_site": "现场检查", "off_site": "非现场检查", "third_party": "委托第三方辅助"}[
            self.value
        ]
