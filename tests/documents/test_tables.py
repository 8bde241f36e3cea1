"""Tables at their limits: rows higher than a page, pages turned before the seal, figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.documents import (
    annual_plan,
    filing,
    item_list,
    owed_list,
    publication_table,
    report_form,
)
from app.documents.fonts import shipped_fonts
from app.documents.plan_frame import PlanHead
from app.domain.paper_texts import PaperKind
from tests.documents import paper_facts as given
from tests.documents.reading import chars, pages, text

FONTS = shipped_fonts()
DAY = date(2026, 9, 10)


def _report(**changes: object) -> report_form.ReportFacts:
    line = report_form.ReportLine(
        content="随机抽查",
        label="重点排污单位",
        base=37,
        ratio="25%",
        drawn=(10, 10, 9, 9),
        public=(7, 1, 0),
        completion="87.5%",
        concluded=(3, 2, 1, 1),
        afterwards=(3, 2, 1, 1, 0, 2),
        settlement="66.7%",
    )
    facts = report_form.ReportFacts(
        unit=given.UNIT,
        title="2026年第三季度双随机抽查季度报表",
        text=given.printed(PaperKind.QUARTER_REPORT),
        period="2026年第三季度",
        as_of=DAY,
        made_by="卫七",
        basis="某某细则",
        drawn_heads=("户数", "户次", "已检查", "完成"),
        public_heads=("已公示", "未公示", "按规定不公示"),
        concluded_heads=("未发现问题", "责令整改", "立案", "其他"),
        afterwards_heads=("有后续处置", "整改完成", "移送", "案件办结", "复查", "处置完结"),
        lines=(line, replace(line, content="合计", label="", base=None)),
        before="",
        compared=(),
        outside=(),
        outside_basis="",
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


def test_a_row_higher_than_a_page_is_printed_over_pages() -> None:
    content = "、".join("霁光厂污染防治设施正常运行情况" for _ in range(120))
    lines = (*given.PUBLICATION.lines[:2], replace(given.PUBLICATION.lines[2], content=content))
    pdf = publication_table.build(replace(given.PUBLICATION, lines=lines), FONTS)  # type: ignore[arg-type]
    whole = pages(pdf)
    assert "".join(whole).count("霁") == 120
    assert all("检查对象、代码" in page for page in whole)
    foot = (297 - 37 - 225) * 72 / 25.4
    for number in range(1, len(whole) + 1):
        printed = [c for c in chars(pdf, number) if c.size in (8.5, 9.5)]
        assert all(c.ink[1] >= foot for c in printed), number


@pytest.mark.parametrize("count", range(1, 16))
def test_the_seal_never_stands_on_a_page_without_rows(count: int) -> None:
    bare = replace(given.PUBLICATION.head, passages={"main": "公示如下。"})
    facts = publication_table.PublicationFacts(head=bare, lines=given.PUBLICATION.lines[:count])
    last = pages(publication_table.build(facts, FONTS))[-1]
    assert "（盖章）" in last and "检查对象、代码" in last
    assert last.count("以下空白") == 1


def test_a_table_without_a_number_says_that_it_goes_on() -> None:
    line = owed_list.OwedLine(
        serial="A-01", what="检查", name="某厂", team="赵一", due_on=DAY, left="还有 5 天"
    )
    facts = owed_list.OwedFacts(
        unit=given.UNIT, squad="一中队", made_on=DAY, made_by="卫七", lines=(line,) * 60
    )
    whole = pages(owed_list.build(facts, FONTS))
    assert "共60项（续）" in whole[1] and "还有5天" in whole[1]
    nothing = text(owed_list.build(replace(facts, lines=()), FONTS))
    assert "没有应办事项" in nothing and "应办检查对象" not in nothing


def test_lines_that_were_typed_stay_lines() -> None:
    item = item_list.ListedItem(
        name="环评", basis="甲法一条\n乙法二条", subject="大队", object="", content="看\n查",
        ratio="25%", frequency="每季度", applies="全部",
    )  # fmt: skip
    part = item_list.ItemPart(title="本部门随机抽查事项", items=(item,))
    pdf = item_list.build(
        item_list.ItemListFacts(unit=given.UNIT, rulebook="《某》", as_of=DAY, parts=(part,)), FONTS
    )
    rows = {c.char: c.baseline for c in chars(pdf, 1) if c.char in "甲乙看查" and c.size == 9}
    assert rows["甲"] > rows["乙"] and rows["看"] > rows["查"]


def test_figures_stand_below_each_other_by_their_last_digit() -> None:
    strata = tuple(
        annual_plan.AnnualStratum(
            label=name, registered=number, ratio="25%", quarters=(1, 23, 456, 7),
            arithmetic=("算式",), article="第一条",
        )
        for name, number in (("甲", 9), ("乙", 1234))
    )  # fmt: skip
    head = PlanHead(
        unit=given.UNIT, title="2026年度双随机抽查计划", document_number="", bases=("《某》。",),
        text=given.printed(PaperKind.ANNUAL_PLAN), made_by="卫七", made_on=DAY,
    )  # fmt: skip
    facts = annual_plan.AnnualFacts(
        head=head, scope="本县", headcount="", strata=strata, timing=(), deviations=(),
        exemptions=(), exemptions_article="", campaigns=(), notes=("先一句\n后一句",),
    )  # fmt: skip
    pdf = annual_plan.build(facts, FONTS)
    nine = next(c for c in chars(pdf, 1) if c.char == "9" and c.size == 10.5)
    four = [c for c in chars(pdf, 1) if c.char == "4" and c.size == 10.5]
    assert any(abs(c.ink[2] - nine.ink[2]) < 1.0 for c in four)
    assert "先一句后一句" in text(pdf)
    first, after = (
        next(c for n in (1, 2, 3) for c in chars(pdf, n) if c.char == each and c.size == 16)
        for each in "先后"
    )
    assert first.baseline > after.baseline


@pytest.mark.parametrize("kinds", range(0, 14))
def test_a_report_is_signed_below_its_figures(kinds: int) -> None:
    outside = tuple((f"情形{at}", 1, 1, 0, 0) for at in range(kinds))
    last = pages(report_form.build(_report(outside=outside), FONTS))[-1]
    assert all(word in last for word in ("填表人", "审核人", "单位负责人", "（盖章）"))
    assert "情形" in last if kinds else "本期没有不经抽取的检查" in last


@pytest.mark.parametrize("others", range(0, 16))
def test_the_proof_is_sealed_below_what_it_proves(others: int) -> None:
    task = filing.DutyTask(
        draw_no="360199-2026Q3-01", serial="A-01", drawn_on=DAY, result_hash="ab" * 32,
        plan="计划", due_on=DAY, inspected_on=DAY, people="赵一", items=given.ITEMS,
        conclusion="未发现问题", published_on=DAY, afterwards="",
    )  # fmt: skip
    facts = filing.DutyProof(
        unit=given.UNIT, name=given.LONG_NAME, code="", year=2026, rulebook="某", basis="",
        made_on=DAY, tasks=(task,), text=given.printed(PaperKind.DUTY_PROOF),
        others=tuple((DAY, "上级检查", f"文{at}号") for at in range(others)),
    )  # fmt: skip
    last = pages(filing.build_proof(facts, FONTS))[-1]
    assert "（盖章）" in last and ("文" in last if others else "后续" in last)
