"""收到的文件: whatever comes in from a file is registered here, inside the taking transaction.

::

    file = receiving.record_incoming(uow, Incoming(kind=FileKind.NUMBERS, path=path, …))

The file's bytes stay as attachment (by their SHA-256); the register says who took it when, from
whom, with which document, and what it changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.db.unit_of_work import UnitOfWork
from app.domain.received import FileKind
from app.errors import EnvironmentFault, UserError
from app.models import IncomingFile, IncomingRow
from app.services import attaching

__all__ = ["OWNER", "Incoming", "Touched", "mark_undone", "record_incoming"]

OWNER = "incoming"
"""Kind of owner of the kept file (``attaching``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """A record the file made (``new``) or changed; ``record``: result, assignment, package_line.

    ``place``: where it stands in the file, for a person; ``before``: what an undo needs.
    """

    record: str
    row_id: int
    place: str = ""
    new: bool = False
    before: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A file that is being taken; see ``models.IncomingFile`` for the fields.

    ``sha256``: of the bytes that were read and previewed, if known: others are refused.
    """

    kind: FileKind
    path: Path
    sha256: str = ""
    digest: str = ""
    source: str = ""
    document_no: str = ""
    subject: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    batch_id: int | None = None
    list_id: int | None = None
    touched: Sequence[Touched] = ()


def record_incoming(uow: UnitOfWork, command: Incoming) -> int:
    """Register a file and keep its bytes; gives the register's id.  The caller commits.

    Errors: UserError if it is not the file that was previewed, EnvironmentFault if it cannot be
    read (the stick was pulled out) or not be kept (disk full).
    """
    digest, size = _read(command.path)
    if command.sha256 and command.sha256 != digest:
        raise UserError(f"“{command.path.name}”在预览之后又被改过。", "请重新预览后再写入。")
    row = IncomingFile(
        kind=command.kind.value,
        file_name=command.path.name,
        sha256=digest,
        digest=command.digest,
        size=size,
        source=command.source,
        document_no=command.document_no,
        subject=command.subject,
        counts=dict(command.counts),
        batch_id=command.batch_id,
        list_id=command.list_id,
        at=uow.now,
        by=uow.actor,
    )
    uow.session.add(row)
    uow.session.flush()
    attaching.keep_received(uow, OWNER, row.id, command.path)
    uow.session.add_all(
        IncomingRow(
            file_id=row.id,
            record=each.record,
            row_id=each.row_id,
            place=each.place,
            change="new" if each.new else "changed",
            before=dict(each.before) if each.before is not None else None,
        )
        for each in command.touched
    )
    uow.changed.add("incoming")
    return row.id


def mark_undone(uow: UnitOfWork, batch_id: int) -> None:
    """Say of the files of an import that it was taken back; the files themselves stay."""
    for row in uow.session.scalars(select(IncomingFile).where(IncomingFile.batch_id == batch_id)):
        row.undone_at, row.undone_by = uow.now, uow.actor
    uow.changed.add("incoming")


def _read(path: Path) -> tuple[str, int]:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest(), path.stat().st_size
    except OSError as error:
        raise EnvironmentFault(
            f"读不到文件“{path.name}”，没有写入。", "请插好 U 盘、确认文件还在后再试。"
        ) from error
