"""The sealed minutes of a draw (抽取记录), on the page of GB/T 9704-2012.

Holds names, tickets, seed and ``R``: it does not leave the section before the
period's last inspection.  The public edition is :mod:`app.documents.minutes_public`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import time
from itertools import groupby
from typing import Any, Final

from app.documents import hashes, qr, words
from app.documents.fonts import FontBook, Role, machine_fonts
from app.documents.minutes_annexes import (
    has_tickets,
    named_target,
    ranked,
    roster_annex,
    roster_label,
    ticket_annex,
    unbroken,
)
from app.documents.minutes_facts import (
    Duty,
    Group,
    GroupMode,
    Inspector,
    MinutesFacts,
    Person,
    Stratum,
    Target,
)
from app.documents.page import (
    BODY_SIZE,
    CELL,
    OFFICIAL,
    TRACKING,
    Blank,
    Drawn,
    Field,
    Imprint,
    Item,
    Layout,
    NewPage,
    baseline,
    fields_beside,
    heading,
    masthead,
    prose,
    render,
    settle,
)
from app.documents.page import field as labelled
from app.documents.signatures import Signer, signature_block, witness_standing
from app.documents.tables import NOTHING_BELOW, Align, Cell, CellText, Column, Row, Table, table
from app.documents.typography import Setting, Span, one_line

ALTERNATES_IN_FULL: Final = 24
ALTERNATES_SHOWN: Final = 12
_STANDBY_SHARED: Final = 6
_MARKS: Final = {"L": "无牵头", "S": "缺专业", "O": "满额", "D": "同部门", "X": "无人派"}
_BEFORE_INSPECTION: Final = "检查前保密"


def build(facts: MinutesFacts, fonts: FontBook | None = None) -> bytes:
    """The minutes as PDF bytes; UserError names a character no face can print."""
    book = fonts or machine_fonts()
    parts = _Composer(facts, book)
    layout = settle(OFFICIAL, parts.compose)
    edition = "密封版（演练）" if facts.rehearsal else "密封版"
    short = hashes.short(facts.digests.result)
    imprint = Imprint(
        title=f"{facts.unit}{facts.period}双随机抽取记录（{facts.draw_number}）",
        author=facts.unit,
        small=(facts.draw_number, f"结果摘要 {short}", edition),
        rehearsal=facts.rehearsal,
    )
    return render(OFFICIAL, layout, imprint, book)


@dataclass
class _Numbering:
    """Running numbers of sections and tables."""

    sections: int = 0
    tables: int = 0

    def section(self, title: str) -> str:
        self.sections += 1
        return f"{words.numeral(self.sections)}、{title}"

    def table(self) -> str:
        self.tables += 1
        return f"表{self.tables}"


@dataclass
class _Composer:
    """Builds the blocks once; only the list of annexes depends on the layout."""

    facts: MinutesFacts
    fonts: FontBook
    numbering: _Numbering = field(default_factory=_Numbering)

    def __post_init__(self) -> None:
        self._before: list[Item] = [
            *self._head(),
            *self._bases(),
            *self._course(),
            *self._roster(),
            *self._seed(),
            *self._results(),
            *self._people(),
            *self._alternates(),
            *self._exceptions(),
            *self._secrecy(),
        ]
        self._signing = self._signatures()
        roster = roster_label(self.facts)
        self._annexes: list[Item] = [NewPage(roster), *roster_annex(self.facts, self.fonts)]
        if has_tickets(self.facts):
            tickets = [NewPage("附件1"), *ticket_annex(self.facts, self.fonts)]
            self._annexes = [*tickets, *self._annexes]

    def compose(self, layout: Layout) -> list[Item]:
        return [*self._before, self._annex_list(layout), self._signing, *self._annexes]

    # --- first page -------------------------------------------------------------------

    def _head(self) -> Iterable[Item]:
        facts, fonts = self.facts, self.fonts
        title = f"{facts.period}双随机抽取记录"
        yield _secrecy_line(facts, fonts)
        yield Blank(OFFICIAL.pitch)
        yield masthead((facts.unit, title), facts.document_number, fonts)
        number = f"{facts.draw_number}（本序列第{facts.ordinal}次抽取）"
        yield labelled(Field("抽取用途", facts.purpose), fonts)
        yield labelled(Field("抽取编号", number), fonts)
        yield labelled(Field("时间", words.span(facts.begun, facts.ended)), fonts)
        yield labelled(Field("地点", facts.place), fonts)
        yield labelled(Field("主持人", _named(facts.host)), fonts)
        operator = Field("操作人", _named(facts.operator))
        yield from fields_beside(operator, Field("记录人", _named(facts.recorder)), fonts)
        witnesses = words.listed(
            f"{w.name}（{w.body}，{w.role}）" if w.role else f"{w.name}（{w.body}）"
            for w in facts.witnesses
        )
        yield labelled(Field("见证人", f"{witnesses}，均不参加检查，也不操作电脑。"), fonts)

    def _bases(self) -> Iterable[Item]:
        yield heading(self.numbering.section("抽取依据"), self.fonts)
        for at, basis in enumerate(self.facts.bases, start=1):
            yield prose(f"（{words.numeral(at)}）{basis}", self.fonts)

    def _course(self) -> Iterable[Item]:
        steps = self.facts.steps
        yield heading(self.numbering.section("抽取经过"), self.fonts)
        noted = self.facts.exceptions
        after = "，异常情况见“回避、作废与异常”部分。" if noted else "，没有登记中断或异常。"
        again = self.facts.recomputed or "没有在另一台电脑上复算"
        text = f"{words.numeral(len(steps))}步依次进行{after}{again}。"
        yield prose(text, self.fonts)
        columns = (
            Column(head="时间", width=16),
            Column(head="步骤", width=23),
            Column(head="做了什么", width=117, align=Align.LEFT),
        )
        rows = [Row((_clock(step.at), step.name, step.what)) for step in steps]
        yield table("抽取经过", columns, rows, self.fonts, name=self.numbering.table())

    # --- roster and quotas ------------------------------------------------------------

    def _roster(self) -> Iterable[Item]:
        facts = self.facts
        yield heading(self.numbering.section("名单封存与应抽数"), self.fonts)
        yield prose(_roster_text(facts), self.fonts)
        if facts.strata:
            yield self._quota_table()
        if facts.remarks:
            several = len(facts.remarks) > 1
            said = "；".join(
                f"{at}.{text}" if several else text
                for at, text in enumerate(facts.remarks, start=1)
            )
            yield prose(f"说明：{said}。", self.fonts)

    def _quota_table(self) -> Table:
        columns = (
            Column(head="类别", width=18.5),
            Column(head="在册", width=10.5),
            Column(head="本周期\n已检查", width=14),
            Column(head="本次\n不抽", width=10.5),
            Column(head="入池", width=10.5),
            Column(head="算式", width=61, align=Align.LEFT),
            Column(head="应抽", width=10.5, role=Role.HEADING),
            Column(head="实抽", width=10.5, role=Role.HEADING),
            Column(head="递补", width=10),
        )
        rows = [Row(_quota_cells(stratum)) for stratum in self.facts.strata]
        if len(rows) > 1:
            rows.append(Row(_total_cells(self.facts.strata)))
        article = f"（{self.facts.quota_article}）" if self.facts.quota_article else ""
        name = self.numbering.table()
        return table(f"应抽数的算法{article}", columns, rows, self.fonts, name=name)

    # --- digits, digests, seed --------------------------------------------------------

    def _seed(self) -> Iterable[Item]:
        count = words.several(len(self.facts.witnesses))
        yield heading(self.numbering.section("见证数字、摘要与种子"), self.fonts)
        text = (
            f"种子由封存的名单、电脑的随机数和{count}名见证人的数字共同算出，"
            "少了任何一样，谁都无法事先知道结果。算法版本RD1。"
        )
        yield prose(text, self.fonts)
        yield self._digit_table()
        yield self._digest_table()

    def _digit_table(self) -> Table:
        columns = (
            Column(head="次序", width=12),
            Column(head="姓名", width=22),
            Column(head="代表", width=32),
            Column(head="职务或身份", width=34),
            Column(head="数字（六位以上）", width=38),
            Column(head="两遍录入", width=18),
        )
        rows = [
            Row((str(at), w.name, w.body, w.post, _digits(w.digits), "一致"))
            for at, w in enumerate(self.facts.witnesses, start=1)
        ]
        return table("见证人写出的数字", columns, rows, self.fonts, name=self.numbering.table())

    def _digest_table(self) -> Table:
        digests = self.facts.digests
        entries = (
            ("P", "名单摘要：封存文件的指纹", digests.plan),
            ("C", "承诺值：随机数的封条", digests.commitment),
            ("R", "电脑的随机数", digests.reveal),
            ("S", "种子：P、R和见证数字合成", digests.seed),
            ("F", "结果摘要：结果文件的指纹，即本序列的链头", digests.result),
        )
        rows = [Row((Span(code, Role.HEADING, 14), what, _digest(x))) for code, what, x in entries]
        first = digests.previous == hashes.NONE
        before: CellText = "无（首次抽取，记为64个0）" if first else _digest(digests.previous)
        rows.append(Row(("前", "上一次抽取的记录摘要", before)))
        columns = (
            Column(head="代号", width=11),
            Column(head="是什么", width=51, align=Align.LEFT),
            Column(head="值", width=94, align=Align.LEFT),
        )
        title = "摘要与种子（每8个字符一组）"
        return table(title, columns, rows, self.fonts, name=self.numbering.table())

    # --- results ----------------------------------------------------------------------

    def _results(self) -> Iterable[Item]:
        facts = self.facts
        yield heading(self.numbering.section("抽取结果"), self.fonts)
        if not facts.selected:
            yield prose("本次不抽取检查对象，只抽取执法检查人员。", self.fonts)
            return
        yield prose(_result_text(facts), self.fonts)
        given = bool(facts.strata) and all(stratum.source for stratum in facts.strata)
        title = "此前已经抽定的检查对象" if given else "抽中的检查对象"
        yield self._target_table(title, facts.selected)

    def _target_table(self, title: str, targets: Sequence[Target], note: str = "") -> Table:
        team_group = _team_group(self.facts.groups)
        columns = [
            Column(head="序号", width=14 if team_group else 17),
            Column(head="检查对象", width=48 if team_group else 51, align=Align.LEFT),
            Column(head="统一社会信用代码", width=35, role=Role.MONO, size=8.2, leading=11),
            Column(head="票号前8位", width=18.5, role=Role.MONO, size=9),
            Column(head="专业", width=11.5 if team_group else 17),
        ]
        if team_group is not None:
            columns += [Column(head="检查组", width=15), Column(head="备注", width=14)]
        rows = [
            Row(
                (
                    ranked(self.facts, target),
                    named_target(target),
                    target.code,
                    hashes.short(target.ticket),
                    target.need,
                    *_team_cells(target, team_group),
                )
            )
            for target in targets
        ]
        name = self.numbering.table()
        return table(title, columns, rows, self.fonts, name=name, note=note, closing=NOTHING_BELOW)

    # --- people -----------------------------------------------------------------------

    def _people(self) -> Iterable[Item]:
        yield heading(self.numbering.section("检查组与替补人员"), self.fonts)
        if not self.facts.groups:
            yield prose("本次不抽取执法检查人员。", self.fonts)
        shown = _team_group(self.facts.groups)
        for group in self.facts.groups:
            yield prose(_group_text(group), self.fonts)
            if group.mode is GroupMode.FIXED:
                yield self._team_table(group)
            if group is not shown and self.facts.selected:
                yield self._duty_table(group, self.facts.selected, "派单")

    def _team_table(self, group: Group) -> Table:
        columns = (
            Column(head="组别", width=18, role=Role.HEADING),
            Column(head="身份", width=16),
            Column(head="姓名", width=26),
            Column(head="执法证号", width=34, role=Role.MONO, size=9),
            Column(head="部门", width=30),
            Column(head="专业", width=17),
            Column(head="任务", width=15),
        )
        rows: list[Row] = []
        for team in group.teams:
            label = Cell((f"第{team.number}组", *_marks(team.flags)), down=2)
            tasks = Cell((f"{team.tasks}家",), down=2)
            strong = bool(rows)
            rows.append(Row((label, "牵头", *_person_cells(team.lead), tasks), strong))
            rows.append(Row((None, "组员", *_person_cells(team.second), None)))
        rows.extend(_standby_rows(group.standby))
        title = (
            f"{group.title}检查组与替补人员" if len(self.facts.groups) > 1 else "检查组与替补人员"
        )
        return table(title, columns, rows, self.fonts, name=self.numbering.table())

    def _duty_table(self, group: Group, targets: Sequence[Target], what: str) -> Table:
        pair = group.mode is not GroupMode.ONE
        people = (
            (Column(head="牵头", width=20), Column(head="组员", width=20))
            if pair
            else (Column(head="人员", width=24),)
        )
        columns = (
            Column(head="序号", width=18),
            Column(head="检查对象", width=49 if pair else 64, align=Align.LEFT),
            *people,
            Column(head="候补（依次）", width=34, align=Align.LEFT),
            Column(head="备注", width=15 if pair else 16),
        )
        rows = []
        for target in targets:
            duty = _duty_of(target, group)
            members = (*duty.members, "", "")[: 2 if pair else 1]
            stand_ins = unbroken(duty.stand_ins)
            rank = ranked(self.facts, target)
            marks = Cell(_marks(duty.flags) or ("",))
            rows.append(Row((rank, target.name, *members, stand_ins, marks)))
        title = f"{what}：{group.title}" if len(self.facts.groups) > 1 else what
        name = self.numbering.table()
        return table(title, columns, rows, self.fonts, name=name, closing=NOTHING_BELOW)

    # --- alternates -------------------------------------------------------------------

    def _alternates(self) -> Iterable[Item]:
        facts = self.facts
        yield heading(self.numbering.section("递补序列"), self.fonts)
        if not facts.alternates:
            yield prose("本次没有递补的检查对象。", self.fonts)
            return
        cut = len(facts.alternates) > ALTERNATES_IN_FULL
        shown = _first_of_each(facts.alternates) if cut else facts.alternates
        rest = f"下表每类列前{ALTERNATES_SHOWN}家，其余见附件1。" if cut else ""
        text = f"未抽中的按票号接着排，需要递补时依次使用，不得挑选。{_unlisted(facts)}{rest}"
        yield prose(text, self.fonts)
        team_group = _team_group(facts.groups)
        full = team_group is not None and any(
            "O" in _duty_of(target, team_group).flags for target in shown
        )
        note = (
            "备注“满额”：连同排在前面的递补，任务已达每组上限；只有实际递补时才会增加。"
            if full
            else ""
        )
        yield self._target_table("递补的检查对象", shown, note)
        for group in facts.groups:
            if group is not team_group:
                yield self._duty_table(group, shown, "递补时的派单")

    # --- recusals, exceptions, secrecy ------------------------------------------------

    def _exceptions(self) -> Iterable[Item]:
        facts = self.facts
        yield heading(self.numbering.section("回避、作废与异常"), self.fonts)
        if len(facts.recusals) <= 3:
            yield prose(_recusal_text(facts) + _exception_text(facts), self.fonts)
            return
        yield prose(
            f"申报回避{len(facts.recusals)}起，处理见下表。{_exception_text(facts)}", self.fonts
        )
        columns = (
            Column(head="申报人", width=24),
            Column(head="检查对象", width=58, align=Align.LEFT),
            Column(head="事由", width=30),
            Column(head="处理", width=44, align=Align.LEFT),
        )
        rows = [Row((r.inspector, r.target, r.reason, r.handling)) for r in facts.recusals]
        name = self.numbering.table()
        yield table("回避申报与处理", columns, rows, self.fonts, name=name, closing=NOTHING_BELOW)

    def _secrecy(self) -> Iterable[Item]:
        article = self.facts.secrecy_article
        basis = f"（{article}）" if article else ""
        yield heading(self.numbering.section("保密与公开"), self.fonts)
        text = (
            f"检查实施前，执法人员名单和检查对象名单对被检查单位保密{basis}，"
            "本记录不得拍照、外传。现在只公开“已抽取”、数量和P、C、F；"
            "每家检查后公开其名称和结果；本期检查全部结束后公开R、S、名单和结果文件。"
        )
        yield prose(text, self.fonts)
        yield Blank(OFFICIAL.pitch)

    # --- end --------------------------------------------------------------------------

    def _annex_list(self, layout: Layout) -> Drawn:
        digests = self.facts.digests
        roster = f"{layout.pages_of(roster_label(self.facts))}页"
        entries = [
            ("名单封存情况", roster, digests.plan),
            ("承诺单（签字原件）", "1张", digests.commitment),
        ]
        if has_tickets(self.facts):
            entries.insert(0, ("票号全表", f"{layout.pages_of('附件1')}页", digests.result))
        return _annex_block(entries, self.fonts)

    def _signatures(self) -> Item:
        facts = self.facts
        digests = facts.digests
        signers = [
            *(
                Signer(witness_standing(at), w.name, w.digits)
                for at, w in enumerate(facts.witnesses, start=1)
            ),
            Signer("主持人", facts.host.name),
            Signer("操作人", facts.operator.name),
            Signer("记录人", facts.recorder.name),
        ]
        code = qr.record(
            facts.draw_number, digests.plan, digests.commitment, digests.result, digests.seed
        )
        closing = (
            "到场人员已阅读或听读本记录，确认与现场情况一致；"
            "见证人已核对本人数字，并将P、C与承诺单逐组核对。"
        )
        head = " ".join(hashes.groups(facts.ledger.head))
        notes = (
            "二维码内容：抽取编号、P、C、F、S，仅供内部核对。",
            (Span(f"账本第{facts.ledger.entry}条 "), Span(head, Role.MONO, 7.8)),
        )
        return signature_block(
            closing,
            signers,
            code=code,
            unit=facts.unit,
            day=words.day(facts.signed_on),
            notes=notes,
            fonts=self.fonts,
        )


# --- words ----------------------------------------------------------------------------


def _clock(at: time | None) -> str:
    return words.clock(at) if at else ""


def _named(person: Person) -> str:
    return f"{person.name}（{person.post}）" if person.post else person.name


def _roster_text(facts: MinutesFacts) -> str:
    strata = facts.strata
    people = [person for group in facts.groups for person in group.inspectors]
    parts: list[str] = []
    if strata and all(stratum.source for stratum in strata):
        count = sum(stratum.drawn for stratum in strata)
        parts.append(f"检查对象{count}家此前已经抽定，本次没有入池和应抽数。")
    elif strata:
        registered = sum(s.registered for s in strata)
        covered = sum(s.covered for s in strata)
        excluded = sum(s.excluded for s in strata)
        pool = sum(s.pool for s in strata)
        parts.append(
            f"检查对象在册{registered}家：本周期已检查{covered}家，本次不抽{excluded}家，入池{pool}家。"
        )
    eligible = sum(1 for person in people if person.eligible)
    if people:
        who = "专家" if facts.what == "专家" else "执法人员"
        parts.append(
            f"{who}在册{len(people)}人，合格{eligible}人。"
            f"不抽、不合格、回避的原因见{roster_label(facts)}。"
        )
    else:
        parts.append(f"本次不抽取执法检查人员。不抽的对象和原因见{roster_label(facts)}。")
    parts.extend(_flagged(stratum) for stratum in strata)
    if facts.digests.previous == hashes.NONE:
        parts.append("本序列首次抽取，没有上次名单可比。")
    else:
        changed = "".join(f"{change.rstrip('。')}。" for change in facts.changes)
        parts.append(f"与上次名单相比：{changed}" if changed else "与上次名单相比没有变化。")
    return "".join(parts)


def _flagged(stratum: Stratum) -> str:
    """Strata where chance has nothing to decide are said in words (RD1 §1, 1)."""
    if stratum.source:
        return f"{stratum.label}{stratum.drawn}家此前已抽定（{stratum.source}），本次只派人员。"
    if stratum.pool and stratum.quota == stratum.pool:
        return f"{stratum.label}入池{stratum.pool}家全部抽取。"
    if stratum.pool and not stratum.quota:
        return f"{stratum.label}本次不抽取。"
    return ""


def _quota_cells(stratum: Stratum) -> tuple[CellText, ...]:
    return (
        stratum.label,
        str(stratum.registered),
        str(stratum.covered),
        str(stratum.excluded),
        str(stratum.pool),
        Cell(tuple(stratum.arithmetic) or ("",)),
        "" if stratum.source else str(stratum.quota),
        str(stratum.drawn),
        str(stratum.alternates),
    )


def _total_cells(strata: Sequence[Stratum]) -> tuple[CellText, ...]:
    return (
        "合计",
        str(sum(s.registered for s in strata)),
        str(sum(s.covered for s in strata)),
        str(sum(s.excluded for s in strata)),
        str(sum(s.pool for s in strata)),
        "凡有小数，一律向上进位",
        str(sum(s.quota for s in strata)),
        str(sum(s.drawn for s in strata)),
        str(sum(s.alternates for s in strata)),
    )


def _digits(text: str) -> Span:
    size = 13.0 if len(text) <= 9 else (9.5 if len(text) <= 16 else 8.0)
    return Span(hashes.digits(text), Role.MONO, size)


def _digest(digest: str) -> Cell:
    texts = tuple(Span(row.replace(" ", "  "), Role.MONO, 11.3) for row in hashes.rows(digest))
    return Cell(texts, leading=15)


def _result_text(facts: MinutesFacts) -> str:
    chosen = [s for s in facts.strata if not s.source and s.drawn]
    counts = words.listed(f"{s.label}前{s.drawn}家" for s in chosen)
    drawn = f"，{counts}抽中" if counts else ""
    return (
        "每个检查对象的票号由种子、类别和编号算出。"
        f"同类之中，票号从小到大排列{drawn}。完整票号见附件1。"
    )


def _group_text(group: Group) -> str:
    eligible = sum(1 for person in group.inspectors if person.eligible)
    title = group.title
    if group.mode is GroupMode.FIXED:
        return (
            f"{title}同样按票号排序，前{2 * len(group.teams)}人两两成组，有牵头资格的牵头，"
            f"其余{len(group.standby)}人依次替补；每组任务原则上不超过{group.cap}家。"
        )
    if group.mode is GroupMode.PAIR:
        return (
            f"{title}合格{eligible}人，每个检查对象各抽两人，任务少的优先，第一人牵头；"
            "候补依次使用。"
        )
    return f"{title}合格{eligible}人，每个检查对象各抽一人，任务少的优先；候补依次使用。"


def _recusal_text(facts: MinutesFacts) -> str:
    if not facts.recusals:
        return "没有人申报回避。"
    each = "；".join(
        f"{r.inspector}与{r.target}（{r.reason}），{r.handling}" for r in facts.recusals
    )
    return f"申报回避{len(facts.recusals)}起：{each}。"


def _exception_text(facts: MinutesFacts) -> str:
    """This draw's own exceptions, then the void draws it follows."""
    noted = facts.exceptions or ("本次抽取没有作废，没有登记异常",)
    return "".join(f"{text.rstrip('。')}。" for text in (*noted, *facts.voided_before))


