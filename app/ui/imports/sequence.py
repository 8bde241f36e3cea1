"""The five steps of an import and what moves between them.

Nothing is written before step 4's button; until then every answer comes from
``importing.preview`` and going back costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from app.db.read import received
from app.db.read.received import ReceivedFile
from app.errors import AppError
from app.services.directories.directory import category_choices, general_category
from app.services.intake import importing, undoing_import
from app.services.intake.importing import (
    ApplyImport,
    ImportOutcome,
    ImportPreview,
    OpenDirectory,
    Place,
    PreviewImport,
    Sides,
    SourceFile,
)
from app.services.intake.undoing_import import ImportUndone, PastImport, UndoImport
from app.services.packages import platforms
from app.ui.dialogs.messages import confirm_danger
from app.ui.dialogs.passphrase import ask_passphrase
from app.ui.imports.columns_step import ColumnsStep
from app.ui.imports.confirm_step import ConfirmStep, DoneStep
from app.ui.imports.file_step import DIRECTORIES, FileStep
from app.ui.imports.pace import Pace
from app.ui.imports.rows_step import RowsStep
from app.ui.imports.words import Answers
from app.ui.tasks import Progress, Task, TaskRunner, long_operation, long_query, operation, query
from app.ui.view_store import MemoryViewStore, ViewStore
from app.ui.widgets import GuidedSequence, button, clear_layout, hairline, label

if TYPE_CHECKING:
    from app.services.workspace import Workspace

FILE, COLUMNS, ROWS, CONFIRM, DONE = range(5)
_TITLES = ("选文件", "对应列", "每行去向", "写入前确认", "完成")


class ImportSequence(QWidget):
    """Guides one import; ``finished`` carries what was written."""

    stepped = Signal(str)
    finished = Signal(object)

    def __init__(self, workspace: Workspace, kind: str, store: ViewStore | None = None) -> None:
        super().__init__()
        self.workspace = workspace
        self.kind = kind
        self._store: ViewStore = store or MemoryViewStore()
        self._command: PreviewImport | None = None
        self._seen: ImportPreview | None = None
        self._outcome: ImportOutcome | None = None
        self._watching: TaskRunner | None = None
        self._report: Callable[[int, int, str], None] = _nowhere
        self._pace = Pace()
        rulebook = workspace.rulebook
        self._general = general_category(rulebook)
        self.guide = GuidedSequence(_TITLES)
        self.file_step = FileStep(kinds=DIRECTORIES)
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
        self.file_step.chosen.connect(self.read_files)
        self.file_step.undo_wanted.connect(self._on_undo_wanted)
        self.file_step.cancel.clicked.connect(self.stop)
        self.confirm_step.cancel.clicked.connect(self.stop)
        self.columns_step.field_chosen.connect(self._on_field_chosen)
        self.columns_step.header_chosen.connect(self._on_header_chosen)
        self.columns_step.category_chosen.connect(
            lambda code: self._change(lambda old: replace(old, default_category=code))
        )
        self.columns_step.library_chosen.connect(
            lambda code: self._change(lambda old: replace(old, default_library=code))
        )
        self.columns_step.words_answered.connect(self._on_words_answered)
        self.rows_step.skip_wanted.connect(
            lambda place: self._change(lambda old: replace(old, skip_rows=old.skip_rows | {place}))
        )
        self.rows_step.new_wanted.connect(
            lambda place: self._change(lambda old: replace(old, new_rows=old.new_rows | {place}))
        )
        self._connect_decisions()

    def _connect_decisions(self) -> None:
        step = self.rows_step
        step.proposal_wanted.connect(
            lambda place: self._change(lambda old: as_proposed(old, place))
        )
        step.same_wanted.connect(
            lambda place, key: self._change(
                lambda old: replace(
                    as_proposed(old, place),
                    same_rows=as_proposed(old, place).same_rows | {(place, key)},
                    sure_rows=old.sure_rows | {place},
                )
            )
        )
        step.sure_wanted.connect(
            lambda places: self._change(lambda old: replace(old, sure_rows=old.sure_rows | places))
        )
        step.side_wanted.connect(
            lambda place, field, ours: self._change(
                lambda old: replace(old, sides=one_side(old.sides, (place, field), ours=ours))
            )
        )
        step.counts.usual_wanted.connect(
            lambda side: self._change(lambda old: replace(old, sides=Sides(side)))
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
        self._show_recent()
        self._go_to(FILE)

    def _show_recent(self) -> None:
        self.file_step.show_recent_files([Path(each) for each in self._recent_files()])
        read, kind = self.workspace.read, self.kind
        query(self, lambda: read(undoing_import.recent, kind)).key("recent").success(
            self.file_step.show_recent_imports
        ).run_in_background()

    def _recent_files(self) -> list[str]:
        return [each for each in self._store.text(f"import/{self.kind}").split("|") if each]

    def _keep_recent(self, source: SourceFile) -> None:
        names = [str(path.resolve()) for path in source.paths]
        older = [each for each in self._recent_files() if each not in names]
        self._store.set_text(f"import/{self.kind}", "|".join([*names, *older][:_RECENT]))

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
            case _ if step == COLUMNS and seen is not None:
                clear = not _obstacle(seen)
                self.guide.allow_next(clear, "先照上面的提示更正", text="下一步：看每行去向")
            case _ if step == ROWS and seen is not None:
                self._allow_confirming(seen)
            case _ if step == CONFIRM and seen is not None:
                self.confirm_step.show_preview(seen)
                count = seen.counts.new + seen.counts.updated
                self.guide.allow_next(True, text=f"写入 {count} 行")
            case _:
                self.guide.allow_next(True, text="回到名录")
        written = "已经写入" if step == DONE else "还没有写入，随时可以取消"
        self.stepped.emit(f"第 {step + 1} 步，共 {len(_TITLES)} 步 · {written}")

    def _allow_confirming(self, seen: ImportPreview) -> None:
        count = seen.counts.new + seen.counts.updated
        doubts = len(self.rows_step.doubtful)
        why = "没有可以写入的行" if not count else f"先看有疑问的 {doubts} 行" if doubts else ""
        self.guide.allow_next(not why, why, text=f"下一步：确认写入 {count} 行")

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
        self.read_files((path,))

    def read_files(self, paths: Sequence[Path]) -> None:
        """Read one file, or several of one kind as one, and go to the columns."""
        more = f" 等 {len(paths)} 个文件" if len(paths) > 1 else ""
        self.file_step.show_reading(paths[0].name + more)
        kind, read = self.kind, self.workspace.read
        today = self.workspace.clock().astimezone().date()
        package = len(paths) == 1 and importing.is_package(paths[0])
        opened = OpenDirectory(kind=kind, path=paths[0], root=self.workspace.folder.root)
        if package and importing.is_locked(paths[0]):
            phrase = ask_passphrase(self, paths[0].name)
            if not phrase:
                self.file_step.show_idle()
                return
            opened = replace(opened, passphrase=phrase)

        def work(progress: Progress) -> ImportPreview:
            if package:
                source = read(importing.open_directory, opened, progress.report)
            else:
                source = importing.open_files(paths, progress.report)
            command = PreviewImport(
                kind=kind,
                path=source.path,
                source=source,
                platforms=platforms.own(self.workspace.folder),
                today=today,
            )
            try:
                return read(importing.preview, command, progress.report)
            except importing.HeaderNotFoundError:
                # A person can see at once where it is.
                guess = read(importing.guess_header, kind, source)
                pointed = replace(command, mappings=(guess,))
                return read(importing.preview, pointed, progress.report)

        self._run(work, self.file_step.show_progress, then=COLUMNS)

    def _change(self, changed: Callable[[PreviewImport], PreviewImport]) -> None:
        """Another decision: it counts at once, the newest comparison is the one shown."""
        if self._command is None:
            return
        command = self._command = changed(self._command)
        asked, read = replace(command, earlier=self._seen), self.workspace.read

        def work(progress: Progress) -> ImportPreview:
            return read(importing.preview, asked, progress.report)

        self._run(work, self._show_comparing, then=self.guide.steps.current)

    def _show_comparing(self, done: int, total: int, words: str) -> None:
        self.guide.hint.setText(self._pace.words(done, total, words))

    def _on_field_chosen(self, sheet: int, column: int, field: str) -> None:
        def corrected(old: PreviewImport) -> PreviewImport:
            mappings = tuple(
                each.with_field(column, field or None) if each.sheet == sheet else each
                for each in old.mappings
            )
            return replace(old, mappings=mappings)

        self._change(corrected)

    def _on_words_answered(self, answers: Answers) -> None:
        def answered(old: PreviewImport) -> PreviewImport:
            mappings = list(old.mappings)
            for (sheet, column, word), ours in answers.items():
                for at, each in enumerate(mappings):
                    if each.sheet == sheet:
                        mappings[at] = each.with_word(column, word, ours)
            return replace(old, mappings=tuple(mappings))

        self._change(answered)

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

    def _run(
        self,
        work: Callable[[Progress], ImportPreview],
        report: Callable[[int, int, str], None],
        *,
        then: int,
    ) -> None:
        self._pace = Pace()
        self._watch(report)
        long_query(self, work).key("preview").progress(_LABELS[0]).success(
            lambda seen: self._on_seen(seen, then)
        ).failure(self._on_preview_failed).finally_(self._on_idle).run_in_background()
        if then != COLUMNS:
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

    def _on_seen(self, seen: ImportPreview, then: int) -> None:
        if self._seen is None or self._seen.source is not seen.source:
            self._keep_recent(seen.source)
        self._seen = seen
        self._command = replace(seen.command, source=seen.source, mappings=seen.mappings)
        self.columns_step.show_problem(_obstacle(seen))
        default = seen.command.default_category or self._general
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
        self.columns_step.show_problem(str(error))
        if self._seen is not None:  # the boxes go back to what is in force
            self.columns_step.show_preview(self._seen, self._general)

    def _on_idle(self) -> None:
        """Whatever came of it, failure and 取消 too: what is shown is what is in force."""
        self.file_step.show_idle()
        seen = self._seen
        if seen is not None:
            self._command = replace(seen.command, source=seen.source, mappings=seen.mappings)
        self._go_to(self.guide.steps.current)

    def _show_source(self, seen: ImportPreview) -> None:
        clear_layout(self.source_words)
        source: SourceFile = seen.source
        sheets = "、".join(source.sheets[each.sheet] for each in seen.mappings)
        self.source_words.addWidget(label("来源文件", "small"))
        self.source_words.addWidget(label("\u200b".join(source.title), wrap=True))
        self.source_words.addWidget(label(f"表：{sheets}", "small", wrap=True))
        self.source_words.addWidget(label(f"内容是 {source.words}", "small", wrap=True))
        read = self.workspace.read
        query(self, lambda: read(received.taken_before, source.sha256, source.digest)).key(
            "before"
        ).success(self._show_before).run_in_background()
        self.source_card.show()

    def _show_before(self, before: ReceivedFile | None) -> None:
        if before is not None:
            day = f"{before.at.astimezone():%Y-%m-%d}"
            words = f"这个文件 {day} 已由{before.by}导入过"
            self.source_words.addWidget(label(words, "small", wrap=True))

    # -- writing -------------------------------------------------------------

    def write(self) -> None:
        """Write what the preview shows, all or nothing."""
        seen = self._seen
        if seen is None:
            return
        command = replace(
            ApplyImport.of(seen),
            category_reason=self.confirm_step.category_reason.text(),
            category_document=self.confirm_step.category_document.text(),
        )
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
        """Take back the import just made, after asking."""
        outcome, seen = self._outcome, self._seen
        if outcome is not None and seen is not None:
            counts = outcome.counts
            self._ask_undo(
                outcome.batch_id,
                seen.source.title,
                (counts.new, counts.updated),
                lambda: self.finished.emit(outcome),
            )

    def _on_undo_wanted(self, past: PastImport) -> None:
        self._ask_undo(past.batch_id, past.file_name, (past.new, past.updated), self._show_recent)

    def _ask_undo(
        self, batch_id: int, name: str, counts: tuple[int, int], then: Callable[[], object]
    ) -> None:
        new, updated = counts
        if not confirm_danger(
            self,
            "撤销这次导入",
            f"新增的 {new} 行将删去，更新的 {updated} 行改回原样。导入和撤销都留在台账里。",
            object_name=name,
            action=f"撤销 {new + updated} 行",
        ):
            return
        command, write = UndoImport(batch_id), self.workspace.write

        def work(progress: Progress) -> ImportUndone:
            return write(partial(undoing_import.undo, watch=progress.report), command)

        long_operation(self, work).key("undo").progress("正在撤销导入").success(
            lambda _done: then()
        ).run_in_background()

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
            long_operation(
                self, lambda progress: importing.write_rejected(path, seen, progress.report)
            ).progress("正在写退回的行").success(
                lambda _none: self.guide.hint.setText(f"已写成：{path.name}")
            ).run_in_background()


_LABELS = ("正在读取表格", "正在写入名录")
_RECENT = 8


def _nowhere(_done: int, _total: int, _words: str) -> None:
    """Nothing runs: nobody to be told."""


def _obstacle(seen: ImportPreview) -> str:
    """Why one cannot go on from the columns, with what to do."""
    needed = {field.name: field.label for field in seen.fields if field.required}
    mapped = {each.field for each in seen.columns}
    lacking = [words for name, words in needed.items() if name not in mapped]
    if lacking:
        return f"没有“{'、'.join(lacking)}”这一列：请点出真正的表头行，或在下面选它是哪一列。"
    if not seen.counts.rows:
        return "表头下面一行内容也没有：请确认选对了文件、工作表和表头行。"
    return ""


def as_proposed(old: PreviewImport, place: Place) -> PreviewImport:
    """The same without anything a person said about one row."""
    return replace(
        old,
        skip_rows=old.skip_rows - {place},
        new_rows=old.new_rows - {place},
        same_rows=frozenset(each for each in old.same_rows if each[0] != place),
        sure_rows=old.sure_rows - {place},
    )


def one_side(old: Sides, named: tuple[Place, str], *, ours: bool) -> Sides:
    """The same sides with one field of one row decided."""
    if ours:
        return replace(old, ours=old.ours | {named}, file=old.file - {named})
    return replace(old, ours=old.ours - {named}, file=old.file | {named})
