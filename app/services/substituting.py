"""更换: a person or a target that cannot stay is replaced after the draw (RD1 §6).

``preview`` says what the regulation allows and who comes next; ``substitute`` writes the record.
The order is the draw's own: whoever on the list cannot come that day is brought in and struck by
the next record with the reason, so that the chain shows it.  Where the regulation wants a new
draw, see `redrawing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from pathlib import Path

from sqlalchemy import Connection, select

from app.db.read import pool, substitutions
from app.db.read.substitutions import OpenTask
from app.db.unit_of_work import UnitOfWork
from app.domain import rd1
from app.domain.course import Step
from app.domain.inspection import ResultState
from app.domain.rd1 import Substituted as Kind
from app.domain.rulebook import PeoplePolicy, PeopleSubstitution, TargetPolicy, TargetSubstitution
from app.errors import UserError
from app.models import Assignment, DrawnTarget, Result, Substitution, Target
from app.services import addendum_papers, draw_outcome, papers, remembering, stepping
from app.services.draw_facts import unpack_facts
from app.services.series import append_record, find_draw, refuse_open_draw
from app.services.substitution_case import Case, Unfit, open_case

__all__ = [
    "AddendumMade",
    "Leaving",
    "LinePlace",
    "Party",
    "Reason",
    "Substitute",
    "Substituted",
    "SubstitutionOffer",
    "SubstitutionQuery",
    "allowed_reason",
    "kind_of",
    "preview",
    "preview_task",
    "reasons_of",
    "refuse_incomplete",
    "substitute",
    "tasks_in_question",
]

POLICY_WORDS = {
    "next_alternate": "按抽取次序依次递补",
    "appointed": "由负责人指定",
    "redraw": "重新随机抽取",
    "ask_superior": "不得自行更换，请示上级",
}


# --- questions and answers --------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstitutionQuery:
    """Who would leave: a target's ident or a person's number.

    ``for_target``: an inspector is replaced for that target only; obligatory where every target
    has a pair of its own.  ``on``: the day on which fitness is looked at.
    """

    draw_no: str
    kind: Kind
    out: str
    on: date
    for_target: str | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody or something by the number in the records, with the name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason the regulation knows; ``own_words``: the officer has to say more."""

    code: str
    words: str
    own_words: bool


@dataclass(frozen=True, slots=True)
class LinePlace:
    """One place of the order of succession; ``note`` says why it is passed over, "" if free."""

    party: Party
    note: str
    strikes: bool = False  # free in the records, but cannot come that day: struck by a record


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstitutionOffer:
    """What the regulation allows for one question.

    ``policy``: next_alternate, appointed, redraw or ask_superior.  ``coming`` None: nobody by
    the order, or somebody has to be chosen of ``choices`` (appointed).  ``impossible``: why
    nothing can be done now and what would help, "" if it can.  ``tasks``: serials that change.
    """

    draw_no: str
    kind: Kind
    policy: str
    policy_words: str
    article: str
    note: str
    own_choice: bool
    signed_by: str
    reasons: tuple[Reason, ...]
    out: Party
    for_target: Party | None
    line: tuple[LinePlace, ...]
    coming: Party | None
    choices: tuple[Party, ...]
    remarks: tuple[str, ...]
    tasks: tuple[str, ...]
    impossible: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitute:
    """更换 as approved.

    ``in_id``: the person who is appointed; with next_alternate None, or whoever the caller
    expects (then another outcome is refused).  ``reason_code`` one of the offer's, or its words.
    """

    draw_no: str
    kind: Kind
    out: str
    reason_code: str
    reason_text: str
    approved_name: str
    approved_post: str
    on: date
    for_target: str | None = None
    in_id: str | None = None


