"""专家 and 协助人员: save and change the state of people beside the directory of inspectors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Table, select

from app.db.read import people as reads
from app.db.unit_of_work import UnitOfWork
from app.domain.people import (
    ASSISTANT_STATES,
    EXPERT_STATES,
    AssistantFacts,
    ExpertFacts,
    check_assistant,
    check_expert,
)
from app.errors import UserError
from app.models import Assistant, Expert
from app.services.directories import directory
from app.services.directories.saving import (
    Saved,
    StateSet,
    refuse_problems,
    set_column,
    stored_row,
    write_row,
)

_EXPERT: Table = Expert.__table__  # type: ignore[assignment]
_ASSISTANT: Table = Assistant.__table__  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class SaveExpert:
    """Make (``id`` None) or change an expert."""

    id: int | None
    facts: ExpertFacts


@dataclass(frozen=True, slots=True)
class SaveAssistant:
    """Make (``id`` None) or change an assistant."""

    id: int | None
    facts: AssistantFacts


@dataclass(frozen=True, slots=True)
class SetPeopleState:
    """State of many experts or assistants at once."""

    ids: tuple[int, ...]
    state: str


def save_expert(uow: UnitOfWork, command: SaveExpert) -> Saved:
    """Write an expert; without a number the unit's next one is given.

    UserError: a field is wrong, or the number is somebody else's.
    """
    facts, before = command.facts, None
    if command.id is not None:
        before = reads.expert_facts(stored_row(uow, _EXPERT, command.id, "专家"))
    others = _others(uow, _EXPERT, command.id)
    if facts.ident and facts.ident in others:
        raise UserError(
            f"“{others[facts.ident]}”已经用了专家编号 {facts.ident}。", "请换一个编号。"
        )
    if not facts.ident:
        number = before.ident if before else directory.expert_numbering(set(others)).next()
        facts = replace(facts, ident=number)
    refuse_problems(check_expert(facts))
    values = directory.expert_values(facts, facts.ident)
    return write_row(uow, _EXPERT, "expert", command.id, facts.ident, before, facts, values)


def save_assistant(uow: UnitOfWork, command: SaveAssistant) -> Saved:
    """Write an assistant. UserError: a field is wrong, or the same person is listed already."""
    facts, before = command.facts, None
    others = _others(uow, _ASSISTANT, command.id)
    ident = directory.assistant_numbering(set(others)).next()
    if command.id is not None:
        row: Any = stored_row(uow, _ASSISTANT, command.id, "协助人员")
        before, ident = reads.assistant_facts(row), row.ident
    refuse_problems(check_assistant(facts))
    values = directory.assistant_values(facts, ident)
    return write_row(uow, _ASSISTANT, "assistant", command.id, ident, before, facts, values)


def set_expert_state(uow: UnitOfWork, command: SetPeopleState) -> StateSet:
    """Let experts be asked, or no more."""
    if command.state not in {choice.value for choice in EXPERT_STATES}:
        raise UserError(f"没有专家状态“{command.state}”。")
    return set_column(uow, _EXPERT, "expert", "state", command.ids, command.state)


def set_assistant_state(uow: UnitOfWork, command: SetPeopleState) -> StateSet:
    """Put assistants on or off duty."""
    if command.state not in {choice.value for choice in ASSISTANT_STATES}:
        raise UserError(f"没有在岗状态“{command.state}”。")
    return set_column(uow, _ASSISTANT, "assistant", "state", command.ids, command.state)


def _others(uow: UnitOfWork, table: Table, row_id: int | None) -> dict[str, str]:
    found = uow.session.execute(
        select(table.c.ident, table.c.name).where(table.c.id != (row_id or 0))
    )
    return {row.ident: row.name for row in found}
