"""检查频次台账 of a year: every target with its inspections by kind, held against the caps.

Drawn targets that wait for their inspection are not told apart here: until they are inspected,
nobody who looks at the list may learn who was drawn.  A draw counts them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, select

from app.db.read import pool
from app.domain.frequency import Frequency, frequency
from app.domain.inspection import VOIDED_SOURCE
from app.domain.rule_facts import InspectionKind
from app.domain.rulebook import YearlyCap
from app.models import InspectionEntry
from app.services import rulebooks
from app.services.plans import frequency_rules


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """A target's year.  ``counts`` by kind; ``standing``: what the caps say, in words.

    ``reached``: another inspection would go over a cap.
    """

    target_id: int
    name: str
    code: str
    category: str
    counts: tuple[tuple[InspectionKind, int], ...]
    total: int
    standing: str
    reached: bool

    def of(self, *kinds: InspectionKind) -> int:
        """Inspections of these kinds."""
        return sum(number for kind, number in self.counts if kind in kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One inspection of a target; ``origin``: from a draw, an import, or by hand."""

    id: int
    on: date
    kind: str
    finding: bool
    violation: bool
    source: str
    origin: str


def year_lines(connection: Connection, year: int, on: date) -> tuple[LedgerLine, ...]:
    """Every target in force, and those gone that were inspected in the year; by name."""
    rulebook = rulebooks.of_unit(connection)
    caps = frequency_rules.limits(connection, rulebook).caps
    names = pool.target_names(connection)
    labels = {category.code: category.short for category in rulebook.categories}
    lines = []
    for target in pool.targets(connection):
        shown = replace(target, drawn=())
        counts = frequency(shown, year, on)
        if not (target.in_force or counts.done):
            continue
        named = names[target.id]
        words, reached = _standing(counts, caps)
        lines.append(
            LedgerLine(
                target_id=named.id,
                name=named.shown,
                code=named.code,
                category=labels.get(target.category, target.category),
                counts=counts.done,
                total=sum(number for _, number in counts.done),
                standing=words,
                reached=reached,
            )
        )
    return tuple(sorted(lines, key=lambda line: (-line.total, line.name)))


def standing_of(connection: Connection, target_id: int, year: int, on: date) -> str:
    """What the caps say of one target (row id) in a year: 本单位上限 2 次：还可 1 次."""
    caps = frequency_rules.limits(connection, rulebooks.of_unit(connection)).caps
    if not caps:
        return ""
    idents = {named.id: ident for ident, named in pool.target_names(connection).items()}
    record = next(
        (each for each in pool.targets(connection) if each.id == idents.get(target_id)), None
    )
    if record is None:
        return ""
    # The task that is looked at is itself still waiting: it is not counted beside what was done.
    words, _reached = _standing(frequency(replace(record, drawn=()), year, on), caps)
    return words


def _standing(counts: Frequency, caps: tuple[YearlyCap, ...]) -> tuple[str, bool]:
    if not caps:
        return "没有上限", False
    said, reached = [], False
    for cap in caps:
        counted = counts.counted(cap)
        whose = "本单位" if cap.note == frequency_rules.OWN_NOTE else "细则"
        if cap.lifted_by_violation and counts.violation:
            said.append(f"{whose}上限 {cap.limit} 次：发现违法，不受限")
        elif counted >= cap.limit:
            reached = True
            said.append(f"{whose}上限 {cap.limit} 次：已满")
        else:
            said.append(f"{whose}上限 {cap.limit} 次：还可 {cap.limit - counted} 次")
    return "；".join(said), reached


def entries(connection: Connection, target_id: int, year: int) -> tuple[LedgerEntry, ...]:
    """A target's inspections in a calendar year, the newest first."""
    table = InspectionEntry.__table__
    rows = connection.execute(
        select(table)
        .where(
            table.c.target_id == target_id,
            table.c.on >= date(year, 1, 1),
            table.c.on <= date(year, 12, 31),
        )
        .order_by(table.c.on.desc())
    )
    return tuple(
        LedgerEntry(
            id=row.id,
            on=row.on,
            kind=InspectionKind(row.kind).label,
            finding=row.finding,
            violation=row.violation,
            source=row.source,
            origin=_origin(row.assignment_id, row.batch_id, row.source),
        )
        for row in rows
    )


def _origin(assignment_id: int | None, batch_id: int | None, source: str) -> str:
    if assignment_id is not None or source.endswith(VOIDED_SOURCE):
        return "抽取"
    return "手工登记" if batch_id is None else "导入"