@dataclass(frozen=True, slots=True)
class AddendumMade:
    """One record: its number within the draw, its hash, who left and who came."""

    number: int
    hash: str
    out: Party
    coming: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Substituted:
    """The records made (more than one if somebody was struck), who is in, which tasks changed.

    ``serials``: of a target, the old and the new one; of a person, the tasks taken over.
    """

    draw_no: str
    addenda: tuple[AddendumMade, ...]
    coming: Party
    serials: tuple[str, ...]
    folder: Path

    @property
    def number(self) -> int:
        """Number of the last record."""
        return self.addenda[-1].number

    @property
    def hash(self) -> str:
        """Hash of the last record: the series' new head."""
        return self.addenda[-1].hash


def kind_of(connection: Connection, ident: str) -> Kind:
    """Whether an id is a target's or an inspector's; UserError if neither or both know it."""
    target = ident in pool.target_names(connection)
    person = ident in pool.inspector_names(connection)
    if target == person:
        words = "既是检查对象又是人员编号" if target else "不是检查对象编号，也不是人员编号"
        raise UserError(f"“{ident}”{words}。", "请核对编号，并写明 --kind target 或 inspector。")
    return Kind.TARGET if target else Kind.INSPECTOR


class Leaving(Enum):
    """What of a task is to be replaced."""

    TARGET = "检查对象"
    LEAD = "牵头人"
    SECOND = "组员"


def preview_task(
    connection: Connection, assignment_id: int, leaving: Leaving, on: date
) -> SubstitutionOffer:
    """The offer for a task of the list; a member of a fixed team is replaced in all its tasks.

    Errors: UserError as in ``preview``, and if nobody is in that place.
    """
    found = substitutions.task_of(connection, assignment_id)
    if found is None:
        raise UserError("这项任务已不在派单里。", "请刷新列表后再试。")
    no, task = found
    if leaving is Leaving.TARGET:
        return preview(
            connection,
            SubstitutionQuery(draw_no=no, kind=Kind.TARGET, out=task.target, on=on),
        )
    person = task.lead if leaving is Leaving.LEAD else task.second
    if not person:
        raise UserError(f"{task.serial} 没有{leaving.value}可以更换。")
    return preview(
        connection,
        SubstitutionQuery(
            draw_no=no,
            kind=Kind.INSPECTOR,
            out=person,
            for_target=None if task.team_no is not None else task.target,
            on=on,
        ),
    )


# --- the offer --------------------------------------------------------------------------------


def preview(connection: Connection, query: SubstitutionQuery) -> SubstitutionOffer:
    """What can be done about it; changes nothing.

    Errors: UserError if the draw is open, void or unknown, or ``out`` is not in it.
    """
    case = open_case(connection, query.draw_no)
    rule = rule_of(case, query.kind)
    tasks = tasks_in_question(case, query)
    unfit = case.unfit(query.kind, query.out, query.for_target, query.on)
    by_order = rule.policy.value == PeoplePolicy.NEXT_ALTERNATE.value
    steps, coming = (
        case.walk(query.kind, query.out, query.for_target, unfit) if by_order else ((), None)
    )
    choices = _choices(case, query, unfit) if rule.policy is PeoplePolicy.APPOINTED else ()
    line = _line(case, query, unfit, steps) if by_order else ()
    people = query.kind is Kind.INSPECTOR
    return SubstitutionOffer(
        draw_no=query.draw_no,
        kind=query.kind,
        policy=rule.policy.value,
        policy_words=POLICY_WORDS[rule.policy.value],
        article=case.rulebook.cite(rule.article),
        note=rule.note,
        own_choice=isinstance(rule, TargetSubstitution) and rule.own_choice,
        signed_by=rule.signed_by if isinstance(rule, PeopleSubstitution) else "",
        reasons=reasons_of(rule),
        out=Party(query.out, case.name(query.kind, query.out)),
        for_target=_target(case, query.for_target),
        line=line,
        coming=Party(coming, case.name(query.kind, coming)) if coming else None,
        choices=choices,
        remarks=case.remarks(query.out, coming, tasks) if people and coming else (),
        tasks=tuple(task.serial for task in tasks),
        impossible=_impossible(case, rule, line, coming, choices),
    )


