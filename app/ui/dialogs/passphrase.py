"""口令: asked for before a locked package is read."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from app.ui.dialogs.frame import FrameDialog
from app.ui.widgets import button, label, primary_button

__all__ = ["PassphraseDialog", "ask_passphrase"]


class PassphraseDialog(FrameDialog):
    """One field; the package says itself whether it was right."""

    def __init__(self, parent: QWidget | None, name: str) -> None:
        super().__init__(parent, "口令", 460, 210)
        self.body.addWidget(label(f"“{name}”加了口令，请向对方问明后填写，注意大小写。", wrap=True))
        self.phrase = QLineEdit()
        self.phrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.phrase.setAccessibleName("口令")
        self.body.addWidget(self.phrase)
        self.body.addStretch(1)
        self.foot.addStretch(1)
        self.foot.addWidget(button("取消", self.reject))
        self.open_button = primary_button("打开", self.accept)
        self.open_button.setDefault(True)
        self.open_button.setEnabled(False)
        self.foot.addWidget(self.open_button)
        self.phrase.textChanged.connect(lambda text: self.open_button.setEnabled(bool(text)))
        self.phrase.setFocus()


def ask_passphrase(parent: QWidget | None, name: str) -> str:
    """What was typed, empty if the person gave up."""
    dialog = PassphraseDialog(parent, name)
    typed: list[str] = []
    dialog.accepted.connect(lambda: typed.append(dialog.phrase.text()))
    done = dialog.exec() == QDialog.DialogCode.Accepted
    return typed[0] if done and typed else ""
