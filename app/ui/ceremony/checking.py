"""复算: here from the sealed records, and by a staff or 纪检 witness on another device."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit

from app.errors import AppError
from app.services.draws import recomputing
from app.services.draws.recomputing import Recomputed
from app.ui import theme
from app.ui.ceremony.course import Course
from app.ui.ceremony.step import Step
from app.ui.tasks import query
from app.ui.theme import Tone
from app.ui.widgets import Banner, Card, button, label

_FIELD = 300


class CheckStep(Step):
    """Compares F; its button writes down who compared."""

    heading = "换一台设备再算一遍"
    intro = (
        "由本单位人员或纪检见证人在科里另一台设备上复算，"
        "用签了字的承诺单核对 P 和 C，再对照结果摘要 F。"
    )
    recomputed = Signal()

    def __init__(self, course: Course) -> None:
        super().__init__(course)
        self._agrees: bool | None = None
        self.here = Banner(Tone.INFO, "正在本机复算……")
        self.body.addWidget(self.here)
        self.body.addWidget(self._other())
        self.body.addStretch(1)

    def _other(self) -> Card:
        card = Card("另一台设备")
        how = (
            "把本次抽取的文件夹拷到另一台设备，用复算网页 verify.html 或复算脚本打开，"
            "先与签了字的承诺单核对 P 和 C，再把它算出的 F 录在下面。"
            "本页不显示本机的 F，录入的只能来自那台设备；两边不同就停下来。"
        )
        card.body.addWidget(label(how, "secondary", wrap=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        self.by, self.seen = QLineEdit(), QLineEdit()
        self.by.setPlaceholderText("本单位人员或纪检见证人，不能是操作人")
        self.seen.setPlaceholderText("前 8 位以上")
        self.seen.setFont(theme.mono(14))
        for line, (words, field) in enumerate(
            (("谁在另一台设备上复算", self.by), ("那台设备显示的 F", self.seen))
        ):
            field.setAccessibleName(words)
            field.setFixedWidth(_FIELD)
            field.textChanged.connect(lambda _text: self.changed.emit())
            grid.addWidget(label(words), line, 0)
            grid.addWidget(field, line, 1)
        grid.setColumnStretch(2, 1)
        self.later = button("以后再登记", self.advanced.emit)
        grid.addWidget(self.later, 2, 1, Qt.AlignmentFlag.AlignLeft)
        card.body.addLayout(grid)
        return card

    def enter(self) -> None:
        course = self.course
        if course.revealed is None:
            return
        workspace, no = course.workspace, course.no
        query(self, lambda: workspace.read(recomputing.recompute, no)).key("again").success(
            self._on_recomputed
        ).failure(self._on_failed).run_in_background()

    def action(self) -> str:
        return "登记复算一致"

    def why_not(self) -> str:
        if self._agrees is None:
            return "正在本机复算"
        if not self._agrees:
            return "本机复算不一致，请停止并报告主持人"
        if not self.by.text().strip():
            return "还没有填写复算人"
        return "" if self.seen.text().strip() else "还没有录入那台设备显示的 F"

    def advance(self) -> None:
        workspace = self.course.workspace
        command = recomputing.ConfirmCheck(
            no=self.course.no, by=self.by.text(), seen=self.seen.text()
        )
        self.run(
            lambda: workspace.write(recomputing.confirm, command),
            lambda _none: self.advanced.emit(),
            "正在登记复算",
        )

    def _on_recomputed(self, found: Recomputed) -> None:
        self._agrees = found.agrees
        if found.agrees:
            self.here.show_message(Tone.OK, "本机从封存的记录复算一遍，结果摘要 F 一致。")
        else:
            words = f"本机复算得到 {found.computed[:8]}…，与记录不同。请停止，报告主持人。"
            self.here.show_message(Tone.DANGER, words)
        self.changed.emit()
        self.recomputed.emit()

    def _on_failed(self, error: AppError) -> None:
        self._agrees = False
        self.here.show_message(Tone.DANGER, str(error))
        self.changed.emit()
        self.recomputed.emit()
