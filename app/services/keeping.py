"""Backup, restore, check: the one PC will die one day.

A backup is one zip: the database (by SQLite's backup API), attachments, draw folders, and
``backup.json`` with the SHA-256 of each.  It is read back and compared before it counts.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app import __version__
from app.db import backup as copies
from app.db import ledger, migrate
from app.db.engine import reader_engine
from app.db.unit_of_work import UnitOfWork
from app.domain.rd1 import Check
from app.errors import AppError, EnvironmentFault, IntegrityError, UserError
from app.exchange.bags import DAMAGED_ZIP
from app.exchange.files import replacing
from app.paths import WorkspaceFolder
from app.services import checking

_INDEX = "backup.json"
_DATABASE = "suicha.db"
_BACKUP_NAME = re.compile(r"suicha-([0-9]{8}-[0-9]{6})-.*\.(?:zip|db)")
_WHICH = "请选 suicha-日期-….zip。"


@dataclass(frozen=True, slots=True)
class MakeBackup:
    """``to``: a folder, None for the workspace's own; ``reason`` becomes part of the name."""

    to: Path | None = None
    reason: str = "manual"


@dataclass(frozen=True, slots=True)
class BackupMade:
    """A backup that was read back: where, bytes, SHA-256 of the zip."""

    path: Path
    size: int
    sha256: str


def backup(uow: UnitOfWork, command: MakeBackup) -> BackupMade:
    """Copy the whole workspace into one zip and verify it.

    Errors: EnvironmentFault if the place cannot be written, IntegrityError if the copy does not
    read back; an older backup of the same name is never touched.
    """
    folder = command.to or uow.folder.backups
    if not folder.is_dir():
        raise UserError(f"没有这个文件夹：{folder}。", "请先建立它，或插好 U 盘再试。")
    name = copies.backup_name(uow.now, command.reason).removesuffix(".db") + ".zip"
    # Outside any open transaction the backup API sees the last commit, whole.
    uow.session.rollback()
    made = _write_backup(uow.folder, folder / name)
    uow.record("backup.make", name, {"bytes": made.size, "sha256": made.sha256})
    uow.changed.add("backup")
    uow.commit()
    return made


def _write_backup(source: WorkspaceFolder, target: Path) -> BackupMade:
    if target.exists():
        raise UserError(f"备份文件已存在：{target}。", "请等一分钟再试，或换一个文件夹。")
    with replacing(target) as temporary:
        copy = temporary.with_suffix(".db")
        try:
            copies.copy_database(source.database, copy)
            _pack(source, copy, temporary)
        finally:
            copy.unlink(missing_ok=True)
        _compare(temporary)
    with target.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    return BackupMade(target, target.stat().st_size, digest)


def _members(source: WorkspaceFolder, database: Path) -> Iterator[tuple[str, Path]]:
    yield _DATABASE, database
    for room in (source.attachments, source.draws):
        for path in sorted(p for p in room.rglob("*") if p.is_file()):
            yield path.relative_to(source.root).as_posix(), path


def _pack(source: WorkspaceFolder, database: Path, target: Path) -> None:
    index: dict[str, str] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, path in _members(source, database):
            with path.open("rb") as handle:
                index[name] = hashlib.file_digest(handle, "sha256").hexdigest()
            archive.write(path, name)
        body = {"program": __version__, "schema": migrate.SCHEMA, "files": index}
        archive.writestr(_INDEX, json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True))


def _read_index(archive: zipfile.ZipFile) -> dict[str, str]:
    try:
        files = json.loads(archive.read(_INDEX))["files"]
        index = {str(name): str(digest) for name, digest in files.items()}
    except (KeyError, TypeError, AttributeError, *DAMAGED_ZIP) as error:
        raise UserError("这不是随查的备份文件，或已经损坏。", _WHICH) from error
    if _DATABASE not in index:
        raise UserError("这份备份里没有数据库。", _WHICH)
    return index


def _compare(path: Path) -> None:
    """Every member's bytes against the index; IntegrityError names the first that differs."""
    with _opened(path) as archive:
        index = _read_index(archive)
        names = set(archive.namelist()) - {_INDEX}
        if names != set(index):
            odd = sorted(names ^ set(index))[0]
            raise IntegrityError(f"备份里的文件与清单不符：{odd}。", "请换一份备份。")
        for name, digest in index.items():
            try:
                with archive.open(name) as handle:
                    found = hashlib.file_digest(handle, "sha256").hexdigest()  # type: ignore[arg-type]
            except DAMAGED_ZIP as error:
                raise IntegrityError(f"备份里的文件已损坏：{name}。", "请换一份备份。") from error
            if found != digest:
                raise IntegrityError(f"备份里的文件已损坏：{name}。", "请换一份备份。")


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except DAMAGED_ZIP as error:
        raise UserError(f"这不是随查的备份文件，或已经损坏：{path}。", _WHICH) from error


