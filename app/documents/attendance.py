"""见证签到表: who was in the room when the draw was held, signed by hand on arrival."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.documents import words
from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.page import (
    OFFICIAL,
    Field,
    Imprint,
    Item,
    field,
    lay_out,
    masthead,
    render,
)
from app.documents.paper_frame import paragraphs
from app.documents.tables import Align, CellText, Column, Look, Row, Table, table
from app.domain.paper_texts import PaperText

_TO_WRITE: Final = " "  # an empty string would print “—”
_ROOM_FOR_OTHERS: Final = 4
_NOTE_HOLDS: Final = 200  # characters that stand below the table as its note


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody expected in the room; what is not known yet is left to be written."""

    standing: str
    name: str = ""
    body: str = ""
    post: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceFacts:
    """What the sheet prints: its words, the people in the order in which they sign."""

    unit: str
    text: PaperText
    period: str
    draw_number: str
    held_on: date
    place: str
    people: tuple[Attendee, ...]
    rehearsal: bool = False


def build(facts: AttendanceFacts, fonts: FontBook | None = None) -> bytes:
    """The sheet as PDF bytes; UserError names a character no face can print."""
    book = fonts or machine_fonts()
    layout = lay_out(OFFICIAL, _items(facts, book))
    imprint = Imprint(
        title=f"{facts.unit}{facts.text.title}（{facts.draw_number}）",
        author=facts.unit,
        small=(facts.draw_number, "签到表（演练）" if facts.rehearsal else "签到表"),
        rehearsal=facts.rehearsal,
    )
    return render(OFFICIAL, layout, imprint, book)


def _items(facts: AttendanceFacts, fonts: FontBook) -> Iterable[Item]:
    yield masthead((facts.unit, f"{facts.period}{facts.text.title}"), "", fonts)
    yield field(Field("抽取编号", facts.draw_number), fonts)
    yield field(Field("日期", words.day(facts.held_on)), fonts)
    # A line to write on, where nobody has typed the room yet.
    yield field(Field("地点", facts.place or "\u3000"), fonts)
    note = facts.text.words("note")
    fits = len(note) <= _NOTE_HOLDS and "\n" not in note
    yield _people(facts, note if fits else "", fonts)
    if not fits:
        yield from paragraphs(note, fonts)


def _people(facts: AttendanceFacts, note: str, fonts: FontBook) -> Table:
    columns = (
        Column(head="身份", width=21, role=Role.HEADING),
        Column(head="姓名", width=23, size=11.5, leading=15),
        Column(head="单位", width=40, align=Align.LEFT),
        Column(head="职务", width=27),
        Column(head="签名", width=29),
        Column(head="时间", width=16),
    )
    rows = [Row(_cells(person), _parted(facts, at)) for at, person in enumerate(facts.people)]
    others = Row(("其他", *(_TO_WRITE,) * 5), strong_above=True)
    rows += [others, *(Row(("其他", *(_TO_WRITE,) * 5)) for _ in range(_ROOM_FOR_OTHERS - 1))]
    look = Look(row=1.25 * OFFICIAL.pitch)
    return table("到场人员", columns, rows, fonts, note=note, look=look)


def _cells(person: Attendee) -> tuple[CellText, ...]:
    known = (person.name, person.body, person.post)
    return (person.standing, *(text or _TO_WRITE for text in known), _TO_WRITE, _TO_WRITE)


def _parted(facts: AttendanceFacts, at: int) -> bool:
    """A heavier line where the witnesses end and the unit's own people begin."""
    if at == 0:
        return False
    before, here = facts.people[at - 1], facts.people[at]
    return before.standing.startswith("见证人") and not here.standing.startswith("见证人")
