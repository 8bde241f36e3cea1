"""Backup, restore, check: the one PC will die one day.

A backup is one zip: the database (by SQLite's backup API), attachments, draw folders, and
``backup.json`` with the SHA-256 of each.  It is read back and compared before it counts.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, text

from app import __version__
from app.db import backup as copies
from app.db import ledger, migrate
from app.db.engine import reader_engine
from app.db.unit_of_work import UnitOfWork
from app.domain import rd1
from app.domain.rd1 import Check
from app.errors import EnvironmentFault, IntegrityError, UserError
from app.exchange.files import replacing
from app.paths import WorkspaceFolder

_INDEX = "backup.json"
_DATABASE = "suicha.db"


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
    except (KeyError, ValueError, TypeError) as error:
        raise UserError("这不是随查的备份文件。", "请选 suicha-日期-….zip。") from error
    return {str(name): str(digest) for name, digest in files.items()}


def _compare(path: Path) -> None:
    """Every member's bytes against the index; IntegrityError names the first that differs."""
    with zipfile.ZipFile(path) as archive:
        index = _read_index(archive)
        names = set(archive.namelist()) - {_INDEX}
        if names != set(index):
            odd = sorted(names ^ set(index))[0]
            raise IntegrityError(f"备份里的文件与清单不符：{odd}。", "请换一份备份。")
        for name, digest in index.items():
            try:
                with archive.open(name) as handle:
                    found = hashlib.file_digest(handle, "sha256").hexdigest()  # type: ignore[arg-type]
            except (zipfile.BadZipFile, OSError) as error:
                raise IntegrityError(f"备份里的文件已损坏：{name}。", "请换一份备份。") from error
            if found != digest:
                raise IntegrityError(f"备份里的文件已损坏：{name}。", "请换一份备份。")


def restore(source: Path, root: Path) -> None:
    """Unpack a backup into a new, empty folder, verified; an existing workspace is refused."""
    if not source.is_file():
        raise UserError(f"没有这个备份文件：{source}。", "请检查文件名。")
    if not zipfile.is_zipfile(source):
        raise UserError(f"这不是随查的备份文件：{source}。", "请选 suicha-日期-….zip。")
    if root.exists() and any(root.iterdir()):
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
    except OSError as error:
        raise EnvironmentFault(f"不能写入：{root}。", "请检查磁盘空间和写入权限。") from error
    faults = copies.quick_check(folder.database)
    if faults:
        raise IntegrityError(f"恢复出的数据库不完整：{faults[0]}。", "请换一份备份。")


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
    engine = reader_engine(folder.database)
    try:
        with engine.connect() as connection:
            checks.extend(check(connection, folder, printed))
    except sqlite3.DatabaseError as error:
        checks.append(Check("数据库", False, str(error)))
    finally:
        engine.dispose()
    return tuple(checks)


def _parse_head(head: str) -> ledger.Head:
    match = re.fullmatch(r"([0-9]{1,12})-([0-9a-f]{8,64})", head)
    if not match:
        raise UserError(f"账本头“{head}”写得不对。", "请照纸上的写，例如 128-9c41e07b。")
    return ledger.Head(int(match[1]), match[2])


