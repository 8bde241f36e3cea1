"""The annexes of the sealed minutes: all full tickets, and the sealed roster's story."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from app.documents import hashes
from app.documents.fonts import FontBook, Role
from app.documents.minutes_facts import Inspector, MinutesFacts, Target
from app.documents.page import (
    BODY_SIZE,
    CELL,
    OFFICIAL,
    TRACKING,
    Blank,
    Drawn,
    Item,
    Prose,
    balanced,
    baseline,
    prose,
)
from app.documents.tables import (
    NOTHING_BELOW,
    Align,
    Cell,
    Column,
    Look,
    Row,
    Table,
    table,
)
from app.documents.typography import Setting, Span, Text, break_lines, one_line

_DENSE_FROM: Final = 25  # more alternates than this one less: one line each
_THIN_UNDER: Final = 3


def named_target(target: Target) -> Cell:
    """The name, and the plan's number below it where it is not the code."""
    if target.identifier == target.code:
        return Cell((target.name,))
    return Cell((target.name, (Span("编号 "), Span(target.identifier, Role.MONO, 8.2))))


def ranked(facts: MinutesFacts, target: Target) -> str:
    """“A-01”: the stratum's short name and the rank within it."""
    found = (s.short for s in facts.strata if s.code == target.stratum)
    return f"{next(found, target.stratum)}-{target.rank:02d}"


def unbroken(listed: Sequence[str]) -> Cell:
    """甲、乙、丙 with none of the words broken over two lines."""
    last = len(listed) - 1
    spans = tuple(
        Span(f"{word}、" if at < last else word, whole=True) for at, word in enumerate(listed)
    )
    return Cell((spans or "",))


def has_tickets(facts: MinutesFacts) -> bool:
    """Whether the draw had targets at all; without, the minutes have one annex less."""
    return bool(facts.selected or facts.alternates)


def roster_label(facts: MinutesFacts) -> str:
    """“附件2”, or “附件1” where there are no tickets."""
    return "附件2" if has_tickets(facts) else "附件1"


def ticket_annex(facts: MinutesFacts, fonts: FontBook) -> Iterable[Item]:
    """附件1: how a ticket is computed, and every ticket in full."""
    yield from _annex_title("附件1", "票号全表", fonts)
    text = "种子和票号由下面两行算出，换任何一台电脑、任何一种程序重算，结果都一样。"
    yield prose(text, fonts)
    witnesses = ",".join(f"数字{at}" for at in range(1, len(facts.witnesses) + 1))
    yield formula("种子S", f"SHA-256( RD1|seed|抽取编号|P|R|{witnesses} )", fonts)
    yield formula("票号", "SHA-256( RD1|ticket|S|类别代号|编号 )", fonts)
    yield Blank(OFFICIAL.pitch / 2, on_grid=False)
    dense = len(facts.alternates) >= _DENSE_FROM
    full = [(target, "抽中") for target in facts.selected]
    if not dense:
        full += [(target, "递补") for target in facts.alternates]
    if full:
        closing = "" if dense else NOTHING_BELOW
        yield _ticket_table(facts, full, closing, fonts)
    if dense:
        yield _dense_table(facts, fonts)


def _annex_title(label: str, title: str, fonts: FontBook) -> Iterable[Item]:
    hei = Setting(size=BODY_SIZE, role=Role.HEADING, tracking=TRACKING)
    yield prose(label, fonts, setting=hei)
    yield Blank(OFFICIAL.pitch)
    setting = Setting(size=22, role=Role.TITLE, justify=False)
    lines = balanced(title, OFFICIAL.width, setting, fonts)
    yield Prose(lines, 1.25 * OFFICIAL.pitch, 22, align=0.5, measure=OFFICIAL.width, gap=8)


