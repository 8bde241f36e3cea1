"""What the papers of an inspection share: head, boxes of facts, passages, signatures, seal.

A paper is a frozen dataclass and a module that makes ``Sheets`` of it; several sheets make one
file.  What is not known is left white, to be written by hand: a blank form is one with nothing in
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from app.documents import words
from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.page import (
    BODY_SIZE,
    OFFICIAL,
    TRACKING,
    Blank,
    Block,
    Drawn,
    Imprint,
    Item,
    Sheets,
    Together,
    baseline,
    lay_out,
    masthead,
    prose,
    render_all,
)
from app.documents.tables import Align, Cell, CellText, Column, Look, Row, Table, table
from app.documents.typography import Setting, TextLine, break_lines, one_line

__all__ = [
    "NOBODY",
    "NO_DAY",
    "TO_WRITE",
    "PaperHead",
    "PaperPerson",
    "PaperTarget",
    "Slot",
    "begin",
    "bind",
    "box",
    "clear",
    "day_words",
    "end",
    "joined",
    "long_notes",
    "long_rows",
    "numbered",
    "paragraphs",
    "people_cell",
    "platform_words",
    "seal",
    "sheets",
    "short_note",
    "signed",
    "signing",
    "target_box",
    "wide_box",
    "written",
]

TO_WRITE: Final = " "  # an empty string would print “—”
NO_DAY: Final = "　　　年　　月　　日"
# Characters: of a wide row (some 20 lines), of one of its lines, of a note in a narrow cell.
_ROW_HOLDS: Final = 720
_LINE_HOLDS: Final = 36
_NOTE_HOLDS: Final = 160
_SMALL: Final = Setting(size=10.5)
_PLATFORM: Final = Setting(size=12)
_LABEL = Column(head="", width=27, role=Role.HEADING, size=10.5)
_VALUE = Column(head="", width=51, align=Align.LEFT)
_WIDE = Column(head="", width=129, align=Align.LEFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperHead:
    """``number``: empty where the paper has no series; ``made_on`` None leaves the day open.

    ``passages``: the unit's words by code, with their fields filled in; ``platform``: the
    platform's numbers in words, empty before it gave any.
    """

    unit: str
    title: str
    number: str = ""
    made_on: date | None = None
    seal: bool = True
    copies: str = ""
    passages: Mapping[str, str] = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    platform: str = ""
    rehearsal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperTarget:
    """The inspected, as the paper names it."""

    name: str = ""
    code: str = ""
    address: str = ""
    person: str = ""
    phone: str = ""


NOBODY: Final = PaperTarget()
"""A blank form's."""


@dataclass(frozen=True, slots=True)
class PaperPerson:
    """Who inspects, and by which certificate."""

    name: str
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a signature: who, and the name if it is known."""

    standing: str
    name: str = ""


def sheets(head: PaperHead, items: Iterable[Item], target: str = "") -> Sheets:
    """Lay a paper out."""
    mark = tuple(each for each in (head.number.strip("　"), *head.marks) if each)
    imprint = Imprint(
        title="".join((head.unit, head.title, f"（{target}）" if target else "")),
        author=head.unit,
        small=(*(mark or (head.title,)), *(("演练",) if head.rehearsal else ())),
        rehearsal=head.rehearsal,
    )
    return Sheets(lay_out(OFFICIAL, items), imprint)


def bind(papers: Sequence[Sheets], fonts: FontBook | None = None) -> bytes:
    """The papers as one PDF."""
    return render_all(OFFICIAL, papers, fonts or machine_fonts())


def begin(head: PaperHead, fonts: FontBook) -> Iterator[Item]:
    """Unit, title, number; the platform's numbers below where it gave some."""
    yield masthead((head.unit, head.title), head.number, fonts)
    if head.platform:
        yield prose(head.platform, fonts, setting=_PLATFORM)


def platform_words(plan_no: str, task_no: str = "") -> str:
    """平台计划编号 JH-1　平台任务编号 RW-7: what the platform calls it, as far as it said."""
    return joined(
        f"平台计划编号 {plan_no}" if plan_no else "", f"平台任务编号 {task_no}" if task_no else ""
    )


def written(text: str) -> str:
    """The text, or white space to write on."""
    return text.strip() or TO_WRITE


def clear(texts: Sequence[str]) -> Cell:
    """Paragraphs of a cell; white if there are none."""
    return Cell(tuple(texts) or (TO_WRITE,))


def long_rows(name: str, texts: Sequence[str]) -> list[tuple[str, CellText]]:
    """Rows of a wide box that hold any amount of text: no row may be higher than a page."""
    rows: list[list[str]] = [[]]
    filled = 0
    for text in texts:
        for at in range(0, len(text), _ROW_HOLDS):
            part = text[at : at + _ROW_HOLDS]
            lines = max(len(part), _LINE_HOLDS)
            if filled and filled + lines > _ROW_HOLDS:
                rows.append([])
                filled = 0
            rows[-1].append(part)
            filled += lines
    return [(f"{name}（续）" if at else name, clear(row)) for at, row in enumerate(rows)]


def numbered(items: Sequence[str]) -> list[str]:
    """1. …, 2. …"""
    return [f"{at}. {each}" for at, each in enumerate(items, start=1)]


