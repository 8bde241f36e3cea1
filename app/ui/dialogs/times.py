"""名录的过去: what a directory said on a day, and what changed between two days or draws."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from app.db.read import past as reads
from app.domain.fields import shown
from app.domain.snapshot import PastRow
from app.services.directories import past
from app.services.directories.past import (
    Comparison,
    PastDirectory,
    Point,
    WriteComparisons,
    WritePast,
)
from app.ui.dialogs.files import ask_workbook
from app.ui.dialogs.frame import FrameDialog
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import long_operation, query
from app.ui.theme import Tone
from app.ui.widgets import BusyRow, DateEdit, button, label, primary_button

if TYPE_CHECKING:
    from app.services.workspace import Workspace

_NOW, _DAY = "now", "day"
_WRITING = "正在写表格"
_TYPING = 200  # ms after the last key
_TONES = {"新增": Tone.OK, "移出": Tone.WARN, "修改": Tone.NORMAL}


class PointPicker(QWidget):
    """Now, a draw, or a typed day."""

    changed = Signal()

    def __init__(self, draws: tuple[tuple[str, str], ...], day: date) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.box = QComboBox()
        self.box.setMinimumWidth(210)
        self.box.addItem("现在", _NOW)
        self.box.addItem("某一天", _DAY)
        for no, _period in draws:
            self.box.addItem(f"抽取 {no} 封存时", no)
        self.day = DateEdit(day)
        self.day.hide()
        row.addWidget(self.box)
        row.addWidget(self.day)
        self.box.currentIndexChanged.connect(self._on_chosen)
        self.day.editingFinished.connect(self.changed.emit)

    def choose(self, which: str) -> None:
        """Select now, day, or a draw's number."""
        self.box.setCurrentIndex(max(self.box.findData(which), 0))

    @property
    def point(self) -> Point:
        """What is chosen."""
        which = str(self.box.currentData())
        if which == _NOW:
            return Point()
        return Point(day=self.day.value) if which == _DAY else Point(draw=which)

    @property
    def error(self) -> str:
        """Empty when fine."""
        if str(self.box.currentData()) != _DAY:
            return ""
        return self.day.error() or ("" if self.day.value else "请填写日期。")

    def _on_chosen(self) -> None:
        self.day.setVisible(str(self.box.currentData()) == _DAY)
        self.changed.emit()


@dataclass(frozen=True, slots=True)
class _Line:
    what: str
    ident: str
    name: str
    field: str
    before: str
    after: str
    at: str
    by: str


_COLUMNS = (
    Column("name", "名称", width=170, stretch=True),
    Column("what", "变化", ColumnKind.CHIP, width=70, tone=lambda row: _TONES[row.what]),
    Column("field", "项目", width=104),
    Column("before", "原来", width=150),
    Column("after", "现在", width=150),
    Column("at", "时间", width=128),
    Column("by", "办理人", width=76),
    Column("ident", "编号", ColumnKind.CODE, width=150),
)


class CompareDialog(FrameDialog):
    """与上次抽取比较, or any two moments; the table is also a workbook."""

    def __init__(self, parent: QWidget, workspace: Workspace, kind: str) -> None:
        super().__init__(parent, f"{past.KINDS[kind]}的变化", 1120, 620)
        self._workspace = workspace
        self._kind = kind
        self.found: Comparison | None = None
        draws = workspace.read(reads.sealed_draws)
        today = workspace.clock().astimezone().date()
        first = date(today.year, 1, 1) - timedelta(days=1)
        self.before = PointPicker(draws, first)
        self.after = PointPicker(draws, today)
        self.before.choose(draws[0][0] if draws else _DAY)
        row = QHBoxLayout()
        row.setSpacing(8)
        for each in (label("从"), self.before, label("到"), self.after):
            row.addWidget(each)
        row.addStretch(1)
        self.body.addLayout(row)
        self.summary = label("", "section")
        self.body.addWidget(self.summary)
        self.table = PlainTable(_COLUMNS, name=f"compare-{kind}", unit="处")
        self.body.addWidget(self.table, 1)
        self.busy = BusyRow(_WRITING)
        self.body.addWidget(self.busy)
        self.foot.addStretch(1)
        self.foot.addWidget(button("关闭", self.accept))
        self.export = primary_button("导出 Excel", self.ask_export, "download")
        self.foot.addWidget(self.export)
        for each in (self.before, self.after):
            each.changed.connect(self.compare)
        self.compare()

    def compare(self) -> None:
        """Compare what is chosen now."""
        problem = self.before.error or self.after.error
        if problem:
            self.tell(problem, Tone.WARN)
            return
        self.banner.hide()
        points = (self.before.point, self.after.point)
        self.summary.setText("正在比较…")

        def look() -> tuple[Comparison, list[_Line]]:
            found = self._workspace.read(past.compare, self._kind, *points)
            return found, [_Line(*line) for line in past.lines(found)]

        query(self, look).key("compare").success(lambda both: self._show(*both)).failure(
            self.show_failure
        ).run_in_background()

    def _show(self, found: Comparison, lines: list[_Line]) -> None:
        self.found = found
        self.summary.setText(
            f"{found.before.words} 至 {found.after.words}：{found.difference.in_words}"
        )
        self.table.set_rows(lines)

    def ask_export(self) -> None:
        """Ask where, then write the comparison."""
        found = self.found
        if found is None:
            return
        path = ask_workbook(self, "变化表存到哪里", f"{past.KINDS[self._kind]}变化.xlsx")
        if path is None:
            return
        command = WriteComparisons(path=path, comparisons=(found,))
        long_operation(
            self, lambda progress: past.write_comparisons(command, progress.report)
        ).progress(_WRITING).success(
            lambda written: self.tell(f"已写成：{written.name}", Tone.OK)
        ).failure(self.show_failure).run_in_background()