def formula(label: str, text: str, fonts: FontBook) -> Drawn:
    """One formula behind its label, both at fixed places."""
    size, pitch, inset = 10.5, 0.75 * OFFICIAL.pitch, 2 * CELL + 52
    tag = one_line(Span(label, Role.HEADING), Setting(size=size), fonts)
    room = OFFICIAL.width - inset
    setting = Setting(size=size, justify=False)
    lines = break_lines(_mono_where_latin(text), room, setting, fonts)

    def paint(canvas: Any, x: float, y: float) -> None:
        tag.draw(canvas, x + 2 * CELL, baseline(y - pitch / 2, size))
        for at, line in enumerate(lines):
            line.draw(canvas, x + inset, baseline(y - (at + 0.5) * pitch, size))

    return Drawn(pitch * len(lines), paint, on_grid=False)


def _mono_where_latin(text: str) -> tuple[Span, ...]:
    return tuple(Span(char, Role.MONO if ord(char) < 0x2000 else Role.BODY) for char in text)


def _full_ticket(target: Target) -> Cell:
    first, *rest = hashes.groups(target.ticket)
    head = (Span(first, Role.MONO_BOLD), Span("  " + "  ".join(rest[:3]), Role.MONO))
    return Cell((head, Span("  ".join(rest[3:]), Role.MONO)))


def _ticket_table(
    facts: MinutesFacts, entries: Sequence[tuple[Target, str]], closing: str, fonts: FontBook
) -> Table:
    columns = (
        Column(head="序号", width=18.5, size=10, leading=13.4),
        Column(head="检查对象和编号、代码", width=55.5, align=Align.LEFT, size=10, leading=13.4),
        Column(
            head="票号（粗体为前8位）",
            width=82,
            align=Align.LEFT,
            role=Role.MONO,
            size=9.6,
            leading=13.4,
        ),
    )
    rows = [
        Row(
            (
                Cell(
                    (
                        Span(ranked(facts, target), Role.HEADING, whole=True),
                        Span(kind, Role.BODY, 9),
                    )
                ),
                Cell(_name_and_codes(target)),
                _full_ticket(target),
            ),
            strong_above=bool(at and entries[at - 1][1] != kind),
        )
        for at, (target, kind) in enumerate(entries)
    ]
    return table(
        "完整票号（同类之中从小到大）",
        columns,
        rows,
        fonts,
        name="附表1",
        closing=closing,
        look=Look(row=OFFICIAL.pitch, padding=4.0),
    )


def _name_and_codes(target: Target) -> tuple[Text, ...]:
    codes = [target.identifier]
    if target.code not in target.identifier:  # a permit number begins with the firm's code
        codes.append(target.code)
    return (target.name, *(Span(code, Role.MONO, 8.8) for code in codes))


def _dense_table(facts: MinutesFacts, fonts: FontBook) -> Table:
    """Many alternates: one line each, half the pitch, names left to the sealed file."""
    columns = (
        Column(head="序号", width=15.3, size=8, leading=11),
        Column(head="编号", width=33, role=Role.MONO, size=6.6, leading=8.5),
        Column(
            head="票号（粗体为前8位）",
            width=107.7,
            align=Align.LEFT,
            role=Role.MONO,
            size=7.0,
            leading=9,
        ),
    )
    rows = []
    for target in facts.alternates:
        first, *rest = hashes.groups(target.ticket)
        ticket = Cell(((Span(first, Role.MONO_BOLD), Span(" " + " ".join(rest), Role.MONO)),))
        rows.append(Row((ranked(facts, target), target.identifier, ticket)))
    return table(
        "递补的票号（名称见封存的名单）",
        columns,
        rows,
        fonts,
        name="附表1之二",
        closing=NOTHING_BELOW,
        look=Look(row=OFFICIAL.pitch / 2, padding=3.0),
    )


# --- annex 2 --------------------------------------------------------------------------


