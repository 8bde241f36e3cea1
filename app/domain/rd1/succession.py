"""Who is in after the addenda so far, and who is next (RD1 §6).

The service that makes an addendum and the verifier that checks it ask here, so
they cannot disagree about an order.

Reading of "used up or struck": whoever an earlier addendum brought in or took
out.  For targets and fixed teams that holds for the whole draw; the stand-ins of
an ``each`` group are a list per target, so only addenda for that target count.
Somebody who joins a fixed team for good is excluded by a recusal with any target
the team has to inspect at that moment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.rd1.addendum import Addendum, Substituted, SubstitutionPolicy
from app.domain.rd1.plan import Plan
from app.domain.rd1.result import DrawResult

__all__ = ["Bar", "Place", "Succession"]


class Bar(StrEnum):
    """What keeps somebody on a list from coming next."""

    SPENT = "spent"  # an earlier addendum brought them in or took them out
    RECUSED = "recused"


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the list that ``next_alternate`` goes by; ``bar`` None: free."""

    id: str
    bar: Bar | None


class Succession:
    """The state of one draw after its addenda; starts at the result itself.

    `apply` takes the addenda in their order.  `fault` says what is wrong with a
    next one before it is applied, `next_in` who would have to come.
    """

    def __init__(self, plan: Plan, result: DrawResult) -> None:
        self._recused = plan.recused_by_target()
        self._alternates: dict[str, tuple[str, ...]] = {}
        self._strata: dict[str, str] = {}
        self._in: set[str] = set(result.selected())
        self._spent_targets: set[str] = set()
        # Fixed teams: standby and members by group, the team of each target.
        self._standby: dict[str, tuple[str, ...]] = {}
        self._members: dict[tuple[str, int], tuple[str, ...]] = {}
        self._team_of: dict[tuple[str, str], int] = {}
        self._spent_people: set[str] = set()
        # Each groups, and exceptions of fixed teams: people by group and target.
        self._people: dict[tuple[str, str], tuple[str, ...]] = {}
        self._standins: dict[tuple[str, str], tuple[str, ...]] = {}
        self._spent_standins: set[tuple[str, str]] = set()
        self._take_result(result)

    def _take_result(self, result: DrawResult) -> None:
        for stratum in result.strata:
            self._alternates[stratum.stratum] = tuple(row.target for row in stratum.alternates)
            for row in (*stratum.given, *stratum.selected, *stratum.alternates):
                self._strata[row.target] = stratum.stratum
        for group in result.groups:
            if group.teams or group.standby:
                self._standby[group.group] = group.standby
            for team in group.teams:
                self._members[group.group, team.number] = (team.lead, team.second)
            for work in group.assignments:
                if work.team is not None:
                    self._team_of[group.group, work.target] = work.team
            for pair in group.pairs:
                if pair.lead is not None and pair.second is not None:
                    self._people[group.group, pair.target] = (pair.lead, pair.second)
                self._standins[group.group, pair.target] = pair.standins
            for one in group.ones:
                if one.inspector is not None:
                    self._people[group.group, one.target] = (one.inspector,)
                self._standins[group.group, one.target] = one.standins

    # --- asking ----------------------------------------------------------------

    def targets(self) -> frozenset[str]:
        """Ids of the targets that are in now."""
        return frozenset(self._in)

    def people(self, target: str) -> dict[str, tuple[str, ...]]:
        """Who inspects a target now: inspectors' ids by group."""
        found = {
            group: self._members[group, team]
            for (group, at), team in self._team_of.items()
            if at == target
        }
        found.update(
            {group: people for (group, at), people in self._people.items() if at == target}
        )
        return dict(sorted(found.items()))

    def team(self, group: str, number: int) -> tuple[str, ...]:
        """Members of a fixed team now."""
        return self._members.get((group, number), ())

    def next_in(self, kind: Substituted, out_id: str, for_target: str | None = None) -> str | None:
        """Id of the first in the list that ``next_alternate`` goes by.

        None if the list is used up or ``out_id`` is not in.
        """
        line = self.line(kind, out_id, for_target)
        return next((place.id for place in line if place.bar is None), None)

    def line(
        self, kind: Substituted, out_id: str, for_target: str | None = None
    ) -> tuple[Place, ...]:
        """The whole list that ``next_alternate`` goes by, in its order.

        Empty if ``out_id`` is not in, or the draw left no list.
        """
        return tuple(self._places(kind, out_id, for_target))

    def fault(self, addendum: Addendum) -> str | None:
        """Say in Chinese why this addendum cannot come next; None if it can."""
        if addendum.kind is Substituted.TARGET:
            if addendum.out_id not in self._in:
                return f"检查对象 {addendum.out_id} 不在当前名单中，不能换出"
        else:
            fault = self._inspector_fault(addendum)
            if fault:
                return fault
        if addendum.policy is SubstitutionPolicy.APPOINTED:
            return None
        expected = self.next_in(addendum.kind, addendum.out_id, addendum.for_target)
        if expected is None:
            return f"{addendum.out_id} 没有可用的递补，应重新抽取或按规定指定"
        if expected != addendum.in_id:
            return f"按次序应由 {expected} 递补，记录为 {addendum.in_id}"
        return None

    def _inspector_fault(self, addendum: Addendum) -> str | None:
        target = addendum.for_target
        if target is None:
            team = self._team_with(addendum.out_id)
            if team is None:
                if any(addendum.out_id in people for people in self._people.values()):
                    return "逐个对象派人的人员组须写明“for”行"
                return f"执法人员 {addendum.out_id} 当前不在任何固定组中，不能换出"
            serving = self._members[team]
        else:
            if target not in self._in:
                return f"检查对象 {target} 不在当前名单中"
            group = self._group_sending(addendum.out_id, target)
            if group is None:
                return f"执法人员 {addendum.out_id} 当前不检查 {target}，不能换出"
            serving = self.people(target)[group]
        if addendum.in_id in serving:
            return f"执法人员 {addendum.in_id} 已在该组"
        return None

    def _places(self, kind: Substituted, out_id: str, for_target: str | None) -> Iterable[Place]:
        if kind is Substituted.TARGET:
            if out_id not in self._in:
                return ()
            return _barred(self._alternates[self._strata[out_id]], self._spent_targets, ())
        if for_target is None:
            team = self._team_with(out_id)
            return () if team is None else self._standby_of(team[0], self._targets_of(*team))
        group = self._group_sending(out_id, for_target)
        if group is None:
            return ()
        if group in self._standby:
            return self._standby_of(group, [for_target])
        spent = {person for at, person in self._spent_standins if at == for_target}
        away = self._recused.get(for_target, frozenset())
        return _barred(self._standins[group, for_target], spent, away)

    def _standby_of(self, group: str, targets: Sequence[str]) -> Iterable[Place]:
        away = frozenset[str]().union(*(self._recused.get(at, frozenset()) for at in targets))
        return _barred(self._standby[group], self._spent_people, away)

    def _team_with(self, person: str) -> tuple[str, int] | None:
        return next((team for team, people in self._members.items() if person in people), None)

    def _targets_of(self, group: str, number: int) -> list[str]:
        return [
            target
            for (at, target), team in self._team_of.items()
            if at == group and team == number and target in self._in
        ]

    def _group_sending(self, person: str, target: str) -> str | None:
        return next((at for at, people in self.people(target).items() if person in people), None)

    # --- going on ----------------------------------------------------------------

    def apply(self, addendum: Addendum) -> None:
        """Take an addendum into account, legal or not, as far as it makes sense."""
        if addendum.kind is Substituted.TARGET:
            self._spent_targets |= {addendum.out_id, addendum.in_id}
            if addendum.out_id in self._in and addendum.in_id in self._strata:
                self._in.discard(addendum.out_id)
                self._in.add(addendum.in_id)
        elif addendum.for_target is None:
            self._replace_for_good(addendum)
        else:
            self._replace_for(addendum, addendum.for_target)

    def _replace_for_good(self, addendum: Addendum) -> None:
        self._spent_people |= {addendum.out_id, addendum.in_id}
        team = self._team_with(addendum.out_id)
        if team is None:
            return
        self._members[team] = _swapped(self._members[team], addendum)
        for target in self._targets_of(*team):
            if (team[0], target) in self._people:
                self._people[team[0], target] = _swapped(self._people[team[0], target], addendum)

    def _replace_for(self, addendum: Addendum, target: str) -> None:
        group = self._group_sending(addendum.out_id, target)
        if group is None:
            return
        if group in self._standby:
            self._spent_people |= {addendum.in_id}
        self._spent_standins |= {(target, addendum.out_id), (target, addendum.in_id)}
        self._people[group, target] = _swapped(self.people(target)[group], addendum)


def _barred(
    ids: Iterable[str], spent: Collection[str], recused: Collection[str]
) -> Iterator[Place]:
    for key in ids:
        bar = Bar.SPENT if key in spent else Bar.RECUSED if key in recused else None
        yield Place(key, bar)


def _swapped(people: tuple[str, ...], addendum: Addendum) -> tuple[str, ...]:
    return tuple(addendum.in_id if one == addendum.out_id else one for one in people)
