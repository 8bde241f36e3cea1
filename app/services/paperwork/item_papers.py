"""随机抽查事项清单 on paper: the items in force now, or as they were on a day or for a draw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.db.unit_of_work import UnitOfWork
from app.domain.fields import shown
from app.domain.snapshot import PastRow
from app.errors import UserError
from app.exchange.files import safe_name, write_atomically
from app.services import rulebooks
from app.services.directories import past
from app.services.directories.past import Point
from app.services.paperwork.numbering import paper_folder
from app.services.workspace import read_unit


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintItems:
    """As of which day (None: today), and where the list goes (None: the ``paper`` folder)."""

    path: Path | None = None
    day: date | None = None


def print_items(uow: UnitOfWork, command: PrintItems) -> Path:
    """Write the list as PDF; UserError if it is empty or a character cannot be printed."""
    from app.documents import item_list as form

    connection = uow.session.connection()
    found = past.directory_at(connection, "item", Point(day=command.day))
    rows = sorted(found.rows, key=lambda row: (row.values["position"], row.id))
    if not rows:
        raise UserError("抽查事项清单还是空的。", "请先录入或导入抽查事项。")
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
        as_of=command.day or uow.today,
        parts=tuple(part for part in parts if part.items),
    )
    path = command.path or paper_folder(uow) / safe_name(f"随机抽查事项清单-{facts.as_of}.pdf")
    write_atomically(path, form.build(facts))
    uow.record("item.print", str(facts.as_of), {"items": len(rows)})
    uow.commit()
    return path
