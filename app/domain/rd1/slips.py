"""Digits on the witnesses' slips as they are typed (RD1 §1 step 2, §3).

This is the input page's side: the only place where digits are normalised and
where weak ones are refused.  Records and `replay` take ASCII digits alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from datetime import date
from itertools import pairwise

from app.domain.rd1.text import DIGITS

__all__ = ["normalise_digits", "weak"]


def normalise_digits(text: str) -> str:
    """Bring what an input method typed to ASCII: full-width digits, no spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def weak(digits: str, previous: Collection[str] = ()) -> str | None:
    """Say in Chinese why these digits could have been guessed; None if they are fine.

    ``previous`` holds the digits used before in the series and by the other
    witnesses of the same draw.
    """
    if not DIGITS.fullmatch(digits):
        return "应为 6 至 32 位数字，建议掷骰子 8 次以上"
    if _repeats(digits):
        return "是同一段数字的重复，容易被猜中，请重新掷骰子"
    if _runs(digits):
        return "是顺序排列的数字，容易被猜中，请重新掷骰子"
    if _is_date(digits):
        return "像是日期或生日，容易被猜中，请重新掷骰子"
    if digits in previous:
        return "本系列中已经用过，请重新掷骰子"
    return None


def _repeats(digits: str) -> bool:
    """Whether the text is a piece of at most half its length, over and over."""
    return any(
        digits == (digits[:size] * len(digits))[: len(digits)]
        for size in range(1, len(digits) // 2 + 1)
    )


def _runs(digits: str) -> bool:
    """Whether each digit differs from the one before by the same step (9 → 0 too)."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(digits)}
    return len(steps) == 1


def _is_date(digits: str) -> bool:
    """Whether all of the text reads as a day or month of 1900–2099, or has a clock time."""
    if len(digits) == 6:
        year, month, day = digits[:2], digits[2:4], digits[4:]
        return (
            _is_day(f"19{year}", month, day)
            or _is_day(f"20{year}", month, day)
            or _is_day(digits[:4], digits[4:], "01")
        )
    if len(digits) == 8:
        return (
            _is_day(digits[:4], digits[4:6], digits[6:])
            or _is_day(digits[4:], digits[:2], digits[2:4])
            or _is_day(digits[4:], digits[2:4], digits[:2])
        )
    if len(digits) in (12, 14):
        clock_fits = digits[8:10] < "24" and all(
            digits[at : at + 2] < "60" for at in range(10, len(digits), 2)
        )
        return clock_fits and _is_day(digits[:4], digits[4:6], digits[6:8])
    return False


def _is_day(year: str, month: str, day: str) -> bool:
    if not "1900" <= year <= "2099":
        return False
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True
