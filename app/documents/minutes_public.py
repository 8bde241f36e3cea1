"""The public edition, stage 1: that a draw was held, its counts, P, C and F.

One page.  No name, number, ticket, seed, R or witness's digits: the facts it
takes do not have them.  Categories so small that a count would say who was
drawn (everyone or no one drawn, one or two in the pool) are printed only
together with others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.documents import hashes, qr, words
from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.page import (
    MM,
    OFFICIAL,
    Drawn,
    Frame,
    Imprint,
    Item,
    lay_out,
    masthead,
    prose,
    render,
)
from app.documents.tables import Align, Cell, CellText, Column, Look, Row, Table, table
from app.documents.typography import Setting, Span, Text
from app.errors import UserError

# (pitch in mm, type size): the first with which everything fits on one page.
_SETTINGS: Final = ((8.0, 14.0), (7.4, 14.0), (6.8, 13.0), (6.2, 12.0), (5.6, 10.5))
_BODIES_NAMED: Final = 4
_SMALL_POOL: Final = 2
_QR_COLUMN: Final = 39.0
_QR_SIDE: Final = 33.5 * MM


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicStratum:
    """A category's counts; ``given``: drawn elsewhere, no quota of ours."""

    label: str
    registered: int
    covered: int
    excluded: int
    pool: int
    drawn: int
    alternates: int
    given: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFacts:
    """Everything the public page prints, and nothing more."""

    unit: str
    period: str
    draw_number: str
    held_on: date
    witness_bodies: tuple[str, ...]
    calm: bool  # nothing remarkable is on record
    recomputed: bool
    strata: tuple[PublicStratum, ...]
    inspectors_registered: int
    inspectors_eligible: int
    teams: int  # 0: people are drawn for each target
    standby: int
    plan: str
    commitment: str
    result: str
    published_on: date
    voided_before: int = 0  # void draws of the series directly before this one
    rehearsal: bool = False
    what: str = "检查对象和执法检查人员"


def build(facts: PublicFacts, fonts: FontBook | None = None) -> bytes:
    """The public page as PDF bytes; UserError if it does not fit on one page."""
    book = fonts or machine_fonts()
    imprint = Imprint(
        title=f"{facts.unit}{facts.period}双随机抽取情况（公开版）",
        author=facts.unit,
        small=(facts.draw_number, "公开版（演练）" if facts.rehearsal else "公开版"),
        rehearsal=facts.rehearsal,
        numbered=False,
    )
    for pitch, size in _SETTINGS:
        frame = Frame(
            left=28 * MM,
            top=22 * MM,
            width=156 * MM,
            height=252 * MM,
            pitch=pitch * MM,
            size=size,
        )
        layout = lay_out(frame, _Page(facts, book, frame).items())
        if len(layout.pages) == 1:
            return render(frame, layout, imprint, book)
    raise UserError("公开版一页放不下。", "请把单位名称或见证人代表的单位写得短一些。")


@dataclass(frozen=True, slots=True)
class _Page:
    """The page's blocks for one size of type."""

    facts: PublicFacts
    fonts: FontBook
    frame: Frame

    def items(self) -> list[Item]:
        facts = self.facts
        number = f"（公开版）\u3000抽取编号{facts.draw_number}"
        titles = (facts.unit, f"{facts.period}双随机抽取情况")
        items: list[Item] = [
            masthead(titles, number, self.fonts, self.frame),
            self._paragraph(_what_happened(facts)),
        ]
        names = iter(("表1", "表2", "表3"))
        if facts.strata and not _all_given(facts):
            items.append(_count_table(facts, next(names), self.fonts, self.frame))
        else:
            items.append(self._paragraph(_people(facts)))
        items.append(_digest_block(facts, next(names), self.fonts, self.frame))
        items.append(_stage_table(next(names), self.fonts, self.frame))
        items.append(self._paragraph(_HOW_TO_CHECK))
        signed = f"{facts.unit}\u3000{words.day(facts.published_on)}\u3000"
        setting = Setting(size=self.frame.size, justify=False)
        items.append(
            prose(signed, self.fonts, setting=setting, frame=self.frame, align=1.0, on_grid=False)
        )
        return items

    def _paragraph(self, text: Text) -> Item:
        size = self.frame.size
        cells = round(self.frame.width / size)
        cell = self.frame.width / cells
        setting = Setting(size=size, tracking=cell - size, indent=2 * cell)
        return prose(
            text, self.fonts, setting=setting, frame=self.frame, on_grid=False, gap=1.5 * MM
        )


