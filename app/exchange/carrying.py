"""A file onto a stick: written, flushed, read back from the medium, compared; or it says why not.

What is being written bears ``….未完成`` until its bytes were read back and are the same, so that a
stick pulled out half-way holds nothing that looks like the file.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.errors import EnvironmentFault, IntegrityError, UserError

__all__ = ["HALF_SUFFIX", "Carried", "carry"]

HALF_SUFFIX = ".未完成"
_CHUNK = 1 << 20
_FAT_LIMIT = 4 * 1024**3 - 1


@dataclass(frozen=True, slots=True)
class Carried:
    """A copy that was read back from the medium: where, bytes, SHA-256."""

    path: Path
    size: int
    sha256: str


def _nothing(_done: int, _total: int) -> None:
    """Nobody watches."""


def carry(
    source: Path,
    folder: Path,
    *,
    file_system: str = "",
    report: Callable[[int, int], None] = _nothing,
) -> Carried:
    """Copy ``source`` into ``folder`` on a medium and verify it there; the original is only read.

    A file of that name with the same bytes counts as done.  Errors: UserError (another file of
    that name, no room, over FAT32's 4 GB, source gone), EnvironmentFault (write-protected, full,
    pulled out), IntegrityError (what reads back differs).  What ``report`` raises passes through
    and leaves the half copy marked.
    """
    size, digest = _original(source)
    if not folder.is_dir():
        raise UserError(f"没有这个文件夹：{folder}。", "请插好 U 盘再试。")
    target = folder / source.name
    if target.exists():
        return _already_there(target, size, digest)
    half = target.with_name(target.name + HALF_SUFFIX)
    _refuse_no_room(source, folder, half, size, file_system)
    try:
        _write(source, half, size, report)
        _forget_cache(half)
        found = _digest(half)
    except OSError as error:
        raise _fault(source, folder, error) from error
    if found != digest:
        raise IntegrityError(
            f"“{source.name}”写到介质后读回不同。",
            f"这个 U 盘可能已坏，请换一个；半份叫“{half.name}”，不要使用。",
        )
    try:
        half.replace(target)
        _flush_folder(folder)
    except OSError as error:
        raise _fault(source, folder, error) from error
    return Carried(target, size, digest)


def _original(source: Path) -> tuple[int, str]:
    try:
        return source.stat().st_size, _digest(source)
    except OSError as error:
        raise UserError(f"原件“{source.name}”不在或读不出。", "请重新生成后再复制。") from error


def _already_there(target: Path, size: int, digest: str) -> Carried:
    with contextlib.suppress(OSError):
        if target.is_file() and _digest(target) == digest:
            return Carried(target, size, digest)
    raise UserError(
        f"U 盘上已有同名但内容不同的“{target.name}”，没有覆盖。", "请先移走它，或换一个文件夹。"
    )


def _refuse_no_room(source: Path, folder: Path, half: Path, size: int, file_system: str) -> None:
    if size > _FAT_LIMIT and file_system.upper().startswith("FAT"):
        raise UserError(
            f"“{source.name}”超过 4 GB，FAT32 的 U 盘放不下。", "请换 exFAT 或 NTFS 的 U 盘。"
        )
    try:
        free = shutil.disk_usage(folder).free
        free += half.stat().st_size if half.is_file() else 0
    except OSError as error:
        raise _fault(source, folder, error) from error
    if free < size:
        short = (size - free) / 1024 / 1024
        raise UserError(
            f"U 盘空间不够：还差 {short:,.1f} MB。", "请清理 U 盘或换一个；原件没有动。"
        )


def _write(source: Path, half: Path, size: int, report: Callable[[int, int], None]) -> None:
    with source.open("rb") as origin, half.open("wb") as copy:
        done = 0
        while block := origin.read(_CHUNK):
            copy.write(block)
            done += len(block)
            report(done, size)
        copy.flush()
        os.fsync(copy.fileno())


def _forget_cache(path: Path) -> None:
    """Ask the system to read from the medium and not from memory, where it can be asked."""
    if not hasattr(os, "posix_fadvise"):
        return
    with contextlib.suppress(OSError), path.open("rb") as handle:
        os.posix_fadvise(handle.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _fault(source: Path, folder: Path, error: OSError) -> EnvironmentFault:
    half = f"半份叫“{source.name}{HALF_SUFFIX}”，不要使用；原件没有动。"
    windows = getattr(error, "winerror", 0)
    if error.errno in {errno.ENOSPC, errno.EDQUOT} or windows == 112:
        return EnvironmentFault("U 盘写满了，没有复制完。", half)
    if error.errno == errno.EFBIG:
        return EnvironmentFault(
            "这个 U 盘放不下这么大的文件。", f"请换 exFAT 或 NTFS 的 U 盘。{half}"
        )
    if error.errno == errno.EROFS or windows == 19 or isinstance(error, PermissionError):
        return EnvironmentFault("U 盘写保护，写不进去。", "请拨开写保护开关或换一个；原件没有动。")
    if not folder.is_dir() or error.errno in {errno.EIO, errno.ENODEV, errno.ENXIO, errno.ENOENT}:
        return EnvironmentFault("复制时 U 盘被拔出，没有复制完。", f"请插好后再复制。{half}")
    return EnvironmentFault(f"复制到 U 盘时出错（{error.strerror or error}）。", half)
