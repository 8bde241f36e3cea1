"""抽查事项 as lists and details show them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from app.db.read.changes import Change, changes_of
from app.db.read.query import Counted, Listing, ListQuery, matching_ids, pages
from app.db.read.targets import counted
from app.domain.item import ItemFacts
from app.models import ImportBatch, InspectionItem, ResultItem

_LISTING = Listing(
    "item",
    sorts={
        "position": "t.position",
        "code": "t.code",
        "name": "t.name",
        "kind": "t.kind",
        "year": "t.year",
        "ratio": "t.ratio",
        "frequency": "t.frequency",
        "in_force": "t.in_force",
    },
    filters={
        "kind": "t.kind",
        "year": "CAST(t.year AS TEXT)",
        "joint": "CASE WHEN t.joint THEN '1' ELSE '0' END",
        "in_force": "CASE WHEN t.in_force THEN '1' ELSE '0' END",
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """One line of the list; ``categories`` empty means all."""

    id: int
    code: str
    name: str
    kind: str
    categories: tuple[str, ...]
    subject: str
    method: str
    ratio: str
    frequency: str
    need: str
    joint: bool
    year: int | None
    position: int
    in_force: bool
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDetail:
    """Everything the pane beside the list shows; ``used`` counts results that hold it."""

    id: int
    facts: ItemFacts
    in_force: bool
    used: int
    updated_at: datetime
    source_file: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ItemChoices:
    """What the filters offer, most frequent first."""

    kinds: tuple[Counted, ...]
    years: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class ItemCounts:
    """How many there are and are in force."""

    total: int
    in_force: int


def name_in_result() -> Any:
    """The item's name as a result holds it; results older than that column: as it is now."""
    return func.coalesce(func.nullif(ResultItem.name, ""), InspectionItem.name).label("name")


def ids(connection: Connection, query: ListQuery) -> array[int]:
    """Ids of the matching items in order. Filters: kind, year, joint (1, 0), in_force (1, 0)."""
    return matching_ids(connection, _LISTING, query)


def rows(connection: Connection, wanted: Sequence[int]) -> list[ItemRow]:
    """The items in the order of ``wanted``; one that is gone is left out."""
    table = InspectionItem.__table__
    found: dict[int, ItemRow] = {}
    for page in pages(wanted):
        for row in connection.execute(select(table).where(table.c.id.in_(page))):
            values = {name: getattr(row, name) for name in ItemRow.__dataclass_fields__}
            found[row.id] = ItemRow(**values | {"categories": tuple(row.categories)})
    return [found[each] for each in wanted if each in found]


def facts_of(row: Any) -> ItemFacts:
    """The facts a person filled in, from a row of the table."""
    values = {name: getattr(row, name) for name in ItemFacts.__dataclass_fields__}
    values["categories"] = tuple(row.categories)
    return ItemFacts(**values)


def all_facts(connection: Connection) -> Iterable[tuple[int, str, ItemFacts]]:
    """(id, code, facts) of every item, to compare a file with."""
    table = InspectionItem.__table__
    for row in connection.execute(select(table).order_by(table.c.id)):
        yield row.id, row.code, facts_of(row)


def one(connection: Connection, item_id: int) -> ItemDetail | None:
    """One item with its edits; None if it is gone."""
    used = (
        select(func.count(ResultItem.id))
        .where(ResultItem.item_id == InspectionItem.id)
        .correlate(InspectionItem)
        .scalar_subquery()
    )
    row = connection.execute(
        select(InspectionItem.__table__, ImportBatch.file_name, used.label("used"))
        .outerjoin(ImportBatch, ImportBatch.id == InspectionItem.batch_id)
        .where(InspectionItem.id == item_id)
    ).first()
    if row is None:
        return None
    return ItemDetail(
        id=row.id,
        facts=facts_of(row),
        in_force=row.in_force,
        used=row.used,
        updated_at=row.updated_at,
        source_file=row.file_name or "",
        changes=changes_of(connection, "item", item_id),
    )


def choices(connection: Connection) -> ItemChoices:
    """Values that occur, for the filters."""
    years = connection.execute(
        select(InspectionItem.year, func.count())
        .where(InspectionItem.year.is_not(None))
        .group_by(InspectionItem.year)
        .order_by(InspectionItem.year.desc())
    )
    return ItemChoices(
        kinds=counted(connection, InspectionItem.kind),
        years=tuple(Counted(str(year), count) for year, count in years),
    )


def counts(connection: Connection) -> ItemCounts:
    """How many items there are and are in force."""
    row = connection.execute(
        select(func.count(), func.count().filter(InspectionItem.in_force.is_(True))).select_from(
            InspectionItem
        )
    ).one()
    return ItemCounts(*row)
