"""A directory on any past day, and what differs between two moments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db.read import past as reads
from app.db.read import targets
from app.domain.item import ItemFacts
from app.domain.target import TargetFacts
from app.errors import UserError
from app.services.directories import directories, past
from app.services.directories.directories import PutItemsInForce, SaveItem, SetTargetState
from app.services.directories.past import Point, WriteComparisons, WritePast
from app.services.intake import importing, undoing_import
from app.services.intake.importing import ApplyImport, PreviewImport
from app.services.intake.undoing_import import UndoImport
from app.services.workspace import Workspace
from tests.services.test_directories import FARM, WORKS, save
from tests.support_draw import Clock
from tests.support_office import draw_once
from tests.support_office import make_office as make_full_office

DAY = date(2026, 7, 2)


def later(office: Workspace, days: int = 1) -> None:
    assert isinstance(office.clock, Clock)
    office.clock.at += timedelta(days=days)


def names_on(office: Workspace, day: date) -> dict[str, str]:
    found = office.read(past.directory_at, "target", Point(day=day))
    return {row.name: row.values["phone"] for row in found.rows}


def test_the_directory_of_a_past_day_is_what_it_said_then(office: Workspace) -> None:
    works = save(office, WORKS)
    later(office)
    save(office, FARM)
    save(office, replace(WORKS, phone="1234"), works.id)
    later(office)
    office.write(directories.set_target_state, SetTargetState((works.id,), "closed"))
    assert names_on(office, DAY - timedelta(days=1)) == {}
    assert names_on(office, DAY) == {WORKS.name: "0000"}
    assert names_on(office, DAY + timedelta(days=1)) == {WORKS.name: "1234", FARM.name: ""}
    assert names_on(office, DAY + timedelta(days=2)) == {FARM.name: ""}


def test_an_import_taken_back_is_still_seen_on_its_day(office: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "名录.csv"
    file.write_text("名称,监管类别\n青禾县某丙厂,一般\n", encoding="utf-8")
    outcome = office.write(importing.apply, ApplyImport(kind="targets", path=file))
    later(office)
    office.write(undoing_import.undo, UndoImport(outcome.batch_id))
    assert names_on(office, DAY) == {"青禾县某丙厂": ""}
    assert names_on(office, DAY + timedelta(days=1)) == {}


def test_a_comparison_says_what_came_went_and_changed(office: Workspace, tmp_path: Path) -> None:
    works, farm = save(office, WORKS), save(office, FARM)
    later(office)
    save(office, replace(WORKS, category="GENERAL", phone="1"), works.id)
    office.write(directories.set_target_state, SetTargetState((farm.id,), "moved"))
    save(office, replace(FARM, name="青禾县某壬养殖场"))
    found = office.read(past.compare, "target", Point(), Point(day=DAY))
    assert found.difference.in_words == "2 → 2：新增 1，移出 1，修改 1"
    lines = [(line[0], line[2], *line[3:6], line[7]) for line in past.lines(found)]
    assert lines == [
        ("新增", "青禾县某壬养殖场", "", "", "", "卫七"),
        ("移出", FARM.name, "", "", "", "卫七"),
        ("修改", WORKS.name, "联系电话", "0000", "1", "卫七"),
        ("修改", WORKS.name, "监管类别", "重点", "一般", "卫七"),
    ]
    path = past.write_comparisons(
        WriteComparisons(path=tmp_path / "变化.xlsx", comparisons=(found,))
    )
    sheet = openpyxl.load_workbook(path)["检查对象名录"]
    assert [cell.value for cell in sheet[3]][:3] == ["新增", "L000002", "青禾县某壬养殖场"]


def test_a_past_directory_can_be_written_and_imported_again(
    office: Workspace, tmp_path: Path
) -> None:
    save(office, replace(WORKS, labels=("key_water", "supervised"), credit_grade="bad"))
    found = office.read(past.directory_at, "target", Point(day=DAY))
    path = past.write_directory(WritePast(path=tmp_path / "旧.xlsx", directory=found))
    preview = office.read(importing.preview, PreviewImport(kind="targets", path=path))
    assert preview.counts.unchanged == 1


def test_what_changed_between_two_draws(tmp_path: Path) -> None:
    office = make_full_office(tmp_path / "w")
    first = draw_once(office)
    row = office.read(targets.rows, [1])[0]
    detail = office.read(targets.one, row.id)
    assert detail is not None
    later(office)
    save(office, replace(detail.facts, phone="7"), row.id)
    second = draw_once(office, period="2026Q4", digits=("51624413", "26351546"))
    later(office)
    save(office, replace(detail.facts, phone="8"), row.id)
    found = office.read(past.compare, "target", Point(draw=first.no), Point(draw=second.no))
    assert [(d.name, d.fields[0].before, d.fields[0].after) for d in found.difference.rows] == [
        (row.name, "", "7")
    ]
    assert [no for no, _ in office.read(reads.sealed_draws)] == [second.no, first.no]
    with pytest.raises(UserError, match="没有抽取"):
        office.read(past.compare, "target", Point(draw="X-1"), Point())
    office.close()


def test_an_item_keeps_its_versions(office: Workspace) -> None:
    made = office.write(directories.save_item, SaveItem(None, ItemFacts(name="台账检查")))
    office.write(
        directories.save_item, SaveItem(made.id, ItemFacts(name="台账检查", content="三年"))
    )
    office.write(directories.put_items_in_force, PutItemsInForce((made.id,), in_force=False))
    versions = office.read(reads.versions_of, "item", made.id)
    assert [(v.number, v.by, v.row and v.row.values["content"]) for v in versions] == [
        (1, "卫七", ""),
        (2, "卫七", "三年"),
        (3, "卫七", "三年"),
    ]
    assert versions[-1].row is not None and versions[-1].row.values["in_force"] is False


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(["1", "2", "3"]), st.booleans()), max_size=8
    )
)
def test_every_moment_can_be_had_again(
    office: Workspace, edits: list[tuple[int, str, bool]]
) -> None:
    """Whatever is written, the directory of each moment is what was read at that moment."""
    known = {row_id: facts for row_id, _, facts in office.read(_all)}
    ids = [*known] or [save(office, replace(FARM, name=f"甲{n}")).id for n in range(4)]
    seen = []
    for which, phone, gone in edits:
        row = office.read(targets.one, ids[which])
        assert row is not None
        if gone:
            state = "closed" if row.facts.state == "active" else "active"
            office.write(directories.set_target_state, SetTargetState((row.id,), state))
        else:
            save(office, replace(row.facts, phone=phone), row.id)
        seen.append((office.read(reads.now), _facts(office)))
    for moment, facts in seen:
        rows = office.read(reads.rows_at, "target", moment)
        assert {row.id: (row.values["phone"], row.values["state"]) for row in rows} == facts


def _all(connection: object) -> list[tuple[int, str, TargetFacts]]:
    return list(targets.all_facts(connection))  # type: ignore[arg-type]


def _facts(office: Workspace) -> dict[int, tuple[str, str]]:
    return {row_id: (facts.phone, facts.state) for row_id, _, facts in office.read(_all)}
