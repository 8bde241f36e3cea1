"""整改: reminders, progress and extensions on the way, and that it has been done, with proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from app.db.read import followups
from app.db.read.followups import OpenRectification
from app.db.unit_of_work import UnitOfWork
from app.domain import deadlines
from app.domain.consequences import RectifyStep, check_extension
from app.domain.inspection import Conclusion, ResultState
from app.errors import UserError
from app.models import Assignment, Draw, Rectification, RectificationNote, Result
from app.services import rulebooks
from app.services.days import calendar
from app.services.tasks import closing

__all__ = [
    "NoteRectification",
    "RecordRectification",
    "longest_deadline",
    "note",
    "open_ones",
    "record",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRectification:
    """Done on this day; ``proof`` says what shows it (材料、复查记录)."""

    result_id: int
    completed_on: date
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRectification:
    """督办, 进展 or 延期 on a day; an extension gives ``until`` and, past the text's own
    deadline, the ``stage`` that was reached."""

    result_id: int
    step: RectifyStep
    on: date
    text: str
    stage: str = ""
    until: date | None = None


def record(uow: UnitOfWork, command: RecordRectification) -> None:
    """Enter a completed rectification; the locked result itself stays as it is.

    Errors: UserError if the result is not locked or ordered nothing, the day is impossible,
    the proof is missing, or it was entered before.
    """
    result, subject = _ordered(uow, command.result_id)
    if command.completed_on > uow.today:
        raise UserError(
            f"整改完成日期 {command.completed_on} 还没有到。", "请填写实际完成的那一天。"
        )
    if result.inspected_on is not None and command.completed_on < result.inspected_on:
        raise UserError("整改完成日期早于检查日期。", "请核对日期。")
    proof = command.proof.strip()
    if not proof:
        raise UserError("请写明整改材料或复查情况。", "例如“整改照片 4 张，9 月 8 日复查”。")
    uow.session.add(
        Rectification(
            result_id=result.id,
            completed_on=command.completed_on,
            proof=proof,
            by=uow.actor,
            at=uow.now,
        )
    )
    uow.record(
        "rectification.record",
        subject,
        {"result": result.id, "on": command.completed_on, "proof": proof},
    )
    closing.close_if_settled(uow, result)
    uow.changed.update({"rectification", "result"})
    uow.commit()


def note(uow: UnitOfWork, command: NoteRectification) -> None:
    """Write down what happened on the way; an extension moves the deadline.

    Errors: UserError if nothing was ordered or it is done, the text is missing, the day is in
    the future, or the extension is not explained as the rulebook asks.
    """
    result, subject = _ordered(uow, command.result_id)
    text = command.text.strip()
    if not text:
        raise UserError("请写明情况。", "例如“电话督办，企业答复本周内完成”。")
    if command.on > uow.today:
        raise UserError(f"日期 {command.on} 还没有到。", "请填写实际的那一天。")
    extended = command.step is RectifyStep.EXTENSION
    if extended:
        _refuse_bad_extension(uow, command, result)
    uow.session.add(
        RectificationNote(
            result_id=result.id,
            step=command.step,
            on=command.on,
            text=text,
            stage=command.stage.strip(),
            until=command.until if extended else None,
            by=uow.actor,
            at=uow.now,
        )
    )
    detail: dict[str, object] = {"result": result.id, "on": command.on, "text": text}
    if extended:
        detail.update({"until": command.until, "stage": command.stage.strip()})
    uow.record(f"rectification.{command.step.value}", subject, detail)
    uow.changed.update({"rectification", "result"})
    uow.commit()


def open_ones(connection: Connection) -> tuple[OpenRectification, ...]:
    """Every rectification not done yet, each with its day: what the desk and all lists go by."""
    known: dict[date, date | None] = {}

    def longest(inspected_on: date) -> date | None:
        if inspected_on not in known:
            known[inspected_on] = longest_deadline(connection, inspected_on)
        return known[inspected_on]

    return followups.open_rectifications(connection, longest)


def longest_deadline(connection: Connection, inspected_on: date | None) -> date | None:
    """The last day the rulebook allows for a rectification; None if it sets none."""
    if inspected_on is None:
        return None
    rulebook = rulebooks.of_unit(connection)
    days = calendar.office_calendar(connection, inspected_on.year)
    found = deadlines.for_result(rulebook, days, inspected_on=inspected_on, problem_on=inspected_on)
    return next((each.due_on for each in found if each.code == deadlines.RECTIFY), None)


def _refuse_bad_extension(uow: UnitOfWork, command: NoteRectification, result: Result) -> None:
    connection = uow.session.connection()
    file = followups.followups(connection, result.id).rectification
    problem = check_extension(
        now=file.now if file else None,
        until=command.until,
        reason=command.text,
        stage=command.stage,
        longest=longest_deadline(connection, result.inspected_on),
    )
    if problem:
        raise UserError(problem)


def _ordered(uow: UnitOfWork, result_id: int) -> tuple[Result, str]:
    result = uow.session.get(Result, result_id)
    assignment = uow.session.get(Assignment, result.assignment_id) if result else None
    draw = uow.session.get(Draw, assignment.draw_id) if assignment else None
    if result is None or assignment is None or draw is None:
        raise UserError("这份检查结果已不在。", "请刷新后再试。")
    if result.state is not ResultState.LOCKED or result.conclusion != Conclusion.ORDERED.value:
        raise UserError("只有已锁定、结论是责令整改的结果才登记整改。", "请先完成复核。")
    if uow.session.query(Rectification).filter_by(result_id=result.id).count():
        raise UserError("这家的整改已经登记过。", "请刷新后再看。")
    return result, f"{draw.no}/{assignment.serial}"
