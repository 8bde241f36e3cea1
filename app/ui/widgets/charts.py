"""The desk's two charts, painted: coverage of each category's cycle, tasks of each person.

Colour is never alone: every bar has its numbers in words beside it, and the whole chart reads
as text to a screen reader.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.desk import CoverageBar, Load
from app.ui import theme
from app.ui.theme import LIGHT

__all__ = ["CoverageChart", "LoadChart"]

_REST = "#E9EBEF"
_BAR = 14
_ROW = 68
_LEGEND = 26
_NAMES = 26
_STANDING = 4
"""Characters of a standing name; the rest is in the description and the list of people."""


class CoverageChart(QWidget):
    """One bar per category: inspected, drawn and waiting, not yet; ▲ where it should be."""

    bar_clicked = Signal(object)
    """The ``CoverageBar`` whose targets are wanted."""

    def __init__(self) -> None:
        super().__init__()
        self._bars: Sequence[CoverageBar] = ()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("点一下看是哪些检查对象")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bars(self, bars: Sequence[CoverageBar]) -> None:
        """Show these categories, top to bottom."""
        self._bars = tuple(bars)
        self.setAccessibleName("周期覆盖进度")
        self.setAccessibleDescription("；".join(_bar_words(bar) for bar in self._bars))
        self.updateGeometry()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = int((event.position().y() - _LEGEND) // _ROW)
        if 0 <= at < len(self._bars):
            self.bar_clicked.emit(self._bars[at])

    def sizeHint(self) -> QSize:
        return QSize(400, _LEGEND + _ROW * max(len(self._bars), 1))

    def minimumSizeHint(self) -> QSize:
        return QSize(280, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        legend = [("已检查", LIGHT.accent), ("已抽中，未锁定", LIGHT.pending), ("未轮到", _REST)]
        left = _paint_legend(painter, legend)
        if any(bar.expected is not None for bar in self._bars):
            self._paint_marker(painter, QPointF(left + 5, 8))
            painter.setPen(QColor(LIGHT.secondary))
            painter.drawText(QPointF(left + 15, 15), "本期末应达到")
        for number, bar in enumerate(self._bars):
            self._paint_bar(painter, bar, _LEGEND + _ROW * number)

    def _paint_bar(self, painter: QPainter, bar: CoverageBar, top: float) -> None:
        line = QRectF(0, top, self.width(), 22)
        painter.setFont(theme.sans(bold=True))
        painter.setPen(QColor(LIGHT.text))
        painter.drawText(line, theme.ALIGN_LEFT, bar.label)
        after = QFontMetricsF(painter.font()).horizontalAdvance(bar.label) + 14
        painter.setFont(theme.sans(theme.SMALL_PX))
        painter.setPen(QColor(LIGHT.secondary))
        painter.drawText(line.adjusted(after, 0, 0, 0), theme.ALIGN_LEFT, bar.cycle)
        painter.setFont(theme.sans())
        painter.setPen(QColor(LIGHT.text))
        painter.drawText(line, theme.ALIGN_RIGHT, _count_words(bar))
        self._paint_track(painter, bar, QRectF(0, top + 25, self.width(), _BAR))
        if bar.expected is not None:
            self._paint_expected(painter, bar, top + 25 + _BAR)

    def _paint_track(self, painter: QPainter, bar: CoverageBar, track: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(_REST))
        painter.drawRoundedRect(track, 2, 2)
        unit = track.width() / bar.total if bar.total else 0
        done, waiting = bar.covered * unit, bar.pending * unit
        painter.fillRect(QRectF(track.left(), track.top(), done, _BAR), QColor(LIGHT.accent))
        painter.fillRect(
            QRectF(track.left() + done, track.top(), waiting, _BAR), QColor(LIGHT.pending)
        )
        for step in range(1, bar.steps):
            at = track.left() + track.width() * step / bar.steps
            painter.fillRect(QRectF(at - 0.5, track.top(), 1, _BAR), QColor(LIGHT.surface))

    def _paint_expected(self, painter: QPainter, bar: CoverageBar, top: float) -> None:
        share = bar.expected or 0.0
        at = min(max(self.width() * share, 6), self.width() - 6)
        self._paint_marker(painter, QPointF(at, top + 2))
        words = f"第 {bar.step} 期，共 {bar.steps} 期，应达 {share * 100:.0f}%"
        painter.setFont(theme.sans(theme.SMALL_PX))
        painter.setPen(QColor(LIGHT.secondary))
        width = QFontMetricsF(painter.font()).horizontalAdvance(words)
        room = QRectF(at - 10 - width, top + 1, width + 2, 18)
        if room.left() < 0:
            room.moveLeft(at + 10)
        painter.drawText(room, theme.ALIGN_LEFT, words)

    def _paint_marker(self, painter: QPainter, top: QPointF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(LIGHT.text))
        x, y = top.x(), top.y()
        painter.drawPolygon(
            QPolygonF([QPointF(x, y), QPointF(x - 5, y + 7), QPointF(x + 5, y + 7)])
        )


def _count_words(bar: CoverageBar) -> str:
    waiting = f"，未锁定 {bar.pending}" if bar.pending else ""
    return f"{bar.covered} / {bar.total} 家{waiting}"


def _bar_words(bar: CoverageBar) -> str:
    return f"{bar.label}（{bar.cycle}）{_count_words(bar)}"


class LoadChart(QWidget):
    """One column per inspector: done below, waiting on top, the mean as a dashed line."""

    person_clicked = Signal(object)
    """The ``Load`` whose tasks are wanted."""

    def __init__(self) -> None:
        super().__init__()
        self._loads: Sequence[Load] = ()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("点一下看这个人的任务")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(160)

    def show_loads(self, loads: Sequence[Load]) -> None:
        """Show these people, left to right."""
        self._loads = tuple(loads)
        self.setAccessibleName("每人任务量")
        self.setAccessibleDescription(
            "；".join(f"{each.name} 已检查 {each.done}，待检查 {each.pending}" for each in loads)
        )
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._loads or event.position().y() < _LEGEND:
            return
        at = int(event.position().x() // (self.width() / len(self._loads)))
        if 0 <= at < len(self._loads):
            self.person_clicked.emit(self._loads[at])

    @property
    def mean(self) -> float:
        """Tasks per person."""
        if not self._loads:
            return 0.0
        return sum(each.done + each.pending for each in self._loads) / len(self._loads)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = _paint_legend(painter, [("已检查", LIGHT.accent), ("待检查", LIGHT.pending)])
        painter.setPen(_dashes())
        painter.drawLine(QPointF(left, 11), QPointF(left + 16, 11))
        painter.setPen(QColor(LIGHT.secondary))
        painter.drawText(QPointF(left + 21, 15), f"人均 {self.mean:.1f}")
        if self._loads:
            self._paint_columns(painter)

    def _paint_columns(self, painter: QPainter) -> None:
        slot = self.width() / len(self._loads)
        small = QFontMetricsF(theme.sans(theme.SMALL_PX))
        longest = max(small.horizontalAdvance(each.name) for each in self._loads)
        upright = longest > slot - 2
        most_characters = min(max(len(each.name) for each in self._loads), _STANDING)
        names = most_characters * 15 + 6 if upright else _NAMES
        ground = self.height() - names
        top = _LEGEND + 20
        most = max((each.done + each.pending for each in self._loads), default=1) or 1
        unit = max(ground - top, 1) / most
        boxes = [QRectF(at * slot, 0, slot, ground) for at in range(len(self._loads))]
        for each, box in zip(self._loads, boxes, strict=True):
            self._paint_column(painter, each, box, unit)
            self._paint_name(painter, each.name, box, ground, upright)
        painter.fillRect(QRectF(0, ground, self.width(), 1), QColor(LIGHT.table_line))
        painter.setPen(_dashes())
        mean = ground - self.mean * unit
        painter.drawLine(QPointF(0, mean), QPointF(self.width(), mean))
        # Last, on a ground of their own: the dashed line must not cross a number.
        for each, box in zip(self._loads, boxes, strict=True):
            self._paint_number(painter, each, box, unit)

    def _paint_column(self, painter: QPainter, load: Load, box: QRectF, unit: float) -> None:
        width = min(18.0, box.width() * 0.6)
        left = box.center().x() - width / 2
        done, waiting = load.done * unit, load.pending * unit
        ground = box.bottom()
        painter.fillRect(QRectF(left, ground - done, width, done), QColor(LIGHT.accent))
        painter.fillRect(
            QRectF(left, ground - done - waiting, width, waiting), QColor(LIGHT.pending)
        )

    def _paint_number(self, painter: QPainter, load: Load, box: QRectF, unit: float) -> None:
        total = load.done + load.pending
        painter.setFont(theme.sans(theme.SMALL_PX))
        width = QFontMetricsF(painter.font()).horizontalAdvance(str(total)) + 4
        top = box.bottom() - total * unit - 19
        above = QRectF(box.center().x() - width / 2, top, width, 17)
        painter.fillRect(above, QColor(LIGHT.surface))
        painter.setPen(QColor(LIGHT.text))
        painter.drawText(above, Qt.AlignmentFlag.AlignCenter, str(total))

    def _paint_name(
        self, painter: QPainter, name: str, box: QRectF, ground: float, upright: bool
    ) -> None:
        painter.setFont(theme.sans(theme.SMALL_PX))
        painter.setPen(QColor(LIGHT.secondary))
        centre = Qt.AlignmentFlag.AlignCenter
        if not upright:
            painter.drawText(QRectF(box.left(), ground + 4, box.width(), 20), centre, name)
            return
        # Many people: the name stands, as names do on a notice board.
        shown = name if len(name) <= _STANDING else f"{name[: _STANDING - 1]}⋮"
        for number, character in enumerate(shown):
            painter.drawText(
                QRectF(box.left(), ground + 4 + number * 15, box.width(), 15), centre, character
            )


def _paint_legend(painter: QPainter, entries: Sequence[tuple[str, str]]) -> float:
    """Squares with their words on the first line; gives where the next entry may begin."""
    font = QFont(theme.sans(theme.SMALL_PX))
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    left = 0.0
    for words, colour in entries:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(QRectF(left, 6, 10, 10), 2, 2)
        painter.setPen(QColor(LIGHT.secondary))
        painter.drawText(QPointF(left + 15, 15), words)
        left += 15 + metrics.horizontalAdvance(words) + 18
    return left


def _dashes() -> QPen:
    pen = QPen(QColor(LIGHT.secondary), 1)
    pen.setDashPattern([4, 3])
    return pen
