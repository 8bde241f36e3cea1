"""The first rows of a sheet as they stand there, the header marked; a click names another."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableWidget, QTableWidgetItem, QVBoxLayout

from app.services.intake.importing import TopOfSheet
from app.ui import theme
from app.ui.theme import LIGHT
from app.ui.widgets import label

_ROW = 24
_SHOWN = 5


class SheetTop(QFrame):
    """``row_chosen`` carries the header row a person points at, from 1."""

    row_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PAGE, 6, theme.PAGE, 4)
        column.setSpacing(4)
        column.addWidget(label("表格开头几行，蓝底的是表头。不对？点真正的表头那一行。", "small"))
        self.table = QTableWidget()
        self.table.setAccessibleName("表格开头几行")
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.horizontalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(_ROW)
        self.table.verticalHeader().setMinimumSectionSize(_ROW)
        self.table.setWordWrap(False)
        self.table.cellClicked.connect(lambda line, _column: self.row_chosen.emit(line + 1))
        column.addWidget(self.table)

    def show_top(self, top: TopOfSheet) -> None:
        """Rows from the first to a few below the header."""
        self.table.clear()
        self.table.setRowCount(len(top.rows))
        self.table.setFixedHeight(min(len(top.rows), _SHOWN) * _ROW + 4)
        self.table.setColumnCount(max((len(cells) for cells in top.rows), default=0))
        for line, cells in enumerate(top.rows):
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                if line in top.header:
                    item.setBackground(QBrush(QColor(LIGHT.selection)))
                    item.setForeground(QBrush(QColor(LIGHT.accent_strong)))
                self.table.setItem(line, column, item)
        self.table.setVerticalHeaderLabels([str(line + 1) for line in range(len(top.rows))])
        first = self.table.item(max(top.header.start - 1, 0), 0)
        if first is not None:
            self.table.scrollToItem(first, QAbstractItemView.ScrollHint.PositionAtTop)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Space) and self.table.currentRow() >= 0:
            self.row_chosen.emit(self.table.currentRow() + 1)
        else:
            super().keyPressEvent(event)
