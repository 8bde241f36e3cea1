"""联合检查函: to one department that takes part in a joint inspection which the unit leads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.page import BODY_SIZE, TRACKING, Item, Sheets, prose
from app.documents.paper_frame import (
    PaperHead,
    begin,
    bind,
    blank_to_fill,
    end,
    paragraphs,
    snug,
    written,
)
from app.documents.tables import NOTHING_BELOW, Align, Cell, Column, Look, Row, Table, table
from app.documents.typography import Setting, Span

_FLUSH = Setting(size=BODY_SIZE, tracking=TRACKING)


@dataclass(frozen=True, slots=True)
class JointTarget:
    """A target the department goes along to; ``member`` is who was drawn of its people."""

    serial: str
    name: str
    address: str
    ours: str
    member: str
    task_no: str = ""  # the platform's


@dataclass(frozen=True, slots=True, kw_only=True)
class JointLetterFacts:
    """One department's letter."""

    head: PaperHead
    department: str = ""
    targets: tuple[JointTarget, ...] = ()
    contact: str = ""


def compose(facts: JointLetterFacts, fonts: FontBook | None = None) -> Sheets:
    """The letter, laid out; UserError names a character no face can print."""
    book = fonts or machine_fonts()
    return snug(facts.head, lambda row: _items(facts, book, row), facts.department)


def build(facts: JointLetterFacts, fonts: FontBook | None = None) -> bytes:
    """The letter as PDF bytes."""
    return bind((compose(facts, fonts),), fonts)


def _items(facts: JointLetterFacts, fonts: FontBook, row: float) -> Iterable[Item]:
    yield from begin(facts.head, fonts)
    yield prose(f"{facts.department or blank_to_fill(10)}：", fonts, setting=_FLUSH)
    yield from paragraphs(facts.head.words("main"), fonts)
    yield _targets(facts, fonts, row)
    last = list(paragraphs(facts.head.words("secrecy"), fonts))
    if facts.contact:
        last.append(prose(f"（联系人：{facts.contact}）", fonts))
    yield from last[:-2]
    yield end(facts.head, fonts, last[-2:])


def _serial(each: JointTarget) -> Cell:
    number = (Span(each.task_no, Role.MONO, 7.2),) if each.task_no else ()
    return Cell((each.serial, *number))


def _targets(facts: JointLetterFacts, fonts: FontBook, row: float) -> Table:
    columns = (
        Column(head="序号", width=20, size=10),
        Column(head="检查对象", width=48, align=Align.LEFT),
        Column(head="地址", width=40, align=Align.LEFT, size=10),
        Column(head="我单位人员", width=24),
        Column(head="你单位人员", width=24),
    )
    listed = facts.targets or (JointTarget(" ", " ", " ", " ", " "),) * 5
    rows = [
        Row((_serial(each), each.name, written(each.address), written(each.ours), each.member))
        for each in listed
    ]
    closing = NOTHING_BELOW if facts.targets else ""
    # Names fill their rows by themselves; an empty one is written in by hand.
    look = Look() if facts.targets else Look(row=row)
    return table("", columns, rows, fonts, name="联合检查的对象和人员", closing=closing, look=look)
