"""What the pages of the three directories share: list, detail pane, import, template, export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.db.read.changes import Change
from app.domain.fields import Field, shown
from app.services import workbooks
from app.services.importing import KINDS, ImportOutcome
from app.services.saving import Saved, StateSet
from app.services.workbooks import ExportList, ListColumn, WriteTemplate
from app.ui.imports.sequence import ImportSequence
from app.ui.tables import Column, ColumnKind, RecordTable
from app.ui.tasks import operation
from app.ui.widgets import (
    DetailPane,
    EmptyState,
    FilterRow,
    FormDialog,
    Page,
    PageContext,
    button,
    clear_layout,
    icon_button,
    label,
    primary_button,
)
from app.ui.widgets.timeline import Event, Timeline

_WORKBOOK = "Excel 工作簿 (*.xlsx)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """One directory in words: its key for import, what changed tells it, how rows are counted."""

    kind: str
    subject: str
    unit: str
    add_words: str
    manual: str


class DirectoryPage(Page):
    """A list with its detail pane; the import takes its place while it runs."""

    def __init__(
        self,
        context: PageContext,
        directory: Directory,
        table: RecordTable,
        filters: FilterRow,
        tabs: Sequence[str],
    ) -> None:
        super().__init__(context, KINDS[directory.kind])
        self.directory = directory
        self.workspace = context.workspace
        self.table = table
        self.filters = filters
        self.detail = DetailPane(tabs)
        self._pane_wanted = True
        self._add_head()
        self._add_body()
        self._connect()

    def _add_head(self) -> None:
        self.template_button = button("下载模板", self.ask_template)
        self.import_button = button("导入名录", self.start_import, "upload")
        self.cancel_import = button("取消导入", self._on_import_cancelled)
        self.cancel_import.hide()
        for each in (self.template_button, self.import_button, self.cancel_import):
            self.add_action(each)
        self.list_only: list[QWidget] = [self.template_button, self.import_button]
        self.set_primary(primary_button(self.directory.add_words, self.add, "plus"))

    def _add_body(self) -> None:
        self.stack = QStackedWidget()
        listing = QWidget()
        across = QHBoxLayout(listing)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(12)
        left = QVBoxLayout()
        left.setSpacing(10)
        self.filters.add_right(icon_button("columns", "显示哪些列", self._open_columns))
        self.detail_button = icon_button("info", "显示或收起详情", self.toggle_detail)
        self.filters.add_right(self.detail_button)
        left.addWidget(self.filters)
        left.addWidget(self.table, 1)
        across.addLayout(left, 1)
        across.addWidget(self.detail)
        self.detail.hide()
        self.stack.addWidget(listing)
        self.sequence: ImportSequence | None = None
        self._sequences: dict[str, ImportSequence] = {}
        self.body.addWidget(self.stack, 1)

    def _connect(self) -> None:
        self.filters.changed.connect(self.reload)
        self.table.current_changed.connect(self._on_current_changed)
        self.table.row_activated.connect(lambda row: self.edit(row.id))
        self.table.export_requested.connect(self.ask_export)
        self.detail.closed.connect(self._on_detail_closed)
        if isinstance(self.table.empty, EmptyState):
            self.table.empty.manual_requested.connect(self.context.open_manual)

    # -- what each directory does its own way --------------------------------

    def show_detail(self, row_id: int) -> None:
        """Fetch one row and fill the pane."""

    def add(self) -> None:
        """Open an empty form."""

    def edit(self, row_id: int) -> None:
        """Open the form of one row."""

    # -- listing -------------------------------------------------------------

    def reload(self) -> None:
        """Ask the list again with what search box and filters say."""
        self.table.show_query(self.filters.search, self.filters.chosen)

    def on_changed(self, kinds: frozenset[str]) -> None:
        """Refresh when rows of this directory or what is shown beside them changed."""
        if kinds & {self.directory.subject, "draw", "assignment", "result", "inspection"}:
            self.refresh()

    def open_at(self, where: object) -> None:
        """``where``: the id of a row, or "import"."""
        if where == "import":
            self.start_import()
        elif isinstance(where, int):
            self._want_pane(True)
            if not self.table.select_id(where):
                # The list is not loaded yet, or its filters hide the row.
                self.show_detail(where)
                self.detail.show()

    def on_narrow(self, narrow: bool) -> None:
        """Below 1360 px fewer filters stay in sight and the pane waits to be asked for."""
        self.filters.fold(2 if narrow else 3)
        self._want_pane(not narrow)

    def _open_columns(self) -> None:
        menu = self.table.columns_menu()
        menu.popup(self.filters.mapToGlobal(self.filters.rect().bottomRight()))

    def _on_current_changed(self, row: Any | None) -> None:
        if row is None:
            self.detail.hide()
            return
        self.show_detail(row.id)
        self.detail.setVisible(self._pane_wanted)

    def _on_detail_closed(self) -> None:
        self._pane_wanted = False

    def toggle_detail(self) -> None:
        """Open the pane for the row the cursor is on, or close it."""
        self._want_pane(not self._pane_wanted)

    def _want_pane(self, wanted: bool) -> None:
        self._pane_wanted = wanted
        self.detail.setVisible(wanted and self.table.current_row() is not None)

    # -- forms ---------------------------------------------------------------

    def open_form(self, dialog: FormDialog, done: Callable[[Any], None]) -> None:
        """Show a form; ``done`` gets what was saved."""
        dialog.saved.connect(done)
        dialog.open()

    def said(self, text: str, undo: Callable[[], object] | None = None) -> None:
        """A toast; with 撤销 where there is a way back."""
        if undo is None:
            self.context.toast(text)
        else:
            self.context.toast(text, "撤销", undo)

    def show_saved(self, saved: Saved, put_back: Callable[[], object] | None) -> None:
        """Say that a form was saved; ``put_back`` saves the former facts, None for a new row."""
        if saved.changes and put_back is not None:
            self.said("已保存", lambda: self._put_back(put_back))
        else:
            self.said("已保存" if saved.changes else "没有改动")
        self.refresh()

    def _put_back(self, put_back: Callable[[], object]) -> None:
        operation(self, put_back).success(
            lambda _saved: self.said("已改回原来的内容")
        ).run_in_background()

    def show_state_set(
        self, done: StateSet, words: str, again: Callable[[str, list[int]], object]
    ) -> None:
        """Say that states were set; there is a way back if all rows were in one state before."""
        former = {value for _, value in done.before}
        if len(former) != 1:
            self.said(words)
            return
        back, ids = str(former.pop()), [row_id for row_id, _ in done.before]
        self.said(words, lambda: again(back, ids))

    # -- import --------------------------------------------------------------

    def start_import(self, kind: str = "") -> None:
        """Put the guided import in the place of the list; ``kind``: another than the page's."""
        kind = kind or self.directory.kind
        if kind not in self._sequences:
            made = ImportSequence(self.workspace, kind, self.context.store)
            made.stepped.connect(self._on_import_stepped)
            made.finished.connect(self._on_import_finished)
            self.stack.addWidget(made)
            self._sequences[kind] = made
        self.sequence = self._sequences[kind]
        self.title_label.setText(f"导入{KINDS[kind]}")
        self.stack.setCurrentWidget(self.sequence)
        self._show_buttons(importing=True)
        self.sequence.restart()

    def _show_buttons(self, *, importing: bool) -> None:
        for each in (*self.list_only, self.primary):
            each.setVisible(not importing)
        self.cancel_import.setVisible(importing)

    def _on_import_stepped(self, words: str) -> None:
        self.set_subtitle(words)
        self.cancel_import.setVisible(self.sequence is not None and self.sequence.can_cancel)

    def _on_import_cancelled(self) -> None:
        if self.sequence is not None:
            self.sequence.stop()
        self._leave_import()

    def _on_import_finished(self, _outcome: ImportOutcome) -> None:
        self._leave_import()

    def _leave_import(self) -> None:
        self.title_label.setText(KINDS[self.directory.kind])
        self.stack.setCurrentIndex(0)
        self._show_buttons(importing=False)
        self.refresh()

    # -- templates and export ------------------------------------------------

    def ask_template(self) -> None:
        """Ask where, then write the blank form."""
        path = ask_workbook(self, "模板存到哪里", f"{KINDS[self.directory.kind]}模板.xlsx")
        if path is None:
            return
        command = WriteTemplate(self.directory.kind, path, self.workspace.rulebook)
        operation(self, lambda: workbooks.write_template(command)).progress("正在写模板").success(
            self._on_written
        ).run_in_background()

    def ask_export(self, ids: Sequence[int], keys: list[str]) -> None:
        """Ask where, then write the lines and columns that are seen."""
        name = f"{KINDS[self.directory.kind]}-{date.today():%Y%m%d}.xlsx"
        path = ask_workbook(self, "导出到哪里", name)
        if path is None:
            return
        columns = [column for column in self.table.visible_columns() if column.key in keys]

        def write() -> Path:
            rows = self.table.model.fetch_rows(ids)
            return workbooks.export_list(
                ExportList(
                    path,
                    KINDS[self.directory.kind],
                    tuple(list_column(column) for column in columns),
                    [[plain_value(column.read(row)) for column in columns] for row in rows],
                )
            )

        operation(self, write).progress("正在导出").success(self._on_written).run_in_background()

    def _on_written(self, path: Path) -> None:
        self.context.toast(f"已写成：{path.name}", "打开", partial(open_file, path))


