"""回避: who keeps away from which target, now and formerly, and the tasks it stands against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from app.db.read.sites import shown_names
from app.domain.inspection import ResultState
from app.models import Assignment, Draw, DrawState, Inspector, Recusal, Result, Target

__all__ = [
    "Conflict",
    "RecusalLine",
    "conflicts",
    "in_force",
    "of_inspector",
    "of_target",
    "register",
    "whole_people",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecusalLine:
    """A declared recusal, seen from either side.

    ``target_id`` None and ``target`` empty: from every draw.  ``lifted_on`` None: in force.
    """

    id: int
    inspector_id: int
    inspector: str
    target_id: int | None
    target: str
    code: str
    note: str
    declared_on: date
    declared_by: str
    lifted_on: date | None
    lifted_by: str
    lift_reason: str


def of_inspector(connection: Connection, inspector_id: int) -> tuple[RecusalLine, ...]:
    """Everything one person declared, in force first, newest first."""
    return _lines(connection, Recusal.inspector_id == inspector_id)


def of_target(connection: Connection, target_id: int) -> tuple[RecusalLine, ...]:
    """Everything declared about one target, in force first, newest first."""
    return _lines(connection, Recusal.target_id == target_id)


def register(connection: Connection) -> tuple[RecusalLine, ...]:
    """Every recusal ever declared, in force first, newest first."""
    return _lines(connection, Recusal.id.is_not(None))


def _lines(connection: Connection, condition: Any) -> tuple[RecusalLine, ...]:
    columns: tuple[Any, ...] = (
        Recusal.id,
        Recusal.inspector_id,
        Inspector.name.label("inspector"),
        Recusal.target_id,
        Target.name.label("target"),
        Recusal.code,
        Recusal.note,
        Recusal.declared_on,
        Recusal.declared_by,
        Recusal.lifted_on,
        Recusal.lifted_by,
        Recusal.lift_reason,
    )
    rows = connection.execute(
        select(*columns)
        .join(Inspector, Inspector.id == Recusal.inspector_id)
        .outerjoin(Target, Target.id == Recusal.target_id)
        .where(condition)
        .order_by(Recusal.lifted_on.is_not(None), Recusal.declared_on.desc(), Recusal.id.desc())
    ).all()
    names = shown_names(connection, {row.target_id: row.target for row in rows if row.target_id})
    return tuple(
        RecusalLine(**{**row._mapping, "target": names.get(row.target_id, "")}) for row in rows
    )


def in_force(connection: Connection) -> tuple[tuple[str, str, str], ...]:
    """(personal number, target ident, reason code) of every recusal from one target."""
    rows = connection.execute(
        select(Inspector.personal_no, Target.ident, Recusal.code)
        .join(Inspector, Inspector.id == Recusal.inspector_id)
        .join(Target, Target.id == Recusal.target_id)
        .where(Recusal.lifted_on.is_(None))
        .order_by(Inspector.personal_no, Target.ident)
        .distinct()
    )
    return tuple((row[0], row[1], row[2]) for row in rows)


def whole_people(connection: Connection) -> frozenset[int]:
    """Row ids of the people who recuse from every draw now."""
    rows = connection.scalars(
        select(Recusal.inspector_id).where(Recusal.lifted_on.is_(None), Recusal.target_id.is_(None))
    )
    return frozenset(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A task nobody has been to yet that still names somebody who recused."""

    assignment_id: int
    draw_no: str
    serial: str
    target_id: int
    target: str
    inspector_id: int
    inspector: str
    leads: bool
    code: str


def conflicts(
    connection: Connection, *, draw_no: str = "", inspector_id: int | None = None
) -> tuple[Conflict, ...]:
    """Open tasks whose people declared a recusal after the draw; narrowed to one draw or person."""
    statement = (
        select(
            Assignment.id,
            Draw.no,
            Assignment.serial,
            Assignment.target_id,
            Target.name.label("target"),
            Inspector.id.label("inspector_id"),
            Inspector.name.label("inspector"),
            (Assignment.lead_id == Inspector.id).label("leads"),
            Recusal.code,
        )
        .join(Draw, Draw.id == Assignment.draw_id)
        .join(Target, Target.id == Assignment.target_id)
        .join(
            Inspector,
            or_(Inspector.id == Assignment.lead_id, Inspector.id == Assignment.second_id),
        )
        .join(
            Recusal,
            and_(
                Recusal.inspector_id == Inspector.id,
                Recusal.lifted_on.is_(None),
                or_(Recusal.target_id == Assignment.target_id, Recusal.target_id.is_(None)),
            ),
        )
        .outerjoin(
            Result,
            and_(Result.assignment_id == Assignment.id, Result.state != ResultState.VOIDED),
        )
        .where(
            Draw.state == DrawState.CLOSED,
            Draw.rehearsal.is_(False),
            Assignment.replaced_by_id.is_(None),
            Result.inspected_on.is_(None),
        )
        .order_by(Assignment.id, Inspector.id)
    )
    if draw_no:
        statement = statement.where(Draw.no == draw_no)
    if inspector_id is not None:
        statement = statement.where(Inspector.id == inspector_id)
    found: dict[tuple[int, int], Conflict] = {}
    rows = connection.execute(statement).all()
    names = shown_names(connection, {row.target_id: row.target for row in rows})
    for row in rows:
        found.setdefault(
            (row.id, row.inspector_id),
            Conflict(
                assignment_id=row.id,
                draw_no=row.no,
                serial=row.serial,
                target_id=row.target_id,
                target=names[row.target_id],
                inspector_id=row.inspector_id,
                inspector=row.inspector,
                leads=bool(row.leads),
                code=row.code,
            ),
        )
    return tuple(found.values())
