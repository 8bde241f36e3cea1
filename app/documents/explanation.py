"""The lay page: why this draw cannot be steered, for people who never heard of a hash.

It fears three things (the list changed before, the result steered, drawn until
it suits), answers in four steps, adds up four one-digit numbers as its example
and says what the draw cannot do.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import Final

from app.documents import hashes
from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.page import MM, open_canvas, watermark
from app.documents.sheet import Sheet
from app.documents.typography import Span

_LEFT, _RIGHT = 20.0, 190.0
_WIDTH: Final = _RIGHT - _LEFT
_TITLE: Final = "抽中谁，为什么谁也定不了"
_FEARS: Final = (
    "大家最不放心三件事：名单先被换过，结果有人安排，不满意就重抽。",
    "抽签分四步走，就是为了防这三件事。",
)
_STEPS: Final = (
    ("封名单", "查谁、查几家、谁去查，先写定。算出名单的“指纹”，当场亮出来。"),
    ("写纸条", "每位见证人写一串数字，最好掷骰子，折好，谁也不给看。"),
    ("锁电脑的数", "这时电脑才出自己的数，先锁着。两个“指纹”印成承诺单，大家签字。"),
    ("一起翻开", "纸条一起翻开，电脑的数也亮出来，合在一起，抽中谁就定了。"),
)
_EXAMPLE: Final = (("电脑", 6), ("纪检", 1), ("司法", 9), ("居民", 8))
_DOUBTS: Final = (
    ("电脑想指定一家？", "做不到。它定下6的时候，三张纸条都还折着，它看不到1、9、8。"),
    ("见证人想指定一家？", "做不到。写的时候电脑还没有出数，也看不到别人写了什么。"),
    ("电脑拉上两个见证人？", "还是不行。6＋1＋9＝16，第三张纸条写几，他们事先不知道："),
)
_MORAL: Final = (
    Span("十种写法，十家各占一种。"),
    Span("只要有一个人不肯串通，结果就没有人能定。", Role.HEADING),
    Span(
        "真抽的时候道理一样，只是数很大：电脑的数有七十多位，“加起来看个位”换成一套"
        "公开的算法，给每家企业算出一个签号。签号小的排在前面，前面几家抽中；"
        "其余的接着排，有换下来的就按顺序补。"
    ),
)
_FINGERPRINTED: Final = ("红星纸厂、河东砖厂", "红星纸厂、河西砖厂")
_FINGERPRINT: Final = (
    "用名单（或一个数）算出的一串字符。改一个字，整串都变；光看它，猜不出原来的内容。"
)
_QUESTIONS: Final = (
    ("名单事后换过怎么办？", "名单的指纹印在签了字的承诺单上，换过就对不上。"),
    ("电脑翻开时换个数呢？", "电脑那个数的指纹也在承诺单上，换了同样对不上。"),
    ("不满意，悄悄重抽？", "每抽一次用掉一个编号，不能跳号；作废要签字写明，原结果也留着。"),
    ("程序里有机关呢？", "算法是公开的；检查都结束后各个数也公开，换台电脑照样能算。"),
    ("名单怎么不现在公开？", "按规定检查前要保密。指纹已经公开，名单以后也改不了。"),
)
_CLOSING: Final = (
    ("它防不了的：", "从来没进过名录的企业；电脑和全部见证人合起来作假。"),
    ("您可以做的：", "拍下承诺单；等全部公开了，自己重算，或者请懂电脑的人帮着算。"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplanationFacts:
    """The page is the same for every draw; only the unit's name is printed."""

    unit: str
    rehearsal: bool = False


def build(facts: ExplanationFacts, fonts: FontBook | None = None) -> bytes:
    """One A4 page as PDF bytes."""
    book = fonts or machine_fonts()
    out = io.BytesIO()
    canvas = open_canvas(out, _TITLE, facts.unit)
    if facts.rehearsal:
        watermark(canvas, book)
    _draw(Sheet(canvas, book), facts)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def fingerprint(words: str) -> str:
    """SHA-256 of ``words`` in UTF-8: what the page calls a fingerprint."""
    return hashlib.sha256(words.encode()).hexdigest()


