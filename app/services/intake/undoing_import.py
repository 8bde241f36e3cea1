"""Take a whole import back: rows it made go, rows it changed become what they were.

Only while nothing has been built on it.  A row that was edited since, drawn, inspected or
recused keeps the import as it is; the law does not let a record lose what it stands on.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    bindparam,
    delete,
    func,
    select,
    text,
    update,
)

from app.db.read import inspectors, items, targets
from app.db.read.query import pages
from app.db.unit_of_work import UnitOfWork
from app.domain.fields import Field, FieldKind
from app.domain.target import propose_ident
from app.errors import UserError
from app.models import (
    Attachment,
    CategoryDecision,
    Draw,
    ImportBatch,
    InspectionEntry,
    InspectionItem,
    Inspector,
    Target,
)
from app.models.base import Base
from app.services import rulebooks
from app.services.directories import directory
from app.services.intake import receiving
from app.services.intake.import_rows import Watch, fields_of, silent
from app.services.intake.undisturbed import undisturbed

_PORTION = 500
_UNDONE = text(
    "SELECT json_extract(detail, '$.undone') FROM ledger"
    " WHERE action IN ('target.undo', 'inspector.undo', 'item.undo', 'inspection.undo')"
)
_ENTRY = text(
    "SELECT detail FROM ledger WHERE action = :action AND json_extract(detail, '$.batch') = :batch"
)


@dataclass(frozen=True, slots=True)
class UndoImport:
    """The batch an ``ImportOutcome`` names."""

    batch_id: int


@dataclass(frozen=True, slots=True)
class ImportUndone:
    """How many rows went and how many became what they were."""

    removed: int
    restored: int


@dataclass(frozen=True, slots=True)
class PastImport:
    """One import as the list shows it; ``obstacle``: why it cannot be taken back."""

    batch_id: int
    file_name: str
    at: datetime
    by: str
    new: int
    updated: int
    obstacle: str


@dataclass(frozen=True, slots=True)
class _Room:
    subject: str
    table: Table
    ident: str

    @property
    def references(self) -> list[ColumnElement[int]]:
        """Every column of the database that names a row of the directory."""
        return [
            column
            for table in Base.metadata.tables.values()
            for column in table.columns
            if any(key.column is self.table.c.id for key in column.foreign_keys)
        ]


_ROOMS = {
    "targets": _Room("target", Target.__table__, "ident"),  # type: ignore[arg-type]
    "inspectors": _Room("inspector", Inspector.__table__, "personal_no"),  # type: ignore[arg-type]
    "items": _Room("item", InspectionItem.__table__, "code"),  # type: ignore[arg-type]
}


def undo(uow: UnitOfWork, command: UndoImport, watch: Watch = silent) -> ImportUndone:
    """All of it or nothing; ``watch`` may cancel. UserError says what stands in the way."""
    batch = uow.session.get(ImportBatch, command.batch_id)
    if batch is None:
        raise UserError("没有这次导入。", "请刷新后再试。")
    _refuse_after_draw(uow, batch)
    if batch.kind == "inspections":
        return _undo_entries(uow, batch)
    room = _ROOMS[batch.kind]
    detail = _detail(uow, room, batch)
    changed = _changed(uow, room, batch, [int(key) for key in detail["rows"]])
    made = _made(uow, room, batch, len(detail["new"]), {row.id for row in changed})
    _refuse_referenced(uow, room, made)
    for done, page in enumerate(pages(made)):
        watch(done, 0, "正在删去")
        uow.session.execute(delete(room.table).where(room.table.c.id.in_(page)))
    with undisturbed(len(changed)):
        rows = _restore(uow, batch.kind, room, changed, detail["rows"], watch)
    if batch.kind == "targets":
        _forget_decisions(uow, batch, [row.id for row in changed])
    receiving.mark_undone(uow, batch.id)
    uow.record(
        f"{room.subject}.undo",
        batch.file_name,
        {"undone": batch.id, "removed": detail["new"], "rows": rows},
    )
    uow.changed |= {room.subject, "import"}
    uow.commit()
    return ImportUndone(len(made), len(changed))


def recent(connection: Connection, kind: str, most: int = 8) -> tuple[PastImport, ...]:
    """The latest imports of one kind, newest first, each with whether it can be taken back."""
    batches = connection.execute(
        select(ImportBatch.__table__)
        .where(ImportBatch.kind == kind)
        .order_by(ImportBatch.id.desc())
        .limit(most)
    ).all()
    frozen = connection.scalar(select(func.max(Draw.frozen_at)).where(Draw.rehearsal.is_(False)))
    undone = set(connection.scalars(_UNDONE))
    found = []
    for row in batches:
        obstacle = "已撤销" if row.id in undone else ""
        if not obstacle and frozen is not None and frozen >= row.at:
            obstacle = "之后已封存名单，不能撤销"
        if not obstacle and not row.counts["new"] + row.counts["updated"]:
            obstacle = "没有改动"
        found.append(
            PastImport(
                row.id, row.file_name, row.at, row.by, row.counts["new"], row.counts["updated"],
                obstacle,
            )
        )  # fmt: skip
    return tuple(found)


def _undo_entries(uow: UnitOfWork, batch: ImportBatch) -> ImportUndone:
    """Lines of the frequency ledger: they stand alone, so those still there simply go."""
    found = uow.session.execute(
        select(InspectionEntry.id, InspectionEntry.target_id).where(
            InspectionEntry.batch_id == batch.id
        )
    ).all()
    if len(found) != batch.counts["new"]:
        raise UserError(
            "这次导入的检查记录有的已经撤回，或由旧版本导入，不能整批撤销。",
            "请在检查对象的“抽查史”里逐条撤回。",
        )
    for page in pages([row.id for row in found]):
        uow.session.execute(delete(InspectionEntry).where(InspectionEntry.id.in_(page)))
    targets_named = sorted({row.target_id for row in found})
    receiving.mark_undone(uow, batch.id)
    uow.record("inspection.undo", batch.file_name, {"undone": batch.id, "targets": targets_named})
    uow.changed |= {"inspection", "target", "import"}
    uow.commit()
    return ImportUndone(len(found), 0)


def _refuse_after_draw(uow: UnitOfWork, batch: ImportBatch) -> None:
    """A plan frozen since may hold the rows, drawn or not."""
    since = select(Draw.no).where(Draw.frozen_at >= batch.at, Draw.rehearsal.is_(False))
    no = uow.session.scalar(since.limit(1))
    if no is not None:
        raise UserError(f"导入之后已经封存过名单（{no}），不能再撤销这次导入。", "请逐条修改。")


def _detail(uow: UnitOfWork, room: _Room, batch: ImportBatch) -> dict[str, Any]:
    found = uow.session.execute(
        _ENTRY, {"action": f"{room.subject}.import", "batch": batch.id}
    ).scalar_one()
    body: dict[str, Any] = json.loads(found)
    return body


def _changed(uow: UnitOfWork, room: _Room, batch: ImportBatch, ids: list[int]) -> list[Any]:
    found: list[Any] = []
    for page in pages(ids):
        found += uow.session.execute(select(room.table).where(room.table.c.id.in_(page)))
    for row in found:
        if row.batch_id != batch.id or row.updated_at != batch.at:
            raise UserError(f"“{row.name}”在导入之后又改过，不能整批撤销。", "请逐条修改。")
    return found


def _made(
    uow: UnitOfWork, room: _Room, batch: ImportBatch, expected: int, changed: set[int]
) -> list[int]:
    """Ids of the rows the import made, all of them as it left them."""
    columns = room.table.c
    found = uow.session.scalars(
        select(columns.id).where(
            columns.batch_id == batch.id,
            columns.created_at == batch.at,
            columns.updated_at == batch.at,
        )
    )
    made = [row_id for row_id in found if row_id not in changed]
    if len(made) != expected:
        raise UserError("这次导入新增的内容后来改过，或已经撤销，不能整批撤销。", "请逐条修改。")
    return made


def _refuse_referenced(uow: UnitOfWork, room: _Room, ids: list[int]) -> None:
    columns = room.table.c
    for page in pages(ids):
        attached = (Attachment.owner_kind == room.subject) & (Attachment.owner_id == columns.id)
        for here in (*(columns.id == column for column in room.references), attached):
            named = select(columns.name).where(here, columns.id.in_(page))
            name = uow.session.scalar(named.limit(1))
            if name is not None:
                raise UserError(
                    f"“{name}”已经有了检查、回避、离岗、分类、附件或抽取记录，不能整批撤销。",
                    "请逐条修改。",
                )


def _forget_decisions(uow: UnitOfWork, batch: ImportBatch, changed: Sequence[int]) -> None:
    """The decisions the import itself recorded; one taken later has moved the row's own time."""
    for page in pages(changed):
        uow.session.execute(
            delete(CategoryDecision).where(
                CategoryDecision.target_id.in_(page), CategoryDecision.at == batch.at
            )
        )


