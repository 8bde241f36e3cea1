"""专家 and 协助人员 as lists show them: small lists of their own, never mixed with inspectors."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from app.db.read.changes import Change, changes_of
from app.db.read.query import Listing, ListQuery, matching_ids, pages
from app.domain.people import AssistantFacts, ExpertFacts
from app.models import Assistant, Expert

_EXPERTS = Listing(
    "expert",
    sorts={
        "name": "t.name_key",
        "ident": "t.ident",
        "organ": "t.organ",
        "title": "t.title",
        "state": "t.state",
    },
    filters={"state": "t.state"},
)
_ASSISTANTS = Listing(
    "assistant",
    sorts={
        "name": "t.name_key",
        "kind": "t.kind",
        "section": "t.section",
        "state": "t.state",
    },
    filters={"state": "t.state", "kind": "t.kind"},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertRow:
    """One expert: a line of the list, and what an expert draw needs to know."""

    id: int
    ident: str
    name: str
    organ: str
    title: str
    specialities: tuple[str, ...]
    phone: str
    state: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistantRow:
    """One line of the list of assistants."""

    id: int
    ident: str
    name: str
    kind: str
    section: str
    phone: str
    state: str
    note: str


def expert_ids(connection: Connection, query: ListQuery) -> array[int]:
    """Ids of the matching experts in order. Filter: state."""
    return matching_ids(connection, _EXPERTS, query)


def expert_rows(connection: Connection, wanted: Sequence[int]) -> list[ExpertRow]:
    """The experts in the order of ``wanted``."""
    found: dict[int, ExpertRow] = {}
    for page in pages(wanted):
        for row in connection.execute(select(Expert.__table__).where(Expert.id.in_(page))):
            found[row.id] = _expert(row)
    return [found[each] for each in wanted if each in found]


def assistant_ids(connection: Connection, query: ListQuery) -> array[int]:
    """Ids of the matching assistants in order. Filters: state, kind."""
    return matching_ids(connection, _ASSISTANTS, query)


def assistant_rows(connection: Connection, wanted: Sequence[int]) -> list[AssistantRow]:
    """The assistants in the order of ``wanted``."""
    names = AssistantRow.__dataclass_fields__
    found: dict[int, AssistantRow] = {}
    for page in pages(wanted):
        for row in connection.execute(select(Assistant.__table__).where(Assistant.id.in_(page))):
            found[row.id] = AssistantRow(**{name: getattr(row, name) for name in names})
    return [found[each] for each in wanted if each in found]


def expert_facts(row: Any) -> ExpertFacts:
    """The facts a person filled in, from a row of the table."""
    values = {name: getattr(row, name) for name in ExpertFacts.__dataclass_fields__}
    return ExpertFacts(**values | {"specialities": tuple(row.specialities)})


def assistant_facts(row: Any) -> AssistantFacts:
    """The facts a person filled in, from a row of the table."""
    names = AssistantFacts.__dataclass_fields__
    return AssistantFacts(**{name: getattr(row, name) for name in names})


def expert(connection: Connection, expert_id: int) -> tuple[ExpertFacts, tuple[Change, ...]] | None:
    """One expert with the edits; None if the row is gone."""
    row = connection.execute(select(Expert.__table__).where(Expert.id == expert_id)).first()
    return row and (expert_facts(row), changes_of(connection, "expert", expert_id))


def assistant(
    connection: Connection, assistant_id: int
) -> tuple[AssistantFacts, tuple[Change, ...]] | None:
    """One assistant with the edits; None if the row is gone."""
    table = Assistant.__table__
    row = connection.execute(select(table).where(table.c.id == assistant_id)).first()
    return row and (assistant_facts(row), changes_of(connection, "assistant", assistant_id))


def people_counts(connection: Connection) -> tuple[int, int]:
    """How many experts, how many assistants, whatever their state."""
    experts, assistants = (
        connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in (Expert, Assistant)
    )
    return experts, assistants


def _expert(row: Any) -> ExpertRow:
    names = ExpertRow.__dataclass_fields__
    values = {name: getattr(row, name) for name in names}
    return ExpertRow(**values | {"specialities": tuple(row.specialities)})
