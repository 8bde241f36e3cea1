"""核对名单: who is in the room, and what would be sealed if it were sealed now."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QSpinBox, QVBoxLayout

from app.domain.rulebook import TeamMode
from app.domain.ways import Way
from app.errors import AppError, UserError
from app.services.draws import draw_pools, drawing, papers
from app.services.draws.draw_pools import DrawPool
from app.services.plans import planning
from app.ui.ceremony.course import Course, Room
from app.ui.ceremony.inviting import invitation_dialog
from app.ui.ceremony.step import Step
from app.ui.ceremony.witness_table import WitnessTable
from app.ui.tasks import query
from app.ui.view_store import ViewStore
from app.ui.widgets import Card, button, label

_WAIT_MS = 350
_LABEL = 64


class PrepareStep(Step):
    """Form and live counts; its button seals the list."""

    heading = "核对名单，登记到场的人"
    intro = "见证人至少两名，不能是操作人；见证人如在执法人员名录中，这次就不参加抽取。"
    figure_words: tuple[str, ...] = ("可抽", "应抽", "合格人员")
    asks_teams = True
    counted = Signal()

    def __init__(self, course: Course, store: ViewStore) -> None:
        super().__init__(course)
        self._store = store
        self._known = False
        self._problem = ""
        rulebook = course.workspace.rulebook
        # Where the unit's own people are not drawn, there are no teams to number either.
        draws_own = self.asks_teams and course.way not in {Way.TARGETS_ONLY, Way.EXPERTS}
        self._fixed = rulebook.team.mode.value is TeamMode.FIXED and draws_own
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_WAIT_MS)
        self._wait.timeout.connect(self.count)
        self.body.addWidget(self._counts_card())
        self.body.addWidget(self._room_card())
        self.body.addWidget(self._witness_card(rulebook.witnesses.roles))
        self.body.addStretch(1)
        self._recall()

    # -- building ----------------------------------------------------------

    def _counts_card(self) -> Card:
        card = Card()
        card.body.setContentsMargins(16, 12, 16, 12)
        row = QHBoxLayout()
        row.setSpacing(28)
        self.figures = {name: label("—", "figure") for name in self.figure_words}
        for name, figure in self.figures.items():
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(label(name, "secondary"))
            column.addWidget(figure)
            row.addLayout(column)
        self.left_out = label("", "small", wrap=True)
        row.addWidget(self.left_out, 1)
        card.body.addLayout(row)
        return card

    def _room_card(self) -> Card:
        card = Card("到场人员")
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        self.host, self.recorder, self.place = QLineEdit(), QLineEdit(), QLineEdit()
        self.operator = QLineEdit(self.course.operator)
        self.operator.setReadOnly(True)
        cells = (
            ("主持人", self.host, 0, 0),
            ("记录人", self.recorder, 0, 2),
            ("操作人", self.operator, 0, 4),
            ("地点", self.place, 1, 0),
        )
        for words, field, line, column in cells:
            caption = label(words)
            caption.setMinimumWidth(_LABEL if column == 0 else 0)
            grid.addWidget(caption, line, column)
            grid.addWidget(field, line, column + 1, 1, 3 if words == "地点" else 1)
            field.setAccessibleName(words)
            field.textChanged.connect(lambda _text: self.changed.emit())
        if self._fixed:
            self.teams = QSpinBox()
            self.teams.setRange(0, 0)
            self.teams.setSpecialValueText("编满")
            self.teams.setAccessibleName("检查组数")
            self.teams.lineEdit().setTextMargins(8, 0, 0, 0)
            grid.addWidget(label("检查组数"), 1, 4)
            grid.addWidget(self.teams, 1, 5)
        for column in (1, 3, 5):
            grid.setColumnStretch(column, 1)
        card.body.addLayout(grid)
        return card

    def _witness_card(self, roles: tuple[str, ...]) -> Card:
        card = Card("见证人", "两名以上；写号、开号都按这个次序")
        self.witnesses = WitnessTable(roles)
        self.witnesses.edited.connect(self._on_witnesses)
        self.invite_button = button("打印见证邀请函…", self._invite, "print")
        card.add_action(self.invite_button)
        card.body.addWidget(self.witnesses)
        return card

    def _invite(self) -> None:
        """Letters for the witnesses typed so far; they are sent days before the draw."""
        typed = [each for each in self.witnesses.values() if each.name and each.organ]
        invitees = tuple(papers.Invitee(each.name, each.organ) for each in typed)
        if not invitees:
            self.failed.emit(UserError("还没有填写邀请谁。", "请先登记见证人的姓名和单位。"))
            return
        course = self.course
        self.invitation = invitation_dialog(
            self,
            course.workspace,
            (course.period, course.rehearsal),
            invitees,
            self.place.text().strip(),
        )
        self.invitation.saved.connect(lambda paths: self.open_file(paths[0].parent))
        self.invitation.open()

    def _recall(self) -> None:
        course = self.course
        if course.witnesses:
            self.witnesses.show_values(course.witnesses)
        store = self._store
        self.host.setText(course.room.host or store.text("ceremony/host"))
        self.recorder.setText(course.room.recorder or store.text("ceremony/recorder"))
        self.place.setText(course.room.place or store.text("ceremony/place"))

    # -- step --------------------------------------------------------------

    @property
    def typed(self) -> bool:
        """Whether leaving now would lose a typed witness."""
        return any(witness.name or witness.organ for witness in self.witnesses.values())

    def enter(self) -> None:
        self.count()
        self.host.setFocus()

    def action(self) -> str:
        return "封存名单"

    def why_not(self) -> str:
        if self._problem:
            return self._problem
        if not self._known:
            return "正在核对名单"
        if not self.course.rehearsal:
            asked = ((self.host, "主持人"), (self.recorder, "记录人"), (self.place, "地点"))
            for field, words in asked:
                if not field.text().strip():
                    return f"还没有填写{words}"
        return self.witnesses.problem(self.course.operator)

    def advance(self) -> None:
        course, room = self.course, self.room()
        command = replace(
            course.command(),
            witnesses=self.witnesses.values(),
            teams=(self.teams.value() or None) if self._fixed else None,
            host=room.host,
            recorder=room.recorder,
            place=room.place,
        )
        self.run(
            lambda: course.workspace.write(drawing.freeze, command),
            lambda frozen: self.show_frozen(frozen, command.witnesses, room),
            "正在封存名单",
        )

    def room(self) -> Room:
        return Room(
            self.host.text().strip(), self.recorder.text().strip(), self.place.text().strip()
        )

    def show_frozen(
        self, frozen: drawing.Frozen, witnesses: tuple[drawing.WitnessInput, ...], room: Room
    ) -> None:
        """The list is sealed: remember who was in the room and go on."""
        self.course.frozen = frozen
        self.course.witnesses = witnesses
        self.course.room = room
        for key, text in (("host", room.host), ("recorder", room.recorder), ("place", room.place)):
            self._store.set_text(f"ceremony/{key}", text)
        self.advanced.emit()

    # -- counting ----------------------------------------------------------

    def _on_witnesses(self) -> None:
        self._wait.start()
        self.changed.emit()

    def count(self) -> None:
        """Work out what would be sealed now."""
        workspace, course = self.course.workspace, self.course
        named = tuple(witness for witness in self.witnesses.values() if witness.name)
        command, on = replace(course.command(), witnesses=named), planning.today(workspace)
        query(self, lambda: workspace.read(draw_pools.prospect, command, on)).key("count").success(
            self._on_counted
        ).failure(self.show_uncounted).run_in_background()

    def _on_counted(self, found: DrawPool) -> None:
        plan = found.plan
        problem = ""
        eligible = sum(person.eligible for person in plan.people)
        others = sum(person.eligible for group in found.groups for person in group.inspectors)
        if plan.total == 0:
            problem = "本期没有应抽的检查对象"
        elif found.own and eligible < 2:
            problem = "合格的执法人员不足 2 人"
        elif found.groups and not others:
            problem = "没有合格的部门人员或专家"
        eligible += others
        self.figures["可抽"].setText(str(sum(line.pool for line in plan.lines)))
        self.figures["应抽"].setText(str(plan.total))
        self.figures["合格人员"].setText(str(eligible))
        self.left_out.setText(_left_out(plan))
        if self._fixed:
            own = sum(person.eligible for person in plan.people)
            self.teams.setRange(0, own // 2)
            self.teams.setSpecialValueText(f"编满（{own // 2} 组）")
        self.show_counted(problem)

    def show_counted(self, problem: str) -> None:
        """The figures stand; ``problem`` says why nothing can be sealed."""
        self._known, self._problem = True, problem
        self.changed.emit()
        self.counted.emit()

    def show_uncounted(self, error: AppError) -> None:
        """Nothing can be counted: the reason stands beside the button."""
        self._known, self._problem = False, error.message.rstrip("。")
        self.changed.emit()
        self.counted.emit()


def _left_out(plan: planning.PeriodPlan) -> str:
    """Counts by reason, no names: an outsider may read the screen."""
    targets: dict[str, int] = {}
    for line in plan.lines:
        for words, count in line.excluded:
            targets[words] = targets.get(words, 0) + count
    people: dict[str, int] = {}
    for person in plan.people:
        if not person.eligible:
            people[person.words] = people.get(person.words, 0) + 1
    parts = [f"对象排除：{_joined(targets, '家')}"] if targets else ["没有排除的对象"]
    if any(line.source for line in plan.lines):
        parts = [f"检查对象已抽定：{plan.lines[0].source}"]
    if people:
        parts.append(f"人员不参加：{_joined(people, '人')}")
    return "\n".join(parts)


def _joined(counts: dict[str, int], unit: str) -> str:
    return "，".join(f"{words} {count} {unit}" for words, count in counts.items())
