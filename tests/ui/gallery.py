"""Every widget with plausible content on one window: for tests and for looking at.

``python -m tests.ui.gallery OUT`` writes a picture of each page.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QVBoxLayout

from app.domain.target import FIELDS, TargetFacts
from app.ui.main_window import MainWindow, PageSpec
from app.ui.status_bar import WindowStatus
from app.ui.tables import (
    ALIGN_CENTER,
    Bar,
    Column,
    ColumnKind,
    ListQuery,
    PlainTable,
    RecordTable,
    Sort,
)
from app.ui.theme import Tone
from app.ui.view_store import MemoryViewStore
from app.ui.widgets import (
    Banner,
    Card,
    Chip,
    DetailPane,
    EmptyState,
    FactGrid,
    FigureCard,
    Filter,
    FilterRow,
    FormPanel,
    Group,
    GuidedSequence,
    HashLabel,
    Page,
    PageContext,
    Segments,
    button,
    hairline,
    icon_button,
    label,
    link_button,
    primary_button,
    small_button,
)

STEMS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
TRADES = (
    ("水泥制品厂", "水泥制品"),
    ("制药有限公司", "化学原料药"),
    ("加油站", "加油站"),
    ("再生资源有限公司柳湾镇分公司", "废旧金属回收"),
    ("养殖场", "生猪养殖"),
)
TOWNS = ("开发区", "城关镇", "柳湾镇", "石桥镇", "西畈乡")
STATES = (
    ("正常", Tone.NORMAL),
    ("正常", Tone.NORMAL),
    ("整改逾期", Tone.DANGER),
    ("整改中", Tone.WARN),
    ("在建", Tone.INFO),
)


@dataclass(frozen=True, slots=True)
class TargetLine:
    id: int
    name: str
    uscc: str
    category: str
    industry: str
    township: str
    covered: bool
    last: date | None
    state: str
    tone: Tone


def line(number: int) -> TargetLine:
    trade, industry = TRADES[number % 5]
    state, tone = STATES[number * 7 % 5]
    return TargetLine(
        id=number,
        name=f"青禾县某{STEMS[number % 22]}{trade}",
        uscc="" if number % 9 == 8 else f"91360199MA{number:07d}J",
        category="ABC"[number % 3],
        industry=industry,
        township=TOWNS[number * 3 % 5],
        covered=number % 4 != 0,
        last=None if number % 11 == 10 else date(2026, 8, 26) - timedelta(days=number % 700),
        state=state,
        tone=tone,
    )


class MadeUpTargets:
    """A source of ``count`` made-up lines; remembers what it was asked."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.queries: list[ListQuery] = []
        self.fetched: list[int] = []

    def ids(self, query: ListQuery) -> array[int]:
        self.queries.append(query)
        found = list(range(self.count))
        if query.search:
            found = [each for each in found if query.search in line(each).name]
        wanted = query.filters.get("category")
        if wanted:
            found = [each for each in found if line(each).category in wanted]
        if query.sort is not None and query.sort.descending:
            found.reverse()
        return array("q", found)

    def rows(self, ids: Sequence[int]) -> Sequence[Any]:
        self.fetched.append(len(ids))
        return [line(each) for each in ids]


COLUMNS = (
    Column("name", "名称", width=205, stretch=True),
    Column("uscc", "统一社会信用代码", ColumnKind.CODE),
    Column("category", "类别", ColumnKind.STRONG, width=52, align=ALIGN_CENTER),
    Column("industry", "行业", width=110),
    Column("township", "乡镇", width=64),
    Column(
        "covered",
        "本周期",
        width=66,
        value=lambda row: "已覆盖" if row.covered else "未覆盖",
        tone=lambda row: Tone.NORMAL if row.covered else Tone.INFO,
    ),
    Column("last", "上次检查", ColumnKind.DATE, width=92),
    Column("state", "状态", ColumnKind.CHIP, tone=lambda row: row.tone),
)


