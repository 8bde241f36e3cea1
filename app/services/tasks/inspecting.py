"""Entering, submitting, returning and locking the result of an assignment.

Who inspected and who entered are both kept.  A locked result is never edited; what it showed
goes into the frequency ledger at that moment, since only a reviewed result is a fact.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date

from app.db.read import results
from app.db.unit_of_work import UnitOfWork
from app.domain import deadlines, publicity
from app.domain.consequences import ProposalState, suggestions
from app.domain.course import Step
from app.domain.inspection import Conclusion, ResultState, check_step
from app.domain.result_entry import ResultEntry, Task, check_entry
from app.errors import UserError
from app.models import (
    Assignment,
    Draw,
    DrawState,
    InspectionEntry,
    Proposal,
    Result,
    ResultItem,
)
from app.services import rulebooks
from app.services.tasks import closing, fitness, formalities, stepping

__all__ = [
    "LockResult",
    "ResultChanged",
    "ReturnResult",
    "SaveDraft",
    "StartResult",
    "SubmitResult",
    "digest",
    "hand_in",
    "keep_draft",
    "lock",
    "restore",
    "return_for_correction",
    "save_draft",
    "start",
    "submit",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class StartResult:
    """The team came back: the target was inspected on this day, nothing typed yet."""

    assignment_id: int
    inspected_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft:
    """What was typed so far; may be incomplete."""

    assignment_id: int
    entry: ResultEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitResult:
    """The complete entry, handed over for review."""

    assignment_id: int
    entry: ResultEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnResult:
    """Back to who entered it, with what is missing."""

    result_id: int
    reason: str
    reviewed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockResult:
    """Reviewed and right.

    ``reviewed_by`` empty is the signed-in person; the same name as who entered it needs
    ``alone_because``, which is recorded.
    """

    result_id: int
    reviewed_by: str = ""
    alone_because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultChanged:
    """Outcome of every step: which result, where it stands now, under which public number."""

    result_id: int
    assignment_id: int
    state: ResultState
    draw_no: str
    serial: str
    warning: str = ""  # who of the team may not inspect on that day, and what would help


def start(uow: UnitOfWork, command: StartResult) -> ResultChanged:
    """Register that a target was inspected; from now on its name is no longer secret.

    Errors: UserError if the day is impossible or a result exists already.
    """
    assignment, draw = _task(uow, command.assignment_id)
    if _current(uow, assignment) is not None:
        raise UserError("这家已经登记过检查。", "请在列表里找到它继续录入。")
    _check_day(command.inspected_on, draw, uow.today)
    result = _new_result(uow, assignment, draw, command.inspected_on)
    result.inspected_on = command.inspected_on
    done = _done(uow, "result.start", result, {"inspected_on": command.inspected_on})
    # Told at once, not when everything was typed: the people may have to be replaced first.
    return replace(
        done,
        warning=fitness.warning(
            uow.session.connection(), result.inspector_ids, command.inspected_on, uow.today
        ),
    )


def save_draft(uow: UnitOfWork, command: SaveDraft) -> ResultChanged:
    """Keep what was typed. Drafts leave no ledger entry: the submitted digest covers them.

    Errors: UserError if the result is submitted or locked, or names an item it does not have.
    """
    result = keep_draft(uow, command.assignment_id, command.entry)
    uow.changed.add("result")
    uow.commit()
    return _changed(result, *_task(uow, command.assignment_id))


def keep_draft(uow: UnitOfWork, assignment_id: int, entry: ResultEntry) -> Result:
    """As ``save_draft``, without the commit: for services that go on with the result."""
    assignment, draw = _task(uow, assignment_id)
    result = _current(uow, assignment)
    fresh = result is None
    if result is None:
        result = _new_result(uow, assignment, draw, entry.inspected_on)
    check_step(result.state, ResultState.DRAFT)
    _write(uow, result, entry)
    if fresh:
        _note(uow, "result.start", result, {"inspected_on": entry.inspected_on})
    return result


def submit(uow: UnitOfWork, command: SubmitResult) -> ResultChanged:
    """Keep the entry and hand it over for review.

    Errors: UserError with everything that is missing or contradicts itself; nothing is saved.
    """
    result = hand_in(uow, command.assignment_id, command.entry)
    uow.commit()
    return _changed(result, *_task(uow, command.assignment_id))


def hand_in(uow: UnitOfWork, assignment_id: int, entry: ResultEntry) -> Result:
    """As ``submit``, without the commit: for services that go on with the result."""
    assignment, draw = _task(uow, assignment_id)
    result = _current(uow, assignment) or _new_result(uow, assignment, draw, entry.inspected_on)
    check_step(result.state, ResultState.SUBMITTED)
    entry = replace(entry, entered_by=entry.entered_by.strip() or uow.actor)
    _write(uow, result, entry)
    _refuse_incomplete(uow, result, draw)
    if entry.conclusion is not None and not entry.conclusion.inspected:
        stepping.take(
            uow,
            assignment.id,
            Step.CANNOT_INSPECT,
            on=entry.inspected_on,
            reason=entry.conclusion.label,
        )
    stepping.take(uow, assignment.id, Step.ENTER, by=entry.entered_by)
    result.state = ResultState.SUBMITTED
    result.submitted_at = uow.now
    result.return_reason = ""
    _note(uow, "result.submit", result, {"entered_by": entry.entered_by})
    return result


def restore(uow: UnitOfWork, result: Result, entry: ResultEntry) -> None:
    """Give a result back what it said before a merge that is taken back; the caller commits."""
    _write(uow, result, entry)
    result.entered_by = entry.entered_by


def return_for_correction(uow: UnitOfWork, command: ReturnResult) -> ResultChanged:
    """Give a submitted result back; UserError without a reason or if it is not submitted."""
    result = _result(uow, command.result_id)
    check_step(result.state, ResultState.RETURNED)
    reason = command.reason.strip()
    if not reason:
        raise UserError("退回要写明原因。", "请写清缺什么、哪里不对，录入人照着改。")
    if result.state is not ResultState.SUBMITTED:
        raise UserError("这份结果还没有提交复核，不能退回。", "请刷新后再试。")
    returned_by = command.reviewed_by.strip() or uow.actor
    stepping.take(uow, result.assignment_id, Step.RETURN, by=returned_by, reason=reason)
    result.state = ResultState.RETURNED
    result.return_reason = reason
    result.returned_by = returned_by
    result.returned_at = uow.now
    return _done(uow, "result.return", result, {"reason": reason, "by": result.returned_by})


def lock(uow: UnitOfWork, command: LockResult) -> ResultChanged:
    """Lock a reviewed result and enter the inspection into the frequency ledger.

    Errors: UserError if it is not submitted, is no longer complete (a certificate corrected
    meanwhile), or reviewer and enterer are one person without a stated reason.
    """
    result = _result(uow, command.result_id)
    check_step(result.state, ResultState.LOCKED)
    assignment, draw = _task(uow, result.assignment_id)
    reviewer = command.reviewed_by.strip() or uow.actor
    reason = command.alone_because.strip()
    if reviewer == result.entered_by and not reason:
        raise UserError(
            f"录入和复核是同一个人（{reviewer}）。",
            "请换一个人复核；确实只有一人的，写明原因后再锁定。",
        )
    _refuse_incomplete(uow, result, draw)
    stepping.take(uow, assignment.id, Step.REVIEW, by=reviewer, reason=reason)
    stepping.take(uow, assignment.id, Step.LOCK, by=reviewer)
    result.state = ResultState.LOCKED
    result.reviewed_by = reviewer
    result.reviewed_at = uow.now
    result.review_note = reason
    _enter_into_frequency_ledger(uow, result, assignment, draw)
    _propose(uow, result, assignment)
    closing.close_if_settled(uow, result)
    uow.changed.add("inspection")
    return _done(uow, "result.lock", result, {"reviewed_by": reviewer, "alone_because": reason})


# --- rows -------------------------------------------------------------------------------------


def _task(uow: UnitOfWork, assignment_id: int) -> tuple[Assignment, Draw]:
    assignment = uow.session.get(Assignment, assignment_id)
    draw = uow.session.get(Draw, assignment.draw_id) if assignment else None
    if assignment is None or draw is None:
        raise UserError("这项任务已不在派单里。", "请刷新列表后再试。")
    if draw.state is not DrawState.CLOSED:
        raise UserError(f"抽取 {draw.no} 已作废，它的任务不再录入。", "请按新的抽取派单。")
    if assignment.replaced_by_id is not None:
        words = f"{assignment.serial} 的检查对象已更换，不再录入。"
        raise UserError(words, "请在递补的任务里录入。")
    return assignment, draw


def _result(uow: UnitOfWork, result_id: int) -> Result:
    result = uow.session.get(Result, result_id)
    if result is None:
        raise UserError("这份检查结果已不在。", "请刷新列表后再试。")
    return result


def _current(uow: UnitOfWork, assignment: Assignment) -> Result | None:
    return (
        uow.session.query(Result)
        .filter(Result.assignment_id == assignment.id, Result.state != ResultState.VOIDED)
        .one_or_none()
    )


def _new_result(
    uow: UnitOfWork, assignment: Assignment, draw: Draw, inspected_on: date | None
) -> Result:
    stepping.take(uow, assignment.id, Step.INSPECT, on=inspected_on)
    versions = uow.session.query(Result).filter(Result.assignment_id == assignment.id).count()
    applicable = results.applicable_items(
        uow.session.connection(), assignment.category, draw.period, draw.no
    )
    result = Result(
        assignment_id=assignment.id,
        version=versions + 1,
        state=ResultState.DRAFT,
        inspector_ids=[
            each for each in (assignment.lead_id, assignment.second_id) if each is not None
        ],
        items=[
            ResultItem(item_id=number, name=name, position=position, outcome=None)
            for position, (number, name) in enumerate(applicable, 1)
        ],
    )
    uow.session.add(result)
    uow.session.flush()
    return result


def _write(uow: UnitOfWork, result: Result, entry: ResultEntry) -> None:
    result.inspected_on = entry.inspected_on
    result.arrived = entry.arrived.strip()
    result.left = entry.left.strip()
    result.way = entry.way.value
    result.methods = list(entry.methods)
    result.conclusion = entry.conclusion.value if entry.conclusion else ""
    result.finding = entry.finding.strip()
    result.measure = entry.measure.strip()
    result.rectify_by = entry.rectify_by
    result.rectify_reason = entry.rectify_reason.strip()
    result.rectify_stage = entry.rectify_stage.strip()
    result.document_no = entry.document_no.strip()
    result.assistants = entry.assistants
    if entry.inspector_ids:
        result.inspector_ids = list(entry.inspector_ids)
    result.entered_by = entry.entered_by.strip() or uow.actor
    result.entered_at = uow.now
    own = {item.item_id: item for item in result.items}
    for item in entry.items:
        if item.item_id not in own:
            raise UserError(f"“{item.name}”不是这项任务的检查事项。", "请刷新后再录入。")
        own[item.item_id].outcome = item.outcome
        own[item.item_id].note = item.note.strip()
        own[item.item_id].measure = item.measure.strip()
    formalities.keep(uow, result.assignment_id, result.version, entry.formalities)
    uow.session.flush()


def _check_day(day: date, draw: Draw, today: date) -> None:
    entry = ResultEntry(inspected_on=day)
    task = Task(drawn_on=_drawn_on(draw, today), today=today, certificates=())
    for problem in check_entry(entry, task):
        if problem.field == "inspected_on":
            raise UserError(problem.message)


def _refuse_incomplete(uow: UnitOfWork, result: Result, draw: Draw) -> None:
    connection = uow.session.connection()
    entry = results.form(connection, result.assignment_id).entry
    task = Task(
        drawn_on=_drawn_on(draw, uow.today),
        today=uow.today,
        certificates=results.certificates(connection, entry.inspector_ids),
        layer=formalities.layer(connection),
        longest=deadlines.explained_after(rulebooks.of_unit(connection), entry.inspected_on),
    )
    problems = check_entry(entry, task)
    if problems:
        raise UserError("".join(problem.message for problem in problems))
    fitness.refuse_unfit(connection, entry.inspector_ids, entry.inspected_on, uow.today)


def _drawn_on(draw: Draw, today: date) -> date:
    return draw.closed_at.astimezone().date() if draw.closed_at else today


def _enter_into_frequency_ledger(
    uow: UnitOfWork, result: Result, assignment: Assignment, draw: Draw
) -> None:
    if result.inspected_on is None:
        raise UserError("检查日期空着，不能锁定。", "请退回补上检查日期。")
    rulebook = rulebooks.of_unit(uow.session.connection())
    meaning = publicity.meaning(rulebook, Conclusion(result.conclusion))
    uow.session.add(
        InspectionEntry(
            target_id=assignment.target_id,
            on=result.inspected_on,
            kind=draw.kind,
            category=assignment.category,
            finding=meaning.finding,
            violation=meaning.violation,
            covers=meaning.covers,
            source=draw.no,
            assignment_id=assignment.id,
        )
    )


def _propose(uow: UnitOfWork, result: Result, assignment: Assignment) -> None:
    """Write down what the result suggests; nothing is applied before a person decides."""
    rulebook = rulebooks.of_unit(uow.session.connection())
    uow.session.add_all(
        Proposal(
            result_id=result.id,
            target_id=assignment.target_id,
            kind=each.kind,
            text=each.text,
            state=ProposalState.OPEN,
            at=uow.now,
        )
        for each in suggestions(rulebook, Conclusion(result.conclusion))
    )


def _done(uow: UnitOfWork, action: str, result: Result, detail: dict[str, object]) -> ResultChanged:
    assignment, draw = _note(uow, action, result, detail)
    uow.commit()
    return _changed(result, assignment, draw)


def _note(
    uow: UnitOfWork, action: str, result: Result, detail: dict[str, object]
) -> tuple[Assignment, Draw]:
    """The ledger's entry of a step, with the digest of what the result says now."""
    assignment, draw = _task(uow, result.assignment_id)
    uow.session.flush()
    body = {"result": result.id, "version": result.version, "content": digest(result), **detail}
    uow.record(action, f"{draw.no}/{assignment.serial}", body)
    uow.changed.update({"result", "assignment"})
    return assignment, draw


def _changed(result: Result, assignment: Assignment, draw: Draw) -> ResultChanged:
    return ResultChanged(
        result_id=result.id,
        assignment_id=assignment.id,
        state=result.state,
        draw_no=draw.no,
        serial=assignment.serial,
    )


def _said(item: ResultItem) -> tuple[object, ...]:
    """An item in the digest; a measure only if there is one: older digests stay what they were."""
    said = (item.item_id, item.outcome and item.outcome.value, item.note)
    return (*said, item.measure) if item.measure else said


def digest(result: Result) -> str:
    """SHA-256 of what the result says: a later change in the database shows against the ledger."""
    body = [
        result.inspected_on and result.inspected_on.isoformat(),
        result.arrived,
        result.left,
        result.way,
        result.methods,
        result.conclusion,
        result.finding,
        result.measure,
        result.rectify_by and result.rectify_by.isoformat(),
        result.document_no,
        result.assistants,
        result.inspector_ids,
        result.entered_by,
        [_said(item) for item in result.items],
    ]
    # Only where they say something: what was locked before they were kept has no place for them.
    body += [each for each in (result.rectify_reason, result.rectify_stage) if each]
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
