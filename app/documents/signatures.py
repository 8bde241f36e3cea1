"""The signature block of the minutes: kept together, never alone on a page.

Closing paragraph, one row per signer (each witness beside the digits that
stand on paper), QR code, unit, date and place for the seal, a note.  Row
height shrinks with many witnesses; nine still fit on a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.documents import hashes, qr
from app.documents.fonts import FontBook, Role
from app.documents.page import (
    BODY_SIZE,
    MM,
    OFFICIAL,
    TRACKING,
    Block,
    Drawn,
    Together,
    baseline,
    prose,
)
from app.documents.tables import Cell, Column, Look, Row, Table, table
from app.documents.typography import Setting, Span, Text, TextLine, break_lines, one_line
from app.errors import UserError

_TALL: Final = 1.25 * OFFICIAL.pitch  # 12.8 mm
_ROW_HEIGHTS: Final = (_TALL, OFFICIAL.pitch, 0.75 * OFFICIAL.pitch)
_TO_WRITE: Final = " "  # an empty string would print “—”
QR_SIDE: Final = 34 * MM
_NUMERALS: Final = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Signer:
    """Someone who signs; ``digits``: what a witness contributed, else empty."""

    standing: str
    name: str
    digits: str = ""


def witness_standing(order: int) -> str:
    """“见证人一” … “见证人九”."""
    return f"见证人{_NUMERALS[order]}"


def signer_table(signers: Sequence[Signer], fonts: FontBook, row: float = _TALL) -> Table:
    """One row per signer, ``row`` points tall: room for a hand-written name.

    Where nobody contributed digits (no witness signs) their column is left out.
    """
    if not any(signer.digits for signer in signers):
        return _plain_signer_table(signers, fonts, row)
    columns = (
        Column(head="身份", width=23, size=11.5, leading=15),
        Column(head="姓名", width=24, size=11.5, leading=15),
        Column(head="本人写出的数字", width=42),
        Column(head="本人签名", width=45),
        Column(head="时间", width=22),
    )
    rows = [
        Row(
            (signer.standing, signer.name, _digit_cell(signer.digits), _TO_WRITE, _TO_WRITE),
            strong_above=bool(at and signers[at - 1].digits and not signer.digits),
        )
        for at, signer in enumerate(signers)
    ]
    return table("", columns, rows, fonts, look=Look(row=row))


def _plain_signer_table(signers: Sequence[Signer], fonts: FontBook, row: float) -> Table:
    columns = (
        Column(head="身份", width=34, size=11.5, leading=15),
        Column(head="姓名", width=34, size=11.5, leading=15),
        Column(head="本人签名", width=56),
        Column(head="时间", width=32),
    )
    rows = [Row((signer.standing, signer.name, _TO_WRITE, _TO_WRITE)) for signer in signers]
    return table("", columns, rows, fonts, look=Look(row=row))


def _digit_cell(digits: str) -> Cell:
    """Long numbers (up to 32 digits) go smaller and over two lines."""
    size, leading = (12.0, 15.0) if len(digits) <= 9 else (9.0, 12.0)
    if len(digits) > 12:
        size, leading = 7.6, 10.0
    text: Text = Span(hashes.digits(digits), Role.MONO, size) if digits else ""
    return Cell((text,), leading=leading)


def signature_block(
    closing: Text,
    signers: Sequence[Signer],
    *,
    code: str,
    unit: str,
    day: str,
    notes: Sequence[Text],
    fonts: FontBook,
    room: float = OFFICIAL.height,
    sealed: bool = True,
) -> Block:
    """The whole block, with the tallest rows that let it stand in ``room`` points.

    ``sealed``: whether a place for the seal is printed below unit and day.

    Where no rows do, it gets a page to itself; UserError if that is too small too.
    """
    small = Setting(size=10.5)
    for limit in (room, OFFICIAL.height):
        for row in _ROW_HEIGHTS:
            block = Together(
                (
                    *((prose(closing, fonts),) if closing else ()),
                    signer_table(signers, fonts, row),
                    _seal(code, unit, day, notes, fonts, sealed),
                    prose("（以下空白）", fonts, setting=small, pitch=18, on_grid=False, align=0.5),
                )
            )
            if block.height <= limit:
                return block
    raise UserError("签字的人太多或姓名太长，签字栏一页放不下。", "请减少见证人后再打印。")


def _seal(
    code: str, unit: str, day: str, notes: Sequence[Text], fonts: FontBook, sealed: bool
) -> Drawn:
    """QR code at the left, unit, date and 盖章 at the right, the note below."""
    setting = Setting(size=BODY_SIZE, tracking=TRACKING, justify=False)
    area = OFFICIAL.width - QR_SIDE - 8 * MM
    unit_lines = break_lines(unit, area, setting, fonts)
    date_line = one_line(day, setting, fonts)
    seal_line = one_line("（单位盖章）", Setting(size=10.5), fonts)
    small = Setting(size=10)
    below_lines = [x for t in notes for x in break_lines(t, OFFICIAL.width, small, fonts)]
    height = QR_SIDE + 1.5 * MM + 14.5 * len(below_lines)

    def paint(canvas: Any, x: float, y: float) -> None:
        qr.draw(canvas, code, x + 2 * MM, y - QR_SIDE, QR_SIDE - 2 * MM)
        middle = x + QR_SIDE + 8 * MM + area / 2
        stack: list[tuple[TextLine, float]] = [(line, BODY_SIZE) for line in unit_lines]
        stack += [(date_line, BODY_SIZE), *([(seal_line, 10.5)] if sealed else [])]
        pitch = 0.9 * OFFICIAL.pitch
        top = y - (QR_SIDE - pitch * len(stack)) / 2
        for at, (line, size) in enumerate(stack):
            line.draw(canvas, middle - line.width / 2, baseline(top - (at + 0.5) * pitch, size))
        below = y - QR_SIDE - 1.5 * MM
        for at, line in enumerate(below_lines):
            line.draw(canvas, x, baseline(below - (at + 0.5) * 14.5, 10))

    return Drawn(height, paint, on_grid=False)
