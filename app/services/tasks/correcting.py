"""更正: apply against a locked result, pass it station by station, void it once all agreed.

The old result is never changed but for its state: it stays voided and visible, with its
publication and its consequences.  The task waits for a new inspection, or for a new entry of the
same one where the rulebook allows it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from app.db.read import formality
from app.db.unit_of_work import UnitOfWork
from app.domain.consequences import require_text
from app.domain.correction import (
    CorrectionState,
    Redo,
    Station,
    after_station,
    next_station,
)
from app.domain.course import Step
from app.domain.inspection import VOIDED_SOURCE, ResultState
from app.domain.rulebook import Rulebook
from app.errors import UserError
from app.models import (
    Assignment,
    Correction,
    CorrectionStep,
    Draw,
    DrawState,
    InspectionEntry,
    Publication,
    Result,
    ResultItem,
)
from app.services import rulebooks
from app.services.tasks import formalities, stepping

__all__ = [
    "Apply",
    "CorrectionMoved",
    "PassStation",
    "Withdraw",
    "apply",
    "pass_station",
    "withdraw_publication",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Apply:
    """更正申请: what is wrong with a locked result, what it should be, why it came to that."""

    result_id: int
    error: str
    should_be: str
    cause: str
    applied_by: str
    applied_on: date
    document_no: str = ""
    redo: Redo = Redo.REINSPECT


@dataclass(frozen=True, slots=True, kw_only=True)
class PassStation:
    """The next station has spoken.

    ``new_due``: by when the inspection is made again; asked for at the last station that agrees.
    """

    correction_id: int
    organ: str
    name: str
    post: str
    on: date
    agreed: bool = True
    document: str = ""
    opinion: str = ""
    new_due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """The old publication was taken down."""

    correction_id: int
    on: date
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionMoved:
    """Where the application stands now; ``following`` is the next station, None at the end."""

    correction_id: int
    assignment_id: int
    state: CorrectionState
    following: Station | None


def apply(uow: UnitOfWork, command: Apply) -> CorrectionMoved:
    """Write an application down; the result stays locked until the last station agreed.

    Errors: UserError if the result is not locked, an application is under way, something is
    missing, or the rulebook wants the inspection made again.
    """
    result, assignment, draw = _result(uow, command.result_id)
    rulebook = _rulebook(uow)
    if result.state is not ResultState.LOCKED:
        raise UserError("只有已锁定的结果才需要更正申请。", "没有锁定的可以直接修改或退回。")
    if draw.state is not DrawState.CLOSED:
        raise UserError(f"抽取 {draw.no} 已作废，它的结果不再更正。")
    if assignment.replaced_by_id is not None:
        words = f"{assignment.serial} 到场未能检查，已由递补对象接替，结果不再更正。"
        raise UserError(words, "确有错误的，在原更换审批表上注明。")
    open_one = uow.session.scalar(
        select(Correction.id).where(
            Correction.result_id == result.id, Correction.state == CorrectionState.OPEN
        )
    )
    if open_one is not None:
        raise UserError("这份结果已有一份更正申请在办理。", "请先办完它。")
    if rulebook.correction.reinspect_only and command.redo is not Redo.REINSPECT:
        raise UserError(
            f"{rulebook.cite(rulebook.correction.article)}要求更正后重新检查。",
            "请选择“重新检查”。",
        )
    error = require_text(command.error, "错在哪里")
    applied_by = require_text(command.applied_by, "申请人")
    if command.applied_on > uow.today:
        raise UserError(f"申请日期 {command.applied_on} 还没有到。", "请填写实际的那一天。")
    row = Correction(
        result_id=result.id,
        state=CorrectionState.OPEN,
        redo=command.redo,
        error=error,
        should_be=command.should_be.strip(),
        cause=command.cause.strip(),
        applied_by=applied_by,
        applied_on=command.applied_on,
        document_no=command.document_no.strip(),
        article=rulebook.cite(rulebook.correction.article),
        by=uow.actor,
        at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    facts = {"result": result.id, "error": error, "by": applied_by, "redo": command.redo.label}
    return _done(uow, row, assignment, draw, "correction.request", facts)


def pass_station(uow: UnitOfWork, command: PassStation) -> CorrectionMoved:
    """Write down what the next station said; the last one that agrees voids the old result.

    Errors: UserError if the application is closed, a name is missing, days run backwards, or a
    refusal has no opinion.
    """
    row = _correction(uow, command.correction_id)
    result, assignment, draw = _result(uow, row.result_id)
    if row.state is not CorrectionState.OPEN:
        raise UserError(f"这份更正申请{row.state.label}。", "请刷新后再看。")
    chain = _rulebook(uow).correction.stations
    passed = [step.code for step in row.steps]
    station = next_station(chain, passed)
    state = after_station(chain, passed, agreed=command.agreed)
    if station is None:
        raise UserError("这份更正申请已经办完。", "请刷新后再看。")
    _check_station(command, row, uow.today)
    if state is CorrectionState.GRANTED:
        _check_new_due(command, row, uow.today)
    row.steps.append(
        CorrectionStep(
            position=len(passed) + 1,
            code=station.code,
            label=station.label,
            organ=require_text(command.organ, "单位或科室"),
            name=require_text(command.name, "签字人姓名"),
            post=require_text(command.post, "职务"),
            on=command.on,
            document=command.document.strip(),
            opinion=command.opinion.strip(),
            agreed=command.agreed,
            by=uow.actor,
            at=uow.now,
        )
    )
    row.state = state
    if state is not CorrectionState.OPEN:
        row.ended_on = command.on
    facts: dict[str, object] = {
        "station": station.label,
        "organ": command.organ.strip(),
        "name": command.name.strip(),
        "post": command.post.strip(),
        "on": command.on,
        "document": command.document.strip(),
        "agreed": command.agreed,
        "state": state.label,
    }
    if state is CorrectionState.GRANTED:
        row.new_due = command.new_due or assignment.due_on
        _void(uow, row, result, assignment, draw)
        facts["due"] = row.new_due
    return _done(uow, row, assignment, draw, "correction.pass", facts)


def withdraw_publication(uow: UnitOfWork, command: Withdraw) -> None:
    """Write down that the voided result's publication was taken down.

    Errors: UserError if it was not voided, never published, or withdrawn before.
    """
    row = _correction(uow, command.correction_id)
    _result_row, assignment, draw = _result(uow, row.result_id)
    published = uow.session.scalar(
        select(Publication.published_on).where(Publication.result_id == row.result_id)
    )
    if row.state is not CorrectionState.GRANTED or published is None:
        raise UserError("这份更正没有需要撤回的公示。", "请刷新后再看。")
    if row.withdrawn_on is not None:
        raise UserError("原公示已经登记撤回。", "请刷新后再看。")
    if command.on > uow.today or command.on < published:
        raise UserError(f"撤回日期 {command.on} 不对。", "应在公示之后、今天或以前。")
    row.withdrawn_on, row.withdrawn_where = command.on, require_text(command.where, "撤回的地方")
    _done(
        uow,
        row,
        assignment,
        draw,
        "publication.withdraw",
        {"result": row.result_id, "on": command.on, "place": row.withdrawn_where},
    )


# --- voiding ----------------------------------------------------------------------------------


def _void(
    uow: UnitOfWork, row: Correction, result: Result, assignment: Assignment, draw: Draw
) -> None:
    stepping.take(uow, assignment.id, Step.CORRECT, reason=row.error)
    result.state = ResultState.VOIDED
    result.return_reason = f"更正：{row.error}"
    _take_out_of_frequency_ledger(uow, row, assignment, draw)
    uow.session.flush()
    if row.redo is Redo.REENTER:
        _enter_again(uow, row, result, assignment)
        return
    assignment.due_on = row.new_due or assignment.due_on
    assignment.due_basis = f"更正后重新检查（{row.article}）"


def _take_out_of_frequency_ledger(
    uow: UnitOfWork, row: Correction, assignment: Assignment, draw: Draw
) -> None:
    """What the voided result said no longer counts; that somebody was there still does."""
    entry = uow.session.scalar(
        select(InspectionEntry).where(InspectionEntry.assignment_id == assignment.id)
    )
    if entry is None:
        return
    if row.redo is Redo.REENTER:
        uow.session.delete(entry)
        return
    entry.assignment_id = None
    entry.finding = entry.violation = entry.covers = False
    entry.source = f"{draw.no}{VOIDED_SOURCE}"


def _enter_again(uow: UnitOfWork, row: Correction, old: Result, assignment: Assignment) -> None:
    """A new draft with all that was typed, for the same visit."""
    copied = (
        "inspected_on",
        "arrived",
        "left",
        "way",
        "methods",
        "conclusion",
        "finding",
        "measure",
        "rectify_by",
        "rectify_reason",
        "rectify_stage",
        "document_no",
        "assistants",
        "inspector_ids",
    )
    stepping.take(uow, assignment.id, Step.INSPECT, on=old.inspected_on, reason="按原检查重新录入")
    new = Result(
        assignment_id=assignment.id,
        version=old.version + 1,
        state=ResultState.DRAFT,
        **{name: getattr(old, name) for name in copied},
        items=[
            ResultItem(
                name=item.name,
                item_id=item.item_id,
                position=item.position,
                outcome=item.outcome,
                note=item.note,
                measure=item.measure,
            )
            for item in old.items
        ],
    )
    uow.session.add(new)
    uow.session.flush()
    kept = formality.of(uow.session.connection(), assignment.id, old.version)
    formalities.keep(uow, assignment.id, new.version, replace(kept, told_on=None))
    if row.new_due is not None:
        assignment.due_on = row.new_due
        assignment.due_basis = f"更正后重新录入（{row.article}）"


# --- rows -------------------------------------------------------------------------------------


def _check_station(command: PassStation, row: Correction, today: date) -> None:
    last = row.steps[-1].on if row.steps else row.applied_on
    if command.on > today:
        raise UserError(f"日期 {command.on} 还没有到。", "请填写实际签字的那一天。")
    if command.on < last:
        raise UserError(f"日期 {command.on} 早于上一步的 {last}。", "请核对日期。")
    if not command.agreed and not command.opinion.strip():
        raise UserError("不同意的，要写明意见。", "请写明后再登记。")


def _check_new_due(command: PassStation, row: Correction, today: date) -> None:
    if command.new_due is None and row.redo is Redo.REINSPECT:
        raise UserError("同意后要重新检查，还没有填写完成期限。", "请填写重新检查的期限。")
    if command.new_due is not None and command.new_due < today:
        raise UserError(f"新的期限 {command.new_due} 已经过去。", "请填写今后的日期。")


def _done(
    uow: UnitOfWork,
    row: Correction,
    assignment: Assignment,
    draw: Draw,
    action: str,
    facts: dict[str, object],
) -> CorrectionMoved:
    uow.session.flush()
    uow.record(action, f"{draw.no}/{assignment.serial}", {"correction": row.id, **facts})
    uow.changed.update({"correction", "result", "assignment", "inspection", "publication"})
    uow.commit()
    following = None
    if row.state is CorrectionState.OPEN:
        chain = _rulebook(uow).correction.stations
        following = next_station(chain, [step.code for step in row.steps])
    return CorrectionMoved(
        correction_id=row.id,
        assignment_id=assignment.id,
        state=row.state,
        following=following,
    )


def _rulebook(uow: UnitOfWork) -> Rulebook:
    return rulebooks.of_unit(uow.session.connection())


def _correction(uow: UnitOfWork, correction_id: int) -> Correction:
    row = uow.session.get(Correction, correction_id)
    if row is None:
        raise UserError("这份更正申请已不在。", "请刷新后再试。")
    return row


def _result(uow: UnitOfWork, result_id: int) -> tuple[Result, Assignment, Draw]:
    result = uow.session.get(Result, result_id)
    assignment = uow.session.get(Assignment, result.assignment_id) if result else None
    draw = uow.session.get(Draw, assignment.draw_id) if assignment else None
    if result is None or assignment is None or draw is None:
        raise UserError("这份检查结果已不在。", "请刷新后再试。")
    return result, assignment, draw
