"""原结果: a voided version of a result, whole and as it was; nothing in it can be changed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QScrollArea, QVBoxLayout, QWidget

from app.db.read import followups, results
from app.db.read.attachments import AttachedFile
from app.db.read.corrections import VoidedVersion
from app.db.read.followups import Followups
from app.db.read.results import ResultForm
from app.services.workspace import Workspace
from app.ui import theme
from app.ui.dialogs.frame import dialog_foot
from app.ui.tasks import query
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import Banner, FactGrid, label, primary_button
from app.ui.widgets.result_facts import ResultFacts

__all__ = ["VoidedDialog"]


class VoidedDialog(QDialog):
    """Facts, items, files, and what had followed from it."""

    def __init__(
        self,
        parent: QWidget,
        workspace: Workspace,
        assignment_id: int,
        version: VoidedVersion,
        open_file: Callable[[AttachedFile], object],
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"第 {version.version} 稿（已作废）")
        self.resize(820, 620)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Banner(Tone.DANGER, f"已作废，只供查看。{version.why}"))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setObjectName("formBody")
        inside.setStyleSheet(f"#formBody {{ background: {LIGHT.surface}; }}")
        self._inside = QVBoxLayout(inside)
        self._inside.setContentsMargins(20, 14, 20, 14)
        self._inside.setSpacing(theme.GAP)
        self.facts = ResultFacts()
        self.facts.file_opened.connect(open_file)
        self._inside.addWidget(self.facts)
        self._inside.addStretch(1)
        area.setWidget(inside)
        column.addWidget(area, 1)
        self.close_button = primary_button("关闭", self.accept)
        column.addWidget(dialog_foot(self.close_button))
        read = workspace.read

        def look() -> tuple[ResultForm, Followups]:
            form = read(results.version, assignment_id, version.result_id)
            return form, read(followups.followups, version.result_id)

        query(self, look).key("voided").success(lambda found: self._show(*found, version)).failure(
            lambda error: self._inside.addWidget(label(str(error), "error", wrap=True))
        ).run_in_background()

    def _show(self, form: ResultForm, after: Followups, version: VoidedVersion) -> None:
        self.facts.show_result(form)
        followed = FactGrid(92)
        lines = list(_followed(after))
        if version.published_on:
            lines.append(("公示", f"{version.published_on} 曾公示"))
        if lines:
            followed.show_facts(lines)
            self._inside.insertWidget(1, followed)


def _followed(after: Followups) -> list[tuple[str, str]]:
    """What had followed from it, one line each."""
    found = []
    ordered = after.rectification
    if ordered is not None:
        done = f"{ordered.completed_on} 完成" if ordered.completed_on else "作废前没有完成"
        found.append(("整改", f"期限 {ordered.now}，{done}"))
    found += [
        ("移送", f"{each.on} 移送{each.organ}：{each.matter}"
         + (f"，{each.received_on} {each.received_by}签收" if each.received_on else ""))
        for each in after.referrals
    ]  # fmt: skip
    if after.case is not None:
        found.append(("立案", f"{after.case.case_no}，{after.case.opened_on} 立案"))
    found += [("复查", f"定于 {each.planned_on}") for each in after.visits if not each.done_on]
    found += [("复查", f"{each.done_on} {each.finding}") for each in after.visits if each.done_on]
    found += [("建议", f"{each.text}。{each.state.label}") for each in after.proposals]
    return found
