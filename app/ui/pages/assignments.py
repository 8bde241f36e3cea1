"""检查组与派单: who goes where, by team, by target and by person; replacements and notices.

Until a target was inspected its name is secret, and the operator's window is often on the wall:
names of such targets appear only after somebody pressed 显示名单.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.db.read import assignments, bound, results, substitutions, tallies
from app.db.read.assignments import AssignmentQuery, DrawChoice, TeamRow
from app.db.read.query import ListQuery
from app.db.read.substitutions import Scope, SubstitutionRow
from app.db.read.tallies import TargetTally
from app.db.read.tasks import Progress, TaskRow
from app.domain import rd1
from app.domain.course import TaskState
from app.domain.desk import TheseRows
from app.domain.paper_texts import PaperKind
from app.domain.periods import Period
from app.domain.rulebook import ExpertWay
from app.services.days import workloads
from app.services.days.workloads import Workload, WorkloadQuery
from app.services.draws import flag_words
from app.services.draws.flag_words import DrawFlags
from app.services.paperwork.task_papers import OF_TASKS
from app.services.plans import planning
from app.services.replacing.substitution_offer import Leaving
from app.services.tasks.noticing import PrintNotices
from app.ui import theme
from app.ui.dialogs import choosing_experts, following
from app.ui.dialogs.asking import Asking
from app.ui.pages.assignment_actions import AssignmentActions
from app.ui.pages.assignment_course import TaskCourse
from app.ui.pages.assignment_people import PeopleView
from app.ui.pages.assignment_records import RecordsView
from app.ui.paper_actions import PaperActions
from app.ui.tables import Column, ColumnKind, ReadSource, RecordTable, Sort
from app.ui.tasks import query
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

    _asked_draw = ""
    """The draw another page points at, until it is on offer."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "检查组与派单")
        self.names_shown = False
        self._wanted: int | None = None
        self._flags = DrawFlags(tasks={}, teams={})
        self._records: Sequence[SubstitutionRow] = ()
        self._no_room = {"along"}
        self._viewed = ""
        self._draws: Sequence[DrawChoice] = ()
        self._teams: Sequence[TeamRow] = ()
        self.draw_box = QComboBox()
        self.draw_box.setAccessibleName("抽取")
        self.draw_box.setMinimumWidth(220)
        self.draw_box.currentIndexChanged.connect(self._on_draw_chosen)
        self.segments = Segments(
            [
                ("teams", "按检查组"),
                ("targets", "按检查对象"),
                ("people", "按人员"),
                ("records", "更换记录"),
            ]
        )
        self.segments.chosen.connect(self._on_view)
        self.print_all = button("打印全部通知单", self._print_all, "print")
        self.add_action(self.draw_box)
        self.add_action(self.segments)
        self.add_action(self.print_all)
        self.papers = PaperActions(self, context)
        self.papers_button = button("打印文书", icon_name="print")
        self.papers.fill_menu(
            self.papers_button, self._all_tasks, more=("本期各次抽取", self._period_tasks)
        )
        self.add_action(self.papers_button)
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
        self.doing = AssignmentActions(self, context)
        self.doing.changed.connect(self.refresh)
        self.cards_view = self._cards_view()
        self.table_view = self._table_view()
        self.people_view = PeopleView()
        self.people_view.hand_over_wanted.connect(self.hand_over)
        self.people_view.notices_wanted.connect(self._print_of_person)
        self.people_view.tasks_wanted.connect(self._show_tasks_of)
        self.records_view = RecordsView()
        self.records_view.form_wanted.connect(self.doing.print_form)
        self.records_view.list_wanted.connect(self._print_register)
        self.records_view.scope_chosen.connect(lambda _key: self._fetch_records())
        views = (self.cards_view, self.table_view, self.people_view, self.records_view)
        for view in (self.empty, *views):
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
                Filter("replaced", "已更换", (("1", "一并显示"),), default=frozenset({"1"})),
            ],
            hint="名称 / 代码 / 序号 / 姓名",
        )
        self.filters.changed.connect(self._narrow)
        # Another draw has none of the rows that were asked for.
        self.draw_box.activated.connect(lambda _at: self.filters.drop_only())
        # Approval, postponement and replacement are not to be found by a right click alone.
        self.act_button = button("办理所选")
        self.act_button.setEnabled(False)
        self.act_button.setToolTip("先在下面选一家或几家")
        self.filters.add_right(self.act_button)
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
        for kind in OF_TASKS:
            self.table.add_action(f"打印{kind.label}", "print", partial(self._print_chosen, kind))
        self.table.add_action("延期检查…", "clock", self.postpone)
        if ExpertWay.CHOSEN in self.context.workspace.rulebook.experts.value:
            self.table.add_action("指定专家…", "team", self.choose_expert)
            self.table.add_action("撤下指定专家…", "team", self.take_off_expert)
        for leaving in Leaving:
            self.table.add_action(
                f"更换{leaving.value}…", "refresh", partial(self.replace_in_task, leaving)
            )
        menu = QMenu(self.act_button)
        self.table.fill_menu(menu)
        self.act_button.setMenu(menu)
        self.table.loaded.connect(lambda _count: self._select_wanted())
        self.table.selection_changed.connect(lambda ids: self.act_button.setEnabled(bool(len(ids))))
        column.addWidget(self.table, 1)
        self.course = TaskCourse(self.context.workspace)
        self.course.next_wanted.connect(self._take_next)
        self.table.current_changed.connect(self._show_course)
        column.addWidget(self.course)
        return holder

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column("serial", "抽取序号", ColumnKind.CODE, width=100),
            Column(
                "target_name",
                "检查对象",
                width=160,
                stretch=True,
                value=self.name_of,
                struck=_is_replaced,
            ),
            Column(
                "target_code", "代码", ColumnKind.CODE, width=166, value=self._code_of, sort=None
            ),
            Column("category", "类别", width=72, value=self._category_of),
            Column("team_no", "检查组", width=72, value=_team_words),
            Column("lead", "牵头", width=74, sort=None),
            Column("second", "组员", width=74, sort=None),
            Column(
                "along",
                "联合、专家",
                width=120,
                value=lambda task: "、".join(task.along),
                sort=None,
                hidden=True,
            ),
            Column("former", "已换下", width=72, struck=lambda _task: True, sort=None),
            Column(
                "flags",
                "提示（原因）",
                width=140,
                value=self._flag_words,
                tone=lambda task: Tone.WARN if task.remarks else Tone.NORMAL,
                sort=None,
            ),
            Column("due_on", "期限", ColumnKind.DATE),
            Column(
                "progress",
                "进展",
                ColumnKind.CHIP,
                width=100,
                value=_progress_words,
                tone=_progress_tone,
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
        """``where``: an assignment's id; its draw is shown, its line selected by target.

        ``TheseRows`` of one draw: nothing else is listed.
        """
        if isinstance(where, TheseRows):
            self.filters.show_only(where.ids, where.words)
            self._point_at(where.ids[0])
        elif isinstance(where, int):
            self._point_at(where)

    def _point_at(self, wanted: int) -> None:
        self._wanted = wanted
        self.show_targets()
        read = self.context.workspace.read
        query(self, lambda: read(results.rows, [wanted])).key("wanted").success(
            self._show_draw_of
        ).run_in_background()

    def _show_draw_of(self, found: Sequence[TaskRow]) -> None:
        self._asked_draw = found[0].draw_no if found else ""
        self._choose_asked()
        self._select_wanted()

    def _choose_asked(self) -> None:
        """The asked draw, if the draws are there already; else it is remembered for them."""
        at = self.draw_box.findData(self._asked_draw) if self._asked_draw else -1
        if at >= 0:
            self._asked_draw = ""
            self.draw_box.setCurrentIndex(at)

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
        if self._draws and found and found[0].no not in {each.no for each in self._draws}:
            # What was drawn just now is what notices are printed of next.
            chosen = found[0].no
        self._draws = found
        self.draw_box.blockSignals(True)
        self.draw_box.clear()
        for draw in found:
            self.draw_box.addItem(f"{draw.no}（{draw.tasks} 家）", draw.no)
        at = self.draw_box.findData(chosen)
        self.draw_box.setCurrentIndex(max(at, 0) if found else -1)
        self._choose_asked()
        self.draw_box.blockSignals(False)
        self._on_draw_chosen()

    def _on_draw_chosen(self) -> None:
        no = self.draw_box.currentData()
        for widget in (
            self.draw_box,
            self.segments,
            self.print_all,
            self.papers_button,
            self.secrecy,
        ):
            widget.setVisible(bool(no))
        if not no:
            self.set_subtitle(self.context.workspace.rulebook.document.title)
            self.stack.setCurrentWidget(self.empty)
            return
        workspace = self.context.workspace
        asked = WorkloadQuery(draw_no=str(no), today=planning.today(workspace))

        def look() -> _Look:
            return _Look(
                teams=workspace.read(assignments.teams, AssignmentQuery(draw_no=str(no))),
                people=workspace.read(workloads.of_draw, asked),
                flags=workspace.read(flag_words.of_draw, str(no)),
                replaced=workspace.read(substitutions.register, Scope(draw_no=str(no))),
                along=workspace.read(bound.has_members, str(no)),
            )

        query(self, look).key("teams").success(self._show_look).run_in_background()
        self._narrow()
        self._fetch_records()
        self._on_view(self.segments.key)

    def _make_room(self, **needed: bool) -> None:
        """No room for a column nobody fills: pairs have no team, most draws nobody else along."""
        for at, column in enumerate(self.table.model.columns):
            if column.key not in needed:
                continue
            # What a person hid stays hidden: only what was hidden here comes back.
            if not needed[column.key]:
                self._no_room.add(column.key)
                self.table.grid.setColumnHidden(at, True)
            elif column.key in self._no_room:
                self._no_room.discard(column.key)
                self.table.grid.setColumnHidden(at, False)
        self.table.grid.fit()

    def _show_look(self, look: _Look) -> None:
        no = str(self.draw_box.currentData())
        self._flags, self._records = look.flags, look.replaced
        self.people_view.show_people(look.people)
        fixed = any(team.number is not None for team in look.teams)
        self._make_room(along=look.along, team_no=fixed, former=bool(look.replaced))
        if no != self._viewed:
            self._viewed = no
            # A card per target is no help where every target has a pair of its own.
            if look.teams and look.teams[0].number is None and self.segments.key == "teams":
                self.segments.choose("people")
                self._on_view("people")
        self._show_teams(look.teams)

    def _scope(self) -> Scope:
        """Of which draws the records are shown."""
        no = str(self.draw_box.currentData() or "")
        draw = next((each for each in self._draws if each.no == no), None)
        key = self.records_view.scope.key
        return Scope(
            draw_no=no if key == "draw" else "",
            period=draw.period if draw is not None and key == "period" else "",
        )

    def _fetch_records(self) -> None:
        workspace, scope = self.context.workspace, self._scope()
        today = planning.today(workspace)

        def look() -> tuple[tuple[SubstitutionRow, ...], dict[str, TargetTally]]:
            found = workspace.read(substitutions.register, scope)
            return found, workspace.read(tallies.targets, today)

        query(self, look).key("records").success(
            lambda both: self.records_view.show_records(*both)
        ).run_in_background()

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
        self.records_view.show_names(self.names_shown)
        self._show_course(self.table.current_row())
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
        views: dict[object, QWidget] = {
            "targets": self.table_view,
            "people": self.people_view,
            "records": self.records_view,
        }
        self.stack.setCurrentWidget(views.get(key, self.cards_view))

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
        return task.shown_name

    def _code_of(self, task: TaskRow) -> str:
        if task.progress is Progress.OPEN and not self.names_shown:
            return ""
        return task.target_code

    def _show_course(self, task: object) -> None:
        chosen = task if isinstance(task, TaskRow) else None
        self.course.show_task(chosen, self.name_of(chosen) if chosen is not None else "")

    def _take_next(self, task: TaskRow, state: TaskState) -> None:
        """What comes next for the chosen task, each with the dialog it has anyway."""
        if state is TaskState.ASSIGNED:
            self.doing.print_tasks(task.draw_no, (task.id,))
        elif state is TaskState.NOTIFIED:
            self.approve([task.id])
        elif state in {TaskState.APPROVED, TaskState.POSTPONED}:
            self.context.go_to("results", task.serial)
        else:
            self.context.go_to("results", task.id)

    def _category_of(self, task: TaskRow) -> str:
        categories = self.context.workspace.rulebook.categories
        return next((e.short for e in categories if e.code == task.category), task.category)

    # -- doing -------------------------------------------------------------

    def _flag_words(self, task: TaskRow) -> str:
        """Every flag with its reason; the plain words while the reasons are on the way."""
        why = self._flags.tasks.get(task.id, ())
        others = task.remarks if not why else task.remarks[len(rd1.in_words(task.flags)) :]
        return "；".join((*why, *others))

    def reasons_of(self, team: TeamRow) -> tuple[str, ...]:
        """Why a team and its tasks carry flags, each sentence once."""
        of_team = self._flags.teams.get(team.number, ()) if team.number is not None else ()
        of_tasks = (
            words
            for task in team.tasks
            for words in self._flags.tasks.get(task.id, ()) or task.flags_in_words
        )
        return tuple(dict.fromkeys((*of_team, *of_tasks)))

    def replaced_in(self, team: TeamRow) -> tuple[SubstitutionRow, ...]:
        """What was replaced in a team's tasks since the draw, oldest first."""
        mine = {task.id for task in team.tasks}
        names = {task.shown_name for task in team.tasks}
        return tuple(
            row
            for row in reversed(self._records)
            if row.in_id
            and (mine & set(row.assignment_ids) or (row.kind == "target" and row.in_name in names))
        )

    def _on_task_activated(self, task: TaskRow) -> None:
        # Also what was found gone and then replaced: its result stays, to be read.
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

    def choose_expert(self, ids: Sequence[int]) -> None:
        """指定专家 for the selected task."""
        task = self.table.current_row()
        if isinstance(task, TaskRow) and len(ids) == 1:
            if choosing_experts.ask_expert(self._asking("专家已指定"), task) is None:
                self.context.toast("专家名录里没有可参加的专家")
        else:
            self.context.toast("请只选一项任务再指定专家")

    def take_off_expert(self, ids: Sequence[int]) -> None:
        """The selected task's chosen expert does not go after all."""
        task = self.table.current_row()
        if isinstance(task, TaskRow) and len(ids) == 1:
            if choosing_experts.ask_off(self._asking("指定专家已撤下"), task) is None:
                self.context.toast("这项任务没有指定的专家")
        else:
            self.context.toast("请只选一项任务再撤下专家")

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
        elif self._names_needed("更换"):
            self.doing.replace_in_task(leaving, ids[0])

    def hand_over(self, person: Workload) -> None:
        """Offer to hand over everything a person still has to do, in whatever draw."""
        if self._names_needed("移交"):
            self.doing.hand_over(person.personal_no)

    def _names_needed(self, what: str) -> bool:
        """The dialogs show names; so they must be allowed on the screen already."""
        if not self.names_shown:
            self.context.toast(f"{_SECRET}：请先按“显示名单”再{what}")
        return self.names_shown

    def _print_of_person(self, person: Workload) -> None:
        ids = tuple(task.id for task in person.tasks)
        self.doing.print_tasks(str(self.draw_box.currentData()), ids)

    def _show_tasks_of(self, person: Workload) -> None:
        self.filters.drop_only()
        self.filters.search_box.setText(person.name)
        self.show_targets()
        self._narrow()

    def _print_register(self) -> None:
        self.doing.print_register(self._scope())

    def _all_tasks(self) -> tuple[int, ...]:
        """Of the whole draw, or of what is selected in the view by target."""
        if not self._names_needed("打印"):
            return ()
        chosen = self.table.selected_ids() if self.segments.key == "targets" else []
        every = (task.id for team in self._teams for task in team.tasks)
        return tuple(chosen) if len(chosen) > 1 else tuple(every)

    def _period_tasks(self) -> tuple[int, ...]:
        """Of every draw of the chosen draw's period."""
        no = str(self.draw_box.currentData() or "")
        period = next((each.period for each in self._draws if each.no == no), "")
        if not period or not self._names_needed("打印"):
            return ()
        wanted = ListQuery(filters={"period": frozenset({period})}, sort=Sort("serial"))
        return tuple(self.context.workspace.read(assignments.ids, wanted))

    def _print_chosen(self, kind: PaperKind, ids: Sequence[int]) -> None:
        if self._names_needed("打印"):
            self.papers.print_tasks(kind, ids)

    def team_papers(self, opener: QPushButton, team: TeamRow) -> None:
        """The papers of one team behind its button."""
        ids = tuple(task.id for task in team.tasks)
        self.papers.fill_menu(
            opener, lambda: ids if self._names_needed("打印") else (), blank=False
        )

    def _print_all(self) -> None:
        self.print_notices(None)

    def print_notices(self, teams: tuple[int, ...] | None) -> None:
        """Write notices of these teams (None: all) and say where they are."""
        no = str(self.draw_box.currentData())
        self.doing.write_notices(PrintNotices(draw_no=no, teams=teams))


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
        for words in page.reasons_of(team):
            why = label(words, "small", wrap=True)
            why.setStyleSheet(f"color: {Tone.WARN.ink};")
            self.body.addWidget(why)
        for row in page.replaced_in(team):
            self.body.addLayout(_replaced_line(row, page.names_shown))
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
        self.papers_link = link_button("打印文书", icon_name="print")
        page.team_papers(self.papers_link, team)
        foot.addWidget(self.papers_link)
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


def _replaced_line(row: SubstitutionRow, names_shown: bool) -> QHBoxLayout:
    """Who or what is out, struck through, and who came instead, with the reason."""
    line = QHBoxLayout()
    line.setSpacing(6)
    hidden = row.kind == "target" and not names_shown
    gone = label("、".join(row.serials) if hidden else row.out_name)
    gone.setStyleSheet(f"color: {LIGHT.secondary}; text-decoration: line-through;")
    line.addWidget(gone)
    came = "递补" if hidden else row.in_name
    words = f"→ {came}（{row.on}，{row.reason}；批准 {row.approved_name}）"
    line.addWidget(ElidedLabel(words, "small"), 1)
    return line


def _is_replaced(task: TaskRow) -> bool:
    return bool(task.replaced_by)


def _progress_words(task: TaskRow) -> str:
    """Where it stands: of what waits for its visit and of what is locked, how far exactly."""
    if task.replaced_by:
        return f"换为 {task.replaced_by}"
    if task.again:
        return "待重查"
    if task.recorded is not None and task.progress in {Progress.OPEN, Progress.LOCKED}:
        return task.recorded.label
    return "已派单" if task.progress is Progress.OPEN else task.progress.label


def _progress_tone(task: TaskRow) -> Tone:
    return Tone.NORMAL if task.replaced_by else PROGRESS_TONES[task.progress]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What one look at a draw brings."""

    teams: tuple[TeamRow, ...]
    people: tuple[Workload, ...]
    flags: DrawFlags
    replaced: tuple[SubstitutionRow, ...]
    along: bool


def _people(team: TeamRow) -> str:
    lead = f"{team.lead}（牵头）" if team.lead else "无人牵头"
    return f"{lead}、{team.second}" if team.second else lead


def _team_words(task: TaskRow) -> str:
    return f"第 {task.team_no} 组" if task.team_no is not None else ""
