"""The table head: painted here, because a styled section loses the sort arrow
of right-aligned titles."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from app.ui import theme
from app.ui.icons import paint_icon
from app.ui.tables.columns import Column
from app.ui.tables.delegate import EDGE_PAD, PAD
from app.ui.theme import LIGHT

_ARROW = 14


class TableHeader(QHeaderView):
    """36 px, secondary ink, the sorted title dark with its arrow beside it."""

    def __init__(self, columns: tuple[Column, ...], parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._columns = columns
        self.frozen_edge = False
        self.setFixedHeight(theme.TABLE_HEAD)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(40)
        self.setSortIndicatorShown(True)
        self.setSortIndicatorClearable(False)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), theme.TABLE_HEAD)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        section = self.logicalIndexAt(event.position().toPoint())
        fixed = section >= 0 and self._columns[section].sort_name is None
        # Qt would move the arrow to a column that cannot be sorted.
        self.setSectionsClickable(not fixed)
        super().mouseReleaseEvent(event)
        self.setSectionsClickable(True)

    def paintSection(self, painter: QPainter, rect: QRect, logical_index: int) -> None:
        if not rect.isValid():
            return
        column = self._columns[logical_index]
        sorted_here = self.sortIndicatorSection() == logical_index
        painter.save()
        painter.fillRect(rect, QColor(LIGHT.raised))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(LIGHT.table_line))
        if self.frozen_edge and logical_index == 0:
            painter.fillRect(rect.right(), rect.top(), 1, rect.height(), QColor(LIGHT.table_line))
        left = EDGE_PAD if logical_index == 0 else PAD
        right = EDGE_PAD if logical_index == len(self._columns) - 1 else PAD
        self._paint_title(painter, rect.adjusted(left, 0, -right, 0), column, sorted_here)
        painter.restore()

    def _paint_title(
        self, painter: QPainter, rect: QRect, column: Column, sorted_here: bool
    ) -> None:
        font = theme.sans(theme.SMALL_PX, bold=sorted_here)
        metrics = QFontMetrics(font)
        arrow = _ARROW + 2 if sorted_here else 0
        shown = metrics.elidedText(
            column.title, Qt.TextElideMode.ElideRight, max(rect.width() - arrow, 12)
        )
        width = metrics.horizontalAdvance(shown)
        left = rect.left()
        if column.alignment & Qt.AlignmentFlag.AlignRight:
            left = rect.right() + 1 - width - arrow
        elif column.alignment & Qt.AlignmentFlag.AlignHCenter:
            left = rect.left() + (rect.width() - width - arrow) // 2
        painter.setFont(font)
        painter.setPen(QColor(LIGHT.text if sorted_here else LIGHT.secondary))
        painter.drawText(QRect(left, rect.top(), width + 2, rect.height()), theme.ALIGN_LEFT, shown)
        if sorted_here:
            up = self.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder
            box = QRect(
                left + width + 2, rect.top() + (rect.height() - _ARROW) // 2, _ARROW, _ARROW
            )
            paint_icon(painter, box, "sort-up" if up else "sort-down", LIGHT.text)
