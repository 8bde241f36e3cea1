"""A visible ring around the button that has the keyboard.

Fields show focus by their own border; everything else would need a rule per
state in the style sheet, so one transparent overlay follows the focus instead.
"""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

_OUTSET = 3


class FocusRing(QObject):
    """Follows ``QApplication.focusChanged``; only keyboard focus shows the ring."""

    def __init__(self, app: QApplication, colour: str, gap: str) -> None:
        super().__init__(app)
        self._colour = QColor(colour)
        self._gap = QColor(gap)
        self._overlay: _Ring | None = None
        self._target: QWidget | None = None
        app.focusChanged.connect(self._on_focus_changed)

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        self._leave()
        if isinstance(new, QAbstractButton) and new.property("ring") is not False:
            self._follow(new)

    def _follow(self, target: QWidget) -> None:
        self._target = target
        # A child of the target's parent: clipped and scrolled as the button is.
        self._overlay = _Ring(target.parentWidget() or target, self._colour, self._gap)
        self._place()
        target.installEventFilter(self)
        target.destroyed.connect(self._on_target_destroyed)

    def _leave(self) -> None:
        target, self._target = self._target, None
        overlay, self._overlay = self._overlay, None
        # A dying button gives the focus away when its Qt half is gone already.
        if target is not None and shiboken6.isValid(target):
            target.removeEventFilter(self)
            target.destroyed.disconnect(self._on_target_destroyed)
        if overlay is not None and shiboken6.isValid(overlay):
            overlay.hide()
            overlay.deleteLater()

    def _on_target_destroyed(self) -> None:
        # The ring is a sibling and dies with the same parent.
        self._target = None
        self._overlay = None

    def _place(self) -> None:
        if self._target is None or self._overlay is None:
            return
        self._overlay.setGeometry(
            self._target.geometry().adjusted(-_OUTSET, -_OUTSET, _OUTSET, _OUTSET)
        )
        self._overlay.raise_()
        self._overlay.setVisible(self._target.isVisible())

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in (
            QEvent.Type.Move,
            QEvent.Type.Resize,
            QEvent.Type.Show,
            QEvent.Type.Hide,
        ):
            self._place()
        return False


class _Ring(QWidget):
    def __init__(self, parent: QWidget, colour: QColor, gap: QColor) -> None:
        super().__init__(parent)
        self._colour = colour
        self._gap = gap
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._gap, 1.5))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(2.25, 2.25, -2.25, -2.25), 4.5, 4.5)
        painter.setPen(QPen(self._colour, 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