def _draw(sheet: Sheet, facts: ExplanationFacts) -> None:
    sheet.text(_LEFT, 18.0, _TITLE, 27, Role.TITLE)
    sheet.text(_LEFT, 29.0, "给在场见证人、企业和居民的说明", 11.5, Role.SMALL, colour="#333333")
    sheet.text(_RIGHT, 29.0, facts.unit, 10, colour="#333333", align=1.0, room=90)
    sheet.line(_LEFT, 33.0, _RIGHT, 33.0, 1.2)
    for at, line in enumerate(_FEARS):
        sheet.text(_LEFT, 38.6 + 7.4 * at, line, 12.5)
    _steps(sheet)
    _example(sheet)
    _fingerprint(sheet)
    _questions(sheet)


def _steps(sheet: Sheet) -> None:
    top, width, height, gap = 52.2, 38.9, 49.5, 4.8
    icons = (_sealed_list, _envelopes, _padlock, _digits)
    for at, (name, text) in enumerate(_STEPS):
        x = _LEFT + at * (width + gap)
        sheet.box(x, top, width, height, 0.9, radius=1.6)
        sheet.disc(x + 6.0, top + 6.8, 3.7, weight=0.5, fill="#000000")
        sheet.text(x + 6.0, top + 6.8, str(at + 1), 12, Role.HEADING, align=0.5, colour="#ffffff")
        icons[at](sheet, x + 24.0, top + 2.6)
        sheet.text(x + 3.3, top + 19.0, name, 13, Role.HEADING)
        sheet.paragraph(x + 3.3, top + 23.4, width - 6.0, text, 10.5, 5.9, justify=False)
        if at:
            sheet.arrow(x - gap + 0.5, top + 24.5, x - 0.6, top + 24.5)


def _sealed_list(sheet: Sheet, x: float, y: float) -> None:
    sheet.box(x, y, 8.5, 11.0, 0.9)
    for at in range(4):
        sheet.line(x + 1.6, y + 2.2 + 2.2 * at, x + 6.9, y + 2.2 + 2.2 * at, 0.6)
    sheet.disc(x + 8.2, y + 9.2, 2.7, weight=0.9, fill="#ffffff")
    sheet.text(x + 8.2, y + 9.2, "封", 8, Role.HEADING, align=0.5)


def _envelopes(sheet: Sheet, x: float, y: float) -> None:
    for at in range(3):
        left, top = x - 2.5 + 3.2 * at, y + 5.4 - 1.9 * at
        sheet.box(left, top, 8.0, 5.2, 0.9, fill="#ffffff")
        sheet.line(left, top, left + 4.0, top + 3.0, 0.7)
        sheet.line(left + 8.0, top, left + 4.0, top + 3.0, 0.7)


def _padlock(sheet: Sheet, x: float, y: float) -> None:
    canvas = sheet.canvas
    canvas.setLineWidth(1.4)
    canvas.setStrokeColor("#000000")
    left, right = sheet.x(x + 2.0), sheet.x(x + 7.6)
    canvas.arc(left, sheet.y(y + 6.2), right, sheet.y(y + 0.2), 0, 180)
    sheet.line(x + 2.0, y + 3.2, x + 2.0, y + 5.0, 1.4)
    sheet.line(x + 7.6, y + 3.2, x + 7.6, y + 5.0, 1.4)
    sheet.box(x, y + 4.8, 9.6, 6.4, 1.0, fill="#ffffff")
    sheet.disc(x + 4.8, y + 7.4, 0.8, weight=0.3, fill="#000000")
    sheet.line(x + 4.8, y + 7.4, x + 4.8, y + 9.4, 1.2)


def _digits(sheet: Sheet, x: float, y: float) -> None:
    for at, (_, digit) in enumerate(_EXAMPLE[1:]):
        sheet.box(x - 1.5 + 4.3 * at, y + 0.6, 3.9, 4.9, 0.8)
        centre = x - 1.5 + 4.3 * at + 1.95
        sheet.text(centre, y + 3.05, str(digit), 10, Role.HEADING, align=0.5)
    sheet.arrow(x + 4.75, y + 6.4, x + 4.75, y + 10.8)


