"""季度抽查计划: the printed plan of a period, each number with its arithmetic."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.documents import words
from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.page import (
    OFFICIAL,
    Blank,
    Imprint,
    Item,
    Together,
    heading,
    lay_out,
    masthead,
    prose,
    render,
)
from app.documents.tables import Align, Cell, Column, Look, Row, Table, table


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStratum:
    """A category's line of the plan."""

    label: str
    registered: int
    covered: int
    excluded: int
    pool: int
    ratio: str
    arithmetic: tuple[str, ...]
    quota: int
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFacts:
    """What the plan prints; ``notes``: deviations and their reasons, one sentence each."""

    unit: str
    period: str
    document_number: str
    rulebook: str
    scope: str
    headcount: str  # 执法人员18人（2026年1月15日在册）
    strata: tuple[PlannedStratum, ...]
    notes: tuple[str, ...]
    made_by: str
    made_on: date
    rehearsal: bool = False


def build(facts: PlanFacts, fonts: FontBook | None = None) -> bytes:
    """The plan as PDF bytes."""
    book = fonts or machine_fonts()
    layout = lay_out(OFFICIAL, _items(facts, book))
    imprint = Imprint(
        title=f"{facts.unit}{facts.period}抽查计划",
        author=facts.unit,
        small=(facts.period, "抽查计划（演练）" if facts.rehearsal else "抽查计划"),
        rehearsal=facts.rehearsal,
    )
    return render(OFFICIAL, layout, imprint, book)


def _items(facts: PlanFacts, fonts: FontBook) -> Iterable[Item]:
    title = f"{facts.period}双随机抽查计划"
    yield masthead((facts.unit, title), facts.document_number, fonts)
    yield heading("一、依据和范围", fonts)
    yield prose(f"依据{facts.rulebook}。{facts.scope}{facts.headcount}", fonts)
    yield heading("二、应抽数", fonts)
    total = sum(stratum.quota for stratum in facts.strata)
    yield prose(f"本期共应抽{total}家，各类的算法见下表。", fonts)
    yield _quota_table(facts, fonts)
    yield heading("三、说明", fonts)
    for at, note in enumerate(facts.notes or ("没有需要说明的事项。",), start=1):
        yield prose(f"{at}.{note}" if facts.notes else note, fonts)
    yield _approval(facts, fonts)


def _quota_table(facts: PlanFacts, fonts: FontBook) -> Table:
    columns = (
        Column(head="类别", width=15),
        Column(head="在册", width=11),
        Column(head="已检查", width=13),
        Column(head="不抽", width=10),
        Column(head="可抽", width=10),
        Column(head="比例", width=15),
        Column(head="算式", width=53, align=Align.LEFT),
        Column(head="应抽", width=10, role=Role.HEADING),
        Column(head="条款", width=19),
    )
    rows = [
        Row(
            (
                s.label,
                str(s.registered),
                str(s.covered),
                str(s.excluded),
                str(s.pool),
                s.ratio,
                Cell(s.arithmetic or ("",)),
                str(s.quota),
                s.article,
            )
        )
        for s in facts.strata
    ]
    if len(rows) > 1:
        rows.append(Row(_total(facts)))
    return table("应抽数的算法", columns, rows, fonts, name="表1")


def _total(facts: PlanFacts) -> tuple[str, ...]:
    strata = facts.strata
    return (
        "合计",
        str(sum(s.registered for s in strata)),
        str(sum(s.covered for s in strata)),
        str(sum(s.excluded for s in strata)),
        str(sum(s.pool for s in strata)),
        "",
        "凡有小数，一律向上进位",
        str(sum(s.quota for s in strata)),
        "",
    )


def _approval(facts: PlanFacts, fonts: FontBook) -> Item:
    columns = (
        Column(head="编制人", width=39, size=11.5),
        Column(head="编制日期", width=39, size=11.5),
        Column(head="批准人签名", width=39),
        Column(head="批准日期", width=39),
    )
    rows = [Row((facts.made_by, words.day(facts.made_on), " ", " "))]
    look = Look(row=1.25 * OFFICIAL.pitch)
    block = table("编制与批准", columns, rows, fonts, look=look)
    return Together((Blank(8.0, on_grid=False), block), on_grid=False)
