"""Which inspectors go where (RD1 §4).

Every group works for itself.  The results are those of the plain definitions
(compare every candidate pair with every other); what is saved is work: people
are hashed one level of load at a time and only until nobody further back can
matter, and a pair is sought among the few that can be the best.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations, islice, product
from typing import NamedTuple

from app.domain.rd1.plan import Group, Plan, PlanInspector, TeamMode
from app.domain.rd1.result import Assignment, GroupResult, One, Pair, StratumResult, Team

__all__ = ["assign_groups"]

_STANDINS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """What has to be inspected, the same for every group.

    ``targets``: (id, need) of all selected, then of all alternates; ``selected``
    counts the former.  ``recused``: inspectors' ids per target.
    """

    seed: str
    targets: tuple[tuple[str, str], ...]
    selected: int
    recused: Mapping[str, frozenset[str]]
    mixes_departments: bool

    def prefix(self, purpose: str, group: str, *more: str) -> bytes:
        """Return the start of what is hashed to order people or teams."""
        return "|".join(["RD1", purpose, self.seed, group, *more, ""]).encode("ascii")

    def same(self, one: PlanInspector, other: PlanInspector) -> bool:
        """Whether the department rule is on and the two share one."""
        return self.mixes_departments and one.dept == other.dept


def assign_groups(
    plan: Plan, seed: str, strata: Sequence[StratumResult]
) -> tuple[GroupResult, ...]:
    """Form teams, pairs or single assignments of all groups, ascending by name.

    ``seed`` is S; ``strata`` the result of the target draw, ascending.
    """
    needs = {row.id: row.need for row in plan.targets}
    needs.update({row.id: row.need for row in plan.given})
    selected = [row.target for one in strata for row in (*one.given, *one.selected)]
    alternates = [row.target for one in strata for row in one.alternates]
    work = _Work(
        seed=seed,
        targets=tuple((target, needs[target]) for target in selected + alternates),
        selected=len(selected),
        recused=plan.recused_by_target(),
        mixes_departments=plan.mixes_departments,
    )
    eligible: dict[str, list[PlanInspector]] = {group.code: [] for group in plan.groups}
    for person in plan.inspectors:
        if person.eligible:
            eligible[person.group].append(person)
    return tuple(
        _RULES[group.mode](group, eligible[group.code], work)
        for group in sorted(plan.groups, key=lambda one: one.code)
    )


def _share(load: int, among: int) -> int:
    """Divide rounding up; 0 if the divisor is 0."""
    return -(-load // among) if among else 0


def _meets(need: str, *people: PlanInspector) -> bool:
    return not need or any(need in person.specs for person in people)


# --- fixed teams of two -------------------------------------------------------


def _fixed_teams(group: Group, people: Sequence[PlanInspector], work: _Work) -> GroupResult:
    prefix = work.prefix("inspector", group.code)
    order = sorted(people, key=lambda one: _rank_key(prefix, one.id))
    drawn, standby = order[: 2 * group.teams], order[2 * group.teams :]
    pairs = list(_form_teams(drawn, work))
    cap = _share(work.selected, group.teams)
    return GroupResult(
        group.code,
        cap,
        teams=tuple(
            Team(number, lead.id, second.id, _team_flags(lead, second, work))
            for number, (lead, second) in enumerate(pairs, 1)
        ),
        standby=tuple(person.id for person in standby),
        assignments=tuple(_assign_teams(group, pairs, cap, work)),
    )


def _rank_key(prefix: bytes, key: str) -> tuple[bytes, str]:
    return sha256(prefix + key.encode("ascii")).digest(), key


def _form_teams(
    drawn: Sequence[PlanInspector], work: _Work
) -> Iterator[tuple[PlanInspector, PlanInspector]]:
    """Join the first still free with the best of the others; lead first."""
    free = list(drawn)
    while free:
        first = free.pop(0)
        at = min(
            range(len(free)),
            key=lambda place: (
                not (first.lead or free[place].lead),
                work.same(first, free[place]),
                place,
            ),
        )
        yield _lead_first(first, free.pop(at))


def _lead_first(first: PlanInspector, second: PlanInspector) -> tuple[PlanInspector, PlanInspector]:
    """Keep the order of ranks unless only the second may lead."""
    return (second, first) if second.lead and not first.lead else (first, second)


def _team_flags(lead: PlanInspector, second: PlanInspector, work: _Work) -> str:
    return ("" if lead.lead else "L") + ("D" if work.same(lead, second) else "")


def _assign_teams(
    group: Group,
    teams: Sequence[tuple[PlanInspector, PlanInspector]],
    cap: int,
    work: _Work,
) -> Iterator[Assignment]:
    loads = [0] * len(teams)
    able = {
        need: [at for at, team in enumerate(teams) if _meets(need, *team)]
        for need in {need for _, need in work.targets}
    }
    everyone = range(len(teams))
    for target, need in work.targets:
        away = work.recused.get(target, frozenset())
        barred = {at for at, (a, b) in enumerate(teams) if a.id in away or b.id in away}
        free = [at for at in able[need] if at not in barred]
        met = bool(free)
        if not met:
            free = [at for at in everyone if at not in barred]
        if not free:
            yield Assignment(target, None, "X")
            continue
        least = min(loads[at] for at in free)
        prefix = work.prefix("assign", group.code, target)
        # Over the cap or not is the same for equal loads: the hash decides.
        chosen = min(
            (at for at in free if loads[at] == least),
            key=lambda at: (sha256(prefix + b"%d" % (at + 1)).digest(), at),
        )
        yield Assignment(target, chosen + 1, ("" if met else "S") + ("O" if least >= cap else ""))
        loads[chosen] += 1


# --- people ranked for one target ----------------------------------------------

# Kinds of candidates: 0 leads and meets the need, 1 leads, 2 meets it, 3 neither.
_MEETING = (0, 2)
_FIRST_FEW = 2 + _STANDINS


_Profile = tuple[bool, tuple[str, ...]]  # lead, specs


def _kind_of(lead: bool, meets: bool) -> int:
    return (0 if lead else 2) + (0 if meets else 1)


def _tickets(
    prefix: bytes, people: Sequence[Mapping[str, bytes]], away: frozenset[str]
) -> list[tuple[bytes, str]]:
    """Return (hash, id) of all who are not away, ascending."""
    # The innermost loop of a draw: one hash per person and target.
    return sorted(
        [
            (sha256(prefix + raw).digest(), key)
            for alike in people
            for key, raw in alike.items()
            if key not in away
        ]
    )


class _Candidate(NamedTuple):
    """Somebody who could go; candidates compare as their ranks (load, hash, id)."""

    load: int
    ticket: bytes
    id: str


class _Shortlist(NamedTuple):
    """Those who matter for one target, each list in rank order.

    ``kept``: of each kind the first two and, with the department rule, the first
    of another department than the kind's first.  ``first``: the first few of all.
    """

    kept: tuple[list[_Candidate], ...]
    first: list[_Candidate]

    def standins(self, *taken: _Candidate) -> tuple[str, ...]:
        """Return the next few by rank after those who go."""
        left = (candidate.id for candidate in self.first if candidate not in taken)
        return tuple(islice(left, _STANDINS))


class _Ranks:
    """The eligible people of a group, by the number of targets they have so far."""

    def __init__(self, group: Group, people: Sequence[PlanInspector], work: _Work) -> None:
        self.people = {person.id: person for person in people}
        self._group = group.code
        self._work = work
        self._load = dict.fromkeys(self.people, 0)
        # By load, then by what decides their kind: ids with their ASCII bytes.
        self._levels: dict[int, dict[_Profile, dict[str, bytes]]] = {}
        for person in people:
            self._put(0, person)

    def same(self, one: _Candidate, other: _Candidate) -> bool:
        """Whether the department rule is on and the two share one."""
        return self._work.same(self.people[one.id], self.people[other.id])

    def add_target(self, key: str) -> None:
        """Raise somebody's load by one."""
        person, load = self.people[key], self._load[key]
        level = self._levels[load]
        alike = level[person.lead, person.specs]
        del alike[key]
        if not alike:
            del level[person.lead, person.specs]
        if not level:
            del self._levels[load]
        self._load[key] = load + 1
        self._put(load + 1, person)

    def _put(self, load: int, person: PlanInspector) -> None:
        level = self._levels.setdefault(load, {})
        alike = level.setdefault((person.lead, person.specs), {})
        alike[person.id] = person.id.encode("ascii")

    def shortlist(self, target: str, need: str) -> _Shortlist:
        """Rank people for a target, as far back as somebody can matter.

        Goes up the levels of load; once there are enough stand-ins only kinds that
        still lack somebody are hashed.
        """
        away = self._work.recused.get(target, frozenset())
        prefix = self._work.prefix("team", self._group, target)
        found = _Shortlist(([], [], [], []), [])
        for load in sorted(self._levels):
            lacking = len(found.first) < _FIRST_FEW
            firsts: list[_Candidate] = []
            for kept, alike in zip(found.kept, self._by_kind(load, need), strict=True):
                if alike and (lacking or not self._is_settled(kept)):
                    ranked = _tickets(prefix, alike, away)
                    firsts += [_Candidate(load, *ticket) for ticket in ranked[:_FIRST_FEW]]
                    self._keep(kept, (_Candidate(load, *ticket) for ticket in ranked))
            if lacking:
                found.first.extend(sorted(firsts)[:_FIRST_FEW])
            elif all(map(self._is_settled, found.kept)):
                break
        return found

    def _by_kind(self, load: int, need: str) -> tuple[list[dict[str, bytes]], ...]:
        """Return the people of one level, those of one profile together, by kind."""
        found: tuple[list[dict[str, bytes]], ...] = ([], [], [], [])
        for (lead, specs), alike in self._levels[load].items():
            found[_kind_of(lead, not need or need in specs)].append(alike)
        return found

    def _keep(self, kept: list[_Candidate], ranked: Iterable[_Candidate]) -> None:
        for candidate in ranked:
            if self._is_settled(kept):
                return
            if len(kept) < 2 or not self.same(kept[0], candidate):
                kept.append(candidate)

    def _is_settled(self, kept: Sequence[_Candidate]) -> bool:
        """Whether nobody of this kind further back can be in the best pair.

        For two given kinds it is settled whether somebody leads and whether the need
        is met; nothing else that is compared gets better further back in the ranks.
        """
        if len(kept) < 2 or not self._work.mixes_departments:
            return len(kept) >= 2
        return any(not self.same(kept[0], other) for other in kept[1:])


