"""What else waits: after a draw, before a visit, after a lock — as to-dos of the desk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, exists, select, text

from app.db.read import corrections, courses, followups, formality
from app.db.read.followups import OpenRectification
from app.db.read.tasks import Progress, TaskRow
from app.domain.consequences import ProposalState, RectifyStep
from app.domain.correction import CorrectionRules, next_station
from app.domain.course import TaskState
from app.domain.desk import Todo, When, day_in_words, when_due
from app.domain.formalities import Demand
from app.domain.inspection import Conclusion, ResultState
from app.models import Attachment, CaseFile, Draw, DrawState, Result

__all__ = ["chores", "rectifications"]

_SOON = timedelta(days=7)
_REMEMBERED = timedelta(days=180)
"""How long an old draw is still asked after."""
_LATE_RECEIPT = 10
_NAMES = 4


def chores(
    connection: Connection,
    tasks: Iterable[TaskRow],
    rules: CorrectionRules,
    today: date,
    *,
    outcomes_public: bool,
) -> Iterator[Todo]:
    """Everything of this module but the rectifications; ``tasks``: those not locked yet."""
    waiting = [task for task in tasks if task.progress is Progress.OPEN]
    yield from _after_draw(connection, waiting, today)
    yield from _approvals(connection, waiting, today)
    yield from _postponed(connection, waiting, today)
    yield from _corrections(connection, rules)
    yield from _referrals(connection, today)
    yield from _visits(connection, today)
    yield from _cases(connection, outcomes_public=outcomes_public)
    yield from _proposals(connection)


# --- rectification ----------------------------------------------------------------------------


def rectifications(found: Iterable[OpenRectification], today: date) -> Iterator[Todo]:
    """One to-do for each rectification that is due."""
    for each in found:
        task, view, due = each.task, each.view, each.due
        when = when_due(due, today) if due else None
        if due is None or when is None:
            continue
        days = (today - due).days
        ends = f"已过 {days} 天" if days > 0 else f"是 {day_in_words(due)}"
        moved = "延期至" if any(each.until for each in view.notes) else "期限"
        urged = sum(1 for each in view.notes if each.step is RectifyStep.REMINDER)
        facts = [f"{moved} {day_in_words(due)}", task.serial, task.team]
        facts += [f"已督办 {urged} 次"] if urged else []
        yield Todo(
            when=when,
            sentence=f"{task.shown_name}的整改期限{ends}，还没有整改材料",
            detail=" · ".join(facts),
            action="登记整改",
            page="results",
            where=task.id,
            due_on=due,
        )


# --- before the visit -------------------------------------------------------------------------


def _after_draw(connection: Connection, waiting: list[TaskRow], today: date) -> Iterator[Todo]:
    """Notices, the second recomputation, the signed paper's scan: what a draw leaves behind."""
    since = datetime.combine(today - _REMEMBERED, time.min).astimezone()
    scanned = exists().where(Attachment.owner_kind == "draw", Attachment.owner_id == Draw.id)
    rows = connection.execute(
        select(Draw.id, Draw.no, scanned.label("scanned"))
        .where(
            Draw.state == DrawState.CLOSED,
            Draw.rehearsal.is_(False),
            Draw.closed_at >= since,
        )
        .order_by(Draw.id)
    ).all()
    for row in rows:
        mine = [task for task in waiting if task.draw_no == row.no]
        unnotified = [t for t in mine if t.recorded in {None, TaskState.ASSIGNED}]
        if unnotified:
            yield Todo(
                when=When.TODAY,
                sentence=f"抽取 {row.no} 有 {len(unnotified)} 家还没有印发检查任务通知单",
                detail="通知单只列本组的对象；检查前保密",
                action="去打印",
                page="teams",
                where=unnotified[0].id,
            )
        missing = []
        if not _noted(connection, "draw.check", row.no):
            missing.append("另一台设备复算登记")
        if not row.scanned:
            missing.append("签字件扫描归档")
        if missing:
            yield Todo(
                when=When.WEEK,
                sentence=f"抽取 {row.no} 还差：{'、'.join(missing)}",
                detail="纪要签字后扫描挂到这次抽取",
                action="去办理",
                page="plan",
                where=row.no,
            )


def _noted(connection: Connection, action: str, subject: str) -> bool:
    found = connection.execute(
        text("SELECT 1 FROM ledger WHERE action = :action AND subject = :subject LIMIT 1"),
        {"action": action, "subject": subject},
    ).first()
    return found is not None


