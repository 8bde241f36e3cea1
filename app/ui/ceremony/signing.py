"""签字归档: the minutes are printed and signed, their scan comes back, all files are listed."""

from __future__ import annotations

from app.ui.ceremony.archive import ArchivePanel
from app.ui.ceremony.course import Course
from app.ui.ceremony.step import Step
from app.ui.theme import Tone
from app.ui.widgets import Banner


class SignStep(Step):
    """The last step: its button closes the window."""

    heading = "打印，签字，归档"
    intro = (
        "抽取已经完成，记录已入档。纸质记录一式三份，见证人在自己的数字旁签字，"
        "扫描后存到这里；以后也可以从“抽取记录”的“归档”进入。"
    )

    def __init__(self, course: Course) -> None:
        super().__init__(course)
        self.body.addWidget(
            Banner(Tone.WARN, "封存本有被检查单位和执法人员的名单。打开前请关掉投影，请外人离开。")
        )
        self.panel = ArchivePanel(course.workspace)
        self.panel.failed.connect(self.failed.emit)
        self.body.addWidget(self.panel)
        self.body.addStretch(1)

    def enter(self) -> None:
        if self.course.revealed is not None:
            self.panel.show_draw(self.course.no)

    def action(self) -> str:
        return "完成"
