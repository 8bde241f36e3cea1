"""The row above a list: search, drop-down filters, clear.

::

    self.filters = FilterRow([
        Filter("category", "类别", (("A", "A 类"), ("B", "B 类"))),
        Filter("state", "状态", STATES, default=frozenset({"active"})),
    ])
    self.filters.changed.connect(self._reload)       # after a short pause in typing
    table.show_query(self.filters.search, self.filters.chosen)
    self.filters.show_only((3, 5), "尚未检查")        # what the desk counted: chosen["only"]
    self.filters.fold(most=1)                        # in a page's on_narrow(True)
    self.filters.add_right(icon_button("columns", "列", ...))
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QWidget,
    QWidgetAction,
)

from app.ui.icons import icon
from app.ui.theme import LIGHT
from app.ui.widgets.buttons import button, link_button

ONLY = "only"
"""The filter of rows another page has counted."""

_PAUSE_MS = 250
_BESIDE_HINT = 78


@dataclass(frozen=True, slots=True)
class Filter:
    """One drop-down: ``choices`` are (value, word); ``default`` is chosen at the start."""

    key: str
    title: str
    choices: Sequence[tuple[str, str]]
    default: frozenset[str] = frozenset()


class FilterButton(QPushButton):
    """Opens a list of boxes; several may be ticked; the button says which."""

    chosen_changed = Signal()

    def __init__(self, described: Filter) -> None:
        super().__init__()
        self.described = described
        self._chosen = described.default
        self.setProperty("filter", True)
        self.setAutoDefault(False)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.setIconSize(QSize(20, 14))
        self.clicked.connect(lambda _on=False: self._open())
        self._show()

    @property
    def chosen(self) -> frozenset[str]:
        """The ticked values; empty when the filter does not narrow."""
        return self._chosen

    def choose(self, values: frozenset[str]) -> None:
        """Tick exactly ``values``."""
        if values != self._chosen:
            self._chosen = values
            self._show()
            self.chosen_changed.emit()

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer other choices; what is ticked stays ticked."""
        self.described = replace(self.described, choices=tuple(choices))
        self._show()

    def menu_of_boxes(self) -> QMenu:
        """The list that opens: it stays open while boxes are ticked."""
        menu = QMenu(self)
        # The button is mirrored only to have its arrow at the right.
        menu.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for value, word in self.described.choices:
            box = QCheckBox(word)
            box.setChecked(value in self._chosen)
            box.toggled.connect(lambda on, each=value: self._toggle(each, on))
            holder = QWidget()
            row = QHBoxLayout(holder)
            row.setContentsMargins(12, 2, 20, 2)
            row.addWidget(box)
            action = QWidgetAction(menu)
            action.setDefaultWidget(holder)
            action.setText(word)
            menu.addAction(action)
        if self._chosen:
            menu.addSeparator()
            menu.addAction("不限").triggered.connect(lambda: self.choose(frozenset()))
        return menu

    def _open(self) -> None:
        self.menu_of_boxes().popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def _toggle(self, value: str, on: bool) -> None:
        self.choose(self._chosen | {value} if on else self._chosen - {value})

    def _show(self) -> None:
        words = [word for value, word in self.described.choices if value in self._chosen]
        text = self.described.title
        if len(words) == 1:
            text = f"{text}：{words[0]}"
        elif words:
            text = f"{text}：{words[0]} 等 {len(words)} 项"
        self.setText(text)
        active = bool(words)
        colour = LIGHT.accent_strong if active else LIGHT.secondary
        self.setIcon(icon("chevron-down", colour, align=Qt.AlignmentFlag.AlignRight))
        self.setProperty("active", active)
        self.style().unpolish(self)
        self.style().polish(self)


