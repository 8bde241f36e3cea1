"""月调度表, 季度报表, 年度报表: figures with the tasks behind them, as workbook and on paper.

A month's sheet speaks of its last day; quarter and year of the day they are made (publication and
rectification run on after the period's end).  Either way everything is read as it stood that day
(``db.read.standings``): made again later for the same day, the sheet says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, select

from app.db.read import desk_details
from app.db.read.desk_details import DetailRow
from app.db.unit_of_work import UnitOfWork
from app.documents import report_form, words
from app.documents.report_course import CourseFacts, CoursePanel
from app.domain import report as figures
from app.domain.paper_texts import PaperKind
from app.domain.periods import Period, Span
from app.domain.report import Measure, Rate
from app.domain.rule_facts import InspectionKind
from app.domain.trend import Course, TrendRate
from app.errors import UserError
from app.exchange.files import safe_name, write_atomically
from app.exchange.writing import Table, workbook, write_tables
from app.models import (
    InspectionEntry,
    Target,
)
from app.services import rulebooks
from app.services.days import calendar, duties, report_tables, trends
from app.services.days.duties import DutyState, FinishDuty
from app.services.days.report_counts import OUTSIDE, as_of_day, compute, count, ground_of
from app.services.days.report_tables import ReportView
from app.services.packages import package_tables
from app.services.paperwork import paper_words
from app.services.paperwork.numbering import paper_folder
from app.services.plans.planning import PeriodPlan
from app.services.workspace import read_unit

__all__ = [
    "MakeReport",
    "OutsideRow",
    "ReportMade",
    "ReportView",
    "behind",
    "behind_rate",
    "files",
    "make",
    "outside_rows",
    "public_report",
    "report",
    "tables",
    "title_of",
]

_DUTY = {Span.MONTH: "report_month", Span.QUARTER: "report_quarter"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeReport:
    """Write the report of a period to ``path``: .xlsx or .pdf by its suffix.

    Without a path it is printed into the workspace's own ``paper`` folder.  ``as_of``: the day it
    speaks of, to make an earlier one again; None is today.
    """

    period: str
    path: Path | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMade:
    """Where it lies; ``duty``: the recurring duty it ticked off, empty if none; what it says."""

    path: Path
    duty: str
    view: ReportView


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideRow:
    """One inspection outside the draw, as the list shows it."""

    id: int
    on: date
    target: str
    ground: str
    kind: str
    finding: bool
    violation: bool
    source: str


_KINDS = {
    Span.MONTH: PaperKind.MONTH_SHEET,
    Span.QUARTER: PaperKind.QUARTER_REPORT,
    Span.HALF: PaperKind.HALF_REPORT,
}


def kind_of(period: Period) -> PaperKind:
    """Which paper a period's report is."""
    return _KINDS.get(period.span, PaperKind.YEAR_REPORT)


def title_of(connection: Connection, period: Period) -> str:
    """“2026年9月双随机抽查工作调度表”, or what the unit calls it."""
    return f"{period.in_words()}{paper_words.words_of(connection, kind_of(period)).title}"


def report(connection: Connection, period: str, today: date) -> ReportView:
    """The figures of a period; UserError if it has not begun."""
    asked = Period.parse(period)
    if asked.first_day > today:
        raise UserError(f"{asked.in_words()}还没有开始。", "请选择已经开始的期间。")
    now = compute(connection, asked, as_of_day(asked, today))
    earlier = _previous(asked)
    before = compute(connection, earlier, as_of_day(earlier, today))
    some = bool(before.total.number(Measure.SITES) or any(x.visits for x in before.outside))
    return ReportView(
        title=title_of(connection, asked),
        period=str(asked),
        period_words=asked.in_words(),
        as_of=as_of_day(asked, today),
        report=now,
        before_words=earlier.in_words() if some else "",
        changes=figures.changes(now, before) if some else (),
        before_as_of=as_of_day(earlier, today),
    )


