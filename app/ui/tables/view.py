"""The grid itself: a QTableView with a frozen first column and one hovered row."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.db.read.query import Sort
from app.ui import theme
from app.ui.tables.columns import Column, ColumnKind
from app.ui.tables.delegate import CellDelegate
from app.ui.tables.header import TableHeader
from app.ui.tables.model import RecordModel


class Grid(QTableView):
    """Paints through ``CellDelegate``; the frozen column is a child of the same class."""

    link_clicked = Signal(int, int)
    activated_line = Signal(int)
    widths_changed = Signal()
    copy_wanted = Signal()
    columns_menu_requested = Signal(QPoint)

    def __init__(
        self,
        model: RecordModel,
        *,
        two_lines: bool = False,
        frozen: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.record_model = model
        self._two_lines = two_lines
        self._fitting = False
        self._dragged: set[int] = set()
        self.delegate = CellDelegate(model.columns, self)
        self.header = TableHeader(model.columns, self)
        self._dress(model)
        self._frozen: _FrozenColumn | None = None
        if frozen:
            self._frozen = _FrozenColumn(self, model, two_lines)
            self.delegate.covered = True
        self.header.sectionResized.connect(self._on_section_resized)
        self.header.sectionMoved.connect(lambda *_moved: self.widths_changed.emit())
        self._set_natural_widths()

    def _dress(self, model: RecordModel) -> None:
        self.setModel(model)
        self.setItemDelegate(self.delegate)
        self.setHorizontalHeader(self.header)
        rows = self.verticalHeader()
        rows.hide()
        rows.setMinimumSectionSize(20)
        rows.setDefaultSectionSize(theme.ROW_TWO_LINES if self._two_lines else theme.ROW)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setCornerButtonEnabled(False)
        self.offer_columns(self.header)
        self.viewport().setMouseTracking(True)
        self.viewport().installEventFilter(self)

    # -- columns -----------------------------------------------------------

    def offer_columns(self, header: TableHeader) -> None:
        """Let a right click on ``header`` ask for the columns menu."""
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(
            lambda at: self.columns_menu_requested.emit(header.mapToGlobal(at))
        )

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns, hidden ones too, in logical order."""
        return self.record_model.columns

    def make_sortable(self, first: Sort | None) -> None:
        """Let clicks on titles sort; ``first`` is the order shown at the beginning."""
        section = next(
            (at for at, each in enumerate(self.columns) if first and each.sort_name == first.by), -1
        )
        order = (
            Qt.SortOrder.DescendingOrder
            if first and first.descending
            else Qt.SortOrder.AscendingOrder
        )
        for header in self._headers():
            header.setSortIndicator(section, order)
        self.setSortingEnabled(True)
        if self._frozen is not None:
            self._frozen.follow_sorting()

    def make_movable(self) -> None:
        """Let titles be dragged; the first column stays."""
        self.header.setSectionsMovable(True)
        self.header.setFirstSectionMovable(False)

    def _headers(self) -> list[TableHeader]:
        return [self.header] + ([self._frozen.header] if self._frozen else [])

    def _set_natural_widths(self) -> None:
        self._fitting = True
        for at, column in enumerate(self.columns):
            self.setColumnWidth(at, column.natural_width)
            self.setColumnHidden(at, column.hidden)
        self._fitting = False

    def set_widths(self, widths: dict[int, int]) -> None:
        """Widths a person dragged earlier, by logical column."""
        self._fitting = True
        for at, width in widths.items():
            self.setColumnWidth(at, width)
            self._dragged.add(at)
        self._fitting = False
        self.fit()

    def dragged_widths(self) -> dict[int, int]:
        """Widths that differ from the natural ones because somebody dragged them."""
        return {at: self.columnWidth(at) for at in sorted(self._dragged)}

    def forget_widths(self) -> None:
        """Back to the natural widths."""
        self._dragged.clear()
        self._set_natural_widths()
        self.fit()

    def fit(self) -> None:
        """Give room that is left to the stretching columns."""
        visible = [at for at in range(len(self.columns)) if not self.isColumnHidden(at)]
        flexible = [
            at for at in visible if self.columns[at].stretch and at not in self._dragged
        ] or [at for at in visible[-1:] if at not in self._dragged]
        if not flexible:
            return
        fixed = sum(self.columnWidth(at) for at in visible if at not in flexible)
        natural = sum(self.columns[at].natural_width for at in flexible)
        spare = max(self.viewport().width() - fixed - natural, 0)
        self._fitting = True
        for number, at in enumerate(flexible):
            share = spare // len(flexible) + (spare % len(flexible) if number == 0 else 0)
            self.setColumnWidth(at, self.columns[at].natural_width + share)
        self._fitting = False

    def _on_section_resized(self, section: int, _old: int, _new: int) -> None:
        if self._frozen is not None:
            self._frozen.place()
        if self._fitting:
            return
        self._dragged.add(section)
        self.widths_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
        if self._frozen is not None:
            self._frozen.place()

    # -- rows --------------------------------------------------------------

    def selected_spans(self) -> list[tuple[int, int]]:
        """Selected lines as (first, last), from top to bottom, without overlap."""
        chosen = self.selectionModel().selection()
        spans = sorted(
            (chosen.at(at).top(), chosen.at(at).bottom()) for at in range(chosen.count())
        )
        merged: list[tuple[int, int]] = []
        for first, last in spans:
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
            else:
                merged.append((first, last))
        return merged

    def selected_lines(self) -> list[int]:
        """Selected lines from top to bottom."""
        return [line for first, last in self.selected_spans() for line in range(first, last + 1)]

    def select_line(self, line: int) -> None:
        """Select one line and bring it into sight."""
        index = self.model().index(line, 0)
        flags = (
            QItemSelectionModel.SelectionFlag.ClearAndSelect
            | QItemSelectionModel.SelectionFlag.Rows
        )
        self.selectionModel().setCurrentIndex(index, flags)
        self.scrollTo(index)

    def hover(self, line: int) -> None:
        """Tint ``line`` in both halves."""
        if self.delegate.hover_row == line:
            return
        self.delegate.hover_row = line
        self.viewport().update()
        if self._frozen is not None:
            self._frozen.delegate.hover_row = line
            self._frozen.viewport().update()

    # -- Qt ----------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.activated_line.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and not self._is_link(index):
            self.activated_line.emit(index.row())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and self._is_link(index):
            self.link_clicked.emit(index.row(), index.column())

    def _is_link(self, index: QModelIndex) -> bool:
        if not index.isValid() or self.columns[index.column()].kind is not ColumnKind.LINK:
            return False
        cell = self.record_model.cell_at(index.row(), index.column())
        return cell is not None and bool(cell.text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._on_mouse_moved(event.position().toPoint())
        elif event.type() is QEvent.Type.Leave:
            self.hover(-1)
        return super().eventFilter(watched, event)

    def _on_mouse_moved(self, at: QPoint) -> None:
        index = self.indexAt(at)
        self.hover(index.row() if index.isValid() else -1)
        shape = Qt.CursorShape.PointingHandCursor if self._is_link(index) else None
        if shape is None:
            self.viewport().unsetCursor()
        else:
            self.viewport().setCursor(shape)


class _FrozenColumn(QTableView):
    """The first column again, on top of the grid, never scrolled sideways."""

    def __init__(self, grid: Grid, model: RecordModel, two_lines: bool) -> None:
        super().__init__(grid)
        self._grid = grid
        self.delegate = CellDelegate(model.columns, self)
        self.delegate.frozen_edge = True
        self.header = TableHeader(model.columns, self)
        self.header.frozen_edge = True
        self.setModel(model)
        self.setSelectionModel(grid.selectionModel())
        self.setItemDelegate(self.delegate)
        self.setHorizontalHeader(self.header)
        self.header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows = self.verticalHeader()
        rows.hide()
        rows.setMinimumSectionSize(20)
        rows.setDefaultSectionSize(theme.ROW_TWO_LINES if two_lines else theme.ROW)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionBehavior(grid.selectionBehavior())
        self.setSelectionMode(grid.selectionMode())
        self.setEditTriggers(grid.editTriggers())
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(grid.verticalScrollMode())
        self.viewport().setMouseTracking(True)
        self.viewport().installEventFilter(self)
        self._hide_other_columns(len(model.columns))
        model.modelReset.connect(lambda: self._hide_other_columns(len(model.columns)))
        grid.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.verticalScrollBar().valueChanged.connect(grid.verticalScrollBar().setValue)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(grid.customContextMenuRequested)
        grid.offer_columns(self.header)
        self.show()

    def _hide_other_columns(self, count: int) -> None:
        for at in range(1, count):
            self.setColumnHidden(at, True)

    def follow_sorting(self) -> None:
        mine, theirs = self.header, self._grid.header
        mine.setSortIndicator(theirs.sortIndicatorSection(), theirs.sortIndicatorOrder())
        theirs.sortIndicatorChanged.connect(mine.setSortIndicator)
        mine.sortIndicatorChanged.connect(theirs.setSortIndicator)

    def place(self) -> None:
        grid = self._grid
        width = grid.columnWidth(0)
        self.setColumnWidth(0, width)
        self.setGeometry(0, 0, width, grid.viewport().height() + grid.header.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._grid.hover(self.rowAt(event.position().toPoint().y()))
        elif event.type() is QEvent.Type.Leave:
            self._grid.hover(-1)
        return super().eventFilter(watched, event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        line = self.rowAt(event.position().toPoint().y())
        if line >= 0:
            self._grid.activated_line.emit(line)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._grid.setFocus(Qt.FocusReason.MouseFocusReason)
