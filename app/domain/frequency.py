"""检查频次台账: inspections of a target in a year by kind, and whether a cap is reached."""

from __future__ import annotations

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

    def counted(self, kinds: tuple[InspectionKind, ...]) -> int:
        """Inspections of these kinds; a pending own task counts where own ones do."""
        total = sum(number for kind, number in self.done if kind in kinds)
        return total + (self.pending if InspectionKind.OWN in kinds else 0)

    def in_words(self) -> str:
        """Say it as the ledger does: 本级抽查1次、上级检查1次，待查1次."""
        parts = "、".join(f"{kind.label}{number}次" for kind, number in self.done)
        waiting = f"待查{self.pending}次" if self.pending else ""
        return "，".join(part for part in (parts, waiting) if part) or "无"


def frequency(target: TargetRecord, year: int, on: date) -> Frequency:
    """Count a target's inspections of a year as known on day ``on``.

    Inspections from a draw count in the year of the draw's period.
    """
    happened = [item for item in target.history if item.counted_on.year == year]
    done = tuple(
        (kind, number)
        for kind in InspectionKind
        if (number := sum(1 for item in happened if item.kind is kind))
    )
    pending = sum(1 for draw in target.drawn if draw.period.year == year and draw.pending(on))
    return Frequency(
        year=year,
        done=done,
        pending=pending,
        violation=any(item.violation for item in happened),
    )


def capped(target: TargetRecord, year: int, on: date, cap: YearlyCap) -> bool:
    """Say whether the cap forbids another inspection of the target in this year."""
    if not target.history and not target.drawn:
        return False
    counts = frequency(target, year, on)
    if cap.lifted_by_violation and counts.violation:
        return False
    return counts.counted(cap.counts) >= cap.limit
