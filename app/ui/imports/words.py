"""Words a column with fixed choices does not know: one question per word, not per row."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QWidget

from app.services.intake.importing import UnknownWord
from app.ui import theme
from app.ui.dialogs.frame import FrameDialog
from app.ui.theme import Tone
from app.ui.widgets import (
    Banner,
    ElidedLabel,
    button,
    hairline,
    label,
    primary_button,
    small_button,
)

_MOST = 60  # a column full of different texts is the wrong column; nobody answers a thousand
_EMPTY = ""

Answers = dict[tuple[int, int, str], str | None]
"""By sheet, column and word: our label, "" for nothing, None: not answered."""


class WordsStrip(QFrame):
    """Says how many words are not understood; hidden when there are none."""

    def __init__(self, on_open: Callable[[], object]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.PAGE, 8, theme.PAGE, 8)
        self.banner = Banner(Tone.WARN, "")
        row.addWidget(self.banner, 1)
        self.open_button = small_button("逐词说明…", on_open)
        row.addWidget(self.open_button)
        self.hide()

    def show_words(self, words: Sequence[UnknownWord]) -> None:
        """Count what is open; answered words may be looked at again."""
        self.setVisible(bool(words))
        still = [each for each in words if each.answer is None]
        if still:
            columns = "、".join(dict.fromkeys(f"“{each.header}”" for each in still))
            self.banner.show_message(
                Tone.WARN,
                f"{columns}里有 {len(still)} 个词不认识，涉及 {sum(e.rows for e in still):,} 行，"
                "不说明就退回。",
            )
        elif words:
            self.banner.show_message(Tone.OK, f"{len(words)} 个不认识的词都已说明，下次照用。")


class WordsDialog(FrameDialog):
    """One line per word: what it is read as. Nothing is chosen beforehand."""

    def __init__(self, parent: QWidget | None, words: Sequence[UnknownWord]) -> None:
        super().__init__(parent, "不认识的词", 860, 520)
        self.body.addWidget(
            label(
                "每个词说明一次，有这个词的各行都照此读，下次导入同样的表也照用；"
                "不说明的，有它的行退回。",
                "secondary",
                wrap=True,
            )
        )
        self.boxes: dict[tuple[int, int, str], QComboBox] = {}
        inside = QWidget()
        self.grid = QGridLayout(inside)
        self.grid.setContentsMargins(0, 0, 8, 0)
        self.grid.setHorizontalSpacing(16)
        for at, share in ((0, 2), (1, 3), (3, 3)):
            self.grid.setColumnStretch(at, share)
        for at, title in enumerate(("列", "文件里的词", "行数", "读作")):
            side = Qt.AlignmentFlag.AlignRight if at == 2 else Qt.AlignmentFlag.AlignLeft
            self.grid.addWidget(label(title, "small"), 0, at, side)
        self.grid.addWidget(hairline(), 1, 0, 1, -1)
        for line, each in enumerate(words[:_MOST], start=2):
            self._add_line(line, each)
        last = len(words[:_MOST]) + 2
        if len(words) > _MOST:
            left = f"另有 {len(words) - _MOST:,} 个词没有列出：请先核对列是否对错了。"
            self.grid.addWidget(label(left, "small"), last, 0, 1, -1)
        self.grid.setRowStretch(last + 1, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        self.body.addWidget(area, 1)
        self.foot.addStretch(1)
        self.foot.addWidget(button("取消", self.reject))
        self.ok_button = primary_button("确定", self.accept)
        self.ok_button.setDefault(True)
        self.foot.addWidget(self.ok_button)

    def _add_line(self, line: int, each: UnknownWord) -> None:
        self.grid.addWidget(ElidedLabel(each.header or each.label), line, 0)
        self.grid.addWidget(ElidedLabel(each.word, "strong"), line, 1)
        self.grid.addWidget(label(f"{each.rows:,}"), line, 2, Qt.AlignmentFlag.AlignRight)
        box = QComboBox()
        box.setAccessibleName(f"{each.label}“{each.word}”读作")
        box.addItem("（未说明，退回）", None)
        box.addItem("（留空）", _EMPTY)
        for choice in each.choices:
            box.addItem(choice.label, choice.label)
        box.setCurrentIndex(0 if each.answer is None else max(box.findData(each.answer), 0))
        self.boxes[(each.sheet, each.column, each.word)] = box
        self.grid.addWidget(box, line, 3)

    def answers(self) -> Answers:
        """What stands in the boxes."""
        return {place: box.currentData() for place, box in self.boxes.items()}


def ask_words(parent: QWidget | None, words: Sequence[UnknownWord]) -> Answers | None:
    """The answers, None if the person gave up."""
    dialog = WordsDialog(parent, words)
    found: list[Answers] = []
    dialog.accepted.connect(lambda: found.append(dialog.answers()))
    dialog.exec()
    return found[0] if found else None
