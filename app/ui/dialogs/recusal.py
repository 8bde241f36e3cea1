"""登记回避: which target this inspector does not inspect, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.db.read import targets
from app.db.read.query import ListQuery
from app.db.read.targets import TargetRow
from app.domain.recusal import RecusalReason
from app.errors import AppError
from app.services import directories
from app.services.directories import DeclareRecusal
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import operation, query
from app.ui.theme import Tone
from app.ui.widgets import Banner, button, label, primary_button

if TYPE_CHECKING:
    from app.services.workspace import Workspace

_MOST = 50
_COLUMNS = (
    Column("name", "检查对象", width=220, stretch=True),
    Column("code", "代码", ColumnKind.CODE, width=158),
    Column("township", "乡镇", width=90),
)


class RecusalDialog(QDialog):
    """Search, choose a target, give the reason."""

    declared = Signal()

    def __init__(self, parent: QWidget, workspace: Workspace, inspector_id: int, name: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"登记回避：{name}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._workspace = workspace
        self._inspector_id = inspector_id
        self.resize(620, 560)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout()
        column.setContentsMargins(20, 18, 20, 12)
        column.setSpacing(10)
        outer.addLayout(column, 1)
        self.banner = Banner(Tone.DANGER, "")
        self.banner.hide()
        column.addWidget(self.banner)
        column.addWidget(label(f"{name}不检查哪一家？", "section"))
        self.search = QLineEdit()
        self.search.setPlaceholderText("名称 / 代码 / 拼音首字母")
        self.search.setAccessibleName("搜索检查对象")
        self.search.textChanged.connect(lambda _text: self._look())
        column.addWidget(self.search)
        self.table = PlainTable(_COLUMNS, name="recusal", unit="家")
        column.addWidget(self.table, 1)
        self._add_reason(column)
        outer.addWidget(self._foot())
        self._look()

    def _add_reason(self, column: QVBoxLayout) -> None:
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        self.reason = QComboBox()
        for reason in RecusalReason:
            self.reason.addItem(reason.label, reason.value)
        self.note = QLineEdit()
        self.note.setPlaceholderText("写在密封的抽取记录里，不公开")
        form.addRow("事由", self.reason)
        form.addRow("说明", self.note)
        column.addLayout(form)

    def _foot(self) -> QFrame:
        foot = QFrame()
        foot.setObjectName("cardFoot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 10, 20, 10)
        row.addStretch(1)
        row.addWidget(button("取消", self.reject))
        self.save_button = primary_button("登记回避", self.submit)
        row.addWidget(self.save_button)
        return foot

    def _look(self) -> None:
        wanted, read = ListQuery(self.search.text()), self._workspace.read

        def look() -> list[TargetRow]:
            return read(targets.rows, read(targets.ids, wanted)[:_MOST])

        query(self, look).key("look").success(self.table.set_rows).run_in_background()

    def submit(self) -> None:
        """Write the recusal for the chosen target."""
        row = self.table.current_row()
        if row is None:
            self._refuse("请先在列表中选择检查对象。")
            return
        command = DeclareRecusal(
            inspector_id=self._inspector_id,
            target_id=row.id,
            code=str(self.reason.currentData()),
            note=self.note.text(),
        )
        operation(
            self, lambda: self._workspace.write(directories.declare_recusal, command)
        ).success(lambda _id: self._on_declared()).failure(self._on_failed).run_in_background()

    def _on_declared(self) -> None:
        self.declared.emit()
        self.accept()

    def _on_failed(self, error: AppError) -> None:
        self._refuse(str(error))

    def _refuse(self, words: str) -> None:
        self.banner.show_message(Tone.DANGER, words)
        self.banner.show()
