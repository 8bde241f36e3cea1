"""检查结果: what waits at the left, one result at the right; typed, reviewed, locked."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.db.read import assignments, result_file, results
from app.db.read.corrections import CorrectionRow, VoidedVersion
from app.db.read.result_file import ResultFile
from app.db.read.results import AttachedFile, ResultForm, ResultQuery
from app.db.read.tasks import Progress, TaskRow
from app.domain import deadlines, publicity
from app.domain.course import TaskState
from app.domain.course_view import Passed, next_words, stages
from app.domain.desk import TheseRows
from app.domain.formalities import Demand
from app.domain.inspection import GONE, Conclusion
from app.domain.paper_texts import PaperKind
from app.domain.periods import Period
from app.domain.rulebook import Rulebook, TargetPolicy
from app.errors import AppError
from app.services import attaching
from app.services.attaching import Attach, Detach
from app.services.plans import frequency_ledger
from app.services.public import publishing
from app.services.replacing.substitution_offer import Leaving
from app.services.tasks import closing, fitness, inspecting
from app.services.tasks.closing import ResultStanding
from app.services.tasks.inspecting import ResultChanged, SaveDraft, SubmitResult
from app.services.workspace import Workspace
from app.ui import theme
from app.ui.dialogs import following
from app.ui.dialogs.asking import Asking
from app.ui.dialogs.attachment import AttachmentDialog, FilesDialog
from app.ui.dialogs.corrections import CorrectionsDialog
from app.ui.dialogs.files import open_attachment
from app.ui.dialogs.inspecting import StartDialog, ask_lock, ask_rectified, ask_return
from app.ui.dialogs.merging import MergeDialog
from app.ui.dialogs.messages import MessageDialog
from app.ui.dialogs.result_forms import FormsDialog
from app.ui.dialogs.voided import VoidedDialog
from app.ui.icons import icon
from app.ui.pages.assignment_actions import AssignmentActions
from app.ui.pages.result_form import ResultFormView
from app.ui.pages.result_review import ResultReview
from app.ui.paper_actions import PaperActions
from app.ui.tasks import operation, query
from app.ui.theme import Tone
from app.ui.widgets import (
    ElidedLabel,
    EmptyState,
    Page,
    PageContext,
    button,
    label,
    link_button,
)
from app.ui.widgets.result_list import ResultList

__all__ = ["ResultsPage", "consequence_words", "gone_words"]

_LEFT = 344
_BEFORE_VISIT = frozenset(
    {TaskState.ASSIGNED, TaskState.NOTIFIED, TaskState.APPROVED, TaskState.POSTPONED}
)
_LEFT_NARROW = 288
_PAPERS = (
    PaperKind.SITE_RECORD,
    PaperKind.NOTICE,
    PaperKind.APPROVAL,
    PaperKind.RECTIFICATION,
)
_EDITABLE = frozenset({Progress.RETURNED, Progress.TO_ENTER, Progress.ENTERING, Progress.OPEN})
_NOTHING_YET = "还没有可录的结果。检查回来后，先登记检查日期，再逐项录入。"
_ALL_LOCKED = "都已复核锁定，没有要录的了。展开左侧的“已锁定”可以查看，公示到“公示与上报”。"
_TO_TYPE = (Progress.RETURNED, Progress.TO_ENTER, Progress.ENTERING)


@dataclass(frozen=True, slots=True)
class _Listed:
    """What the list is made of."""

    tasks: tuple[TaskRow, ...]
    counts: dict[Progress, int]
    periods: tuple[str, ...]
    kept: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Opened:
    """One result as it is looked at: who may not inspect that day, what the caps say."""

    file: ResultFile
    after: ResultStanding
    warning: str
    standing: str


class ResultsPage(Page):
    """See the module."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "检查结果")
        self._wanted: int | None = None
        self._only: frozenset[int] = frozenset()
        self._saves = itertools.count()
        self._start_dialog: StartDialog | None = None
        self._next: tuple[str, object] | None = None
        self.files_dialog: FilesDialog | None = None
        self._saving = 0  # drafts on their way into the database
        self.corrections_button = button("更正申请", self.open_corrections)
        self.add_action(self.corrections_button)
        self.papers = PaperActions(self, context, self._on_paper)
        self.papers_button = button("打印文书", icon_name="print")
        self.papers.fill_menu(self.papers_button, self._shown_tasks, _PAPERS)
        self.add_action(self.papers_button)
        self.forms_button = button("填报表")
        menu = QMenu(self.forms_button)
        menu.addAction("导出填报表…").triggered.connect(lambda _on=False: self.open_forms())
        menu.addAction("合并填报表或结果包…").triggered.connect(lambda _on=False: self.open_merge())
        self.forms_button.setMenu(menu)
        self.add_action(self.forms_button)
        self.start_button = button("登记检查", self.open_start, "plus")
        self.add_action(self.start_button)
        across = QHBoxLayout()
        across.setSpacing(theme.GAP)
        across.addWidget(self._left())
        across.addWidget(self._right(), 1)
        self.body.addLayout(across, 1)
        self.set_subtitle(context.workspace.rulebook.document.title)

    def _left(self) -> QFrame:
        self.left = QFrame()
        self.left.setObjectName("card")
        self.left.setFixedWidth(_LEFT)
        column = QVBoxLayout(self.left)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        self.search = QLineEdit()
        self.search.setPlaceholderText("名称 / 代码 / 拼音首字母")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("搜索")
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(lambda _text: self.refresh())
        self.period_box = QComboBox()
        self.period_box.setAccessibleName("期间")
        self.period_box.addItem("全部期间", "")
        self.period_box.currentIndexChanged.connect(lambda _at: self.refresh())
        head = QVBoxLayout()
        head.setContentsMargins(12, 12, 12, 12)
        head.setSpacing(8)
        head.addWidget(self.search)
        head.addWidget(self.period_box)
        head.addWidget(self._only_bar())
        column.addLayout(head)
        self.list = ResultList()
        self.list.chosen.connect(self._on_chosen)
        self.list.secret_opened.connect(self.open_start)
        column.addWidget(self.list, 1)
        foot = QFrame()
        foot.setObjectName("cardFoot")
        foot.setFixedHeight(34)
        line = QHBoxLayout(foot)
        line.setContentsMargins(theme.PAGE, 0, theme.PAGE, 0)
        self.count = label("", "small")
        line.addWidget(self.count)
        column.addWidget(foot)
        return self.left

    def _only_bar(self) -> QWidget:
        """Which tasks the desk asked for, and the way back to all."""
        self.only_bar = QWidget()
        row = QHBoxLayout(self.only_bar)
        row.setContentsMargins(0, 0, 0, 0)
        self.only_words = ElidedLabel("", "strong")
        row.addWidget(self.only_words, 1)
        row.addWidget(link_button("看全部", self.show_all))
        self.only_bar.hide()
        return self.only_bar

    def _right(self) -> QStackedWidget:
        self.stack = QStackedWidget()
        self.empty = EmptyState(
            _NOTHING_YET,
            "登记检查",
            self.open_start,
            manual="录入检查结果",
            icon_name="document-check",
        )
        self.empty.manual_requested.connect(self.context.open_manual)
        rulebook = self.context.workspace.rulebook
        told = consequence_words(rulebook)
        self.form = ResultFormView(
            rulebook.check_methods.value,
            told,
            rulebook.check_ways,
            partial(deadlines.explained_after, rulebook),
        )
        self.form.paused.connect(self._save_quietly)
        self.form.save_wanted.connect(self._save_loudly)
        self.form.submit_wanted.connect(self.submit)
        self.form.files_wanted.connect(self._choose_files)
        self.form.file_removed.connect(self._remove_file)
        self.form.file_opened.connect(self._open_file)
        self.form.all_files_wanted.connect(self.open_files)
        self.form.step_wanted.connect(self._on_following)
        self.form.course.wanted.connect(self._take_next)
        self.review = ResultReview(gone_words(rulebook), told)
        self.review.course.wanted.connect(self._take_next)
        self.replacing = AssignmentActions(self, self.context)
        self.replacing.changed.connect(self.refresh)
        self.review.return_wanted.connect(self._on_return)
        self.review.lock_wanted.connect(self._on_lock)
        self.review.rectified_wanted.connect(self._on_rectified)
        self.review.step_wanted.connect(self._on_following)
        self.review.file_opened.connect(self._open_file)
        for each in (self.empty, self.form, self.review):
            self.stack.addWidget(each)
        return self.stack

    # -- forms of the squads -----------------------------------------------

    def open_forms(self) -> None:
        """Write open tasks into workbooks for the squads."""
        self.forms_dialog = FormsDialog(self, self.context.workspace)
        self.forms_dialog.made.connect(
            lambda made: self.context.toast(f"已导出 {len(made)} 份填报表")
        )
        self.forms_dialog.open()

    def open_merge(self) -> None:
        """Merge what came back; what is being typed is saved first."""
        self.leave_form()
        self.merge_dialog = MergeDialog(self, self.context)
        self.merge_dialog.merged.connect(self._on_merged)
        self.merge_dialog.open()

    def _on_merged(self) -> None:
        shown, read = self._shown_id(), self.context.workspace.read
        self.refresh()
        if shown is None or self.form.dirty:
            return

        def show(form: ResultForm) -> None:
            # Taken back, it was not inspected: its name is secret again.
            if form.task.progress is Progress.OPEN:
                self._wanted = None
                self.stack.setCurrentWidget(self.empty)
            else:
                self._load(shown)

        query(self, lambda: read(results.form, shown)).key("merged").success(
            show
        ).run_in_background()

    # -- filling -----------------------------------------------------------

    @property
    def today(self) -> date:
        """The workspace clock's day."""
        return self._now().date()

    def _now(self) -> datetime:
        return self.context.workspace.clock().astimezone()

    def refresh(self) -> None:
        """Fetch the list again; what is being typed stays."""
        read = self.context.workspace.read
        period = str(self.period_box.currentData())
        wanted = ResultQuery(search=self.search.text().strip(), period=period, only=self._only)

        def fetch() -> _Listed:
            ids = read(results.ids, wanted)
            rows = {row.id: row for row in read(results.rows, ids)}
            ordered = tuple(rows[each] for each in ids if each in rows)
            draws = read(assignments.draws)
            board = read(publishing.board, period)
            return _Listed(
                ordered,
                read(lambda connection: results.counts(connection, period=period)),
                tuple(dict.fromkeys(draw.period for draw in draws)),
                frozenset(row.task.id for row in board.exempt),
            )

        query(self, fetch).key("list").success(self._show_list).run_in_background()

    def open_at(self, where: object) -> None:
        """``where``: an assignment's id, or the serial of one to be registered as inspected.

        ``TheseRows``: nothing else is listed.
        """
        if isinstance(where, str):
            self.open_start(where)
        elif isinstance(where, TheseRows):
            self._show_only(where)
            self._point_at(where.ids[0])
        elif isinstance(where, int):
            if where not in self._only:
                self._show_only(None)
            self._point_at(where)

    def _point_at(self, wanted: int) -> None:
        # Whatever period is chosen or was searched for: what was asked for is shown.
        self._choose_period("")
        with QSignalBlocker(self.search):
            self.search.clear()
        self.leave_form()
        self._wanted = wanted
        self._load(wanted)
        self.refresh()

    def _show_only(self, which: TheseRows | None) -> None:
        self._only = frozenset(which.ids) if which else frozenset()
        self.only_bar.setVisible(which is not None)
        if which is not None:
            self.only_words.set_text(f"只看：{which.words}")

    def show_all(self) -> None:
        """List every result again; the chosen one stays."""
        self._show_only(None)
        self.refresh()

    def on_narrow(self, narrow: bool) -> None:
        """The list gives way to the form."""
        self.left.setFixedWidth(_LEFT_NARROW if narrow else _LEFT)

    def showEvent(self, event: QShowEvent) -> None:
        """Coming back reads what is shown anew: an approval or a number may have come to it."""
        super().showEvent(event)
        self._read_again()

    def _read_again(self) -> None:
        shown = self._shown_id()
        # What is still on its way into the database comes first.
        if shown is not None and not self.form.dirty and not self._saving:
            self._load(shown)

    def hideEvent(self, event: QHideEvent) -> None:
        """Leaving the page saves what was typed."""
        self.leave_form()
        super().hideEvent(event)

    def _show_list(self, found: _Listed) -> None:
        counts = found.counts
        total = sum(counts.values())
        inspected = total - counts[Progress.OPEN]
        entered = counts[Progress.SUBMITTED] + counts[Progress.LOCKED]
        self._show_periods(found.periods)
        self.set_subtitle(
            self.period_box.currentText()
            if len(found.periods) != 1
            else self.period_box.itemText(1),
            self.context.workspace.rulebook.document.title,
            f"应查 {total} 家，已检查 {inspected} 家，已录入 {entered} 家",
        )
        self.count.setText(
            f"列出 {len(found.tasks)} 家，共 {total} 家"
            if self._only
            else f"共 {total} 家，录入 {entered} 家"
        )
        self.start_button.setEnabled(counts[Progress.OPEN] > 0)
        self.empty.button.setEnabled(counts[Progress.OPEN] > 0)
        done = total > 0 and counts[Progress.LOCKED] == total
        self.empty.sentence.setText(_ALL_LOCKED if done else _NOTHING_YET)
        self.empty.button.setVisible(not done)
        again = sum(task.again for task in found.tasks)
        secret = 0 if self._only else counts[Progress.OPEN] - again
        self.list.show_tasks(found.tasks, secret, self.today, found.kept)
        waiting = sum(counts[each] for each in (*_TO_TYPE, Progress.SUBMITTED))
        tone = Tone.WARN if counts[Progress.RETURNED] else Tone.ACCENT
        self.context.set_badge("results", waiting, tone)
        if self._wanted is not None:
            self.list.select_task(self._wanted)
        elif self.form.form is None and found.tasks:
            self._choose_first(found.tasks)

    def _show_periods(self, periods: Sequence[str]) -> None:
        """Offer the periods there are, the newest first; one alone needs no choice."""
        chosen = self.period_box.currentData()
        with QSignalBlocker(self.period_box):
            self.period_box.clear()
            self.period_box.addItem("全部期间", "")
            for period in periods:
                self.period_box.addItem(Period.parse(period).in_words(), period)
        self._choose_period(chosen)
        self.period_box.setVisible(len(periods) > 1)

    def _choose_period(self, period: str) -> None:
        with QSignalBlocker(self.period_box):
            self.period_box.setCurrentIndex(max(self.period_box.findData(period), 0))

    def _choose_first(self, tasks: Sequence[TaskRow]) -> None:
        for progress in (*_TO_TYPE, Progress.SUBMITTED):
            for task in tasks:
                if task.progress is progress:
                    self.list.select_task(task.id)
                    return

    def _on_chosen(self, task: TaskRow) -> None:
        if self._wanted == task.id and self._shown_id() == task.id:
            return
        self.leave_form()
        self._wanted = task.id
        self._load(task.id)

    def _shown_id(self) -> int | None:
        shown = self.form.form
        return shown.task.id if shown and self.stack.currentWidget() is not self.empty else None

    def _shown_tasks(self) -> tuple[int, ...]:
        """What a paper is printed of; typed words are saved first."""
        self.leave_form()
        shown = self._shown_id()
        if shown is None:
            self.context.toast("请先在左侧选一家")
            return ()
        return (shown,)

    def _on_paper(self) -> None:
        """A notice's number stands in the formalities now."""
        shown = self._shown_id()
        if shown is not None and not self.form.dirty:
            self._load(shown)

    def _load(self, assignment_id: int) -> None:
        read, today = self.context.workspace.read, self.today

        def look() -> _Opened:
            file = read(result_file.result_file, assignment_id)
            entry, task = file.form.entry, file.form.task
            typing = task.progress in _EDITABLE
            day = entry.inspected_on or today
            year = Period.parse(task.period).year
            standing = ResultStanding(public=True, open_matters=())
            if task.result_id is not None:
                standing = read(closing.standing_of, task.result_id)
            return _Opened(
                file,
                standing,
                read(fitness.warning, entry.inspector_ids, day, today) if typing else "",
                read(frequency_ledger.standing_of, task.target_id, year, today) if typing else "",
            )

        query(self, look).key("form").success(self._show_form).run_in_background()

    def _show_form(self, opened: _Opened) -> None:
        file = opened.file
        form = file.form
        if self.form.dirty and self._shown_id() == form.task.id:
            return  # somebody types already: nothing may be put in the place of it
        category = self._category(form.task)
        self.form.show_form(form, category, self.today, self.context.workspace.actor)
        self.form.national.show_standing(opened.standing)
        self._show_course(opened)
        if form.task.progress in _EDITABLE:
            self.stack.setCurrentWidget(self.form)
            self.form.inspected_on.setFocus()
            rules = self.context.workspace.rulebook.correction
            self.form.after.show_file(file, rules, self.today)
            if file.voided and not form.task.return_reason:
                self.form.banner.show_message(Tone.INFO, _voided_words(file))
                self.form.banner.show()
            if opened.warning:
                self.form.warn(opened.warning)
        else:
            rules = self.context.workspace.rulebook.correction
            self.review.show_file(file, category, rules, self.today)
            self.stack.setCurrentWidget(self.review)

    def _show_course(self, opened: _Opened) -> None:
        """Where the task stands and what comes next, above the form and above the review."""
        file, course = opened.file, opened.file.course
        words = next_words(
            course.state,
            open_matters=opened.after.open_matters,
            until=course.postponed_until,
            approval=file.form.layer.approval is not Demand.OFF,
        )
        passed = [Passed(step=each.step, on=each.on) for each in course.steps]
        found = stages(course.state, passed, public=opened.after.public)
        to_publish = (
            file.form.task.progress is Progress.LOCKED
            and opened.after.public
            and file.form.task.published_on is None
        )
        self._next = ("publication", "due") if to_publish else None
        action = "去公示" if to_publish else ""
        if course.state in _BEFORE_VISIT:
            self._next, action = ("teams", file.form.task.id), "去派单"
        for bar in (self.form.course, self.review.course):
            bar.show_course(found, words, action)

    def _take_next(self) -> None:
        if self._next is not None:
            self.context.go_to(*self._next)

    def _category(self, task: TaskRow) -> str:
        categories = self.context.workspace.rulebook.categories
        return next((e.label for e in categories if e.code == task.category), task.category)

    # -- typing ------------------------------------------------------------

    def leave_form(self) -> None:
        """Save what was typed before another result takes its place."""
        self.form.items.end_writing()
        if self.form.dirty and self.stack.currentWidget() is self.form:
            self._save_quietly()

    def _save_quietly(self) -> None:
        self._save(loud=False)

    def _save_loudly(self) -> None:
        self._save(loud=True)

    def _save(self, *, loud: bool) -> None:
        shown = self.form.form
        if shown is None or self.stack.currentWidget() is not self.form:
            return
        if not self.form.dirty and not loud:
            return
        command = SaveDraft(assignment_id=shown.task.id, entry=self.form.entry())
        self.form.dirty = False
        workspace = self.context.workspace
        # Each save has a key of its own: none may be dropped because one is still running.
        self._saving += 1
        operation(self, lambda: workspace.write(inspecting.save_draft, command)).key(
            ("draft", next(self._saves))
        ).success(self._on_saved).failure(self._on_save_failed).finally_(
            self._on_save_ended
        ).run_in_background()

    def _on_save_ended(self) -> None:
        self._saving -= 1

    def _on_saved(self, done: ResultChanged) -> None:
        if self._shown_id() == done.assignment_id:
            self.form.show_saved(f"草稿已自动保存 {self._now():%H:%M}")

    def _on_save_failed(self, error: AppError) -> None:
        self.form.dirty = True
        self.form.banner.show_message(Tone.DANGER, f"草稿没有保存：{error}")
        self.form.banner.show()

    def submit(self) -> None:
        """Submit what is shown; problems stay beside their fields."""
        shown = self.form.form
        if shown is None or self.stack.currentWidget() is not self.form:
            return
        problems = self.form.problems()
        self.form.show_problems(problems)
        if problems:
            self._save_quietly()
            return
        command = SubmitResult(assignment_id=shown.task.id, entry=self.form.entry())
        workspace = self.context.workspace
        name = shown.task.shown_name
        started = (
            operation(self, lambda: workspace.write(inspecting.submit, command))
            .key("submit")
            .success(lambda done: self._on_submitted(done, name))
            .failure(self._on_submit_failed)
            .finally_(lambda: self.form.submit_button.setEnabled(True))
            .run_in_background()
        )
        if started:
            self.form.dirty = False
            self.form.submit_button.setEnabled(False)

    def _on_submitted(self, done: ResultChanged, name: str) -> None:
        show = partial(self.open_at, done.assignment_id)
        self.context.toast(f"已提交复核：{name}", "查看", show)
        following = self._after(done.assignment_id)
        self._wanted = following.id if following else done.assignment_id
        self._load(self._wanted)
        self.refresh()

    def _on_submit_failed(self, error: AppError) -> None:
        # What was typed is still only here: it counts as unsaved again.
        self.form.dirty = True
        self.form.banner.show_message(Tone.DANGER, str(error))
        self.form.banner.show()
        self._save_quietly()

    def _after(self, assignment_id: int) -> TaskRow | None:
        """The next one to type: below the submitted one, else from the top."""
        shown = self.list.shown_tasks
        at = next((n for n, task in enumerate(shown) if task.id == assignment_id), -1)
        turned = (*shown[at + 1 :], *shown[: max(at, 0)])
        return next((task for task in turned if task.progress in _TO_TYPE), None)

    # -- attachments -------------------------------------------------------

    def _choose_files(self) -> None:
        names, _kind = QFileDialog.getOpenFileNames(self, "添加附件")
        if names:
            self.attach([Path(name) for name in names])

    def attach(self, paths: Sequence[Path]) -> None:
        """Attach files to the result that is shown; a draft is made if there is none."""
        shown = self.form.form
        if shown is None:
            return
        entry, task_id = self.form.entry(), shown.task.id
        workspace = self.context.workspace
        self.form.dirty = False

        def work() -> _Added:
            draft = SaveDraft(assignment_id=task_id, entry=entry)
            result = workspace.write(inspecting.save_draft, draft).result_id
            refused = _attach_each(workspace, "result", result, paths)
            return _Added(workspace.read(results.attachments, result), refused)

        operation(self, work).key("attach").progress("正在添加附件").success(
            partial(self._on_attached, task_id)
        ).failure(self._on_save_failed).run_in_background()

    def _on_attached(self, task_id: int, added: _Added) -> None:
        # Somebody may have gone on to another result meanwhile.
        if self._shown_id() == task_id:
            self.form.show_files(added.files)
            self._files_dialog_shows(added.files)
            # The first file made the draft: what is shown has a result from now on.
            self._read_again()
        self._tell_refused(added.refused)

    def _tell_refused(self, refused: Sequence[str]) -> None:
        """Files that were not taken, each with its reason; the others are there."""
        if refused:
            self.refusal = MessageDialog(
                self,
                "有附件没有添加",
                f"{len(refused)} 个文件没有添加，其余已添加。",
                "\n".join(refused),
                Tone.WARN,
            )
            close = self.refusal.add_button("知道了", "primary")
            close.clicked.connect(self.refusal.accept)
            self.refusal.open()

    def open_files(self) -> None:
        """Every attachment of the result that is shown: opened, or taken off."""
        shown = self.form.form
        if shown is None or shown.task.result_id is None:
            return
        self.files_dialog = FilesDialog(self, shown.task.shown_name)
        self.files_dialog.file_opened.connect(self._open_file)
        self.files_dialog.file_removed.connect(self._remove_file)
        self.files_dialog.files_wanted.connect(self._choose_files)
        self.files_dialog.open()
        result, read = shown.task.result_id, self.context.workspace.read
        query(self, lambda: read(results.attachments, result)).key("files").success(
            self._files_dialog_shows
        ).run_in_background()

    def _files_dialog_shows(self, files: tuple[AttachedFile, ...]) -> None:
        if self.files_dialog is not None:
            self.files_dialog.show_files(files)

    def _remove_file(self, attachment_id: int) -> None:
        shown = self.form.form
        result = shown.task.result_id if shown else None
        workspace = self.context.workspace
        if result is None:
            return

        def work() -> tuple[AttachedFile, ...]:
            workspace.write(attaching.detach, Detach(attachment_id))
            return workspace.read(results.attachments, result)

        def show(files: tuple[AttachedFile, ...]) -> None:
            self.form.show_files(files)
            self._files_dialog_shows(files)

        operation(self, work).key("detach").success(show).run_in_background()

    def _open_file(self, file: AttachedFile) -> None:
        workspace = self.context.workspace
        self._preview = AttachmentDialog(
            self, workspace.folder, file, lambda each: open_attachment(self, workspace, each)
        )
        self._preview.open()

    # -- reviewing ---------------------------------------------------------

    def open_start(self, serial: str = "") -> None:
        """Register that a team came back; ``serial``: from which task, if that is known."""
        self.leave_form()
        self._start_dialog = StartDialog(self, self.context.workspace, self.today, self.open_at)
        self._start_dialog.open()
        self._start_dialog.search.search_box.setText(serial)
        self._start_dialog.search.search_box.setFocus()

    def _reviewed(self) -> TaskRow | None:
        shown = self.form.form
        return shown.task if shown and self.stack.currentWidget() is self.review else None

    def _shown_task(self) -> TaskRow | None:
        """What is typed or reviewed now."""
        shown = self.form.form
        return shown.task if shown and self.stack.currentWidget() is not self.empty else None

    def _on_return(self) -> None:
        task = self._reviewed()
        if task is not None:
            self.dialog = ask_return(
                self, self.context.workspace, task, lambda _o: self._on_step("已退回", task)
            )

    def _on_lock(self) -> None:
        task = self._reviewed()
        if task is not None:
            self.dialog = ask_lock(
                self, self.context.workspace, task, lambda _o: self._on_step("已锁定", task)
            )

    def _on_rectified(self) -> None:
        task = self._reviewed()
        if task is not None:
            self.dialog = ask_rectified(
                self,
                self.context.workspace,
                task,
                self.today,
                lambda _o: self._on_step("整改已登记", task),
            )

    def open_corrections(self) -> None:
        """Every correction application, open ones first."""
        self._corrections = CorrectionsDialog(self, self.context.workspace, self.open_at)
        self._corrections.open()

    def _on_following(self, name: str, thing: object) -> None:
        """One of the steps after the lock; each asks in a form of its own."""
        task = self._shown_task()
        if task is None:
            return
        if name == "voided" and isinstance(thing, VoidedVersion):
            self.voided_dialog = VoidedDialog(
                self, self.context.workspace, task.id, thing, self._open_file
            )
            self.voided_dialog.open()
            return
        if name == "alternate":
            self._ask_alternate(task)
            return
        if name == "print_correction" and isinstance(thing, CorrectionRow):
            self.papers.print_correction(thing.id)
            return
        if name in {"proof", "paper"}:
            paper = thing.id if isinstance(thing, CorrectionRow) else None
            self._choose_proof(task, correction=paper)
            return
        asking = Asking(
            parent=self,
            workspace=self.context.workspace,
            today=self.today,
            then=lambda _o: self._on_step("已登记", task),
        )
        about_task = {
            "refer": following.ask_referral,
            "case": following.ask_case,
            "plan_visit": following.ask_visit_planned,
            "told": following.ask_told,
            "correct": following.ask_correction,
        }
        about_thing: dict[str, Callable[..., object]] = {
            "receipt": following.ask_receipt,
            "case_end": following.ask_case_end,
            "outcome": following.ask_outcome_published,
            "decide": following.ask_decision,
            "station": following.ask_station,
            "withdraw": following.ask_withdrawal,
        }
        about_both: dict[str, Callable[..., object]] = {
            "note": following.ask_note,
            "visit": following.ask_visit_made,
        }
        if name in about_task:
            self.dialog = about_task[name](asking, task)
        elif name in about_thing:
            about_thing[name](asking, thing)
        else:
            about_both[name](asking, task, thing)

    def _ask_alternate(self, task: TaskRow) -> None:
        """The next alternate is a name under embargo: who sees the screen is asked first."""
        question = MessageDialog(
            self,
            "请确认没有外人能看到屏幕",
            f"下面要显示接替 {task.serial} 的递补对象，它在检查前须保密。",
            f"“{task.target_name}”的结果已锁定，更换后照样保留。",
            Tone.WARN,
        )
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.add_button("没有外人，显示").clicked.connect(question.accept)
        cancel = question.add_button("取消", "primary")
        cancel.setDefault(True)
        cancel.clicked.connect(question.reject)
        question.accepted.connect(lambda: self.replacing.replace_in_task(Leaving.TARGET, task.id))
        self.question = question
        question.open()

    def _choose_proof(self, task: TaskRow, *, correction: int | None) -> None:
        title = "添加整改材料" if correction is None else "添加签字件"
        names, _kind = QFileDialog.getOpenFileNames(self, title)
        if names:
            self.attach_after(task, [Path(name) for name in names], correction=correction)

    def attach_after(
        self, task: TaskRow, paths: Sequence[Path], *, correction: int | None = None
    ) -> None:
        """Attach to the rectification, or to a correction; the locked result stays as it is."""
        workspace = self.context.workspace
        kind = "rectification" if correction is None else "correction"
        owner = (task.result_id or 0) if correction is None else correction

        def added(refused: tuple[str, ...]) -> None:
            if len(refused) < len(paths):
                self._on_step("附件已添加", task)
            self._tell_refused(refused)

        operation(self, lambda: _attach_each(workspace, kind, owner, paths)).key("proof").progress(
            "正在添加附件"
        ).success(added).run_in_background()

    def _on_step(self, words: str, task: TaskRow) -> None:
        self.leave_form()
        self.context.toast(f"{words}：{task.shown_name}")
        self._load(task.id)
        self.refresh()


