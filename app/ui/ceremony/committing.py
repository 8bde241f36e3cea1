"""出承诺单: the program takes its number, prints P and C; all sign before a slip is opened."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.services.draws import drawing
from app.services.draws.noting import Passed
from app.ui.ceremony.course import Course
from app.ui.ceremony.step import Step
from app.ui.theme import Tone
from app.ui.widgets import Banner, Card, HashLabel, QrView, button, label

_QR_SIDE = 171  # three pixels a module of the code's 57
_BEFORE = (
    "按下按钮后，电脑从操作系统取一个随机数 R，保存在两个地方，谁也看不到。\n"
    "随即算出承诺值 C 并打印承诺单。C 把 R 锁住：R 以后换一个字，C 就对不上。\n"
    "从这一步起不能返回：要中止只能作废，编号照样占用，记录永久保留。"
)


class CommitStep(Step):
    """Two states: before the number is taken, and while the slip is being signed."""

    heading = "出承诺单"
    intro = "纸条都折好了，电脑才产生自己的数。"

    def __init__(self, course: Course) -> None:
        super().__init__(course)
        self.before = Card("接下来会发生什么")
        self.before.body.addWidget(label(_BEFORE, wrap=True))
        self.body.addWidget(self.before)
        self.after = Card("承诺单", "打印两联；全体签字，一联由见证人带离会场")
        row = QHBoxLayout()
        row.setSpacing(8)
        self.open_button = button("打开承诺单打印", self._open, "print")
        row.addWidget(self.open_button)
        row.addStretch(1)
        self.after.body.addLayout(row)
        across = QHBoxLayout()
        across.setSpacing(16)
        digests = QVBoxLayout()
        digests.setSpacing(6)
        across.addLayout(digests, 1)
        self.plan, self.commitment = HashLabel("", per_line=8), HashLabel("", per_line=8)
        for words, shown in (("名单摘要 P", self.plan), ("承诺值 C", self.commitment)):
            digests.addWidget(label(words, "strong"))
            digests.addWidget(shown)
        digests.addWidget(label("二维码里是编号、P 和 C，见证人可以用手机扫下来留存。", "small"))
        digests.addStretch(1)
        self.code = QrView(_QR_SIDE)
        across.addWidget(self.code)
        self.after.body.addLayout(across)
        self.body.addWidget(self.after)
        self.sign = Banner(
            Tone.INFO, "请主持人和全体见证人核对 P、C 的前 8 位和后 8 位，在两联上签字后再继续。"
        )
        self.body.addWidget(self.sign)
        self.body.addStretch(1)

    def enter(self) -> None:
        committed = self.course.committed
        self.before.setVisible(committed is None)
        self.after.setVisible(committed is not None)
        self.sign.setVisible(committed is not None)
        if committed is not None:
            self.plan.show_digest(committed.plan)
            self.commitment.show_digest(committed.commitment)
        self.code.show_code(self.course.code)

    def action(self) -> str:
        return "产生随机数，出承诺单" if self.course.committed is None else "都已签字，开号"

    def advance(self) -> None:
        course = self.course
        if course.committed is not None:
            self.note_passed(Passed.OPENING)
            return
        command = drawing.CommitDraw(course.no)
        self.run(
            lambda: course.workspace.write(drawing.commit, command),
            self._on_committed,
            "正在出承诺单",
        )

    def _on_committed(self, committed: drawing.Committed) -> None:
        self.course.committed = committed
        self.course.committed_at = self.course.workspace.clock()
        self.enter()
        self.changed.emit()
        self._open()

    def _open(self) -> None:
        if self.course.committed is not None:
            self.open_file(self.course.committed.folder / "commitment.pdf")
