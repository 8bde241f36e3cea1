"""请假、借调、培训 of an inspector: registered and withdrawn, each recorded."""

from __future__ import annotations

from dataclasses import dataclass

from app.db.unit_of_work import UnitOfWork
from app.domain.absence import AbsenceFacts, kind_words, validate
from app.errors import UserError
from app.models import Inspector, InspectorAbsence
from app.services.directories.saving import refuse_problems


@dataclass(frozen=True, slots=True)
class RegisterAbsence:
    """Somebody is away."""

    inspector_id: int
    facts: AbsenceFacts


@dataclass(frozen=True, slots=True)
class WithdrawAbsence:
    """It was registered by mistake, or the person came back."""

    id: int


def register(uow: UnitOfWork, command: RegisterAbsence) -> int:
    """Keep it; UserError: a date is wrong, or it overlaps one of the same kind."""
    facts = command.facts
    refuse_problems(validate(facts))
    since = facts.since or uow.today  # validate asks for it
    person = _person(uow, command.inspector_id)
    for other in uow.session.query(InspectorAbsence).filter_by(
        inspector_id=person.id, kind=facts.kind
    ):
        ends_before = other.until is not None and other.until < since
        starts_after = facts.until is not None and facts.until < other.since
        if not ends_before and not starts_after:
            raise UserError(
                f"{person.name}的{kind_words(facts.kind)}与 {other.since} 起的那一段重叠。",
                "请先撤销那一段，或改日期。",
            )
    made = InspectorAbsence(
        inspector_id=person.id,
        kind=facts.kind,
        since=since,
        until=facts.until,
        note=facts.note,
    )
    uow.session.add(made)
    _record(uow, "absence.register", person, made)
    return made.id


def withdraw(uow: UnitOfWork, command: WithdrawAbsence) -> None:
    """Take it back; UserError if it is gone."""
    found = uow.session.get(InspectorAbsence, command.id)
    if found is None:
        raise UserError("这一段离岗已经撤销。")
    person = _person(uow, found.inspector_id)
    uow.session.delete(found)
    _record(uow, "absence.withdraw", person, found)


def _person(uow: UnitOfWork, inspector_id: int) -> Inspector:
    person = uow.session.get(Inspector, inspector_id)
    if person is None:
        raise UserError("这名执法人员已经不在了。", "请刷新后再试。")
    return person


def _record(uow: UnitOfWork, action: str, person: Inspector, absence: InspectorAbsence) -> None:
    detail = {
        "kind": absence.kind,
        "since": absence.since,
        "until": absence.until,
        "note": absence.note,
    }
    uow.record(action, person.personal_no, detail)
    uow.changed.add("inspector")
    uow.commit()
