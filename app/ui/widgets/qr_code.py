"""A QR code painted in whole pixels of the screen, so that a telephone reads it at once."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.services.draws.draw_codes import QrCode


class QrView(QWidget):
    """Black on white, at most ``side`` wide; every module is the same number of device pixels."""

    def __init__(self, side: int) -> None:
        super().__init__()
        self._side = side
        self._image = QImage()
        self.setFixedSize(QSize(side, side))
        self.setAccessibleName("承诺单的二维码")
        self.hide()

    def show_code(self, code: QrCode | None) -> None:
        """Show ``code``, or nothing."""
        self._image = QImage() if code is None else _image(code)
        self.setVisible(code is not None)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._image.isNull():
            return
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        modules = self._image.width()
        # Whole device pixels each: a module that is partly grey is read badly from afar.
        size = max(1, int(self._side * ratio) // modules) * modules / ratio
        offset = int((self._side - size) / 2 * ratio) / ratio
        painter.drawImage(QRectF(offset, offset, size, size), self._image)


def _image(code: QrCode) -> QImage:
    side = len(code.modules) + 2 * code.quiet
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    for y, row in enumerate(code.modules):
        for x, dark in enumerate(row):
            if dark:
                image.setPixelColor(x + code.quiet, y + code.quiet, QColor("black"))
    return image
