"""使用手册: the manual that ships with the program, opened at the page one comes from."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QTextBrowser, QWidget

from app.paths import RESOURCES
from app.ui.theme import LIGHT

_LINE_PERCENT, _GAP = 140, 6
_FILE = RESOURCES / "manual.md"
_CHAPTER = re.compile(r"^## (.+)$", re.MULTILINE)


def chapters(text: str) -> tuple[tuple[str, str], ...]:
    """(title, markdown) of each chapter; the first is what stands before any heading."""
    marks = list(_CHAPTER.finditer(text))
    first = text[: marks[0].start()] if marks else text
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    rest = [(mark[1], text[mark.start() : end]) for mark, end in zip(marks, ends, strict=True)]
    return (("一个季度怎么办", first), *rest)


class ManualDialog(QDialog):
    """Chapters at the left, the text at the right; stays open beside the work."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("使用手册")
        self.setModal(False)
        self.resize(880, 620)
        self._chapters = chapters(_FILE.read_text(encoding="utf-8"))
        self.list = QListWidget()
        self.list.setFixedWidth(168)
        self.list.setSpacing(3)
        self.list.addItems([title for title, _ in self._chapters])
        self.text = QTextBrowser()
        self.text.setOpenExternalLinks(False)
        self.text.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.text.document().setDocumentMargin(16)
        self.text.document().setDefaultStyleSheet(
            f"body {{ color: {LIGHT.text}; }} td, th {{ padding: 4px 10px; }}"
        )
        row = QHBoxLayout(self)
        row.addWidget(self.list)
        row.addWidget(self.text, 1)
        self.list.currentRowChanged.connect(self._on_chosen)
        self.list.setCurrentRow(0)

    def open_chapter(self, title: str) -> None:
        """Show the chapter of a page (its title); an unknown one shows the first."""
        titles = [name for name, _ in self._chapters]
        self.list.setCurrentRow(titles.index(title) if title in titles else 0)
        self.show()
        self.activateWindow()

    def _on_chosen(self, number: int) -> None:
        self.text.setSource(QUrl())
        self.text.setMarkdown(self._chapters[number][1])
        self._open_lines()

    def _open_lines(self) -> None:
        """Markdown comes set solid; Chinese text of this length wants air between lines."""
        cursor = QTextCursor(self.text.document())
        cursor.beginEditBlock()
        block = self.text.document().begin()
        while block.isValid():
            cursor.setPosition(block.position())
            shape = block.blockFormat()
            shape.setLineHeight(
                _LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
            )
            shape.setBottomMargin(_GAP)
            cursor.setBlockFormat(shape)
            block = block.next()
        cursor.endEditBlock()
        self.text.moveCursor(QTextCursor.MoveOperation.Start)
