"""年度抽查计划: scope, ratios, each quarter's number with its arithmetic, what is exempt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.page import Item, prose
from app.documents.paper_frame import paragraphs
from app.documents.plan_frame import PlanHead, Sections, begin, finish, printed
from app.documents.tables import Align, Cell, Column, Row, Table, table


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualStratum:
    """A category's year; ``quarters`` in order, ``arithmetic`` one sentence per line."""

    label: str
    registered: int
    ratio: str
    quarters: tuple[int, ...]
    arithmetic: tuple[str, ...]
    article: str

    @property
    def total(self) -> int:
        """The year's number."""
        return sum(self.quarters)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterTiming:
    """When a quarter is drawn and done, in words."""

    period: str
    draw: str
    finish: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualFacts:
    """What the plan prints; deviations, exemptions, campaigns and notes are a sentence each."""

    head: PlanHead
    scope: str
    headcount: str
    strata: tuple[AnnualStratum, ...]
    timing: tuple[QuarterTiming, ...]
    deviations: tuple[str, ...]
    exemptions: tuple[str, ...]
    exemptions_article: str
    campaigns: tuple[str, ...]
    notes: tuple[str, ...]


def build(facts: AnnualFacts, fonts: FontBook | None = None) -> bytes:
    """The plan as PDF bytes."""
    book = fonts or machine_fonts()
    return printed(facts.head, _items(facts, book), book)


def _items(facts: AnnualFacts, fonts: FontBook) -> Iterable[Item]:
    sections = Sections(fonts)
    yield from begin(facts.head, sections)
    yield sections.head("抽查范围")
    yield prose(f"{facts.scope}。", fonts)
    yield sections.head("抽查比例和数量")
    total = sum(stratum.total for stratum in facts.strata)
    heads = f"人数：{facts.headcount}，全年不变。" if facts.headcount else ""
    yield prose(f"全年计划抽查{total}户次，分季度的数量见表1，算法见表2。{heads}", fonts)
    yield _number_table(facts, fonts)
    yield _arithmetic_table(facts, fonts)
    yield from paragraphs(facts.head.text.words("counting"), fonts)
    yield sections.head("实施时间")
    yield _timing_table(facts, fonts)
    yield sections.head("比例的调整")
    yield from sections.listed(facts.deviations, "没有调整，按规定的比例抽取。")
    yield sections.head("不列入本计划的检查")
    article = f"（{facts.exemptions_article}）" if facts.exemptions_article else ""
    exempt = "；".join(facts.exemptions)
    yield prose(f"{exempt}{article}。" if exempt else "没有。", fonts)
    yield sections.head("专项检查")
    yield from sections.listed(
        [f"{each}。" for each in facts.campaigns], "拟定本计划时没有经批准的专项检查。"
    )
    if facts.notes:
        yield sections.head("其他")
        yield from sections.listed(facts.notes)
    yield from finish(facts.head, fonts)


def _number_table(facts: AnnualFacts, fonts: FontBook) -> Table:
    columns = (
        Column(head="类别", width=38, align=Align.LEFT),
        Column(head="在册", width=15, align=Align.RIGHT),
        Column(head="比例", width=27),
        *(Column(head=f"第{name}\n季度", width=15, align=Align.RIGHT) for name in "一二三四"),
        Column(head="全年", width=16, align=Align.RIGHT, role=Role.HEADING),
    )
    rows = [
        Row((s.label, str(s.registered), s.ratio, *map(str, s.quarters), str(s.total)))
        for s in facts.strata
    ]
    if len(rows) > 1:
        sums = [sum(column) for column in zip(*(s.quarters for s in facts.strata), strict=True)]
        registered = str(sum(s.registered for s in facts.strata))
        rows.append(Row(("合计", registered, "", *map(str, sums), str(sum(sums)))))
    return table("全年抽查数量（户次）", columns, rows, fonts, name="表1")


def _arithmetic_table(facts: AnnualFacts, fonts: FontBook) -> Table:
    columns = (
        Column(head="类别", width=30, align=Align.LEFT),
        Column(head="算式", width=100, align=Align.LEFT),
        Column(head="条款", width=26),
    )
    rows = [Row((s.label, Cell(s.arithmetic), s.article)) for s in facts.strata]
    note = "凡有小数，一律向上进位。"
    return table("数量的算法", columns, rows, fonts, name="表2", note=note)


def _timing_table(facts: AnnualFacts, fonts: FontBook) -> Table:
    columns = (
        Column(head="期间", width=38),
        Column(head="抽取", width=44),
        Column(head="检查和录入", width=74, align=Align.LEFT),
    )
    rows = [Row((each.period, each.draw, each.finish)) for each in facts.timing]
    return table("抽取和检查的时间", columns, rows, fonts, name="表3")
