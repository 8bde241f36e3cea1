"""调度表, 季度报表, 年度报表 on paper: the law's columns in four tables, a chart, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Any, Final

from app.documents import words
from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.page import (
    MM,
    OFFICIAL,
    Blank,
    Drawn,
    Field,
    Imprint,
    Item,
    Together,
    baseline,
    field,
    heading,
    lay_out,
    masthead,
    prose,
    render,
)
from app.documents.paper_frame import TO_WRITE, closing_words, paragraphs, seal_cell
from app.documents.report_course import CourseFacts, sections
from app.documents.tables import Align, Column, Look, Row, Table, table
from app.documents.typography import Setting, one_line
from app.domain.paper_texts import PaperText

_CHART: Final = 0.55 * OFFICIAL.pitch
_NAMES: Final = 46 * MM
_DARK: Final = "#333333"
_LIGHT: Final = "#BBBBBB"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """One row of the report; ``label`` empty in the sum."""

    content: str
    label: str
    base: int | None
    ratio: str
    drawn: tuple[int, ...]
    public: tuple[int, ...]
    completion: str
    concluded: tuple[int, ...]
    afterwards: tuple[int, ...]
    settlement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFacts:
    """What the paper prints; the last line is the sum; ``text``: its words, filled in.

    ``compared``: (measure, now, before); ``outside``: (kind, sites, visits, findings, violations).
    """

    unit: str
    title: str
    text: PaperText
    period: str
    as_of: date
    made_by: str
    basis: str
    drawn_heads: tuple[str, ...]
    public_heads: tuple[str, ...]
    concluded_heads: tuple[str, ...]
    afterwards_heads: tuple[str, ...]
    lines: tuple[ReportLine, ...]
    before: str
    compared: tuple[tuple[str, int, int], ...]
    outside: tuple[tuple[str, int, int, int, int], ...]
    outside_basis: str
    course: CourseFacts | None = None


def build(facts: ReportFacts, fonts: FontBook | None = None) -> bytes:
    """The report as PDF bytes; UserError names a character no face can print."""
    book = fonts or machine_fonts()
    layout = lay_out(OFFICIAL, _items(facts, book))
    imprint = Imprint(
        title=f"{facts.unit}{facts.title}", author=facts.unit, small=(facts.unit, facts.title)
    )
    return render(OFFICIAL, layout, imprint, book)


def _items(facts: ReportFacts, fonts: FontBook) -> Iterable[Item]:
    yield masthead((facts.unit, facts.title), "", fonts)
    yield field(Field("依据", f"《{facts.basis.strip('《》')}》"), fonts)
    yield field(Field("截至", words.day(facts.as_of)), fonts)
    yield field(Field("制表", facts.made_by), fonts)
    yield from paragraphs(facts.text.words("intro"), fonts)
    yield heading("一、抽查情况", fonts)
    yield from _tables(facts, fonts)
    yield heading("二、与上期比较", fonts)
    if facts.compared:
        yield _compared(facts, fonts)
        yield _chart(facts, fonts)
    else:
        yield prose("上期没有抽查，不作比较。", fonts)
    parts, tables = iter("三四五"), count(6)
    if facts.course is not None:
        yield from sections(facts.course, parts, tables, fonts)
    yield heading(f"{next(parts)}、不经抽取的检查", fonts)
    if facts.outside:
        yield replace(_outside(facts, fonts, f"表{next(tables)}"), keeps_next=True)
    else:
        yield prose("本期没有不经抽取的检查。", fonts, keeps_next=True)
    yield from paragraphs(facts.text.words("after"), fonts, keeps_next=True)
    yield _signing(facts, fonts)


def _signing(facts: ReportFacts, fonts: FontBook) -> Item:
    """Who answers for the figures, with room to sign and for the seal."""
    columns = (
        Column(head=facts.text.words("sign_maker"), width=34, size=11.5),
        Column(head=facts.text.words("sign_checker"), width=38, size=11.5),
        Column(head=facts.text.words("sign_head"), width=38, size=11.5),
        Column(head=facts.text.words("sign_day"), width=46, size=11.5),
    )
    row = Row((facts.made_by, TO_WRITE, TO_WRITE, seal_cell(facts.text)))
    look = Look(row=1.25 * OFFICIAL.pitch)
    signed = table("签署", columns, [row], fonts, look=look)
    after = closing_words(facts.text, fonts)
    return Together((Blank(8.0, on_grid=False), signed, *after), on_grid=False)


def _tables(facts: ReportFacts, fonts: FontBook) -> Iterable[Item]:
    yield table(
        "抽查户数",
        (
            *_names(),
            Column(head="基数", width=13, align=Align.RIGHT),
            Column(head="比例", width=30),
            *_numbers(facts.drawn_heads),
        ),
        [
            Row(
                (
                    each.content,
                    each.label,
                    "" if each.base is None else str(each.base),
                    each.ratio,
                    *_texts(each.drawn),
                )
            )
            for each in facts.lines
        ],
        fonts,
        name="表1",
    )
    yield table(
        "公示情况",
        (*_names(), *_numbers((*facts.public_heads, "完成率"))),
        [
            Row((each.content, each.label, *_texts(each.public), each.completion))
            for each in facts.lines
        ],
        fonts,
        name="表2",
        note="完成率 = 已公示 ÷ 户数，按规定不公示的不计入。",
    )
    yield table(
        "检查结论",
        (*_names(), *_numbers(facts.concluded_heads)),
        [Row((each.content, each.label, *_texts(each.concluded))) for each in facts.lines],
        fonts,
        name="表3",
    )
    yield table(
        "后续处置",
        (*_names(), *_numbers((*facts.afterwards_heads, "完结率"))),
        [
            Row((each.content, each.label, *_texts(each.afterwards), each.settlement))
            for each in facts.lines
        ],
        fonts,
        name="表4",
        note="完结率 = 处置完结 ÷ 有后续处置。",
    )


def _names() -> tuple[Column, ...]:
    return (
        Column(head="抽查内容", width=21, align=Align.LEFT),
        Column(head="类型", width=31, align=Align.LEFT),
    )


def _numbers(heads: Sequence[str]) -> tuple[Column, ...]:
    return tuple(Column(head=head, width=15, align=Align.RIGHT) for head in heads)


def _texts(numbers: Iterable[int]) -> tuple[str, ...]:
    return tuple(str(number) for number in numbers)


def _compared(facts: ReportFacts, fonts: FontBook) -> Table:
    columns = (
        Column(head="项目", width=50, align=Align.LEFT),
        Column(head=facts.period, width=36, align=Align.RIGHT),
        Column(head=facts.before, width=36, align=Align.RIGHT),
        Column(head="增减", width=20, align=Align.RIGHT),
    )
    rows = [
        Row(
            (
                name,
                str(now),
                str(before),
                f"{now - before:+d}".replace("-", "−") if now != before else "0",
            )
        )
        for name, now, before in facts.compared
    ]
    return table(f"{facts.period}与{facts.before}", columns, rows, fonts, name="表5")


def _outside(facts: ReportFacts, fonts: FontBook, name: str) -> Table:
    columns = (
        Column(head="情形", width=76, align=Align.LEFT),
        *_numbers(("户数", "户次", "发现问题", "发现违法")),
    )
    rows = [Row((name, *_texts(numbers))) for name, *numbers in facts.outside]
    note = f"依据{facts.outside_basis}。" if facts.outside_basis else ""
    return table("不经抽取的检查", columns, rows, fonts, name=name, note=note)


def _chart(facts: ReportFacts, fonts: FontBook) -> Drawn:
    """Two bars a measure, this period dark, the one before light, each with its number."""
    shown = [each for each in facts.compared if each[1] or each[2]]
    most = max((max(now, before) for _name, now, before in shown), default=1) or 1
    room = OFFICIAL.width - _NAMES - 14 * MM

    def paint(canvas: Any, x: float, y: float) -> None:
        top = y - 0.4 * OFFICIAL.pitch
        for at, words_ in enumerate((facts.period, facts.before)):
            left = x + _NAMES + at * 52 * MM
            canvas.setFillColor((_DARK, _LIGHT)[at])
            canvas.rect(left, top - 7, 7, 7, stroke=0, fill=1)
            line = one_line(words_, Setting(size=9), fonts)
            line.draw(canvas, left + 11, baseline(top - 3.5, 9))
        for number, (name, now, before) in enumerate(shown):
            upper = y - OFFICIAL.pitch - number * 2 * _CHART
            tag = one_line(name, Setting(size=9, role=Role.BODY), fonts)
            tag.draw(canvas, x + _NAMES - 6 - tag.width, baseline(upper - 0.8 * _CHART, 9))
            for at, value in enumerate((now, before)):
                down = upper - at * 0.8 * _CHART
                canvas.setFillColor((_DARK, _LIGHT)[at])
                width = room * value / most
                canvas.rect(x + _NAMES, down - 0.7 * _CHART, width, 0.62 * _CHART, 0, 1)
                figure = one_line(str(value), Setting(size=8), fonts)
                centre = baseline(down - 0.39 * _CHART, 8)
                figure.draw(canvas, x + _NAMES + width + 3, centre)

    lines = 1.5 * OFFICIAL.pitch + len(shown) * 2 * _CHART
    steps = -(-lines // OFFICIAL.pitch)
    return Drawn(steps * OFFICIAL.pitch, paint)
