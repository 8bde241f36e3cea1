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
from app.exchange.drives import FAT_LIMIT, size_words
from app.exchange.uncached import digest_from_medium

__all__ = [
    "HALF_SUFFIX",
    "Carried",
    "LeftOver",
    "NameTakenError",
    "Report",
    "carry",
    "left_overs",
    "remove_left_over",
]

HALF_SUFFIX = ".未完成"
_CHUNK = 1 << 20
_MOST_NAMES = 1000

Report = Callable[[int, int, str], None]
"""Bytes done, bytes in all, what is being done."""


class NameTakenError(UserError):
    """Another file bears the name; ``free_name`` is one that nobody bears."""

    def __init__(self, target: Path, free_name: str) -> None:
        super().__init__(
            f"介质上已有同名但内容不同的“{target.name}”，没有覆盖。",
            f"可以另存为“{free_name}”，也可以先移走它，或换一个文件夹。",
        )
        self.free_name = free_name


@dataclass(frozen=True, slots=True)
class Carried:
    """A copy that was read back from the medium; ``already``: it lay there before."""

    path: Path
    size: int
    sha256: str
    already: bool = False


@dataclass(frozen=True, slots=True)
class LeftOver:
    """Half a copy of an earlier day: never to be used, may be removed."""

    path: Path
    size: int

    @property
    def words(self) -> str:
        """“360199-2026Q3-001.zip.未完成”（1.2 MB）."""
        return f"“{self.path.name}”（{size_words(self.size)}）"


def _nothing(_done: int, _total: int, _text: str) -> None:
    """Nobody watches."""


def left_overs(folder: Path) -> tuple[LeftOver, ...]:
    """Half copies lying in ``folder``; none where it cannot be read."""
    found = []
    with contextlib.suppress(OSError):
        for path in sorted(folder.iterdir()):
            if path.name.endswith(HALF_SUFFIX) and path.is_file():
                found.append(LeftOver(path, path.stat().st_size))
    return tuple(found)


def remove_left_over(path: Path) -> None:
    """Delete half a copy, and nothing else. EnvironmentFault where it cannot be deleted."""
    if not path.name.endswith(HALF_SUFFIX):
        raise UserError(f"“{path.name}”不是没有拷完的半份，没有删除。")
    try:
        path.unlink(missing_ok=True)
        _flush_folder(path.parent)
    except OSError as error:
        raise EnvironmentFault(
            f"“{path.name}”删不掉。", "请看介质有没有写保护、是否还插着。"
        ) from error


def carry(
    source: Path,
    folder: Path,
    *,
    name: str = "",
    file_system: str = "",
    report: Report = _nothing,
) -> Carried:
    """Copy ``source`` into ``folder`` on a medium and verify it there; the original is only read.

    ``name``: what the copy is called, else as the original.  A file of that name with the same
    bytes counts as done.  Errors: NameTakenError, UserError (no room, over FAT32's 4 GB, source
    gone or changed meanwhile), EnvironmentFault (write-protected, full, pulled out),
    IntegrityError (what reads back differs).  What ``report`` raises passes through and leaves
    the half copy marked.
    """
    size = _size(source)
    target = folder / (name or source.name)
    half = target.with_name(target.name + HALF_SUFFIX)
    medium = _medium_of(folder)
    if not target.exists():
        _refuse_no_room(source, folder, half, size, file_system)
    digest = _original(source, size, report)
    try:
        if target.exists():
            return _already_there(target, size, digest)
        read = _write(source, half, size, report)
        if read != digest:
            raise UserError(f"拷贝时原件“{source.name}”被改动了。", "请重新生成后再拷。")
        found = digest_from_medium(half, lambda done: report(size + done, 2 * size, "正在读回核对"))
        _same_medium(folder, medium)
    except OSError as error:
        raise _fault(half, folder, error) from error
    if found != digest:
        raise IntegrityError(
            f"“{source.name}”写到介质后读回不同，没有拷成。",
            f"这个介质可能已坏，或标称容量是假的，请换一个；半份叫“{half.name}”，不要使用。",
        )
    try:
        half.replace(target)
        _flush_folder(folder)
        _same_medium(folder, medium)
        if target.stat().st_size != size:
            raise OSError(errno.EIO, "the copy is not there whole")
    except OSError as error:
        raise _fault(half, folder, error) from error
    return Carried(target, size, digest)


