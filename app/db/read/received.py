"""收到的文件: the register of everything that came in, the rows of each file, the file of a row."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, text

from app.db.read.query import ListQuery, fold
from app.domain.received import FileKind, counted
from app.domain.rule_facts import InspectionKind
from app.models import (
    Assignment,
    Draw,
    ImportBatch,
    IncomingFile,
    IncomingList,
    IncomingRow,
    IncomingTarget,
    InspectionEntry,
    InspectionItem,
    Inspector,
    PackageLine,
    PartnerInspector,
    Result,
    Target,
)

__all__ = [
    "FileRow",
    "Origin",
    "ReceivedFile",
    "file",
    "ids",
    "origins",
    "rows",
    "rows_of",
    "taken_before",
]

_HIDDEN = "检查前保密"
_UNDONE = text(
    "SELECT json_extract(detail, '$.undone') FROM ledger"
    " WHERE action IN ('target.undo', 'inspector.undo', 'item.undo', 'inspection.undo')"
)
_IMPORTED = text(
    "SELECT detail FROM ledger WHERE action = :action AND json_extract(detail, '$.batch') = :batch"
)
_BATCHES = text(
    "SELECT DISTINCT json_extract(l.detail, '$.batch') AS batch FROM directory_version AS v"
    " JOIN ledger AS l ON l.seq = v.seq"
    " WHERE v.kind = :kind AND v.row_id = :row AND l.action = :kind || '.import' ORDER BY l.seq"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFile:
    """One file; a negative ``id`` is an import or list of before files were kept."""

    id: int
    kind: FileKind
    at: datetime
    by: str
    file_name: str
    sha256: str
    digest: str = ""
    source: str
    document_no: str
    subject: str
    counts: dict[str, int]
    batch_id: int | None
    list_id: int | None
    undone_at: datetime | None
    undone_by: str = ""

    @property
    def kept(self) -> bool:
        """Whether its bytes were kept."""
        return self.id > 0

    @property
    def did(self) -> str:
        """新增 3，更新 1; that it was taken back."""
        return counted(self.counts) + ("（已撤销）" if self.undone else "")

    @property
    def undone(self) -> bool:
        """Whether it was taken back."""
        return self.undone_at is not None

    @property
    def may_be_undone(self) -> bool:
        """Whether it is a merge, which is taken back from here."""
        merged = self.kind in {FileKind.RESULT_FORM, FileKind.RESULT_PACKAGE}
        return merged and not self.undone


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """One record a file made or changed; ``page`` and ``where`` lead to it (empty: nowhere)."""

    id: int
    change: str
    what: str
    detail: str = ""
    page: str = ""
    where: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A file a record came from or was changed by."""

    file_name: str
    at: datetime
    by: str
    undone: bool

    @property
    def words(self) -> str:
        """“填报表.xlsx”（2026-09-15，卫七）."""
        taken_back = "，已撤销" if self.undone else ""
        return f"“{self.file_name}”（{self.at.astimezone():%Y-%m-%d}，{self.by}{taken_back}）"


def _everything(connection: Connection) -> list[ReceivedFile]:
    """All files, newest first; a county sees some hundreds in a year."""
    found = [_of_row(row) for row in connection.execute(select(IncomingFile.__table__))]
    batches = {each.batch_id for each in found}
    lists = {each.list_id for each in found}
    undone = set(connection.scalars(_UNDONE))
    for row in connection.execute(select(ImportBatch.__table__)):
        if row.id not in batches:
            found.append(
                ReceivedFile(
                    id=-2 * row.id,
                    kind=FileKind(row.kind),
                    at=row.at,
                    by=row.by,
                    file_name=row.file_name,
                    sha256=row.sha256,
                    source="",
                    document_no="",
                    subject="",
                    counts=row.counts,
                    batch_id=row.id,
                    list_id=None,
                    undone_at=row.at if row.id in undone else None,
                )
            )
    for row in connection.execute(select(IncomingList.__table__)):
        if row.id not in lists:
            found.append(
                ReceivedFile(
                    id=-2 * row.id - 1,
                    kind=FileKind.LIST,
                    at=row.at,
                    by=row.by,
                    file_name=row.file_name,
                    sha256=row.sha256,
                    source=row.organ,
                    document_no=row.document_no,
                    subject=row.period,
                    counts={"new": row.rows},
                    batch_id=None,
                    list_id=row.id,
                    undone_at=None,
                )
            )
    found.sort(key=lambda each: (each.at, each.id), reverse=True)
    return found


