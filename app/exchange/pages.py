"""How many pages a file has, without drawing it."""

from __future__ import annotations

import re
import zlib
from pathlib import Path, PurePosixPath

__all__ = ["pages_of"]

_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".gif", ".webp"})
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_PACKED = re.compile(rb"/Type\s*/ObjStm\b.{0,400}?stream\r?\n", re.DOTALL)
_LARGEST = 256 * 1024 * 1024


def pages_of(name: str, content: bytes | Path) -> int:
    """Pages of a PDF, 1 for a picture, 0 for everything else and what cannot be counted.

    The PDF library draws on the window's thread and must not be used on two; so the page objects
    are counted as they stand, in plain sight or in compressed object streams.
    """
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _PICTURES:
        return 1
    if suffix != ".pdf":
        return 0
    if isinstance(content, Path):
        if content.stat().st_size > _LARGEST:
            return 0
        content = content.read_bytes()
    return len(_PAGE.findall(content)) + sum(
        len(_PAGE.findall(_inflated(content[found.end() :]))) for found in _PACKED.finditer(content)
    )


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, 64 * 1024 * 1024)
    except zlib.error:
        return b""
