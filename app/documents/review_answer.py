"""复查答复书: what became of a target's application to look at its published result again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.documents.fonts import FontBook, machine_fonts
from app.documents.page import BODY_SIZE, TRACKING, Item, Sheets, prose
from app.documents.paper_frame import (
    PaperHead,
    Slot,
    begin,
    bind,
    blank_to_fill,
    clear,
    end,
    form,
    paragraphs,
    signing,
    snug,
    wide,
    written,
)
from app.documents.typography import Setting

_FLUSH = Setting(size=BODY_SIZE, tracking=TRACKING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAnswerFacts:
    """What the answer prints; empty fields are left to be written.

    ``published``: the conclusion as it was made public.
    """

    head: PaperHead
    applicant: str = ""
    target: str = ""
    published: str = ""
    matter: str = ""
    outcome: str = ""
    answer: str = ""


def compose(facts: ReviewAnswerFacts, fonts: FontBook | None = None) -> Sheets:
    """The answer, laid out; UserError names a character no face can print."""
    book = fonts or machine_fonts()
    return snug(facts.head, lambda row: _items(facts, book, row), facts.target)


def build(facts: ReviewAnswerFacts, fonts: FontBook | None = None) -> bytes:
    """The answer as PDF bytes."""
    return bind((compose(facts, fonts),), fonts)


def _items(facts: ReviewAnswerFacts, fonts: FontBook, row: float) -> Iterable[Item]:
    yield from begin(facts.head, fonts)
    addressee = facts.applicant or facts.target or blank_to_fill(12)
    yield prose(f"{addressee}：", fonts, setting=_FLUSH)
    yield from paragraphs(facts.head.words("main"), fonts)
    room = 1 if facts.answer else 2.5
    yield form(
        (
            wide("检查对象", written(facts.target)),
            wide("公示的结果", written(facts.published)),
            wide("申请事由", clear(facts.matter.splitlines()), room),
            wide("复查结果", written(facts.outcome)),
            wide("答复", clear(facts.answer.splitlines()), room),
        ),
        fonts,
        row,
    )
    after = list(paragraphs(facts.head.words("after"), fonts))
    yield from after[:-1]
    slots = (Slot(facts.head.words("sign_receiver")), Slot(facts.head.words("sign_server")))
    receipt = signing(slots, fonts, title="送达")
    yield end(facts.head, fonts, after[-1:], (receipt,))
