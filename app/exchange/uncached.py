"""Read a file from its medium and not from the machine's memory, as far as the system lets.

What was just written lies in memory; comparing with that would say nothing of the stick.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

__all__ = ["digest_from_medium", "forget_cache"]

_CHUNK = 1 << 20


def digest_from_medium(path: Path, report: Callable[[int], None] = lambda _done: None) -> str:
    """SHA-256 of the bytes on the medium; ``report`` gets the bytes read so far."""
    forget_cache(path)
    digest = hashlib.sha256()
    done = 0
    for block in _blocks(path):
        digest.update(block)
        done += len(block)
        report(done)
    return digest.hexdigest()


def forget_cache(path: Path) -> None:
    """Ask the system to forget what it holds of the file, where it can be asked."""
    if not hasattr(os, "posix_fadvise"):
        return
    with contextlib.suppress(OSError), path.open("rb") as handle:
        os.posix_fadvise(handle.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _plain_blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as handle:
        while block := handle.read(_CHUNK):
            yield block


if sys.platform == "win32":  # pragma: no cover - needs Windows
    import ctypes
    import mmap
    from ctypes import wintypes

    from app.exchange._windows import KERNEL, opened

    _GENERIC_READ = 0x80000000
    _SHARE_READ = 1
    _NO_BUFFERING = 0x20000000
    _SEQUENTIAL = 0x08000000
    KERNEL.ReadFile.argtypes = [
        wintypes.HANDLE,
        wintypes.LPVOID,
        wintypes.DWORD,
        ctypes.POINTER(wintypes.DWORD),
        wintypes.LPVOID,
    ]

    def _blocks(path: Path) -> Iterator[bytes]:
        """Past the cache; a network folder that refuses that is read as any file."""
        flags = _NO_BUFFERING | _SEQUENTIAL
        with opened(str(path), _GENERIC_READ, _SHARE_READ, flags) as handle:
            yield from _plain_blocks(path) if handle is None else _from(handle)

    def _from(handle: int) -> Iterator[bytes]:
        # Without the cache Windows wants whole sectors into memory aligned to them: a page is.
        room = mmap.mmap(-1, _CHUNK)
        place = (ctypes.c_char * _CHUNK).from_buffer(room)
        got = wintypes.DWORD()
        while True:
            if not KERNEL.ReadFile(handle, place, _CHUNK, ctypes.byref(got), None):
                raise ctypes.WinError(ctypes.get_last_error())
            if not got.value:
                break
            yield bytes(room[: got.value])
        del place

else:
    _blocks = _plain_blocks
