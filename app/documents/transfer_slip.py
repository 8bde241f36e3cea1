"""介质交接单: what leaves on a registered USB stick, with the package's hash on paper.

The hash is that of ``tagmanifest-sha256.txt`` in the BagIt package: it fixes
the manifests, and through them every file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from app.documents import hashes, words
from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.minutes_facts import LedgerMark
from app.documents.page import (
    OFFICIAL,
    Field,
    Imprint,
    Item,
    Together,
    field,
    lay_out,
    masthead,
    prose,
    render,
)
from app.documents.tables import NOTHING_BELOW, Align, Cell, Column, Look, Row, Table, table
from app.documents.typography import Setting, Span


@dataclass(frozen=True, slots=True)
class TransferFile:
    """A file of the package: path inside it, size in bytes, SHA-256."""

    path: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferFacts:
    """What the slip prints."""

    unit: str
    package: str  # 331000-2026Q1-001.zip
    period: str
    edition: str  # 密封版 / 公开版
    purpose: str
    medium: str  # what it is and its registered number: U 盘 U-07
    size: int  # of the package, bytes
    tagmanifest: str
    files: tuple[TransferFile, ...]
    made_at: datetime
    made_by: str
    ledger: LedgerMark
    approved_by: str = ""  # name and post; empty: to be written in
    approved_on: date | None = None
    receiver: str = ""
    holder: str = ""  # who keeps the medium
    rehearsal: bool = False


def build(facts: TransferFacts, fonts: FontBook | None = None) -> bytes:
    """The slip as PDF bytes."""
    book = fonts or machine_fonts()
    layout = lay_out(OFFICIAL, _items(facts, book))
    imprint = Imprint(
        title=f"介质交接单（{facts.package}）",
        author=facts.unit,
        small=(facts.package, f"校验码 {hashes.short(facts.tagmanifest)}", facts.edition),
        rehearsal=facts.rehearsal,
    )
    return render(OFFICIAL, layout, imprint, book)


def size_words(size: int) -> str:
    """A file size as people read it; exact bytes below 1 KB."""
    if size < 1024:
        return f"{size}字节"
    return f"{size / 1024:.1f}KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f}MB"


def _items(facts: TransferFacts, fonts: FontBook) -> Iterable[Item]:
    yield masthead((facts.unit, "介质交接单"), "", fonts)
    yield field(Field("数据包", facts.package), fonts)
    yield field(Field("期间", f"{facts.period}（{facts.edition}）"), fonts)
    yield field(Field("用途", facts.purpose), fonts)
    kept = f"，保管人{facts.holder}" if facts.holder else ""
    yield field(Field("介质", f"{facts.medium}{kept}"), fonts)
    yield field(Field("大小", f"{size_words(facts.size)}，{len(facts.files)}个文件"), fonts)
    yield field(Field("导出时间", words.moment(facts.made_at)), fonts)
    yield _digest_table(facts, fonts)
    yield _file_table(facts, fonts)
    yield _signing(facts, fonts)


def _digest_table(facts: TransferFacts, fonts: FontBook) -> Table:
    rows = tuple(
        Span(r.replace(" ", "  "), Role.MONO, 11.3) for r in hashes.rows(facts.tagmanifest)
    )
    columns = (
        Column(head="是什么", width=62, align=Align.LEFT),
        Column(head="值（每8个字符一组）", width=94, align=Align.LEFT),
    )
    what = Cell(("整包校验值", Span("tagmanifest-sha256.txt的摘要", Role.BODY, 9)))
    return table(
        "接收时逐组核对", columns, [Row((what, Cell(rows, leading=15)))], fonts, name="表1"
    )


def _file_table(facts: TransferFacts, fonts: FontBook) -> Table:
    columns = (
        Column(head="序号", width=12),
        Column(head="文件", width=96, align=Align.LEFT, size=10),
        Column(head="大小", width=24, align=Align.RIGHT),
        Column(head="校验码", width=24, role=Role.MONO, size=9.5),
    )
    rows = [
        Row((str(at), file.path, size_words(file.size), hashes.short(file.digest)))
        for at, file in enumerate(facts.files, start=1)
    ]
    return table("文件清单", columns, rows, fonts, name="表2", closing=NOTHING_BELOW)


def _who(standing: str, name: str) -> tuple[str, ...]:
    return (standing, name) if name else (standing,)


def _day(day: date | None) -> str:
    return words.day(day) if day else " "


def _signing(facts: TransferFacts, fonts: FontBook) -> Item:
    columns = (
        Column(head="经手", width=40, size=10.5),
        Column(head="签名", width=40),
        Column(head="时间", width=40),
        Column(head="校验值核对", width=38),
    )
    rows = [
        Row((Cell(_who("导出人", facts.made_by)), " ", words.day(facts.made_at.date()), "")),
        Row((Cell(_who("审批人", facts.approved_by)), " ", _day(facts.approved_on), "")),
        Row((Cell(_who("接收人", facts.receiver)), " ", " ", "□一致\u3000□不一致")),
    ]
    head = " ".join(hashes.groups(facts.ledger.head))
    mark = (Span(f"账本第{facts.ledger.entry}条 "), Span(head, Role.MONO, 7.8))
    small = Setting(size=10)
    return Together(
        (
            table("交接", columns, rows, fonts, look=Look(row=1.25 * OFFICIAL.pitch)),
            prose(mark, fonts, setting=small, pitch=18, on_grid=False),
        ),
        on_grid=False,
    )