def short_note(place: int, note: str) -> str:
    """A note that fits into a narrow cell, or where it stands instead (see :func:`long_notes`)."""
    return note if len(note) <= _NOTE_HOLDS else f"见下：第{place}项说明"


def long_notes(notes: Sequence[str]) -> Iterator[tuple[str, CellText]]:
    """Rows for the notes that are too long for their own cell, by place from 1."""
    for place, note in enumerate(notes, start=1):
        if len(note) > _NOTE_HOLDS:
            yield from long_rows(f"第{place}项说明", note.splitlines())


def joined(*parts: str, between: str = "　") -> str:
    """Those that are not empty."""
    return between.join(each for each in parts if each.strip())


def day_words(day: date | None) -> str:
    """2026年9月10日, or room for one."""
    return words.day(day) if day else NO_DAY


def signed(name: str, on: date | None) -> str:
    """Who signed on which day, or room for both."""
    return f"{name or '（签名）' + 8 * '　'}　　　{day_words(on)}"


def people_cell(people: Sequence[PaperPerson]) -> Cell:
    """One person a line, with the certificate."""
    return clear(
        [
            joined(each.name, f"执法证号 {each.certificate}" if each.certificate else "")
            for each in people
        ]
    )


def paragraphs(text: str, fonts: FontBook) -> Iterator[Block]:
    """A passage: one paragraph a line."""
    for each in text.splitlines():
        if each.strip():
            yield prose(each.strip(), fonts)


def box(
    pairs: Sequence[tuple[str, CellText]], fonts: FontBook, *, row: float = OFFICIAL.pitch
) -> Table:
    """Labels and values, two pairs a line; an odd one at the end gets an empty neighbour."""
    rows = []
    for at in range(0, len(pairs), 2):
        left, right = pairs[at], (*pairs, ("", TO_WRITE))[at + 1]
        rows.append(Row((left[0], left[1], right[0] or TO_WRITE, right[1])))
    made = table("", (_LABEL, _VALUE, _LABEL, _VALUE), rows, fonts, bare=True, look=Look(row=row))
    return replace(made, gap=0.0)


def wide_box(
    pairs: Sequence[tuple[str, CellText]], fonts: FontBook, *, row: float = OFFICIAL.pitch
) -> Table:
    """Labels and values, one pair a line over the whole width; ``row``: room to write."""
    rows = [Row((name, value)) for name, value in pairs]
    made = table("", (_LABEL, _WIDE), rows, fonts, bare=True, look=Look(row=row))
    return replace(made, gap=0.0)


def target_box(target: PaperTarget, fonts: FontBook) -> Iterator[Item]:
    """The inspected: name, code, address, who answers for it."""
    code: CellText = written(target.code)
    yield wide_box((("检查对象", written(target.name)),), fonts)
    yield box(
        (
            ("代码", code),
            ("负责人", written(joined(target.person, target.phone))),
        ),
        fonts,
    )
    yield wide_box((("地址", written(target.address)),), fonts)


def signing(slots: Sequence[Slot], fonts: FontBook, *, title: str = "") -> Table:
    """One row per signature, tall enough for the pen."""
    columns = (
        Column(head="身份", width=44, size=11, leading=15),
        Column(head="姓名", width=32, size=11, leading=15),
        Column(head="签名", width=46),
        Column(head="时间", width=34),
    )
    rows = [Row((each.standing, written(each.name), TO_WRITE, TO_WRITE)) for each in slots]
    return table(title, columns, rows, fonts, look=Look(row=1.1 * OFFICIAL.pitch))


def end(
    head: PaperHead, fonts: FontBook, before: Sequence[Block] = (), *, closed: bool = False
) -> Item:
    """What must not stand alone: ``before``, unit and day with the seal's place, the copies.

    ``closed``: the table above says “以下空白” already.
    """
    blocks: list[Block] = [Blank(OFFICIAL.pitch / 4, on_grid=False), *before]
    if head.seal:
        blocks.append(seal(head.unit, head.made_on, fonts))
    if head.copies:
        blocks.append(prose(head.copies, fonts, setting=_SMALL, pitch=18, on_grid=False))
    if len(blocks) == 1 and not closed:
        blocks.append(prose("（以下空白）", fonts, setting=_SMALL, pitch=18, on_grid=False))
    return Together(tuple(blocks), on_grid=False)


def seal(unit: str, on: date | None, fonts: FontBook) -> Drawn:
    """Unit, day and 盖章 at the right; the day stands four cells from the edge."""
    setting = Setting(size=BODY_SIZE, tracking=TRACKING, justify=False)
    area = 0.72 * OFFICIAL.width
    lines: list[tuple[TextLine, float]] = [
        (line, BODY_SIZE) for line in break_lines(unit, area, setting, fonts)
    ]
    lines.append((one_line(day_words(on), setting, fonts), BODY_SIZE))
    lines.append((one_line("（盖章）", Setting(size=10.5), fonts), 10.5))
    pitch = OFFICIAL.pitch

    def paint(canvas: Any, x: float, y: float) -> None:
        middle = x + OFFICIAL.width - area / 2
        for at, (line, size) in enumerate(lines):
            centre = y - (at + 1) * pitch
            line.draw(canvas, middle - line.width / 2, baseline(centre, size))

    return Drawn((len(lines) + 0.75) * pitch, paint, on_grid=False)
