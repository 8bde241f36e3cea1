"""文号: series of numbers within a year, and how one is written.

A series counts from 1 each year without a gap: a spoilt number is voided with its reason and never
used again, numbers that were used outside the program are entered as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.errors import UserError

__all__ = ["Series", "Taken", "blank", "check_form", "following", "gaps", "read", "written"]

_PLACES = ("{年}", "{号}")
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Series:
    """``form`` has {年} and {号}: 青环检通〔{年}〕{号}号."""

    code: str
    form: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A number or a run of them that is used up, voided or not."""

    number: int
    through: int


def written(series: Series, year: int, number: int) -> str:
    """The number as it is printed."""
    return series.form.replace("{年}", str(year)).replace("{号}", str(number))


def blank(series: Series) -> str:
    """The number of a blank form: room to write year and number by hand."""
    return series.form.replace("{年}", "　　").replace("{号}", "　　")


def read(series: Series, words: str) -> tuple[int, int] | None:
    """Year and number of a number in this series' form; None if it is of another."""
    form = re.escape(series.form)
    form = form.replace(re.escape(_PLACES[0]), "(?P<year>[0-9]{4})")
    form = form.replace(re.escape(_PLACES[1]), "(?P<number>[0-9]{1,6})")
    found = re.fullmatch(form, words.strip())
    return (int(found["year"]), int(found["number"])) if found else None


def following(taken: Iterable[Taken]) -> int:
    """The next number of a series in a year."""
    return max((each.through for each in taken), default=0) + 1


def gaps(taken: Iterable[Taken]) -> tuple[int, ...]:
    """Numbers that nothing explains; empty unless the records were tampered with."""
    used: set[int] = set()
    for each in taken:
        used.update(range(each.number, each.through + 1))
    return tuple(number for number in range(1, max(used, default=0)) if number not in used)


def check_form(form: str) -> None:
    """UserError unless the form has year and number once each, and nothing else in braces."""
    if len(form) > _LONGEST:
        raise UserError(f"文号格式写了 {len(form)} 字。", f"请缩到 {_LONGEST} 字以内。")
    if any(form.count(place) != 1 for place in _PLACES):
        raise UserError("文号格式里要各有一个 {年} 和 {号}。", "如 青环检通〔{年}〕{号}号。")
    if re.search(r"[{}]", form.replace("{年}", "").replace("{号}", "")):
        raise UserError("文号格式里有多余的大括号。", "只用 {年} 和 {号}。")
