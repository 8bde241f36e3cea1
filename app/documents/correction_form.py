"""更正申请表: against a locked result, with each station's opinion and signature."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.documents.fonts import FontBook, machine_fonts
from app.documents.page import OFFICIAL, Item, Sheets
from app.documents.paper_frame import (
    PaperHead,
    begin,
    bind,
    box,
    day_words,
    end,
    joined,
    long_rows,
    paragraphs,
    sheets,
    signed,
    wide_box,
    written,
)
from app.documents.tables import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """A station: who has to speak there, and what was said if it was passed already."""

    label: str
    organ: str
    post: str
    name: str = ""
    on: date | None = None
    words: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionFacts:
    """What the form prints; empty fields are left to be written."""

    head: PaperHead
    target: str = ""
    inspected_on: date | None = None
    conclusion: str = ""
    finding: str = ""
    entered_by: str = ""
    reviewed_by: str = ""
    error: str = ""
    should_be: str = ""
    cause: str = ""
    redo: str = ""
    applied_by: str = ""
    applied_on: date | None = None
    opinions: tuple[Opinion, ...] = ()


def compose(facts: CorrectionFacts, fonts: FontBook | None = None) -> Sheets:
    """The form, laid out; UserError names a character no face can print."""
    book = fonts or machine_fonts()
    return sheets(facts.head, _items(facts, book), facts.target)


def build(facts: CorrectionFacts, fonts: FontBook | None = None) -> bytes:
    """The form as PDF bytes."""
    return bind((compose(facts, fonts),), fonts)


def _items(facts: CorrectionFacts, fonts: FontBook) -> Iterable[Item]:
    yield from begin(facts.head, fonts)
    yield from paragraphs(facts.head.passages.get("main", ""), fonts)
    yield wide_box((("检查对象", written(facts.target)),), fonts)
    yield box(
        (
            ("检查日期", day_words(facts.inspected_on)),
            ("原结论", written(facts.conclusion)),
            ("原录入人", written(facts.entered_by)),
            ("原复核人", written(facts.reviewed_by)),
        ),
        fonts,
    )
    yield wide_box(
        (
            *long_rows("原记载", facts.finding.splitlines()),
            *long_rows("错在哪里", facts.error.splitlines()),
            *long_rows("应当是", facts.should_be.splitlines()),
            *long_rows("原因", facts.cause.splitlines()),
        ),
        fonts,
        row=1.5 * OFFICIAL.pitch,
    )
    yield box(
        (
            ("更正办法", written(facts.redo)),
            ("申请人", written(joined(facts.applied_by, day_words(facts.applied_on)))),
        ),
        fonts,
    )
    yield wide_box(
        [(each.label, _opinion(each)) for each in facts.opinions],
        fonts,
        row=2.5 * OFFICIAL.pitch,
    )
    yield end(facts.head, fonts)


def _opinion(each: Opinion) -> Cell:
    who = joined(each.organ, each.post, between="")
    said = joined(each.words, f"（{each.document}）" if each.document else "", between="")
    return Cell((f"{who}：{said}", signed(each.name, each.on)))
