"""公示事务: what is kept back or taken down, outcomes of cases, reviews, what is passed on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.db.read import public_matters as lists
from app.db.read import publications
from app.db.read.public_matters import OutcomeRow, ReviewRow
from app.db.read.publications import PublicationBoard, PublicationRow
from app.domain.periods import Period
from app.domain.publicity import ExemptionKind, ReviewOutcome
from app.services.paperwork import result_papers
from app.services.public import kept_files, publishing
from app.services.public import public_matters as matters
from app.services.public.kept_files import KeptFile
from app.services.public.public_files import PublicKind
from app.services.tasks import following
from app.services.tasks.following import RewordCase
from app.services.workspace import Workspace
from app.ui.dialogs.asking import Asking, day, line, paragraph, pick, tick
from app.ui.dialogs.following import ask_outcome_published
from app.ui.dialogs.preview import show_file
from app.ui.dialogs.public_file import EXCEL, PRINT, PublicFileDialog, Scope
from app.ui.list_export import ask_export
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import operation, query
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import EmptyState, FormDialog, button, label, link_button, primary_button
from app.ui.widgets.page import Toaster

__all__ = ["PublicMattersDialog"]


def _standing(row: PublicationRow) -> str:
    if row.published_on is not None:
        return "已公示"
    if row.exempt:
        return "不公示"
    return "待公示" if row.wording else "按细则不公示"


def _is_public(row: object) -> bool:
    return isinstance(row, PublicationRow) and _standing(row) in {"已公示", "待公示"}


def _tone(row: PublicationRow) -> Tone:
    return {"已公示": Tone.OK, "待公示": Tone.WARN}.get(_standing(row), Tone.INFO)


_RESULTS = (
    Column("serial", "抽取序号", ColumnKind.CODE, width=110),
    Column("name", "检查对象", width=200, stretch=True, value=lambda row: row.task.shown_name),
    Column("inspected_on", "检查日期", ColumnKind.DATE, value=lambda row: row.task.inspected_on),
    Column("wording", "公示结果", width=190),
    Column("standing", "公示", ColumnKind.CHIP, width=116, value=_standing, tone=_tone),
    Column("published_on", "公示日期", ColumnKind.DATE),
    Column("exempt", "不公示的理由", width=190),
)
_OUTCOMES = (
    Column("name", "检查对象", width=200, stretch=True),
    Column("case_no", "立案号", width=150),
    Column("outcome", "查处结果", width=220),
    Column("decision_no", "决定文号", width=150),
    Column("ended_on", "决定日期", ColumnKind.DATE),
    Column(
        "published_on",
        "公示日期",
        ColumnKind.DATE,
        width=116,
        sub=lambda row: "结果已撤下" if row.left else "",
        tone=lambda row: Tone.DANGER if row.left else Tone.NORMAL,
        tip="标“结果已撤下”的，抽查结果已撤下或作废而查处结果还公开着，请撤下",
    ),
)
_OUTCOMES_TAB = "查处结果"
_REVIEWS_TAB = "复查申请"
_REVIEWS = (
    Column("serial", "抽取序号", ColumnKind.CODE, width=110),
    Column("target", "检查对象", width=180, stretch=True),
    Column("applicant", "申请人", width=120),
    Column("matter", "事由", width=180),
    Column("received_on", "收到日期", ColumnKind.DATE),
    Column(
        "open_until",
        "申请时限",
        ColumnKind.DATE,
        width=116,
        sub=lambda row: "按推算" if row.estimated else "",
        tone=lambda row: Tone.DANGER if row.late else Tone.NORMAL,
        tip="最后一天在还没有公布放假安排的年份里时按推算；录入那一年的安排后重新计算",
    ),
    Column("outcome", "答复", width=110, value=lambda row: row.outcome and row.outcome.label),
    Column("answered_on", "答复日期", ColumnKind.DATE),
)
_TAKEN_DOWN = (
    Column("serial", "抽取序号", ColumnKind.CODE, width=110),
    Column("target", "检查对象", width=200, stretch=True),
    Column("published_on", "公示日期", ColumnKind.DATE),
    Column("place", "公示地方", width=140),
    Column("wording", "公示的内容", width=150),
    Column("on", "撤下日期", ColumnKind.DATE),
    Column("reason", "理由", width=200),
    Column("approved_by", "批准人", width=90),
)
_PASSED_ON = (
    Column("name", "检查对象", width=200, stretch=True),
    Column("code", "代码", ColumnKind.CODE),
    Column("inspected_on", "检查日期", ColumnKind.DATE),
    Column("conclusion", "结论", width=180),
    Column("decision_no", "处罚决定文号", width=140),
    Column("receivers", "推送给", width=240),
)


@dataclass(frozen=True, slots=True)
class _Found:
    board: PublicationBoard
    outcomes: tuple[OutcomeRow, ...]
    reviews: tuple[ReviewRow, ...]
    taken_down: tuple[object, ...]
    passed_on: tuple[object, ...]


class PublicMattersDialog(QDialog):
    """Five lists of a period, each with what can be done to its rows; ``jumped``: the key of a
    row somebody goes to mend."""

    jumped = Signal(str)

    def __init__(
        self, parent: QWidget | None, workspace: Workspace, toast: Toaster, period: str
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("公示事务")
        self.workspace, self._toast, self.period = workspace, toast, period
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 16, 20, 14)
        outer.setSpacing(10)
        self.said = label("", "secondary")
        outer.addWidget(self.said)
        self.tabs = QTabWidget()
        outer.addWidget(self.tabs, 1)
        self.results = self._list(
            "结果公示",
            _RESULTS,
            "还没有锁定的结果。",
            (
                ("不公示…", self._exempt),
                ("恢复公示…", self._lift),
                ("撤下公示…", self._take_down),
                ("收到复查申请…", self._receive),
            ),
            PublicKind.RESULTS,
        )
        self.outcomes = self._list(
            _OUTCOMES_TAB,
            _OUTCOMES,
            "结果已公示的案件有了处理结果，就列在这里，作第二次公示。",
            (
                ("登记公示…", self._publish_outcome),
                ("改公示文字…", self._reword),
                ("撤下公示…", self._take_down_outcome),
            ),
            PublicKind.OUTCOMES,
        )
        self.reviews = self._list(
            _REVIEWS_TAB,
            _REVIEWS,
            "没有复查申请。收到以后，在“结果公示”里选中那一家，点“收到复查申请…”。",
            (
                ("答复…", self._answer),
                ("打印答复书", self.print_answer),
                ("去更正结果", self._correct),
            ),
            None,
        )
        self.taken_down = self._list("已撤下", _TAKEN_DOWN, "没有撤下过公示。", (), None)
        self.passed_on = self._list(
            "推送名单", _PASSED_ON, "还没有可以推送的结果。", (), PublicKind.PASSED_ON
        )
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(primary_button("关闭", self.accept))
        outer.addLayout(foot)
        self.setStyleSheet(f"QDialog {{ background: {LIGHT.surface}; }}")
        self.resize(1180, 600)
        self.refresh()

    def _list(
        self,
        title: str,
        columns: Sequence[Column],
        nothing: str,
        actions: Sequence[tuple[str, Callable[[], None]]],
        kind: PublicKind | None,
    ) -> PlainTable:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 8, 0, 0)
        table = PlainTable(columns, name=f"public-{self.tabs.count()}", empty=EmptyState(nothing))
        column.addWidget(table, 1)
        row = QHBoxLayout()
        for words, run in actions:
            act = button(words, run)
            act.setEnabled(False)
            table.current_changed.connect(lambda found, act=act: act.setEnabled(found is not None))
            row.addWidget(act)
        row.addStretch(1)
        row.addWidget(link_button("复制", table.copy_selection, "copy"))
        row.addWidget(link_button("导出 Excel", lambda: self._export(title, table), "download"))
        if kind is not None:
            row.addWidget(button("存为文件…", lambda: self.show_file(kind, EXCEL), "download"))
            row.addWidget(button("预览和打印…", lambda: self.show_file(kind, PRINT), "print"))
        column.addLayout(row)
        self.tabs.addTab(page, title)
        return table

    def show_reviews(self) -> None:
        """Open at 复查申请."""
        self._show_tab(_REVIEWS_TAB)

    def show_outcomes(self) -> None:
        """Open at 查处结果."""
        self._show_tab(_OUTCOMES_TAB)

    def _show_tab(self, title: str) -> None:
        titles = [self.tabs.tabText(at) for at in range(self.tabs.count())]
        self.tabs.setCurrentIndex(titles.index(title))

    # -- filling -----------------------------------------------------------

    @property
    def today(self) -> date:
        """The workspace clock's day."""
        return self.workspace.clock().astimezone().date()

    def refresh(self) -> None:
        """Read the lists again."""
        read, period = self.workspace.read, self.period

        def fetch() -> _Found:
            kept = set(read(publications.exemptions))
            return _Found(
                read(publishing.board, period),
                (*read(lists.left_public, period), *read(lists.outcomes, kept, period)),
                read(matters.reviews),
                read(lists.withdrawals),
                read(lists.passed_on, kept, period),
            )

        query(self, fetch).key("matters").success(self._show).run_in_background()

    def _show(self, found: _Found) -> None:
        board = found.board
        self.results.set_rows((*board.due, *board.published, *board.exempt))
        self.outcomes.set_rows(found.outcomes)
        self.reviews.set_rows(found.reviews)
        self.taken_down.set_rows(found.taken_down)
        self.passed_on.set_rows(found.passed_on)
        due, done = len(board.due), len(board.published)
        share = f"，公示率 {done * 100 / (due + done):.1f}%" if due + done else ""
        period = Period.parse(self.period).in_words() if self.period else "全部期间"
        self.said.setText(
            f"{period}：待公示 {due} 家，已公示 {done} 家，不公示 {len(board.exempt)} 家{share}"
        )

    # -- forms -------------------------------------------------------------

    def _asking(self, done: str) -> Asking:
        def then(_outcome: object) -> None:
            self._toast(done)
            self.refresh()

        return Asking(parent=self, workspace=self.workspace, today=self.today, then=then)

    def _result(self) -> PublicationRow | None:
        row = self.results.current_row()
        return row if isinstance(row, PublicationRow) else None

    def _exempt(self) -> None:
        row = self._result()
        if row is not None:
            self.form = ask_exemption(self._asking("已登记不公示"), row)

    def _lift(self) -> None:
        row = self._result()
        if row is not None:
            self.form = ask_lift(self._asking("已恢复为待公示"), row)

    def _take_down(self) -> None:
        row = self._result()
        if row is not None:
            cases = (each for each in self.outcomes.rows() if isinstance(each, OutcomeRow))
            with_outcome = any(each.result_id == row.id and each.published_on for each in cases)
            asking = self._asking("已登记撤下，回到待公示")
            self.form = ask_taken_down(asking, row, with_outcome=with_outcome)

    def _receive(self) -> None:
        row = self._result()
        if row is not None:
            self.form = ask_review(self._asking("已登记复查申请"), row)

    def _answer(self) -> None:
        row = self.reviews.current_row()
        if isinstance(row, ReviewRow):
            self.form = ask_answer(self._asking("已登记答复"), row)

    def print_answer(self) -> None:
        """复查答复书 of the chosen application, seen first."""
        row = self.reviews.current_row()
        if not isinstance(row, ReviewRow):
            return
        workspace, command = self.workspace, result_papers.PrintReviewAnswer(row.id)
        operation(self, lambda: workspace.write(result_papers.print_review_answer, command)).key(
            "answer"
        ).progress("正在生成复查答复书").success(
            lambda made: show_file(self, made.path)
        ).run_in_background()

    def _correct(self) -> None:
        """Where the correction of the reviewed result is applied for."""
        row = self.reviews.current_row()
        if isinstance(row, ReviewRow):
            self._jump(f"results:{row.result_id}")

    def _publish_outcome(self) -> None:
        row = self.outcomes.current_row()
        if isinstance(row, OutcomeRow):
            read, held = self.workspace.read, (row.result_id,)
            query(self, lambda: read(kept_files.made_of, PublicKind.OUTCOMES.value, held)).key(
                "files"
            ).success(lambda files: self._ask_outcome(row, files)).run_in_background()

    def _ask_outcome(self, row: OutcomeRow, files: Sequence[KeptFile]) -> None:
        self.form = ask_outcome_published(self._asking("查处结果已登记公示"), row, files)

    def _reword(self) -> None:
        row = self.outcomes.current_row()
        if isinstance(row, OutcomeRow):
            self.form = ask_reworded(self._asking("公示文字已改"), row)

    def _take_down_outcome(self) -> None:
        row = self.outcomes.current_row()
        if isinstance(row, OutcomeRow):
            self.form = ask_outcome_taken_down(self._asking("已登记撤下查处结果"), row)

    def _export(self, title: str, table: PlainTable) -> None:
        keys = [column.key for column in table.visible_columns()]
        ask_export(self, self._toast, title, table, table.model.ids, keys, self.today)

    # -- files -------------------------------------------------------------

    def show_file(self, kind: PublicKind, form: str) -> None:
        """Make one list a file or a paper: the count and what stands in the way first."""
        counts = {
            PublicKind.RESULTS: sum(1 for row in self.results.rows() if _is_public(row)),
            PublicKind.OUTCOMES: sum(
                1 for row in self.outcomes.rows() if isinstance(row, OutcomeRow) and not row.left
            ),
            PublicKind.PASSED_ON: len(self.passed_on.rows()),
        }
        period = Period.parse(self.period).in_words() if self.period else "全部期间"
        self.making = PublicFileDialog(
            self,
            self.workspace,
            self._toast,
            what=kind,
            period=self.period,
            scopes=(Scope(f"{period}的全部 {counts[kind]} 家", None),),
            form=form,
        )
        self.making.jumped.connect(self._jump)
        self.making.open()

    def _jump(self, key: str) -> None:
        self.accept()
        self.jumped.emit(key)


