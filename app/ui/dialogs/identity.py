"""验证身份: the passphrase of the person at the desk, before a draw's secret is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.db.read.secrecy import DrawnNow
from app.errors import AppError, UserError
from app.services.draws import identifying
from app.services.draws.identifying import LookIfDrawn, ResetPassphrase, SetPassphrase
from app.ui.dialogs.frame import FrameDialog
from app.ui.tasks import operation
from app.ui.theme import Tone
from app.ui.widgets import button, label, link_button, primary_button

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
            "请记好；忘记的要由负责人批准重置。"
        )
        self.body.addWidget(label(words, wrap=True))
        self.first = self._line("口令" if self._known else "新口令")
        self.second = self.first if self._known else self._line("再输一次")
        self.body.addStretch(1)
        if self._known:
            self.forgot = link_button("忘记口令…", self._ask_reset)
            self.foot.addWidget(self.forgot)
        self.foot.addStretch(1)
        self.foot.addWidget(button("取消", self.reject))
        self.show_button = primary_button("查看", self.submit)
        self.show_button.setDefault(True)
        self.foot.addWidget(self.show_button)
        self.first.setFocus()

    def _line(self, words: str) -> QLineEdit:
        line = _line(self.body, words)
        line.setEchoMode(QLineEdit.EchoMode.Password)
        return line

    def _ask_reset(self) -> None:
        self.reset = ResetDialog(self, self._workspace)
        self.reset.was_reset.connect(
            lambda: self.tell("口令已重置，记入账本，明天起用新口令查看。", Tone.OK)
        )
        self.reset.open()

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


class ResetDialog(FrameDialog):
    """忘记口令: a new one twice, and who approved it."""

    was_reset = Signal()

    def __init__(self, parent: QWidget, workspace: Workspace) -> None:
        super().__init__(parent, "重置口令", 460, 320)
        self._workspace = workspace
        words = f"重置{workspace.actor}的口令要由负责人批准，记入账本；明天起可以查看。"
        self.body.addWidget(label(words, wrap=True))
        self.name = _line(self.body, "批准人")
        self.post = _line(self.body, "职务")
        self.first = _line(self.body, "新口令")
        self.second = _line(self.body, "再输一次")
        for line in (self.first, self.second):
            line.setEchoMode(QLineEdit.EchoMode.Password)
        self.body.addStretch(1)
        self.foot.addStretch(1)
        self.foot.addWidget(button("取消", self.reject))
        self.submit_button = primary_button("重置", self.submit)
        self.submit_button.setDefault(True)
        self.foot.addWidget(self.submit_button)

    def submit(self) -> None:
        """Check both are the same, then write it."""
        if self.first.text() != self.second.text():
            self.show_failure(UserError("两次输入的口令不一样。", "请重新输入。"))
            return
        command = ResetPassphrase(
            new=self.first.text(), approved_name=self.name.text(), approved_post=self.post.text()
        )
        operation(self, lambda: self._workspace.write(identifying.reset_passphrase, command)).key(
            "reset"
        ).success(lambda _none: self._on_reset()).failure(self.show_failure).run_in_background()

    def _on_reset(self) -> None:
        self.was_reset.emit()
        self.accept()


def _line(body: QVBoxLayout, words: str) -> QLineEdit:
    line = QLineEdit()
    line.setAccessibleName(words)
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    title = label(words)
    title.setFixedWidth(64)
    row.addWidget(title)
    row.addWidget(line, 1)
    body.addWidget(holder)
    return line