_HOW_TO_CHECK: Final = (
    Span("怎样核对。", Role.HEADING),
    Span(
        "请把本页拍照留存。全部公布后，谁都可以用自己的电脑重算：名单得出P，"
        "P和随机数得出C，结果文件得出F。三个都与本页相同，就说明从今天起什么都没有改过。"
    ),
)


def _all_given(facts: PublicFacts) -> bool:
    """Whether all targets were drawn elsewhere or before: there is no pool to count."""
    return bool(facts.strata) and all(stratum.given for stratum in facts.strata)


def _what_happened(facts: PublicFacts) -> str:
    what = facts.what if facts.strata else "执法检查人员"
    different = list(dict.fromkeys(facts.witness_bodies))
    bodies = words.listed(different[:_BODIES_NAMED])
    together = "共" if len(different) <= _BODIES_NAMED else "等"
    calm = "抽取没有作废，没有登记异常" if facts.calm else "抽取中的异常已记入抽取记录"
    void = (
        f"此前有{facts.voided_before}次抽取作废，编号不再使用，记录永久保存。"
        if facts.voided_before
        else ""
    )
    again = "，已在另一台电脑上复算一致" if facts.recomputed else ""
    before = ""
    if _all_given(facts):
        count = sum(stratum.drawn for stratum in facts.strata)
        before = f"检查对象{count}家此前已经抽定，本次没有抽取。"
    return (
        f"{words.day(facts.held_on)}，在{bodies}{together}{len(facts.witness_bodies)}名见证人见证下，"
        f"本单位抽取了{facts.period}的{what}。{before}{calm}{again}。{void}名单在检查前依规保密。"
    )


# --- counts ---------------------------------------------------------------------------


def reveals(stratum: PublicStratum) -> bool:
    """Whether the counts alone say who was drawn or who was not."""
    certain = stratum.pool > 0 and stratum.drawn in (0, stratum.pool)
    return certain or 0 < stratum.pool <= _SMALL_POOL


def publishable(strata: Sequence[PublicStratum]) -> tuple[PublicStratum, ...]:
    """The rows that may be printed: revealing categories are merged with others.

    The smallest pools join first, until the merged row reveals nothing; empty
    if even all together would.
    """
    shown = [s for s in strata if not reveals(s)]
    hidden = [s for s in strata if reveals(s)]
    if not hidden:
        return tuple(strata)
    merged = _merged(hidden)
    while (reveals(merged) or len(hidden) == 1) and shown:
        # One hidden row alone would follow from the total by subtraction.
        nearest = min(shown, key=lambda s: s.pool)
        shown.remove(nearest)
        hidden.append(nearest)
        merged = _merged(hidden)
    if reveals(merged):
        return ()
    return (*shown, merged)


def _merged(strata: Sequence[PublicStratum]) -> PublicStratum:
    return PublicStratum(
        label="其他各类",
        registered=sum(s.registered for s in strata),
        covered=sum(s.covered for s in strata),
        excluded=sum(s.excluded for s in strata),
        pool=sum(s.pool for s in strata),
        drawn=sum(s.drawn for s in strata),
        alternates=sum(s.alternates for s in strata),
    )


