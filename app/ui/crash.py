"""Bugs: caught wherever they happen, written down, shown once, told calmly.

``CrashReporter(folder).install()`` takes ``sys.excepthook`` and
``threading.excepthook``.  A worker's exception is brought to the main thread; a
``data()`` that raises at every repaint is shown once.  The next start offers
what was written (``offer_earlier``).
"""

from __future__ import annotations

import hashlib
import platform
import sys
import threading
import traceback
from datetime import datetime
from pathlib import Path
from types import TracebackType

import shiboken6
from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from app import __version__
from app.ui import theme
from app.ui.dialogs.messages import MessageDialog
from app.ui.theme import Tone

_PREFIX = "crash-"
_SEEN = ".seen.txt"


class CrashReporter(QObject):
    """Owns the hooks; a child of the application."""

    _caught = Signal(str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._known: set[str] = set()
        self._dialog: CrashDialog | None = None
        # Queued also on this thread: never open a dialog inside a paint event.
        self._caught.connect(self._on_caught, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take the hooks."""
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception

    def uninstall(self) -> None:
        """Give the hooks back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__

    def pending(self) -> list[Path]:
        """Crash logs nobody has been shown yet, oldest first."""
        if not self._folder.is_dir():
            return []
        return sorted(
            file for file in self._folder.glob(f"{_PREFIX}*.txt") if not file.name.endswith(_SEEN)
        )

    def offer_earlier(self, parent: QWidget | None) -> bool:
        """Show what went wrong last time, once; ``False`` when nothing did."""
        files = self.pending()
        if not files:
            return False
        text = files[-1].read_text(encoding="utf-8", errors="replace")
        for file in files:
            self._mark_seen(file)
        dialog = CrashDialog(parent, "上次运行时程序出现意外错误", text, self._folder)
        dialog.open()
        self._dialog = dialog
        return True

    def _mark_seen(self, file: Path) -> None:
        try:
            file.replace(file.with_name(file.stem + _SEEN))
        except OSError:
            # A read-only folder: it will be offered again, which is harmless.
            return

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        details = "".join(traceback.format_exception(kind, error, trace))
        sys.stderr.write(details)
        if not shiboken6.isValid(self):
            return
        fingerprint = hashlib.sha256(_shape(kind, trace).encode()).hexdigest()
        if fingerprint in self._known:
            return
        self._known.add(fingerprint)
        report = _report(details)
        self._write(report)
        self._caught.emit(report)

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        error = args.exc_value
        if error is not None:
            self._on_exception(args.exc_type, error, args.exc_traceback)

    def _write(self, report: str) -> None:
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            file = self._folder / f"{_PREFIX}{stamp}.txt"
            file.write_text(report, encoding="utf-8", newline="\n")
        except OSError as problem:
            # The disk may be the very reason; the dialog still has the text.
            sys.stderr.write(f"crash log not written: {problem}\n")

    def _on_caught(self, report: str) -> None:
        if self._dialog is not None and shiboken6.isValid(self._dialog):
            self._dialog.add(report)
            return
        window = QApplication.activeWindow()
        self._dialog = CrashDialog(window, "程序出现意外错误", report, self._folder)
        self._dialog.open()
        # What is on screen now was just told; the next start need not repeat it.
        for file in self.pending():
            self._mark_seen(file)


class CrashDialog(MessageDialog):
    """Says that nothing is lost, and gives the details to whoever can use them."""

    def __init__(self, parent: QWidget | None, title: str, report: str, folder: Path) -> None:
        super().__init__(
            parent,
            title,
            "程序出现意外错误，数据没有丢失：没有完成的那一步没有写入，之前保存的都在。",
            "可以继续使用；建议先关闭程序再打开。请把详情发给维护人员；详情里可能有单位名称，不要发到别处。",
            Tone.DANGER,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._folder = folder
        self.details = QPlainTextEdit(report)
        self.details.setReadOnly(True)
        self.details.setFont(theme.mono())
        self.details.setFixedHeight(140)
        self.details.hide()
        self.extra.addWidget(self.details)
        self.show_button = self.add_button("查看详情")
        self.copy_button = self.add_button("复制详情")
        self.folder_button = self.add_button("打开日志文件夹")
        close = self.add_button("知道了", "primary")
        close.setDefault(True)
        self.show_button.clicked.connect(self._toggle)
        self.copy_button.clicked.connect(self._copy)
        self.folder_button.clicked.connect(
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))
        )
        close.clicked.connect(self.accept)

    def add(self, report: str) -> None:
        """One more crash while the dialog is open."""
        self.details.appendPlainText("\n" + report)

    def _toggle(self) -> None:
        self.details.setVisible(self.details.isHidden())
        self.show_button.setText("查看详情" if self.details.isHidden() else "收起详情")
        self.adjustSize()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details.toPlainText())
        self.copy_button.setText("已复制")


def _shape(kind: type[BaseException], trace: TracebackType | None) -> str:
    """The places an exception went through, without the values in its message."""
    frames = traceback.extract_tb(trace)
    return "\n".join([kind.__name__, *(f"{each.filename}:{each.lineno}" for each in frames)])


def _report(details: str) -> str:
    head = (
        f"SuiCha {__version__}  {datetime.now().isoformat(timespec='seconds')}\n"
        f"Python {platform.python_version()}  PySide6 {pyside_version}  {platform.platform()}\n\n"
    )
    return head + details
