"""Sends the pages of papers to a printer of the machine, one page at a time."""

from __future__ import annotations

from PySide6.QtCore import QMarginsF, QObject, QRect, QTimer, Signal
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget

from app.errors import EnvironmentFault
from app.ui.paper_pages import PaperPages

__all__ = ["PrintJob", "ask_printer"]

_FINEST = 300
"""Dots to the inch: text of a laser printer; more only takes longer."""


def ask_printer(parent: QWidget, pages: int) -> QPrinter | None:
    """The printer, copies and pages a person chose; None when they gave up.

    EnvironmentFault where the machine has no printer.
    """
    if not QPrinterInfo.availablePrinterNames():
        raise EnvironmentFault(
            "这台电脑上没有打印机。", "请先在系统里装好打印机；也可以另存为 PDF，带到别处打印。"
        )
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setFromTo(1, pages)
    dialog = QPrintDialog(printer, parent)
    dialog.setMinMax(1, pages)
    dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange, True)
    return printer if dialog.exec() else None


class PrintJob(QObject):
    """Prints while the window lives on; ``ended(words)`` once, empty words: all went well."""

    advanced = Signal(int, int)
    ended = Signal(str)

    def __init__(self, parent: QObject, pages: PaperPages, printer: QPrinter) -> None:
        super().__init__(parent)
        self._pages, self._printer = pages, printer
        first, last = printer.fromPage() or 1, printer.toPage() or len(pages)
        asked = list(range(first - 1, min(last, len(pages))))
        # Some drivers know nothing of copies: then the whole is handed over again.
        self._left = asked * (1 if printer.supportsMultipleCopies() else printer.copyCount())
        self._whole = len(self._left)
        self._painter = QPainter()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._print_one)

    def start(self) -> None:
        """Begin; pages follow one another as the window finds time."""
        printer = self._printer
        printer.setFullPage(True)
        self._set_size(self._left[0])
        if not self._painter.begin(printer):
            self._end("打印机没有接受。请看打印机是否已开、是否有纸。")
            return
        self._timer.start(0)

    def cancel(self) -> None:
        """Stop; what was not handed over yet is not printed."""
        if self._painter.isActive():
            self._printer.abort()
            self._end("已取消打印。")

    def _set_size(self, page: int) -> None:
        size = self._pages.sizes[page]
        sheet = QPageSize(size, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch)
        upright = QPageLayout.Orientation.Portrait
        self._printer.setPageLayout(QPageLayout(sheet, upright, QMarginsF()))

    def _print_one(self) -> None:
        page = self._left.pop(0)
        printer = self._printer
        image = self._pages.image(page, min(printer.resolution(), _FINEST))
        self._painter.drawImage(QRect(0, 0, printer.width(), printer.height()), image)
        self.advanced.emit(self._whole - len(self._left), self._whole)
        if not self._left:
            self._end("")
        elif not self._next_sheet():
            self._end("打印机中途停止。请检查后重新打印。")

    def _next_sheet(self) -> bool:
        self._set_size(self._left[0])
        return self._printer.newPage()

    def _end(self, words: str) -> None:
        self._timer.stop()
        if self._painter.isActive():
            self._painter.end()
        self.ended.emit(words)
