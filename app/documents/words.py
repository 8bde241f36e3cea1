"""Dates, times, numbers and lists as an official document writes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Final

_DIGITS: Final = "〇一二三四五六七八九"
_TEN: Final = 10


def numeral(number: int) -> str:
    """1 … 99 in Chinese: 一, 十, 十二, 二十一."""
    tens, ones = divmod(number, _TEN)
    if not tens:
        return _DIGITS[ones]
    head = "" if tens == 1 else _DIGITS[tens]
    return f"{head}十{_DIGITS[ones] if ones else ''}"


def several(number: int) -> str:
    """How many of something: 两 where :func:`numeral` counts 二."""
    return "两" if number == 2 else numeral(number)


def day(when: date) -> str:
    """2026年1月8日."""
    return f"{when.year}年{when.month}月{when.day}日"


def clock(when: time) -> str:
    """9:05."""
    return f"{when.hour}:{when.minute:02d}"


def moment(when: datetime) -> str:
    """2026年1月8日9时05分."""
    return f"{day(when)}{when.hour}时{when.minute:02d}分"


def span(begun: datetime, ended: datetime) -> str:
    """2026年1月8日9时05分至9时47分; the day is repeated only if it changes."""
    if begun.date() == ended.date():
        return f"{moment(begun)}至{ended.hour}时{ended.minute:02d}分"
    return f"{moment(begun)}至{moment(ended)}"


def listed(words: Iterable[str]) -> str:
    """甲、乙、丙."""
    return "、".join(words)