def rule_of(case: Case, kind: Kind) -> PeopleSubstitution | TargetSubstitution:
    """What the regulation says about replacing a person or a target."""
    rulebook = case.rulebook
    return rulebook.target_substitution if kind is Kind.TARGET else rulebook.people_substitution


def reasons_of(rule: PeopleSubstitution | TargetSubstitution) -> tuple[Reason, ...]:
    """The regulation's reasons; codes count them in its order: r1, r2, …"""
    return tuple(
        Reason(f"r{at}", words, "说明" in words) for at, words in enumerate(rule.reasons, 1)
    )


def _target(case: Case, ident: str | None) -> Party | None:
    return Party(ident, case.name(Kind.TARGET, ident)) if ident else None


def tasks_in_question(case: Case, query: SubstitutionQuery) -> tuple[OpenTask, ...]:
    """The tasks that change; UserError if there is none, or they are too far."""
    if query.kind is Kind.TARGET:
        return (_target_task(case, query.out),)
    return _person_tasks(case, query)


def _target_task(case: Case, ident: str) -> OpenTask:
    task = next((task for task in case.tasks if task.target == ident), None)
    if task is None:
        raise UserError(
            f"检查对象 {ident} 不在抽取 {case.draw.no} 的派单里。", "请核对编号；已更换的不再更换。"
        )
    if task.state in (ResultState.SUBMITTED, ResultState.LOCKED):
        words = "已锁定" if task.state is ResultState.LOCKED else "已提交复核"
        raise UserError(f"{task.serial} 的检查结果{words}，不能再更换检查对象。")
    return task


def _person_tasks(case: Case, query: SubstitutionQuery) -> tuple[OpenTask, ...]:
    number, at = query.out, query.for_target
    theirs = [t for t in case.tasks if number in t.people and at in (None, t.target)]
    name = case.name(Kind.INSPECTOR, number)
    if not theirs:
        where = f" {at} 的" if at else ""
        raise UserError(
            f"执法人员“{name}”当前不在抽取 {case.draw.no}{where}派单里。", "请核对人员编号。"
        )
    if at is None and any(task.team_no is None for task in theirs):
        listed = "、".join(task.target for task in theirs[:5])
        raise UserError(
            "每个检查对象单独组对，更换人员须逐家办理。", f"请写明对哪一家更换，例如 {listed}。"
        )
    tasks = case.concerned(number, at)
    if not tasks:
        raise UserError(f"“{name}”的任务都已检查，不能再更换。", "结果由实际检查的人员负责。")
    return tasks


def _line(
    case: Case,
    query: SubstitutionQuery,
    unfit: Mapping[str, Unfit],
    steps: Sequence[tuple[str, str]],
) -> tuple[LinePlace, ...]:
    struck = {coming for _out, coming in steps}
    places = []
    for place in case.state().line(query.kind, query.out, query.for_target):
        party = Party(place.id, case.name(query.kind, place.id))
        bad = unfit.get(place.id)
        if place.bar is not None:
            places.append(LinePlace(party, _bar_words(case, place.id, place.bar)))
        elif bad is not None:
            places.append(LinePlace(party, bad.words, strikes=place.id in struck))
        else:
            places.append(LinePlace(party, ""))
    return tuple(places)


def _bar_words(case: Case, ident: str, bar: rd1.Bar) -> str:
    if bar is rd1.Bar.RECUSED:
        return "已登记回避"
    for addendum in reversed(case.addenda):
        if addendum.out_id == ident:
            return f"补充记录{addendum.number}换出：{addendum.reason}"
    used = next((a.number for a in case.addenda if a.in_id == ident), 0)
    return f"补充记录{used}已递补"


