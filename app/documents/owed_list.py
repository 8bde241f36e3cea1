"""应办清单: what one squad still owes, with its days; a working paper, not a record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.documents import words
from app.documents.fonts import FontBook, machine_fonts
from app.documents.page import (
    OFFICIAL,
    Field,
    Imprint,
    Item,
    field,
    lay_out,
    masthead,
    prose,
    render,
)
from app.documents.tables import Align, Column, Row, Table, table


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedLine:
    """One line; ``left`` in words (还有 5 天, 逾期 2 天)."""

    serial: str
    what: str
    name: str
    team: str
    due_on: date
    left: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedFacts:
    """What the list prints, by day due."""

    unit: str
    squad: str
    made_on: date
    made_by: str
    lines: tuple[OwedLine, ...]


def build(facts: OwedFacts, fonts: FontBook | None = None) -> bytes:
    """The list as PDF bytes; UserError names a character no face can print."""
    book = fonts or machine_fonts()
    layout = lay_out(OFFICIAL, _items(facts, book))
    imprint = Imprint(
        title=f"{facts.squad}应办清单", author=facts.unit, small=(facts.squad, "应办清单")
    )
    return render(OFFICIAL, layout, imprint, book)


def _items(facts: OwedFacts, fonts: FontBook) -> Iterable[Item]:
    yield masthead((facts.unit, f"{facts.squad}应办清单"), "", fonts)
    yield field(Field("截至", words.day(facts.made_on)), fonts)
    yield field(Field("制表", facts.made_by), fonts)
    if facts.lines:
        yield _lines(facts, fonts)
    else:
        yield prose("没有应办事项。", fonts)


def _lines(facts: OwedFacts, fonts: FontBook) -> Table:
    columns = (
        Column(head="序号", width=17),
        Column(head="应办", width=23),
        Column(head="检查对象", width=48, align=Align.LEFT),
        Column(head="人员", width=24),
        Column(head="期限", width=22),
        Column(head="情况", width=22),
    )
    rows = [
        Row(
            (
                each.serial,
                each.what,
                each.name,
                each.team,
                each.due_on.isoformat(),
                each.left.replace(" ", ""),
            )
        )
        for each in facts.lines
    ]
    note = "未检查的对象在检查前保密，不得向无关人员透露。"
    return table(f"共{len(rows)}项", columns, rows, fonts, note=note)
