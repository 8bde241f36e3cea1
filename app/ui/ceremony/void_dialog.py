"""作废: why, and who approved it; the number stays used and the record is kept for ever."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.services.draws import drawing
from app.services.workspace import Workspace
from app.ui.tasks import operation
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import Banner, button, danger_button, label


class VoidDialog(QDialog):
    """Asks for reason, approver and post; ``voided`` carries the outcome."""

    voided = Signal(object)

    def __init__(
        self, parent: QWidget, workspace: Workspace, no: str, digits: tuple[str, ...]
    ) -> None:
        super().__init__(parent)
        self._workspace, self._no, self._digits = workspace, no, digits
        self.setWindowTitle(f"作废 {no}")
        self.setMinimumWidth(520)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        body = QVBoxLayout()
        body.setContentsMargins(20, 18, 24, 16)
        body.setSpacing(10)
        count = max(len(digits), len(workspace.read(drawing.opened_slips, no)))
        opened = f"已开号 {count} 人的数字一并入档。" if count else ""
        words = f"作废后编号 {no} 不能再用，记录永久保留，以后抽取都会带着它。{opened}"
        body.addWidget(Banner(Tone.DANGER, words))
        body.addLayout(self._fields())
        self.error = Banner(Tone.DANGER, "")
        self.error.hide()
        body.addWidget(self.error)
        outer.addLayout(body)
        foot = QFrame()
        foot.setObjectName("cardFoot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 10, 24, 10)
        row.setSpacing(8)
        self.why = label("", "small")
        row.addWidget(self.why)
        row.addStretch(1)
        self.void_button = danger_button("作废本次抽取", self.submit)
        self.cancel_button = button("取消", self.reject)
        self.cancel_button.setDefault(True)
        row.addWidget(self.void_button)
        row.addWidget(self.cancel_button)
        outer.addWidget(foot)
        self.setStyleSheet(f"VoidDialog {{ background: {LIGHT.surface}; }}")
        self._on_edited()

    def _fields(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        self.reason = QPlainTextEdit()
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(72)
        self.reason.setPlaceholderText("写明发生了什么，不写人名：检查全部结束后原因要公开")
        self.reason.textChanged.connect(self._on_edited)
        self.name, self.post = QLineEdit(), QLineEdit()
        for line, (words, field) in enumerate(
            (("作废原因", self.reason), ("批准人", self.name), ("职务", self.post))
        ):
            caption = label(words)
            grid.addWidget(caption, line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(field, line, 1)
            field.setAccessibleName(words)
        for edit in (self.name, self.post):
            edit.textChanged.connect(lambda _text: self._on_edited())
        return grid

    def _missing(self) -> str:
        for words, text in (
            ("作废原因", self.reason.toPlainText()),
            ("批准人", self.name.text()),
            ("批准人职务", self.post.text()),
        ):
            if not text.strip():
                return f"还没有填写{words}"
        return ""

    def _on_edited(self) -> None:
        missing = self._missing()
        self.why.setText(missing)
        self.void_button.setEnabled(not missing)

    def submit(self) -> None:
        """Write the void record in the background."""
        workspace = self._workspace
        command = drawing.VoidDraw(
            no=self._no,
            reason=" ".join(self.reason.toPlainText().split()),
            approved_name=self.name.text().strip(),
            approved_post=self.post.text().strip(),
            digits=self._digits,
        )
        started = (
            operation(self, lambda: workspace.write(drawing.void, command))
            .key("void")
            .success(self._on_voided)
            .failure(self._on_failed)
            .run_in_background()
        )
        if started:
            self.void_button.setEnabled(False)

    def _on_voided(self, outcome: drawing.Voided) -> None:
        self.voided.emit(outcome)
        self.accept()

    def _on_failed(self, error: AppError) -> None:
        self.error.show_message(Tone.DANGER, str(error))
        self.error.show()
        self.void_button.setEnabled(True)
