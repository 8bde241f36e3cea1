"""系统 → 收到的文件: everything that came in, what it changed, and the file itself again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.db.read import attachments, received
from app.db.read.attachments import AttachedFile
from app.db.read.query import Sort
from app.db.read.received import FileRow, ReceivedFile
from app.domain.received import FileKind
from app.services.intake import merging
from app.services.intake.merging import UndoMerge
from app.services.intake.receiving import OWNER
from app.ui.dialogs.files import open_attachment
from app.ui.dialogs.frame import FrameDialog
from app.ui.dialogs.messages import confirm_danger
from app.ui.tables import Column, ColumnKind, PlainTable, ReadSource, RecordTable
from app.ui.tasks import operation, query
from app.ui.theme import Tone
from app.ui.widgets import (
    EmptyState,
    FactGrid,
    Filter,
    FilterRow,
    PageContext,
    button,
    label,
    primary_button,
)

__all__ = ["ReceivedDialog", "ReceivedPart"]

_FILES = (
    Column(
        "at",
        "收到",
        ColumnKind.DATE,
        width=140,
        value=lambda row: f"{row.at.astimezone():%Y-%m-%d %H:%M}",
    ),
    Column("kind", "是什么", width=130, value=lambda row: row.kind.label, sort=None),
    Column("file_name", "文件", width=230, stretch=True, sort=None),
    Column("source", "来自", width=140, sort=None),
    Column("document_no", "来文编号", width=136, sort=None),
    Column(
        "did",
        "改动",
        width=216,
        value=lambda row: row.did,
        tone=lambda row: Tone.WARN if row.undone else Tone.NORMAL,
        sort=None,
    ),
    Column("by", "经办人", width=80, sort=None),
    Column(
        "sha256", "摘要", ColumnKind.CODE, width=90, value=lambda row: row.sha256[:8], sort=None
    ),
)
_ROWS = (
    Column("change", "改动", width=60),
    Column("what", "哪一条", width=280, stretch=True),
    Column("detail", "内容", width=280, stretch=True),
)


class ReceivedPart(QWidget):
    """The register; a double click shows one file with its rows."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self.workspace = context.workspace
        self.dialog: ReceivedDialog | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(
            label(
                "每个导入的文件都按原样留存，不能删改；双击一行看它改动了哪些记录，或打开原件。",
                "small",
            )
        )
        kinds = tuple((each.value, each.label) for each in FileKind)
        self.filters = FilterRow([Filter("kind", "是什么", kinds)], hint="文件 / 来自 / 文号")
        self.filters.changed.connect(self._reload)
        column.addWidget(self.filters)
        self.table = RecordTable(
            _FILES,
            name="received",
            unit="个文件",
            store=context.store,
            empty=EmptyState("还没有收到过文件。", icon_name="download"),
            first_sort=Sort("at", descending=True),
            frozen=False,
        )
        read = self.workspace.read
        self.table.set_source(
            ReadSource(
                lambda query: read(received.ids, query), lambda ids: read(received.rows, ids)
            )
        )
        self.table.row_activated.connect(self.open_file)
        column.addWidget(self.table, 1)

    def refresh(self) -> None:
        """Fetch and show."""
        self._reload()

    def _reload(self) -> None:
        self.table.show_query(self.filters.search, self.filters.chosen)

    def open_file(self, row: ReceivedFile) -> None:
        """Show one file with its rows."""
        self.dialog = ReceivedDialog(self, self.context, row)
        self.dialog.changed.connect(self._reload)
        self.dialog.open()


@dataclass(frozen=True, slots=True)
class _Looked:
    file: ReceivedFile
    rows: tuple[FileRow, ...]
    kept: tuple[AttachedFile, ...]


