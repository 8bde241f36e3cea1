"""国家层面手续: what the unit asks for, approving tasks before they are inspected, keeping them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import date

from sqlalchemy import func, select

from app.db.read import formality
from app.db.unit_of_work import UnitOfWork
from app.domain.consequences import require_day, require_text
from app.domain.course import Step
from app.domain.formalities import Formalities, NationalLayer
from app.domain.inspection import ResultState
from app.errors import UserError
from app.models import Assignment, Draw, DrawState, Formality, Result, Setting
from app.services.tasks import stepping

__all__ = [
    "ApproveTasks",
    "Approved",
    "TellResult",
    "approve",
    "keep",
    "layer",
    "save_layer",
    "tell",
]

layer = formality.layer


def save_layer(uow: UnitOfWork, chosen: NationalLayer) -> NationalLayer:
    """Keep which groups are used, reminded of, or required; before → after in the ledger."""
    before = formality.layer(uow.session.connection())
    changed = {
        each.name: [getattr(before, each.name).label, getattr(chosen, each.name).label]
        for each in fields(NationalLayer)
        if getattr(before, each.name) is not getattr(chosen, each.name)
    }
    if not changed:
        return chosen
    text = json.dumps({each.name: getattr(chosen, each.name).value for each in fields(chosen)})
    uow.session.merge(Setting(key=formality.LAYER, value=text))
    uow.record("unit.national", "", changed)
    uow.changed.update({"unit", "result"})
    uow.commit()
    return chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveTasks:
    """检查审批 of several tasks at once: one application, one decision."""

    assignment_ids: tuple[int, ...]
    kind: str
    source: str
    basis: str
    applied_by: str
    applied_on: date
    approved_by: str
    approved_on: date
    urgent: bool = False
    urgent_reason: str = ""
    assistants_fixed: int | None = None
    uncounted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """How many tasks carry the approval now."""

    count: int


def approve(uow: UnitOfWork, command: ApproveTasks) -> Approved:
    """Write one approval to each task; all of them or none.

    Errors: UserError if a task is gone or locked, something is missing, or it is dated ahead.
    """
    _check(command, uow.today)
    for assignment_id in dict.fromkeys(command.assignment_ids):
        _approve_one(uow, command, assignment_id)
    uow.changed.update({"assignment", "result"})
    uow.commit()
    return Approved(count=len(set(command.assignment_ids)))


def _check(command: ApproveTasks, today: date) -> None:
    if not command.assignment_ids:
        raise UserError("还没有选择任务。", "请先在列表里选择。")
    missing = next(
        (
            words
            for text, words in (
                (command.basis, "法定依据"),
                (command.applied_by, "申请人"),
                (command.approved_by, "审批人"),
            )
            if not text.strip()
        ),
        "",
    )
    if missing:
        raise UserError(f"还没有填写{missing}。", "请填写后再登记审批。")
    if max(command.applied_on, command.approved_on) > today:
        raise UserError("申请或审批日期还没有到。", "请填写实际的日期。")
    if command.approved_on < command.applied_on:
        raise UserError("审批日期早于申请日期。", "请核对日期。")
    if command.urgent and not command.urgent_reason.strip():
        raise UserError("紧急补办审批的，要写明紧急情形。", "请写明后再登记。")


def _approve_one(uow: UnitOfWork, command: ApproveTasks, assignment_id: int) -> None:
    assignment = uow.session.get(Assignment, assignment_id)
    draw = uow.session.get(Draw, assignment.draw_id) if assignment else None
    if assignment is None or draw is None or draw.state is not DrawState.CLOSED:
        raise UserError("有一项任务已不在派单里。", "请刷新列表后再试。")
    if not stepping.take_if_lawful(uow, assignment_id, Step.APPROVE):
        raise UserError(f"{assignment.serial} 的结果已经提交，不能再改审批。", "请从选择中去掉它。")
    version = _version(uow, assignment_id)
    given = replace(
        formality.of(uow.session.connection(), assignment_id, version),
        kind=command.kind,
        source=command.source.strip(),
        basis=command.basis.strip(),
        applied_by=command.applied_by.strip(),
        applied_on=command.applied_on,
        approved_by=command.approved_by.strip(),
        approved_on=command.approved_on,
        urgent=command.urgent,
        urgent_reason=command.urgent_reason.strip(),
        assistants_fixed=command.assistants_fixed,
        uncounted=command.uncounted.strip(),
    )
    keep(uow, assignment_id, version, given)
    uow.record(
        "task.approve",
        f"{draw.no}/{assignment.serial}",
        {
            "applied_by": given.applied_by,
            "approved_by": given.approved_by,
            "approved_on": given.approved_on,
            "urgent": given.urgent,
        },
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TellResult:
    """结果告知: a locked result was told to the inspected on a day, in some way."""

    result_id: int
    on: date
    how: str


def tell(uow: UnitOfWork, command: TellResult) -> None:
    """Write down when a locked result was told; the result itself stays as it is.

    Errors: UserError if it is not locked, was told before, the day is impossible, or the way is
    missing.
    """
    result = uow.session.get(Result, command.result_id)
    assignment = uow.session.get(Assignment, result.assignment_id) if result else None
    draw = uow.session.get(Draw, assignment.draw_id) if assignment else None
    if result is None or assignment is None or draw is None:
        raise UserError("这份检查结果已不在。", "请刷新后再试。")
    if result.state is not ResultState.LOCKED:
        raise UserError("还没有锁定的结果，在录入表里填写告知日期。", "请打开它录入。")
    given = formality.of(uow.session.connection(), assignment.id, result.version)
    if given.told_on is not None:
        raise UserError(f"已登记 {given.told_on} 告知。", "请刷新后再看。")
    require_day(command.on, uow.today, result.inspected_on, "告知")
    how = require_text(command.how, "告知方式")
    told = replace(given, told_on=command.on, told_how=how)
    keep(uow, assignment.id, result.version, told)
    facts = {"result": result.id, "on": command.on, "how": how}
    uow.record("task.tell", f"{draw.no}/{assignment.serial}", facts)
    uow.changed.add("result")
    uow.commit()


def _version(uow: UnitOfWork, assignment_id: int) -> int:
    """Of the result under way, or of the one that will come."""
    current = uow.session.scalar(
        select(Result.version).where(
            Result.assignment_id == assignment_id, Result.state != ResultState.VOIDED
        )
    )
    if current is not None:
        return current
    made = uow.session.scalar(
        select(func.count(Result.id)).where(Result.assignment_id == assignment_id)
    )
    return (made or 0) + 1


def keep(uow: UnitOfWork, assignment_id: int, version: int, given: Formalities) -> None:
    """Write the formalities of one inspection, within the caller's transaction."""
    row = (
        uow.session.query(Formality)
        .filter_by(assignment_id=assignment_id, version=version)
        .one_or_none()
    )
    values = {
        name: value.strip() if isinstance(value, str) else value
        for name, value in asdict(given).items()
    }
    if row is None:
        row = Formality(assignment_id=assignment_id, version=version, **values)
        uow.session.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.by, row.at = uow.actor, uow.now
    uow.session.flush()
