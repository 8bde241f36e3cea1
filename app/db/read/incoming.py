"""外来名单: imported lists of targets drawn or set elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from app.db.read.sites import shown_names
from app.models import Draw, DrawState, IncomingList, IncomingTarget, Target

__all__ = ["ListedTarget", "ReceivedList", "known", "one"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTarget:
    """A line of a list, in its order; ``people`` are inspectors' row ids, the lead first."""

    target_id: int
    ident: str
    name: str
    code: str
    category: str
    task_no: str
    due_on: date | None
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedList:
    """A list with its origin; ``draw_no``: the draw that used it, empty if none has yet."""

    id: int
    way: str
    period: str
    organ: str
    document_no: str
    file_name: str
    sha256: str
    by: str
    at: datetime
    targets: tuple[ListedTarget, ...]
    draw_no: str


def one(connection: Connection, list_id: int | None) -> ReceivedList | None:
    """The list with this id; None if there is none."""
    row = connection.execute(
        select(IncomingList.__table__).where(IncomingList.id == list_id)
    ).first()
    if row is None:
        return None
    return ReceivedList(
        id=row.id,
        way=row.way,
        period=row.period,
        organ=row.organ,
        document_no=row.document_no,
        file_name=row.file_name,
        sha256=row.sha256,
        by=row.by,
        at=row.at,
        targets=_targets(connection, row.id),
        draw_no=_used_by(connection, row.id),
    )


def known(connection: Connection, way: str, period: str, sha256: str) -> int | None:
    """Id of the list this very file was imported as, None if it was not."""
    return connection.execute(
        select(IncomingList.id).where(
            IncomingList.way == way, IncomingList.period == period, IncomingList.sha256 == sha256
        )
    ).scalar()


def _used_by(connection: Connection, list_id: int) -> str:
    # A void draw has not used it up, a rehearsal never does.
    return (
        connection.execute(
            select(Draw.no).where(
                Draw.list_id == list_id,
                Draw.state == DrawState.CLOSED,
                Draw.rehearsal.is_(False),
            )
        ).scalar()
        or ""
    )


def _targets(connection: Connection, list_id: int) -> tuple[ListedTarget, ...]:
    rows = connection.execute(
        select(
            IncomingTarget.target_id,
            Target.ident,
            Target.name,
            Target.uscc,
            Target.permit_no,
            IncomingTarget.category,
            IncomingTarget.task_no,
            IncomingTarget.due_on,
            IncomingTarget.people,
        )
        .join(Target, Target.id == IncomingTarget.target_id)
        .where(IncomingTarget.list_id == list_id)
        .order_by(IncomingTarget.position)
    ).all()
    names = shown_names(connection, {row.target_id: row.name for row in rows})
    return tuple(
        ListedTarget(
            target_id=row.target_id,
            ident=row.ident,
            name=names[row.target_id],
            code=row.uscc or row.permit_no,
            category=row.category,
            task_no=row.task_no,
            due_on=row.due_on,
            people=tuple(row.people),
        )
        for row in rows
    )
