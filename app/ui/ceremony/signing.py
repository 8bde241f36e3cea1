"""签字归档: the minutes are printed and signed; everything the draw left is listed."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout

from app.ui.ceremony.course import Course
from app.ui.ceremony.sealed_screen import ask_then_show
from app.ui.ceremony.step import Step
from app.ui.theme import Tone
from app.ui.widgets import Banner, Card, button, clear_layout, label, link_button

_WHAT = {
    "minutes.pdf": "抽取记录（封存本，有名单，只给本单位人员看）",
    "minutes-public.pdf": "抽取情况（公开本，只有数目和摘要）",
    "commitment.pdf": "承诺单",
    "witness-slips.pdf": "空白纸条",
    "plan.txt": "抽取方案，摘要为 P",
    "excluded.txt": "排除名单",
    "result.txt": "抽取结果，摘要为 F",
    "verify.html": "复算网页",
}


class SignStep(Step):
    """The last step: its button closes the window."""

    heading = "打印，签字，归档"
    intro = "抽取已经完成，记录已入档。纸质记录一式三份，见证人在自己的数字旁签字，扫描后存入附件。"

    def __init__(self, course: Course) -> None:
        super().__init__(course)
        self.body.addWidget(
            Banner(Tone.WARN, "封存本有被检查单位和执法人员的名单。打开前请关掉投影，请外人离开。")
        )
        self.files = Card("本次抽取的文件", flush=True)
        self.list = self.files.body
        self.list.setContentsMargins(16, 6, 16, 10)
        self.body.addWidget(self.files)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.folder_button = button("打开文件夹", self._open_folder, "folder")
        self.sealed_button = button("看封存屏", self._look, "eye")
        row.addWidget(self.folder_button)
        row.addWidget(self.sealed_button)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addStretch(1)

    def enter(self) -> None:
        revealed = self.course.revealed
        if revealed is None:
            return
        clear_layout(self.list)
        self.names = sorted(
            (path.name for path in revealed.folder.iterdir() if path.is_file()),
            key=lambda name: (list(_WHAT).index(name) if name in _WHAT else len(_WHAT), name),
        )
        for name in self.names:
            row = QHBoxLayout()
            row.setSpacing(10)
            caption = label(name, "strong")
            caption.setFixedWidth(150)
            row.addWidget(caption)
            row.addWidget(label(_WHAT.get(name, ""), "secondary"), 1)
            row.addWidget(link_button("打开", partial(self._open, name)))
            self.list.addLayout(row)

    def action(self) -> str:
        return "完成"

    def _open(self, name: str) -> None:
        if self.course.revealed is not None:
            self.open_file(self.course.revealed.folder / name)

    def _open_folder(self) -> None:
        if self.course.revealed is not None:
            self.open_file(self.course.revealed.folder)

    def _look(self) -> None:
        ask_then_show(self, self.course.workspace, self.course.no)
