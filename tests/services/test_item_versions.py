"""Items: an old draw keeps the item list it was sealed with; the list is printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.db.read import items, past, results
from app.domain.item import ItemFacts
from app.errors import UserError
from app.services.directories import directories
from app.services.directories.directories import PutItemsInForce, SaveItem
from app.services.paperwork import item_papers
from app.services.paperwork.item_papers import PrintItems
from app.services.workspace import Workspace
from tests.documents.reading import text
from tests.support_office import draw_once, make_office

TODAY = date(2026, 7, 2)


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Workspace]:
    office = make_office(tmp_path / "w")
    yield office
    office.close()


def item(office: Workspace, row_id: int) -> ItemFacts:
    found = office.read(items.one, row_id)
    assert found is not None
    return found.facts


def test_an_old_draw_keeps_the_item_list_it_was_sealed_with(full: Workspace) -> None:
    first = draw_once(full)
    facts = replace(item(full, 1), name="污染防治设施（新）")
    full.write(directories.save_item, SaveItem(1, facts))
    full.write(directories.save_item, SaveItem(None, ItemFacts(name="台账")))
    second = draw_once(full, period="2026Q4", digits=("51624413", "26351546"))

    def names(no: str) -> list[str]:
        found = full.read(results.applicable_items, "A", "2026Q3", no)
        return [name for _, name in found]

    assert names(first.no) == ["污染防治设施"]
    assert names(second.no) == ["污染防治设施（新）", "台账"]
    versions = full.read(past.versions_of, "item", 1)
    assert full.read(past.draws_by_version, versions) == {1: [first.no], 2: [second.no]}


def test_the_printed_list_parts_joint_items_and_leaves_out_those_out_of_force(
    full: Workspace, tmp_path: Path
) -> None:
    full.write(
        directories.save_item,
        SaveItem(None, ItemFacts(name="危废联合检查", joint=True, basis="《固废法》第二十六条")),
    )
    gone = full.write(directories.save_item, SaveItem(None, ItemFacts(name="旧事项")))
    full.write(directories.put_items_in_force, PutItemsInForce((gone.id,), in_force=False))
    path = full.write(item_papers.print_items, PrintItems())
    said = text(path.read_bytes())
    assert "共2项" in said and "部门联合抽查事项" in said and "第二十六条" in said
    assert "旧事项" not in said
    assert path.parent == full.folder.papers
    ids = tuple(range(1, gone.id + 1))
    full.write(directories.put_items_in_force, PutItemsInForce(ids, in_force=False))
    with pytest.raises(UserError, match="还是空的"):
        full.write(item_papers.print_items, PrintItems())
