"""上报包: what was carried away, newest first."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from app.db.read.attachments import AttachedFile, of_owner
from app.db.read.query import ListQuery, fold
from app.domain.outgoing import KIND_WORDS, record_kind
from app.domain.package_course import PackageState
from app.models import Draw, ExportPackage, PackageLine, PackageStep, Result

__all__ = [
    "LineRow",
    "PackageFile",
    "PackageRow",
    "StepRow",
    "by_name",
    "every",
    "ids",
    "lines",
    "one",
    "place_of",
    "rows",
    "sent_back",
    "steps",
]

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
    made_at: datetime
    by: str
    platform: str
    state: PackageState
    changed_only: bool
    locked: bool
    refused: int
    receipt_no: str = ""
    resent_as_id: int | None = None

    @property
    def what_words(self) -> str:
        """What it holds, in words."""
        return KIND_WORDS.get(self.what, self.what)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """One row a package carried; ``refused``: the platform's words, empty if it took it.

    ``ident``: the codes the record is known by; ``gone``: the sheet it was taken off, for a row
    that says the record is no longer there.
    """

    id: int
    sheet: str
    line: int
    key: str
    label: str
    refused: str
    ident: str = ""
    gone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step of a package's life: who, in what post, on which day; who wrote it down, when."""

    state: PackageState
    who: str
    post: str
    on: date | None
    number: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageFile:
    """Everything about one package."""

    row: PackageRow
    steps: tuple[StepRow, ...]
    receipts: tuple[AttachedFile, ...]
    lines: int
    gone: int
    corrects: str  # file name of the package this one mends
    resent_as: str


def one(connection: Connection, package_id: int) -> PackageFile | None:
    """One package with its life; None if it is gone."""
    found = rows(connection, [package_id])
    if not found:
        return None
    counted = connection.execute(
        select(
            func.count(PackageLine.id), func.count(PackageLine.id).filter(PackageLine.gone != "")
        ).where(PackageLine.package_id == package_id)
    ).one()
    names = connection.execute(
        select(ExportPackage.id, ExportPackage.file_name, ExportPackage.resent_as_id).where(
            or_(
                ExportPackage.resent_as_id == package_id,
                ExportPackage.id == (found[0].resent_as_id or 0),
            )
        )
    ).all()
    return PackageFile(
        row=found[0],
        steps=steps(connection, package_id),
        receipts=of_owner(connection, "package", package_id),
        lines=counted[0],
        gone=counted[1],
        corrects=next((each.file_name for each in names if each.resent_as_id == package_id), ""),
        resent_as=next((each.file_name for each in names if each.id == found[0].resent_as_id), ""),
    )


def steps(connection: Connection, package_id: int) -> tuple[StepRow, ...]:
    """The life of a package, from its making on."""
    found = connection.execute(
        select(PackageStep.__table__)
        .where(PackageStep.package_id == package_id)
        .order_by(PackageStep.id)
    )
    return tuple(
        StepRow(
            state=row.state,
            who=row.who,
            post=row.post,
            on=row.on,
            number=row.number,
            note=row.note,
            by=row.by,
            at=row.at,
        )
        for row in found
    )


def by_name(connection: Connection, file_name: str) -> PackageRow | None:
    """The newest package of this file name."""
    found = connection.execute(
        select(ExportPackage.id)
        .where(ExportPackage.file_name == file_name)
        .order_by(ExportPackage.id.desc())
    ).scalar()
    return rows(connection, [found])[0] if found is not None else None


def sent_back(connection: Connection, record: str) -> dict[int, str]:
    """What the platform said of rows of a kind it sent back and that were not sent again.

    By the number behind the colon of “targets:12”.
    """
    found = connection.execute(
        select(PackageLine.key, PackageLine.refused)
        .join(ExportPackage, ExportPackage.id == PackageLine.package_id)
        .where(
            ExportPackage.state == PackageState.PARTLY,
            PackageLine.refused != "",
            PackageLine.key.like(f"{record}:%"),
        )
        .order_by(PackageLine.id)
    )
    marks: dict[int, str] = {}
    for row in found:
        number = row.key.partition(":")[2]
        if number.isdigit():
            marks[int(number)] = row.refused
    return marks


