"""The papers of a plan: the plan itself, and the written report where a ratio was changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from app.db.unit_of_work import UnitOfWork
from app.domain.paper_texts import PaperKind
from app.domain.periods import Period
from app.domain.rulebook import Rulebook
from app.errors import EnvironmentFault, UserError
from app.exchange.files import safe_name, write_atomically
from app.models import PlanKind, PlanState
from app.services import rulebooks
from app.services.draws.draw_papers import completeness_words, deviation_words
from app.services.paperwork import paper_words
from app.services.plans import plans
from app.services.plans.planning import PeriodPlan, PlanLine
from app.services.plans.plans import PlanContent, PlanView

__all__ = [
    "PrintPlan",
    "PrintRatioReport",
    "approved_papers",
    "print_plan",
    "print_ratio_report",
]


@dataclass(frozen=True, slots=True)
class PrintPlan:
    """A version to print into the workspace's ``plan`` folder, or into ``to``."""

    id: int
    to: Path | None = None


@dataclass(frozen=True, slots=True)
class PrintRatioReport:
    """The written report a version's changed ratios ask for."""

    id: int
    to: Path | None = None


def print_plan(uow: UnitOfWork, command: PrintPlan) -> Path:
    """Write a version as PDF; the file's path comes back.

    Errors: UserError if the version is gone, EnvironmentFault if the file cannot be written.
    """
    connection = uow.session.connection()
    view = plans.one(connection, command.id)
    name = f"{view.title}-第{view.version}版.pdf"
    return _write(uow, command.to, name, plan_pdf(connection, view), view)


def print_ratio_report(uow: UnitOfWork, command: PrintRatioReport) -> Path:
    """Write the report on a version's ratios as PDF; the file's path comes back.

    Errors: UserError if no ratio of it needs a report.
    """
    connection = uow.session.connection()
    view = plans.one(connection, command.id)
    name = f"调整抽查比例的报告-{view.title}-第{view.version}版.pdf"
    return _write(uow, command.to, name, report_pdf(uow, connection, view), view)


def _write(uow: UnitOfWork, to: Path | None, name: str, data: bytes, view: PlanView) -> Path:
    folder = to or uow.folder.plan_papers
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentFault("不能建立计划文件夹。", "请检查磁盘空间和写入权限。") from error
    path = folder / safe_name(name)
    write_atomically(path, data)
    uow.record("plan.print", view.title, {"version": view.version, "file": name})
    uow.changed.add("plan")
    uow.commit()
    return path


_KINDS = {
    PlanKind.ANNUAL: PaperKind.ANNUAL_PLAN,
    PlanKind.PERIOD: PaperKind.PERIOD_PLAN,
    PlanKind.CAMPAIGN: PaperKind.CAMPAIGN_PLAN,
}


# --- the plan -----------------------------------------------------------------------------------


def plan_pdf(connection: Connection, view: PlanView) -> bytes:
    """A version's paper."""
    from app.documents import annual_plan, campaign_plan, plan_table

    content = view.content
    rulebook = rulebooks.under(connection, content.rulebook_id, content.rulebook_version)
    head = _head(connection, view, rulebook)
    notes = (content.notes,) if content.notes else ()
    if view.kind is PlanKind.ANNUAL:
        return annual_plan.build(_annual(content, head, notes))
    if content.plan is not None:
        return plan_table.build(_period(content, content.plan, head, notes))
    return campaign_plan.build(_campaign(view, rulebook, head, notes))


def approved_papers(connection: Connection, period: Period) -> dict[str, bytes]:
    """The approved plans of a period and of its year, as PDF by file name."""
    asked = ((PlanKind.ANNUAL, f"{period.year}"), (PlanKind.PERIOD, str(period)))
    views = [view for kind, key in asked for view in plans.versions(connection, kind, key)]
    return {
        safe_name(f"{view.title}-第{view.version}版.pdf"): plan_pdf(connection, view)
        for view in views
        if view.binding
    }


