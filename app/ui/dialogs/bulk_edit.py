"""成批修改: one field of the selected rows, seen before it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from app.domain.fields import Field, FieldKind, FieldValue
from app.services.directories import bulk_editing
from app.services.directories.bulk_editing import ChangedLine, ChangedMany, ChangeMany
from app.ui.dialogs.frame import FrameDialog
from app.ui.tables import Column, PlainTable
from app.ui.tasks import Progress, long_query, operation
from app.ui.widgets import BusyRow, FieldEditor, button, clear_layout, label, primary_button

if TYPE_CHECKING:
    from app.services.workspace import Workspace

_MODES = (("add", "加上"), ("remove", "去掉"), ("set", "改为"))
_COLUMNS = (
    Column("name", "名称", width=220, stretch=True),
    Column("before", "现在", width=190),
    Column("after", "改后", width=190),
)
_MOST_SHOWN = 2000
_LOOKING = "正在预览成批修改"


class BulkEditDialog(FrameDialog):
    """Which field, how, to what; the rows that would change; one button."""

    changed = Signal(object)

    def __init__(
        self, parent: QWidget, workspace: Workspace, kind: str, ids: tuple[int, ...]
    ) -> None:
        super().__init__(parent, f"成批修改（已选 {len(ids)} 条）", 760, 560)
        self._workspace = workspace
        self._kind = kind
        self._ids = ids
        self._fields = bulk_editing.fields_for(kind, workspace.rulebook)
        self.field = QComboBox()
        for each in self._fields:
            self.field.addItem(each.label, each.name)
        self.mode = QComboBox()
        self._value_row = QHBoxLayout()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label("把"))
        row.addWidget(self.field)
        row.addWidget(self.mode)
        row.addLayout(self._value_row, 1)
        self.body.addLayout(row)
        self.summary = label("", "secondary")
        self.body.addWidget(self.summary)
        self.busy = BusyRow(_LOOKING)
        self.body.addWidget(self.busy)
        self.table = PlainTable(_COLUMNS, name="bulk", unit="条")
        self.body.addWidget(self.table, 1)
        self.foot.addStretch(1)
        self.foot.addWidget(button("取消", self.reject))
        self.apply_button = primary_button("修改", self.submit)
        self.foot.addWidget(self.apply_button)
        self.field.currentIndexChanged.connect(lambda _at: self._on_field())
        self.mode.currentIndexChanged.connect(lambda _at: self.look())
        self.editor: FieldEditor
        self._on_field()

    @property
    def _chosen(self) -> Field:
        return self._fields[self.field.currentIndex()]

    def _on_field(self) -> None:
        chosen = self._chosen
        self.mode.blockSignals(True)
        self.mode.clear()
        for value, words in _MODES if chosen.kind is FieldKind.LIST else _MODES[-1:]:
            self.mode.addItem(words, value)
        self.mode.blockSignals(False)
        clear_layout(self._value_row)
        self.editor = FieldEditor(chosen, self)
        if chosen.choices and chosen.kind in {FieldKind.LIST, FieldKind.TEXT}:
            self.editor.control.setToolTip("、".join(each.label for each in chosen.choices))
        self._value_row.addWidget(self.editor.control, 1)
        self.editor.edited.connect(self.look)
        self.look()

    def _command(self) -> ChangeMany:
        value: FieldValue = self.editor.value()
        mode = str(self.mode.currentData())
        return ChangeMany(self._kind, self._ids, self._chosen.name, mode, value)

    def look(self) -> None:
        """Ask which rows would change."""
        command = self._command()
        self.apply_button.setEnabled(False)  # until the look says what would change

        def work(progress: Progress) -> tuple[ChangedLine, ...]:
            return self._workspace.read(bulk_editing.preview, command, progress.report)

        long_query(self, work).key("look").progress(_LOOKING).success(self._show).failure(
            self.show_failure
        ).run_in_background()

    def _show(self, lines: tuple[ChangedLine, ...]) -> None:
        self.banner.hide()
        more = f"，下面列出前 {_MOST_SHOWN} 条" if len(lines) > _MOST_SHOWN else ""
        self.summary.setText(
            f"将修改 {len(lines)} 条，其余 {len(self._ids) - len(lines)} 条不变{more}。"
        )
        self.table.set_rows(lines[:_MOST_SHOWN])
        self.apply_button.setEnabled(bool(lines))
        self.apply_button.setText(f"修改 {len(lines)} 条")

    def submit(self) -> None:
        """Write it as one change."""
        command = self._command()
        operation(self, lambda: self._workspace.write(bulk_editing.change, command)).key(
            "change"
        ).success(self._on_changed).failure(self.show_failure).run_in_background()

    def _on_changed(self, done: ChangedMany) -> None:
        self.changed.emit(done)
        self.accept()
