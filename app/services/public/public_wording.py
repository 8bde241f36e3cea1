"""认可的公开用语: words for the public in which a name was found that is nobody's name.

“由高明街道转来” holds the name of an inspector 高明.  Whoever looked says so once, with a reason;
it counts for exactly this text of this record, and any other text has to be looked at anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from app.db.unit_of_work import UnitOfWork
from app.domain.telling import number_in
from app.errors import UserError
from app.models import AllowedWording

__all__ = ["AllowWording", "AllowedRow", "WithdrawWording", "allow", "allowed", "rows", "withdraw"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowWording:
    """The text of ``column`` of the record ``key`` names nobody, because of ``reason``; ``who``
    says so (empty: whoever is signed in)."""

    key: str
    column: str
    text: str
    reason: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawWording:
    """It does name somebody after all."""

    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedRow:
    """One text somebody allowed; ``withdrawn``: it no longer counts."""

    id: int
    column: str
    text: str
    reason: str
    by: str
    at: datetime
    withdrawn: bool


def allow(uow: UnitOfWork, command: AllowWording) -> None:
    """Remember who says so and why.

    Errors: UserError without a reason, or for a text with a telephone's or identity card's
    number, which nobody may allow.
    """
    reason = command.reason.strip()
    if not reason:
        raise UserError("还没有写理由。", "请写明为什么不是人名，例如“高明街道”是地名。")
    if number_in(command.text):
        raise UserError(f"“{command.text}”{number_in(command.text)}，不能认可。", "请先改写。")
    who = command.who.strip() or uow.actor
    uow.session.add(
        AllowedWording(
            key=command.key,
            column=command.column,
            text=command.text,
            reason=reason,
            by=who,
            at=uow.now,
        )
    )
    uow.record(
        "wording.allow",
        command.key,
        {"column": command.column, "text": command.text, "reason": reason, "who": who},
    )
    uow.changed.update({"package", "publication"})
    uow.commit()


def withdraw(uow: UnitOfWork, command: WithdrawWording) -> None:
    """Let a text no longer count as looked at; UserError if it is gone already."""
    row = uow.session.get(AllowedWording, command.id)
    if row is None or row.withdrawn:
        raise UserError("这条认可已经撤回。", "请刷新后再试。")
    row.withdrawn = True
    uow.record("wording.withdraw", row.key, {"column": row.column, "text": row.text})
    uow.changed.add("package")
    uow.commit()


def allowed(connection: Connection) -> frozenset[tuple[str, str, str]]:
    """(key, column, text) that may stand in public."""
    found = connection.execute(
        select(AllowedWording.key, AllowedWording.column, AllowedWording.text).where(
            AllowedWording.withdrawn.is_(False)
        )
    )
    return frozenset((row.key, row.column, row.text) for row in found)


def rows(connection: Connection) -> tuple[AllowedRow, ...]:
    """All there are, newest first."""
    found = connection.execute(select(AllowedWording.__table__).order_by(AllowedWording.id.desc()))
    return tuple(
        AllowedRow(
            id=row.id,
            column=row.column,
            text=row.text,
            reason=row.reason,
            by=row.by,
            at=row.at,
            withdrawn=row.withdrawn,
        )
        for row in found
    )
