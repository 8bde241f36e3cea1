"""现场检查记录: what was seen at the site, item by item, with its places for signatures.

Its title is the rulebook's (《现场检查记录表》, 《污染源现场检查（勘察）笔录》) or the unit's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.documents.fonts import FontBook, machine_fonts
from app.documents.page import Item, Sheets
from app.documents.paper_frame import (
    EXPERT,
    NOBODY,
    FormRow,
    PaperHead,
    PaperPerson,
    PaperTarget,
    Slot,
    begin,
    bind,
    clear,
    day_words,
    end,
    experts_cell,
    form,
    joined,
    long_notes,
    pair,
    passage,
    people_cell,
    short_note,
    signing,
    snug,
    target_rows,
    wide,
    written,
)
from app.documents.tables import Align, Column, Look, Row, Table, table

_ROOM = 9  # empty lines of a blank record
_NO_TIME = "　　时　　分"
_SHORT = 300  # characters of a measure that stays with the signatures
EXPLAINED: Final = ("出示执法证件", "说明检查依据", "说明检查意图", "说明检查程序")
"""What is done before an inspection begins, to be ticked."""


@dataclass(frozen=True, slots=True)
class RecordItem:
    """One item; ``outcome`` 符合, 不符合, 不适用 or empty: to be ticked by hand."""

    name: str
    outcome: str = ""
    note: str = ""
    measure: str = ""

    @property
    def remark(self) -> str:
        """What was found and what was done, as one cell says it."""
        done = f"处理：{self.measure}" if self.measure else ""
        return "；".join(each for each in (self.note, done) if each)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRecordFacts:
    """What the record prints; empty fields are left to be written.

    ``signers``: whom the rulebook wants to sign beside those who inspected.  ``explained``: which
    of :data:`EXPLAINED` were done, ``scan``: when the visit was scanned or why not, ``told``: when
    and how the result was told; None leaves the row out, where the unit does not use it.
    ``witness``: the third party who signed.
    """

    head: PaperHead
    target: PaperTarget = NOBODY
    serial: str = ""
    inspected_on: date | None = None
    arrived: str = ""
    left: str = ""
    way: str = ""
    people: tuple[PaperPerson, ...] = ()
    assistants: int | None = None
    items: tuple[RecordItem, ...] = ()
    finding: str = ""
    conclusion: str = ""
    measure: str = ""
    confirmed_by: str = ""
    explained: tuple[str, ...] | None = ()
    recusal: str = ""
    scan: str | None = ""
    told: str | None = ""
    signers: tuple[str, ...] = ("被检查单位负责人", "第三方见证人")
    witness: str = ""


def compose(facts: SiteRecordFacts, fonts: FontBook | None = None) -> Sheets:
    """The record, laid out; UserError names a character no face can print."""
    book = fonts or machine_fonts()
    return snug(facts.head, lambda row: _items(facts, book, row), facts.target.name)


def build(facts: SiteRecordFacts, fonts: FontBook | None = None) -> bytes:
    """The record as PDF bytes."""
    return bind((compose(facts, fonts),), fonts)


def _items(facts: SiteRecordFacts, fonts: FontBook, row: float) -> Iterable[Item]:
    yield from begin(facts.head, fonts)
    yield form(tuple(_rows(facts)), fonts, row)
    yield _item_table(facts, fonts, row)
    found, concluded = _finding(facts), _conclusion(facts)
    if len(facts.measure) > _SHORT:
        found, concluded = (*found, *concluded), ()
    yield form(found, fonts, row)
    confirm = wide("确认", passage(facts.head.words("confirm")))
    yield end(
        facts.head,
        fonts,
        (form((*concluded, confirm), fonts, row), signing(_slots(facts), fonts)),
    )


def _rows(facts: SiteRecordFacts) -> Iterable[FormRow]:
    blank = facts.target == NOBODY
    helpers = "" if facts.assistants is None else f"{facts.assistants} 人"
    experts = experts_cell(facts.people)
    yield from target_rows(facts.target)
    yield pair(
        ("检查日期", day_words(facts.inspected_on)),
        ("起止时间", f"{facts.arrived or _NO_TIME}至{facts.left or _NO_TIME}"),
    )
    yield pair(
        ("检查方式", written(facts.way)),
        ("任务序号", written(joined(facts.serial, f"协助 {helpers}" if helpers else ""))),
    )
    yield wide("检查人员", people_cell(facts.people), 1.75 if blank else 1)
    if experts:
        yield wide("专家", experts)
    yield wide("告知", passage(facts.head.words("identity")))
    if facts.explained is not None:
        told = facts.explained
        yield wide(
            "已办事项", "　".join(f"{'√' if each in told else '□'}{each}" for each in EXPLAINED)
        )
    recusal = facts.recusal or "□不申请　□申请"
    if facts.scan is None:
        yield wide("回避申请", recusal)
    else:
        yield pair(("回避申请", recusal), ("扫码时间", facts.scan or _NO_TIME))


def _finding(facts: SiteRecordFacts) -> tuple[FormRow, ...]:
    lines = 1.5 if facts.finding else 5
    return (
        *long_notes([each.remark for each in facts.items]),
        wide("检查情况", clear(facts.finding.splitlines()), lines),
    )


def _conclusion(facts: SiteRecordFacts) -> tuple[FormRow, ...]:
    told = () if facts.told is None else (wide("结果告知", facts.told or day_words(None)),)
    return (
        wide("检查结论", written(facts.conclusion), 1 if facts.conclusion else 1.5),
        wide("处理措施", clear(facts.measure.splitlines()), 1 if facts.conclusion else 2.5),
        *told,
    )


def _slots(facts: SiteRecordFacts) -> list[Slot]:
    """Who inspected, from which department, then who kept the record and who else must sign."""
    inspector = facts.head.words("sign_inspector")
    own = [Slot(inspector, each.name) for each in facts.people if not each.body]
    own += (2 - len(own)) * [Slot(inspector)]
    along = [Slot(each.body, each.name) for each in facts.people if each.body not in ("", EXPERT)]
    experts = [Slot(EXPERT, each.name) for each in facts.people if each.body == EXPERT]
    return [*own, *along, *experts, Slot(facts.head.words("sign_recorder")), *_signing(facts)]


def _signing(facts: SiteRecordFacts) -> Iterator[Slot]:
    """Who signs for the inspected, by name where it is known; a third party where nobody would."""
    for at, standing in enumerate(facts.signers):
        third = facts.witness if "见证人" in standing else ""
        yield Slot(standing, third if at else facts.confirmed_by)


def _item_table(facts: SiteRecordFacts, fonts: FontBook, row: float) -> Table:
    columns = (
        Column(head="序号", width=12),
        Column(head="检查事项", width=56, align=Align.LEFT),
        Column(head="情况", width=42, size=9.5),
        Column(head="发现情况和处理", width=46, align=Align.LEFT, size=10),
    )
    listed = facts.items or (RecordItem(" "),) * _ROOM
    rows = [
        Row(
            (
                str(at) if facts.items else " ",
                item.name,
                _ticks(item.outcome),
                written(short_note(at, item.remark)),
            )
        )
        for at, item in enumerate(listed, start=1)
    ]
    return table("", columns, rows, fonts, name="逐项检查", look=Look(row=row))


def _ticks(outcome: str) -> str:
    """The word that was ticked; to be ticked by hand, all three."""
    return outcome or "□符合 □不符合 □不适用"
