"""The ceremony: eight steps in one full window, each shown on the projector as well.

Before the commitment it can be left, taken back or gone on with later; after it only gone on
with or voided.  Whatever was reached is in the database, so a crash loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.services.draws import drawing
from app.services.draws.draw_commands import FreezeDraw
from app.services.replacing.redrawing import Redraw
from app.services.workspace import Workspace
from app.ui.ceremony.checking import CheckStep
from app.ui.ceremony.committing import CommitStep
from app.ui.ceremony.course import (
    BARRIER,
    STAGE_WORDS,
    Course,
    Stage,
    people_count,
    people_lines,
    take_up,
)
from app.ui.ceremony.opening import OpenStep
from app.ui.ceremony.prepare import PrepareStep
from app.ui.ceremony.redraw_prepare import RedrawPrepareStep
from app.ui.ceremony.sealing import SealStep
from app.ui.ceremony.serial_board import BoardStratum
from app.ui.ceremony.showing import ShowStep
from app.ui.ceremony.signing import SignStep
from app.ui.ceremony.slip_card import SlipCard
from app.ui.ceremony.slips import SlipStep
from app.ui.ceremony.step import Step
from app.ui.ceremony.void_dialog import VoidDialog
from app.ui.dialogs.messages import MessageDialog
from app.ui.icons import pixmap
from app.ui.projector import ProjectorWindow, Scene, SceneWitness
from app.ui.tasks import operation, query
from app.ui.theme import LIGHT, Tone
from app.ui.view_store import ViewStore
from app.ui.widgets import (
    Banner,
    Chip,
    ElidedLabel,
    StepList,
    button,
    label,
    link_button,
    primary_button,
)

_SIDE = 200
_REST_MS = 450
"""After a step the button rests: the second half of a double click must not take the next."""


@dataclass(frozen=True, slots=True)
class NewDraw:
    """Begin one; ``headcount`` as typed on the plan page, ``asked``: its way, None the usual."""

    period: str
    headcount: int | None
    rehearsal: bool
    asked: FreezeDraw | None = None


@dataclass(frozen=True, slots=True)
class ResumeDraw:
    """Go on with an open one, or register the recomputation of a closed one."""

    no: str


@dataclass(frozen=True, slots=True)
class NewRedraw:
    """Draw the people of some tasks anew: approved already, witnesses not yet known."""

    period: str
    request: Redraw


Start = NewDraw | NewRedraw | ResumeDraw

_HEADLINES = {
    Stage.PREPARE: "核对名单，登记到场人员",
    Stage.SEAL: "名单已经封存",
    Stage.SLIPS: "见证人写号，折好纸条",
    Stage.COMMIT: "出承诺单，全体签字",
    Stage.OPEN: "翻开纸条，逐人念出",
    Stage.SHOW: "逐条揭晓",
    Stage.CHECK: "换一台设备复算",
    Stage.SIGN: "打印，签字，归档",
}


class CeremonyWindow(QDialog):
    """Steps at the left, the step in the middle, the slip at the right."""

    def __init__(
        self, workspace: Workspace, store: ViewStore, start: Start, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("page")
        self.setWindowTitle("随查　抽取")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.workspace = workspace
        self._store = store
        self.course: Course | None = None
        self.steps: list[Step] = []
        self.stage = Stage.PREPARE
        self.projector: ProjectorWindow | None = None
        self._resting = False
        self._unit = workspace.unit.name
        self._build()
        if isinstance(start, NewDraw):
            course = Course(
                workspace=workspace,
                period=start.period,
                rehearsal=start.rehearsal,
                headcount=start.headcount,
                asked=start.asked,
            )
            self._begin(course)
        elif isinstance(start, NewRedraw):
            course = Course(
                workspace=workspace, period=start.period, rehearsal=False, redraw=start.request
            )
            self._begin(course)
        else:
            query(self, lambda: take_up(workspace, start.no)).key("take up").success(
                self._begin
            ).failure(self._on_failed).run_in_background()

    # -- building ----------------------------------------------------------

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._head())
        across = QHBoxLayout()
        across.setSpacing(0)
        side = QFrame()
        side.setObjectName("nav")
        side.setFixedWidth(_SIDE)
        inner = QVBoxLayout(side)
        inner.setContentsMargins(0, 6, 0, 6)
        self.list = StepList(STAGE_WORDS, barrier=BARRIER)
        inner.addWidget(self.list)
        across.addWidget(side)
        middle = QVBoxLayout()
        middle.setSpacing(0)
        self.error = Banner(Tone.DANGER, "")
        self.error.hide()
        middle.addWidget(self.error)
        self.pages = QStackedWidget()
        middle.addWidget(self.pages, 1)
        across.addLayout(middle, 1)
        self.slip = SlipCard()
        across.addWidget(self.slip)
        outer.addLayout(across, 1)
        outer.addWidget(self._foot())

    def _head(self) -> QFrame:
        head = QFrame()
        head.setObjectName("cardHead")
        head.setFixedHeight(60)
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(12)
        mark = QLabel()
        mark.setPixmap(pixmap("mark", LIGHT.accent, 30, self.devicePixelRatioF()))
        row.addWidget(mark)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        self.title = label("", "section")
        self.where = ElidedLabel("", "small")
        words.addWidget(self.title)
        words.addWidget(self.where)
        words.addStretch(1)
        row.addLayout(words, 1)
        self.rehearsal = Chip("演练，不计入编号", Tone.WARN)
        self.rehearsal.hide()
        row.addWidget(self.rehearsal)
        self.projector_button = button("打开投影", self.toggle_projector, "projector")
        row.addWidget(self.projector_button)
        self.clock = label("", "pageTitle")
        row.addWidget(self.clock)
        self._ticker = QTimer(self)
        self._ticker.setInterval(5000)
        self._ticker.timeout.connect(self._show_time)
        self._ticker.start()
        self._show_time()
        return head

    def _foot(self) -> QFrame:
        foot = QFrame()
        foot.setObjectName("cardFoot")
        foot.setFixedHeight(56)
        row = QHBoxLayout(foot)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        self.leave_link = link_button("退出", self.reject)
        self.leave_note = label("", "small")
        row.addWidget(self.leave_link)
        row.addWidget(self.leave_note)
        row.addStretch(1)
        self.hint = label("", "secondary")
        self.back = button("上一步", self._on_back)
        self.forward = primary_button("下一步", self._on_forward)
        for widget in (self.hint, self.back, self.forward):
            row.addWidget(widget)
        return foot

    def cover(self, window: QWidget) -> None:
        """Lie over ``window`` and open."""
        self.resize(window.size())
        self.move(window.pos())
        if window.isMaximized():
            self.setWindowState(Qt.WindowState.WindowMaximized)
        self.open()

    # -- the course --------------------------------------------------------

    def _begin(self, course: Course) -> None:
        self.course = course
        prepare = PrepareStep if course.redraw is None else RedrawPrepareStep
        self.steps = [
            prepare(course, self._store),
            SealStep(course),
            SlipStep(course),
            CommitStep(course),
            OpenStep(course),
            ShowStep(course),
            CheckStep(course),
            SignStep(course),
        ]
        for step in self.steps:
            step.advanced.connect(lambda which=step: self._on_advanced(which))
            step.changed.connect(self._show_state)
            step.failed.connect(self._on_failed)
            self.pages.addWidget(_scrolled(step))
        self.show_step.progressed.connect(lambda _count: self._project())
        if len(QGuiApplication.screens()) > 1:
            self.toggle_projector()
        self._go(course.stage)

    @property
    def show_step(self) -> ShowStep:
        """The step that reveals."""
        step = self.steps[Stage.SHOW]
        assert isinstance(step, ShowStep)  # noqa: S101 - for the type checker
        return step

    @property
    def open_step(self) -> OpenStep:
        """The step that takes the digits."""
        step = self.steps[Stage.OPEN]
        assert isinstance(step, OpenStep)  # noqa: S101 - for the type checker
        return step

    def _go(self, stage: Stage) -> None:
        self.error.hide()
        if self.stage is Stage.SHOW:
            self.show_step.leave()
        self.stage = stage
        self.pages.setCurrentIndex(int(stage))
        self.list.go_to(int(stage))
        self.steps[stage].enter()
        self._rest()
        self._show_state()

    def _rest(self) -> None:
        self._resting = True
        QTimer.singleShot(_REST_MS, self, self._wake)

    def _wake(self) -> None:
        self._resting = False
        self._show_state()

    def _on_forward(self) -> None:
        step = self.steps[self.stage]
        if not self._resting and not step.busy and not step.why_not():
            self.error.hide()
            step.advance()

    def _on_advanced(self, step: Step) -> None:
        if self.steps.index(step) != self.stage:
            return
        if self.stage is Stage.SIGN:
            self._close()
            return
        self._go(Stage(self.stage + 1))

    def _on_back(self) -> None:
        course = self.course
        if course is None or self._resting:
            return
        if self.stage is Stage.SEAL:
            self._ask_withdraw(stay_open=True)
        elif self.stage in {Stage.SLIPS, Stage.COMMIT} and course.committed is None:
            self._go(Stage(self.stage - 1))

    def _on_failed(self, error: object) -> None:
        if isinstance(error, AppError):
            self.error.show_message(Tone.DANGER, str(error))
            self.error.show()
        self._show_state()

    # -- showing -----------------------------------------------------------

    def _show_state(self) -> None:
        course = self.course
        if course is None or not self.steps:
            self.forward.setEnabled(False)
            return
        step = self.steps[self.stage]
        why = "请稍候……" if step.busy else step.why_not()
        self.forward.setText(step.action())
        self.forward.setEnabled(not why and not self._resting)
        self.hint.setText(why)
        going_back = self.stage in {Stage.SEAL, Stage.SLIPS, Stage.COMMIT}
        self.back.setVisible(going_back and course.committed is None and course.frozen is not None)
        self.back.setText("撤回封存" if self.stage is Stage.SEAL else "上一步")
        self.back.setEnabled(not step.busy)
        self._show_leaving(course)
        self._show_head(course)
        # While it is recomputed elsewhere F must come from there: nobody copies it off this page.
        shown = self._result_is_public() and self.stage is not Stage.CHECK
        self.slip.show_course(course, with_result=shown)
        self._show_notes(course)
        self._project()

    def _show_leaving(self, course: Course) -> None:
        if course.revealed is not None:
            words, role, note = "关闭", "link", "结果已经入档；复算可以以后再登记"
        elif course.committed is not None:
            words, role = "作废本次抽取…", "dangerLink"
            note = "作废也占用编号，记录永久保留"
        elif course.frozen is not None:
            words, role, note = "退出…", "link", "还没有产生随机数，可以撤回封存"
        else:
            words, role, note = "退出", "link", ""
        self.leave_link.setText(words)
        if self.leave_link.property("role") != role:
            self.leave_link.setProperty("role", role)
            self.leave_link.style().unpolish(self.leave_link)
            self.leave_link.style().polish(self.leave_link)
        self.leave_note.setText(note)

    def _show_head(self, course: Course) -> None:
        self.title.setText(course.title)
        room = course.room
        parts = (
            course.no,
            room.place,
            f"主持 {room.host}" if room.host else "",
            f"操作 {course.operator}",
            f"记录 {room.recorder}" if room.recorder else "",
        )
        self.where.set_text(" · ".join(part for part in parts if part))
        self.rehearsal.setVisible(course.rehearsal)

    def _show_notes(self, course: Course) -> None:
        if course.frozen is not None:
            plan = course.frozen.facts.plan
            pool = sum(line.pool for line in plan.lines)
            given = all(line.source for line in plan.lines)
            able = people_count(course.frozen)
            here = f"已抽定 {pool} 家" if given else f"可抽 {pool} 家"
            if course.redraws:
                self.list.set_note(Stage.PREPARE, f"合格人员 {able} 人")
                self.list.set_note(Stage.SEAL, f"换人 {course.frozen.given} 项")
            else:
                self.list.set_note(Stage.PREPARE, f"{here}，人员 {able} 人" if able else here)
                self.list.set_note(Stage.SEAL, here if given else f"应抽 {plan.total} 家")
            self.list.set_note(Stage.SLIPS, f"{len(course.witnesses)} 人")
        if course.committed_at is not None:
            self.list.set_note(Stage.COMMIT, f"{course.committed_at.astimezone():%H:%M}")
        if course.digits:
            self.list.set_note(Stage.OPEN, f"{len(course.digits)} 人")

    def _result_is_public(self) -> bool:
        return self.stage > Stage.SHOW or (self.stage is Stage.SHOW and self.show_step.finished)

    def _show_time(self) -> None:
        self.clock.setText(f"{self.workspace.clock().astimezone():%H:%M}")

    # -- the projector -----------------------------------------------------

    def toggle_projector(self) -> None:
        """Open the projector window, or put it away."""
        if self.projector is not None and self.projector.isVisible():
            self.projector.hide()
        else:
            if self.projector is None:
                self.projector = ProjectorWindow(self)
            self._project()
            self.projector.place()
        shown = self.projector.isVisible()
        self.projector_button.setText("关掉投影" if shown else "打开投影")

    def _project(self) -> None:
        if self.projector is not None and self.course is not None:
            self.projector.show_scene(self.scene(self.course))

    def scene(self, course: Course) -> Scene:
        """What the room may see now."""
        board = self.stage >= Stage.SHOW and course.revealed is not None
        digits = course.digits or (self.open_step.opened if self.open_step.all_in else ())
        strata: tuple[BoardStratum, ...] = self.show_step.board.strata
        finished = self._result_is_public()
        return Scene(
            unit=self._unit,
            title=course.title,
            no=course.no,
            steps=STAGE_WORDS,
            step=int(self.stage),
            headline=_HEADLINES[self.stage],
            board=board and bool(strata),
            counts=strata,
            shown=self.show_step.board.count,
            summary=_summary(course),
            witnesses=tuple(
                SceneWitness(witness.organ, digits[at] if digits else "")
                for at, witness in enumerate(course.witnesses)
            ),
            plan=course.frozen.plan if course.frozen else "",
            commitment=course.committed.commitment if course.committed else "",
            code=course.code,
            result=course.revealed.result if course.revealed and finished else "",
            rehearsal=course.rehearsal,
        )

    # -- leaving -----------------------------------------------------------

    def reject(self) -> None:
        """Esc, 退出 and the window's own button: what may be done depends on the step."""
        course = self.course
        if course is None or not self.steps:
            self._close()
            return
        if self.steps[self.stage].busy:
            return
        if course.revealed is not None:
            self._close()
        elif course.committed is not None:
            self._ask_after_commitment()
        elif course.frozen is not None:
            self._ask_withdraw(stay_open=False)
        else:
            self._ask_leave()

    def _ask_leave(self) -> None:
        prepare = self.steps[Stage.PREPARE]
        if isinstance(prepare, PrepareStep) and prepare.typed:
            self._ask(
                "退出抽取",
                "登记的见证人还没有保存，名单也没有封存。",
                "",
                Tone.INFO,
                ("退出", "", self._close),
            )
        else:
            self._close()

    def _ask_withdraw(self, *, stay_open: bool) -> None:
        later = () if stay_open else (("以后继续", "", self._close),)
        self._ask(
            f"名单已封存：{self.course.no if self.course else ''}",
            "还没有产生随机数，可以撤回封存，编号不占用；台账会记下这次撤回。",
            "" if stay_open else "以后继续，就从计划与抽取页面的提示进入。",
            Tone.WARN,
            ("撤回封存", "", lambda: self._withdraw(stay_open)),
            *later,
        )

    def _ask_after_commitment(self) -> None:
        self._ask(
            f"承诺单已出：{self.course.no if self.course else ''}",
            "不能退回。可以以后继续开号；要中止只能作废，编号照样占用，记录永久保留。",
            "",
            Tone.DANGER,
            ("作废…", "danger", self._ask_void),
            ("以后继续", "", self._close),
        )

    def _ask(
        self,
        title: str,
        text: str,
        advice: str,
        tone: Tone,
        *choices: tuple[str, str, Callable[[], object]],
    ) -> None:
        self.question = MessageDialog(self, title, text, advice, tone)
        for words, role, act in choices:
            made = self.question.add_button(words, role)
            made.clicked.connect(self.question.accept)
            made.clicked.connect(lambda _on=False, do=act: do())
        stay = self.question.add_button("留在这里", "primary")
        stay.setDefault(True)
        stay.setFocus()
        stay.clicked.connect(self.question.reject)
        self.question.open()

    def _withdraw(self, stay_open: bool) -> None:
        course = self.course
        if course is None or course.frozen is None:
            return
        command = drawing.WithdrawDraw(course.no)

        def done(_none: None) -> None:
            # A redraw taken up later has no form to go back to: it starts again from its task.
            if not stay_open or (course.redraws and course.redraw is None):
                self._close()
                return
            self._start_again(course)

        operation(self, lambda: self.workspace.write(drawing.withdraw, command)).key(
            "withdraw"
        ).success(done).failure(self._on_failed).run_in_background()

    def _start_again(self, course: Course) -> None:
        """Back to the first step; what was typed there is still there."""
        course.frozen = None
        for note in (Stage.PREPARE, Stage.SEAL, Stage.SLIPS):
            self.list.set_note(note, "")
        self._go(Stage.PREPARE)

    def _ask_void(self) -> None:
        course = self.course
        if course is None:
            return
        digits = course.digits or self.open_step.opened
        self.void_dialog = VoidDialog(self, self.workspace, course.no, digits)
        self.void_dialog.voided.connect(lambda _outcome: self._close())
        self.void_dialog.open()

    def _close(self) -> None:
        self._ticker.stop()
        if self.steps:
            self.show_step.leave()
        if self.projector is not None:
            self.projector.hide()
            self.projector.deleteLater()
            self.projector = None
        self.done(QDialog.DialogCode.Accepted)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.isVisible():
            event.ignore()
            self.reject()
        else:
            super().closeEvent(event)


def _summary(course: Course) -> tuple[str, ...]:
    """Counts only, once the list is sealed."""
    if course.frozen is None:
        return ()
    plan = course.frozen.facts.plan
    if course.redraws:
        return (f"换人的任务 {course.frozen.given} 项", *people_lines(course.frozen))
    lines = (
        f"{line.label} {line.pool} 家已抽定"
        if line.source
        else f"{line.label} {line.pool} 抽 {line.quota}"
        for line in plan.lines
    )
    return (*lines, *people_lines(course.frozen))


def _scrolled(step: Step) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(step)
    return area
