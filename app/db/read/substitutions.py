"""更换: what substitutions need to know of a draw, and the history they leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select
from sqlalchemy.orm import aliased

from app.db.read.sites import shown_names
from app.domain.approval import ApprovalStep
from app.domain.inspection import GONE, Conclusion, ResultState
from app.models import (
    Assignment,
    ClosingRecord,
    Draw,
    DrawState,
    Inspector,
    Result,
    Substitution,
    Target,
)

__all__ = [
    "ClosedDraw",
    "OpenTask",
    "Scope",
    "SubstitutionRow",
    "addenda",
    "by_redraw",
    "draw",
    "of_draw",
    "register",
    "sender",
    "senders",
    "task_of",
    "tasks",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedDraw:
    """A draw's records; ``state`` is one of DrawState's values."""

    id: int
    no: str
    series: str
    seq: int
    period: str
    rehearsal: bool
    state: str
    plan: bytes
    result: bytes
    result_hash: str
    closed_on: date | None
    facts: dict[str, Any]
    commitment: str
    plan_no: str = ""  # the platform's number of its plan


def draw(connection: Connection, no: str) -> ClosedDraw | None:
    """The draw with this number; None if there is none."""
    row = connection.execute(select(Draw.__table__).where(Draw.no == no)).first()
    if row is None:
        return None
    return ClosedDraw(
        id=row.id,
        no=row.no,
        series=row.series,
        seq=row.seq,
        period=row.period,
        rehearsal=row.rehearsal,
        state=row.state.value,
        plan=row.plan_bytes,
        result=row.result_bytes or b"",
        result_hash=row.result_hash or "",
        closed_on=row.closed_at.astimezone().date() if row.closed_at else None,
        facts=row.facts,
        commitment=row.commitment or "",
        plan_no=row.plan_no,
    )


def addenda(connection: Connection, draw_id: int) -> tuple[bytes, ...]:
    """The addenda of a draw in the order of their numbers."""
    rows = connection.execute(
        select(ClosingRecord.bytes_)
        .where(ClosingRecord.draw_id == draw_id, ClosingRecord.kind == "addendum")
        .order_by(ClosingRecord.position)
    )
    return tuple(row[0] for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """A task in force: idents of target and people, how far its result is.

    ``inspected_on`` None: nobody has been there yet.  ``finding``: what was written there.
    """

    id: int
    serial: str
    target: str
    category: str
    team_no: int | None
    lead: str
    second: str
    state: ResultState | None
    inspected_on: date | None
    conclusion: str = ""
    finding: str = ""

    @property
    def fruitless(self) -> bool:
        """Whether its locked result says that the target is closed or gone (NC 15)."""
        locked = self.state is ResultState.LOCKED and bool(self.conclusion)
        return locked and Conclusion(self.conclusion) in GONE

    @property
    def people(self) -> tuple[str, ...]:
        """Personal numbers, the lead first."""
        return tuple(number for number in (self.lead, self.second) if number)


def tasks(connection: Connection, draw_id: int) -> tuple[OpenTask, ...]:
    """The tasks of a draw that no other has taken the place of, in their order."""
    lead, second = aliased(Inspector), aliased(Inspector)
    rows = connection.execute(
        select(
            Assignment.id,
            Assignment.serial,
            Target.ident,
            Assignment.category,
            Assignment.team_no,
            lead.personal_no.label("lead"),
            second.personal_no.label("second"),
            Result.state,
            Result.inspected_on,
            Result.conclusion,
            Result.finding,
        )
        .join(Target, Target.id == Assignment.target_id)
        .outerjoin(lead, lead.id == Assignment.lead_id)
        .outerjoin(second, second.id == Assignment.second_id)
        .outerjoin(
            Result,
            and_(Result.assignment_id == Assignment.id, Result.state != ResultState.VOIDED),
        )
        .where(
            # Also those whose people this draw gave, later than their targets.
            or_(Assignment.draw_id == draw_id, Assignment.people_draw_id == draw_id),
            Assignment.replaced_by_id.is_(None),
        )
        .order_by(Assignment.id)
    )
    return tuple(
        OpenTask(
            id=row.id,
            serial=row.serial,
            target=row.ident,
            category=row.category,
            team_no=row.team_no,
            lead=row.lead or "",
            second=row.second or "",
            state=row.state,
            inspected_on=row.inspected_on,
            conclusion=row.conclusion or "",
            finding=row.finding or "",
        )
        for row in rows
    )


def task_of(connection: Connection, assignment_id: int) -> tuple[str, OpenTask] | None:
    """The draw's number and the task in force with this id; None if another took its place."""
    row = connection.execute(
        select(Draw.no, Draw.id)
        .join(Assignment, Assignment.draw_id == Draw.id)
        .where(Assignment.id == assignment_id)
    ).first()
    if row is None:
        return None
    found = (task for task in tasks(connection, row.id) if task.id == assignment_id)
    return next(((row.no, task) for task in found), None)


