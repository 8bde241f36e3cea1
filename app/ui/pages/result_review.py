"""The right side of 检查结果 once a result was handed over: to be read, returned or locked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QScrollArea, QVBoxLayout, QWidget

from app.db.read.received import Origin
from app.db.read.result_file import ResultFile
from app.db.read.results import ResultForm
from app.db.read.tasks import Progress
from app.domain.correction import CorrectionRules, CorrectionState
from app.domain.formalities import Demand
from app.domain.inspection import GONE, Conclusion
from app.ui import theme
from app.ui.pages.result_after import NOTES, ResultAfter
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import (
    Banner,
    Chip,
    ElidedLabel,
    button,
    primary_button,
)
from app.ui.widgets.course_bar import CourseBar
from app.ui.widgets.result_facts import ResultFacts
from app.ui.widgets.result_list import PROGRESS_TONES

__all__ = ["ResultReview"]


class ResultReview(QFrame):
    """Facts in the order of the form; 退回 and 复核锁定, or 登记整改 once locked."""

    return_wanted = Signal()
    lock_wanted = Signal()
    rectified_wanted = Signal()
    step_wanted = Signal(str, object)
    """Anything else that follows: its name, and the thing it is about."""
    file_opened = Signal(object)

    def __init__(self, gone: str = "", told: Mapping[Conclusion, str] | None = None) -> None:
        """``gone``: what the rulebook wants for a target that is closed or moved away;
        ``told``: what else a conclusion brings, where that is to be said."""
        super().__init__()
        self._gone, self._told = gone, dict(told or {})
        self.setObjectName("card")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        outer.addWidget(self._head())
        outer.addWidget(self._body(), 1)
        outer.addWidget(self._foot())

    def _head(self) -> QFrame:
        head = QFrame()
        head.setObjectName("cardHead")
        column = QVBoxLayout(head)
        column.setContentsMargins(20, 12, 20, 10)
        column.setSpacing(3)
        first = QHBoxLayout()
        first.setSpacing(8)
        self.name = ElidedLabel("", "section")
        self.category = Chip("", Tone.INFO)
        self.state = Chip("")
        first.addWidget(self.name, 1)
        first.addWidget(self.category)
        first.addWidget(self.state)
        column.addLayout(first)
        self.drawn = ElidedLabel("", "small")
        column.addWidget(self.drawn)
        self.course = CourseBar()
        column.addSpacing(3)
        column.addWidget(self.course)
        return head

    def _body(self) -> QScrollArea:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setObjectName("formBody")
        inside.setStyleSheet(f"#formBody {{ background: {LIGHT.surface}; }}")
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 14, 20, 14)
        column.setSpacing(theme.GAP)
        self.facts = ResultFacts()
        self.facts.file_opened.connect(self.file_opened.emit)
        self.sent_back = Banner(Tone.DANGER, "")
        self.sent_back.hide()
        column.addWidget(self.sent_back)
        column.addWidget(self.facts)
        self.after = ResultAfter()
        self.after.wanted.connect(self.step_wanted.emit)
        self.after.file_opened.connect(self.file_opened.emit)
        column.addWidget(self.after)
        column.addStretch(1)
        area.setWidget(inside)
        self._area = area
        return area

    def _foot(self) -> QFrame:
        foot = QFrame()
        foot.setObjectName("cardFoot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 10, 20, 10)
        row.setSpacing(8)
        self.hint = ElidedLabel("", "small")
        row.addWidget(self.hint, 1)
        self.return_button = button("退回修改", self.return_wanted.emit, "undo")
        self.lock_button = primary_button("复核锁定", self.lock_wanted.emit, "lock")
        self.rectified_button = primary_button("登记整改", self.rectified_wanted.emit)
        self.alternate_button = primary_button(
            "更换为递补对象", lambda: self.step_wanted.emit("alternate", None)
        )
        self.correct_button = button("更正申请", lambda: self.step_wanted.emit("correct", None))
        self.follow_button = button("登记后续")
        self.follow_menu = QMenu(self.follow_button)
        self.follow_button.setMenu(self.follow_menu)
        for each in (
            self.correct_button,
            self.follow_button,
            self.return_button,
            self.lock_button,
            self.rectified_button,
            self.alternate_button,
        ):
            row.addWidget(each)
        return foot

    def show_file(
        self, file: ResultFile, category: str, rules: CorrectionRules, today: date
    ) -> None:
        """Show a submitted or locked result with all that followed."""
        self._show_form(file.form, category, file.origins)
        self.after.show_file(file, rules, today)
        self._show_actions(file)
        self._area.verticalScrollBar().setValue(0)

    def _show_form(self, form: ResultForm, category: str, origins: Sequence[Origin]) -> None:
        task = form.task
        self.sent_back.show_message(Tone.DANGER, f"平台退回：{task.sent_back}")
        self.sent_back.setVisible(bool(task.sent_back))
        self.name.set_text(task.shown_name)
        self.category.show_state(category, Tone.INFO)
        self.state.show_state(task.progress.label, PROGRESS_TONES[task.progress])
        self.drawn.set_text(f"{task.draw_no} 抽中，序号 {task.serial}，{task.team}")
        self.facts.show_result(form, origins)

    def _show_actions(self, file: ResultFile) -> None:
        task = file.form.task
        waiting = task.progress is Progress.SUBMITTED
        ordered = (
            task.progress is Progress.LOCKED
            and task.conclusion is Conclusion.ORDERED
            and task.rectified_on is None
        )
        self.return_button.setVisible(waiting)
        self.lock_button.setVisible(waiting)
        self.rectified_button.setVisible(ordered)
        locked = task.progress is Progress.LOCKED
        gone = locked and bool(self._gone) and task.conclusion in GONE
        self.alternate_button.setVisible(gone and not task.replaced_by)
        under_way = any(each.state is CorrectionState.OPEN for each in file.corrections)
        self.correct_button.setVisible(locked and not task.replaced_by)
        self.correct_button.setEnabled(not under_way)
        self.correct_button.setToolTip("已有一份在办理" if under_way else "")
        self.follow_button.setVisible(locked)
        self._fill_menu(file, ordered=ordered)
        words = "核对无误后锁定；锁定后不能再改。" if waiting else "已锁定，确有错误的走更正申请。"
        told = self._told.get(task.conclusion, "") if locked and task.conclusion else ""
        if task.replaced_by:
            words = f"已由递补对象 {task.replaced_by} 接替；本结果保留，不再更改。"
        elif gone:
            words = f"{self._gone}；本结果保留。"
        self.hint.set_text(words if gone or task.replaced_by else told or words)

    def _fill_menu(self, file: ResultFile, *, ordered: bool) -> None:
        self.follow_menu.clear()
        if ordered:
            for step in NOTES:
                self._offer(f"整改{step.label}…", "note", step)
            self._offer("添加整改材料…", "proof", None)
            self.follow_menu.addSeparator()
        self._offer("移送…", "refer", None)
        if file.followups is not None and file.followups.case is None:
            self._offer("立案…", "case", None)
        self._offer("安排复查…", "plan_visit", None)
        form = file.form
        if form.layer.told is not Demand.OFF and form.entry.formalities.told_on is None:
            self._offer("登记结果告知…", "told", None)

    def _offer(self, words: str, name: str, thing: object) -> None:
        action = self.follow_menu.addAction(words)
        action.triggered.connect(lambda _on=False: self.step_wanted.emit(name, thing))
