"""执法检查人员 as lists and details show them."""

from __future__ import annotations

import enum
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, func, or_, select

from app.db.read import recusals
from app.db.read.changes import Change, changes_of
from app.db.read.query import Counted, Listing, ListQuery, matching_ids, pages
from app.db.read.recusals import RecusalLine
from app.db.read.targets import counted
from app.domain.inspector import InspectorFacts
from app.models import (
    Assignment,
    Draw,
    DrawState,
    ImportBatch,
    Inspector,
    InspectorAbsence,
    Recusal,
)

_SOON = timedelta(days=90)


class CertState(enum.Enum):
    """Where a certificate stands on a day; ``SOON``: it ends within 90 days."""

    MISSING = "missing"
    EXPIRED = "expired"
    SOON = "soon"
    VALID = "valid"

    @property
    def label(self) -> str:
        """Word for a person."""
        return {
            "missing": "未登记",
            "expired": "已过期",
            "soon": "即将到期",
            "valid": "有效",
        }[self.value]


_CERT = (
    "CASE WHEN t.cert_no = '' OR t.cert_valid_to IS NULL THEN 'missing'"
    " WHEN t.cert_valid_to < :today THEN 'expired'"
    " WHEN t.cert_valid_to <= :soon THEN 'soon' ELSE 'valid' END"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectorRow:
    """One line of the list; ``tasks`` counts this year's assignments."""

    id: int
    personal_no: str
    name: str
    section: str
    squad: str
    position: str
    cert_no: str
    cert_valid_to: date | None
    cert_state: CertState
    employment: str
    specialities: tuple[str, ...]
    may_lead: bool
    state: str
    on_leave: bool
    seconded_out: bool
    away: str
    years_of_work: int | None
    recusals: int
    tasks: int
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceLine:
    """A dated period away; ``kind`` of ``domain.absence``."""

    id: int
    kind: str
    since: date
    until: date | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterLoad:
    """How many tasks a person had in one period's draws, as leader and in all."""

    period: str
    leading: int
    tasks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectorDetail:
    """Everything the pane beside the list shows."""

    id: int
    facts: InspectorFacts
    cert_state: CertState
    drawn: bool
    updated_at: datetime
    source_file: str
    tasks: int
    absences: tuple[AbsenceLine, ...]
    loads: tuple[QuarterLoad, ...]
    recusals: tuple[RecusalLine, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class InspectorChoices:
    """What the filters offer, most frequent first."""

    sections: tuple[Counted, ...]
    states: tuple[Counted, ...]
    employments: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class InspectorCounts:
    """How many there are, on duty, and with a certificate that needs attention."""

    total: int
    on_duty: int
    may_lead: int
    expired: int
    soon: int


def ids(connection: Connection, query: ListQuery, today: date) -> array[int]:
    """Ids of the matching inspectors in order.

    Filters: section, state, employment, certificate (values of ``CertState``), lead (1, 0),
    only (ids).
    """
    listing = Listing(
        "inspector",
        sorts={
            "name": "t.name_key",
            "personal_no": "t.personal_no",
            "section": "t.section",
            "squad": "t.squad",
            "position": "t.position",
            "cert_no": "t.cert_no",
            "cert_valid_to": "t.cert_valid_to",
            "employment": "t.employment",
            "may_lead": "t.may_lead",
            "state": "t.state",
        },
        filters={
            "section": "t.section",
            "state": "t.state",
            "employment": "t.employment",
            "certificate": _CERT,
            "lead": "CASE WHEN t.may_lead THEN '1' ELSE '0' END",
            "only": "CAST(t.id AS TEXT)",
        },
    )
    binds = {"today": today.isoformat(), "soon": (today + _SOON).isoformat()}
    used = binds if "certificate" in query.filters else {}
    return matching_ids(connection, listing, query, used)


def rows(connection: Connection, wanted: Sequence[int], today: date) -> list[InspectorRow]:
    """The inspectors in the order of ``wanted``; one that is gone is left out."""
    found: dict[int, InspectorRow] = {}
    for page in pages(wanted):
        for row in connection.execute(_row_query(today).where(Inspector.id.in_(page))):
            found[row.id] = _row(row, today)
    return [found[each] for each in wanted if each in found]


def _tasks(today: date) -> Any:
    return (
        select(func.count(Assignment.id))
        .join(Draw, Draw.id == Assignment.draw_id)
        .where(
            or_(Assignment.lead_id == Inspector.id, Assignment.second_id == Inspector.id),
            Assignment.replaced_by_id.is_(None),
            Draw.state == DrawState.CLOSED,
            Draw.rehearsal.is_(False),
            Draw.period.startswith(str(today.year)),
        )
        .correlate(Inspector)
        .scalar_subquery()
    )


def _row_query(today: date) -> Select[Any]:
    declared = (
        select(func.count(Recusal.id))
        .where(Recusal.inspector_id == Inspector.id, Recusal.lifted_on.is_(None))
        .correlate(Inspector)
        .scalar_subquery()
    )
    away = (
        select(InspectorAbsence.kind)
        .where(
            InspectorAbsence.inspector_id == Inspector.id,
            InspectorAbsence.since <= today,
            or_(InspectorAbsence.until.is_(None), InspectorAbsence.until >= today),
        )
        .order_by(InspectorAbsence.since.desc())
        .limit(1)
        .correlate(Inspector)
        .scalar_subquery()
    )
    return select(
        Inspector.__table__,
        declared.label("recusals"),
        _tasks(today).label("tasks"),
        away.label("away"),
    )


def _row(row: Row[Any], today: date) -> InspectorRow:
    return InspectorRow(
        id=row.id,
        personal_no=row.personal_no,
        name=row.name,
        section=row.section,
        squad=row.squad,
        position=row.position,
        cert_no=row.cert_no,
        cert_valid_to=row.cert_valid_to,
        cert_state=cert_state(row.cert_no, row.cert_valid_to, today),
        employment=row.employment,
        specialities=tuple(row.specialities),
        may_lead=row.may_lead,
        state=row.state,
        on_leave=row.leave_from is not None
        and row.leave_from <= today
        and (row.leave_to is None or today <= row.leave_to),
        seconded_out=row.seconded_out,
        away=row.away or "",
        years_of_work=row.years_of_work,
        recusals=row.recusals,
        tasks=row.tasks,
        phone=row.phone,
    )


def cert_state(cert_no: str, valid_to: date | None, today: date) -> CertState:
    """Where a certificate stands; the last day of its validity still counts."""
    if not cert_no or valid_to is None:
        return CertState.MISSING
    if valid_to < today:
        return CertState.EXPIRED
    return CertState.SOON if valid_to <= today + _SOON else CertState.VALID


def facts_of(row: Any) -> InspectorFacts:
    """The facts a person filled in, from a row of the table."""
    values = {name: getattr(row, name) for name in InspectorFacts.__dataclass_fields__}
    values["specialities"] = tuple(row.specialities)
    return InspectorFacts(**values)


def all_facts(connection: Connection) -> Iterable[tuple[int, str, InspectorFacts]]:
    """(id, personal number, facts) of everybody, to compare a file with."""
    for row in connection.execute(select(Inspector.__table__).order_by(Inspector.id)):
        yield row.id, row.personal_no, facts_of(row)


def one(connection: Connection, inspector_id: int, today: date) -> InspectorDetail | None:
    """One inspector with recusals and edits; None if the row is gone."""
    row = connection.execute(
        select(Inspector.__table__, ImportBatch.file_name, _tasks(today).label("tasks"))
        .outerjoin(ImportBatch, ImportBatch.id == Inspector.batch_id)
        .where(Inspector.id == inspector_id)
    ).first()
    if row is None:
        return None
    return InspectorDetail(
        id=row.id,
        facts=facts_of(row),
        cert_state=cert_state(row.cert_no, row.cert_valid_to, today),
        drawn=is_drawn(connection, row.created_at),
        updated_at=row.updated_at,
        source_file=row.file_name or "",
        tasks=row.tasks,
        absences=absences_of(connection, inspector_id),
        loads=loads_of(connection, inspector_id),
        recusals=recusals.of_inspector(connection, inspector_id),
        changes=changes_of(connection, "inspector", inspector_id),
    )


def absences_of(connection: Connection, inspector_id: int) -> tuple[AbsenceLine, ...]:
    """Dated periods away, newest first."""
    names = AbsenceLine.__dataclass_fields__
    found = connection.execute(
        select(InspectorAbsence.__table__)
        .where(InspectorAbsence.inspector_id == inspector_id)
        .order_by(InspectorAbsence.since.desc())
    )
    return tuple(AbsenceLine(**{name: getattr(row, name) for name in names}) for row in found)


def loads_of(connection: Connection, inspector_id: int) -> tuple[QuarterLoad, ...]:
    """Tasks per period of real closed draws, newest first."""
    leading = func.count().filter(Assignment.lead_id == inspector_id)
    found = connection.execute(
        select(Draw.period, leading, func.count())
        .join(Draw, Draw.id == Assignment.draw_id)
        .where(
            or_(Assignment.lead_id == inspector_id, Assignment.second_id == inspector_id),
            Assignment.replaced_by_id.is_(None),
            Draw.state == DrawState.CLOSED,
            Draw.rehearsal.is_(False),
        )
        .group_by(Draw.period)
        .order_by(Draw.period.desc())
    )
    return tuple(QuarterLoad(period=row[0], leading=row[1], tasks=row[2]) for row in found)


def is_drawn(connection: Connection, created_at: datetime) -> bool:
    """Whether a plan may hold the person's number: a draw was frozen since the row was made.

    Plans list everybody eligible, drawn or not, and are published in the end.
    """
    found = connection.execute(
        select(Draw.id).where(Draw.rehearsal.is_(False), Draw.frozen_at >= created_at).limit(1)
    )
    return found.first() is not None


def choices(connection: Connection) -> InspectorChoices:
    """Values that occur, for the filters."""
    return InspectorChoices(
        sections=counted(connection, Inspector.section),
        states=counted(connection, Inspector.state),
        employments=counted(connection, Inspector.employment),
    )


def counts(connection: Connection, today: date) -> InspectorCounts:
    """How many there are; certificates are counted of people on duty only."""
    on_duty = Inspector.state == "on_duty"
    ends = Inspector.cert_valid_to
    row = connection.execute(
        select(
            func.count(),
            func.count().filter(on_duty),
            func.count().filter(on_duty, Inspector.may_lead.is_(True)),
            func.count().filter(on_duty, ends < today),
            func.count().filter(on_duty, ends >= today, ends <= today + _SOON),
        ).select_from(Inspector)
    ).one()
    return InspectorCounts(*row)