def _size(source: Path) -> int:
    try:
        return source.stat().st_size
    except OSError as error:
        raise UserError(f"原件“{source.name}”不在或读不出。", "请重新生成后再拷。") from error


def _original(source: Path, size: int, report: Report) -> str:
    """Its digest; the machine's own disk is quick, so the count stays where it is."""
    digest = hashlib.sha256()
    try:
        with source.open("rb") as handle:
            while block := handle.read(_CHUNK):
                digest.update(block)
                report(0, 2 * size, "正在核对原件")
    except OSError as error:
        raise UserError(f"原件“{source.name}”不在或读不出。", "请重新生成后再拷。") from error
    return digest.hexdigest()


def _medium_of(folder: Path) -> int:
    """The number of the file system; UserError where there is no folder."""
    try:
        if folder.is_dir():
            return folder.stat().st_dev
    except OSError:
        pass
    raise UserError(f"没有这个文件夹：{folder}。", "请插好 U 盘再试。")


def _same_medium(folder: Path, medium: int) -> None:
    """A stick that was pulled out leaves its mount folder behind, on the machine's own disk."""
    if folder.stat().st_dev != medium:
        raise OSError(errno.ENODEV, "another file system is there now")


def _already_there(target: Path, size: int, digest: str) -> Carried:
    if target.is_file() and digest_from_medium(target) == digest:
        return Carried(target, size, digest, already=True)
    raise NameTakenError(target, _free_name(target))


def _free_name(target: Path) -> str:
    for number in range(2, _MOST_NAMES):
        other = target.with_name(f"{target.stem}-{number}{target.suffix}")
        if not other.exists():
            return other.name
    raise UserError(f"介质上同名的“{target.name}”太多。", "请先整理介质。")


def _refuse_no_room(source: Path, folder: Path, half: Path, size: int, file_system: str) -> None:
    if size > FAT_LIMIT and file_system.upper().startswith("FAT"):
        raise UserError(
            f"“{source.name}”超过 4 GB，FAT32 的 U 盘放不下。", "请换 exFAT 或 NTFS 的 U 盘。"
        )
    try:
        free = shutil.disk_usage(folder).free
        free += half.stat().st_size if half.is_file() else 0
    except OSError as error:
        raise _fault(half, folder, error) from error
    if free < size:
        raise UserError(
            f"介质空间不够：要 {size_words(size)}，只剩 {size_words(free)}。",
            "请清理介质或换一个；原件没有动。",
        )


def _write(source: Path, half: Path, size: int, report: Report) -> str:
    """Write and flush; the digest of what was read from the original."""
    digest = hashlib.sha256()
    with source.open("rb") as origin, half.open("wb") as copy:
        done = 0
        while block := origin.read(_CHUNK):
            copy.write(block)
            digest.update(block)
            done += len(block)
            report(done, 2 * size, "正在写到介质")
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest()


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


_PULLED = frozenset({errno.EIO, errno.ENODEV, errno.ENXIO, errno.ENOENT, errno.ENOTCONN})
# ERROR_NOT_READY, GEN_FAILURE, NO_SUCH_DEVICE, DEVICE_NOT_CONNECTED, FILE_INVALID, DEVICE_REMOVED
_PULLED_ON_WINDOWS = frozenset({21, 31, 433, 1006, 1167, 1617})


def _fault(half: Path, folder: Path, error: OSError) -> EnvironmentFault:
    left = f"半份叫“{half.name}”，不要使用；原件没有动。"
    windows = getattr(error, "winerror", 0)
    if error.errno in {errno.ENOSPC, errno.EDQUOT} or windows == 112:
        return EnvironmentFault("介质写满了，没有拷完。", f"请清理介质或换一个。{left}")
    if error.errno == errno.EFBIG or windows == 223:
        return EnvironmentFault(
            "这个介质放不下这么大的文件。", f"请换 exFAT 或 NTFS 的 U 盘。{left}"
        )
    if error.errno in _PULLED or windows in _PULLED_ON_WINDOWS or not folder.is_dir():
        return EnvironmentFault("拷贝时介质被拔出或读写出错，没有拷完。", f"请插好后再拷。{left}")
    if error.errno == errno.EROFS or windows == 19 or isinstance(error, PermissionError):
        return EnvironmentFault("介质写保护，写不进去。", "请拨开写保护开关或换一个；原件没有动。")
    return EnvironmentFault(f"拷贝到介质时出错（{error.strerror or error}）。", left)
