"""公示表 in print: results, the outcome of cases, the list passed on — one paper, its columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.page import Item, Sheets
from app.documents.paper_frame import PaperHead, begin, bind, end, paragraphs, sheets, written
from app.documents.tables import NOTHING_BELOW, Align, Cell, CellText, Column, Row, Table, table
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
class OutcomeLine:
    """How one case ended (查处结果, the second publication)."""

    name: str
    code: str
    matter: str
    outcome: str
    decision_no: str
    ended_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOnLine:
    """One result another department is told; ``receivers`` in words."""

    name: str
    code: str
    inspected_on: date | None
    conclusion: str
    published_on: date | None
    decision_no: str
    receivers: str


Line = PublishedLine | OutcomeLine | PassedOnLine
Lines = tuple[PublishedLine, ...] | tuple[OutcomeLine, ...] | tuple[PassedOnLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationFacts:
    """What the table prints; lines of one sort, at least one."""

    head: PaperHead
    lines: Lines


def compose(facts: PublicationFacts, fonts: FontBook | None = None) -> Sheets:
    """The table, laid out; UserError names a character no face can print."""
    book = fonts or machine_fonts()
    return sheets(facts.head, _items(facts, book))


def build(facts: PublicationFacts, fonts: FontBook | None = None) -> bytes:
    """The table as PDF bytes."""
    return bind((compose(facts, fonts),), fonts)


def _items(facts: PublicationFacts, fonts: FontBook) -> Iterable[Item]:
    yield from begin(facts.head, fonts)
    yield from paragraphs(facts.head.words("main"), fonts)
    # The seal never stands on a page without rows above it.
    yield replace(_table(facts, fonts), keeps_next=True)
    before = tuple(paragraphs(facts.head.words("objection"), fonts))
    yield end(facts.head, fonts, before, closed=True)


def _table(facts: PublicationFacts, fonts: FontBook) -> Table:
    name, columns = _COLUMNS[type(facts.lines[0])]
    lines: Sequence[Line] = facts.lines
    rows = [Row((str(at), *_cells(each))) for at, each in enumerate(lines, start=1)]
    return table(
        "",
        (Column(head="序号", width=8, size=9), *columns),
        rows,
        fonts,
        name=name,
        closing=NOTHING_BELOW,
    )


_WHO = Column(head="检查对象、代码", width=42, align=Align.LEFT, size=9.5, leading=13)
_DAY = Column(head="日期", width=20, size=8.5)
_COLUMNS: dict[type, tuple[str, tuple[Column, ...]]] = {
    PublishedLine: (
        "检查结果",
        (
            Column(head="计划编号\n任务编号", width=25, role=Role.MONO, size=7.2, leading=11),
            _WHO,
            Column(head="检查内容", width=36, align=Align.LEFT, size=8.5, leading=12),
            replace(_DAY, head="完成日期"),
            Column(head="检查结果", width=21, size=9, leading=12.5),
            Column(head="备注", width=9, size=8.5, leading=12),
        ),
    ),
    OutcomeLine: (
        "查处结果",
        (
            _WHO,
            Column(head="案由", width=30, align=Align.LEFT, size=9, leading=12.5),
            Column(head="查处结果", width=34, align=Align.LEFT, size=9, leading=12.5),
            Column(head="决定文号", width=22, size=8.5, leading=12),
            _DAY,
        ),
    ),
    PassedOnLine: (
        "推送名单",
        (
            _WHO,
            replace(_DAY, head="检查日期\n公示日期"),
            Column(head="检查结论", width=30, align=Align.LEFT, size=9, leading=12.5),
            Column(head="处罚决定文号", width=22, size=8.5, leading=12),
            Column(head="推送给", width=34, align=Align.LEFT, size=9, leading=12.5),
        ),
    ),
}


def _cells(each: Line) -> tuple[CellText, ...]:
    who = Cell((each.name, *((Span(each.code, Role.MONO, 8),) if each.code else ())))
    match each:
        case PublishedLine():
            return (
                Cell(tuple(x for x in (each.plan_no, each.task_no) if x) or (" ",)),
                who,
                each.content,
                each.inspected_on.isoformat(),
                each.result,
                written(each.remark),
            )
        case OutcomeLine():
            ended = each.ended_on.isoformat()
            return who, each.matter, each.outcome, each.decision_no, ended
        case PassedOnLine():
            days = Cell(tuple("—" if x is None else x.isoformat() for x in _days(each)))
            return who, days, each.conclusion, each.decision_no, each.receivers


def _days(each: PassedOnLine) -> tuple[date | None, date | None]:
    return each.inspected_on, each.published_on
