"""利害关系 of inspectors: registered once, proposed as a recusal wherever such a target appears."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, or_, select

from app.db.read.sites import shown_names
from app.db.unit_of_work import UnitOfWork
from app.domain.codes import normal_code
from app.domain.interest import InterestFacts, validate
from app.errors import UserError
from app.exchange.fates import plain_name
from app.models import Inspector, Interest, Recusal, Target
from app.services.directories.saving import refuse_problems
from app.services.replacing import recusing
from app.services.replacing.recusing import DeclareRecusal, RecusalDeclared

_GONE = ("closed", "moved")


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestLine:
    """One declared interest; ``lifted_on`` None: in force."""

    id: int
    inspector_id: int
    code: str
    firm: str
    uscc: str
    note: str
    declared_on: date
    declared_by: str
    lifted_on: date | None
    lifted_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A target of the list that an interest speaks of, and nobody has decided about yet."""

    interest_id: int
    inspector_id: int
    inspector: str
    target_id: int
    target: str
    code: str
    firm: str
    because: str


@dataclass(frozen=True, slots=True)
class RegisterInterest:
    """Somebody has to do with a firm."""

    inspector_id: int
    facts: InterestFacts


@dataclass(frozen=True, slots=True)
class EndInterest:
    """It is over, or was registered by mistake; recusals declared for it stay."""

    id: int


@dataclass(frozen=True, slots=True)
class DecideProposal:
    """``same``: declare the recusal; else the target is another body and not asked about again."""

    interest_id: int
    target_id: int
    same: bool


def of_inspector(connection: Connection, inspector_id: int) -> tuple[InterestLine, ...]:
    """What one person declared, in force first."""
    found = connection.execute(
        select(Interest.__table__)
        .where(Interest.inspector_id == inspector_id)
        .order_by(Interest.lifted_on.is_not(None), Interest.id.desc())
    )
    names = InterestLine.__dataclass_fields__
    return tuple(InterestLine(**{name: getattr(row, name) for name in names}) for row in found)


def proposals(connection: Connection, inspector_id: int | None = None) -> tuple[Proposal, ...]:
    """Targets in the list that interests in force speak of, without a recusal or a decision."""
    wanted = (
        select(Interest.__table__, Inspector.name.label("inspector"))
        .join(Inspector, Inspector.id == Interest.inspector_id)
        .where(Interest.lifted_on.is_(None))
        .order_by(Interest.id)
    )
    if inspector_id is not None:
        wanted = wanted.where(Interest.inspector_id == inspector_id)
    found: list[Proposal] = []
    for row in connection.execute(wanted).all():
        settled = set(row.declined) | _recused(connection, row.inspector_id)
        found += [
            Proposal(
                interest_id=row.id,
                inspector_id=row.inspector_id,
                inspector=row.inspector,
                target_id=target.id,
                target=target.name,
                code=row.code,
                firm=row.firm,
                because=because,
            )
            for target, because in _spoken_of(connection, row)
            if target.id not in settled
        ]
    names = shown_names(connection, {each.target_id: each.target for each in found})
    return tuple(replace(each, target=names.get(each.target_id, each.target)) for each in found)


def _recused(connection: Connection, inspector_id: int) -> set[int]:
    """Targets of recusals ever declared: a lifted one was a decision as well."""
    wanted = select(Recusal.target_id).where(
        Recusal.inspector_id == inspector_id, Recusal.target_id.is_not(None)
    )
    return {int(each) for each in connection.scalars(wanted) if each is not None}


def _spoken_of(connection: Connection, interest: Any) -> list[tuple[Any, str]]:
    """Targets in force of the same code, or whose name is or begins with the firm's."""
    firm = plain_name(interest.firm)
    stem = re.split(r"[()（）\[\]【】]", interest.firm.strip())[0].strip().lower()
    same = [Target.search.contains(stem, autoescape=True)] if stem else []
    if interest.uscc:
        same.append(Target.uscc == interest.uscc)
    if not same:
        return []
    rows = connection.execute(
        select(Target.id, Target.name, Target.uscc)
        .where(or_(*same), Target.state.not_in(_GONE))
        .order_by(Target.ident)
    )
    found = []
    for row in rows:
        if interest.uscc and row.uscc == interest.uscc:
            found.append((row, "统一社会信用代码相同"))
        elif interest.uscc and row.uscc:
            continue  # another body of a like name
        elif plain_name(row.name) == firm:
            found.append((row, "名称相同"))
        elif plain_name(row.name).startswith(firm):
            found.append((row, "名称以该单位开头"))
    return found


def register(uow: UnitOfWork, command: RegisterInterest) -> int:
    """Keep it; UserError: a field is wrong, or the same was declared already."""
    facts = command.facts
    refuse_problems(validate(facts, recusing.kinds()))
    person = uow.session.get(Inspector, command.inspector_id)
    if person is None:
        raise UserError("这名执法人员已经不在了。", "请刷新后再试。")
    known = of_inspector(uow.session.connection(), person.id)
    alike = (each for each in known if each.lifted_on is None and each.code == facts.code)
    if any(plain_name(each.firm) == plain_name(facts.firm) for each in alike):
        raise UserError(f"{person.name}与“{facts.firm}”的这一关系已经登记过。")
    made = Interest(
        inspector_id=person.id,
        code=facts.code,
        firm=facts.firm.strip(),
        uscc=normal_code(facts.uscc),
        note=facts.note.strip(),
        declined=[],
        declared_on=uow.today,
        declared_by=uow.actor,
    )
    uow.session.add(made)
    uow.session.flush()
    _record(uow, "interest.declare", made, {})
    return made.id


def end(uow: UnitOfWork, command: EndInterest) -> None:
    """From today on it proposes nothing; UserError if it ended already."""
    found = uow.session.get(Interest, command.id)
    if found is None or found.lifted_on is not None:
        raise UserError("这条利害关系已经结束。", "请刷新后再看。")
    found.lifted_on, found.lifted_by = uow.today, uow.actor
    _record(uow, "interest.end", found, {})


def decide(uow: UnitOfWork, command: DecideProposal) -> RecusalDeclared | None:
    """Declare the recusal that was proposed, or note that the target is another body."""
    found = uow.session.get(Interest, command.interest_id)
    if found is None or found.lifted_on is not None:
        raise UserError("这条利害关系已经结束。", "请刷新后再看。")
    if command.same:
        note = "；".join(each for each in (f"依利害关系登记“{found.firm}”", found.note) if each)
        return recusing.declare_recusal(
            uow,
            DeclareRecusal(
                inspector_id=found.inspector_id,
                target_id=command.target_id,
                code=found.code,
                note=note,
            ),
        )
    found.declined = sorted({*found.declined, command.target_id})
    _record(uow, "interest.decline", found, {"target": command.target_id})
    return None


def _record(uow: UnitOfWork, action: str, made: Interest, more: dict[str, object]) -> None:
    person = uow.session.get(Inspector, made.inspector_id)
    uow.record(
        action,
        person.personal_no if person else str(made.inspector_id),
        {"code": made.code, "firm": made.firm, "uscc": made.uscc, "note": made.note, **more},
    )
    uow.changed |= {"inspector"}
    uow.commit()
