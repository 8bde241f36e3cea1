"""What every step of the ceremony is: one decision, one button that makes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.services.draws import noting
from app.ui import theme
from app.ui.ceremony.course import Course
from app.ui.dialogs.preview import show_file
from app.ui.tasks import operation
from app.ui.widgets import label

T = TypeVar("T")


class Step(QWidget):
    """Heading, one line of instruction, the body.

    The window calls ``enter`` when the step comes to the front and ``advance`` when its button
    is pressed; the step emits ``advanced`` when its decision is made and recorded.
    """

    advanced = Signal()
    changed = Signal()
    failed = Signal(object)

    heading = ""
    intro = ""

    def __init__(self, course: Course) -> None:
        super().__init__()
        self.setObjectName("pageBody")
        self.course = course
        self.busy = False
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(theme.PAGE + 8, theme.PAGE, theme.PAGE + 4, theme.PAGE)
        self.body.setSpacing(theme.GAP)
        self.body.addWidget(label(self.heading, "pageTitle"))
        self.intro_label = label(self.intro, "secondary", wrap=True)
        self.body.addWidget(self.intro_label)

    # -- to override -------------------------------------------------------

    def enter(self) -> None:
        """Show the course as it stands now."""

    def action(self) -> str:
        """The words on the filled button."""
        return "下一步"

    def why_not(self) -> str:
        """Why the button cannot be pressed, empty if it can."""
        return ""

    def advance(self) -> None:
        """Make the decision; by default there is nothing to record."""
        self.advanced.emit()

    # -- for steps ---------------------------------------------------------

    def run(self, work: Callable[[], T], done: Callable[[T], object], words: str) -> None:
        """Do ``work`` in the background; the button rests meanwhile and errors stay on the page."""
        started = (
            operation(self, work)
            .key(words)
            .progress(words)
            .success(done)
            .failure(self.failed.emit)
            .finally_(self._rest)
            .run_in_background()
        )
        if started:
            self.busy = True
            self.changed.emit()

    def note_passed(self, step: noting.Passed) -> None:
        """Write down when a step of the room was over, then go on."""
        workspace = self.course.workspace
        command = noting.PassStep(no=self.course.no, step=step)
        self.run(
            lambda: workspace.write(noting.pass_step, command),
            lambda _none: self.advanced.emit(),
            "正在记下时间",
        )

    def _rest(self) -> None:
        self.busy = False
        self.changed.emit()

    def open_file(self, path: Path) -> None:
        """Show a paper, or hand a file to its usual program."""
        show_file(self, path)
