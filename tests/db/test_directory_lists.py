"""Ordered ids and rows of the lists: words, wildcards, filters, order, portions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.db.read import targets
from app.db.read.query import ListQuery, Sort
from app.domain.target import TargetFacts
from app.services.workspace import Workspace
from tests.services.test_directories import save, uscc

PLAIN = TargetFacts(name="甲", category="GENERAL")


@pytest.fixture
def filled(office: Workspace) -> Workspace:
    for name, township, category, code in (
        ("青禾县某庚水泥厂", "柳湾镇", "KEY", uscc(1)),
        ("安某100%食品厂", "", "GENERAL", ""),
        ("张某a_b酒厂", "东塘镇", "GENERAL", uscc(2)),
    ):
        save(office, replace(PLAIN, name=name, township=township, category=category, uscc=code))
    return office


def names(office: Workspace, query: ListQuery) -> list[str]:
    return [row.name[0] for row in office.read(targets.rows, office.read(targets.ids, query))]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["安", "青", "张"]),
        ("厂 某", ["安", "青", "张"]),
        ("某 水泥", ["青"]),
        ("水泥 酒", []),
        ("%", ["安"]),
        ("a_b", ["张"]),
        ("a\\b", []),
        ("' OR 1=1 --", []),
        ("Ａ＿Ｂ", ["张"]),
    ],
)
def test_all_words_must_occur_and_wildcards_are_letters(
    filled: Workspace, search: str, found: list[str]
) -> None:
    assert names(filled, ListQuery(search)) == found


def test_one_value_of_each_filter_must_hold(filled: Workspace) -> None:
    general = frozenset({"GENERAL"})
    assert names(filled, ListQuery(filters={"category": general})) == ["安", "张"]
    both = {"category": general, "code": frozenset({"yes"})}
    assert names(filled, ListQuery(filters=both)) == ["张"]
    assert names(filled, ListQuery(filters={"category": frozenset()})) == ["安", "青", "张"]


def test_empty_values_come_last_either_way(filled: Workspace) -> None:
    assert names(filled, ListQuery(sort=Sort("township"))) == ["张", "青", "安"]
    assert names(filled, ListQuery(sort=Sort("township", descending=True))) == ["青", "张", "安"]


def test_rows_come_in_the_order_asked_for_across_portions(office: Workspace) -> None:
    ids = [save(office, replace(PLAIN, name=f"甲{n}")).id for n in range(3)]
    wanted = [ids[2], 999, ids[0], *([ids[1]] * 1100)]
    rows = office.read(targets.rows, wanted)
    assert [row.id for row in rows] == [each for each in wanted if each != 999]


def test_choices_count_what_occurs(filled: Workspace) -> None:
    found = filled.read(targets.choices)
    assert {(each.value, each.count) for each in found.townships} == {("柳湾镇", 1), ("东塘镇", 1)}
    counts = filled.read(targets.counts)
    assert (counts.total, counts.without_code) == (3, 1)


def test_the_marks_of_a_target_narrow_and_are_shown(office: Workspace) -> None:
    marked = replace(PLAIN, name="乙厂", squad="一中队", credit_grade="bad", labels=("media",))
    save(office, replace(PLAIN, name="甲厂"))
    save(office, marked)
    for key, value in (("squad", "一中队"), ("credit_grade", "bad")):
        assert names(office, ListQuery(filters={key: frozenset({value})})) == ["乙"]
    assert names(office, ListQuery("一中队")) == ["乙"]
    (row,) = office.read(targets.rows, office.read(targets.ids, ListQuery("一中队")))
    assert (row.labels, row.credit_grade) == (("media",), "bad")
    assert [(each.value, each.count) for each in office.read(targets.choices).squads] == [
        ("一中队", 1)
    ]