def public_report(
    connection: Connection, period: str, today: date, plan: PeriodPlan
) -> tuple[ReportView, frozenset[Measure]]:
    """The report for everybody, and what its sum must not say.

    Until all are inspected no line may tell who was drawn: categories that would are put together,
    as on the public page; where even that tells, the sum is left, without how many were drawn.
    """
    asked = Period.parse(period)
    view = report(connection, period, today)
    total = view.report.total
    if total.number(Measure.INSPECTED) == len(total.figures[Measure.SITES].tasks):
        return view, frozenset()
    counted = count(connection, asked, view.as_of)
    speaking, alone = package_tables.told_apart(plan)
    content = next((each.content for each in counted.bases), "")
    tasks, bases = figures.together(
        counted.tasks, counted.bases, {(content, code) for code in alone}
    )
    shown = figures.compute(tasks, bases, counted.outside, counted.grounds)
    if not alone:
        shown = replace(shown, lines=())
    quiet = replace(view, report=shown, before_words="", changes=())
    return quiet, frozenset() if speaking else figures.TELLING


def tables(connection: Connection, view: ReportView) -> tuple[Table, ...]:
    """The whole report with the tasks behind 户数, names under embargo left out."""
    tasks = view.report.total.figures[Measure.SITES].tasks
    return report_tables.sealed(view, behind(connection, tasks, view.as_of))


def behind(connection: Connection, tasks: Sequence[int], as_of: date) -> tuple[DetailRow, ...]:
    """The tasks a figure is made of as they stood on its day, a name under embargo left out."""
    return desk_details.behind_tasks(connection, tasks, as_of)


def behind_rate(connection: Connection, rate: Rate, as_of: date) -> tuple[DetailRow, ...]:
    """The tasks a rate is taken of as they stood on its day; those that count are marked."""
    return desk_details.behind_rate(connection, rate.counted, rate.tasks, as_of)


def outside_rows(connection: Connection, period: str) -> tuple[OutsideRow, ...]:
    """Every inspection outside the draw in a period, the newest first."""
    asked = Period.parse(period)
    rows = connection.execute(
        select(InspectionEntry.__table__, Target.name)
        .join(Target, Target.id == InspectionEntry.target_id)
        .where(
            OUTSIDE,
            InspectionEntry.on >= asked.first_day,
            InspectionEntry.on <= asked.last_day,
        )
        .order_by(InspectionEntry.on.desc(), InspectionEntry.id)
    )
    return tuple(
        OutsideRow(
            id=row.id,
            on=row.on,
            target=row.name,
            ground=ground_of(row.ground, row.kind),
            kind=InspectionKind(row.kind).label,
            finding=row.finding,
            violation=row.violation,
            source=row.source,
        )
        for row in rows
    )


def make(uow: UnitOfWork, command: MakeReport) -> ReportMade:
    """Write the report, and tick off the year's duty it fulfils once its period is over.

    Errors: UserError (period not begun, day ahead, no such format), EnvironmentFault (disk, file
    open).
    """
    connection = uow.session.connection()
    if command.as_of is not None and command.as_of > uow.today:
        raise UserError(f"{command.as_of} 还没有到。", "截至的日期应在今天或以前。")
    view = report(connection, command.period, command.as_of or uow.today)
    unit = read_unit(connection)
    path = command.path or paper_folder(uow) / safe_name(f"{view.title}.pdf")
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        write_tables(path, _sheets(connection, view))
    elif suffix == ".pdf":
        write_atomically(path, report_form.build(_paper(view, unit.name, uow)))
    else:
        raise UserError("报表只能存成 xlsx 或 pdf。", "请换一个文件名。")
    uow.record("report.make", view.period, {"file": path.name, "as_of": view.as_of})
    uow.commit()
    return ReportMade(path=path, duty=_tick(uow, command.period, path), view=view)


def files(uow: UnitOfWork, period: str) -> dict[str, bytes]:
    """The report of a period as workbook and on paper, by file name; none before it begins."""
    connection = uow.session.connection()
    if Period.parse(period).first_day > uow.today:
        return {}
    view = report(connection, period, uow.today)
    book = workbook(_sheets(connection, view))
    paper = report_form.build(_paper(view, read_unit(connection).name, uow))
    return {f"{view.title}.pdf": paper, f"{view.title}.xlsx": book}


