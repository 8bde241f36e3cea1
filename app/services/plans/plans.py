"""抽查计划 with its life: proposed, approved, filed upwards; changed only by another version.

A plan's content is what its paper prints: worked out when it is proposed, fixed when it is
approved.  The headcount of a staff ratio is the one of the day of approval and stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, select

from app.db.read import pool
from app.db.unit_of_work import UnitOfWork
from app.domain import deadlines
from app.domain.annual import AnnualLine, play_year
from app.domain.periods import Period, Span
from app.domain.quota import Deviation, Wish
from app.domain.rulebook import DayUnit, Rulebook
from app.domain.scope import in_words, read_tags
from app.errors import UserError
from app.models import PlanKind, PlanState, PlanVersion
from app.services import packing, rulebooks
from app.services.days import calendar
from app.services.plans import frequency_rules, planning
from app.services.plans.plan_terms import in_force, plan_title
from app.services.plans.planning import PeriodPlan
from app.services.workspace import UnitInfo, read_unit

__all__ = [
    "NO_DOCUMENT",
    "ApprovePlan",
    "Campaign",
    "DiscardPlan",
    "FilePlan",
    "PlanContent",
    "PlanKind",
    "PlanState",
    "PlanView",
    "ProposePlan",
    "Timing",
    "WishLine",
    "again",
    "annual_content",
    "approve",
    "as_wish",
    "basis_warnings",
    "campaigns",
    "discard",
    "file",
    "newest",
    "one",
    "plan_title",
    "planned_periods",
    "planned_years",
    "propose",
    "versions",
    "wishes_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class WishLine:
    """The unit's own number for a category; ``value`` is a fraction's text: ``1/5``."""

    category: str
    value: str
    reason: str = ""
    report: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When a quarter is drawn and when its work is done, in words."""

    period: str
    draw: str
    finish: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """专项检查: who ordered it and under which number, whom it concerns, how many, until when.

    ``tags``: the same as conditions a draw can be limited by (行业=水泥制造；乡镇街道=柳湾镇).
    """

    organ: str
    document_no: str
    approved_on: date | None
    scope: str
    number: int
    note: str = ""
    tags: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanContent:
    """What a plan says.  ``lines`` of a year, ``plan`` of a period, ``campaign`` of a campaign.

    ``file_to``: where the regulation wants it filed, empty if it does not say.  ``usual``: where
    numbers are the unit's own, (category, ratio, number) as the regulation has them.
    """

    unit: str
    rulebook_title: str
    rulebook_id: str
    rulebook_version: str
    document_title: str = ""
    document_no: str = ""
    document_valid: str = ""
    scope: str = ""
    headcount: int | None = None
    headcount_typed: bool = False
    headcount_words: str = ""
    wishes: tuple[WishLine, ...] = ()
    exemptions: tuple[str, ...] = ()
    exemptions_article: str = ""
    notes: str = ""
    file_to: str = ""
    lines: tuple[AnnualLine, ...] = ()
    timing: tuple[Timing, ...] = ()
    campaigns: tuple[str, ...] = ()
    usual: tuple[tuple[str, str, int], ...] = ()
    plan: PeriodPlan | None = None
    campaign: Campaign | None = None

    @property
    def total(self) -> int:
        """Targets in all."""
        if self.campaign is not None:
            return self.campaign.number
        if self.plan is not None:
            return self.plan.total
        return sum(line.total for line in self.lines)

    @property
    def deviations(self) -> tuple[Deviation, ...]:
        """Every departure from the regulation's numbers."""
        if self.plan is not None:
            return self.plan.deviations
        return tuple(each for line in self.lines for each in line.deviations)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """A version as pages and papers see it."""

    id: int
    kind: PlanKind
    period: str
    name: str
    version: int
    state: PlanState
    reason: str
    content: PlanContent
    made_by: str
    made_on: date
    approved_organ: str
    approved_name: str
    approved_post: str
    approved_on: date | None
    approved_no: str
    filed_to: str
    filed_on: date | None
    filed_no: str
    filed_by: str

    @property
    def title(self) -> str:
        """2026年度抽查计划."""
        return plan_title(self.kind, self.period, self.name)

    @property
    def binding(self) -> bool:
        """Approved, and not replaced."""
        return self.state in {PlanState.APPROVED, PlanState.FILED}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposePlan:
    """A year's (``2026``), a period's or a campaign's plan to be worked out and kept.

    ``wishes`` None keeps what is in force; ``reason``: why an approved plan is changed.
    ``scope``, ``exemptions`` empty: the directory, and what the regulation exempts.
    """

    kind: PlanKind
    period: str
    name: str = ""
    headcount: int | None = None
    wishes: tuple[WishLine, ...] | None = None
    scope: str = ""
    exemptions: tuple[str, ...] = ()
    notes: str = ""
    reason: str = ""
    campaign: Campaign | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovePlan:
    """Who approved a proposed version, when, under which number."""

    id: int
    organ: str
    name: str
    post: str
    on: date | None
    document_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlan:
    """To whom an approved version was sent up, when, by whom; ``document_no`` of the letter."""

    id: int
    to: str
    on: date | None
    document_no: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class DiscardPlan:
    """A proposed version that is not wanted."""

    id: int


