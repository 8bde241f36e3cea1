"""A backup as a file: one zip, and beside it the large files, each stored once by its hash.

The zip holds the database (by SQLite's backup API), draw folders, own rulebooks, own formats of
platforms with their templates, and ``backup.json`` with the SHA-256 of each.  Attachments and
packages lie in the zip too when it must travel alone, else in ``attachments/`` beside it, where
a daily backup finds yesterday's.
Whatever is written is read back and compared before it counts.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from app import __version__
from app.db import backup as copies
from app.db import migrate
from app.errors import AppError, EnvironmentFault, IntegrityError, UserError
from app.exchange.bags import DAMAGED_ZIP
from app.exchange.files import replacing
from app.paths import HALF_RESTORED, WorkspaceFolder

__all__ = [
    "BackupFile",
    "BackupMade",
    "compare",
    "database_of",
    "found_in",
    "made_as",
    "restore",
    "store_of",
    "sweep",
    "write",
]

_INDEX = "backup.json"
_DATABASE = "suicha.db"
_BACKUP_NAME = re.compile(r"suicha-([0-9]{8}-[0-9]{6})-(.*)\.(?:zip|db)")
_WHICH = "请选 suicha-日期-….zip。"
_BROKEN = "请换一份备份。"
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class BackupMade:
    """A backup that was read back: where, bytes, SHA-256 of the zip."""

    path: Path
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A backup lying in a folder; ``id`` is its place in the list, newest first."""

    id: int
    name: str
    path: Path
    size: int
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class _Index:
    """SHA-256 by name: of the files inside the zip, and of those in the store beside it.

    ``name``: how the backup was called when it was made.
    """

    files: Mapping[str, str]
    beside: Mapping[str, str]
    name: str = ""


def found_in(folder: Path) -> tuple[BackupFile, ...]:
    """Backups lying in ``folder``, newest first."""
    if not folder.is_dir():
        return ()
    found = []
    for path in folder.iterdir():
        made = _BACKUP_NAME.fullmatch(path.name)
        if made and path.is_file():
            # The name keeps the time when a copy to a stick gives the file a new one.
            at = datetime.strptime(made[1], "%Y%m%d-%H%M%S").astimezone()
            found.append((at, path, made[2]))
    found.sort(reverse=True)
    return tuple(
        BackupFile(number, path.name, path, path.stat().st_size, at, reason)
        for number, (at, path, reason) in enumerate(found, 1)
    )


def made_as(path: Path) -> tuple[datetime, str] | None:
    """When and why a backup was made, by its first name; None if nobody knows."""
    name = path.name
    if path.suffix != ".db":
        with _opened(path) as archive:
            name = _read_index(archive).name or name
    made = _BACKUP_NAME.fullmatch(name)
    return (datetime.strptime(made[1], "%Y%m%d-%H%M%S").astimezone(), made[2]) if made else None


MOVE = "move"
"""Reason of the backup that carries a workspace to a new PC."""


def is_move(path: Path) -> bool:
    """Whether 换电脑 made it; False for what is no backup at all."""
    try:
        made = made_as(path)
    except (UserError, OSError):
        return False
    return made is not None and made[1] == MOVE


@contextmanager
def database_of(path: Path) -> Iterator[Path]:
    """The database of a backup, unpacked for a look and thrown away again.

    Errors: UserError if it is no backup, EnvironmentFault if there is no room to unpack it.
    """
    try:
        room = tempfile.TemporaryDirectory(prefix="suicha-", ignore_cleanup_errors=True)
    except OSError as error:
        raise _unreadable(path) from error
    with room:
        copy = Path(room.name) / _DATABASE
        _take_out(path, copy)
        yield copy


def _take_out(path: Path, copy: Path) -> None:
    try:
        if path.suffix == ".db":
            shutil.copyfile(path, copy)
            return
        with _opened(path) as archive:
            _read_index(archive)
            archive.extract(_DATABASE, copy.parent)
    except OSError as error:
        raise _unreadable(path) from error
    except DAMAGED_ZIP as error:
        raise UserError(f"这不是随查的备份文件，或已经损坏：{path}。", _WHICH) from error


def _unreadable(path: Path) -> EnvironmentFault:
    return EnvironmentFault(f"备份读不出：{path}。", "请检查 U 盘和本机磁盘空间后再试。")


def store_of(backup: Path) -> Path:
    """Where a backup's large files lie."""
    return backup.parent / "attachments"


# --- writing ----------------------------------------------------------------------------------