def _count_table(facts: PublicFacts, name: str, fonts: FontBook, frame: Frame) -> Table:
    columns = (
        Column(head="类别", width=28),
        Column(head="在册", width=18),
        Column(head="本周期已检查", width=28),
        Column(head="本次不抽", width=21),
        Column(head="参加抽取", width=21),
        Column(head="抽中", width=20, role=Role.HEADING),
        Column(head="递补备用", width=20),
    )
    rows_shown = publishable(facts.strata)
    total = _merged(facts.strata)
    rows = [Row(_cells(s.label, s)) for s in rows_shown if len(rows_shown) > 1]
    merged = any(reveals(s) for s in facts.strata)
    if rows_shown:
        rows.append(Row(_cells("合计", total)))
    else:
        rows.append(Row(("合计", str(total.registered), *("检查后公布",) * 5)))
    small = "数量太少、单列会透露抽中了谁的类别合并列出。" if merged else ""
    note = f"{_people(facts)}{small}"
    look = _look(frame)
    return table("抽取数量", columns, rows, fonts, name=name, note=note, frame=frame, look=look)


def _look(frame: Frame) -> Look:
    """Rows of ¾ line, lower where the page is set closer."""
    row = max(16.8, 0.75 * OFFICIAL.pitch * frame.pitch / (8 * MM))
    return Look(row=row, grow=row / 4)


def _cells(label: str, s: PublicStratum) -> tuple[CellText, ...]:
    counts = (s.registered, s.covered, s.excluded, s.pool, s.drawn, s.alternates)
    return (label, *(str(count) for count in counts))


def _people(facts: PublicFacts) -> str:
    if not facts.inspectors_registered:
        return "执法检查人员另行抽取。"
    eligible = f"参加抽取{facts.inspectors_eligible}人"
    if facts.teams:
        drawn = f"抽出{facts.teams}个检查组，每组2人，替补{facts.standby}人"
    else:
        drawn = f"每个检查对象分别抽取{'专家' if facts.what == '专家' else '检查人员'}"
    who = "专家" if facts.what == "专家" else "执法检查人员"
    return f"{who}：在册{facts.inspectors_registered}人，{eligible}，{drawn}。"


# --- digests, stages ------------------------------------------------------------------


def _digest_block(facts: PublicFacts, name: str, fonts: FontBook, frame: Frame) -> Drawn:
    """The table of P, C, F with the QR code standing over its last column."""
    entries = (
        ("P", "名单摘要", "抽取前封存", facts.plan),
        ("C", "承诺值", "翻开数字前锁定", facts.commitment),
        ("F", "结果摘要", "抽取后固定", facts.result),
    )
    columns = (
        Column(head="代号", width=11, role=Role.HEADING),
        Column(head="是什么", width=31, align=Align.LEFT),
        Column(head="值（每8个字符一组）", width=75, role=Role.MONO, size=9.4),
        Column(head="扫码得到同样的内容", width=_QR_COLUMN),
    )
    rows = []
    for at, (code, what, when, digest) in enumerate(entries):
        picture: CellText = None if at else Cell((" ",), down=len(entries))
        value = Cell(hashes.rows(digest), leading=14)
        rows.append(Row((Span(code, Role.HEADING, 18), Cell((what, when)), value, picture)))
    look = Look(row=1.25 * OFFICIAL.pitch)
    title = "三个摘要（从今天起不能再变）"
    found = table(title, columns, rows, fonts, name=name, look=look, frame=frame)
    code = qr.record(facts.draw_number, facts.plan, facts.commitment, facts.result)

    def paint(canvas: Any, x: float, y: float) -> None:
        found.draw(canvas, x, y)
        width = found.widths[-1]
        left = x + frame.width - (width + _QR_SIDE) / 2
        rows_height = found.height - found.top_height
        bottom = y - found.height + (rows_height - _QR_SIDE) / 2
        qr.draw(canvas, code, left, bottom, _QR_SIDE)

    return Drawn(found.height, paint, on_grid=False, gap=found.gap)


def _stage_table(name: str, fonts: FontBook, frame: Frame) -> Table:
    columns = (
        Column(head="时间", width=49),
        Column(head="公布的内容", width=107, align=Align.LEFT),
    )
    rows = [
        Row(("现在", "进行了抽取、各类数量、P、C、F")),
        Row(("每个检查对象检查后", "名称；结果锁定后公布检查结果")),
        Row(("本期检查全部结束后", "电脑的随机数、种子、封存的名单、全部票号和结果文件")),
    ]
    look = _look(frame)
    return table("什么时候公布什么", columns, rows, fonts, name=name, frame=frame, look=look)