def _restore(
    uow: UnitOfWork,
    kind: str,
    room: _Room,
    rows: Sequence[Any],
    kept: dict[str, Any],
    watch: Watch,
) -> dict[str, object]:
    rulebook = rulebooks.of_unit(uow.session.connection())
    described = {field.name: field for field in fields_of(kind, rulebook)}
    taken = set(uow.session.scalars(select(room.table.c[room.ident])))
    undone: dict[str, object] = {}
    stamp = {"updated_at": uow.now, "batch_id": None}
    portion: list[dict[str, object]] = []
    for done, row in enumerate(rows, start=1):
        before = kept[str(row.id)]["before"]
        values = _values(kind, row, before, described, taken)
        since = row._mapping.get("category_since")
        if since is not None:
            given = before.get("category_since")
            values["category_since"] = date.fromisoformat(given) if given else since
        portion.append({**values, **stamp, "row_id": row.id})
        undone[str(row.id)] = {"before": kept[str(row.id)]["after"], "after": before}
        if len(portion) == _PORTION or done == len(rows):
            watch(done, len(rows), "正在改回")
            uow.session.connection().execute(
                update(room.table).where(room.table.c.id == bindparam("row_id")), portion
            )
            portion = []
    return undone


def _values(
    kind: str, row: Any, before: dict[str, Any], described: dict[str, Field], taken: set[str]
) -> dict[str, object]:
    known = {
        name: _typed(described[name], value) for name, value in before.items() if name in described
    }
    if kind == "targets":
        site = replace(targets.facts_of(row), **known)
        taken.discard(row.ident)
        ident = propose_ident(site, taken) or row.ident
        taken.add(ident)
        return directory.target_values(site, ident)
    if kind == "inspectors":
        person = replace(inspectors.facts_of(row), **known)
        return directory.inspector_values(person, person.personal_no or row.personal_no)
    return directory.item_values(replace(items.facts_of(row), **known), row.code)


def _typed(field: Field, value: Any) -> Any:
    """A value as the facts hold it, from the ledger's JSON."""
    if field.kind is FieldKind.DATE and value is not None:
        return date.fromisoformat(value)
    return tuple(value) if field.kind is FieldKind.LIST else value
