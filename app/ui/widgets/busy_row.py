"""Long work inside a dialog: what it does, how far it is, 取消; the status bar is out of reach."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.tasks import Report, Task, TaskRunner
from app.ui.widgets.basics import ProgressStrip, label
from app.ui.widgets.buttons import small_button


class BusyRow(QWidget):
    """Shows itself while work named ``task_label`` reports."""

    def __init__(self, task_label: str, words: Callable[[Report], str] | None = None) -> None:
        """``words``: what to say instead of counting, for sizes."""
        super().__init__()
        self._label = task_label
        self._say = words or self._count
        self._task: Task | None = None
        self.words = label("", "secondary")
        self.strip = ProgressStrip()
        self.cancel = small_button("取消", self._on_cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.words)
        row.addWidget(self.strip, 1)
        row.addWidget(self.cancel)
        runner = TaskRunner.of_application()
        runner.progressed.connect(self._on_progressed)
        runner.finished.connect(self._on_finished)
        self.hide()

    def _on_progressed(self, task: Task) -> None:
        if task.label != self._label or task.superseded:
            return
        self._task = task
        report = task.report
        self.words.setText(self._say(report))
        self.strip.show_progress(report.done, report.total)
        self.show()

    def _count(self, report: Report) -> str:
        of = f" / {report.total:,}" if report.total else ""
        return f"{self._label} {report.done:,}{of}"

    def _on_finished(self, task: Task) -> None:
        if task is self._task:
            self._task = None
            self.hide()

    def _on_cancel(self) -> None:
        if self._task is not None:
            self._task.progress.cancel()
