"""检查频次台账: inspections of a target in a year by kind, and whether a cap is reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.rule_facts import InspectionKind, TargetRecord
from app.domain.rulebook import YearlyCap


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequency:
    """One target's year: how many inspections of each kind, how many drawn and pending.

    ``violation``: at least one of them found an unlawful act.
    """

    year: int
    done: tuple[tuple[InspectionKind, int], ...]
    pending: int
    violation: bool
    waiting: tuple[tuple[InspectionKind, int], ...] = ()  # pending by kind
    excused: tuple[tuple[InspectionKind, int], ...] = ()  # of the done ones, 不计频次

    def counted(self, cap: YearlyCap) -> int:
        """Inspections the cap counts; a pending task counts where its kind does."""
        found = sum(n for kind, n in (*self.done, *self.waiting) if kind in cap.counts)
        if cap.excusable:
            found -= sum(n for kind, n in self.excused if kind in cap.counts)
        return found

    def in_words(self) -> str:
        """Say it as the ledger does: 本级抽查1次、上级检查1次，待查1次."""
        parts = "、".join(f"{kind.label}{number}次" for kind, number in self.done)
        waiting = f"待查{self.pending}次" if self.pending else ""
        return "，".join(part for part in (parts, waiting) if part) or "无"


def frequency(target: TargetRecord, year: int, on: date) -> Frequency:
    """Count a target's inspections of a year as known on day ``on``.

    Inspections from a draw count in the year of the draw's period; several tasks done in one
    visit count once (YY 四(三), 综合查一次), under the kind of the first.
    """
    happened = [item for item in target.history if item.counted_on.year == year]
    visits = {item.visit for item in happened if item.visit is not None}
    done = _by_kind((item.visit, item.kind) for item in happened)
    waiting = _by_kind(
        (draw.visit, draw.kind)
        for draw in target.drawn
        if draw.period.year == year and draw.pending(on) and draw.visit not in visits
    )
    return Frequency(
        year=year,
        done=done,
        pending=sum(number for _kind, number in waiting),
        violation=any(item.violation for item in happened),
        waiting=waiting,
        excused=_by_kind((item.visit, item.kind) for item in happened if item.excused),
    )


def _by_kind(
    found: Iterable[tuple[int | None, InspectionKind]],
) -> tuple[tuple[InspectionKind, int], ...]:
    """Count by kind; of one visit only the first."""
    seen: set[int] = set()
    counts = dict.fromkeys(InspectionKind, 0)
    for visit, kind in found:
        if visit is not None and visit in seen:
            continue
        if visit is not None:
            seen.add(visit)
        counts[kind] += 1
    return tuple((kind, number) for kind, number in counts.items() if number)


def capped(target: TargetRecord, year: int, on: date, cap: YearlyCap) -> bool:
    """Say whether the cap forbids another inspection of the target in this year."""
    if not target.history and not target.drawn:
        return False
    counts = frequency(target, year, on)
    if cap.lifted_by_violation and counts.violation:
        return False
    return counts.counted(cap) >= cap.limit
