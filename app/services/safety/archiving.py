"""签字归档: the signed paper comes back as a scan, and with it the draw is archived.

A draw counts as archived (已归档) when a scan of the signed paper is attached to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from app.db.read import draws
from app.db.read.draws import DrawScan
from app.db.unit_of_work import UnitOfWork
from app.domain.filing import ScanKind
from app.errors import UserError
from app.models import Attachment, DrawState
from app.paths import WorkspaceFolder
from app.services import attaching
from app.services.attaching import Attach, Attached, Detach
from app.services.draws.series import find_draw
from app.services.public import publicity

__all__ = ["Archive", "ArchiveScan", "RemoveScan", "archive", "look", "remove"]

_FINISHED = frozenset({DrawState.CLOSED, DrawState.VOID})
SCANS = (".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff")
"""What a scanner or a camera makes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveScan:
    """What came back of draw ``no``: a scan of the signed paper, the attendance sheet, a photo."""

    no: str
    path: Path
    kind: ScanKind = ScanKind.SIGNED


@dataclass(frozen=True, slots=True)
class RemoveScan:
    """Take scan ``id`` off again: the wrong file was chosen."""

    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """What there is of a finished draw.

    ``files``: of its folder; ``no_note``, ``no_disclosure``: why nothing can be noted or disclosed
    now, empty if it can.
    """

    no: str
    scans: tuple[DrawScan, ...]
    files: tuple[Path, ...]
    no_note: str
    no_disclosure: str


def archive(uow: UnitOfWork, command: ArchiveScan) -> Attached:
    """Store the scan with its SHA-256 and attach it to the draw.

    Errors: UserError (draw unknown or not finished, not a scan, empty), EnvironmentFault (file
    unreadable, disk full).
    """
    draw = find_draw(uow, command.no)
    if draw.state not in _FINISHED:
        raise UserError(f"抽取 {draw.no} 还没有结束，没有可以归档的签字件。", "请先完成或作废它。")
    if command.path.suffix.lower() not in SCANS:
        raise UserError(
            f"“{command.path.name}”不是扫描件。", "请选 PDF 或 JPG、PNG、TIF 图片；照片也可以。"
        )
    uow.changed.add("draw")
    return attaching.attach(
        uow, Attach(owner_kind=command.kind.value, owner_id=draw.id, path=command.path)
    )


def remove(uow: UnitOfWork, command: RemoveScan) -> None:
    """Take a scan off; the ledger remembers that it was there.  UserError if it is gone."""
    row = uow.session.scalar(
        select(Attachment.id).where(
            Attachment.id == command.id,
            Attachment.owner_kind.in_([each.value for each in ScanKind]),
        )
    )
    if row is None:
        raise UserError("这份签字件已不在。", "请刷新后再试。")
    uow.changed.add("draw")
    attaching.detach(uow, Detach(command.id))


def look(connection: Connection, folder: WorkspaceFolder, no: str) -> Archive:
    """Everything the archive page of draw ``no`` shows; UserError if there is no such draw."""
    sheet = draws.sheet(connection, no)
    if sheet is None:
        raise UserError(f"没有编号为 {no} 的抽取。", "请核对编号。")
    room = folder.draws / no
    found = (path for path in room.iterdir() if path.is_file()) if room.is_dir() else ()
    return Archive(
        no=no,
        scans=draws.scans(connection, no),
        files=tuple(sorted(path for path in found if not path.name.startswith("."))),
        no_note="情况写在作废原因里" if sheet.brief.state == "void" else "",
        no_disclosure=publicity.why_not_disclosed(connection, no),
    )
