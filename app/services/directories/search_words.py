"""The words lists are searched by, made anew for every row after an upgrade.

They follow from the facts; a newer program may put more into them (addresses, squads), and rows
of an older database would be found by those only after their next edit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table, bindparam, select, update

from app.db.read import inspectors, items, targets
from app.db.unit_of_work import UnitOfWork
from app.models import InspectionItem, Inspector, Target
from app.services.directories import directory

_CHUNK = 1000


def refresh(uow: UnitOfWork) -> None:
    """Write ``search`` and ``name_key`` of every row of the directories; the caller commits."""
    _refresh(uow, Target.__table__, lambda r: directory.target_values(targets.facts_of(r), r.ident))
    _refresh(
        uow,
        Inspector.__table__,
        lambda r: directory.inspector_values(inspectors.facts_of(r), r.personal_no),
    )
    _refresh(
        uow,
        InspectionItem.__table__,
        lambda r: directory.item_values(items.facts_of(r), r.code),
    )


def _refresh(uow: UnitOfWork, table: Any, values_of: Callable[[Any], dict[str, object]]) -> None:
    """Only rows whose words differ are written."""
    names = [name for name in ("search", "name_key") if name in table.c]
    changed = []
    for row in uow.session.execute(select(table)):
        values = values_of(row)
        if any(values[name] != getattr(row, name) for name in names):
            changed.append({"row_id": row.id, **{f"new_{n}": values[n] for n in names}})
    written: Table = table
    statement = (
        update(written)
        .where(written.c.id == bindparam("row_id"))
        .values({name: bindparam(f"new_{name}") for name in names})
    )
    for start in range(0, len(changed), _CHUNK):
        uow.session.connection().execute(statement, changed[start : start + _CHUNK])
