"""报表: a month's work sheet, a quarter's report, a year's; every figure opens its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.periods import Period, Span
from app.domain.report import Figure, Line, Measure, OutsideLine, Rate
from app.services.days import report_bases, reporting
from app.services.days.reporting import MakeReport, OutsideRow, ReportMade, ReportView
from app.services.workspace import Workspace
from app.ui.dialogs.desk_details import DetailsDialog
from app.ui.dialogs.files import ask_workbook
from app.ui.dialogs.frequency import LedgerDialog
from app.ui.dialogs.preview import show_file
from app.ui.dialogs.report_course import LoadsView, RatesView, fetch_course
from app.ui.dialogs.rows import RowsDialog
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import operation, query
from app.ui.theme import LIGHT
from app.ui.widgets import EmptyState, Segments, button, label, primary_button
from app.ui.widgets.page import Toaster
from app.ui.widgets.report_chart import ReportChart

__all__ = ["ReportsDialog"]

_SPANS = (("month", "月调度表"), ("quarter", "季度报表"), ("year", "年度报表"))
_TIP = "点一下数字（或按左右键选、按回车），看是哪些"
_BLANK = " "  # an empty cell would say “—”
_SO_MANY = {Span.MONTH: 18, Span.QUARTER: 10, Span.YEAR: 5}
_BLOCKS = (
    ("抽查", (Measure.SITES, Measure.VISITS, Measure.INSPECTED, Measure.DONE)),
    ("公示", (Measure.PUBLISHED, Measure.UNPUBLISHED, Measure.EXEMPT)),
    ("结论", (Measure.NO_PROBLEM, Measure.ORDERED, Measure.CASE, Measure.OTHER)),
    (
        "后续处置",
        (
            Measure.FOLLOWED,
            Measure.RECTIFIED,
            Measure.REFERRED,
            Measure.CASE_ENDED,
            Measure.REVISITED,
            Measure.SETTLED,
        ),
    ),
)
_OUTSIDE = (
    Column("ground", "不经抽取的检查", width=300, stretch=True),
    Column("sites", "户数", ColumnKind.NUMBER, width=72),
    Column("visits", "户次", ColumnKind.NUMBER, width=72),
    Column("findings", "发现问题", ColumnKind.NUMBER, width=90),
    Column("violations", "发现违法", ColumnKind.NUMBER, width=90),
)
_TARGETS = (
    Column("ident", "编号", ColumnKind.CODE, width=160),
    Column("name", "检查对象", width=260, stretch=True),
    Column("category", "类别", width=110),
    Column("address", "地址", width=240),
)
_ENTRIES = (
    Column("on", "检查日期", ColumnKind.DATE),
    Column("target", "检查对象", width=200, stretch=True),
    Column("ground", "情形", width=220),
    Column("kind", "检查类型", width=110),
    Column("finding", "发现问题", width=80),
    Column("violation", "发现违法", width=80),
    Column("source", "文书号", width=140),
)


@dataclass(frozen=True, slots=True)
class _Row:
    """One measure over all lines; cells are words, ``figures`` what they open."""

    block: str
    name: str
    cells: tuple[str, ...]
    opens: tuple[Figure | Rate | int | None, ...]  # 基数 is the bare number
    before: str
    change: str
    earlier: tuple[int, ...] | None = None  # the tasks behind ``before``
    why_not: str = ""  # why a figure “—” opens nothing


def _table_rows(view: ReportView) -> list[_Row]:
    lines = (*view.report.lines, view.report.total)
    nothing = (None,) * len(lines)
    rows = [
        _Row(
            "计划",
            "基数",
            tuple(_words(line.base) for line in lines),
            tuple(line.base for line in lines),
            "",
            "",
            why_not="没有封存的名单，没有基数",
        ),
        _Row(
            _BLANK,
            "比例",
            tuple(line.ratio for line in lines),
            nothing,
            "",
            "",
            why_not="比例只有规定的，没有规定或几类合在一起的不写",
        ),
    ]
    change = {each.measure: each for each in view.changes}
    for block, measures in _BLOCKS:
        for at, measure in enumerate(measures):
            old = change.get(measure)
            rows.append(
                _Row(
                    block if at == 0 else _BLANK,
                    measure.label,
                    tuple(str(line.number(measure)) for line in lines),
                    tuple(line.figures[measure] for line in lines),
                    "" if old is None else str(old.before),
                    "" if old is None else _signed(old.difference),
                    None if old is None else old.tasks,
                )
            )
        rows += _rate_row(block, lines)
    return rows


def _rate_row(block: str, lines: Sequence[Line]) -> list[_Row]:
    if block == "公示":
        rates = tuple(line.completion for line in lines)
        return [_rates("完成率（已公示 ÷ 户数）", rates, "没有应当公示的，没有可比的数")]
    if block == "后续处置":
        rates = tuple(line.settlement for line in lines)
        return [_rates("完结率（处置完结 ÷ 有后续处置）", rates, "没有后续处置的，没有可比的数")]
    return []


def _rates(name: str, rates: tuple[Rate, ...], why_not: str) -> _Row:
    cells = tuple(rate.in_words() for rate in rates)
    opens = tuple(rate if rate.whole else None for rate in rates)
    return _Row(_BLANK, name, cells, opens, "", "", why_not=why_not)


def _hint(at: int, row: _Row) -> str:
    if not row.cells[at]:
        return row.why_not
    return "" if row.opens[at] is None else _TIP


def _hint_before(row: _Row) -> str:
    return _TIP if row.earlier is not None else "基数、比例和比率不与上期比较"


def _words(number: int | None) -> str:
    return "" if number is None else str(number)


def _signed(number: int) -> str:
    return f"{number:+d}" if number else "0"


def _cell(at: int, row: _Row) -> str | None:
    return row.cells[at] or None


def _columns(view: ReportView) -> tuple[Column, ...]:
    lines = (*view.report.lines, view.report.total)
    several = len({line.content for line in view.report.lines}) > 1
    found = [
        Column("block", "", ColumnKind.STRONG, width=84, sort=None),
        Column("name", "项目", width=196, stretch=True, sort=None),
    ]
    for at, line in enumerate(lines):
        title = f"{line.content} {line.label}" if several and line.category else line.label
        found.append(
            Column(
                f"line{at}",
                title,
                ColumnKind.NUMBER,
                width=150 if several else 132,
                value=partial(_cell, at),
                sort=None,
                tip=_TIP,
                hint=partial(_hint, at),
            )
        )
    if view.before_words:
        found.append(
            Column(
                "before",
                view.before_words,
                ColumnKind.NUMBER,
                width=132,
                sort=None,
                tip=_TIP,
                hint=_hint_before,
            )
        )
        found.append(Column("change", "增减", ColumnKind.NUMBER, width=72, sort=None))
    return tuple(found)


class ReportsDialog(QDialog):
    """Choose span and period; the table, the chart, what was inspected outside the draw."""

    def __init__(
        self,
        parent: QWidget | None,
        workspace: Workspace,
        toast: Toaster,
        open_task: Callable[[int], object],
        *,
        period: str = "",
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("调度表和报表")
        self.workspace, self._toast, self._open_task = workspace, toast, open_task
        self.view: ReportView | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 16, 20, 14)
        outer.setSpacing(10)
        outer.addLayout(self._head())
        self.tabs = QTabWidget()
        self.table = PlainTable((), name="report", sortable=False)
        self._room = QVBoxLayout()
        self._room.setContentsMargins(0, 0, 0, 0)
        self._room.addWidget(self.table)
        first = QWidget()
        first.setLayout(self._room)
        self.tabs.addTab(first, "报表")
        self.chart = ReportChart()
        self.chart.measure_clicked.connect(self._on_measure)
        self.no_chart = EmptyState("上期没有抽查，没有可以比较的数字。", icon_name="columns")
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.addWidget(self.no_chart)
        column.addWidget(self.chart)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(holder)
        self.tabs.addTab(scroll, "与上期比较")
        self.tabs.addTab(self._outside_page(), "不经抽取的检查")
        self.rates = RatesView(workspace, toast, self._go_to)
        self.loads = LoadsView(workspace, toast, self._go_to)
        self.tabs.addTab(self.rates, "各季度走势")
        self.tabs.addTab(self.loads, "每人任务量")
        outer.addWidget(self.tabs, 1)
        outer.addLayout(self._foot())
        self.setStyleSheet(f"QDialog {{ background: {LIGHT.surface}; }}")
        self.resize(1180, 640)
        asked = Period.parse(period) if period else None
        if asked is not None and asked.span.value in dict(_SPANS):
            self.spans.choose(asked.span.value)
        self._fill_periods(str(asked) if asked else "")

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(10)
        self.spans = Segments(_SPANS)
        self.spans.choose("quarter")
        self.spans.chosen.connect(lambda _key: self._fill_periods(""))
        head.addWidget(self.spans)
        self.periods = QComboBox()
        self.periods.setMinimumWidth(170)
        self.periods.setAccessibleName("期间")
        self.periods.currentIndexChanged.connect(lambda _at: self.refresh())
        head.addWidget(self.periods)
        self.said = label("", "secondary")
        head.addWidget(self.said)
        head.addStretch(1)
        return head

    def _outside_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 8, 0, 0)
        basis = self.workspace.rulebook.outside_draw
        words = (
            f"不经抽取也可以检查的情形，依据{self.workspace.rulebook.cite(basis.article)}。"
            if basis
            else "本细则没有列出不经抽取的情形，按检查类型统计。"
        )
        column.addWidget(label(f"{words}点一下数字看是哪些检查。", "secondary", wrap=True))
        self.outside = PlainTable(
            _OUTSIDE, name="outside", empty=EmptyState("本期没有不经抽取的检查。")
        )
        self.outside.row_activated.connect(lambda row: self._show_outside(row.ground))
        self.outside.grid.clicked.connect(self._on_outside_cell)
        column.addWidget(self.outside, 1)
        row = QHBoxLayout()
        self.record_button = button("登记检查…", self._record, "plus")
        row.addWidget(self.record_button)
        row.addWidget(button("全部明细", lambda: self._show_outside("")))
        row.addStretch(1)
        column.addLayout(row)
        return page

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        self.workbook_button = button("导出 Excel", self._ask_workbook, "download")
        self.paper_button = button("预览和打印", lambda: self.make(None), "print")
        foot.addWidget(self.workbook_button)
        foot.addWidget(self.paper_button)
        foot.addStretch(1)
        foot.addWidget(primary_button("关闭", self.accept))
        return foot

    # -- filling -----------------------------------------------------------

    @property
    def period(self) -> str:
        """The chosen period."""
        return str(self.periods.currentData() or "")

    def _fill_periods(self, wanted: str) -> None:
        span = Span(str(self.spans.key))
        at = Period.of(self.workspace.clock().astimezone().date(), span)
        self.periods.blockSignals(True)
        self.periods.clear()
        for _number in range(_SO_MANY[span]):
            self.periods.addItem(at.in_words(), str(at))
            if at.index > 1:
                at = replace(at, index=at.index - 1)
            else:
                at = replace(at, year=at.year - 1, index=12 // span.months)
        self.periods.setCurrentIndex(max(self.periods.findData(wanted), 0))
        self.periods.blockSignals(False)
        self.refresh()

    def refresh(self) -> None:
        """Count again."""
        workspace, period = self.workspace, self.period
        today = workspace.clock().astimezone().date()
        query(self, lambda: workspace.read(reporting.report, period, today)).key("report").success(
            self._show
        ).run_in_background()
        fetch_course(self, workspace, period, (self.rates, self.loads))

    def show_course(self) -> None:
        """Open at the rates over the quarters."""
        self.tabs.setCurrentWidget(self.rates)

    def _show(self, view: ReportView) -> None:
        self.view = view
        self.said.setText(f"数字截至 {view.as_of}；点一下数字（或按左右键选、按回车），看是哪些")
        table = PlainTable(_columns(view), name="report", sortable=False)
        table.set_rows(_table_rows(view))
        table.grid.clicked.connect(self._on_cell)
        table.row_activated.connect(self._on_row)
        table.grid.selectionModel().currentChanged.connect(lambda at, _old: self._on_current(at))
        self._room.replaceWidget(self.table, table)
        self.table.deleteLater()
        self.table = table
        compared = bool(view.before_words)
        self.chart.setVisible(compared)
        self.no_chart.setVisible(not compared)
        self.chart.show_changes(view.changes, view.period_words, view.before_words)
        self.outside.set_rows(view.report.outside)

    # -- behind a figure ---------------------------------------------------

    def _on_cell(self, index: QModelIndex) -> None:
        row = self.table.model.row_at(index.row())
        if isinstance(row, _Row):
            self._open_at(row, index.column() - 2)

    def _on_current(self, index: QModelIndex) -> None:
        """Say which figure the arrow keys came to: the row is marked, not the cell."""
        row = self.table.model.row_at(index.row())
        at = index.column() - 2
        if self.view is None or not isinstance(row, _Row) or not 0 <= at < len(row.opens):
            return
        line = (*self.view.report.lines, self.view.report.total)[at]
        what = "，回车看是哪些" if row.opens[at] is not None else f"：{row.why_not}"
        if row.cells[at] and row.opens[at] is None:
            what = ""
        self.said.setText(f"数字截至 {self.view.as_of}；{line.label} · {row.name}{what}")

    def _on_row(self, row: _Row) -> None:
        """Enter opens the figure the arrow keys chose; before any was chosen, the sum."""
        at = self.table.grid.currentIndex().column() - 2
        self._open_at(row, at if at >= 0 else len(row.opens) - 1)

    def _open_at(self, row: _Row, at: int) -> None:
        if self.view is None:
            return
        if at == len(row.opens) and row.earlier is not None:
            words = f"{self.view.before_words}合计：{row.name}"
            if self.view.before_as_of is not None:
                self._open_rows(words, row.earlier, self.view.before_as_of)
        elif 0 <= at < len(row.opens):
            line = (*self.view.report.lines, self.view.report.total)[at]
            title = f"{line.label}：{row.name}"
            match row.opens[at]:
                case Figure() as figure:
                    self._open(title, figure)
                case Rate() as rate:
                    left = line.number(Measure.EXEMPT) if row.name.startswith("完成率") else 0
                    less = f"（不公示的 {left} 项不计入）" if left else ""
                    self._open_rate(f"{title}，{rate.part} ÷ {rate.whole}{less}", rate)
                case int():
                    self._open_base(title, line)

    def _on_measure(self, measure: Measure) -> None:
        if self.view is not None:
            self._open(f"合计：{measure.label}", self.view.report.total.figures[measure])

    def _open(self, title: str, figure: Figure) -> None:
        if self.view is not None:
            self._open_rows(title, figure.tasks, self.view.as_of)

    def _open_rows(self, title: str, tasks: Sequence[int], as_of: date) -> None:
        workspace = self.workspace
        self.details = DetailsDialog(
            self,
            title,
            lambda: workspace.read(reporting.behind, tasks, as_of),
            self._go_to,
        )
        self.details.open()

    def _open_rate(self, title: str, rate: Rate) -> None:
        """Everything the rate is taken of; what counts in it is marked."""
        if self.view is None:
            return
        workspace, as_of = self.workspace, self.view.as_of
        self.details = DetailsDialog(
            self,
            title,
            lambda: workspace.read(reporting.behind_rate, rate, as_of),
            self._go_to,
        )
        self.details.open()

    def _open_base(self, title: str, line: Line) -> None:
        """The targets that were counted when the list was sealed."""
        workspace, view = self.workspace, self.view
        if view is None:
            return
        query(
            self,
            lambda: workspace.read(report_bases.base_rows, view, line.content, line.category),
        ).key("base").success(lambda found: self._show_base(title, found)).run_in_background()

    def _show_base(self, title: str, found: report_bases.Counted) -> None:
        note = f"名单封存时在册、计入基数的检查对象（{'、'.join(found.draws)}），不说明抽到了谁。"
        if found.unknown:
            note += f"另有 {found.unknown} 家当时计入基数，但较早的封存没有留下是哪些。"
        self.bases = RowsDialog(
            self, title, _TARGETS, found.rows, note=note, nothing="基数为 0。", unit="家"
        )
        self.bases.open()

    def _go_to(self, task: int) -> None:
        self.accept()
        self._open_task(task)

    # -- outside the draw --------------------------------------------------

    def _on_outside_cell(self, index: QModelIndex) -> None:
        """A click on a number opens what it counts."""
        row = self.outside.model.row_at(index.row())
        if isinstance(row, OutsideLine) and index.column() > 0:
            self._show_outside(row.ground, _OUTSIDE[index.column()].key)

    def _show_outside(self, ground: str, counted: str = "") -> None:
        workspace, period = self.workspace, self.period

        def fetch() -> tuple[OutsideRow, ...]:
            rows = workspace.read(reporting.outside_rows, period)
            return tuple(
                row
                for row in rows
                if (not ground or row.ground == ground)
                and (counted != "findings" or row.finding)
                and (counted != "violations" or row.violation)
            )

        query(self, fetch).success(lambda rows: self._on_outside(ground, rows)).run_in_background()

    def _on_outside(self, ground: str, rows: tuple[OutsideRow, ...]) -> None:
        title = ground or "不经抽取的检查"
        self.entries = RowsDialog(self, title, _ENTRIES, rows, nothing="本期没有这样的检查。")
        self.entries.open()

    def _record(self) -> None:
        """The frequency ledger is where a target is chosen and its inspection typed in."""
        year = Period.parse(self.period).year
        self.ledger = LedgerDialog(self, self.workspace, year, self._toast)
        self.ledger.finished.connect(lambda _code: self.refresh())
        self.ledger.open()

    # -- out ---------------------------------------------------------------

    def _ask_workbook(self) -> None:
        path = ask_workbook(self, "报表存到哪里", f"{self._title()}.xlsx")
        if path is not None:
            self.make(path)

    def _title(self) -> str:
        return self.workspace.read(reporting.title_of, Period.parse(self.period))

    def make(self, path: Path | None) -> None:
        """Write the report where the person said, or print it: seen first."""
        workspace, command = self.workspace, MakeReport(period=self.period, path=path)
        operation(self, lambda: workspace.write(reporting.make, command)).key("make").progress(
            "正在生成报表"
        ).success(self._on_made).run_in_background()

    def _on_made(self, made: ReportMade) -> None:
        if made.path.suffix == ".pdf":
            show_file(self, made.path)
        words = f"已生成；“{made.duty}”已登记办结" if made.duty else "报表已生成"
        self._toast(words, "打开", lambda: show_file(self, made.path))