def _tick(uow: UnitOfWork, period: str, path: Path) -> str:
    """Finish the duty of this period's report: the first day due after the period's end."""
    asked = Period.parse(period)
    code = _DUTY.get(asked.span)
    if code is None or uow.today <= asked.last_day:
        return ""
    connection = uow.session.connection()
    rulebook = rulebooks.of_unit(connection)
    first = asked.next().first_day
    days = calendar.office_calendar(connection, first.year)
    for deadline, row in duties.duties_of(connection, rulebook, first.year, days, uow.today):
        if deadline.code != code or not first <= deadline.due_on <= asked.next().last_day:
            continue
        if row.state is DutyState.DONE:
            return ""
        duties.finish(
            uow,
            FinishDuty(code=code, due_on=deadline.due_on, done_on=uow.today, note=path.name),
        )
        return row.label
    return ""


def _previous(period: Period) -> Period:
    if period.index > 1:
        return Period(period.year, period.span, period.index - 1)
    return Period(period.year - 1, period.span, 12 // period.span.months)


# --- paper -------------------------------------------------------------------------------------


def _paper(view: ReportView, unit: str, uow: UnitOfWork) -> report_form.ReportFacts:
    rulebook = rulebooks.of_unit(uow.session.connection())
    lines = tuple(
        report_form.ReportLine(
            content=line.content,
            label=line.label if line.category else "",
            base=line.base,
            ratio=line.ratio,
            drawn=tuple(line.number(each) for each in report_tables.DRAWN),
            public=tuple(line.number(each) for each in report_tables.PUBLIC),
            completion=line.completion.in_words(),
            concluded=tuple(line.number(each) for each in report_tables.CONCLUDED),
            afterwards=tuple(line.number(each) for each in report_tables.AFTERWARDS),
            settlement=line.settlement.in_words(),
        )
        for line in (*view.report.lines, view.report.total)
    )
    outside = rulebook.outside_draw
    period = Period.parse(view.period)
    values = {
        "单位": unit,
        "期间": view.period_words,
        "截至日期": words.day(view.as_of),
        "制表人": uow.actor,
    }
    return report_form.ReportFacts(
        unit=unit,
        title=view.title,
        text=paper_words.printed(uow.session.connection(), kind_of(period), values),
        period=view.period_words,
        as_of=view.as_of,
        made_by=uow.actor,
        basis=rulebook.document.title,
        drawn_heads=tuple(each.label for each in report_tables.DRAWN),
        public_heads=tuple(each.label for each in report_tables.PUBLIC),
        concluded_heads=tuple(each.label for each in report_tables.CONCLUDED),
        afterwards_heads=tuple(each.label for each in report_tables.AFTERWARDS),
        lines=lines,
        before=view.before_words,
        compared=tuple((c.measure.label, c.now, c.before) for c in view.changes),
        outside=tuple(
            (each.ground, each.sites, each.visits, each.findings, each.violations)
            for each in view.report.outside
        ),
        outside_basis=rulebook.cite(outside.article) if outside else "",
        course=_course(uow, period, view.as_of),
    )


def _sheets(connection: Connection, view: ReportView) -> tuple[Table, ...]:
    """The workbook a person keeps: the report, and the course over the quarters with the loads."""
    course = _quarters(connection, Period.parse(view.period), view.as_of)
    more = () if course is None else report_tables.course(course)
    return (*tables(connection, view), *more)


def _quarters(connection: Connection, period: Period, as_of: date) -> Course | None:
    """The quarters until the report's; a month's sheet has none, nor has an office's first day."""
    if period.span is Span.MONTH:
        return None
    found = trends.course(connection, trends.last_quarter(period, as_of), as_of)
    return found if found.loads else None


def _course(uow: UnitOfWork, period: Period, as_of: date) -> CourseFacts | None:
    found = _quarters(uow.session.connection(), period, as_of)
    if found is None:
        return None
    return CourseFacts(
        quarters=tuple(
            (each.year, head[-2:]) for each, head in zip(found.quarters, found.heads, strict=True)
        ),
        panels=tuple(
            CoursePanel(
                label=line.label,
                formula=line.rate.formula,
                points=tuple((point.part, point.whole) for point in line.points),
                drawn=not line.category,
            )
            for line in found.lines
        ),
        loads=tuple((each.name, each.counts) for each in found.loads),
        note="；".join(f"{each.label} = {each.formula}" for each in TrendRate) + "。"
        "周期覆盖率按现在在册的对象计。",
    )