@dataclass(slots=True)
class QuietWorkspace:
    """Stands for a workspace nothing is read from."""

    changed: list[Callable[[frozenset[str]], None]] = field(default_factory=list)

    def clock(self) -> datetime:
        """Always the same noon."""
        return datetime(2026, 7, 2, 4, 0, tzinfo=UTC)


class ListPage(Page):
    def __init__(self, context: PageContext, count: int = 482) -> None:
        super().__init__(context, "检查对象")
        self.set_subtitle(
            "2026 年第三季度", "南昌细则（2023）", "A 类 37 家，B 类 120 家，C 类 325 家"
        )
        self.add_action(button("与上次抽取比较"))
        self.add_action(button("下载模板"))
        self.add_action(button("导入名录", icon_name="upload"))
        self.set_primary(primary_button("新增对象", icon_name="plus"))
        self.refreshed = 0
        self.opened_at: list[object] = []
        self.filters = FilterRow(
            [
                Filter("category", "类别", (("A", "A 类"), ("B", "B 类"), ("C", "C 类"))),
                Filter("state", "状态", (("active", "除注销外"),), frozenset({"active"})),
                Filter("town", "乡镇", tuple((each, each) for each in TOWNS)),
                Filter("tag", "标签", (("x", "信访"),)),
            ]
        )
        self.source = MadeUpTargets(count)
        self.table = RecordTable(
            COLUMNS,
            name="targets",
            unit="家",
            store=context.store,
            first_sort=Sort("name"),
            empty=EmptyState("还没有检查对象。", "导入名录", manual="建立名录"),
        )
        self.table.set_source(self.source)
        self.table.set_total(count)
        self.table.add_action("查看历史", "clock", lambda ids: None)
        columns = icon_button("columns", "选择列", self._choose_columns)
        columns.setProperty("flat", False)
        self.filters.add_right(columns)
        self.filters.changed.connect(self._narrow)
        self.detail = self._detail()
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self.filters)
        left.addWidget(self.table, 1)
        across = QHBoxLayout()
        across.setSpacing(12)
        across.addLayout(left, 1)
        across.addWidget(self.detail)
        self.body.addLayout(across, 1)

    def _choose_columns(self) -> None:
        self.table.columns_menu().popup(self.filters.mapToGlobal(self.filters.rect().bottomRight()))

    def _narrow(self) -> None:
        self.table.show_query(self.filters.search, self.filters.chosen)

    def _detail(self) -> DetailPane:
        pane = DetailPane(["基本", "分类", "抽查史", "附件", "变更"])
        pane.show_record(
            "青禾县某庚水泥制品厂",
            code="91360199MA0033005J",
            chips=[Chip("B 类", Tone.INFO), Chip("整改逾期", Tone.DANGER)],
        )
        pane.set_tab_text("附件", "附件 4")
        column = pane.tab("基本")
        banner = Banner(Tone.DANGER, "整改期限已过 5 天，还没有整改材料", heading="下一步")
        banner.add_button("登记整改", lambda: None)
        banner.add_button("打印催办", lambda: None)
        column.addWidget(banner)
        facts = FactGrid()
        facts.show_facts(
            [
                ("法定代表人", "某庚"),
                ("联系电话", "0000-0000000"),
                ("地址", "青禾县柳湾镇某某路 8 号"),
                ("排污许可证", "简化管理，2028-03-15 到期"),
                ("备注", ""),
            ]
        )
        column.addWidget(facts)
        column.addWidget(hairline())
        column.addWidget(label("检查史", "section"))
        pane.set_actions([small_button("编辑", icon_name="edit"), small_button("登记检查")])
        return pane

    def refresh(self) -> None:
        self.refreshed += 1
        self.table.reload()

    def open_at(self, where: object) -> None:
        self.opened_at.append(where)

    def on_narrow(self, narrow: bool) -> None:
        self.detail.setVisible(not narrow)


