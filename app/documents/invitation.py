"""见证邀请函: asks one person to witness a draw, says what to do there and who may not come.

One page, so that nobody overlooks its foot: the answer to be sent back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.documents import words
from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.page import (
    MM,
    OFFICIAL,
    Frame,
    Imprint,
    Item,
    Layout,
    Prose,
    Together,
    lay_out,
    masthead,
    prose,
    render,
)
from app.documents.tables import CellText, Column, Look, Row, table
from app.documents.typography import Setting, Span, Text
from app.domain.paper_texts import PaperText
from app.errors import UserError

# (pitch in mm, type size): the first with which the letter fits on one page.
_SETTINGS: Final = ((8.6, 14.0), (7.8, 14.0), (7.0, 13.0), (6.4, 12.0))
_TO_WRITE: Final = " "  # an empty string would print “—”
_TO_DO: Final = (
    "看着名单封存，记下屏幕上的名单摘要（一串字符）。",
    "在纸条上写六位以上的数字，折好，谁也不给看。最好当场掷骰子；"
    "生日、电话、连号、重复的数字不收。",
    "核对承诺单并签字，其中一份由见证人带走。",
    "大家一起翻开纸条，当众念出；抽取结束后核对记录，在自己的数字旁签字。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationFacts:
    """One letter; ``text``: its words, filled in; ``contact`` is a name and a telephone."""

    unit: str
    text: PaperText
    document_number: str
    name: str
    body: str
    contact: str
    issued_on: date
    rehearsal: bool = False


def build(facts: InvitationFacts, fonts: FontBook | None = None) -> bytes:
    """The letter as PDF bytes; UserError if it does not fit on one page."""
    book = fonts or machine_fonts()
    imprint = Imprint(
        title=f"{facts.unit}{facts.text.title}（{facts.name}）",
        author=facts.unit,
        small=(f"{facts.text.title}（演练）" if facts.rehearsal else facts.text.title,),
        rehearsal=facts.rehearsal,
        numbered=False,
    )
    for pitch, size in _SETTINGS:
        frame = Frame(
            left=28 * MM,
            top=30 * MM,
            width=156 * MM,
            height=240 * MM,
            pitch=pitch * MM,
            size=size,
        )
        layout: Layout = lay_out(frame, _Letter(facts, book, frame).items())
        if len(layout.pages) == 1:
            return render(frame, layout, imprint, book)
    raise UserError("邀请函一页放不下。", "请把地点、单位名称或联系方式写得短一些。")


@dataclass(frozen=True, slots=True)
class _Letter:
    """The letter's blocks for one size of type."""

    facts: InvitationFacts
    fonts: FontBook
    frame: Frame

    def items(self) -> Iterable[Item]:
        facts = self.facts
        yield masthead(
            (facts.unit, facts.text.title), facts.document_number, self.fonts, self.frame
        )
        yield self._text((Span(f"{facts.body}{facts.name}：", Role.HEADING),), indent=0)
        yield from self._asking()
        yield self._text((Span("请您做四件事。", Role.HEADING),), keeps_next=True)
        for at, what in enumerate(_TO_DO, start=1):
            yield self._text(f"{at}.{what}")
        yield from self._headed("谁适合来。", facts.text.words("conditions"))
        yield from self._headed("现场。", facts.text.words("room"))
        yield self._text((Span("联系人。", Role.HEADING), Span(f"{facts.contact}。")), gap=1.5 * MM)
        yield self._signed(facts.unit)
        yield self._signed(words.day(facts.issued_on))
        yield self._answer()

    def _text(
        self, text: Text, *, indent: int = 2, gap: float = 0.0, keeps_next: bool = False
    ) -> Prose:
        size = self.frame.size
        cell = self.frame.width / round(self.frame.width / size)
        setting = Setting(size=size, tracking=cell - size, indent=indent * cell)
        return prose(
            text,
            self.fonts,
            setting=setting,
            frame=self.frame,
            on_grid=False,
            gap=gap,
            keeps_next=keeps_next,
        )

    def _asking(self) -> Iterable[Prose]:
        """What we ask; of a rehearsal that it is one."""
        facts = self.facts
        lines = [each for each in facts.text.words("asking").splitlines() if each.strip()]
        if facts.rehearsal:
            lines.append("这是一次演练，结果不使用。")
        for at, each in enumerate(lines, start=1):
            yield self._text(each, gap=1.5 * MM if at == len(lines) else 0.0)

    def _headed(self, head: str, text: str) -> Iterable[Prose]:
        """A passage after its heading in the same line; nothing where the unit says nothing."""
        for at, each in enumerate(line for line in text.splitlines() if line.strip()):
            yield self._text((Span(head, Role.HEADING), Span(each)) if at == 0 else each)

    def _signed(self, text: str) -> Prose:
        setting = Setting(size=self.frame.size, justify=False)
        words_ = f"{text}\u3000\u3000"
        return prose(
            words_, self.fonts, setting=setting, frame=self.frame, align=1.0, on_grid=False
        )

    def _answer(self) -> Together:
        """回执: what the invited person's office sends back."""
        columns = (
            Column(head="姓名", width=30, size=11.5),
            Column(head="能否到场", width=58),
            Column(head="联系电话", width=38),
            Column(head="签名、日期", width=30),
        )
        cells: tuple[CellText, ...] = (
            self.facts.name,
            "□能到场\u3000□改由\u3000\u3000\u3000\u3000\u3000到场",
            _TO_WRITE,
            _TO_WRITE,
        )
        look = Look(row=1.25 * OFFICIAL.pitch)
        found = table(
            self.facts.text.words("receipt"),
            columns,
            [Row(cells)],
            self.fonts,
            frame=self.frame,
            look=look,
        )
        return Together((found,), frame=self.frame, on_grid=False)
