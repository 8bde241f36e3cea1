"""导出填报表: which tasks, shared out how; one workbook for each share."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.periods import Period
from app.services.intake import result_forms
from app.services.intake.result_forms import FormGroup, FormMade, MakeForms
from app.services.workspace import Workspace
from app.ui.desktop import open_path
from app.ui.dialogs.frame import FrameDialog
from app.ui.tasks import operation, query
from app.ui.theme import Tone
from app.ui.widgets import Segments, button, clear_layout, label, primary_button

__all__ = ["FormsDialog"]


class FormsDialog(FrameDialog):
    """``made`` carries what was written."""

    made = Signal(object)

    def __init__(self, parent: QWidget, workspace: Workspace) -> None:
        super().__init__(parent, "导出检查结果填报表", 620, 520)
        self._workspace = workspace
        self.boxes: dict[str, QCheckBox] = {}
        self.tell("检查前保密：表里有还没有检查的对象。各份只交给自己的检查组，不外传。", Tone.WARN)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(label("期间"))
        self.period = QComboBox()
        self.period.setAccessibleName("期间")
        self.period.setMinimumWidth(200)
        self.period.activated.connect(lambda _at: self._reload())
        row.addWidget(self.period)
        self.by = Segments(tuple(result_forms.BY.items()))
        self.by.choose("team")
        self.by.chosen.connect(lambda _key: self._reload())
        row.addWidget(self.by)
        row.addStretch(1)
        self.body.addLayout(row)
        self.words = label("", "secondary", wrap=True)
        self.body.addWidget(self.words)
        holder = QWidget()
        self.shares = QVBoxLayout(holder)
        self.shares.setContentsMargins(4, 4, 4, 4)
        self.shares.setSpacing(8)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(holder)
        self.body.addWidget(area, 1)
        self.body.addWidget(
            label(
                "每份两张表：检查结果每家一行，逐项检查每家每项一行；有下拉，关键列已保护。"
                "交回后用“合并填报表或结果包”合并。",
                "small",
                wrap=True,
            )
        )
        self.foot.addStretch(1)
        self.foot.addWidget(button("取消", self.reject))
        self.export_button = primary_button("选择文件夹并导出…", self.ask_folder, "download")
        self.export_button.setEnabled(False)
        self.foot.addWidget(self.export_button)
        read = workspace.read
        query(self, lambda: read(result_forms.periods)).success(
            self._show_periods
        ).run_in_background()

    def _show_periods(self, periods: tuple[str, ...]) -> None:
        for each in periods:
            self.period.addItem(Period.parse(each).in_words(), each)
        if periods:
            self._reload()
        else:
            self.period.addItem("没有可导出的期间")
            self.period.setEnabled(False)
            self.by.setEnabled(False)
            self.words.setText("没有还要填报的任务：都已提交复核或锁定，或还没有派单。")

    def _reload(self) -> None:
        period, by = self.period.currentData(), str(self.by.key)
        read = self._workspace.read
        query(self, lambda: read(result_forms.groups, period, by)).key("shares").success(
            self._show_shares
        ).failure(self.show_failure).run_in_background()

    def _show_shares(self, shares: tuple[FormGroup, ...]) -> None:
        clear_layout(self.shares)
        self.boxes = {}
        for each in shares:
            box = QCheckBox(f"{each.name}　{len(each.tasks)} 家")
            box.setChecked(True)
            box.toggled.connect(lambda _on: self._count())
            self.boxes[each.name] = box
            self.shares.addWidget(box)
        self.shares.addStretch(1)
        self._count()

    def _count(self) -> None:
        chosen = sum(box.isChecked() for box in self.boxes.values())
        self.words.setText(f"共 {len(self.boxes)} 份，导出勾选的 {chosen} 份：")
        self.export_button.setEnabled(chosen > 0)

    def ask_folder(self) -> None:
        """Ask where, then write."""
        chosen = QFileDialog.getExistingDirectory(self, "填报表导出到哪个文件夹")
        if chosen:
            self.export(Path(chosen))

    def export(self, folder: Path) -> None:
        """Write the chosen shares into ``folder``."""
        command = MakeForms(
            period=self.period.currentData(),
            by=str(self.by.key),
            folder=folder,
            names=tuple(name for name, box in self.boxes.items() if box.isChecked()),
        )
        write = self._workspace.write
        operation(self, lambda: write(result_forms.make, command)).key("forms").progress(
            "正在写填报表"
        ).success(lambda made: self._on_made(folder, made)).failure(
            self.show_failure
        ).run_in_background()

    def _on_made(self, folder: Path, made: tuple[FormMade, ...]) -> None:
        self.made.emit(made)
        self.accept()
        open_path(folder)
