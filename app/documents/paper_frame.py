"""What the papers of an inspection share: head, boxes of facts, passages, signatures, seal.

A paper is a frozen dataclass and a module that makes ``Sheets`` of it; several sheets make one
file.  What is not known is left white, to be written by hand: a blank form is one with nothing in
it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from app.documents import words
from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.page import (
    BODY_SIZE,
    GREY,
    OFFICIAL,
    TRACKING,
    Blank,
    Block,
    Drawn,
    Imprint,
    Item,
    Prose,
    Sheets,
    Together,
    balanced,
    baseline,
    lay_out,
    masthead,
    prose,
    render_all,
)
from app.documents.tables import Align, Cell, CellText, Column, Look, Row, Table, table
from app.documents.typography import Setting, Span, TextLine, one_line
from app.domain.paper_texts import PaperText

__all__ = [
    "EXPERT",
    "NOBODY",
    "NO_DAY",
    "TO_WRITE",
    "FormRow",
    "PaperHead",
    "PaperPerson",
    "PaperTarget",
    "Slot",
    "begin",
    "bind",
    "blank_to_fill",
    "clear",
    "closing_words",
    "day_words",
    "end",
    "experts_cell",
    "form",
    "joined",
    "long_notes",
    "name_cell",
    "numbered",
    "pair",
    "paragraphs",
    "passage",
    "people_cell",
    "platform_words",
    "seal",
    "seal_cell",
    "sheets",
    "short_note",
    "signed",
    "signing",
    "snug",
    "target_rows",
    "wide",
    "written",
]

TO_WRITE: Final = " "  # an empty string would print “—”
NO_DAY: Final = "　　　年　　月　　日"
EXPERT: Final = "专家"
_TO_FILL: Final = "＿"
_HAND: Final = 24.0  # leading of a cell whose gaps are filled in by hand
_NAME_HOLDS: Final = 10  # characters of a name in one line of a narrow cell
_NOTE_HOLDS: Final = 160  # characters of a note in a narrow cell
# Rows this high (of the line pitch), where they save a page of a paper of a few.
_LOWER_ROWS: Final = (0.85, 0.75)
_SHORT_PAPER: Final = 3
_SMALL: Final = Setting(size=10.5)
_PLATFORM: Final = Setting(size=12)
_LABEL = Column(head="", width=27, role=Role.HEADING, size=10.5)
_VALUE = Column(head="", width=51, align=Align.LEFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperHead:
    """``number``: empty where the paper has no series; ``made_on`` None leaves the day open.

    ``sealer``: whose seal, if not the unit's; ``passages``: the unit's words by code, with their
    fields filled in; ``platform``: the platform's numbers in words, empty before it gave any.
    """

    unit: str
    title: str
    number: str = ""
    made_on: date | None = None
    seal: bool = True
    sealer: str = ""
    copies: str = ""
    passages: Mapping[str, str] = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    platform: str = ""
    rehearsal: bool = False

    def words(self, code: str) -> str:
        """A passage's words; empty where there are none."""
        return self.passages.get(code, "")


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
    """Who inspects, and by which certificate; ``body``: the department that sent them along, or
    :data:`EXPERT`, who never counts as an inspector."""

    name: str
    certificate: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a signature: who, and the name if it is known."""

    standing: str
    name: str = ""


def sheets(head: PaperHead, items: Iterable[Item], target: str = "") -> Sheets:
    """Lay a paper out."""
    number = head.number.strip("\u3000")
    known = "" if "\u3000" in number else number  # a blank form's has gaps to write in
    mark = tuple(each for each in (known, *head.marks) if each)
    imprint = Imprint(
        title="".join((head.unit, head.title, f"（{target}）" if target else "")),
        author=head.unit,
        small=(*(mark or (head.title,)), *(("演练",) if head.rehearsal else ())),
        rehearsal=head.rehearsal,
    )
    return Sheets(lay_out(OFFICIAL, items), imprint)


def snug(head: PaperHead, compose: Callable[[float], Iterable[Item]], target: str = "") -> Sheets:
    """Lay a paper out with rows of the full pitch, or with lower ones where that saves a page.

    ``compose`` makes the content for a height of its rows.
    """
    best = sheets(head, compose(OFFICIAL.pitch), target)
    for rows in _LOWER_ROWS:
        pages = len(best.layout.pages)
        if pages == 1 or pages > _SHORT_PAPER:
            break
        tried = sheets(head, compose(rows * OFFICIAL.pitch), target)
        if len(tried.layout.pages) < pages:
            best = tried
    return best


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


def passage(text: str) -> Cell:
    """A passage in a cell; with gaps to be filled in by hand its lines stand wider."""
    made = clear(text.splitlines())
    return replace(made, leading=_HAND) if _TO_FILL in text else made


def blank_to_fill(cells: int) -> str:
    """A gap of so many characters, for the pen."""
    return cells * _TO_FILL


def numbered(items: Sequence[str]) -> list[str]:
    """1. …, 2. …"""
    return [f"{at}. {each}" for at, each in enumerate(items, start=1)]


def short_note(place: int, note: str) -> str:
    """A note that fits into a narrow cell, or where it stands instead (see :func:`long_notes`)."""
    return note if len(note) <= _NOTE_HOLDS else f"见下：第{place}项说明"


def long_notes(notes: Sequence[str]) -> Iterator[FormRow]:
    """Rows for the notes that are too long for their own cell, by place from 1."""
    for place, note in enumerate(notes, start=1):
        if len(note) > _NOTE_HOLDS:
            yield wide(f"第{place}项说明", clear(note.splitlines()))


def joined(*parts: str, between: str = "　") -> str:
    """Those that are not empty."""
    return between.join(each for each in parts if each.strip())


def day_words(day: date | None) -> str:
    """2026年9月10日, or room for one."""
    return words.day(day) if day else NO_DAY


def signed(name: str, on: date | None) -> str:
    """Who signs on which day: the name if it is known, and room for the pen."""
    return f"{name}（签名）{8 * '　'}　　　{day_words(on)}"


def people_cell(people: Sequence[PaperPerson]) -> Cell:
    """Who inspects: one a line, with the certificate or the department."""
    return clear(
        [
            joined(
                f"{each.name}（{each.body}）" if each.body else each.name,
                f"执法证号 {each.certificate}" if each.certificate else "",
            )
            for each in people
            if each.body != EXPERT
        ]
    )


def experts_cell(people: Sequence[PaperPerson]) -> str:
    """Who comes along for their knowledge; empty if nobody does."""
    return "、".join(each.name for each in people if each.body == EXPERT)


def paragraphs(text: str, fonts: FontBook, *, keeps_next: bool = False) -> Iterator[Prose]:
    """A passage: one paragraph a line; ``keeps_next``: the last stays with what follows."""
    lines = [each.strip() for each in text.splitlines() if each.strip()]
    for at, each in enumerate(lines, start=1):
        yield prose(each, fonts, keeps_next=keeps_next and at == len(lines))


def seal_cell(text: PaperText) -> CellText:
    """The place of the seal in a cell: whose, if not the unit's; white where none is wanted."""
    if not text.seal:
        return TO_WRITE
    mark = Span("（盖章）", Role.BODY, 10, GREY)
    return Cell((text.sealer, mark)) if text.sealer else mark


