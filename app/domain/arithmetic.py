"""Sums as an officer would write them: exact, with the rounding said in words."""

from __future__ import annotations

from fractions import Fraction


def percent(ratio: Fraction) -> str:
    """Write a ratio as a percentage, exactly: 1/8 → ``12.5%``."""
    return f"{decimal(ratio * 100)}%"


def decimal(value: Fraction) -> str:
    """Write a number exactly: as a decimal if it ends, else as a fraction ``7/3``."""
    rest = value.denominator
    digits = 0
    while rest % 10 == 0:
        rest, digits = rest // 10, digits + 1
    for prime in (2, 5):
        while rest % prime == 0:
            rest, digits = rest // prime, digits + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    scaled = f"{abs(value.numerator) * 10**digits // value.denominator:0{digits + 1}d}"
    whole, part = scaled[: len(scaled) - digits], scaled[len(scaled) - digits :].rstrip("0")
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{part}" if part else f"{sign}{whole}"


def rounded(words: str, exact: Fraction) -> str:
    """Add the rounding to a sum in words, if there was any."""
    return words if exact.denominator == 1 else f"{words}，进位得 {up(exact)}"


def division(dividend: int, divisor: int) -> str:
    """Say a division that is rounded up: ``90 ÷ 4 = 22 余 2，进位得 23``."""
    whole, rest = divmod(dividend, divisor)
    if rest == 0:
        return f"{dividend} ÷ {divisor} = {whole}"
    return f"{dividend} ÷ {divisor} = {whole} 余 {rest}，进位得 {whole + 1}"


def up(value: Fraction) -> int:
    """Round up: “至少”, “不低于” and “最低” leave no other way."""
    return -(-value.numerator // value.denominator)
