"""The whole draw as one pure function (RD1 §3–§5)."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.rd1.commitment import commit, require_digits, require_reveal, seed
from app.domain.rd1.plan import Plan, plan_hash
from app.domain.rd1.plan_reader import parse_plan
from app.domain.rd1.result import DrawResult
from app.domain.rd1.teams import assign_groups
from app.domain.rd1.tickets import draw_strata

__all__ = ["replay"]


def replay(plan: Plan | bytes, reveal: str, digits: Sequence[str]) -> DrawResult:
    """Recompute a draw from its plan, R and the digits of the witnesses in order.

    Bytes of ``plan.txt`` are hashed as they are.  Raises PlanError for a plan that
    breaks RD1 §2, CeremonyError for a reveal, digits or a number of digits that
    break §3.  Nothing is normalised on the way.
    """
    data = plan if isinstance(plan, bytes) else plan.to_bytes()
    checked = parse_plan(data)
    require_reveal(reveal)
    require_digits(digits, len(checked.witnesses))
    return _draw(checked, plan_hash(data), reveal, tuple(digits))


def _draw(plan: Plan, fingerprint: str, reveal: str, digits: tuple[str, ...]) -> DrawResult:
    drawn_from = seed(plan.no, fingerprint, reveal, digits)
    strata = draw_strata(plan, drawn_from)
    return DrawResult(
        no=plan.no,
        plan=fingerprint,
        commitment=commit(plan.no, fingerprint, reveal),
        reveal=reveal,
        digits=digits,
        seed=drawn_from,
        strata=strata,
        groups=assign_groups(plan, drawn_from, strata),
    )