@dataclass(frozen=True, slots=True)
class FormRow:
    """A line of a form: one labelled value over the whole width, or two beside each other.

    ``lines``: how many rows high it is at least, for the pen.
    """

    pairs: tuple[tuple[str, CellText], ...]
    lines: float = 1.0


def wide(label: str, value: CellText, lines: float = 1.0) -> FormRow:
    """One value over the whole width."""
    return FormRow(((label, value),), lines)


def pair(first: tuple[str, CellText], second: tuple[str, CellText]) -> FormRow:
    """Two values beside each other."""
    return FormRow((first, second))


def form(rows: Sequence[FormRow], fonts: FontBook, row: float = OFFICIAL.pitch) -> Table:
    """Labels and values in one box; ``row``: the height of a line of it."""
    made = table(
        "",
        (_LABEL, _VALUE, _LABEL, _VALUE),
        [_form_row(each, row) for each in rows],
        fonts,
        bare=True,
        look=Look(row=row),
    )
    return replace(made, gap=0.0)


def _form_row(row: FormRow, height: float) -> Row:
    if len(row.pairs) > 1:
        (left, first), (right, second) = row.pairs
        return Row((left, first, right, second), least=row.lines * height)
    ((label, value),) = row.pairs
    cell = value if isinstance(value, Cell) else Cell((value or TO_WRITE,))
    return Row((label, replace(cell, across=3)), least=row.lines * height)