def roster_annex(facts: MinutesFacts, fonts: FontBook) -> Iterable[Item]:
    """What was left out and why, the inspectors, where people are few."""
    yield from _annex_title(roster_label(facts), "名单封存情况", fonts)
    number = 2 if has_tickets(facts) else 1
    if facts.exclusions:
        yield _exclusion_table(facts, f"附表{number}", fonts)
        number += 1
    people = tuple(person for group in facts.groups for person in group.inspectors)
    if people:
        yield _inspector_table(people, f"附表{number}", fonts)
        number += 1
    if facts.thin:
        yield _thin_table(facts, f"附表{number}", fonts)
    yield from _remarks(facts, fonts)


def _exclusion_table(facts: MinutesFacts, name: str, fonts: FontBook) -> Table:
    columns = (
        Column(head="类别", width=14),
        Column(head="检查对象", width=46, align=Align.LEFT),
        Column(head="原因", width=32, align=Align.LEFT),
        Column(head="依据", width=40, align=Align.LEFT),
        Column(head="在册", width=12),
        Column(head="覆盖", width=12),
    )
    short = {stratum.code: stratum.short for stratum in facts.strata}
    rows = [
        Row(
            (
                short.get(e.stratum, e.stratum),
                Cell((e.name, Span(e.code, Role.MONO, 8.2)) if e.code else (e.name,)),
                e.reason,
                e.basis,
                "计入" if e.registered else "不计",
                "计入" if e.covered else "不计",
            )
        )
        for e in facts.exclusions
    ]
    return table("未入池的检查对象", columns, rows, fonts, name=name)


def _inspector_table(people: Sequence[Inspector], name: str, fonts: FontBook) -> Table:
    columns = (
        Column(head="编号", width=15),
        Column(head="姓名", width=19.5),
        Column(head="执法证号", width=23, role=Role.MONO, size=8.2, leading=11),
        Column(head="部门", width=21),
        Column(head="可牵头", width=12.5),
        Column(head="专业", width=26),
        Column(head="本次", width=13.5),
        Column(head="说明", width=25.5, align=Align.LEFT),
    )
    rows = [
        Row(
            (
                person.number,
                person.name,
                person.certificate,
                person.department,
                "是" if person.may_lead else "否",
                unbroken(person.specialities),
                "合格" if person.eligible else Span("不合格", Role.HEADING),
                person.remark,
            )
        )
        for person in people
    ]
    return table("执法检查人员", columns, rows, fonts, name=name)


def _thin_table(facts: MinutesFacts, name: str, fonts: FontBook) -> Table:
    columns = (
        Column(head="要求", width=36),
        Column(head="合格人数", width=18),
        Column(head="人员", width=78, align=Align.LEFT),
        Column(head="提示", width=24),
    )
    rows = [
        Row(
            (
                entry.requirement,
                str(len(entry.people)),
                unbroken(entry.people),
                Span("少于3人", Role.HEADING) if len(entry.people) < _THIN_UNDER else "",
            )
        )
        for entry in facts.thin
    ]
    title = "专业和牵头人数（少于3人的标出）"
    return table(title, columns, rows, fonts, name=name)


def _remarks(facts: MinutesFacts, fonts: FontBook) -> Iterable[Item]:
    small = Setting(size=10.5, hang=10.5)
    pitch = 0.6 * OFFICIAL.pitch
    if facts.excluded_digest:
        digest = Span(" ".join(hashes.groups(facts.excluded_digest)), Role.MONO, 7.4)
        text = (Span("未入池名单的摘要："), digest)
        yield prose(text, fonts, setting=small, pitch=pitch, on_grid=False)
    if facts.flags:
        flags = f"检查组和派单的标记说明：{'；'.join(facts.flags)}。"
        yield prose(flags, fonts, setting=small, pitch=pitch, on_grid=False)
    if facts.remarks:
        remarks = f"封存文件中的备注：{'；'.join(facts.remarks)}。"
        yield prose(remarks, fonts, setting=small, pitch=pitch, on_grid=False)
    yield prose(
        "（以下空白）", fonts, setting=Setting(size=10.5), pitch=pitch, on_grid=False, align=0.5
    )
