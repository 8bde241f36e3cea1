"""Writing one row of a directory, or one column of many, with the ledger entry that says so.

Every change leaves one ledger entry with the fields that changed, before and after; a single
edit as ``{"id", "before", "after"}``, a bulk change as ``{"rows": {id: {"before", "after"}}}``.
``app.db.read.past`` reads them back to say what a directory held on any day, so whatever a
directory writes goes through here or through ``importing``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, insert, select, update

from app.db.read.changes import FieldChange
from app.db.unit_of_work import UnitOfWork
from app.domain.fields import FieldProblem
from app.errors import UserError
from app.services.directories import directory
from app.services.directories.directory import AnyFacts


@dataclass(frozen=True, slots=True)
class Saved:
    """What was written; ``before`` (None for a new row) saved again undoes it."""

    id: int
    ident: str
    changes: tuple[FieldChange, ...]
    before: AnyFacts | None


@dataclass(frozen=True, slots=True)
class StateSet:
    """How many really changed, and what they were before: saved again, that undoes it."""

    count: int
    before: tuple[tuple[int, object], ...]


def refuse_problems(problems: Sequence[FieldProblem]) -> None:
    """UserError with every problem in one sentence."""
    if problems:
        raise UserError("；".join(problem.message for problem in problems) + "。")


def stored_row(uow: UnitOfWork, table: Table, row_id: int, words: str) -> Any:
    """The row as it is now; UserError (``words`` name it) if it is gone."""
    row = uow.session.execute(select(table).where(table.c.id == row_id)).first()
    if row is None:
        raise UserError(f"这条{words}已经不在了。", "请刷新后再试。")
    return row


def write_row(
    uow: UnitOfWork,
    table: Table,
    subject: str,
    row_id: int | None,
    ident: str,
    before: AnyFacts | None,
    facts: AnyFacts,
    values: Mapping[str, object],
) -> Saved:
    """Insert a row, or write what changed of it; record, and commit."""
    if row_id is None or before is None:
        stamps = {"created_at": uow.now, "updated_at": uow.now}
        made = insert(table).values({**values, **stamps}).returning(table.c.id)
        new_id = int(uow.session.execute(made).scalar_one())
        after = {**directory.filled(facts), "ident": ident}
        uow.record(f"{subject}.save", ident, {"id": new_id, "before": None, "after": after})
        changes = tuple(FieldChange(name, None, value) for name, value in after.items())
    else:
        new_id, changes = row_id, directory.differences(before, facts)
        if not changes:
            return Saved(row_id, ident, (), before)
        uow.session.execute(
            update(table).where(table.c.id == row_id).values({**values, "updated_at": uow.now})
        )
        old = {change.field: change.before for change in changes}
        new = {change.field: change.after for change in changes}
        uow.record(f"{subject}.save", ident, {"id": row_id, "before": old, "after": new})
    uow.changed.add(subject)
    uow.commit()
    return Saved(new_id, ident, changes, before)


def set_column(
    uow: UnitOfWork, table: Table, subject: str, column: str, ids: Sequence[int], value: object
) -> StateSet:
    """Put one value into one column of many rows; record, and commit."""
    rows = uow.session.execute(
        select(table.c.id, table.c[column]).where(table.c.id.in_(ids), table.c[column] != value)
    ).all()
    if not rows:
        return StateSet(0, ())
    uow.session.execute(
        update(table)
        .where(table.c.id.in_([row[0] for row in rows]))
        .values({column: value, "updated_at": uow.now})
    )
    detail = {str(row[0]): {"before": {column: row[1]}, "after": {column: value}} for row in rows}
    uow.record(f"{subject}.state", str(len(rows)), {"rows": detail})
    uow.changed.add(subject)
    uow.commit()
    return StateSet(len(rows), tuple((row[0], row[1]) for row in rows))