@dataclass(frozen=True, slots=True)
class _Added:
    """The files of a result now, and a sentence for each that was not taken."""

    files: tuple[AttachedFile, ...]
    refused: tuple[str, ...]


def _attach_each(
    workspace: Workspace, kind: str, owner: int, paths: Sequence[Path]
) -> tuple[str, ...]:
    """Attach what can be attached: one bad file does not keep the others out."""
    refused = []
    for path in paths:
        try:
            workspace.write(attaching.attach, Attach(owner_kind=kind, owner_id=owner, path=path))
        except AppError as error:
            refused.append(str(error))
    return tuple(refused)


def consequence_words(rulebook: Rulebook) -> dict[Conclusion, str]:
    """What a conclusion brings that is not plain from its name, as the form says it.

    Found closed, moved, refused: the task counts as done and the target not as covered.
    """
    gone = gone_words(rulebook)
    found = {}
    for conclusion in Conclusion:
        rule = publicity.meaning(rulebook, conclusion)
        parts = []
        if not conclusion.inspected:
            parts.append("任务算完成，不算覆盖" if not rule.covers else "任务算完成，也算覆盖")
            parts.append(f"公示为“{rule.public}”" if rule.public else "不列入结果公示")
        elif rule.public and rule.public != conclusion.label:
            parts.append(f"公示为“{rule.public}”")
        if gone and conclusion in GONE:
            parts.append(gone)
        if parts:
            found[conclusion] = "；".join(parts)
    return found


def _voided_words(file: ResultFile) -> str:
    last = file.voided[-1]
    return f"第 {last.version} 稿已作废（{last.why}），请重新检查、录入；原结果和更正经过都已保留。"


def gone_words(rulebook: Rulebook) -> str:
    """What to do about a target found closed or gone, where the next alternate takes its place."""
    rule = rulebook.target_substitution
    if rule.policy is not TargetPolicy.NEXT_ALTERNATE or rule.own_choice:
        return ""
    return f"按{rulebook.cite(rule.article)}，应更换为递补对象"
