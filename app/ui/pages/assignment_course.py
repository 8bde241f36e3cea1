"""Below the list of tasks: where the chosen one stands, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.db.read import courses, formality
from app.db.read.courses import Course
from app.db.read.tasks import TaskRow
from app.domain.course import TaskState
from app.domain.course_view import Passed, next_words, stages
from app.domain.formalities import Demand
from app.services.tasks import closing
from app.services.tasks.closing import ResultStanding
from app.services.workspace import Workspace
from app.ui.tasks import query
from app.ui.widgets import ElidedLabel
from app.ui.widgets.course_bar import CourseBar

__all__ = ["TaskCourse"]

_ACTIONS = {
    TaskState.ASSIGNED: "打印通知单",
    TaskState.NOTIFIED: "检查审批…",
    TaskState.APPROVED: "登记检查…",
    TaskState.POSTPONED: "登记检查…",
    TaskState.INSPECTED: "去录入",
    TaskState.ENTERED: "去复核",
    TaskState.REVIEWED: "去锁定",
}


@dataclass(frozen=True, slots=True)
class _Looked:
    """What one look at a task brings."""

    course: Course
    after: ResultStanding
    approval: bool


class TaskCourse(QFrame):
    """One task; ``next_wanted(task, state)`` when the link beside the next step is pressed."""

    next_wanted = Signal(object, object)

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.setObjectName("card")
        self._workspace = workspace
        self._task: TaskRow | None = None
        self._state = TaskState.ASSIGNED
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 8)
        column.setSpacing(6)
        self.name = ElidedLabel("", "strong")
        column.addWidget(self.name)
        self.bar = CourseBar()
        self.bar.wanted.connect(self._on_wanted)
        column.addWidget(self.bar)
        self.hide()

    def show_task(self, task: TaskRow | None, name: str) -> None:
        """Read where this task stands and show it; ``name`` as it may be shown now."""
        self._task = task
        if task is None:
            self.hide()
            return
        read = self._workspace.read

        def look() -> _Looked:
            standing = ResultStanding(public=True, open_matters=())
            if task.result_id is not None:
                standing = read(closing.standing_of, task.result_id)
            approval = read(formality.layer).approval is not Demand.OFF
            return _Looked(read(courses.course, task.id), standing, approval)

        self.name.set_text(f"{task.serial}　{name}　{task.team}　期限 {task.due_on}")
        query(self, look).key("course").success(
            lambda found: self._show(task, found)
        ).run_in_background()

    def _show(self, task: TaskRow, found: _Looked) -> None:
        if self._task is not task:
            return
        course = found.course
        self._state = course.state
        passed = [Passed(step=each.step, on=each.on) for each in course.steps]
        words = next_words(
            course.state,
            open_matters=found.after.open_matters,
            replaced_by=task.replaced_by,
            until=course.postponed_until,
            approval=found.approval,
        )
        action = _ACTIONS.get(course.state, "打开结果" if task.result_id is not None else "")
        if course.state is TaskState.NOTIFIED and not found.approval:
            self._state, action = TaskState.APPROVED, _ACTIONS[TaskState.APPROVED]
        self.bar.show_course(stages(course.state, passed, public=found.after.public), words, action)
        self.show()

    def _on_wanted(self) -> None:
        if self._task is not None:
            self.next_wanted.emit(self._task, self._state)
