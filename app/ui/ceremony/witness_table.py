"""见证人: two to nine, in the order in which their digits will enter the seed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.services.draws.drawing import WitnessInput
from app.ui import theme
from app.ui.theme import LIGHT
from app.ui.widgets import icon_button, label, link_button

_LEAST, _MOST = 2, 9
_NAME, _ROLE, _POST = 96, 172, 108


class NumberBadge(QLabel):
    """A number in a circle."""

    def __init__(self, number: int) -> None:
        super().__init__(str(number))
        self.setFixedSize(24, 24)
        self.setAlignment(theme.ALIGN_CENTER)
        self.set_strong(False)

    def set_strong(self, strong: bool) -> None:
        """Filled: this one's turn."""
        fill, ink = (LIGHT.accent, LIGHT.surface) if strong else (LIGHT.info_chip, LIGHT.info)
        self.setStyleSheet(
            f"background: {fill}; color: {ink}; border-radius: 12px; font-weight: 700;"
        )


class WitnessRow(QWidget):
    """One person: name, role, body, post, and the buttons that move the row."""

    edited = Signal()
    moved = Signal(int)
    removed = Signal()

    def __init__(self, roles: Sequence[str]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.badge = NumberBadge(1)
        self.name = self._field("姓名", _NAME)
        self.role = QComboBox()
        self.role.setFixedWidth(_ROLE)
        self.role.addItem("身份", "")
        for role in roles:
            self.role.addItem(role, role)
        self.role.setAccessibleName("身份")
        self.role.currentIndexChanged.connect(lambda _at: self.edited.emit())
        self.organ = self._field("代表的单位", 0)
        self.post = self._field("职务", _POST)
        self.up = icon_button("chevron-up", "上移", lambda: self.moved.emit(-1))
        self.down = icon_button("chevron-down", "下移", lambda: self.moved.emit(1))
        self.remove = icon_button("trash", "去掉这一位", self.removed.emit)
        row.addWidget(self.badge)
        for widget in (self.name, self.role):
            row.addWidget(widget)
        row.addWidget(self.organ, 1)
        for after in (self.post, self.up, self.down, self.remove):
            row.addWidget(after)

    def _field(self, hint: str, width: int) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(hint)
        field.setAccessibleName(hint)
        if width:
            field.setFixedWidth(width)
        field.textChanged.connect(lambda _text: self.edited.emit())
        return field

    def value(self) -> WitnessInput:
        """What is typed."""
        return WitnessInput(
            self.name.text().strip(),
            self.organ.text().strip(),
            self.post.text().strip(),
            str(self.role.currentData() or ""),
        )

    def show_value(self, witness: WitnessInput) -> None:
        """Fill the row."""
        self.name.setText(witness.name)
        self.organ.setText(witness.organ)
        self.post.setText(witness.post)
        self.role.setCurrentIndex(max(self.role.findData(witness.role), 0))


class WitnessTable(QWidget):
    """Rows that can be added, removed and moved; ``edited`` after each change."""

    edited = Signal()

    def __init__(self, roles: Sequence[str]) -> None:
        super().__init__()
        self._roles = roles
        self.rows: list[WitnessRow] = []
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(6)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(6)
        outer.addLayout(self._lines)
        foot = QHBoxLayout()
        self.add_link = link_button("增加见证人", self.add, "plus")
        foot.addWidget(self.add_link)
        foot.addWidget(label("次序就是开号和计入种子的次序", "small"))
        foot.addStretch(1)
        outer.addLayout(foot)
        for _ in range(_LEAST):
            self.add()

    def add(self) -> WitnessRow:
        """One more empty row at the end."""
        row = WitnessRow(self._roles)
        row.edited.connect(self.edited.emit)
        row.moved.connect(lambda by, which=row: self._move(which, by))
        row.removed.connect(lambda which=row: self._remove(which))
        self.rows.append(row)
        self._lines.addWidget(row)
        self._number()
        return row

    def values(self) -> tuple[WitnessInput, ...]:
        """All rows in order."""
        return tuple(row.value() for row in self.rows)

    def show_values(self, witnesses: Sequence[WitnessInput]) -> None:
        """Replace all rows."""
        while len(self.rows) < len(witnesses):
            self.add()
        for row, witness in zip(self.rows, witnesses, strict=False):
            row.show_value(witness)

    def problem(self, operator: str) -> str:
        """What is still wrong, empty if nothing is."""
        values = self.values()
        if not all(witness.name and witness.organ for witness in values):
            return "见证人的姓名和单位还没有写全"
        names = [witness.name for witness in values]
        if len(set(names)) < len(names):
            return "同一人登记了两次见证人"
        if operator in names:
            return f"操作人“{operator}”不能同时是见证人"
        return ""

    def _move(self, row: WitnessRow, by: int) -> None:
        at = self.rows.index(row)
        to = at + by
        if 0 <= to < len(self.rows):
            self.rows.insert(to, self.rows.pop(at))
            self._lines.removeWidget(row)
            self._lines.insertWidget(to, row)
            self._number()

    def _remove(self, row: WitnessRow) -> None:
        self.rows.remove(row)
        self._lines.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._number()

    def _number(self) -> None:
        last = len(self.rows) - 1
        for at, row in enumerate(self.rows):
            row.badge.setText(str(at + 1))
            row.up.setEnabled(at > 0)
            row.down.setEnabled(at < last)
            row.remove.setEnabled(len(self.rows) > _LEAST)
        self.add_link.setEnabled(len(self.rows) < _MOST)
        self.edited.emit()
