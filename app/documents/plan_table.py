"""季度抽查计划: the printed plan of a period, each number with its arithmetic."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.page import Item, prose
from app.documents.plan_frame import PlanHead, Sections, begin, finish, printed
from app.documents.tables import Align, Cell, Column, Row, Table, table


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStratum:
    """A category's line of the plan; ``excluded`` says how many for which reason."""

    label: str
    registered: int
    covered: int
    excluded: tuple[str, ...]
    pool: int
    ratio: str
    arithmetic: tuple[str, ...]
    quota: int
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFacts:
    """What the plan prints; each note, deviation and exemption is one sentence."""

    head: PlanHead
    scope: str
    timing: str
    headcount: str  # 执法人员18人（2026年1月15日在册）
    strata: tuple[PlannedStratum, ...]
    deviations: tuple[str, ...]
    people: tuple[str, ...]
    notes: tuple[str, ...]


def build(facts: PlanFacts, fonts: FontBook | None = None) -> bytes:
    """The plan as PDF bytes."""
    book = fonts or machine_fonts()
    return printed(facts.head, _items(facts, book), book)


def _items(facts: PlanFacts, fonts: FontBook) -> Iterable[Item]:
    sections = Sections(fonts)
    yield from begin(facts.head, sections)
    yield sections.head("范围和时间")
    yield prose(f"抽查范围：{facts.scope}。{facts.timing}", fonts)
    yield sections.head("应抽数")
    total = sum(stratum.quota for stratum in facts.strata)
    heads = f"{facts.headcount}。" if facts.headcount else ""
    yield prose(f"本期共应抽{total}家。{heads}各类的算法见下表。", fonts)
    yield _quota_table(facts, fonts)
    yield sections.head("比例的调整")
    yield from sections.listed(facts.deviations, "没有调整，按规定的比例抽取。")
    yield sections.head("执法人员")
    yield from sections.listed(facts.people)
    if facts.notes:
        yield sections.head("其他")
        yield from sections.listed(facts.notes)
    yield from finish(facts.head, fonts)


def _quota_table(facts: PlanFacts, fonts: FontBook) -> Table:
    columns = (
        Column(head="类别和比例", width=25, align=Align.LEFT),
        Column(head="在册", width=11, align=Align.RIGHT),
        Column(head="已检查", width=13, align=Align.RIGHT),
        Column(head="不抽（原因）", width=29, align=Align.LEFT),
        Column(head="可抽", width=11, align=Align.RIGHT),
        Column(head="算式和条款", width=56, align=Align.LEFT),
        Column(head="应抽", width=11, align=Align.RIGHT, role=Role.HEADING),
    )
    rows = [
        Row(
            (
                Cell((s.label, s.ratio)),
                str(s.registered),
                str(s.covered),
                Cell(s.excluded or ("0",)),
                str(s.pool),
                Cell((*s.arithmetic, f"（{s.article}）")),
                str(s.quota),
            )
        )
        for s in facts.strata
    ]
    if len(rows) > 1:
        rows.append(Row(_total(facts)))
    return table("应抽数的算法", columns, rows, fonts, name="表1")


def _total(facts: PlanFacts) -> tuple[str, ...]:
    strata = facts.strata
    registered = sum(s.registered for s in strata)
    return (
        "合计",
        str(registered),
        str(sum(s.covered for s in strata)),
        "",
        str(sum(s.pool for s in strata)),
        "凡有小数，一律向上进位",
        str(sum(s.quota for s in strata)),
    )
