"""Cards of which one is chosen: by click, Space or Enter."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QRadioButton, QVBoxLayout, QWidget

from app.ui.widgets.basics import label


class ChoiceCard(QFrame):
    """A card to choose from: click, Space or Enter; says itself chosen by a border too."""

    chosen = Signal()

    def __init__(self, title: str, note: str) -> None:
        super().__init__()
        self.setObjectName("choiceCard")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(title)
        self.radio = QRadioButton(title)
        self.radio.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.radio.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        # Cards decide together; Qt's own grouping would fight with the levels inside.
        self.radio.setAutoExclusive(False)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(14, 7, 14, 9)
        self.column.setSpacing(0)
        self.column.addWidget(self.radio)
        words = label(note, "small", wrap=True)
        words.setContentsMargins(26, 0, 0, 0)
        self.column.addWidget(words)

    def set_chosen(self, chosen: bool) -> None:
        """Look chosen or not."""
        self.radio.setChecked(chosen)
        self.setProperty("chosen", chosen)
        self.style().unpolish(self)
        self.style().polish(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)


class ChoiceList(QWidget):
    """Cards of which one is chosen."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(8)
        self._cards: dict[str, ChoiceCard] = {}
        self.key = ""

    def add(self, key: str, title: str, note: str) -> ChoiceCard:
        """Append a card."""
        card = ChoiceCard(title, note)
        card.chosen.connect(lambda: self.choose(key))
        self._cards[key] = card
        self.column.addWidget(card)
        return card

    def choose(self, key: str) -> None:
        """Choose one."""
        self.key = key
        for each, card in self._cards.items():
            card.set_chosen(each == key)
        self.changed.emit()