def place_of(connection: Connection, key: str) -> tuple[str, int | str | None]:
    """Which page of the window shows the record of a row, and its number there.

    A result stands on its page under its task; the unit's own words under their paper's key.
    """
    record, _colon, text = key.partition(":")
    if record == "papers":
        return "system", key
    kind = record_kind(record)
    page, number = (kind.page if kind else ""), int(text) if text.isdigit() else None
    if record == "results" and number is not None:
        number = connection.execute(
            select(Result.assignment_id).where(Result.id == number)
        ).scalar()
    return page, number if page in _BY_NUMBER else None


# Pages that open at the number of a record.
_BY_NUMBER = frozenset({"targets", "inspectors", "items", "teams", "results"})


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
            ident=row.ident,
            gone=row.gone,
        )
        for row in found
    )


def ids(connection: Connection, query: ListQuery) -> array[int]:
    """Package ids, newest first unless sorted otherwise.

    Filters: period, what, platform, edition, state.  Searched: file name, content, draw, who
    made it, the platform's number, digest.
    """
    found = [row for row in every(connection) if _matches(row, query)]
    key = _SORTS.get(query.sort.by) if query.sort else None
    if query.sort and key:
        found.sort(key=key, reverse=query.sort.descending)
    return array("q", (row.id for row in found))


def _matches(row: PackageRow, query: ListQuery) -> bool:
    for name, wanted in query.filters.items():
        value = row.state.value if name == "state" else str(getattr(row, name))
        if wanted and value not in wanted:
            return False
    text = fold(
        f"{row.file_name} {row.what_words} {row.draw_no} {row.by} {row.platform}"
        f" {row.state.label} {row.receipt_no} {row.tagmanifest}"
    )
    return all(word in text for word in fold(query.search).split())


_SORTS: dict[str, Callable[[PackageRow], Any]] = {
    "file_name": lambda row: row.file_name,
    "what": lambda row: (row.what_words, -row.id),
    "period": lambda row: (row.period, -row.id),
    "edition": lambda row: (row.edition, -row.id),
    "platform": lambda row: (row.platform, -row.id),
    "scope": lambda row: (row.changed_only, -row.id),
    "made_at": lambda row: row.id,
    "by": lambda row: (row.by, -row.id),
    "state": lambda row: (list(PackageState).index(row.state), -row.id),
    "refused": lambda row: (row.refused, -row.id),
    "receipt_no": lambda row: (row.receipt_no, -row.id),
    "size": lambda row: (row.size, -row.id),
}


def every(connection: Connection) -> tuple[PackageRow, ...]:
    """All packages, newest first."""
    return _read(connection, _packages())


def rows(connection: Connection, wanted: Sequence[int]) -> tuple[PackageRow, ...]:
    """The packages with these ids, newest first."""
    return _read(connection, _packages().where(ExportPackage.id.in_(list(wanted))))


def _packages() -> Select[Any]:
    return (
        select(ExportPackage.__table__, Draw.no.label("draw_no"), _REFUSED.label("refused"))
        .outerjoin(Draw, Draw.id == ExportPackage.draw_id)
        .order_by(ExportPackage.id.desc())
    )


def _read(connection: Connection, statement: Select[Any]) -> tuple[PackageRow, ...]:
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
            made_at=row.verified_at,
            by=row.by,
            platform=row.platform,
            state=row.state,
            changed_only=row.changed_only,
            locked=row.locked,
            refused=row.refused,
            receipt_no=row.receipt_no,
            resent_as_id=row.resent_as_id,
        )
        for row in connection.execute(statement)
    )