def _choices(case: Case, query: SubstitutionQuery, unfit: Mapping[str, Unfit]) -> tuple[Party, ...]:
    """Everybody fit who is not already in: an appointment has no order."""
    tasks = case.concerned(query.out, query.for_target)
    serving = {person for task in tasks for person in task.people}
    away = {r.inspector for r in case.plan.recusals if r.target in {t.target for t in tasks}}
    return tuple(
        Party(number, row.name)
        for number, row in sorted(case.people.items())
        if number not in unfit and number not in serving and number not in away
    )


def _impossible(
    case: Case,
    rule: PeopleSubstitution | TargetSubstitution,
    line: Sequence[LinePlace],
    coming: str | None,
    choices: Sequence[Party],
) -> str:
    if rule.policy is TargetPolicy.ASK_SUPERIOR:
        article = case.rulebook.cite(rule.article)
        return f"{article}：检查对象一经确定不得自行更换。请书面请示上级，按答复办理。"
    if rule.policy is PeoplePolicy.REDRAW:
        return ""
    if rule.policy is PeoplePolicy.APPOINTED:
        return "" if choices else "没有其他合格人员可以指定。请先补办执法证、销假或调回人员。"
    return "" if coming else _used_up(rule, line)


def _used_up(rule: PeopleSubstitution | TargetSubstitution, line: Sequence[LinePlace]) -> str:
    away = "；".join(f"{p.party.name}：{p.note}" for p in line[:6]) or "抽取时没有排出递补"
    if isinstance(rule, TargetSubstitution):
        return f"本类没有可用的递补对象（{away}）。请如实登记未能检查的情况，差额在下次抽取时补足。"
    return (
        f"没有可用的替补人员（{away}）。"
        "请先销假、补办执法证或调整岗位，再办理更换；确实无人的，报批准人决定延期检查。"
    )


# --- writing ----------------------------------------------------------------------------------


def substitute(uow: UnitOfWork, command: Substitute) -> Substituted:
    """Write the record or records, change the tasks, print the form.

    Errors: UserError while another draw of the series is open, for a void draw, a locked result,
    a policy that wants something else, a list that is used up, missing reason or approval.
    """
    draw = find_draw(uow, command.draw_no)
    refuse_open_draw(uow, draw.series, "再办理更换")
    remembering.refuse_gap(uow.session.connection(), draw.series)
    case = open_case(uow.session.connection(), command.draw_no)
    refuse_incomplete(case, command, uow.today)
    query = SubstitutionQuery(
        draw_no=command.draw_no,
        kind=command.kind,
        out=command.out,
        for_target=command.for_target,
        on=command.on,
    )
    offer = preview(uow.session.connection(), query)
    _refuse_policy(offer)
    drafts = _drafts(case, query, offer, command)
    made = [_write(uow, case, draft, command) for draft in drafts]
    last = drafts[-1]
    tasks = tasks_in_question(case, query)
    serials = (
        _hand_over_target(uow, case, tasks[0], last.in_id)
        if command.kind is Kind.TARGET
        else _hand_over_person(uow, tasks, command.out, last.in_id)
    )
    for row in made:
        row.assignment_ids = [task.id for task in tasks]
    uow.changed |= {"assignment", "draw", "result"}
    head = uow.record(
        "draw.substitute",
        draw.no,
        {
            "kind": command.kind.value,
            "before": {"id": command.out, "serial": tasks[0].serial},
            "after": {"id": last.in_id, "serial": serials[-1]},
            "records": [rd1.file_hash(draft.to_bytes()) for draft in drafts],
            "approved": f"{command.approved_name}|{command.approved_post}",
        },
    )
    uow.commit()
    remembering.note(uow, draw.series)
    papers.write_addenda(uow, draw)
    for draft in drafts:
        addendum_papers.write_form(uow, draw.no, draft.number, head)
    return Substituted(
        draw_no=draw.no,
        addenda=tuple(
            AddendumMade(
                draft.number,
                draft.record_hash,
                Party(draft.out_id, case.name(draft.kind, draft.out_id)),
                Party(draft.in_id, case.name(draft.kind, draft.in_id)),
            )
            for draft in drafts
        ),
        coming=Party(last.in_id, case.name(last.kind, last.in_id)),
        serials=serials,
        folder=uow.folder.draws / draw.no,
    )


