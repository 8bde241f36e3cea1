"""Which inspectors go where (RD1 §4).

Every group works for itself.  The results are those of the plain definitions
(compare every candidate pair with every other); what is saved is work: people
are hashed one level of load at a time and only until nobody further back can
matter, and a pair is sought among the few that can be the best.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations, islice, product

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


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Somebody who could go: place in the ranks of this target, load, person."""

    rank: int
    load: int
    person: PlanInspector


class _Loads:
    """The eligible people of a group by the number of targets they have so far."""

    def __init__(self, people: Sequence[PlanInspector]) -> None:
        self._load = {person.id: 0 for person in people}
        self._levels = {0: {person.id: person for person in people}}

    def add_target(self, person: PlanInspector) -> None:
        """Raise a person's load by one."""
        load = self._load[person.id]
        level = self._levels[load]
        del level[person.id]
        if not level:
            del self._levels[load]
        self._load[person.id] = load + 1
        self._levels.setdefault(load + 1, {})[person.id] = person

    def ranked(self, prefix: bytes, away: frozenset[str]) -> Iterator[_Candidate]:
        """Everybody not away by (load, hash, id); a level is hashed when reached."""
        rank = 0
        for load in sorted(self._levels):
            level = self._levels[load]
            for _, key in sorted(_rank_key(prefix, key) for key in level if key not in away):
                yield _Candidate(rank, load, level[key])
                rank += 1


def _standins(seen: Sequence[_Candidate], *taken: _Candidate) -> tuple[str, ...]:
    out = {candidate.rank for candidate in taken}
    left = (candidate.person.id for candidate in seen if candidate.rank not in out)
    return tuple(islice(left, _STANDINS))


# --- a pair for every target ----------------------------------------------------

# Classes of candidates: 0 leads and meets the need, 1 leads, 2 meets it, 3 neither.
# Pairs of classes by what comes first in the comparison: (nobody leads, unmet).
_RUNGS: tuple[tuple[str, tuple[tuple[int, int], ...]], ...] = (
    ("", ((0, 0), (0, 1), (0, 2), (0, 3), (1, 2))),
    ("S", ((1, 1), (1, 3))),
    ("L", ((2, 2), (2, 3))),
    ("LS", ((3, 3),)),
)


def _class_of(person: PlanInspector, need: str) -> int:
    return (0 if person.lead else 2) + (0 if _meets(need, person) else 1)


class _Shortlist:
    """The candidates among whom the best pair must be.

    Within two classes lead and need are settled and everything else never gets
    better further back in the ranks.  So the first two of each class do, and with
    the department rule the first who is of another department than the class's
    first.
    """

    def __init__(self, sizes: Sequence[int], work: _Work) -> None:
        self.kept: tuple[list[_Candidate], ...] = ([], [], [], [])
        self.seen: list[_Candidate] = []
        self._unseen = list(sizes)
        self._open = sum(1 for size in sizes if size)
        self._work = work

    def add(self, candidate: _Candidate, kind: int) -> None:
        """Take note of the next candidate in rank order, of class ``kind``."""
        self.seen.append(candidate)
        was_open = not self._settled(kind)
        self._unseen[kind] -= 1
        if was_open:
            kept = self.kept[kind]
            if len(kept) < 2 or not self._work.same(kept[0].person, candidate.person):
                kept.append(candidate)
            self._open -= self._settled(kind)

    def is_complete(self) -> bool:
        """Whether nobody further back can be in the pair or a stand-in."""
        return not self._open and len(self.seen) >= 2 + _STANDINS

    def _settled(self, kind: int) -> bool:
        if not self._unseen[kind]:
            return True
        kept = self.kept[kind]
        if len(kept) < 2:
            return False
        if not self._work.mixes_departments:
            return True
        return any(kept[0].person.dept != other.person.dept for other in kept[1:])

    def best(self, cap: int) -> tuple[_Candidate, _Candidate, str] | None:
        """Return the best pair in rank order and its flags; None without a pair."""
        for flags, rung in _RUNGS:
            pairs = [pair for one, other in rung for pair in self._pairs(one, other)]
            if pairs:
                one, other = min(pairs, key=lambda pair: self._order(pair[0], pair[1], cap))
                over = one.load >= cap or other.load >= cap
                same = self._work.same(one.person, other.person)
                return one, other, flags + "O" * over + "D" * same
        return None

    def _pairs(self, one: int, other: int) -> Iterator[tuple[_Candidate, _Candidate]]:
        if one == other:
            yield from combinations(self.kept[one], 2)
            return
        for first, second in product(self.kept[one], self.kept[other]):
            yield (first, second) if first.rank < second.rank else (second, first)

    def _order(self, one: _Candidate, other: _Candidate, cap: int) -> tuple[int, ...]:
        # one ranks before other, so other's load is the larger.
        return (
            (one.load >= cap) + (other.load >= cap),
            self._work.same(one.person, other.person),
            other.load,
            one.load + other.load,
            one.rank,
            other.rank,
        )


