"""Keeps a card's corners round: children are square and paint over them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui import theme
from app.ui.theme import LIGHT


class Rim(QWidget):
    """A mouse-transparent overlay that repaints the border of ``card`` and what lies outside it."""

    def __init__(self, card: QWidget) -> None:
        super().__init__(card)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        card.installEventFilter(self)
        self._cover(card)

    def _cover(self, card: QWidget) -> None:
        self.setGeometry(card.rect())
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A child added later would lie above the rim.
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.Show):
            card = self.parentWidget()
            if watched is card:
                self._cover(card)
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        outside = QPainterPath()
        outside.addRect(QRectF(self.rect()))
        outside.addRoundedRect(edge, theme.RADIUS, theme.RADIUS)
        painter.fillPath(outside, QColor(LIGHT.background))
        painter.setPen(QPen(QColor(LIGHT.line), 1))
        painter.drawRoundedRect(edge, theme.RADIUS, theme.RADIUS)