# --- reading ----------------------------------------------------------------------------------


def versions(
    connection: Connection, kind: PlanKind, period: str, name: str = ""
) -> tuple[PlanView, ...]:
    """Every version of a plan, the newest first."""
    table = PlanVersion.__table__
    rows = connection.execute(
        select(table)
        .where(table.c.kind == kind, table.c.period == period, table.c.name == name)
        .order_by(table.c.version.desc())
    )
    return tuple(_view(row) for row in rows)


def newest(connection: Connection, kind: PlanKind, period: str, name: str = "") -> PlanView | None:
    """The newest version, proposed or not."""
    return next(iter(versions(connection, kind, period, name)), None)


def campaigns(connection: Connection, year: int) -> tuple[PlanView, ...]:
    """The newest version of each campaign of a year, in the order they were made."""
    table = PlanVersion.__table__
    rows = connection.execute(
        select(table)
        .where(table.c.kind == PlanKind.CAMPAIGN, table.c.period.like(f"{year}%"))
        .order_by(table.c.id)
    )
    found = {(row.period, row.name): row for row in rows}
    return tuple(_view(row) for row in found.values())


def one(connection: Connection, plan_id: int) -> PlanView:
    """One version; UserError if it is gone."""
    table = PlanVersion.__table__
    row = connection.execute(select(table).where(table.c.id == plan_id)).first()
    if row is None:
        raise UserError("这份计划已经不在了。", "请刷新后再试。")
    return _view(row)


def planned_periods(connection: Connection) -> dict[str, PlanState]:
    """Periods with a plan of their own and the state of its newest version."""
    table = PlanVersion.__table__
    rows = connection.execute(
        select(table.c.period, table.c.state)
        .where(table.c.kind == PlanKind.PERIOD)
        .order_by(table.c.version)
    )
    return {row.period: row.state for row in rows}


def planned_years(connection: Connection) -> dict[int, PlanState]:
    """Years with an annual plan and the state of its newest version."""
    table = PlanVersion.__table__
    rows = connection.execute(
        select(table.c.period, table.c.state)
        .where(table.c.kind == PlanKind.ANNUAL)
        .order_by(table.c.version)
    )
    return {int(row.period): row.state for row in rows}


def _view(row: Row[Any]) -> PlanView:
    values = {name: getattr(row, name) for name in _PLAIN}
    return PlanView(
        **values,
        content=packing.unpack(row.content, PlanContent),
        made_on=row.made_at.astimezone().date(),
    )


_PLAIN = tuple(name for name in PlanView.__dataclass_fields__ if name not in {"content", "made_on"})


