"""Experts drawn or chosen as the text says; a chosen one is marked, recorded, and taken off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.db.read import assignments, bound, entries
from app.db.read.query import ListQuery
from app.domain.rulebook import ExpertWay, RulebookError, parse
from app.domain.ways import Way, offer_of
from app.errors import UserError
from app.services.directories.people import SetPeopleState, set_expert_state
from app.services.draws import choosing_experts
from app.services.draws.choosing_experts import ChooseExpert, TakeOffExpert
from app.services.tasks import noticing
from app.services.tasks.noticing import PrintNotices
from tests.domain.rulebooks import rulebook, rulebook_text
from tests.services.test_noticing import _text
from tests.services.test_people import EXPERT, save_expert
from tests.support_draw import DRAW_NO, DrawnOffice, lock_result, make_drawn_office

DRAWN, CHOSEN = ExpertWay.DRAWN, ExpertWay.CHOSEN


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    save_expert(made.workspace, EXPERT)
    yield made
    made.workspace.close()


def wish(office: DrawnOffice) -> ChooseExpert:
    return ChooseExpert(
        assignment_id=office.tasks[0], ident="E001", reason="危废鉴别", approved_by="周局长"
    )


def along(office: DrawnOffice) -> tuple[str, ...]:
    (row,) = office.workspace.read(assignments.rows, [office.tasks[0]])
    return row.along


@pytest.mark.parametrize(
    ("name", "ways", "article"),
    [
        ("yiyang-2021", (DRAWN, CHOSEN), "三（三）、四（四）"),
        ("taijiang-2022", (DRAWN,), "四.2"),
        ("neimenggu", (CHOSEN,), "第十一条"),
        ("nanchang-2023", (DRAWN, CHOSEN), "细则未规定"),
        ("qingdao-xihaian-2020", (DRAWN, CHOSEN), "细则未规定"),
        ("sixth", (DRAWN, CHOSEN), "细则未规定"),
    ],
)
def test_each_regulation_has_its_ways(name: str, ways: tuple[ExpertWay, ...], article: str) -> None:
    book = rulebook(name)
    assert (book.experts.value, book.experts.article) == (ways, article)
    offered = [offer_of(book, level.code, Way.EXPERTS) for level in book.levels]
    assert any(offered) == (DRAWN in ways)
    assert {offer.article for offer in offered if offer} <= {article}


@pytest.mark.parametrize("value", ["[]", '["asked"]', '["drawn", "drawn"]'])
def test_wrong_ways_are_refused(value: str) -> None:
    text = f'experts = {{ value = {value}, article = "第三条" }}\n' + rulebook_text("sixth")
    with pytest.raises(RulebookError, match="experts"):
        parse(text)


def test_a_chosen_expert_goes_along_marked_and_comes_off(
    office: DrawnOffice, tmp_path: Path
) -> None:
    workspace, command = office.workspace, wish(office)
    workspace.write(choosing_experts.choose, command)
    assert along(office) == ("某高工（指定专家）",)
    assert workspace.read(bound.has_members, DRAW_NO)
    printed = PrintNotices(draw_no=DRAW_NO, tasks=(office.tasks[0],), to=tmp_path)
    (notice,) = workspace.write(noticing.print_notices, printed).paths
    assert "指定专家某高工" in _text(notice)
    with pytest.raises(UserError, match="已经参加"):
        workspace.write(choosing_experts.choose, command)
    off = TakeOffExpert(assignment_id=office.tasks[0], ident="E001", reason=" ")
    with pytest.raises(UserError, match="理由"):
        workspace.write(choosing_experts.take_off, off)
    workspace.write(choosing_experts.take_off, replace(off, reason="临时出差"))
    assert along(office) == ()
    with pytest.raises(UserError, match="没有指定"):
        workspace.write(choosing_experts.take_off, replace(off, reason="临时出差"))
    kept = workspace.read(entries.rows, workspace.read(entries.ids, ListQuery()))
    said = {row.action: set(entries.detail_words(row.detail).split("；")) for row in kept}
    who = {"专家编号：E001", "名称：某高工"}
    assert said["专家指定"] >= who | {"原因：危废鉴别", "审批人：周局长"}
    assert said["专家撤下"] >= who | {"原因：临时出差"}


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("reason", " ", "理由和批准人"),
        ("approved_by", "", "理由和批准人"),
        ("ident", "E009", "不在名录"),
        ("assignment_id", 999, "不在派单"),
    ],
)
def test_what_is_missing_is_said(
    office: DrawnOffice, field: str, value: object, words: str
) -> None:
    with pytest.raises(UserError, match=words):
        office.workspace.write(choosing_experts.choose, replace(wish(office), **{field: value}))
    assert along(office) == ()


def test_nobody_is_chosen_who_cannot_come_or_after_the_visit(office: DrawnOffice) -> None:
    office.workspace.write(set_expert_state, SetPeopleState((1,), "unavailable"))
    with pytest.raises(UserError, match="不能参加"):
        office.workspace.write(choosing_experts.choose, wish(office))
    office.workspace.write(set_expert_state, SetPeopleState((1,), "available"))
    lock_result(office, office.tasks[0])
    with pytest.raises(UserError, match="已经开始检查"):
        office.workspace.write(choosing_experts.choose, wish(office))


def test_where_experts_are_drawn_none_is_chosen(tmp_path: Path) -> None:
    office = make_drawn_office(tmp_path / "drawn", rulebook="taijiang-2022")
    save_expert(office.workspace, EXPERT)
    with pytest.raises(UserError, match=r"四\.2.*不能指定"):
        office.workspace.write(choosing_experts.choose, wish(office))
    office.workspace.close()
