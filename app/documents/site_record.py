"""现场检查记录: what was seen at the site, item by item, with its places for signatures.

Its title is the rulebook's (《现场检查记录表》, 《污染源现场检查（勘察）笔录》) or the unit's own.
"""

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
    Slot,
    begin,
    bind,
    box,
    clear,
    day_words,
    end,
    joined,
    long_notes,
    long_rows,
    people_cell,
    sheets,
    short_note,
    signing,
    target_box,
    wide_box,
    written,
)
from app.documents.tables import Align, Column, Look, Row, Table, table

_ROOM = 9  # empty lines of a blank record


@dataclass(frozen=True, slots=True)
class RecordItem:
    """One item; ``outcome`` 符合, 不符合, 不适用 or empty: to be ticked by hand."""

    name: str
    outcome: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRecordFacts:
    """What the record prints; empty fields are left to be written.

    ``signers``: whom the rulebook wants to sign beside those who inspected.
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
    signers: tuple[str, ...] = ("被检查单位负责人", "第三方见证人")


def compose(facts: SiteRecordFacts, fonts: FontBook | None = None) -> Sheets:
    """The record, laid out; UserError names a character no face can print."""
    book = fonts or machine_fonts()
    return sheets(facts.head, _items(facts, book), facts.target.name)


def build(facts: SiteRecordFacts, fonts: FontBook | None = None) -> bytes:
    """The record as PDF bytes."""
    return bind((compose(facts, fonts),), fonts)


def _items(facts: SiteRecordFacts, fonts: FontBook) -> Iterable[Item]:
    yield from begin(facts.head, fonts)
    yield from target_box(facts.target, fonts)
    helpers = "" if facts.assistants is None else f"{facts.assistants} 人"
    yield box(
        (
            ("检查日期", day_words(facts.inspected_on)),
            ("起止时间", f"{facts.arrived or '　时　分'} 至 {facts.left or '　　时　分'}"),
            ("检查方式", written(facts.way)),
            ("任务序号", written(joined(facts.serial, f"协助 {helpers}" if helpers else ""))),
        ),
        fonts,
    )
    yield wide_box(
        (
            ("检查人员", people_cell(facts.people)),
            ("告知", clear(facts.head.passages.get("identity", "").splitlines())),
        ),
        fonts,
    )
    yield _item_table(facts, fonts)
    yield wide_box(
        (
            *long_notes([each.note for each in facts.items]),
            *long_rows("检查情况", facts.finding.splitlines()),
            ("检查结论", written(facts.conclusion)),
            *long_rows("处理措施", facts.measure.splitlines()),
        ),
        fonts,
        row=1.5 * OFFICIAL.pitch if facts.finding else 3 * OFFICIAL.pitch,
    )
    slots = [Slot("检查人员", each.name) for each in facts.people] or [Slot("检查人员")] * 2
    slots += [Slot("记录人"), *(Slot(each) for each in facts.signers)]
    confirm = wide_box(
        (("确认", clear(facts.head.passages.get("confirm", "").splitlines())),), fonts
    )
    yield end(facts.head, fonts, (confirm, signing(slots, fonts)))


def _item_table(facts: SiteRecordFacts, fonts: FontBook) -> Table:
    columns = (
        Column(head="序号", width=12),
        Column(head="检查事项", width=56, align=Align.LEFT),
        Column(head="情况", width=42, size=9.5),
        Column(head="说明", width=46, align=Align.LEFT, size=10),
    )
    listed = facts.items or (RecordItem(" "),) * _ROOM
    rows = [
        Row(
            (
                str(at) if facts.items else " ",
                item.name,
                _ticks(item.outcome),
                written(short_note(at, item.note)),
            )
        )
        for at, item in enumerate(listed, start=1)
    ]
    return table("", columns, rows, fonts, name="逐项检查", look=Look(row=OFFICIAL.pitch))


def _ticks(outcome: str) -> str:
    """The word that was ticked; to be ticked by hand, all three."""
    return outcome or "□符合 □不符合 □不适用"
