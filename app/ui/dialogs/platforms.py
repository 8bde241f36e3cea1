"""平台格式: those shipped and the unit's own; make one of a blank template, change, delete."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.platform import GENERAL, Platform
from app.errors import AppError
from app.services.packages import platforms
from app.services.packages.platforms import PlatformChoice, RemovePlatform
from app.ui.dialogs.frame import FrameDialog
from app.ui.dialogs.messages import confirm_danger
from app.ui.mapping.window import MappingDialog
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import operation, query
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import button, danger_button, label, primary_button

if TYPE_CHECKING:
    from app.services.workspace import Workspace

__all__ = ["PlatformsDialog"]


def _files(row: PlatformChoice) -> str:
    if row.problem or not row.own:
        return row.problem or ("全部栏目" if row.id == GENERAL else f"{len(row.files)} 个文件")
    return "；".join(f"{file}（{words}）" for file, words in row.files)


_COLUMNS = (
    Column("name", "平台", width=400),
    Column("id", "代号", ColumnKind.CODE, width=160),
    Column(
        "own",
        "来源",
        ColumnKind.CHIP,
        width=92,
        value=lambda row: "不能用" if row.problem else "本单位" if row.own else "随程序带",
        tone=lambda row: Tone.DANGER if row.problem else Tone.INFO if row.own else Tone.NORMAL,
    ),
    Column("files", "模板（内容）", width=200, stretch=True, value=_files),
)


class PlatformsDialog(FrameDialog):
    """``changed`` when an own format was made, changed or deleted."""

    changed = Signal()

    def __init__(self, parent: QWidget | None, workspace: Workspace) -> None:
        super().__init__(parent, "平台格式", 960, 560)
        self.workspace = workspace
        self.mapping: MappingDialog | None = None
        self.setStyleSheet(f"QDialog {{ background: {LIGHT.surface}; }}")
        self.body.addWidget(
            label(
                "随程序带的只按各地文件写明的内容列栏目，官方模板没有取得；"
                "有平台的空白模板的，用它对应一次，以后就按它填写，导入平台的表也按它认。",
                "secondary",
                wrap=True,
            )
        )
        self.table = PlainTable(_COLUMNS, name="platforms", unit="个")
        self.table.current_changed.connect(lambda _row: self._allow())
        self.table.row_activated.connect(lambda _row: self.edit())
        self.body.addWidget(self.table, 1)
        self.note = label("", "secondary", wrap=True)
        self.note.setMinimumHeight(40)
        self.body.addWidget(self.note)
        self.remove_button = danger_button("删除", self.remove)
        self.edit_button = button("修改…", self.edit, "edit")
        self.new_button = primary_button("用空白模板对应…", self.make, "plus")
        self.foot.addWidget(self.remove_button)
        self.foot.addStretch(1)
        self.foot.addWidget(button("关闭", self.accept))
        self.foot.addWidget(self.edit_button)
        self.foot.addWidget(self.new_button)
        self._allow()
        self.refresh()

    def refresh(self) -> None:
        """List what there is."""
        folder = self.workspace.folder
        query(self, lambda: platforms.choices(folder, broken=True)).key("platforms").success(
            self._show
        ).run_in_background()

    def _show(self, found: tuple[PlatformChoice, ...]) -> None:
        self.table.set_rows(found)
        self._allow()

    def _chosen(self) -> PlatformChoice | None:
        row = self.table.current_row()
        return row if isinstance(row, PlatformChoice) else None

    def _allow(self) -> None:
        row = self._chosen()
        own = row is not None and row.own
        self.remove_button.setVisible(own)
        self.edit_button.setEnabled(own and row is not None and not row.problem)
        self.note.setText((row.problem or row.note) if row else "")

    # -- making and changing -------------------------------------------------

    def make(self) -> None:
        """A platform's blank template, mapped."""
        self._open(MappingDialog(self, self.workspace))

    def edit(self) -> None:
        """Change what fills a template of the chosen own format."""
        row = self._chosen()
        if row is None or not row.own or row.problem:
            return
        try:
            platform = platforms.load(self.workspace.folder, row.id)
        except AppError as error:
            self.show_failure(error)
            return
        files = [file for file, _words in row.files]
        if len(files) == 1:
            self._edit_file(platform, files[0])
            return
        self.menu = QMenu(self)
        for file in files:
            self.menu.addAction(file, partial(self._edit_file, platform, file))
        self.menu.popup(self.edit_button.mapToGlobal(self.edit_button.rect().topLeft()))

    def _edit_file(self, platform: Platform, file: str) -> None:
        self._open(MappingDialog(self, self.workspace, (platform, file)))

    def _open(self, dialog: MappingDialog) -> None:
        self.banner.hide()
        self.mapping = dialog
        dialog.saved.connect(self._on_saved)
        dialog.open()

    def _on_saved(self, platform: Platform) -> None:
        self.tell(
            f"已保存“{platform.name}”，打包时在“平台格式”里选它；代号 {platform.id}。", Tone.OK
        )
        self.changed.emit()
        self.refresh()

    def remove(self) -> None:
        """Delete the chosen own format, after asking."""
        row = self._chosen()
        if row is None or not row.own:
            return
        if not confirm_danger(
            self,
            "删除平台格式",
            "它的空白模板一起删除；用它做过的上报包不受影响。",
            object_name=row.name,
            action="删除",
        ):
            return
        operation(self, lambda: self.workspace.write(platforms.remove, RemovePlatform(row.id))).key(
            "remove"
        ).success(lambda _none: self._on_removed(row.name)).failure(
            self.show_failure
        ).run_in_background()

    def _on_removed(self, name: str) -> None:
        self.tell(f"已删除“{name}”。", Tone.OK)
        self.changed.emit()
        self.refresh()