# --- the forms --------------------------------------------------------------------------------


def ask_exemption(asking: Asking, row: PublicationRow) -> FormDialog:
    """不公示: why, and who answers for it."""
    fields = (
        pick("kind", "情形", tuple(ExemptionKind)),
        paragraph("reason", "理由"),
        line("approved_by", "批准人"),
        day("on", "批准日期"),
    )

    def command(kind: str, **typed: Any) -> matters.Exempt:
        return matters.Exempt(result_id=row.id, kind=ExemptionKind(kind), **typed)

    title = f"不公示：{row.task.shown_name}"
    return asking.ask(title, fields, matters.exempt, command, on=asking.today)


def ask_lift(asking: Asking, row: PublicationRow) -> FormDialog:
    """恢复公示."""

    def command(**typed: Any) -> matters.LiftExemption:
        return matters.LiftExemption(result_id=row.id, **typed)

    title = f"恢复公示：{row.task.shown_name}"
    return asking.ask(title, (paragraph("reason", "理由"),), matters.lift_exemption, command)


def ask_taken_down(asking: Asking, row: PublicationRow, *, with_outcome: bool) -> FormDialog:
    """撤下公示; ``with_outcome``: the outcome of its case is public as well."""
    fields = [paragraph("reason", "理由"), line("approved_by", "批准人"), day("on", "撤下日期")]
    if with_outcome:
        fields.append(tick("outcome", "这家的查处结果也公示着，已一并撤下"))

    def command(**typed: Any) -> matters.TakeDown:
        return matters.TakeDown(result_id=row.id, **typed)

    title = f"撤下公示：{row.task.shown_name}"
    return asking.ask(title, fields, matters.take_down, command, on=asking.today, outcome=True)