# --- a pair for every target ----------------------------------------------------

# Pairs of kinds by what is compared first: flags (nobody leads, unmet).
_RUNGS: tuple[tuple[str, tuple[tuple[int, int], ...]], ...] = (
    ("", ((0, 0), (0, 1), (0, 2), (0, 3), (1, 2))),
    ("S", ((1, 1), (1, 3))),
    ("L", ((2, 2), (2, 3))),
    ("LS", ((3, 3),)),
)


def _pair_each(group: Group, people: Sequence[PlanInspector], work: _Work) -> GroupResult:
    cap = _share(2 * work.selected, len(people))
    ranks = _Ranks(group, people, work)
    return GroupResult(
        group.code,
        cap,
        pairs=tuple(_send_pair(target, need, cap, ranks) for target, need in work.targets),
    )


def _send_pair(target: str, need: str, cap: int, ranks: _Ranks) -> Pair:
    shortlist = ranks.shortlist(target, need)
    best = _best_pair(shortlist, cap, ranks)
    if best is None:
        return Pair(target, None, None, "X", ())
    one, other, flags = best
    lead, second = _lead_first(ranks.people[one.id], ranks.people[other.id])
    ranks.add_target(one.id)
    ranks.add_target(other.id)
    return Pair(target, lead.id, second.id, flags, shortlist.standins(one, other))


