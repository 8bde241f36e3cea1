"""One task — target × draw — as it stands: who goes, when it is due, how far its result is.

The lists of assignments, results and publications and the desk all read these rows.  A task's
result is the one that is not voided: after a correction the old one stays voided and visible in
the history, and the task waits for its new inspection.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from app.db.read.sites import site_words
from app.domain.course import TaskState
from app.domain.inspection import Conclusion, ResultState
from app.domain.namesakes import with_site
from app.domain.rd1 import flags as flag_words
from app.models import (
    Assignment,
    Draw,
    DrawState,
    Inspector,
    Publication,
    Rectification,
    Result,
    ResultItem,
    Target,
    TaskStep,
)

__all__ = [
    "VOIDED_BEFORE",
    "Progress",
    "TaskRow",
    "code_of",
    "in_draws",
    "page_of",
    "read_tasks",
    "tasks_counted",
    "tasks_ever",
    "tasks_of",
    "with_progress",
]

_LEAD = aliased(Inspector, name="lead")
_SECOND = aliased(Inspector, name="second")
_JOINED = aliased(Assignment, name="joined")
_JOINED_DRAW = aliased(Draw, name="joined_draw")


class Progress(enum.Enum):
    """How far a task is, in the order in which a person works them off."""

    RETURNED = "returned"
    TO_ENTER = "to_enter"  # inspected, nothing typed yet
    ENTERING = "entering"
    SUBMITTED = "submitted"
    LOCKED = "locked"
    OPEN = "open"  # not inspected: the target is secret

    @property
    def label(self) -> str:
        """Word for a person."""
        return {
            "returned": "退回",
            "to_enter": "待录入",
            "entering": "录入中",
            "submitted": "待复核",
            "locked": "已锁定",
            "open": "未检查",
        }[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """One assignment with its result and publication; ``id`` is the assignment's.

    ``target_code`` is the code a person knows (permit, USCC, registration or local number).
    ``recorded``: the state its last step on record led to (``read.courses`` tells older tasks'
    too); ``postponed_until``: the new day while it is put off.
    ``replaced_by``: serial of the task that took its place; ``former``: who was taken out of it.
    """

    id: int
    draw_id: int
    draw_no: str
    period: str
    serial: str
    team_no: int | None
    target_id: int
    target_name: str
    target_code: str
    category: str
    lead_id: int | None
    lead: str
    second_id: int | None
    second: str
    flags: str
    due_on: date
    due_basis: str
    result_id: int | None
    state: ResultState | None
    untouched: bool
    inspected_on: date | None
    conclusion: Conclusion | None
    rectify_by: date | None
    entered_by: str
    submitted_at: datetime | None
    return_reason: str
    returned_at: datetime | None
    published_on: date | None
    rectified_on: date | None
    joined: str = ""  # the task it shares its visit with: number and serial
    task_no: str = ""  # the platform's
    plan_no: str = ""  # the platform's
    recorded: TaskState | None = None
    postponed_until: date | None = None
    replaced_by: str = ""
    former: tuple[str, ...] = ()
    along: tuple[str, ...] = ()  # departments' inspectors and experts who come along
    site: str = ""  # where it is, if another target bears its name
    sent_back: str = ""  # what the platform said of its result or task, where a list asks for it
    again: bool = False  # its result was voided and nothing is typed anew: it was named before

    @property
    def shown_name(self) -> str:
        """The name, with the place where another target bears the same."""
        return with_site(self.target_name, self.site)

    @property
    def progress(self) -> Progress:
        """Where the task stands."""
        if self.state is None:
            return Progress.OPEN
        if self.state is ResultState.DRAFT:
            return Progress.TO_ENTER if self.untouched else Progress.ENTERING
        return Progress(self.state.value)

    @property
    def team(self) -> str:
        """第 3 组, or the two names where each target has a pair of its own."""
        return f"第 {self.team_no} 组" if self.team_no is not None else self.people

    @property
    def people(self) -> str:
        """The two names, lead first; empty places say so."""
        return "、".join(name for name in (self.lead, self.second) if name) or "无人可派"

    @property
    def flags_in_words(self) -> tuple[str, ...]:
        """RD1 §4's flags as words, and what else to know before going."""
        words = flag_words.in_words(self.flags)
        return (*words, f"与 {self.joined} 合并为一次检查") if self.joined else words

    @property
    def remarks(self) -> tuple[str, ...]:
        """The flags, and that the inspection was put off."""
        if self.postponed_until is None:
            return self.flags_in_words
        return (*self.flags_in_words, f"延期至 {self.postponed_until}")