def ask_outcome_taken_down(asking: Asking, row: OutcomeRow) -> FormDialog:
    """撤下查处结果的公示."""
    fields = (paragraph("reason", "理由"), line("approved_by", "批准人"), day("on", "撤下日期"))

    def command(**typed: Any) -> matters.TakeDownOutcome:
        return matters.TakeDownOutcome(case_id=row.id, **typed)

    title = f"撤下查处结果的公示：{row.name}"
    return asking.ask(title, fields, matters.take_down_outcome, command, on=asking.today)


def ask_reworded(asking: Asking, row: OutcomeRow) -> FormDialog:
    """案由 and 处理结果 in words that may be public."""
    fields = (
        paragraph("matter", "案由", optional=True),
        paragraph("outcome", "查处结果"),
        paragraph("reason", "更改的理由"),
    )

    def command(**typed: Any) -> RewordCase:
        return RewordCase(case_id=row.id, **typed)

    title = f"改公示文字：{row.name}"
    return asking.ask(
        title,
        fields,
        following.reword_case,
        command,
        action="更改",
        matter=row.matter,
        outcome=row.outcome,
    )


def ask_review(asking: Asking, row: PublicationRow) -> FormDialog:
    """复查申请, received."""
    fields = (
        line("applicant", "申请人"),
        paragraph("matter", "事由"),
        day("received_on", "收到日期"),
    )

    def command(**typed: Any) -> matters.ReceiveReview:
        return matters.ReceiveReview(result_id=row.id, **typed)

    title = f"复查申请：{row.task.shown_name}"
    return asking.ask(title, fields, matters.receive_review, command, received_on=asking.today)


def ask_answer(asking: Asking, row: ReviewRow) -> FormDialog:
    """复查申请, answered."""
    fields = (
        pick("outcome", "结果", tuple(ReviewOutcome)),
        paragraph("answer", "答复内容"),
        line("document_no", "文号", optional=True),
        day("on", "答复日期"),
    )

    def command(outcome: str, **typed: Any) -> matters.AnswerReview:
        return matters.AnswerReview(review_id=row.id, outcome=ReviewOutcome(outcome), **typed)

    title = f"答复复查申请：{row.target}"
    first = ReviewOutcome.REFUSED if row.late else ReviewOutcome.UPHELD
    return asking.ask(
        title, fields, matters.answer_review, command, on=asking.today, outcome=first.value
    )