def _example(sheet: Sheet) -> None:
    sheet.text(_LEFT, 108.6, "拿小数目试一遍：10家企业，从0号到9号，抽1家", 14, Role.HEADING)
    x, top = _LEFT, 114.4
    for at, (who, digit) in enumerate(_EXAMPLE):
        if at:
            sheet.text(x - 3.1, top + 8.6, "+", 19, Role.HEADING, align=0.5)
        sheet.box(x, top, 18.4, 16.2, 1.0, radius=1.4, fill="#e4e4e4" if at == 0 else "#ffffff")
        sheet.text(x + 9.2, top + 3.5, who, 9, Role.HEADING, align=0.5)
        sheet.text(x + 9.2, top + 10.6, str(digit), 22, Role.MONO_BOLD, align=0.5)
        x += 24.6
    total = sum(digit for _, digit in _EXAMPLE)
    sheet.text(x - 2.7, top + 8.6, "=", 19, Role.HEADING, align=0.5)
    width = sheet.text(x + 2.0, top + 10.3, str(total), 24, Role.MONO_BOLD)
    sheet.line(x + 2.0 + width / 2 + 0.4, top + 15.0, x + 2.0 + width - 0.2, top + 15.0, 1.6)
    after = (Span("只看个位："), Span(f"抽中{total % 10}号", Role.HEADING, 14))
    sheet.text(x + 15.0, top + 9.8, after, 12)
    for at, (question, answer) in enumerate(_DOUBTS):
        spans = (Span(question, Role.HEADING), Span(answer))
        sheet.text(_LEFT, 137.2 + 6.5 * at, spans, 11, room=_WIDTH)
    _last_slip(sheet, 155.0)
    sheet.paragraph(_LEFT, 170.0, _WIDTH, _MORAL, 11, 6.4)


def _last_slip(sheet: Sheet, top: float) -> None:
    """Whatever the last slip says, one firm follows: ten columns."""
    known = sum(digit for _, digit in _EXAMPLE[:-1])
    first, height = 32.0, 6.6
    column = (_WIDTH - first) / 10
    actual = _EXAMPLE[-1][1]
    for row, label in enumerate(("第三张写", "抽中的就是")):
        y = top + row * height
        sheet.box(_LEFT, y, first, height, 0.5)
        sheet.text(_LEFT + first / 2, y + height / 2, label, 10, Role.HEADING, align=0.5)
        for digit in range(10):
            x = _LEFT + first + digit * column
            sheet.box(x, y, column, height, 0.5, fill="#dcdcdc" if digit == actual else "#ffffff")
            words = str(digit) if row == 0 else f"{(known + digit) % 10}号"
            role = Role.BODY if row == 0 else Role.HEADING
            sheet.text(x + column / 2, y + height / 2, words, 11, role, align=0.5)


def _fingerprint(sheet: Sheet) -> None:
    sheet.text(_LEFT, 194.4, "什么是“指纹”", 14, Role.HEADING)
    sheet.text(_LEFT, 202.6, _FINGERPRINT, 11)
    for at, words in enumerate(_FINGERPRINTED):
        y = 209.8 + 6.7 * at
        sheet.text(_LEFT + 5, y, words, 11, Role.HEADING)
        sheet.text(_LEFT + 45, y, "→", 11)
        groups = "  ".join(hashes.groups(fingerprint(words))[:4])
        width = sheet.text(_LEFT + 53, y, groups, 11.5, Role.MONO)
        sheet.text(_LEFT + 56 + width, y, "……", 11)


def _questions(sheet: Sheet) -> None:
    sheet.text(_LEFT, 225.6, "有人会问", 14, Role.HEADING)
    y = 230.6
    for question, answer in _QUESTIONS:
        sheet.text(_LEFT, y + 3.1, question, 10.5, Role.HEADING)
        sheet.text(_LEFT + 49, y + 3.1, answer, 10.5)
        y += 6.4
        sheet.canvas.setLineWidth(0.4)
        sheet.canvas.setStrokeColor("#a0a0a0")
        sheet.canvas.line(_LEFT * MM, sheet.y(y), _RIGHT * MM, sheet.y(y))
    for at, (label, words) in enumerate(_CLOSING):
        spans = (Span(label, Role.HEADING), Span(words))
        sheet.text(_LEFT, 270.0 + 6.4 * at, spans, 11, room=_WIDTH)
