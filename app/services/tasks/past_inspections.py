"""Inspections outside the draw, entered by hand: a superior's, a joint one, a complaint.

They count in the frequency ledger (检查频次台账) as the rulebook says, and are never a draw's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.db.unit_of_work import UnitOfWork
from app.domain.inspection import HOW_TO_CORRECT, VOIDED_SOURCE
from app.domain.past_inspection import PastInspectionFacts, validate
from app.errors import UserError
from app.models import InspectionEntry, Target
from app.services import rulebooks


@dataclass(frozen=True, slots=True)
class RecordInspection:
    """One inspection of a target; name and code in the facts are not used."""

    target_id: int
    facts: PastInspectionFacts


@dataclass(frozen=True, slots=True)
class WithdrawInspection:
    """An entry made by mistake; never one that came from a draw."""

    id: int


def record(uow: UnitOfWork, command: RecordInspection) -> int:
    """Add an entry; gives its id. UserError: a field is wrong, the day lies ahead, a double."""
    site = _site(uow, command.target_id)
    facts = command.facts
    outside = rulebooks.of_unit(uow.session.connection()).outside_draw
    if facts.ground and (outside is None or facts.ground not in outside.value):
        raise UserError(f"细则里没有“{facts.ground}”这种不经抽取的情形。", "请从列表里选择。")
    problems = [each.message for each in validate(facts, uow.today) if each.field != "name"]
    if problems:
        raise UserError("；".join(problems) + "。")
    double = select(InspectionEntry.id).where(
        InspectionEntry.target_id == site.id,
        InspectionEntry.on == facts.on,
        InspectionEntry.kind == facts.kind,
        InspectionEntry.ground == facts.ground,
    )
    if uow.session.scalar(double) is not None:
        raise UserError(f"“{site.name}”{facts.on} 的这一检查已经登记过。")
    entry = InspectionEntry(
        target_id=site.id,
        on=facts.on,
        kind=facts.kind,
        category=site.category,
        finding=facts.finding or facts.violation,
        violation=facts.violation,
        covers=True,
        source=facts.document,
        ground=facts.ground,
    )
    uow.session.add(entry)
    uow.record("inspection.record", site.ident, _detail(entry))
    uow.changed |= {"inspection", "target"}
    uow.commit()
    return entry.id


def withdraw(uow: UnitOfWork, command: WithdrawInspection) -> None:
    """Take an entry out again; the ledger keeps what it said."""
    entry = uow.session.get(InspectionEntry, command.id)
    if entry is None:
        raise UserError("这条检查记录已经撤回。")
    if entry.assignment_id is not None or entry.source.endswith(VOIDED_SOURCE):
        raise UserError("这次检查来自抽取，不能在这里撤回。", HOW_TO_CORRECT)
    site = _site(uow, entry.target_id)
    uow.session.delete(entry)
    uow.record("inspection.withdraw", site.ident, _detail(entry))
    uow.changed |= {"inspection", "target"}
    uow.commit()


def _site(uow: UnitOfWork, target_id: int) -> Target:
    site = uow.session.get(Target, target_id)
    if site is None:
        raise UserError("这条检查对象已经不在了。", "请刷新后再试。")
    return site


def _detail(entry: InspectionEntry) -> dict[str, Any]:
    return {
        "on": entry.on,
        "kind": entry.kind,
        "finding": entry.finding,
        "violation": entry.violation,
        "source": entry.source,
        "ground": entry.ground,
    }
