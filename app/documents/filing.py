"""卷内目录 and 履职证明: what a file holds, and that a target was inspected as the law asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from app.documents import words
from app.documents.fonts import FontBook, machine_fonts
from app.documents.page import (
    OFFICIAL,
    Block,
    Field,
    Imprint,
    Item,
    Together,
    field,
    heading,
    lay_out,
    masthead,
    prose,
    render,
)
from app.documents.paper_frame import closing_words, paragraphs, seal
from app.documents.tables import Align, Cell, Column, Row, table
from app.domain.paper_texts import PaperText


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexLine:
    """One item of the file; ``pages``: of its papers and pictures, 0 where it has none."""

    number: int
    archive_no: str
    author: str
    title: str
    on: date | None
    files: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileIndex:
    """What the index prints; ``lacking`` stands first.

    ``retentions``: how many items are kept how long; ``secret``: what must stay in the section,
    empty if nothing must; ``before``: the archive this one takes the place of, in words.
    """

    unit: str
    title: str
    retentions: tuple[tuple[str, int], ...]
    made_on: date
    made_by: str
    lacking: tuple[str, ...]
    lines: tuple[IndexLine, ...]
    ledger: str
    secret: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyTask:
    """One drawn inspection of the target, whole."""

    draw_no: str
    serial: str
    drawn_on: date
    result_hash: str
    plan: str
    due_on: date
    inspected_on: date | None
    people: str
    items: tuple[str, ...]
    conclusion: str
    published_on: date | None
    afterwards: str
    platform: str = ""  # the platform's numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyProof:
    """What the proof prints; ``basis``: the article that lets it count, empty if none does.

    ``text``: its words, filled in.
    """

    unit: str
    text: PaperText
    name: str
    code: str
    year: int
    rulebook: str
    basis: str
    made_on: date
    tasks: tuple[DutyTask, ...]
    others: tuple[tuple[date, str, str], ...]


def build_index(facts: FileIndex, fonts: FontBook | None = None) -> bytes:
    """The index as PDF bytes."""
    book = fonts or machine_fonts()
    layout = lay_out(OFFICIAL, _index(facts, book))
    imprint = Imprint(title=facts.title, author=facts.unit, small=(facts.unit, "卷内目录"))
    return render(OFFICIAL, layout, imprint, book)


def _index(facts: FileIndex, fonts: FontBook) -> Iterable[Item]:
    yield masthead((facts.title, "卷内目录"), "", fonts)
    if facts.secret:
        yield prose(facts.secret, fonts)
    yield field(Field("立卷单位", facts.unit), fonts)
    yield field(Field("立卷", f"{facts.made_by}，{words.day(facts.made_on)}"), fonts)
    kept = "、".join(f"{label}{count}件" for label, count in facts.retentions)
    yield field(Field("保管期限", kept or "—"), fonts)
    pages = sum(each.pages for each in facts.lines)
    yield field(Field("件数页数", f"共{len(facts.lines)}件，{pages}页"), fonts)
    yield field(Field("账本", facts.ledger), fonts)
    if facts.before:
        yield field(Field("替换", facts.before), fonts)
    yield heading("一、缺少的材料", fonts)
    if not facts.lacking:
        yield prose("没有缺少的材料。", fonts)
    for at, each in enumerate(facts.lacking, start=1):
        yield prose(f"{at}.{each}。", fonts)
    yield heading("二、目录", fonts)
    columns = (
        Column(head="序号", width=10),
        Column(head="档号", width=35, size=9),
        Column(head="责任者", width=25, align=Align.LEFT),
        Column(head="题名", width=43, align=Align.LEFT),
        Column(head="日期", width=21, size=9.5),
        Column(head="页数", width=11, align=Align.RIGHT),
        Column(head="文件", width=11, align=Align.RIGHT),
    )
    rows = [
        Row(
            (
                str(each.number),
                each.archive_no,
                each.author,
                each.title,
                "" if each.on is None else each.on.isoformat(),
                str(each.pages) if each.pages else "",
                str(each.files),
            )
        )
        for each in facts.lines
    ]
    note = (
        "页数是PDF和图片的页数；表格、文本和音像只计文件数。"
        "每个文件的大小和SHA-256见同一文件夹的“文件清单.xlsx”。"
    )
    yield table(f"共{len(rows)}件", columns, rows, fonts, closing="以下空白", note=note)


def build_proof(facts: DutyProof, fonts: FontBook | None = None) -> bytes:
    """The proof as PDF bytes; UserError names a character no face can print."""
    book = fonts or machine_fonts()
    layout = lay_out(OFFICIAL, _proof(facts, book))
    title = f"{facts.name}{facts.year}年{facts.text.title}"
    imprint = Imprint(title=title, author=facts.unit, small=(facts.unit, "履职证明"))
    return render(OFFICIAL, layout, imprint, book)


def _proof(facts: DutyProof, fonts: FontBook) -> Iterable[Item]:
    yield masthead((facts.unit, facts.text.title), "", fonts)
    yield field(Field("检查对象", facts.name), fonts)
    yield field(Field("代码", facts.code), fonts)
    yield field(Field("年度", f"{facts.year}年"), fonts)
    yield field(Field("依据", f"《{facts.rulebook.strip('《》')}》{facts.basis}"), fonts)
    yield from paragraphs(facts.text.words("intro"), fonts)
    if not facts.tasks:
        yield from paragraphs(facts.text.words("none"), fonts)
    for at, task in enumerate(facts.tasks, start=1):
        yield heading(f"{words.numeral(at)}、抽取{task.draw_no}，{task.serial}", fonts)
        rows = [
            Row((name, Cell(value) if isinstance(value, tuple) else value))
            for name, value in _facts_of(task)
        ]
        columns = (
            Column(head="事项", width=34, align=Align.LEFT),
            Column(head="记录", width=122, align=Align.LEFT),
        )
        made = table(f"第{at}次抽查", columns, rows, fonts, name=f"表{at}")
        yield replace(made, keeps_next=at == len(facts.tasks) and not facts.others)
    if facts.others:
        yield heading(f"{words.numeral(len(facts.tasks) + 1)}、其他检查", fonts)
        made = table(
            "不经本单位抽取的检查",
            (
                Column(head="日期", width=30),
                Column(head="类型", width=60, align=Align.LEFT),
                Column(head="文书号", width=66, align=Align.LEFT),
            ),
            [Row((on.isoformat(), kind, number)) for on, kind, number in facts.others],
            fonts,
        )
        yield replace(made, keeps_next=True)
    blocks: list[Block] = list(paragraphs(facts.text.words("source"), fonts))
    if facts.text.seal:
        blocks.append(seal(facts.text.sealer or facts.unit, facts.made_on, fonts))
    else:
        blocks.append(prose(words.day(facts.made_on), fonts))
    yield Together((*blocks, *closing_words(facts.text, fonts)))


def _facts_of(task: DutyTask) -> Iterable[tuple[str, str | tuple[str, ...]]]:
    yield "抽查计划", task.plan
    yield "抽取日期、结果校验码", f"{task.drawn_on}，{task.result_hash[:8] or '平台抽取'}"
    if task.platform:
        yield "平台编号", task.platform
    yield "完成期限", str(task.due_on)
    yield "检查日期", "" if task.inspected_on is None else str(task.inspected_on)
    yield "检查人员", task.people
    yield "检查事项", task.items or ("",)
    yield "结论", task.conclusion
    yield "公示日期", "" if task.published_on is None else str(task.published_on)
    yield "后续", task.afterwards
