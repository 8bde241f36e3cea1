"""文号登记簿: every number of a series in order, the voided ones among them, no gap unexplained."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from app.documents.fonts import FontBook, machine_fonts
from app.documents.page import Item, Sheets, prose
from app.documents.paper_frame import PaperHead, begin, bind, end, sheets, written
from app.documents.tables import NOTHING_BELOW, Align, Column, Row, Table, table


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredNumber:
    """One number (or a run of numbers used elsewhere); ``voided`` why, empty while in force."""

    number: str
    paper: str
    subject: str
    taken_on: date
    by: str
    voided: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFacts:
    """What the register prints; ``missing``: numbers that nothing explains, in words."""

    head: PaperHead
    lines: tuple[RegisteredNumber, ...]
    missing: tuple[str, ...] = ()


def compose(facts: RegisterFacts, fonts: FontBook | None = None) -> Sheets:
    """The register, laid out; UserError names a character no face can print."""
    book = fonts or machine_fonts()
    return sheets(facts.head, _items(facts, book))


def build(facts: RegisterFacts, fonts: FontBook | None = None) -> bytes:
    """The register as PDF bytes."""
    return bind((compose(facts, fonts),), fonts)


def _items(facts: RegisterFacts, fonts: FontBook) -> Iterable[Item]:
    voided = sum(1 for each in facts.lines if each.voided)
    yield from begin(facts.head, fonts)
    gaps = f"缺号：{'、'.join(facts.missing)}" if facts.missing else "号码连续，没有缺号"
    text = f"共{len(facts.lines)}条，其中作废{voided}条；{gaps}。作废的号保留，不再使用。"
    yield prose(text, fonts)
    yield replace(_table(facts, fonts), keeps_next=True)
    yield end(facts.head, fonts, closed=True)


def _table(facts: RegisterFacts, fonts: FontBook) -> Table:
    columns = (
        Column(head="文号", width=36, size=9.5, leading=13),
        Column(head="文书", width=26, size=9.5, leading=13),
        Column(head="用于", width=40, align=Align.LEFT, size=9.5, leading=13),
        Column(head="日期", width=19, size=9),
        Column(head="经办人", width=15, size=9.5),
        Column(head="作废", width=20, align=Align.LEFT, size=9, leading=12.5),
    )
    rows = [
        Row(
            (
                each.number,
                each.paper,
                written(each.subject),
                each.taken_on.isoformat(),
                each.by,
                written(each.voided),
            )
        )
        for each in facts.lines
    ]
    return table("", columns, rows, fonts, name="登记", closing=NOTHING_BELOW)
