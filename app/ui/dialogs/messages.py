"""The few dialogs that interrupt: an error, a question, a danger.

::

    show_error(self, error)                              # an AppError, in its own words
    if confirm_danger(self, "注销检查对象", "注销后不再抽取，历史保留。",
                      object_name=target.name, action="注销"): ...
    if confirm(self, "放弃修改", "有内容没有保存。", action="放弃修改"): ...
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.errors import AppError, EnvironmentFault, IntegrityError
from app.ui.icons import pixmap
from app.ui.theme import LIGHT, Tone


class MessageDialog(QDialog):
    """Icon, what happened, why and what to do, buttons at the bottom right."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        text: str,
        advice: str = "",
        tone: Tone = Tone.WARN,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(420)
        self.setMaximumWidth(560)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        body = QHBoxLayout()
        body.setContentsMargins(20, 20, 24, 20)
        body.setSpacing(14)
        mark = QLabel()
        mark.setPixmap(pixmap(_MARK[tone], tone.ink, 24, self.devicePixelRatioF()))
        body.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(8)
        words.addWidget(_label(title, "section"))
        self.text_label = _label(text)
        words.addWidget(self.text_label)
        if advice:
            words.addWidget(_label(advice, "secondary"))
        self.extra = QVBoxLayout()
        words.addLayout(self.extra)
        words.addStretch(1)
        body.addLayout(words, 1)
        outer.addLayout(body, 1)
        foot = QWidget()
        foot.setObjectName("page")
        foot.setFixedHeight(56)
        self._buttons = QHBoxLayout(foot)
        self._buttons.setContentsMargins(20, 0, 20, 0)
        self._buttons.setSpacing(8)
        self._buttons.addStretch(1)
        outer.addWidget(foot)
        self.setStyleSheet(f"MessageDialog {{ background: {LIGHT.surface}; }}")

    def add_button(self, text: str, role: str = "") -> QPushButton:
        """Append a button; ``role`` is "", "primary" or "danger"."""
        button = QPushButton(text)
        button.setProperty("role", role)
        button.setAutoDefault(False)
        self._buttons.addWidget(button)
        return button


_MARK = {
    Tone.NORMAL: "info",
    Tone.INFO: "info",
    Tone.ACCENT: "info",
    Tone.OK: "check-circle",
    Tone.WARN: "warning",
    Tone.DANGER: "error",
}


def show_error(parent: QWidget | None, error: AppError) -> None:
    """Show an ``AppError``: message, then advice; returns when it was read."""
    if isinstance(error, IntegrityError):
        title, tone = "校验不通过", Tone.DANGER
    elif isinstance(error, EnvironmentFault):
        title, tone = "暂时办不了", Tone.WARN
    else:
        title, tone = "没有办成", Tone.WARN
    dialog = MessageDialog(parent, title, error.message, error.advice, tone)
    button = dialog.add_button("知道了", "primary")
    button.setDefault(True)
    button.clicked.connect(dialog.accept)
    dialog.exec()


def confirm(parent: QWidget | None, title: str, text: str, *, action: str) -> bool:
    """Ask once; the safe button is the default, ``action`` does it."""
    return _ask(parent, title, text, action, "", Tone.INFO)


def confirm_danger(
    parent: QWidget | None, title: str, text: str, *, object_name: str, action: str
) -> bool:
    """Ask before something that cannot be undone; names the object, safe default."""
    return _ask(parent, f"{title}：{object_name}", text, action, "danger", Tone.DANGER)


def _ask(parent: QWidget | None, title: str, text: str, action: str, role: str, tone: Tone) -> bool:
    dialog = MessageDialog(parent, title, text, tone=tone)
    doing = dialog.add_button(action, role)
    keep = dialog.add_button("取消")
    keep.setDefault(True)
    keep.setFocus()
    doing.clicked.connect(dialog.accept)
    keep.clicked.connect(dialog.reject)
    return dialog.exec() == QDialog.DialogCode.Accepted


def _label(text: str, name: str = "") -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
