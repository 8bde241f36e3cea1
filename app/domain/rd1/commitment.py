"""Commitment and seed: why nobody alone can choose the outcome (RD1 §3)."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.rd1.errors import CeremonyError
from app.domain.rd1.text import DIGITS, HEX64, hash_text

__all__ = ["commit", "require_digits", "require_reveal", "seed"]


def commit(no: str, plan: str, reveal: str) -> str:
    """C: binds draw number, plan hash P and the program's part R (all as text)."""
    return hash_text(f"RD1|commit|{no}|{plan}|{reveal}")


def seed(no: str, plan: str, reveal: str, digits: Sequence[str]) -> str:
    """S: from R and the digits of all witnesses in the plan's order."""
    return hash_text(f"RD1|seed|{no}|{plan}|{reveal}|{','.join(digits)}")


def require_reveal(reveal: str) -> None:
    """Refuse (CeremonyError) a reveal that is not 64 lower-case hex digits."""
    if not HEX64.fullmatch(reveal):
        raise CeremonyError(
            "揭示值应为 64 位十六进制数字（0—9、a—f 小写）。", "请按承诺记录重新输入。"
        )


def require_digits(digits: Sequence[str], witnesses: int) -> None:
    """Refuse (CeremonyError) digits that do not fit the plan's witnesses."""
    if len(digits) != witnesses:
        raise CeremonyError(
            f"方案有 {witnesses} 名见证人，给出了 {len(digits)} 组数字。",
            "请按方案中的次序逐一输入。",
        )
    for position, text in enumerate(digits, 1):
        if not DIGITS.fullmatch(text):
            raise CeremonyError(
                f"第 {position} 名见证人的数字应为 6 至 32 位半角数字。", "请对照数字条重新输入。"
            )
