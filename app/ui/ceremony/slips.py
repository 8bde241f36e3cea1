"""写号折条: each witness writes digits and folds the slip before the program has its number."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from app.services.draws import papers
from app.services.draws.noting import Passed
from app.ui.ceremony.course import Course
from app.ui.ceremony.step import Step
from app.ui.ceremony.witness_table import NumberBadge
from app.ui.widgets import Card, button, label

_HOW = (
    "每位见证人拿一张空白纸条，自己掷骰子 8 次以上（或自己想），写下 6 位以上数字。",
    "不给任何人看，按纸条上的线折好，签名压在封口上。",
    "纸条折好放在桌上，各人看着自己的；这时电脑还没有产生随机数。",
    "全部折好，才能出承诺单。",
)
_WEAK = (
    "少于 6 位，或全部相同：888888",
    "顺号或倒号：123456、654321",
    "日期或生日：20260702、900412",
    "本单位以前抽取用过的数字",
)


class SlipStep(Step):
    """Instruction and blank slips."""

    heading = "写号，折好纸条"
    intro = "纸条先折好，电脑后定数：谁也不能照着对方的数来定自己的数。"

    def __init__(self, course: Course) -> None:
        super().__init__(course)
        card = Card("怎么做")
        for number, words in enumerate(_HOW, 1):
            row = QHBoxLayout()
            row.setSpacing(10)
            row.addWidget(NumberBadge(number))
            row.addWidget(label(words, wrap=True), 1)
            card.body.addLayout(row)
        foot = QHBoxLayout()
        self.print_button = button("打印空白纸条", self._print, "print")
        self.explain_button = button("打印说明页", self._explain, "print")
        self.attendance_button = button("打印签到表", self._attend, "print")
        for each in (self.print_button, self.explain_button, self.attendance_button):
            foot.addWidget(each)
        foot.addWidget(label("纸条一页四张，也可以用空白纸；说明页给见证人看", "small"))
        foot.addStretch(1)
        card.body.addSpacing(4)
        card.body.addLayout(foot)
        self.body.addWidget(card)
        self.body.addWidget(weak_card())
        self.body.addStretch(1)

    def action(self) -> str:
        return "纸条都已折好"

    def advance(self) -> None:
        if self.course.committed is not None:
            self.advanced.emit()
            return
        self.note_passed(Passed.FOLDED)

    def _print(self) -> None:
        course = self.course
        command = papers.PrintWitnessSlips(course.no)
        self.run(
            lambda: course.workspace.write(papers.write_witness_slips, command),
            self.open_file,
            "正在排空白纸条",
        )

    def _explain(self) -> None:
        course = self.course
        self.run(
            lambda: course.workspace.write(papers.write_explanation, course.no),
            self.open_file,
            "正在排说明页",
        )

    def _attend(self) -> None:
        course = self.course
        command = papers.PrintAttendance(no=course.no)
        self.run(
            lambda: course.workspace.write(papers.write_attendance, command),
            self.open_file,
            "正在排签到表",
        )


def weak_card() -> Card:
    """What is refused, in words."""
    card = Card("这些数字不收")
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(6)
    for at, words in enumerate(_WEAK):
        grid.addWidget(label(f"×　{words}"), at // 2, at % 2)
    card.body.addLayout(grid)
    return card
