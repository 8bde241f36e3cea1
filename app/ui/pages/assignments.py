"""检查组与派单: who goes where, by team and by target; notices to print.

Until a target was inspected its name is secret, and the operator's window is often on the wall:
names of such targets appear only after somebody pressed 显示名单.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QHideEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.db.read import assignments
from app.db.read.assignments import AssignmentQuery, DrawChoice, TeamRow
from app.db.read.tasks import Progress, TaskRow
from app.domain.periods import Period
from app.services import noticing, planning, substituting
from app.services.noticing import NoticesMade, PrintNotices
from app.services.substituting import Leaving, Substituted, SubstitutionOffer
from app.ui import theme
from app.ui.dialogs import following
from app.ui.dialogs.following import Asking
from app.ui.dialogs.substitution import SubstitutionDialog
from app.ui.tables import Column, ColumnKind, ReadSource, RecordTable, Sort
from app.ui.tasks import operation, query
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import (
    Banner,
    Card,
    Chip,
    ElidedLabel,
    EmptyState,
    Filter,
    FilterRow,
    Page,
    PageContext,
    Segments,
    button,
    clear_layout,
    label,
    link_button,
)
from app.ui.widgets.result_list import PROGRESS_TONES

__all__ = ["AssignmentsPage"]

_SECRET = "检查前保密"  # noqa: S105 - a notice, not a password
_CARD_WIDTH = 350
_TARGETS_SHOWN = 12


class AssignmentsPage(Page):
    """Two views of one draw's tasks behind one row of segments."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "检查组与派单")
        self.names_shown = False
        self._wanted: int | None = None
        self._draws: Sequence[DrawChoice] = ()
        self._teams: Sequence[TeamRow] = ()
        self.draw_box = QComboBox()
        self.draw_box.setAccessibleName("抽取")
        self.draw_box.setMinimumWidth(220)
        self.draw_box.currentIndexChanged.connect(self._on_draw_chosen)
        self.segments = Segments([("teams", "按检查组"), ("targets", "按检查对象")])
        self.segments.chosen.connect(self._on_view)
        self.print_all = button("打印全部通知单", self._print_all, "print")
        self.add_action(self.draw_box)
        self.add_action(self.segments)
        self.add_action(self.print_all)
        self.banner = Banner(Tone.WARN, "")
        self.show_names = button("显示名单", self.toggle_names, "eye")
        self.secrecy = QWidget()
        across = QHBoxLayout(self.secrecy)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(theme.GAP)
        across.addWidget(self.banner, 1)
        across.addWidget(self.show_names)
        self.body.addWidget(self.secrecy)
        self.stack = QStackedWidget()
        self.body.addWidget(self.stack, 1)
        self.empty = EmptyState(
            "还没有派单。抽取完成后，检查组和任务会出现在这里。",
            "去抽取",
            lambda: self.context.go_to("plan", None),
            manual="检查组与派单",
            icon_name="team",
        )
        self.empty.manual_requested.connect(self.context.open_manual)
        self.cards_view = self._cards_view()
        self.table_view = self._table_view()
        for view in (self.empty, self.cards_view, self.table_view):
            self.stack.addWidget(view)

    # -- views -------------------------------------------------------------

    def _cards_view(self) -> QWidget:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setObjectName("pageBody")
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 0, 4, 0)
        self._grid.setSpacing(theme.GAP)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignTop)
        area.setWidget(inside)
        self._area = area
        return area

    def _table_view(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        states = tuple((each.value, each.label) for each in Progress)
        categories = self.context.workspace.rulebook.categories
        self.filters = FilterRow(
            [
                Filter("category", "类别", tuple((each.code, each.label) for each in categories)),
                Filter("progress", "进展", states),
            ],
            hint="名称 / 代码 / 序号 / 姓名",
        )
        self.filters.changed.connect(self._narrow)
        column.addWidget(self.filters)
        self.table = RecordTable(
            self._columns(),
            name="assignments",
            unit="家",
            store=self.context.store,
            first_sort=Sort("serial"),
        )
        read = self.context.workspace.read
        self.table.set_source(
            ReadSource(
                lambda wanted: read(assignments.ids, wanted),
                lambda wanted: read(assignments.rows, wanted),
            )
        )
        # A list under embargo leaves the machine as a sealed package, or not at all.
        self.table.export_link.hide()
        self.table.row_activated.connect(self._on_task_activated)
        self.table.add_action("检查审批…", "check-circle", self.approve)
        self.table.add_action("延期检查…", "clock", self.postpone)
        for leaving in Leaving:
            self.table.add_action(
                f"更换{leaving.value}…", "refresh", partial(self.replace_in_task, leaving)
            )
        self.table.loaded.connect(lambda _count: self._select_wanted())
        column.addWidget(self.table, 1)
        return holder

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column("serial", "抽取序号", ColumnKind.CODE, width=100),
            Column("target_name", "检查对象", width=190, stretch=True, value=self.name_of),
            Column(
                "target_code", "代码", ColumnKind.CODE, width=166, value=self._code_of, sort=None
            ),
            Column("category", "类别", width=84, value=self._category_of),
            Column("team_no", "检查组", width=72, value=_team_words),
            Column("lead", "牵头", width=74, sort=None),
            Column("second", "组员", width=74, sort=None),
            Column(
                "flags",
                "提示",
                width=104,
                value=lambda task: task.remarks,
                tone=lambda task: Tone.WARN if task.remarks else Tone.NORMAL,
                sort=None,
            ),
            Column("due_on", "期限", ColumnKind.DATE),
            Column(
                "progress",
                "进展",
                ColumnKind.CHIP,
                width=84,
                value=lambda task: task.progress.label,
                tone=lambda task: PROGRESS_TONES[task.progress],
                sort=None,
            ),
        )

    # -- filling -----------------------------------------------------------

    def refresh(self) -> None:
        """Fetch the draws, then the tasks of the chosen one."""
        workspace = self.context.workspace
        query(self, lambda: workspace.read(assignments.draws)).key("draws").success(
            self._show_draws
        ).run_in_background()

    def open_at(self, where: object) -> None:
        """``where``: an assignment's id; its line is selected in the view by target."""
        if isinstance(where, int):
            self._wanted = where
            self.show_targets()
            self._select_wanted()

    def _select_wanted(self) -> None:
        if self._wanted is not None and self.table.select_id(self._wanted):
            self._wanted = None

    def hideEvent(self, event: QHideEvent) -> None:
        """Names are never left standing on a page nobody looks at."""
        if self.names_shown:
            self.toggle_names()
        super().hideEvent(event)

    def show_targets(self) -> None:
        """Change to the view by target."""
        self.segments.choose("targets")
        self._on_view("targets")

    def on_narrow(self, narrow: bool) -> None:
        """Fewer cards beside each other."""
        self._show_cards()

    def _show_draws(self, found: Sequence[DrawChoice]) -> None:
        chosen = self.draw_box.currentData()
        self._draws = found
        self.draw_box.blockSignals(True)
        self.draw_box.clear()
        for draw in found:
            self.draw_box.addItem(f"{draw.no}（{draw.tasks} 家）", draw.no)
        at = self.draw_box.findData(chosen)
        self.draw_box.setCurrentIndex(max(at, 0) if found else -1)
        self.draw_box.blockSignals(False)
        self._on_draw_chosen()

    def _on_draw_chosen(self) -> None:
        no = self.draw_box.currentData()
        for widget in (self.draw_box, self.segments, self.print_all, self.secrecy):
            widget.setVisible(bool(no))
        if not no:
            self.set_subtitle(self.context.workspace.rulebook.document.title)
            self.stack.setCurrentWidget(self.empty)
            return
        workspace = self.context.workspace
        query(self, lambda: workspace.read(assignments.teams, AssignmentQuery(draw_no=no))).key(
            "teams"
        ).success(self._show_teams).run_in_background()
        self._narrow()
        self._on_view(self.segments.key)

    def _show_teams(self, found: Sequence[TeamRow]) -> None:
        self._teams = found
        tasks = [task for team in found for task in team.tasks]
        open_ones = sum(1 for task in tasks if task.progress is Progress.OPEN)
        teams = f"{len(found)} 个检查组" if found and found[0].number else f"{len(found)} 个组对"
        period = Period.parse(tasks[0].period).in_words() if tasks else ""
        self.set_subtitle(period, teams, f"{len(tasks)} 家，未检查 {open_ones} 家")
        self._show_banner(open_ones)
        self._show_cards()

    def _show_banner(self, open_ones: int) -> None:
        if open_ones == 0:
            self.secrecy.hide()
            return
        self.secrecy.show()
        self.show_names.setText("隐藏名单" if self.names_shown else "显示名单")
        who = "正在显示，" if self.names_shown else ""
        self.banner.show_message(
            Tone.WARN,
            f"{_SECRET}：{who}{open_ones} 家尚未检查，名单和检查人员不得让检查对象知道。"
            "窗口投在大屏幕上时请先隐藏。",
        )

    def toggle_names(self) -> None:
        """Show the names of secret targets, or hide them again."""
        self.names_shown = not self.names_shown
        self._show_teams(self._teams)
        self.table.grid.viewport().update()

    def _show_cards(self) -> None:
        clear_layout(self._grid)
        across = max(1, (self.width() - 2 * theme.PAGE) // _CARD_WIDTH)
        for number, team in enumerate(self._teams):
            card = _TeamCard(team, self)
            self._grid.addWidget(card, number // across, number % across, Qt.AlignmentFlag.AlignTop)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < across else 0)

    def _on_view(self, key: object) -> None:
        if not self._draws:
            return
        self.stack.setCurrentWidget(self.table_view if key == "targets" else self.cards_view)

    def _narrow(self) -> None:
        no = self.draw_box.currentData()
        if no:
            filters = dict(self.filters.chosen) | {"draw": frozenset({str(no)})}
            self.table.show_query(self.filters.search, filters)

    # -- words -------------------------------------------------------------

    def name_of(self, task: TaskRow) -> str:
        """The target's name, or that it is secret."""
        if task.progress is Progress.OPEN and not self.names_shown:
            return f"（{_SECRET}）"
        return task.target_name

    def _code_of(self, task: TaskRow) -> str:
        if task.progress is Progress.OPEN and not self.names_shown:
            return ""
        return task.target_code

    def _category_of(self, task: TaskRow) -> str:
        categories = self.context.workspace.rulebook.categories
        return next((e.short for e in categories if e.code == task.category), task.category)

    # -- doing -------------------------------------------------------------

    def _on_task_activated(self, task: TaskRow) -> None:
        if task.progress is not Progress.OPEN:
            self.context.go_to("results", task.id)

    def approve(self, ids: Sequence[int]) -> None:
        """检查审批 of the selected tasks at once."""
        if ids:
            following.ask_approval(self._asking("检查审批已登记"), tuple(ids))

    def postpone(self, ids: Sequence[int]) -> None:
        """延期 of the selected task."""
        task = self.table.current_row()
        if isinstance(task, TaskRow) and ids:
            following.ask_postponement(self._asking("延期已登记"), task)

    def _asking(self, words: str) -> Asking:
        workspace = self.context.workspace
        return Asking(
            parent=self,
            workspace=workspace,
            today=workspace.clock().astimezone().date(),
            then=lambda _o: self.context.toast(words),
        )

    def replace_in_task(self, leaving: Leaving, ids: Sequence[int]) -> None:
        """Offer to replace the target, the lead or the second of the selected task."""
        if len(ids) != 1:
            self.context.toast("请只选一项任务再更换")
            return
        if not self.names_shown:
            self.context.toast(f"{_SECRET}：请先按“显示名单”再更换")
            return
        workspace = self.context.workspace
        today = planning.today(workspace)
        query(
            self,
            lambda: workspace.read(substituting.preview_task, ids[0], leaving, today),
        ).key("offer").success(self._ask_substitution).run_in_background()

    def _ask_substitution(self, offer: SubstitutionOffer) -> None:
        workspace = self.context.workspace
        dialog = SubstitutionDialog(self, workspace, offer, planning.today(workspace))
        dialog.substituted.connect(self._on_substituted)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _on_substituted(self, made: Substituted) -> None:
        form = made.folder / f"addendum-{made.number:02d}.pdf"
        self.context.toast(f"已更换，补充记录 {made.number:02d}", "打开", partial(_open, form))
        self.refresh()

    def _print_all(self) -> None:
        self.print_notices(None)

    def print_notices(self, teams: tuple[int, ...] | None) -> None:
        """Write notices of these teams (None: all) and say where they are."""
        no = self.draw_box.currentData()
        workspace = self.context.workspace
        operation(
            self,
            lambda: workspace.write(
                noticing.print_notices, PrintNotices(draw_no=str(no), teams=teams)
            ),
        ).key("print").progress("正在生成通知单").success(self._on_printed).run_in_background()

    def _on_printed(self, made: NoticesMade) -> None:
        one = made.paths[0]
        if len(made.paths) == 1:
            self.context.toast("通知单已生成", "打开", partial(_open, one))
            return
        self.context.toast(
            f"{len(made.paths)} 份通知单已生成", "打开文件夹", partial(_open, one.parent)
        )


class _TeamCard(Card):
    """第 3 组: who leads, who goes along, what they owe, its notice."""

    def __init__(self, team: TeamRow, page: AssignmentsPage) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.body.setContentsMargins(theme.PAGE, 12, theme.PAGE, 10)
        self.body.setSpacing(6)
        self.body.addLayout(self._top(team))
        if team.number is not None:
            self.body.addWidget(ElidedLabel(_people(team)))
        for words in team.flags_in_words:
            self.body.addWidget(Chip(words, Tone.WARN))
        for task in team.tasks[:_TARGETS_SHOWN]:
            self.body.addLayout(self._task_line(task, page))
        more = len(team.tasks) - _TARGETS_SHOWN
        if more > 0:
            self.body.addWidget(label(f"还有 {more} 家，见“按检查对象”", "small"))
        foot = QHBoxLayout()
        due = team.next_due
        foot.addWidget(label(f"最近期限 {due}" if due else "已全部锁定", "small"))
        foot.addStretch(1)
        self.print_link = link_button("打印通知单", lambda: page.print_notices((team.id,)), "print")
        foot.addWidget(self.print_link)
        self.body.addLayout(foot)

    def _top(self, team: TeamRow) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label(team.name if team.number is not None else _people(team), "section"))
        row.addStretch(1)
        row.addWidget(label(f"已检查 {team.inspected} / {len(team.tasks)} 家", "small"))
        return row

    def _task_line(self, task: TaskRow, page: AssignmentsPage) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        serial = label(task.serial)
        serial.setFont(theme.mono())
        serial.setStyleSheet(f"font-family: '{theme.MONO[0]}', '{theme.MONO[1]}'; font-size: 12px;")
        serial.setFixedWidth(68)
        row.addWidget(serial)
        name = ElidedLabel(page.name_of(task))
        if task.progress is Progress.OPEN and not page.names_shown:
            name.setStyleSheet(f"color: {LIGHT.placeholder};")
        row.addWidget(name, 1)
        row.addWidget(Chip(task.progress.label, PROGRESS_TONES[task.progress]))
        return row


def _people(team: TeamRow) -> str:
    lead = f"{team.lead}（牵头）" if team.lead else "无人牵头"
    return f"{lead}、{team.second}" if team.second else lead


def _team_words(task: TaskRow) -> str:
    return f"第 {task.team_no} 组" if task.team_no is not None else ""


def _open(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