def _approvals(connection: Connection, waiting: list[TaskRow], today: date) -> Iterator[Todo]:
    if formality.layer(connection).approval is Demand.OFF:
        return
    approved = formality.approved_ids(connection)
    lacking = [t for t in waiting if t.id not in approved and t.due_on <= today + 4 * _SOON]
    if lacking:
        yield Todo(
            when=When.WEEK,
            sentence=f"{len(lacking)} 家还没有登记检查审批",
            detail="检查前由负责人审批；紧急的可以补办",
            action="去审批",
            page="teams",
            where=lacking[0].id,
        )


def _postponed(connection: Connection, waiting: list[TaskRow], today: date) -> Iterator[Todo]:
    found = courses.postponed(connection)
    for task in waiting:
        if task.id not in found:
            continue
        until, reason = found[task.id]
        when = when_due(until, today)
        if when is not None:
            yield Todo(
                when=when,
                sentence=f"{task.serial} 延期到 {day_in_words(until)}检查",
                detail=reason,
                action="看派单",
                page="teams",
                where=task.id,
                due_on=until,
            )


# --- after the lock ---------------------------------------------------------------------------


def _corrections(connection: Connection, rules: CorrectionRules) -> Iterator[Todo]:
    for row in corrections.open_ones(connection):
        station = next_station(rules.stations, [each.code for each in row.stations])
        waits = f"待{station.organ}{station.label}" if station else "等待办结"
        yield Todo(
            when=When.TODAY,
            sentence=f"{row.target_name}的更正申请{waits}",
            detail=f"{row.serial} · {day_in_words(row.applied_on)}申请 · {row.error}",
            action="去登记",
            page="results",
            where=row.assignment_id,
        )
    for row in corrections.published_before(connection):
        yield Todo(
            when=When.TODAY,
            sentence=f"{row.target_name}的结果已更正作废，原公示还没有撤回",
            detail=f"原公示日期 {row.published_on} · {row.serial}",
            action="登记撤回",
            page="results",
            where=row.assignment_id,
        )


def _referrals(connection: Connection, today: date) -> Iterator[Todo]:
    for row in followups.open_referrals(connection):
        days = (today - row.on).days
        if days < _LATE_RECEIPT:
            continue
        yield Todo(
            when=When.WEEK,
            sentence=f"移送{row.organ} {days} 天，还没有回执",
            detail=f"{row.document_no or '无文号'} · {row.matter}",
            action="登记回执",
            page="results",
            where=_task_of(connection, row.result_id),
        )


def _visits(connection: Connection, today: date) -> Iterator[Todo]:
    for visit, name, task in followups.planned_visits(connection):
        when = when_due(visit.planned_on, today)
        if when is not None:
            yield Todo(
                when=when,
                sentence=f"{name}定于 {day_in_words(visit.planned_on)}复查",
                detail="复查情况登记后才能办结",
                action="登记复查",
                page="results",
                where=task,
                due_on=visit.planned_on,
            )


def _cases(connection: Connection, *, outcomes_public: bool) -> Iterator[Todo]:
    opened = select(CaseFile.result_id)
    unopened = connection.execute(
        select(Result.assignment_id).where(
            Result.conclusion == Conclusion.CASE.value,
            Result.state == ResultState.LOCKED,
            Result.id.not_in(opened),
        )
    ).scalars()
    ids = list(unopened)
    if ids:
        yield Todo(
            when=When.WEEK,
            sentence=f"{len(ids)} 家结论是立案调查，还没有登记立案号",
            detail="立案后登记案号，结案后登记处理结果",
            action="登记立案",
            page="results",
            where=ids[0],
        )
    if not outcomes_public:
        return
    ended = connection.execute(
        select(CaseFile.result_id)
        .join(Result, Result.id == CaseFile.result_id)
        .where(
            CaseFile.ended_on.is_not(None),
            CaseFile.outcome_published_on.is_(None),
            Result.state == ResultState.LOCKED,
        )
    ).scalars()
    for result_id in ended:
        yield Todo(
            when=When.WEEK,
            sentence="有案件已作出处理结果，还没有公示",
            detail="查处结果另行公示",
            action="登记公示",
            page="results",
            where=_task_of(connection, result_id),
        )


def _proposals(connection: Connection) -> Iterator[Todo]:
    found = followups.proposals(connection, state=ProposalState.OPEN)
    if found:
        names = "、".join(dict.fromkeys(each.target_name for each in found[:_NAMES]))
        yield Todo(
            when=When.WEEK,
            sentence=f"{len(found)} 条频次和信用建议等待决定",
            detail=names,
            action="去决定",
            page="results",
            where=_task_of(connection, found[0].result_id),
        )


def _task_of(connection: Connection, result_id: int) -> int | None:
    return connection.execute(
        select(Result.assignment_id).where(Result.id == result_id)
    ).scalar_one_or_none()
