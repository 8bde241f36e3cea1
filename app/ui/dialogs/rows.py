"""Rows behind a link: searched as they are typed, exported as they are seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.services.directories import workbooks
from app.services.directories.workbooks import ExportList
from app.ui.desktop import open_path
from app.ui.dialogs.files import ask_workbook
from app.ui.pages.directory_page import list_column, plain_value
from app.ui.tables import Column, PlainTable
from app.ui.tasks import operation
from app.ui.theme import LIGHT
from app.ui.widgets import EmptyState, button, label, primary_button


class RowsDialog(QDialog):
    """People, exclusions, inspections: a table with a search box and 导出 Excel."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        columns: Sequence[Column],
        rows: Sequence[object],
        *,
        note: str = "",
        nothing: str = "没有记录。",
        unit: str = "条",
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._title, self._columns, self._rows = title, tuple(columns), list(rows)
        self._unit = unit
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 18, 20, 14)
        outer.setSpacing(10)
        self.head = QHBoxLayout()
        self.head.setSpacing(10)
        self.count = label("", "section")
        self.head.addWidget(self.count)
        self.head.addStretch(1)
        self.search = QLineEdit()
        self.search.setPlaceholderText("查找")
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(220)
        self.search.setAccessibleName("查找")
        self.search.textChanged.connect(lambda _text: self._narrow())
        self.head.addWidget(self.search)
        outer.addLayout(self.head)
        self.note = label(note, "secondary", wrap=True)
        self.note.setVisible(bool(note))
        outer.addWidget(self.note)
        self.table = PlainTable(columns, name="behind", empty=EmptyState(nothing))
        outer.addWidget(self.table, 1)
        self.foot = QHBoxLayout()
        self.export_button = button("导出 Excel", self.export, "download")
        self.foot.addWidget(self.export_button)
        self.foot.addStretch(1)
        self.close_button = primary_button("关闭", self.accept)
        self.foot.addWidget(self.close_button)
        outer.addLayout(self.foot)
        self.setStyleSheet(f"QDialog {{ background: {LIGHT.surface}; }}")
        self.resize(860, 520)
        self._narrow()

    def set_rows(self, rows: Sequence[object]) -> None:
        """Show other rows; what is searched for stays."""
        self._rows = list(rows)
        self._narrow()

    def _narrow(self) -> None:
        wanted = self.search.text().strip().lower()
        shown = [row for row in self._rows if wanted in self._text(row)]
        whole, part = len(self._rows), len(shown)
        unit = self._unit
        counted = f"共 {whole} {unit}"
        if part != whole:
            counted += f"，找到 {part} {unit}"
        self.count.setText(f"{self._title}　{counted}")
        self.table.set_rows(shown)
        self.export_button.setEnabled(bool(shown))

    def _text(self, row: object) -> str:
        return "\n".join(column.cell(row).text for column in self._columns).lower()

    def export(self) -> None:
        """Ask where, then write what is seen."""
        path = ask_workbook(self, "导出到哪里", f"{self._title}-{date.today():%Y%m%d}.xlsx")
        if path is None:
            return
        rows, columns = self.table.rows(), self.table.visible_columns()

        def write() -> Path:
            return workbooks.export_list(
                ExportList(
                    path,
                    self._title,
                    tuple(list_column(column) for column in columns),
                    [[plain_value(column.read(row)) for column in columns] for row in rows],
                )
            )

        operation(self, write).success(open_path).run_in_background()