# --- working out ------------------------------------------------------------------------------


def annual_content(connection: Connection, command: ProposePlan, on: date) -> PlanContent:
    """A year's plan as it would be proposed on day ``on``; changes nothing.

    Errors: UserError for a period that is no year, a missing headcount, a wish the regulation
    does not allow.
    """
    year = Period.parse(command.period)
    if year.span is not Span.YEAR:
        raise UserError("年度计划的期间应是年份。", "请写成 2026 的样子。")
    unit = read_unit(connection)
    rulebook = rulebooks.of_unit(connection)
    level = rulebook.level(unit.level)
    heads = _heads(connection, rulebook, unit, year, command.headcount)
    wishes = _wishes(connection, command)
    play = partial(
        play_year,
        rulebook,
        pool.targets(connection),
        year.year,
        on,
        level=level.code,
        headcount=heads.number,
        limits=frequency_rules.limits(connection, rulebook),
    )
    lines = play(wishes=_as_wishes(wishes))
    usual = play() if wishes else ()
    base = _base(unit, rulebook, command)
    return replace(
        base,
        headcount=heads.number,
        headcount_typed=command.headcount is not None,
        headcount_words=heads.words,
        wishes=wishes,
        lines=lines,
        usual=tuple((line.category, line.ratio, line.total) for line in usual),
        timing=_timing(connection, rulebook, year),
        campaigns=tuple(_campaign_words(each) for each in campaigns(connection, year.year)),
    )


def period_content(connection: Connection, command: ProposePlan, on: date) -> PlanContent:
    """A period's plan as it would be proposed now; errors as for a year's."""
    unit = read_unit(connection)
    rulebook = rulebooks.of_unit(connection)
    wishes = _wishes(connection, command)
    wanted = planning.MakePlan(
        period=command.period, on=on, headcount=command.headcount, wishes=_as_wishes(wishes)
    )
    found = planning.compute(connection, wanted)
    usual = planning.compute(connection, replace(wanted, wishes={})).lines if wishes else ()
    # A plan says how many; who could be drawn is known at the freeze only.
    lines = tuple(replace(line, strata=()) for line in found.lines)
    return replace(
        _base(unit, rulebook, command),
        headcount=found.headcount,
        headcount_typed=command.headcount is not None,
        headcount_words=found.headcount_words,
        wishes=wishes,
        usual=tuple((line.category, line.ratio, line.quota) for line in usual),
        timing=(_quarter_timing(connection, rulebook, Period.parse(command.period)),),
        plan=replace(found, lines=lines),
    )


def _campaign_content(connection: Connection, command: ProposePlan) -> PlanContent:
    campaign = command.campaign
    if campaign is None or not command.name.strip():
        raise UserError("还没有填写专项行动的名称。", "请补全后再保存。")
    wanting = [
        words
        for text, words in (
            (campaign.organ, "批准机关"),
            (campaign.document_no, "批准文号"),
            (campaign.scope, "检查范围"),
        )
        if not text.strip()
    ]
    if wanting:
        raise UserError(f"还没有填写{'、'.join(wanting)}。", "专项检查须经批准，请补全。")
    if campaign.number < 1:
        raise UserError("检查家数至少是 1 家。", "请重新填写。")
    campaign = replace(campaign, tags=in_words(read_tags(campaign.tags)))
    unit = read_unit(connection)
    rulebook = rulebooks.of_unit(connection)
    return replace(_base(unit, rulebook, command), scope=campaign.scope, campaign=campaign)


def _base(unit: UnitInfo, rulebook: Rulebook, command: ProposePlan) -> PlanContent:
    report = next((each for each in rulebook.reports if each.code == "plan"), None)
    outside = rulebook.outside_draw
    return PlanContent(
        unit=unit.name,
        rulebook_title=rulebook.document.title,
        rulebook_id=rulebook.id,
        rulebook_version=rulebook.version,
        document_title=unit.document_title,
        document_no=unit.document_no,
        document_valid=unit.document_valid,
        scope=command.scope.strip() or "检查对象名录库中的全部检查对象",
        exemptions=command.exemptions or (outside.value if outside else ()),
        exemptions_article=rulebook.cite(outside.article) if outside else "",
        notes=command.notes.strip(),
        file_to=report.to if report else "",
    )


