"""更换审批表（补充记录）: one substitution after a draw, with the order it followed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.documents import hashes, qr, words
from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.minutes_facts import LedgerMark, Person
from app.documents.page import (
    OFFICIAL,
    Field,
    Imprint,
    Item,
    field,
    heading,
    lay_out,
    masthead,
    prose,
    render,
)
from app.documents.paper_frame import closing_words, paragraphs
from app.documents.signatures import Signer, signature_block
from app.documents.tables import Align, Cell, CellText, Column, Row, Table, table
from app.documents.typography import Span, Text
from app.domain.paper_texts import PaperText

_CLOSING_HOLDS: Final = 120  # characters that stay in one block with the signatures


@dataclass(frozen=True, slots=True)
class Party:
    """Who leaves or comes: number in the records, name, code or department beside it."""

    number: str
    name: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LineRow:
    """A place of the order of succession; ``note``: why passed over, or that this one comes."""

    rank: int
    party: Party
    note: str
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FormStep:
    """One step of consent; ``by_rule``: who the regulation or the unit wants there."""

    step: str
    by_rule: str
    organ: str
    name: str
    post: str
    on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddendumFacts:
    """What the form prints; ``text``: the unit's words for it, filled in.

    ``number`` counts the draw's addenda; ``record`` is the hash of the text record, the series'
    new head.  A redraw has neither: ``redraw_no`` is the draw it is made by, ``coming`` None.
    ``line`` is empty for an appointment; ``further``: places after the last one printed.
    ``counts``: how often this target or person was replaced in the last twelve months.
    """

    unit: str
    text: PaperText
    period: str
    draw_number: str
    number: int | None
    what: str  # 检查对象 | 检查人员
    policy: str
    basis: str
    note: str
    out: Party
    coming: Party | None
    for_targets: tuple[Party, ...]
    tasks: tuple[str, ...]
    reason: str
    approved: Person
    approver_by_rule: str
    steps: tuple[FormStep, ...]
    counts: tuple[str, ...]
    line: tuple[LineRow, ...]
    further: int
    remarks: tuple[str, ...]
    operator: Person
    plan: str
    commitment: str
    result: str
    previous: str
    record: str
    ledger: LedgerMark
    made_on: date
    redraw_no: str = ""
    plan_no: str = ""  # the platform's
    rehearsal: bool = False


def build(facts: AddendumFacts, fonts: FontBook | None = None) -> bytes:
    """The form as PDF bytes."""
    book = fonts or machine_fonts()
    layout = lay_out(OFFICIAL, _items(facts, book))
    edition = f"{facts.text.title}（演练）" if facts.rehearsal else facts.text.title
    mark = f"记录摘要 {hashes.short(facts.record)}" if facts.record else facts.redraw_no
    imprint = Imprint(
        title=f"{facts.unit}{facts.text.title}（{_number(facts)}）",
        author=facts.unit,
        small=(facts.draw_number, mark, edition),
        rehearsal=facts.rehearsal,
    )
    return render(OFFICIAL, layout, imprint, book)


def _number(facts: AddendumFacts) -> str:
    if facts.number is None:
        return f"{facts.draw_number}，重新抽取{facts.redraw_no}"
    return f"{facts.draw_number}，补充记录{facts.number:02d}"


def _items(facts: AddendumFacts, fonts: FontBook) -> Iterable[Item]:
    yield masthead((facts.unit, f"{facts.what}{facts.text.title}"), _number(facts), fonts)
    yield field(Field("抽查期间", facts.period), fonts)
    if facts.plan_no:
        yield field(Field("计划编号", f"{facts.plan_no}（平台）"), fonts)
    yield field(Field("依据", facts.basis), fonts)
    yield field(Field("更换方式", facts.policy), fonts)
    if facts.for_targets:
        names = "、".join(target.name for target in facts.for_targets)
        yield field(Field("检查对象", names), fonts)
    yield field(Field("涉及任务", "、".join(facts.tasks)), fonts)
    yield field(Field("更换日期", words.day(facts.made_on)), fonts)
    yield from paragraphs(facts.text.words("intro"), fonts)
    yield _parties(facts, fonts)
    yield heading("一、更换原因", fonts)
    yield prose(facts.reason.rstrip("。") + "。", fonts)
    yield heading("二、接替的次序", fonts)
    yield prose(_order(facts), fonts)
    if facts.line:
        yield _line_table(facts, fonts)
    if facts.remarks:
        yield prose("；".join(facts.remarks) + "。", fonts)
    if facts.counts:
        yield prose("；".join(facts.counts) + "。", fonts)
    yield heading("三、审批", fonts)
    yield _step_table(facts, fonts)
    yield heading("四、记录摘要", fonts)
    yield _digest_table(facts, fonts)
    *before, last = facts.text.words("closing").splitlines() or [""]
    if len(last) > _CLOSING_HOLDS:
        before, last = [*before, last], ""
    yield from paragraphs("\n".join(before), fonts)
    yield _signing(facts, last, fonts)
    yield from closing_words(facts.text, fonts)


def _parties(facts: AddendumFacts, fonts: FontBook) -> Table:
    columns = (
        Column(head="", width=20, role=Role.HEADING),
        Column(head="编号", width=44, role=Role.MONO, size=8.6),
        Column(head="名称" if facts.what == "检查对象" else "姓名", width=50, align=Align.LEFT),
        Column(head="代码或科室", width=42, size=9.5),
    )
    coming = facts.coming or Party("—", "由重新抽取产生")
    rows = [
        Row(("换出", facts.out.number, facts.out.name, facts.out.detail)),
        Row(("换入", coming.number, coming.name, coming.detail)),
    ]
    return table("更换前后", columns, rows, fonts, name="表1")


def _order(facts: AddendumFacts) -> str:
    note = f"{facts.note}。" if facts.note else ""
    if facts.redraw_no:
        return (
            f"另行抽取一人，抽取编号{facts.redraw_no}；同组人员保留并登记回避，由见证人到场。{note}"
        )
    if not facts.line:
        return f"由批准人指定，不按抽取次序。{note}"
    return f"次序在抽取时已由种子和票号排定，不能挑选；每一位被越过的都写明原因。{note}"


def _line_table(facts: AddendumFacts, fonts: FontBook) -> Table:
    columns = (
        Column(head="次序", width=16),
        Column(head="编号", width=44, role=Role.MONO, size=8.6),
        Column(head="名称" if facts.what == "检查对象" else "姓名", width=46, align=Align.LEFT),
        Column(head="情况", width=50, align=Align.LEFT, size=10.5),
    )
    rows = [
        Row(
            (
                str(row.rank),
                row.party.number,
                row.party.name,
                Span(row.note, Role.HEADING, 10.5) if row.chosen else row.note,
            )
        )
        for row in facts.line
    ]
    note = f"其后还有{facts.further}位，次序见抽取记录。" if facts.further else ""
    return table("递补序列", columns, rows, fonts, name="表2", note=note)


def _digest_table(facts: AddendumFacts, fonts: FontBook) -> Table:
    entries = (
        ("P", "原抽取的名单摘要", facts.plan),
        ("F", "原抽取的结果摘要", facts.result),
        ("前", "上一份记录的摘要", "" if facts.previous == hashes.NONE else facts.previous),
        ("链", "本记录的摘要，即新的链头", facts.record),
    )
    rows = [
        Row((Span(code, Role.HEADING, 12), what, _value(digest)))
        for code, what, digest in entries
        if digest
    ]
    columns = (
        Column(head="代号", width=11),
        Column(head="是什么", width=51, align=Align.LEFT),
        Column(head="值（每8个字符一组）", width=94, align=Align.LEFT),
    )
    return table("摘要", columns, rows, fonts, name="表4" if facts.line else "表3")


def _step_table(facts: AddendumFacts, fonts: FontBook) -> Table:
    """Every step with its organ, name, post and day; the last column is for the pen."""
    columns = (
        Column(head="步骤", width=15, role=Role.HEADING),
        Column(head="单位", width=41, align=Align.LEFT, size=9.5),
        Column(head="职务", width=28, size=9.5),
        Column(head="姓名", width=22),
        Column(head="日期", width=25, size=9.5),
        Column(head="签字", width=25),
    )
    rows = [
        Row(
            (
                step.step,
                step.organ,
                step.post,
                step.name,
                step.on.isoformat() if step.on else "",
                " ",
            )
        )
        for step in facts.steps
    ]
    wanted = "；".join(f"{step.step}：{step.by_rule}" for step in facts.steps if step.by_rule)
    note = f"按规定：{wanted}。" if wanted else ""
    return table("审批步骤", columns, rows, fonts, name="表3" if facts.line else "表2", note=note)


def _value(digest: str) -> CellText:
    rows = (Span(row.replace(" ", "  "), Role.MONO, 11.3) for row in hashes.rows(digest))
    return Cell(tuple(rows), leading=15)


def _signing(facts: AddendumFacts, closing: str, fonts: FontBook) -> Item:
    approver = facts.text.words("sign_approver")
    if facts.approved.post:
        approver = f"{approver}（{facts.approved.post}）"
    signers = [
        Signer(facts.text.words("sign_operator"), facts.operator.name),
        Signer(approver, facts.approved.name),
    ]
    head = " ".join(hashes.groups(facts.ledger.head))
    record = facts.record or facts.result
    what = "本记录的摘要" if facts.record else "F"
    by_rule = f"按规定由{facts.approver_by_rule}签字。" if facts.approver_by_rule else ""
    notes: tuple[Text, ...] = (
        f"{by_rule}二维码内容：抽取编号、P、C和{what}。",
        (Span(f"账本第{facts.ledger.entry}条 "), Span(head, Role.MONO, 7.8)),
    )
    return signature_block(
        closing,
        signers,
        code=qr.record(facts.draw_number, facts.plan, facts.commitment, record),
        unit=facts.text.sealer or facts.unit,
        day=words.day(facts.made_on),
        notes=notes,
        sealed=facts.text.seal,
        fonts=fonts,
    )
