"""The report's tables: one set, for its workbook, for packages and for the archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.db.read import desk_details
from app.db.read.desk_details import DetailRow
from app.domain.fields import FieldKind
from app.domain.outgoing import REPORT
from app.domain.report import Change, Line, Measure, Report
from app.domain.trend import Course
from app.exchange.sheets import Cell
from app.exchange.writing import Column, Table, columns_of

__all__ = ["AFTERWARDS", "CONCLUDED", "DRAWN", "PUBLIC", "ReportView", "course", "public", "sealed"]

DRAWN = (Measure.SITES, Measure.VISITS, Measure.INSPECTED, Measure.DONE)
PUBLIC = (Measure.PUBLISHED, Measure.UNPUBLISHED, Measure.EXEMPT)
CONCLUDED = (Measure.NO_PROBLEM, Measure.ORDERED, Measure.CASE, Measure.OTHER)
AFTERWARDS = (
    Measure.FOLLOWED,
    Measure.RECTIFIED,
    Measure.REFERRED,
    Measure.CASE_ENDED,
    Measure.REVISITED,
    Measure.SETTLED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """A report beside the period before; ``as_of``: the day its figures speak of.

    ``before_words`` empty: there was nothing before to compare with; ``before_as_of``: the day the
    period before is read on.
    """

    title: str
    period: str
    period_words: str
    as_of: date
    report: Report
    before_words: str
    changes: tuple[Change, ...]
    before_as_of: date | None = None


def sealed(view: ReportView, rows: Sequence[DetailRow]) -> tuple[Table, ...]:
    """Everything; ``rows`` are the tasks behind 户数."""
    return (
        _main(view, frozenset()),
        _outside_table(view),
        *_compared_table(view),
        _rows_table(rows),
    )


def public(view: ReportView, quiet: frozenset[Measure]) -> tuple[Table, ...]:
    """Figures only; ``quiet``: what the sum must not say."""
    return _main(view, quiet), _outside_table(view)


def course(found: Course) -> tuple[Table, Table]:
    """各季度走势, share and numbers of each quarter side by side, and 每人任务量."""
    rates = [Column("项目", FieldKind.TEXT, 26), Column("算法", FieldKind.TEXT, 40)]
    loads = [Column("人员", FieldKind.TEXT, 16)]
    for head in found.heads:
        rates += [
            Column(f"{head}（%）", FieldKind.NUMBER, 14),
            Column(f"{head}分子", FieldKind.NUMBER, 14),
            Column(f"{head}分母", FieldKind.NUMBER, 14),
        ]
        loads.append(Column(head, FieldKind.NUMBER, 12))
    rows: list[tuple[Cell, ...]] = []
    for line in found.lines:
        cells: list[Cell] = [line.label, line.rate.formula]
        for point in line.points:
            share = round(point.part * 100 / point.whole, 1) if point.whole else None
            cells += [share, point.part, point.whole]
        rows.append(tuple(cells))
    people: list[tuple[Cell, ...]] = [(each.name, *each.counts, each.total) for each in found.loads]
    return (
        Table("各季度走势", tuple(rates), rows, "各季度走势"),
        Table(
            "每人任务量（家次）",
            (*loads, Column("合计", FieldKind.NUMBER, 10)),
            people,
            "每人任务量",
        ),
    )


def _main(view: ReportView, quiet: frozenset[Measure]) -> Table:
    rows = [_cells(line, frozenset()) for line in view.report.lines]
    rows.append(_cells(view.report.total, quiet))
    title = f"{view.title}（截至{view.as_of}）"
    return Table(title, columns_of(REPORT), rows, "报表", "reports")


def _cells(line: Line, quiet: frozenset[Measure]) -> tuple[Cell, ...]:
    def numbers(measures: Sequence[Measure]) -> list[Cell]:
        return [None if each in quiet else line.number(each) for each in measures]

    return (
        line.content,
        line.label,
        line.base,
        line.ratio or None,
        *numbers((*DRAWN, *PUBLIC)),
        None if quiet else line.completion.in_words() or None,
        *numbers((*CONCLUDED, *AFTERWARDS)),
        line.settlement.in_words() or None,
    )


def _outside_table(view: ReportView) -> Table:
    columns = (
        Column("不经抽取的检查", FieldKind.TEXT, 40),
        Column("户数", FieldKind.NUMBER, 8),
        Column("户次", FieldKind.NUMBER, 8),
        Column("发现问题", FieldKind.NUMBER, 10),
        Column("发现违法", FieldKind.NUMBER, 10),
    )
    rows = [
        (each.ground, each.sites, each.visits, each.findings, each.violations)
        for each in view.report.outside
    ]
    return Table("不经抽取的检查", columns, rows, "不经抽取的检查")


def _compared_table(view: ReportView) -> tuple[Table, ...]:
    if not view.changes:
        return ()
    columns = (
        Column("项目", FieldKind.TEXT, 30),
        Column(view.period_words, FieldKind.NUMBER, 16),
        Column(view.before_words, FieldKind.NUMBER, 16),
        Column("增减", FieldKind.NUMBER, 10),
    )
    rows = [(each.measure.label, each.now, each.before, each.difference) for each in view.changes]
    return (Table("与上期比较", columns, rows, "与上期比较"),)


def _rows_table(found: Sequence[DetailRow]) -> Table:
    """The rows behind 户数; a target not inspected yet has its public number only."""
    columns = (
        Column("抽取序号", FieldKind.CODE, 14),
        Column("检查对象", FieldKind.TEXT, 36),
        Column("进展", FieldKind.TEXT, 12),
        Column("检查日期", FieldKind.DATE, 12),
        Column("结论", FieldKind.TEXT, 26),
        Column("公示日期", FieldKind.DATE, 12),
        Column("整改完成", FieldKind.DATE, 12),
    )
    rows = [
        (
            row.serial,
            row.name or desk_details.SECRET,
            row.progress,
            row.inspected_on,
            row.conclusion or None,
            row.published_on,
            row.rectified_on,
        )
        for row in found
    ]
    return Table("明细", columns, rows, "明细")