def restore(source: Path, root: Path) -> None:
    """Unpack a backup into a new, empty folder, verified; an existing workspace is refused.

    Errors leave the folder empty: UserError (no backup, folder in use), IntegrityError (the
    backup is damaged), EnvironmentFault (the disk refuses).
    """
    if not source.is_file():
        raise UserError(f"没有这个备份文件：{source}。", "请检查文件名。")
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise UserError(
            f"目标文件夹不是空的：{root}。", "请选一个新的空文件夹，原有数据不会被覆盖。"
        )
    _compare(source)
    folder = WorkspaceFolder(root)
    try:
        folder.make()
        with zipfile.ZipFile(source) as archive:
            for name in _read_index(archive):
                _extract(archive, name, root)
        faults = copies.quick_check(folder.database)
        if faults:
            raise IntegrityError(f"恢复出的数据库不完整：{faults[0]}。", "请换一份备份。")
    except OSError as error:
        _empty(root)
        raise EnvironmentFault(f"不能写入：{root}。", "请检查磁盘空间和写入权限。") from error
    except AppError:
        _empty(root)
        raise


def _empty(root: Path) -> None:
    """Half a workspace must not look like one."""
    for path in root.iterdir() if root.is_dir() else ():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _extract(archive: zipfile.ZipFile, name: str, root: Path) -> None:
    target = (root / name).resolve()
    if not target.is_relative_to(root.resolve()):
        raise UserError(f"备份里有越出文件夹的路径：{name}。", "这份备份不可信，没有恢复。")
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(name) as source, target.open("wb") as handle:
        while block := source.read(1 << 20):
            handle.write(block)


# --- check ------------------------------------------------------------------------------------


def check_folder(root: Path, head: str | None = None) -> tuple[Check, ...]:
    """Every check of a workspace that may be damaged too much to be opened.

    ``head``: the ledger head printed on paper as ``SEQ-HASH`` (hash may be its first 8 digits).
    """
    folder = WorkspaceFolder(root)
    if not folder.database.exists():
        raise UserError(f"这个文件夹里没有随查工作区：{root}。", "请检查 --data 后的文件夹。")
    printed = _parse_head(head) if head else None
    faults = copies.quick_check(folder.database)
    checks = [Check("数据库", not faults, faults[0] if faults else "页面完整")]
    if faults:
        return tuple(checks)
    revision = migrate.current(folder.database)
    if revision != migrate.SCHEMA:
        words = "是空的，没有表" if revision is None else f"结构是 {revision}，请先打开一次"
        return (*checks, Check("数据库结构", False, words))
    engine = reader_engine(folder.database)
    try:
        with engine.connect() as connection:
            checks.extend(checking.check(connection, folder, printed))
    finally:
        engine.dispose()
    return tuple(checks)


def _parse_head(head: str) -> ledger.Head:
    match = re.fullmatch(r"([0-9]{1,12})-([0-9a-f]{8,64})", head)
    if not match:
        raise UserError(f"账本头“{head}”写得不对。", "请照纸上的写，例如 128-9c41e07b。")
    return ledger.Head(int(match[1]), match[2])


# --- what there is ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A backup lying in the workspace's own folder; ``id`` is its place in the list."""

    id: int
    name: str
    path: Path
    size: int
    at: datetime


def backups(root: Path) -> tuple[BackupFile, ...]:
    """Backups of the workspace's own folder, newest first."""
    folder = WorkspaceFolder(root).backups
    if not folder.is_dir():
        return ()
    found = []
    for path in folder.iterdir():
        made = _BACKUP_NAME.fullmatch(path.name)
        if made and path.is_file():
            # The name keeps the time when a copy to a stick gives the file a new one.
            at = datetime.strptime(made[1], "%Y%m%d-%H%M%S").astimezone()
            found.append((at, path))
    found.sort(reverse=True)
    return tuple(
        BackupFile(number, path.name, path, path.stat().st_size, at)
        for number, (at, path) in enumerate(found, 1)
    )
