"""见证邀请函: asks one person to witness a draw, says what to do there and who may not come.

One page, so that nobody overlooks its foot: the answer to be sent back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
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
_CONDITIONS: Final = (
    "见证人不参加本次检查，不操作电脑，也不代表参加抽取的检查对象。有不合适的，请在回执上说明。"
)
_IN_THE_ROOM: Final = (
    "全程约四十分钟，请带身份证件。名单在检查前依规保密，现场只报序号、不报名称，"
    "请不要打听和拍摄名单；承诺单可以拍照。"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationFacts:
    """One letter; ``contact`` is a name and a telephone, ``what`` what is drawn."""

    unit: str
    document_number: str
    name: str
    body: str
    what: str  # 2026年第一季度的检查对象和执法检查人员
    at: datetime
    place: str
    contact: str
    issued_on: date
    rehearsal: bool = False


def build(facts: InvitationFacts, fonts: FontBook | None = None) -> bytes:
    """The letter as PDF bytes; UserError if it does not fit on one page."""
    book = fonts or machine_fonts()
    imprint = Imprint(
        title=f"{facts.unit}见证邀请函（{facts.name}）",
        author=facts.unit,
        small=("见证邀请函（演练）" if facts.rehearsal else "见证邀请函",),
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
        yield masthead((facts.unit, "见证邀请函"), facts.document_number, self.fonts, self.frame)
        yield self._text((Span(f"{facts.body}{facts.name}：", Role.HEADING),), indent=0)
        yield self._text(_asking(facts), gap=1.5 * MM)
        yield self._text((Span("请您做四件事。", Role.HEADING),), keeps_next=True)
        for at, what in enumerate(_TO_DO, start=1):
            yield self._text(f"{at}.{what}")
        yield self._text((Span("谁适合来。", Role.HEADING), Span(_CONDITIONS)))
        yield self._text((Span("现场。", Role.HEADING), Span(_IN_THE_ROOM)))
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
        title = "回执（请在抽取前一天送回）"
        found = table(title, columns, [Row(cells)], self.fonts, frame=self.frame, look=look)
        return Together((found,), frame=self.frame, on_grid=False)


def _asking(facts: InvitationFacts) -> str:
    when = words.moment(facts.at)
    rehearsal = "这是一次演练，结果不使用。" if facts.rehearsal else ""
    return (
        f"我单位定于{when}，在{facts.place}随机抽取{facts.what}。{rehearsal}"
        "抽取结果由电脑的数和几位见证人的数合在一起决定，缺了谁的数都得不出来。请您到场见证。"
    )
