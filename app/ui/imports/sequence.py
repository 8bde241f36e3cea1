"""The five steps of an import and what moves between them.

Nothing is written before step 4's button; until then every answer comes from
``importing.preview`` and going back costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from app.errors import AppError
from app.services import importing, undoing_import
from app.services.directory import category_choices, general_category
from app.services.importing import (
    ApplyImport,
    ImportOutcome,
    ImportPreview,
    PreviewImport,
    SourceFile,
)
from app.services.undoing_import import UndoImport
from app.ui.dialogs.messages import confirm_danger
from app.ui.imports.columns_step import ColumnsStep
from app.ui.imports.confirm_step import ConfirmStep, DoneStep
from app.ui.imports.file_step import FileStep
from app.ui.imports.rows_step import RowsStep
from app.ui.tasks import Progress, Task, TaskRunner, long_operation, operation
from app.ui.theme import Tone
from app.ui.widgets import GuidedSequence, button, clear_layout, hairline, label

if TYPE_CHECKING:
    from app.services.workspace import Workspace

FILE, COLUMNS, ROWS, CONFIRM, DONE = range(5)
_TITLES = ("选文件", "对应列", "每行去向", "写入前确认", "完成")


class ImportSequence(QWidget):
    """Guides one import; ``finished`` carries what was written."""

    stepped = Signal(str)
    finished = Signal(object)

    def __init__(self, workspace: Workspace, kind: str) -> None:
        super().__init__()
        self.workspace = workspace
        self.kind = kind
        self._command: PreviewImport | None = None
        self._seen: ImportPreview | None = None
        self._outcome: ImportOutcome | None = None
        self._watching: TaskRunner | None = None
        self._report: Callable[[int, int, str], None] = _nowhere
        rulebook = workspace.rulebook
        self._general = general_category(rulebook)
        self.guide = GuidedSequence(_TITLES)
        self.file_step = FileStep()
        self.columns_step = ColumnsStep(
            importing.fields_for(kind, rulebook), category_choices(rulebook)
        )
        self.rows_step = RowsStep()
        self.confirm_step = ConfirmStep()
        self.done_step = DoneStep(self.ask_errors, self.ask_undo)
        for step in (
            self.file_step,
            self.columns_step,
            self.rows_step,
            self.confirm_step,
            self.done_step,
        ):
            self.guide.add_page(step)
        self.errors_button = button("导出退回的行…", self.ask_errors, "download")
        self.guide.foot.insertWidget(0, self.errors_button)
        self._add_source_words()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.guide)
        self._connect()
        self.restart()

    def _add_source_words(self) -> None:
        self.source_card = QWidget()
        outer = QVBoxLayout(self.source_card)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(hairline())
        self.source_words = QVBoxLayout()
        self.source_words.setContentsMargins(14, 8, 10, 8)
        self.source_words.setSpacing(3)
        outer.addLayout(self.source_words)
        self.guide.side.addWidget(self.source_card)

    def _connect(self) -> None:
        self.guide.next_requested.connect(self._on_next)
        self.guide.back_requested.connect(lambda step: self._go_to(step - 1))
        self.file_step.chosen.connect(self.read)
        self.file_step.cancel.clicked.connect(self.stop)
        self.confirm_step.cancel.clicked.connect(self.stop)
        self.columns_step.field_chosen.connect(self._on_field_chosen)
        self.columns_step.header_chosen.connect(self._on_header_chosen)
        self.columns_step.category_chosen.connect(
            lambda code: self._change(lambda old: replace(old, default_category=code))
        )
        self.rows_step.skip_wanted.connect(
            lambda place: self._change(lambda old: replace(old, skip_rows=old.skip_rows | {place}))
        )
        self.rows_step.new_wanted.connect(
            lambda place: self._change(lambda old: replace(old, new_rows=old.new_rows | {place}))
        )
        self.rows_step.proposal_wanted.connect(
            lambda place: self._change(
                lambda old: replace(
                    old, skip_rows=old.skip_rows - {place}, new_rows=old.new_rows - {place}
                )
            )
        )

    # -- from outside --------------------------------------------------------

    @property
    def can_cancel(self) -> bool:
        """Whether there is something to cancel: not once it is written."""
        return self.guide.steps.current < DONE

    def restart(self) -> None:
        """Begin anew with step 1."""
        self._command = self._seen = self._outcome = None
        for number in range(len(_TITLES)):
            self.guide.steps.set_note(number, "")
        self.source_card.hide()
        self.file_step.show_idle()
        self.file_step.banner.hide()
        self._go_to(FILE)

    def stop(self) -> None:
        """Cancel what runs in the background for this import."""
        for task in TaskRunner.of_application().running:
            if task.label in _LABELS:
                task.progress.cancel()

    # -- moving --------------------------------------------------------------

    def _go_to(self, step: int) -> None:
        self.guide.go_to(step)
        self.guide.back.setVisible(0 < step < DONE)
        seen = self._seen
        rejected = seen.counts.rejected if seen else 0
        self.errors_button.setVisible(step == ROWS and rejected > 0)
        self.errors_button.setText(f"导出退回的 {rejected} 行…")
        match step:
            case _ if step == FILE:
                self.guide.allow_next(seen is not None, "先选一个文件")
            case _ if step in (COLUMNS, ROWS) and seen is not None:
                self._allow_onwards(step, seen)
            case _ if step == CONFIRM and seen is not None:
                self.confirm_step.show_preview(seen)
                count = seen.counts.new + seen.counts.updated
                self.guide.allow_next(True, text=f"写入 {count} 行")
            case _:
                self.guide.allow_next(True, text="回到名录")
        written = "已经写入" if step == DONE else "还没有写入，随时可以取消"
        self.stepped.emit(f"第 {step + 1} 步，共 {len(_TITLES)} 步 · {written}")

    def _allow_onwards(self, step: int, seen: ImportPreview) -> None:
        if step == COLUMNS:
            self.guide.allow_next(True, text="下一步：看每行去向")
            return
        count = seen.counts.new + seen.counts.updated
        self.guide.allow_next(count > 0, "没有可以写入的行", text=f"下一步：确认写入 {count} 行")

    def _on_next(self, step: int) -> None:
        if step == CONFIRM:
            self.write()
        elif step == DONE:
            self.finished.emit(self._outcome)
        else:
            self._go_to(step + 1)

    # -- reading and previewing ----------------------------------------------

    def read(self, path: Path) -> None:
        """Read a file and go to its columns."""
        self.file_step.show_reading(path)
        command = PreviewImport(kind=self.kind, path=path)
        self._preview(command, self.file_step.show_progress, then=COLUMNS)

    def _change(self, changed: Callable[[PreviewImport], PreviewImport]) -> None:
        if self._command is not None:
            self._preview(changed(self._command), _nowhere, then=self.guide.steps.current)

    def _on_field_chosen(self, sheet: int, column: int, field: str) -> None:
        def corrected(old: PreviewImport) -> PreviewImport:
            mappings = tuple(
                each.with_field(column, field or None) if each.sheet == sheet else each
                for each in old.mappings
            )
            return replace(old, mappings=mappings)

        self._change(corrected)

    def _on_header_chosen(self, sheet: int, header_row: int) -> None:
        seen = self._seen
        if seen is None:
            return
        if sheet < 0:
            self._change(lambda old: replace(old, mappings=()))
            return
        read, kind = self.workspace.read, self.kind
        source = seen.source
        row = header_row or 1
        operation(
            self,
            lambda: read(importing.map_header, kind, source, sheet, row),
        ).key("header").success(
            lambda mapping: self._change(lambda old: replace(old, mappings=(mapping,)))
        ).run_in_background()

    def _preview(
        self,
        command: PreviewImport,
        report: Callable[[int, int, str], None],
        *,
        then: int,
    ) -> None:
        read = self.workspace.read

        def work(progress: Progress) -> ImportPreview:
            return read(importing.preview, command, progress.report)

        self._watch(report)
        started = (
            long_operation(self, work)
            .key("preview")
            .progress(_LABELS[0])
            .success(lambda seen: self._on_seen(command, seen, then))
            .failure(self._on_preview_failed)
            .finally_(self._on_idle)
            .run_in_background()
        )
        if started and then != COLUMNS:
            self.guide.forward.setEnabled(False)

    def _watch(self, report: Callable[[int, int, str], None]) -> None:
        """Let the runner's reports of our own tasks reach the page as well."""
        self._report = report
        runner = TaskRunner.of_application()
        if self._watching is not runner:
            runner.progressed.connect(self._on_progressed)
            self._watching = runner

    def _on_progressed(self, task: Task) -> None:
        if task.label in _LABELS:
            self._report(task.report.done, task.report.total, task.report.text)

    def _on_seen(self, command: PreviewImport, seen: ImportPreview, then: int) -> None:
        self._seen = seen
        self._command = replace(command, source=seen.source, mappings=seen.mappings)
        self.columns_step.missing.hide()
        default = command.default_category or self._general
        self.columns_step.show_preview(seen, default)
        self.rows_step.show_preview(seen)
        self._show_source(seen)
        steps = self.guide.steps
        steps.set_note(FILE, f"{seen.counts.rows:,} 行")
        steps.set_note(COLUMNS, f"对应 {sum(1 for each in seen.columns if each.field)} 列")
        steps.set_note(ROWS, "请逐类看一遍" if then < CONFIRM else "")
        self._go_to(then)

    def _on_preview_failed(self, error: AppError) -> None:
        if self.guide.steps.current == FILE:
            self.file_step.show_failure(str(error))
            return
        self.columns_step.missing.show_message(Tone.DANGER, str(error))
        self.columns_step.missing.show()
        if self._seen is not None:  # the boxes go back to what is in force
            self.columns_step.show_preview(self._seen, self._general)

    def _on_idle(self) -> None:
        self.file_step.show_idle()
        self._go_to(self.guide.steps.current)

    def _show_source(self, seen: ImportPreview) -> None:
        clear_layout(self.source_words)
        source: SourceFile = seen.source
        sheets = "、".join(source.sheets[each.sheet] for each in seen.mappings)
        self.source_words.addWidget(label("来源文件", "small"))
        self.source_words.addWidget(label("\u200b".join(source.path.name), wrap=True))
        self.source_words.addWidget(label(f"表：{sheets}", "small", wrap=True))
        self.source_words.addWidget(label(f"内容是 {source.words}", "small", wrap=True))
        self.source_card.show()

    # -- writing -------------------------------------------------------------

    def write(self) -> None:
        """Write what the preview shows, all or nothing."""
        seen = self._seen
        if seen is None:
            return
        command = ApplyImport.of(seen)
        write = self.workspace.write

        def work(progress: Progress) -> ImportOutcome:
            return write(partial(importing.apply, watch=progress.report), command)

        self.guide.allow_next(False, "正在写入", text="正在写入…")
        self.guide.back.setVisible(False)
        self.confirm_step.show_writing(True)
        self._watch(self.confirm_step.show_progress)
        long_operation(self, work).key("write").progress(_LABELS[1]).success(
            self._on_written
        ).failure(lambda error: self.confirm_step.show_failure(str(error))).finally_(
            self._on_write_ended
        ).run_in_background()

    def _on_written(self, outcome: ImportOutcome) -> None:
        self._outcome = outcome
        self.done_step.show_outcome(outcome)
        self._go_to(DONE)

    def _on_write_ended(self) -> None:
        self.confirm_step.show_writing(False)
        if self._outcome is None:
            self.guide.back.setVisible(True)
            seen = self._seen
            count = seen.counts.new + seen.counts.updated if seen else 0
            self.guide.allow_next(True, text=f"写入 {count} 行")

    def ask_undo(self) -> None:
        """Take the whole import back after asking."""
        outcome, seen = self._outcome, self._seen
        if outcome is None or seen is None:
            return
        count = outcome.counts.new + outcome.counts.updated
        if confirm_danger(
            self,
            "撤销这次导入",
            f"新增的 {outcome.counts.new} 行将删去，更新的 {outcome.counts.updated} 行改回原样。"
            "导入和撤销都留在台账里。",
            object_name=seen.source.path.name,
            action=f"撤销 {count} 行",
        ):
            command = UndoImport(outcome.batch_id)
            operation(self, lambda: self.workspace.write(undoing_import.undo, command)).progress(
                "正在撤销导入"
            ).success(lambda _done: self.finished.emit(outcome)).run_in_background()

    # -- what came back ------------------------------------------------------

    def ask_errors(self) -> None:
        """Ask where, then write the rejected rows with their reasons."""
        seen = self._seen
        if seen is None:
            return
        name = f"{seen.source.path.stem}-退回.xlsx"
        chosen, _ = QFileDialog.getSaveFileName(self, "退回的行存到哪里", name, "Excel (*.xlsx)")
        if chosen:
            path = Path(chosen)
            operation(self, lambda: importing.write_rejected(path, seen)).progress(
                "正在写退回的行"
            ).success(
                lambda _none: self.guide.hint.setText(f"已写成：{path.name}")
            ).run_in_background()


_LABELS = ("正在读取表格", "正在写入名录")


def _nowhere(_done: int, _total: int, _words: str) -> None:
    """Corrections are quick: their progress needs no line of its own."""
