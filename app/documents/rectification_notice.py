"""责令整改通知书: what was found, what is to be done about it, until when; with its receipt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.documents.fonts import FontBook, machine_fonts
from app.documents.page import BODY_SIZE, TRACKING, Item, Sheets, prose
from app.documents.paper_frame import (
    NOBODY,
    TO_WRITE,
    PaperHead,
    PaperTarget,
    Slot,
    begin,
    bind,
    blank_to_fill,
    clear,
    end,
    form,
    long_notes,
    paragraphs,
    short_note,
    signing,
    snug,
    target_rows,
    wide,
    written,
)
from app.documents.tables import Align, Column, Look, Row, Table, table
from app.documents.typography import Setting

_FLUSH = Setting(size=BODY_SIZE, tracking=TRACKING)


@dataclass(frozen=True, slots=True)
class Problem:
    """An item that did not conform: what was found, what was ordered about it."""

    item: str
    note: str
    measure: str = ""

    @property
    def remark(self) -> str:
        """Both, as one cell says it."""
        ordered = f"要求：{self.measure}" if self.measure else ""
        return "；".join(each for each in (self.note, ordered) if each)


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationFacts:
    """What the notice prints; ``deadline`` in words."""

    head: PaperHead
    target: PaperTarget = NOBODY
    problems: tuple[Problem, ...] = ()
    finding: str = ""
    measure: str = ""
    deadline: str = ""


def compose(facts: RectificationFacts, fonts: FontBook | None = None) -> Sheets:
    """The notice, laid out; UserError names a character no face can print."""
    book = fonts or machine_fonts()
    return snug(facts.head, lambda row: _items(facts, book, row), facts.target.name)


def build(facts: RectificationFacts, fonts: FontBook | None = None) -> bytes:
    """The notice as PDF bytes."""
    return bind((compose(facts, fonts),), fonts)


def _items(facts: RectificationFacts, fonts: FontBook, row: float) -> Iterable[Item]:
    yield from begin(facts.head, fonts)
    yield prose(f"{facts.target.name or blank_to_fill(12)}：", fonts, setting=_FLUSH)
    yield from paragraphs(facts.head.words("main"), fonts)
    yield form(tuple(target_rows(facts.target)), fonts, row)
    yield _problems(facts, fonts, row)
    room = 1 if facts.finding or facts.measure else 2.5
    yield form(
        (
            *long_notes([each.remark for each in facts.problems]),
            wide("现场情况", clear(facts.finding.splitlines()), room),
            wide("整改要求", clear(facts.measure.splitlines()), room),
            wide("整改期限", written(facts.deadline)),
        ),
        fonts,
        row,
    )
    after = list(paragraphs(facts.head.words("after"), fonts))
    yield from after[:-1]
    server = Slot(facts.head.words("sign_server"))
    receiver = Slot(facts.head.words("sign_receiver"))
    receipt = signing((receiver, server, server), fonts, title="送达")
    yield end(facts.head, fonts, after[-1:], (receipt,))


def _problems(facts: RectificationFacts, fonts: FontBook, row: float) -> Table:
    columns = (
        Column(head="序号", width=14),
        Column(head="检查事项", width=62, align=Align.LEFT),
        Column(head="不符合的情况", width=80, align=Align.LEFT),
    )
    listed = facts.problems or (Problem(TO_WRITE, TO_WRITE),) * 4
    rows = [
        Row(
            (
                str(at) if facts.problems else TO_WRITE,
                each.item,
                written(short_note(at, each.remark)),
            )
        )
        for at, each in enumerate(listed, start=1)
    ]
    return table("", columns, rows, fonts, name="发现的问题", look=Look(row=row))