def _pair_each(group: Group, people: Sequence[PlanInspector], work: _Work) -> GroupResult:
    cap = _share(2 * work.selected, len(people))
    return GroupResult(group.code, cap, pairs=tuple(_pairs(group, people, cap, work)))


def _pairs(group: Group, people: Sequence[PlanInspector], cap: int, work: _Work) -> Iterator[Pair]:
    loads = _Loads(people)
    by_id = {person.id: person for person in people}
    census: dict[str, Counter[int]] = {}
    for target, need in work.targets:
        if need not in census:
            census[need] = Counter(_class_of(person, need) for person in people)
        away = work.recused.get(target, frozenset()) & by_id.keys()
        gone = Counter(_class_of(by_id[key], need) for key in away)
        shortlist = _Shortlist([census[need][kind] - gone[kind] for kind in range(4)], work)
        for candidate in loads.ranked(work.prefix("team", group.code, target), away):
            shortlist.add(candidate, _class_of(candidate.person, need))
            if shortlist.is_complete():
                break
        best = shortlist.best(cap)
        if best is None:
            yield Pair(target, None, None, "X", ())
            continue
        one, other, flags = best
        lead, second = _lead_first(one.person, other.person)
        yield Pair(target, lead.id, second.id, flags, _standins(shortlist.seen, one, other))
        loads.add_target(one.person)
        loads.add_target(other.person)


# --- one person for every target ------------------------------------------------


def _one_each(group: Group, people: Sequence[PlanInspector], work: _Work) -> GroupResult:
    cap = _share(work.selected, len(people))
    return GroupResult(group.code, cap, ones=tuple(_ones(group, people, cap, work)))


def _ones(group: Group, people: Sequence[PlanInspector], cap: int, work: _Work) -> Iterator[One]:
    loads = _Loads(people)
    able: dict[str, frozenset[str]] = {
        need: frozenset(person.id for person in people if _meets(need, person))
        for need in {need for _, need in work.targets}
    }
    for target, need in work.targets:
        away = work.recused.get(target, frozenset())
        has_able = bool(able[need] - away)
        seen: list[_Candidate] = []
        chosen: _Candidate | None = None
        for candidate in loads.ranked(work.prefix("team", group.code, target), away):
            seen.append(candidate)
            # The first in rank has the least load, within or over the cap alike.
            if chosen is None and (not has_able or candidate.person.id in able[need]):
                chosen = candidate
            if chosen is not None and len(seen) > _STANDINS:
                break
        if chosen is None:
            yield One(target, None, "X", ())
            continue
        flags = ("" if has_able else "S") + ("O" if chosen.load >= cap else "")
        yield One(target, chosen.person.id, flags, _standins(seen, chosen))
        loads.add_target(chosen.person)


_RULES = {
    TeamMode.FIXED_TEAMS: _fixed_teams,
    TeamMode.PAIR_EACH: _pair_each,
    TeamMode.ONE_EACH: _one_each,
}
