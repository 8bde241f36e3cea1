"""验证身份: the passphrase of the person at the desk, before a draw's secret is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.db.read.secrecy import DrawnNow
from app.errors import AppError, UserError
from app.services import identifying
from app.services.identifying import LookIfDrawn, SetPassphrase
from app.ui.dialogs.frame import FrameDialog
from app.ui.tasks import operation
from app.ui.widgets import button, label, primary_button

if TYPE_CHECKING:
    from app.services.workspace import Workspace


class IdentityDialog(FrameDialog):
    """Asks for the passphrase; the first time for a new one, twice."""

    answered = Signal(object)

    def __init__(self, parent: QWidget, workspace: Workspace, target_id: int) -> None:
        super().__init__(parent, "验证身份", 460, 300)
        self._workspace = workspace
        self._target_id = target_id
        self._known = workspace.read(identifying.has_passphrase, workspace.actor)
        words = (
            f"{workspace.actor}，请输入本人的口令。每次查看都记入台账。"
            if self._known
            else f"{workspace.actor}还没有口令。请设置一个（至少 6 位），以后查看时输入。"
            "请记好，忘记后不能找回。"
        )
        self.body.addWidget(label(words, wrap=True))
        self.first = self._line("口令" if self._known else "新口令")
        self.second = self.first if self._known else self._line("再输一次")
        self.body.addStretch(1)
        self.foot.addStretch(1)
        self.foot.addWidget(button("取消", self.reject))
        self.show_button = primary_button("查看", self.submit)
        self.show_button.setDefault(True)
        self.foot.addWidget(self.show_button)
        self.first.setFocus()

    def _line(self, words: str) -> QLineEdit:
        line = QLineEdit()
        line.setEchoMode(QLineEdit.EchoMode.Password)
        line.setAccessibleName(words)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        title = label(words)
        title.setFixedWidth(64)
        row.addWidget(title)
        row.addWidget(line, 1)
        self.body.addWidget(holder)
        return line

    def submit(self) -> None:
        """Check (or set) the passphrase, then look."""
        phrase = self.first.text()
        if not self._known and phrase != self.second.text():
            self.show_failure(UserError("两次输入的口令不一样。", "请重新输入。"))
            return
        operation(self, lambda: self._look(phrase)).key("look").success(self._on_seen).failure(
            self._on_failed
        ).run_in_background()

    def _look(self, phrase: str) -> DrawnNow | None:
        if not self._known:
            self._workspace.write(identifying.set_passphrase, SetPassphrase(phrase))
        return self._workspace.write(identifying.look, LookIfDrawn(self._target_id, phrase))

    def _on_failed(self, error: AppError) -> None:
        self.first.selectAll()
        self.show_failure(error)

    def _on_seen(self, found: DrawnNow | None) -> None:
        self.answered.emit(found)
        self.accept()
