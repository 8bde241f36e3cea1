"""The rows of a package: what went, what was sent back, what was reported as gone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from app.db.read.packages import LineRow, PackageRow
from app.ui.dialogs.rows import RowsDialog
from app.ui.tables import Column, ColumnKind
from app.ui.theme import Tone
from app.ui.widgets import button

__all__ = ["SECRET", "PackageLinesDialog", "shown_label"]

SECRET = "（检查前保密）"  # noqa: S105 - words, not a password


def shown_label(key: str, label: str, *, names: bool) -> str:
    """The name of a row; that of a task only once somebody asked for names."""
    return SECRET if key.startswith("assignments:") and not names else label


class PackageLinesDialog(RowsDialog):
    """``jumped`` gives the key of the record a person wants to see."""

    jumped = Signal(str)

    def __init__(self, parent: QWidget, package: PackageRow, rows: Sequence[LineRow]) -> None:
        self._names = False
        columns = (
            Column("sheet", "表", width=100),
            Column("line", "行号", ColumnKind.NUMBER, width=60),
            Column("label", "名称", width=220, stretch=True, value=self._label),
            Column("ident", "标识", ColumnKind.CODE, width=190),
            Column(
                "state",
                "平台",
                ColumnKind.CHIP,
                width=76,
                value=lambda row: "退回" if row.refused else "报删除" if row.gone else "",
                tone=lambda row: Tone.DANGER if row.refused else Tone.INFO,
            ),
            Column("refused", "平台的意见", width=240),
        )
        sent_back = sum(1 for row in rows if row.refused)
        note = f"平台退回 {sent_back} 行，排在最前。" if sent_back else ""
        super().__init__(
            parent,
            f"{package.file_name} 的行",
            columns,
            rows,
            note=f"{note}双击或按回车，打开这一行所在的页面去改。",
            nothing="这个上报包只有汇总表和文件，没有逐行的记录。",
        )
        self.only_refused = QCheckBox("只看退回的")
        self.only_refused.setVisible(bool(sent_back))
        self.only_refused.toggled.connect(self._on_only)
        self.foot.insertWidget(1, self.only_refused)
        self.names_box = QCheckBox("显示未公开的名称")
        self.names_box.setVisible(any(row.key.startswith("assignments:") for row in rows))
        self.names_box.toggled.connect(self._on_names)
        self.foot.insertWidget(2, self.names_box)
        self.jump_button = button("去看这一行", self._jump)
        self.foot.insertWidget(self.foot.count() - 1, self.jump_button)
        self._all = list(rows)
        self.table.row_activated.connect(lambda _row: self._jump())
        self.table.current_changed.connect(lambda row: self.jump_button.setEnabled(row is not None))
        self.resize(1000, 560)
        self.close_button.setAutoDefault(False)
        if rows:
            self.table.grid.select_line(0)
            self.table.grid.setFocus()

    def _label(self, row: LineRow) -> str:
        return shown_label(row.key, row.label, names=self._names)

    def _on_only(self, only: bool) -> None:
        self.set_rows([row for row in self._all if row.refused or not only])

    def _on_names(self, names: bool) -> None:
        self._names = names
        self._on_only(self.only_refused.isChecked())

    def _jump(self) -> None:
        row = self.table.current_row()
        if isinstance(row, LineRow):
            self.accept()
            self.jumped.emit(row.key)
