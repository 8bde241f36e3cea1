"""A list on paper as it is seen on the screen: its columns, its rows, in its order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from app.db.unit_of_work import UnitOfWork
from app.exchange.files import safe_name, write_atomically
from app.services.directories.workbooks import ListColumn, Value
from app.services.paperwork.numbering import paper_folder
from app.services.workspace import read_unit

if TYPE_CHECKING:
    from app.documents import list_paper

__all__ = ["PrintList", "print_list"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintList:
    """What is seen: title, columns, rows of values, a note below the table."""

    title: str
    columns: tuple[ListColumn, ...]
    rows: Sequence[Sequence[Value]]
    note: str = ""


def print_list(uow: UnitOfWork, command: PrintList) -> Path:
    """Write the list as PDF into the workspace's ``paper`` folder; gives its path.

    Errors: UserError names a character no face can print, EnvironmentFault (disk).
    """
    from app.documents import list_paper

    columns = tuple(
        list_paper.ListedColumn(
            each.title,
            number=_all(command, at, int),
            short=_all(command, at, date),
            below=at > 0 and each.code,
        )
        for at, each in enumerate(command.columns)
    )
    facts = list_paper.ListFacts(
        unit=read_unit(uow.session.connection()).name,
        title=command.title,
        made_on=uow.today,
        made_by=uow.actor,
        note=command.note,
        columns=columns,
        rows=tuple(tuple(_words(value) for value in row) for row in command.rows),
        total=_total(command, columns) if len(command.rows) > 1 else (),
    )
    path = paper_folder(uow) / safe_name(f"{command.title}-{uow.today}.pdf")
    write_atomically(path, list_paper.build(facts))
    uow.record("list.print", command.title, {"rows": len(command.rows)})
    uow.commit()
    return path


def _total(command: PrintList, columns: Sequence[list_paper.ListedColumn]) -> tuple[str, ...]:
    """合计 below the first column, a sum below each column of figures; empty without one."""
    sums = [
        str(sum(value for row in command.rows if isinstance(value := row[at], int)))
        if each.number
        else ""
        for at, each in enumerate(columns)
    ]
    return ("合计", *sums[1:]) if any(sums[1:]) else ()


def _all(command: PrintList, at: int, kind: type) -> bool:
    """Whether a column holds nothing but values of this kind, at least one."""
    known = [row[at] for row in command.rows if row[at] is not None and row[at] != ""]
    return bool(known) and all(isinstance(value, kind) for value in known)


def _words(value: Value) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
