"""附件: photos, scans and sound, stored once by their SHA-256, never executable.

A file lies at ``attachments/<first two hex digits>/<sha256>`` without its name: two uploads of
the same bytes are one file, and nothing there opens by a double click.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePath

from app.db.unit_of_work import UnitOfWork
from app.domain.inspection import HOW_TO_CORRECT, ResultState
from app.errors import EnvironmentFault, IntegrityError, UserError
from app.exchange.files import replacing
from app.models import (
    Attachment,
    Correction,
    DirectoryRound,
    Draw,
    ExportPackage,
    IncomingList,
    Result,
    Target,
)
from app.paths import WorkspaceFolder

__all__ = [
    "Attach",
    "Attached",
    "Detach",
    "attach",
    "copy_out",
    "detach",
    "keep",
    "keep_received",
    "path_of",
    "store",
]

_MOST_BYTES = 1024 * 1024 * 1024
_EXECUTABLE = frozenset(
    {".exe", ".com", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".hta"}
    | {".msi", ".msp", ".scr", ".pif", ".lnk", ".reg", ".dll", ".jar", ".py", ".sh"}
    | {".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".pptm", ".potm", ".ppam"}
)
_OWNERS = {
    "result": Result,
    "draw": Draw,
    "draw_attendance": Draw,
    "draw_photo": Draw,
    "list": IncomingList,
    "package": ExportPackage,
    "numbers": Draw,  # the file the platform's numbers came in
    # What comes after the lock has files of its own: 整改材料 and 更正 papers.
    "rectification": Result,
    "correction": Correction,
    "target": Target,
    "round": DirectoryRound,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attach:
    """Put a copy of ``path`` to a result or a draw (``owner_kind`` "result" or "draw")."""

    owner_kind: str
    owner_id: int
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """What was stored; ``size`` in bytes, ``sha256`` 64 hex digits."""

    id: int
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Detach:
    """Take an attachment off again (a file nothing refers to is removed)."""

    id: int


def attach(uow: UnitOfWork, command: Attach) -> Attached:
    """Store a file and remember whose it is; the same file twice is one attachment.

    Errors: UserError (owner gone or locked, programs and macros, empty or above 1 GB),
    EnvironmentFault (source unreadable, disk full).
    """
    _refuse_closed_owner(uow, command.owner_kind, command.owner_id)
    kept = keep(uow, command.owner_kind, command.owner_id, command.path)
    uow.changed.add("attachment")
    uow.commit()
    return kept


def keep(uow: UnitOfWork, owner_kind: str, owner_id: int, source: Path) -> Attached:
    """As ``attach``, without owner check and commit: for services that store a file they took in.

    Errors: as in ``attach``.
    """
    _refuse_unfit(source)
    return keep_received(uow, owner_kind, owner_id, source)


def keep_received(uow: UnitOfWork, owner_kind: str, owner_id: int, source: Path) -> Attached:
    """As ``keep``, whatever it is: a table that was read is kept as it came, macros and all.

    Errors: EnvironmentFault (source unreadable, disk full).
    """
    digest, size = _digest(source)
    known = (
        uow.session.query(Attachment)
        .filter_by(owner_kind=owner_kind, owner_id=owner_id, sha256=digest)
        .first()
    )
    if known is not None:
        return Attached(id=known.id, name=known.name, size=known.size, sha256=known.sha256)
    _store(uow.folder, source, digest)
    row = Attachment(
        owner_kind=owner_kind,
        owner_id=owner_id,
        name=source.name,
        sha256=digest,
        size=size,
        at=uow.now,
        by=uow.actor,
    )
    uow.session.add(row)
    uow.record(
        "attachment.add",
        f"{owner_kind}/{owner_id}",
        {"name": source.name, "sha256": digest, "bytes": size},
    )
    return Attached(id=row.id, name=row.name, size=size, sha256=digest)


def store(folder: WorkspaceFolder, source: Path) -> tuple[str, int]:
    """Keep the bytes of a file, whosever it is; gives SHA-256 and size.

    Errors: EnvironmentFault (source unreadable, disk full).
    """
    digest, size = _digest(source)
    _store(folder, source, digest)
    return digest, size


def detach(uow: UnitOfWork, command: Detach) -> None:
    """Take it off; UserError if it is gone or its result is locked."""
    row = uow.session.get(Attachment, command.id)
    if row is None:
        raise UserError("这个附件已不在。", "请刷新后再试。")
    _refuse_closed_owner(uow, row.owner_kind, row.owner_id)
    digest = row.sha256
    uow.session.delete(row)
    uow.record(
        "attachment.remove",
        f"{row.owner_kind}/{row.owner_id}",
        {"name": row.name, "sha256": digest},
    )
    others = uow.session.query(Attachment).filter_by(sha256=digest).count()
    uow.changed.add("attachment")
    uow.commit()
    if not others:
        path_of(uow.folder, digest).unlink(missing_ok=True)


def path_of(folder: WorkspaceFolder, sha256: str) -> Path:
    """Where the bytes of an attachment lie."""
    return folder.attachments / sha256[:2] / sha256


def copy_out(folder: WorkspaceFolder, sha256: str, target: Path) -> Path:
    """Copy an attachment under its own name for looking at it; verified on the way.

    Errors: IntegrityError if the stored bytes are missing or changed, EnvironmentFault (disk).
    """
    source = path_of(folder, sha256)
    if not source.is_file():
        raise IntegrityError(f"附件文件不在了：{target.name}。", "请从备份恢复。")
    with replacing(target) as temporary:
        shutil.copyfile(source, temporary)
        if _digest(temporary)[0] != sha256:
            raise IntegrityError(f"附件文件被改动：{target.name}。", "请从备份恢复。")
    return target


def _refuse_closed_owner(uow: UnitOfWork, kind: str, owner_id: int) -> None:
    table = _OWNERS.get(kind)
    owner = uow.session.get(table, owner_id) if table is not None else None
    if owner is None:
        raise UserError("附件所属的记录已不在。", "请刷新后再试。")
    if (
        kind == "result"
        and isinstance(owner, Result)
        and owner.state in {ResultState.LOCKED, ResultState.VOIDED}
    ):
        raise UserError("这份检查结果已经锁定，附件不能再增减。", HOW_TO_CORRECT)


def _refuse_unfit(source: Path) -> None:
    if PurePath(source.name).suffix.lower() in _EXECUTABLE:
        raise UserError(
            f"“{source.name}”是程序或带宏的文件，不能作附件。", "请改存为 PDF、图片或普通文档。"
        )
    try:
        size = source.stat().st_size
    except OSError as error:
        raise _unreadable(source) from error
    if not source.is_file() or size == 0:
        raise UserError(f"“{source.name}”是空的或不是文件，没有添加。", "请重新选择。")
    if size > _MOST_BYTES:
        raise UserError(f"“{source.name}”超过 1 GB，没有添加。", "请压缩或剪短后再加。")


def _unreadable(path: Path) -> EnvironmentFault:
    return EnvironmentFault(f"读不到文件“{path.name}”。", "请确认文件还在、没有被占用。")


def _digest(path: Path) -> tuple[str, int]:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest(), path.stat().st_size
    except OSError as error:
        raise _unreadable(path) from error


def _store(folder: WorkspaceFolder, source: Path, digest: str) -> None:
    target = path_of(folder, digest)
    if target.is_file() and _digest(target)[0] == digest:
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentFault("不能写入附件文件夹。", "请检查磁盘空间和写入权限。") from error
    with replacing(target) as temporary:
        shutil.copyfile(source, temporary)
        if _digest(temporary)[0] != digest:
            raise IntegrityError(f"“{source.name}”复制后与原件不符，没有添加。", "请再试一次。")
