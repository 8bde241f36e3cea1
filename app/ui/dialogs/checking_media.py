"""核对介质: is what lies on a stick or a burnt disc still what left; each file by name."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.services.packages import carrying, checking_media
from app.services.packages.carrying import Drives
from app.services.packages.checking_media import CheckedFile, Verdict
from app.services.workspace import Workspace
from app.ui.dialogs.frame import FrameDialog
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import Progress, Report, long_operation, operation
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import BusyRow, EmptyState, button, label, primary_button
from app.ui.widgets.drive_list import DriveList

__all__ = ["CheckMediumDialog"]

_CHECKING = "正在核对介质"
_TONES = {
    Verdict.SAME: Tone.OK,
    Verdict.CHANGED: Tone.DANGER,
    Verdict.UNREADABLE: Tone.DANGER,
    Verdict.MISSING: Tone.WARN,
    Verdict.HALF: Tone.WARN,
}
_COLUMNS = (
    Column("verdict", "结论", ColumnKind.CHIP, width=108, value=lambda row: row.verdict.label,
           tone=lambda row: _TONES.get(row.verdict, Tone.INFO)),
    Column("name", "文件", ColumnKind.CODE, width=300, stretch=True, sub=lambda row: row.words),
)  # fmt: skip


class CheckMediumDialog(FrameDialog):
    """Above what is plugged in, below what was found on it."""

    def __init__(
        self, parent: QWidget, workspace: Workspace, *, drives: Drives | None = None
    ) -> None:
        super().__init__(parent, "核对介质上的包", 900, 600)
        self.workspace = workspace
        self._ended = True
        words = "从介质上逐个读出，和拷出时的摘要比较；刻好的光盘核对相符后登记为拷出。"
        self.body.addWidget(label(words, "secondary"))
        self.drives = DriveList(workspace, drives=drives)
        self.drives.setFixedHeight(170)
        self.drives.changed.connect(self._allow)
        self.drives.activated.connect(self.check)
        self.body.addWidget(self.drives)
        self.busy = BusyRow(_CHECKING, _progress_words)
        self.body.addWidget(self.busy)
        self.table = PlainTable(
            _COLUMNS,
            name="checked-files",
            empty=EmptyState("选一个介质，点“核对”。", icon_name="check-circle"),
            two_lines=True,
        )
        self.table.current_changed.connect(lambda _row: self._allow())
        self.body.addWidget(self.table, 1)
        self.folder_button = button("其他文件夹…", self._ask_folder, "folder")
        self.remove_button = button("删除半份", self.remove_half, "trash")
        self.close_button = button("关闭", self.reject)
        self.check_button = primary_button("核对", self.check, "check-circle")
        self.foot.addWidget(self.folder_button)
        self.foot.addWidget(self.remove_button)
        self.foot.addStretch(1)
        self.foot.addWidget(self.close_button)
        self.foot.addWidget(self.check_button)
        self.setStyleSheet(f"QDialog {{ background: {LIGHT.surface}; }}")
        self._allow()

    def _allow(self) -> None:
        self.check_button.setEnabled(self._ended and self.drives.chosen is not None)
        self.folder_button.setEnabled(self._ended)
        row = self._chosen
        self.remove_button.setVisible(row is not None and row.verdict is Verdict.HALF)

    @property
    def _chosen(self) -> CheckedFile | None:
        row = self.table.current_row()
        return row if isinstance(row, CheckedFile) else None

    def check(self) -> None:
        """Read the chosen medium."""
        line = self.drives.chosen
        if line is not None:
            self.check_at(line.drive.root)

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "核对哪个文件夹")
        if folder:
            self.check_at(Path(folder))

    def check_at(self, folder: Path) -> None:
        """Read every package in ``folder``."""
        workspace, drives = self.workspace, self.drives.drives
        self.banner.hide()

        def work(progress: Progress) -> tuple[CheckedFile, ...]:
            return checking_media.check_medium(workspace, folder, progress.report, drives)

        started = (
            long_operation(self, work)
            .key("check")
            .progress(_CHECKING)
            .success(lambda found: self._show(folder, found))
            .failure(self.show_failure)
            .finally_(self._on_end)
            .run_in_background()
        )
        if started:
            self._ended = False
            self._allow()

    def _on_end(self) -> None:
        self._ended = True
        self._allow()

    def _show(self, folder: Path, found: tuple[CheckedFile, ...]) -> None:
        self._folder = folder
        self.table.set_rows(found)
        same = sum(1 for each in found if each.verdict is Verdict.SAME)
        bad = [e for e in found if e.verdict in {Verdict.CHANGED, Verdict.UNREADABLE}]
        if bad:
            names = "、".join(each.name for each in bad[:3])
            self.tell(
                f"{len(bad)} 个文件不符或读不出：{names}。不要上传，请重新拷贝。", Tone.DANGER
            )
        elif same:
            self.tell(f"{folder}：{same} 个文件和拷出时逐字节相同。", Tone.OK)
        else:
            self.tell(f"{folder} 里没有从本机拷出的包。", Tone.WARN)
        self._allow()

    def remove_half(self) -> None:
        """Delete the half copy the cursor is on."""
        row = self._chosen
        if row is None or row.verdict is not Verdict.HALF:
            return
        operation(self, lambda: carrying.remove_left_over(row.path)).key("remove").success(
            lambda _none: self.check_at(self._folder)
        ).failure(self.show_failure).run_in_background()

    def reject(self) -> None:
        """While something is being read 关闭 means 取消."""
        if not self._ended:
            self.busy.cancel.click()
            return
        super().reject()


def _progress_words(report: Report) -> str:
    size = carrying.size_words
    return f"{report.text} {size(report.done)} / {size(report.total)}"