def refuse_incomplete(case: Case, command: Substitute, today: date) -> None:
    """UserError for a missing approval, a reason the regulation does not know, a wrong day."""
    if not command.approved_name.strip() or not command.approved_post.strip():
        raise UserError("还没有写批准人的姓名和职务。", "更换须经批准，请补上。")
    allowed_reason(case, command)
    drawn = case.draw.closed_on
    if command.on > today or (drawn is not None and command.on < drawn):
        raise UserError(f"更换日期 {command.on} 不对。", "请填抽取之日至今天之间的日期。")


def allowed_reason(case: Case, command: Substitute) -> tuple[str, str]:
    """Code and text of the reason as the record has them; UserError if it is none."""
    reasons = reasons_of(rule_of(case, command.kind))
    wanted = command.reason_code.strip()
    found = next((r for r in reasons if wanted in (r.code, r.words)), None)
    if found is None:
        known = "、".join(f"{r.code}（{r.words}）" for r in reasons)
        raise UserError(f"没有“{wanted}”这个更换原因。", f"可选：{known}。")
    text = rd1.clean(command.reason_text)
    if found.own_words:
        if not text:
            raise UserError(f"选了“{found.words}”，还没有说明。", "请写明具体情况。")
        return found.code, text
    return found.code, f"{found.words}：{text}" if text and text != found.words else found.words


def _refuse_policy(offer: SubstitutionOffer) -> None:
    if offer.policy == PeoplePolicy.REDRAW.value:
        raise UserError(
            f"{offer.article}：更换检查人员须重新随机抽取。",
            "请用“重新抽取”，由见证人到场另抽一人。",
        )
    if offer.impossible:
        raise UserError(offer.impossible)


def _drafts(
    case: Case, query: SubstitutionQuery, offer: SubstitutionOffer, command: Substitute
) -> list[rd1.Addendum]:
    """The records to write, complete but for number and ``prev``."""
    code, text = allowed_reason(case, command)
    approved = rd1.Approval(command.approved_name, command.approved_post).cleaned()
    unfit = case.unfit(query.kind, query.out, query.for_target, query.on)
    if offer.policy == PeoplePolicy.APPOINTED.value:
        steps: Sequence[tuple[str, str]] = ((query.out, _appointed(offer, command)),)
    else:
        steps, coming = case.walk(query.kind, query.out, query.for_target, unfit)
        if command.in_id not in (None, coming):
            raise UserError(
                f"按次序应由 {coming} 递补，不是 {command.in_id}。", "递补不能挑选，请核对。"
            )
    head = remembering.series_mark(case.connection, case.draw.series).head
    drafts: list[rd1.Addendum] = []
    for at, (out, coming_id) in enumerate(steps):
        draft = replace(
            case.draft(query.kind, out, coming_id, query.for_target),
            number=len(case.addenda) + at + 1,
            prev=head,
            policy=rd1.SubstitutionPolicy(offer.policy),
            reason_code=unfit[out].code if at else code,
            reason=rd1.clean(unfit[out].words) if at else text,
            approved=approved,
            at=query.on,
        )
        # Written once here so that a field the format refuses stops everything.
        rd1.write_addendum(draft)
        head = draft.record_hash
        drafts.append(draft)
    return drafts


def _appointed(offer: SubstitutionOffer, command: Substitute) -> str:
    if command.in_id is None:
        raise UserError("本细则由负责人指定接替的人。", "请选定由谁接替。")
    if command.in_id not in {choice.id for choice in offer.choices}:
        raise UserError(
            f"{command.in_id} 不能接替。", "须在岗、执法证有效、无须回避，且不在本组；请另选。"
        )
    return command.in_id


