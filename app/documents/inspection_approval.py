"""行政检查审批表: asked for and approved before anybody goes; blank or filled in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.documents.fonts import FontBook, machine_fonts
from app.documents.page import OFFICIAL, Item, Sheets
from app.documents.paper_frame import (
    NOBODY,
    PaperHead,
    PaperPerson,
    PaperTarget,
    begin,
    bind,
    box,
    clear,
    end,
    long_rows,
    numbered,
    people_cell,
    sheets,
    signed,
    target_box,
    wide_box,
    written,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalFacts:
    """What the form prints; empty fields are left to be written.

    ``visits``: how often the target was inspected this year, and ``cap`` how often it may be.
    """

    head: PaperHead
    target: PaperTarget = NOBODY
    kind: str = ""
    source: str = ""
    basis: str = ""
    items: tuple[str, ...] = ()
    people: tuple[PaperPerson, ...] = ()
    assistants: int | None = None
    due: str = ""
    visits: str = ""
    cap: str = ""
    uncounted: str = ""
    applied_by: str = ""
    applied_on: date | None = None
    approved_by: str = ""
    approved_on: date | None = None
    urgent_reason: str = ""


def compose(facts: ApprovalFacts, fonts: FontBook | None = None) -> Sheets:
    """The form, laid out; UserError names a character no face can print."""
    book = fonts or machine_fonts()
    return sheets(facts.head, _items(facts, book), facts.target.name)


def build(facts: ApprovalFacts, fonts: FontBook | None = None) -> bytes:
    """The form as PDF bytes."""
    return bind((compose(facts, fonts),), fonts)


def _items(facts: ApprovalFacts, fonts: FontBook) -> Iterable[Item]:
    tall = 1.75 * OFFICIAL.pitch
    yield from begin(facts.head, fonts)
    yield from target_box(facts.target, fonts)
    helpers = "" if facts.assistants is None else f"{facts.assistants} 人"
    yield box(
        (
            ("检查类别", written(facts.kind)),
            ("任务来源", written(facts.source)),
            ("检查期限", written(facts.due)),
            ("协助人数", written(helpers)),
            ("本年已检", written(facts.visits)),
            ("年度上限", written(facts.cap)),
        ),
        fonts,
    )
    yield wide_box(
        (
            ("法定依据", written(facts.basis)),
            ("检查人员", people_cell(facts.people)),
            *long_rows("检查事项", numbered(facts.items)),
            ("检查事由", clear(facts.head.passages.get("reason", "").splitlines())),
        ),
        fonts,
    )
    if facts.uncounted:
        yield wide_box((("不计频次", facts.uncounted),), fonts)
    if facts.urgent_reason:
        yield wide_box((("紧急情形", facts.urgent_reason),), fonts)
    caution = facts.head.passages.get("caution", "")
    if caution:
        yield wide_box((("提醒", clear(caution.splitlines())),), fonts)
    yield wide_box(
        (
            ("申请人意见", signed(facts.applied_by, facts.applied_on)),
            ("负责人审批", signed(facts.approved_by, facts.approved_on)),
        ),
        fonts,
        row=tall,
    )
    yield end(facts.head, fonts)
