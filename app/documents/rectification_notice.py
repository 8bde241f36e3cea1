"""责令整改通知书: what was found, what is to be done about it, until when; with its receipt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.documents.fonts import FontBook, machine_fonts
from app.documents.page import BODY_SIZE, OFFICIAL, TRACKING, Item, Sheets, prose
from app.documents.paper_frame import (
    NOBODY,
    TO_WRITE,
    PaperHead,
    PaperTarget,
    Slot,
    begin,
    bind,
    end,
    long_notes,
    long_rows,
    paragraphs,
    sheets,
    short_note,
    signing,
    target_box,
    wide_box,
    written,
)
from app.documents.tables import Align, Column, Look, Row, Table, table
from app.documents.typography import Setting

_FLUSH = Setting(size=BODY_SIZE, tracking=TRACKING)


@dataclass(frozen=True, slots=True)
class Problem:
    """An item that did not conform."""

    item: str
    note: str


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
    return sheets(facts.head, _items(facts, book), facts.target.name)


def build(facts: RectificationFacts, fonts: FontBook | None = None) -> bytes:
    """The notice as PDF bytes."""
    return bind((compose(facts, fonts),), fonts)


def _items(facts: RectificationFacts, fonts: FontBook) -> Iterable[Item]:
    yield from begin(facts.head, fonts)
    yield prose(f"{facts.target.name or '＿＿＿＿＿＿＿＿＿＿＿＿'}：", fonts, setting=_FLUSH)
    yield from paragraphs(facts.head.passages.get("main", ""), fonts)
    yield from target_box(facts.target, fonts)
    yield _problems(facts, fonts)
    yield wide_box(
        (
            *long_notes([each.note for each in facts.problems]),
            *long_rows("现场情况", facts.finding.splitlines()),
            *long_rows("整改要求", facts.measure.splitlines()),
            ("整改期限", written(facts.deadline)),
        ),
        fonts,
        row=OFFICIAL.pitch if facts.finding else 2 * OFFICIAL.pitch,
    )
    after = list(paragraphs(facts.head.passages.get("after", ""), fonts))
    yield from after[:-1]
    yield end(facts.head, fonts, after[-1:])
    yield signing((Slot("被检查单位收件人"), Slot("送达人"), Slot("送达人")), fonts, title="送达")


def _problems(facts: RectificationFacts, fonts: FontBook) -> Table:
    columns = (
        Column(head="序号", width=14),
        Column(head="检查事项", width=62, align=Align.LEFT),
        Column(head="不符合的情况", width=80, align=Align.LEFT),
    )
    listed = facts.problems or (Problem(TO_WRITE, TO_WRITE),) * 4
    rows = [
        Row(
            (str(at) if facts.problems else TO_WRITE, each.item, written(short_note(at, each.note)))
        )
        for at, each in enumerate(listed, start=1)
    ]
    return table("", columns, rows, fonts, name="发现的问题", look=Look(row=OFFICIAL.pitch))
