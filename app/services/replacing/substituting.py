"""更换: a person or a target that cannot stay is replaced after the draw (RD1 §6).

``substitute`` writes the record; what is allowed and who comes says `substitution_offer`.  The
order is the draw's own: whoever on the list cannot come that day is brought in and struck by the
next record with the reason, so that the chain shows it.  Where the regulation wants a new draw,
see `redrawing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import select

from app.db.ledger import Head
from app.db.read import substitutions
from app.db.read.substitutions import OpenTask
from app.db.unit_of_work import UnitOfWork
from app.domain import rd1
from app.domain.approval import ApprovalStep, check_steps
from app.domain.course import Step
from app.domain.inspection import ResultState
from app.domain.rd1 import Substituted as Kind
from app.domain.rulebook import PeoplePolicy
from app.errors import UserError
from app.models import Assignment, DrawnTarget, Result, Substitution, Target
from app.services.draws import draw_outcome, papers, remembering
from app.services.draws.completing import files_may_wait
from app.services.draws.draw_facts import unpack_facts
from app.services.draws.series import append_record, find_draw, refuse_open_draw
from app.services.replacing import addendum_papers
from app.services.replacing.substitution_case import Case, open_case
from app.services.replacing.substitution_offer import (
    Party,
    SubstitutionOffer,
    SubstitutionQuery,
    preview,
    reasons_of,
    rule_of,
    tasks_in_question,
)
from app.services.tasks import stepping

__all__ = [
    "AddendumMade",
    "Applied",
    "Substitute",
    "Substituted",
    "allowed_reason",
    "apply",
    "finish",
    "packed_steps",
    "refuse_incomplete",
    "refuse_now",
    "substitute",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitute:
    """更换 as approved.

    ``in_id``: the person who is appointed; with next_alternate None, or whoever the caller
    expects (then another outcome is refused).  ``reason_code`` one of the offer's, or its words.
    ``steps``: the whole way of consent; left out, only the last one is known, ``approved_…``.
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
    steps: tuple[ApprovalStep, ...] = ()

    @property
    def approved(self) -> tuple[str, str]:
        """Name and post of who signed last."""
        if self.steps:
            return self.steps[-1].name, self.steps[-1].post
        return self.approved_name, self.approved_post


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
    ``assignment_ids``: the tasks in force now, whose teams get a new notice.
    """

    draw_no: str
    addenda: tuple[AddendumMade, ...]
    coming: Party
    serials: tuple[str, ...]
    assignment_ids: tuple[int, ...]
    folder: Path

    @property
    def number(self) -> int:
        """Number of the last record."""
        return self.addenda[-1].number

    @property
    def hash(self) -> str:
        """Hash of the last record: the series' new head."""
        return self.addenda[-1].hash


# --- writing ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """One substitution inside the unit of work, not yet committed."""

    case: Case
    drafts: tuple[rd1.Addendum, ...]
    serials: tuple[str, ...]
    assignment_ids: tuple[int, ...]
    head: Head

    def outcome(self, folder: Path) -> Substituted:
        """What the caller is told."""
        last = self.drafts[-1]
        return Substituted(
            draw_no=self.case.draw.no,
            addenda=tuple(
                AddendumMade(
                    draft.number,
                    draft.record_hash,
                    Party(draft.out_id, self.case.name(draft.kind, draft.out_id)),
                    Party(draft.in_id, self.case.name(draft.kind, draft.in_id)),
                )
                for draft in self.drafts
            ),
            coming=Party(last.in_id, self.case.name(last.kind, last.in_id)),
            serials=self.serials,
            assignment_ids=self.assignment_ids,
            folder=folder / self.case.draw.no,
        )


def substitute(uow: UnitOfWork, command: Substitute) -> Substituted:
    """Write the record or records, change the tasks, print the form.

    Errors: UserError while another draw of the series is open, for a void draw, a locked result,
    a policy that wants something else, a list that is used up, missing reason or approval.
    """
    refuse_now(uow, command.draw_no)
    (outcome,) = finish(uow, [apply(uow, command)])
    return outcome


def refuse_now(uow: UnitOfWork, draw_no: str) -> None:
    """UserError while another draw of the series is open, or a newer one is missing here."""
    draw = find_draw(uow, draw_no)
    refuse_open_draw(uow, draw.series, "再办理更换")
    remembering.refuse_gap(uow.session.connection(), draw.series)


def apply(uow: UnitOfWork, command: Substitute) -> Applied:
    """The records and the changed tasks of one substitution; the caller calls ``finish``."""
    if command.kind is Kind.INSPECTOR:
        # Who was drawn later is on the list of the draw that sent them.
        sender = substitutions.sender(uow.session.connection(), command.draw_no, command.out)
        command = replace(command, draw_no=sender)
    draw = find_draw(uow, command.draw_no)
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
    if command.kind is Kind.TARGET:
        new = _hand_over_target(uow, case, tasks[0], last.in_id)
        serials: tuple[str, ...] = (tasks[0].serial, new.serial)
        now: tuple[int, ...] = (new.id,)
    else:
        serials = _hand_over_person(uow, tasks, command.out, last.in_id)
        now = tuple(task.id for task in tasks)
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
            "approved": "|".join(command.approved),
            "steps": packed_steps(command.steps),
        },
    )
    return Applied(case=case, drafts=tuple(drafts), serials=serials, assignment_ids=now, head=head)


def finish(uow: UnitOfWork, applied: Sequence[Applied]) -> tuple[Substituted, ...]:
    """Commit, then write records and forms of every draw concerned."""
    uow.commit()
    draws = [find_draw(uow, no) for no in dict.fromkeys(each.case.draw.no for each in applied)]
    for series in dict.fromkeys(draw.series for draw in draws):
        remembering.note(uow, series)
    with files_may_wait("更换已经登记"):
        for draw in draws:
            papers.write_addenda(uow, draw)
        for each in applied:
            for draft in each.drafts:
                addendum_papers.write_form(uow, draft.no, draft.number, each.head)
    return tuple(each.outcome(uow.folder.draws) for each in applied)


def packed_steps(steps: Sequence[ApprovalStep]) -> list[dict[str, str]]:
    """The way of consent as plain JSON values."""
    return [{key: str(value).strip() for key, value in asdict(step).items()} for step in steps]


def refuse_incomplete(case: Case, command: Substitute, today: date) -> None:
    """UserError for a missing approval, a reason the regulation does not know, a wrong day."""
    if not all(text.strip() for text in command.approved):
        raise UserError("还没有写批准人的姓名和职务。", "更换须经批准，请补上。")
    if command.steps:
        check_steps(command.steps, command.on)
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
    approved = rd1.Approval(*command.approved).cleaned()
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
        steps=packed_steps(command.steps),
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


def _hand_over_target(uow: UnitOfWork, case: Case, task: OpenTask, coming: str) -> Assignment:
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
    # A locked result tells what was found there: it is no draft, and stands.
    unlocked = select(Result).where(
        Result.assignment_id == old.id, Result.state != ResultState.LOCKED
    )
    for result in uow.session.scalars(unlocked):
        result.state = ResultState.VOIDED
        result.return_reason = "检查对象已更换"
    return new


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
