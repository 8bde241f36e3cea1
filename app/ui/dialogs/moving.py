"""换电脑: write the file that travels and close this workspace; go on here all the same."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from app.services.safety import moving
from app.services.safety.backup_files import BackupMade
from app.services.safety.moving import Contents, Move, StayHere
from app.services.workspace import MovedAway, Workspace
from app.ui.desktop import open_path
from app.ui.dialogs.frame import FrameDialog
from app.ui.dialogs.messages import MessageDialog, confirm_danger
from app.ui.tasks import operation, query
from app.ui.theme import Tone
from app.ui.widgets import FactGrid, button, label, primary_button

_COURSE = (
    "1　在这台电脑上：选 U 盘或网络文件夹，写出迁移文件。文件写好、读回核对以后，"
    "这里的工作区只供查看。\n"
    "2　在新电脑上：装好随查，第一次打开时选“从备份恢复，或接收迁移”，选这个文件。\n"
    "3　两边对照下面这些数，一样就迁好了。"
)
_ONLY_SEEN = "两台电脑用同一个编号各抽各的，两份记录都会说不清。"


class MoveDialog(FrameDialog):
    """One page: the course, whereto, what both PCs must show."""

    def __init__(self, parent: QWidget | None, workspace: Workspace) -> None:
        super().__init__(parent, "换电脑", 720, 540)
        self._workspace = workspace
        self.body.addWidget(label(_COURSE, wrap=True))
        row = QHBoxLayout()
        self.folder_edit = QLineEdit()
        self.folder_edit.setReadOnly(True)
        self.folder_edit.setPlaceholderText("迁移文件写到哪里：U 盘、网络文件夹")
        self.folder_edit.setAccessibleName("迁移文件写到哪里")
        self.choose = button("选择…", self._on_choose, "folder")
        row.addWidget(self.folder_edit, 1)
        row.addWidget(self.choose)
        self.body.addLayout(row)
        self.body.addWidget(label("新电脑上应当看到", "section"))
        self.facts = FactGrid(90)
        self.body.addWidget(self.facts)
        self.body.addStretch(1)
        self.hint = label("", "secondary")
        self.write = primary_button("写出迁移文件，停用本机", self._on_write)
        self.foot.addStretch(1)
        self.foot.addWidget(self.hint)
        self.foot.addWidget(button("关闭", self.accept))
        self.foot.addWidget(self.write)
        self._busy = False
        self._waiting: tuple[str, ...] = ()
        self._allow()
        query(
            self, lambda: (workspace.read(moving.open_draws), workspace.read(moving.contents))
        ).success(self._show).run_in_background()

    def _show(self, known: tuple[tuple[str, ...], Contents]) -> None:
        self._waiting, contents = known
        # The ledger goes on by the move itself: its head is known when the file is written.
        self.facts.show_facts(list(contents.lines()[:-1]))
        away = self._workspace.moved_away
        if self._waiting:
            words = "抽取中的随机数不能在开号以前离开本机。请先完成、撤回或作废它。"
            self.tell(f"抽取 {'、'.join(self._waiting)} 还没有结束。{words}", Tone.WARN)
        elif away is not None:
            self.tell(f"这个工作区{away.words}。可以再写一份迁移文件。", Tone.INFO)
        self._allow()

    def _on_choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "迁移文件写到哪里")
        if chosen:
            self.folder_edit.setText(chosen)
            self._allow()

    def _allow(self) -> None:
        why = ""
        if self._busy:
            why = "正在写出并读回核对"
        elif self._waiting:
            why = "还有没结束的抽取"
        elif not self.folder_edit.text():
            why = "请先选写到哪里"
        self.write.setEnabled(not why)
        self.hint.setText(why)

    def _on_write(self) -> None:
        folder = Path(self.folder_edit.text())
        if self._workspace.moved_away is None and not confirm_danger(
            self,
            "换电脑",
            f"写好以后，这台电脑上的工作区只供查看。{_ONLY_SEEN}",
            object_name=self._workspace.unit.name,
            action="写出并停用本机",
        ):
            return
        self._set_busy(True)
        operation(self, lambda: moving.move(self._workspace, Move(folder))).key("move").progress(
            "正在写迁移文件"
        ).success(self._on_written).failure(self.show_failure).finally_(
            lambda: self._set_busy(False)
        ).run_in_background()

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.choose.setEnabled(not busy)
        self._allow()

    def _on_written(self, made: BackupMade) -> None:
        self.tell(f"迁移文件已写成并读回核对：{made.path}。这里从现在起只供查看。", Tone.OK)
        open_path(made.path.parent)
        query(self, lambda: moving.inside(made.path)).success(
            lambda contents: self.facts.show_facts(list(contents.lines()))
        ).run_in_background()


class AwayDialog(MessageDialog):
    """At the start of a workspace that went to another PC: look, or go on here with a reason."""

    def __init__(self, parent: QWidget | None, workspace: Workspace, away: MovedAway) -> None:
        text = f"这里的工作区只供查看，不能改。{_ONLY_SEEN}"
        advice = "确要在这里继续，请写明原因，记入账本。新电脑上的那一份就不要再用。"
        super().__init__(parent, away.words, text, advice, Tone.WARN)
        self._workspace = workspace
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("原因，例如：新电脑没有用起来")
        self.reason.setAccessibleName("在这里继续的原因")
        self.extra.addWidget(self.reason)
        self.problem = label("", "small", wrap=True)
        self.extra.addWidget(self.problem)
        self.stay = self.add_button("仍在这里继续", "danger")
        self.stay.setEnabled(False)
        self.look = self.add_button("只查看", "primary")
        self.look.setDefault(True)
        self.reason.textChanged.connect(lambda text: self.stay.setEnabled(bool(text.strip())))
        self.stay.clicked.connect(self._on_stay)
        self.look.clicked.connect(self.reject)

    def _on_stay(self) -> None:
        self.stay.setEnabled(False)
        command = StayHere(reason=self.reason.text())
        operation(self, lambda: moving.stay(self._workspace, command)).success(
            lambda _none: self.accept()
        ).failure(lambda error: self.problem.setText(str(error))).run_in_background()
