"""The right side of 检查结果 once a result was handed over: to be read, returned or locked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QScrollArea, QVBoxLayout, QWidget

from app.db.read.received import Origin
from app.db.read.result_file import ResultFile
from app.db.read.results import AttachedFile, ResultForm
from app.db.read.tasks import Progress
from app.domain.correction import CorrectionRules, CorrectionState
from app.domain.formalities import KINDS, RECUSALS, Formalities
from app.domain.inspection import GONE, Conclusion, ItemOutcome
from app.ui import theme
from app.ui.pages.result_after import NOTES, ResultAfter
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import (
    Banner,
    Chip,
    ElidedLabel,
    FactGrid,
    button,
    clear_layout,
    label,
    link_button,
    primary_button,
)
from app.ui.widgets.result_list import PROGRESS_TONES

__all__ = ["ResultReview"]

_OUTCOME_TONES = {
    ItemOutcome.OK: Tone.OK,
    ItemOutcome.PROBLEM: Tone.DANGER,
    ItemOutcome.NOT_APPLICABLE: Tone.INFO,
    None: Tone.NORMAL,
}
_COLUMNS = (
    Column("name", "检查事项", width=240, stretch=True),
    Column(
        "outcome",
        "情况",
        ColumnKind.CHIP,
        width=86,
        value=lambda item: item.outcome.label if item.outcome else "",
        tone=lambda item: _OUTCOME_TONES[item.outcome],
    ),
    Column("note", "说明", width=240, stretch=True),
)


class ResultReview(QFrame):
    """Facts in the order of the form; 退回 and 复核锁定, or 登记整改 once locked."""

    return_wanted = Signal()
    lock_wanted = Signal()
    rectified_wanted = Signal()
    step_wanted = Signal(str, object)
    """Anything else that follows: its name, and the thing it is about."""
    file_opened = Signal(object)

    def __init__(self, gone: str = "") -> None:
        """``gone``: what the rulebook wants for a target that is closed or moved away."""
        super().__init__()
        self._gone = gone
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
        self.facts = FactGrid(92)
        self.items = PlainTable(_COLUMNS)
        self.more = FactGrid(92)
        self.files = QVBoxLayout()
        self.files.setSpacing(4)
        self.sent_back = Banner(Tone.DANGER, "")
        self.sent_back.hide()
        column.addWidget(self.sent_back)
        column.addWidget(self.facts)
        column.addWidget(self.items)
        column.addWidget(self.more)
        column.addLayout(self.files)
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
        task, entry = form.task, form.entry
        self.sent_back.show_message(Tone.DANGER, f"平台退回：{task.sent_back}")
        self.sent_back.setVisible(bool(task.sent_back))
        self.name.set_text(task.shown_name)
        self.category.show_state(category, Tone.INFO)
        self.state.show_state(task.progress.label, PROGRESS_TONES[task.progress])
        self.drawn.set_text(f"{task.draw_no} 抽中，序号 {task.serial}，{task.team}")
        times = "–".join(each for each in (entry.arrived, entry.left) if each)
        people = "、".join(each.name for each in form.certificates)
        self.facts.show_facts(
            [
                ("代码", task.target_code),
                ("检查日期", f"{entry.inspected_on or ''} {times}".strip()),
                ("检查方式", "、".join((entry.way.label, *entry.methods))),
                ("检查人员", f"{people}；协助 {entry.assistants} 人"),
                ("录入", _when(entry.entered_by, form.entered_at)),
                *([("何处来", "、".join(each.words for each in origins))] if origins else []),
            ]
        )
        self.items.set_rows(entry.items)
        self.items.fit_height()
        self.items.setVisible(bool(entry.items))
        self._show_rest(form)
        self._show_files(form.attachments)

    def _show_rest(self, form: ResultForm) -> None:
        task, entry = form.task, form.entry
        rest = [("结论", entry.conclusion.label if entry.conclusion else "")]
        if entry.finding:
            rest.append(("情况", entry.finding))
        if entry.measure:
            rest.append(("处理措施", entry.measure))
        if entry.rectify_by:
            done = f"，{task.rectified_on} 完成" if task.rectified_on else ""
            rest.append(("整改期限", f"{entry.rectify_by}{done}"))
        if entry.document_no:
            rest.append(("文书号", entry.document_no))
        rest += _formal_facts(entry.formalities, entry.arrived)
        if form.reviewed_by:
            rest.append(("复核", _when(form.reviewed_by, form.reviewed_at)))
        if task.published_on:
            rest.append(("公示", task.published_on.isoformat()))
        self.more.show_facts(rest)

    def _show_files(self, files: tuple[AttachedFile, ...]) -> None:
        clear_layout(self.files)
        if files:
            self.files.addWidget(label(f"附件 {len(files)} 个", "secondary"))
        for each in files:
            link = link_button(each.name, partial(self.file_opened.emit, each), "paperclip")
            self.files.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)

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
        self.alternate_button.setVisible(gone)
        under_way = any(each.state is CorrectionState.OPEN for each in file.corrections)
        self.correct_button.setVisible(locked)
        self.correct_button.setEnabled(not under_way)
        self.correct_button.setToolTip("已有一份在办理" if under_way else "")
        self.follow_button.setVisible(locked)
        self._fill_menu(file, ordered=ordered)
        words = "核对无误后锁定；锁定后不能再改。" if waiting else "已锁定，确有错误的走更正申请。"
        self.hint.set_text(f"{self._gone}；本结果保留。" if gone else words)

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

    def _offer(self, words: str, name: str, thing: object) -> None:
        action = self.follow_menu.addAction(words)
        action.triggered.connect(lambda _on=False: self.step_wanted.emit(name, thing))


def _when(name: str, at: datetime | None) -> str:
    return f"{name}，{at.astimezone():%Y-%m-%d %H:%M}" if at else name


def _formal_facts(given: Formalities, arrived: str) -> list[tuple[str, str]]:
    """国家层面手续 that are filled in, one line for each group."""
    kind = next((each.label for each in KINDS if each.value == given.kind), "")
    ticks = (
        (given.certificates_shown, "已出示执法证"),
        (given.basis_shown, "已说明依据"),
        (given.intent_told, "已告知意图"),
        (given.procedure_told, "已告知程序"),
    )
    recusal = next((each.label for each in RECUSALS if each.value == given.recusal), "")
    approval = [kind, given.source, given.basis] if given.approved or given.basis else []
    if given.approved:
        urgent = f"（紧急补办：{given.urgent_reason}）" if given.urgent else ""
        approval.append(
            f"{given.applied_by}申请，{given.approved_by}{given.approved_on}批准{urgent}"
        )
    notice = f"{given.notice_no}，{arrived or '到场'}送达" if given.notice_no else ""
    identity = [words for done, words in ticks if done]
    identity += [f"回避：{recusal}{given.recusal_note}"] if recusal else []
    identity += [f"{given.confirmed_by}现场确认"] if given.confirmed_by else []
    scan = f"{given.scanned_at} 已扫" if given.scanned_at else given.not_scanned
    told = f"{given.told_on} {given.told_how}".strip() if given.told_on else ""
    found = (
        ("检查审批", "，".join(part for part in approval if part)),
        ("通知书", notice),
        ("亮证告知", "，".join(identity)),
        ("扫码入企", scan),
        ("结果告知", told),
        ("不计频次", given.uncounted),
    )
    return [(name, words) for name, words in found if words]
