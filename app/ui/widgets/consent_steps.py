"""审批步骤: a row for each step of consent — organ, post, name, day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from app.domain.approval import ApprovalStep
from app.domain.rulebook import ApprovalRule
from app.ui.widgets.basics import label
from app.ui.widgets.date_edit import DateEdit

__all__ = ["ConsentSteps"]


class ConsentSteps(QWidget):
    """``steps`` is what was typed; ``missing()`` says what is not there yet."""

    edited = Signal()

    def __init__(self, rules: Sequence[ApprovalRule], organ: str, today: date) -> None:
        super().__init__()
        self._rules = tuple(rules)
        self.organs: list[QLineEdit] = []
        self.posts: list[QLineEdit] = []
        self.names: list[QLineEdit] = []
        self.days: list[DateEdit] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        for column, words in enumerate(("步骤", "单位", "职务", "姓名", "日期")):
            grid.addWidget(label(words, "small"), 0, column)
        for line, rule in enumerate(self._rules, 1):
            self._add(grid, line, rule, organ, today)
        grid.setColumnStretch(1, 5)
        grid.setColumnStretch(2, 4)
        grid.setColumnStretch(3, 3)

    def _add(
        self, grid: QGridLayout, line: int, rule: ApprovalRule, organ: str, today: date
    ) -> None:
        unit, post, name, day = QLineEdit(organ), QLineEdit(), QLineEdit(), DateEdit(today)
        unit.setCursorPosition(0)
        post.setPlaceholderText(rule.by)
        post.setToolTip(f"按规定：{rule.by}")
        name.setMinimumWidth(84)
        step = label(rule.step)
        grid.addWidget(step, line, 0)
        for column, (what, field) in enumerate(
            (("单位", unit), ("职务", post), ("姓名", name), ("日期", day)), 1
        ):
            field.setAccessibleName(f"{rule.step}：{what}")
            field.textChanged.connect(lambda _text: self.edited.emit())
            grid.addWidget(field, line, column)
        self.organs.append(unit)
        self.posts.append(post)
        self.names.append(name)
        self.days.append(day)

    def missing(self) -> str:
        """What still has to be typed, empty if nothing."""
        for at, rule in enumerate(self._rules):
            for what, field in (
                ("单位", self.organs[at]),
                ("职务", self.posts[at]),
                ("姓名", self.names[at]),
            ):
                if not field.text().strip():
                    return f"“{rule.step}”还没有填写{what}"
            if self.days[at].value is None:
                return f"“{rule.step}”的日期写得不对"
        return ""

    @property
    def steps(self) -> tuple[ApprovalStep, ...]:
        """The steps as typed; only when nothing is missing."""
        return tuple(
            ApprovalStep(
                step=rule.step,
                organ=self.organs[at].text().strip(),
                name=self.names[at].text().strip(),
                post=self.posts[at].text().strip(),
                on=day,
            )
            for at, rule in enumerate(self._rules)
            if (day := self.days[at].value) is not None
        )
