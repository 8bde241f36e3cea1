"""更正申请: every application with where it stands; a double click opens its result."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.db.read import corrections
from app.db.read.corrections import CorrectionRow
from app.domain.correction import CorrectionState
from app.services.workspace import Workspace
from app.ui.dialogs.frame import dialog_foot
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import query
from app.ui.theme import Tone
from app.ui.widgets import EmptyState, button, label, primary_button

__all__ = ["CorrectionsDialog"]

_TONES = {
    CorrectionState.OPEN: Tone.WARN,
    CorrectionState.GRANTED: Tone.OK,
    CorrectionState.REFUSED: Tone.INFO,
}
_COLUMNS = (
    Column("applied_on", "申请日期", ColumnKind.DATE),
    Column("serial", "抽取序号", ColumnKind.CODE, width=112),
    Column("target_name", "检查对象", width=190),
    Column("error", "错在哪里", width=200, stretch=True),
    Column("passed", "经手", width=150, value=lambda row: "、".join(s.organ for s in row.stations)),
    Column(
        "state",
        "状态",
        ColumnKind.CHIP,
        width=170,
        value=lambda row: row.state.label,
        tone=lambda row: _TONES[row.state],
    ),
)


class CorrectionsDialog(QDialog):
    """The list; applying starts at the locked result itself."""

    def __init__(
        self, parent: QWidget, workspace: Workspace, open_at: Callable[[int], object]
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("更正申请")
        self.resize(940, 460)
        self._open_at = open_at
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.table = PlainTable(
            _COLUMNS,
            name="corrections",
            unit="份",
            empty=EmptyState(
                "还没有更正申请。要更正一份已锁定的结果，先在左侧打开它，再点下面的“更正申请”。",
                icon_name="document-check",
            ),
        )
        self.table.row_activated.connect(self._open)
        column.addWidget(self.table, 1)
        words = label("原结果作废后仍然保留；每一处签字都记入账本。", "small")
        self.open_button = primary_button("打开", self._open_current)
        column.addWidget(dialog_foot(button("关闭", self.reject), self.open_button, left=(words,)))
        query(self, lambda: workspace.read(corrections.every_one)).key("corrections").success(
            self._show
        ).run_in_background()

    def _show(self, found: tuple[CorrectionRow, ...]) -> None:
        self.table.set_rows(found)
        self.open_button.setEnabled(bool(found))
        if found:
            self.table.grid.select_line(0)

    def _open_current(self) -> None:
        row = self.table.current_row()
        if isinstance(row, CorrectionRow):
            self._open(row)

    def _open(self, row: CorrectionRow) -> None:
        self.accept()
        self._open_at(row.assignment_id)
