"""The commitment slip (抽取承诺单): printed and signed before any digit is opened.

One A4 sheet in two equal halves: one leaves the room's control (带离联), one is
filed with the minutes (存档联).  It carries no target and no inspector, so it
may be photographed.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.documents import hashes, qr, words
from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.minutes_facts import LedgerMark
from app.documents.page import (
    GREY,
    MM,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    baseline,
    open_canvas,
    rule,
    watermark,
)
from app.documents.sheet import Sheet
from app.documents.signatures import witness_standing
from app.documents.typography import Setting, Span, Text, break_lines, one_line

_HALF: Final = 148.5  # mm
_LEFT, _RIGHT = 17.0, 193.0
_GROUP_X: Final = (35.4, 74.3, 113.3, 152.3)
_QR_SIDE: Final = 28.0
_CELLS_IN_A_ROW: Final = 7


@dataclass(frozen=True, slots=True)
class SlipWitness:
    """A witness in the sealed order."""

    body: str
    name: str
    role: str = ""  # 身份, one of the rulebook's


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentFacts:
    """What the slip prints; ``taker`` is who takes the other half away."""

    unit: str
    draw_number: str
    series: str
    ordinal: int
    purpose: str
    at: datetime
    witnesses: tuple[SlipWitness, ...]
    plan: str
    commitment: str
    taker: str
    ledger: LedgerMark
    rehearsal: bool = False


def build(facts: CommitmentFacts, fonts: FontBook | None = None) -> bytes:
    """The slip as PDF bytes: one page, two halves with the same P and C."""
    book = fonts or machine_fonts()
    out = io.BytesIO()
    canvas = open_canvas(out, f"抽取承诺单（{facts.draw_number}）", facts.unit)
    taken = (
        f"签字时见证人的纸条尚未翻开。本联由{facts.taker}当场带离；"
        "单上没有企业和人员名单，可以拍照。"
    )
    filed = "签字时见证人的纸条尚未翻开。本联与抽取记录一并归档；两联的P和C必须逐组相同。"
    for top, label, note in ((0.0, "带离联", taken), (_HALF, "存档联", filed)):
        _Half(Sheet(canvas, book, 0.0, top), facts).draw(label, note)
    _cut_line(canvas, book)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Half:
    """One half; lengths are mm from the sheet's left edge and the half's top."""

    sheet: Sheet
    facts: CommitmentFacts

    def draw(self, label: str, note: str) -> None:
        if self.facts.rehearsal:
            area = (0.0, self.sheet.y(_HALF), PAGE_WIDTH, _HALF * MM)
            watermark(self.sheet.canvas, self.sheet.fonts, area)
        self._head(label)
        self._when_and_who()
        self._digest(
            45.6, "P", "名单摘要", "封存的名单、人员、应抽数和规则，改一个字它就变", self.facts.plan
        )
        self._digest(
            77.9, "C", "承诺值", "电脑随机数的封条，翻开时必须对得上", self.facts.commitment
        )
        self._rule(110.2, 0.5)
        self._signatures()
        code = qr.record(self.facts.draw_number, self.facts.plan, self.facts.commitment)
        qr.draw(
            self.sheet.canvas,
            code,
            (_RIGHT - _QR_SIDE) * MM,
            self.sheet.y(112.6 + _QR_SIDE),
            _QR_SIDE * MM,
        )
        self.sheet.text(_LEFT, 136.4, note, 8.8, Role.SMALL, colour="#333333")
        ledger = self.facts.ledger
        head = " ".join(hashes.groups(ledger.head))
        mark = (
            Span(f"账本第{ledger.entry}条 ", Role.SMALL, 7.5),
            Span(head, Role.MONO, 6.6),
        )
        self.sheet.text(_LEFT, 140.2, mark, 7.5, Role.SMALL, colour=GREY)

    def _rule(self, down: float, weight: float) -> None:
        rule(self.sheet.canvas, _LEFT * MM, self.sheet.y(down), (_RIGHT - _LEFT) * MM, weight)

    def _head(self, label: str) -> None:
        facts = self.facts
        self.sheet.text(_LEFT, 11.4, facts.unit, _fitting(facts.unit, 13.0, 150.0))
        self.sheet.canvas.setLineWidth(1.0)
        self.sheet.canvas.setStrokeColor("#000000")
        self.sheet.canvas.rect(173.4 * MM, self.sheet.y(15.2), 19.6 * MM, 7.9 * MM)
        self.sheet.text(183.2, 11.25, label, 13, Role.HEADING, align=0.5)
        title = "抽取承诺单（演练）" if facts.rehearsal else "抽取承诺单"
        self.sheet.text(_LEFT, 22.0, title, 26, Role.TITLE)
        size = min(19.0, 110.0 * MM / (0.603 * len(facts.draw_number)))
        self.sheet.text(_RIGHT, 23.0, facts.draw_number, size, Role.MONO_BOLD, align=1.0)
        self._rule(29.5, 1.2)

    def _when_and_who(self) -> None:
        facts = self.facts
        pairs = (
            ("时间", words.moment(facts.at)),
            ("用途", facts.purpose),
            ("序列", f"{facts.series}，第{facts.ordinal}次"),
        )
        spans: list[Span] = []
        for label, text in pairs:
            gap = "\u3000\u3000" if spans else ""
            spans += [Span(gap + label, Role.HEADING), Span("\u3000" + text)]
        self._lines(tuple(spans), 32.0, 5.6)
        spans = [Span("见证人（依次）", Role.HEADING)]
        for at, witness in enumerate(facts.witnesses, start=1):
            order = words.numeral(at)
            role = f"（{witness.role}）" if witness.role else ""
            spans.append(Span(f"\u3000{order}\u2002{witness.body}\u2002{witness.name}{role}"))
        self._lines(tuple(spans), 37.2, 8.0)

    def _lines(self, text: Text, top: float, room: float) -> None:
        """Set ``text`` as large as it fits into ``room`` mm of height."""
        for size in (11.5, 11.0, 10.5, 10.0, 9.4, 8.8, 7.6, 6.6):
            setting = Setting(size=size, justify=False)
            lines = break_lines(text, (_RIGHT - _LEFT) * MM, setting, self.sheet.fonts)
            leading = size * 1.3 / MM
            if len(lines) * leading <= room:
                break
        for at, line in enumerate(lines):
            centre = self.sheet.y(top + (at + 0.5) * leading)
            line.draw(self.sheet.canvas, _LEFT * MM, baseline(centre, size))

    def _digest(self, top: float, code: str, name: str, what: str, digest: str) -> None:
        self._rule(top, 0.5)
        self.sheet.text(23.7, top + 16.9, code, 44, Role.HEADING, align=0.5)
        width = self.sheet.text(_GROUP_X[0], top + 3.9, name, 12.5, Role.HEADING)
        self.sheet.text(_GROUP_X[0] + width + 4, top + 3.9, what, 10.5, colour="#333333")
        for at, group in enumerate(hashes.groups(digest)):
            row, column = divmod(at, len(_GROUP_X))
            x = _GROUP_X[column]
            down = top + 11.0 * row
            self.sheet.text(x, down + 9.3, str(at + 1), 7.5, Role.SMALL, colour=GREY)
            self.sheet.text(x, down + 14.4, group, 19, Role.MONO)

    def _signatures(self) -> None:
        standings = [
            *(witness_standing(at + 1) for at in range(len(self.facts.witnesses))),
            "主持人",
            "操作人",
        ]
        if len(standings) <= _CELLS_IN_A_ROW:
            self._signature_row(standings, 112.6, 20.9, 5.9, 10.0)
            return
        half = (len(standings) + 1) // 2
        for at, part in enumerate((standings[:half], standings[half:])):
            self._signature_row(part, 111.6 + at * 11.2, 11.2, 3.6, 7.5)

    def _signature_row(
        self, standings: Sequence[str], top: float, height: float, head: float, size: float
    ) -> None:
        width = (159.0 - _LEFT) / len(standings)
        self.sheet.canvas.setLineWidth(0.6)
        self.sheet.canvas.setStrokeColor("#000000")
        for at, standing in enumerate(standings):
            x = _LEFT + at * width
            self.sheet.canvas.rect(x * MM, self.sheet.y(top + height), width * MM, height * MM)
            self.sheet.text(x + width / 2, top + head / 2, standing, size, Role.HEADING, align=0.5)
        y = self.sheet.y(top + head)
        self.sheet.canvas.line(_LEFT * MM, y, 159.0 * MM, y)


def _fitting(text: str, size: float, room: float) -> float:
    """``size``, or less if ``text`` would be wider than ``room`` mm."""
    return min(size, room * MM / max(1, len(text)))


def _cut_line(canvas: Any, fonts: FontBook) -> None:
    y = PAGE_HEIGHT / 2
    mark = (Span("✂", Role.MONO, 12), Span(" 裁开", Role.SMALL))
    line = one_line(mark, Setting(size=9, role=Role.SMALL), fonts)
    left = (PAGE_WIDTH - line.width) / 2
    canvas.saveState()
    canvas.setStrokeColor("#808080")
    canvas.setLineWidth(0.6)
    canvas.setDash(4, 3)
    canvas.line(0, y, left - 6, y)
    canvas.line(left + line.width + 6, y, PAGE_WIDTH, y)
    canvas.restoreState()
    line.draw(canvas, left, baseline(y, 9), GREY)
