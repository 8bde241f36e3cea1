"""行政检查通知书: served at the door, so the time of service is the time of arrival."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.page import BODY_SIZE, TRACKING, Item, Sheets, prose
from app.documents.paper_frame import (
    NO_DAY,
    NOBODY,
    TO_WRITE,
    FormRow,
    PaperHead,
    PaperPerson,
    PaperTarget,
    begin,
    bind,
    blank_to_fill,
    clear,
    end,
    experts_cell,
    form,
    joined,
    numbered,
    paragraphs,
    people_cell,
    snug,
    wide,
    written,
)
from app.documents.typography import Setting

_FLUSH = Setting(size=BODY_SIZE, tracking=TRACKING)
_RECEIPT = Setting(size=12, role=Role.HEADING)
_NO_TIME = f"{NO_DAY}　　时　　分"


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionNoticeFacts:
    """What the notice prints; ``served``: day and time of arrival, empty before it;
    ``assistants``: how many come along, fixed beforehand."""

    head: PaperHead
    target: PaperTarget = NOBODY
    people: tuple[PaperPerson, ...] = ()
    items: tuple[str, ...] = ()
    assistants: int | None = None
    served: str = ""


def compose(facts: InspectionNoticeFacts, fonts: FontBook | None = None) -> Sheets:
    """The notice, laid out; UserError names a character no face can print."""
    book = fonts or machine_fonts()
    return snug(facts.head, lambda row: _items(facts, book, row), facts.target.name)


def build(facts: InspectionNoticeFacts, fonts: FontBook | None = None) -> bytes:
    """The notice as PDF bytes."""
    return bind((compose(facts, fonts),), fonts)


def _items(facts: InspectionNoticeFacts, fonts: FontBook, row: float) -> Iterable[Item]:
    yield from begin(facts.head, fonts)
    yield prose(f"{facts.target.name or blank_to_fill(12)}：", fonts, setting=_FLUSH)
    yield from paragraphs(facts.head.words("main"), fonts)
    yield form(tuple(_rows(facts)), fonts, row)
    rights = list(paragraphs(facts.head.words("rights"), fonts))
    yield from rights[:-1]
    receipt = form(
        (
            wide("送达地点", written(facts.target.address)),
            wide("送达时间", facts.served or _NO_TIME),
            FormRow(
                (
                    (facts.head.words("sign_receiver"), TO_WRITE),
                    (facts.head.words("sign_server"), TO_WRITE),
                ),
                1.3,
            ),
        ),
        fonts,
        row,
    )
    title = prose(facts.head.words("receipt"), fonts, setting=_RECEIPT, on_grid=False)
    yield end(facts.head, fonts, rights[-1:], (title, receipt))


def _rows(facts: InspectionNoticeFacts) -> Iterable[FormRow]:
    blank = facts.target == NOBODY
    yield wide("执法人员", people_cell(facts.people), 2 if blank else 1.5)
    helpers = "" if facts.assistants is None else f"{facts.assistants} 人"
    along = joined(helpers, experts_cell(facts.people))
    if along or blank:
        yield wide("协助人员", written(along))
    yield wide("检查事项", clear(numbered(facts.items)), 3 if blank else 1.5)
