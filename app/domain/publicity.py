"""公示: what may be said in public, in which words, by when (domain stages 1–3).

At once: that a draw was held, its counts, P, C and F.  Of a target: its name once it was inspected,
its result once that is locked.  Seed, R, plan and result file: after the period's last inspection.
"""

from __future__ import annotations

import enum

from app.domain import rulebook as rules
from app.domain.inspection import Conclusion
from app.errors import UserError

__all__ = [
    "OUTCOME_TAKEN_DOWN",
    "ExemptionKind",
    "ReviewOutcome",
    "Stage",
    "meaning",
    "public_wording",
    "stage_of",
]

PUBLISH = "publish"
"""Code of the deadline rule for publishing a result."""

OUTCOME_TAKEN_DOWN = "查处结果："
"""What was taken down begins with this where it was a case's outcome, not the result itself."""


class ExemptionKind(enum.Enum):
    """Why a result is not made public (YY 五（三）)."""

    SECRET = "secret"  # noqa: S105 - a reason, not a password
    NATIONAL = "national"
    PUBLIC = "public"

    @property
    def label(self) -> str:
        """Word for a person."""
        return {"secret": "涉及保密", "national": "涉及国家安全", "public": "涉及公共安全"}[
            self.value
        ]


class ReviewOutcome(enum.Enum):
    """How a review a target asked for ended (TJ 五)."""

    UPHELD = "upheld"
    WRONG = "wrong"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """Word for a person."""
        return {"upheld": "维持原结果", "wrong": "原结果有误", "refused": "不予受理"}[self.value]


class Stage(enum.Enum):
    """How much of a draw may be public."""

    HELD = 1  # that it was held, counts, P, C, F
    INSPECTING = 2  # names of those inspected, results once locked
    ENDED = 3  # seed, R, plan, result file

    @property
    def label(self) -> str:
        """Word for a person."""
        return {1: "已抽取", 2: "检查中", 3: "检查全部结束"}[self.value]


def stage_of(*, inspected: int, finished: int, outstanding: int) -> Stage:
    """The stage of a draw.

    ``inspected``: its own targets that were inspected.  Of the whole period, all its draws
    together: ``finished`` inspections are locked, ``outstanding`` ones are not — one draw's seed
    stays secret while another of the period is still on its way.
    """
    if finished and not outstanding:
        return Stage.ENDED
    return Stage.INSPECTING if inspected else Stage.HELD


def meaning(rulebook: rules.Rulebook, conclusion: Conclusion) -> rules.Conclusion:
    """What the rulebook makes of a conclusion: covered, a finding, a violation, its wording.

    Raises UserError if the rulebook does not know it.
    """
    found = next((each for each in rulebook.conclusions if each.code == conclusion.value), None)
    if found is None:
        raise UserError(
            f"《{rulebook.document.title}》没有结论“{conclusion.label}”。", "请改选其他结论。"
        )
    return found


def public_wording(rulebook: rules.Rulebook, conclusion: Conclusion) -> str:
    """The public wording; empty if such a result is not published (site gone, nothing seen)."""
    return meaning(rulebook, conclusion).public
