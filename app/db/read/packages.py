"""上报包: what was carried away, newest first."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from app.db.read.query import ListQuery
from app.models import Draw, ExportPackage

__all__ = ["PackageRow", "ids", "rows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageRow:
    """One bag that was written and read back; ``size`` in bytes."""

    id: int
    period: str
    seq: int
    what: str
    edition: str
    draw_no: str
    file_name: str
    folder: str
    size: int
    files: int
    tagmanifest: str
    verified_at: datetime
    by: str


def ids(connection: Connection, query: ListQuery) -> array[int]:
    """Package ids, newest first; filter: period."""
    statement = select(ExportPackage.id).order_by(ExportPackage.id.desc())
    if query.filters.get("period"):
        statement = statement.where(ExportPackage.period.in_(sorted(query.filters["period"])))
    return array("q", connection.execute(statement).scalars())


def rows(connection: Connection, wanted: Sequence[int]) -> tuple[PackageRow, ...]:
    """The packages with these ids, newest first."""
    found = connection.execute(
        select(ExportPackage.__table__, Draw.no.label("draw_no"))
        .outerjoin(Draw, Draw.id == ExportPackage.draw_id)
        .where(ExportPackage.id.in_(list(wanted)))
        .order_by(ExportPackage.id.desc())
    )
    return tuple(
        PackageRow(
            id=row.id,
            period=row.period,
            seq=row.seq,
            what=row.what,
            edition=row.edition,
            draw_no=row.draw_no or "",
            file_name=row.file_name,
            folder=row.folder,
            size=row.size,
            files=row.files,
            tagmanifest=row.tagmanifest,
            verified_at=row.verified_at,
            by=row.by,
        )
        for row in found
    )
