"""行政检查审批表: asked for and approved before anybody goes; blank or filled in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.documents.fonts import FontBook, machine_fonts
from app.documents.page import Item, Sheets
from app.documents.paper_frame import (
    NOBODY,
    FormRow,
    PaperHead,
    PaperPerson,
    PaperTarget,
    begin,
    bind,
    clear,
    end,
    experts_cell,
    form,
    numbered,
    pair,
    passage,
    people_cell,
    signed,
    snug,
    target_rows,
    wide,
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
    return snug(facts.head, lambda row: _items(facts, book, row), facts.target.name)


def build(facts: ApprovalFacts, fonts: FontBook | None = None) -> bytes:
    """The form as PDF bytes."""
    return bind((compose(facts, fonts),), fonts)


def _items(facts: ApprovalFacts, fonts: FontBook, row: float) -> Iterable[Item]:
    yield from begin(facts.head, fonts)
    yield form(tuple(_rows(facts)), fonts, row)
    asked = (
        wide(facts.head.words("sign_applicant"), signed(facts.applied_by, facts.applied_on), 1.75),
        wide(facts.head.words("sign_approver"), signed(facts.approved_by, facts.approved_on), 1.75),
    )
    yield end(facts.head, fonts, (form(asked, fonts, row),))


def _rows(facts: ApprovalFacts) -> Iterable[FormRow]:
    blank = facts.target == NOBODY
    helpers = "" if facts.assistants is None else f"{facts.assistants} 人"
    experts = experts_cell(facts.people)
    yield from target_rows(facts.target)
    yield pair(("检查类别", written(facts.kind)), ("任务来源", written(facts.source)))
    yield pair(("检查期限", written(facts.due)), ("协助人数", written(helpers)))
    yield pair(("本年已检", written(facts.visits)), ("年度上限", written(facts.cap)))
    yield wide("法定依据", written(facts.basis))
    yield wide("检查人员", people_cell(facts.people), 2 if blank else 1)
    if experts:
        yield wide("专家", experts)
    yield wide("检查事项", clear(numbered(facts.items)), 2 if blank else 1)
    yield wide("检查事由", passage(facts.head.words("reason")))
    if facts.uncounted or blank:
        yield wide("不计频次", written(facts.uncounted))
    if facts.urgent_reason or blank:
        yield wide("紧急情形", written(facts.urgent_reason))
    caution = facts.head.words("caution")
    if caution:
        yield wide("提醒", passage(caution))
