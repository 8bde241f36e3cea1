"""Draws for lists, for the sealed screen, and the one that was left open."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, TextClause, and_, func, or_, select, text
from sqlalchemy.orm import aliased

from app.db.read.bound import members
from app.db.read.sites import shown_names
from app.domain import rd1
from app.domain.filing import ScanKind
from app.domain.inspection import ResultState
from app.domain.ways import Way
from app.models import (
    Assignment,
    Attachment,
    Draw,
    DrawnTarget,
    DrawnTeam,
    DrawState,
    DrawWitness,
    Inspector,
    Result,
    Substitution,
    Target,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawBrief:
    """One line of the list of draws; ``done`` of the ``selected`` have a locked result.

    ``people``: whom a redraw brought in; it selects no target.
    """

    id: int
    no: str
    period: str
    state: str  # frozen | committed | closed | void
    rehearsal: bool
    frozen_at: datetime
    closed_at: datetime | None
    selected: int
    done: int
    plan: str
    result: str
    void_reason: str
    checked: Recomputation | None
    scans: int = 0  # of signed paper; with one the draw is archived
    way: Way = Way.UNDIRECTED
    people: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recomputation:
    """复算: who compared F on another device, when; written to the ledger."""

    by: str
    on: datetime


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
        select(func.count(Assignment.id))
        .where(
            or_(Assignment.draw_id == Draw.id, Assignment.people_draw_id == Draw.id),
            Assignment.replaced_by_id.is_(None),
        )
        .scalar_subquery()
    )
    done = (
        select(func.count(Result.id))
        .join(Assignment, Assignment.id == Result.assignment_id)
        .where(
            Assignment.draw_id == Draw.id,
            Result.state == ResultState.LOCKED,
            Assignment.replaced_by_id.is_(None),
        )
        .scalar_subquery()
    )
    people = (
        select(func.count(Substitution.in_inspector_id.distinct()))
        .where(Substitution.redraw_id == Draw.id)
        .scalar_subquery()
    )
    scans = (
        select(func.count(Attachment.id))
        .where(Attachment.owner_kind == "draw", Attachment.owner_id == Draw.id)
        .scalar_subquery()
    )
    checked = _recomputations(connection)
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
            Draw.void_bytes,
            Draw.way,
            selected.label("selected"),
            done.label("done"),
            scans.label("scans"),
            people.label("people"),
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
            done=row.done,
            plan=row.plan_hash,
            result=row.result_hash or "",
            void_reason=_void_reason(row.void_bytes),
            checked=checked.get(row.no),
            scans=row.scans,
            way=Way(row.way),
            people=row.people,
        )
        for row in rows
    )


def _void_reason(data: bytes | None) -> str:
    if not data:
        return ""
    try:
        return rd1.parse_void(data).reason
    except rd1.VoidError:
        # A damaged record is named by 校验; the list must still open.
        return ""


def _recomputations(connection: Connection) -> dict[str, Recomputation]:
    rows = connection.execute(
        text("SELECT subject, at, detail FROM ledger WHERE action = 'draw.check' ORDER BY seq")
    )
    return {
        row.subject: Recomputation(
            by=json.loads(row.detail)["by"], on=datetime.fromisoformat(row.at)
        )
        for row in rows
    }


def recomputation(connection: Connection, no: str) -> Recomputation | None:
    """Who recomputed draw ``no`` on another device, if anybody has."""
    return _recomputations(connection).get(no)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawScan:
    """签字件, 签到表 or 现场照片; ``size`` in bytes, ``sha256`` also says where it lies."""

    id: int
    name: str
    size: int
    sha256: str
    at: datetime
    by: str
    kind: ScanKind


def scans(connection: Connection, no: str) -> tuple[DrawScan, ...]:
    """The scans of draw ``no`` in the order they came."""
    rows = connection.execute(
        select(Attachment.__table__)
        .join(Draw, Draw.id == Attachment.owner_id)
        .where(Attachment.owner_kind.in_([each.value for each in ScanKind]), Draw.no == no)
        .order_by(Attachment.id)
    )
    return tuple(
        DrawScan(
            id=row.id,
            name=row.name,
            size=row.size,
            sha256=row.sha256,
            at=row.at,
            by=row.by,
            kind=ScanKind(row.owner_kind),
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseEntry:
    """What the ledger says about a draw: one entry, ``detail`` its words by key."""

    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, str]


_ENTRIES = "SELECT at, actor, action, subject, detail FROM ledger"


def course(connection: Connection, no: str) -> tuple[CourseEntry, ...]:
    """Every ledger entry of draw ``no``, in order."""
    return _entries(connection, text(f"{_ENTRIES} WHERE subject = :value ORDER BY seq"), no)


def withdrawn(connection: Connection) -> tuple[CourseEntry, ...]:
    """Every list that was frozen and taken back before any randomness, in order."""
    statement = text(f"{_ENTRIES} WHERE action = :value ORDER BY seq")
    return _entries(connection, statement, "draw.withdraw")


def _entries(connection: Connection, statement: TextClause, value: str) -> tuple[CourseEntry, ...]:
    rows = connection.execute(statement, {"value": value})
    return tuple(
        CourseEntry(
            at=datetime.fromisoformat(row.at),
            actor=row.actor,
            action=row.action,
            subject=row.subject,
            detail={key: str(word) for key, word in json.loads(row.detail).items()},
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidBefore:
    """A draw of the series that ended void: why, and its would-be F (empty if there is none)."""

    no: str
    on: datetime
    reason: str
    would_be: str


def voided_before(connection: Connection, series: str, seq: int) -> tuple[VoidBefore, ...]:
    """The void draws directly before draw ``seq`` of a series, oldest first."""
    rows = connection.execute(
        select(
            Draw.no, Draw.state, Draw.closed_at, Draw.frozen_at, Draw.void_bytes, Draw.result_hash
        )
        .where(Draw.series == series, Draw.seq < seq)
        .order_by(Draw.seq.desc())
    )
    found: list[VoidBefore] = []
    for row in rows:
        if row.state is not DrawState.VOID:
            break
        found.append(
            VoidBefore(
                no=row.no,
                on=row.closed_at or row.frozen_at,
                reason=_void_reason(row.void_bytes),
                would_be=row.result_hash or "",
            )
        )
    return tuple(reversed(found))


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
        witnesses=tuple(_witnesses(connection, row.id, brief.state in {"closed", "void"})),
        host=row.host,
        operator=row.operator,
        recorder=row.recorder,
        place=row.place,
        committed_at=row.committed_at,
        facts=row.facts,
    )


def _witnesses(connection: Connection, draw_id: int, done: bool) -> Iterable[WitnessLine]:
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
            digits=(row.digits or "") if done else "",  # hidden until all are in
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnLine:
    """One selected target and who goes there; sealed until inspected.

    ``replaced_by``: serial of the alternate that took its place, "" if none did; ``along``:
    departments' inspectors and experts who come along.
    """

    serial: str
    ident: str
    name: str
    ticket: str
    team: int | None
    lead: str
    second: str
    flags: str
    replaced_by: str = ""
    along: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamLine:
    """One fixed team: names, RD1 flags."""

    number: int
    lead: str
    second: str
    flags: str


def drawn_lines(connection: Connection, no: str) -> tuple[DrawnLine, ...]:
    """What draw ``no`` selected, in ticket order within its strata, strata ascending."""
    lead, second = aliased(Inspector), aliased(Inspector)
    after = aliased(Assignment)
    rows = connection.execute(
        select(
            Assignment.id,
            Assignment.serial,
            Assignment.target_id,
            Target.ident,
            Target.name,
            DrawnTarget.ticket,
            Assignment.team_no,
            lead.name.label("lead"),
            second.name.label("second"),
            Assignment.flags,
            after.serial.label("replaced_by"),
        )
        .join(Draw, _of_draw())
        .join(Target, Target.id == Assignment.target_id)
        .join(
            DrawnTarget,
            (DrawnTarget.draw_id == Draw.id) & (DrawnTarget.target_id == Assignment.target_id),
        )
        .outerjoin(lead, lead.id == Assignment.lead_id)
        .outerjoin(second, second.id == Assignment.second_id)
        .outerjoin(after, after.id == Assignment.replaced_by_id)
        .where(Draw.no == no)
        .order_by(Assignment.id)
    ).all()
    names = shown_names(connection, {row.target_id: row.name for row in rows})
    along = members(connection, [row.id for row in rows])
    return tuple(
        DrawnLine(
            serial=row.serial,
            ident=row.ident,
            name=names[row.target_id],
            ticket=row.ticket,
            team=row.team_no,
            lead=row.lead or "",
            second=row.second or "",
            flags=row.flags,
            replaced_by=row.replaced_by or "",
            along=tuple(each.words for each in along.get(row.id, ())),
        )
        for row in rows
    )


def _of_draw() -> ColumnElement[bool]:
    """Tasks a draw made, or those it took from an earlier one."""
    return or_(
        Draw.id == Assignment.draw_id,
        and_(
            Draw.of_draw_id == Assignment.draw_id,
            Draw.way.in_([Way.LATER.value, Way.EXPERTS.value]),
        ),
    )


def drawn_teams(connection: Connection, no: str) -> tuple[TeamLine, ...]:
    """The fixed teams of draw ``no``, as formed; empty where every target has its own pair."""
    lead, second = aliased(Inspector), aliased(Inspector)
    rows = connection.execute(
        select(
            DrawnTeam.number, lead.name.label("lead"), second.name.label("second"), DrawnTeam.flags
        )
        .join(Draw, Draw.id == DrawnTeam.draw_id)
        .join(lead, lead.id == DrawnTeam.lead_id)
        .join(second, second.id == DrawnTeam.second_id)
        .where(Draw.no == no)
        .order_by(DrawnTeam.group, DrawnTeam.number)
    )
    return tuple(
        TeamLine(number=row.number, lead=row.lead, second=row.second, flags=row.flags)
        for row in rows
    )


def plan_before(
    connection: Connection, series: str, way: Way, before: int | None = None
) -> bytes | None:
    """The series' last plan comparable with one of ``way`` (the last before number ``before``).

    None: there is none.  Redraws of a single person are left out: compared with one, every target
    would be new.
    """
    redraws = select(Substitution.redraw_id).where(Substitution.redraw_id.is_not(None))
    plans = select(Draw.plan_bytes).where(
        Draw.series == series,
        Draw.id.not_in(redraws),
        Draw.way.in_([each.value for each in way.compared_with]),
    )
    if before is not None:
        plans = plans.where(Draw.seq < before)
    return connection.execute(plans.order_by(Draw.seq.desc()).limit(1)).scalar()
