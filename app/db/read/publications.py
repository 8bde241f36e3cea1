"""公示: what is embargoed (as a number), what is due, what was published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, or_, select

from app.db.read.items import name_in_result
from app.db.read.tasks import Progress, TaskRow, in_draws, read_tasks, tasks_counted
from app.domain import publicity
from app.domain.deadlines import Deadline
from app.domain.inspection import Conclusion, ItemOutcome, ResultState
from app.domain.periods import Period, Span
from app.domain.rulebook import Rulebook
from app.models import (
    Assignment,
    Draw,
    Exemption,
    InspectionItem,
    Publication,
    Result,
    ResultItem,
    Withdrawal,
)

__all__ = [
    "PublicLine",
    "PublicationBoard",
    "PublicationRow",
    "board",
    "exemptions",
    "public_lines",
    "published",
]

PublishBy = Callable[[date, Period], Deadline | None]
"""By when an inspection of this day, of this period, must be published; None if no rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationRow:
    """One locked result; ``id`` is the result's. ``wording`` empty: not published as such."""

    id: int
    task: TaskRow
    wording: str
    due: Deadline | None
    published_on: date | None
    exempt: str = ""  # why it was decided to keep it back

    @property
    def serial(self) -> str:
        """The public number."""
        return self.task.serial


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationBoard:
    """The left side of 公示与上报. Targets not yet inspected and locked are numbers only."""

    not_inspected: int
    in_review: int
    due: tuple[PublicationRow, ...]
    published: tuple[PublicationRow, ...]
    exempt: tuple[PublicationRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicLine:
    """One line of the 公示表, all of it public."""

    result_id: int
    draw_no: str
    serial: str
    category: str
    name: str
    code: str
    content: str
    inspected_on: date
    wording: str
    published_on: date | None
    plan_no: str = ""
    task_no: str = ""


def board(
    connection: Connection, rulebook: Rulebook, publish_by: PublishBy, *, period: str = ""
) -> PublicationBoard:
    """Everything about publishing a period (all periods if empty), due ones by day due."""
    tasks = read_tasks(
        connection,
        in_draws(tasks_counted(), period=period).order_by(Assignment.due_on, Assignment.id),
    )
    kept = exemptions(connection)
    locked = [
        replace(_as_row(task, rulebook, publish_by), exempt=kept.get(task.result_id or 0, ""))
        for task in tasks
        if task.progress is Progress.LOCKED
    ]
    waiting = [row for row in locked if row.published_on is None]
    return PublicationBoard(
        not_inspected=sum(1 for task in tasks if task.progress is Progress.OPEN),
        in_review=sum(1 for task in tasks if task.progress not in {Progress.OPEN, Progress.LOCKED}),
        due=tuple(sorted((row for row in waiting if row.wording and not row.exempt), key=_by_due)),
        published=tuple(row for row in locked if row.published_on is not None),
        exempt=tuple(row for row in waiting if row.exempt or not row.wording),
    )


def public_lines(
    connection: Connection,
    rulebook: Rulebook,
    *,
    period: str = "",
    draw_no: str = "",
    results: Sequence[int] | None = None,
) -> tuple[PublicLine, ...]:
    """Lines that may be public: inspected, locked, with a public wording — never another one."""
    statement = in_draws(tasks_counted(), period=period, draw_no=draw_no).where(
        Result.state == ResultState.LOCKED
    )
    if results is not None:
        statement = statement.where(Result.id.in_(list(results)))
    kept = exemptions(connection)
    found = read_tasks(connection, statement.order_by(Draw.seq, Assignment.id))
    tasks = [task for task in found if task.result_id not in kept]
    contents = _contents(connection, [task.result_id for task in tasks if task.result_id])
    lines = []
    for task in tasks:
        wording = _wording(rulebook, task.conclusion)
        if task.result_id is None or task.inspected_on is None or not wording:
            continue
        lines.append(
            PublicLine(
                result_id=task.result_id,
                draw_no=task.draw_no,
                serial=task.serial,
                category=task.category,
                name=task.shown_name,
                code=task.target_code,
                content="、".join(contents.get(task.result_id, ())),
                inspected_on=task.inspected_on,
                wording=wording,
                published_on=task.published_on,
                plan_no=task.plan_no,
                task_no=task.task_no,
            )
        )
    return tuple(lines)


def exemptions(connection: Connection) -> dict[int, str]:
    """Why a result stays out, in words, by result id."""
    rows = connection.execute(select(Exemption.result_id, Exemption.kind, Exemption.reason))
    return {row.result_id: f"{row.kind.label}：{row.reason}" for row in rows}


def published(connection: Connection, period: str) -> dict[int, bool]:
    """Results of a period, or of all of a year, that are or were public: whether each is so now."""
    whole = Period.parse(period).span is Span.YEAR
    of_period = (
        select(Result.id)
        .join(Assignment, Assignment.id == Result.assignment_id)
        .join(Draw, Draw.id == Assignment.draw_id)
        .where(Draw.period.startswith(period) if whole else Draw.period == period)
    )
    before = of_period.where(Result.id.in_(select(Withdrawal.result_id)))
    now = of_period.where(Result.id.in_(select(Publication.result_id)))
    found = dict.fromkeys(connection.execute(before).scalars(), False)
    return found | dict.fromkeys(connection.execute(now).scalars(), True)


def _contents(connection: Connection, results: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = connection.execute(
        select(ResultItem.result_id, name_in_result())
        .join(InspectionItem, InspectionItem.id == ResultItem.item_id)
        .where(
            ResultItem.result_id.in_(list(results)),
            # 检查内容 is what was looked at: an item that does not apply was not.
            or_(
                ResultItem.outcome.is_(None),
                ResultItem.outcome != ItemOutcome.NOT_APPLICABLE,
            ),
        )
        .order_by(ResultItem.result_id, ResultItem.position)
    )
    for row in rows:
        found.setdefault(row.result_id, []).append(row.name)
    return found


def _as_row(task: TaskRow, rulebook: Rulebook, publish_by: PublishBy) -> PublicationRow:
    wording = _wording(rulebook, task.conclusion)
    due = None
    if task.inspected_on is not None and wording:
        due = publish_by(task.inspected_on, Period.parse(task.period))
    return PublicationRow(
        id=task.result_id or 0,
        task=task,
        wording=wording,
        due=due,
        published_on=task.published_on,
    )


def _wording(rulebook: Rulebook, conclusion: Conclusion | None) -> str:
    return "" if conclusion is None else publicity.public_wording(rulebook, conclusion)


def _by_due(row: PublicationRow) -> tuple[date, str, int]:
    return (row.due.due_on if row.due else date.max, row.task.draw_no, row.task.id)
