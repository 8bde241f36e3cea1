"""保管期限表: which kinds of 件 there are, in the archive's order, and how long each is kept."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.db.unit_of_work import UnitOfWork
from app.domain.filing import ItemKind, KindRule, Retention, with_retentions
from app.models import Setting
from app.paths import RESOURCES

__all__ = ["SaveRetentions", "save", "shipped", "table"]

_SETTING = "archive_retentions"


@dataclass(frozen=True, slots=True)
class SaveRetentions:
    """How long each kind is kept from now on; what was filed keeps its number and period."""

    periods: Mapping[ItemKind, Retention]


def shipped() -> tuple[KindRule, ...]:
    """The table as it came with the program."""
    with (RESOURCES / "archive.toml").open("rb") as file:
        found = tomllib.load(file)["kinds"]
    return tuple(
        KindRule(
            kind=ItemKind(row["code"]), label=row["label"], retention=Retention(row["retention"])
        )
        for row in found
    )


def table(connection: Connection) -> tuple[KindRule, ...]:
    """The table with the unit's own periods."""
    return with_retentions(shipped(), _own(connection))


def save(uow: UnitOfWork, command: SaveRetentions) -> tuple[KindRule, ...]:
    """Keep the unit's own periods; gives the table."""
    own = {kind.value: kept.value for kind, kept in command.periods.items()}
    row = uow.session.get(Setting, _SETTING)
    if row is None:
        row = Setting(key=_SETTING, value="")
        uow.session.add(row)
    row.value = json.dumps(own, sort_keys=True)
    said = {rule.label: rule.retention.label for rule in with_retentions(shipped(), own)}
    uow.record("archive.retentions", "保管期限表", said)
    uow.changed.add("archive")
    uow.commit()
    return with_retentions(shipped(), own)


def _own(connection: Connection) -> dict[str, str]:
    text = connection.execute(select(Setting.value).where(Setting.key == _SETTING)).scalar()
    return dict(json.loads(text)) if text else {}
