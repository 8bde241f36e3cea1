"""待办 from the visit to the closed file: typing, review, publication, what follows a result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from sqlalchemy import Connection, select

from app.db.read import corrections, followups
from app.db.read.chores_before import LateAfter, by_due
from app.db.read.followups import OpenRectification
from app.db.read.publications import PublicationBoard
from app.db.read.tasks import Progress, TaskRow
from app.domain.consequences import ProposalState, RectifyStep
from app.domain.correction import CorrectionRules, next_station
from app.domain.deadlines import Deadline
from app.domain.desk import Todo, When, day_in_words, when_due
from app.domain.inspection import Conclusion, ResultState
from app.models import CaseFile, Result

__all__ = ["chores", "follow_ups"]

_LATE_RECEIPT = 10
_NAMES = 4


def chores(
    tasks: tuple[TaskRow, ...], board: PublicationBoard, today: date, late_after: LateAfter
) -> Iterator[Todo]:
    """What results wait for; ``tasks``: those not locked yet."""
    yield from _returned(tasks, today)
    yield from _in_review(tasks, today)
    yield from _to_enter(tasks, today, late_after)
    yield from _to_publish(board, today)


def follow_ups(
    connection: Connection,
    to_rectify: Iterable[OpenRectification],
    rules: CorrectionRules,
    today: date,
    *,
    outcomes_public: bool,
) -> Iterator[Todo]:
    """What followed from locked results and is not over."""
    yield from _rectifications(to_rectify, today)
    yield from _corrections(connection, rules)
    yield from _referrals(connection, today)
    yield from _visits(connection, today)
    yield from _cases(connection, outcomes_public=outcomes_public)
    yield from _proposals(connection)


def _to_enter(tasks: tuple[TaskRow, ...], today: date, late_after: LateAfter) -> Iterator[Todo]:
    typing = {Progress.TO_ENTER, Progress.ENTERING}
    for due, waiting in by_due(tasks, typing):
        yield Todo(
            # Inspected and not typed in is this week's work, however far the day.
            when=when_due(due, today, late_after=late_after(waiting[0])) or When.WEEK,
            sentence=f"{len(waiting)} 家已检查，结果应在 {day_in_words(due)}前录入",
            detail=waiting[0].due_basis,
            action="去录入",
            page="results",
            where=waiting[0].id,
            due_on=due,
        )


def _returned(tasks: tuple[TaskRow, ...], today: date) -> Iterator[Todo]:
    for task in tasks:
        if task.progress is not Progress.RETURNED:
            continue
        since = (today - _day(task.returned_at, today)).days
        yield Todo(
            when=When.OVERDUE if since > 0 else When.TODAY,
            sentence=f"{task.serial} 的检查结果退回后"
            + (f" {since} 天没有修改" if since > 0 else "等待修改"),
            detail=f"复核意见：{task.return_reason}",
            action="去修改",
            page="results",
            where=task.id,
            due_on=task.due_on,
        )


def _in_review(tasks: tuple[TaskRow, ...], today: date) -> Iterator[Todo]:
    waiting = [task for task in tasks if task.progress is Progress.SUBMITTED]
    if not waiting:
        return
    names = "、".join(dict.fromkeys(task.entered_by for task in waiting if task.entered_by))
    newest = max(_day(task.submitted_at, today) for task in waiting)
    yield Todo(
        when=When.TODAY,
        sentence=f"{len(waiting)} 份检查结果等待复核",
        detail=f"{names}提交 · 最近 {day_in_words(newest)}",
        action="去复核",
        page="results",
        where=waiting[0].id,
    )


def _to_publish(board: PublicationBoard, today: date) -> Iterator[Todo]:
    late = [row for row in board.due if row.due is not None and row.due.is_overdue(today)]
    rest = [row for row in board.due if row not in late]
    if late:
        exact = any(row.due is not None and row.due.exact for row in late)
        yield Todo(
            # A text that only says 及时 sets no day: nobody is late, everybody is reminded.
            when=When.OVERDUE if exact else When.TODAY,
            sentence=f"{len(late)} 份已锁定的结果过了公示{'期限' if exact else '提醒日'}",
            detail=f"最早应在 {_due_words(late[0].due)}",
            action="去公示",
            page="publication",
            where="due",
            due_on=late[0].due.due_on if late[0].due else None,
        )
    if rest:
        yield Todo(
            when=When.WEEK,
            sentence=f"{len(rest)} 份已锁定的结果可以公示",
            detail=f"最早应在 {_due_words(rest[0].due)}" if rest[0].due else "复核完毕，可以公示",
            action="去公示",
            page="publication",
            where="due",
            due_on=rest[0].due.due_on if rest[0].due else None,
        )


def _due_words(due: Deadline | None) -> str:
    if due is None:
        return ""
    return f"{day_in_words(due.due_on)}前公示 · {due.basis(due.article)}"


def _rectifications(found: Iterable[OpenRectification], today: date) -> Iterator[Todo]:
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


def _day(at: datetime | None, otherwise: date) -> date:
    return at.astimezone().date() if at else otherwise
