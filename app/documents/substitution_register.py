"""更换一览表: every substitution of a draw or a period on one sheet, with counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.documents import words
from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.page import (
    OFFICIAL,
    Field,
    Imprint,
    Item,
    field,
    heading,
    lay_out,
    masthead,
    prose,
    render,
)
from app.documents.tables import NOTHING_BELOW, Align, Cell, Column, Row, Table, table
from app.documents.typography import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """One substitution; ``record``: 补充记录01, or the number of the redraw."""

    on: date
    task: str
    out: str
    coming: str
    for_target: str
    way: str
    record: str
    reason: str
    approved: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFacts:
    """What the sheet prints; ``counts``: one sentence each."""

    unit: str
    scope: str  # 抽取 360199-2026Q3-01, or 2026年第三季度
    rows: tuple[RegisterRow, ...]
    counts: tuple[str, ...]
    made_by: str
    made_on: date


def build(facts: RegisterFacts, fonts: FontBook | None = None) -> bytes:
    """The sheet as PDF bytes."""
    book = fonts or machine_fonts()
    layout = lay_out(OFFICIAL, _items(facts, book))
    imprint = Imprint(
        title=f"{facts.unit}更换一览表（{facts.scope}）",
        author=facts.unit,
        small=(facts.scope, "更换一览表", "检查前保密"),
    )
    return render(OFFICIAL, layout, imprint, book)


def _items(facts: RegisterFacts, fonts: FontBook) -> Iterable[Item]:
    yield masthead((facts.unit, "更换一览表"), facts.scope, fonts)
    yield field(Field("制表", f"{facts.made_by}，{words.day(facts.made_on)}"), fonts)
    yield prose(
        "下列更换都有补充记录或重新抽取的记录，原抽取结果永久保留；被换出的对象留待以后抽取。",
        fonts,
    )
    yield _table(facts, fonts)
    if facts.counts:
        yield heading("累计", fonts)
        yield prose("；".join(facts.counts) + "。", fonts)


def _table(facts: RegisterFacts, fonts: FontBook) -> Table:
    columns = (
        Column(head="日期", width=20, size=9),
        Column(head="任务", width=20, size=9),
        Column(head="换出", width=31, align=Align.LEFT, size=9.5),
        Column(head="换入", width=31, align=Align.LEFT, size=9.5),
        Column(head="方式、记录", width=25, size=9),
        Column(head="原因", width=29, align=Align.LEFT, size=9.5),
    )
    rows = [
        Row(
            (
                row.on.isoformat(),
                row.task,
                row.out,
                Cell((row.coming, *((f"（{row.for_target}）",) if row.for_target else ()))),
                Cell((row.way, Span(row.record, Role.MONO, 7.2))),
                Cell((row.reason, f"批准：{row.approved}")),
            )
        )
        for row in facts.rows
    ]
    return table("更换", columns, rows, fonts, name="表1", closing=NOTHING_BELOW)