def _head(connection: Connection, view: PlanView, rulebook: Rulebook) -> Any:
    from app.documents.plan_frame import Approval, PlanHead

    content = view.content
    approval = (
        Approval(
            organ=view.approved_organ,
            name=view.approved_name,
            post=view.approved_post,
            on=view.approved_on,
            number=view.approved_no,
        )
        if view.approved_on is not None
        else None
    )
    kind = _KINDS[view.kind]
    text = paper_words.printed(connection, kind, _values(view))
    # “2026年第一季度抽查计划” as lists call it; on paper the unit's own name for it.
    begins = view.title.removesuffix("专项检查计划").removesuffix("抽查计划")
    return PlanHead(
        unit=content.unit,
        title=f"{begins}{text.title}",
        text=text,
        document_number=view.approved_no,
        bases=tuple(_bases(view, rulebook)),
        made_by=view.made_by,
        made_on=view.made_on,
        version=view.version,
        reason=view.reason,
        approval=approval,
        filing=_filing(view),
    )


def _values(view: PlanView) -> dict[str, str]:
    content = view.content
    period = {"单位": content.unit, "期间": Period.parse(view.period).in_words()}
    if view.kind is PlanKind.ANNUAL:
        return {**period, "户次": str(sum(line.total for line in content.lines))}
    number = content.campaign.number if content.campaign is not None else 0
    if content.plan is not None:
        number = sum(line.quota for line in content.plan.lines)
    return {**period, "户数": str(number)}


def _bases(view: PlanView, rulebook: Rulebook) -> Iterator[str]:
    content = view.content
    cited = [line.article for line in content.lines]
    if content.plan is not None:
        cited = [line.article for line in content.plan.lines]
    if view.kind is PlanKind.CAMPAIGN and rulebook.outside_draw is not None:
        cited = [rulebook.outside_draw.article]
    document = rulebook.document
    number = f"（{document.number}）" if document.number else ""
    yield f"《{content.rulebook_title}》{number}{'、'.join(dict.fromkeys(cited))}。"
    if content.document_title:
        parts = [content.document_no]
        parts.append(f"有效期{content.document_valid}" if content.document_valid else "")
        inside = "，".join(part for part in parts if part)
        yield f"《{content.document_title}》{f'（{inside}）' if inside else ''}。"
    if content.plan is not None:
        for approval in content.plan.approvals:
            # A plan does not stand on itself.
            if view.title not in approval:
                yield f"{approval}。"


def _filing(view: PlanView) -> str:
    if view.state is PlanState.FILED or view.filed_on is not None:
        day = view.filed_on
        parts = [f"{day.year}年{day.month}月{day.day}日报{view.filed_to}" if day else view.filed_to]
        parts += [
            part for part in (view.filed_no, view.filed_by and f"经办{view.filed_by}") if part
        ]
        return "，".join(parts)
    return f"批准后报{view.content.file_to}" if view.content.file_to else "规定未要求报送"


def _annual(content: PlanContent, head: Any, notes: tuple[str, ...]) -> Any:
    from app.documents.annual_plan import AnnualFacts, AnnualStratum, QuarterTiming

    return AnnualFacts(
        head=head,
        scope=content.scope.rstrip("。"),
        headcount=content.headcount_words,
        strata=tuple(
            AnnualStratum(
                label=line.label,
                registered=line.base,
                ratio=line.ratio,
                quarters=line.quarters,
                arithmetic=line.in_words(),
                article=line.article,
            )
            for line in content.lines
        ),
        timing=tuple(
            QuarterTiming(period=t.period, draw=t.draw, finish=t.finish) for t in content.timing
        ),
        deviations=tuple(f"{deviation_words(each)}。" for each in content.deviations),
        exemptions=content.exemptions,
        exemptions_article=content.exemptions_article,
        campaigns=content.campaigns,
        notes=notes,
    )


def _period(content: PlanContent, plan: PeriodPlan, head: Any, notes: tuple[str, ...]) -> Any:
    from app.documents.plan_table import PlanFacts

    timing = next(iter(content.timing), None)
    return PlanFacts(
        head=head,
        scope=content.scope.rstrip("。"),
        timing=f"{timing.draw}抽取，{timing.finish}。" if timing else "",
        headcount=plan.headcount_words,
        strata=tuple(_planned(line) for line in plan.lines),
        deviations=tuple(f"{deviation_words(each)}。" for each in plan.deviations),
        people=tuple(_people(plan)),
        notes=notes,
    )


