"""One question of substitution: the draw as it stands after its addenda, and who could come.

Read by the offer that a person sees and by the writing of the record, so that both agree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import Connection

from app.db.read import pool, recusals, substitutions
from app.db.read.pool import InspectorName, TargetName
from app.db.read.substitutions import ClosedDraw, OpenTask
from app.domain import rd1
from app.domain.eligibility import sift_inspectors, sift_targets
from app.domain.periods import Period
from app.domain.rd1 import Substituted
from app.domain.rule_facts import InspectorRecord
from app.domain.rulebook import LeadRule, Rulebook
from app.domain.speciality import speciality_words
from app.errors import UserError
from app.services import rulebooks
from app.services.draws.draw_facts import unpack_facts
from app.services.workspace import read_unit

__all__ = ["Case", "Unfit", "open_case"]


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why somebody on the list cannot come on that day: RD1 reason code and words."""

    code: str
    words: str


_BLANK = rd1.Approval("-", "-")


@dataclass
class Case:
    """A closed draw with its addenda; names and rules are read once."""

    connection: Connection
    draw: ClosedDraw
    addenda: tuple[rd1.Addendum, ...]

    @cached_property
    def rulebook(self) -> Rulebook:
        """The rulebook the draw was made under."""
        facts = unpack_facts(self.draw.facts)
        return rulebooks.under(self.connection, facts.rulebook_id, facts.rulebook_version)

    @cached_property
    def plan(self) -> rd1.Plan:
        """What was frozen."""
        return rd1.parse_plan(self.draw.plan)

    @cached_property
    def result(self) -> rd1.DrawResult:
        """What was drawn."""
        return rd1.parse_result(self.draw.result)

    @cached_property
    def people(self) -> dict[str, InspectorName]:
        """Names of inspectors by personal number."""
        return pool.inspector_names(self.connection)

    @cached_property
    def targets(self) -> dict[str, TargetName]:
        """Names of targets by ident."""
        return pool.target_names(self.connection)

    @cached_property
    def records(self) -> dict[str, InspectorRecord]:
        """The inspector directory as the rules see it, today's."""
        return {record.id: record for record in pool.inspectors(self.connection)}

    @cached_property
    def tasks(self) -> tuple[OpenTask, ...]:
        """Tasks in force."""
        return substitutions.tasks(self.connection, self.draw.id)

    def state(self, addenda: int | None = None) -> rd1.Succession:
        """Who is in after the first ``addenda`` records (None: after all); a new object."""
        state = rd1.Succession(self.plan, self.result)
        for addendum in self.addenda[:addenda]:
            state.apply(addendum)
        return state

    def name(self, kind: Substituted, ident: str) -> str:
        """Name of a target or an inspector; the id if the directory has lost it."""
        if kind is Substituted.TARGET:
            target = self.targets.get(ident)
            return target.shown if target else ident
        person = self.people.get(ident)
        return person.name if person else ident

    # --- who cannot come ----------------------------------------------------------------------

    def unfit(
        self, kind: Substituted, out: str, for_target: str | None, on: date
    ) -> Mapping[str, Unfit]:
        """Who of the list cannot come on that day, besides those the record itself bars."""
        if kind is Substituted.TARGET:
            return self._unfit_targets(out, on)
        found = {
            item.id: Unfit(item.code, item.words)
            for item in sift_inspectors(
                self.records.values(), self.rulebook, Period.parse(self.draw.period), on
            ).excluded
        }
        concerned = {task.target for task in self.concerned(out, for_target)}
        for person, target, _code in recusals.in_force(self.connection):
            if target in concerned and person not in found:
                found[person] = Unfit("recused", f"与“{self.targets[target].shown}”须回避")
        return found

    def _unfit_targets(self, out: str, on: date) -> Mapping[str, Unfit]:
        task = next((task for task in self.tasks if task.target == out), None)
        if task is None:
            return {}
        sifted = sift_targets(
            pool.targets(self.connection),
            self.rulebook,
            task.category,
            Period.parse(self.draw.period),
            on,
            level=read_unit(self.connection).level,
        )
        # What this draw itself holds pending is in force, not on the list: only others count.
        return {item.id: Unfit(item.code, item.words) for item in (*sifted.excluded, *sifted.gone)}

    # --- what it concerns ---------------------------------------------------------------------

    def concerned(self, person: str, for_target: str | None) -> tuple[OpenTask, ...]:
        """Tasks of a person that can still change hands: nobody has been there yet."""
        return tuple(
            task
            for task in self.tasks
            if person in task.people
            and task.inspected_on is None
            and for_target in (None, task.target)
        )

    def remarks(self, out: str, coming: str, tasks: Collection[OpenTask]) -> tuple[str, ...]:
        """Whether the new person may lead and has the speciality: printed, not decided (RD1 §6)."""
        if coming not in self.records:
            return ()
        return tuple(dict.fromkeys((*self._lead(out, coming, tasks), *self._needs(coming, tasks))))

    def _lead(self, out: str, coming: str, tasks: Collection[OpenTask]) -> Iterator[str]:
        new = self.name(Substituted.INSPECTOR, coming)
        place = "牵头人" if any(task.lead == out for task in tasks) else "组员"
        may = "具备牵头资格" if self._may_lead(coming) else "不具备牵头资格"
        yield f"接替的是{place}，{new}{may}"
        if self._may_lead(coming):
            return
        for task in tasks:
            for partner in task.people:
                if partner not in (out, coming):
                    has = "具备" if self._may_lead(partner) else "也不具备"
                    yield f"同组的{self.name(Substituted.INSPECTOR, partner)}{has}牵头资格"

    def _needs(self, coming: str, tasks: Collection[OpenTask]) -> Iterator[str]:
        needs = {row.id: row.need for row in self.plan.targets}
        needs |= {row.id: row.need for row in self.plan.given}
        wanted = sorted({needs.get(task.target, "") for task in tasks} - {""})
        for need in wanted:
            has = "具备" if need in self.records[coming].specialities else "不具备"
            name = self.name(Substituted.INSPECTOR, coming)
            yield f"所需专业“{speciality_words(need)}”，{name}{has}"

    def _may_lead(self, person: str) -> bool:
        record = self.records.get(person)
        everyone = self.rulebook.team.lead.value is LeadRule.EVERYONE
        return everyone or (record is not None and record.may_lead)

    # --- how it goes ----------------------------------------------------------------------------

    def walk(
        self, kind: Substituted, out: str, for_target: str | None, unfit: Mapping[str, Unfit]
    ) -> tuple[tuple[tuple[str, str], ...], str | None]:
        """The steps (out, in) until somebody fit is in, and who that is (None: list used up).

        Somebody unfit comes in by one record and leaves by the next: the chain of records then
        shows the strike and its reason, and a verifier still finds the order right.
        """
        state = self.state()
        steps: list[tuple[str, str]] = []
        while (coming := state.next_in(kind, out, for_target)) is not None:
            steps.append((out, coming))
            if coming not in unfit:
                return tuple(steps), coming
            state.apply(self.draft(kind, out, coming, for_target))
            out = coming
        return tuple(steps), None

    def draft(
        self, kind: Substituted, out: str, coming: str, for_target: str | None
    ) -> rd1.Addendum:
        """A record with who and for what; the rest is filled in when it is written."""
        return rd1.Addendum(
            no=self.draw.no,
            number=len(self.addenda) + 1,
            prev=rd1.FIRST_PREV,
            kind=kind,
            out_id=out,
            in_id=coming,
            for_target=for_target,
            policy=rd1.SubstitutionPolicy.NEXT_ALTERNATE,
            reason_code="r1",
            reason="-",
            approved=_BLANK,
            at=date.min,
        )


def open_case(connection: Connection, no: str) -> Case:
    """The draw to substitute in; UserError if it is not there, open or void."""
    draw = substitutions.draw(connection, no)
    if draw is None:
        raise UserError(f"没有编号为 {no} 的抽取。", "请核对编号。")
    if draw.state == "void":
        raise UserError(f"抽取 {no} 已作废，没有可以更换的任务。", "请在新的抽取里更换。")
    if draw.state != "closed":
        raise UserError(f"抽取 {no} 还没有完成，不能更换。", "请先开号完成，或按规定作废。")
    if not draw.result:
        raise UserError(
            f"{no} 不是在本单位抽取的，不能在这里更换。", "请报抽定的单位调整，再导入新的名单。"
        )
    records = tuple(rd1.parse_addendum(data) for data in substitutions.addenda(connection, draw.id))
    return Case(connection, draw, records)
