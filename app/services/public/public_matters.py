"""公示 and after: kept back, taken down, reviewed at a target's request (YY 五, TJ 五)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from app.db.read import public_matters as lists
from app.db.read.public_matters import ReviewRow
from app.db.unit_of_work import UnitOfWork
from app.domain import deadlines
from app.domain.consequences import require_day, require_text
from app.domain.course import Step
from app.domain.inspection import ResultState
from app.domain.publicity import OUTCOME_TAKEN_DOWN, ExemptionKind, ReviewOutcome
from app.errors import UserError
from app.models import (
    Assignment,
    CaseFile,
    Draw,
    Exemption,
    Publication,
    Result,
    ReviewApplication,
    Withdrawal,
)
from app.services import rulebooks
from app.services.days import calendar
from app.services.tasks import closing, stepping

__all__ = [
    "AnswerReview",
    "Exempt",
    "LiftExemption",
    "ReceiveReview",
    "TakeDown",
    "TakeDownOutcome",
    "answer_review",
    "exempt",
    "lift_exemption",
    "open_until",
    "receive_review",
    "reviews",
    "take_down",
    "take_down_outcome",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exempt:
    """A result is not made public, for a reason somebody answers for."""

    result_id: int
    kind: ExemptionKind
    reason: str
    approved_by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftExemption:
    """The decision not to publish is taken back."""

    result_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeDown:
    """A published result was taken down where it stood; ``outcome``: its case's outcome too."""

    result_id: int
    on: date
    reason: str
    approved_by: str
    outcome: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeDownOutcome:
    """The published outcome of a case was taken down where it stood."""

    case_id: int
    on: date
    reason: str
    approved_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveReview:
    """A target asks for its published result to be reviewed."""

    result_id: int
    received_on: date
    applicant: str
    matter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerReview:
    """The answer to an application, as it went to the applicant."""

    review_id: int
    outcome: ReviewOutcome
    answer: str
    on: date
    document_no: str = ""


def exempt(uow: UnitOfWork, command: Exempt) -> None:
    """Keep a locked result back; it leaves the publication's denominator.

    Errors: UserError if it is not locked, is public, is kept back already, or a word is missing.
    """
    result, subject = _locked(uow, command.result_id)
    if uow.session.query(Publication).filter_by(result_id=result.id).count():
        raise UserError("这份结果已经公示，不能登记为不公示。", "确需撤下的，请先登记撤下。")
    if uow.session.query(Exemption).filter_by(result_id=result.id).count():
        raise UserError("这份结果已经登记为不公示。", "请刷新后再看。")
    reason = require_text(command.reason, "不公示的理由")
    approved = require_text(command.approved_by, "批准人")
    require_day(command.on, uow.today, result.inspected_on, "批准")
    uow.session.add(
        Exemption(
            result_id=result.id,
            kind=command.kind,
            reason=reason,
            approved_by=approved,
            on=command.on,
            by=uow.actor,
            at=uow.now,
        )
    )
    facts = {"kind": command.kind.value, "reason": reason, "approved": approved, "on": command.on}
    uow.record("publication.exempt", subject, facts)
    closing.close_if_settled(uow, result)
    _end(uow)


def lift_exemption(uow: UnitOfWork, command: LiftExemption) -> None:
    """Let a result be published after all; the ledger keeps what was decided before."""
    row = uow.session.query(Exemption).filter_by(result_id=command.result_id).one_or_none()
    if row is None:
        raise UserError("这份结果没有登记为不公示。", "请刷新后再看。")
    _result, subject = _locked(uow, command.result_id)
    reason = require_text(command.reason, "恢复公示的理由")
    uow.session.delete(row)
    uow.record("publication.exempt_lift", subject, {"reason": reason, "was": row.reason})
    _end(uow)


def take_down(uow: UnitOfWork, command: TakeDown) -> None:
    """Withdraw a publication: the task waits for its publication again, the old one is kept.

    The outcome of its case comes down with it if that is said; else it is listed until it does.

    Errors: UserError if it is not public, the day lies before it or ahead, or a word is missing.
    """
    result, subject = _locked(uow, command.result_id)
    row = uow.session.query(Publication).filter_by(result_id=result.id).one_or_none()
    if row is None:
        raise UserError("这份结果没有公示，没有什么可撤。", "请刷新后再看。")
    reason = require_text(command.reason, "撤下的理由")
    approved = require_text(command.approved_by, "批准人")
    require_day(command.on, uow.today, row.published_on, "撤下")
    uow.session.add(
        Withdrawal(
            result_id=result.id,
            published_on=row.published_on,
            place=row.place,
            wording=row.wording,
            on=command.on,
            reason=reason,
            approved_by=approved,
            by=uow.actor,
            at=uow.now,
        )
    )
    uow.session.delete(row)
    stepping.take(uow, result.assignment_id, Step.WITHDRAW, on=command.on, reason=reason)
    facts = {"result": result.id, "on": command.on, "reason": reason, "approved": approved}
    uow.record("publication.take_down", subject, {**facts, "place": row.place})
    if command.outcome:
        for case in uow.session.query(CaseFile).filter_by(result_id=result.id):
            if case.outcome_published_on is not None:
                _take_outcome_down(uow, case, subject, command)
    _end(uow)


