"""Draws for lists, for the sealed screen, and the one that was left open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from app.models import Assignment, ClosingRecord, Draw, DrawState, DrawWitness


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawBrief:
    """One line of the list of draws."""

    id: int
    no: str
    period: str
    state: str  # frozen | committed | closed | void
    rehearsal: bool
    frozen_at: datetime
    closed_at: datetime | None
    selected: int
    plan: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessLine:
    """A witness with the digits once opened."""

    position: int
    name: str
    organ: str
    post: str
    digits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawSheet:
    """Everything a hand check needs of one draw; sealed, for staff's eyes only."""

    brief: DrawBrief
    commitment: str
    reveal: str
    seed: str
    prev: str
    witnesses: tuple[WitnessLine, ...]
    host: str
    operator: str
    recorder: str
    place: str
    committed_at: datetime | None
    facts: dict[str, object]


STATE_WORDS = {
    "frozen": "名单已封存",
    "committed": "等待开号",
    "closed": "已完成",
    "void": "作废",
}


def _briefs(connection: Connection, *conditions: object) -> tuple[DrawBrief, ...]:
    selected = (
        select(func.count(Assignment.id)).where(Assignment.draw_id == Draw.id).scalar_subquery()
    )
    rows = connection.execute(
        select(
            Draw.id,
            Draw.no,
            Draw.period,
            Draw.state,
            Draw.rehearsal,
            Draw.frozen_at,
            Draw.closed_at,
            Draw.plan_hash,
            Draw.result_hash,
            selected.label("selected"),
        )
        .where(*conditions)  # type: ignore[arg-type]
        .order_by(Draw.frozen_at.desc(), Draw.id.desc())
    )
    return tuple(
        DrawBrief(
            id=row.id,
            no=row.no,
            period=row.period,
            state=row.state.value,
            rehearsal=row.rehearsal,
            frozen_at=row.frozen_at,
            closed_at=row.closed_at,
            selected=row.selected,
            plan=row.plan_hash,
            result=row.result_hash or "",
        )
        for row in rows
    )


def all_draws(connection: Connection) -> tuple[DrawBrief, ...]:
    """Every draw, newest first, void ones and rehearsals included."""
    return _briefs(connection)


def of_period(connection: Connection, period: str) -> tuple[DrawBrief, ...]:
    """The draws of one period, newest first."""
    return _briefs(connection, Draw.period == period)


def open_draws(connection: Connection) -> tuple[DrawBrief, ...]:
    """Draws between freezing and closing: what a crash may have left."""
    return _briefs(connection, Draw.state.in_([DrawState.FROZEN, DrawState.COMMITTED]))


def sheet(connection: Connection, no: str) -> DrawSheet | None:
    """One draw whole, None if there is none of this number."""
    row = connection.execute(select(Draw.__table__).where(Draw.no == no)).first()
    if row is None:
        return None
    (brief,) = _briefs(connection, Draw.no == no)
    return DrawSheet(
        brief=brief,
        commitment=row.commitment or "",
        # Sealed until closed: an open draw's secret is shown to nobody.
        reveal=(row.reveal or "") if brief.state in {"closed", "void"} else "",
        seed=row.seed or "",
        prev=row.prev,
        witnesses=tuple(_witnesses(connection, row.id)),
        host=row.host,
        operator=row.operator,
        recorder=row.recorder,
        place=row.place,
        committed_at=row.committed_at,
        facts=row.facts,
    )


def _witnesses(connection: Connection, draw_id: int) -> Iterable[WitnessLine]:
    rows = connection.execute(
        select(DrawWitness.__table__)
        .where(DrawWitness.draw_id == draw_id)
        .order_by(DrawWitness.position)
    )
    for row in rows:
        yield WitnessLine(
            position=row.position,
            name=row.name,
            organ=row.organ,
            post=row.post,
            digits=row.digits or "",
        )


def series_head(connection: Connection, series: str) -> str:
    """Hash of the newest closing record of a series, empty for a series without one."""
    head = connection.execute(
        select(ClosingRecord.hash)
        .where(ClosingRecord.series == series)
        .order_by(ClosingRecord.position.desc())
        .limit(1)
    ).scalar()
    return head or ""
