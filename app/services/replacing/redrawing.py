"""重新抽取: one member of a pair is drawn anew before witnesses (RD1 §6, policy “redraw”).

A draw of its own, with its own number: each target concerned stands in its plan as given, with the
result it replaces as source; the remaining partner and whoever was replaced before are recused;
one person is drawn per target.  Commitment, opening and minutes are those of any draw.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from app import __version__
from app.db.read import pool, recusals, substitutions
from app.db.read.substitutions import OpenTask, SubstitutionRow
from app.db.unit_of_work import UnitOfWork
from app.domain import rd1
from app.domain.approval import ApprovalStep
from app.domain.rd1 import Substituted as Kind
from app.domain.rulebook import PeoplePolicy
from app.domain.ways import Way
from app.errors import UserError
from app.models import Draw, Substitution
from app.services.draws import freezing, papers, remembering
from app.services.draws.draw_commands import Frozen, WitnessInput
from app.services.draws.draw_facts import DrawFacts, unpack_facts
from app.services.draws.draw_pools import OWN_GROUP, plan_inspectors
from app.services.draws.freezing import Room
from app.services.draws.series import find_draw, refuse_open_draw
from app.services.plans import planning
from app.services.replacing import addendum_papers
from app.services.replacing.substituting import (
    Substitute,
    allowed_reason,
    packed_steps,
    refuse_incomplete,
)
from app.services.replacing.substitution_case import Case, open_case
from app.services.replacing.substitution_offer import SubstitutionQuery, tasks_in_question
from app.services.workspace import UnitInfo, read_unit

__all__ = ["Redraw", "RedrawScope", "redraw", "redraws_of", "scope"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Redraw:
    """Draw another person instead of ``out`` for these targets, approved and witnessed."""

    draw_no: str
    out: str
    for_targets: tuple[str, ...]
    reason_code: str
    reason_text: str
    approved_name: str
    approved_post: str
    witnesses: tuple[WitnessInput, ...] = ()
    host: str = ""
    recorder: str = ""
    place: str = ""
    steps: tuple[ApprovalStep, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RedrawScope:
    """Counts for the room before the list is sealed: no name, no number of a person or target."""

    period: str
    targets: int
    people: int
    left_out: tuple[tuple[str, int], ...]
    impossible: str


def scope(connection: Connection, command: Redraw, today: date, operator: str) -> RedrawScope:
    """How many targets and people a redraw would have; changes nothing.

    Errors: UserError as in ``redraw``, but for witnesses, who may still be missing.
    """
    case = _case(connection, command)
    tasks = _tasks(case, command, today)
    people = _people(connection, case, command, today, operator)
    away = {person for task in tasks for person, _code in _away(case, command, task)}
    left_out = Counter(person.words for person in people.people if not person.eligible)
    return RedrawScope(
        period=case.draw.period,
        targets=len(tasks),
        people=sum(p.eligible and p.personal_no not in away for p in people.people),
        left_out=tuple(sorted(left_out.items())),
        impossible=_nobody_for(case, command, tasks, people),
    )


def redraw(uow: UnitOfWork, command: Redraw) -> Frozen:
    """Freeze the draw of the people who come; commit and reveal follow as in any draw.

    Errors: UserError while another draw of the series is open, where the regulation wants
    another way, for a task already inspected, or if nobody is left to be drawn.
    """
    connection = uow.session.connection()
    before = find_draw(uow, command.draw_no)
    refuse_open_draw(uow, before.series, "再重新抽取")
    remembering.refuse_gap(connection, before.series)
    case = _case(connection, command)
    substitute = _as_substitute(command, uow.today)
    refuse_incomplete(case, substitute, uow.today)
    tasks = _tasks(case, command, uow.today)
    freezing.check_witnesses(command.witnesses, case.rulebook, uow.actor)
    people = _people(connection, case, command, uow.today, uow.actor)
    impossible = _nobody_for(case, command, tasks, people)
    if impossible:
        raise UserError(impossible, "请先销假、补办执法证或调回人员，再重新抽取。")
    draft, facts = _plan(uow, case, command, tasks, people)
    room = Room(
        witnesses=command.witnesses,
        host=command.host,
        recorder=command.recorder,
        place=command.place,
    )
    draw = freezing.seal(uow, draft, b"", facts, room)
    for task in tasks:
        _remember(uow, case, substitute, task, draw)
    detail = {"redraw": draw.no, "out": command.out, "for": "、".join(t.target for t in tasks)}
    head = uow.record("draw.redraw", before.no, detail)
    uow.changed |= {"draw", "assignment"}
    uow.commit()
    papers.write_records(uow.folder, draw)
    addendum_papers.write_redraw_form(uow, draw.no, head)
    return freezing.frozen(uow, draw, facts, None)


def _case(connection: Connection, command: Redraw) -> Case:
    case = open_case(connection, command.draw_no)
    if case.rulebook.people_substitution.policy is not PeoplePolicy.REDRAW:
        raise UserError("本细则更换检查人员不重新抽取。", "请用“更换”，按次序递补或由负责人指定。")
    if not command.for_targets:
        raise UserError("没有写对哪个检查对象换人。", "请选择要换人的任务。")
    return case


def redraws_of(rows: tuple[SubstitutionRow, ...], target: str) -> tuple[SubstitutionRow, ...]:
    """The redraws for one target that were revealed, oldest first."""
    return tuple(row for row in rows if row.for_id == target and row.redraw_state == "closed")


def _as_substitute(command: Redraw, today: date) -> Substitute:
    return Substitute(
        draw_no=command.draw_no,
        kind=Kind.INSPECTOR,
        out=command.out,
        for_target=command.for_targets[0] if command.for_targets else None,
        reason_code=command.reason_code,
        reason_text=command.reason_text,
        approved_name=command.approved_name,
        approved_post=command.approved_post,
        on=today,
        steps=command.steps,
    )


def _tasks(case: Case, command: Redraw, today: date) -> tuple[OpenTask, ...]:
    queries = (
        SubstitutionQuery(
            draw_no=command.draw_no,
            kind=Kind.INSPECTOR,
            out=command.out,
            for_target=target,
            on=today,
        )
        for target in dict.fromkeys(command.for_targets)
    )
    return tuple(task for query in queries for task in tasks_in_question(case, query))


def _people(
    connection: Connection, case: Case, command: Redraw, today: date, operator: str
) -> planning.PeriodPlan:
    plan = planning.compute(
        connection,
        planning.MakePlan(
            period=case.draw.period,
            on=today,
            witnesses=tuple(witness.name for witness in command.witnesses),
            operator=operator,
        ),
    )
    return replace(plan, lines=(), excluded=(), headcount=None, headcount_words="")


def _plan(
    uow: UnitOfWork,
    case: Case,
    command: Redraw,
    tasks: Sequence[OpenTask],
    people: planning.PeriodPlan,
) -> tuple[rd1.Plan, DrawFacts]:
    connection = uow.session.connection()
    unit, mark = read_unit(connection), remembering.series_mark(connection, case.draw.series)
    draft = rd1.Plan(
        no=f"{case.draw.series}-{case.draw.period}-{mark.seq + 1:02d}",
        series=case.draw.series,
        period=case.draw.period,
        prev=mark.head,
        programs=(f"SuiCha {__version__}",),
        organisations=(unit.name,),
        rules=_rules(case, unit, people, command, tasks),
        groups=(rd1.Group(OWN_GROUP, rd1.TeamMode.ONE_EACH),),
        inspectors=plan_inspectors(people.people, pool.departments(connection), case.rulebook),
        given=tuple(_given(case, command, task) for task in tasks),
        recusals=_recusals(case, command, tasks),
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
    case: Case,
    unit: UnitInfo,
    plan: planning.PeriodPlan,
    command: Redraw,
    tasks: Sequence[OpenTask],
) -> tuple[rd1.Rule, ...]:
    names = {_stratum(case, task.target): case.rulebook.category(task.category) for task in tasks}
    return (
        *freezing.plan_rules(case.rulebook, unit, plan, b""),
        rd1.Rule("redraw", case.draw.no),
        rd1.Rule("out", command.out),
        *(rd1.Rule(f"label.{stratum}", category.label) for stratum, category in names.items()),
        *(rd1.Rule(f"short.{stratum}", category.short) for stratum, category in names.items()),
    )


def _stratum(case: Case, target: str) -> str:
    found = (row.stratum for row in case.plan.targets if row.id == target)
    given = (row.stratum for row in case.plan.given if row.id == target)
    return next(found, None) or next(given)


def _given(case: Case, command: Redraw, task: OpenTask) -> rd1.GivenTarget:
    target = task.target
    needs = {row.id: row.need for row in case.plan.targets}
    needs |= {row.id: row.need for row in case.plan.given}
    return rd1.GivenTarget(
        _stratum(case, target),
        target,
        needs.get(target, ""),
        _source(case, command.out, target),
        case.targets[target].name,
    )


def _source(case: Case, out: str, target: str) -> str:
    """F of the result that sent the person who leaves: an earlier redraw's, else the draw's."""
    rows = redraws_of(substitutions.of_draw(case.connection, case.draw.no), target)
    last = next((row for row in reversed(rows) if row.in_id == out), None)
    sender = substitutions.draw(case.connection, last.redraw_no) if last else None
    return sender.result_hash if sender else case.draw.result_hash


def _recusals(case: Case, command: Redraw, tasks: Sequence[OpenTask]) -> tuple[rd1.Recusal, ...]:
    return tuple(
        rd1.Recusal(person, task.target, code)
        for task in tasks
        for person, code in sorted(_away(case, command, task))
    )


def _away(case: Case, command: Redraw, task: OpenTask) -> frozenset[tuple[str, str]]:
    """Who cannot be drawn for a target, and by which code."""
    declared = {
        (person, code)
        for person, at, code in recusals.in_force(case.connection)
        if at == task.target and person in case.records
    }
    rows = redraws_of(substitutions.of_draw(case.connection, case.draw.no), task.target)
    replaced = {command.out, *(row.out_id for row in rows)}
    partners = set(task.people) - {command.out}
    return frozenset(
        declared
        | {(person, "replaced") for person in replaced - partners}
        | {(person, "partner") for person in partners}
    )


def _nobody_for(
    case: Case, command: Redraw, tasks: Sequence[OpenTask], plan: planning.PeriodPlan
) -> str:
    """Why the redraw cannot be made, "" if each target has somebody to draw."""
    eligible = {person.personal_no for person in plan.people if person.eligible}
    for task in tasks:
        if not eligible - {person for person, _code in _away(case, command, task)}:
            why = _left_out_words(plan.people)
            return (
                f"{task.serial} 除同组人员和须回避的人员外，没有合格的执法人员可抽"
                f"{'：' + why if why else ''}。"
            )
    return ""


def _left_out_words(people: Sequence[planning.PersonLine]) -> str:
    """2 人请假，1 人执法证到期: those who cannot be drawn, counted by reason."""
    counts = Counter(person.words for person in people if not person.eligible)
    return "，".join(f"{count} 人{words}" for words, count in counts.items())


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
            for_target_id=case.targets[task.target].id,
            reason_code=code,
            reason=text,
            approved_name=rd1.clean(command.approved[0]),
            approved_post=rd1.clean(command.approved[1]),
            steps=packed_steps(command.steps),
            on=command.on,
            assignment_ids=[task.id],
            by=uow.actor,
            at=uow.now,
        )
    )
