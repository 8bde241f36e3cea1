"""介质台账: the register of sticks and discs, and whether an unregistered one may be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, Table, select

from app.db.read import media as reads
from app.db.unit_of_work import UnitOfWork
from app.domain.media import MediumFacts, check_medium, recognised
from app.errors import UserError
from app.exchange.drives import Drive, drive_of
from app.models import Medium, Setting
from app.services.directories import directory
from app.services.directories.saving import Saved, refuse_problems, stored_row, write_row

__all__ = [
    "Known",
    "SaveMedium",
    "SetStrict",
    "Withdraw",
    "drive_at",
    "on_drive",
    "only_registered",
    "save",
    "set_only_registered",
    "withdraw",
]

_STRICT = "media.only_registered"
_TABLE: Table = Medium.__table__  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class SaveMedium:
    """Make (``id`` None) or change a medium."""

    id: int | None
    facts: MediumFacts


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Media out of use from ``on``; None puts them into use again."""

    ids: tuple[int, ...]
    on: date | None


@dataclass(frozen=True, slots=True)
class SetStrict:
    """Whether only registered media may be used."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class Known:
    """A registered medium and its row."""

    id: int
    facts: MediumFacts


def save(uow: UnitOfWork, command: SaveMedium) -> Saved:
    """Write a medium. UserError: a field is wrong, or number or serial are another's."""
    facts, before = command.facts, None
    if command.id is not None:
        before = reads.facts_of(stored_row(uow, _TABLE, command.id, "介质"))
    refuse_problems(check_medium(facts))
    for row in uow.session.execute(select(_TABLE).where(_TABLE.c.id != (command.id or 0))):
        if row.ident == facts.ident:
            raise UserError(f"介质编号 {facts.ident} 已经登记过。", "请换一个编号，或修改那一条。")
        in_use = row.withdrawn_on is None and facts.withdrawn_on is None
        if facts.serial and row.serial == facts.serial and in_use:
            raise UserError(
                f"这个介质（卷序列号 {facts.serial}）已经登记为 {row.ident}。",
                "同一个介质只登记一次。",
            )
    values = directory.medium_values(facts)
    return write_row(uow, _TABLE, "medium", command.id, facts.ident, before, facts, values)


def withdraw(uow: UnitOfWork, command: Withdraw) -> int:
    """Take media out of use, or put them into use again; gives how many changed."""
    rows = [
        row
        for row in uow.session.scalars(select(Medium).where(Medium.id.in_(command.ids)))
        if row.withdrawn_on != command.on and (command.on is None or row.withdrawn_on is None)
    ]
    for row in rows:
        row.withdrawn_on, row.updated_at = command.on, uow.now
    if rows:
        numbers = "、".join(row.ident for row in rows)
        uow.record("medium.state", numbers, {"withdrawn_on": command.on})
        uow.changed.add("medium")
        uow.commit()
    return len(rows)


def only_registered(connection: Connection) -> bool:
    """Whether the unit allows registered media only; no if never said."""
    return connection.execute(select(Setting.value).where(Setting.key == _STRICT)).scalar() == "yes"


def set_only_registered(uow: UnitOfWork, command: SetStrict) -> None:
    """Keep the unit's rule."""
    uow.session.merge(Setting(key=_STRICT, value="yes" if command.wanted else ""))
    uow.record("medium.rules", "medium", {"only_registered": command.wanted})
    uow.changed.add("medium")
    uow.commit()


def drive_at(folder: Path, drives: Sequence[Drive]) -> Drive:
    """The drive plugged in at ``folder``; UserError if it is none that can be pulled out."""
    found = drive_of(folder, drives)
    if found is None:
        raise UserError(f"{folder} 不是插着的 U 盘或光盘。", "请核对位置。")
    return found


def on_drive(connection: Connection, drive: Drive) -> Known | None:
    """The registered medium that is plugged in as ``drive``; None if it is none of them."""
    known = reads.known(connection)
    found = recognised((facts for _id, facts in known.values()), drive.label, drive.serial)
    return None if found is None else Known(known[found.ident][0], found)