def write(source: WorkspaceFolder, target: Path, *, alone: bool) -> BackupMade:
    """Copy the workspace into ``target`` and read it back; ``alone``: nothing lies beside it.

    Errors: UserError if the file is there, EnvironmentFault if the place cannot be written,
    IntegrityError if the copy does not read back; then no half backup bears a backup's name.
    """
    if target.exists():
        raise UserError(f"备份文件已存在：{target}。", "请等一分钟再试，或换一个文件夹。")
    with replacing(target) as temporary:
        copy = temporary.with_suffix(".db")
        try:
            copies.copy_database(source.database, copy)
            _pack(source, copy, temporary, None if alone else store_of(target), target.name)
        finally:
            copy.unlink(missing_ok=True)
        compare(temporary)
    with target.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    return BackupMade(target, target.stat().st_size, digest)


def _files(source: WorkspaceFolder, rooms: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    for room in rooms:
        for path in sorted(p for p in room.rglob("*") if p.is_file()):
            if not path.name.startswith(".~"):
                yield path.relative_to(source.root).as_posix(), path


def _pack(
    source: WorkspaceFolder, database: Path, target: Path, store: Path | None, target_name: str
) -> None:
    files: dict[str, str] = {}
    beside: dict[str, str] = {}
    large = source.large_rooms
    small = tuple(room for room in source.rooms if room not in large)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        inside = [(_DATABASE, database), *_files(source, small if store else (*small, *large))]
        for name, path in inside:
            files[name] = _digest(path)
            archive.write(path, name)
        for name, path in _files(source, large) if store else ():
            beside[name] = _keep_beside(store, path) if store else ""
        body = {
            "name": target_name,
            "program": __version__,
            "schema": migrate.SCHEMA,
            "files": files,
            "beside": beside,
        }
        archive.writestr(_INDEX, json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True))


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _keep_beside(store: Path, path: Path) -> str:
    """Put a file into the store unless it lies there whole; its SHA-256."""
    digest = _digest(path)
    target = _stored(store, digest)
    if not target.is_file() or target.stat().st_size != path.stat().st_size:
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as temporary:
            shutil.copyfile(path, temporary)
    return digest


def _stored(store: Path, digest: str) -> Path:
    return store / digest[:2] / digest


# --- reading ----------------------------------------------------------------------------------


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except DAMAGED_ZIP as error:
        raise UserError(f"这不是随查的备份文件，或已经损坏：{path}。", _WHICH) from error


def _read_index(archive: zipfile.ZipFile) -> _Index:
    try:
        body = json.loads(archive.read(_INDEX))
        files = {str(name): str(digest) for name, digest in body["files"].items()}
        beside = {str(name): str(sha) for name, sha in body.get("beside", {}).items()}
        name = str(body.get("name", ""))
    except (KeyError, TypeError, AttributeError, *DAMAGED_ZIP) as error:
        raise UserError("这不是随查的备份文件，或已经损坏。", _WHICH) from error
    if _DATABASE not in files or not all(map(_SHA256.fullmatch, beside.values())):
        raise UserError("这份备份里没有数据库，或清单不对。", _WHICH)
    return _Index(files, beside, name)


def compare(path: Path) -> None:
    """Every file of a backup against its index; IntegrityError names the first that differs."""
    if path.suffix == ".db":
        faults = copies.quick_check(path)
        if faults:
            raise IntegrityError(f"备份的数据库已损坏：{faults[0]}。", _BROKEN)
        return
    with _opened(path) as archive:
        index = _read_index(archive)
        names = set(archive.namelist()) - {_INDEX}
        if names != set(index.files):
            odd = sorted(names ^ set(index.files))[0]
            raise IntegrityError(f"备份里的文件与清单不符：{odd}。", _BROKEN)
        for name, digest in index.files.items():
            try:
                with archive.open(name) as handle:
                    found = hashlib.file_digest(handle, "sha256").hexdigest()  # type: ignore[arg-type]
            except DAMAGED_ZIP as error:
                raise IntegrityError(f"备份里的文件已损坏：{name}。", _BROKEN) from error
            if found != digest:
                raise IntegrityError(f"备份里的文件已损坏：{name}。", _BROKEN)
    for name, digest in index.beside.items():
        _stored_whole(store_of(path), name, digest)


def _stored_whole(store: Path, name: str, digest: str) -> Path:
    path = _stored(store, digest)
    try:
        if _digest(path) == digest:
            return path
    except OSError as error:
        raise IntegrityError(
            f"备份旁边的 attachments 文件夹里没有 {name}，或读不出。",
            "备份要和它旁边的 attachments 文件夹放在一起；请换一份备份。",
        ) from error
    raise IntegrityError(f"备份旁边的 attachments 文件夹里 {name} 已损坏。", _BROKEN)


