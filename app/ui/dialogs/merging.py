"""合并填报表或结果包: choose the file, look at every task, decide conflicts, write, take back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.domain.result_form import Difference
from app.errors import AppError
from app.services.intake import merging
from app.services.intake.merging import (
    Merged,
    MergeFate,
    MergePreview,
    MergeResults,
    MergeRow,
    Prefer,
)
from app.ui.dialogs.files import ask_workbook
from app.ui.dialogs.frame import FrameDialog
from app.ui.pages.system_received import ask_undo
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import operation, query
from app.ui.theme import Tone
from app.ui.widgets import (
    EmptyState,
    PageContext,
    Segments,
    button,
    label,
    primary_button,
    small_button,
)

__all__ = ["MergeDialog"]

_KINDS = "填报表、结果包 (*.xlsx *.xls *.et *.zip);;所有文件 (*)"
_TONES = {
    MergeFate.NEW: Tone.OK,
    MergeFate.CHANGED: Tone.ACCENT,
    MergeFate.CONFLICT: Tone.WARN,
    MergeFate.LOCKED: Tone.WARN,
    MergeFate.REJECTED: Tone.DANGER,
}
_ROWS = (
    Column("place", "在文件里", width=110, value=lambda row: row.offer.place),
    Column("serial", "序号", ColumnKind.CODE, width=100, value=lambda row: row.offer.serial),
    Column("name", "检查对象", width=200, stretch=True),
    Column(
        "fate",
        "去向",
        ColumnKind.CHIP,
        width=76,
        value=lambda row: row.fate.label,
        tone=lambda row: _TONES.get(row.fate, Tone.NORMAL),
    ),
    Column("reason", "说明", width=300, stretch=True),
)
_FIELDS = (
    Column("label", "内容", width=150),
    Column("ours_words", "本机", width=150, stretch=True),
    Column("theirs_words", "文件里", width=150, stretch=True),
    Column(
        "conflict",
        "",
        ColumnKind.CHIP,
        width=64,
        value=lambda row: "冲突" if row.conflict else "",
        tone=lambda row: Tone.WARN if row.conflict else Tone.NORMAL,
    ),
)
_VIEWS = (("all", "全部"), ("written", "要写入"), ("conflict", "有冲突"), ("back", "要退回"))


class MergeDialog(FrameDialog):
    """``merged`` once it is written or taken back: what is shown behind changed."""

    merged = Signal()

    def __init__(self, parent: QWidget, context: PageContext) -> None:
        super().__init__(parent, "合并填报表或结果包", 1120, 660)
        self._context, self._workspace = context, context.workspace
        self._command: MergeResults | None = None
        self._seen: MergePreview | None = None
        self._done: Merged | None = None
        self.body.addLayout(self._file_row())
        self.counts = label("", "section")
        self.notes = label("", "secondary", wrap=True)
        self.body.addWidget(self.counts)
        self.body.addWidget(self.notes)
        self.body.addWidget(self._choices())
        self.body.addWidget(self._tables(), 1)
        self._build_foot()
        self._show_nothing()

    def _file_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label("文件"))
        self.file = QLineEdit()
        self.file.setReadOnly(True)
        self.file.setAccessibleName("文件")
        self.file.setPlaceholderText("检查组交回的填报表（xlsx），或中队电脑上导出的结果包（zip）")
        row.addWidget(self.file, 1)
        self.choose_button = button("选择文件…", self.ask_file, "folder")
        row.addWidget(self.choose_button)
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setPlaceholderText("口令（加了口令的包）")
        self.passphrase.setAccessibleName("口令")
        self.passphrase.setFixedWidth(190)
        self.passphrase.returnPressed.connect(self._on_passphrase)
        self.passphrase.hide()
        row.addWidget(self.passphrase)
        self.unlock_button = button("打开", self._on_passphrase)
        self.unlock_button.hide()
        row.addWidget(self.unlock_button)
        return row

    def _choices(self) -> QWidget:
        self.choices = QWidget()
        row = QHBoxLayout(self.choices)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        self.views = Segments(_VIEWS)
        self.views.choose("all")
        self.views.chosen.connect(lambda _key: self._show_rows())
        row.addWidget(self.views)
        row.addStretch(1)
        self.usual_words = label("两边都改过的", "secondary")
        row.addWidget(self.usual_words)
        self.usual = QComboBox()
        self.usual.setAccessibleName("两边都改过的")
        self.usual.addItem("逐家选", None)
        for side in Prefer:
            self.usual.addItem(f"都{side.label}", side)
        self.usual.activated.connect(lambda _at: self._on_usual())
        row.addWidget(self.usual)
        self.submit = QCheckBox("填全的直接提交复核")
        self.submit.setChecked(True)
        self.submit.toggled.connect(self._on_submit)
        row.addWidget(self.submit)
        return self.choices

    def _tables(self) -> QSplitter:
        self.table = PlainTable(
            _ROWS,
            name="merge",
            unit="家",
            empty=EmptyState("先选择要合并的文件。写入之前都可以取消。", icon_name="upload"),
        )
        self.table.current_changed.connect(self._on_current)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.addWidget(self.table)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(6)
        head = QHBoxLayout()
        self.one = label("", "strong", wrap=True)
        head.addWidget(self.one, 1)
        self.ours_button = small_button(Prefer.OURS.label, lambda: self._decide(Prefer.OURS))
        self.theirs_button = small_button(Prefer.THEIRS.label, lambda: self._decide(Prefer.THEIRS))
        self.leave_button = small_button("这家不合并", self._on_leave)
        for each in (self.ours_button, self.theirs_button, self.leave_button):
            head.addWidget(each)
        column.addLayout(head)
        self.fields = PlainTable(_FIELDS, name="merge-fields", empty=EmptyState("没有不同。"))
        column.addWidget(self.fields, 1)
        self.splitter.addWidget(below)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        self.below = below
        return self.splitter

    def _build_foot(self) -> None:
        self.back_button = button("导出退回的…", self.ask_back, "download")
        self.undo_button = button("撤销这次合并…", self._on_undo, "undo")
        self.foot.addWidget(self.back_button)
        self.foot.addWidget(self.undo_button)
        self.foot.addStretch(1)
        self.why = label("", "small")
        self.foot.addWidget(self.why)
        self.cancel_button = button("取消", self.reject)
        self.foot.addWidget(self.cancel_button)
        self.merge_button = primary_button("合并", self.write)
        self.foot.addWidget(self.merge_button)

    # -- choosing and previewing ---------------------------------------------

    def ask_file(self) -> None:
        """Ask which file, then read it."""
        chosen, _kind = QFileDialog.getOpenFileName(self, "选择填报表或结果包", "", _KINDS)
        if chosen:
            self.read(Path(chosen))

    def read(self, path: Path) -> None:
        """Read a file and show what would happen to every task."""
        self.file.setText(str(path))
        for each in (self.passphrase, self.unlock_button):
            each.setVisible(path.suffix.lower() == ".zip")
        today = self._workspace.clock().astimezone().date()
        self._done = None
        self._preview(
            MergeResults(
                path=path,
                passphrase=self.passphrase.text(),
                submit=self.submit.isChecked(),
                usual=self.usual.currentData(),
                today=today,
            )
        )

    def _on_passphrase(self) -> None:
        if self._command is not None:
            self._preview(replace(self._command, passphrase=self.passphrase.text()))

    def _preview(self, command: MergeResults) -> None:
        self._command = command
        read = self._workspace.read
        self.merge_button.setEnabled(False)
        query(self, lambda: read(merging.preview, command)).key("merge").success(
            self._on_seen
        ).failure(self._on_failed).run_in_background()

    def _on_failed(self, error: AppError) -> None:
        self._seen = None
        self._show_nothing()
        self.show_failure(error)
        if self.passphrase.isVisibleTo(self):
            self.passphrase.setFocus()

    def _on_seen(self, seen: MergePreview) -> None:
        if self._command is not seen.command:
            return
        self.banner.hide()
        self._seen = seen
        counts = seen.counts
        parts = (
            (counts.new, "新增"),
            (counts.updated, "更新"),
            (counts.unchanged, "不变"),
            (counts.conflicts, "有冲突"),
            (counts.locked, "已锁定"),
            (counts.rejected - counts.conflicts - counts.locked, "退回"),
            (counts.skipped, "没有填"),
        )
        said = "　".join(f"{words} {number}" for number, words in parts if number)
        whose = f"{seen.offered.source}　" if seen.offered.source else ""
        self.counts.setText(f"{whose}共 {counts.rows} 家：{said}")
        self.counts.show()
        self.notes.setText("\n".join(seen.notes))
        self.notes.setVisible(bool(seen.notes))
        self.choices.show()
        clashing = any(row.conflicts for row in seen.rows)
        self.usual_words.setVisible(clashing)
        self.usual.setVisible(clashing)
        self._show_rows()
        self._allow(seen)

    def _show_nothing(self) -> None:
        for each in (self.counts, self.notes, self.choices, self.below):
            each.hide()
        for foot in (self.back_button, self.undo_button):
            foot.hide()
        self.table.set_rows([])
        self.merge_button.setText("合并")
        self.merge_button.setEnabled(False)
        self.why.setText("")

    def _allow(self, seen: MergePreview) -> None:
        number = seen.counts.new + seen.counts.updated
        why = ""
        if seen.counts.conflicts:
            why = f"先选 {seen.counts.conflicts} 家有冲突的用哪边"
        elif not number:
            why = "没有可以写入的"
        back = len(seen.to_give_back)
        self.back_button.setText(f"导出退回的 {back} 家…")
        self.back_button.setVisible(back > 0)
        self.why.setText(why)
        self.merge_button.setText(f"合并 {number} 家")
        self.merge_button.setEnabled(not why)

    def _show_rows(self) -> None:
        if self._seen is None:
            return
        current = self.table.current_row()
        view = self.views.key
        wanted = [row for row in self._seen.rows if _in_view(row, view, self._seen)]
        self.table.set_rows(wanted)
        held = current.id if current is not None else 0
        at = next((n for n, row in enumerate(wanted) if row.id == held), None)
        if at is None:
            at = next((n for n, row in enumerate(wanted) if row.fate is MergeFate.CONFLICT), None)
        self._on_current(wanted[at] if at is not None else None)
        if at is not None:
            self.table.grid.select_line(at)

    # -- one task ------------------------------------------------------------

    def _on_current(self, row: MergeRow | None) -> None:
        shown = row is not None and bool(row.differences or row.missing)
        self.below.setVisible(shown)
        if row is None or not shown:
            return
        words = f"{row.offer.serial}　{row.name}"
        if row.missing:
            words += "\n还差：" + " ".join(row.missing)
        self.one.setText(words)
        self.fields.set_rows(_shown(row))
        open_ = self._done is None and row.offer.form is not None
        for each in (self.ours_button, self.theirs_button):
            each.setVisible(open_ and bool(row.conflicts))
        left = self._command is not None and row.id in self._command.left_out
        self.leave_button.setText("还是合并" if left else "这家不合并")
        self.leave_button.setVisible(open_ and (left or row.written or bool(row.conflicts)))

    def _decide(self, side: Prefer) -> None:
        row, command = self.table.current_row(), self._command
        if row is not None and command is not None:
            self._preview(replace(command, sides={**command.sides, row.id: side}))

    def _on_leave(self) -> None:
        row, command = self.table.current_row(), self._command
        if row is not None and command is not None:
            self._preview(replace(command, left_out=command.left_out ^ {row.id}))

    def _on_usual(self) -> None:
        if self._command is not None:
            self._preview(replace(self._command, usual=self.usual.currentData(), sides={}))

    def _on_submit(self, on: bool) -> None:
        if self._command is not None and self._done is None:
            self._preview(replace(self._command, submit=on))

    # -- writing -------------------------------------------------------------

    def write(self) -> None:
        """Write what is shown; once written the button closes the dialog."""
        seen = self._seen
        if self._done is not None or seen is None:
            self.accept()
            return
        command = replace(seen.command, sha256=seen.sha256)
        write = self._workspace.write
        self.merge_button.setEnabled(False)
        operation(self, lambda: write(merging.apply, command)).key("write").progress(
            "正在合并检查结果"
        ).success(self._on_written).failure(self._on_write_failed).run_in_background()

    def _on_write_failed(self, error: AppError) -> None:
        self.show_failure(error)
        self.merge_button.setEnabled(True)

    def _on_written(self, done: Merged) -> None:
        self._done = done
        counts = done.counts
        self.tell(
            f"已合并 {counts.new + counts.updated} 家：提交复核 {counts.submitted} 家，"
            f"存为草稿 {counts.drafts} 家。文件已留存，登记在“系统 → 收到的文件”。",
            Tone.OK,
        )
        self.choices.hide()
        self.choose_button.setEnabled(False)
        self.undo_button.show()
        self.cancel_button.hide()
        self.why.setText("")
        self.merge_button.setText("完成")
        self.merge_button.setEnabled(True)
        self._on_current(self.table.current_row())
        self.merged.emit()

    def _on_undo(self) -> None:
        if self._done is not None:
            name = self._seen.command.path.name if self._seen else ""
            ask_undo(self, self._context, self._done.file_id, name, self._on_undone)

    def _on_undone(self) -> None:
        self.undo_button.hide()
        self.tell("已撤销，回到合并之前。", Tone.OK)
        self.merged.emit()

    # -- what comes back -----------------------------------------------------

    def ask_back(self) -> None:
        """Ask where, then write what comes back with the reasons."""
        seen = self._seen
        if seen is None:
            return
        name = f"{seen.command.path.stem}-退回.xlsx"
        path = ask_workbook(self, "退回的存到哪里", name)
        if path is not None:
            self.give_back(path)

    def give_back(self, path: Path) -> None:
        """Write what comes back to ``path``."""
        seen, read = self._seen, self._workspace.read
        if seen is None:
            return
        operation(
            self, lambda: read(lambda connection: merging.write_back(path, connection, seen))
        ).key("back").success(lambda _none: self._context.toast(f"已写成：{path.name}")).failure(
            self.show_failure
        ).run_in_background()


def _in_view(row: MergeRow, view: object, seen: MergePreview) -> bool:
    match view:
        case "written":
            return row.written
        case "conflict":
            return bool(row.conflicts)
        case "back":
            return row in seen.to_give_back
    return True


def _shown(row: MergeRow) -> list[Difference]:
    """Conflicts first."""
    return sorted(row.differences, key=lambda each: not each.conflict)
