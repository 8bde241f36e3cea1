"""计划与抽取: the periods, one period's plan with its arithmetic, its checks, all draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.db.read import draws
from app.db.read.draws import DrawBrief
from app.domain.fields import Field, FieldKind
from app.domain.periods import Period, Span
from app.domain.rd1 import Check
from app.domain.rulebook import HeadcountWho, Rulebook, TeamMode
from app.domain.ways import Way, offers
from app.errors import AppError, UserError
from app.services.draws import drawing, offering, previewing, received_papers, remembering
from app.services.draws.draw_commands import FreezeDraw
from app.services.draws.offering import AtHand, WayQuery
from app.services.draws.platform_draws import Received
from app.services.draws.previewing import Preview
from app.services.draws.remembering import ConfirmSeries, Gap, ResumeSeries
from app.services.plans import local_basis, plan_terms, planning, plans
from app.services.plans.planning import MakePlan, PeriodPlan
from app.services.plans.plans import PlanKind, PlanState, PlanView
from app.services.safety import verifying
from app.services.workspace import UnitInfo
from app.ui import theme
from app.ui.ceremony.archive import ArchiveDialog
from app.ui.ceremony.sealed_screen import ask_then_show
from app.ui.ceremony.void_dialog import VoidDialog
from app.ui.ceremony.window import CeremonyWindow, NewDraw, ResumeDraw, Start
from app.ui.desktop import open_path
from app.ui.dialogs.frequency import LedgerDialog
from app.ui.dialogs.messages import confirm, show_error
from app.ui.dialogs.plans import basis_form, period_form
from app.ui.dialogs.rows import RowsDialog
from app.ui.dialogs.way import WayDialog
from app.ui.pages.planning_annual import AnnualPanel
from app.ui.pages.planning_checks import CheckStrip, change_lines
from app.ui.pages.planning_quota import (
    QUOTA_COLUMNS,
    STEP_COLUMNS,
    arithmetic_steps,
    people_words,
    quota_rows,
)
from app.ui.pages.planning_records import ChecksDialog, DrawRecords
from app.ui.pages.planning_timeline import PeriodTimeline, Planned, entries
from app.ui.pages.planning_versions import STATE_WORDS, PlanBar
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import operation, query
from app.ui.theme import Tone
from app.ui.widgets import (
    Banner,
    Card,
    ElidedLabel,
    EmptyState,
    FormDialog,
    Page,
    PageContext,
    Segments,
    button,
    clear_layout,
    label,
    link_button,
    primary_button,
    small_button,
)

_TIMELINE_WIDTH = 208
_TIMELINE_NARROW = 176
_ANNUAL = "annual:"
_NOW = "now"
_NO_ROUND = "名录还没有做过一轮更新与审核（检查对象 → 更多 → 名录更新与审核），抽取用现在的名录。"


_PEOPLE = (
    Column("name", "姓名", width=110),
    Column(
        "eligible",
        "能否参加",
        ColumnKind.CHIP,
        value=lambda row: "合格" if row.eligible else "不合格",
        tone=lambda row: Tone.OK if row.eligible else Tone.WARN,
    ),
    Column("may_lead", "可牵头", width=86),
    Column("words", "原因", stretch=True),
)
_SERIES_FIELDS = (
    Field(name="no", label="最近编号", kind=FieldKind.CODE, required=True),
    Field(
        name="head",
        label="最近记录的摘要",
        kind=FieldKind.CODE,
        required=True,
        hint="64 位",
        width=64,
    ),
    Field(name="reason", label="原因", required=True, hint="从哪一天的备份恢复，为什么", width=40),
    Field(name="approved", label="批准人", required=True),
)
_CONFIRM_FIELDS = (Field(name="approved", label="核对人", required=True),)
_SERIES_NOTE = (
    "照最近一份纸质记录填写编号和它的摘要"
    "（纪要上是 F，作废记录、更换审批表上是它自己的摘要）。\n"
    "手上最近的只有承诺单（还没有结果）：填承诺单的编号，摘要填它前一份记录的；"
    "它是第一次抽取的，填 64 个 0。"
)
_LINES = (
    Column("what", "变化", width=160),
    Column("who", "编号", ColumnKind.CODE, width=200),
    Column("detail", "内容", stretch=True),
)


@dataclass(frozen=True, slots=True)
class _Known:
    """Everything the page shows, from one look."""

    unit: UnitInfo
    rulebook: Rulebook
    today: date
    draws: tuple[DrawBrief, ...]
    preview: Preview | None
    problem: AppError | None
    gap: Gap | None
    local_basis: str
    views: tuple[PlanView, ...]
    planned: Planned
    warnings: tuple[str, ...]
    sealed: tuple[tuple[str, PeriodPlan], ...]


class PlanPage(Page):
    """Reads everything in one background look; changes nothing itself."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "计划与抽取")
        self.workspace = context.workspace
        self.period: Period | None = None
        self.ceremony: CeremonyWindow | None = None
        self._which, self._which_chosen = _NOW, False
        self._fixed = False
        self.annual_year: int | None = None
        self._wanted: frozenset[Period] = frozenset()
        self.way_dialog: WayDialog | None = None
        self._unfolded: frozenset[int] = frozenset()
        self._known: _Known | None = None
        self.ledger_button = button("频次台账", self._show_ledger)
        self.add_action(self.ledger_button)
        self.rehearse = button("演练", self._rehearse)
        self.add_action(self.rehearse)
        self.set_primary(primary_button("开始抽取", self._start, "dice"))
        self.allow_primary(False)
        self._build()

    # -- building ----------------------------------------------------------

    def _build(self) -> None:
        self.empty = QWidget()
        self._empty_room = QVBoxLayout(self.empty)
        self.empty.hide()
        self.body.addWidget(self.empty, 1)
        self.content = QWidget()
        across = QHBoxLayout(self.content)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(theme.GAP)
        self._side = Card("期间", flush=True)
        self.other_link = link_button("其他…", self._ask_period)
        self._side.add_action(self.other_link)
        self._side.setFixedWidth(_TIMELINE_WIDTH)
        self.timeline = PeriodTimeline()
        self.timeline.chosen.connect(self._on_period)
        self.timeline.annual_chosen.connect(self._on_annual)
        self.timeline.folded.connect(self._on_folded)
        self._side.body.addWidget(self.timeline)
        across.addWidget(self._side)
        self.annual = AnnualPanel(self.context)
        self.centre = QStackedWidget()
        self._period_view = self._centre()
        self.centre.addWidget(self._period_view)
        self.centre.addWidget(self.annual)
        across.addWidget(self.centre, 1)
        self.body.addWidget(self.content, 1)

    def _centre(self) -> QScrollArea:
        inside = QWidget()
        inside.setObjectName("pageBody")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        self._banners = QVBoxLayout()
        self._banners.setSpacing(8)
        column.addLayout(self._banners)
        self.plan_bar = PlanBar(self.context, PlanKind.PERIOD)
        column.addWidget(self.plan_bar)
        column.addWidget(self._headcount_bar())
        self.quota_card = Card("抽查计划", flush=True)
        self._which_room = QHBoxLayout()
        self.quota_card.head.insertLayout(self.quota_card.head.count() - 1, self._which_room)
        self.excluded_link = link_button("查看排除名单", self._show_excluded)
        self.steps_link = link_button("算式全文", self._show_steps)
        self.quota_card.add_action(self.steps_link)
        self.quota_card.add_action(self.excluded_link)
        self.quota = PlainTable(QUOTA_COLUMNS, name="quota", two_lines=True, sortable=False)
        self.quota_card.body.addWidget(self.quota)
        self.problem = Banner(Tone.WARN, "")
        self.problem.hide()
        self.quota_card.body.addWidget(self.problem)
        column.addWidget(self.quota_card)
        self.checks = CheckStrip(
            self._ask_basis,
            self._show_people,
            self._show_thin,
            self._show_changes,
        )
        column.addWidget(self.checks)
        self.directories = ElidedLabel("", "small")
        column.addWidget(self.directories)
        self.records = DrawRecords()
        self.records.verify_wanted.connect(self._verify)
        self.records.sealed_wanted.connect(lambda row: ask_then_show(self, self.workspace, row.no))
        self.records.folder_wanted.connect(self._open_folder)
        self.records.archive_wanted.connect(self._archive)
        column.addWidget(self.records, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        return area

    def _headcount_bar(self) -> QWidget:
        self.headcount_bar = QFrame()
        self.headcount_bar.setObjectName("card")
        row = QHBoxLayout(self.headcount_bar)
        row.setContentsMargins(theme.PAGE, 8, theme.PAGE, 8)
        row.setSpacing(8)
        self.headcount_label = label("")
        self.headcount_field = QLineEdit()
        self.headcount_field.setFixedWidth(92)
        self.headcount_field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.headcount_field.setValidator(QIntValidator(0, 99999, self))
        self.headcount_field.setAccessibleName("人数")
        self.headcount_field.returnPressed.connect(self._on_headcount)
        row.addWidget(self.headcount_label)
        row.addWidget(self.headcount_field)
        row.addWidget(label("人"))
        row.addWidget(small_button("计算应抽数", self._on_headcount))
        row.addStretch(1)
        self.headcount_bar.hide()
        return self.headcount_bar

    # -- reading -----------------------------------------------------------

    def refresh(self) -> None:
        query(self, self._look).key("look").success(self._show).run_in_background()

    def on_changed(self, kinds: frozenset[str]) -> None:
        if kinds & _SHOWN:
            self.refresh()

    def open_at(self, where: object) -> None:
        """``where``: a period (``2026Q1``), or the number of an open draw to go on with."""
        text = str(where)
        if "-" in text:
            self._resume(text)
            return
        if text.startswith(_ANNUAL):
            self._on_annual(int(text.removeprefix(_ANNUAL)))
            return
        self._on_period(Period.parse(text))

    def on_narrow(self, narrow: bool) -> None:
        self._side.setFixedWidth(_TIMELINE_NARROW if narrow else _TIMELINE_WIDTH)

    def _look(self) -> _Known:
        workspace = self.workspace
        unit, rulebook, today = workspace.unit, workspace.rulebook, planning.today(workspace)
        found = workspace.read(draws.all_draws)
        period = self.period or due_period(rulebook, today, found)
        self.period = period
        preview, problem = None, None
        views = workspace.read(plans.versions, PlanKind.PERIOD, str(period))
        proposed = views[0] if views and views[0].state is PlanState.PROPOSED else None
        self._fixed = workspace.read(plan_terms.terms, period).headcount is not None
        command = MakePlan(
            period=str(period),
            on=today,
            headcount=self._headcount(period),
            wishes=None if proposed is None else plans.wishes_of(proposed.content),
        )
        try:
            preview = workspace.read(previewing.preview, command)
        except UserError as error:
            problem = error
        gap = workspace.read(remembering.gap, unit.series)
        basis = workspace.read(local_basis.words, str(period))
        return _Known(
            unit=unit,
            rulebook=rulebook,
            today=today,
            draws=found,
            preview=preview,
            problem=problem,
            gap=gap,
            local_basis=basis,
            views=views,
            planned=self._planned(period, today),
            # No document at all is said on the year's plan; here only what no longer covers.
            warnings=tuple(
                words
                for words in plans.basis_warnings(unit, rulebook, period)
                if words != plans.NO_DOCUMENT
            ),
            sealed=workspace.read(previewing.sealed_plans, str(period)),
        )

    def _planned(self, period: Period, today: date) -> Planned:
        workspace = self.workspace
        years = workspace.read(plans.planned_years)
        periods = workspace.read(plans.planned_periods)
        quarter = Period.of(today, Span.QUARTER)
        shown = {str(each): each for each in (quarter, quarter.next(), period)}
        by = {key: planning.draw_by(workspace.rulebook, each) for key, each in shown.items()}
        return Planned(
            years={year: STATE_WORDS[state] for year, state in years.items()},
            periods={key: STATE_WORDS[state] for key, state in periods.items()},
            draw_by={key: day for key, day in by.items() if day is not None},
            wanted=self._wanted,
        )

    def _headcount_key(self, period: Period) -> str:
        return f"plan/headcount/{period.year}"

    def _headcount(self, period: Period) -> int | None:
        """The figure typed here, while no approved plan fixes one."""
        if self._fixed:
            return None
        text = self.context.store.text(self._headcount_key(period))
        return int(text) if text.isascii() and text.isdigit() else None

    # -- showing -----------------------------------------------------------

    def _show(self, known: _Known) -> None:
        self._known = known
        period = self.period
        if period is None:
            return
        if self._show_empty(known):
            return
        if not self._unfolded:
            self._unfolded = frozenset({period.year})
        self._show_timeline()
        self.centre.setCurrentWidget(self._period_view if self.annual_year is None else self.annual)
        if self.annual_year is not None:
            self.annual.show_year(self.annual_year)
        self.plan_bar.show_versions(str(period), known.views)
        self._show_plan(known, period)
        self._show_open(known)
        self.records.show_draws(known.draws, period)
        self._allow(known)
        if self.annual_year is not None:
            self.set_subtitle(f"{self.annual_year}年度", known.rulebook.document.title)
            self.allow_primary(False, "抽取请先选一个期间")
            self.rehearse.setEnabled(False)

    def _show_timeline(self) -> None:
        known, period = self._known, self.period
        if known is None or period is None:
            return
        due = due_period(known.rulebook, known.today, ())
        lines = entries(known.draws, known.today, self._unfolded, due, known.planned)
        year = self.annual_year
        shown = period if year is None else Period(year, Span.YEAR)
        self.timeline.show_entries(lines, shown, annual=year is not None)

    def _show_empty(self, known: _Known) -> bool:
        plan = known.preview.plan if known.preview else None
        sentence, action, key = "", "", ""
        if plan is not None and not known.draws:
            if not any(line.base for line in plan.lines):
                sentence, action, key = "还没有检查对象，不能编计划。", "去导入检查对象", "targets"
            elif not plan.people:
                sentence, action, key = "还没有执法人员，不能抽取。", "去登记执法人员", "inspectors"
        self.content.setVisible(not sentence)
        self.empty.setVisible(bool(sentence))
        clear_layout(self._empty_room)
        if sentence:
            state = EmptyState(
                sentence, action, lambda: self.context.go_to(key, None), manual="抽取"
            )
            state.manual_requested.connect(self.context.open_manual)
            self._empty_room.addWidget(state)
            self.empty_state = state
            self.allow_primary(False, sentence.rstrip("。"))
            self.rehearse.setEnabled(False)
        return bool(sentence)

    def _show_plan(self, known: _Known, period: Period) -> None:
        level = known.rulebook.level(known.unit.level)
        preview = known.preview
        self.set_subtitle(
            period.in_words(),
            _draw_words(known, period),
            f"对象 {sum(line.base for line in preview.plan.lines)} 家" if preview else "",
            f"应抽 {preview.plan.total} 家" if preview else "",
            known.rulebook.document.title,
        )
        self.quota_card.title_label.setText(f"{period.in_words()}抽查计划")
        typed = level.headcount is not None and level.headcount.who is HeadcountWho.TYPED
        self.headcount_bar.setVisible(typed and not self._fixed)
        if level.headcount is not None and typed:
            self.headcount_label.setText(f"{level.headcount.label}（{period.year} 年）")
            given = self._headcount(period)
            self.headcount_field.setText("" if given is None else str(given))
        self.problem.setVisible(known.problem is not None)
        self.quota.setVisible(preview is not None)
        self.checks.setVisible(preview is not None)
        self.directories.setVisible(preview is not None)
        if known.problem is not None:
            asked = typed and self._headcount(period) is None
            words = "填写人数以后才能计算应抽数。" if asked else str(known.problem)
            self.problem.show_message(Tone.WARN, words)
        self._show_which(known)
        shown = self._shown_plan(known)
        if shown is not None:
            self._show_quota(known, shown)
        if preview is None:
            if shown is None:
                self.quota_card.set_note("")
                self.excluded_link.hide()
                self.steps_link.hide()
            return
        self.checks.show_preview(preview, known.local_basis, known.rulebook)
        self.directories.set_text(preview.directories or _NO_ROUND)

    def _show_quota(self, known: _Known, plan: PeriodPlan) -> None:
        notes = [plan.headcount_words, plan.headcount_drift]
        if not plan.binding:
            notes.append("数字仅供参考，由上级确定")
        self.quota_card.set_note("，".join(note for note in notes if note))
        self.excluded_link.setVisible(bool(plan.excluded or plan.gone))
        self.steps_link.show()
        each = known.rulebook.team.mode.value is TeamMode.EACH
        self.quota.set_rows(quota_rows(plan.lines, people_words(plan.people, pair_each=each)))
        self.quota.fit_height()
        self.quota.show()

    def _show_which(self, known: _Known) -> None:
        """A drawn period has two plans: as it was sealed, and what would be drawn on top now."""
        clear_layout(self._which_room)
        self.which: Segments | None = None
        if not known.sealed:
            self._which = _NOW
            return
        choices = [(no, f"封存时 {no.rpartition('-')[2]} 号") for no, _ in known.sealed]
        self.which = Segments([*choices, (_NOW, "现在还应抽")])
        if self._which not in {no for no, _ in known.sealed} | {_NOW} or not self._which_chosen:
            self._which = known.sealed[-1][0]
        self.which.choose(self._which)
        self.which.chosen.connect(self._on_which)
        self._which_room.addWidget(self.which)

    def _on_which(self, which: object) -> None:
        self._which, self._which_chosen = str(which), True
        if self._known is not None:
            plan = self._shown_plan(self._known)
            if plan is not None:
                self._show_quota(self._known, plan)

    def _shown_plan(self, known: _Known) -> PeriodPlan | None:
        sealed = dict(known.sealed).get(self._which)
        if sealed is not None:
            return sealed
        return known.preview.plan if known.preview else None

    def _show_open(self, known: _Known) -> None:
        clear_layout(self._banners)
        self.open_banners: list[Banner] = []
        self.warnings: list[Banner] = []
        for words in known.warnings:
            banner = Banner(Tone.WARN, words)
            banner.add_button("去登记", lambda: self.context.go_to("system", None))
            self._banners.addWidget(banner)
            self.warnings.append(banner)
        if known.gap is not None:
            banner = Banner(Tone.DANGER, f"{known.gap.words}请找到最近一份打印的抽取记录。")
            if known.gap.asked:
                banner.add_button("核对一致，接着编号", self._confirm_series)
            banner.add_button("照纸质记录续接", self._resume_series)
            self._banners.addWidget(banner)
            self.gap_banner = banner
        for draw in known.draws:
            if draw.state not in {"frozen", "committed"}:
                continue
            frozen = draw.state == "frozen"
            where = "名单已封存，还没有出承诺单" if frozen else "承诺单已出，还没有揭晓"
            banner = Banner(Tone.WARN, f"抽取 {draw.no} 还没有结束：{where}。")
            banner.add_button("继续", partial(self._resume, draw.no))
            if frozen:
                banner.add_button("撤回封存", partial(self._withdraw, draw.no))
            else:
                banner.add_button("作废", partial(self._void, draw.no))
            self._banners.addWidget(banner)
            self.open_banners.append(banner)

    def _allow(self, known: _Known) -> None:
        opened = {draw.rehearsal: draw.no for draw in known.draws if draw.state in _OPEN}
        self.rehearse.setEnabled(self._why_not(known, opened.get(True, "")) == "")
        why = self._why_not(known, opened.get(False, "")) or _unapproved(known)
        self.allow_primary(not why, why)

    def _why_not(self, known: _Known, opened: str) -> str:
        if known.gap is not None:
            return "请先照纸质记录续接编号"
        if opened:
            return f"抽取 {opened} 还没有结束"
        usual = "现在算不出应抽数" if known.preview is None else known.preview.impossible
        # A list drawn elsewhere needs no quota of ours.
        lists = any(each.way.listed for each in offers(known.rulebook, known.unit.level))
        return "" if lists else usual

    # -- acting ------------------------------------------------------------

    def _on_period(self, period: Period) -> None:
        if period == self.period and self.annual_year is None:
            return
        self.period, self.annual_year = period, None
        self._which_chosen = False
        self._unfolded |= {period.year}
        self.refresh()

    def _on_annual(self, year: int) -> None:
        self.annual_year = year
        self._unfolded |= {year}
        self.refresh()

    def _ask_period(self) -> None:
        year = self.period.year if self.period is not None else self.workspace.clock().year
        self.period_form = period_form(self, year, self._on_other_period)
        self.period_form.open()

    def _on_other_period(self, period: Period) -> None:
        self._wanted |= {period}
        self._on_period(period)

    def _ask_basis(self) -> None:
        if self.period is not None:
            self.basis_dialog = basis_form(self, self.workspace, self.period)
            self.basis_dialog.saved.connect(lambda _facts: self.context.toast("已登记依据"))
            self.basis_dialog.open()

    def _on_folded(self, year: int) -> None:
        self._unfolded ^= {year}
        self._show_timeline()

    def _on_headcount(self) -> None:
        if self.period is not None:
            text = self.headcount_field.text().strip()
            self.context.store.set_text(self._headcount_key(self.period), text)
            self.refresh()

    def _start(self) -> None:
        known, period = self._known, self.period
        if known is None or period is None:
            return
        self._offer(known, period, rehearsal=False)

    def _offer(self, known: _Known, period: Period, *, rehearsal: bool) -> None:
        if self.ceremony is not None:
            return
        impossible = known.preview.impossible if known.preview else "现在算不出应抽数"
        asked = WayQuery(
            period=str(period), on=known.today, impossible=impossible, rehearsal=rehearsal
        )
        query(self, lambda: self.workspace.read(offering.at_hand, asked)).key("ways").success(
            partial(self._choose, known, period, rehearsal)
        ).run_in_background()

    def _choose(self, known: _Known, period: Period, rehearsal: bool, at_hand: AtHand) -> None:
        if self.way_dialog is not None or self.ceremony is not None:
            return
        self.way_dialog = WayDialog(self, self.workspace, str(period), at_hand)
        self.way_dialog.chosen.connect(partial(self._begin, known, period, rehearsal))
        self.way_dialog.received.connect(self._on_received)
        self.way_dialog.finished.connect(lambda _code: self._on_way_closed())
        self.way_dialog.open()

    def _on_way_closed(self) -> None:
        self.way_dialog = None

    def _on_received(self, made: Received) -> None:
        self.context.toast(f"已接收 {made.no}，任务 {made.tasks} 家")

    def _begin(self, known: _Known, period: Period, rehearsal: bool, asked: FreezeDraw) -> None:
        before = [
            d for d in known.draws if d.period == str(period) and _counts(d) and d.way.draws_targets
        ]
        again = not rehearsal and asked.way in {Way.UNDIRECTED, Way.TARGETS_ONLY}
        if (
            again
            and before
            and not confirm(
                self,
                "本期已经抽过",
                f"{period.in_words()}已有抽取 {before[0].no}，抽中 {before[0].selected} 家。"
                "再抽一次会得到另一份名单，两份都要检查。",
                action="再抽一次",
            )
        ):
            return
        self._open(NewDraw(str(period), self._headcount(period), rehearsal, asked))

    def _rehearse(self) -> None:
        if self._known is not None and self.period is not None:
            self._offer(self._known, self.period, rehearsal=True)

    def _resume(self, no: str) -> None:
        self._open(ResumeDraw(no))

    def _open(self, start: Start) -> None:
        if self.ceremony is not None:
            return
        ceremony = CeremonyWindow(self.workspace, self.context.store, start, self.window())
        self.ceremony = ceremony
        ceremony.finished.connect(lambda _code: self._on_ceremony_closed())
        ceremony.cover(self.window())

    def _on_ceremony_closed(self) -> None:
        if self.ceremony is not None:
            self.ceremony.deleteLater()
        self.ceremony = None
        self.refresh()

    def _withdraw(self, no: str) -> None:
        if confirm(
            self, "撤回封存", f"{no} 还没有产生随机数，撤回后编号不占用。", action="撤回封存"
        ):
            command = drawing.WithdrawDraw(no)
            operation(self, lambda: self.workspace.write(drawing.withdraw, command)).success(
                lambda _none: self.context.toast(f"已撤回 {no}")
            ).run_in_background()

    def _void(self, no: str) -> None:
        dialog = VoidDialog(self, self.workspace, no, ())
        dialog.voided.connect(lambda outcome: self.context.toast(f"{outcome.no} 已作废"))
        dialog.open()
        self.void_dialog = dialog

    def _resume_series(self) -> None:
        known = self._known
        if known is None or known.gap is None:
            return
        asked = ResumeSeries(no=known.gap.remembered.no, head="", reason="", approved="")
        dialog = FormDialog(
            self,
            "照纸质记录续接编号",
            _SERIES_FIELDS,
            asked,
            save=lambda facts: self.workspace.write(remembering.resume, facts),
            columns=1,
            action="续接",
            note=_SERIES_NOTE,
        )
        dialog.saved.connect(lambda mark: self.context.toast(f"以后从 {mark.no} 接着编号"))
        dialog.open()
        self.series_dialog = dialog

    def _confirm_series(self) -> None:
        known = self._known
        if known is None or known.gap is None:
            return
        here = known.gap.here
        head = f"，摘要 {here.head[:8]}…" if here.no else ""
        dialog = FormDialog(
            self,
            "与纸质记录核对一致",
            _CONFIRM_FIELDS,
            ConfirmSeries(series=here.series, approved=""),
            save=lambda facts: self.workspace.write(remembering.confirm, facts),
            columns=1,
            action="一致，接着编号",
            note=f"这里最近的是 {here.no or '还没有抽取'}{head}。\n最近一份打印记录也应是它。",
        )
        dialog.saved.connect(lambda _mark: self.context.toast("已记入账本，可以接着抽取"))
        dialog.open()
        self.series_dialog = dialog

    def _verify(self, row: DrawBrief) -> None:
        folder = self.workspace.folder.draws / row.no
        operation(self, lambda: verifying.verify([folder])).key(("verify", row.no)).progress(
            f"正在校验 {row.no}"
        ).success(lambda checks: self._show_checks(row, checks)).run_in_background()

    def _show_checks(self, row: DrawBrief, checks: Sequence[Check]) -> None:
        # One folder: its number stands in the title, not on every line.
        plain = [replace(check, name=check.name.removeprefix(f"{row.no} ")) for check in checks]
        open_again = row.state == "closed" and row.checked is None
        register = partial(self._resume, row.no) if open_again else None
        self.shown_checks = ChecksDialog(self, f"校验 {row.no}", plain, register)
        self.shown_checks.open()

    def _archive(self, row: DrawBrief) -> None:
        self.archive_dialog = ArchiveDialog(self, self.workspace, row.no)
        self.archive_dialog.open()

    def _open_folder(self, row: DrawBrief) -> None:
        try:
            folder = self.workspace.folder
            place = received_papers.folder_of(folder, row.no)
            open_path(place if row.way.elsewhere else folder.draws / row.no)
        except AppError as error:
            show_error(self, error)

    # -- lists behind links --------------------------------------------------

    def _list(
        self, title: str, columns: Sequence[Column], rows: Sequence[object], note: str = ""
    ) -> None:
        self.shown_list = RowsDialog(self, title, columns, rows, note=note)
        self.shown_list.open()

    def _show_steps(self) -> None:
        plan = self._shown_plan(self._known) if self._known else None
        if plan is not None:
            self._list("应抽数的算式", STEP_COLUMNS, arithmetic_steps(plan.lines))

    def _show_excluded(self) -> None:
        plan = self._shown_plan(self._known) if self._known else None
        if self._known and plan is not None:
            rulebook = self._known.rulebook
            columns = (
                Column(
                    "category",
                    "类别",
                    value=lambda row: rulebook.category(row.category).short,
                    width=100,
                ),
                Column("name", "名称", stretch=True),
                Column("words", "排除原因", width=380),
            )
            self._list("排除名单", columns, (*plan.excluded, *plan.gone))

    def _show_ledger(self) -> None:
        year = self.period.year if self.period is not None else planning.today(self.workspace).year
        self.ledger = LedgerDialog(self, self.workspace, year, self.context.toast)
        self.ledger.open()

    def _show_people(self) -> None:
        if self._known and self._known.preview:
            plan = self._known.preview.plan
            left = len(plan.holders_left_out)
            said = f"持证而现在不能参加抽取的 {left} 人。" if left else "持证人员都可以参加抽取。"
            listed = f"{plan.must_be_listed}。" if plan.must_be_listed else ""
            # Those who cannot go come first: they are what is looked for.
            people = sorted(plan.people, key=lambda person: person.eligible)
            self._list("执法人员", _PEOPLE, people, listed + said)

    def _show_thin(self) -> None:
        if self._known and self._known.preview:
            columns = (Column("words", "缺什么人，为什么，怎么办", value=str, stretch=True),)
            self._list("专业人员偏少", columns, self._known.preview.shortages)

    def _show_changes(self) -> None:
        if self._known and self._known.preview and self._known.preview.difference:
            self._list("与上次抽取不同", _LINES, list(change_lines(self._known.preview.difference)))


_OPEN = frozenset({"frozen", "committed"})
_SHOWN = frozenset(
    {"draw", "target", "inspector", "item", "assignment", "result", "unit", "plan", "inspection"}
)


def _draw_words(known: _Known, period: Period) -> str:
    """By when the period's draw is due; its day may lie before the period begins."""
    by = known.planned.draw_by.get(str(period))
    drawn = any(_counts(draw) for draw in known.draws if draw.period == str(period))
    if by is None or drawn:
        return ""
    late = "，已过" if by < known.today else ""
    return f"应在 {by.year} 年 {by.month} 月 {by.day} 日前抽取{late}"


def _unapproved(known: _Known) -> str:
    """A changed ratio needs its approval before it decides a draw."""
    view = known.views[0] if known.views else None
    if view is None or view.state is not PlanState.PROPOSED or not view.content.wishes:
        return ""
    return "比例有调整，计划还没有批准"


def _counts(draw: DrawBrief) -> bool:
    """Whether a draw gave the period its targets: not one that only adds people or experts."""
    return draw.state == "closed" and not draw.rehearsal and not draw.way.bound


def due_period(rulebook: Rulebook, today: date, known: Sequence[DrawBrief]) -> Period:
    """The quarter to draw for now: the present one, the next where it is drawn a month ahead.

    A quarter already drawn gives way to the next when that one is due.
    """
    month = today.month - 1 + rulebook.draw_months_ahead.value
    ahead = date(today.year + month // 12, month % 12 + 1, 1)
    present, due = Period.of(today, Span.QUARTER), Period.of(ahead, Span.QUARTER)
    drawn = {draw.period for draw in known if _counts(draw)}
    return due if str(present) in drawn else present