def restore(source: Path, root: Path) -> None:
    """Unpack a backup into a new, empty folder, verified; an existing workspace is refused.

    The database comes last: a folder where the power failed half-way is no workspace yet, and
    says so by the file ``HALF_RESTORED``; restoring into it begins anew.  Errors leave the folder
    empty: UserError (no backup, folder in use), IntegrityError (the backup is damaged),
    EnvironmentFault (the disk refuses).
    """
    if not source.is_file():
        raise UserError(f"没有这个备份文件：{source}。", "请检查文件名。")
    begun = (root / HALF_RESTORED).is_file()
    if root.exists() and not begun and (not root.is_dir() or any(_others(root))):
        raise UserError(
            f"目标文件夹不是空的：{root}。", "请选一个新的空文件夹，原有数据不会被覆盖。"
        )
    compare(source)
    folder = WorkspaceFolder(root)
    try:
        root.mkdir(parents=True, exist_ok=True)
        (root / HALF_RESTORED).write_text(
            f"正在从 {source.name} 恢复。没有做完，请重新恢复。\n", encoding="utf-8"
        )
        _empty(root, keep=HALF_RESTORED)
        folder.make()
        if source.suffix == ".db":
            _take_database(source, folder)
        else:
            _unpack(source, root)
        faults = copies.quick_check(folder.database)
        if faults:
            raise IntegrityError(f"恢复出的数据库不完整：{faults[0]}。", _BROKEN)
        (root / HALF_RESTORED).unlink()
    except OSError as error:
        _empty(root)
        raise EnvironmentFault(f"不能写入：{root}。", "请检查磁盘空间和写入权限。") from error
    except DAMAGED_ZIP as error:  # a stick that reads back otherwise the second time
        _empty(root)
        raise IntegrityError(f"备份读到一半变了：{source}。", _BROKEN) from error
    except AppError:
        _empty(root)
        raise


def _unpack(source: Path, root: Path) -> None:
    """Every file compared with the index as it was written; the database comes last."""
    with zipfile.ZipFile(source) as archive:
        index = _read_index(archive)
        for name, digest in index.beside.items():
            with _stored(store_of(source), digest).open("rb") as stream:
                _put(root, name, stream, digest)
        for name in sorted(index.files, key=lambda name: name == _DATABASE):
            with archive.open(name) as stream:
                _put(root, name, stream, index.files[name])


def _put(root: Path, name: str, stream: IO[bytes], digest: str) -> None:
    with replacing(_inside(root, name)) as temporary:
        with temporary.open("wb") as handle:
            shutil.copyfileobj(stream, handle, 1 << 20)
        if _digest(temporary) != digest:
            raise IntegrityError(f"恢复出的 {name} 与备份不同。", "请换一个磁盘再恢复。")


def _take_database(source: Path, folder: WorkspaceFolder) -> None:
    """A bare copy of the database, as made before an upgrade; the files lie where it was made."""
    origin = WorkspaceFolder(source.parent.parent)
    if origin.database.is_file():
        for name, path in _files(origin, origin.rooms):
            shutil.copyfile(path, _inside(folder.root, name))
    copies.copy_database(source, folder.database)


def _inside(root: Path, name: str) -> Path:
    target = (root / name).resolve()
    if not target.is_relative_to(root.resolve()):
        raise UserError(f"备份里有越出文件夹的路径：{name}。", "这份备份不可信，没有恢复。")
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


# What the program keeps for itself in a folder that is no workspace yet.
_OURS = {"log", "view.ini", "suicha.lock"}


def _others(root: Path) -> Iterator[Path]:
    return (path for path in root.iterdir() if path.name not in _OURS)


def _empty(root: Path, keep: str = "") -> None:
    """Half a workspace must not look like one: the note that says so goes last."""
    found = _others(root) if root.is_dir() else ()
    for path in sorted(found, key=lambda path: path.name == HALF_RESTORED):
        with suppress(OSError):
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != keep:
                path.unlink(missing_ok=True)


# --- what is no longer needed -----------------------------------------------------------------


def sweep(folder: Path, names: Iterable[str]) -> None:
    """Delete backups by name, then what in the store none of the others needs."""
    for name in names:
        (folder / name).unlink(missing_ok=True)
    needed: set[str] = set()
    for each in found_in(folder):
        if each.path.suffix == ".zip":
            try:
                with _opened(each.path) as archive:
                    needed |= set(_read_index(archive).beside.values())
            except UserError:
                return  # nobody knows what a damaged one needs: all stays
    store = folder / "attachments"
    for path in store.rglob("*") if store.is_dir() else ():
        if path.is_file() and path.name not in needed:
            path.unlink(missing_ok=True)
