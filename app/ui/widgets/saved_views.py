"""视图: search, filters and columns under a name, remembered for this workspace.

::

    views = SavedViews("targets", store, filters, table, standing={"在册": {...}})
    filters.add_right(views)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QInputDialog, QMenu, QPushButton

from app.ui.icons import icon
from app.ui.tables import RecordTable
from app.ui.theme import LIGHT
from app.ui.view_store import ViewStore
from app.ui.widgets.filter_row import FilterRow

_LONGEST = 12


class SavedViews(QPushButton):
    """A button that names the view; its menu chooses, saves and forgets."""

    def __init__(self, name: str, store: ViewStore, filters: FilterRow, table: RecordTable) -> None:
        super().__init__()
        self._key = f"views/{name}"
        self._store = store
        self._filters = filters
        self._table = table
        self._first = {"search": "", "filters": _plain(filters.chosen)}
        self._applying = False
        self.current = ""
        self.setProperty("filter", True)
        self.setAutoDefault(False)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.setIconSize(QSize(20, 14))
        self.setIcon(icon("chevron-down", LIGHT.secondary, align=Qt.AlignmentFlag.AlignRight))
        self.setToolTip("保存的视图：搜索、筛选和列")
        self.clicked.connect(lambda _on=False: self._open())
        filters.changed.connect(self._on_filters_changed)
        self._name("默认")

    @property
    def views(self) -> dict[str, Any]:
        """What is saved, by name."""
        try:
            found = json.loads(self._store.text(self._key) or "{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def menu_of_views(self) -> QMenu:
        """The views; saving this one; forgetting the one on show."""
        menu = QMenu(self)
        menu.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("默认").triggered.connect(lambda: self.apply(""))
        for name in self.views:
            menu.addAction(name).triggered.connect(lambda _on=False, which=name: self.apply(which))
        menu.addSeparator()
        menu.addAction("保存当前视图…").triggered.connect(self.ask_save)
        if self.current:
            menu.addAction(f"删除“{self.current}”").triggered.connect(self.forget)
        return menu

    def apply(self, name: str) -> None:
        """Show a view; the empty name is the list as it opens."""
        view: Any = self.views.get(name, self._first) if name else self._first
        chosen = {
            str(key): frozenset(map(str, values))
            for key, values in dict(view.get("filters", {})).items()
        }
        self._applying = True
        self._filters.restore(str(view.get("search", "")), chosen)
        if "columns" in view:
            self._table.show_layout(view["columns"])
        self._applying = False
        self.current = name
        self._name(name or "默认")

    def ask_save(self) -> None:
        """Ask for a name, then save what is on show."""
        name, said = QInputDialog.getText(self, "保存当前视图", "视图名称（12 字以内）")
        if said and name.strip():
            self.save(name.strip()[:_LONGEST])

    def save(self, name: str) -> None:
        """Keep search, filters and columns under ``name``."""
        views = self.views
        views[name] = {
            "search": self._filters.search,
            "filters": _plain(self._filters.chosen),
            "columns": self._table.layout_state,
        }
        self._store.set_text(self._key, json.dumps(views, ensure_ascii=False))
        self.current = name
        self._name(name)

    def forget(self) -> None:
        """Delete the view on show; the list stays as it is."""
        views = self.views
        views.pop(self.current, None)
        self._store.set_text(self._key, json.dumps(views, ensure_ascii=False))
        self.current = ""
        self._name("默认")

    def _on_filters_changed(self) -> None:
        if not self._applying and self.current:
            self._name(f"{self.current}（已改）")

    def _name(self, words: str) -> None:
        self.setText(f"视图：{words}" if self.current else "视图")

    def _open(self) -> None:
        self.menu_of_views().popup(self.mapToGlobal(QPoint(0, self.height() + 2)))


def _plain(chosen: Mapping[str, frozenset[str]]) -> dict[str, list[str]]:
    return {key: sorted(values) for key, values in chosen.items()}
