"""检查结论: the three usual ones side by side, the four others behind 其他…"""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from app.domain.inspection import Conclusion

__all__ = ["ConclusionPicker"]

_USUAL = (Conclusion.NO_PROBLEM, Conclusion.ORDERED, Conclusion.CASE)
_SHORT = {
    Conclusion.NO_PROBLEM: "未发现问题",
    Conclusion.ORDERED: "发现问题，已责令整改",
    Conclusion.CASE: "涉嫌违法，已立案",
}
_OTHERS = tuple(each for each in Conclusion if each not in _USUAL)


class ConclusionPicker(QWidget):
    """``value`` is a ``Conclusion`` or None; ``picked`` only when a person chose."""

    picked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 0, 0, 0)
        row.setSpacing(0)
        self.setFixedHeight(32)
        self._value: Conclusion | None = None
        self.parts: dict[Conclusion, QPushButton] = {}
        for each in _USUAL:
            part = self._part(_SHORT[each])
            part.setAccessibleName(each.label)
            part.clicked.connect(lambda _on=False, which=each: self._pick(which))
            self.parts[each] = part
            row.addWidget(part)
        self.others = self._part("其他…")
        self.others.clicked.connect(self._open)
        row.addWidget(self.others)
        row.addStretch(1)

    def _part(self, text: str) -> QPushButton:
        part = QPushButton(text)
        part.setCheckable(True)
        part.setProperty("segment", True)
        part.setAutoDefault(False)
        return part

    @property
    def value(self) -> Conclusion | None:
        """What is chosen."""
        return self._value

    def set_value(self, value: Conclusion | None) -> None:
        """Choose without announcing it."""
        self._value = value
        for each, part in self.parts.items():
            part.setChecked(each is value)
        other = value is not None and value not in self.parts
        self.others.setChecked(other)
        self.others.setText(value.label if other and value is not None else "其他…")

    def menu(self) -> QMenu:
        """The four other conclusions."""
        menu = QMenu(self)
        for each in _OTHERS:
            menu.addAction(each.label).triggered.connect(
                lambda _on=False, which=each: self._pick(which)
            )
        return menu

    def _open(self) -> None:
        # Opening the menu is no choice yet: the tick goes back to what was chosen.
        self.set_value(self._value)
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.others.mapToGlobal(QPoint(0, self.others.height() + 2)))

    def _pick(self, value: Conclusion) -> None:
        self.set_value(value)
        self.picked.emit(value)
