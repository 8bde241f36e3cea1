"""公示表 in print: the platform's numbers, who was inspected, what was looked at, the result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.page import Item, Sheets
from app.documents.paper_frame import PaperHead, begin, bind, end, paragraphs, sheets, written
from app.documents.tables import NOTHING_BELOW, Align, Cell, Column, Row, Table, table
from app.documents.typography import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedLine:
    """One line; ``plan_no`` and ``task_no`` are the platform's, empty: to be written in."""

    plan_no: str
    task_no: str
    name: str
    code: str
    content: str
    inspected_on: date
    result: str
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationFacts:
    """What the table prints."""

    head: PaperHead
    lines: tuple[PublishedLine, ...]


def compose(facts: PublicationFacts, fonts: FontBook | None = None) -> Sheets:
    """The table, laid out; UserError names a character no face can print."""
    book = fonts or machine_fonts()
    return sheets(facts.head, _items(facts, book))


def build(facts: PublicationFacts, fonts: FontBook | None = None) -> bytes:
    """The table as PDF bytes."""
    return bind((compose(facts, fonts),), fonts)


def _items(facts: PublicationFacts, fonts: FontBook) -> Iterable[Item]:
    yield begin(facts.head, fonts)
    yield from paragraphs(facts.head.passages.get("main", ""), fonts)
    yield _table(facts, fonts)
    yield end(facts.head, fonts, tuple(paragraphs(facts.head.passages.get("objection", ""), fonts)))


def _table(facts: PublicationFacts, fonts: FontBook) -> Table:
    columns = (
        Column(head="序号", width=8, size=9),
        Column(head="计划编号\n任务编号", width=25, role=Role.MONO, size=7.2, leading=11),
        Column(head="检查对象、代码", width=42, align=Align.LEFT, size=9.5, leading=13),
        Column(head="检查内容", width=36, align=Align.LEFT, size=8.5, leading=12),
        Column(head="完成日期", width=20, size=8.5),
        Column(head="检查结果", width=21, size=9, leading=12.5),
        Column(head="备注", width=9, size=8.5, leading=12),
    )
    rows = [
        Row(
            (
                str(at),
                Cell(tuple(x for x in (each.plan_no, each.task_no) if x) or (" ",)),
                Cell((each.name, *((Span(each.code, Role.MONO, 8),) if each.code else ()))),
                each.content,
                each.inspected_on.isoformat(),
                each.result,
                written(each.remark),
            )
        )
        for at, each in enumerate(facts.lines, start=1)
    ]
    return table("", columns, rows, fonts, name="检查结果", closing=NOTHING_BELOW)
