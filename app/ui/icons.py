"""Line icons from resources/icons, 20 px, tinted and always crisp.

``icon("plus")`` for a menu or button, ``icon("plus", LIGHT.surface)`` on a
filled one, ``paint_icon(painter, rect, "lock", colour)`` inside a delegate.
Names are the file names; an unknown name raises ``KeyError`` at once.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app import paths
from app.ui.theme import LIGHT

SIZE = 20


@cache
def _drawing(name: str) -> str:
    file = paths.RESOURCES / "icons" / f"{name}.svg"
    if not file.is_file():
        raise KeyError(name)
    return file.read_text(encoding="utf-8")


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    coloured = _drawing(name).replace("currentColor", colour)
    return QSvgRenderer(QByteArray(coloured.encode("utf-8")))


def paint_icon(painter: QPainter, rect: QRect | QRectF, name: str, colour: str) -> None:
    """Draw the icon into ``rect`` at the painter's own resolution."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _renderer(name, colour).render(painter, QRectF(rect))
    painter.restore()


class _SvgEngine(QIconEngine):
    """Renders for every size and screen factor instead of scaling one pixmap."""

    def __init__(self, name: str, colour: str, disabled: str, align: Qt.AlignmentFlag) -> None:
        super().__init__()
        self._align = align
        self._name = name
        self._colour = colour
        self._disabled = disabled

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        colour = self._disabled if mode is QIcon.Mode.Disabled else self._colour
        side = min(rect.width(), rect.height())
        box = QRect(rect.x(), rect.y() + (rect.height() - side) // 2, side, side)
        if self._align is Qt.AlignmentFlag.AlignRight:
            box.moveRight(rect.right())
        paint_icon(painter, box, self._name, colour)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _SvgEngine(self._name, self._colour, self._disabled, self._align)


def icon(
    name: str,
    colour: str = LIGHT.secondary,
    disabled: str = LIGHT.empty,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> QIcon:
    """A tinted icon for buttons, menus and window titles.

    ``align`` says at which end of a box wider than high it is drawn.
    """
    _drawing(name)
    return QIcon(_SvgEngine(name, colour, disabled, align))


def pixmap(name: str, colour: str, size: int = SIZE, ratio: float = 1.0) -> QPixmap:
    """A pixmap ``size`` logical px wide for a screen of factor ``ratio``."""
    result = QPixmap(QSize(size, size) * ratio)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    paint_icon(painter, QRect(0, 0, result.width(), result.height()), name, colour)
    painter.end()
    result.setDevicePixelRatio(ratio)
    return result
