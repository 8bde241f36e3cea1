"""整改: that what was ordered has been done, with what shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.db.unit_of_work import UnitOfWork
from app.domain.inspection import Conclusion, ResultState
from app.errors import UserError
from app.models import Assignment, Draw, Rectification, Result

__all__ = ["RecordRectification", "record"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRectification:
    """Done on this day; ``proof`` says what shows it (材料、复查记录)."""

    result_id: int
    completed_on: date
    proof: str


def record(uow: UnitOfWork, command: RecordRectification) -> None:
    """Enter a completed rectification; the locked result itself stays as it is.

    Errors: UserError if the result is not locked or ordered nothing, the day is impossible,
    the proof is missing, or it was entered before.
    """
    result = uow.session.get(Result, command.result_id)
    assignment = uow.session.get(Assignment, result.assignment_id) if result else None
    draw = uow.session.get(Draw, assignment.draw_id) if assignment else None
    if result is None or assignment is None or draw is None:
        raise UserError("这份检查结果已不在。", "请刷新后再试。")
    if result.state is not ResultState.LOCKED or result.conclusion != Conclusion.ORDERED.value:
        raise UserError("只有已锁定、结论是责令整改的结果才登记整改。", "请先完成复核。")
    if uow.session.query(Rectification).filter_by(result_id=result.id).count():
        raise UserError("这家的整改已经登记过。", "请刷新后再看。")
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
        f"{draw.no}/{assignment.serial}",
        {"result": result.id, "on": command.completed_on, "proof": proof},
    )
    uow.changed.update({"rectification", "result"})
    uow.commit()
