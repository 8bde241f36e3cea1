"""The one table widget of the program.

A list page::

    self.table = RecordTable(COLUMNS, name="targets", unit="家", store=context.store,
                             empty=EmptyState("还没有检查对象", "导入名录", self._import),
                             first_sort=Sort("name"))
    self.table.set_source(source)            # source.ids(query), source.rows(ids)
    self.table.show_query(search="水泥", filters={"category": frozenset({"A"})})
    self.table.current_changed.connect(self._show_detail)   # a row or None
    self.table.row_activated.connect(self._edit)
    self.table.add_action("查看历史", "clock", self._history)   # called with list of ids
    self.table.export_requested.connect(self._export)        # ids, visible column keys

A small table in memory (quota, team members): ``PlainTable(COLUMNS)`` and
``table.set_rows(rows)``; rows need no id.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from app.db.read.query import ListQuery, Sort
from app.errors import AppError
from app.ui import theme
from app.ui.dialogs.messages import show_error
from app.ui.icons import icon
from app.ui.tables.columns import Column
from app.ui.tables.model import RecordModel
from app.ui.tables.source import TableSource
from app.ui.tables.view import Grid
from app.ui.tasks import Progress, long_query
from app.ui.view_store import MemoryViewStore, ViewStore
from app.ui.widgets.basics import EmptyState, label
from app.ui.widgets.buttons import link_button
from app.ui.widgets.rim import Rim

_AT_ONCE = 200  # lines that are copied without going to the background
_PORTION = 1000


@dataclass(frozen=True, slots=True)
class _Action:
    text: str
    icon_name: str
    run: Callable[[list[int]], object]


class RecordTable(QFrame):
    """Grid, count line and empty state in one card."""

    selection_changed = Signal(list)
    current_changed = Signal(object)
    row_activated = Signal(object)
    link_clicked = Signal(object, str)
    export_requested = Signal(object, list)
    loaded = Signal(int)

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        name: str,
        unit: str = "条",
        store: ViewStore | None = None,
        empty: EmptyState | None = None,
        first_sort: Sort | None = None,
        two_lines: bool = False,
        frozen: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._rim = Rim(self)
        self._name = name
        self._unit = unit
        self._store: ViewStore = store or MemoryViewStore()
        self._total: int | None = None
        self._actions: list[_Action] = []
        self._kept: list[int] = []
        self._announced: Any | None = None
        self._kept_current: int | None = None
        self.model = RecordModel(columns, self)
        self.model._query = ListQuery(sort=first_sort)
        self.grid = Grid(self.model, two_lines=two_lines, frozen=frozen)
        # A screen reader says which list the keys are in.
        self.grid.setAccessibleName("、".join(each.title for each in columns[:3]) + "列表")
        self._build(empty or EmptyState("没有符合条件的记录。"))
        self.grid.make_sortable(first_sort)
        self.grid.make_movable()
        self._connect()
        self._recall()

    def _build(self, empty: EmptyState) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.empty = empty
        self.nothing_found = EmptyState("没有符合条件的记录，换个条件试试。", icon_name="search")
        self._stack = QStackedWidget()
        for page in (self.grid, self.empty, self.nothing_found):
            self._stack.addWidget(page)
        outer.addWidget(self._stack, 1)
        self.foot = QFrame()
        self.foot.setObjectName("cardFoot")
        self.foot.setFixedHeight(34)
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(theme.PAGE, 0, theme.PAGE, 0)
        row.setSpacing(18)
        self.count_label = label("")
        self.count_label.setTextFormat(Qt.TextFormat.RichText)
        self.selection_label = label("", "small")
        row.addWidget(self.count_label)
        row.addWidget(self.selection_label)
        row.addStretch(1)
        self.copy_link = link_button("复制", self.copy_selection, "copy")
        self.export_link = link_button("导出 Excel", self._export_all, "download")
        row.addWidget(self.copy_link)
        row.addWidget(self.export_link)
        self.foot_row = row
        outer.addWidget(self.foot)

    def _connect(self) -> None:
        self.grid.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.grid.selectionModel().currentRowChanged.connect(lambda *_: self._announce_current())
        self.grid.activated_line.connect(self._on_activated)
        self.grid.copy_wanted.connect(self.copy_selection)
        self.grid.link_clicked.connect(self._on_link_clicked)
        self.grid.widths_changed.connect(self._remember)
        self.grid.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.grid.customContextMenuRequested.connect(self._open_menu)
        self.grid.columns_menu_requested.connect(lambda at: self.columns_menu().popup(at))
        self.model.modelAboutToBeReset.connect(self._keep_selection)
        self.model.loaded.connect(self._on_loaded)
        self.model.load_failed.connect(self._on_load_failed)
        self.model.dataChanged.connect(lambda *_: self._on_rows_arrived())

    # -- filling -----------------------------------------------------------

    def set_source(self, source: TableSource) -> None:
        """Where rows come from; nothing is fetched before ``show_query`` or ``reload``."""
        self.model.set_source(source)

    def show_query(
        self, search: str = "", filters: Mapping[str, frozenset[str]] | None = None
    ) -> None:
        """Narrow the list; the order stays."""
        wanted = replace(self.model.query, search=search, filters=dict(filters or {}))
        self.model.load(wanted)

    def reload(self) -> None:
        """Ask again after a change; selection and place stay."""
        top = self.grid.rowAt(0)
        self.model.load(self.model.query, max(top, 0))

    def set_total(self, total: int | None) -> None:
        """How many there are without any filter, for the count line."""
        self._total = total
        if self._stack.currentWidget() is not self.grid:
            self._show_what_there_is(len(self.model.ids))
        self._show_counts()

    # -- asking ------------------------------------------------------------

    def selected_ids(self) -> list[int]:
        """Ids of the selected lines, top to bottom."""
        ids = self.model.ids
        return [each for top, end in self.grid.selected_spans() for each in ids[top : end + 1]]

    def current_row(self) -> Any | None:
        """The record the cursor is on, or ``None``."""
        return self.model.row_at(self.grid.currentIndex().row())

    def select_id(self, record_id: int) -> bool:
        """Select one record; ``False`` when the list does not hold it."""
        line = self.model.line_of(record_id)
        if line >= 0:
            self.grid.select_line(line)
        return line >= 0

    def visible_columns(self) -> list[Column]:
        """Columns as a person sees them, in order."""
        header = self.grid.header
        order = [header.logicalIndex(at) for at in range(len(self.model.columns))]
        return [self.model.columns[at] for at in order if not self.grid.isColumnHidden(at)]

    def copy_selection(self) -> None:
        """Selected lines to the clipboard, visible columns in their order, tabs between.

        Lines that were never in sight are fetched first: what is selected is what is copied.
        """
        ids, columns = self.selected_ids(), self.visible_columns()
        if not ids:
            return
        lines = [line for top, end in self.grid.selected_spans() for line in range(top, end + 1)]
        rows = [self.model.row_at(line) for line in lines] if len(ids) <= _AT_ONCE else [None]
        if None not in rows:
            self._put_copied([_copied(row, columns) for row in rows])
            return
        fetch = self.model.fetch_rows

        def read(progress: Progress) -> list[str]:
            found: list[str] = []
            for start in range(0, len(ids), _PORTION):
                progress.report(start, len(ids))
                found += [_copied(row, columns) for row in fetch(ids[start : start + _PORTION])]
            return found

        self.selection_label.setText(f"正在复制 {len(ids):,} {self._unit}…")
        long_query(self, read).key("copy").progress("正在复制").success(
            self._put_copied
        ).run_in_background()

    def _put_copied(self, lines: list[str]) -> None:
        QGuiApplication.clipboard().setText("\n".join(lines))
        self.selection_label.setText(f"已复制 {len(lines):,} {self._unit}")

    # -- actions and menus -------------------------------------------------

    def add_action(self, text: str, icon_name: str, run: Callable[[list[int]], object]) -> None:
        """One more line in the context menu; ``run`` gets the selected ids."""
        self._actions.append(_Action(text, icon_name, run))

    def fill_menu(self, menu: QMenu) -> None:
        """The page's own actions on what is chosen: also for a button's menu."""
        for action in self._actions:
            added = menu.addAction(icon(action.icon_name), action.text)
            added.triggered.connect(lambda _on=False, do=action.run: do(self.selected_ids()))

    def context_menu(self) -> QMenu:
        """复制, 导出所选 and the page's own actions."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill_menu(menu)
        if self._actions:
            menu.addSeparator()
        menu.addAction(icon("copy"), "复制").triggered.connect(self.copy_selection)
        if not self.export_link.isHidden():
            menu.addAction(icon("download"), "导出所选").triggered.connect(
                lambda: self._export(self.selected_ids())
            )
        return menu

    def columns_menu(self) -> QMenu:
        """Which columns are shown; the first always is."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for at, column in enumerate(self.model.columns):
            action = QAction(column.title or column.key, menu)
            action.setCheckable(True)
            action.setChecked(not self.grid.isColumnHidden(at))
            action.setEnabled(at > 0)
            action.toggled.connect(lambda shown, which=at: self._show_column(which, shown))
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction("恢复默认列").triggered.connect(self._restore_columns)
        return menu

    def _open_menu(self, at: QPoint) -> None:
        if self.grid.selected_spans():
            self.context_menu().popup(self.grid.viewport().mapToGlobal(at))

    def _show_column(self, at: int, shown: bool) -> None:
        self.grid.setColumnHidden(at, not shown)
        self.grid.fit()
        self._remember()

    def _restore_columns(self) -> None:
        header = self.grid.header
        for at in range(len(self.model.columns)):
            header.moveSection(header.visualIndex(at), at)
        self.grid.forget_widths()
        self._remember()

    def _export(self, ids: list[int]) -> None:
        keys = [column.key for column in self.visible_columns()]
        self.export_requested.emit(array("q", ids), keys)

    def _export_all(self) -> None:
        self._export(list(self.model.ids))

    # -- remembering -------------------------------------------------------

    @property
    def layout_state(self) -> dict[str, Any]:
        """Order, hidden columns and dragged widths, as plain values to keep."""
        columns, header = self.model.columns, self.grid.header
        return {
            "order": [columns[header.logicalIndex(at)].key for at in range(len(columns))],
            "hidden": [each.key for at, each in enumerate(columns) if self.grid.isColumnHidden(at)],
            "widths": {columns[at].key: width for at, width in self.grid.dragged_widths().items()},
        }

    def _remember(self) -> None:
        self._store.set_text(f"table/{self._name}", json.dumps(self.layout_state))

    def _recall(self) -> None:
        try:
            state = json.loads(self._store.text(f"table/{self._name}") or "{}")
        except ValueError:
            return  # a damaged comfort file is worth no message
        self.show_layout(state)

    def show_layout(self, state: Any) -> None:
        """Arrange the columns as ``layout_state`` said; nonsense leaves them as they are."""
        try:
            order, hidden = list(state.get("order", [])), set(state.get("hidden", []))
            widths = {str(key): int(width) for key, width in state.get("widths", {}).items()}
        except (ValueError, AttributeError, TypeError):
            return  # a damaged comfort file is worth no message
        if not order:
            return
        where = {column.key: at for at, column in enumerate(self.model.columns)}
        header = self.grid.header
        for target, key in enumerate(key for key in order if key in where):
            if where[key] and target:
                header.moveSection(header.visualIndex(where[key]), target)
        for key, at in where.items():
            known = key in order
            self.grid.setColumnHidden(at, at > 0 and (key in hidden if known else False))
        self.grid.set_widths({where[key]: width for key, width in widths.items() if key in where})

    # -- reacting ----------------------------------------------------------

    def _keep_selection(self) -> None:
        if self.model._local is not None:
            self._kept = []
            return
        self._kept = self.selected_ids()
        line = self.grid.currentIndex().row()
        self._kept_current = self.model.ids[line] if 0 <= line < len(self.model.ids) else None

    def _on_loaded(self, count: int) -> None:
        self._restore_selection()
        self._show_what_there_is(count)
        self._show_counts()
        self.loaded.emit(count)
        self._announce_current()

    def _show_what_there_is(self, count: int) -> None:
        # Where there is nothing at all, no filter is to blame: a list opens with one set.
        narrowed = bool(self.model.query.search or self.model.query.filters) and self._total != 0
        self._stack.setCurrentWidget(
            self.grid if count else self.nothing_found if narrowed else self.empty
        )
        self.foot.setVisible(bool(count) or narrowed)

    def _restore_selection(self) -> None:
        kept = set(self._kept)
        lines = [line for line, each in enumerate(self.model.ids) if each in kept] if kept else []
        model, selection = self.grid.selectionModel(), QItemSelection()
        for top, end in _runs(lines):
            selection.select(self.model.index(top, 0), self.model.index(end, 0))
        flags = (
            QItemSelectionModel.SelectionFlag.ClearAndSelect
            | QItemSelectionModel.SelectionFlag.Rows
        )
        if self._kept_current is not None:
            line = self.model.line_of(self._kept_current)
            if line >= 0:
                index = self.model.index(line, 0)
                model.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
                self.grid.scrollTo(index)
        model.select(selection, flags)

    def _on_load_failed(self, error: AppError) -> None:
        show_error(self, error)

    def _on_rows_arrived(self) -> None:
        if self.current_row() != self._announced:
            self._announce_current()

    def _announce_current(self) -> None:
        self._announced = self.current_row()
        self.current_changed.emit(self._announced)

    def _on_selection_changed(self) -> None:
        self._show_counts()
        self.selection_changed.emit(self.selected_ids())

    def _on_activated(self, line: int) -> None:
        record = self.model.row_at(line)
        if record is not None:
            self.row_activated.emit(record)

    def _on_link_clicked(self, line: int, column: int) -> None:
        record = self.model.row_at(line)
        if record is not None:
            self.link_clicked.emit(record, self.model.columns[column].key)

    def _show_counts(self) -> None:
        shown = len(self.model.ids)
        text = f"共 <b>{shown:,}</b> {self._unit}"
        if self._total is not None and self._total != shown:
            text = f"共 <b>{self._total:,}</b> {self._unit}，当前显示 <b>{shown:,}</b> {self._unit}"
        self.count_label.setText(text)
        chosen = sum(end - top + 1 for top, end in self.grid.selected_spans())
        self.selection_label.setText(f"已选 {chosen:,} {self._unit}" if chosen else "")


def _runs(lines: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending lines as stretches (first, last)."""
    runs: list[tuple[int, int]] = []
    for line in lines:
        if runs and runs[-1][1] == line - 1:
            runs[-1] = (runs[-1][0], line)
        else:
            runs.append((line, line))
    return runs


