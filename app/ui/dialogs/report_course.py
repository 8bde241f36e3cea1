"""走势 beside the reports: rates over the quarters, each inspector's load, as charts to take along.

A chart's every column and a table's every number open the rows they are made of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QIODevice, QModelIndex, QSaveFile
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.db.read import desk_details
from app.db.read.desk_details import CoveredRow, DetailRow
from app.domain.periods import Period
from app.domain.trend import Course, CourseLine, PersonLoad
from app.services.days import trends
from app.services.workspace import Workspace
from app.ui.dialogs.desk_details import DetailsDialog
from app.ui.dialogs.files import ask_file
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import query
from app.ui.widgets import EmptyState, button, label
from app.ui.widgets.page import Toaster
from app.ui.widgets.trend_chart import PersonLoadsChart, PointBehind, TrendChart

__all__ = ["LoadsView", "RatesView", "fetch_course"]

_ROW, _HEAD, _FOOT = 32, 38, 40
_PICTURES = "图片 (*.png)"


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of figures; ``made_of``: what it was made from."""

    id: int
    name: str
    cells: tuple[str, ...]
    made_of: CourseLine | PersonLoad


def _cell(at: int, row: _Row) -> str | None:
    return row.cells[at] or None


class _CourseView(QWidget):
    """A chart with its numbers below, and buttons that take the chart elsewhere."""

    def __init__(
        self,
        workspace: Workspace,
        toast: Toaster,
        open_task: Callable[[int], object],
        chart: TrendChart | PersonLoadsChart,
        name: str,
    ) -> None:
        super().__init__()
        self.workspace, self._toast, self._open_task = workspace, toast, open_task
        self.chart, self._name = chart, name
        self.course: Course | None = None
        self.chart.chosen.connect(self._on_chosen)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 8, 0, 0)
        head = QHBoxLayout()
        self.said = label("", "secondary")
        head.addWidget(self.said, 1)
        self.copy_button = button("复制图片", self.copy_picture, "copy")
        self.save_button = button("存为图片…", self._ask_picture, "download")
        head.addWidget(self.copy_button)
        head.addWidget(self.save_button)
        outer.addLayout(head)
        self.empty = EmptyState("这些季度还没有抽查，没有可以画的数字。", icon_name="columns")
        outer.addWidget(self.empty)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        inside = QWidget()
        inside.setObjectName("pageBody")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 4, 12, 4)
        self._column.addWidget(self.chart)
        self.table = PlainTable((), name="course", sortable=False)
        self._column.addWidget(self.table)
        self._column.addStretch(1)
        self.area.setWidget(inside)
        outer.addWidget(self.area, 1)

    # -- filling -----------------------------------------------------------

    def show_course(self, course: Course) -> None:
        """Show these quarters, or say that there is nothing yet."""
        self.course = course
        some = bool(course.loads) or any(p.part for line in course.lines for p in line.points)
        self.empty.setVisible(not some)
        self.area.setVisible(some)
        for each in (self.copy_button, self.save_button):
            each.setEnabled(some)
        self.said.setText(self.words(course) if some else "")
        self.chart.show_course(course)
        rows = self.rows(course)
        table = PlainTable(self._columns(course), name="course", sortable=False)
        table.set_rows(rows)
        table.setFixedHeight(_HEAD + _ROW * max(len(rows), 1) + _FOOT)
        table.grid.clicked.connect(self._on_cell)
        table.row_activated.connect(lambda row: self._open(row, len(course.quarters) - 1))
        self._column.replaceWidget(self.table, table)
        self.table.deleteLater()
        self.table = table

    def words(self, course: Course) -> str:
        """One line over the chart."""
        raise NotImplementedError

    def rows(self, course: Course) -> list[_Row]:
        """The table's lines."""
        raise NotImplementedError

    def _columns(self, course: Course) -> tuple[Column, ...]:
        found = [Column("name", "项目", ColumnKind.STRONG, width=150, stretch=True, sort=None)]
        for at, head in enumerate(self.heads(course)):
            found.append(
                Column(
                    f"at{at}",
                    head,
                    ColumnKind.NUMBER,
                    width=116,
                    value=partial(_cell, at),
                    sort=None,
                    tip="点一下数字，看是哪些家",
                )
            )
        return tuple(found)

    def heads(self, course: Course) -> tuple[str, ...]:
        """The table's columns after the name."""
        return course.heads

    # -- behind a number ---------------------------------------------------

    def _on_cell(self, index: QModelIndex) -> None:
        row = self.table.model.row_at(index.row())
        if isinstance(row, _Row) and index.column() > 0:
            self._open(row, index.column() - 1)

    def _open(self, row: object, at: int) -> None:
        if isinstance(row, _Row):
            self.open_behind(row.made_of, at)

    def _on_chosen(self, found: object) -> None:
        if isinstance(found, PointBehind):
            self.open_behind(found.line, found.at)
        elif isinstance(found, PersonLoad) and self.course is not None:
            self.open_behind(found, len(self.course.quarters))

    def open_behind(self, made_of: CourseLine | PersonLoad, at: int) -> None:
        """The rows of one number; ``at`` past the last quarter: of all of them."""
        if self.course is None:
            return
        workspace, today = self.workspace, self.workspace.clock().astimezone().date()
        quarters = self.course.quarters
        chosen = quarters[at : at + 1] or quarters
        when = self.course.words_of(chosen)

        def fetch() -> Sequence[DetailRow] | Sequence[CoveredRow]:
            if isinstance(made_of, PersonLoad):
                return workspace.read(desk_details.behind_load, chosen, made_of.id)
            return workspace.read(trends.behind, made_of, chosen[0], today)

        name = f"{made_of.name}的任务" if isinstance(made_of, PersonLoad) else made_of.label.strip()
        title = f"{name} · {when}"
        self.details = DetailsDialog(
            self,
            title,
            fetch,
            self._open_task,
            targets=isinstance(made_of, CourseLine) and made_of.rate.of_targets,
        )
        self.details.open()

    # -- out ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """What stands over the picture."""
        words = self.course.words_of(self.shown(self.course)) if self.course else ""
        return f"{self.workspace.unit.name}双随机抽查{self._name}（{words}）"

    def shown(self, course: Course) -> tuple[Period, ...]:
        """The quarters the chart shows."""
        return course.quarters

    def picture(self) -> QImage:
        """The chart as it goes into a report."""
        return self.chart.picture(self.title)

    def copy_picture(self) -> None:
        """Onto the clipboard, to be pasted into a document."""
        QGuiApplication.clipboard().setImage(self.picture())
        self._toast("图片已复制，可以粘贴到文档里")

    def _ask_picture(self) -> None:
        path = ask_file(self, "图片存到哪里", f"{self._name}.png", _PICTURES, ".png")
        if path is not None:
            self.save_picture(path)

    def save_picture(self, path: Path) -> None:
        """Write the chart as PNG; the file appears whole or not at all."""
        file = QSaveFile(str(path))
        opened = file.open(QIODevice.OpenModeFlag.WriteOnly)
        if (
            opened
            and QImageWriter(file, QByteArray(b"PNG")).write(self.picture())
            and file.commit()
        ):
            self._toast(f"已存为 {path.name}")
        else:
            self._toast(f"没有写成 {path.name}：{file.errorString()}。请换一个文件夹再试。")


