"""后续: referral with its receipt, case and outcome, follow-up visit, what is proposed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.db.unit_of_work import UnitOfWork
from app.domain.consequences import ProposalState, Receiver, require_day, require_text
from app.domain.inspection import ResultState
from app.errors import UserError
from app.models import (
    Assignment,
    CaseFile,
    Draw,
    Exemption,
    FollowUp,
    Proposal,
    Referral,
    Result,
)
from app.services.public import kept_files
from app.services.tasks import closing

__all__ = [
    "DecideProposal",
    "EndCase",
    "MakeVisit",
    "OpenCase",
    "PlanVisit",
    "PublishOutcome",
    "ReceiveReferral",
    "Refer",
    "RewordCase",
    "decide",
    "end_case",
    "make_visit",
    "open_case",
    "plan_visit",
    "publish_outcome",
    "receive",
    "refer",
    "reword_case",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refer:
    """移送: what, to which organ, under which document number, on which day."""

    result_id: int
    receiver: Receiver
    organ: str
    matter: str
    document_no: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveReferral:
    """回执 of a referral: when, who took it, its number, what was answered."""

    referral_id: int
    on: date
    by: str
    receipt_no: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """立案: the case's number and day."""

    result_id: int
    case_no: str
    on: date
    matter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCase:
    """处理结果: how a case ended, by which decision."""

    case_id: int
    outcome: str
    decision_no: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishOutcome:
    """查处结果 was made public: a publication of its own.

    ``file``: SHA-256 of the file that was put there, of those made here; empty: none of them.
    """

    case_id: int
    on: date
    place: str
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RewordCase:
    """案由 and 处理结果 in other words: a name in them may not be public; ``reason``: why."""

    case_id: int
    matter: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanVisit:
    """复查 planned for a day."""

    result_id: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeVisit:
    """复查 made: who went, what was seen, whether anything is left."""

    visit_id: int
    on: date
    people: str
    finding: str
    settled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideProposal:
    """A person takes a suggestion or not, and says why."""

    proposal_id: int
    accepted: bool
    decided_by: str
    reason: str = ""


