"""Buttons in the few looks there are.

One ``primary_button`` per page; ``button`` for the rest; ``link_button`` inside
cards and table feet; ``small_button`` in rows and banners.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QPushButton, QToolButton, QWidget

from app.ui.icons import icon
from app.ui.theme import LIGHT

_ICON = QSize(22, 18)
"""Four px wider than the drawing: the gap before the word."""


def button(
    text: str, on_click: Callable[[], object] | None = None, icon_name: str = ""
) -> QPushButton:
    """An outlined button."""
    return _button(text, on_click, icon_name, LIGHT.secondary, "")


def primary_button(
    text: str, on_click: Callable[[], object] | None = None, icon_name: str = ""
) -> QPushButton:
    """The page's one filled button."""
    return _button(text, on_click, icon_name, LIGHT.surface, "primary")


def danger_button(text: str, on_click: Callable[[], object] | None = None) -> QPushButton:
    """Outlined in red; what it does is asked once more by ``confirm_danger``."""
    return _button(text, on_click, "", LIGHT.danger, "danger")


def link_button(
    text: str, on_click: Callable[[], object] | None = None, icon_name: str = ""
) -> QPushButton:
    """Looks like a link."""
    return _button(text, on_click, icon_name, LIGHT.accent, "link")


def small_button(
    text: str, on_click: Callable[[], object] | None = None, icon_name: str = ""
) -> QPushButton:
    """28 px high, for rows and banners."""
    made = _button(text, on_click, icon_name, LIGHT.secondary, "")
    made.setProperty("small", True)
    return made


def menu_button(
    text: str, entries: Sequence[tuple[str, Callable[[], object]]], icon_name: str = ""
) -> QPushButton:
    """An outlined button that opens a menu: what is not needed every day stands in there."""
    made = button(text, None, icon_name)
    menu = QMenu(made)
    for words, run in entries:
        menu.addAction(words).triggered.connect(lambda _on=False, run=run: run())
    made.setMenu(menu)
    return made


def icon_button(
    icon_name: str, tip: str, on_click: Callable[[], object] | None = None
) -> QToolButton:
    """An icon alone; ``tip`` says what it does, also to a screen reader."""
    made = QToolButton()
    made.setProperty("flat", True)
    made.setIcon(icon(icon_name))
    made.setIconSize(QSize(16, 16))
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if on_click is not None:
        made.clicked.connect(lambda _on=False: on_click())
    return made


def _button(
    text: str,
    on_click: Callable[[], object] | None,
    icon_name: str,
    icon_colour: str,
    role: str,
) -> QPushButton:
    made = QPushButton(text)
    made.setProperty("role", role)
    made.setAutoDefault(False)
    if icon_name:
        made.setIcon(icon(icon_name, icon_colour))
        made.setIconSize(_ICON)
    if role == "link":
        made.setCursor(Qt.CursorShape.PointingHandCursor)
    if on_click is not None:
        # clicked carries a bool nobody asked for.
        made.clicked.connect(lambda _on=False: on_click())
    return made


class Segments(QWidget):
    """本期 | 本年 | 全部: one of a few, always visible.

    ``Segments([("period", "本期 2"), ("year", "本年 5")])``; ``chosen(key)``.
    """

    chosen = Signal(object)

    def __init__(
        self, choices: Sequence[tuple[object, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 0, 0, 0)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        self._keys: list[object] = []
        for number, (key, text) in enumerate(choices):
            part = QPushButton(text)
            part.setCheckable(True)
            last = len(choices) - 1
            place = "first" if number == 0 else "last" if number == last else "middle"
            part.setProperty("segment", place)
            part.setAutoDefault(False)
            self._group.addButton(part, number)
            self._keys.append(key)
            row.addWidget(part)
        self._group.setExclusive(True)
        if self._keys:
            self._group.button(0).setChecked(True)
        self._group.idClicked.connect(lambda number: self.chosen.emit(self._keys[number]))

    @property
    def key(self) -> object:
        """The chosen key."""
        return self._keys[self._group.checkedId()]

    def choose(self, key: object) -> None:
        """Choose without announcing it."""
        self._group.button(self._keys.index(key)).setChecked(True)

    def set_text(self, key: object, text: str) -> None:
        """Change one label, for instance its count."""
        self._group.button(self._keys.index(key)).setText(text)
