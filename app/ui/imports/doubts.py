"""One row of an import in the pane at the right: whose value stays, and whom it may be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.services.intake.importing import Candidate, FieldDifference
from app.ui import theme
from app.ui.theme import LIGHT
from app.ui.widgets import hairline, icon_button, label, small_button


class DifferenceBox(QWidget):
    """One field that differs: 库内 or 文件, one of the two chosen."""

    def __init__(self, difference: FieldDifference, on_choice: Callable[[bool], object]) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(2, 1)
        grid.addWidget(label(difference.label, "strong"), 0, 0, 1, 3)
        group = QButtonGroup(self)
        self.ours = self._side(grid, 1, "库内", difference.before)
        self.file = self._side(grid, 2, "文件", difference.after)
        for each in (self.ours, self.file):
            group.addButton(each)
        (self.ours if difference.kept else self.file).setChecked(True)
        self.ours.clicked.connect(lambda: on_choice(True))
        self.file.clicked.connect(lambda: on_choice(False))

    def _side(self, grid: QGridLayout, line: int, words: str, value: str) -> QRadioButton:
        choice = QRadioButton()
        choice.setAccessibleName(f"{words}：{value}")
        shown = Wrapped(value)
        shown.mousePressEvent = lambda _event: choice.click()  # type: ignore[method-assign]
        grid.addWidget(label(words, "small"), line, 0)
        grid.addWidget(choice, line, 1)
        grid.addWidget(shown, line, 2)
        return choice


class CandidateBox(QWidget):
    """A record the row may be, side by side with the row, and the button that says it is."""

    def __init__(self, candidate: Candidate, on_same: Callable[[], object]) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        whose = "另一行" if candidate.key.startswith("@") else "库内"
        line = 0
        for name, ours, theirs in candidate.pairs:
            if ours == theirs:
                grid.addWidget(label(f"{name}（相同）", "small"), line, 0, 1, 2)
                grid.addWidget(Wrapped(ours), line + 1, 0, 1, 2)
                line += 2
                continue
            grid.addWidget(label(name, "small"), line, 0, 1, 2)
            for at, (side, value) in enumerate(((whose, ours), ("这行", theirs)), start=line + 1):
                grid.addWidget(label(side, "small"), at, 0, Qt.AlignmentFlag.AlignTop)
                shown = Wrapped(value or "—")
                shown.setStyleSheet(f"color: {LIGHT.warn};")
                grid.addWidget(shown, at, 1)
            line += 3
        self.same = small_button("就是它", on_same)
        row = QHBoxLayout()
        row.addWidget(self.same)
        row.addStretch(1)
        grid.addLayout(row, line, 0, 1, 2)


def put_candidates(
    column: QVBoxLayout,
    candidates: Sequence[Candidate],
    on_same: Callable[[str], object],
) -> list[CandidateBox]:
    """Fill ``column`` with the records a row may be."""
    boxes = []
    for number, each in enumerate(candidates, start=1):
        column.addWidget(hairline())
        words = f"可能是它（{number}）" if len(candidates) > 1 else "可能是它"
        column.addWidget(label(words, "strong"))
        box = CandidateBox(each, partial(on_same, each.key))
        boxes.append(box)
        column.addWidget(box)
    return boxes


class RawRow(QFrame):
    """The row as it stands in the file."""

    def __init__(self, cells: tuple[str, ...]) -> None:
        super().__init__()
        self.setObjectName("raw")
        self.setStyleSheet(f"#raw {{ background: {LIGHT.background}; border-radius: 4px; }}")
        text = " | ".join(cells)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 8, 8)
        head = QHBoxLayout()
        head.addWidget(label("原样内容", "small"))
        head.addStretch(1)
        head.addWidget(
            icon_button("copy", "复制这一行", lambda: QGuiApplication.clipboard().setText(text))
        )
        column.addLayout(head)
        shown = Wrapped(text[:600] + ("…" if len(text) > 600 else ""))
        families = ", ".join(f"'{name}'" for name in theme.MONO)
        shown.setStyleSheet(f"font-family: {families}; font-size: 12px;")
        column.addWidget(shown)


class Wrapped(QLabel):
    """Text that is always as high as its lines need: a layout guesses too little for it.

    Long runs without a space would widen the pane: there may be a break after each character.
    """

    def __init__(self, text: str) -> None:
        super().__init__("\u200b".join(text))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))
