"""A list of any length: ids at once, rows when they come into sight."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from app.db.read.query import ListQuery, Sort
from app.ui.tables.columns import EMPTY, Cell, Column, ColumnKind
from app.ui.tables.source import TableSource
from app.ui.tasks import query

CELL_ROLE = Qt.ItemDataRole.UserRole + 1
"""The ``Cell`` to paint; ``None`` while its page is on the way."""

PAGE_ROWS = 200
_PAGES_KEPT = 40
_DISPLAY = Qt.ItemDataRole.DisplayRole
_ALIGN = Qt.ItemDataRole.TextAlignmentRole
_TIP = Qt.ItemDataRole.ToolTipRole

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class RecordModel(QAbstractTableModel):
    """Rows of one list.  ``load`` asks the source; ``set_rows`` takes rows in memory."""

    loading_started = Signal()
    loaded = Signal(int)
    load_failed = Signal(object)

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._source: TableSource | None = None
        self._query = ListQuery()
        self._ids: array[int] = array("q")
        self._pages: dict[int, dict[int, Any]] = {}
        self._asked: set[int] = set()
        self._generation = 0
        self._local: list[Any] | None = None

    # -- filling -----------------------------------------------------------

    @property
    def query(self) -> ListQuery:
        """What is shown at present."""
        return self._query

    def set_source(self, source: TableSource) -> None:
        """Take rows from ``source`` from now on; ``load`` fetches them."""
        self._source = source
        self._local = None

    def load(self, wanted: ListQuery, first_row: int = 0) -> None:
        """Ask the source again; the page around ``first_row`` comes with the ids."""
        source = self._source
        if source is None:
            return
        self.loading_started.emit()
        page = first_row // PAGE_ROWS

        def fetch() -> tuple[array[int], int, dict[int, Any]]:
            ids = source.ids(wanted)
            at = min(page, max(len(ids) - 1, 0) // PAGE_ROWS)
            return ids, at, _by_id(source.rows(ids[at * PAGE_ROWS : (at + 1) * PAGE_ROWS]))

        def show(result: tuple[array[int], int, dict[int, Any]]) -> None:
            ids, at, rows = result
            self._query = wanted
            self._replace(ids, {at: rows} if len(ids) else {})

        query(self, fetch).key("ids").success(show).failure(
            self.load_failed.emit
        ).run_in_background()

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Show ``rows``, which are all there are; sorting then needs no source."""
        self._source = None
        self._local = list(rows)
        self._show_local()

    def _show_local(self) -> None:
        rows = self._local or []
        order = sorted_positions(rows, self.columns, self._query.sort)
        self._replace(array("q", order), {})

    def _replace(self, ids: array[int], pages: dict[int, dict[int, Any]]) -> None:
        self.beginResetModel()
        self._generation += 1
        self._ids = ids
        self._pages = pages
        self._asked = set()
        self.endResetModel()
        self.loaded.emit(len(ids))

    # -- reading -----------------------------------------------------------

    @property
    def ids(self) -> array[int]:
        """All ids in order; do not change it."""
        return self._ids

    def row_at(self, row: int) -> Any | None:
        """The record in line ``row``, or ``None`` while it is on the way."""
        if not 0 <= row < len(self._ids):
            return None
        if self._local is not None:
            return self._local[self._ids[row]]
        page = self._pages.get(row // PAGE_ROWS)
        if page is None:
            self._ask(row // PAGE_ROWS)
            return None
        return page.get(self._ids[row])

    def line_of(self, record_id: int) -> int:
        """The line of an id, or -1."""
        try:
            return self._ids.index(record_id)
        except ValueError:
            return -1

    def fetch_rows(self, ids: Sequence[int]) -> Sequence[Any]:
        """Rows by id, blocking: for exporting from a background task."""
        if self._local is not None:
            return [self._local[position] for position in ids]
        if self._source is None:
            return ()
        known = _by_id(self._source.rows(ids))
        return [known[each] for each in ids if each in known]

    def _ask(self, page: int) -> None:
        source = self._source
        if source is None or page in self._asked:
            return
        self._asked.add(page)
        generation = self._generation
        wanted = self._ids[page * PAGE_ROWS : (page + 1) * PAGE_ROWS]

        def show(rows: dict[int, Any]) -> None:
            if generation == self._generation:
                self._take_page(page, rows)

        query(self, lambda: _by_id(source.rows(wanted))).key(("page", page)).success(show).failure(
            self.load_failed.emit
        ).run_in_background()

    def _take_page(self, page: int, rows: dict[int, Any]) -> None:
        if len(self._pages) >= _PAGES_KEPT:
            # Far-away pages are asked for again when somebody scrolls back.
            farthest = max(self._pages, key=lambda kept: abs(kept - page))
            del self._pages[farthest]
            self._asked.discard(farthest)
        self._pages[page] = rows
        first = page * PAGE_ROWS
        last = min(first + PAGE_ROWS, len(self._ids)) - 1
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    # -- Qt ----------------------------------------------------------------

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if role == _TIP and index.isValid():
            return self._hint(index)
        if role not in (_DISPLAY, CELL_ROLE) or not index.isValid():
            return None
        cell = self.cell_at(index.row(), index.column())
        if role == CELL_ROLE:
            return cell
        return None if cell is None else (cell.text or EMPTY)

    def _hint(self, index: Index) -> str | None:
        hint, record = self.columns[index.column()].hint, self.row_at(index.row())
        return None if hint is None or record is None else hint(record) or None

    def cell_at(self, row: int, column: int) -> Cell | None:
        """The cell to paint, or ``None`` while its row is on the way."""
        record = self.row_at(row)
        return None if record is None else self.columns[column].cell(record)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        if role == _DISPLAY:
            return self.columns[section].title
        if role == _ALIGN:
            return self.columns[section].alignment
        if role == _TIP:
            return self.columns[section].tip or None
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        by = self.columns[column].sort_name if 0 <= column < len(self.columns) else None
        wanted = Sort(by, order is Qt.SortOrder.DescendingOrder) if by else None
        if wanted == self._query.sort:
            return
        changed = replace(self._query, sort=wanted)
        if self._local is not None:
            self._query = changed
            self._show_local()
        else:
            self.load(changed)


def sorted_positions(
    rows: Sequence[Any], columns: Sequence[Column], sort: Sort | None
) -> list[int]:
    """Positions of ``rows`` in the wanted order; empty values always last."""
    positions = list(range(len(rows)))
    column = next((each for each in columns if sort and each.sort_name == sort.by), None)
    if sort is None or column is None:
        return positions
    empty = [at for at in positions if column.read(rows[at]) in (None, "")]
    filled = [at for at in positions if column.read(rows[at]) not in (None, "")]
    filled.sort(key=lambda at: _sortable(column, rows[at]), reverse=sort.descending)
    return filled + empty


def _sortable(column: Column, row: Any) -> Any:
    value = column.read(row)
    return str(value) if column.kind is ColumnKind.BAR else value


def _by_id(rows: Sequence[Any]) -> dict[int, Any]:
    return {row.id: row for row in rows}