class RatesView(_CourseView):
    """各季度走势: the four rates."""

    def __init__(
        self, workspace: Workspace, toast: Toaster, open_task: Callable[[int], object]
    ) -> None:
        super().__init__(workspace, toast, open_task, TrendChart(), "各季度走势")

    def words(self, course: Course) -> str:
        """Which quarters, and as of when."""
        when = course.words_of(course.quarters)
        return f"{when}；覆盖率按现在在册的对象计，截至各季末，其余截至今天；点一下看是哪些家"

    def rows(self, course: Course) -> list[_Row]:
        """The four, coverage with its categories below."""
        return [
            _Row(
                number,
                line.label,
                tuple(
                    f"{point.in_words()}　{point.part}/{point.whole}" if point.whole else ""
                    for point in line.points
                ),
                line,
            )
            for number, line in enumerate(course.lines, 1)
        ]


class LoadsView(_CourseView):
    """每人任务量 in each quarter."""

    def __init__(
        self, workspace: Workspace, toast: Toaster, open_task: Callable[[int], object]
    ) -> None:
        super().__init__(workspace, toast, open_task, PersonLoadsChart(), "每人任务量")

    def words(self, course: Course) -> str:
        """Which quarters; the chart shows the last year's."""
        when, year = course.words_of(course.quarters), course.quarters[-1].year
        return f"{when}，单位：家次；图里是 {year} 年各季度，点一下看这个人的任务"

    def shown(self, course: Course) -> tuple[Period, ...]:
        """The newest year's."""
        return course.newest_year

    def heads(self, course: Course) -> tuple[str, ...]:
        """The quarters and their sum."""
        return (*course.heads, "合计")

    def rows(self, course: Course) -> list[_Row]:
        """Everybody, with the sum at the end."""
        return [
            _Row(each.id, each.name, tuple(str(n) for n in (*each.counts, each.total)), each)
            for each in course.loads
        ]


def fetch_course(
    owner: QWidget, workspace: Workspace, period: str, views: Sequence[_CourseView]
) -> None:
    """Count the quarters up to the period's last in the background and show them."""
    today = workspace.clock().astimezone().date()
    last = trends.last_quarter(Period.parse(period), today)

    def show(found: Course) -> None:
        for view in views:
            view.show_course(found)

    query(owner, lambda: workspace.read(trends.course, last, today)).key("course").success(
        show
    ).run_in_background()
