"""The life of a plan in one strip: how far it has come, the next step, its papers and versions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.services.paperwork import plan_papers
from app.services.paperwork.plan_papers import PrintPlan, PrintRatioReport
from app.services.plans import plans
from app.services.plans.plans import DiscardPlan, PlanKind, PlanState, PlanView
from app.ui.dialogs.messages import confirm
from app.ui.dialogs.plans import WishDialog, approval_form, campaign_form, filing_form, propose_form
from app.ui.dialogs.preview import show_file
from app.ui.dialogs.rows import RowsDialog
from app.ui.tables import Column, ColumnKind
from app.ui.tasks import operation
from app.ui.theme import Tone
from app.ui.widgets import (
    Chip,
    ElidedLabel,
    FormDialog,
    PageContext,
    clear_layout,
    label,
    small_button,
)

STATE_WORDS = {
    PlanState.PROPOSED: "待批准",
    PlanState.APPROVED: "已批准",
    PlanState.FILED: "已备案",
    PlanState.REPLACED: "已替代",
}
_TONES = {PlanState.PROPOSED: Tone.WARN, PlanState.APPROVED: Tone.OK, PlanState.FILED: Tone.OK}
_VERSIONS = (
    Column("version", "版次", ColumnKind.NUMBER, width=60),
    Column("state", "状态", width=76, value=lambda row: STATE_WORDS[row.state]),
    Column("total", "家数", ColumnKind.NUMBER, width=60, value=lambda row: row.content.total),
    Column("made_on", "编制日期", ColumnKind.DATE),
    Column("approved_on", "批准日期", ColumnKind.DATE),
    Column("approved_no", "批准文号", width=130),
    Column("filed_on", "上报日期", ColumnKind.DATE),
    Column("reason", "变更理由", stretch=True),
)


def version_words(view: PlanView) -> str:
    """One line about a version: who approved it, to whom it was sent, why it differs."""
    parts = [f"第{view.version}版"]
    if view.approved_on is not None:
        number = f"，{view.approved_no}" if view.approved_no else ""
        parts.append(f"{view.approved_on} {view.approved_organ}批准{number}")
    else:
        parts.append(f"{view.made_on} {view.made_by}编制")
    if view.filed_on is not None:
        parts.append(f"{view.filed_on} 报{view.filed_to}")
    elif view.binding and view.content.file_to:
        parts.append(f"还没有报{view.content.file_to}备案")
    if view.content.deviations:
        parts.append(f"比例调整 {len(view.content.deviations)} 处")
    return " · ".join(parts)


class PlanBar(QFrame):
    """Acts on one plan; whoever holds it shows it again when the workspace says “plan”."""

    def __init__(self, context: PageContext, kind: PlanKind) -> None:
        super().__init__()
        self.setObjectName("card")
        self.context, self.workspace, self.kind = context, context.workspace, kind
        self.period = ""
        self.views: tuple[PlanView, ...] = ()
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(10)
        words = QVBoxLayout()
        words.setSpacing(1)
        head = QHBoxLayout()
        head.setSpacing(8)
        self.title = label("", "strong")
        self.chip = Chip("")
        head.addWidget(self.title)
        head.addWidget(self.chip)
        head.addStretch(1)
        words.addLayout(head)
        self.words = ElidedLabel("", "small")
        words.addWidget(self.words)
        row.addLayout(words, 1)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        row.addLayout(self._buttons)
        self.form: FormDialog | None = None

    @property
    def view(self) -> PlanView | None:
        """The newest version."""
        return self.views[0] if self.views else None

    def show_versions(self, period: str, views: tuple[PlanView, ...]) -> None:
        """Fill the strip."""
        self.period, self.views = period, views
        view = self.view
        clear_layout(self._buttons)
        self.title.setText(plans.plan_title(self.kind, period, view.name if view else ""))
        self.chip.setVisible(True)
        if view is None:
            self.chip.show_state("没有编制", Tone.INFO)
            self.words.set_text("编制以后登记批准，抽取记录的“依据”会引用它")
            self._add("编制计划", self.propose)
            return
        self.chip.show_state(STATE_WORDS[view.state], _TONES.get(view.state, Tone.INFO))
        self.words.set_text(version_words(view))
        if view.state is PlanState.PROPOSED:
            self._add("登记批准", self.approve)
        elif view.state is PlanState.APPROVED and view.content.file_to:
            self._add("登记上报", self.file)
        self._add("打印", partial(self.print_plan, view.id))
        self.more = small_button("更多", self._open_menu)
        self._buttons.addWidget(self.more)

    def _add(self, words: str, act: Callable[[], object]) -> None:
        self._buttons.addWidget(small_button(words, act))

    def menu(self) -> QMenu:
        """What else can be done with the newest version."""
        menu, view = QMenu(self), self.view
        if view is None:
            return menu
        proposed = view.state is PlanState.PROPOSED
        entries: list[tuple[str, Callable[[], object]]] = []
        if self.kind is PlanKind.CAMPAIGN:
            entries.append(("修改…", self.propose))
        else:
            entries.append(("调整比例…", self.adjust))
            entries.append(
                ("重新计算", self.recompute) if proposed else ("变更计划…", self.propose)
            )
        if any(each.needs_report for each in view.content.deviations):
            entries.append(("打印书面报告", partial(self.print_report, view.id)))
        if view.binding and not view.content.file_to and view.state is PlanState.APPROVED:
            entries.append(("登记上报…", self.file))
        entries.append((f"历次版本（{len(self.views)}）", self.show_history))
        if proposed:
            entries.append(("删除这一版", self.discard))
        for words, act in entries:
            menu.addAction(words).triggered.connect(lambda _on=False, do=act: do())
        return menu

    def _open_menu(self) -> None:
        self.opened = self.menu()
        self.opened.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    # -- acting --------------------------------------------------------------

    def propose(self) -> None:
        """Make the first version, or the next one."""
        view = self.view
        if self.kind is PlanKind.CAMPAIGN and view is not None:
            self._open(campaign_form(self, self.workspace, 0, view), "已保存")
            return
        form = propose_form(self, self.workspace, self.kind, self.period, view)
        self._open(form, "已编制，请核对后登记批准")

    def adjust(self) -> None:
        """Change ratios; a new version comes of it where the last one is approved."""
        self.wishes = WishDialog(self, self.workspace, self.kind, self.period, self.view)
        self.wishes.accepted.connect(lambda: self.context.toast("已按新的比例重新计算"))
        self.wishes.open()

    def approve(self) -> None:
        """Record who approved the proposed version."""
        if self.view is not None:
            self._open(approval_form(self, self.workspace, self.view), "已登记批准")

    def file(self) -> None:
        """Record to whom the approved version was sent up."""
        if self.view is not None:
            self._open(filing_form(self, self.workspace, self.view), "已登记上报")

    def _open(self, form: FormDialog, done: str) -> None:
        form.saved.connect(lambda _view: self.context.toast(done))
        form.open()
        self.form = form

    def recompute(self) -> None:
        """Work the proposed version out anew from the directory as it is now."""
        command = plans.again(self.view, self.kind, self.period)
        operation(self, lambda: self.workspace.write(plans.propose, command)).success(
            lambda _view: self.context.toast("已重新计算")
        ).run_in_background()

    def discard(self) -> None:
        """Drop the proposed version after asking."""
        view = self.view
        if view is not None and confirm(
            self, "删除拟稿", f"{view.title}第{view.version}版还没有批准。", action="删除"
        ):
            operation(
                self, lambda: self.workspace.write(plans.discard, DiscardPlan(view.id))
            ).success(lambda _none: self.context.toast("已删除")).run_in_background()

    def print_plan(self, plan_id: int) -> None:
        """Write a version as PDF and open it."""
        self._print(lambda: self.workspace.write(plan_papers.print_plan, PrintPlan(plan_id)))

    def print_report(self, plan_id: int) -> None:
        """Write the report on its ratios as PDF and open it."""
        self._print(
            lambda: self.workspace.write(plan_papers.print_ratio_report, PrintRatioReport(plan_id))
        )

    def _print(self, write: Callable[[], Path]) -> None:
        operation(self, write).key("print").progress("正在生成").success(
            partial(show_file, self)
        ).run_in_background()

    def show_history(self) -> None:
        """Every version, the newest first; a double click prints it again."""
        view = self.view
        if view is None:
            return
        note = "双击一版，重新打印它。已批准的版本不能修改。"
        self.history = RowsDialog(self, f"{view.title}的历次版本", _VERSIONS, self.views, note=note)
        self.history.table.row_activated.connect(lambda row: self.print_plan(row.id))
        self.history.open()


class CampaignList(QWidget):
    """专项检查 of a year, a strip for each."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.bars: list[PlanBar] = []

    def show_campaigns(self, found: tuple[tuple[PlanView, ...], ...]) -> None:
        """``found``: the versions of each campaign, the newest first."""
        clear_layout(self._column)
        self.bars = []
        if not found:
            words = "没有专项检查。经批准的专项检查在这里登记，写明批准机关和文号。"
            self._column.addWidget(label(words, "secondary", wrap=True))
        for views in found:
            bar = PlanBar(self.context, PlanKind.CAMPAIGN)
            bar.show_versions(views[0].period, views)
            campaign = views[0].content.campaign
            if campaign is not None:
                ordered = f"{campaign.organ} {campaign.document_no}"
                bar.words.set_text(f"{campaign.scope}，{campaign.number} 家 · {ordered}")
            self._column.addWidget(bar)
            self.bars.append(bar)