_LAST_STEP = (
    select(TaskStep.id)
    .where(TaskStep.assignment_id == Assignment.id)
    .order_by(TaskStep.position.desc())
    .limit(1)
    .correlate(Assignment)
    .scalar_subquery()
)
_AFTER = aliased(Assignment, name="after")
_VOIDED = aliased(Result, name="voided")
VOIDED_BEFORE = (
    select(_VOIDED.id)
    .where(_VOIDED.assignment_id == Assignment.id, _VOIDED.state == ResultState.VOIDED)
    .correlate(Assignment)
    .exists()
)
"""Whether a result of the task was voided by a correction."""
_TOUCHED = exists().where(ResultItem.result_id == Result.id, ResultItem.outcome.is_not(None))
# Any: typed selects end at ten columns.
_COLUMNS: tuple[Any, ...] = (
    Assignment.id,
    Assignment.draw_id,
    Draw.no.label("draw_no"),
    Draw.period,
    Assignment.serial,
    Assignment.team_no,
    Assignment.target_id,
    Target.name.label("target_name"),
    Target.permit_no,
    Target.uscc,
    Target.reg_no,
    Target.local_no,
    Assignment.category,
    Assignment.lead_id,
    _LEAD.name.label("lead"),
    Assignment.second_id,
    _SECOND.name.label("second"),
    Assignment.flags,
    Assignment.due_on,
    Assignment.due_basis,
    Result.id.label("result_id"),
    Result.state,
    _TOUCHED.label("touched"),
    Result.finding,
    Result.inspected_on,
    Result.conclusion,
    Result.rectify_by,
    Result.entered_by,
    Result.submitted_at,
    Result.return_reason,
    Result.returned_at,
    Publication.published_on,
    Rectification.completed_on.label("rectified_on"),
    _JOINED.serial.label("joined_serial"),
    _JOINED_DRAW.no.label("joined_no"),
    Assignment.task_no,
    Draw.plan_no,
    TaskStep.state.label("recorded"),
    TaskStep.until.label("until"),
    _AFTER.serial.label("replaced_by"),
    VOIDED_BEFORE.label("voided_before"),
)


def tasks_of() -> Select[Any]:
    """Every task in force of a closed draw that was no rehearsal, with all a ``TaskRow`` needs."""
    # A target that was substituted is nobody's task any more.
    return tasks_ever().where(Assignment.replaced_by_id.is_(None))


def tasks_counted() -> Select[Any]:
    """The same with those that were replaced after somebody had been there and found nobody.

    Closed, moved or refused on site is done: its locked result is reported, published and filed,
    and the visit is in somebody's load, though an alternate has the place now.
    """
    return tasks_ever().where(
        or_(Assignment.replaced_by_id.is_(None), Result.state == ResultState.LOCKED)
    )


def tasks_ever() -> Select[Any]:
    """The same with those whose target was substituted: they stay visible for ever."""
    return (
        select(
            *_COLUMNS,
        )
        .join(Draw, Draw.id == Assignment.draw_id)
        .join(Target, Target.id == Assignment.target_id)
        .outerjoin(_LEAD, _LEAD.id == Assignment.lead_id)
        .outerjoin(_SECOND, _SECOND.id == Assignment.second_id)
        .outerjoin(_JOINED, _JOINED.id == Assignment.visit_id)
        .outerjoin(_JOINED_DRAW, _JOINED_DRAW.id == _JOINED.draw_id)
        .outerjoin(_AFTER, _AFTER.id == Assignment.replaced_by_id)
        .outerjoin(
            Result,
            and_(Result.assignment_id == Assignment.id, Result.state != ResultState.VOIDED),
        )
        .outerjoin(Publication, Publication.result_id == Result.id)
        .outerjoin(Rectification, Rectification.result_id == Result.id)
        .outerjoin(TaskStep, TaskStep.id == _LAST_STEP)
        .where(
            Draw.state == DrawState.CLOSED,
            Draw.rehearsal.is_(False),
        )
    )


