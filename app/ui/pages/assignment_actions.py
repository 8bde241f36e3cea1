"""What is done on 检查组与派单: replacing, handing over, drawing anew, and the papers for it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.db.read import results, substitutions
from app.db.read.draws import sheet
from app.db.read.substitutions import Scope, SubstitutionRow
from app.services.plans import planning
from app.services.replacing import handing_over, substitution_lists, substitution_offer
from app.services.replacing.handing_over import HandedOver, HandOverOffer
from app.services.replacing.redrawing import Redraw
from app.services.replacing.substituting import Substituted
from app.services.replacing.substitution_lists import PrintForm
from app.services.replacing.substitution_offer import Leaving, SubstitutionOffer
from app.services.tasks import noticing
from app.services.tasks.noticing import NoticesMade, PrintNotices
from app.ui.ceremony.window import CeremonyWindow, NewRedraw
from app.ui.dialogs.handing_over import HandOverDialog
from app.ui.dialogs.messages import MessageDialog
from app.ui.dialogs.preview import show_file, show_papers
from app.ui.dialogs.substitution import SubstitutionDialog
from app.ui.tasks import operation, query
from app.ui.theme import Tone
from app.ui.widgets import PageContext

__all__ = ["AssignmentActions"]


class AssignmentActions(QObject):
    """Dialogs and papers over one page; ``changed`` when something was written."""

    changed = Signal()

    def __init__(self, page: QWidget, context: PageContext) -> None:
        super().__init__(page)
        self._page, self._context = page, context
        self._workspace = context.workspace
        self.ceremony: CeremonyWindow | None = None
        self.done: MessageDialog | None = None

    # -- replacing -----------------------------------------------------------

    def replace_in_task(self, leaving: Leaving, assignment_id: int) -> None:
        """Read what the regulation allows, then ask."""
        workspace, today = self._workspace, planning.today(self._workspace)
        query(
            self._page,
            lambda: workspace.read(substitution_offer.preview_task, assignment_id, leaving, today),
        ).key("offer").success(self._ask_substitution).run_in_background()

    def _ask_substitution(self, offer: SubstitutionOffer) -> None:
        today = planning.today(self._workspace)
        dialog = SubstitutionDialog(self._page, self._workspace, offer, today)
        dialog.substituted.connect(self._on_substituted)
        dialog.redraw_wanted.connect(self.redraw)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _on_substituted(self, made: Substituted) -> None:
        words = "、".join(f"补充记录 {one.number:02d}" for one in made.addenda)
        self._show_done(
            "已更换",
            f"{made.addenda[0].out.name} → {made.coming.name}，{words}。",
            _forms((made,)),
            *self._notices(made.assignment_ids),
        )

    def hand_over(self, person: str) -> None:
        """Read what handing over would do in all draws, then ask."""
        workspace, today = self._workspace, planning.today(self._workspace)
        query(self._page, lambda: workspace.read(handing_over.everywhere, person, today)).key(
            "offer"
        ).success(self._ask_hand_over).run_in_background()

    def _ask_hand_over(self, offer: HandOverOffer) -> None:
        today = planning.today(self._workspace)
        dialog = HandOverDialog(self._page, self._workspace, offer, today)
        dialog.handed_over.connect(self._on_handed_over)
        dialog.redraw_wanted.connect(self.redraw)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _on_handed_over(self, done: HandedOver) -> None:
        stuck = "".join(f"\n{serial} 没有换成：{why}" for serial, why in done.stuck)
        forms = _forms(done.made)
        self._show_done(
            "任务已移交",
            f"{len(done.assignment_ids)} 项任务由别人接替，补充记录 {len(forms)} 份。{stuck}",
            forms,
            *self._notices(done.assignment_ids),
        )

    def _notices(self, ids: tuple[int, ...]) -> tuple[PrintNotices, ...]:
        """The notices of these tasks, draw by draw: that of the target, whoever sent its people."""
        found: dict[str, list[int]] = {}
        for task in self._workspace.read(results.rows, ids):
            found.setdefault(task.draw_no, []).append(task.id)
        return tuple(PrintNotices(draw_no=no, tasks=tuple(each)) for no, each in found.items())

    def _show_done(
        self, title: str, text: str, forms: tuple[Path, ...], *notices: PrintNotices
    ) -> None:
        """Papers to sign, and the notice the people concerned get at once."""
        advice = "请打印更换审批表签字归档，并立即把新的通知单交给检查人员。"
        self.done = MessageDialog(self._page, title, text, advice, Tone.OK)
        opened = forms[0] if len(forms) == 1 else forms[0].parent
        for words, role, act in (
            ("打开审批表", "", partial(show_file, self._page, opened)),
            ("通知单存为文件…", "", partial(self._save_notices, *notices)),
            ("打印新通知单", "primary", partial(self.write_notices, *notices)),
            ("关闭", "", self.done.accept),
        ):
            made = self.done.add_button(words, role)
            made.clicked.connect(lambda _on=False, do=act: do())
        self.done.open()
        self.changed.emit()

    # -- drawing anew ----------------------------------------------------------

    def redraw(self, request: Redraw) -> None:
        """Into the ceremony: approved already, the witnesses are asked for there."""
        if self.ceremony is not None:
            return
        found = self._workspace.read(sheet, request.draw_no)
        start = NewRedraw(found.brief.period if found is not None else "", request)
        window = self._page.window()
        ceremony = CeremonyWindow(self._workspace, self._context.store, start, window)
        self.ceremony = ceremony
        ceremony.finished.connect(lambda _code: self._on_ceremony_closed())
        ceremony.cover(window)

    def _on_ceremony_closed(self) -> None:
        ceremony, self.ceremony = self.ceremony, None
        if ceremony is None:
            return
        course = ceremony.course
        if course is not None and course.revealed is not None:
            self._offer_notice(course.no)
        ceremony.deleteLater()
        self.changed.emit()

    def _offer_notice(self, redraw_no: str) -> None:
        """The people are drawn: their notice, at once."""
        rows = self._workspace.read(substitutions.by_redraw, redraw_no)
        tasks = tuple(each for row in rows for each in row.assignment_ids)
        if tasks:
            self._context.toast(
                "重新抽取已完成，请立即通知检查人员",
                "打印新通知单",
                partial(self.print_tasks, rows[0].draw_no, tasks),
            )

    # -- papers ----------------------------------------------------------------

    def _save_notices(self, *notices: PrintNotices) -> None:
        """PDF and plain text of the concerned teams' notices, in a folder of one's choice."""
        chosen = QFileDialog.getExistingDirectory(self._page, "通知单存到哪里")
        if chosen:
            self.write_notices(*(replace(each, text=True, to=Path(chosen)) for each in notices))

    def print_tasks(self, draw_no: str, tasks: tuple[int, ...]) -> None:
        """The notices of the teams that have these tasks now."""
        self.write_notices(PrintNotices(draw_no=draw_no, tasks=tasks))

    def write_notices(self, *commands: PrintNotices) -> None:
        """Write them in the background and say where they are."""
        workspace = self._workspace

        def work() -> NoticesMade:
            made = [workspace.write(noticing.print_notices, each) for each in commands]
            return NoticesMade(paths=tuple(path for each in made for path in each.paths))

        operation(self._page, work).key("print").progress("正在生成通知单").success(
            self._on_printed
        ).run_in_background()

    def _on_printed(self, made: NoticesMade) -> None:
        """All of them in one preview: one print dialog for a whole draw's."""
        papers = tuple(each for each in made.paths if each.suffix == ".pdf")
        if len(papers) == len(made.paths):
            show_papers(self._page, papers)
            return
        folder = papers[0].parent
        self._context.toast(
            f"{len(papers)} 份通知单已生成", "打开文件夹", partial(show_file, self._page, folder)
        )

    def print_form(self, row: SubstitutionRow) -> None:
        """更换审批表 of a record, again."""
        workspace = self._workspace
        operation(
            self._page, lambda: workspace.write(substitution_lists.print_form, PrintForm(row.id))
        ).key("form").progress("正在生成更换审批表").success(
            partial(show_file, self._page)
        ).run_in_background()

    def print_register(self, scope: Scope) -> None:
        """更换一览表."""
        workspace = self._workspace
        operation(
            self._page, lambda: workspace.write(substitution_lists.print_register, scope)
        ).key("register").progress("正在生成更换一览表").success(
            partial(show_file, self._page)
        ).run_in_background()


def _forms(made: tuple[Substituted, ...]) -> tuple[Path, ...]:
    return tuple(
        each.folder / f"addendum-{one.number:02d}.pdf" for each in made for one in each.addenda
    )