class PastDialog(FrameDialog):
    """某一天的名录: the directory as it was, searched, and as a workbook."""

    def __init__(self, parent: QWidget, workspace: Workspace, kind: str) -> None:
        super().__init__(parent, f"某一天的{past.KINDS[kind]}", 1120, 620)
        self._workspace = workspace
        self._kind = kind
        self.found: PastDirectory | None = None
        today = workspace.clock().astimezone().date()
        self.point = PointPicker(workspace.read(reads.sealed_draws), today)
        self.point.choose(_DAY)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label("时点"))
        row.addWidget(self.point)
        row.addStretch(1)
        self.search = QLineEdit()
        self.search.setPlaceholderText("在这一天的名录里找：名称 / 代码 / 地址")
        self.search.setAccessibleName("在这一天的名录里找")
        self.search.setMinimumWidth(280)
        row.addWidget(self.search)
        self.body.addLayout(row)
        self.summary = label("", "section")
        self.body.addWidget(self.summary)
        self.table: PlainTable | None = None
        self.busy = BusyRow(_WRITING)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING)
        self._typing.timeout.connect(self._narrow)
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.foot.addStretch(1)
        self.foot.addWidget(button("关闭", self.accept))
        self.foot.addWidget(primary_button("导出 Excel", self.ask_export, "download"))
        self.point.changed.connect(self.look)
        self.look()

    def look(self) -> None:
        """Show the directory at the chosen moment."""
        if self.point.error:
            self.tell(self.point.error, Tone.WARN)
            return
        self.banner.hide()
        point = self.point.point
        query(self, lambda: self._workspace.read(past.directory_at, self._kind, point)).key(
            "look"
        ).success(self._show).failure(self.show_failure).run_in_background()

    def _show(self, found: PastDirectory) -> None:
        self.found = found
        if self.table is None:
            self.table = PlainTable(_past_columns(found), name=f"past-{self._kind}", unit="条")
            self.body.addWidget(self.table, 1)
            self.body.addWidget(self.busy)
        self._narrow()

    def _narrow(self) -> None:
        """Show what is searched for; typing on searches again."""
        found = self.found
        if found is None or self.table is None:
            return
        wanted = self.search.text().strip().lower()
        query(self, lambda: _matching(found, wanted)).key("narrow").success(
            partial(self._show_rows, found)
        ).run_in_background()

    def _show_rows(self, found: PastDirectory, rows: list[PastRow]) -> None:
        if self.table is None or found is not self.found:
            return
        part = "" if len(rows) == len(found.rows) else f"，找到 {len(rows):,} 条"
        self.summary.setText(f"{found.moment.words}：共 {len(found.rows):,} 条{part}")
        self.table.set_rows(rows)

    def ask_export(self) -> None:
        """Ask where, then write the directory as it was."""
        found = self.found
        if found is None:
            return
        name = f"{past.KINDS[self._kind]}-{found.moment.words.replace(' ', '')}.xlsx"
        path = ask_workbook(self, "名录存到哪里", name)
        if path is None:
            return
        command = WritePast(path=path, directory=found)
        long_operation(
            self, lambda progress: past.write_directory(command, progress.report)
        ).progress(_WRITING).success(
            lambda written: self.tell(f"已写成：{written.name}", Tone.OK)
        ).failure(self.show_failure).run_in_background()


_SEARCHED = ("name", "uscc", "permit_no", "reg_no", "local_no", "address", "cert_no", "unit")


def _matching(found: PastDirectory, wanted: str) -> list[PastRow]:
    if not wanted:
        return list(found.rows)
    return [
        row
        for row in found.rows
        if wanted in row.ident.lower()
        or any(wanted in str(row.values.get(name) or "").lower() for name in _SEARCHED)
    ]


def _past_columns(found: PastDirectory) -> tuple[Column, ...]:
    name = next(each for each in found.fields if each.name == "name")
    others = [each for each in found.fields if each is not name]
    return (
        Column("name", name.label, width=200, stretch=True),
        Column("ident", "编号", ColumnKind.CODE, width=150),
        *(
            Column(each.name, each.label, width=_width(each.width), value=partial(_words, each))
            for each in others
        ),
    )


def _width(characters: int) -> int:
    return max(72, min(characters * 8, 180))


def _words(field: Any, row: Any) -> str:
    return shown(field, row.values.get(field.name))
