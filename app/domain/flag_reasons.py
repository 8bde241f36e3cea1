"""Why a team or a pair carries a flag, in words with counts (RD1 §4).

The letters say what is not as it should be; a year later somebody asks why nothing better was
possible.  Everything follows from the plan: who was eligible, who leads, who recused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.domain.fitness import SHORT_WORDS
from app.domain.rd1.flags import WORDS
from app.domain.rd1.plan import Plan, PlanInspector
from app.domain.rd1.result import DrawResult, GroupResult
from app.domain.speciality import speciality_words

__all__ = ["FlagReasons"]


@dataclass(frozen=True)
class FlagReasons:
    """The reasons of one draw's flags."""

    plan: Plan
    result: DrawResult

    @cached_property
    def _needs(self) -> dict[str, str]:
        needs = {row.id: row.need for row in self.plan.targets}
        return needs | {row.id: row.need for row in self.plan.given}

    @cached_property
    def _recused(self) -> dict[str, frozenset[str]]:
        return dict(self.plan.recused_by_target())

    def of_target(self, group: str, target: str) -> tuple[str, ...]:
        """One sentence for each flag of who goes to a target; empty if there is none."""
        found = self.result.group(group)
        if found is None:
            return ()
        for work in found.assignments:
            if work.target == target:
                members = next(
                    ((t.lead, t.second) for t in found.teams if t.number == work.team), ()
                )
                return tuple(self._team_words(found, target, work.flags, members))
        for pair in found.pairs:
            if pair.target == target:
                return tuple(self._own_words(found, target, pair.flags))
        for one in found.ones:
            if one.target == target:
                return tuple(self._own_words(found, target, one.flags))
        return ()

    def of_team(self, group: str, number: int) -> tuple[str, ...]:
        """The same for a fixed team as it was formed."""
        found = self.result.group(group)
        team = next((t for t in found.teams if t.number == number), None) if found else None
        if found is None or team is None:
            return ()
        leads = [person for person in self._listed(found) if person.lead]
        return tuple(
            f"{WORDS[letter]}，因"
            + (
                self._leads_elsewhere(found, leads)
                if letter == "L"
                else "其余合格人员里没有其他科室的人可以同组"
            )
            for letter in team.flags
            if letter in "LD"
        )

    # --- each way of sending -------------------------------------------------------------------

    def _team_words(
        self, group: GroupResult, target: str, flags: str, members: Sequence[str]
    ) -> Iterator[str]:
        need = self._needs.get(target, "")
        for letter in flags:
            if letter == "X":
                yield f"{WORDS['X']}，因每个检查组都有人须对它回避"
            elif letter == "S":
                able = [p for p in self._listed(group) if need in p.specs]
                words = self._supply(f"“{speciality_words(need)}”专业的", able, frozenset())
                yield f"{WORDS['S']}，因{words}，能去的检查组里没有这样的人"
            elif letter == "O":
                yield f"{WORDS['O']}（每组 {group.cap} 家），因能去的检查组都已满额"

    def _own_words(self, group: GroupResult, target: str, flags: str) -> Iterator[str]:
        need = self._needs.get(target, "")
        away = self._recused.get(target, frozenset())
        listed = self._listed(group)
        for letter in flags:
            if letter == "L":
                leads = [person for person in listed if person.lead]
                yield f"{WORDS['L']}，因{self._supply('可以牵头的', leads, away)}"
            elif letter == "S":
                able = [person for person in listed if need in person.specs]
                words = f"“{speciality_words(need)}”专业的"
                yield f"{WORDS['S']}，因{self._supply(words, able, away)}"
            elif letter == "O":
                yield (
                    f"{WORDS['O']}（每人 {group.cap} 家），因{self._why_full(listed, need, away)}"
                )
            elif letter == "D":
                yield f"{WORDS['D']}，因顾及牵头、专业和任务量后没有其他科室的人可派"
            elif letter == "X":
                yield f"{WORDS['X']}，因{self._supply('合格', listed, away)}"

    def _listed(self, group: GroupResult) -> list[PlanInspector]:
        return [person for person in self.plan.inspectors if person.group == group.group]

    def _why_full(self, listed: Sequence[PlanInspector], need: str, away: frozenset[str]) -> str:
        reasons = []
        leads = sum(p.eligible and p.lead and p.id not in away for p in listed)
        if leads < sum(p.eligible for p in listed):
            reasons.append(f"能牵头的只有 {leads} 人")
        if need:
            able = sum(p.eligible and need in p.specs and p.id not in away for p in listed)
            reasons.append(f"“{speciality_words(need)}”专业的只有 {able} 人")
        gone = sum(p.eligible and p.id in away for p in listed)
        if gone:
            reasons.append(f"{gone} 人须回避")
        return "，".join(reasons) or "其余人员也已满额"

    def _leads_elsewhere(self, group: GroupResult, leads: Sequence[PlanInspector]) -> str:
        """名录中可以牵头的人员 4 人：3 人已在其他组，1 人候补."""
        placed = {person for team in group.teams for person in (team.lead, team.second)}
        free = [person for person in leads if person.eligible]
        elsewhere = sum(person.id in placed for person in free)
        if not free:
            return self._supply("可以牵头的", leads, frozenset())
        out = Counter(person.why for person in leads if not person.eligible)
        parts = [f"{count} 人{SHORT_WORDS.get(code, code)}" for code, count in out.most_common()]
        parts += [f"{elsewhere} 人已在其他组"] if elsewhere else []
        parts += [f"{len(free) - elsewhere} 人候补"] if len(free) > elsewhere else []
        return f"名录中可以牵头的人员 {len(leads)} 人：{'，'.join(parts)}"

    def _supply(self, who: str, people: Sequence[PlanInspector], away: frozenset[str]) -> str:
        """名录中可以牵头的 3 人：1 人请假，2 人须回避."""
        if not people:
            return f"名录中没有{who}人员"
        out = Counter(p.why for p in people if not p.eligible)
        parts = [f"{count} 人{SHORT_WORDS.get(code, code)}" for code, count in out.most_common()]
        gone = sum(p.eligible and p.id in away for p in people)
        if gone:
            parts.append(f"{gone} 人须回避")
        left = sum(p.eligible and p.id not in away for p in people)
        if left:
            parts.append(f"可派的只有 {left} 人")
        return f"名录中{who}人员 {len(people)} 人：{'，'.join(parts)}"