def _best_pair(
    shortlist: _Shortlist, cap: int, ranks: _Ranks
) -> tuple[_Candidate, _Candidate, str] | None:
    """Return the best pair in rank order and its flags; None if there is none."""

    def order(pair: tuple[_Candidate, _Candidate]) -> tuple[object, ...]:
        one, other = pair
        over = (one.load >= cap) + (other.load >= cap)
        # one ranks before other, so other's load is the larger.
        return over, ranks.same(one, other), other.load, one.load + other.load, one, other

    for flags, rung in _RUNGS:
        pairs = [pair for kinds in rung for pair in _pairs_of(shortlist, *kinds)]
        if pairs:
            one, other = best = min(pairs, key=order)
            over, same, *_ = order(best)
            return one, other, flags + "O" * bool(over) + "D" * bool(same)
    return None


def _pairs_of(
    shortlist: _Shortlist, kind: int, other_kind: int
) -> Iterator[tuple[_Candidate, _Candidate]]:
    """Yield the pairs of two kinds, each in rank order."""
    if kind == other_kind:
        yield from combinations(shortlist.kept[kind], 2)
        return
    for one, other in product(shortlist.kept[kind], shortlist.kept[other_kind]):
        yield (one, other) if one < other else (other, one)


# --- one person for every target ------------------------------------------------


def _one_each(group: Group, people: Sequence[PlanInspector], work: _Work) -> GroupResult:
    cap = _share(work.selected, len(people))
    ranks = _Ranks(group, people, work)
    return GroupResult(
        group.code,
        cap,
        ones=tuple(_send_one(target, need, cap, ranks) for target, need in work.targets),
    )


def _send_one(target: str, need: str, cap: int, ranks: _Ranks) -> One:
    shortlist = ranks.shortlist(target, need)
    if not shortlist.first:
        return One(target, None, "X", ())
    # Within or over the cap goes with the load, and the load with the rank.
    able = [shortlist.kept[kind][0] for kind in _MEETING if shortlist.kept[kind]]
    chosen = min(able, default=shortlist.first[0])
    ranks.add_target(chosen.id)
    flags = ("" if able else "S") + ("O" if chosen.load >= cap else "")
    return One(target, chosen.id, flags, shortlist.standins(chosen))


_RULES = {
    TeamMode.FIXED_TEAMS: _fixed_teams,
    TeamMode.PAIR_EACH: _pair_each,
    TeamMode.ONE_EACH: _one_each,
}