def take_down_outcome(uow: UnitOfWork, command: TakeDownOutcome) -> None:
    """Withdraw 查处结果: it may be reworded and published again, the old one is kept.

    That of a voided result has to come down as well.

    Errors: UserError if it is not public, the day lies before it or ahead, or a word is missing.
    """
    row = uow.session.get(CaseFile, command.case_id)
    if row is None or row.outcome_published_on is None:
        raise UserError("这个案件的处理结果没有公示，没有什么可撤。", "请刷新后再看。")
    _result, subject = _found(uow, row.result_id)
    _take_outcome_down(uow, row, subject, command)
    _end(uow)


def _take_outcome_down(
    uow: UnitOfWork, row: CaseFile, subject: str, command: TakeDown | TakeDownOutcome
) -> None:
    assert row.outcome_published_on is not None  # noqa: S101 - both callers looked
    reason = require_text(command.reason, "撤下的理由")
    approved = require_text(command.approved_by, "批准人")
    require_day(command.on, uow.today, row.outcome_published_on, "撤下查处结果")
    uow.session.add(
        Withdrawal(
            result_id=row.result_id,
            published_on=row.outcome_published_on,
            place=row.outcome_place,
            wording=f"{OUTCOME_TAKEN_DOWN}{row.outcome}",
            on=command.on,
            reason=reason,
            approved_by=approved,
            by=uow.actor,
            at=uow.now,
        )
    )
    facts = {"case": row.case_no, "on": command.on, "reason": reason, "approved": approved}
    uow.record("case.take_down", subject, {**facts, "place": row.outcome_place})
    row.outcome_published_on, row.outcome_place = None, ""


def receive_review(uow: UnitOfWork, command: ReceiveReview) -> int:
    """Register an application; gives its id.  A late one is registered too and says so.

    Errors: UserError if the result was never published, another application of it is open, or
    a word is missing.
    """
    result, subject = _locked(uow, command.result_id)
    row = uow.session.query(Publication).filter_by(result_id=result.id).one_or_none()
    if row is None:
        raise UserError("这份结果还没有公示，没有复查时限。", "公示后再登记复查申请。")
    still_open = (
        uow.session.query(ReviewApplication)
        .filter_by(result_id=result.id, answered_on=None)
        .count()
    )
    if still_open:
        raise UserError("这份结果已有复查申请还没有答复。", "请先答复那一份。")
    applicant = require_text(command.applicant, "申请人")
    matter = require_text(command.matter, "申请事由")
    require_day(command.received_on, uow.today, row.published_on, "收到申请")
    review = ReviewApplication(
        result_id=result.id,
        received_on=command.received_on,
        applicant=applicant,
        matter=matter,
        open_until=open_until(uow.session.connection(), row.published_on),
        by=uow.actor,
        at=uow.now,
    )
    uow.session.add(review)
    uow.record("review.receive", subject, {"on": command.received_on, "matter": matter})
    _end(uow)
    return review.id


def answer_review(uow: UnitOfWork, command: AnswerReview) -> None:
    """Register the answer; where the result is wrong, a correction follows.

    Errors: UserError if it was answered, or a word is missing.
    """
    row = uow.session.get(ReviewApplication, command.review_id)
    if row is None or row.answered_on is not None:
        raise UserError("这份复查申请已经答复过。", "请刷新后再看。")
    answer = require_text(command.answer, "答复内容")
    require_day(command.on, uow.today, row.received_on, "答复")
    row.outcome, row.answer, row.answered_on = command.outcome, answer, command.on
    row.document_no = command.document_no.strip()
    facts = {"outcome": command.outcome.value, "answer": answer, "on": command.on}
    uow.record("review.answer", str(row.id), {**facts, "document_no": row.document_no})
    _end(uow)


def reviews(connection: Connection) -> tuple[ReviewRow, ...]:
    """Every application; an open one whose last day is still a guess says so."""
    return tuple(_estimated(connection, row) for row in lists.reviews(connection))


def _estimated(connection: Connection, row: ReviewRow) -> ReviewRow:
    if row.answered_on is not None or row.open_until is None:
        return row
    days = calendar.office_calendar(connection, row.received_on.year)
    first, last = sorted((row.received_on, row.open_until))
    return replace(row, estimated=days.is_estimated_between(first, last))


def open_until(connection: Connection, published_on: date) -> date | None:
    """Last day of the applicant's window; None where the rulebook sets none."""
    rulebook = rulebooks.of_unit(connection)
    days = calendar.office_calendar(connection, published_on.year)
    found = deadlines.for_result(
        rulebook, days, inspected_on=published_on, published_on=published_on
    )
    return next((each.due_on for each in found if each.window), None)


def _locked(uow: UnitOfWork, result_id: int) -> tuple[Result, str]:
    result, subject = _found(uow, result_id)
    if result.state is not ResultState.LOCKED:
        raise UserError("结果复核锁定后才谈得上公示。", "请先完成复核。")
    return result, subject


def _found(uow: UnitOfWork, result_id: int) -> tuple[Result, str]:
    result = uow.session.get(Result, result_id)
    assignment = uow.session.get(Assignment, result.assignment_id) if result else None
    draw = uow.session.get(Draw, assignment.draw_id) if assignment else None
    if result is None or assignment is None or draw is None:
        raise UserError("这份检查结果已不在。", "请刷新后再试。")
    return result, f"{draw.no}/{assignment.serial}"


def _end(uow: UnitOfWork) -> None:
    uow.changed.update({"publication", "result"})
    uow.commit()
