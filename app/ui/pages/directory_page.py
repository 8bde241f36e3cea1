"""What the pages of the three directories share: list, detail pane, import, template, export."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.db.read.changes import Change
from app.domain.desk import TheseRows
from app.domain.fields import Field, FieldProblem, shown
from app.services.directories import bulk_editing, workbooks
from app.services.directories.bulk_editing import ChangedMany
from app.services.directories.saving import Saved, StateSet
from app.services.directories.workbooks import ExportList, ListColumn, WriteTemplate
from app.services.intake import pasting
from app.services.intake.importing import KINDS, ImportOutcome
from app.services.intake.pasting import PasteRows
from app.ui.dialogs.bulk_edit import BulkEditDialog
from app.ui.dialogs.files import ask_workbook, open_file
from app.ui.dialogs.rounds import RoundsDialog
from app.ui.dialogs.times import CompareDialog, PastDialog
from app.ui.icons import icon
from app.ui.imports.sequence import ImportSequence
from app.ui.tables import Column, ColumnKind, RecordTable
from app.ui.tasks import Progress, long_operation, operation, query
from app.ui.widgets import (
    DetailPane,
    EmptyState,
    FilterRow,
    FormDialog,
    Group,
    Page,
    PageContext,
    button,
    clear_layout,
    icon_button,
    label,
    primary_button,
)
from app.ui.widgets.saved_views import SavedViews
from app.ui.widgets.timeline import Event, Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """One directory in words: its key for import, what changed tells it, how rows are counted."""

    kind: str
    subject: str
    unit: str
    noun: str
    add_words: str
    manual: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Editing:
    """How one row is filled in and saved, and which states rows may be put into.

    ``find`` gives the facts of a row (None: it is gone); ``save`` writes them; ``state_of``
    turns a stored state into a key of ``states``.
    """

    fields: Sequence[Field]
    groups: Sequence[Group]
    blank: Callable[[], Any]
    find: Callable[[int], Any | None]
    check: Callable[[Any], Sequence[FieldProblem]]
    save: Callable[[int | None, Any], Saved]
    states: Mapping[str, str]
    set_state: Callable[[str, tuple[int, ...]], StateSet]
    state_of: Callable[[object], str] = str


class DirectoryPage(Page):
    """A list with its detail pane; the import takes its place while it runs."""

    def __init__(
        self,
        context: PageContext,
        directory: Directory,
        table: RecordTable,
        filters: FilterRow,
        tabs: Sequence[str],
        editing: Editing,
    ) -> None:
        super().__init__(context, KINDS[directory.kind])
        self.directory = directory
        self.editing = editing
        self.workspace = context.workspace
        self.table = table
        self.filters = filters
        self.detail = DetailPane(tabs)
        self._pane_wanted = True
        self._wanted: int | None = None
        self._add_head()
        self._add_body()
        self._connect()

    def _add_head(self) -> None:
        self.template_button = button("下载模板", self.ask_template)
        self.import_button = button("导入名录", self.start_import, "upload")
        self.cancel_import = button("取消导入", self._on_import_cancelled)
        self.cancel_import.hide()
        self.compare_button = button("与上次抽取比较", self.compare)
        self.more_button = button("更多", self._open_more, "chevron-down")
        self.list_only: list[QWidget] = [
            self.compare_button,
            self.template_button,
            self.import_button,
            self.more_button,
        ]
        for each in (*self.list_only, self.cancel_import):
            self.add_action(each)
        self.set_primary(primary_button(self.directory.add_words, self.add, "plus"))

    def _add_body(self) -> None:
        self.stack = QStackedWidget()
        listing = QWidget()
        across = QHBoxLayout(listing)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(12)
        left = QVBoxLayout()
        left.setSpacing(10)
        self.views = SavedViews(self.directory.kind, self.context.store, self.filters, self.table)
        self.filters.add_right(self.views)
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
        self.table.loaded.connect(self._on_loaded)
        self.table.export_requested.connect(self.ask_export)
        self.table.add_action("编辑", "edit", self._edit_first)
        self.table.add_action("成批修改…", "edit", self.change_many)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self.table)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self.paste)
        self.detail.closed.connect(self._on_detail_closed)
        if isinstance(self.table.empty, EmptyState):
            self.table.empty.manual_requested.connect(self.context.open_manual)

    # -- what each directory does its own way --------------------------------

    def show_detail(self, row_id: int) -> None:
        """Fetch one row and fill the pane."""

    # -- listing -------------------------------------------------------------

    def reload(self) -> None:
        """Ask the list again with what search box and filters say."""
        self.table.show_query(self.filters.search, self.filters.chosen)

    def on_changed(self, kinds: frozenset[str]) -> None:
        """Refresh when rows of this directory or what is shown beside them changed."""
        if kinds & {self.directory.subject, "draw", "assignment", "result", "inspection"}:
            self.refresh()

    def open_at(self, where: object) -> None:
        """``where``: the id of a row, ``TheseRows`` to list no others, or "import"."""
        if where == "import":
            self.start_import()
        elif isinstance(where, TheseRows):
            self.filters.show_only(where.ids, where.words)
        elif isinstance(where, int):
            self._want_pane(True)
            if not self.table.select_id(where):
                self._wanted = where
                self._show_alone(where)

    def _show_alone(self, row_id: int) -> None:
        """Its facts without its line: the filters hide it, or the list is still on its way."""
        self.show_detail(row_id)
        self.detail.show()

    def _on_loaded(self, _count: int) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is not None and not self.table.select_id(wanted):
            self._show_alone(wanted)

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

    def add(self) -> None:
        """Open an empty form."""
        self._open_form(f"新增{self.directory.noun}", None, self.editing.blank())

    def edit(self, row_id: int) -> None:
        """Fetch one row and open its form."""

        def opened(facts: Any | None) -> None:
            if facts is not None:
                self._open_form(f"修改{self.directory.noun}", row_id, facts)

        query(self, lambda: self.editing.find(row_id)).key("edit").success(
            opened
        ).run_in_background()

    def _edit_first(self, ids: list[int]) -> None:
        if ids:
            self.edit(ids[0])

    def _open_form(self, title: str, row_id: int | None, facts: Any) -> None:
        editing = self.editing
        self.form = FormDialog(
            self,
            title,
            editing.fields,
            facts,
            save=lambda typed: editing.save(row_id, typed),
            check=editing.check,
            groups=editing.groups,
        )
        self.open_form(self.form, self._on_saved)

    def _on_saved(self, saved: Saved) -> None:
        if not saved.changes:
            self.said("没有改动")
        elif saved.before is None:
            self.said("已保存")
        else:
            self.said("已保存", lambda: self._put_back(saved.id, saved.before))
        self.refresh()

    def _put_back(self, row_id: int, before: object) -> None:
        operation(self, lambda: self.editing.save(row_id, before)).success(
            lambda _saved: self.said("已改回原来的内容")
        ).run_in_background()

    # -- several rows ----------------------------------------------------------

    def set_state(self, state: str, ids: Sequence[int]) -> None:
        """Put rows into a state; the toast offers the way back."""
        wanted = tuple(ids)
        operation(self, lambda: self.editing.set_state(state, wanted)).success(
            lambda done: self._on_state_set(done, state)
        ).run_in_background()

    def _on_state_set(self, done: StateSet, state: str) -> None:
        words = f"{done.count} {self.directory.unit}已标为{self.editing.states[state]}"
        former = {self.editing.state_of(value) for _, value in done.before}
        if len(former) != 1:
            self.said(words)
            return
        back, ids = former.pop(), [row_id for row_id, _ in done.before]
        self.said(words, lambda: self.set_state(back, ids))

    def change_many(self, ids: Sequence[int]) -> None:
        """Open 成批修改 for the selected rows."""
        if ids:
            self.bulk = BulkEditDialog(self, self.workspace, self.directory.subject, tuple(ids))
            self.bulk.changed.connect(self._on_changed_many)
            self.bulk.open()

    def _on_changed_many(self, done: ChangedMany) -> None:
        self.said(f"已修改 {done.count} {self.directory.unit}", lambda: self._undo_many(done))

    def _undo_many(self, done: ChangedMany) -> None:
        operation(self, lambda: self.workspace.write(bulk_editing.put_back, done)).success(
            lambda count: self.said(f"{count} {self.directory.unit}已改回原来的内容")
        ).run_in_background()

    def paste(self) -> None:
        """Rows from the clipboard go through the same preview as a file."""
        text = QGuiApplication.clipboard().text()
        titles = [column.title for column in self.table.visible_columns()]

        def write() -> Path:
            return pasting.keep(PasteRows(self.directory.kind, text, tuple(titles)))

        operation(self, write).key("paste").success(self._on_pasted).run_in_background()

    def _on_pasted(self, path: Path) -> None:
        self.start_import()
        if self.sequence is not None:
            self.sequence.read(path)

    # -- past and rounds -------------------------------------------------------

    def more_actions(self) -> list[tuple[str, str, Callable[[], object]]]:
        """(words, icon, what it does) of 更多; a page adds its own."""
        return [
            ("某一天的名录…", "calendar", self.look_back),
            ("名录更新与审核…", "document-check", self.open_rounds),
            ("从剪贴板粘贴…", "clipboard", self.paste),
        ]

    def more_menu(self) -> QMenu:
        """What is done now and then."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, icon_name, act in self.more_actions():
            menu.addAction(icon(icon_name), words).triggered.connect(lambda _on=False, do=act: do())
        return menu

    def _open_more(self) -> None:
        below = self.more_button.rect().bottomLeft()
        self.more_menu().popup(self.more_button.mapToGlobal(below))

    def compare(self) -> None:
        """与上次抽取比较, or any two moments."""
        self.comparing = CompareDialog(self, self.workspace, self.directory.subject)
        self.comparing.open()

    def look_back(self) -> None:
        """The directory as it was on a day."""
        self.looking = PastDialog(self, self.workspace, self.directory.subject)
        self.looking.open()

    def open_rounds(self) -> None:
        """The rounds of updating and review."""
        self.rounds = RoundsDialog(self, self.workspace)
        self.rounds.open()

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
        self.export_table(self.table, KINDS[self.directory.kind], ids, keys)

    def export_table(
        self, table: RecordTable, title: str, ids: Sequence[int], keys: list[str]
    ) -> None:
        """The same for any list of the page."""
        path = ask_workbook(self, "导出到哪里", f"{title}-{date.today():%Y%m%d}.xlsx")
        if path is not None:
            self.export_to(path, table, title, ids, keys)

    def export_to(
        self, path: Path, table: RecordTable, title: str, ids: Sequence[int], keys: list[str]
    ) -> None:
        """Write these lines and columns there."""
        columns = [column for column in table.visible_columns() if column.key in keys]

        def write(progress: Progress) -> Path:
            rows = workbooks.read_all(
                ids,
                table.model.fetch_rows,
                lambda row: [plain_value(column.read(row)) for column in columns],
                progress.report,
            )
            titles = tuple(list_column(column) for column in columns)
            command = ExportList(path, title, titles, rows)
            return workbooks.export_list(command, progress.report)

        long_operation(self, write).progress("正在导出").success(
            self._on_written
        ).run_in_background()

    def _on_written(self, path: Path) -> None:
        self.context.toast(f"已写成：{path.name}", "打开", partial(open_file, path))


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


_ACTIONS = {
    "save": "修改",
    "state": "改状态",
    "import": "导入",
    "undo": "撤销导入",
    "bulk": "成批修改",
    "classify": "调整分类",
}


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


def left(widget: QWidget) -> QWidget:
    """A button at the left of its own line, as wide as its words."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(widget)
    row.addStretch(1)
    return holder
