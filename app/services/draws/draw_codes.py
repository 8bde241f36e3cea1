"""The QR code of a draw for the screen: the same text as on the slip, as modules to paint."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

__all__ = ["QrCode", "commitment_code"]


@dataclass(frozen=True, slots=True)
class QrCode:
    """Rows of modules from the top, True is dark; ``quiet`` modules of white belong around it."""

    modules: tuple[tuple[bool, ...], ...]
    quiet: int


@lru_cache(maxsize=4)
def commitment_code(no: str, plan: str, commitment: str) -> QrCode:
    """``RD1|no|P|C`` as the commitment slip prints it: number and digests, nothing secret."""
    from app.documents import qr

    return QrCode(qr.matrix(qr.record(no, plan, commitment)), qr.QUIET)
