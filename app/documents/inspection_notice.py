"""行政检查通知书: served at the door, so the time of service is the time of arrival."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.page import BODY_SIZE, OFFICIAL, TRACKING, Item, Sheets, Together, prose
from app.documents.paper_frame import (
    NO_DAY,
    NOBODY,
    TO_WRITE,
    PaperHead,
    PaperPerson,
    PaperTarget,
    begin,
    bind,
    box,
    end,
    long_rows,
    numbered,
    paragraphs,
    people_cell,
    sheets,
    wide_box,
    written,
)
from app.documents.typography import Setting

_FLUSH = Setting(size=BODY_SIZE, tracking=TRACKING)
_RECEIPT = Setting(size=12, role=Role.HEADING)
_NO_TIME = f"{NO_DAY}　　时　　分"


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionNoticeFacts:
    """What the notice prints; ``served``: day and time of arrival, empty before it."""

    head: PaperHead
    target: PaperTarget = NOBODY
    people: tuple[PaperPerson, ...] = ()
    items: tuple[str, ...] = ()
    served: str = ""


def compose(facts: InspectionNoticeFacts, fonts: FontBook | None = None) -> Sheets:
    """The notice, laid out; UserError names a character no face can print."""
    book = fonts or machine_fonts()
    return sheets(facts.head, _items(facts, book), facts.target.name)


def build(facts: InspectionNoticeFacts, fonts: FontBook | None = None) -> bytes:
    """The notice as PDF bytes."""
    return bind((compose(facts, fonts),), fonts)


def _items(facts: InspectionNoticeFacts, fonts: FontBook) -> Iterable[Item]:
    yield from begin(facts.head, fonts)
    yield prose(f"{facts.target.name or '＿＿＿＿＿＿＿＿＿＿＿＿'}：", fonts, setting=_FLUSH)
    yield from paragraphs(facts.head.passages.get("main", ""), fonts)
    yield wide_box(
        (("执法人员", people_cell(facts.people)), *long_rows("检查事项", numbered(facts.items))),
        fonts,
        row=1.5 * OFFICIAL.pitch,
    )
    rights = list(paragraphs(facts.head.passages.get("rights", ""), fonts))
    yield from rights[:-1]
    yield end(facts.head, fonts, rights[-1:])
    yield Together(
        (
            prose("送达回证（到达现场时送达）", fonts, setting=_RECEIPT),
            wide_box(
                (
                    ("送达地点", written(facts.target.address)),
                    ("送达时间", facts.served or _NO_TIME),
                ),
                fonts,
            ),
            box(
                (("收件人签名", TO_WRITE), ("送达人签名", TO_WRITE)),
                fonts,
                row=1.3 * OFFICIAL.pitch,
            ),
        ),
        on_grid=False,
    )
