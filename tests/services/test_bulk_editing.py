from __future__ import annotations

from dataclasses import replace

import pytest

from app.db.read import targets
from app.db.read.query import ListQuery
from app.domain.target import TargetFacts
from app.errors import UserError
from app.services.directories import bulk_editing
from app.services.directories.bulk_editing import ChangeMany
from app.services.workspace import Workspace
from tests.services.test_directories import FARM, WORKS, detail, last_entry, save


def two(office: Workspace) -> tuple[int, int]:
    return (
        save(office, replace(WORKS, tags=("废水",))).id,
        save(office, replace(FARM, tags=("养殖", "废水"))).id,
    )


def many(ids: tuple[int, ...], field: str, mode: str, value: object) -> ChangeMany:
    return ChangeMany("target", ids, field, mode, value)  # type: ignore[arg-type]


def test_a_tag_is_added_to_those_that_lack_it_seen_first_and_undone(office: Workspace) -> None:
    ids = two(office)
    command = many(ids, "tags", "add", ("养殖",))
    seen = office.read(bulk_editing.preview, command)
    assert [(each.name, each.before, each.after) for each in seen] == [
        (WORKS.name, "废水", "废水、养殖")
    ]
    done = office.write(bulk_editing.change, command)
    assert done.count == 1 and detail(office, ids[0]).facts.tags == ("废水", "养殖")
    assert last_entry(office)[0] == "target.bulk"
    assert office.write(bulk_editing.put_back, done) == 1
    assert detail(office, ids[0]).facts.tags == ("废水",)


def test_removing_and_setting(office: Workspace) -> None:
    ids = two(office)
    office.write(bulk_editing.change, many(ids, "tags", "remove", ("废水",)))
    office.write(bulk_editing.change, many(ids, "township", "set", "柳湾镇"))
    rows = [detail(office, each).facts for each in ids]
    assert [(row.tags, row.township) for row in rows] == [((), "柳湾镇"), (("养殖",), "柳湾镇")]


def test_a_changed_address_word_is_searched(office: Workspace) -> None:
    ids = two(office)
    office.write(bulk_editing.change, many(ids, "township", "set", "云泉镇"))
    assert len(office.read(targets.ids, ListQuery("yqz"))) == 2


def test_a_wrong_value_changes_nothing(office: Workspace) -> None:
    ids = two(office)
    with pytest.raises(UserError, match="不在可选范围"):
        office.write(bulk_editing.change, many(ids, "scale", "set", "巨大"))
    with pytest.raises(UserError, match="不能成批修改"):
        office.write(bulk_editing.change, many(ids, "category", "set", "KEY"))
    with pytest.raises(UserError, match="不能这样成批修改"):
        office.write(bulk_editing.change, many(ids, "township", "add", "镇"))
    assert last_entry(office)[0] == "target.save"


def test_undo_is_refused_after_a_later_edit(office: Workspace) -> None:
    ids = two(office)
    done = office.write(bulk_editing.change, many(ids, "scale", "set", "small"))
    clock = office.clock
    from datetime import timedelta

    from tests.support_draw import Clock

    assert isinstance(clock, Clock)
    clock.at += timedelta(minutes=1)
    facts = detail(office, ids[0]).facts
    assert isinstance(facts, TargetFacts)
    save(office, replace(facts, phone="9"), ids[0])
    with pytest.raises(UserError, match="之后又改过"):
        office.write(bulk_editing.put_back, done)


def test_a_kind_that_tells_two_apart_is_not_taken_away(office: Workspace) -> None:
    made = []
    for kind in ("farm", "hydro"):
        facts = replace(FARM, name="青禾县某癸公司", kind=kind)
        made.append(save(office, facts).id)
    command = ChangeMany("target", tuple(made), "kind", "set", "")
    lines = office.read(bulk_editing.preview, command)
    assert {line.name for line in lines} == {
        "青禾县某癸公司（畜禽养殖场）",
        "青禾县某癸公司（水电站）",
    }
    with pytest.raises(UserError, match="分不开了"):
        office.write(bulk_editing.change, command)
