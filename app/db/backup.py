"""Verified copies of the database by SQLite's backup API (a file copy loses the WAL)."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.errors import EnvironmentFault, IntegrityError


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was read back: where, how large (bytes), SHA-256."""

    path: Path
    size: int
    sha256: str


def quick_check(database: Path) -> list[str]:
    """SQLite's own page check; empty when whole.

    EnvironmentFault if the disk does not even let it look: that is no damage.
    """
    try:
        with closing(sqlite3.connect(database)) as connection:
            rows = [row[0] for row in connection.execute("PRAGMA quick_check")]
    except sqlite3.OperationalError as error:
        raise unreachable(database) from error
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return [] if rows == ["ok"] else rows


_DISK_CODES = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN}


def disk_refuses(error: BaseException | None) -> bool:
    """Whether SQLite stopped for the disk's sake and not for a mistake of ours."""
    code = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF in _DISK_CODES


def unreachable(database: Path) -> EnvironmentFault:
    """A disk that is full, gone or refuses: nothing is known to be damaged."""
    return EnvironmentFault(
        f"数据库打不开：{database}。",
        "请检查磁盘空间和写入权限，关闭占用它的程序后再试；数据没有改变。",
    )


def copy_database(source: Path, target: Path) -> Backup:
    """Copy a live database into ``target`` (temp + fsync + replace) and verify the copy.

    Errors: EnvironmentFault if the disk refuses, IntegrityError if the copy is not whole; in
    both cases ``target`` is untouched.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        with (
            closing(sqlite3.connect(source)) as origin,
            closing(sqlite3.connect(partial)) as copy,
        ):
            origin.backup(copy)
            # The copy is one self-contained file, not a file with a WAL beside it.
            copy.execute("PRAGMA journal_mode=DELETE")
    except (sqlite3.Error, OSError) as error:
        partial.unlink(missing_ok=True)
        raise EnvironmentFault(
            f"备份没有写成：{target.parent}。", "请检查磁盘空间和写入权限后再试。"
        ) from error
    faults = quick_check(partial)
    if faults:
        partial.unlink(missing_ok=True)
        raise IntegrityError(f"备份读回时不完整：{faults[0]}。", "原数据没有改变，请再备份一次。")
    with partial.open("rb+") as handle:
        os.fsync(handle.fileno())
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    partial.replace(target)
    return Backup(target, target.stat().st_size, digest)


def backup_name(at: datetime, reason: str, suffix: str = ".db") -> str:
    """File name without colon, sortable by time: suicha-20260301-083000-draw.db."""
    return f"suicha-{at.astimezone():%Y%m%d-%H%M%S}-{reason}{suffix}"
