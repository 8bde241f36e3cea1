"""随机抽查事项清单, printed: what is checked, on which basis, by whom, of whom, how often."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.documents import words
from app.documents.fonts import FontBook, machine_fonts
from app.documents.page import OFFICIAL, Imprint, Item, heading, lay_out, masthead, prose, render
from app.documents.tables import Align, Column, Row, Table, table

_ORDINALS: Final = "一二三"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedItem:
    """One item of the list; ``applies``: categories in words, 全部 for all."""

    name: str
    basis: str
    subject: str
    object: str
    content: str
    ratio: str
    frequency: str
    applies: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPart:
    """本部门 or 部门联合: the regulations keep a list for each."""

    title: str
    items: tuple[ListedItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemListFacts:
    """What the list prints; ``as_of``: the day it is the list of."""

    unit: str
    rulebook: str
    as_of: date
    parts: tuple[ItemPart, ...]


def build(facts: ItemListFacts, fonts: FontBook | None = None) -> bytes:
    """The list as PDF bytes."""
    book = fonts or machine_fonts()
    layout = lay_out(OFFICIAL, _items(facts, book))
    imprint = Imprint(
        title=f"{facts.unit}随机抽查事项清单",
        author=facts.unit,
        small=(facts.as_of.isoformat(), "随机抽查事项清单"),
    )
    return render(OFFICIAL, layout, imprint, book)


def _items(facts: ItemListFacts, fonts: FontBook) -> Iterable[Item]:
    yield masthead((facts.unit, "随机抽查事项清单"), "", fonts)
    total = sum(len(part.items) for part in facts.parts)
    yield prose(f"依据{facts.rulebook}制定，{words.day(facts.as_of)}有效，共{total}项。", fonts)
    for at, part in enumerate(facts.parts):
        yield heading(f"{_ORDINALS[at]}、{part.title}", fonts)
        yield _table(part, f"表{at + 1}", fonts)


def _table(part: ItemPart, name: str, fonts: FontBook) -> Table:
    columns = (
        _column("序号", 8),
        _column("抽查事项", 25, Align.LEFT),
        _column("抽查依据", 33, Align.LEFT),
        _column("抽查主体", 17),
        _column("抽查对象\n（适用类别）", 20),
        _column("抽查内容", 31, Align.LEFT),
        _column("比例\n和频次", 22),
    )
    rows = [
        Row(
            (
                str(number),
                each.name,
                each.basis,
                each.subject,
                f"{each.object}（{each.applies}）" if each.object else each.applies,
                each.content,
                "，".join(text for text in (each.ratio, each.frequency) if text),
            )
        )
        for number, each in enumerate(part.items, 1)
    ]
    return table(part.title, columns, rows, fonts, name=name)


def _column(head: str, width: float, align: Align = Align.CENTRE) -> Column:
    return Column(head=head, width=width, align=align, size=9.0, leading=12.0)
