"""对应平台模板: choose the template, say what its sheets and columns are, see rows, keep it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.domain.platform import Platform
from app.errors import AppError, UserError
from app.services.packages import platform_drafts, platforms
from app.services.packages.platform_drafts import ColumnDraft, Draft, Sample
from app.ui.dialogs.messages import confirm
from app.ui.imports.file_step import FileStep
from app.ui.mapping.columns_step import ColumnsStep
from app.ui.mapping.save_step import SaveStep
from app.ui.mapping.sheets_step import SheetsStep
from app.ui.mapping.trial_step import TrialStep
from app.ui.tasks import Progress, Task, TaskRunner, long_query, operation, query
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import GuidedSequence, button

if TYPE_CHECKING:
    from app.services.workspace import Workspace

__all__ = ["MappingDialog"]

FILE, SHEETS, COLUMNS, TRIAL, SAVE = range(5)
_TITLES = ("选空白模板", "认表", "对应列", "看三行", "保存")
_READING = "正在读取模板"
_KINDS = "表格 (*.xlsx *.xls *.et);;所有文件 (*)"
_LINES = (
    "从平台下载的空白导入模板，xlsx、xls、et 都可以；带宏的（xlsm）请先另存为 xlsx。",
    "列名在第几行、有没有合并单元格和说明行都没关系，下一步可以更正。",
    "程序只认列、不上网；生成上报包时按模板填写，其余地方原样不动。",
)


@dataclass(frozen=True, slots=True)
class _Opened:
    draft: Draft
    known: dict[str, Sample]
    own: tuple[Platform, ...]
    source: Path | None


class MappingDialog(QDialog):
    """``saved`` carries the format that was kept. ``editing``: an own one and which file of it."""

    saved = Signal(object)

    def __init__(
        self,
        parent: QWidget | None,
        workspace: Workspace,
        editing: tuple[Platform, str] | None = None,
    ) -> None:
        super().__init__(parent)
        self.workspace, self._editing = workspace, editing
        self._draft: Draft | None = None
        self._source: Path | None = None
        self._known: dict[str, Sample] = {}
        self._own: tuple[Platform, ...] = ()
        self._sheet = 0
        self._touched = False
        self.setWindowTitle(f"修改“{editing[0].name}”" if editing else "对应平台的空白模板")
        self.setStyleSheet(f"QDialog {{ background: {LIGHT.background}; }}")
        self.guide = GuidedSequence(_TITLES)
        self.file_step = FileStep(
            "选择平台的空白模板", "把平台的空白模板拖到这里，或", _LINES, _KINDS, several=False
        )
        self.sheets_step = SheetsStep()
        self.columns_step = ColumnsStep()
        self.trial_step = TrialStep()
        self.save_step = SaveStep(lambda name: platforms.proposed_id(self.workspace.folder, name))
        for page in (
            self.file_step,
            self.sheets_step,
            self.columns_step,
            self.trial_step,
            self.save_step,
        ):
            self.guide.add_page(page)
        self.close_button = button("取消", self.reject)
        self.guide.foot.insertWidget(0, self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 14)
        column.addWidget(self.guide)
        self.resize(1240, 660)
        self._connect()
        self._go_to(FILE)
        if editing is not None:
            self._reopen(*editing)

    def _connect(self) -> None:
        self.guide.next_requested.connect(self._on_next)
        self.guide.back_requested.connect(lambda step: self._go_to(step - 1))
        self.file_step.chosen.connect(lambda paths: self.read(paths[0]))
        self.file_step.cancel.clicked.connect(self._stop)
        self.sheets_step.record_chosen.connect(self._on_record)
        self.sheets_step.rows_chosen.connect(self._on_rows)
        self.columns_step.changed.connect(self._on_column)
        self.columns_step.sheet_chosen.connect(self._on_sheet)
        self.trial_step.sheet_chosen.connect(self._on_sheet)
        self.save_step.changed.connect(self._allow)
        runner = TaskRunner.of_application()
        runner.progressed.connect(self._on_progressed)

    # -- moving --------------------------------------------------------------

    def _go_to(self, step: int) -> None:
        if step == FILE and self._editing is not None:
            return
        self.guide.go_to(step)
        if self._draft is not None and step in (COLUMNS, TRIAL):
            page = self.columns_step if step == COLUMNS else self.trial_step
            page.show_draft(self._draft, self._known, self._sheet)
        if step == TRIAL:
            self._try()
        self._allow()
        if step == SAVE and self.save_step.name.isEnabled():
            self.save_step.name.setFocus()
        elif step != FILE:
            self.guide.forward.setFocus()

    def _try(self) -> None:
        draft, known, sheet = self._draft, self._known, self._sheet
        if draft is not None:
            query(self, lambda: platform_drafts.trial(draft, sheet, known)).key("trial").success(
                self.trial_step.show_mends
            ).run_in_background()

    def _allow(self) -> None:
        step = self.guide.steps.current
        filled = self._filled()
        if self._editing is not None:
            self.guide.back.setVisible(step > SHEETS)
        match step:
            case _ if step == FILE:
                self.guide.allow_next(self._draft is not None, "先选平台的空白模板")
            case _ if step == SHEETS:
                some = self._draft is not None and any(each.record for each in self._draft.sheets)
                self.guide.allow_next(some, "先说明至少一张表装什么", text="下一步：对应列")
            case _ if step == COLUMNS:
                self.guide.allow_next(filled > 0, "还没有一列对应上", text="下一步：看三行")
            case _ if step == TRIAL:
                self.guide.allow_next(True, text="下一步：保存")
            case _:
                lacks = self.save_step.lacks
                self.guide.allow_next(not lacks, lacks, text="保存")

    def _filled(self) -> int:
        if self._draft is None:
            return 0
        return sum(column.filled for each in self._draft.sheets if each.record
                   for column in each.columns)  # fmt: skip

    def _on_next(self, step: int) -> None:
        if step == SAVE:
            self.save()
        else:
            self._go_to(step + 1)

    def reject(self) -> None:
        """Close; asks only if something was said."""
        if self._touched and not confirm(
            self, "不保存就关闭？", "对应好的列还没有保存。", action="关闭"
        ):
            return
        self._stop()
        super().reject()

    # -- reading -------------------------------------------------------------

    def read(self, path: Path) -> None:
        """Read a template and go to its sheets."""
        self.file_step.show_reading(path.name)

        def work(progress: Progress) -> _Opened:
            template = platform_drafts.open_template(
                path, lambda done, total: progress.report(done, total or 0, _READING)
            )
            known = self.workspace.write(platform_drafts.samples, None)
            return self._opened(platform_drafts.propose(template, known), known, path)

        self._run(work)

    def _reopen(self, platform: Platform, file: str) -> None:
        self.file_step.show_reading(file)

        def work(_progress: Progress) -> _Opened:
            known = self.workspace.write(platform_drafts.samples, None)
            folder = self.workspace.folder
            return self._opened(platform_drafts.reopened(folder, platform, file, known), known)

        self._run(work)

    def _opened(
        self, draft: Draft, known: dict[str, Sample], source: Path | None = None
    ) -> _Opened:
        return _Opened(draft, known, platforms.own(self.workspace.folder), source)

    def _run(self, work: Callable[[Progress], _Opened]) -> None:
        long_query(self, work).key("template").progress(_READING).success(self._on_opened).failure(
            lambda error: self.file_step.show_failure(str(error))
        ).finally_(self.file_step.show_idle).run_in_background()

    def _on_progressed(self, task: Task) -> None:
        if task.label == _READING:
            report = task.report
            self.file_step.show_progress(report.done, report.total, report.text)

    def _stop(self) -> None:
        for task in TaskRunner.of_application().running:
            if task.label == _READING:
                task.progress.cancel()

    def _on_opened(self, opened: _Opened) -> None:
        self._draft, self._known, self._own = opened.draft, opened.known, opened.own
        self._source = opened.source
        self._sheet = self._first_sheet()
        template = opened.draft.template
        self.save_step.begin(opened.own, self._editing[0] if self._editing else None, template.file)
        self.sheets_step.show_draft(opened.draft)
        self.sheets_step.tell(
            f"原模板是 {template.converted}，已转成 xlsx：工作表、列宽、行高和合并的表头保留，"
            "下拉列表和颜色不保留，写出的也是 xlsx。平台只收 xls 的，请在 Excel 或 WPS 里另存。"
            if template.converted
            else ""
        )
        self.guide.steps.set_note(FILE, template.file)
        self._note()
        self._go_to(SHEETS)

    def _first_sheet(self) -> int:
        sheets = self._draft.sheets if self._draft else ()
        return next((at for at, each in enumerate(sheets) if each.record), 0)

    def _note(self) -> None:
        if self._draft is None:
            return
        used = sum(bool(each.record) for each in self._draft.sheets)
        self.guide.steps.set_note(SHEETS, f"{used} 张表要填")
        self.guide.steps.set_note(COLUMNS, f"填写 {self._filled()} 列")

    # -- correcting ----------------------------------------------------------

    def _change(self, draft: Draft) -> None:
        self._draft, self._touched = draft, True
        if not draft.sheets[self._sheet].record:
            self._sheet = self._first_sheet()
        self._note()
        self._allow()

    def _on_record(self, at: int, record: str) -> None:
        if self._draft is None:
            return
        self._sheet = at
        self._change(platform_drafts.with_record(self._draft, at, record, self._known))
        self.sheets_step.show_draft(self._draft)

    def _on_rows(self, at: int, top: int, bottom: int, first: int) -> None:
        if self._draft is None:
            return
        try:
            draft = platform_drafts.with_rows(self._draft, at, (top, bottom), first, self._known)
        except UserError as error:
            self.sheets_step.tell(str(error), Tone.DANGER)
        else:
            self.sheets_step.tell("")
            self._change(draft)
        self.sheets_step.show_draft(self._draft)

    def _on_sheet(self, at: int) -> None:
        self._sheet = at
        self._go_to(self.guide.steps.current)

    def _on_column(self, at: int, column: ColumnDraft) -> None:
        if self._draft is None:
            return
        self._change(platform_drafts.with_column(self._draft, at, column))
        self.columns_step.refresh(self._draft)

    # -- keeping -------------------------------------------------------------

    def save(self) -> None:
        """Keep it as an own format of the workspace."""
        if self._draft is None:
            return
        step, draft = self.save_step, self._draft
        into = self._editing[0] if self._editing else step.into
        name = into.name if into is not None and not self._editing else step.name.text()
        identity = step.id.text().strip()
        command = platform_drafts.command_of(draft, identity, name, into, self._source)
        self.guide.allow_next(False, "正在保存", text="保存")
        operation(self, lambda: self.workspace.write(platforms.save, command)).key("save").success(
            self._on_saved
        ).failure(self._on_failed).finally_(self._allow).run_in_background()

    def _on_saved(self, platform: Platform) -> None:
        self._touched = False
        self.saved.emit(platform)
        self.accept()

    def _on_failed(self, error: AppError) -> None:
        self.save_step.show_failure(str(error))