def ask_workbook(parent: QWidget, title: str, name: str) -> Path | None:
    """Where to write a workbook; None when the person gave up."""
    chosen, _ = QFileDialog.getSaveFileName(parent, title, name, _WORKBOOK)
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix.lower() == ".xlsx" else path.with_name(path.name + ".xlsx")


def open_file(path: Path) -> None:
    """Open a file with whatever the machine opens it with."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def list_column(column: Column) -> ListColumn:
    """A table's column as a workbook has it."""
    width = max(column.natural_width // 8, len(column.title) * 2 + 2)
    return ListColumn(column.title, min(width, 48), column.kind is ColumnKind.CODE)


def plain_value(value: object) -> str | int | date | None:
    """A cell's value as a workbook holds it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if value is None or isinstance(value, int | date | str):
        return value
    if isinstance(value, tuple):
        return "、".join(str(part) for part in value)
    return str(value)


_ACTIONS = {"save": "修改", "state": "改状态", "import": "导入", "undo": "撤销导入"}


def changes_view(changes: Sequence[Change], fields: Sequence[Field]) -> QWidget:
    """Edits of one row, newest first: when, who, each field before and after."""
    described = {field.name: field for field in fields}
    timeline = Timeline()
    timeline.show_events([_event(change, described) for change in changes])
    return timeline


def _event(change: Change, described: dict[str, Field]) -> Event:
    verb = "新增" if change.new else _ACTIONS.get(change.action, change.action)
    lines = []
    for each in () if change.new else change.fields:
        field = described.get(each.field)
        name = field.label if field else _OTHER_FIELDS.get(each.field, each.field)
        lines.append(f"{name}：{_words(field, each.before)} → {_words(field, each.after)}")
    return Event(
        f"{change.at.astimezone():%Y-%m-%d %H:%M}", f"{change.by} {verb}", "\n".join(lines)
    )


_OTHER_FIELDS = {"ident": "编号", "in_force": "启用", "category_since": "类别起算日"}


def _words(field: Field | None, value: object) -> str:
    if isinstance(value, list):
        value = tuple(value)
    if field is None:
        return {True: "是", False: "否"}.get(value, str(value)) if value is not None else "（空）"  # type: ignore[call-overload]
    return shown(field, value) or "（空）"  # type: ignore[arg-type]


def section(title: str) -> QWidget:
    """A small heading inside the pane."""
    return label(title, "section")


def fill(layout: QVBoxLayout, *widgets: QWidget) -> None:
    """Replace what a tab shows."""
    clear_layout(layout)
    for widget in widgets:
        layout.addWidget(widget)
