"""调整抽查比例的书面报告: what is asked for, the regulation's number, the reason; to be sent up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    lay_out,
    masthead,
    prose,
    render,
)
from app.documents.tables import Align, Column, Row, Table, table
from app.documents.typography import Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedRatio:
    """One category: what the regulation says, what is planned, how many targets that makes."""

    label: str
    usual: str
    planned: str
    usual_number: int
    planned_number: int
    reason: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioReportFacts:
    """The letter; ``plan`` is the title of the plan it belongs to, ``to`` the addressee."""

    unit: str
    to: str
    document_number: str
    plan: str
    rulebook: str
    ratios: tuple[ReportedRatio, ...]
    issued_on: date


def build(facts: RatioReportFacts, fonts: FontBook | None = None) -> bytes:
    """The report as PDF bytes."""
    book = fonts or machine_fonts()
    imprint = Imprint(
        title=f"{facts.unit}关于调整抽查比例的报告",
        author=facts.unit,
        small=(facts.plan, "书面报告"),
    )
    return render(OFFICIAL, lay_out(OFFICIAL, _items(facts, book)), imprint, book)


def _items(facts: RatioReportFacts, fonts: FontBook) -> Iterable[Item]:
    titles = (facts.unit, "关于调整双随机抽查比例的报告")
    yield masthead(titles, facts.document_number, fonts)
    yield prose(f"{facts.to}：", fonts, setting=_flush())
    articles = words.listed(dict.fromkeys(each.article for each in facts.ratios))
    yield prose(
        f"我单位拟定的“{facts.plan}”中，下列类别的抽查比例与《{facts.rulebook}》的规定不同。"
        f"按照{articles}，现书面报告如下。",
        fonts,
    )
    yield _ratio_table(facts.ratios, fonts)
    for at, each in enumerate(facts.ratios, start=1):
        number = f"{at}." if len(facts.ratios) > 1 else ""
        yield prose(f"{number}{each.label}的调整理由：{each.reason.rstrip('。')}。", fonts)
    yield prose("以上报告，请审阅。", fonts)
    signed = Setting(size=OFFICIAL.size, justify=False)
    yield Together(
        (
            Blank(OFFICIAL.pitch),
            *(
                prose(f"{text}\u3000\u3000", fonts, setting=signed, align=1.0)
                for text in (facts.unit, words.day(facts.issued_on))
            ),
        )
    )


def _flush() -> Setting:
    return Setting(size=OFFICIAL.size, justify=False)


def _ratio_table(ratios: Sequence[ReportedRatio], fonts: FontBook) -> Table:
    columns = (
        Column(head="类别", width=40, align=Align.LEFT),
        Column(head="规定的比例", width=27),
        Column(head="按规定应抽", width=24),
        Column(head="计划的比例", width=27, role=Role.HEADING),
        Column(head="计划抽查", width=22, role=Role.HEADING),
        Column(head="条款", width=26),
    )
    rows = [
        Row(
            (
                each.label,
                each.usual,
                f"{each.usual_number}家",
                each.planned,
                f"{each.planned_number}家",
                each.article,
            )
        )
        for each in ratios
    ]
    return table("调整的比例", columns, rows, fonts, name="表1")