@dataclass(frozen=True, slots=True)
class QuotaLine:
    category: str
    cycle: str
    base: int
    done: int
    excluded: str
    words: str
    more: str
    article: str
    quota: int


QUOTA = (
    QuotaLine("A 类", "1 年一轮，第 3 季", 37, 20, "", "按比例：37 × 25% = 9.25，进位得 10",
              "按剩余：未查 17 ÷ 剩 2 季 = 8.5，进位得 9；两者取大", "第十四条", 10),
    QuotaLine("B 类", "2 年一轮，第 7 季", 120, 90, "停产 1", "按比例：120 × 12.5% = 15",
              "按剩余：未查 30 ÷ 剩 2 季 = 15；两者相同", "第十四条", 15),
)  # fmt: skip

QUOTA_COLUMNS = (
    Column("category", "类别", ColumnKind.STRONG, width=136, sub=lambda row: row.cycle),
    Column("base", "基数", ColumnKind.NUMBER),
    Column("done", "本周期已查", ColumnKind.NUMBER, width=88),
    Column("excluded", "排除（原因）", width=110),
    Column("words", "算式", width=330, sub=lambda row: row.more, stretch=True),
    Column("article", "依据", ColumnKind.LINK, width=80),
    Column("quota", "应抽", ColumnKind.FIGURE),
)


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    load: Bar


class WidgetsPage(Page):
    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "部件一览")
        self.set_subtitle("每样一件", "真实内容")
        self.add_action(button("不能按的"))
        self.set_primary(primary_button("开始抽取", icon_name="dice"))
        self.allow_primary(False, "计划还没有批准")
        figures = QHBoxLayout()
        figures.setSpacing(12)
        for name, done, total, note in (
            ("应抽 / 已抽", 52, 52, "抽取 1 次，作废 1 次"),
            ("已检查", 43, 52, "待录入 3 · 未检查 9"),
            ("已公示", 29, 43, "待公示 8 · 待复核 2"),
            ("整改完成", 6, 9, "逾期 1 · 整改中 2"),
        ):
            card = FigureCard(name)
            card.show_figure(done, total, note)
            figures.addWidget(card)
        self.body.addLayout(figures)
        quota = Card("第三季度抽查计划", "6 月 26 日批准，已报市支队", flush=True)
        quota.add_action(Chip("已批准", Tone.OK))
        quota.add_action(Segments([("a", "本期 2"), ("b", "本年 5"), ("c", "全部")]))
        quota.add_action(link_button("查看排除名单"))
        self.quota = PlainTable(QUOTA_COLUMNS, two_lines=True)
        self.quota.set_rows(QUOTA)
        self.quota.fit_height()
        quota.body.addWidget(self.quota)
        self.body.addWidget(quota)
        self.body.addLayout(self._lower(), 1)

    def _lower(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(12)
        hashes = Card("承诺值 C", "写号之后、开号之前生成")
        digest = "13b09c67fef3b77d896362b36e103885e7155151652a785f96bc0b0b7ff0de6e"
        hashes.body.addWidget(HashLabel(digest))
        hashes.body.addWidget(HashLabel(digest, brief=True))
        hashes.body.addStretch(1)
        grid.addWidget(hashes, 0, 0)
        banners = Card("消息")
        banners.body.addWidget(Banner(Tone.WARN, "“在线监控”只有 2 人，少于 3 人。"))
        banners.body.addWidget(Banner(Tone.OK, "复算一致，05-12 15:02。"))
        banners.body.addWidget(Banner(Tone.INFO, "检查前名单保密。"))
        banners.body.addStretch(1)
        grid.addWidget(banners, 0, 1)
        people = Card("每人任务量", "本年至今，单位：家次", flush=True)
        table = PlainTable(
            (
                Column("name", "姓名", width=100),
                Column("load", "任务量", ColumnKind.BAR, stretch=True),
            )
        )
        table.set_rows([Person("张三", Bar(22, 4, 26)), Person("李四", Bar(20, 2, 26))])
        people.body.addWidget(table)
        grid.addWidget(people, 0, 2)
        return grid


class FormPage(Page):
    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "表单")
        self.sequence = GuidedSequence(
            ["核对名单", "封存名单", "写号折条", "出承诺单", "开号", "揭晓"], barrier=4
        )
        card = Card("新增检查对象")
        facts = TargetFacts(name="青禾县某庚水泥制品厂", uscc="91360199MA0033005J")
        self.panel = FormPanel(
            FIELDS,
            facts,
            groups=(
                Group("基本", ("name", "uscc", "permit_no", "legal_rep", "phone", "address")),
                Group("分类", ("township", "category", "state", "tags", "permit_valid_to",
                               "project", "note")),
            ),
        )  # fmt: skip
        card.body.addWidget(self.panel)
        self.sequence.add_page(card)
        for _ in range(5):
            self.sequence.add_page(EmptyState("这一步还没有开始。", "看名单"))
        self.sequence.steps.set_note(0, "可抽 205 家，人员 13 人")
        self.sequence.allow_next(False, "还有 2 人没有录完", "开始揭晓")
        self.body.addWidget(self.sequence, 1)


