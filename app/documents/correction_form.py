"""更正申请表: against a locked result, with each station's opinion and signature."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.documents.fonts import FontBook, machine_fonts
from app.documents.page import Item, Sheets
from app.documents.paper_frame import (
    PaperHead,
    begin,
    bind,
    clear,
    day_words,
    end,
    form,
    joined,
    pair,
    paragraphs,
    signed,
    snug,
    wide,
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
    return snug(facts.head, lambda row: _items(facts, book, row), facts.target)


def build(facts: CorrectionFacts, fonts: FontBook | None = None) -> bytes:
    """The form as PDF bytes."""
    return bind((compose(facts, fonts),), fonts)


def _items(facts: CorrectionFacts, fonts: FontBook, row: float) -> Iterable[Item]:
    yield from begin(facts.head, fonts)
    yield from paragraphs(facts.head.words("main"), fonts)
    yield form(
        (
            wide("检查对象", written(facts.target)),
            pair(
                ("检查日期", day_words(facts.inspected_on)),
                ("原结论", written(facts.conclusion)),
            ),
            pair(
                ("原录入人", written(facts.entered_by)),
                ("原复核人", written(facts.reviewed_by)),
            ),
            wide("原记载", clear(facts.finding.splitlines()), 1.5),
            wide("错在哪里", clear(facts.error.splitlines()), 1.5),
            wide("应当是", clear(facts.should_be.splitlines()), 1.5),
            wide("原因", clear(facts.cause.splitlines()), 1.5),
            wide("更正办法", written(facts.redo)),
            wide(
                facts.head.words("sign_applicant"), signed(facts.applied_by, facts.applied_on), 1.25
            ),
        ),
        fonts,
        row,
    )
    opinions = tuple(wide(each.label, _opinion(each), 2.5) for each in facts.opinions)
    if opinions[:-1]:
        yield form(opinions[:-1], fonts, row)
    yield end(facts.head, fonts, (form(opinions[-1:], fonts, row),) if opinions else ())


def _opinion(each: Opinion) -> Cell:
    who = joined(each.organ, each.post, between="")
    said = joined(each.words, f"（{each.document}）" if each.document else "", between="")
    return Cell((f"{who}：{said}", " ", signed(each.name, each.on)))
