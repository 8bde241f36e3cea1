"""待办 from a draw to its visits: notices, approvals, who goes, what is near its day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, exists, select, text

from app.db.read import courses, formality
from app.db.read.tasks import Progress, TaskRow
from app.domain.course import TaskState
from app.domain.desk import Morning, TheseRows, Todo, When, day_in_words
from app.domain.formalities import Demand
from app.models import Attachment, Draw, DrawState, Inspector

__all__ = ["LateAfter", "by_due", "chores"]

LateAfter = Callable[[TaskRow], date]
"""The last day on which a task is not late yet."""

_SOON = timedelta(days=7)
_REMEMBERED = timedelta(days=180)
"""How long an old draw is still asked after."""
_EXPIRES_WITHIN = timedelta(days=30)


def chores(
    connection: Connection, tasks: tuple[TaskRow, ...], morning: Morning, late_after: LateAfter
) -> Iterator[Todo]:
    """Everything that waits before somebody went there; ``tasks``: those not locked yet."""
    today = morning.today
    waiting = [task for task in tasks if task.progress is Progress.OPEN]
    yield from _open_draws(connection)
    yield from _nobody_sent(tasks)
    yield from _to_inspect(tasks, morning, late_after)
    yield from _certificates(connection, today)
    yield from _after_draw(connection, waiting, today)
    yield from _approvals(connection, waiting, today)
    yield from _postponed(connection, waiting, morning)


def by_due(
    tasks: tuple[TaskRow, ...], wanted: set[Progress]
) -> Iterator[tuple[date, list[TaskRow]]]:
    """The tasks that stand at one of ``wanted``, by the day they are due."""
    by_day: dict[date, list[TaskRow]] = {}
    for task in tasks:
        if task.progress in wanted:
            by_day.setdefault(task.due_on, []).append(task)
    yield from sorted(by_day.items())


def _by_draw(tasks: Sequence[TaskRow]) -> Iterator[tuple[str, list[TaskRow]]]:
    """The tasks draw by draw, as the page shows them; it is said which, if there are several."""
    found: dict[str, list[TaskRow]] = {}
    for task in tasks:
        found.setdefault(task.draw_no, []).append(task)
    for no, rows in found.items():
        yield (f"抽取 {no}：" if len(found) > 1 else ""), rows


def _shown(tasks: Sequence[TaskRow], words: str) -> TheseRows:
    return TheseRows(tuple(task.id for task in tasks), words)


def _open_draws(connection: Connection) -> Iterator[Todo]:
    rows = connection.execute(
        select(Draw.no, Draw.state).where(
            Draw.state.in_([DrawState.FROZEN, DrawState.COMMITTED]), Draw.rehearsal.is_(False)
        )
    )
    for row in rows:
        frozen = row.state is DrawState.FROZEN
        yield Todo(
            when=When.TODAY,
            sentence=f"抽取 {row.no} 还没有完成",
            detail="名单已封存，还没有出承诺单" if frozen else "承诺单已出，等待开号",
            action="继续",
            page="plan",
            where=row.no,
        )


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
                where=_shown(unnotified, "还没有印发通知单"),
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


def _certificates(connection: Connection, today: date) -> Iterator[Todo]:
    rows = connection.execute(
        select(Inspector.id, Inspector.name, Inspector.cert_valid_to)
        .where(
            Inspector.state == "on_duty",
            Inspector.cert_valid_to.is_not(None),
            Inspector.cert_valid_to <= today + _EXPIRES_WITHIN,
        )
        .order_by(Inspector.cert_valid_to)
    ).all()
    expired = [row for row in rows if row.cert_valid_to < today]
    soon = [row for row in rows if row.cert_valid_to >= today]
    for group, words in ((expired, "已过期"), (soon, "快到期")):
        if not group:
            continue
        first = group[0].cert_valid_to
        yield Todo(
            when=When.OVERDUE if group is expired else When.WEEK,
            sentence=f"{len(group)} 人的执法证{words}，最早 {day_in_words(first)}",
            detail="、".join(row.name for row in group[:6]) + " · 过期的不能参加抽取和检查",
            action="看人员",
            page="inspectors",
            where=TheseRows(tuple(row.id for row in group), f"执法证{words}"),
            due_on=first,
        )


def _approvals(connection: Connection, waiting: list[TaskRow], today: date) -> Iterator[Todo]:
    if formality.layer(connection).approval is Demand.OFF:
        return
    approved = formality.approved_ids(connection)
    lacking = [t for t in waiting if t.id not in approved and t.due_on <= today + 4 * _SOON]
    for of_draw, rows in _by_draw(lacking):
        yield Todo(
            when=When.WEEK,
            sentence=f"{of_draw}{len(rows)} 家还没有登记检查审批",
            detail="检查前由负责人审批；紧急的可以补办",
            action="去审批",
            page="teams",
            where=_shown(rows, "还没有登记检查审批"),
        )


def _nobody_sent(tasks: tuple[TaskRow, ...]) -> Iterator[Todo]:
    lonely = [task for task in tasks if task.lead_id is None or task.second_id is None]
    for of_draw, rows in _by_draw(lonely):
        yield Todo(
            when=When.TODAY,
            sentence=f"{of_draw}{len(rows)} 家不足两名检查人员",
            detail="、".join(task.serial for task in rows[:6]),
            action="看派单",
            page="teams",
            where=_shown(rows, "不足两名检查人员"),
        )


def _to_inspect(
    tasks: tuple[TaskRow, ...], morning: Morning, late_after: LateAfter
) -> Iterator[Todo]:
    for due, waiting in by_due(tasks, {Progress.OPEN}):
        when = morning.when(due, late_after=late_after(waiting[0]))
        if when is None:
            continue
        for of_draw, rows in _by_draw(waiting):
            teams = Counter(task.team for task in rows if task.team_no is not None)
            counted = "、".join(f"{team} {count} 家" for team, count in teams.most_common(4))
            yield Todo(
                when=when,
                sentence=f"{of_draw}{len(rows)} 家尚未检查，{morning.left_in_words(due)}",
                detail=counted or rows[0].due_basis,
                action="看派单",
                page="teams",
                where=_shown(rows, f"尚未检查，期限 {morning.day(due)}"),
                due_on=due,
            )


def _postponed(connection: Connection, waiting: list[TaskRow], morning: Morning) -> Iterator[Todo]:
    found = courses.postponed(connection)
    for task in waiting:
        if task.id not in found:
            continue
        until, reason = found[task.id]
        when = morning.when(until)
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
