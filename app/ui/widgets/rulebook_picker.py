"""Choosing a rulebook: the program's, those in the workspace's folder, or any file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.services.rulebooks import RulebookSummary, summary_of
from app.ui import theme
from app.ui.widgets.basics import Banner
from app.ui.widgets.buttons import button
from app.ui.widgets.choice_cards import ChoiceCard, ChoiceList

_FILES = "细则文件 (*.toml)"


class RulebookPicker(QWidget):
    """Cards of rulebooks; ``key`` is what the services call the chosen one, empty if none."""

    changed = Signal()

    def __init__(self, offered: Sequence[RulebookSummary]) -> None:
        super().__init__()
        self._offered: dict[str, RulebookSummary] = {}
        self._levels: dict[str, ChoiceList] = {}
        self.cards = ChoiceList()
        self.cards.setObjectName("pageBody")
        self.cards.changed.connect(self._on_chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(8)
        self.banner = Banner(theme.Tone.DANGER, "")
        self.banner.hide()
        column.addWidget(self.banner)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        holder = QWidget()
        holder.setObjectName("pageBody")
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.cards)
        inner.addStretch(1)
        area.setWidget(holder)
        column.addWidget(area, 1)
        self.own_file = button("用本单位的细则文件…", self._on_own_file, "folder")
        row = QHBoxLayout()
        row.addWidget(self.own_file)
        row.addStretch(1)
        column.addLayout(row)
        for each in offered:
            self.add(each)

    @property
    def key(self) -> str:
        """Name of the chosen rulebook as ``rulebooks.find`` takes it."""
        return self.cards.key

    @property
    def level(self) -> str:
        """Code of the chosen level; empty where the rulebook has one only."""
        levels = self._levels.get(self.key)
        return levels.key if levels else ""

    @property
    def summary(self) -> RulebookSummary:
        """The chosen rulebook."""
        return self._offered[self.key]

    @property
    def lacks(self) -> str:
        """What is still to be chosen, in words; empty if nothing."""
        if not self.key:
            return "请选一部细则"
        if self.summary.problem:
            return "这个细则文件还不能用"
        if self.key in self._levels and not self._levels[self.key].key:
            return "请选本单位的层级"
        return ""

    def add(self, each: RulebookSummary) -> None:
        """Offer one more; a file that cannot be used says why on its card."""
        self._offered[each.name] = each
        own = "本单位的文件" if each.name != each.id else ""
        note = " · ".join(part for part in (each.region, each.number, own) if part)
        card = self.cards.add(each.name, each.title, each.problem or note)
        if len(each.levels) > 1:
            self._levels[each.name] = self._level_choice(card, each.levels)

    def choose(self, name: str) -> None:
        """Choose one."""
        self.cards.choose(name)

    def _level_choice(self, card: ChoiceCard, levels: Sequence[tuple[str, str]]) -> ChoiceList:
        """The tiers of one regulation as radio buttons inside its card."""
        holder = ChoiceList()
        row = QHBoxLayout()
        row.setContentsMargins(26, 4, 0, 0)
        row.setSpacing(18)
        for code, words in levels:
            radio = QRadioButton(words)
            radio.toggled.connect(lambda on, each=code: self._on_level(holder, each, on))
            row.addWidget(radio)
        row.addStretch(1)
        holder.column.addLayout(row)
        holder.hide()
        card.column.addWidget(holder)
        return holder

    def _on_chosen(self) -> None:
        for name, levels in self._levels.items():
            levels.setVisible(name == self.key)
        problem = self.summary.problem
        self._say(problem)
        self.changed.emit()

    def _on_level(self, holder: ChoiceList, code: str, on: bool) -> None:
        if on:
            holder.key = code
            self.changed.emit()

    def _on_own_file(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, "选择细则文件", "", _FILES)
        if chosen:
            self.take_file(Path(chosen))

    def _say(self, problem: str) -> None:
        self.banner.show_message(theme.Tone.DANGER, problem)
        self.banner.setVisible(bool(problem))

    def take_file(self, path: Path) -> None:
        """Offer a unit's own file and choose it; one that cannot be used is not added."""
        found = summary_of(path)
        if found.problem:
            self._say(found.problem)
            return
        if found.name not in self._offered:
            self.add(found)
        self.choose(found.name)
