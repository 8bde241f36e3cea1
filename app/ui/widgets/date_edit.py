"""A date is typed: 2026-03-01, or 20260301 on the number pad."""

from __future__ import annotations

import re
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLineEdit, QWidget

_SHAPE = re.compile(r"^\s*([0-9]{4})[-./年]?([0-9]{1,2})[-./月]?([0-9]{1,2})日?\s*$")


def parse_date(text: str) -> date | None:
    """The date written in ``text``; ``None`` when it is none.

    Takes 2026-03-01, 2026.3.1, 2026/3/1, 2026年3月1日 and 20260301.
    """
    found = _SHAPE.match(text)
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


class DateEdit(QLineEdit):
    """``value`` is a ``date``, ``None`` when empty; ``error()`` says what is wrong."""

    value_changed = Signal(object)

    def __init__(self, value: date | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText("年-月-日")
        self.setMaxLength(11)
        self.setFixedWidth(132)
        self.set_value(value)
        self.textEdited.connect(lambda _text: self.value_changed.emit(self.value))

    @property
    def value(self) -> date | None:
        """The typed date, or ``None`` for empty and for nonsense."""
        return parse_date(self.text())

    def set_value(self, value: date | None) -> None:
        """Show ``value``."""
        self.setText(value.isoformat() if value else "")

    def error(self) -> str:
        """Empty when fine, else one sentence."""
        if not self.text().strip() or self.value is not None:
            return ""
        return "请写成 2026-03-01 这样的日期。"

    def focusOutEvent(self, event: QFocusEvent) -> None:
        # What was typed short becomes what everybody writes.
        if self.value is not None:
            self.set_value(self.value)
        super().focusOutEvent(event)
