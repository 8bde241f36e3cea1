"""Digests as people compare them: lower-case hex in groups of eight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

GROUP: Final = 8
NONE: Final = "0" * 64


def groups(digest: str) -> tuple[str, ...]:
    """``digest`` in groups of eight characters."""
    return tuple(digest[at : at + GROUP] for at in range(0, len(digest), GROUP))


def rows(digest: str, per_row: int = 4) -> tuple[str, ...]:
    """``digest`` as rows of ``per_row`` groups parted by one blank."""
    parts: Sequence[str] = groups(digest)
    return tuple(" ".join(parts[at : at + per_row]) for at in range(0, len(parts), per_row))


def short(digest: str) -> str:
    """The first eight characters: the 校验码 of paper and screen."""
    return digest[:GROUP]


def digits(text: str) -> str:
    """A witness's digits in groups of three, as they are read aloud."""
    return " ".join(text[at : at + 3] for at in range(0, len(text), 3))