def _unlisted(facts: MinutesFacts) -> str:
    """Targets of the pool that are neither drawn nor alternates, per stratum."""
    rest = [(s.label, s.pool - s.drawn - s.alternates) for s in facts.strata if not s.source]
    named = words.listed(f"{label}另有{count}家" for label, count in rest if count > 0)
    return f"{named}未列入递补。" if named else ""


# --- cells ----------------------------------------------------------------------------


def _team_group(groups: Sequence[Group]) -> Group | None:
    """The group whose teams stand in the target table: the only fixed one."""
    fixed = [group for group in groups if group.mode is GroupMode.FIXED]
    return fixed[0] if len(fixed) == 1 else None


def _duty_of(target: Target, group: Group) -> Duty:
    found = (duty for duty in target.duties if duty.group == group.code)
    return next(found, Duty(group=group.code, members=()))


def _team_cells(target: Target, group: Group | None) -> tuple[CellText, ...]:
    if group is None:
        return ()
    duty = _duty_of(target, group)
    team = "" if duty.team is None else f"第{duty.team}组"
    return team, Cell(_marks(duty.flags) or ("",))


def _marks(flags: str) -> tuple[str, ...]:
    return tuple(_MARKS[flag] for flag in flags if flag in _MARKS)


def _person_cells(person: Inspector) -> tuple[CellText, ...]:
    return (
        person.name,
        person.certificate,
        person.department,
        unbroken(person.specialities),
    )


