"""公示表 on paper: for a notice board; whatever is public, nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.documents import words
from app.documents.fonts import FontBook, machine_fonts
from app.documents.page import OFFICIAL, Imprint, Item, lay_out, masthead, prose, render
from app.documents.tables import Align, Column, Row, table


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicTableFacts:
    """``heads``: (title, width); a number of rows may run over pages."""

    unit: str
    title: str
    said: tuple[str, ...]
    heads: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, ...], ...]
    made_on: date


def build(facts: PublicTableFacts, fonts: FontBook | None = None) -> bytes:
    """The table as PDF bytes; UserError names a character no face can print."""
    book = fonts or machine_fonts()
    layout = lay_out(OFFICIAL, _items(facts, book))
    imprint = Imprint(title=facts.title, author=facts.unit, small=(facts.unit, facts.title))
    return render(OFFICIAL, layout, imprint, book)


def _items(facts: PublicTableFacts, fonts: FontBook) -> Iterable[Item]:
    yield masthead((facts.unit, facts.title), "", fonts)
    for each in facts.said:
        yield prose(each, fonts)
    columns = [Column(head="序号", width=9)]
    columns += [Column(head=head, width=width, align=Align.LEFT) for head, width in facts.heads]
    rows = [Row((str(number), *row)) for number, row in enumerate(facts.rows, start=1)]
    yield table(
        f"共{len(rows)}家",
        columns,
        rows,
        fonts,
        closing="以下空白",
        note=f"{words.day(facts.made_on)}制。",
    )