def refer(uow: UnitOfWork, command: Refer) -> int:
    """Write a referral down; its number comes back. UserError if not locked or incomplete."""
    result, subject = _locked(uow, command.result_id)
    organ = require_text(command.organ, "接收单位")
    matter = require_text(command.matter, "移送事由")
    require_day(command.on, uow.today, result.inspected_on, "移送")
    row = Referral(
        result_id=result.id,
        receiver=command.receiver,
        organ=organ,
        matter=matter,
        document_no=command.document_no.strip(),
        on=command.on,
        by=uow.actor,
        at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    facts = {"result": result.id, "organ": organ, "matter": matter, "on": command.on}
    _end(uow, "referral.make", subject, {**facts, "document_no": row.document_no})
    return row.id


def receive(uow: UnitOfWork, command: ReceiveReferral) -> None:
    """Write a referral's receipt down; UserError if there is one, or it is incomplete."""
    row = uow.session.get(Referral, command.referral_id)
    if row is None:
        raise UserError("这次移送已不在。", "请刷新后再试。")
    if row.received_on is not None:
        raise UserError("这次移送已经登记过回执。", "请刷新后再看。")
    result, subject = _locked(uow, row.result_id)
    taker = require_text(command.by, "签收人")
    require_day(command.on, uow.today, row.on, "签收")
    row.received_on, row.received_by = command.on, taker
    row.receipt_no, row.answer = command.receipt_no.strip(), command.answer.strip()
    closing.close_if_settled(uow, result)
    facts = {"organ": row.organ, "on": command.on, "by": taker, "receipt": row.receipt_no}
    _end(uow, "referral.receive", subject, facts)


def open_case(uow: UnitOfWork, command: OpenCase) -> int:
    """Write a case down; its number comes back. UserError if one is there or it is incomplete."""
    result, subject = _locked(uow, command.result_id)
    case_no = require_text(command.case_no, "立案号")
    require_day(command.on, uow.today, result.inspected_on, "立案")
    if uow.session.query(CaseFile).filter_by(result_id=result.id).count():
        raise UserError("这份结果已经登记过立案。", "请刷新后再看。")
    row = CaseFile(
        result_id=result.id,
        case_no=case_no,
        opened_on=command.on,
        matter=command.matter.strip(),
        by=uow.actor,
        at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    _end(uow, "case.open", subject, {"result": result.id, "case": case_no, "on": command.on})
    return row.id


def end_case(uow: UnitOfWork, command: EndCase) -> None:
    """Write a case's outcome down; UserError if it has one, or it is incomplete."""
    row = _case(uow, command.case_id)
    result, subject = _locked(uow, row.result_id)
    if row.ended_on is not None:
        raise UserError("这个案件已经登记过处理结果。", "请刷新后再看。")
    outcome = require_text(command.outcome, "处理结果")
    require_day(command.on, uow.today, row.opened_on, "处理结果")
    row.outcome, row.decision_no = outcome, command.decision_no.strip()
    row.ended_on = command.on
    closing.close_if_settled(uow, result)
    facts = {"case": row.case_no, "outcome": outcome, "on": command.on}
    _end(uow, "case.end", subject, {**facts, "document_no": row.decision_no})


def publish_outcome(uow: UnitOfWork, command: PublishOutcome) -> None:
    """Mark a case's outcome as public.

    Errors: UserError if it has none yet or was published, or if its result is kept back.
    """
    row = _case(uow, command.case_id)
    _result, subject = _locked(uow, row.result_id)
    if row.ended_on is None:
        raise UserError("案件还没有处理结果，不能公示。", "请先登记处理结果。")
    if uow.session.query(Exemption).filter_by(result_id=row.result_id).count():
        raise UserError("抽查结果已决定不予公示，查处结果也不能公示。", "请先恢复公示。")
    if row.outcome_published_on is not None:
        raise UserError("处理结果已经公示过。", "请刷新后再看。")
    place = require_text(command.place, "公示的地方")
    require_day(command.on, uow.today, row.ended_on, "公示")
    if command.file:
        kept_files.mark_published(uow, "outcomes", (row.result_id,), command.file)
    row.outcome_published_on, row.outcome_place = command.on, place
    _end(uow, "case.publish", subject, {"case": row.case_no, "on": command.on, "place": place})


def reword_case(uow: UnitOfWork, command: RewordCase) -> None:
    """Put a case's matter and outcome in other words; the ledger keeps what stood there.

    Errors: UserError without an outcome yet, once it was published, or without a reason.
    """
    row = _case(uow, command.case_id)
    _result, subject = _locked(uow, row.result_id)
    if row.ended_on is None:
        raise UserError("案件还没有处理结果，没有什么可改。", "请先登记处理结果。")
    if row.outcome_published_on is not None:
        raise UserError("处理结果已经公示，不能再改文字。", "确有错误的，先撤下这次公示。")
    outcome = require_text(command.outcome, "处理结果")
    reason = require_text(command.reason, "更改文字的理由")
    was = {"was_matter": row.matter, "was_outcome": row.outcome}
    row.matter, row.outcome = command.matter.strip(), outcome
    _end(uow, "case.reword", subject, {"case": row.case_no, "reason": reason, **was})


def plan_visit(uow: UnitOfWork, command: PlanVisit) -> int:
    """Plan a 复查; its number comes back. UserError if not locked or before the inspection."""
    result, subject = _locked(uow, command.result_id)
    if result.inspected_on is not None and command.on < result.inspected_on:
        raise UserError("复查日期早于检查日期。", "请核对日期。")
    row = FollowUp(result_id=result.id, planned_on=command.on, by=uow.actor, at=uow.now)
    uow.session.add(row)
    uow.session.flush()
    _end(uow, "visit.plan", subject, {"result": result.id, "on": command.on})
    return row.id


def make_visit(uow: UnitOfWork, command: MakeVisit) -> None:
    """Write a 复查 down; UserError if it was made before or something is missing."""
    row = uow.session.get(FollowUp, command.visit_id)
    if row is None:
        raise UserError("这次复查已不在。", "请刷新后再试。")
    if row.done_on is not None:
        raise UserError("这次复查已经登记过。", "请刷新后再看。")
    result, subject = _locked(uow, row.result_id)
    people = require_text(command.people, "复查人员")
    finding = require_text(command.finding, "复查情况")
    require_day(command.on, uow.today, result.inspected_on, "复查")
    row.done_on, row.people, row.finding = command.on, people, finding
    row.settled = command.settled
    closing.close_if_settled(uow, result)
    facts = {"on": command.on, "people": people, "finding": finding, "settled": command.settled}
    _end(uow, "visit.make", subject, facts)


def decide(uow: UnitOfWork, command: DecideProposal) -> None:
    """Take a suggestion or not; UserError if it was decided, or declined without a reason."""
    row = uow.session.get(Proposal, command.proposal_id)
    if row is None or row.state is not ProposalState.OPEN:
        raise UserError("这条建议已经处理过。", "请刷新后再看。")
    _result, subject = _locked(uow, row.result_id)
    name = require_text(command.decided_by, "决定人")
    if not command.accepted and not command.reason.strip():
        raise UserError("不采纳的，要写明理由。", "请写明后再登记。")
    row.state = ProposalState.ACCEPTED if command.accepted else ProposalState.DECLINED
    row.decided_by, row.decided_on = name, uow.today
    row.reason = command.reason.strip()
    facts = {"what": row.text, "accepted": command.accepted, "by": name, "reason": row.reason}
    _end(uow, "proposal.decide", subject, facts)


def _end(uow: UnitOfWork, action: str, subject: str, facts: dict[str, object]) -> None:
    uow.record(action, subject, facts)
    uow.changed.update({"consequence", "result"})
    uow.commit()


def _case(uow: UnitOfWork, case_id: int) -> CaseFile:
    row = uow.session.get(CaseFile, case_id)
    if row is None:
        raise UserError("这个案件已不在。", "请刷新后再试。")
    return row


def _locked(uow: UnitOfWork, result_id: int) -> tuple[Result, str]:
    result = uow.session.get(Result, result_id)
    assignment = uow.session.get(Assignment, result.assignment_id) if result else None
    draw = uow.session.get(Draw, assignment.draw_id) if assignment else None
    if result is None or assignment is None or draw is None:
        raise UserError("这份检查结果已不在。", "请刷新后再试。")
    if result.state is not ResultState.LOCKED:
        raise UserError("结果复核锁定后才登记后续。", "请先完成复核。")
    return result, f"{draw.no}/{assignment.serial}"
