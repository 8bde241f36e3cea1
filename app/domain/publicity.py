"""公示: what may be said in public, in which words, by when (domain stages 1–3).

Nothing about a target is public before it was inspected and its result locked; of all others
only their number may be told.
"""

from __future__ import annotations

from app.domain import rulebook as rules
from app.domain.inspection import Conclusion
from app.errors import UserError

__all__ = ["meaning", "public_wording"]

PUBLISH = "publish"
"""Code of the deadline rule for publishing a result."""


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