def sender(connection: Connection, no: str, person: str) -> str:
    """Number of the draw that sent a person to tasks of draw ``no``: its own or a later one."""
    found = connection.execute(
        select(_LATER.no)
        .select_from(Assignment)
        .join(Draw, Draw.id == Assignment.draw_id)
        .join(Inspector, Inspector.id.in_([Assignment.lead_id, Assignment.second_id]))
        .join(_LATER, _LATER.id == Assignment.people_draw_id)
        .where(
            Draw.no == no,
            Inspector.personal_no == person,
            Assignment.replaced_by_id.is_(None),
        )
        .order_by(_LATER.id.desc())
        .limit(1)
    ).scalar()
    return found or no


_LATER = aliased(Draw)


def senders(connection: Connection, person: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Draws that sent a person to tasks nobody has been to yet: number and serials, oldest first.

    Rehearsals are left out.
    """
    rows = connection.execute(
        select(Draw.no, Assignment.serial)
        .select_from(Assignment)
        .join(Draw, Draw.id == func.coalesce(Assignment.people_draw_id, Assignment.draw_id))
        .join(Inspector, Inspector.id.in_([Assignment.lead_id, Assignment.second_id]))
        .outerjoin(
            Result,
            and_(Result.assignment_id == Assignment.id, Result.state != ResultState.VOIDED),
        )
        .where(
            Inspector.personal_no == person,
            Draw.state == DrawState.CLOSED,
            Draw.rehearsal.is_(False),
            Assignment.replaced_by_id.is_(None),
            Result.inspected_on.is_(None),
        )
        .order_by(Draw.id, Assignment.id)
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.no, []).append(row.serial)
    return tuple((no, tuple(serials)) for no, serials in found.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstitutionRow:
    """One substitution as a person reads it; names may be sealed like the draw's.

    ``number``, ``hash``: of the addendum; for a redraw they are empty and ``redraw_no`` and
    ``redraw_state`` say which draw it was.  ``in_id`` is empty while that is not closed.
    ``serials``: the tasks it changed, as they were called then.
    """

    id: int
    draw_no: str
    number: int | None
    hash: str
    kind: str
    policy: str
    out_id: str
    out_name: str
    in_id: str
    in_name: str
    for_id: str
    for_name: str
    reason_code: str
    reason: str
    approved_name: str
    approved_post: str
    steps: tuple[ApprovalStep, ...]
    on: date
    by: str
    at: datetime
    period: str
    rehearsal: bool
    serials: tuple[str, ...]
    assignment_ids: tuple[int, ...]
    redraw_no: str
    redraw_state: str


def of_draw(connection: Connection, no: str) -> tuple[SubstitutionRow, ...]:
    """Every substitution after draw ``no``, oldest first."""
    return _rows(connection, Draw.no == no)


def by_redraw(connection: Connection, redraw_no: str) -> tuple[SubstitutionRow, ...]:
    """The substitutions draw ``redraw_no`` is made for, one per target; none of a usual draw."""
    redraw_id = select(Draw.id).where(Draw.no == redraw_no).scalar_subquery()
    return _rows(connection, Substitution.redraw_id == redraw_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Of one draw, of one period's draws, or (both empty) of all."""

    draw_no: str = ""
    period: str = ""


def register(connection: Connection, scope: Scope) -> tuple[SubstitutionRow, ...]:
    """更换记录: every substitution in scope, newest first."""
    conditions: list[ColumnElement[bool]] = []
    if scope.draw_no:
        conditions.append(Draw.no == scope.draw_no)
    if scope.period:
        conditions.append(Draw.period == scope.period)
    return tuple(reversed(_rows(connection, *conditions)))


def _rows(connection: Connection, *conditions: ColumnElement[bool]) -> tuple[SubstitutionRow, ...]:
    out_target, in_target, for_target = aliased(Target), aliased(Target), aliased(Target)
    out_person, in_person = aliased(Inspector), aliased(Inspector)
    redraw = aliased(Draw)
    columns: tuple[Any, ...] = (
        Substitution.__table__,
        Draw.no.label("draw_no"),
        Draw.period,
        Draw.rehearsal,
        ClosingRecord.hash,
        out_target.ident.label("out_ident"),
        out_target.name.label("out_target"),
        in_target.ident.label("in_ident"),
        in_target.name.label("in_target"),
        for_target.ident.label("for_ident"),
        for_target.name.label("for_name"),
        out_person.personal_no.label("out_no"),
        out_person.name.label("out_person"),
        in_person.personal_no.label("in_no"),
        in_person.name.label("in_person"),
        redraw.no.label("redraw_no"),
        redraw.state.label("redraw_state"),
    )
    rows = connection.execute(
        select(*columns)
        .join(Draw, Draw.id == Substitution.draw_id)
        .outerjoin(ClosingRecord, ClosingRecord.id == Substitution.record_id)
        .outerjoin(out_target, out_target.id == Substitution.out_target_id)
        .outerjoin(in_target, in_target.id == Substitution.in_target_id)
        .outerjoin(for_target, for_target.id == Substitution.for_target_id)
        .outerjoin(out_person, out_person.id == Substitution.out_inspector_id)
        .outerjoin(in_person, in_person.id == Substitution.in_inspector_id)
        .outerjoin(redraw, redraw.id == Substitution.redraw_id)
        .where(*conditions)
        .order_by(Substitution.id)
    ).all()
    named = {number for row in rows for number in row.assignment_ids}
    serials = {
        task.id: task.serial
        for task in connection.execute(
            select(Assignment.id, Assignment.serial).where(Assignment.id.in_(named))
        )
    }
    names = shown_names(
        connection,
        {
            target_id: name
            for row in rows
            for target_id, name in (
                (row.out_target_id, row.out_target),
                (row.in_target_id, row.in_target),
                (row.for_target_id, row.for_name),
            )
            if target_id
        },
    )
    return tuple(_row(row, serials, names) for row in rows)


def _row(row: Any, serials: Mapping[int, str], names: Mapping[int, str]) -> SubstitutionRow:
    return SubstitutionRow(
        id=row.id,
        draw_no=row.draw_no,
        number=row.number,
        hash=row.hash or "",
        kind=row.kind,
        policy=row.policy,
        out_id=row.out_ident or row.out_no or "",
        out_name=names.get(row.out_target_id) or row.out_person or "",
        in_id=row.in_ident or row.in_no or "",
        in_name=names.get(row.in_target_id) or row.in_person or "",
        for_id=row.for_ident or "",
        for_name=names.get(row.for_target_id, ""),
        reason_code=row.reason_code,
        reason=row.reason,
        approved_name=row.approved_name,
        approved_post=row.approved_post,
        steps=tuple(
            ApprovalStep(**{**step, "on": date.fromisoformat(step["on"])}) for step in row.steps
        ),
        on=row.on,
        by=row.by,
        at=row.at,
        period=row.period,
        rehearsal=row.rehearsal,
        serials=tuple(serials[each] for each in row.assignment_ids if each in serials),
        assignment_ids=tuple(row.assignment_ids),
        redraw_no=row.redraw_no or "",
        redraw_state=row.redraw_state.value if isinstance(row.redraw_state, DrawState) else "",
    )