def _standby_rows(standby: Sequence[Inspector]) -> list[Row]:
    """One row each; a few share one “替补”, many repeat it so that pages can turn."""
    count = len(standby)
    shared = count <= _STANDBY_SHARED
    rows: list[Row] = []
    for at, person in enumerate(standby):
        label: CellText = Cell(("替补",), down=count if shared else 1)
        tasks: CellText = Cell(("",), down=count if shared else 1)
        if at and shared:
            label = tasks = None
        cells = (label, f"第{at + 1}", *_person_cells(person), tasks)
        rows.append(Row(cells, strong_above=at == 0))
    return rows


def _first_of_each(alternates: Sequence[Target]) -> tuple[Target, ...]:
    by_stratum = groupby(alternates, key=lambda target: target.stratum)
    return tuple(t for _, run in by_stratum for t in list(run)[:ALTERNATES_SHOWN])


# --- drawn parts ----------------------------------------------------------------------


def _secrecy_line(facts: MinutesFacts, fonts: FontBook) -> Drawn:
    """“检查前保密” left (not 秘密, a statutory grade), copy number right."""
    left = one_line(
        _BEFORE_INSPECTION, Setting(size=BODY_SIZE, role=Role.HEADING, tracking=TRACKING), fonts
    )
    copies = words.numeral(facts.copies)
    right = one_line(
        f"第\u3000\u3000\u3000份（共{copies}份）", Setting(size=BODY_SIZE, tracking=TRACKING), fonts
    )

    def paint(canvas: Any, x: float, y: float) -> None:
        line = baseline(y - OFFICIAL.pitch / 2, BODY_SIZE)
        left.draw(canvas, x, line)
        right.draw(canvas, x + OFFICIAL.width - right.width, line)

    return Drawn(OFFICIAL.pitch, paint)


def _annex_block(entries: Sequence[tuple[str, str, str]], fonts: FontBook) -> Drawn:
    body = Setting(size=BODY_SIZE, tracking=TRACKING)
    even = Setting(size=BODY_SIZE, tracking=TRACKING, tabular=True)
    small = Setting(size=12)

    def paint(canvas: Any, x: float, y: float) -> None:
        for at, (title, pages, digest) in enumerate(entries):
            centre = y - (at + 0.5) * OFFICIAL.pitch
            line = baseline(centre, BODY_SIZE)
            if at == 0:
                one_line("附件：", body, fonts).draw(canvas, x + 2 * CELL, line)
            one_line(f"{at + 1}.{title}", even, fonts).draw(canvas, x + 5 * CELL, line)
            one_line(pages, body, fonts).draw(canvas, x + 17 * CELL, line)
            mark = (Span("校验码 "), Span(hashes.short(digest), Role.MONO))
            code = one_line(mark, small, fonts)
            code.draw(canvas, x + OFFICIAL.width - code.width, baseline(centre, 12))

    return Drawn(len(entries) * OFFICIAL.pitch, paint)
