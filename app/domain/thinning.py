"""Which backups may go when they grow old.

All of the last seven days stay, then the newest of each week for two months, then the newest of
each month for ever.  What a person made and what was made before an upgrade, a restore or a move
is never thinned: it is the only way back across that step.  Neither is the newest of all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

__all__ = ["Aged", "superfluous"]

_ALL_DAYS = 7
_WEEKLY_DAYS = 61
_THINNED = ("day", "after-")


@dataclass(frozen=True, slots=True)
class Aged:
    """A backup by its file name: when it was made (the office's own time) and why."""

    name: str
    at: datetime
    reason: str


def superfluous(backups: Iterable[Aged], today: date) -> tuple[str, ...]:
    """Names of those that may be deleted, oldest first."""
    newest_first = sorted(backups, key=lambda each: (each.at, each.name), reverse=True)
    taken: set[tuple[object, ...]] = set()
    found = []
    for place, each in enumerate(newest_first):
        span = _span(each.at.date(), today)
        if place == 0 or not each.reason.startswith(_THINNED) or span is None:
            continue
        if span in taken:
            found.append(each.name)
        taken.add(span)
    return tuple(reversed(found))


def _span(day: date, today: date) -> tuple[object, ...] | None:
    """What a backup of ``day`` stands for; None where each one stays."""
    age = (today - day).days
    if age < _ALL_DAYS:
        return None
    if age < _WEEKLY_DAYS:
        return ("week", *day.isocalendar()[:2])
    return ("month", day.year, day.month)
