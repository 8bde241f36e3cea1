"""走势 as pictures: four rates over the quarters, and how many tasks each inspector had in them.

What is painted on the window is painted the same into a picture for a report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.report import Rate
from app.domain.trend import Course, CourseLine, PersonLoad
from app.ui import theme
from app.ui.theme import LIGHT

__all__ = ["PersonLoadsChart", "PointBehind", "TrendChart"]

_TITLE = 40
_PANEL = 190
_HEAD = 46
_NAMES = 38
_GAP = 28
_COLUMN = 34.0
_ROW = 26
_LEFT = 90
_TOP = 30
_FIGURE = 44
_SHADES = (LIGHT.accent_deep, LIGHT.accent, LIGHT.pending, LIGHT.accent_chip)
_PICTURE = QSize(1120, 0)
_SHARP = 2.0
"""A picture has twice the pixels of the screen: it is printed."""


@dataclass(frozen=True, slots=True)
class PointBehind:
    """A column that was clicked: which line, which quarter (its place)."""

    line: CourseLine
    at: int


class _Chart(QWidget):
    """Boxes that are clicked, or chosen by the arrow keys and opened with Enter."""

    chosen = Signal(object)
    """What the box stands for."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._at = 0
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def boxes(self, width: float) -> list[tuple[QRectF, object]]:
        """Where each thing that opens lies, in reading order."""
        raise NotImplementedError

    def draw(self, painter: QPainter, width: float) -> None:
        """Paint everything, ``width`` wide, from the top left corner."""
        raise NotImplementedError

    def height_of(self) -> int:
        """How high the whole is."""
        raise NotImplementedError

    def sizeHint(self) -> QSize:
        return QSize(720, self.height_of())

    def minimumSizeHint(self) -> QSize:
        return QSize(520, self.height_of())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        for at, (box, found) in enumerate(self.boxes(self.width())):
            if box.contains(event.position()):
                self._at = at
                self.update()
                self.chosen.emit(found)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose, Enter opens."""
        boxes = self.boxes(self.width())
        last = len(boxes) - 1
        back, on = (Qt.Key.Key_Left, Qt.Key.Key_Up), (Qt.Key.Key_Right, Qt.Key.Key_Down)
        steps = dict.fromkeys(back, self._at - 1) | dict.fromkeys(on, self._at + 1)
        steps |= {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
        if last < 0:
            super().keyPressEvent(event)
        elif event.key() in steps:
            self._at = min(max(steps[Qt.Key(event.key())], 0), last)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(boxes[min(self._at, last)][1])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        boxes = self.boxes(self.width())
        if self.hasFocus() and boxes:
            painter.fillRect(boxes[min(self._at, len(boxes) - 1)][0], QColor(LIGHT.selection))
        self.draw(painter, self.width())

    def picture(self, title: str) -> QImage:
        """The chart under its title, on white, sharp enough to be printed."""
        width, height = _PICTURE.width(), self.height_of() + _TITLE + 2 * theme.PAGE
        image = QImage(QSize(width, height) * _SHARP, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(_SHARP)
        image.fill(QColor("white"))
        painter = QPainter(image)
        painter.setFont(theme.sans(theme.SECTION_PX + 4, bold=True))
        painter.setPen(QColor(LIGHT.text))
        head = QRectF(theme.PAGE, theme.PAGE, width - 2 * theme.PAGE, _TITLE)
        painter.drawText(head, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, title)
        painter.translate(theme.PAGE, theme.PAGE + _TITLE)
        self.draw(painter, width - 2 * theme.PAGE)
        painter.end()
        return image


class TrendChart(_Chart):
    """Four panels, two beside two; in each a column per quarter with its share and its numbers."""

    def __init__(self) -> None:
        super().__init__("各季度走势")
        self._course = Course(quarters=(), lines=(), loads=())
        self.setToolTip("点一下（或按方向键选、按回车）看是哪些家")

    def show_course(self, course: Course) -> None:
        """Show these quarters."""
        self._course = course
        self._at = 0
        self.setAccessibleDescription("；".join(_line_words(course, x) for x in course.panels))
        self.updateGeometry()
        self.update()

    def height_of(self) -> int:
        rows = -(-len(self._course.panels) // 2)
        return rows * _PANEL + max(rows - 1, 0) * _GAP

    def _panels(self, width: float) -> list[tuple[QRectF, CourseLine]]:
        wide = (width - _GAP) / 2
        return [
            (QRectF(at % 2 * (wide + _GAP), at // 2 * (_PANEL + _GAP), wide, _PANEL), line)
            for at, line in enumerate(self._course.panels)
        ]

    def boxes(self, width: float) -> list[tuple[QRectF, object]]:
        found: list[tuple[QRectF, object]] = []
        for panel, line in self._panels(width):
            slot = panel.width() / max(len(line.points), 1)
            for at in range(len(line.points)):
                box = QRectF(
                    panel.left() + at * slot, panel.top() + _HEAD - 22, slot, _PANEL - _HEAD + 22
                )
                found.append((box, PointBehind(line, at)))
        return found

    def draw(self, painter: QPainter, width: float) -> None:
        for panel, line in self._panels(width):
            painter.setFont(theme.sans(bold=True))
            painter.setPen(QColor(LIGHT.text))
            top = QRectF(panel.left(), panel.top(), panel.width(), 20)
            painter.drawText(top, theme.ALIGN_LEFT, line.label)
            after = painter.fontMetrics().horizontalAdvance(line.label) + 12
            painter.setFont(theme.sans(theme.SMALL_PX))
            painter.setPen(QColor(LIGHT.secondary))
            formula = painter.fontMetrics().elidedText(
                line.rate.formula, Qt.TextElideMode.ElideRight, int(panel.width() - after)
            )
            painter.drawText(top.adjusted(after, 0, 0, 0), theme.ALIGN_LEFT, formula)
            self._draw_columns(painter, panel, line.points)

    def _draw_columns(self, painter: QPainter, panel: QRectF, points: Sequence[Rate]) -> None:
        ground = panel.bottom() - _NAMES
        high = ground - panel.top() - _HEAD
        newest = self._course.quarters[-1].year
        slot = panel.width() / max(len(points), 1)
        middle = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
        for at, (point, quarter) in enumerate(zip(points, self._course.quarters, strict=True)):
            left = panel.left() + at * slot
            tall = high * point.part / point.whole if point.whole else 0.0
            colour = LIGHT.accent if quarter.year == newest else LIGHT.pending
            wide = min(_COLUMN, slot * 0.6)
            column = QRectF(left + (slot - wide) / 2, ground - tall, wide, tall)
            painter.fillRect(column, QColor(colour))
            painter.setPen(QColor(LIGHT.text))
            share = point.in_words() or "—"
            painter.drawText(QRectF(left, ground - tall - 20, slot, 18), middle, share)
            painter.setPen(QColor(LIGHT.secondary))
            name = QRectF(left, ground + 3, slot, 17)
            painter.drawText(name, middle, self._course.heads[at])
            numbers = f"{point.part}/{point.whole}" if point.whole else ""
            painter.drawText(name.translated(0, 16), middle, numbers)
        painter.setPen(QColor(LIGHT.table_line))
        painter.drawLine(QPointF(panel.left(), ground), QPointF(panel.right(), ground))


def _line_words(course: Course, line: CourseLine) -> str:
    points = zip(course.heads, line.points, strict=True)
    return f"{line.label}：" + "，".join(
        f"{head} {point.in_words() or '没有'}" for head, point in points
    )


class PersonLoadsChart(_Chart):
    """A bar per inspector, the quarters of the newest year one after the other in it."""

    def __init__(self) -> None:
        super().__init__("每人任务量")
        self._course = Course(quarters=(), lines=(), loads=())
        self.setToolTip("点一下（或按上下键选、按回车）看这个人的任务")

    def show_course(self, course: Course) -> None:
        """Show everybody who had a task in the newest year's quarters, the most first."""
        self._course = course
        self._at = 0
        self.setAccessibleDescription(
            "；".join(f"{each.name} {sum(counts)}" for each, counts in self._rows())
        )
        self.updateGeometry()
        self.update()

    def _shown(self) -> list[int]:
        """Places of the newest year's quarters."""
        newest = self._course.newest_year
        return [at for at, each in enumerate(self._course.quarters) if each in newest]

    def _rows(self) -> list[tuple[PersonLoad, tuple[int, ...]]]:
        places = self._shown()
        rows = [(each, tuple(each.counts[at] for at in places)) for each in self._course.loads]
        return sorted(rows, key=lambda row: -sum(row[1]))

    def height_of(self) -> int:
        return _TOP + _ROW * max(len(self._course.loads), 1)

    def boxes(self, width: float) -> list[tuple[QRectF, object]]:
        return [
            (QRectF(0, _TOP + at * _ROW, width, _ROW), each)
            for at, (each, _counts) in enumerate(self._rows())
        ]

    def draw(self, painter: QPainter, width: float) -> None:
        painter.setFont(theme.sans(theme.SMALL_PX))
        left = float(_LEFT)
        for shade, at in zip(_SHADES, self._shown(), strict=False):
            painter.fillRect(QRectF(left, 7, 10, 10), QColor(shade))
            words = self._course.heads[at]
            painter.setPen(QColor(LIGHT.secondary))
            painter.drawText(QRectF(left + 15, 2, 120, 20), theme.ALIGN_LEFT, words)
            left += 15 + painter.fontMetrics().horizontalAdvance(words) + 24
        rows = self._rows()
        most = max((sum(counts) for _each, counts in rows), default=1) or 1
        unit = (width - _LEFT - _FIGURE) / most
        for at, (each, counts) in enumerate(rows):
            self._draw_row(painter, each.name, counts, _TOP + at * _ROW, unit)

    def _draw_row(
        self, painter: QPainter, name: str, counts: Sequence[int], top: float, unit: float
    ) -> None:
        painter.setPen(QColor(LIGHT.text))
        shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, _LEFT - 12)
        painter.drawText(QRectF(0, top, _LEFT - 12, _ROW), theme.ALIGN_RIGHT, shown)
        x = float(_LEFT)
        for shade, count in zip(_SHADES, counts, strict=False):
            painter.fillRect(QRectF(x, top + 5, count * unit, _ROW - 10), QColor(shade))
            x += count * unit
        painter.drawText(QRectF(x + 6, top, _FIGURE, _ROW), theme.ALIGN_LEFT, str(sum(counts)))
