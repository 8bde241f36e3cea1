"""文书: a button with a menu, the file made in the background, then seen in the preview."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from app.domain.paper_texts import PaperKind
from app.services.paperwork import result_papers, task_papers
from app.services.paperwork.result_papers import PrintCorrection
from app.services.paperwork.task_papers import OF_TASKS, PapersMade, PrintPapers
from app.ui.dialogs.messages import MessageDialog
from app.ui.dialogs.preview import show_file
from app.ui.tasks import operation
from app.ui.theme import Tone
from app.ui.widgets import PageContext

__all__ = ["PaperActions"]

Tasks = Callable[[], Sequence[int]]


class PaperActions(QObject):
    """Papers over one page; ``then`` once a file was made (a number may have been taken)."""

    def __init__(
        self, page: QWidget, context: PageContext, then: Callable[[], object] = lambda: None
    ) -> None:
        super().__init__(page)
        self._page, self._context, self._then = page, context, then
        self.said: MessageDialog | None = None

    def fill_menu(
        self,
        opener: QPushButton,
        tasks: Tasks,
        kinds: Sequence[PaperKind] = OF_TASKS,
        *,
        blank: bool = True,
        more: tuple[str, Tasks] | None = None,
    ) -> QMenu:
        """Hang a menu on a button: each paper of the tasks, of ``more`` tasks, the blank forms."""
        menu = QMenu(opener)
        for kind in kinds:
            menu.addAction(kind.label).triggered.connect(
                lambda _on=False, each=kind: self.print_tasks(each, tasks())
            )
        if more is not None:
            words, others = more
            inside = menu.addMenu(words)
            for kind in kinds:
                inside.addAction(kind.label).triggered.connect(
                    lambda _on=False, each=kind: self.print_tasks(each, others())
                )
        if blank:
            inside = menu.addMenu("空白表")
            for kind in kinds:
                inside.addAction(kind.label).triggered.connect(
                    lambda _on=False, each=kind: self.print_blank(each)
                )
        opener.setMenu(menu)
        return menu

    def print_tasks(self, kind: PaperKind, tasks: Sequence[int]) -> None:
        """The papers of these tasks in one file; without a task nothing happens."""
        if not tasks:
            return
        command = PrintPapers(kind=kind, tasks=tuple(tasks))
        self._run(
            kind.label, lambda: self._context.workspace.write(task_papers.print_papers, command)
        )

    def print_blank(self, kind: PaperKind) -> None:
        """The blank form."""
        command = PrintPapers(kind=kind)
        self._run(
            kind.label, lambda: self._context.workspace.write(task_papers.print_papers, command)
        )

    def print_correction(self, correction_id: int) -> None:
        """更正申请表 of one application."""
        command = PrintCorrection(correction_id)
        self._run(
            PaperKind.CORRECTION.label,
            lambda: self._context.workspace.write(result_papers.print_correction, command),
        )

    def _run(self, name: str, work: Callable[[], PapersMade]) -> None:
        operation(self._page, work).key(("paper", name)).progress(f"正在生成{name}").success(
            partial(self._on_made, name)
        ).run_in_background()

    def _on_made(self, name: str, made: PapersMade) -> None:
        """Seen at once; printed and saved from there."""
        show_file(self._page, made.path)
        count = f"{made.count} 份" if made.count > 1 else ""
        number = f"，{_numbers(made.numbers)}" if made.numbers else ""
        self._context.toast(f"{name}{count}已生成{number}")
        if made.left_out:
            self.said = MessageDialog(
                self._page,
                f"{len(made.left_out)} 项没有打印{name}",
                "\n".join(made.left_out[:_MOST_SAID]),
                tone=Tone.INFO,
            )
            self.said.add_button("知道了", "primary").clicked.connect(self.said.accept)
            self.said.open()
        self._then()


_MOST_SAID = 12


def _numbers(numbers: Sequence[str]) -> str:
    return numbers[0] if len(numbers) == 1 else f"{numbers[0]} 至 {numbers[-1]}"