def _heads(
    connection: Connection, rulebook: Rulebook, unit: UnitInfo, year: Period, given: int | None
) -> planning.CountedHeads:
    level = rulebook.level(unit.level)
    heads = planning.heads_now(connection, level, year, given)
    if level.headcount is None or heads.number is None:
        return heads
    as_of = level.headcount.as_of
    if as_of == "plan_approval":
        words = "年度计划批准时"
    else:
        month, day = as_of.split("-")
        words = f"{year.year}年{int(month)}月{int(day)}日"
    return replace(heads, words=f"{level.headcount.label} {heads.number} 人（{words}）")


def _wishes(connection: Connection, command: ProposePlan) -> tuple[WishLine, ...]:
    """As given, else as the newest version says, else (for a period) as the year's plan says."""
    if command.wishes is not None:
        return command.wishes
    last = newest(connection, command.kind, command.period, command.name)
    if last is not None:
        return last.content.wishes
    if command.kind is PlanKind.PERIOD:
        year = in_force(connection, PlanKind.ANNUAL, f"{Period.parse(command.period).year}")
        if year is not None:
            return packing.unpack(year.content, PlanContent).wishes
    return ()


def as_wish(line: WishLine) -> Wish:
    """A stored line as the rules take it."""
    return Wish(value=Fraction(line.value), reason=line.reason, report=line.report)


def _as_wishes(lines: Iterable[WishLine]) -> dict[str, Wish]:
    return {line.category: as_wish(line) for line in lines}


def again(
    last: PlanView | None,
    kind: PlanKind,
    period: str,
    wishes: tuple[WishLine, ...] | None = None,
    reason: str = "",
) -> ProposePlan:
    """The command that works ``last`` out anew with all it says, or with other numbers."""
    if last is None:
        return ProposePlan(kind=kind, period=period, wishes=wishes, reason=reason)
    content = last.content
    return ProposePlan(
        kind=kind,
        period=period,
        name=last.name,
        headcount=content.headcount if content.headcount_typed else None,
        wishes=content.wishes if wishes is None else wishes,
        scope=content.scope,
        exemptions=content.exemptions,
        notes=content.notes,
        reason=reason,
        campaign=content.campaign,
    )


def wishes_of(content: PlanContent) -> Mapping[str, Wish]:
    """A version's own numbers, as the rules take them."""
    return _as_wishes(content.wishes)


def _timing(connection: Connection, rulebook: Rulebook, year: Period) -> tuple[Timing, ...]:
    return tuple(
        _quarter_timing(connection, rulebook, each) for each in year.contained(Span.QUARTER)
    )


def _quarter_timing(connection: Connection, rulebook: Rulebook, period: Period) -> Timing:
    days = calendar.office_calendar(connection, period.year)
    due = {each.code: each for each in deadlines.for_period(rulebook, period, days)}
    draw = due.get("draw")
    finish = due.get("finish") or due.get("enter")
    rule = next((each for each in rulebook.deadlines if each.code in {"finish", "enter"}), None)
    if finish is not None:
        done = f"{_day(finish.due_on)}前{finish.label}"
    elif rule is not None:
        unit = {DayUnit.WORKING: "个工作日", DayUnit.MONTH: "个月"}.get(rule.unit, "天")
        done = f"任务下发后{rule.days}{unit}内{rule.label}"
    else:
        done = f"{_day(period.last_day)}前完成检查"
    if draw is None:
        held = f"{_day(period.first_day)}前"
    elif draw.due_on < period.first_day:
        held = f"{draw.due_on.year}年{draw.due_on.month}月内"
    else:
        held = f"{_day(draw.due_on)}前"
    return Timing(period=period.in_words(), draw=held, finish=done)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _campaign_words(view: PlanView) -> str:
    campaign = view.content.campaign
    if campaign is None:
        return view.name
    period = Period.parse(view.period).in_words()
    return (
        f"{view.name}（{period}）：{campaign.scope}，{campaign.number}家，"
        f"{campaign.organ}{campaign.document_no}批准"
    )


