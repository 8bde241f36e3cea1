"""Step 5: kept as an own format — a new one, or one more template of one that is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from app.domain.platform import Platform
from app.ui.theme import Tone
from app.ui.widgets import Banner, Card, label


class SaveStep(QWidget):
    """Name and id of a new one, or which one it joins; ``changed`` when an answer changed."""

    changed = Signal()

    def __init__(self, propose: Callable[[str], str]) -> None:
        super().__init__()
        self._propose = propose
        self._own: tuple[Platform, ...] = ()
        self._typed_id = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        card = Card("保存为本单位的平台格式")
        column.addWidget(card)
        self.banner = Banner(Tone.DANGER, "")
        self.banner.hide()
        card.body.addWidget(self.banner)
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        self.new = QRadioButton("新的平台")
        self.joined = QRadioButton("加到已有的平台")
        self.name, self.id = QLineEdit(), QLineEdit()
        self.name.setAccessibleName("平台名称")
        self.name.setPlaceholderText("如 江西省双随机监管平台")
        self.id.setAccessibleName("代号")
        self.which = QComboBox()
        self.which.setAccessibleName("已有的平台")
        grid.addWidget(self.new, 0, 0, 1, 2)
        grid.addWidget(label("名称", "secondary"), 1, 0)
        grid.addWidget(self.name, 1, 1)
        grid.addWidget(label("代号", "secondary"), 2, 0)
        grid.addWidget(self.id, 2, 1)
        self.id_words = label("英文字母、数字和短横，命令行用它：--platform 代号。", "small")
        grid.addWidget(self.id_words, 3, 1)
        grid.addWidget(self.joined, 4, 0, 1, 2)
        self.which_words = label("平台", "secondary")
        grid.addWidget(self.which_words, 5, 0)
        grid.addWidget(self.which, 5, 1)
        card.body.addLayout(grid)
        self.words = label("", "secondary", wrap=True)
        card.body.addWidget(self.words)
        card.body.addStretch(1)
        self.new.setChecked(True)
        self.name.textChanged.connect(self._on_name)
        self.id.textEdited.connect(self._on_id)
        self.new.toggled.connect(lambda _on: self._allow())
        self.which.activated.connect(lambda _at: self.changed.emit())

    def begin(self, own: Sequence[Platform], editing: Platform | None, file: str) -> None:
        """What there is to join; ``editing``: the one whose template is changed."""
        self._own = tuple(own)
        self._typed_id = editing is not None
        self.which.clear()
        for each in self._own:
            self.which.addItem(f"{each.name}（{each.id}）", each.id)
        self.name.setText(editing.name if editing else "")
        self.id.setText(editing.id if editing else "")
        self.id.setEnabled(editing is None)
        self.new.setVisible(editing is None)
        for widget in (self.joined, self.which_words, self.which):
            widget.setVisible(editing is None and bool(self._own))
        self.new.setChecked(True)
        self.banner.hide()
        self.words.setText(
            f"空白模板“{file}”一起存进工作区并记下摘要；以后生成上报包时，就按它填写。"
            "平台换了模板，再对应一次即可。"
        )
        self._allow()

    @property
    def into(self) -> Platform | None:
        """The own format this template joins; None for a new one."""
        if not self.joined.isChecked() or self.joined.isHidden():
            return None
        chosen = self.which.currentData()
        return next((each for each in self._own if each.id == chosen), None)

    @property
    def lacks(self) -> str:
        """What is still to be said, “” for nothing."""
        if self.into is not None:
            return ""
        if not self.name.text().strip():
            return "先写平台的名称"
        return "" if self.id.text().strip() else "先写代号"

    def show_failure(self, words: str) -> None:
        """Why it was not kept."""
        self.banner.show_message(Tone.DANGER, words)
        self.banner.show()

    def _on_name(self, text: str) -> None:
        if not self._typed_id:
            self.id.setText(self._propose(text) if text.strip() else "")
        self.changed.emit()

    def _on_id(self, _text: str) -> None:
        self._typed_id = True
        self.changed.emit()

    def _allow(self) -> None:
        fresh = self.new.isChecked()
        self.name.setEnabled(fresh)
        self.id.setEnabled(fresh and not (self.new.isHidden()))
        self.which.setEnabled(not fresh)
        self.changed.emit()
