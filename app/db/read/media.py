"""介质台账 as lists show it: the media, and every file that left on one."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from app.db.read.query import Listing, ListQuery, matching_ids, pages
from app.domain.media import MediumFacts
from app.models import CarriedFile, Medium

__all__ = [
    "CarriedRow",
    "MediumRow",
    "carried_of",
    "facts",
    "facts_of",
    "ids",
    "known",
    "newest_of_name",
    "newest_of_package",
    "rows",
]

_MEDIA = Listing(
    "medium",
    sorts={
        "ident": "t.name_key",
        "kind": "t.kind",
        "holder": "t.holder",
        "since": "t.since",
        "state": "t.withdrawn_on",
    },
    filters={
        "kind": "t.kind",
        "grade": "t.grade",
        "state": "CASE WHEN t.withdrawn_on IS NULL THEN 'in_use' ELSE 'withdrawn' END",
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediumRow:
    """One line of the register; ``carried``: how many files left on it, ``last``: when."""

    id: int
    facts: MediumFacts
    carried: int
    last: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedRow:
    """One file that left; ``verified_at`` None: it still waits to be burnt and checked."""

    id: int
    medium_id: int | None
    medium_no: str
    place: str
    holder: str
    label: str
    serial: str
    package_id: int | None
    file_name: str
    folder: str
    size: int
    sha256: str
    purpose: str
    reason: str
    verified_at: datetime | None
    by: str
    at: datetime


def ids(connection: Connection, query: ListQuery) -> array[int]:
    """Ids of the matching media in order. Filters: kind, grade, state."""
    return matching_ids(connection, _MEDIA, query)


def rows(connection: Connection, wanted: Sequence[int]) -> list[MediumRow]:
    """The media in the order of ``wanted``."""
    count, last = func.count(CarriedFile.id), func.max(CarriedFile.at)
    found: dict[int, MediumRow] = {}
    for page in pages(wanted):
        statement = (
            select(Medium.__table__, count.label("carried"), last.label("last"))
            .outerjoin(CarriedFile, CarriedFile.medium_id == Medium.id)
            .where(Medium.id.in_(page))
            .group_by(Medium.id)
        )
        for row in connection.execute(statement):
            found[row.id] = MediumRow(
                id=row.id, facts=facts_of(row), carried=row.carried, last=row.last
            )
    return [found[each] for each in wanted if each in found]


def facts_of(row: Any) -> MediumFacts:
    """What a person filled in, from a row of the table."""
    return MediumFacts(**{name: getattr(row, name) for name in MediumFacts.__dataclass_fields__})


def facts(connection: Connection, medium_id: int) -> MediumFacts | None:
    """One medium; None if the row is gone."""
    row = connection.execute(select(Medium.__table__).where(Medium.id == medium_id)).first()
    return None if row is None else facts_of(row)


def known(connection: Connection) -> dict[str, tuple[int, MediumFacts]]:
    """Every medium by its number."""
    found = connection.execute(select(Medium.__table__).order_by(Medium.id))
    return {row.ident: (row.id, facts_of(row)) for row in found}


def carried_of(connection: Connection, medium_id: int | None = None) -> tuple[CarriedRow, ...]:
    """What left on one medium, or on all and elsewhere (None), newest first."""
    statement = select(CarriedFile.__table__).order_by(CarriedFile.id.desc())
    if medium_id is not None:
        statement = statement.where(CarriedFile.medium_id == medium_id)
    return tuple(_carried(row) for row in connection.execute(statement))


def newest_of_name(connection: Connection, file_name: str) -> tuple[CarriedRow, ...]:
    """Every time a file of this name left, newest first."""
    statement = (
        select(CarriedFile.__table__)
        .where(CarriedFile.file_name == file_name)
        .order_by(CarriedFile.id.desc())
    )
    return tuple(_carried(row) for row in connection.execute(statement))


def newest_of_package(connection: Connection, package_id: int) -> CarriedRow | None:
    """The last time a package left; None if it never did."""
    row = connection.execute(
        select(CarriedFile.__table__)
        .where(CarriedFile.package_id == package_id)
        .order_by(CarriedFile.id.desc())
        .limit(1)
    ).first()
    return None if row is None else _carried(row)


def _carried(row: Any) -> CarriedRow:
    return CarriedRow(**{name: getattr(row, name) for name in CarriedRow.__dataclass_fields__})
