"""收工: the day's backup while the program closes, seen, and not waited for against one's will."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QProgressBar

from app.errors import AppError, EnvironmentFault
from app.services.safety import keeping
from app.services.safety.keeping import DayBackup
from app.services.workspace import Workspace
from app.ui.dialogs.messages import MessageDialog, show_error
from app.ui.tasks import operation
from app.ui.theme import Tone

__all__ = ["ClosingDialog", "end_day"]


class ClosingDialog(MessageDialog):
    """Open while the backup is made; rejected if the person would not wait for it.

    A network folder that answers and then hangs holds the writing thread for as long as Windows
    likes: leaving is the only way out, and what was half written is cleared at the next start.
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(
            None,
            "正在收工",
            "正在做今天的备份：先存在本机，再存到第二处。",
            "第二处（U 盘或网络文件夹）迟迟写不完时，可以不等它：录入的内容都已保存，"
            "没写完的备份文件下次启动时自动清掉。",
            tone=Tone.INFO,
        )
        self._workspace = workspace
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        self.extra.addWidget(bar)
        # Enter or the space bar still under a thumb must not leave.
        bar.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        bar.setFocus()
        leave = self.add_button("不等了，直接退出")
        leave.clicked.connect(lambda: self.done(int(QDialog.DialogCode.Rejected)))

    def exec(self) -> int:
        """Begin the backup and stay until it is made, failed or given up."""
        operation(self, lambda: keeping.close_day(self._workspace)).success(self._on_made).failure(
            self._on_failed
        ).run_in_background()
        return int(super().exec())

    def reject(self) -> None:
        """Esc and the cross do not leave: only the button says what that means."""

    def _on_made(self, made: DayBackup | None) -> None:
        if self.isVisible() and made is not None and made.fault:
            show_error(
                self,
                EnvironmentFault(
                    f"今天的备份已存在本机，第二处没有存成：{made.fault}",
                    "下次请检查第二处，再到“系统 › 备份”里备份一次。",
                ),
            )
        self.accept()

    def _on_failed(self, error: AppError) -> None:
        if self.isVisible():
            show_error(self, error)
        self.accept()


def end_day(workspace: Workspace) -> bool:
    """Back up before the program ends, if the day asks for it; False if it was not waited for."""
    if not keeping.day_is_due(workspace):
        return True
    dialog = ClosingDialog(workspace)
    return dialog.exec() == QDialog.DialogCode.Accepted
