"""待办 from the visit to the closed file: typing, review, publication, what follows a result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from sqlalchemy import Connection, select

from app.db.read import corrections, followups, public_matters, publications
from app.db.read.chores_before import LateAfter, by_due
from app.db.read.followups import OpenRectification, ProposalRow
from app.db.read.publications import PublicationBoard, PublicationRow
from app.db.read.tasks import Progress, TaskRow
from app.domain.consequences import ProposalState, RectifyStep
from app.domain.correction import CorrectionRules, next_station
from app.domain.deadlines import Deadline
from app.domain.desk import Morning, TheseRows, Todo, When, day_in_words
from app.domain.inspection import Conclusion, ResultState
from app.models import CaseFile, Result

__all__ = ["chores", "follow_ups"]

_LATE_RECEIPT = 10
_NAMES = 4
_ONE_BY_ONE = 5


def chores(
    tasks: tuple[TaskRow, ...], board: PublicationBoard, morning: Morning, late_after: LateAfter
) -> Iterator[Todo]:
    """What results wait for; ``tasks``: those not locked yet."""
    yield from _returned(tasks, morning.today)
    yield from _in_review(tasks, morning.today)
    yield from _to_enter(tasks, morning, late_after)
    yield from _to_publish(board, morning)


def follow_ups(
    connection: Connection,
    to_rectify: Iterable[OpenRectification],
    rules: CorrectionRules,
    morning: Morning,
    *,
    outcomes_public: bool,
) -> Iterator[Todo]:
    """What followed from locked results and is not over."""
    yield from _rectifications(to_rectify, morning)
    yield from _reviews(connection)
    yield from _corrections(connection, rules)
    yield from _referrals(connection, morning.today)
    yield from _visits(connection, morning)
    yield from _cases(connection, outcomes_public=outcomes_public)
    yield from _proposals(connection)


def _to_enter(
    tasks: tuple[TaskRow, ...], morning: Morning, late_after: LateAfter
) -> Iterator[Todo]:
    typing = {Progress.TO_ENTER, Progress.ENTERING}
    for due, waiting in by_due(tasks, typing):
        yield Todo(
            # Inspected and not typed in is this week's work, however far the day.
            when=morning.when(due, late_after=late_after(waiting[0])) or When.WEEK,
            sentence=f"{len(waiting)} 家已检查，结果应在 {morning.day(due)}前录入",
            detail=waiting[0].due_basis,
            action="去录入",
            page="results",
            where=TheseRows(tuple(task.id for task in waiting), f"应在 {morning.day(due)}前录入"),
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
        where=TheseRows(tuple(task.id for task in waiting), "等待复核"),
    )


def _to_publish(board: PublicationBoard, morning: Morning) -> Iterator[Todo]:
    groups: dict[tuple[When, bool], list[PublicationRow]] = {}
    for row in board.due:
        past = row.due is not None and row.due.is_overdue(morning.today)
        groups.setdefault((_publish_when(row.due, morning), past), []).append(row)
    for (when, past), rows in groups.items():
        due = min((row.due for row in rows if row.due), key=lambda due: due.due_on, default=None)
        words = "今天要公示" if when is When.TODAY else "可以公示"
        if past:
            words = f"过了公示{'期限' if when is When.OVERDUE else '提醒日'}"
        yield Todo(
            when=when,
            sentence=f"{len(rows)} 份已锁定的结果{words}",
            detail=f"最早应在 {_due_words(due, morning)}" if due else "复核完毕，可以公示",
            action="去公示",
            page="publication",
            where="due",
            due_on=due.due_on if due else None,
        )


def _publish_when(due: Deadline | None, morning: Morning) -> When:
    """A text that only says 及时 sets no day: nobody is late, everybody is reminded."""
    when = None if due is None else morning.when(due.due_on)
    if when is When.OVERDUE and due is not None and not due.exact:
        return When.TODAY
    return when or When.WEEK


def _due_words(due: Deadline, morning: Morning) -> str:
    return f"{morning.day(due.due_on)}前公示 · {due.basis(due.article)}"


def _rectifications(found: Iterable[OpenRectification], morning: Morning) -> Iterator[Todo]:
    """The nearest rectifications that are due one by one, the rest of each group together."""
    due: dict[When, list[tuple[date, OpenRectification]]] = {}
    for each in found:
        when = morning.when(each.due) if each.due else None
        if each.due is not None and when is not None:
            due.setdefault(when, []).append((each.due, each))
    for when, rows in due.items():
        rows.sort(key=lambda pair: (pair[0], pair[1].task.serial))
        alone = rows if len(rows) <= _ONE_BY_ONE + 1 else rows[:_ONE_BY_ONE]
        for day, each in alone:
            yield _rectification(each, day, when, morning)
        rest = rows[len(alone) :]
        if rest:
            yield Todo(
                when=when,
                sentence=f"另有 {len(rest)} 家的整改期限"
                + ("已过" if when is When.OVERDUE else "快到")
                + "，还没有整改材料",
                detail=f"最早的期限 {morning.day(rest[0][0])}",
                action="看清单",
                page="desk",
                where="owed",
                due_on=rest[0][0],
            )


def _rectification(each: OpenRectification, due: date, when: When, morning: Morning) -> Todo:
    task, view = each.task, each.view
    days = (morning.today - due).days
    ends = f"已过 {days} 天" if days > 0 else f"是 {morning.day(due)}"
    moved = "延期至" if any(note.until for note in view.notes) else "期限"
    urged = sum(1 for note in view.notes if note.step is RectifyStep.REMINDER)
    facts = [f"{moved} {morning.day(due)}", task.serial, task.team]
    facts += [f"已督办 {urged} 次"] if urged else []
    return Todo(
        when=when,
        sentence=f"{task.shown_name}的整改期限{ends}，还没有整改材料",
        detail=" · ".join(facts),
        action="登记整改",
        page="results",
        where=task.id,
        due_on=due,
    )


def _reviews(connection: Connection) -> Iterator[Todo]:
    """复查申请 that wait for their answer; the text sets no day for it."""
    waiting = [row for row in public_matters.reviews(connection) if row.answered_on is None]
    if waiting:
        first = min(row.received_on for row in waiting)
        yield Todo(
            when=When.TODAY,
            sentence=f"{len(waiting)} 件复查申请等待答复，最早 {day_in_words(first)}收到",
            detail="、".join(dict.fromkeys(row.target for row in waiting[:_NAMES])),
            action="去答复",
            page="publication",
            where="reviews",
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


def _visits(connection: Connection, morning: Morning) -> Iterator[Todo]:
    for visit, name, task in followups.planned_visits(connection):
        when = morning.when(visit.planned_on)
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
            where=TheseRows(tuple(ids), "立案调查，还没有立案号"),
        )
    if not outcomes_public:
        return
    # What is kept back, or not public itself yet, has no second publication to wait for.
    kept = set(publications.exemptions(connection))
    ended = [row for row in public_matters.outcomes(connection, kept) if row.published_on is None]
    if ended:
        names = "、".join(dict.fromkeys(row.name for row in ended[:_NAMES]))
        yield Todo(
            when=When.WEEK,
            sentence=f"{len(ended)} 件案件已作出处理结果，还没有公示",
            detail=f"{names} · 查处结果另行公示",
            action="登记公示",
            page="publication",
            where="outcomes",
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
            where=TheseRows(tuple(_tasks_of(connection, found)), "有建议等待决定"),
        )


def _tasks_of(connection: Connection, found: Iterable[ProposalRow]) -> Iterable[int]:
    """Each task once, in the order of the proposals."""
    wanted = [each.result_id for each in found]
    of_result = {
        row.id: row.assignment_id
        for row in connection.execute(
            select(Result.id, Result.assignment_id).where(Result.id.in_(wanted))
        )
    }
    return dict.fromkeys(of_result[each.result_id] for each in found if each.result_id in of_result)


def _task_of(connection: Connection, result_id: int) -> int | None:
    return connection.execute(
        select(Result.assignment_id).where(Result.id == result_id)
    ).scalar_one_or_none()


def _day(at: datetime | None, otherwise: date) -> date:
    return at.astimezone().date() if at else otherwise
