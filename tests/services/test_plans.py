"""Plans: worked out, approved, filed; frozen then, changed only by another version."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from app.db.unit_of_work import UnitOfWork
from app.errors import UserError
from app.models import Inspector
from app.services.days import calendar, duties
from app.services.plans import local_basis, planning, plans
from app.services.plans.plans import (
    ApprovePlan,
    Campaign,
    DiscardPlan,
    FilePlan,
    PlanKind,
    PlanState,
    PlanView,
    ProposePlan,
    WishLine,
)
from app.services.workspace import Workspace
from tests.documents.reading import text
from tests.support_office import BASIS, PERIOD, draw_once, make_office

TODAY = date(2026, 7, 2)
LOWER = WishLine(category="KEY", value="1/5", reason="人手不足")


@pytest.fixture
def banner(tmp_path: Path) -> Iterator[Workspace]:
    """A banner of Inner Mongolia: 40 key targets, 200 general ones, 7 people."""
    workspace = make_office(
        tmp_path / "w",
        rulebook="neimenggu",
        level="county",
        targets={"KEY": 40, "GENERAL": 200},
    )
    yield workspace
    workspace.close()


def approve(office: Workspace, view: PlanView) -> PlanView:
    command = ApprovePlan(
        id=view.id,
        organ="青禾县生态环境局",
        name="李四",
        post="局长",
        on=TODAY,
        document_no="青环〔2026〕8号",
    )
    return office.write(plans.approve, command)


def annual(office: Workspace, **more: object) -> PlanView:
    command = ProposePlan(kind=PlanKind.ANNUAL, period="2026", **more)  # type: ignore[arg-type]
    return office.write(plans.propose, command)


def quarter(office: Workspace, **more: object) -> PlanView:
    command = ProposePlan(kind=PlanKind.PERIOD, period=PERIOD, **more)  # type: ignore[arg-type]
    return office.write(plans.propose, command)


def compute(office: Workspace, period: str = PERIOD) -> planning.PeriodPlan:
    return office.read(planning.compute, planning.MakePlan(period=period, on=TODAY))


def test_a_year_is_worked_out_quarter_by_quarter(tmp_path: Path) -> None:
    office = make_office(
        tmp_path / "w", rulebook="taijiang-2022", targets={"KEY": 5, "SPECIAL": 22, "GENERAL": 298}
    )
    try:
        command = ProposePlan(kind=PlanKind.ANNUAL, period="2027", headcount=18)
        lines = office.write(plans.propose, command).content.lines
        assert {line.category: line.quarters for line in lines} == {
            "KEY": (2, 2, 2, 2),
            "SPECIAL": (11, 9, 11, 9),  # two are suspended: 20 of 22 in each half-year
            "GENERAL": (23, 23, 22, 22),
        }
        general = next(line for line in lines if line.category == "GENERAL")
        assert general.total == 90
        assert general.in_words()[0].startswith("第一季度：18 人按 1:5：18 × 5 = 90")
    finally:
        office.close()


def test_nothing_changes_an_approved_plan_but_another_version(banner: Workspace) -> None:
    first = approve(banner, annual(banner))
    assert first.state is PlanState.APPROVED and first.content.headcount == 7
    with pytest.raises(UserError, match="不能直接改"):
        annual(banner)
    second = annual(banner, reason="名录调整")
    assert second.version == 2
    assert plans_in_force(banner) == [1]
    approve(banner, second)
    states = [each.state for each in versions(banner)]
    assert states == [PlanState.APPROVED, PlanState.REPLACED]
    assert versions(banner)[1].content == first.content


def versions(office: Workspace) -> tuple[PlanView, ...]:
    return office.read(plans.versions, PlanKind.ANNUAL, "2026")


def plans_in_force(office: Workspace) -> list[int]:
    return [each.version for each in versions(office) if each.binding]


def test_the_headcount_is_the_one_of_the_day_of_approval_and_stays(banner: Workspace) -> None:
    proposed = annual(banner)
    banner.write(_dismiss, "R01")
    with pytest.raises(UserError, match="名录库现在是 6 人，计划按 7 人拟定"):
        approve(banner, proposed)
    approve(banner, annual(banner))
    banner.write(_dismiss, "R02")
    plan = compute(banner)
    assert plan.headcount == 6
    assert plan.headcount_words == "执法检查人员名录库执法人员数量 6 人（年度计划批准时）"
    assert plan.headcount_drift == "名录库现在有 5 人"


def _dismiss(uow: UnitOfWork, personal_no: str) -> None:
    uow.session.execute(
        update(Inspector).where(Inspector.personal_no == personal_no).values(cert_no="")
    )
    uow.commit()


def test_a_proposed_plan_binds_nobody_an_approved_one_does(banner: Workspace) -> None:
    proposed = quarter(banner, wishes=(LOWER,))
    assert proposed.content.plan is not None
    assert proposed.content.plan.lines[0].quota == 8
    assert compute(banner).lines[0].quota == 10
    with pytest.raises(UserError, match="报告文号还没有登记"):
        approve(banner, proposed)
    reported = WishLine(category="KEY", value="1/5", reason="人手不足", report="青环〔2026〕7号")
    approve(banner, quarter(banner, wishes=(reported,)))
    plan = compute(banner)
    assert plan.lines[0].quota == 8
    (deviation,) = plan.deviations
    assert deviation.words == "重点排污单位按每季度20%，规定为每季度25%"
    assert plan.approvals == (
        "“2026年第三季度抽查计划”（青环〔2026〕8号，青禾县生态环境局2026年7月2日批准）",
    )


def test_the_years_own_numbers_hold_for_its_quarters(banner: Workspace) -> None:
    reported = WishLine(
        category="KEY", value="3/10", reason="环境质量下降", report="青环〔2026〕7号"
    )
    approve(banner, annual(banner, wishes=(reported,)))
    assert compute(banner).lines[0].quota == 12
    assert quarter(banner).content.wishes == (reported,)


def test_a_ratio_the_regulation_fixes_is_not_undercut(tmp_path: Path) -> None:
    office = make_office(tmp_path / "w")
    try:
        with pytest.raises(UserError, match="低于第十四条的最低要求"):
            quarter(office, wishes=(WishLine(category="A", value="1/5", reason="人手不足"),))
    finally:
        office.close()


def test_an_approved_plan_is_filed_upwards(banner: Workspace) -> None:
    view = approve(banner, annual(banner))
    assert view.content.file_to == "上级生态环境部门"
    filed = banner.write(
        plans.file,
        FilePlan(id=view.id, to="市生态环境局", on=TODAY, document_no="青环〔2026〕9号", by="卫七"),
    )
    assert (filed.state, filed.filed_to, filed.filed_on) == (PlanState.FILED, "市生态环境局", TODAY)
    assert filed.binding
    with pytest.raises(UserError, match="不能登记上报"):
        banner.write(plans.file, FilePlan(id=view.id, to="市局", on=TODAY))


@pytest.mark.parametrize(
    ("organ", "on", "words"),
    [("", TODAY, "批准机关"), ("县局", None, "批准日期"), ("县局", date(2026, 7, 3), "今天之后")],
)
def test_an_approval_names_who_and_when(
    banner: Workspace, organ: str, on: date | None, words: str
) -> None:
    view = annual(banner)
    with pytest.raises(UserError, match=words):
        banner.write(
            plans.approve, ApprovePlan(id=view.id, organ=organ, name="李四", post="局长", on=on)
        )


def test_a_proposal_can_be_dropped_an_approved_plan_cannot(banner: Workspace) -> None:
    view = annual(banner)
    banner.write(plans.discard, DiscardPlan(view.id))
    assert versions(banner) == ()
    kept = approve(banner, annual(banner))
    with pytest.raises(UserError, match="不能删除"):
        banner.write(plans.discard, DiscardPlan(kept.id))


def test_a_campaign_carries_its_approval(banner: Workspace) -> None:
    command = ProposePlan(
        kind=PlanKind.CAMPAIGN,
        period="2026Q3",
        name="危险废物",
        campaign=Campaign(
            organ="市生态环境局",
            document_no="市环函〔2026〕31号",
            approved_on=TODAY,
            scope="产生危险废物的企业",
            number=12,
        ),
    )
    view = banner.write(plans.propose, command)
    assert view.title == "2026年第三季度危险废物专项检查计划"
    assert annual(banner).content.campaigns == (
        "危险废物（2026年第三季度）：产生危险废物的企业，12家，市生态环境局市环函〔2026〕31号批准",
    )
    with pytest.raises(UserError, match="批准文号"):
        banner.write(
            plans.propose,
            ProposePlan(
                kind=PlanKind.CAMPAIGN,
                period="2026Q3",
                name="扬尘",
                campaign=Campaign(
                    organ="市局", document_no="", approved_on=None, scope="工地", number=3
                ),
            ),
        )


def test_a_quarter_already_drawn_keeps_its_number_in_the_years_plan(banner: Workspace) -> None:
    before = annual(banner).content.lines
    assert [line.quarters[:2] for line in before] == [(0, 0), (0, 0)]  # over, and never drawn
    drawn = draw_once(banner)
    after = annual(banner).content.lines
    assert drawn.selected == sum(line.quarters[2] for line in before)
    assert [line.quarters for line in after] == [line.quarters for line in before]


def test_holders_who_cannot_be_drawn_are_named(banner: Workspace) -> None:
    plan = compute(banner)
    assert [(each.name, each.words) for each in plan.holders_left_out] == [
        ("蒋某7", "执法证2026-08-31到期，早于抽查期间结束")
    ]
    assert "所有取得内蒙古自治区行政执法证" in plan.must_be_listed


def test_a_local_basis_holds_for_the_periods_in_its_own(banner: Workspace) -> None:
    words = banner.read(local_basis.words, "2026Q3")
    assert words == "上级同意：青环函〔2026〕12号，王五（分局局长）2026年6月20日签批"
    assert banner.read(local_basis.words, "2027Q1") == ""
    with pytest.raises(UserError, match=r"文号.*签批人"):
        banner.write(local_basis.record, local_basis.BasisFacts(period="2026", signed_on=TODAY))
    newer = local_basis.BasisFacts(
        period="2026Q3", kind="platform_down", document_no="签报5号", signer="赵六", signed_on=TODAY
    )
    banner.write(local_basis.record, newer)
    assert banner.read(local_basis.words, "2026Q3") == newer.in_words()
    assert banner.read(local_basis.words, "2026Q4") == BASIS.in_words()


def test_an_approved_plan_finishes_the_years_duty(tmp_path: Path) -> None:
    office = make_office(tmp_path / "w", rulebook="yiyang-2021")
    try:

        def state() -> duties.DutyState:
            rows = office.read(
                lambda connection: {
                    row.due_on: row
                    for each, row in duties.duties_of(
                        connection,
                        office.rulebook,
                        2026,
                        calendar.office_calendar(connection, 2026),
                        TODAY,
                    )
                    if each.code == "plan_quarter"
                }
            )
            return next(row.state for due, row in rows.items() if due.month in {7, 8, 9})

        assert state() is not duties.DutyState.DONE
        approve(office, quarter(office))
        assert state() is duties.DutyState.DONE
    finally:
        office.close()


def test_minutes_print_changed_ratios_the_years_plan_and_who_is_left_out(
    banner: Workspace,
) -> None:
    reported = WishLine(category="KEY", value="1/5", reason="人手不足", report="青环〔2026〕7号")
    approve(banner, quarter(banner, wishes=(reported,)))
    drawn = draw_once(banner)
    assert drawn.selected == 8 + 35
    whole = text((drawn.folder / "minutes.pdf").read_bytes()).replace(" ", "")
    for words in (
        "“2026年第三季度抽查计划”（青环〔2026〕8号",
        "规定为每季度25%（第八条（一）），理由：人手不足，已书面报告（青环〔2026〕7号）",
        "持证而未参加抽取1人：蒋某7（执法证2026-08-31到期",
        "上级同意：青环函〔2026〕12号，王五（分局局长）",
    ):
        assert words in whole, words