def _write(uow: UnitOfWork, case: Case, draft: rd1.Addendum, command: Substitute) -> Substitution:
    draw = find_draw(uow, case.draw.no)
    record = append_record(uow, draw, "addendum", rd1.write_addendum(draft))
    ids = case.targets if draft.kind is Kind.TARGET else case.people
    out, coming = ids[draft.out_id].id, ids[draft.in_id].id
    target = draft.kind is Kind.TARGET
    row = Substitution(
        draw_id=draw.id,
        number=draft.number,
        record_id=record.id,
        kind=draft.kind.value,
        policy=draft.policy.value,
        out_target_id=out if target else None,
        in_target_id=coming if target else None,
        out_inspector_id=None if target else out,
        in_inspector_id=None if target else coming,
        for_target_id=case.targets[draft.for_target].id if draft.for_target else None,
        reason_code=draft.reason_code,
        reason=draft.reason,
        approved_name=draft.approved.name,
        approved_post=draft.approved.post,
        on=draft.at,
        by=uow.actor,
        at=uow.now,
    )
    uow.session.add(row)
    return row


# --- tasks ------------------------------------------------------------------------------------


def _hand_over_person(
    uow: UnitOfWork, tasks: Sequence[OpenTask], out: str, coming: str
) -> tuple[str, ...]:
    people = draw_outcome.people_ids(uow)
    for task in tasks:
        row = uow.session.get(Assignment, task.id)
        if row is not None:
            draw_outcome.replace_person(uow, row, people[out], people[coming])
    return tuple(task.serial for task in tasks)


def _hand_over_target(uow: UnitOfWork, case: Case, task: OpenTask, coming: str) -> tuple[str, ...]:
    """A task for the alternate, with the inspectors the draw gave it; the old one stays."""
    old = uow.session.get(Assignment, task.id)
    ticket = uow.session.scalar(
        select(DrawnTarget)
        .join(Target, Target.id == DrawnTarget.target_id)
        .where(DrawnTarget.draw_id == case.draw.id, Target.ident == coming)
    )
    if old is None or ticket is None:
        raise UserError("这项任务已不在派单里。", "请刷新后再试。")
    new = draw_outcome.new_task(
        _sent_now(case, coming),
        draw_outcome.people_ids(uow),
        draw_id=case.draw.id,
        target_id=ticket.target_id,
        category=ticket.category,
        serial=_alternate_serial(case, ticket),
        due_on=old.due_on,
        due_basis=old.due_basis,
    )
    uow.session.add(new)
    uow.session.flush()
    stepping.take_if_lawful(uow, old.id, Step.SUBSTITUTE, reason=f"由 {new.serial} 接替")
    old.replaced_by_id = new.id
    for result in uow.session.scalars(select(Result).where(Result.assignment_id == old.id)):
        result.state = ResultState.VOIDED
        result.return_reason = "检查对象已更换"
    return (task.serial, new.serial)


def _sent_now(case: Case, target: str) -> draw_outcome.Sent:
    """Who goes to an alternate: as drawn, with whoever replaced them for good since."""
    drawn = draw_outcome.sent_by(case.result.group(draw_outcome.OWN_GROUP))
    sent = drawn.get(target, draw_outcome.Sent())
    people = case.state().people(target).get(draw_outcome.OWN_GROUP, ())
    if not people:
        return sent
    lead, second = people[0], people[1] if len(people) > 1 else None
    return replace(sent, lead=lead, second=second)


def _alternate_serial(case: Case, ticket: DrawnTarget) -> str:
    """重点-补01: the first of the alternates, whichever target it stands in for."""
    for line in unpack_facts(case.draw.facts).plan.lines:
        for stratum in line.strata:
            if stratum.stratum == ticket.stratum:
                drawn = stratum.serial(line.short, line.category, ticket.position)
                prefix, _, place = drawn.rpartition("-")
                return f"{prefix}-补{place}"
    return f"{ticket.stratum}-补{ticket.position:02d}"
