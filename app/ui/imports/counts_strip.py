"""The six counts of an import above its rows; a click shows one kind only."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.services.intake.importing import Counts, Fate, Side
from app.ui import theme
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import label

FATE_TONES = {
    Fate.NEW: Tone.OK,
    Fate.UPDATED: Tone.ACCENT,
    Fate.UNCHANGED: Tone.NORMAL,
    Fate.REJECTED: Tone.DANGER,
    Fate.SKIPPED: Tone.NORMAL,
}
_COLOURS = {
    Fate.NEW: LIGHT.ok,
    Fate.UPDATED: LIGHT.accent,
    Fate.UNCHANGED: "#C3CAD4",
    Fate.REJECTED: LIGHT.danger,
    Fate.SKIPPED: LIGHT.line,
}


class CountsStrip(QFrame):
    """全部 220 · 新增 41 · …, a bar below, and 只看要处理的 at the right."""

    chosen = Signal(object)  # a Fate, or None for all
    only_open = Signal(bool)
    usual_wanted = Signal(object)  # a Side

    def __init__(self) -> None:
        super().__init__()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.PAGE, 10, theme.PAGE, 10)
        outer.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(0)
        self.figures: dict[Fate | None, _Figure] = {}
        for fate in (None, *Fate):
            figure = _Figure(fate)
            figure.pressed.connect(lambda which=fate: self._on_chosen(which))
            self.figures[fate] = figure
            row.addWidget(figure)
        row.addStretch(1)
        self.open_box = QCheckBox("只看要处理的")
        self.open_box.toggled.connect(self.only_open.emit)
        row.addWidget(self.open_box)
        outer.addLayout(row)
        self.bar = _Bar()
        outer.addWidget(self.bar)
        outer.addWidget(self._sides())
        self.figures[None].show_chosen(True)

    def _sides(self) -> QWidget:
        self.sides_row = QWidget()
        row = QHBoxLayout(self.sides_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label("与库内不同的内容", "secondary"))
        self.sides_box = QComboBox()
        self.sides_box.setAccessibleName("与库内不同的内容")
        for side in Side:
            self.sides_box.addItem(side.label, side)
        self.sides_box.activated.connect(
            lambda _at: self.usual_wanted.emit(self.sides_box.currentData())
        )
        row.addWidget(self.sides_box)
        row.addWidget(label("单个字段点开那一行再选", "small"))
        row.addStretch(1)
        self.sides_row.hide()
        return self.sides_row

    def show_sides(self, usual: Side, differing: bool) -> None:
        """Whose value stays; hidden where nothing differs."""
        self.sides_box.setCurrentIndex(self.sides_box.findData(usual))
        self.sides_row.setVisible(differing)

    def show_counts(self, counts: Counts) -> None:
        """Show the six numbers."""
        self.figures[None].show_number(counts.rows)
        for fate in Fate:
            self.figures[fate].show_number(getattr(counts, fate.value))
        self.bar.show_counts(counts)

    def _on_chosen(self, which: Fate | None) -> None:
        for fate, figure in self.figures.items():
            figure.show_chosen(fate is which)
        self.chosen.emit(which)


class _Figure(QFrame):
    """One number with its word and colour."""

    pressed = Signal()

    def __init__(self, fate: Fate | None) -> None:
        super().__init__()
        self._fate = fate
        self._chosen = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumWidth(66)
        word = fate.label if fate else "全部"
        self.setAccessibleName(word)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 2, 4, 6)
        column.setSpacing(0)
        name = label(word, "secondary")
        name.setContentsMargins(16 if fate else 0, 0, 0, 0)
        column.addWidget(name)
        self._number = label("0", "strong")
        ink = LIGHT.danger if fate is Fate.REJECTED else LIGHT.text
        self._number.setStyleSheet(f"font-size: 19px; font-weight: 700; color: {ink};")
        self._number.setContentsMargins(16 if fate else 0, 0, 0, 0)
        column.addWidget(self._number)

    def show_number(self, number: int) -> None:
        """Show ``number``."""
        self._number.setText(f"{number:,}")

    def show_chosen(self, chosen: bool) -> None:
        """Underline the one that is shown."""
        self._chosen = chosen
        self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self.pressed.emit()

    def keyPressEvent(self, event: object) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return):  # type: ignore[attr-defined]
            self.pressed.emit()
        else:
            super().keyPressEvent(event)  # type: ignore[arg-type]

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._fate is not None:
            painter.fillRect(QRectF(4, 6, 10, 10), QColor(_COLOURS[self._fate]))
        if self._chosen:
            line = QRectF(0, self.height() - 3, self.width() - 8, 3)
            painter.fillRect(line, QColor(LIGHT.accent))


class _Bar(QWidget):
    """The counts as shares of the whole."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(10)
        self._counts: Counts | None = None

    def show_counts(self, counts: Counts) -> None:
        """Show ``counts``."""
        self._counts = counts
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        counts = self._counts
        if counts is None or not counts.rows:
            return
        painter = QPainter(self)
        left = 0.0
        for fate in Fate:
            width = self.width() * getattr(counts, fate.value) / counts.rows
            if width:
                shown = QRectF(left, 0, max(width - 2, 1), self.height())
                painter.fillRect(shown, QColor(_COLOURS[fate]))
            left += width
