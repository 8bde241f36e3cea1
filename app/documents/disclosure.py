"""The public edition after the draw: targets once inspected, everything once all are.

While inspections go on (stage 2) it names those that were inspected, their results once locked.
After the period's last one (stage 3) it also carries :class:`Proof`: what anybody needs to
recompute the draw.  No person is named in either, only the bodies witnesses came from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.documents import hashes, qr, words
from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.minutes_annexes import formula
from app.documents.page import (
    MM,
    OFFICIAL,
    Blank,
    Drawn,
    Imprint,
    Item,
    Together,
    heading,
    lay_out,
    masthead,
    prose,
    render,
)
from app.documents.tables import NOTHING_BELOW, Align, Cell, CellText, Column, Row, Table, table
from app.documents.typography import Span

_AFTER_REVIEW: Final = "复核后公布"
_QR_SIDE: Final = 35 * MM
NO_RECORD_BEFORE: Final = "无（首次抽取，记为64个0）"


@dataclass(frozen=True, slots=True)
class DisclosedTarget:
    """A target that was inspected; without ``inspected_on`` its result is not locked yet."""

    name: str
    inspected_on: date | None = None
    result: str = ""  # the public wording; empty if the rulebook publishes none


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one witness put in: the body they came from and the digits."""

    body: str
    digits: str


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A file that is now public: its size in bytes and SHA-256."""

    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What recomputing takes; public only after the period's last inspection."""

    reveal: str
    seed: str
    previous: str  # 64 zeros for the first draw of a series
    contributions: tuple[Contribution, ...]
    files: tuple[RecordFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureFacts:
    """Everything the edition prints; ``proof`` is None while inspections go on."""

    unit: str
    period: str
    draw_number: str
    held_on: date
    plan: str
    commitment: str
    result: str
    targets: tuple[DisclosedTarget, ...]
    proof: Proof | None
    published_on: date
    rehearsal: bool = False


def build(facts: DisclosureFacts, fonts: FontBook | None = None) -> bytes:
    """The edition as PDF bytes; UserError names a character no face can print."""
    book = fonts or machine_fonts()
    layout = lay_out(OFFICIAL, _items(facts, book))
    edition = "公开版（演练）" if facts.rehearsal else "公开版"
    imprint = Imprint(
        title=f"{facts.unit}{facts.period}双随机抽查公开情况（{facts.draw_number}）",
        author=facts.unit,
        small=(facts.draw_number, f"结果摘要 {hashes.short(facts.result)}", edition),
        rehearsal=facts.rehearsal,
    )
    return render(OFFICIAL, layout, imprint, book)


def _items(facts: DisclosureFacts, fonts: FontBook) -> Iterable[Item]:
    when = "检查全部结束" if facts.proof else "检查进行中"
    number = f"（公开版，{when}）\u3000抽取编号{facts.draw_number}"
    yield masthead((facts.unit, f"{facts.period}双随机抽查公开情况"), number, fonts)
    yield prose(_opening(facts), fonts)
    yield heading("一、已检查的对象", fonts)
    if facts.targets:
        yield _target_table(facts, fonts)
    else:
        yield prose("没有检查对象要公开。", fonts)
    yield heading("二、抽取当天公布的三个摘要", fonts)
    compare = "请与抽取当天公布的一页、与承诺单逐组核对，应当完全相同。"
    yield prose(compare, fonts, keeps_next=True)
    yield _digest_table(facts, fonts)
    if facts.proof:
        yield from _proof(facts.proof, fonts)
    code = qr.record(facts.draw_number, facts.plan, facts.commitment, facts.result)
    yield signed(facts.unit, facts.published_on, code, fonts)


def _opening(facts: DisclosureFacts) -> str:
    held = f"本单位于{words.day(facts.held_on)}在见证人面前抽取了{facts.period}的检查任务"
    if facts.proof:
        return f"{held}，本期检查已经全部结束。现将结果和重算所需的全部数据公开，任何人都可以重算。"
    return f"{held}。已检查的列在下面，结果在复核后公布；其余的依规在检查后公布。"


def _target_table(facts: DisclosureFacts, fonts: FontBook) -> Table:
    columns = (
        Column(head="序号", width=14),
        Column(head="检查对象", width=66, align=Align.LEFT),
        Column(head="检查日期", width=32),
        Column(head="检查结果", width=44, align=Align.LEFT),
    )
    rows = [
        Row((str(at), target.name, *_outcome(target))) for at, target in enumerate(facts.targets, 1)
    ]
    return table("已检查的对象", columns, rows, fonts, name="表1", closing=NOTHING_BELOW)


def _outcome(target: DisclosedTarget) -> tuple[CellText, CellText]:
    if target.inspected_on is None:
        return "", _AFTER_REVIEW
    return words.day(target.inspected_on), target.result


def _digest_table(facts: DisclosureFacts, fonts: FontBook) -> Table:
    entries = (
        ("P", "名单摘要，抽取前封存", facts.plan),
        ("C", "承诺值，翻开数字前锁定", facts.commitment),
        ("F", "结果摘要，抽取后固定", facts.result),
    )
    return values("三个摘要（每8个字符一组）", "表2", entries, fonts)


def values(
    title: str, name: str, entries: Iterable[tuple[str, str, CellText]], fonts: FontBook
) -> Table:
    """(code, what it is, value) rows; a value of 64 digits is set in groups of eight."""
    columns = (
        Column(head="代号", width=17, role=Role.HEADING, size=12),
        Column(head="是什么", width=45, align=Align.LEFT),
        Column(head="值", width=94, align=Align.LEFT),
    )
    rows = [
        Row((code, what, _digest(x) if isinstance(x, str) and len(x) == 64 else x))
        for code, what, x in entries
    ]
    return table(title, columns, rows, fonts, name=name)


def _digest(digest: str) -> Cell:
    texts = tuple(Span(row.replace(" ", "  "), Role.MONO, 11.3) for row in hashes.rows(digest))
    return Cell(texts, leading=15)


# --- stage 3 --------------------------------------------------------------------------


def _proof(proof: Proof, fonts: FontBook) -> Iterable[Item]:
    yield heading("三、随机数、种子和见证人的数字", fonts)
    first = proof.previous == hashes.NONE
    entries: list[tuple[str, str, CellText]] = [
        ("R", "电脑的随机数", proof.reveal),
        *(
            (f"数字{at}", given.body, Span(hashes.digits(given.digits), Role.MONO, 12))
            for at, given in enumerate(proof.contributions, start=1)
        ),
        ("S", "种子，由上面各项合成", proof.seed),
        ("前", "上一次抽取的记录摘要", NO_RECORD_BEFORE if first else proof.previous),
    ]
    yield values("抽取用的数", "表3", entries, fonts)
    yield heading("四、公开的文件", fonts)
    yield _file_table(proof, fonts)
    yield heading("五、怎样重算", fonts)
    yield from _how(proof, fonts)


def _file_table(proof: Proof, fonts: FontBook) -> Table:
    columns = (
        Column(head="文件", width=34, role=Role.MONO, size=9.5),
        Column(head="大小（字节）", width=28, align=Align.RIGHT),
        Column(head="SHA-256", width=94, align=Align.LEFT),
    )
    rows = [Row((file.name, str(file.size), _digest(file.digest))) for file in proof.files]
    return table("公开的文件", columns, rows, fonts, name="表4")


def _how(proof: Proof, fonts: FontBook) -> Iterable[Item]:
    yield prose(
        "最省事：用浏览器打开随文件公开的网页verify.html，把这些文件拖进去，"
        "网页从头重算一遍并逐项说明，不需要联网。",
        fonts,
    )
    yield prose(
        "不用我们的程序：Windows命令“certutil -hashfile plan.txt SHA256”应得P，"
        "对result.txt应得F。把下面每行括号里的内容存成文本文件（末尾不换行），同样可以算出：",
        fonts,
    )
    numbers = ",".join(f"数字{at}" for at in range(1, len(proof.contributions) + 1))
    yield formula("承诺值C", "SHA-256( RD1|commit|抽取编号|P|R )", fonts)
    yield formula("种子S", f"SHA-256( RD1|seed|抽取编号|P|R|{numbers} )", fonts)
    yield formula("票号", "SHA-256( RD1|ticket|S|类别代号|编号 )", fonts)
    yield Blank(OFFICIAL.pitch / 4, on_grid=False)
    yield prose(
        "同类之中票号从小到大排列，前面的抽中，后面的依次递补；"
        "类别代号和编号在plan.txt里以tgt开头的行，每类抽几家在以quota开头的行。",
        fonts,
    )


def signed(by: str, on: date, code: str, fonts: FontBook) -> Together:
    """QR code (number, P, C, the record's hash: nothing more in any stage), unit and date."""
    unit = prose(by, fonts, align=0.5, on_grid=False)
    day = prose(words.day(on), fonts, align=0.5, on_grid=False)

    def paint(canvas: object, x: float, y: float) -> None:
        qr.draw(canvas, code, x + 2 * MM, y - _QR_SIDE, _QR_SIDE - 2 * MM)
        shift = 20 * MM
        unit.draw(canvas, x + shift, y - 0.3 * _QR_SIDE)
        day.draw(canvas, x + shift, y - 0.3 * _QR_SIDE - unit.height)

    return Together((Blank(OFFICIAL.pitch / 2, on_grid=False), Drawn(_QR_SIDE, paint, False)))
