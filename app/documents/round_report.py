"""名录更新差异报告: what a round changes in the three directories, for reviewer and file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.documents import words
from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.hashes import groups
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
from app.documents.tables import Align, Column, Look, Row, Table, table

_ORDINALS: Final = "一二三四五六"
_MOST_ROWS: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPart:
    """One directory: its summary and lines (变化, 编号, 名称, 项目, 原来, 现在)."""

    title: str
    summary: str
    rows: tuple[tuple[str, str, str, str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSlot:
    """Who reviews a directory; what is not known yet is left to be written."""

    directory: str
    organ: str
    name: str = ""
    on: date | None = None
    document_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundReport:
    """What the report prints; ``digest`` 64 hex digits or empty while not proposed."""

    unit: str
    period: str
    rulebook: str
    base: str
    moment: str
    digest: str
    parts: tuple[ReportPart, ...]
    reviews: tuple[ReviewSlot, ...]
    made_by: str


def build(facts: RoundReport, fonts: FontBook | None = None) -> bytes:
    """The report as PDF bytes."""
    book = fonts or machine_fonts()
    layout = lay_out(OFFICIAL, _items(facts, book))
    imprint = Imprint(
        title=f"{facts.unit}{facts.period}名录更新差异报告",
        author=facts.unit,
        small=(facts.period, facts.digest[:8] or "未报审", "名录更新差异报告"),
    )
    return render(OFFICIAL, layout, imprint, book)


def _items(facts: RoundReport, fonts: FontBook) -> Iterable[Item]:
    title = f"{facts.period}名录更新差异报告"
    yield masthead((facts.unit, title), "", fonts)
    yield prose(
        f"依据《{facts.rulebook}》，本单位更新“一单两库”。"
        f"对照：{facts.base}；本次：{facts.moment}。各名录的变化如下。",
        fonts,
    )
    if facts.digest:
        yield prose(f"本次名录的摘要（SHA-256）：{' '.join(groups(facts.digest))}。", fonts)
    for at, part in enumerate(facts.parts):
        yield heading(f"{_ORDINALS[at]}、{part.title}", fonts)
        yield prose(f"{part.summary}。", fonts)
        if part.rows:
            yield _changes(part, f"表{at + 1}", fonts)
    yield heading(f"{_ORDINALS[len(facts.parts)]}、审核", fonts)
    yield _reviews(facts, fonts)


def _changes(part: ReportPart, name: str, fonts: FontBook) -> Table:
    columns = (
        Column(head="变化", width=12),
        Column(head="编号", width=31, size=8.5, leading=11.5),
        Column(head="名称", width=38, align=Align.LEFT),
        Column(head="项目", width=21),
        Column(head="原来", width=27, align=Align.LEFT),
        Column(head="现在", width=27, align=Align.LEFT),
    )
    shown = part.rows[:_MOST_ROWS]
    rows = [Row(line) for line in shown]
    left = len(part.rows) - len(shown)
    note = f"其余 {left} 行见随附的工作簿。" if left else ""
    return table(part.title, columns, rows, fonts, name=name, note=note)


def _reviews(facts: RoundReport, fonts: FontBook) -> Item:
    columns = (
        Column(head="名录", width=34, role=Role.HEADING),
        Column(head="审核单位", width=34),
        Column(head="文号", width=30),
        Column(head="审核人签名", width=31),
        Column(head="日期", width=27),
    )
    rows = [
        Row(
            (
                each.directory,
                each.organ,
                each.document_no or " ",
                each.name or " ",
                words.day(each.on) if each.on else " ",
            )
        )
        for each in facts.reviews
    ]
    look = Look(row=1.25 * OFFICIAL.pitch)
    note = f"编制：{facts.made_by}"
    block = table("审核意见", columns, rows, fonts, look=look, note=note)
    return Together((Blank(8.0, on_grid=False), block), on_grid=False)