def target_rows(target: PaperTarget) -> Iterator[FormRow]:
    """The inspected: name, code, address, who answers for it."""
    yield wide("检查对象", written(target.name))
    yield pair(
        ("代码", written(target.code)),
        ("负责人", written(joined(target.person, target.phone))),
    )
    yield wide("地址", written(target.address))


def name_cell(name: str) -> Cell:
    """A person's name; one too long for a line is parted after the dot next to its middle."""
    dots = [at + 1 for at, char in enumerate(name) if char == "·"]
    if len(name) <= _NAME_HOLDS or not dots:
        return Cell((written(name),))
    middle = min(dots, key=lambda at: abs(2 * at - len(name)))
    return Cell((name[:middle], name[middle:]))


def signing(slots: Sequence[Slot], fonts: FontBook, *, title: str = "") -> Table:
    """One row per signature, tall enough for the pen."""
    columns = (
        Column(head="身份", width=36, size=11, leading=15),
        Column(head="姓名", width=42, size=11, leading=15),
        Column(head="签名", width=46),
        Column(head="时间", width=32),
    )
    rows = [Row((each.standing, name_cell(each.name), TO_WRITE, TO_WRITE)) for each in slots]
    return table(title, columns, rows, fonts, look=Look(row=1.1 * OFFICIAL.pitch))


def closing_words(text: PaperText, fonts: FontBook) -> tuple[Block, ...]:
    """The note on copies at the foot; nothing where the unit wrote none."""
    if not text.copies.strip():
        return ()
    return (
        Blank(OFFICIAL.pitch / 4, on_grid=False),
        *(
            prose(each.strip(), fonts, setting=_SMALL, pitch=18, on_grid=False)
            for each in text.copies.splitlines()
            if each.strip()
        ),
    )


def end(
    head: PaperHead,
    fonts: FontBook,
    before: Sequence[Block] = (),
    after: Sequence[Block] = (),
    *,
    closed: bool = False,
) -> Item:
    """What must not stand alone: ``before``, unit and day with the seal's place, the copies, and
    ``after`` (a receipt).

    ``closed``: the table above says “以下空白” already.
    """
    blocks: list[Block] = list(before) or [Blank(OFFICIAL.pitch / 4, on_grid=False)]
    if head.seal:
        blocks.append(seal(head.sealer or head.unit, head.made_on, fonts))
    if head.copies:
        if not head.seal:
            blocks.append(Blank(OFFICIAL.pitch / 4, on_grid=False))
        blocks.append(prose(head.copies, fonts, setting=_SMALL, pitch=18, on_grid=False))
    if not (head.seal or head.copies or before or closed):
        blocks.append(prose("（以下空白）", fonts, setting=_SMALL, pitch=18, on_grid=False))
    return Together((*blocks, *after), on_grid=blocks[0].on_grid)


def seal(unit: str, on: date | None, fonts: FontBook) -> Drawn:
    """Unit, day and 盖章 at the right; the day stands four cells from the edge."""
    setting = Setting(size=BODY_SIZE, tracking=TRACKING, justify=False)
    area = 0.72 * OFFICIAL.width
    lines: list[tuple[TextLine, float]] = [
        (line, BODY_SIZE) for line in balanced(unit, area, setting, fonts)
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
