"""A number of the unit's own, as a person types it: 20%, 1:8, 12."""

from __future__ import annotations

import re
from fractions import Fraction

from app.domain.arithmetic import decimal, percent
from app.domain.rulebook import FixedNumber, Measure, Share
from app.errors import UserError

_NUMBER = re.compile(r"(?:1[:：])?([0-9]{1,6}(?:\.[0-9]{1,6})?)([%％]?)", re.ASCII)


def read_wish(measure: Measure, text: str) -> Fraction:
    """Read what was typed: a share as 20% (or 0.2), a staff ratio as 1:8 (or 8), else a number.

    Raises ``UserError`` for anything else.
    """
    found = _NUMBER.fullmatch(text.strip().replace(" ", ""))
    if found is None:
        raise UserError(f"看不懂“{text}”。", f"请写成 {_example(measure)} 的样子。")
    value = Fraction(found[1])
    if isinstance(measure, Share):
        return value / 100 if found[2] or value > 1 else value
    return value


def wish_words(measure: Measure, value: Fraction) -> str:
    """The value as ``read_wish`` reads it."""
    if isinstance(measure, Share):
        return percent(value)
    return decimal(value) if isinstance(measure, FixedNumber) else f"1:{decimal(value)}"


def usual_value(measure: Measure) -> Fraction:
    """What the regulation asks for, as a wish would say it."""
    if isinstance(measure, Share):
        return measure.ratio
    if isinstance(measure, FixedNumber):
        return Fraction(measure.number)
    return measure.targets_each


def _example(measure: Measure) -> str:
    if isinstance(measure, Share):
        return "20%"
    return "12" if isinstance(measure, FixedNumber) else "1:8"