SPECS = (
    PageSpec("desk", "工作台", "desk", WidgetsPage),
    PageSpec("targets", "检查对象", "factory", ListPage),
    PageSpec("inspectors", "执法人员", "person", FormPage),
    PageSpec("items", "抽查事项", "clipboard", WidgetsPage),
    PageSpec("plan", "计划与抽取", "dice", WidgetsPage),
    PageSpec("teams", "检查组与派单", "team", WidgetsPage),
    PageSpec("results", "检查结果", "document-check", WidgetsPage),
    PageSpec("publication", "公示与上报", "megaphone", WidgetsPage),
    PageSpec("system", "系统", "sliders", WidgetsPage),
)

STATUS = WindowStatus(
    unit="青禾县生态环境保护综合行政执法大队",
    person="张三（综合科）",
    ledger_head="9c41e07b" * 8,
    backup="今天 08:30",
)


def make_window(specs: Sequence[PageSpec] = SPECS) -> MainWindow:
    window = MainWindow(QuietWorkspace(), MemoryViewStore(), specs)  # type: ignore[arg-type]
    window.show_status(STATUS)
    return window


def main() -> None:
    from app.ui.tasks import TaskRunner
    from app.ui.theme import apply_theme

    out = Path(sys.argv[1])
    width, height = (int(part) for part in sys.argv[2].split("x"))
    app = QApplication([])
    apply_theme(app)
    window = make_window()
    window.navigation.set_badge("inspectors", 1, Tone.WARN)
    window.navigation.set_badge("results", 6, Tone.ACCENT)
    window.navigation.set_badge("publication", 8, Tone.INFO)
    window.resize(width, height)
    window.activateWindow()
    window.show()

    def settle(milliseconds: int) -> None:
        from PySide6.QtCore import QEventLoop

        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    for key in ("desk", "targets", "inspectors"):
        window.go_to(key, None)
        settle(400)
        page = window.page(key)
        if isinstance(page, ListPage):
            page.table.grid.select_line(4)
            page.table.grid.hover(8)
            window.toast.say("已保存 青禾县某庚水泥制品厂", "查看", lambda: None)
        if isinstance(page, FormPage):
            page.sequence.go_to(0)
            page.panel.editors["phone"].control.setFocus()
            page.panel.editors["category"].show_error("请选择监管类别")
        settle(150)
        window.grab().save(str(out / f"{key}-{width}.png"))
        window.toast.hide()
    TaskRunner.of_application().shut_down()
    window.close()


if __name__ == "__main__":
    main()
