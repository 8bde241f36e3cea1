"""What classifying needs of every target: facts, unlawful acts found, what was decided last."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from app.db.read import targets
from app.domain.target import TargetFacts
from app.models import CategoryDecision, InspectionEntry, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified:
    """One target in force with its record; ``decided``: last decision (category, grounds)."""

    id: int
    ident: str
    facts: TargetFacts
    violations: tuple[date, ...]
    decided: tuple[str, tuple[str, ...]] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """One decision of a target's history."""

    at: datetime
    by: str
    was: str
    suggested: str
    decided: str
    grounds: tuple[str, ...]
    reason: str
    document_no: str


def in_force(connection: Connection, target_id: int | None = None) -> list[Classified]:
    """Every target that is neither closed nor moved, or one of them, by ident."""
    found: dict[int, list[date]] = defaultdict(list)
    entries = select(InspectionEntry.target_id, InspectionEntry.on).where(
        InspectionEntry.violation.is_(True)
    )
    wanted = select(Target.__table__).where(Target.state.not_in(("closed", "moved")))
    if target_id is not None:
        entries = entries.where(InspectionEntry.target_id == target_id)
        wanted = wanted.where(Target.id == target_id)
    for row in connection.execute(entries):
        found[row.target_id].append(row.on)
    last = _last_decisions(connection)
    return [
        Classified(
            id=row.id,
            ident=row.ident,
            facts=targets.facts_of(row),
            violations=tuple(sorted(found.get(row.id, ()))),
            decided=last.get(row.id),
        )
        for row in connection.execute(wanted.order_by(Target.ident))
    ]


def _last_decisions(connection: Connection) -> dict[int, tuple[str, tuple[str, ...]]]:
    newest = select(func.max(CategoryDecision.id)).group_by(CategoryDecision.target_id)
    found = connection.execute(
        select(
            CategoryDecision.target_id, CategoryDecision.decided, CategoryDecision.grounds
        ).where(CategoryDecision.id.in_(newest))
    )
    return {row.target_id: (row.decided, tuple(row.grounds)) for row in found}


def decisions_of(connection: Connection, target_id: int) -> tuple[DecisionLine, ...]:
    """What was decided about one target, newest first."""
    names = DecisionLine.__dataclass_fields__
    found = connection.execute(
        select(CategoryDecision.__table__)
        .where(CategoryDecision.target_id == target_id)
        .order_by(CategoryDecision.id.desc())
    )
    return tuple(
        DecisionLine(**{n: getattr(row, n) for n in names} | {"grounds": tuple(row.grounds)})
        for row in found
    )
