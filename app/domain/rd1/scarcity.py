"""What must be shown before a plan is frozen (RD1 §1 step 1).

A short supply of people with a speciality or of leads, a stratum of which nothing
or everything is drawn, and whatever changed since the last draw can steer a
result; they are shown, never forbidden.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from app.domain.rd1.plan import GivenTarget, Plan, PlanInspector, PlanTarget, TeamMode

__all__ = [
    "FEW",
    "Change",
    "Move",
    "NeedSupply",
    "PlanDifference",
    "StratumShare",
    "StratumSupply",
    "TargetSupply",
    "difference",
    "need_supply",
    "scarce_targets",
    "stratum_supply",
]

FEW = 3
"""Fewer people than this for a need or the lead rule are flagged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedSupply:
    """How many eligible people of a group have a speciality that targets need.

    ``need`` is empty for targets without one: then everybody eligible counts.
    ``leads`` counts the eligible people of the group who may lead; it is None
    where one person is sent, to whom the lead rule does not apply.
    """

    group: str
    need: str
    targets: int
    able: int
    leads: int | None

    @property
    def is_short(self) -> bool:
        """Whether to flag: fewer than three able people or leads."""
        return self.able < FEW or (self.leads is not None and self.leads < FEW)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSupply:
    """The same for one target, its recusals taken off."""

    target: str
    group: str
    need: str
    able: int
    leads: int | None


class StratumShare(Enum):
    """Whether chance decides anything in a stratum."""

    SOME = "some"
    NONE = "none"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class StratumSupply:
    """n of pool for one stratum."""

    stratum: str
    n: int
    pool: int

    @property
    def share(self) -> StratumShare:
        """NONE and ALL are flagged: nobody, or everybody, is drawn."""
        if self.n == 0:
            return StratumShare.NONE
        return StratumShare.ALL if self.n == self.pool else StratumShare.SOME


@dataclass(frozen=True, slots=True)
class Move:
    """A target that stands in another stratum than last time."""

    target: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """A field of a target or inspector that differs from last time, as in the file."""

    id: str
    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDifference:
    """Everything that differs from the last draw's plan; ids ascending."""

    targets_in: tuple[str, ...]
    targets_out: tuple[str, ...]
    moved: tuple[Move, ...]
    needs: tuple[Change, ...]
    inspectors_in: tuple[str, ...]
    inspectors_out: tuple[str, ...]
    inspectors: tuple[Change, ...]


def stratum_supply(plan: Plan) -> tuple[StratumSupply, ...]:
    """N of pool for each stratum with a pool, ascending by name."""
    quotas = {quota.stratum: quota.n for quota in plan.quotas}
    return tuple(
        StratumSupply(stratum, quotas.get(stratum, 0), pool)
        for stratum, pool in plan.pool_sizes().items()
    )


def need_supply(plan: Plan) -> tuple[NeedSupply, ...]:
    """How many people each need and the lead rule leave, per group and need."""
    needs = Counter(row.need for row in _targets(plan))
    return tuple(
        NeedSupply(
            group=group,
            need=need,
            targets=count,
            able=_able(people, need, frozenset()),
            leads=_leads(people, mode, frozenset()),
        )
        for group, mode, people in _groups(plan)
        for need, count in sorted(needs.items())
    )


def scarce_targets(plan: Plan) -> tuple[TargetSupply, ...]:
    """Targets for which fewer than three able people or leads are left."""
    recused = plan.recused_by_target()
    supplies = {(row.group, row.need): row for row in need_supply(plan)}
    found = []
    for group, mode, people in _groups(plan):
        for row in _targets(plan):
            away = recused.get(row.id, frozenset())
            usual = supplies[group, row.need]
            supply = TargetSupply(
                target=row.id,
                group=group,
                need=row.need,
                able=_able(people, row.need, away) if away else usual.able,
                leads=_leads(people, mode, away) if away else usual.leads,
            )
            if supply.able < FEW or (supply.leads is not None and supply.leads < FEW):
                found.append(supply)
    return tuple(sorted(found, key=lambda one: (one.group, one.target)))


def difference(old: Plan | None, new: Plan) -> PlanDifference:
    """Compare with the last draw's plan; None for the first: everything is new."""
    targets_before = {row.id: row for row in _targets(old)} if old else {}
    targets_now = {row.id: row for row in _targets(new)}
    people_before = {row.id: row for row in old.inspectors} if old else {}
    people_now = {row.id: row for row in new.inspectors}
    stayed = sorted(targets_before.keys() & targets_now.keys())
    moved = (Move(key, targets_before[key].stratum, targets_now[key].stratum) for key in stayed)
    needs = (Change(key, "need", targets_before[key].need, targets_now[key].need) for key in stayed)
    return PlanDifference(
        targets_in=tuple(sorted(targets_now.keys() - targets_before.keys())),
        targets_out=tuple(sorted(targets_before.keys() - targets_now.keys())),
        moved=tuple(move for move in moved if move.old != move.new),
        needs=tuple(change for change in needs if change.old != change.new),
        inspectors_in=tuple(sorted(people_now.keys() - people_before.keys())),
        inspectors_out=tuple(sorted(people_before.keys() - people_now.keys())),
        inspectors=tuple(
            change
            for key in sorted(people_before.keys() & people_now.keys())
            for change in _changes(people_before[key], people_now[key])
        ),
    )


def _changes(old: PlanInspector, new: PlanInspector) -> Iterator[Change]:
    for field, before, now in (
        ("group", old.group, new.group),
        ("dept", old.dept, new.dept),
        ("lead", f"{old.lead:d}", f"{new.lead:d}"),
        ("specs", ",".join(old.specs), ",".join(new.specs)),
        ("eligible", f"{old.eligible:d}", f"{new.eligible:d}"),
    ):
        if before != now:
            yield Change(new.id, field, before, now)


def _targets(plan: Plan) -> Iterator[PlanTarget | GivenTarget]:
    yield from plan.targets
    yield from plan.given


def _groups(plan: Plan) -> Iterator[tuple[str, TeamMode, list[PlanInspector]]]:
    for group in sorted(plan.groups, key=lambda one: one.code):
        people = [one for one in plan.inspectors if one.eligible and one.group == group.code]
        yield group.code, group.mode, people


def _able(people: list[PlanInspector], need: str, away: frozenset[str]) -> int:
    return sum(1 for one in people if one.id not in away and (not need or need in one.specs))


def _leads(people: list[PlanInspector], mode: TeamMode, away: frozenset[str]) -> int | None:
    if mode is TeamMode.ONE_EACH:
        return None
    return sum(1 for one in people if one.lead and one.id not in away)
