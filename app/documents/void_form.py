"""抽取作废记录: a draw broken off after its commitment, kept for ever with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

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
from app.documents.signatures import Signer, signature_block, witness_standing
from app.documents.tables import Align, Cell, CellText, Column, Row, Table, table
from app.documents.typography import Span


@dataclass(frozen=True, slots=True)
class OpenedSlip:
    """A witness and, if the slip was opened before the draw broke off, the digits."""

    name: str
    body: str
    digits: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidFacts:
    """What the form prints; ``reveal`` is empty if R was lost, ``result`` if none could be."""

    unit: str
    period: str
    draw_number: str
    ordinal: int
    frozen_at: datetime
    place: str
    reason: str
    approved: Person
    witnesses: tuple[OpenedSlip, ...]
    host: Person
    operator: Person
    plan: str
    commitment: str
    reveal: str
    result: str
    record: str  # hash of void.txt: the series' new head
    previous: str
    ledger: LedgerMark
    voided_on: date
    rehearsal: bool = False


def build(facts: VoidFacts, fonts: FontBook | None = None) -> bytes:
    """The form as PDF bytes."""
    book = fonts or machine_fonts()
    layout = lay_out(OFFICIAL, _items(facts, book))
    edition = "作废记录（演练）" if facts.rehearsal else "作废记录"
    imprint = Imprint(
        title=f"{facts.unit}抽取作废记录（{facts.draw_number}）",
        author=facts.unit,
        small=(facts.draw_number, f"记录摘要 {hashes.short(facts.record)}", edition),
        rehearsal=facts.rehearsal,
    )
    return render(OFFICIAL, layout, imprint, book)


def _items(facts: VoidFacts, fonts: FontBook) -> Iterable[Item]:
    yield masthead((facts.unit, f"{facts.period}抽取作废记录"), "", fonts)
    number = f"{facts.draw_number}（本序列第{facts.ordinal}次抽取）"
    approved = f"{facts.approved.name}（{facts.approved.post}）"
    yield field(Field("抽取编号", number), fonts)
    yield field(Field("封存时间", words.moment(facts.frozen_at)), fonts)
    yield field(Field("作废日期", words.day(facts.voided_on)), fonts)
    yield field(Field("地点", facts.place), fonts)
    yield field(Field("批准人", approved), fonts)
    yield heading("一、作废原因", fonts)
    yield prose(facts.reason, fonts)
    yield heading("二、作废后怎样处理", fonts)
    yield prose(_consequences(facts), fonts)
    # The story on one page; digests and signatures, what is compared and signed, on the other.
    yield _witness_table(facts, fonts)
    digests = _digest_table(facts, fonts)
    yield digests
    yield _signing(facts, fonts, OFFICIAL.height - OFFICIAL.snap(digests.height + digests.gap))


def _consequences(facts: VoidFacts) -> str:
    kept = (
        "数字已全部翻开，原本会得到的结果已经算出并保存，摘要F见表2，不使用。"
        if facts.result
        else "数字没有全部翻开或随机数已丢失，没有结果。"
    )
    return f"本编号已用掉，不再使用；重新抽取使用下一个编号。{kept}本记录列入记录链，永久保存。"


def _digest_table(facts: VoidFacts, fonts: FontBook) -> Table:
    entries = (
        ("P", "名单摘要", facts.plan),
        ("C", "承诺值", facts.commitment),
        ("R", "电脑的随机数", facts.reveal),
        ("F", "原本的结果摘要", facts.result),
        ("链", "作废记录的摘要，即新的链头", facts.record),
        ("前", "上一次的记录摘要", "" if facts.previous == hashes.NONE else facts.previous),
    )
    missing = {"R": "已丢失", "F": "没有结果", "前": "无（首次抽取，记为64个0）"}
    rows = [
        Row((Span(code, Role.HEADING, 12), what, _value(digest, missing.get(code, ""))))
        for code, what, digest in entries
    ]
    columns = (
        Column(head="代号", width=11),
        Column(head="是什么", width=51, align=Align.LEFT),
        Column(head="值（每8个字符一组）", width=94, align=Align.LEFT),
    )
    return table("摘要", columns, rows, fonts, name="表2")


def _value(digest: str, otherwise: str) -> CellText:
    if not digest:
        return otherwise
    rows = (Span(row.replace(" ", "  "), Role.MONO, 11.3) for row in hashes.rows(digest))
    return Cell(tuple(rows), leading=13.4)  # one line of the grid, so that two pages do


def _witness_table(facts: VoidFacts, fonts: FontBook) -> Table:
    columns = (
        Column(head="次序", width=16),
        Column(head="姓名", width=36),
        Column(head="代表", width=50),
        Column(head="已翻开的数字", width=54),
    )
    rows = [
        Row((str(at), w.name, w.body, _digits(w.digits)))
        for at, w in enumerate(facts.witnesses, start=1)
    ]
    return table("见证人和已翻开的数字", columns, rows, fonts, name="表1")


def _digits(digits: str) -> CellText:
    if not digits:
        return "未翻开"
    size = 12.0 if len(digits) <= 12 else 8.0
    return Span(hashes.digits(digits), Role.MONO, size)


def _signing(facts: VoidFacts, fonts: FontBook, room: float) -> Item:
    signers = [
        *(
            Signer(witness_standing(at), w.name, w.digits)
            for at, w in enumerate(facts.witnesses, start=1)
        ),
        Signer("主持人", facts.host.name),
        Signer("操作人", facts.operator.name),
        Signer("批准人", facts.approved.name),
    ]
    head = " ".join(hashes.groups(facts.ledger.head))
    notes = (
        "二维码内容：抽取编号、P、C和作废记录的摘要。",
        (Span(f"账本第{facts.ledger.entry}条 "), Span(head, Role.MONO, 7.8)),
    )
    return signature_block(
        "到场人员确认上述情况属实，同意作废。",
        signers,
        code=qr.record(facts.draw_number, facts.plan, facts.commitment, facts.record),
        unit=facts.unit,
        day=words.day(facts.voided_on),
        notes=notes,
        fonts=fonts,
        room=room,
    )
