"""Paints every cell of every table: chips, codes, numbers, dates, second lines."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from app.ui import theme
from app.ui.tables.columns import EMPTY, Cell, Column, ColumnKind
from app.ui.tables.model import CELL_ROLE
from app.ui.theme import LIGHT, Tone

PAD = 10
EDGE_PAD = 16
_CHIP_PAD = 7
_REMEMBERED = 5000
"""Measured texts kept: measuring costs more than drawing, and scrolling repeats itself."""


@cache
def _colour(name: str) -> QColor:
    return QColor(name)


class CellDelegate(QStyledItemDelegate):
    """One delegate per table; ``hover_row`` is shared with the frozen column."""

    def __init__(self, columns: tuple[Column, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self.hover_row = -1
        self.frozen_edge = False
        self.covered = False
        """The first column lies under the frozen one: painting it twice is wasted."""
        self._shown: dict[tuple[str, str, int], str] = {}
        self._fonts: dict[str, QFont] = {
            "text": theme.sans(),
            "strong": theme.sans(bold=True),
            "figure": theme.sans(17, bold=True),
            "small": theme.sans(theme.SMALL_PX),
            "code": theme.mono(),
            "struck": theme.sans(),
        }
        self._fonts["struck"].setStrikeOut(True)
        self._metrics = {name: QFontMetrics(font) for name, font in self._fonts.items()}

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        if self.covered and index.column() == 0:
            return
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        self._paint_ground(painter, rect, index.row(), index.column(), selected)
        cell = index.data(CELL_ROLE)
        if cell is not None:
            self._paint_cell(painter, rect, index, cell)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, rect: QRect, row: int, column: int, selected: bool
    ) -> None:
        if selected:
            painter.fillRect(rect, _colour(LIGHT.selection))
        elif row == self.hover_row:
            painter.fillRect(rect, _colour(LIGHT.hover))
        # At the top of each row: a line below would double with the frame's.
        if row > 0:
            painter.fillRect(rect.left(), rect.top(), rect.width(), 1, _colour(LIGHT.table_line))
        if selected and column == 0:
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), _colour(LIGHT.accent))
        if self.frozen_edge and column == 0:
            painter.fillRect(rect.right(), rect.top(), 1, rect.height(), _colour(LIGHT.table_line))

    def _paint_cell(
        self,
        painter: QPainter,
        rect: QRect,
        index: QModelIndex | QPersistentModelIndex,
        cell: Cell,
    ) -> None:
        column = self._columns[index.column()]
        inner = self._inner(rect, index)
        if cell.kind is ColumnKind.BAR and cell.bar is not None:
            self._paint_bar(painter, inner, cell)
        elif cell.kind is ColumnKind.CHIP and cell.text:
            self._paint_chip(painter, inner, cell, column)
        elif cell.sub:
            half = inner.height() // 2
            upper = QRect(inner.left(), inner.top() + 7, inner.width(), half - 6)
            lower = QRect(inner.left(), inner.top() + half + 1, inner.width(), half - 7)
            self._write(painter, upper, column, self._font_of(cell), cell.text, _ink(cell))
            self._write(painter, lower, column, "small", cell.sub, LIGHT.secondary)
        else:
            self._write(painter, inner, column, self._font_of(cell), cell.text, _ink(cell))

    def _inner(self, rect: QRect, index: QModelIndex | QPersistentModelIndex) -> QRect:
        first = index.column() == 0
        last = index.column() == len(self._columns) - 1
        return rect.adjusted(EDGE_PAD if first else PAD, 1, -(EDGE_PAD if last else PAD), 0)

    def _font_of(self, cell: Cell) -> str:
        if cell.struck:
            return "struck"
        if cell.kind is ColumnKind.CODE:
            return "code"
        if cell.kind is ColumnKind.FIGURE:
            return "figure"
        return "strong" if cell.kind is ColumnKind.STRONG else "text"

    def _write(
        self, painter: QPainter, rect: QRect, column: Column, font: str, text: str, ink: str
    ) -> None:
        if not text:
            font = "text"
        painter.setFont(self._fonts[font])
        painter.setPen(_colour(ink if text else LIGHT.empty))
        painter.drawText(rect, column.alignment, self._elided(text or EMPTY, font, rect.width()))

    def _elided(self, text: str, font: str, width: int) -> str:
        key = (text, font, width)
        shown = self._shown.get(key)
        if shown is None:
            if len(self._shown) >= _REMEMBERED:
                self._shown.clear()
            shown = self._metrics[font].elidedText(text, Qt.TextElideMode.ElideRight, width)
            self._shown[key] = shown
        return shown

    def _paint_chip(self, painter: QPainter, rect: QRect, cell: Cell, column: Column) -> None:
        metrics = self._metrics["small"]
        width = min(metrics.horizontalAdvance(cell.text) + 2 * _CHIP_PAD, rect.width())
        top = rect.top() + (rect.height() - theme.CHIP) // 2
        left = rect.left()
        if column.alignment & Qt.AlignmentFlag.AlignRight:
            left = rect.right() - width + 1
        elif column.alignment & Qt.AlignmentFlag.AlignHCenter:
            left = rect.left() + (rect.width() - width) // 2
        chip = QRect(left, top, width, theme.CHIP)
        if cell.tone.fill:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_colour(cell.tone.fill))
            painter.drawRoundedRect(QRectF(chip), 3, 3)
        painter.setFont(self._fonts["small"])
        painter.setPen(_colour(cell.tone.ink))
        words = chip.adjusted(_CHIP_PAD, 0, -_CHIP_PAD + 1, 0)
        shown = metrics.elidedText(cell.text, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, theme.ALIGN_LEFT, shown)

    def _paint_bar(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        bar = cell.bar
        if bar is None:
            return
        number = QRect(rect.left(), rect.top(), 26, rect.height())
        painter.setFont(self._fonts["text"])
        painter.setPen(_colour(LIGHT.text))
        painter.drawText(number, theme.ALIGN_RIGHT, cell.text)
        room = rect.width() - 34
        unit = room / bar.most if bar.most else 0
        top = rect.top() + (rect.height() - 10) / 2
        left = rect.left() + 34
        painter.fillRect(QRectF(left, top, bar.done * unit, 10), _colour(LIGHT.accent))
        painter.fillRect(
            QRectF(left + bar.done * unit, top, bar.pending * unit, 10), _colour(LIGHT.pending)
        )

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Show the whole text of a cell that was cut."""
        if event.type() is not QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        cell = index.data(CELL_ROLE)
        rect: QRect = option.rect
        whole = self._cut_text(cell, self._inner(rect, index).width()) if cell else ""
        if whole:
            QToolTip.showText(event.globalPos(), whole, view)
        else:
            QToolTip.hideText()
        return True

    def _cut_text(self, cell: Cell, room: int) -> str:
        lines = []
        if self._metrics[self._font_of(cell)].horizontalAdvance(cell.text) > room:
            lines.append(cell.text)
        if cell.sub and self._metrics["small"].horizontalAdvance(cell.sub) > room:
            lines.append(cell.sub)
        return "\n".join(lines)


def _ink(cell: Cell) -> str:
    if cell.kind is ColumnKind.LINK:
        return LIGHT.accent
    return LIGHT.text if cell.tone is Tone.NORMAL else cell.tone.ink
