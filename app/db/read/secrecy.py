"""Whether a target is drawn and not yet inspected: what nobody sees by the way (NC 19, YY 六)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from app.domain.periods import Period
from app.models import Assignment, Draw, DrawState, Inspector, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnNow:
    """A task of a running or coming period; ``inspected``: then it is no secret any more."""

    no: str
    period: str
    serial: str
    due_on: date
    team: tuple[str, ...]
    inspected: bool


def drawn_now(connection: Connection, target_id: int, today: date) -> DrawnNow | None:
    """The newest task of the target whose period is not over, from a real closed draw."""
    rows = connection.execute(
        select(
            Assignment.id,
            Assignment.serial,
            Assignment.due_on,
            Assignment.lead_id,
            Assignment.second_id,
            Draw.no,
            Draw.period,
        )
        .join(Draw, Draw.id == Assignment.draw_id)
        .where(
            Assignment.target_id == target_id,
            Assignment.replaced_by_id.is_(None),
            Draw.state == DrawState.CLOSED,
            Draw.rehearsal.is_(False),
        )
        .order_by(Draw.seq.desc())
    )
    for row in rows:
        if Period.parse(row.period).last_day >= today:
            return DrawnNow(
                no=row.no,
                period=row.period,
                serial=row.serial,
                due_on=row.due_on,
                team=_names(connection, (row.lead_id, row.second_id)),
                inspected=_inspected(connection, row.id),
            )
    return None


def seen_without_asking(connection: Connection, target_id: int, today: date) -> DrawnNow | None:
    """The same, only once it was inspected."""
    found = drawn_now(connection, target_id, today)
    return found if found is not None and found.inspected else None


def _inspected(connection: Connection, assignment_id: int) -> bool:
    found = select(Result.id).where(
        Result.assignment_id == assignment_id, Result.inspected_on.is_not(None)
    )
    return connection.execute(found.limit(1)).first() is not None


def _names(connection: Connection, ids: tuple[int | None, ...]) -> tuple[str, ...]:
    found = connection.execute(
        select(Inspector.id, Inspector.name).where(Inspector.id.in_([each or 0 for each in ids]))
    )
    names = {row.id: row.name for row in found}
    return tuple(names[each] for each in ids if each in names)