def _copied(row: Any, columns: Sequence[Column]) -> str:
    texts = (column.cell(row).text for column in columns)
    return "\t".join(" ".join(text.split("\n")).replace("\t", " ") for text in texts)


class PlainTable(RecordTable):
    """The same table over rows in memory, without the count line."""

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        name: str = "plain",
        unit: str = "条",
        empty: EmptyState | None = None,
        two_lines: bool = False,
        sortable: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            columns,
            name=name,
            unit=unit,
            empty=empty,
            two_lines=two_lines,
            frozen=False,
            parent=parent,
        )
        self.setObjectName("")
        self._rim.hide()
        self.foot.hide()
        self._counted = False
        if not sortable:
            self.grid.setSortingEnabled(False)
            self.grid.header.setSectionsClickable(False)

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Show ``rows``."""
        self.model.set_rows(rows)

    def rows(self) -> list[Any]:
        """The rows in the order shown."""
        found = (self.model.row_at(line) for line in range(len(self.model.ids)))
        return [row for row in found if row is not None]

    def fit_height(self, most: int = 12) -> None:
        """Be exactly as high as up to ``most`` rows, without a scroll bar."""
        rows = min(max(len(self.model.ids), 1), most)
        height = self.grid.verticalHeader().defaultSectionSize()
        self.setFixedHeight(theme.TABLE_HEAD + rows * height + 2)

    def _on_loaded(self, count: int) -> None:
        super()._on_loaded(count)
        self.foot.hide()
