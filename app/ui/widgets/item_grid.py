"""逐项检查: one line per item, ticked with 1, 2, 3 or the mouse, then what was found and done.

::

    grid = ItemGrid()
    grid.show_items(entry.items)
    grid.edited.connect(...)          # after every tick and every note
    grid.items()                      # what is ticked now

Keys: 1 符合, 2 不符合, 3 不适用 and on to the next line; ↑ ↓ move; Enter or F2 writes the note;
Delete unticks.  处理措施 is a column as soon as one item is 不符合.  Long names and notes take more
lines: nothing is cut off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.domain.inspection import ItemOutcome
from app.domain.result_entry import ItemEntry
from app.ui import theme
from app.ui.theme import LIGHT

__all__ = ["ItemGrid"]

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_NUMBER, _NAME, _OK, _PROBLEM, _NA, _NOTE, _MEASURE = range(7)
_TITLES = ("", "检查事项", "符合", "不符合", "不适用", "发现情况", "处理措施")
_WRITTEN = {_NOTE: "note", _MEASURE: "measure"}
_OUTCOMES = {
    _OK: ItemOutcome.OK,
    _PROBLEM: ItemOutcome.PROBLEM,
    _NA: ItemOutcome.NOT_APPLICABLE,
}
_KEYS = {
    Qt.Key.Key_1: ItemOutcome.OK,
    Qt.Key.Key_2: ItemOutcome.PROBLEM,
    Qt.Key.Key_3: ItemOutcome.NOT_APPLICABLE,
}
_ROW = 30
_HEAD = 32
_MOST_HEIGHT = 10 * _ROW
_CIRCLE = 17
_TICK_WIDTH = 84
_INSIDE = (10, 0, -8, 0)
_WRAP = Qt.TextFlag.TextWordWrap


def _with(item: ItemEntry, column: int, text: str) -> ItemEntry:
    written = text.strip()
    return replace(item, note=written) if column == _NOTE else replace(item, measure=written)


class _Items(QAbstractTableModel):
    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.items: list[ItemEntry] = []

    def set_items(self, items: Sequence[ItemEntry]) -> None:
        self.beginResetModel()
        self.items = list(items)
        self.endResetModel()

    def tick(self, row: int, outcome: ItemOutcome | None) -> None:
        self.items[row] = replace(self.items[row], outcome=outcome)
        self.dataChanged.emit(self.index(row, 0), self.index(row, _MEASURE))
        self.edited.emit()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.items)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(_TITLES)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        item = self.items[index.row()]
        column = index.column()
        if role == Qt.ItemDataRole.AccessibleTextRole:
            ticked = item.outcome.label if item.outcome else "未勾选"
            return f"{item.name}：{ticked}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return {_NAME: item.name}.get(column) or self._written(item, column) or None
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return None
        shown = {_NUMBER: str(index.row() + 1), _NAME: item.name}
        return shown.get(column) or self._written(item, column)

    def _written(self, item: ItemEntry, column: int) -> str:
        return str(getattr(item, _WRITTEN[column])) if column in _WRITTEN else ""

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or index.column() not in _WRITTEN:
            return False
        self.items[index.row()] = _with(self.items[index.row()], index.column(), str(value))
        self.dataChanged.emit(index, index)
        self.edited.emit()
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usual | Qt.ItemFlag.ItemIsEditable if index.column() in _WRITTEN else usual

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return _TITLES[section]
        return None


class _Delegate(QStyledItemDelegate):
    def __init__(self, grid: ItemGrid) -> None:
        super().__init__(grid)
        self._grid = grid
        self.typing: tuple[QLineEdit, int, int] | None = None

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        here = index.row() == self._grid.currentIndex().row()
        focused = here and self._grid.hasFocus()
        item = self._grid.model_of_items.items[index.row()]
        painter.save()
        painter.fillRect(rect, QColor(LIGHT.selection if focused else LIGHT.surface))
        painter.fillRect(rect.left(), rect.top(), rect.width(), 1, QColor(LIGHT.line))
        if index.column() in _OUTCOMES:
            outcome = _OUTCOMES[index.column()]
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            _circle(painter, QPointF(rect.center()), outcome, item.outcome is outcome)
        else:
            strong = here and index.column() == _NAME
            painter.setFont(theme.sans(bold=strong))
            painter.setPen(QColor(LIGHT.secondary if index.column() == _NUMBER else LIGHT.text))
            inner = rect.adjusted(*_INSIDE)
            where = theme.ALIGN_CENTER if index.column() == _NUMBER else theme.ALIGN_LEFT
            painter.drawText(inner, where | _WRAP, str(index.data() or ""))
        painter.restore()

    def height_of(self, index: Index, width: int) -> int:
        """How high a cell must be for its words, at least one line."""
        metrics = QFontMetrics(theme.sans(bold=index.column() == _NAME))
        room = QRect(0, 0, max(width - _INSIDE[0] + _INSIDE[2], 40), 10_000)
        words = metrics.boundingRect(room, int(theme.ALIGN_LEFT | _WRAP), str(index.data() or ""))
        return max(_ROW, words.height() + _ROW - metrics.height())

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = super().createEditor(parent, option, index)
        if isinstance(editor, QLineEdit):
            self.typing = (editor, index.row(), index.column())
            # Counts as typed at once: a draft kept now must hold it.
            editor.textEdited.connect(lambda _text: self._grid.edited.emit())
        return editor

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        self.typing = None
        super().destroyEditor(editor, index)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, _index: Index
    ) -> None:
        rect: QRect = option.rect
        # The editor of a field is 32 high, the line 30.
        editor.setStyleSheet("min-height: 24px; max-height: 24px; padding: 0 6px;")
        editor.setGeometry(rect.adjusted(2, 1, -2, -1))


def _circle(painter: QPainter, centre: QPointF, outcome: ItemOutcome, ticked: bool) -> None:
    radius = _CIRCLE / 2
    if not ticked:
        painter.setPen(QPen(QColor(LIGHT.control_border), 1.2))
        painter.setBrush(QColor(LIGHT.surface))
        painter.drawEllipse(centre, radius, radius)
        return
    colour = {
        ItemOutcome.OK: LIGHT.ok,
        ItemOutcome.PROBLEM: LIGHT.danger,
        ItemOutcome.NOT_APPLICABLE: LIGHT.info,
    }[outcome]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(centre, radius + 0.5, radius + 0.5)
    painter.setPen(QPen(QColor(LIGHT.surface), 1.8))
    x, y = centre.x(), centre.y()
    # The shape says it too: tick, cross, bar.
    if outcome is ItemOutcome.OK:
        painter.drawPolyline([QPointF(x - 4, y), QPointF(x - 1, y + 3), QPointF(x + 4, y - 3)])
    elif outcome is ItemOutcome.PROBLEM:
        painter.drawLine(QPointF(x - 3, y - 3), QPointF(x + 3, y + 3))
        painter.drawLine(QPointF(x - 3, y + 3), QPointF(x + 3, y - 3))
    else:
        painter.drawLine(QPointF(x - 4, y), QPointF(x + 4, y))


class _Header(QHeaderView):
    """Titles with the keys that tick beside them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFixedHeight(_HEAD)
        self.setSectionsClickable(False)

    def paintSection(self, painter: QPainter, rect: QRect, logical_index: int) -> None:
        painter.save()
        painter.fillRect(rect, QColor(LIGHT.raised))
        painter.setFont(theme.sans(theme.SMALL_PX))
        painter.setPen(QColor(LIGHT.secondary))
        title = _TITLES[logical_index]
        if logical_index not in _OUTCOMES:
            painter.drawText(rect.adjusted(10, 0, -8, 0), theme.ALIGN_LEFT, title)
        else:
            self._paint_with_key(painter, rect, title, str(logical_index - _NAME))
        painter.restore()

    def _paint_with_key(self, painter: QPainter, rect: QRect, title: str, key: str) -> None:
        width = painter.fontMetrics().horizontalAdvance(title)
        left = rect.center().x() - (width + 22) / 2
        words = QRectF(left, rect.top(), width + 2, rect.height())
        painter.drawText(words, theme.ALIGN_LEFT, title)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(left + width + 6.5, rect.center().y() - 8, 16, 17)
        painter.setPen(QPen(QColor(LIGHT.control_border), 1))
        painter.setBrush(QColor(LIGHT.surface))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(QColor(LIGHT.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)


class ItemGrid(QTableView):
    """See the module."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.model_of_items = _Items()
        self.model_of_items.setParent(self)
        self.model_of_items.edited.connect(self._on_edited)
        self.setModel(self.model_of_items)
        self._delegate = _Delegate(self)
        self.setItemDelegate(self._delegate)
        self.setHorizontalHeader(_Header(self))
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(_ROW)
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setAccessibleName("逐项检查")
        header = self.horizontalHeader()
        header.setMinimumSectionSize(30)
        for column, width in ((_NUMBER, 38), (_OK, 76), (_PROBLEM, _TICK_WIDTH), (_NA, 84)):
            header.resizeSection(column, width)
        self.setStyleSheet(
            f"ItemGrid {{ border: 1px solid {LIGHT.control_border}; border-radius: 2px; }}"
        )

    def show_items(self, items: Sequence[ItemEntry]) -> None:
        """Replace the lines; the first unticked one becomes current."""
        self._delegate.typing = None
        self.model_of_items.set_items(items)
        self._lay_out()
        unticked = next((at for at, item in enumerate(items) if item.outcome is None), 0)
        self._go_to(unticked)

    def items(self) -> tuple[ItemEntry, ...]:
        """As ticked and written now, what is still being written in a cell included."""
        found = list(self.model_of_items.items)
        if self._delegate.typing is not None:
            editor, row, column = self._delegate.typing
            found[row] = _with(found[row], column, editor.text())
        return tuple(found)

    def end_writing(self) -> None:
        """Take what is being written in a cell as written."""
        if self._delegate.typing is not None:
            editor, _row, _column = self._delegate.typing
            self.commitData(editor)
            self.closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        key = Qt.Key(event.key())
        plain = not event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        )
        if self.state() == QAbstractItemView.State.EditingState:
            return  # the Return that ends a note passes through the editor to here
        if row < 0 or not plain:
            super().keyPressEvent(event)
        elif key in _KEYS:
            self.model_of_items.tick(row, _KEYS[key])
            self._go_to(min(row + 1, self.model_of_items.rowCount() - 1))
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.model_of_items.tick(row, None)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.edit(self.model_of_items.index(row, _NOTE))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        super().mousePressEvent(event)
        if not index.isValid():
            return
        if index.column() in _OUTCOMES:
            self.model_of_items.tick(index.row(), _OUTCOMES[index.column()])
        elif index.column() in _WRITTEN:
            self.edit(index)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _on_edited(self) -> None:
        self._lay_out()
        self.edited.emit()

    def _lay_out(self) -> None:
        """Columns by their share of the width, lines as high as their words."""
        items = self.model_of_items.items
        measured = any(each.outcome is ItemOutcome.PROBLEM or each.measure for each in items)
        self.setColumnHidden(_MEASURE, not measured)
        header = self.horizontalHeader()
        ticks = sum(header.sectionSize(each) for each in (_NUMBER, _OK, _PROBLEM, _NA))
        room = max(self.viewport().width() - ticks, 240)
        # The item's name is read first; what is written about it takes what is left.
        name = room * (8 if measured else 11) // 20
        widths = {_NAME: name, _NOTE: (room - name) // 2 if measured else room - name}
        if measured:
            widths[_MEASURE] = room - name - widths[_NOTE]
        for column, width in widths.items():
            header.resizeSection(column, width)
        for row in range(len(items)):
            self.setRowHeight(row, self._height_of(row, widths))
        whole = sum(self.rowHeight(row) for row in range(len(items)))
        self.setFixedHeight(_HEAD + min(max(whole, _ROW), _MOST_HEIGHT) + 2)

    def _height_of(self, row: int, widths: dict[int, int]) -> int:
        model = self.model_of_items
        return max(
            self._delegate.height_of(model.index(row, column), width)
            for column, width in widths.items()
        )

    def _go_to(self, row: int) -> None:
        if 0 <= row < self.model_of_items.rowCount():
            self.setCurrentIndex(self.model_of_items.index(row, _NAME))
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus() and self.currentIndex().isValid():
            first = self.visualRect(self.model_of_items.index(self.currentIndex().row(), 0))
            painter = QPainter(self.viewport())
            painter.setPen(QPen(QColor(LIGHT.accent), 2))
            line = QRect(0, first.top(), self.viewport().width(), first.height())
            painter.drawRect(line.adjusted(1, 1, -1, 0))
