"""Pages one below the other: zoomed, scrolled, turned by keys; only what is seen is drawn."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from app.ui.paper_pages import POINTS, PaperPages
from app.ui.theme import LIGHT

__all__ = ["PagesView"]

_GAP = 14
_SCREEN = 96
_KEPT = 12
STEPS = (0.5, 0.67, 0.75, 0.9, 1.0, 1.25, 1.5, 2.0, 3.0)


class PagesView(QAbstractScrollArea):
    """``turned(page)`` (from 0) when another page is the one looked at; ``zoomed(share)``."""

    turned = Signal(int)
    zoomed = Signal(float)

    def __init__(self, pages: PaperPages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages = pages
        self._kept: OrderedDict[tuple[int, int], QImage] = OrderedDict()
        self._fit: str = "width"
        self.zoom = 1.0
        self._page = 0
        self.setAccessibleName("文书预览")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._on_scrolled())

    # -- what is shown -----------------------------------------------------

    @property
    def page(self) -> int:
        """The page (from 0) that is looked at."""
        return self._page

    def go_to(self, page: int) -> None:
        """Bring the top of a page (from 0) into view."""
        page = min(max(page, 0), len(self._pages) - 1)
        self.verticalScrollBar().setValue(round(self._tops()[page]) - _GAP // 2)
        self._turn(page)

    def set_zoom(self, zoom: float) -> None:
        """A share of the paper's own size, 0.5 to 3."""
        self._fit = ""
        self._apply(min(max(zoom, STEPS[0]), STEPS[-1]))

    def step_zoom(self, by: int) -> None:
        """The next larger (1) or smaller (-1) step."""
        if by > 0:
            self.set_zoom(next((each for each in STEPS if each > self.zoom + 0.01), STEPS[-1]))
        else:
            self.set_zoom(
                max((each for each in STEPS if each < self.zoom - 0.01), default=STEPS[0])
            )

    def fit_width(self) -> None:
        """As wide as the room."""
        self._fit = "width"
        self._fit_again()

    def fit_page(self) -> None:
        """One whole page in the room."""
        self._fit = "page"
        self._fit_again()

    def _fit_again(self) -> None:
        widest = max(size.width() for size in self._pages.sizes) * _SCREEN / POINTS
        highest = max(size.height() for size in self._pages.sizes) * _SCREEN / POINTS
        room = self.viewport().size()
        share = (room.width() - 2 * _GAP) / widest
        if self._fit == "page":
            share = min(share, (room.height() - 2 * _GAP) / highest)
        self._apply(min(max(share, 0.25), 1.5 if self._fit == "width" else STEPS[-1]))

    def _apply(self, zoom: float) -> None:
        page = self._page
        self.zoom = zoom
        self._kept.clear()
        self._measure()
        self.go_to(page)
        self.viewport().update()
        self.zoomed.emit(zoom)

    # -- geometry ----------------------------------------------------------

    def _size(self, page: int) -> QSizeF:
        return self._pages.sizes[page] * (self.zoom * _SCREEN / POINTS)

    def _tops(self) -> list[float]:
        tops, y = [], float(_GAP)
        for page in range(len(self._pages)):
            tops.append(y)
            y += self._size(page).height() + _GAP
        return tops

    def _measure(self) -> None:
        if not len(self._pages):
            return
        last = len(self._pages) - 1
        height = self._tops()[last] + self._size(last).height() + _GAP
        width = max(self._size(page).width() for page in range(last + 1)) + 2 * _GAP
        room = self.viewport().size()
        for bar, whole, seen in (
            (self.verticalScrollBar(), height, room.height()),
            (self.horizontalScrollBar(), width, room.width()),
        ):
            bar.setPageStep(seen)
            bar.setSingleStep(48)
            bar.setRange(0, max(0, round(whole) - seen))

    def _rect(self, page: int, top: float) -> QRectF:
        size = self._size(page)
        left = max((self.viewport().width() - size.width()) / 2, _GAP)
        at = QPointF(
            left - self.horizontalScrollBar().value(), top - self.verticalScrollBar().value()
        )
        return QRectF(at, size)

    def _on_scrolled(self) -> None:
        middle = self.verticalScrollBar().value() + self.viewport().height() / 3
        tops = self._tops()
        self._turn(max((at for at, top in enumerate(tops) if top <= middle), default=0))
        self.viewport().update()

    def _turn(self, page: int) -> None:
        if page != self._page:
            self._page = page
            self.turned.emit(page)

    # -- Qt ----------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the fit."""
        super().resizeEvent(event)
        if self._fit:
            self._fit_again()
        else:
            self._measure()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The pages in sight."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(LIGHT.disabled_fill))
        sight = QRectF(self.viewport().rect())
        for page, top in enumerate(self._tops()):
            rect = self._rect(page, top)
            if rect.intersects(sight):
                painter.drawImage(rect, self._image(page))
                painter.setPen(QColor(LIGHT.table_line))
                painter.drawRect(rect)
        painter.end()

    def _image(self, page: int) -> QImage:
        dpi = round(self.zoom * _SCREEN * self.devicePixelRatioF())
        found = self._kept.get((page, dpi))
        if found is None:
            found = self._kept[page, dpi] = self._pages.image(page, dpi)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """PgUp and PgDn turn pages, Home and End go to the first and last."""
        turns = {
            Qt.Key.Key_PageDown: self._page + 1,
            Qt.Key.Key_PageUp: self._page - 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._pages) - 1,
        }
        if event.key() in turns:
            self.go_to(turns[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl it zooms."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step_zoom(1 if event.angleDelta().y() > 0 else -1)
        else:
            super().wheelEvent(event)
