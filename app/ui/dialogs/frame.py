"""The frame of a larger dialog: a body, a message above it, buttons at its foot."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.errors import AppError
from app.ui.theme import Tone
from app.ui.widgets import Banner


class FrameDialog(QDialog):
    """``body`` for what it shows, ``foot`` for its buttons; errors appear inside it."""

    def __init__(self, parent: QWidget | None, title: str, width: int, height: int) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(width, height)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(20, 16, 20, 12)
        self.body.setSpacing(10)
        outer.addLayout(self.body, 1)
        self.banner = Banner(Tone.DANGER, "")
        self.banner.hide()
        self.body.addWidget(self.banner)
        holder, self.foot = _foot_row()
        outer.addWidget(holder)

    def show_failure(self, error: AppError) -> None:
        """What went wrong, inside the dialog: nothing typed is lost."""
        self.tell(str(error), Tone.DANGER)

    def tell(self, words: str, tone: Tone = Tone.INFO) -> None:
        """Say something above the body."""
        self.banner.show_message(tone, words)
        self.banner.show()


def dialog_foot(*right: QWidget, left: Sequence[QWidget] = ()) -> QFrame:
    """The bar below a dialog: words at the left, buttons at the right, the filled one last."""
    holder, row = _foot_row()
    for widget in left:
        row.addWidget(widget)
    row.addStretch(1)
    for widget in right:
        row.addWidget(widget)
    return holder


def _foot_row() -> tuple[QFrame, QHBoxLayout]:
    holder = QFrame()
    holder.setObjectName("cardFoot")
    row = QHBoxLayout(holder)
    row.setContentsMargins(20, 10, 20, 10)
    row.setSpacing(8)
    return holder, row
