"""Which targets are drawn: tickets, selection and alternates (RD1 §3)."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from heapq import nsmallest

from app.domain.rd1.plan import Plan
from app.domain.rd1.result import DrawnTarget, StratumResult

__all__ = ["draw_strata"]


def draw_strata(plan: Plan, seed: str) -> tuple[StratumResult, ...]:
    """Draw every stratum, ascending by name; ``seed`` is S.

    A stratum of which nothing is drawn or listed leaves no trace in
    ``result.txt`` and is left out here too.
    """
    pools: dict[str, list[str]] = {}
    for target in plan.targets:
        pools.setdefault(target.stratum, []).append(target.id)
    given: dict[str, list[str]] = {}
    for row in plan.given:
        given.setdefault(row.stratum, []).append(row.id)
    strata = [
        StratumResult(stratum, given=_first(seed, stratum, ids, len(ids)))
        for stratum, ids in given.items()
    ]
    for quota in plan.quotas:
        drawn = _first(seed, quota.stratum, pools[quota.stratum], quota.n + quota.a)
        if drawn:
            strata.append(
                StratumResult(quota.stratum, selected=drawn[: quota.n], alternates=drawn[quota.n :])
            )
    return tuple(sorted(strata, key=lambda one: one.stratum))


def _first(seed: str, stratum: str, ids: Sequence[str], count: int) -> tuple[DrawnTarget, ...]:
    """Return the first ``count`` targets of a stratum in ticket order."""
    prefix = f"RD1|ticket|{seed}|{stratum}|".encode("ascii")
    # Raw digests order like their hex text and are cheaper to make and compare.
    tickets = ((sha256(prefix + key.encode("ascii")).digest(), key) for key in ids)
    # nsmallest wins only while the heap is small against the pool.
    ordered = nsmallest(count, tickets) if count * 10 < len(ids) else sorted(tickets)[:count]
    return tuple(DrawnTarget(key, ticket.hex()) for ticket, key in ordered)
