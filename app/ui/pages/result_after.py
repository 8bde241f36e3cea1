"""The lower part of a locked result: what followed, what was corrected, how the task came here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.db.read.attachments import AttachedFile
from app.db.read.corrections import CorrectionRow, VoidedVersion
from app.db.read.courses import Course
from app.db.read.followups import Followups, RectificationView
from app.db.read.result_file import ResultFile
from app.domain.consequences import ProposalState, RectifyStep
from app.domain.correction import DEFAULT_RULES, CorrectionRules, CorrectionState, next_station
from app.domain.course import TaskState
from app.ui.theme import Tone
from app.ui.widgets import Chip, clear_layout, label, link_button

__all__ = ["ResultAfter"]

_LABEL = 92
_Line = tuple[str, str, str, Callable[[], None] | None]
"""Label, words, action's words, action."""


class ResultAfter(QWidget):
    """Lines with their one next step each; ``wanted(name, thing)`` says which was pressed."""

    wanted = Signal(str, object)
    file_opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._rules = DEFAULT_RULES
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(7)

    def show_file(self, file: ResultFile, rules: CorrectionRules, today: date) -> None:
        """Show everything; empty parts leave no trace."""
        self._rules = rules
        clear_layout(self._column)
        locked = file.course.state in {
            TaskState.LOCKED,
            TaskState.PUBLISHED,
            TaskState.CLOSED,
        }
        if file.followups is not None and locked:
            self._show_followups(file, file.followups, today)
        for row in file.corrections:
            self._show_correction(row, file.papers.get(row.id, ()))
        for version in file.voided:
            self._show_voided(version)
        if file.course.steps:
            self._section("经过", file.course.state.label)
            for line in _course_lines(file.course):
                self._line(line)

    # -- parts -------------------------------------------------------------

    def _show_followups(self, file: ResultFile, found: Followups, today: date) -> None:
        lines: list[_Line] = []
        if found.rectification is not None:
            lines += self._rectification_lines(found.rectification, today)
        for each in found.referrals:
            done = (
                f"，{each.received_on} {each.received_by}签收"
                if each.received_on
                else "，还没有回执"
            )
            words = f"{each.on} 移送{each.organ}：{each.matter}{done}"
            lines.append(
                ("移送", words, "" if each.received_on else "登记回执", self._go("receipt", each))
            )
        if found.case is not None:
            lines.append(self._case_line(found))
        for visit in found.visits:
            made = (
                f"{visit.done_on} {visit.people}：{visit.finding}"
                if visit.done_on
                else f"定于 {visit.planned_on}"
            )
            lines.append(
                ("复查", made, "" if visit.done_on else "登记复查", self._go("visit", visit))
            )
        for proposal in found.proposals:
            state = proposal.state.label
            by = f"（{proposal.decided_by}）" if proposal.decided_by else ""
            open_one = proposal.state is ProposalState.OPEN
            lines.append(
                (
                    "建议",
                    f"{proposal.text}。{state}{by}",
                    "决定" if open_one else "",
                    self._go("decide", proposal),
                )
            )
        if not lines and not file.proofs:
            return
        self._section("后续", "")
        for line in lines:
            self._line(line)
        self._show_links(file.proofs)

    def _show_links(self, files: Sequence[AttachedFile]) -> None:
        for each in files:
            link = link_button(each.name, partial(self.file_opened.emit, each), "paperclip")
            self._column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)

    def _rectification_lines(self, view: RectificationView, today: date) -> list[_Line]:
        if view.completed_on is not None:
            words = f"{view.completed_on} 完成：{view.proof}"
        elif view.now is not None:
            left = (view.now - today).days
            ends = f"还有 {left} 天" if left >= 0 else f"已过 {-left} 天"
            moved = f"（原期限 {view.first}，已延期）" if view.now != view.first else ""
            words = f"期限 {view.now}{moved}，{ends}"
        else:
            words = "没有期限"
        lines: list[_Line] = [("整改", words, "", None)]
        lines += [
            (
                f"整改{each.step.label}",
                "，".join(
                    part
                    for part in (
                        f"{each.on} {each.text}",
                        f"阶段进展：{each.stage}" if each.stage else "",
                        f"延至 {each.until}" if each.until else "",
                        each.by,
                    )
                    if part
                ),
                "",
                None,
            )
            for each in view.notes
        ]
        return lines

    def _case_line(self, found: Followups) -> _Line:
        case = found.case
        if case is None:
            return ("立案", "", "", None)
        words = f"{case.case_no}，{case.opened_on} 立案"
        if case.ended_on is None:
            return ("立案", words, "登记处理结果", self._go("case_end", case))
        words += f"；{case.ended_on} {case.outcome}"
        if case.outcome_published_on is None:
            return ("立案", words, "登记公示", self._go("outcome", case))
        return ("立案", f"{words}；{case.outcome_published_on} 已公示", "", None)

    def _show_correction(self, row: CorrectionRow, papers: Sequence[AttachedFile]) -> None:
        self._section("更正申请", row.state.label)
        number = f"（{row.document_no}）" if row.document_no else ""
        facts = f"{row.applied_on} {row.applied_by}申请{number}，{row.redo.label}：{row.error}"
        self._line(("申请", facts, "打印申请表", self._go("print_correction", row)))
        for name, words in (("应当是", row.should_be), ("出错原因", row.cause)):
            if words:
                self._line((name, words, "", None))
        for station in row.stations:
            opinion = f"：{station.opinion}" if station.opinion else ""
            paper = f"（{station.document}）" if station.document else ""
            agreed = "同意" if station.agreed else "不同意"
            words = (
                f"{station.on} {station.organ}{station.post}{station.name}{agreed}{opinion}{paper}"
            )
            self._line((station.label, words, "", None))
        names = "、".join(each.name for each in papers) or "申请和答复的签字件扫描后挂在这里"
        self._line(("签字件", names, "添加", self._go("paper", row)))
        self._show_links(papers)
        if row.state is CorrectionState.OPEN:
            following = next_station(self._rules.stations, [each.code for each in row.stations])
            words = "待办结"
            if following is not None:
                words = f"待{following.organ}{following.post}{following.label}"
            self._line(("下一步", words, "登记", self._go("station", row)))
        elif row.state is CorrectionState.GRANTED and row.new_due is not None:
            self._line((row.redo.label, f"{row.new_due}前完成", "", None))
        if row.state is CorrectionState.OPEN:
            return
        if row.published_on is not None and row.state is CorrectionState.GRANTED:
            if row.withdrawn_on is None:
                words = f"{row.published_on} 的公示还没有撤回"
                self._line(("原公示", words, "登记撤回", self._go("withdraw", row)))
            else:
                words = f"{row.withdrawn_on} 已从{row.withdrawn_where}撤回"
                self._line(("原公示", words, "", None))

    def _show_voided(self, version: VoidedVersion) -> None:
        self._section(f"第 {version.version} 稿", "已作废")
        conclusion = version.conclusion.label if version.conclusion else "没有结论"
        words = f"{version.inspected_on or ''} 检查，{conclusion}。{version.finding}".strip()
        self._line(("原结果", words, "查看原结果", self._go("voided", version)))
        public = f"{version.published_on} 曾公示" if version.published_on else ""
        signed = f"{version.entered_by}录入，{version.reviewed_by}复核"
        self._line(("经手", "；".join(each for each in (signed, public) if each), "", None))
        self._line(("作废原因", version.why, "", None))

    # -- pieces ------------------------------------------------------------

    def _go(self, name: str, thing: object) -> Callable[[], None]:
        return partial(self.wanted.emit, name, thing)

    def _section(self, title: str, state: str) -> None:
        head = QFrame()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 6, 0, 0)
        row.setSpacing(8)
        row.addWidget(label(title, "section"))
        if state:
            tone = Tone.DANGER if state == "已作废" else Tone.INFO
            row.addWidget(Chip(state, tone))
        row.addStretch(1)
        self._column.addWidget(head)

    def _line(self, line: _Line) -> None:
        name, words, action, run = line
        row = QHBoxLayout()
        row.setSpacing(0)
        key = label(name, "secondary", wrap=True)
        key.setFixedWidth(_LABEL)
        said = label(words or "—", wrap=True)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(key, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(said, 1, Qt.AlignmentFlag.AlignTop)
        if action and run is not None:
            link = link_button(action, run)
            link.setAccessibleName(f"{action}：{words}")
            row.addSpacing(8)
            row.addWidget(link, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(row)


def _course_lines(course: Course) -> list[_Line]:
    return [
        (
            each.step.label,
            "，".join(
                part
                for part in (
                    f"{each.on} {each.by}",
                    each.reason,
                    f"改到 {each.until}" if each.until else "",
                )
                if part
            ),
            "",
            None,
        )
        for each in course.steps
    ]


NOTES = (RectifyStep.REMINDER, RectifyStep.PROGRESS, RectifyStep.EXTENSION)
"""What can be written down about a rectification under way, in the order of the menu."""
