"""An exercise book of tasks, and a pencil: every column of a report counted the naive way.

A test writes down what it did to each task (day, what, more) and nothing is read back from the
program; ``counted`` goes through the notes up to a day and says which tasks belong under which
column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.domain.inspection import Conclusion
from app.domain.report import Measure

SEEN = {Conclusion.NO_PROBLEM, Conclusion.ORDERED, Conclusion.CASE}
"""Somebody could look; a site closed, gone or locked against us is not covered."""


@dataclass(kw_only=True)
class Page:
    """One task's page; ``born``: the day it was drawn, or came in another's place."""

    task: int
    target: str
    category: str
    born: date = date(2026, 1, 1)
    notes: list[tuple[date, str, Any]] = field(default_factory=list)

    def write(self, on: date, what: str, more: Any = None) -> None:
        """One line: seen, sent, back, locked, gone, void, public, down, exempt, unexempt, …"""
        self.notes.append((on, what, more))


def counted(
    pages: Iterable[Page], day: date, when: str, worded: Callable[[Conclusion], bool]
) -> dict[Measure, set[int]]:
    """The tasks under each column on a day; ``when``: entered, published or rectified is done."""
    found: dict[Measure, set[int]] = {each: set() for each in Measure}
    for page in pages:
        now = _now(page, day)
        if page.born > day or ("gone" in now and "locked" not in now):
            continue
        for measure in _columns(now, when, worded):
            found[measure].add(page.task)
    return found


def _now(page: Page, day: date) -> dict[str, Any]:
    """What holds on the page at the end of a day."""
    now: dict[str, Any] = {}
    for on, what, more in page.notes:
        if on > day:
            continue
        if what == "void":
            now = {}
        elif what == "back":
            now.pop("sent", None)
        elif what == "down":
            now.pop("public", None)
        elif what == "unexempt":
            now.pop("exempt", None)
        elif what in {"referred", "receipt", "planned"}:
            now.setdefault(what, []).append(more)
        elif what == "visited":
            now.setdefault(what, {})[more[0]] = more[1]
        else:
            now[what] = more
    return now


def _columns(
    now: dict[str, Any], when: str, worded: Callable[[Conclusion], bool]
) -> Iterable[Measure]:
    yield Measure.SITES
    yield Measure.VISITS
    conclusion = now.get("locked")
    public = "public" in now
    exempt = bool(conclusion and not public and ("exempt" in now or not worded(conclusion)))
    if "seen" in now:
        yield Measure.INSPECTED
    entered = "sent" in now or "locked" in now
    over = {
        "entered": entered,
        "published": entered and (public or exempt),
        "rectified": entered and (conclusion is not Conclusion.ORDERED or "rectified" in now),
    }
    if over[when]:
        yield Measure.DONE
    yield Measure.PUBLISHED if public else Measure.EXEMPT if exempt else Measure.UNPUBLISHED
    if conclusion:
        yield {
            Conclusion.NO_PROBLEM: Measure.NO_PROBLEM,
            Conclusion.ORDERED: Measure.ORDERED,
            Conclusion.CASE: Measure.CASE,
        }.get(conclusion, Measure.OTHER)
    for word, measure in (
        ("rectified", Measure.RECTIFIED),
        ("referred", Measure.REFERRED),
        ("ended", Measure.CASE_ENDED),
        ("visited", Measure.REVISITED),
    ):
        if word in now:
            yield measure
    if conclusion not in (Conclusion.ORDERED, Conclusion.CASE) and "referred" not in now:
        return
    yield Measure.FOLLOWED
    open_ones = [
        conclusion is Conclusion.ORDERED and "rectified" not in now,
        conclusion is Conclusion.CASE and "ended" not in now,
        set(now.get("referred", ())) != set(now.get("receipt", ())),
        bool(now.get("planned")) and not now.get("visited", {}).get(now["planned"][-1], False),
    ]
    if not any(open_ones):
        yield Measure.SETTLED
