"""The papers of a plan, from the office's own records."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.paper_texts import PaperKind
from app.errors import UserError
from app.services.packages import exporting
from app.services.packages.exporting import MakePackage
from app.services.paperwork import paper_words, plan_papers
from app.services.paperwork.plan_papers import PrintPlan, PrintRatioReport
from app.services.plans import plans
from app.services.plans.plans import FilePlan, PlanKind, ProposePlan, WishLine
from app.services.workspace import Workspace
from tests.documents.reading import text
from tests.services.test_plans import TODAY, approve
from tests.support_office import PERIOD, make_office

REPORTED = WishLine(category="KEY", value="1/5", reason="辖区面积大", report="青环〔2026〕7号")


@pytest.fixture
def banner(tmp_path: Path) -> Iterator[Workspace]:
    workspace = make_office(
        tmp_path / "w", rulebook="neimenggu", level="county", targets={"KEY": 40, "GENERAL": 80}
    )
    yield workspace
    workspace.close()


def plain(path: Path) -> str:
    return text(path.read_bytes()).replace(" ", "")


def test_an_annual_plan_is_printed_with_approval_and_filing(banner: Workspace) -> None:
    command = ProposePlan(kind=PlanKind.ANNUAL, period="2027", wishes=(REPORTED,))
    view = approve(banner, banner.write(plans.propose, command))
    banner.write(plans.file, FilePlan(id=view.id, to="市生态环境局", on=TODAY, by="卫七"))
    path = banner.write(plan_papers.print_plan, PrintPlan(view.id))
    assert path.name == "2027年度抽查计划-第1版.pdf"
    whole = plain(path)
    for words in (
        "2027年度双随机抽查计划",
        "40×20%=8",
        "2026年12月内",  # the first quarter is drawn in the month before it
        "规定为每季度25%",
        "已书面报告（青环〔2026〕7号）",
        "执法检查人员名录库执法人员数量7人（年度计划批准时）",
        "李四（局长）",
        "2026年7月2日报市生态环境局",
    ):
        assert words in whole, words


def test_a_plan_prints_the_units_words(banner: Workspace) -> None:
    shipped = paper_words.shipped(PaperKind.ANNUAL_PLAN)
    words = {"intro": "{期间}计划抽查{户次}户次。", "counting": "", "sign_maker": "拟稿人"}
    own = replace(shipped, title="抽查安排", sealer="某某县人民政府").with_words(words)
    banner.write(paper_words.save, own)
    view = banner.write(plans.propose, ProposePlan(kind=PlanKind.ANNUAL, period="2027"))
    whole = plain(banner.write(plan_papers.print_plan, PrintPlan(view.id)))
    total = sum(line.total for line in view.content.lines)
    assert "2027年度抽查安排" in whole and f"2027年计划抽查{total}户次。" in whole
    assert "拟稿人" in whole and "编制人" not in whole and "按拟定计划时的名录测算" not in whole
    assert "某某县人民政府" in whole and "（盖章）" in whole


def test_a_quarters_plan_names_the_years_plan_and_who_is_left_out(banner: Workspace) -> None:
    year = ProposePlan(kind=PlanKind.ANNUAL, period="2026")
    approve(banner, banner.write(plans.propose, year))
    view = banner.write(plans.propose, ProposePlan(kind=PlanKind.PERIOD, period=PERIOD))
    whole = plain(banner.write(plan_papers.print_plan, PrintPlan(view.id)))
    for words in ("“2026年度抽查计划”", "持证而未参加抽取1人", "执法证2026-08-31到期", "送审稿"):
        assert words in whole, words


def test_the_written_report_is_printed_where_a_ratio_needs_one(banner: Workspace) -> None:
    command = ProposePlan(kind=PlanKind.PERIOD, period=PERIOD, wishes=(REPORTED,))
    view = banner.write(plans.propose, command)
    whole = plain(banner.write(plan_papers.print_ratio_report, PrintRatioReport(view.id)))
    for words in ("自治区生态环境厅：", "每季度25%", "10家", "每季度20%", "8家", "辖区面积大"):
        assert words in whole, words
    usual = banner.write(plans.propose, ProposePlan(kind=PlanKind.PERIOD, period="2026Q4"))
    with pytest.raises(UserError, match="没有须书面报告"):
        banner.write(plan_papers.print_ratio_report, PrintRatioReport(usual.id))


def test_a_package_carries_the_approved_plans_and_the_public_one_does_not(
    banner: Workspace, tmp_path: Path
) -> None:
    year = ProposePlan(kind=PlanKind.ANNUAL, period="2026")
    approve(banner, banner.write(plans.propose, year))
    banner.write(plans.propose, ProposePlan(kind=PlanKind.PERIOD, period=PERIOD))
    for edition, carried in (("sealed", ["2026年度抽查计划-第1版.pdf"]), ("public", [])):
        command = MakePackage(what="plan", period=PERIOD, to=tmp_path / edition, edition=edition)
        (tmp_path / edition).mkdir()
        made = banner.write(exporting.export, command)
        with zipfile.ZipFile(made.path) as package:
            names = [Path(name).name for name in package.namelist()]
        assert [name for name in names if name.endswith(".pdf")] == carried
