"""利害关系 in an inspector's pane: what was declared, and the recusals that follow from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain import interest
from app.domain.interest import InterestFacts
from app.services.directories import interests
from app.services.directories.interests import (
    DecideProposal,
    EndInterest,
    InterestLine,
    Proposal,
    RegisterInterest,
)
from app.services.replacing import recusing
from app.ui.dialogs.messages import confirm
from app.ui.tasks import operation, query
from app.ui.theme import Tone
from app.ui.widgets import (
    Banner,
    FormDialog,
    clear_layout,
    label,
    link_button,
    small_button,
)

if TYPE_CHECKING:
    from app.services.replacing.recusing import RecusalDeclared
    from app.services.workspace import Workspace


class InterestsView(QWidget):
    """Proposals first, then what is in force, then 登记利害关系…"""

    declared = Signal(object)
    said = Signal(str)

    def __init__(self, parent: QWidget, workspace: Workspace, inspector_id: int, name: str) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._inspector_id = inspector_id
        self._name = name
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 8, 0, 0)
        self._column.setSpacing(8)
        self.look()

    def look(self) -> None:
        """Fetch what was declared and what it proposes."""
        read, who = self._workspace.read, self._inspector_id
        query(
            self, lambda: (read(interests.proposals, who), read(interests.of_inspector, who))
        ).key("interests").success(lambda both: self._show(*both)).run_in_background()

    def _show(self, proposed: tuple[Proposal, ...], lines: tuple[InterestLine, ...]) -> None:
        clear_layout(self._column)
        for each in proposed:
            self._column.addWidget(self._proposal(each))
        self._column.addWidget(label("利害关系", "strong"))
        now = [each for each in lines if each.lifted_on is None]
        if not now:
            words = "曾任职单位、近亲属的企业等先登记在这里；名录里一有这样的对象，就建议登记回避。"
            self._column.addWidget(label(words, "secondary", wrap=True))
        for line in now:
            self._column.addWidget(self._line(line))
        row = QHBoxLayout()
        row.addWidget(small_button("登记利害关系…", self.register, "plus"))
        row.addStretch(1)
        self._column.addLayout(row)

    def _proposal(self, each: Proposal) -> Banner:
        banner = Banner(
            Tone.WARN,
            f"名录里的“{each.target}”：{each.because}（{recusing.kind_words(each.code)}）。",
            heading="建议登记回避",
        )
        banner.add_button("登记回避", lambda: self.decide(each, same=True))
        banner.add_button("不是同一家", lambda: self.decide(each, same=False))
        return banner

    def _line(self, line: InterestLine) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        note = f"，{line.note}" if line.note else ""
        code = f"\n{line.uscc}" if line.uscc else ""
        words = f"{line.firm}{code}\n{recusing.kind_words(line.code)}{note}（{line.declared_on}）"
        row.addWidget(label(words, wrap=True), 1)
        row.addWidget(link_button("结束", lambda: self.end(line)))
        return holder

    def register(self) -> None:
        """Open the form."""
        kinds = recusing.kinds()
        self.form = FormDialog(
            self,
            f"登记利害关系：{self._name}",
            interest.fields(kinds),
            InterestFacts(code="former"),
            save=lambda typed: self._workspace.write(
                interests.register, RegisterInterest(self._inspector_id, typed)
            ),
            check=lambda typed: interest.validate(typed, kinds),
            columns=1,
            action="登记",
        )
        self.form.saved.connect(lambda _id: self.said.emit("已登记利害关系"))
        self.form.open()

    def decide(self, each: Proposal, *, same: bool) -> None:
        """Declare the proposed recusal, or say that it is another body."""
        command = DecideProposal(each.interest_id, each.target_id, same)
        operation(self, lambda: self._workspace.write(interests.decide, command)).key(
            "decide"
        ).success(self._on_decided).run_in_background()

    def _on_decided(self, made: RecusalDeclared | None) -> None:
        if made is None:
            self.said.emit("已记下：不是同一家")
        else:
            self.declared.emit(made)

    def end(self, line: InterestLine) -> None:
        """Ask, then end it."""
        text = "以后不再据此建议回避；已经登记的回避不变。登记和结束都留在台账里。"
        if confirm(self, f"结束与“{line.firm}”的利害关系", text, action="结束"):
            command = EndInterest(line.id)
            operation(self, lambda: self._workspace.write(interests.end, command)).key(
                "end"
            ).success(lambda _none: self.said.emit("已结束")).run_in_background()
