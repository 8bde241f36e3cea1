"""The one way to write a file safely: temp in the same folder, flush, fsync, replace."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from app.errors import EnvironmentFault

_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_ILLEGAL = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_LONGEST_NAME = 100


def write_atomically(path: Path, data: bytes) -> None:
    """Write ``data`` so that ``path`` holds either its old content or all of the new.

    Raises EnvironmentFault (disk full, no permission, file open elsewhere, folder missing);
    then the old file is untouched and no temporary file stays.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(data)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside ``path``; on leaving without error it becomes ``path``.

    For writers that need a file of their own (workbooks, zips). Same errors and promises
    as :func:`write_atomically`; the caller must have closed the file.
    """
    temporary: Path | None = None
    try:
        temporary = path.with_name(f".~{secrets.token_hex(8)}.tmp")
        temporary.open("xb").close()
        yield temporary
        _flush_to_disk(temporary)
        temporary.replace(path)
        _flush_folder(path.parent)
    except OSError as error:
        raise _fault(path, error) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def safe_name(text: str, longest: int = _LONGEST_NAME) -> str:
    """A file name legal on Windows that still reads like ``text`` (no folder part)."""
    name = _ILLEGAL.sub("_", text).strip().rstrip(". ")
    if len(name) > longest:
        stem, dot, suffix = name.rpartition(".")
        keep = f".{suffix}" if dot and len(suffix) <= 5 else ""
        name = (stem if keep else name)[: longest - len(keep)].rstrip(". ") + keep
    if not name:
        return "未命名"
    return f"_{name}" if _RESERVED.fullmatch(name) else name


def _flush_to_disk(path: Path) -> None:
    with path.open("r+b") as stream:
        os.fsync(stream.fileno())


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows has no handle for a folder; NTFS journals the rename
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _fault(path: Path, error: OSError) -> EnvironmentFault:
    if error.errno in {errno.ENOSPC, errno.EDQUOT} or getattr(error, "winerror", 0) == 112:
        return EnvironmentFault(
            f"磁盘空间不足，“{path.name}”没有写成。", "请清理磁盘或换一个位置后再试。"
        )
    if error.errno == errno.EFBIG:
        return EnvironmentFault(
            f"“{path.name}”太大，这个磁盘放不下。", "FAT32 的 U 盘每个文件不能超过 4 GB，请换一个。"
        )
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return EnvironmentFault(f"找不到文件夹“{path.parent}”。", "请确认 U 盘或文件夹还在。")
    if isinstance(error, PermissionError | IsADirectoryError) or error.errno == errno.EROFS:
        return EnvironmentFault(
            f"不能写入“{path.name}”。", "请先关闭正在打开它的 Excel 或 WPS，或换一个有权限的位置。"
        )
    return EnvironmentFault(
        f"写入“{path.name}”时出错（{error.strerror or error}）。", "请检查磁盘或 U 盘后再试。"
    )