class FilterRow(QWidget):
    """Search box (Ctrl+F), filters, 清除; extra widgets at the right."""

    changed = Signal()

    def __init__(
        self,
        filters: Sequence[Filter] = (),
        *,
        hint: str = "名称 / 代码 / 拼音首字母",
        most: int = 3,
    ) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self.search_box = self._search_box(hint)
        self._row.addWidget(self.search_box)
        self._buttons: dict[str, FilterButton] = {}
        self._hidden: list[FilterButton] = []
        for number, described in enumerate(filters):
            self._add_filter(described, number >= most)
        self.more = button("更多筛选", self._open_more, "filter")
        self.more.setVisible(bool(self._hidden))
        self._row.addWidget(self.more)
        self._only: frozenset[str] = frozenset()
        self.only_button = button("", self.drop_only, "close")
        self.only_button.setToolTip("看全部")
        self.only_button.hide()
        self._row.addWidget(self.only_button)
        self.clear_link = link_button("清除", self.clear)
        self._row.addWidget(self.clear_link)
        self._row.addStretch(1)
        self._show_clear()

    def _search_box(self, hint: str) -> QLineEdit:
        box = QLineEdit()
        box.setPlaceholderText(hint)
        box.setClearButtonEnabled(True)
        box.setAccessibleName("搜索")
        box.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        # The whole hint is read: icon, clear button and frame stand beside it.
        room = box.fontMetrics().horizontalAdvance(hint) + _BESIDE_HINT
        box.setMinimumWidth(max(166, room))
        box.setMaximumWidth(max(220, room))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._on_changed)
        box.textChanged.connect(lambda _text: self._pause.start())
        box.returnPressed.connect(self._on_changed)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(box.setFocus)
        return box

    def _add_filter(self, described: Filter, folded: bool) -> None:
        made = FilterButton(described)
        made.chosen_changed.connect(self._on_changed)
        self._buttons[described.key] = made
        self._row.addWidget(made)
        if folded and not described.default:
            made.hide()
            self._hidden.append(made)

    @property
    def search(self) -> str:
        """The words searched for."""
        return self.search_box.text().strip()

    @property
    def chosen(self) -> Mapping[str, frozenset[str]]:
        """Values by filter, only of filters that narrow; ``only``: ids of ``show_only``."""
        only = {ONLY: self._only} if self._only else {}
        return {key: each.chosen for key, each in self._buttons.items() if each.chosen} | only

    def show_only(self, ids: Iterable[int], words: str) -> None:
        """Narrow to these rows, whatever was searched for before; asks the list once."""
        self._set_only(frozenset(str(each) for each in ids), words)
        self._restore("", {})

    def choose(self, key: str, values: frozenset[str]) -> None:
        """Tick values of one filter from the program, for instance from the desk."""
        self._buttons[key].choose(values)
        self._buttons[key].show()

    def restore(self, search: str, chosen: Mapping[str, frozenset[str]]) -> None:
        """Search for and narrow exactly this, as a saved view says; asks the list once."""
        self._set_only(frozenset())
        self._restore(search, chosen)

    def _restore(self, search: str, chosen: Mapping[str, frozenset[str]]) -> None:
        self.blockSignals(True)
        self.search_box.setText(search)
        for key, each in self._buttons.items():
            each.choose(chosen.get(key, frozenset()))
            if each.chosen:
                each.show()
        self.blockSignals(False)
        self._on_changed()

    def set_choices(self, key: str, choices: Sequence[tuple[str, str]]) -> None:
        """What one filter offers now: values that occur in the list."""
        self._buttons[key].offer(choices)

    def clear(self) -> None:
        """Search for nothing and narrow nothing."""
        self._set_only(frozenset())
        self.search_box.clear()
        for each in self._buttons.values():
            each.choose(frozenset())
        self._on_changed()

    def fold(self, most: int) -> None:
        """Keep ``most`` filters in sight, and those that narrow; 更多筛选 has the others."""
        self._hidden = list(self._buttons.values())[most:]
        for number, each in enumerate(self._buttons.values()):
            each.setVisible(number < most or bool(each.chosen))
        self.more.setVisible(bool(self._hidden))

    def add_right(self, widget: QWidget) -> None:
        """Put a widget at the right end."""
        self._row.addWidget(widget)

    def _set_only(self, ids: frozenset[str], words: str = "") -> None:
        self._only = ids
        self.only_button.setText(f"只看：{words}")
        self.only_button.setVisible(bool(ids))

    def drop_only(self) -> None:
        """Narrow by search and filters alone again."""
        self._set_only(frozenset())
        self._on_changed()

    def _open_more(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for each in self._hidden:
            action = QAction(each.described.title, menu)
            action.setCheckable(True)
            action.setChecked(not each.isHidden())
            action.toggled.connect(lambda on, which=each: self._unfold(which, on))
            menu.addAction(action)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 2)))

    def _unfold(self, which: FilterButton, shown: bool) -> None:
        which.setVisible(shown)
        if not shown:
            which.choose(frozenset())

    def _on_changed(self) -> None:
        self._pause.stop()
        self._show_clear()
        self.changed.emit()

    def _show_clear(self) -> None:
        self.clear_link.setVisible(bool(self.search or self.chosen))