class ReceivedDialog(FrameDialog):
    """One file: whose it is, its hash, what it changed; the original, and taking back a merge."""

    changed = Signal()

    def __init__(self, parent: QWidget, context: PageContext, row: ReceivedFile) -> None:
        super().__init__(parent, f"收到的文件：{row.file_name}", 900, 600)
        self._context, self._workspace = context, context.workspace
        self._looked: _Looked | None = None
        self.facts = FactGrid(96)
        self.body.addWidget(self.facts)
        self.words = label("", "section")
        self.body.addWidget(self.words)
        self.table = PlainTable(
            _ROWS, name="received-rows", empty=EmptyState("没有改动记录。", icon_name="check")
        )
        self.table.row_activated.connect(self._on_row)
        self.body.addWidget(self.table, 1)
        self.open_button = button("打开原件", self._on_open, "folder")
        self.undo_button = button("撤销这次合并…", self._on_undo, "undo")
        self.undo_button.hide()
        self.foot.addWidget(self.open_button)
        self.foot.addWidget(self.undo_button)
        self.foot.addStretch(1)
        self.foot.addWidget(label("双击一行到那条记录", "small"))
        self.foot.addWidget(primary_button("关闭", self.accept))
        self._fetch(row.id)

    def _fetch(self, ident: int) -> None:
        read = self._workspace.read

        def look() -> _Looked | None:
            file = read(received.file, ident)
            if file is None:
                return None
            kept = read(attachments.of_owner, OWNER, ident) if file.kept else ()
            return _Looked(file, read(received.rows_of, file), kept)

        query(self, look).key("file").success(self._show).failure(
            self.show_failure
        ).run_in_background()

    def _show(self, looked: _Looked | None) -> None:
        if looked is None:
            return
        self._looked = looked
        file = looked.file
        taken = f"{file.at.astimezone():%Y-%m-%d %H:%M}，{file.by}"
        facts = [
            ("是什么", file.kind.label),
            ("收到", taken),
            ("来自", file.source),
            ("来文编号", file.document_no),
            ("关于", file.subject),
            ("SHA-256", file.sha256),
            ("改动", file.did),
        ]
        if file.undone_at is not None and file.undone_by:
            when = f"{file.undone_at.astimezone():%Y-%m-%d %H:%M}"
            facts.append(("撤销", f"{when}，{file.undone_by}"))
        self.facts.show_facts([pair for pair in facts if pair[1]])
        self.words.setText(f"改动的记录　共 {len(looked.rows)} 条")
        self.table.set_rows(looked.rows)
        self.open_button.setEnabled(bool(looked.kept))
        self.open_button.setToolTip("" if looked.kept else "那时还没有留存原件")
        self.undo_button.setVisible(file.may_be_undone)

    def _on_row(self, row: FileRow) -> None:
        if row.page:
            self.accept()
            self._context.go_to(row.page, row.where or None)

    def _on_open(self) -> None:
        if self._looked is not None and self._looked.kept:
            open_attachment(self, self._workspace, self._looked.kept[0])

    def _on_undo(self) -> None:
        if self._looked is not None:
            ask_undo(self, self._context, self._looked.file.id, self._looked.file.file_name,
                     self._on_undone)  # fmt: skip

    def _on_undone(self) -> None:
        self.changed.emit()
        if self._looked is not None:
            self._fetch(self._looked.file.id)


def ask_undo(
    parent: FrameDialog,
    context: PageContext,
    file_id: int,
    name: str,
    then: Callable[[], object],
) -> None:
    """Take a merge back, after asking; why not is said in the dialog."""
    if not confirm_danger(
        parent,
        "撤销这次合并",
        "合并进来的结果将删去，改过的改回原样；文件和撤销都留在登记里。",
        object_name=name,
        action="撤销合并",
    ):
        return
    write = context.workspace.write

    def told(count: int) -> None:
        context.toast(f"已撤销合并，涉及 {count} 家")
        then()

    operation(parent, lambda: write(merging.undo, UndoMerge(file_id))).key("undo").success(
        told
    ).failure(parent.show_failure).run_in_background()
