"""更正: applications with each station passed, and what stood before in the voided versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, select

from app.db.read.sites import shown_names
from app.domain.correction import CorrectionState, Redo
from app.domain.inspection import Conclusion, ResultState
from app.models import (
    Assignment,
    Correction,
    CorrectionStep,
    Draw,
    Publication,
    Result,
    Target,
)

__all__ = [
    "CorrectionRow",
    "PassedStation",
    "VoidedVersion",
    "every_one",
    "of_task",
    "open_ones",
    "published_before",
    "sheet",
    "voided",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedStation:
    """One station: who of which organ signed on which day, under which paper, and how."""

    code: str
    label: str
    organ: str
    name: str
    post: str
    on: date
    document: str
    opinion: str
    agreed: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRow:
    """One application with everything its paper prints."""

    id: int
    result_id: int
    assignment_id: int
    draw_no: str
    serial: str
    target_name: str
    state: CorrectionState
    redo: Redo
    error: str
    should_be: str
    cause: str
    applied_by: str
    applied_on: date
    document_no: str
    article: str
    new_due: date | None
    ended_on: date | None
    withdrawn_on: date | None
    withdrawn_where: str
    published_on: date | None
    stations: tuple[PassedStation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidedVersion:
    """原结果: a voided version of a task's result, kept for ever."""

    result_id: int
    version: int
    inspected_on: date | None
    conclusion: Conclusion | None
    finding: str
    entered_by: str
    reviewed_by: str
    why: str
    published_on: date | None


def sheet(connection: Connection, correction_id: int) -> CorrectionRow | None:
    """One application; None if there is none of this number."""
    return next(iter(_rows(connection, Correction.id == correction_id)), None)


def of_task(connection: Connection, assignment_id: int) -> tuple[CorrectionRow, ...]:
    """Every application of a task, oldest first."""
    return _rows(connection, Result.assignment_id == assignment_id)


def every_one(connection: Connection) -> tuple[CorrectionRow, ...]:
    """All applications: those under way first, then the newest."""
    found = _rows(connection, Correction.id.is_not(None))
    return tuple(sorted(found, key=lambda row: (row.state is not CorrectionState.OPEN, -row.id)))


def open_ones(connection: Connection) -> tuple[CorrectionRow, ...]:
    """Applications under way, oldest first."""
    return _rows(connection, Correction.state == CorrectionState.OPEN)


def published_before(connection: Connection) -> tuple[CorrectionRow, ...]:
    """Granted ones whose old result had been published and is not withdrawn yet."""
    granted = _rows(
        connection,
        (Correction.state == CorrectionState.GRANTED) & Correction.withdrawn_on.is_(None),
    )
    return tuple(row for row in granted if row.published_on is not None)


def voided(connection: Connection, assignment_id: int) -> tuple[VoidedVersion, ...]:
    """The voided versions of a task's result, oldest first."""
    rows = connection.execute(
        select(
            Result.id,
            Result.version,
            Result.inspected_on,
            Result.conclusion,
            Result.finding,
            Result.entered_by,
            Result.reviewed_by,
            Result.return_reason,
            Publication.published_on,
        )
        .outerjoin(Publication, Publication.result_id == Result.id)
        .where(Result.assignment_id == assignment_id, Result.state == ResultState.VOIDED)
        .order_by(Result.version)
    )
    return tuple(
        VoidedVersion(
            result_id=row.id,
            version=row.version,
            inspected_on=row.inspected_on,
            conclusion=Conclusion(row.conclusion) if row.conclusion else None,
            finding=row.finding,
            entered_by=row.entered_by,
            reviewed_by=row.reviewed_by,
            why=row.return_reason,
            published_on=row.published_on,
        )
        for row in rows
    )


def _rows(connection: Connection, which: ColumnElement[bool]) -> tuple[CorrectionRow, ...]:
    found = connection.execute(
        select(
            Correction.__table__,
            Result.assignment_id,
            Assignment.serial,
            Draw.no.label("draw_no"),
            Assignment.target_id,
            Target.name.label("target_name"),
            Publication.published_on,
        )
        .join(Result, Result.id == Correction.result_id)
        .join(Assignment, Assignment.id == Result.assignment_id)
        .join(Draw, Draw.id == Assignment.draw_id)
        .join(Target, Target.id == Assignment.target_id)
        .outerjoin(Publication, Publication.result_id == Correction.result_id)
        .where(which)
        .order_by(Correction.id)
    ).all()
    stations = _stations(connection, [row.id for row in found])
    names = shown_names(connection, {row.target_id: row.target_name for row in found})
    return tuple(
        CorrectionRow(
            id=row.id,
            result_id=row.result_id,
            assignment_id=row.assignment_id,
            draw_no=row.draw_no,
            serial=row.serial,
            target_name=names[row.target_id],
            state=row.state,
            redo=row.redo,
            error=row.error,
            should_be=row.should_be,
            cause=row.cause,
            applied_by=row.applied_by,
            applied_on=row.applied_on,
            document_no=row.document_no,
            article=row.article,
            new_due=row.new_due,
            ended_on=row.ended_on,
            withdrawn_on=row.withdrawn_on,
            withdrawn_where=row.withdrawn_where,
            published_on=row.published_on,
            stations=tuple(stations.get(row.id, ())),
        )
        for row in found
    )


def _stations(connection: Connection, wanted: Sequence[int]) -> dict[int, list[PassedStation]]:
    rows = connection.execute(
        select(CorrectionStep.__table__)
        .where(CorrectionStep.correction_id.in_(list(wanted)))
        .order_by(CorrectionStep.correction_id, CorrectionStep.position)
    )
    found: dict[int, list[PassedStation]] = {}
    for row in rows:
        found.setdefault(row.correction_id, []).append(
            PassedStation(
                code=row.code,
                label=row.label,
                organ=row.organ,
                name=row.name,
                post=row.post,
                on=row.on,
                document=row.document,
                opinion=row.opinion,
                agreed=row.agreed,
                by=row.by,
                at=row.at,
            )
        )
    return found
