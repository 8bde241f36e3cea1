"""年度计划: a year's numbers by quarter with their arithmetic, its strip, its campaigns."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.domain.annual import AnnualLine
from app.domain.periods import Period, Span
from app.services.plans import planning, plans
from app.services.plans.plans import PlanContent, PlanKind, PlanView
from app.ui import theme
from app.ui.dialogs.plans import campaign_form
from app.ui.pages.planning_versions import CampaignList, PlanBar
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import query
from app.ui.theme import Tone
from app.ui.widgets import (
    Banner,
    Card,
    EmptyState,
    FactGrid,
    PageContext,
    clear_layout,
    small_button,
)


@dataclass(frozen=True, slots=True)
class AnnualRow:
    """One category's line as shown; the last one is the total."""

    label: str
    ratio: str
    base: int
    quarters: tuple[int, ...]
    total: int
    article: str


def annual_rows(lines: tuple[AnnualLine, ...]) -> list[AnnualRow]:
    """The categories, then 合计."""
    rows = [
        AnnualRow(line.label, line.ratio, line.base, line.quarters, line.total, line.article)
        for line in lines
    ]
    if rows:
        sums = tuple(sum(column) for column in zip(*(row.quarters for row in rows), strict=True))
        base = sum(row.base for row in rows)
        rows.append(AnnualRow("合计", "", base, sums, sum(sums), ""))
    return rows


def _quarter(at: int) -> Column:
    return Column(
        f"q{at}",
        f"第{'一二三四'[at]}季度",
        ColumnKind.NUMBER,
        width=78,
        value=lambda row: row.quarters[at],
    )


COLUMNS = (
    Column("label", "类别", ColumnKind.STRONG, width=150, stretch=True, sub=lambda row: row.ratio),
    Column("base", "在册", ColumnKind.NUMBER, width=70),
    *(_quarter(at) for at in range(4)),
    Column("total", "全年", ColumnKind.FIGURE, width=72),
    Column("article", "依据", width=110),
)


@dataclass(frozen=True, slots=True)
class _Known:
    year: int
    views: tuple[PlanView, ...]
    campaigns: tuple[tuple[PlanView, ...], ...]
    warnings: tuple[str, ...]
    headcount_now: int | None


class AnnualPanel(QScrollArea):
    """Reads one year in the background; its strips act."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context, self.workspace = context, context.workspace
        self.year = 0
        inside = QWidget()
        inside.setObjectName("pageBody")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        self._banners = QVBoxLayout()
        self._banners.setSpacing(8)
        column.addLayout(self._banners)
        self.bar = PlanBar(context, PlanKind.ANNUAL)
        column.addWidget(self.bar)
        column.addWidget(self._numbers_card())
        column.addWidget(self._facts_card())
        self.campaign_card = Card("专项检查", "须经批准，写明机关和文号")
        self.campaign_card.add_action(small_button("新增专项检查", self.add_campaign))
        self.campaigns = CampaignList(context)
        self.campaign_card.body.addWidget(self.campaigns)
        column.addWidget(self.campaign_card)
        column.addStretch(1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inside)

    def _numbers_card(self) -> Card:
        self.numbers_card = Card("全年抽查数量", flush=True)
        self.table = PlainTable(
            COLUMNS,
            name="annual",
            two_lines=True,
            sortable=False,
            empty=EmptyState("还没有编制这一年的计划。", "编制计划", self.bar.propose),
        )
        self.numbers_card.body.addWidget(self.table)
        return self.numbers_card

    def _facts_card(self) -> Card:
        self.facts_card = Card("算法和内容")
        self.facts = FactGrid(96)
        self.facts_card.body.addWidget(self.facts)
        return self.facts_card

    def show_year(self, year: int) -> None:
        """Read and show a year's plan."""
        self.year = year
        query(self, self._look).key("annual").success(self._show).run_in_background()

    def _look(self) -> _Known:
        workspace, year = self.workspace, self.year
        unit, rulebook = workspace.unit, workspace.rulebook
        whole = Period(year, Span.YEAR)
        found = workspace.read(plans.campaigns, year)
        heads = workspace.read(planning.heads_now, rulebook.level(unit.level), whole)
        return _Known(
            year=year,
            views=workspace.read(plans.versions, PlanKind.ANNUAL, f"{year}"),
            campaigns=tuple(
                workspace.read(plans.versions, PlanKind.CAMPAIGN, each.period, each.name)
                for each in found
            ),
            warnings=plans.basis_warnings(unit, rulebook, whole),
            headcount_now=heads.number,
        )

    def _show(self, known: _Known) -> None:
        if known.year != self.year:
            return
        self.bar.show_versions(f"{known.year}", known.views)
        self.campaigns.show_campaigns(known.campaigns)
        view = self.bar.view
        content = view.content if view is not None else None
        self.table.set_rows(annual_rows(content.lines) if content else [])
        if content is None:
            self.table.setFixedHeight(190)
        else:
            self.table.fit_height()
        self.numbers_card.set_note("户次；抽取时按封存的名单重新计算" if content else "")
        self.facts_card.setVisible(content is not None)
        if content is not None:
            self.facts.show_facts(_facts(content))
        self._show_banners(known, content)

    def _show_banners(self, known: _Known, content: PlanContent | None) -> None:
        clear_layout(self._banners)
        self.banners: list[Banner] = []
        for words in known.warnings:
            banner = Banner(Tone.WARN, words)
            banner.add_button("去登记", lambda: self.context.go_to("system", None))
            self._banners.addWidget(banner)
            self.banners.append(banner)
        now = known.headcount_now
        if content is None or content.headcount_typed or now in {None, content.headcount}:
            return
        banner = Banner(
            Tone.INFO,
            f"名录库现在是 {now} 人，计划按 {content.headcount} 人编制。"
            "已批准的计划全年不变；还没有批准的，请重新计算。",
        )
        self._banners.addWidget(banner)
        self.banners.append(banner)

    def add_campaign(self) -> None:
        """Ask for a special campaign and the approval it rests on."""
        self.form = campaign_form(self, self.workspace, self.year)
        self.form.saved.connect(lambda _view: self.context.toast("已登记专项检查"))
        self.form.open()


def _facts(content: PlanContent) -> list[tuple[str, str]]:
    facts = [(line.label, "\n".join(line.in_words())) for line in content.lines]
    document = content.document_title
    if document:
        more = "，".join(part for part in (content.document_no, content.document_valid) if part)
        document += f"（{more}）" if more else ""
    timing = "\n".join(f"{each.period}：{each.draw}抽取，{each.finish}" for each in content.timing)
    deviations = "\n".join(f"{each.words}，{each.reason}" for each in content.deviations)
    article = f"（{content.exemptions_article}）" if content.exemptions_article else ""
    facts += [
        ("人数", content.headcount_words),
        ("比例调整", deviations or "没有调整"),
        ("抽查范围", content.scope),
        ("时间", timing),
        ("不列入的", "；".join(content.exemptions) + article if content.exemptions else ""),
        ("现行文件", document),
        ("其他说明", content.notes),
    ]
    return [(name, text) for name, text in facts if text]
