"""文号登记簿 for reading: what was taken of each series, what is voided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from app.domain.document_numbers import Taken
from app.domain.paper_texts import PaperKind
from app.models import DocumentNumber

__all__ = ["NumberRow", "covering", "in_force", "is_voided", "register", "taken", "years"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRow:
    """One line of the register; ``paper`` is the paper's plain name."""

    id: int
    series: str
    year: int
    number: int
    through: int
    words: str
    paper: str
    note: str
    taken_on: date
    by: str
    voided_on: date | None
    void_reason: str
    voided_by: str

    @property
    def state(self) -> str:
        """Word for a person."""
        if self.voided_on is not None:
            return "作废"
        return "在用" if self.paper else "系统外使用"


def register(
    connection: Connection, series: str = "", year: int | None = None
) -> tuple[NumberRow, ...]:
    """Everything of a series and year (all if left out), series by series, in order."""
    statement = select(DocumentNumber.__table__)
    if series:
        statement = statement.where(DocumentNumber.series == series)
    if year is not None:
        statement = statement.where(DocumentNumber.year == year)
    rows = connection.execute(
        statement.order_by(DocumentNumber.year.desc(), DocumentNumber.series, DocumentNumber.number)
    )
    return tuple(
        NumberRow(
            id=row.id,
            series=row.series,
            year=row.year,
            number=row.number,
            through=row.through,
            words=row.words,
            paper=PaperKind(row.paper).label if row.paper else "",
            note=row.note,
            taken_on=row.taken_on,
            by=row.by,
            voided_on=row.voided_on,
            void_reason=row.void_reason,
            voided_by=row.voided_by,
        )
        for row in rows
    )


def taken(connection: Connection, series: str, year: int) -> tuple[Taken, ...]:
    """The used-up numbers of one series in a year."""
    rows = connection.execute(
        select(DocumentNumber.number, DocumentNumber.through).where(
            DocumentNumber.series == series, DocumentNumber.year == year
        )
    )
    return tuple(Taken(row.number, row.through) for row in rows)


@dataclass(frozen=True, slots=True)
class Use:
    """What a number of the register is used for; ``paper`` empty: outside the program."""

    paper: str
    subject: str
    note: str


def covering(connection: Connection, series: str, year: int, number: int) -> Use | None:
    """Who has this number, alone or within a run; None if the register does not know it."""
    row = connection.execute(
        select(DocumentNumber.paper, DocumentNumber.subject, DocumentNumber.note).where(
            DocumentNumber.series == series,
            DocumentNumber.year == year,
            DocumentNumber.number <= number,
            DocumentNumber.through >= number,
        )
    ).first()
    return Use(row.paper, row.subject, row.note) if row else None


def in_force(connection: Connection, paper: PaperKind, subject: str) -> str:
    """The number a paper keeps; empty if it has none, or its last one was voided."""
    found = connection.execute(
        select(DocumentNumber.words)
        .where(
            DocumentNumber.paper == paper.value,
            DocumentNumber.subject == subject,
            DocumentNumber.voided_on.is_(None),
        )
        .order_by(DocumentNumber.id.desc())
    ).scalar()
    return found or ""


def is_voided(connection: Connection, words: str) -> bool:
    """Whether this number stands in the register as voided."""
    found = connection.execute(
        select(DocumentNumber.id).where(
            DocumentNumber.words == words, DocumentNumber.voided_on.is_not(None)
        )
    ).first()
    return found is not None


def years(connection: Connection) -> tuple[int, ...]:
    """Years in which anything was taken, newest first."""
    rows = connection.execute(
        select(DocumentNumber.year).distinct().order_by(DocumentNumber.year.desc())
    )
    return tuple(row.year for row in rows)