NO_DOCUMENT = "还没有登记本单位现行文件，“依据”只印细则"


def basis_warnings(unit: UnitInfo, rulebook: Rulebook, period: Period) -> tuple[str, ...]:
    """What does not cover the period: a regulation of one year, the unit's document, or none."""
    document = rulebook.document
    warnings = []
    own_ends = unit.document_valid_to
    if not unit.document_title:
        if document.valid_to is not None and document.valid_to < period.last_day:
            warnings.append(
                f"《{document.title}》只管到{_day(document.valid_to)}，请在“系统”登记本单位现行文件"
            )
        else:
            warnings.append(NO_DOCUMENT)
    elif own_ends is not None and own_ends < period.last_day:
        warnings.append(
            f"现行文件《{unit.document_title}》有效期到{_day(own_ends)}，请登记新的文件"
        )
    elif unit.document_valid_from is not None and unit.document_valid_from > period.first_day:
        since = _day(unit.document_valid_from)
        warnings.append(f"现行文件《{unit.document_title}》{since}才施行，晚于计划期间开始")
    return tuple(warnings)


# --- writing ----------------------------------------------------------------------------------


def propose(uow: UnitOfWork, command: ProposePlan) -> PlanView:
    """Work a plan out and keep it: a proposed version is worked out anew, an approved one stays
    and gets a successor.

    Errors: UserError as for working it out; a missing reason for changing an approved plan.
    """
    connection = uow.session.connection()
    last = newest(connection, command.kind, command.period, command.name)
    content = _content(connection, command, uow.today)
    changes = last is not None and last.state is not PlanState.PROPOSED
    if changes and not command.reason.strip():
        raise UserError(
            f"{plan_title(command.kind, command.period, command.name)}已经批准，不能直接改。",
            "请写明变更的理由，程序另出一版，原来的留存。",
        )
    if last is not None and not changes:
        row = uow.session.get_one(PlanVersion, last.id)
        row.reason = command.reason.strip() or row.reason
    else:
        row = PlanVersion(
            kind=command.kind,
            period=command.period,
            name=command.name.strip(),
            version=1 if last is None else last.version + 1,
            state=PlanState.PROPOSED,
            reason=command.reason.strip(),
        )
        uow.session.add(row)
    row.content, row.made_by, row.made_at = packing.pack(content), uow.actor, uow.now
    detail = {"version": row.version, "total": content.total, "reason": row.reason}
    return _kept(uow, row, "plan.propose", detail)


def _content(connection: Connection, command: ProposePlan, on: date) -> PlanContent:
    work = {PlanKind.ANNUAL: annual_content, PlanKind.PERIOD: period_content}.get(command.kind)
    return work(connection, command, on) if work else _campaign_content(connection, command)