def check(
    connection: Connection, folder: WorkspaceFolder, printed: ledger.Head | None
) -> Iterator[Check]:
    """Foreign keys, ledger, draws and their chain, files of the draws, attachments."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    yield Check("关联", not broken, f"{len(broken)} 处断开" if broken else "没有断开")
    yield from _check_ledger(connection, printed)
    yield from _check_draws(connection, folder)
    yield from _check_attachments(connection, folder)


def _check_ledger(connection: Connection, printed: ledger.Head | None) -> Iterator[Check]:
    faults = list(ledger.faults(connection))
    head = ledger.head(connection)
    detail = "；".join(fault.what for fault in faults[:5]) or (
        f"{head.seq} 条首尾相接，账本头 {head.seq}-{head.hash[:8]}"
    )
    yield Check("账本", not faults, detail)
    if printed is None:
        return
    row = connection.execute(
        text("SELECT hash FROM ledger WHERE seq = :seq"), {"seq": printed.seq}
    ).first()
    if row is None:
        yield Check("账本与纸上", False, f"纸上有第 {printed.seq} 条，账本里没有：尾部被截去")
    else:
        same = str(row.hash).startswith(printed.hash)
        words = "相同" if same else f"第 {printed.seq} 条与纸上不同：账本被重写"
        yield Check("账本与纸上", same, words)


def _check_draws(connection: Connection, folder: WorkspaceFolder) -> Iterator[Check]:
    rows = connection.execute(
        text(
            "SELECT no, series, plan_bytes, plan_hash, commitment, result_bytes, void_bytes,"
            " excluded_bytes FROM draw ORDER BY series, seq"
        )
    ).all()
    by_series: dict[str, list[dict[str, bytes]]] = {}
    for row in rows:
        files = {"plan.txt": row.plan_bytes, "excluded.txt": row.excluded_bytes}
        if row.void_bytes:
            # The would-be result stays in the database; its hash is in the void record.
            files["void.txt"] = row.void_bytes
        elif row.result_bytes:
            files["result.txt"] = row.result_bytes
        files.update(_addenda(connection, row.no))
        yield _files_agree(folder, row.no, files)
        if not (row.result_bytes or row.void_bytes):
            continue
        by_series.setdefault(row.series, []).append(files)
        bad = [c for c in rd1.verify_draw(files) if not c.ok]
        yield Check(f"抽取 {row.no}", not bad, "；".join(c.detail for c in bad) or "复算一致")
    for series, draws in by_series.items():
        bad = [c for c in rd1.verify_series(draws) if not c.ok]
        detail = "；".join(c.detail for c in bad) or f"{len(draws)} 次抽取首尾相接"
        yield Check(f"抽取序列 {series}", not bad, detail)


def _addenda(connection: Connection, no: str) -> dict[str, bytes]:
    rows = connection.execute(
        text(
            "SELECT c.bytes FROM closing_record c JOIN draw d ON d.id = c.draw_id"
            " WHERE d.no = :no AND c.kind = 'addendum' ORDER BY c.position"
        ),
        {"no": no},
    ).all()
    return {f"addendum-{i:02d}.txt": row.bytes for i, row in enumerate(rows, 1)}


def _files_agree(folder: WorkspaceFolder, no: str, files: dict[str, bytes]) -> Check:
    for name, data in files.items():
        path = folder.draws / no / name
        try:
            same = path.read_bytes() == data
        except OSError:
            return Check(f"记录文件 {no}", False, f"{name} 不在或读不出")
        if not same:
            return Check(f"记录文件 {no}", False, f"{name} 与数据库里的不同：被改动")
    return Check(f"记录文件 {no}", True, "与数据库一致")


def _check_attachments(connection: Connection, folder: WorkspaceFolder) -> Iterator[Check]:
    rows = connection.execute(text("SELECT DISTINCT sha256, name FROM attachment")).all()
    bad = []
    for row in rows:
        path = next(folder.attachments.glob(f"**/{row.sha256}*"), None)
        if path is None:
            bad.append(f"{row.name} 不在")
            continue
        with closing(path.open("rb")) as handle:
            if hashlib.file_digest(handle, "sha256").hexdigest() != row.sha256:
                bad.append(f"{row.name} 被改动")
    yield Check("附件", not bad, "；".join(bad[:5]) or f"{len(rows)} 个文件完整")


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
    paths = [p for p in folder.iterdir() if p.suffix in {".zip", ".db"} and p.is_file()]
    paths.sort(key=lambda p: p.stat().st_mtime, reverse=True)
    return tuple(
        BackupFile(
            number,
            path.name,
            path,
            path.stat().st_size,
            datetime.fromtimestamp(path.stat().st_mtime, UTC),
        )
        for number, path in enumerate(paths, 1)
    )
