"""专项检查 drawn: scope, number and approval are the approved campaign's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ways import Way
from app.errors import UserError
from app.services.draws import drawing
from app.services.draws.draw_commands import FreezeDraw
from app.services.plans import campaign_draws, plans
from app.services.plans.campaign_draws import shared
from app.services.plans.plans import ApprovePlan, Campaign, PlanKind, PlanView, ProposePlan
from app.services.workspace import Workspace
from tests.documents.reading import text as text_of
from tests.services.test_ways import asked, finish, proven
from tests.support_office import PERIOD, make_office

TODAY = date(2026, 7, 2)
APPROVED = "（青环〔2026〕40号，青禾县生态环境局2026年7月1日批准）"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    made = make_office(tmp_path / "ws", rulebook="yiyang-2021", people=10)
    yield made
    made.close()


def proposed(office: Workspace, *, number: int = 3, tags: str = "专长=水") -> PlanView:
    command = ProposePlan(
        kind=PlanKind.CAMPAIGN,
        period="2026",
        name="涉水企业",
        campaign=Campaign(
            organ="市生态环境局",
            document_no="市环函〔2026〕31号",
            approved_on=TODAY,
            scope="有废水排放的企业",
            number=number,
            tags=tags,
        ),
    )
    return office.write(plans.propose, command)


def approved(office: Workspace, **how: object) -> int:
    view = proposed(office, **how)  # type: ignore[arg-type]
    command = ApprovePlan(
        id=view.id,
        organ="青禾县生态环境局",
        name="丁某",
        post="局长",
        on=date(2026, 7, 1),
        document_no="青环〔2026〕40号",
    )
    return office.write(plans.approve, command).id


def of(plan_id: int, **more: object) -> FreezeDraw:
    return asked(way=Way.DIRECTED, campaign=plan_id, **more)


def test_an_approved_campaign_is_drawn_with_its_scope_number_and_approval(
    office: Workspace,
) -> None:
    plan_id = approved(office)
    frozen = office.write(drawing.freeze, of(plan_id))
    assert frozen.facts.scope == "专长=水"
    assert frozen.facts.plan.total == 3
    assert any(APPROVED in words for words in frozen.facts.plan.approvals)
    done = finish(office, frozen)
    plan = proven(office, done)
    assert plan.rule("reason") == "2026年涉水企业专项检查计划：有废水排放的企业"
    assert "青环〔2026〕40号" in (plan.rule("campaign") or "")
    assert {target.need for target in plan.targets} == {"water"}
    minutes = text_of((done.folder / "minutes.pdf").read_bytes())
    assert "青环〔2026〕40号" in minutes and "市环函〔2026〕31号" in minutes
    # All that were approved are drawn: there is nothing left of it.
    (left,) = office.read(campaign_draws.in_force, PERIOD)
    assert (left.left, left.why_not) == (0, "批准的 3 家已经抽完")
    with pytest.raises(UserError, match="已经抽完"):
        office.write(drawing.freeze, of(plan_id))


def test_it_may_be_drawn_in_parts_and_never_beyond_its_number(office: Workspace) -> None:
    plan_id = approved(office)
    with pytest.raises(UserError, match="还可抽 3 家"):
        office.write(drawing.freeze, of(plan_id, counts=(("KEY", 2), ("GENERAL", 2))))
    finish(office, office.write(drawing.freeze, of(plan_id, counts=(("KEY", 1),))))
    (found,) = office.read(campaign_draws.in_force, PERIOD)
    assert found.left == 2


def test_only_an_approved_one_with_conditions_in_its_time_can_be_drawn(office: Workspace) -> None:
    with pytest.raises(UserError, match="不能按“颜色”划定范围"):
        proposed(office, tags="颜色=红")
    view = proposed(office, tags="")
    with pytest.raises(UserError, match="没有批准"):
        office.write(drawing.freeze, of(view.id))
    plan_id = approved(office, tags="")
    with pytest.raises(UserError, match="没有划定条件"):
        office.write(drawing.freeze, of(plan_id))
    with pytest.raises(UserError, match="没有批准，或不在本期"):
        office.write(drawing.freeze, of(plan_id, period="2027Q1"))
    with pytest.raises(UserError, match="没有已批准的“扬尘”"):
        office.read(campaign_draws.named, "扬尘", PERIOD)


@given(st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 40), min_size=1), st.data())
def test_the_number_is_split_by_what_can_be_drawn(
    room: dict[str, int], data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, sum(room.values())))
    found = shared(room, number)
    assert sum(found.values()) == number
    total = sum(room.values())
    for code, n in found.items():
        assert n <= room[code]
        assert abs(n * total - number * room[code]) < total  # never a whole one away
    with pytest.raises(UserError, match="少于"):
        shared(room, total + 1)
