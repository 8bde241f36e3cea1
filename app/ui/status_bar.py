"""The bottom line: unit, person, ledger head, backup; and work under way."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QWidget

from app.ui import theme
from app.ui.icons import pixmap
from app.ui.tasks import Task, TaskRunner
from app.ui.theme import LIGHT
from app.ui.widgets.basics import label
from app.ui.widgets.buttons import link_button

_QUICK_MS = 300
"""Work shorter than this is not announced: a flicker tells nobody anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowStatus:
    """What the status bar shows; empty strings are left out.

    ``ledger_head`` is the whole digest of the newest entry (8 digits are
    shown); ``backup`` words like “今天 08:30”; ``ledger_ok`` false paints the
    shield red.
    """

    unit: str = ""
    person: str = ""
    ledger_head: str = ""
    ledger_ok: bool = True
    backup: str = ""


class StatusBar(QFrame):
    """28 px; work appears at the right with its progress and 取消."""

    def __init__(self, runner: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self.setFixedHeight(theme.STATUS_BAR)
        self._runner = runner
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 14, 0)
        row.setSpacing(8)
        self._facts = QHBoxLayout()
        self._facts.setSpacing(6)
        row.addLayout(self._facts)
        row.addStretch(1)
        self.work_label = label("")
        self.bar = QProgressBar()
        self.bar.setFixedWidth(96)
        self.bar.setTextVisible(False)
        self.cancel_link = link_button("取消", self._cancel)
        self.cancel_link.setStyleSheet("font-size: 12px;")
        for widget in (self.work_label, self.bar, self.cancel_link):
            row.addWidget(widget)
            widget.hide()
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_QUICK_MS)
        self._late.timeout.connect(self._show_work)
        runner.started.connect(self._on_started)
        # Methods, no lambdas: the runner outlives a window, and forgets the methods of one gone.
        runner.progressed.connect(self._show_work_if_shown)
        runner.finished.connect(self._on_finished)

    def show_status(self, status: WindowStatus) -> None:
        """Replace the facts at the left."""
        while (item := self._facts.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        shield = LIGHT.ok if status.ledger_ok else LIGHT.danger
        head = status.ledger_head[:8]
        facts = (
            (status.unit, "", ""),
            (status.person, "", ""),
            (f"账本 {head}" if head else "", "shield", shield),
            (f"备份 {status.backup}" if status.backup else "", "clock", LIGHT.secondary),
        )
        shown = [each for each in facts if each[0]]
        for number, (text, icon_name, colour) in enumerate(shown):
            if number:
                self._facts.addWidget(_divider())
            if icon_name:
                mark = QLabel()
                mark.setPixmap(pixmap(icon_name, colour, 15, self.devicePixelRatioF()))
                self._facts.addWidget(mark)
            self._facts.addWidget(label(text))

    def _task(self) -> Task | None:
        named = [task for task in self._runner.running if task.label]
        return named[0] if named else None

    def _on_started(self, task: Task) -> None:
        if task.label and not self._late.isActive():
            self._late.start()

    def _on_finished(self, ended: Task) -> None:
        if self._task() is None:
            self._late.stop()
            for widget in (self.work_label, self.bar, self.cancel_link):
                widget.hide()
        else:
            self._show_work_if_shown(ended)

    def _show_work_if_shown(self, _moved: Task) -> None:
        if self.work_label.isVisible():
            self._show_work()

    def _show_work(self) -> None:
        task = self._task()
        if task is None:
            return
        report = task.report
        words = [task.label + (f"：{report.text}" if report.text else "")]
        if report.total:
            words.append(f"{report.done:,} / {report.total:,}")
        remaining = task.remaining()
        if remaining is not None and remaining >= 1:
            words.append(f"还需约 {_duration(remaining)}")
        self.work_label.setText("，".join(words))
        self.bar.setRange(0, report.total)
        self.bar.setValue(report.done)
        self.work_label.show()
        self.bar.show()
        self.cancel_link.setVisible(task.cancellable)
        self.cancel_link.setEnabled(not task.progress.cancelled)

    def _cancel(self) -> None:
        task = self._task()
        if task is not None:
            task.progress.cancel()
            self.cancel_link.setEnabled(False)


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} 秒" if seconds < 90 else f"{seconds / 60:.0f} 分钟"


def _divider() -> QFrame:
    line = QFrame()
    line.setObjectName("vline")
    line.setFixedHeight(14)
    return line
