"""上报包: what was carried away, newest first."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from app.db.read.query import ListQuery
from app.domain.package_course import PackageState
from app.models import Draw, ExportPackage, PackageLine

__all__ = ["LineRow", "PackageRow", "ids", "lines", "rows"]

_REFUSED = (
    select(func.count(PackageLine.id))
    .where(PackageLine.package_id == ExportPackage.id, PackageLine.refused != "")
    .correlate(ExportPackage)
    .scalar_subquery()
)


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
    platform: str
    state: PackageState
    locked: bool
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """One row a package carried; ``refused``: the platform's words, empty if it took it."""

    id: int
    sheet: str
    line: int
    key: str
    label: str
    refused: str


def lines(connection: Connection, package_id: int) -> tuple[LineRow, ...]:
    """The rows of a package, those the platform sent back first."""
    found = connection.execute(
        select(PackageLine.__table__)
        .where(PackageLine.package_id == package_id)
        .order_by(PackageLine.refused == "", PackageLine.sheet, PackageLine.line)
    )
    return tuple(
        LineRow(
            id=row.id,
            sheet=row.sheet,
            line=row.line,
            key=row.key,
            label=row.label,
            refused=row.refused,
        )
        for row in found
    )


def ids(connection: Connection, query: ListQuery) -> array[int]:
    """Package ids, newest first; filter: period."""
    statement = select(ExportPackage.id).order_by(ExportPackage.id.desc())
    if query.filters.get("period"):
        statement = statement.where(ExportPackage.period.in_(sorted(query.filters["period"])))
    return array("q", connection.execute(statement).scalars())


def rows(connection: Connection, wanted: Sequence[int]) -> tuple[PackageRow, ...]:
    """The packages with these ids, newest first."""
    found = connection.execute(
        select(ExportPackage.__table__, Draw.no.label("draw_no"), _REFUSED.label("refused"))
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
            platform=row.platform,
            state=row.state,
            locked=row.locked,
            refused=row.refused,
        )
        for row in found
    )
