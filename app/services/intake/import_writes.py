"""Write a judged file into a directory: bulk statements, idents, the ledger's detail.

ORM objects by the ten thousand would stall the window for 160 ms at a time; Core statements
in portions stall it for 15.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, bindparam, insert, select, update

from app.db.unit_of_work import UnitOfWork
from app.domain.target import TargetFacts, propose_ident
from app.errors import UserError
from app.models import (
    CategoryDecision,
    Draw,
    DrawnTarget,
    DrawState,
    ImportBatch,
    InspectionItem,
    Inspector,
    Target,
)
from app.services.directories import directory
from app.services.directories.directory import Numbering
from app.services.intake.import_rows import ChangedRow, Judged, Watch

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Column values of new rows and of changed ones (with ``row_id``).

    ``recategorised``: row id → the day its former category began.
    """

    new: list[dict[str, Any]]
    changed: list[dict[str, Any]]
    recategorised: dict[int, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Room:
    table: Table
    ident: str
    prepare: Callable[[UnitOfWork, Judged, Watch], _Prepared]


def write_directory(
    uow: UnitOfWork, kind: str, judged: Judged, batch: ImportBatch, watch: Watch
) -> dict[str, object]:
    """Insert and update; gives what the ledger keeps: new idents, changed fields by row id.

    Every row carries the batch's own time, so that a later edit shows.
    """
    room = _ROOMS[kind]
    prepared = room.prepare(uow, judged, watch)
    total = len(prepared.new) + len(prepared.changed)
    stamp = {"updated_at": batch.at, "batch_id": batch.id}
    _insert(uow, room.table, prepared.new, {**stamp, "created_at": batch.at}, watch, total)
    _update(uow, room.table, prepared.changed, stamp, watch, total)
    changes = {
        str(row.id): {
            "before": {each.field: each.before for each in found},
            "after": {each.field: each.after for each in found},
        }
        for row in judged.changed
        if (found := directory.differences(row.before, row.after))
    }
    for row_id, since in prepared.recategorised.items():
        changes[str(row_id)]["before"]["category_since"] = since
        changes[str(row_id)]["after"]["category_since"] = uow.today
    return {"new": [values[room.ident] for values in prepared.new], "rows": changes}


def recategorised(rows: Sequence[ChangedRow]) -> list[tuple[int, str, str]]:
    """(row id, category before, after) of the targets a file puts into another category."""
    pairs = ((row.id, *_as_targets(row)) for row in rows)
    return [
        (row_id, before.category, after.category)
        for row_id, before, after in pairs
        if before.category != after.category
    ]


def note_categories(
    uow: UnitOfWork, rows: Sequence[ChangedRow], batch: ImportBatch, reason: str, document_no: str
) -> None:
    """Record each change of category as a decision (分类决定) of whoever imports."""
    lines = [
        {
            "target_id": row_id,
            "was": was,
            "decided": decided,
            "grounds": [],
            "reason": reason,
            "document_no": document_no,
            "by": batch.by,
            "at": batch.at,
        }
        for row_id, was, decided in recategorised(rows)
    ]
    for start in range(0, len(lines), _CHUNK):
        uow.session.execute(insert(CategoryDecision), lines[start : start + _CHUNK])


def _insert(
    uow: UnitOfWork,
    table: Table,
    rows: Sequence[dict[str, Any]],
    stamp: dict[str, Any],
    watch: Watch,
    total: int,
) -> None:
    for start in range(0, len(rows), _CHUNK):
        watch(start, total, "正在写入")
        uow.session.execute(
            insert(table), [{**row, **stamp} for row in rows[start : start + _CHUNK]]
        )


def _update(
    uow: UnitOfWork,
    table: Table,
    rows: Sequence[dict[str, Any]],
    stamp: dict[str, Any],
    watch: Watch,
    total: int,
) -> None:
    done = total - len(rows)
    for start in range(0, len(rows), _CHUNK):
        watch(done + start, total, "正在写入")
        uow.session.connection().execute(
            update(table).where(table.c.id == bindparam("row_id")),
            [{**row, **stamp} for row in rows[start : start + _CHUNK]],
        )


# --- targets ----------------------------------------------------------------------------------


def _prepare_targets(uow: UnitOfWork, judged: Judged, watch: Watch) -> _Prepared:
    idents = _TargetIdents(uow)
    today = uow.today
    changed: list[dict[str, Any]] = []
    recategorised: dict[int, date] = {}
    dated = uow.session.execute(select(Target.id, Target.category_since))
    since = {row.id: row.category_since for row in dated}
    total = len(judged.changed) + len(judged.fresh)
    for done, row in enumerate(judged.changed):
        if done % _CHUNK == 0:
            watch(done, total, "正在编号")
        before, after = _as_targets(row)
        moved = before.category != after.category
        if moved:
            recategorised[row.id] = since[row.id]
        changed.append(
            {
                **directory.target_values(after, idents.of_changed(row)),
                "category_since": today if moved else since[row.id],
                "row_id": row.id,
            }
        )
    dates = {"category_since": today, "created_on": today}
    new: list[dict[str, Any]] = []
    for done, facts in enumerate(judged.fresh, start=len(judged.changed)):
        if done % _CHUNK == 0:
            watch(done, total, "正在编号")
        new.append({**directory.target_values(facts, idents.of_new(facts)), **dates})
    return _Prepared(new, changed, recategorised)


def _as_targets(row: ChangedRow) -> tuple[TargetFacts, TargetFacts]:
    before, after = row.before, row.after
    if not (isinstance(before, TargetFacts) and isinstance(after, TargetFacts)):
        raise TypeError("a changed target holds target facts")
    return before, after


class _TargetIdents:
    """Idents for a whole file: fixed once drawn, never given twice."""

    def __init__(self, uow: UnitOfWork) -> None:
        session = uow.session
        self._taken = set(session.scalars(select(Target.ident)))
        self._numbers = directory.target_numbering(self._taken)
        self._drawn = set(session.scalars(select(DrawnTarget.target_id).distinct()))
        states = (DrawState.FROZEN, DrawState.COMMITTED)
        self._all_fixed = session.scalar(select(Draw.id).where(Draw.state.in_(states))) is not None

    def of_new(self, facts: TargetFacts) -> str:
        proposed = propose_ident(facts, self._taken)
        if proposed is None:
            return self._numbers.next()
        self._taken.add(proposed)
        return proposed

    def of_changed(self, row: ChangedRow) -> str:
        if self._all_fixed or row.id in self._drawn:
            return row.ident
        self._taken.discard(row.ident)
        proposed = propose_ident(_as_targets(row)[1], self._taken)
        if proposed is None:
            proposed = row.ident if self._numbers.made(row.ident) else self._numbers.next()
        self._taken.add(proposed)
        return proposed


# --- inspectors and items ---------------------------------------------------------------------


def _prepare_inspectors(uow: UnitOfWork, judged: Judged, _watch: Watch) -> _Prepared:
    table = Inspector.__table__
    rows = uow.session.execute(select(table.c.id, table.c.created_at))
    created = {row.id: row.created_at for row in rows}
    frozen = _last_frozen(uow)
    taken = set(uow.session.scalars(select(Inspector.personal_no)))
    given = {facts.personal_no for facts in judged.fresh if facts.personal_no}
    numbers = directory.inspector_numbering(taken | given)
    changed = []
    for row in judged.changed:
        after: Any = row.after
        if after.personal_no != row.ident and frozen and created[row.id] <= frozen:
            raise UserError(
                f"{after.name}的人员编号 {row.ident} 已经写入抽取名单，"
                f"不能改为 {after.personal_no}。",
                "请把文件里的人员编号改回原来的，或跳过这一行。",
            )
        number = after.personal_no or row.ident
        changed.append({**directory.inspector_values(after, number), "row_id": row.id})
    new = [_new_inspector(facts, numbers) for facts in judged.fresh]
    return _Prepared(new, changed)


def _last_frozen(uow: UnitOfWork) -> datetime | None:
    return uow.session.scalar(
        select(Draw.frozen_at)
        .where(Draw.rehearsal.is_(False))
        .order_by(Draw.frozen_at.desc())
        .limit(1)
    )


def _new_inspector(facts: Any, numbers: Numbering) -> dict[str, Any]:
    number = facts.personal_no or numbers.next()
    return directory.inspector_values(replace(facts, personal_no=number), number)


def _prepare_items(uow: UnitOfWork, judged: Judged, _watch: Watch) -> _Prepared:
    taken = set(uow.session.scalars(select(InspectionItem.code)))
    given = {facts.code for facts in judged.fresh if facts.code}
    numbers = directory.item_numbering(taken | given)
    places = uow.session.scalars(select(InspectionItem.position))
    last = max(places, default=0)
    new = []
    for facts in judged.fresh:
        last += 1
        code = facts.code or numbers.next()
        placed = replace(facts, code=code, position=facts.position or last)
        new.append({**directory.item_values(placed, code), "in_force": True})
    changed = [
        {**directory.item_values(row.after, row.ident), "row_id": row.id}  # type: ignore[arg-type]
        for row in judged.changed
    ]
    return _Prepared(new, changed)


_ROOMS = {
    "targets": _Room(Target.__table__, "ident", _prepare_targets),  # type: ignore[arg-type]
    "inspectors": _Room(Inspector.__table__, "personal_no", _prepare_inspectors),  # type: ignore[arg-type]
    "items": _Room(InspectionItem.__table__, "code", _prepare_items),  # type: ignore[arg-type]
}
