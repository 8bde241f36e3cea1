"""A digest a person can compare with paper: groups of four, monospaced, copyable."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.ui import theme
from app.ui.theme import LIGHT
from app.ui.widgets.buttons import icon_button

_GROUP = 4
_EDGE = 2
"""Groups at either end that are read aloud: 8 digits, bold."""


def grouped(digest: str, size: int = _GROUP) -> list[str]:
    """``digest`` cut into groups of ``size``."""
    return [digest[at : at + size] for at in range(0, len(digest), size)]


class HashLabel(QWidget):
    """``HashLabel(digest)`` shows all 64 digits in lines of four groups;
    ``HashLabel(digest, brief=True)`` shows ``6728df74 … 4667f16d`` on one line.
    Copying always copies the whole digest without spaces.
    """

    def __init__(self, digest: str = "", *, brief: bool = False, per_line: int = 4) -> None:
        super().__init__()
        self._digest = ""
        self._brief = brief
        self._per_line = per_line
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self._text = QLabel()
        self._text.setFont(theme.mono(13 if brief else 15))
        self._text.setTextFormat(Qt.TextFormat.RichText)
        # The style sheet would put the interface font back.
        families = ", ".join(f"'{name}'" for name in theme.MONO)
        size = 13 if brief else 15
        self._text.setStyleSheet(f"font-family: {families}; font-size: {size}px;")
        self._copy = icon_button("copy", "复制", self.copy)
        row.addWidget(self._text)
        row.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignTop)
        row.addStretch(1)
        self.show_digest(digest)

    @property
    def digest(self) -> str:
        """The whole digest."""
        return self._digest

    def show_digest(self, digest: str) -> None:
        """Show ``digest`` (hex); empty shows “—”."""
        self._digest = digest
        self._copy.setVisible(bool(digest))
        self._text.setText(self._markup() if digest else "—")
        self._text.setAccessibleName(digest)

    def copy(self) -> None:
        """Put the digest on the clipboard."""
        QGuiApplication.clipboard().setText(self._digest)

    def _markup(self) -> str:
        if self._brief:
            if len(self._digest) <= 16:
                return self._digest
            return f"{self._digest[:8]} … {self._digest[-8:]}"
        groups = grouped(self._digest)
        marked = [
            f"<b style='color:{LIGHT.accent}'>{part}</b>"
            if at < _EDGE or at >= len(groups) - _EDGE
            else part
            for at, part in enumerate(groups)
        ]
        lines = grouped_lines(marked, self._per_line)
        return "<br>".join("&nbsp;".join(line) for line in lines)


def grouped_lines(groups: list[str], per_line: int) -> list[list[str]]:
    """Groups arranged in lines of ``per_line``."""
    return [groups[at : at + per_line] for at in range(0, len(groups), per_line)]
