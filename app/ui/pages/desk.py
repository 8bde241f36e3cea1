"""工作台: what waits today, how far the period and the cycle are; a checklist at the start."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.db.read import desk_details
from app.db.read.desk_details import Behind
from app.domain.desk import CoverageBar, Desk, Figure, FirstSteps, Load, Todo, When
from app.domain.periods import Period, Span
from app.services.days import desk
from app.ui import theme
from app.ui.dialogs.desk_details import DetailsDialog
from app.ui.icons import pixmap
from app.ui.pages.desk_calendar import DeskCalendar
from app.ui.pages.desk_owed import DeskOwed
from app.ui.tasks import query
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import (
    Card,
    ElidedLabel,
    EmptyState,
    FigureCard,
    Page,
    PageContext,
    Segments,
    clear_layout,
    hairline,
    label,
    link_button,
    small_button,
)
from app.ui.widgets.charts import CoverageChart, LoadChart

__all__ = ["DeskPage"]

_RIGHT = 600
_RIGHT_NARROW = 584
_BUTTON = 84
_WEEKDAYS = "一二三四五六日"
_MOST_DRAWN = 100


_PARTS = (("todo", "待办"), ("owed", "各组应办"), ("calendar", "日历"))
_FIGURES = {
    "应抽 / 已抽": Behind.DRAWN,
    "已检查": Behind.INSPECTED,
    "已公示": Behind.PUBLISHED,
    "整改完成": Behind.RECTIFIED,
}


class DeskPage(Page):
    """To-dos at the left, figures and charts at the right; behind them squads and the calendar."""

    counts = True

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "工作台")
        self._desk: Desk | None = None
        self.todo_buttons: list[QPushButton] = []
        self.segments = Segments(_PARTS)
        self.segments.chosen.connect(self._on_part)
        self.add_action(self.segments)
        self.add_action(self._date())
        first = QWidget()
        across = QHBoxLayout(first)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(theme.GAP)
        self.list_card = Card("待办", flush=True)
        across.addWidget(self._list(), 1)
        across.addWidget(self._right())
        self.owed = DeskOwed(context, self._today)
        self.calendar = DeskCalendar(context, self._today)
        self.stack = QStackedWidget()
        self._views = {"todo": first, "owed": self.owed, "calendar": self.calendar}
        for view in self._views.values():
            self.stack.addWidget(view)
        self.body.addWidget(self.stack, 1)

    def _date(self) -> QWidget:
        holder = QWidget()
        holder.setMinimumWidth(200)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        self.day = label("", "strong")
        self.days_left = label("", "small")
        for each in (self.day, self.days_left):
            each.setAlignment(theme.ALIGN_RIGHT)
            column.addWidget(each)
        return holder

    def _list(self) -> QWidget:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setObjectName("pageBody")
        self._todos = QVBoxLayout(inside)
        self._todos.setContentsMargins(0, 0, 0, 0)
        self._todos.setSpacing(0)
        area.setWidget(inside)
        self.list_card.body.addWidget(area, 1)
        return self.list_card

    def _right(self) -> QWidget:
        self.right = QScrollArea()
        self.right.setWidgetResizable(True)
        self.right.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.right.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setObjectName("pageBody")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        figures = QHBoxLayout()
        figures.setSpacing(theme.GAP)
        self.figures = {name: FigureCard(name) for name in _FIGURES}
        for name, card in self.figures.items():
            card.invite("看是哪些家")
            card.clicked.connect(partial(self._open_figure, name))
            figures.addWidget(card, 1)
        column.addLayout(figures)
        self.coverage_card = Card("周期覆盖进度")
        self.coverage_note = label("", "small")
        self.coverage_card.add_action(self.coverage_note)
        self.course_link = link_button(
            "各季度走势", lambda: self.context.go_to("publication", "course")
        )
        self.coverage_card.add_action(self.course_link)
        self.coverage = CoverageChart()
        self.coverage.bar_clicked.connect(self._open_coverage)
        self.coverage_card.body.addWidget(self.coverage)
        column.addWidget(self.coverage_card)
        self.load_card = Card("每人任务量", "本年至今，单位：家次")
        self.load_card.add_action(
            link_button("看明细", lambda: self.context.go_to("inspectors", None))
        )
        self.loads = LoadChart()
        self.loads.person_clicked.connect(self._open_load)
        self.load_card.body.addWidget(self.loads, 1)
        column.addWidget(self.load_card, 1)
        self.nothing = Card()
        self.nothing.body.addWidget(
            EmptyState("导入名录以后，这里显示周期覆盖进度和每人任务量。", icon_name="desk")
        )
        column.addWidget(self.nothing, 1)
        self.right.setWidget(inside)
        self.right.setFixedWidth(_RIGHT)
        return self.right

    # -- filling -----------------------------------------------------------

    def refresh(self) -> None:
        """Ask for everything again, as known today."""
        workspace, today = self.context.workspace, self._today()
        query(self, lambda: workspace.read(desk.overview, today)).key("desk").success(
            self._show
        ).run_in_background()
        if self.segments.key == "owed":
            self.owed.refresh()
        elif self.segments.key == "calendar":
            self.calendar.refresh()

    def _today(self) -> date:
        return self.context.workspace.clock().astimezone().date()

    def open_at(self, where: object) -> None:
        """``where``: a part of the desk (owed, calendar); None is the to-dos."""
        part = where if where in self._views else "todo"
        self.segments.choose(part)
        self._on_part(part)

    def _on_part(self, part: object) -> None:
        self.stack.setCurrentWidget(self._views[str(part)])
        if part == "owed":
            self.owed.refresh()
        elif part == "calendar":
            self.calendar.refresh()

    # -- behind a number ---------------------------------------------------

    def _open_figure(self, name: str) -> None:
        if self._desk is None:
            return
        read, period, figure = self.context.workspace.read, self._desk.period, _FIGURES[name]
        self._details = DetailsDialog(
            self,
            f"{name} · {self._desk.period_words}",
            lambda: read(desk_details.behind_figure, period, figure),
            self._open_task,
        )
        self._details.open()

    def _open_load(self, load: Load) -> None:
        if self._desk is None:
            return
        read = self.context.workspace.read
        year = Period(Period.parse(self._desk.period).year, Span.YEAR)
        quarters = year.contained(Span.QUARTER)
        self._details = DetailsDialog(
            self,
            f"{load.name}的任务 · {year.year} 年",
            lambda: read(desk_details.behind_load, quarters, load.id),
            self._open_task,
        )
        self._details.open()

    def _open_coverage(self, bar: CoverageBar) -> None:
        if self._desk is None:
            return
        workspace, today = self.context.workspace, self._today()
        period = Period.parse(self._desk.period)
        self._details = DetailsDialog(
            self,
            f"{bar.label}覆盖情况 · {bar.cycle}",
            lambda: workspace.read(
                desk_details.behind_coverage,
                workspace.rulebook,
                workspace.unit.level,
                period,
                today,
                bar.label,
            ),
            self._open_task,
            targets=True,
        )
        self._details.open()

    def _open_task(self, assignment_id: int) -> None:
        self.context.go_to("results", assignment_id)

    def on_narrow(self, narrow: bool) -> None:
        """Give the list what the side cards can spare."""
        self.right.setFixedWidth(_RIGHT_NARROW if narrow else _RIGHT)

    def _show(self, found: Desk) -> None:
        self._desk = found
        self.set_subtitle(
            found.period_words,
            found.rulebook,
            f"检查对象 {found.targets} 家",
            f"执法人员 {found.inspectors} 人",
        )
        day = found.today
        weekday = _WEEKDAYS[day.weekday()]
        self.day.setText(f"{day.month} 月 {day.day} 日 星期{weekday}")
        self.days_left.setText(found.note)
        for name, figure in zip(
            self.figures,
            (found.drawn, found.inspected, found.published, found.rectified),
            strict=True,
        ):
            self._show_figure(self.figures[name], figure)
        self._show_charts(found)
        clear_layout(self._todos)
        self.todo_buttons = []
        if found.first.finished:
            self._show_todos(found.todos)
        else:
            self._show_checklist(found.first, found.todos)
        self._show_badges(found)

    def _show_figure(self, card: FigureCard, figure: Figure) -> None:
        card.show_figure(figure.done, figure.total, figure.note)

    def _show_charts(self, found: Desk) -> None:
        filled = found.targets > 0 or found.inspectors > 0
        self.coverage_card.setVisible(filled)
        self.load_card.setVisible(filled)
        self.nothing.setVisible(not filled)
        self.coverage.show_bars(found.coverage)
        total = sum(bar.total for bar in found.coverage)
        covered = sum(bar.covered for bar in found.coverage)
        self.coverage_note.setText(f"{total} 家，已覆盖 {covered} 家")
        self.loads.show_loads(found.loads)

    def _show_badges(self, found: Desk) -> None:
        late = {todo.page for todo in found.todos if todo.when is When.OVERDUE}
        counts = Counter(todo.page for todo in found.todos)
        counts["results"] = found.results_waiting
        counts["publication"] = found.publications_waiting
        for page in ("inspectors", "plan", "teams", "results", "publication"):
            tone = Tone.WARN if page in late else Tone.ACCENT
            self.context.set_badge(page, counts[page], tone)

    # -- to-dos ------------------------------------------------------------

    def _show_todos(self, todos: tuple[Todo, ...]) -> None:
        self.list_card.title_label.setText("待办")
        self.list_card.set_note(f"{len(todos)} 件")
        if not todos:
            self._todos.addWidget(
                EmptyState("没有待办的事。到期前一周会在这里提醒。", icon_name="check-circle"), 1
            )
            return
        for when in When:
            group = [todo for todo in todos if todo.when is when]
            if group:
                self._todos.addWidget(_band(when, len(group)))
                self._add_rows(group)
        self._todos.addStretch(1)

    def _add_rows(self, group: list[Todo]) -> None:
        shown = group[:_MOST_DRAWN]
        for todo in shown:
            first = not self.todo_buttons
            row = _TodoRow(todo.sentence, todo.detail, todo.action, filled=first)
            row.button.clicked.connect(
                lambda _on=False, go=todo: self.context.go_to(go.page, go.where)
            )
            self.todo_buttons.append(row.button)
            self._todos.addWidget(row)
            self._todos.addWidget(hairline())
        if len(shown) < len(group):
            self._todos.addWidget(label(f"　另有 {len(group) - len(shown)} 件，办完上面的再列出"))

    # -- the beginning -----------------------------------------------------

    def _show_checklist(self, first: FirstSteps, todos: tuple[Todo, ...]) -> None:
        self.list_card.title_label.setText("从空白到第一次抽取")
        steps = _steps(first)
        done = sum(1 for step in steps if step.done)
        self.list_card.set_note(f"已完成 {done} 步，共 {len(steps)} 步")
        self._todos.addWidget(hairline())
        next_one = next((step for step in steps if not step.done), None)
        for step in steps:
            row = _StepRow(step, filled=step is next_one)
            row.button.clicked.connect(
                lambda _on=False, page=step.page: self.context.go_to(page, None)
            )
            self.todo_buttons.append(row.button)
            self._todos.addWidget(row)
            self._todos.addWidget(hairline())
        if todos:
            self._todos.addWidget(_band(When.TODAY, len(todos)))
            self._add_rows(list(todos))
        self._todos.addStretch(1)


def _band(when: When, count: int) -> QFrame:
    band = QFrame()
    band.setObjectName("band")
    row = QHBoxLayout(band)
    row.setContentsMargins(theme.PAGE, 6, theme.PAGE, 6)
    row.setSpacing(8)
    name = label(when.label, "strong")
    if when is When.OVERDUE:
        name.setStyleSheet(f"color: {LIGHT.danger};")
    row.addWidget(name)
    row.addWidget(label(f"{count} 件", "small"))
    row.addStretch(1)
    return band


class _TodoRow(QWidget):
    """A sentence, what it stands on, its button."""

    def __init__(self, sentence: str, detail: str, action: str, *, filled: bool) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.PAGE, 11, 14, 11)
        row.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(2)
        # A long name must not push out what is to be done about it.
        words.addWidget(label(sentence, wrap=True))
        words.addWidget(ElidedLabel(detail, "small"))
        row.addLayout(words, 1)
        self.button = small_button(action)
        self.button.setProperty("role", "primary" if filled else "")
        self.button.setFixedWidth(_BUTTON)
        self.button.setAccessibleName(f"{action}：{sentence}")
        row.addWidget(self.button)


@dataclass(frozen=True, slots=True)
class _Step:
    title: str
    detail: str
    action: str
    page: str
    done: bool


def _steps(first: FirstSteps) -> tuple[_Step, ...]:
    enough = 2  # inspectors of a team
    return (
        _Step("选定单位和细则", "在首次设置里已经完成，可在“系统”里修改", "查看", "system", True),
        _Step(
            "导入检查对象",
            f"已有 {first.targets} 家" if first.targets else "Excel 名录拖进来即可，先预览再写入",
            "去导入",
            "targets",
            first.targets > 0,
        ),
        _Step(
            "登记执法人员",
            f"已有 {first.inspectors} 人" if first.inspectors else "执法证号和有效期要填全",
            "去登记",
            "inspectors",
            first.inspectors >= enough,
        ),
        _Step(
            "建立抽查事项清单",
            f"已有 {first.items} 项" if first.items else "查什么、依据是什么，录结果时逐项勾选",
            "去建立",
            "items",
            first.items > 0,
        ),
        _Step(
            "核对计划，第一次抽取",
            "按细则算出各类应抽数，在见证人面前抽取；可以先演练一次",
            "去抽取",
            "plan",
            first.draws > 0,
        ),
    )


class _StepRow(_TodoRow):
    def __init__(self, step: _Step, *, filled: bool) -> None:
        super().__init__(step.title, step.detail, step.action, filled=filled)
        mark = QLabel()
        name, colour = ("check-circle", LIGHT.ok) if step.done else ("clock", LIGHT.empty)
        mark.setPixmap(pixmap(name, colour, 20, self.devicePixelRatioF()))
        mark.setAccessibleName("已完成" if step.done else "未完成")
        row = self.layout()
        if isinstance(row, QHBoxLayout):
            row.insertWidget(0, mark)