def _of_row(row: object) -> ReceivedFile:
    values = row._mapping  # type: ignore[attr-defined]
    return ReceivedFile(
        id=values["id"],
        kind=FileKind(values["kind"]),
        at=values["at"],
        by=values["by"],
        file_name=values["file_name"],
        sha256=values["sha256"],
        digest=values["digest"],
        source=values["source"],
        document_no=values["document_no"],
        subject=values["subject"],
        counts=values["counts"],
        batch_id=values["batch_id"],
        list_id=values["list_id"],
        undone_at=values["undone_at"],
        undone_by=values["undone_by"],
    )


def ids(connection: Connection, query: ListQuery) -> array[int]:
    """Files that hold every word of the search, newest first."""
    words = fold(query.search).split()
    kinds = query.filters.get("kind", frozenset())
    found = [
        each.id
        for each in _everything(connection)
        if (not kinds or each.kind.value in kinds) and all(w in _text(each) for w in words)
    ]
    if query.sort is not None and not query.sort.descending:
        found.reverse()
    return array("q", found)


def _text(each: ReceivedFile) -> str:
    said = (each.file_name, each.source, each.document_no, each.subject, each.by, each.sha256)
    return fold(" ".join((*said, each.kind.label)))


def rows(connection: Connection, wanted: Sequence[int]) -> list[ReceivedFile]:
    """The files with these ids."""
    known = {each.id: each for each in _everything(connection)}
    return [known[each] for each in wanted if each in known]


def file(connection: Connection, ident: int) -> ReceivedFile | None:
    """One file."""
    return next(iter(rows(connection, [ident])), None)


def taken_before(connection: Connection, sha256: str, digest: str = "") -> ReceivedFile | None:
    """The last time this very file, or package, was taken and not taken back; None if never."""
    return next(
        (
            each
            for each in _everything(connection)
            if not each.undone and (each.sha256 == sha256 or (digest and each.digest == digest))
        ),
        None,
    )


# --- from a file to its rows ------------------------------------------------------------------


def rows_of(connection: Connection, received: ReceivedFile) -> tuple[FileRow, ...]:
    """Every record the file made or changed.

    Who was drawn and not inspected yet stays without a name.
    """
    kind = received.kind
    found: Iterator[FileRow]
    if kind in _DIRECTORIES and received.batch_id is not None:
        found = _directory_rows(connection, kind, received.batch_id)
    elif kind is FileKind.INSPECTIONS and received.batch_id is not None:
        found = _inspection_rows(connection, received.batch_id)
    elif kind is FileKind.PARTNERS and received.batch_id is not None:
        found = _partner_rows(connection, received.batch_id)
    elif kind is FileKind.LIST and received.list_id is not None:
        found = _list_rows(connection, received.list_id)
    else:
        found = _touched_rows(connection, received.id)
    return tuple(found)


_DIRECTORIES = {
    FileKind.TARGETS: ("target", "targets", Target, Target.ident),
    FileKind.INSPECTORS: ("inspector", "inspectors", Inspector, Inspector.personal_no),
    FileKind.ITEMS: ("item", "items", InspectionItem, InspectionItem.code),
}


def _directory_rows(connection: Connection, kind: FileKind, batch: int) -> Iterator[FileRow]:
    subject, page, table, ident = _DIRECTORIES[kind]
    told = connection.execute(_IMPORTED, {"action": f"{subject}.import", "batch": batch}).scalar()
    body = json.loads(told) if told else {}
    named = select(table.id, table.name, ident.label("ident"))  # type: ignore[attr-defined]
    known = {row.ident: row for row in connection.execute(named)}
    by_id = {row.id: row for row in known.values()}
    for each in body.get("new", ()):
        row = known.get(each)
        yield FileRow(
            id=row.id if row else 0,
            change="新增",
            what=row.name if row else f"{each}（已不在名录里）",
            detail=each,
            page=page if row else "",
            where=row.id if row else 0,
        )
    for key, change in body.get("rows", {}).items():
        row = by_id.get(int(key))
        yield FileRow(
            id=int(key),
            change="更新",
            what=row.name if row else "已不在名录里",
            detail=f"改动 {len(change['after'])} 项",
            page=page if row else "",
            where=int(key),
        )


def _inspection_rows(connection: Connection, batch: int) -> Iterator[FileRow]:
    found = connection.execute(
        select(InspectionEntry.__table__, Target.name)
        .join(Target, Target.id == InspectionEntry.target_id)
        .where(InspectionEntry.batch_id == batch)
        .order_by(InspectionEntry.id)
    )
    for row in found:
        words = f"{row.on} {InspectionKind(row.kind).label}"
        yield FileRow(
            id=row.id,
            change="新增",
            what=row.name,
            detail="，".join(each for each in (words, row.source) if each),
            page="targets",
            where=row.target_id,
        )


