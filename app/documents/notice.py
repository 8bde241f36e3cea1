"""检查任务通知单: what one team (or pair) has to inspect, and nothing of the others.

A copy goes to the team against signature; the section keeps the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.documents import words
from app.documents.fonts import FontBook, Role, machine_fonts
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
from app.documents.paper_frame import closing_words, name_cell, paragraphs, seal
from app.documents.tables import NOTHING_BELOW, Align, Cell, Column, Look, Row, Table, table
from app.documents.typography import Span, Text
from app.domain.paper_texts import PaperText


@dataclass(frozen=True, slots=True)
class NoticeMember:
    """A member of the team; ``standing`` is 牵头, 组员, 替补, 专家 …; ``tasks``: those somebody
    who is not of the team comes along to."""

    standing: str
    name: str
    certificate: str
    department: str
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTarget:
    """A target of this team; ``items``: names of the inspection items that apply."""

    rank: str
    name: str
    code: str = ""
    address: str = ""
    contact: str = ""
    need: str = ""
    items: tuple[str, ...] = ()
    remark: str = ""
    task_no: str = ""  # the platform's


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """One team's notice; ``team`` is “第1组” or the pair's target; ``text``: its words, filled in.

    ``changes``: who or what was replaced since the draw; then it takes an earlier notice's place.
    ``warnings``: who of the team may not inspect as things stand.
    """

    unit: str
    text: PaperText
    document_number: str
    draw_number: str
    period: str
    team: str
    members: tuple[NoticeMember, ...]
    targets: tuple[NoticeTarget, ...]
    deadline: str  # 2026年3月31日前完成检查并录入结果
    requirements: tuple[str, ...]
    issued_by: str
    issued_on: date
    changes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    plan_no: str = ""  # the platform's
    rehearsal: bool = False


def build(facts: NoticeFacts, fonts: FontBook | None = None) -> bytes:
    """The notice as PDF bytes."""
    book = fonts or machine_fonts()
    layout = lay_out(OFFICIAL, _items(facts, book))
    edition = "检查前保密（演练）" if facts.rehearsal else "检查前保密"
    imprint = Imprint(
        title=f"{facts.unit}{facts.text.title}（{facts.draw_number}，{facts.team}）",
        author=facts.unit,
        small=(facts.draw_number, facts.team, edition),
        rehearsal=facts.rehearsal,
    )
    return render(OFFICIAL, layout, imprint, book)


def _items(facts: NoticeFacts, fonts: FontBook) -> Iterable[Item]:
    yield masthead((facts.unit, facts.text.title), facts.document_number, fonts)
    yield field(Field("检查组", facts.team), fonts)
    yield field(Field("期间", facts.period), fonts)
    yield field(Field("抽取编号", facts.draw_number), fonts)
    if facts.plan_no:
        yield field(Field("计划编号", f"{facts.plan_no}（平台）"), fonts)
    yield field(Field("时限", facts.deadline), fonts)
    if facts.changes:
        yield heading("更换说明（本单替代此前发出的通知单）", fonts)
        for at, text in enumerate(facts.changes, start=1):
            yield prose(f"{at}.{_sentence(text)}", fonts)
    if facts.warnings:
        yield heading("注意：检查前须先处理", fonts)
        for at, text in enumerate(facts.warnings, start=1):
            yield prose(f"{at}.{_sentence(text)}", fonts)
    yield _member_table(facts, fonts)
    yield from paragraphs(facts.text.words("main"), fonts)
    listed = tuple(dict.fromkeys(item for target in facts.targets for item in target.items))
    yield _target_table(facts, listed, fonts)
    if listed:
        # Once for all targets: fourteen items in a narrow column make a row taller than a page.
        yield heading("检查事项", fonts)
        yield prose("；".join(f"{at}.{item}" for at, item in enumerate(listed, 1)) + "。", fonts)
    requirements = required(facts)
    if requirements:
        yield heading("检查要求", fonts)
        for at, text in enumerate(requirements, start=1):
            yield prose(f"{at}.{text}", fonts)
    yield _receipt(facts, fonts)


def required(facts: NoticeFacts) -> tuple[str, ...]:
    """What the rules ask of a team, then what the unit asks besides."""
    own = (each.strip() for each in facts.text.words("more").splitlines())
    return (*facts.requirements, *(each for each in own if each))


def _member_table(facts: NoticeFacts, fonts: FontBook) -> Table:
    columns = (
        Column(head="身份", width=22),
        Column(head="姓名", width=42),
        Column(head="执法证号", width=44, role=Role.MONO, size=9.5),
        Column(head="部门", width=48),
    )
    rows = [
        Row((m.standing, name_cell(m.name), _certificate(m), m.department)) for m in facts.members
    ]
    return table("检查人员", columns, rows, fonts, name="表1")


def _certificate(member: NoticeMember) -> str | Span:
    """Of those who inspect; of those who come along, to which tasks."""
    if not member.tasks:
        return member.certificate
    return Span(f"随同{'、'.join(member.tasks)}", Role.BODY, 9.5)


def _sentence(text: str) -> str:
    return text if text.endswith(("。", "！", "？")) else f"{text}。"


def _target_table(facts: NoticeFacts, listed: tuple[str, ...], fonts: FontBook) -> Table:
    columns = (
        Column(head="序号", width=18),
        Column(head="检查对象、代码", width=51, align=Align.LEFT),
        Column(head="地址、联系方式", width=42, align=Align.LEFT),
        Column(head="专业", width=13),
        Column(head="事项", width=16),
        Column(head="备注", width=16),
    )
    places = {item: at for at, item in enumerate(listed, 1)}
    rows = [Row(_target_cells(target, places)) for target in facts.targets]
    title = "检查对象（只列本组）"
    return table(title, columns, rows, fonts, name="表2", closing=NOTHING_BELOW)


def _ranges(numbers: Sequence[int]) -> str:
    """1–4、7: consecutive numbers joined."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _target_cells(target: NoticeTarget, places: Mapping[str, int]) -> tuple[str | Cell, ...]:
    code: tuple[Text, ...] = (Span(target.code, Role.MONO, 8.2),) if target.code else ()
    if target.task_no:
        code = (*code, "平台任务编号", Span(target.task_no, Role.MONO, 8.2))
    where = tuple(text for text in (target.address, target.contact) if text)
    return (
        target.rank,
        Cell((target.name, *code)),
        Cell(where or ("",)),
        target.need,
        _ranges([places[item] for item in target.items]),
        target.remark,
    )


def _receipt(facts: NoticeFacts, fonts: FontBook) -> Item:
    """Issued and received: one block, so a signature never stands alone."""
    columns = (
        Column(head=facts.text.words("sign_issuer"), width=39, size=11.5),
        Column(head="发放时间", width=39, size=11.5),
        Column(head=facts.text.words("sign_receiver"), width=39),
        Column(head="领取时间", width=39),
    )
    rows = [Row((facts.issued_by, words.day(facts.issued_on), " ", " "))]
    look = Look(row=1.25 * OFFICIAL.pitch)
    blocks: list[Block] = [table("发放与领取", columns, rows, fonts, look=look)]
    if facts.text.seal:
        blocks.append(seal(facts.text.sealer or facts.unit, facts.issued_on, fonts))
    return Together((*blocks, *closing_words(facts.text, fonts)), on_grid=False)
