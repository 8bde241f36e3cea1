"""名录更新与审核: the running round step by step, and the rounds before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.db.read import attachments
from app.domain.fields import Field, FieldKind
from app.services import attaching
from app.services.attaching import Attach
from app.services.directories import rounds
from app.services.directories.rounds import (
    CHECKS,
    WORDS,
    HandOut,
    OpenRound,
    ProposeRound,
    ReopenRound,
    ReviewLine,
    ReviewRound,
    RoundView,
    TickCheck,
    WriteReport,
)
from app.ui.dialogs.files import ask_paper, ask_workbook, open_attachment, open_file
from app.ui.dialogs.frame import FrameDialog
from app.ui.tasks import operation, query
from app.ui.theme import Tone
from app.ui.widgets import (
    Chip,
    FormDialog,
    HashLabel,
    button,
    clear_layout,
    hairline,
    label,
    link_button,
    primary_button,
    small_button,
)

if TYPE_CHECKING:
    from app.services.workspace import Workspace

_TONES = {"open": Tone.WARN, "proposed": Tone.INFO, "in_force": Tone.OK}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opinion:
    organ: str
    name: str
    on: date | None
    document_no: str


_OPINION_FIELDS = (
    Field(name="organ", label="审核单位", required=True, width=20),
    Field(name="name", label="审核人", required=True, width=20),
    Field(name="on", label="审核日期", kind=FieldKind.DATE, required=True, width=20),
    Field(name="document_no", label="文号", width=20, hint="没有的留空"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reason:
    reason: str


class RoundsDialog(FrameDialog):
    """One round at a time: 核对清单 → 差异报告 → 报审 → 审核 → 生效."""

    def __init__(self, parent: QWidget, workspace: Workspace) -> None:
        super().__init__(parent, "名录更新与审核", 820, 640)
        self._workspace = workspace
        self._views: tuple[RoundView, ...] = ()
        head = QHBoxLayout()
        self.which = QComboBox()
        self.which.setMinimumWidth(260)
        self.which.setAccessibleName("哪一轮")
        self.which.currentIndexChanged.connect(lambda _at: self._show_chosen())
        head.addWidget(self.which)
        self.chip = Chip("")
        head.addWidget(self.chip)
        head.addStretch(1)
        self.open_button = button("开始新的一轮", self.begin, "plus")
        head.addWidget(self.open_button)
        self.body.addLayout(head)
        area = QScrollArea()
        area.setWidgetResizable(True)
        inside = QWidget()
        inside.setObjectName("pageBody")
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(0, 4, 8, 4)
        self.column.setSpacing(8)
        area.setWidget(inside)
        self.body.addWidget(area, 1)
        self.foot.addStretch(1)
        self.foot.addWidget(button("关闭", self.accept))
        self.step_button = primary_button("报审", self.propose)
        self.foot.addWidget(self.step_button)
        self.refresh()

    # -- showing ---------------------------------------------------------------

    @property
    def current(self) -> RoundView | None:
        """The round on show."""
        at = self.which.currentIndex()
        return self._views[at] if 0 <= at < len(self._views) else None

    def refresh(self) -> None:
        """Fetch all rounds."""
        query(self, lambda: self._workspace.read(rounds.rounds)).key("rounds").success(
            self._show
        ).failure(self.show_failure).run_in_background()

    def _show(self, views: tuple[RoundView, ...]) -> None:
        kept = self.current.id if self.current else None
        self._views = views
        self.which.blockSignals(True)
        self.which.clear()
        for each in views:
            self.which.addItem(f"{each.period_words}名录更新")
        at = next((n for n, each in enumerate(views) if each.id == kept), 0)
        self.which.setCurrentIndex(at if views else -1)
        self.which.blockSignals(False)
        self.which.setVisible(bool(views))
        self.open_button.setVisible(all(each.state == "in_force" for each in views))
        self._show_chosen()

    def _show_chosen(self) -> None:
        view = self.current
        clear_layout(self.column)
        self.chip.setVisible(view is not None)
        self.step_button.setVisible(view is not None and view.state == "open")
        if view is None:
            words = "还没有开始过名录更新。每轮更新把“一单两库”核对一遍，报审后生效，抽取以它为准。"
            self.column.addWidget(label(words, "secondary", wrap=True))
            self.column.addStretch(1)
            return
        self.chip.show_state(view.state_words, _TONES[view.state])
        self._add_when(view)
        self._add_checks(view)
        self._add_papers(view)
        self._add_reviews(view)
        self.column.addStretch(1)

    def _add_when(self, view: RoundView) -> None:
        lines = [f"{view.opened_on} {view.opened_by}开始，与{view.base.words}比较。"]
        if view.due_words:
            lines.append(f"期限：{view.due_words}。")
        if view.proposed_on:
            counts = "，".join(f"{WORDS[name]} {count}" for name, count in view.counts.items())
            lines.append(f"{view.proposed_on} 报审：{counts}。")
        if view.in_force_on:
            lines.append(f"{view.in_force_on} 生效，之后的抽取以这一轮名录为准。")
        self.column.addWidget(label("\n".join(lines), wrap=True))
        if view.digest:
            self.column.addWidget(label("报审名录的摘要", "small"))
            self.column.addWidget(HashLabel(view.digest))

    def _add_checks(self, view: RoundView) -> None:
        self.column.addWidget(hairline())
        self.column.addWidget(label("核对清单", "section"))
        self.boxes: dict[str, QCheckBox] = {}
        for code, words in CHECKS.items():
            done = view.checks.get(code, "")
            box = QCheckBox(f"{words}　{done}" if done else words)
            box.setChecked(bool(done))
            box.setEnabled(view.state == "open")
            box.toggled.connect(lambda on, which=code: self._tick(view.id, which, on))
            self.boxes[code] = box
            self.column.addWidget(box)

    def _add_papers(self, view: RoundView) -> None:
        self.column.addWidget(hairline())
        row = QHBoxLayout()
        row.setSpacing(8)
        for words, act in (
            ("打印差异报告", lambda: self.report(paper=True)),
            ("差异表 Excel", lambda: self.report(paper=False)),
            ("分发对象填报表", lambda: self.hand_out("targets")),
            ("分发人员填报表", lambda: self.hand_out("inspectors")),
        ):
            row.addWidget(small_button(words, act))
        row.addStretch(1)
        self.column.addLayout(row)

    def _add_reviews(self, view: RoundView) -> None:
        if view.state == "open":
            return
        self.column.addWidget(hairline())
        self.column.addWidget(label("审核", "section"))
        for each in view.reviews:
            self.column.addWidget(self._review_line(view, each))
        row = QHBoxLayout()
        scans = self._workspace.read(attachments.of_owner, "round", view.id)
        for scan in scans:
            row.addWidget(
                link_button(scan.name, partial(open_attachment, self, self._workspace, scan))
            )
        row.addWidget(link_button("附上审核件扫描", lambda: self._attach(view.id), "paperclip"))
        row.addStretch(1)
        if view.state == "proposed":
            row.addWidget(small_button("退回重报", lambda: self._ask_reopen(view)))
        self.column.addLayout(row)

    def _review_line(self, view: RoundView, each: ReviewLine) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        done = each.on is not None
        words = (
            f"{WORDS[each.directory]}：{each.organ} {each.name}，{each.on}"
            f"{'，' + each.document_no if each.document_no else ''}"
            if done
            else f"{WORDS[each.directory]}：待{each.due_from}审核（{each.article}）"
        )
        row.addWidget(label(words, wrap=True), 1)
        if not done and view.state == "proposed":
            row.addWidget(small_button("登记审核", lambda: self.ask_review(view, each)))
        return holder

    # -- acting ----------------------------------------------------------------

    def _do(self, work: Callable[[], Any], words: Callable[[Any], str]) -> None:
        def done(outcome: Any) -> None:
            said = words(outcome)
            if said:
                self.tell(said, Tone.OK)
            self.refresh()

        operation(self, work).key("act").success(done).failure(self._on_failed).run_in_background()

    def _on_failed(self, error: Any) -> None:
        self.show_failure(error)
        self.refresh()

    def begin(self) -> None:
        """Open the round of the running period."""
        workspace = self._workspace
        today = workspace.clock().astimezone().date()
        period = rounds.next_period(workspace.rulebook, today)
        self._do(lambda: workspace.write(rounds.open_round, OpenRound(period)), lambda _id: "")

    def _tick(self, round_id: int, code: str, done: bool) -> None:
        command = TickCheck(round_id, code, done)
        self._do(lambda: self._workspace.write(rounds.tick, command), lambda _none: "")

    def propose(self) -> None:
        """报审: what is there now goes upwards."""
        view = self.current
        if view is not None:
            command = ProposeRound(view.id)
            self._do(
                lambda: self._workspace.write(rounds.propose, command),
                lambda digest: f"已报审，名录摘要 {str(digest)[:8]}。请打印差异报告送审。",
            )

    def ask_review(self, view: RoundView, line: ReviewLine) -> None:
        """Open the form of one directory's review."""
        today = self._workspace.clock().astimezone().date()
        first = _Opinion(organ=line.due_from, name="", on=today, document_no="")

        def save(typed: _Opinion) -> bool:
            command = ReviewRound(
                round_id=view.id,
                directory=line.directory,
                organ=typed.organ,
                name=typed.name,
                on=typed.on or today,
                document_no=typed.document_no,
            )
            return self._workspace.write(rounds.review, command)

        self.form = FormDialog(
            self, f"登记审核：{WORDS[line.directory]}", _OPINION_FIELDS, first, save=save,
            columns=1, action="登记",
        )  # fmt: skip
        self.form.saved.connect(self._on_reviewed)
        self.form.open()

    def _on_reviewed(self, in_force: object) -> None:
        self.tell("各名录都已审核，本轮生效。" if in_force else "已登记审核。", Tone.OK)
        self.refresh()

    def _ask_reopen(self, view: RoundView) -> None:
        reason = Field(name="reason", label="原因", required=True, width=20)
        self.form = FormDialog(
            self,
            "退回重报",
            (reason,),
            _Reason(reason=""),
            save=lambda typed: self._workspace.write(
                rounds.reopen, ReopenRound(view.id, typed.reason)
            ),
            columns=1,
            action="退回",
        )
        self.form.saved.connect(lambda _none: self.refresh())
        self.form.open()

    def report(self, *, paper: bool) -> None:
        """Ask where, write the difference report, open it."""
        view = self.current
        if view is None:
            return
        ask, suffix = (ask_paper, "pdf") if paper else (ask_workbook, "xlsx")
        path = ask(self, "差异报告存到哪里", f"{view.period_words}名录更新差异报告.{suffix}")
        if path is None:
            return
        command = WriteReport(round_id=view.id, path=path)
        operation(self, lambda: self._workspace.read(rounds.write_report, command)).key(
            "report"
        ).success(self._on_report).failure(self.show_failure).run_in_background()

    def _on_report(self, path: Path) -> None:
        self.tell(f"已写成：{path.name}", Tone.OK)
        open_file(path)

    def hand_out(self, kind: str) -> None:
        """Ask for a folder, write one workbook per squad."""
        chosen = QFileDialog.getExistingDirectory(self, "填报表存到哪个文件夹")
        if not chosen:
            return
        command = HandOut(kind=kind, folder=Path(chosen))
        operation(self, lambda: self._workspace.read(rounds.hand_out, command)).key(
            "hand_out"
        ).success(
            lambda made: self.tell(
                f"已写成 {len(made)} 份，收回后在“导入名录”里一起选上即可合并。", Tone.OK
            )
        ).failure(self.show_failure).run_in_background()

    def _attach(self, round_id: int) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "选择审核件的扫描")
        if chosen:
            command = Attach(owner_kind="round", owner_id=round_id, path=Path(chosen))
            self._do(
                lambda: self._workspace.write(attaching.attach, command),
                lambda added: f"已附上：{added.name}",
            )
