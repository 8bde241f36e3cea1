"""Several rows at once: one field set, or one value added to or taken from a list of values.

First looked at (``preview``), then written as one transaction with one ledger entry, and taken
back as a whole while nobody edited the rows since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select, update

from app.db.read import inspectors, items, targets
from app.db.read.query import pages
from app.db.read.sites import shown_names
from app.db.unit_of_work import UnitOfWork
from app.domain import inspector
from app.domain.fields import Field, FieldKind, FieldProblem, FieldValue, shown, value_of
from app.domain.rulebook import Rulebook
from app.domain.target import TargetFacts
from app.errors import UserError
from app.exchange.fates import WHAT_TELLS_APART, look_alike
from app.models import InspectionItem, Inspector, Target
from app.services import rulebooks
from app.services.directories import directory
from app.services.directories.directory import AnyFacts
from app.services.directories.searching import name_key
from app.services.intake.import_rows import Watch, silent

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class ChangeMany:
    """One field of many rows; ``mode``: set, add or remove (the last two for lists of values)."""

    kind: str
    ids: tuple[int, ...]
    field: str
    mode: str
    value: FieldValue


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """One row as the preview shows it."""

    id: int
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangedMany:
    """What was written; given to ``put_back`` it is undone."""

    kind: str
    at: datetime
    before: tuple[tuple[int, AnyFacts], ...]

    @property
    def count(self) -> int:
        """How many rows really changed."""
        return len(self.before)


@dataclass(frozen=True, slots=True)
class _Room:
    table: Table
    ident: str
    facts_of: Callable[[Any], AnyFacts]
    values: Callable[[Any, str], dict[str, object]]
    check: Callable[[Any, Rulebook], Iterable[FieldProblem]]
    fields: Callable[[Rulebook], Sequence[Field]]
    names: tuple[str, ...]


# Category moves by a recorded decision, identities one by one.
_ROOMS = {
    "target": _Room(
        Target.__table__,  # type: ignore[arg-type]
        "ident",
        targets.facts_of,
        directory.target_values,
        directory.check_target,
        directory.target_fields,
        ("tags", "labels", "kind", "township", "squad", "industry", "industry_code",
         "permit_category", "credit_grade", "pollutants", "scale", "production_cycle", "monitoring",
         "performance_grade", "need", "state", "project"),
    ),
    "inspector": _Room(
        Inspector.__table__,  # type: ignore[arg-type]
        "personal_no",
        inspectors.facts_of,
        directory.inspector_values,
        lambda facts, _rulebook: inspector.validate(facts),
        lambda _rulebook: directory.inspector_fields(),
        ("section", "squad", "unit", "dept_code", "area", "duty_post", "employment",
         "specialities", "may_lead", "enforcement_type", "cert_kind", "state"),
    ),
    "item": _Room(
        InspectionItem.__table__,  # type: ignore[arg-type]
        "code",
        items.facts_of,
        directory.item_values,
        directory.check_item,
        directory.item_fields,
        ("kind", "subject", "object", "method", "staff", "scope", "ratio", "frequency",
         "time_and_way", "categories", "need", "joint", "year"),
    ),
}  # fmt: skip


def fields_for(kind: str, rulebook: Rulebook) -> tuple[Field, ...]:
    """What can be changed for several rows at once, in the order people ask for it."""
    room = _ROOMS[kind]
    described = {field.name: field for field in room.fields(rulebook)}
    return tuple(described[name] for name in room.names)


def preview(
    connection: Connection, command: ChangeMany, watch: Watch = silent
) -> tuple[ChangedLine, ...]:
    """The rows that would change, each with what it says before and after.

    What ``watch`` raises ends the look; a newer one does not wait for it.
    """
    room, field = _asked(rulebooks.of_unit(connection), command)
    found = list(_changes(connection, room, field, command, watch))
    names = {row.id: before.name for row, before, _ in found}
    if command.kind == "target":
        names = shown_names(connection, names)
    return tuple(
        ChangedLine(
            row.id,
            names[row.id],
            shown(field, value_of(before, field.name)),
            shown(field, value_of(after, field.name)),
        )
        for row, before, after in found
    )


def change(uow: UnitOfWork, command: ChangeMany) -> ChangedMany:
    """Write it. UserError names the first row that would be wrong; nothing is written then."""
    connection = uow.session.connection()
    rulebook = rulebooks.of_unit(connection)
    room, field = _asked(rulebook, command)
    changes = list(_changes(connection, room, field, command))
    for _, before, after in changes:
        if isinstance(before, TargetFacts):
            directory.refuse_kept_elsewhere(rulebook, before)
        problems = [p for p in room.check(after, rulebook) if p.field == field.name]
        if problems:
            raise UserError(f"“{before.name}”：{problems[0].message}。", "没有改动任何一条。")
    if command.field == "kind" and command.kind == "target":
        _refuse_alike(connection, {row.id: after for row, _, after in changes})
    done = ChangedMany(command.kind, uow.now, tuple((row.id, before) for row, before, _ in changes))
    if changes:
        _write(uow, room, [(row.id, getattr(row, room.ident), after) for row, _, after in changes])
        _record(uow, command.kind, "bulk", [(row.id, b, a) for row, b, a in changes])
    return done


def _refuse_alike(connection: Connection, after: Mapping[int, TargetFacts]) -> None:
    """UserError if a change took away what told two targets of one name apart."""
    by_name: dict[str, list[TargetFacts]] = defaultdict(list)
    keys = sorted({name_key(facts.name) for facts in after.values()})
    for page in pages(keys):
        for row in connection.execute(
            select(Target.__table__).where(Target.name_key.in_(page)).order_by(Target.id)
        ):
            by_name[row.name_key].append(after.get(row.id) or targets.facts_of(row))
    for group in by_name.values():
        for one, other in combinations(group, 2):
            if look_alike(one, other):
                raise UserError(
                    f"这样改，两个“{one.name}”就分不开了，没有改动任何一条。",
                    f"请先给它们写明不同的{WHAT_TELLS_APART}。",
                )


def put_back(uow: UnitOfWork, command: ChangedMany) -> int:
    """Undo a change of many; UserError if one of the rows was edited since. Gives the count."""
    room = _ROOMS[command.kind]
    former = dict(command.before)
    rows = list(_rows(uow.session.connection(), room, tuple(former)))
    for row in rows:
        if row.updated_at != command.at:
            raise UserError(f"“{row.name}”之后又改过，不能整批撤销。", "请逐条修改。")
    _write(uow, room, [(row.id, getattr(row, room.ident), former[row.id]) for row in rows])
    _record(
        uow, command.kind, "bulk", [(row.id, room.facts_of(row), former[row.id]) for row in rows]
    )
    return len(rows)


def _asked(rulebook: Rulebook, command: ChangeMany) -> tuple[_Room, Field]:
    room = _ROOMS[command.kind]
    field = next((f for f in fields_for(command.kind, rulebook) if f.name == command.field), None)
    if field is None:
        raise UserError("这一项不能成批修改。", "请逐条修改。")
    if command.mode not in {"set", "add", "remove"} or (
        command.mode != "set" and field.kind is not FieldKind.LIST
    ):
        raise UserError(f"“{field.label}”不能这样成批修改。")
    return room, field


def _rows(
    connection: Connection, room: _Room, ids: Sequence[int], watch: Watch = silent
) -> Iterable[Any]:
    done = 0
    for page in pages(ids):
        found = {
            row.id: row
            for row in connection.execute(select(room.table).where(room.table.c.id.in_(page)))
        }
        yield from (found[each] for each in page if each in found)
        done += len(page)
        if done < len(ids):  # a short look is over before a bar could be read
            watch(done, len(ids), "")


def _changes(
    connection: Connection,
    room: _Room,
    field: Field,
    command: ChangeMany,
    watch: Watch = silent,
) -> Iterable[tuple[Any, Any, Any]]:
    for row in _rows(connection, room, command.ids, watch):
        before: Any = room.facts_of(row)
        after = replace(before, **{field.name: _changed(value_of(before, field.name), command)})
        if after != before:
            yield row, before, after


def _changed(value: FieldValue, command: ChangeMany) -> FieldValue:
    if command.mode == "set":
        return command.value
    held = value if isinstance(value, tuple) else ()
    asked = command.value if isinstance(command.value, tuple) else (str(command.value),)
    if command.mode == "remove":
        return tuple(each for each in held if each not in asked)
    return (*held, *(each for each in asked if each not in held))


def _write(uow: UnitOfWork, room: _Room, rows: Sequence[tuple[int, str, AnyFacts]]) -> None:
    statement = update(room.table).where(room.table.c.id == bindparam("row_id"))
    for start in range(0, len(rows), _CHUNK):
        uow.session.connection().execute(
            statement,
            [
                {**room.values(facts, ident), "updated_at": uow.now, "row_id": row_id}
                for row_id, ident, facts in rows[start : start + _CHUNK]
            ],
        )


def _record(
    uow: UnitOfWork, kind: str, action: str, rows: Sequence[tuple[int, AnyFacts, AnyFacts]]
) -> None:
    detail: dict[str, Mapping[str, object]] = {}
    for row_id, before, after in rows:
        found = directory.differences(before, after)
        detail[str(row_id)] = {
            "before": {each.field: each.before for each in found},
            "after": {each.field: each.after for each in found},
        }
    uow.record(f"{kind}.{action}", str(len(rows)), {"rows": detail})
    uow.changed.add(kind)
    uow.commit()
