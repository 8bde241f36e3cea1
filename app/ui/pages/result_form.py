"""The right side of 检查结果: one result, typed with the keyboard, saved as it is typed.

Tab goes from field to field, 1 2 3 tick the items, Ctrl+S saves, Ctrl+Enter submits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.db.read.results import AttachedFile, ResultForm
from app.domain.desk import day_in_words
from app.domain.fields import FieldProblem
from app.domain.inspection import Conclusion, Way
from app.domain.result_entry import ResultEntry, Task, check_entry, suggested_conclusion
from app.domain.rulebook import CheckWay
from app.ui import theme
from app.ui.dialogs.attachment import size_words
from app.ui.pages.national_panel import NationalPanel
from app.ui.pages.result_after import ResultAfter
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import (
    Banner,
    Chip,
    DateEdit,
    ElidedLabel,
    button,
    clear_layout,
    icon_button,
    label,
    link_button,
    primary_button,
)
from app.ui.widgets.conclusion_picker import ConclusionPicker
from app.ui.widgets.course_bar import CourseBar
from app.ui.widgets.item_grid import ItemGrid

__all__ = ["ResultFormView"]

_LABEL = 76
_PAUSE_MS = 1500
_LONGEST_MS = 5000
"""Who types on without a pause is saved all the same."""
_WEEKDAYS = "一二三四五六日"
_METHODS_ACROSS = 5
_CODE_STYLE = "font-family: '{}', '{}'; font-size: 12px;".format(*theme.MONO[:2])


class ResultFormView(QFrame):
    """Shows a ``ResultForm`` for editing; the page saves and submits.

    ``paused``: something changed and the typing rested (the draft can be saved);
    ``submit_wanted`` and ``save_wanted`` come from buttons and keys.
    """

    paused = Signal()
    save_wanted = Signal()
    submit_wanted = Signal()
    files_wanted = Signal()
    file_removed = Signal(int)
    file_opened = Signal(object)
    all_files_wanted = Signal()
    step_wanted = Signal(str, object)
    """What can be done about an earlier version of it: its name, and the thing it is about."""

    def __init__(
        self,
        methods: Sequence[str],
        told: Mapping[Conclusion, str] | None = None,
        ways: Sequence[CheckWay] = (),
        longest: Callable[[date | None], date | None] = lambda _on: None,
    ) -> None:
        """``told``: what a conclusion brings under the rulebook, where that is to be said;
        ``ways``: when it wants the check on site, off site, with a third party;
        ``longest``: the day past which it wants a rectification's deadline explained."""
        super().__init__()
        self._longest = longest
        self._when = {way.code: f"{way.article}：{way.criteria}" for way in ways}
        self._told = dict(told or {})
        self.setObjectName("card")
        self._form: ResultForm | None = None
        self._today = date.min
        self._filling = False
        self._conclusion_chosen = False
        self.dirty = False
        self._errors: dict[str, QLabel] = {}
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_PAUSE_MS)
        self._rest.timeout.connect(self._on_rested)
        self._latest = QTimer(self)
        self._latest.setSingleShot(True)
        self._latest.setInterval(_LONGEST_MS)
        self._latest.timeout.connect(self._on_rested)
        self._make_fields(methods)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        outer.addWidget(self._head())
        outer.addWidget(self._body(), 1)
        outer.addWidget(self._foot())
        self._connect()

    # -- building ----------------------------------------------------------

    def _make_fields(self, methods: Sequence[str]) -> None:
        self.inspected_on = DateEdit()
        self.inspected_on.setFixedWidth(112)
        self.weekday = label("", "secondary")
        self.arrived, self.left = _clock_edit("到场时间"), _clock_edit("离开时间")
        self.way = QComboBox()
        self.way.setAccessibleName("检查形式")
        for at, way in enumerate(Way):
            self.way.addItem(way.label, way)
            self.way.setItemData(at, self._when.get(way.value), Qt.ItemDataRole.ToolTipRole)
        self.way_when = label("", "small", wrap=True)
        self.methods = {name: QCheckBox(name) for name in methods}
        self.people = ElidedLabel("")
        self.certificates = Chip("")
        self.assistants = QSpinBox()
        self.assistants.setRange(0, 99)
        self.assistants.setFixedWidth(62)
        self.assistants.setAlignment(theme.ALIGN_CENTER)
        self.assistants.setAccessibleName("协助人数")
        self.entered_by = QLineEdit()
        self.entered_by.setFixedWidth(92)
        self.entered_by.setAccessibleName("录入人")
        self.items = ItemGrid()
        self.conclusion = ConclusionPicker()
        self.suggestion = label("", "small", wrap=True)
        self.finding = QPlainTextEdit()
        self.finding.setFixedHeight(48)
        self.finding.setTabChangesFocus(True)
        self.measure = QLineEdit()
        self.rectify_by = DateEdit()
        self.rectify_by.setFixedWidth(112)
        self.rectify_days = label("", "secondary")
        self.rectify_reason, self.rectify_stage = QLineEdit(), QLineEdit()
        self.rectify_reason.setPlaceholderText("为什么要超过细则规定的期限")
        self.rectify_reason.setAccessibleName("超期原因")
        self.rectify_stage.setPlaceholderText("现在做到哪一步")
        self.rectify_stage.setAccessibleName("阶段进展")
        self.document_no = QLineEdit()
        self.document_no.setFixedWidth(176)
        self.document_no.setPlaceholderText("如 责改〔2026〕14 号")
        self.files = QHBoxLayout()
        self.files.setSpacing(8)
        self.national = NationalPanel()

    def _head(self) -> QFrame:
        head = QFrame()
        head.setObjectName("cardHead")
        whole = QVBoxLayout(head)
        whole.setContentsMargins(20, 12, 20, 8)
        whole.setSpacing(6)
        row = QHBoxLayout()
        whole.addLayout(row)
        self.course = CourseBar()
        whole.addWidget(self.course)
        words = QVBoxLayout()
        words.setSpacing(3)
        first = QHBoxLayout()
        first.setSpacing(8)
        self.name = ElidedLabel("", "section")
        self.category = Chip("", Tone.INFO)
        first.addWidget(self.name, 1)
        first.addWidget(self.category)
        words.addLayout(first)
        second = QHBoxLayout()
        second.setSpacing(14)
        self.code = label("")
        self.code.setStyleSheet(_CODE_STYLE)
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.drawn = ElidedLabel("", "small")
        second.addWidget(self.code)
        second.addWidget(self.drawn, 1)
        words.addLayout(second)
        row.addLayout(words, 1)
        right = QVBoxLayout()
        right.setSpacing(3)
        self.due = label("", "strong")
        self.saved = label("", "small")
        for each in (self.due, self.saved):
            each.setAlignment(theme.ALIGN_RIGHT)
            right.addWidget(each)
        row.addSpacing(16)
        row.addLayout(right)
        return head

    def _body(self) -> QScrollArea:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setObjectName("formBody")
        inside.setStyleSheet(f"#formBody {{ background: {LIGHT.surface}; }}")
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(16, 12, 20, 12)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnMinimumWidth(0, _LABEL)
        self._grid.setColumnStretch(1, 1)
        self.banner = Banner(Tone.DANGER, "")
        self._grid.addWidget(self.banner, 0, 0, 1, 2)
        self._add_rows()
        area.setWidget(inside)
        self._area = area
        return area

    def _add_rows(self) -> None:
        self._row(
            "检查日期",
            _line(
                self.inspected_on,
                self.weekday,
                label("到场", "secondary"),
                self.arrived,
                label("离开", "secondary"),
                self.left,
                label("形式", "secondary"),
                self.way,
            ),
            ("inspected_on", "arrived", "left"),
            below=self.way_when,
        )
        self._row("检查方式", self._method_boxes(), ("methods",))
        self._row(
            "检查人员",
            _line(
                self.people,
                self.certificates,
                label("协助", "secondary"),
                self.assistants,
                label("人", "secondary"),
                label("录入", "secondary"),
                self.entered_by,
                stretch=self.people,
            ),
            ("inspectors", "assistants", "entered_by"),
            required=False,
        )
        self._row("逐项检查", self.items, ("items",))
        self._row(
            "结论",
            self.conclusion,
            ("conclusion",),
            below=self.suggestion,
        )
        self.finding_row = self._row("发现问题", self.finding, ("finding",))
        self.rectify_parts = _group(
            label("期限", "secondary"),
            self.rectify_by,
            self.rectify_days,
            label("文书号", "secondary"),
            self.document_no,
        )
        self.measure_row = self._row(
            "处理措施",
            _line(self.measure, self.rectify_parts, stretch=self.measure),
            ("measure", "rectify_by", "document_no"),
        )
        self.late_row = self._row(
            "超期原因",
            _even(self.rectify_reason, label("阶段进展", "secondary"), self.rectify_stage),
            ("rectify_reason", "rectify_stage"),
        )
        shelf = QWidget()
        shelf.setFixedHeight(32)
        self.files.setContentsMargins(0, 0, 0, 0)
        shelf.setLayout(self.files)
        self._row("附件", shelf, (), required=False)
        self._add_national()
        self.after = ResultAfter()
        self.after.wanted.connect(self.step_wanted.emit)
        self.after.file_opened.connect(self.file_opened.emit)
        self._grid.addWidget(self.after, self._grid.rowCount(), 0, 1, 2)
        self._grid.setRowStretch(self._grid.rowCount(), 1)

    def _add_national(self) -> None:
        at = self._grid.rowCount()
        message = label("", "error", wrap=True)
        message.hide()
        self._grid.addWidget(self.national, at, 0, 1, 2)
        self._grid.addWidget(message, at + 1, 1)
        for name in (*self.national.texts, *self.national.days, "identity", "recusal"):
            self._errors.setdefault(name, message)
        self._errors["assistants_fixed"] = message
        self._national_error = message

    def _row(
        self,
        words: str,
        field: QWidget | QLayout,
        errors: tuple[str, ...],
        *,
        required: bool = True,
        below: QWidget | None = None,
    ) -> tuple[QWidget, QWidget]:
        at = self._grid.rowCount()
        heading = QWidget()
        row = QHBoxLayout(heading)
        row.setContentsMargins(0, 7, 0, 0)
        row.setSpacing(3)
        row.addStretch(1)
        star = label("*" if required else "", "required")
        row.addWidget(star)
        row.addWidget(label(words, "secondary"))
        self._grid.addWidget(heading, at, 0, Qt.AlignmentFlag.AlignTop)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 3)
        column.setSpacing(1)
        if isinstance(field, QLayout):
            column.addLayout(field)
        else:
            column.addWidget(field)
        if below is not None:
            column.addWidget(below)
        message = label("", "error", wrap=True)
        message.hide()
        column.addWidget(message)
        for name in errors:
            self._errors[name] = message
        self._grid.addWidget(holder, at, 1)
        return heading, holder

    def _method_boxes(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 3, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(0)
        for number, box in enumerate(self.methods.values()):
            grid.addWidget(box, number // _METHODS_ACROSS, number % _METHODS_ACROSS)
        grid.setColumnStretch(_METHODS_ACROSS, 1)
        return grid

    def _foot(self) -> QFrame:
        foot = QFrame()
        foot.setObjectName("cardFoot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 10, 20, 10)
        row.setSpacing(6)
        self._hints = QWidget()
        hints = QHBoxLayout(self._hints)
        hints.setContentsMargins(0, 0, 0, 0)
        hints.setSpacing(6)
        for keys, words in (("1 2 3", "逐项选择"), ("Ctrl+S", "存草稿"), ("Ctrl+Enter", "提交")):
            key = label(keys, "key")
            key.setFixedHeight(20)
            hints.addWidget(key)
            hints.addWidget(label(words, "small"))
            hints.addSpacing(8)
        row.addWidget(self._hints)
        row.addStretch(1)
        self.missing = label("", "small")
        row.addWidget(self.missing)
        row.addSpacing(6)
        self.save_button = button("存草稿", self.save_wanted.emit)
        self.submit_button = primary_button("提交复核，录下一家", self.submit_wanted.emit)
        row.addWidget(self.save_button)
        row.addWidget(self.submit_button)
        return foot

    def _connect(self) -> None:
        for edit in (
            self.arrived, self.left, self.entered_by, self.measure, self.document_no,
            self.rectify_reason, self.rectify_stage,
        ):  # fmt: skip
            edit.textEdited.connect(self._on_edited)
        self.inspected_on.textEdited.connect(self._on_edited)
        self.rectify_by.textEdited.connect(self._on_edited)
        self.finding.textChanged.connect(self._on_edited)
        self.way.currentIndexChanged.connect(self._on_edited)
        self.assistants.valueChanged.connect(self._on_edited)
        for box in self.methods.values():
            box.toggled.connect(self._on_edited)
        self.national.edited.connect(self._on_edited)
        self.items.edited.connect(self._on_ticked)
        self.conclusion.picked.connect(self._on_concluded)
        for keys, signal in (
            ("Ctrl+S", self.save_wanted),
            ("Ctrl+Return", self.submit_wanted),
            ("Ctrl+Enter", self.submit_wanted),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(signal.emit)
        for each in (self.arrived, self.left):
            each.installEventFilter(self)

    # -- filling -----------------------------------------------------------

    @property
    def form(self) -> ResultForm | None:
        """What is shown."""
        return self._form

    def show_form(self, form: ResultForm, category: str, today: date, actor: str) -> None:
        """Show a task's result from the beginning; ``actor`` enters it unless somebody did."""
        self._filling = True
        self._rest.stop()
        self._latest.stop()
        self._form, self._today = form, today
        self._show_head(form, category)
        self._show_entry(form.entry)
        self.entered_by.setText(form.entry.entered_by or actor)
        self._show_people(form)
        self.national.show_given(form.entry.formalities, form.layer, form.visits)
        self.national.fold(True)
        self.show_files(form.attachments)
        self._conclusion_chosen = form.entry.conclusion is not None
        self.dirty = False
        self._filling = False
        reason = form.task.return_reason
        told = f"退回：{reason}" if reason else ""
        if form.task.sent_back:
            told = f"{told}\n平台退回：{form.task.sent_back}".strip()
        self.banner.setVisible(bool(told))
        if told:
            self.banner.show_message(Tone.DANGER, told)
        self.show_problems(())
        self._show_state()
        self._area.verticalScrollBar().setValue(0)

    def warn(self, words: str) -> None:
        """Say what will stand against submitting, above whatever the banner says already."""
        said = self.banner.text.text() if self.banner.isVisibleTo(self) else ""
        self.banner.show_message(Tone.WARN, f"{words}\n{said}".strip())
        self.banner.show()

    def show_saved(self, words: str) -> None:
        """Say when the draft was saved."""
        self.saved.setText(words)

    def _show_head(self, form: ResultForm, category: str) -> None:
        task = form.task
        self.name.set_text(task.shown_name)
        self.category.show_state(category, Tone.INFO)
        self.code.setText(task.target_code)
        self.code.setVisible(bool(task.target_code))
        self.drawn.set_text(f"{task.draw_no} 抽中，序号 {task.serial}，{task.team}")
        left = (task.due_on - self._today).days
        ends = "就是今天" if left == 0 else f"还有 {left} 天" if left > 0 else f"逾期 {-left} 天"
        self.due.setText(f"{day_in_words(task.due_on)}前录入，{ends}")
        self.due.setStyleSheet(f"color: {LIGHT.danger};" if left < 0 else "")
        at = form.entered_at
        self.saved.setText(f"草稿已保存 {at.astimezone():%m-%d %H:%M}" if at else "")

    def _show_entry(self, entry: ResultEntry) -> None:
        self.inspected_on.set_value(entry.inspected_on)
        self.arrived.setText(entry.arrived)
        self.left.setText(entry.left)
        self.way.setCurrentIndex(self.way.findData(entry.way))
        for name, box in self.methods.items():
            box.setChecked(name in entry.methods)
        self.assistants.setValue(entry.assistants)
        self.items.show_items(entry.items)
        self.conclusion.set_value(entry.conclusion)
        self.finding.setPlainText(entry.finding)
        self.measure.setText(entry.measure)
        self.rectify_by.set_value(entry.rectify_by)
        self.rectify_reason.setText(entry.rectify_reason)
        self.rectify_stage.setText(entry.rectify_stage)
        self.document_no.setText(entry.document_no)

    def _show_people(self, form: ResultForm) -> None:
        names = [each.name for each in form.certificates]
        if names:
            names[0] = f"{names[0]}（牵头）"
        self.people.set_text("、".join(names) or "无人可派")

    def show_files(self, files: Sequence[AttachedFile]) -> None:
        """The attachments as chips, and 添加."""
        clear_layout(self.files)
        for each in files[:3]:
            self.files.addWidget(self._file_chip(each))
        if len(files) > 3:
            words = f"全部 {len(files)} 个…"
            self.files.addWidget(link_button(words, self.all_files_wanted.emit))
        self.add_file = link_button("添加", self.files_wanted.emit, "plus")
        self.files.addWidget(self.add_file)
        self.files.addStretch(1)

    def _file_chip(self, file: AttachedFile) -> QFrame:
        chip = QFrame()
        chip.setObjectName("quiet")
        row = QHBoxLayout(chip)
        row.setContentsMargins(8, 2, 2, 2)
        row.setSpacing(4)
        stem = Path(file.name)
        shown = file.name if len(file.name) <= 18 else f"{stem.stem[:12]}…{stem.suffix}"
        name = link_button(shown, lambda: self.file_opened.emit(file), "paperclip")
        name.setToolTip(file.name)
        row.addWidget(name)
        row.addWidget(label(size_words(file.size), "small"))
        row.addWidget(
            icon_button("close", f"去掉 {file.name}", lambda: self.file_removed.emit(file.id))
        )
        return chip

    # -- asking ------------------------------------------------------------

    def entry(self) -> ResultEntry:
        """What is typed now."""
        form = self._form
        if form is None:
            return ResultEntry()
        return replace(
            form.entry,
            inspected_on=self.inspected_on.value,
            arrived=_clock_time(self.arrived.text()),
            left=_clock_time(self.left.text()),
            way=self.way.currentData() or Way.ON_SITE,
            methods=tuple(name for name, box in self.methods.items() if box.isChecked()),
            items=self.items.items(),
            conclusion=self.conclusion.value,
            finding=self.finding.toPlainText().strip(),
            measure=self.measure.text().strip(),
            rectify_by=self.rectify_by.value,
            rectify_reason=self.rectify_reason.text().strip(),
            rectify_stage=self.rectify_stage.text().strip(),
            document_no=self.document_no.text().strip(),
            assistants=self.assistants.value(),
            entered_by=self.entered_by.text().strip(),
            formalities=replace(
                self.national.value(),
                scanned_at=_clock_time(self.national.texts["scanned_at"].text()),
            ),
        )

    def problems(self) -> tuple[FieldProblem, ...]:
        """What still stands against submitting."""
        form = self._form
        if form is None:
            return ()
        unreadable = [
            FieldProblem(name, edit.error())
            for name, edit in (
                ("inspected_on", self.inspected_on),
                ("rectify_by", self.rectify_by),
            )
            if edit.error()
        ]
        unreadable += [FieldProblem(*each) for each in self.national.unreadable()]
        task = Task(
            drawn_on=form.drawn_on,
            today=self._today,
            certificates=form.certificates,
            layer=form.layer,
            longest=self._longest(self.inspected_on.value),
        )
        return (*unreadable, *check_entry(self.entry(), task))

    def show_problems(self, problems: Sequence[FieldProblem]) -> None:
        """Sentences under their fields; the first one is brought into sight."""
        first: QLabel | None = None
        for message in set(self._errors.values()):
            own = [p.message for p in problems if self._errors.get(p.field) is message]
            message.setText(own[0] if own else "")
            message.setVisible(bool(own))
        for problem in problems:
            first = first or self._errors.get(problem.field)
        if any(self._errors.get(each.field) is self._national_error for each in problems):
            self.national.fold(False)
        if first is not None:
            self._area.ensureWidgetVisible(first, 0, 60)

    # -- reacting ----------------------------------------------------------

    def _on_ticked(self) -> None:
        if not self._conclusion_chosen and not self._filling:
            # Follows the items until a person chose for herself.
            self.conclusion.set_value(suggested_conclusion(self.entry()))
            self._prefill_measure()
        self._on_edited()

    def _on_concluded(self) -> None:
        self._conclusion_chosen = True
        self._prefill_measure()
        self._on_edited()

    def _prefill_measure(self) -> None:
        if self.conclusion.value is Conclusion.ORDERED and not self.measure.text():
            self.measure.setText("责令限期整改")

    def _on_edited(self) -> None:
        if self._filling:
            return
        self.dirty = True
        self._rest.start()
        if not self._latest.isActive():
            self._latest.start()
        self._show_state()

    def _on_rested(self) -> None:
        self._rest.stop()
        self._latest.stop()
        self.paused.emit()

    def _show_state(self) -> None:
        entry = self.entry()
        when = self._when.get(entry.way.value, "")
        self.way_when.setText(when)
        self.way_when.setVisible(bool(when))
        day = entry.inspected_on
        self.weekday.setText(f"周{_WEEKDAYS[day.weekday()]}" if day else "")
        if entry.rectify_by and day:
            self.rectify_days.setText(f"{(entry.rectify_by - day).days} 天")
        else:
            self.rectify_days.setText("")
        self._show_consequences(entry)
        self._show_hint(entry.conclusion)
        self._show_certificates(day)
        self.national.show_state(
            _clock_time(self.arrived.text()), on_site=entry.on_site, assistants=entry.assistants
        )
        missing = len(self.problems())
        self.missing.setText(f"还差 {missing} 项" if missing else "可以提交")

    def _show_hint(self, conclusion: Conclusion | None) -> None:
        told = self._told.get(conclusion, "") if conclusion is not None else ""
        by_items = "" if self._conclusion_chosen else "按逐项结果建议，可改"
        words = "；".join(each for each in (by_items, told) if each)
        self.suggestion.setText(words)
        self.suggestion.setVisible(bool(words))

    def _show_consequences(self, entry: ResultEntry) -> None:
        """Only what the conclusion asks for is there to be filled in."""
        conclusion = entry.conclusion
        violation = conclusion is not None and conclusion.violation
        said = violation or (conclusion is not None and not conclusion.inspected)
        for each in self.finding_row:
            each.setVisible(said)
        for each in self.measure_row:
            each.setVisible(violation)
        ordered = conclusion is Conclusion.ORDERED
        self.rectify_parts.setVisible(ordered)
        longest = self._longest(entry.inspected_on)
        late = longest is not None and entry.rectify_by is not None and entry.rectify_by > longest
        for each in self.late_row:
            each.setVisible(ordered and late)

    def _show_certificates(self, day: date | None) -> None:
        form = self._form
        if form is None:
            return
        wrong = [each.problem(day or self._today) for each in form.certificates]
        bad = next((words for words in wrong if words), "")
        self.certificates.show_state(
            "证件有问题" if bad else "证件有效", Tone.DANGER if bad else Tone.OK
        )
        self.certificates.setToolTip(bad)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FocusOut and isinstance(watched, QLineEdit):
            watched.setText(_clock_time(watched.text()))
        return False


def _clock_edit(name: str) -> QLineEdit:
    edit = QLineEdit()
    edit.setPlaceholderText("09:40")
    edit.setMaxLength(5)
    edit.setFixedWidth(64)
    edit.setAccessibleName(name)
    return edit


def _clock_time(text: str) -> str:
    """940 from the number pad is 09:40; anything else stays as it is."""
    text = text.strip().replace("：", ":")
    if text.isascii() and text.isdigit() and len(text) in (3, 4):
        digits = text.zfill(4)
        return f"{digits[:2]}:{digits[2:]}"
    return text


def _line(*widgets: QWidget, stretch: QWidget | None = None) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for each in widgets:
        row.addWidget(each, 1 if each is stretch else 0)
    if stretch is None:
        row.addStretch(1)
    return row


def _even(first: QWidget, between: QWidget, second: QWidget) -> QHBoxLayout:
    row = _line(first, between, second, stretch=first)
    row.setStretchFactor(second, 1)
    return row


def _group(*widgets: QWidget) -> QWidget:
    """Several fields that come and go together."""
    holder = QWidget()
    row = _line(*widgets)
    row.setContentsMargins(0, 0, 0, 0)
    holder.setLayout(row)
    return holder
