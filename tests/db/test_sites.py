"""Two sites of one name never look alike in a list."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

from app.db.read import pool, targets
from app.db.read.query import ListQuery
from app.domain.target import TargetFacts
from app.services.directories import directories
from app.services.directories.directories import SaveTarget
from tests.services.test_directories import uscc
from tests.support import make_office

FIRM = TargetFacts(
    name="青禾县某甲检测站",
    uscc=uscc(1),
    category="KEY",
    address="东路1号",
    permit_no=f"{uscc(1)}004P",
)


def test_sites_of_one_body_are_told_apart_by_place_else_by_number(tmp_path: Path) -> None:
    office = make_office(tmp_path / "w")
    sites = (
        FIRM,
        replace(FIRM, address="西路2号", permit_no=f"{uscc(1)}001P"),
        replace(FIRM, address="西路2号", permit_no=f"{uscc(1)}002P"),
        replace(FIRM, address="", township="柳湾镇", permit_no=f"{uscc(1)}003P"),
        TargetFacts(name="青禾县某乙厂", category="KEY", address="北路"),
    )
    with contextlib.closing(office):
        for facts in sites:
            office.write(directories.save_target, SaveTarget(None, facts))
        rows = office.read(targets.rows, office.read(targets.ids, ListQuery()))
    shown = {row.shown_name for row in rows}
    assert len(shown) == 5
    assert {"青禾县某甲检测站（东路1号）", "青禾县某甲检测站（柳湾镇）", "青禾县某乙厂"} <= shown
    alike = sorted(name for name in shown if uscc(1) in name)
    assert alike == [f"{FIRM.name}（{uscc(1)}001P）", f"{FIRM.name}（{uscc(1)}002P）"]


def test_a_shared_place_is_told_apart_by_what_stands_there(tmp_path: Path) -> None:
    """A works, its construction project and its test lane at one gate."""
    office = make_office(tmp_path / "w")
    with contextlib.closing(office):
        for kind in ("polluter", "project", "vehicle_test"):
            facts = replace(FIRM, kind=kind, permit_no="")
            office.write(directories.save_target, SaveTarget(None, facts))
        rows = office.read(targets.rows, office.read(targets.ids, ListQuery()))
        lanes = office.read(targets.ids, ListQuery(filters={"kind": frozenset({"vehicle_test"})}))
        on_paper = {each.shown for each in office.read(pool.target_names).values()}
    words = {"排污单位", "建设项目", "机动车检验机构"}
    assert {row.shown_name for row in rows} == {f"{FIRM.name}（{word}）" for word in words}
    assert on_paper == {row.shown_name for row in rows}
    assert len(lanes) == 1
