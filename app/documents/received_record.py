"""接收记录: targets (and people) drawn or set elsewhere, as they came in; no minutes of a draw.

Says who drew, with which paper and file, who took it in and when — and that nothing was drawn
here, so that nobody takes it for a proof of chance.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.documents import hashes, words
from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.page import (
    OFFICIAL,
    Blank,
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
from app.documents.signatures import Signer, signature_block
from app.documents.tables import NOTHING_BELOW, Align, Cell, Column, Row, table
from app.documents.typography import Span

__all__ = ["ReceivedFacts", "ReceivedTask", "build"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedTask:
    """One target as it came; ``people``: the lead first, empty if nobody was set."""

    serial: str
    name: str
    code: str
    category: str
    people: tuple[str, ...]
    due: str
    task_no: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFacts:
    """Everything the record prints; ``way`` is 平台抽取 or 平台指派."""

    unit: str
    period: str
    number: str
    way: str
    platform: str
    organ: str
    document: str
    file_name: str
    sha256: str
    at: datetime
    by: str
    bases: tuple[str, ...]
    claim: str
    tasks: tuple[ReceivedTask, ...]
    secrecy: str


def build(facts: ReceivedFacts, fonts: FontBook | None = None) -> bytes:
    """The record as PDF bytes; UserError names a character no face can print."""
    book = fonts or machine_fonts()
    layout = lay_out(OFFICIAL, _items(facts, book))
    imprint = Imprint(
        title=f"{facts.unit}{facts.period}{facts.way}接收记录（{facts.number}）",
        author=facts.unit,
        small=(facts.number, "检查前保密"),
    )
    return render(OFFICIAL, layout, imprint, book)


def _items(facts: ReceivedFacts, fonts: FontBook) -> Iterable[Item]:
    yield masthead((facts.unit, f"{facts.period}{facts.way}接收记录"), facts.number, fonts)
    yield field(Field("方式", facts.way), fonts)
    yield field(Field("抽定单位", facts.organ), fonts)
    yield field(Field("来文编号", facts.document), fonts)
    if facts.platform:
        yield field(Field("平台", facts.platform), fonts)
    yield field(Field("名单文件", facts.file_name), fonts)
    yield field(Field("接收", f"{facts.by}，{words.moment(facts.at)}"), fonts)
    yield heading("一、依据", fonts)
    for at, basis in enumerate(facts.bases, start=1):
        yield prose(f"（{words.numeral(at)}）{basis}", fonts)
    yield heading("二、说明", fonts)
    yield prose(facts.claim, fonts)
    head = " ".join(hashes.groups(facts.sha256))
    yield prose((Span("名单文件校验码（SHA-256）："), Span(head, Role.MONO, 9.4)), fonts)
    yield heading("三、检查对象和检查人员", fonts)
    yield _task_table(facts, fonts)
    yield heading("四、保密", fonts)
    yield prose(f"检查实施前，本记录不得告知被检查单位{facts.secrecy}，不得拍照、外传。", fonts)
    yield Blank(OFFICIAL.pitch)
    yield signature_block(
        "本记录与收到的名单逐项核对一致。",
        [Signer("接收人", facts.by), Signer("复核人", "")],
        code=f"SUICHA RECEIVED {facts.number} {facts.sha256}",
        unit=facts.unit,
        day=words.day(facts.at.date()),
        notes=(),
        fonts=fonts,
    )


def _task_table(facts: ReceivedFacts, fonts: FontBook) -> Item:
    columns = (
        Column(head="序号", width=19),
        Column(head="检查对象、代码", width=57, align=Align.LEFT),
        Column(head="类别", width=22),
        Column(head="检查人员", width=24),
        Column(head="期限、任务编号", width=34),
    )
    rows = [Row(_cells(task)) for task in facts.tasks]
    return table("接收的任务", columns, rows, fonts, name="表1", closing=NOTHING_BELOW)


def _cells(task: ReceivedTask) -> tuple[str | Cell, ...]:
    code = (Span(task.code, Role.MONO, 8.2),) if task.code else ()
    number = (Span(task.task_no, Role.MONO, 8.2),) if task.task_no else ()
    return (
        task.serial,
        Cell((task.name, *code, *((task.remark,) if task.remark else ()))),
        task.category,
        Cell(task.people or ("另行抽取",)),
        Cell((task.due, *number)),
    )