def in_draws(
    statement: Select[Any], *, period: str = "", draw_no: str = "", search: str = ""
) -> Select[Any]:
    """Narrow to a period, a draw, and what was typed into the search box (name, code, initials)."""
    if period:
        statement = statement.where(Draw.period == period)
    if draw_no:
        statement = statement.where(Draw.no == draw_no)
    for word in search.lower().split():
        statement = statement.where(
            or_(
                Target.search.contains(word, autoescape=True),
                Assignment.serial.contains(word.upper(), autoescape=True),
                _LEAD.name.contains(word, autoescape=True),
                _SECOND.name.contains(word, autoescape=True),
            )
        )
    return statement


def with_progress(statement: Select[Any], wanted: frozenset[Progress]) -> Select[Any]:
    """Narrow to tasks that stand at one of ``wanted`` (empty: all)."""
    if not wanted:
        return statement
    states = [ResultState(each.value) for each in wanted if each.value in _STATE_VALUES]
    drafts = wanted & {Progress.TO_ENTER, Progress.ENTERING}
    conditions: list[ColumnElement[bool]] = [Result.state.in_(states)]
    if Progress.OPEN in wanted:
        conditions.append(Result.id.is_(None))
    if drafts:
        typed = or_(
            Result.conclusion != "",
            Result.finding != "",
            _TOUCHED,
        )
        draft = Result.state == ResultState.DRAFT
        if Progress.TO_ENTER in drafts:
            conditions.append(and_(draft, ~typed))
        if Progress.ENTERING in drafts:
            conditions.append(and_(draft, typed))
    return statement.where(or_(*conditions))


_STATE_VALUES = frozenset(state.value for state in ResultState)


def read_tasks(connection: Connection, statement: Select[Any]) -> tuple[TaskRow, ...]:
    """Run a statement made of the above; its order is kept."""
    rows = connection.execute(statement).all()
    sites = site_words(connection, (row.target_id for row in rows))
    return tuple(_task(row, sites.get(row.target_id, "")) for row in rows)


def code_of(row: Any) -> str:
    """The code a person knows a target by; empty if it has none."""
    return str(row.permit_no or row.uscc or row.reg_no or row.local_no)


def _task(row: Any, site: str) -> TaskRow:
    typed = bool(row.touched or row.conclusion or row.finding)
    return TaskRow(
        id=row.id,
        draw_id=row.draw_id,
        draw_no=row.draw_no,
        period=row.period,
        serial=row.serial,
        team_no=row.team_no,
        target_id=row.target_id,
        target_name=row.target_name,
        target_code=code_of(row),
        category=row.category,
        lead_id=row.lead_id,
        lead=row.lead or "",
        second_id=row.second_id,
        second=row.second or "",
        flags=row.flags,
        due_on=row.due_on,
        due_basis=row.due_basis,
        result_id=row.result_id,
        state=row.state,
        untouched=not typed,
        inspected_on=row.inspected_on,
        conclusion=Conclusion(row.conclusion) if row.conclusion else None,
        rectify_by=row.rectify_by,
        entered_by=row.entered_by or "",
        submitted_at=row.submitted_at,
        return_reason=row.return_reason or "",
        returned_at=row.returned_at,
        published_on=row.published_on,
        rectified_on=row.rectified_on,
        joined=f"{row.joined_no} {row.joined_serial}" if row.joined_no else "",
        task_no=row.task_no,
        plan_no=row.plan_no,
        recorded=row.recorded,
        postponed_until=row.until if row.recorded is TaskState.POSTPONED else None,
        replaced_by=row.replaced_by or "",
        site=site,
        again=row.state is None and bool(row.voided_before),
    )


def page_of(statement: Select[Any], ids: Sequence[int]) -> Select[Any]:
    """Only the tasks with these assignment ids (a page of a list)."""
    return statement.where(Assignment.id.in_(list(ids)))
