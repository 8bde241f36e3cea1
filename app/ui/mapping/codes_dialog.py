"""代码对照: our words and the platform's, one line each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QLineEdit, QScrollArea, QWidget

from app.ui.dialogs.frame import FrameDialog
from app.ui.widgets import button, label, primary_button

_AS_IT_IS = "（没有对应的，列为要改）"


class CodesDialog(FrameDialog):
    """``chosen`` carries the pairs: our word, the platform's (“”: none)."""

    chosen = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        title: str,
        pairs: Sequence[tuple[str, str]],
        options: Sequence[str],
    ) -> None:
        super().__init__(parent, f"代码对照：{title}", 560, 460)
        words = (
            "左边是本程序的用词，右边选平台下拉列表里的。"
            if options
            else "左边是本程序的用词，右边填平台要的写法；不填的照原样写出。"
        )
        self.body.addWidget(label(words, "secondary", wrap=True))
        self._pairs = tuple(pairs)
        self.editors: list[QComboBox | QLineEdit] = []
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        inside = QWidget()
        inside.setObjectName("pageBody")
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 4, 8, 4)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for line, (ours, theirs) in enumerate(self._pairs):
            grid.addWidget(label(ours), line, 0)
            editor = self._editor(ours, theirs, options)
            self.editors.append(editor)
            grid.addWidget(editor, line, 1)
        grid.setRowStretch(len(self._pairs), 1)
        area.setWidget(inside)
        self.body.addWidget(area, 1)
        self.foot.addStretch(1)
        self.foot.addWidget(button("取消", self.reject))
        self.keep = primary_button("确定", self._on_keep)
        self.keep.setDefault(True)
        self.foot.addWidget(self.keep)

    def _editor(self, ours: str, theirs: str, options: Sequence[str]) -> QComboBox | QLineEdit:
        if not options:
            line = QLineEdit(theirs)
            line.setPlaceholderText(ours)
            line.setAccessibleName(f"{ours} 对应平台的")
            return line
        box = QComboBox()
        box.addItem(_AS_IT_IS, "")
        for option in options:
            box.addItem(option, option)
        box.setCurrentIndex(max(box.findData(theirs), 0))
        box.setAccessibleName(f"{ours} 对应平台的")
        return box

    def _on_keep(self) -> None:
        made = tuple(
            (ours, str(each.currentData()) if isinstance(each, QComboBox) else each.text().strip())
            for (ours, _), each in zip(self._pairs, self.editors, strict=True)
        )
        self.chosen.emit(made)
        self.accept()