def _partner_rows(connection: Connection, batch: int) -> Iterator[FileRow]:
    found = connection.execute(
        select(PartnerInspector.__table__).where(PartnerInspector.batch_id == batch)
    )
    for row in found:
        yield FileRow(id=row.id, change="登记", what=row.name, detail=row.department)


def _list_rows(connection: Connection, list_id: int) -> Iterator[FileRow]:
    inspected = set(
        connection.scalars(
            select(Assignment.target_id)
            .join(Draw, Draw.id == Assignment.draw_id)
            .join(Result, Result.assignment_id == Assignment.id)
            .where(Draw.list_id == list_id, Result.inspected_on.is_not(None))
        )
    )
    found = connection.execute(
        select(IncomingTarget.__table__, Target.name)
        .join(Target, Target.id == IncomingTarget.target_id)
        .where(IncomingTarget.list_id == list_id)
        .order_by(IncomingTarget.position)
    )
    for row in found:
        open_ = row.target_id in inspected
        yield FileRow(
            id=row.id,
            change="列入",
            what=row.name if open_ else _HIDDEN,
            detail=f"第 {row.position} 家",
            page="targets" if open_ else "",
            where=row.target_id if open_ else 0,
        )


def _touched_rows(connection: Connection, file_id: int) -> Iterator[FileRow]:
    found = connection.execute(
        select(IncomingRow.__table__).where(IncomingRow.file_id == file_id).order_by(IncomingRow.id)
    )
    for row in found:
        change = "新增" if row.change == "new" else "更新"
        name = _NAMERS.get(row.record)
        made = name(connection, row.row_id) if name else None
        yield FileRow(
            id=row.id,
            change=change,
            what=made.what if made else "已撤销或不在了",
            detail="，".join(each for each in (row.place, made.detail if made else "") if each),
            page=made.page if made else "",
            where=made.where if made else 0,
        )


def _result(connection: Connection, row_id: int) -> FileRow | None:
    row = connection.execute(
        select(Assignment.id, Assignment.serial, Draw.no, Target.name)
        .join(Draw, Draw.id == Assignment.draw_id)
        .join(Target, Target.id == Assignment.target_id)
        .join(Result, Result.assignment_id == Assignment.id)
        .where(Result.id == row_id)
    ).first()
    if row is None:
        return None
    return FileRow(
        id=row_id,
        change="",
        what=row.name,
        detail=f"{row.no} {row.serial}",
        page="results",
        where=row.id,
    )


def _assignment(connection: Connection, row_id: int) -> FileRow | None:
    row = connection.execute(
        select(Assignment.id, Assignment.serial, Assignment.task_no, Draw.no)
        .join(Draw, Draw.id == Assignment.draw_id)
        .where(Assignment.id == row_id)
    ).first()
    if row is None:
        return None
    number = f"任务编号 {row.task_no}" if row.task_no else ""
    return FileRow(
        id=row_id,
        change="",
        what=f"{row.no} {row.serial}",
        detail=number,
        page="teams",
        where=row.id,
    )


def _package_line(connection: Connection, row_id: int) -> FileRow | None:
    row = connection.execute(select(PackageLine.__table__).where(PackageLine.id == row_id)).first()
    if row is None:
        return None
    where = f"“{row.sheet}”第 {row.line} 行"
    return FileRow(id=row_id, change="", what=where, detail=row.refused, page="publication")


_NAMERS = {"result": _result, "assignment": _assignment, "package_line": _package_line}


# --- from a row to its files ------------------------------------------------------------------


def origins(connection: Connection, record: str, row_id: int) -> tuple[Origin, ...]:
    """Which files made or changed a record, oldest first.

    ``record``: target, inspector, item, or one of ``IncomingRow`` (result, assignment …).
    """
    if record in {"target", "inspector", "item"}:
        batches = connection.scalars(_BATCHES, {"kind": record, "row": row_id}).all()
        known = {each.batch_id: each for each in reversed(_everything(connection)) if each.batch_id}
        found = [known[each] for each in batches if each in known]
    else:
        wanted = connection.scalars(
            select(IncomingRow.file_id)
            .where(IncomingRow.record == record, IncomingRow.row_id == row_id)
            .order_by(IncomingRow.id)
        ).all()
        found = rows(connection, list(dict.fromkeys(wanted)))
    return tuple(
        Origin(file_name=each.file_name, at=each.at, by=each.by, undone=each.undone)
        for each in found
    )
