"""Blank witness slips (见证人纸条): four A6 on one A4, folded bottom up.

Three panels of 49.5 mm: label, sixteen boxes for digits (the first six heavy),
a tint of random-looking digits that hides what is written from both sides.
The tint is made from a fixed digest, so the same slips give the same bytes;
it has nothing to do with the draw.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import Any, Final

from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.page import (
    GREY,
    MM,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    baseline,
    open_canvas,
    watermark,
)
from app.documents.sheet import Sheet
from app.documents.typography import Setting, one_line

_WIDTH, _HEIGHT, _PANEL = 105.0, 148.5, 49.5  # mm
_LEFT, _RIGHT = 7.0, 98.0
_BOXES: Final = 8
_NEEDED: Final = 6  # RD1 §1: at least six digits
_STEPS: Final = (
    "① 本段沿虚线向上折，盖住数字\u3000② 标签段向后折，标签朝外",
    "③ 贴住开口，签名压在封口上\u3000④ 大家的都折好以后，电脑才定它的数",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessSlipFacts:
    """What is printed on each slip; an empty number leaves a line to write on."""

    unit: str
    draw_number: str = ""
    rehearsal: bool = False


def build(facts: WitnessSlipFacts, fonts: FontBook | None = None) -> bytes:
    """One A4 page of four slips as PDF bytes."""
    book = fonts or machine_fonts()
    out = io.BytesIO()
    canvas = open_canvas(out, "见证人纸条", facts.unit)
    for at in range(4):
        row, column = divmod(at, 2)
        _Slip(Sheet(canvas, book, column * _WIDTH, row * _HEIGHT), facts, at).draw()
    _cut_lines(canvas, book)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Slip:
    """One slip; lengths are mm from its upper left corner."""

    sheet: Sheet
    facts: WitnessSlipFacts
    number: int

    def draw(self) -> None:
        if self.facts.rehearsal:
            area = (self.sheet.x(0), self.sheet.y(_HEIGHT), _WIDTH * MM, 2 * _PANEL * MM)
            watermark(self.sheet.canvas, self.sheet.fonts, area)
        self._label()
        self._fold(_PANEL, "② 向后折")
        self._boxes()
        self._fold(2 * _PANEL, "① 向上折")
        self._tint()
        for at, step in enumerate(_STEPS):
            self.sheet.text(_LEFT, 138.0 + 3.9 * at, step, 8.2, Role.SMALL, room=_RIGHT - _LEFT)

    def _label(self) -> None:
        self.sheet.text(_LEFT, 10.4, "见证人纸条", 18, Role.TITLE)
        self.sheet.canvas.setStrokeColor("#000000")
        self.sheet.canvas.setLineWidth(0.9)
        self.sheet.canvas.rect(self.sheet.x(69.6), self.sheet.y(14.7), 28.4 * MM, 6.4 * MM)
        self.sheet.text(71.6, 11.4, "翻开前不得打开", 10, Role.HEADING)
        unit = f"{self.facts.unit}（演练）" if self.facts.rehearsal else self.facts.unit
        self.sheet.text(_LEFT, 18.3, unit, 10, room=_RIGHT - _LEFT)
        self._blank(_LEFT, 26.2, "抽取编号", _RIGHT, self.facts.draw_number)
        self._blank(_LEFT, 33.8, "第几位见证人", 49.0)
        self._blank(52.0, 33.8, "代表", _RIGHT)
        self._blank(_LEFT, 41.3, "姓名", 49.0)
        self._blank(52.0, 41.3, "时间", _RIGHT)

    def _blank(self, x: float, centre: float, label: str, end: float, text: str = "") -> None:
        """A label and a line to write on (or the printed ``text``)."""
        width = self.sheet.text(x, centre, label, 10.5, Role.HEADING)
        start = x + width + 1.2
        if text:
            self.sheet.text(start + 1, centre, text, 11, Role.MONO, room=end - start - 1)
        self.sheet.canvas.setLineWidth(0.6)
        self.sheet.canvas.setStrokeColor("#000000")
        y = self.sheet.y(centre + 2.1)
        self.sheet.canvas.line(self.sheet.x(start), y, self.sheet.x(end), y)

    def _fold(self, down: float, label: str) -> None:
        line = one_line(label, Setting(size=7.5, role=Role.SMALL), self.sheet.fonts)
        y = self.sheet.y(down)
        x = self.sheet.x(_RIGHT) - line.width
        self.sheet.canvas.saveState()
        self.sheet.canvas.setStrokeColor("#707070")
        self.sheet.canvas.setLineWidth(0.6)
        self.sheet.canvas.setDash(1.2, 2)
        self.sheet.canvas.line(self.sheet.x(3.0), y, x - 3, y)
        self.sheet.canvas.restoreState()
        line.draw(self.sheet.canvas, x, baseline(y, 7.5), GREY)

    def _boxes(self) -> None:
        self.sheet.text(_LEFT, 56.2, "请写数字，至少6位，从左到右，一格一个", 11, Role.HEADING)
        self.sheet.text(_LEFT, 61.4, "最好掷骰子写8次以上。不写生日、电话、连号、重复。", 9.5)
        side = (_RIGHT - _LEFT) / _BOXES
        heights = (65.5, 79.6)
        for at in range(2 * _BOXES):
            row, column = divmod(at, _BOXES)
            x, y = self.sheet.x(_LEFT + column * side), self.sheet.y(heights[row] + 13.0)
            # Heavy boxes last would be overdrawn by their light neighbours.
            self.sheet.canvas.setStrokeColor("#000000")
            self.sheet.canvas.setLineWidth(0.5)
            self.sheet.canvas.rect(x, y, side * MM, 13.0 * MM)
            self.sheet.text(
                _LEFT + column * side + 0.8,
                heights[row] + 1.9,
                str(at + 1),
                7,
                Role.SMALL,
                colour=GREY,
            )
        self.sheet.canvas.setLineWidth(1.6)
        for column in range(_NEEDED):
            x, y = self.sheet.x(_LEFT + column * side), self.sheet.y(heights[0] + 13.0)
            self.sheet.canvas.rect(x, y, side * MM, 13.0 * MM)

    def _tint(self) -> None:
        """Three layers of grey digits, shifted against each other."""
        top, height = 103.0, 32.0
        self.sheet.canvas.saveState()
        path = self.sheet.canvas.beginPath()
        path.rect(
            self.sheet.x(_LEFT), self.sheet.y(top + height), (_RIGHT - _LEFT) * MM, height * MM
        )
        self.sheet.canvas.clipPath(path, stroke=0, fill=0)
        for layer, grey in enumerate(("#c2c2c2", "#a8a8a8", "#8f8f8f")):
            for row in range(7):
                digits = _noise(self.number, layer, row)
                shift = (layer * 5 + row * 3) % 7 / 2.0
                down = top + 1.5 + row * 5.4 + layer * 1.7
                self._line(_LEFT - shift, down, digits, grey)
        self.sheet.canvas.restoreState()

    def _line(self, x: float, centre: float, digits: str, grey: str) -> None:
        line = one_line(digits, Setting(size=20, role=Role.MONO_BOLD), self.sheet.fonts)
        line.draw(self.sheet.canvas, self.sheet.x(x), baseline(self.sheet.y(centre), 20), grey)


def _noise(*words: int) -> str:
    seed = "|".join(("tint", *map(str, words)))
    return "".join(str(byte % 10) for byte in hashlib.sha256(seed.encode()).digest())[:24]


def _cut_lines(canvas: Any, fonts: FontBook) -> None:
    canvas.saveState()
    canvas.setStrokeColor("#808080")
    canvas.setLineWidth(0.6)
    canvas.setDash(4, 3)
    canvas.line(0, PAGE_HEIGHT / 2, PAGE_WIDTH, PAGE_HEIGHT / 2)
    canvas.line(PAGE_WIDTH / 2, 0, PAGE_WIDTH / 2, PAGE_HEIGHT)
    canvas.restoreState()
    mark = one_line("✂", Setting(size=14, role=Role.MONO), fonts)
    left = PAGE_WIDTH / 2 - mark.width / 2
    canvas.setFillColor("#ffffff")
    canvas.rect(left - 2, PAGE_HEIGHT / 2 - 7, mark.width + 4, 14, stroke=0, fill=1)
    mark.draw(canvas, left, baseline(PAGE_HEIGHT / 2, 14), GREY)
