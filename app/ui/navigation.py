"""The tab bar: a vertical list with icon, word and badge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.ui import theme
from app.ui.icons import icon, paint_icon, pixmap
from app.ui.theme import LIGHT, Tone
from app.ui.widgets.basics import label
from app.ui.widgets.buttons import link_button

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ITEM_ROLE = Qt.ItemDataRole.UserRole + 1


@dataclass(slots=True)
class NavItem:
    """One tab; ``badge`` 0 shows none."""

    key: str
    title: str
    icon: str
    badge: int = 0
    tone: Tone = Tone.INFO


class _NavModel(QAbstractListModel):
    def __init__(self, items: Sequence[NavItem]) -> None:
        super().__init__()
        self.items = list(items)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        item = self.items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{item.title}，{item.badge} 件" if item.badge else item.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"Ctrl+{index.row() + 1}"
        return item if role == _ITEM_ROLE else None


class _NavDelegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(theme.NAV_WIDTH, theme.NAV_ITEM)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item: NavItem = index.data(_ITEM_ROLE)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        here = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(rect).adjusted(8, 2, -8, -2)
        if here or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(LIGHT.selection if here else LIGHT.hover))
            painter.drawRoundedRect(box, theme.RADIUS, theme.RADIUS)
        if here:
            painter.setBrush(QColor(LIGHT.accent))
            painter.drawRoundedRect(
                QRectF(box.left(), box.top() + 9, 3, box.height() - 18), 1.5, 1.5
            )
        if (
            state & QStyle.StateFlag.State_HasFocus
            and state & QStyle.StateFlag.State_KeyboardFocusChange
        ):
            painter.setPen(QColor(LIGHT.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), theme.RADIUS, theme.RADIUS)
        place = QRectF(rect.left() + 21, rect.top() + (rect.height() - 19) / 2, 19, 19)
        paint_icon(painter, place, item.icon, LIGHT.accent if here else LIGHT.secondary)
        painter.setFont(theme.sans(bold=here))
        painter.setPen(QColor(LIGHT.accent_strong if here else LIGHT.text))
        words = rect.adjusted(50, 0, -8, 0)
        painter.drawText(words, theme.ALIGN_LEFT, item.title)
        if item.badge:
            self._paint_badge(painter, rect, item, here)
        painter.restore()

    def _paint_badge(self, painter: QPainter, rect: QRect, item: NavItem, here: bool) -> None:
        painter.setFont(theme.sans(theme.SMALL_PX, bold=True))
        text = str(item.badge) if item.badge < 100 else "99+"
        width = max(20, painter.fontMetrics().horizontalAdvance(text) + 10)
        box = QRectF(rect.right() - 13 - width, rect.top() + (rect.height() - 20) / 2, width, 20)
        fill = LIGHT.surface if here else item.tone.fill or LIGHT.info_chip
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(box, 10, 10)
        painter.setPen(QColor(item.tone.ink))
        painter.drawText(box, theme.ALIGN_CENTER, text)


class Navigation(QFrame):
    """Product mark, tabs, 使用手册."""

    chosen = Signal(str)
    manual_requested = Signal()

    def __init__(self, items: Sequence[NavItem], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("nav")
        self.setFixedWidth(theme.NAV_WIDTH)
        self._model = _NavModel(items)
        self._model.setParent(self)
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setItemDelegate(_NavDelegate(self.list))
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName("页面")
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 6)
        column.setSpacing(0)
        column.addLayout(self._mark())
        column.addWidget(self.list, 1)
        column.addLayout(self._foot())

    def _mark(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(16, 14, 8, 14)
        row.setSpacing(10)
        mark = QLabel()
        mark.setPixmap(pixmap("mark", LIGHT.accent, 30, self.devicePixelRatioF()))
        row.addWidget(mark)
        words = QVBoxLayout()
        words.setSpacing(0)
        name = label("随查")
        name.setStyleSheet("font-size: 16px; font-weight: 700;")
        words.addWidget(name)
        words.addWidget(label("双随机抽查工作台", "small"))
        row.addLayout(words, 1)
        return row

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(18, 4, 14, 4)
        manual = link_button("使用手册", self.manual_requested.emit)
        manual.setIcon(icon("book"))
        manual.setIconSize(QSize(26, 18))
        manual.setStyleSheet(f"color: {LIGHT.secondary};")
        row.addWidget(manual)
        row.addStretch(1)
        row.addWidget(label("F1", "small"))
        return row

    def _on_current_changed(self, current: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(self._model.items[current.row()].key)

    @property
    def tabs(self) -> tuple[NavItem, ...]:
        """The tabs with their counts."""
        return tuple(self._model.items)

    def choose(self, key: str) -> None:
        """Make ``key`` the current tab."""
        row = next(at for at, item in enumerate(self._model.items) if item.key == key)
        self.list.setCurrentIndex(self._model.index(row, 0))

    def set_badge(self, key: str, count: int, tone: Tone) -> None:
        """Show ``count`` beside a tab."""
        for row, item in enumerate(self._model.items):
            if item.key == key:
                item.badge, item.tone = count, tone
                index = self._model.index(row, 0)
                self._model.dataChanged.emit(index, index)