def approve(uow: UnitOfWork, command: ApprovePlan) -> PlanView:
    """Fix a proposed version: from now on draws stand on it.

    Errors: UserError if it is not proposed, a field is missing, a written report is due and not
    recorded, or the directory counts another number of people than the plan says.
    """
    row = _row(uow, command.id, PlanState.PROPOSED, "批准")
    wanting = [
        words
        for text, words in (
            (command.organ, "批准机关"),
            (command.name, "批准人"),
            (command.post, "职务"),
        )
        if not text.strip()
    ]
    if wanting or command.on is None:
        missing = "、".join([*wanting, *(["批准日期"] if command.on is None else [])])
        raise UserError(f"还没有填写{missing}。", "请补全后再登记批准。")
    if command.on > uow.today:
        raise UserError("批准日期在今天之后。", "请核对日期。")
    content = packing.unpack(row.content, PlanContent)
    _refuse_unreported(content)
    _refuse_other_headcount(uow, row, content)
    before = in_force(uow.session.connection(), row.kind, row.period, row.name)
    if before is not None:
        uow.session.get_one(PlanVersion, before.id).state = PlanState.REPLACED
    row.state = PlanState.APPROVED
    row.approved_organ, row.approved_name = command.organ.strip(), command.name.strip()
    row.approved_post, row.approved_on = command.post.strip(), command.on
    row.approved_no = command.document_no.strip()
    detail = {
        "version": row.version,
        "organ": row.approved_organ,
        "name": row.approved_name,
        "no": row.approved_no,
        "on": row.approved_on,
    }
    return _kept(uow, row, "plan.approve", detail)


def _refuse_unreported(content: PlanContent) -> None:
    for each in content.deviations:
        if each.needs_report and not each.report.strip():
            raise UserError(
                f"{each.words}，须书面报告（{each.article}），报告文号还没有登记。",
                "请先打印书面报告报出，再把文号填到“调整比例”里。",
            )


def _refuse_other_headcount(uow: UnitOfWork, row: PlanVersion, content: PlanContent) -> None:
    """The headcount of the day of approval is the one that is fixed."""
    if row.kind is not PlanKind.ANNUAL or content.headcount is None:
        return
    connection = uow.session.connection()
    unit = read_unit(connection)
    level = rulebooks.of_unit(connection).level(unit.level)
    if level.headcount is None or level.headcount.as_of != "plan_approval":
        return
    now = planning.heads_now(connection, level, Period.parse(row.period)).number
    if now is not None and not content.headcount_typed and now != content.headcount:
        raise UserError(
            f"名录库现在是 {now} 人，计划按 {content.headcount} 人拟定。",
            "人数以批准时为准，请先“重新计算”，再登记批准。",
        )


def file(uow: UnitOfWork, command: FilePlan) -> PlanView:
    """Record that an approved version was sent up.

    Errors: UserError if it is not approved, or to whom or when is missing.
    """
    row = _row(uow, command.id, PlanState.APPROVED, "登记上报")
    if not command.to.strip() or command.on is None:
        raise UserError("还没有填写报给谁或报送日期。", "请补全后再登记。")
    if command.on > uow.today or (row.approved_on is not None and command.on < row.approved_on):
        raise UserError("报送日期应在批准之后、今天以前。", "请核对日期。")
    row.state = PlanState.FILED
    row.filed_to, row.filed_on = command.to.strip(), command.on
    row.filed_no, row.filed_by = command.document_no.strip(), command.by.strip()
    detail = {"version": row.version, "to": row.filed_to, "on": row.filed_on, "no": row.filed_no}
    return _kept(uow, row, "plan.file", detail)


def discard(uow: UnitOfWork, command: DiscardPlan) -> None:
    """Take a proposed version away; the ledger keeps that it was there.

    Errors: UserError if it is approved already.
    """
    row = _row(uow, command.id, PlanState.PROPOSED, "删除")
    title, version = plan_title(row.kind, row.period, row.name), row.version
    uow.session.delete(row)
    uow.record("plan.discard", title, {"version": version})
    uow.changed.add("plan")
    uow.commit()


def _row(uow: UnitOfWork, plan_id: int, state: PlanState, what: str) -> PlanVersion:
    row = uow.session.get(PlanVersion, plan_id)
    if row is None or row.state is not state:
        raise UserError(f"这份计划现在不能{what}。", "可能已经由别人办过，请刷新后再看。")
    return row


def _kept(uow: UnitOfWork, row: PlanVersion, action: str, detail: Mapping[str, object]) -> PlanView:
    uow.record(action, plan_title(row.kind, row.period, row.name), detail)
    uow.changed.add("plan")
    uow.commit()
    return one(uow.session.connection(), row.id)
