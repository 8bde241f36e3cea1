"""A report's measures as pairs of bars: this period, the one before; each with its number."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.report import Change
from app.ui import theme
from app.ui.theme import LIGHT

__all__ = ["ReportChart"]

_TOP = 28
_ROW = 38
_BAR = 13
_NAMES = 190
_FIGURE = 44


class ReportChart(QWidget):
    """One row per measure that counts anything in either period."""

    measure_clicked = Signal(object)
    """The ``Measure`` whose tasks are wanted."""

    def __init__(self) -> None:
        super().__init__()
        self._changes: tuple[Change, ...] = ()
        self._now, self._before = "", ""
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("点一下（或按上下键选、按回车）看是哪些任务")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_changes(self, changes: Sequence[Change], now: str, before: str) -> None:
        """Show these measures; ``now`` and ``before`` name the periods."""
        self._changes = tuple(each for each in changes if each.now or each.before)
        self._now, self._before = now, before
        self._at = min(self._at, max(len(self._changes) - 1, 0))
        self.setAccessibleName("与上期比较")
        self.setAccessibleDescription(
            "；".join(
                f"{each.measure.label} {each.now}，上期 {each.before}" for each in self._changes
            )
        )
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(640, _TOP + _ROW * max(len(self._changes), 1))

    def minimumSizeHint(self) -> QSize:
        return QSize(420, self.sizeHint().height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = int((event.position().y() - _TOP) // _ROW)
        if 0 <= at < len(self._changes):
            self.measure_clicked.emit(self._changes[at].measure)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down choose a measure, Enter opens its tasks."""
        last = len(self._changes) - 1
        steps = {Qt.Key.Key_Up: self._at - 1, Qt.Key.Key_Down: self._at + 1}
        steps |= {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
        if last < 0:
            super().keyPressEvent(event)
        elif event.key() in steps:
            self._at = min(max(steps[Qt.Key(event.key())], 0), last)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.measure_clicked.emit(self._changes[self._at].measure)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.sans(theme.SMALL_PX))
        left = float(_NAMES)
        for words, colour in ((self._now, LIGHT.accent), (self._before, LIGHT.pending)):
            painter.fillRect(QRectF(left, 7, 10, 10), QColor(colour))
            painter.setPen(QColor(LIGHT.secondary))
            box = QRectF(left + 15, 2, 220, 20)
            painter.drawText(box, theme.ALIGN_LEFT, words)
            left += 15 + painter.fontMetrics().horizontalAdvance(words) + 24
        most = max((max(each.now, each.before) for each in self._changes), default=1) or 1
        unit = (self.width() - _NAMES - _FIGURE) / most
        for number, each in enumerate(self._changes):
            if number == self._at and self.hasFocus():
                chosen = QRectF(0, _TOP + number * _ROW - 4, self.width(), _ROW)
                painter.fillRect(chosen, QColor(LIGHT.selection))
            self._paint_row(painter, each, _TOP + number * _ROW, unit)

    def _paint_row(self, painter: QPainter, each: Change, top: float, unit: float) -> None:
        painter.setPen(QColor(LIGHT.text))
        names = QRectF(0, top, _NAMES - 12, 2 * _BAR + 4)
        painter.drawText(names, theme.ALIGN_RIGHT, each.measure.label)
        for at, (value, colour) in enumerate(
            ((each.now, LIGHT.accent), (each.before, LIGHT.pending))
        ):
            y = top + at * (_BAR + 3)
            painter.fillRect(QRectF(_NAMES, y, value * unit, _BAR), QColor(colour))
            painter.setPen(QColor(LIGHT.secondary))
            box = QRectF(_NAMES + value * unit + 5, y - 2, _FIGURE, _BAR + 4)
            painter.drawText(box, theme.ALIGN_LEFT, str(value))
