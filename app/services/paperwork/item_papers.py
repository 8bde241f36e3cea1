"""随机抽查事项清单 on paper: the items in force now, or as they were on a day or for a draw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from app.domain.fields import shown
from app.domain.snapshot import PastRow
from app.exchange.files import write_atomically
from app.services import rulebooks
from app.services.directories import past
from app.services.directories.past import Point
from app.services.workspace import read_unit


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintItems:
    """Where the list goes, and as of which day (None: ``today``)."""

    path: Path
    today: date
    day: date | None = None


def print_items(connection: Connection, command: PrintItems) -> Path:
    """Write the list as PDF; UserError if a character cannot be printed."""
    from app.documents import item_list as form

    found = past.directory_at(connection, "item", Point(day=command.day))
    rows = sorted(found.rows, key=lambda row: (row.values["position"], row.id))
    fields = {field.name: field for field in found.fields}

    def listed(row: PastRow) -> form.ListedItem:
        words = {name: shown(fields[name], row.values[name]) for name in fields}
        return form.ListedItem(
            name=words["name"],
            basis=words["basis"],
            subject=words["subject"],
            object=words["object"],
            content=words["content"],
            ratio=words["ratio"],
            frequency=words["frequency"],
            applies=words["categories"] or "全部",
        )

    parts = [
        form.ItemPart(title=title, items=tuple(listed(row) for row in rows if mine(row)))
        for title, mine in (
            ("本部门随机抽查事项", lambda row: not row.values["joint"]),
            ("部门联合抽查事项", lambda row: row.values["joint"]),
        )
    ]
    facts = form.ItemListFacts(
        unit=read_unit(connection).name,
        rulebook=f"《{rulebooks.of_unit(connection).document.title}》",
        as_of=command.day or command.today,
        parts=tuple(part for part in parts if part.items),
    )
    write_atomically(command.path, form.build(facts))
    return command.path