def _planned(line: PlanLine) -> Any:
    from app.documents.plan_table import PlannedStratum

    return PlannedStratum(
        label=line.label,
        registered=line.base,
        covered=line.covered,
        excluded=tuple(f"{words}{count}家" for words, count in line.excluded),
        pool=line.pool,
        ratio=line.ratio,
        arithmetic=line.arithmetic,
        quota=line.quota,
        article=line.article,
    )


def _people(plan: PeriodPlan) -> Iterator[str]:
    eligible = sum(person.eligible for person in plan.people)
    yield f"名录库{len(plan.people)}人，拟定计划时可以参加抽取的{eligible}人。"
    if plan.must_be_listed:
        yield f"{completeness_words(plan)}。"
    elif plan.holders_left_out:
        named = "、".join(f"{each.name}（{each.words}）" for each in plan.holders_left_out)
        yield f"持证而现在不能参加抽取的：{named}。"


def _campaign(view: PlanView, rulebook: Rulebook, head: Any, notes: tuple[str, ...]) -> Any:
    from app.documents.campaign_plan import CampaignFacts

    campaign = view.content.campaign
    if campaign is None:
        raise UserError("这份计划没有专项检查的内容。", "请刷新后再试。")
    day = campaign.approved_on
    on = f"{day.year}年{day.month}月{day.day}日" if day else ""
    more = (campaign.note,) if campaign.note else ()
    return CampaignFacts(
        head=head,
        ordered=f"{campaign.organ}{on}批准，文号{campaign.document_no}",
        scope="，".join(part for part in (campaign.scope.rstrip("。"), campaign.tags) if part),
        period=Period.parse(view.period).in_words(),
        number=campaign.number,
        outside=_outside(rulebook),
        notes=(*more, *notes),
    )


def _outside(rulebook: Rulebook) -> str:
    outside = rulebook.outside_draw
    if outside is not None and any("专项" in each for each in outside.value):
        article = rulebook.cite(outside.article)
        return f"专项检查可以不采取随机抽查方式（{article}）；检查情况另行登记，记入检查频次台账。"
    return "专项检查同样随机抽取检查对象、随机选派执法人员，在限定范围内定向抽取。"


# --- the report ---------------------------------------------------------------------------------


def report_pdf(uow: UnitOfWork, connection: Connection, view: PlanView) -> bytes:
    """The written report of a version; UserError if nothing in it needs one."""
    from app.documents import ratio_report
    from app.documents.ratio_report import RatioReportFacts, ReportedRatio

    content = view.content
    usual = {category: (ratio, number) for category, ratio, number in content.usual}
    lines: list[tuple[Any, int]] = [(line, line.total) for line in content.lines]
    if content.plan is not None:
        lines = [(line, line.quota) for line in content.plan.lines]
    ratios = tuple(
        ReportedRatio(
            label=line.label,
            usual=usual.get(line.category, ("", 0))[0],
            planned=line.ratio,
            usual_number=usual.get(line.category, ("", 0))[1],
            planned_number=number,
            reason=each.reason,
            article=each.article,
        )
        for line, number in lines
        for each in line.deviations
        if each.needs_report
    )
    if not ratios:
        raise UserError("这份计划没有须书面报告的比例调整。", "不用打印书面报告。")
    rulebook = rulebooks.under(connection, content.rulebook_id, content.rulebook_version)
    to = next((each.to for each in rulebook.reports if each.code == "ratio"), content.file_to)
    numbers = [each.report for line, _ in lines for each in line.deviations if each.report]
    return ratio_report.build(
        RatioReportFacts(
            unit=content.unit,
            to=to or "上级生态环境部门",
            document_number=numbers[0] if numbers else "",
            plan=view.title,
            rulebook=content.rulebook_title,
            ratios=ratios,
            issued_on=uow.today,
        )
    )
