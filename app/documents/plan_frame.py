"""What every printed plan shares: head, numbered sections, approval and filing at the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.documents import words
from app.documents.fonts import FontBook
from app.documents.page import (
    OFFICIAL,
    Blank,
    Block,
    Imprint,
    Item,
    Together,
    heading,
    lay_out,
    masthead,
    prose,
    render,
)
from app.documents.paper_frame import TO_WRITE, closing_words, paragraphs, seal_cell
from app.documents.tables import CellText, Column, Look, Row, table
from app.domain.paper_texts import PaperText


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Who approved it: organ, name, post, day, document number (may be empty)."""

    organ: str
    name: str
    post: str
    on: date
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanHead:
    """``bases``: one sentence each; ``approval`` None leaves room for the signature.

    ``text``: the paper's words, filled in.
    ``filing``: to whom it was or will be sent, empty if nobody asks for it; ``version`` with
    the reason of its change.
    """

    unit: str
    title: str
    text: PaperText
    document_number: str
    bases: tuple[str, ...]
    made_by: str
    made_on: date
    version: int = 1
    reason: str = ""
    approval: Approval | None = None
    filing: str = ""


@dataclass
class Sections:
    """Numbers the sections of one paper: 一、依据, 二、…"""

    fonts: FontBook
    count: int = field(default=0)

    def head(self, title: str) -> Item:
        """The next section's heading."""
        self.count += 1
        return heading(f"{words.numeral(self.count)}、{title}", self.fonts)

    def listed(self, sentences: Sequence[str], nothing: str = "") -> Iterable[Item]:
        """Paragraphs numbered 1. 2. …; a single one without its number."""
        if not sentences and nothing:
            yield prose(nothing, self.fonts)
        for at, sentence in enumerate(sentences, start=1):
            text = sentence if len(sentences) == 1 else f"{at}.{sentence}"
            for paragraph in text.splitlines():
                yield prose(paragraph, self.fonts)


def begin(head: PlanHead, sections: Sections) -> Iterable[Item]:
    """Title, number and 依据."""
    yield masthead((head.unit, head.title), head.document_number, sections.fonts)
    if head.version > 1:
        text = f"本计划为第{head.version}版，替代前一版。变更理由：{head.reason.rstrip('。')}。"
        yield prose(text, sections.fonts)
    yield from paragraphs(head.text.words("intro"), sections.fonts)
    yield sections.head("依据")
    yield from sections.listed(head.bases)


def finish(head: PlanHead, fonts: FontBook) -> Iterable[Item]:
    """What the unit says last; 编制、批准与上报."""
    yield from paragraphs(head.text.words("after"), fonts, keeps_next=True)
    columns = (
        Column(head=head.text.words("sign_maker"), width=26, size=11.5),
        Column(head="编制日期", width=36, size=11.5),
        Column(head=head.text.words("sign_organ"), width=48, size=11.5),
        Column(head=head.text.words("sign_approver"), width=46, size=11.5),
    )
    given = head.approval
    first: tuple[CellText, ...] = (
        head.made_by,
        words.day(head.made_on),
        given.organ if given else seal_cell(head.text),
        f"{given.name}（{given.post}）" if given else TO_WRITE,
    )
    look = Look(row=1.25 * OFFICIAL.pitch)
    items: list[Block] = [
        Blank(8.0, on_grid=False),
        table("编制与批准", columns, [Row(first)], fonts, look=look),
    ]
    more = (
        Column(head="批准日期", width=36, size=11.5),
        Column(head="批准文号", width=44, size=11.5),
        Column(head="报送备案", width=76, size=11.5),
    )
    second: tuple[CellText, ...] = (
        words.day(given.on) if given else TO_WRITE,
        (given.number or "") if given else TO_WRITE,
        head.filing,
    )
    items.append(table("", more, [Row(second)], fonts, look=look))
    yield Together((*items, *closing_words(head.text, fonts)), on_grid=False)


def printed(head: PlanHead, items: Iterable[Item], fonts: FontBook) -> bytes:
    """The whole paper as PDF bytes."""
    layout = lay_out(OFFICIAL, items)
    standing = "已批准" if head.approval else "送审稿"
    small = (head.title, f"第{head.version}版", standing)
    imprint = Imprint(title=f"{head.unit}{head.title}", author=head.unit, small=small)
    return render(OFFICIAL, layout, imprint, fonts)
