"""重新抽取: one member of a pair is drawn anew before witnesses (RD1 §6, policy “redraw”).

A draw of its own, with its own number: the target stands in its plan as given, with the result it
replaces as source; the remaining partner and whoever was replaced before are recused; one person
is drawn.  Commitment, opening and minutes are those of any draw.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from app import __version__
from app.db.read import pool, substitutions
from app.db.read.substitutions import OpenTask, SubstitutionRow
from app.db.unit_of_work import UnitOfWork
from app.domain import rd1
from app.domain.rd1 import Substituted as Kind
from app.domain.rulebook import PeoplePolicy
from app.domain.ways import Way
from app.errors import UserError
from app.models import Draw, Substitution
from app.services import addendum_papers, freezing, papers, planning, remembering
from app.services.draw_commands import Frozen, WitnessInput
from app.services.draw_facts import DrawFacts, unpack_facts
from app.services.draw_pools import OWN_GROUP, plan_inspectors
from app.services.freezing import Room
from app.services.series import find_draw, refuse_open_draw
from app.services.substituting import (
    Substitute,
    SubstitutionQuery,
    allowed_reason,
    refuse_incomplete,
    tasks_in_question,
)
from app.services.substitution_case import Case, open_case
from app.services.workspace import UnitInfo, read_unit

__all__ = ["Redraw", "redraw", "redraws_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Redraw:
    """Draw another person instead of ``out`` for one target, approved and witnessed."""

    draw_no: str
    out: str
    for_target: str
    reason_code: str
    reason_text: str
    approved_name: str
    approved_post: str
    witnesses: tuple[WitnessInput, ...]
    host: str = ""
    recorder: str = ""
    place: str = ""


def redraw(uow: UnitOfWork, command: Redraw) -> Frozen:
    """Freeze the draw of one person; commit and reveal follow as in any draw.

    Errors: UserError while another draw of the series is open, where the regulation wants
    another way, for a task already inspected, or if nobody is left to be drawn.
    """
    connection = uow.session.connection()
    before = find_draw(uow, command.draw_no)
    refuse_open_draw(uow, before.series, "再重新抽取")
    remembering.refuse_gap(connection, before.series)
    case = open_case(connection, command.draw_no)
    if case.rulebook.people_substitution.policy is not PeoplePolicy.REDRAW:
        raise UserError("本细则更换检查人员不重新抽取。", "请用“更换”，按次序递补或由负责人指定。")
    substitute = _as_substitute(command, uow.today)
    refuse_incomplete(case, substitute, uow.today)
    task = _task(case, command, uow.today)
    freezing.check_witnesses(command.witnesses, case.rulebook, uow.actor)
    draft, facts = _plan(uow, case, command, task)
    _refuse_nobody(draft)
    room = Room(
        witnesses=command.witnesses,
        host=command.host,
        recorder=command.recorder,
        place=command.place,
    )
    draw = freezing.seal(uow, draft, b"", facts, room)
    _remember(uow, case, substitute, task, draw)
    detail = {"redraw": draw.no, "out": command.out, "for": command.for_target}
    head = uow.record("draw.redraw", before.no, detail)
    uow.changed |= {"draw", "assignment"}
    uow.commit()
    papers.write_records(uow.folder, draw)
    row = next(
        row
        for row in substitutions.of_draw(uow.session.connection(), before.no)
        if row.redraw_no == draw.no
    )
    addendum_papers.write_redraw_form(uow, row, head)
    return freezing.frozen(uow, draw, facts, None)


def redraws_of(rows: tuple[SubstitutionRow, ...], target: str) -> tuple[SubstitutionRow, ...]:
    """The redraws for one target that were revealed, oldest first."""
    return tuple(row for row in rows if row.for_id == target and row.redraw_state == "closed")


def _as_substitute(command: Redraw, today: date) -> Substitute:
    return Substitute(
        draw_no=command.draw_no,
        kind=Kind.INSPECTOR,
        out=command.out,
        for_target=command.for_target,
        reason_code=command.reason_code,
        reason_text=command.reason_text,
        approved_name=command.approved_name,
        approved_post=command.approved_post,
        on=today,
    )


def _task(case: Case, command: Redraw, today: date) -> OpenTask:
    query = SubstitutionQuery(
        draw_no=command.draw_no,
        kind=Kind.INSPECTOR,
        out=command.out,
        for_target=command.for_target,
        on=today,
    )
    return tasks_in_question(case, query)[0]


def _plan(
    uow: UnitOfWork, case: Case, command: Redraw, task: OpenTask
) -> tuple[rd1.Plan, DrawFacts]:
    connection = uow.session.connection()
    unit, mark = read_unit(connection), remembering.series_mark(connection, case.draw.series)
    plan = planning.compute(
        connection,
        planning.MakePlan(
            period=case.draw.period,
            on=uow.today,
            witnesses=tuple(witness.name for witness in command.witnesses),
            operator=uow.actor,
        ),
    )
    people = replace(plan, lines=(), excluded=(), headcount=None, headcount_words="")
    draft = rd1.Plan(
        no=f"{case.draw.series}-{case.draw.period}-{mark.seq + 1:02d}",
        series=case.draw.series,
        period=case.draw.period,
        prev=mark.head,
        programs=(f"SuiCha {__version__}",),
        organisations=(unit.name,),
        rules=_rules(case, unit, people, command, task),
        groups=(rd1.Group(OWN_GROUP, rd1.TeamMode.ONE_EACH),),
        inspectors=plan_inspectors(people.people, pool.departments(connection), case.rulebook),
        given=(_given(case, command),),
        recusals=_recusals(case, command, task),
        witnesses=tuple(
            rd1.Witness(at, witness.organ) for at, witness in enumerate(command.witnesses, 1)
        ),
    )
    sealed = unpack_facts(case.draw.facts)
    roles = tuple(witness.role for witness in command.witnesses)
    return draft, replace(
        sealed,
        plan=people,
        teams=0,
        pair_each=False,
        roles=roles,
        way=Way.REDRAW.value,
        scope="",
        origin=None,
        groups=(),
    )


def _rules(
    case: Case, unit: UnitInfo, plan: planning.PeriodPlan, command: Redraw, task: OpenTask
) -> tuple[rd1.Rule, ...]:
    stratum = _stratum(case, command.for_target)
    category = case.rulebook.category(task.category)
    return (
        *freezing.plan_rules(case.rulebook, unit, plan, b""),
        rd1.Rule("redraw", case.draw.no),
        rd1.Rule("out", command.out),
        rd1.Rule(f"label.{stratum}", category.label),
        rd1.Rule(f"short.{stratum}", category.short),
    )


def _stratum(case: Case, target: str) -> str:
    found = (row.stratum for row in case.plan.targets if row.id == target)
    given = (row.stratum for row in case.plan.given if row.id == target)
    return next(found, None) or next(given)


def _given(case: Case, command: Redraw) -> rd1.GivenTarget:
    target = command.for_target
    need = next((row.need for row in case.plan.targets if row.id == target), "") or next(
        (row.need for row in case.plan.given if row.id == target), ""
    )
    return rd1.GivenTarget(
        _stratum(case, target), target, need, _source(case, command), case.targets[target].name
    )


def _source(case: Case, command: Redraw) -> str:
    """F of the result that sent the person who leaves: an earlier redraw's, else the draw's."""
    rows = redraws_of(substitutions.of_draw(case.connection, case.draw.no), command.for_target)
    last = next((row for row in reversed(rows) if row.in_id == command.out), None)
    sender = substitutions.draw(case.connection, last.redraw_no) if last else None
    return sender.result_hash if sender else case.draw.result_hash


def _recusals(case: Case, command: Redraw, task: OpenTask) -> tuple[rd1.Recusal, ...]:
    target = command.for_target
    declared = {
        (person, code)
        for person, at, code in pool.recusals(case.connection)
        if at == target and person in case.records
    }
    rows = redraws_of(substitutions.of_draw(case.connection, case.draw.no), target)
    replaced = {command.out, *(row.out_id for row in rows)}
    partners = set(task.people) - {command.out}
    return tuple(
        rd1.Recusal(person, target, code)
        for person, code in sorted(
            declared
            | {(person, "replaced") for person in replaced - partners}
            | {(person, "partner") for person in partners}
        )
    )


def _refuse_nobody(draft: rd1.Plan) -> None:
    away = {row.inspector for row in draft.recusals}
    if not any(person.eligible and person.id not in away for person in draft.inspectors):
        raise UserError(
            "除同组人员和须回避的人员外，没有合格的执法人员可抽。",
            "请先销假、补办执法证或调回人员，再重新抽取。",
        )


def _remember(uow: UnitOfWork, case: Case, command: Substitute, task: OpenTask, draw: Draw) -> None:
    code, text = allowed_reason(case, command)
    uow.session.flush()
    uow.session.add(
        Substitution(
            draw_id=case.draw.id,
            redraw_id=draw.id,
            kind=Kind.INSPECTOR.value,
            policy=PeoplePolicy.REDRAW.value,
            out_inspector_id=case.people[command.out].id,
            for_target_id=case.targets[command.for_target or ""].id,
            reason_code=code,
            reason=text,
            approved_name=rd1.clean(command.approved_name),
            approved_post=rd1.clean(command.approved_post),
            on=command.on,
            assignment_ids=[task.id],
            by=uow.actor,
            at=uow.now,
        )
    )
