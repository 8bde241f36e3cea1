"""系统 → 备份与恢复: what backups there are, the second place, restoring with a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.rd1 import Check
from app.paths import opens_by_itself
from app.services.safety import keeping
from app.services.safety.keeping import (
    Adopt,
    BackupFile,
    BackupMade,
    Comparison,
    MakeBackup,
    SecondPlace,
)
from app.ui.desktop import open_path
from app.ui.dialogs.arriving import CHECK_COLUMNS
from app.ui.dialogs.carrying import CarryDialog, backup_goods
from app.ui.dialogs.messages import MessageDialog
from app.ui.dialogs.moving import AwayDialog, MoveDialog
from app.ui.dialogs.rows import RowsDialog
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import operation, query
from app.ui.theme import Tone
from app.ui.widgets import Banner, EmptyState, PageContext, button, primary_button

_WHY = {
    "manual": "手动",
    "day": "每天",
    "before-upgrade": "升级之前",
    "before-restore": "改用恢复之前",
    "move": "迁到新电脑",
    "stick": "拷到介质",
}
_BACKUPS = (
    Column("name", "文件", ColumnKind.CODE, width=320, stretch=True),
    Column("reason", "为什么", width=220, value=lambda row: why(row.reason)),
    Column(
        "at",
        "时间",
        ColumnKind.DATE,
        width=140,
        value=lambda row: f"{row.at.astimezone():%Y-%m-%d %H:%M}",
    ),
    Column("size", "大小", ColumnKind.NUMBER, width=110, value=lambda row: _size(row.size)),
)
_LACKING = (
    Column("kind", "哪里", width=140),
    Column("what", "现在有、备份里没有的", width=240),
    Column("detail", "说明", stretch=True, width=320),
)


def why(reason: str) -> str:
    """A backup's reason in words."""
    if reason.startswith("after-"):
        return f"抽取 {reason.removeprefix('after-')} 之后"
    return _WHY.get(reason, reason)


class BackupPart(QWidget):
    """Make, drill, restore, check; a banner while the second place is missing or old."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self.workspace = context.workspace
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.banner = Banner(Tone.WARN, "")
        self.banner.hide()
        self.column.addWidget(self.banner)
        self.make = primary_button("立即备份", self._on_make, "shield")
        self.make_elsewhere = button("备份到其他文件夹…", self._on_elsewhere, "usb")
        self.carry_button = button("备份到 U 盘…", self._on_carry, "usb")
        self.second = button("备份到第二处", self._on_second, "usb")
        self.set_second = button("设第二处…", self._on_set_second, "folder")
        self.move_away = button("换电脑…", self._on_move, "usb")
        self.open_folder = button("打开备份文件夹", self._on_open, "folder")
        self.drill = button("演练恢复", self._on_drill, "check-circle")
        self.restore = button("恢复到新文件夹…", self._on_restore, "folder")
        self.check = button("检查工作区", self._on_check, "check-circle")
        for widgets in (
            (self.make, self.carry_button, self.make_elsewhere, self.second, self.set_second),
            (self.drill, self.restore, self.check, self.move_away, self.open_folder),
        ):
            row = QHBoxLayout()
            for widget in widgets:
                row.addWidget(widget)
            row.addStretch(1)
            self.column.addLayout(row)
        self.table = PlainTable(
            _BACKUPS,
            name="backups",
            unit="份",
            empty=EmptyState(
                "还没有备份。每次抽取后、每天工作结束时会自动备份，也可以现在备份。",
                icon_name="shield",
            ),
        )
        self.column.addWidget(self.table, 1)
        self.checks = PlainTable(CHECK_COLUMNS, name="checks", unit="项")
        self.checks.hide()
        self.column.addWidget(self.checks, 1)

    def refresh(self) -> None:
        """Fetch the list and the second place."""
        workspace = self.workspace
        root = workspace.folder.root
        query(self, lambda: (keeping.backups(root), workspace.read(keeping.second_place))).success(
            lambda both: self._show(*both)
        ).run_in_background()

    def _show(self, rows: Sequence[BackupFile], place: SecondPlace | None) -> None:
        self.table.set_rows(list(rows))
        self.second.setEnabled(place is not None)
        today = self.workspace.clock().astimezone().date()
        if place is None:
            words = "还没有设第二处：电脑坏了，备份会一起丢。请选一个 U 盘或网络文件夹。"
        else:
            words = f"第二处（{place.room.parent}）上次备份：{place.words(today)}。"
        old = place is None or place.old(today)
        if place is not None and old:
            words += "请插好它，点“备份到第二处”。"
        self.banner.show_message(Tone.WARN if old else Tone.INFO, words)
        self.banner.show()

    def _on_make(self) -> None:
        self._backup(MakeBackup())

    def _on_elsewhere(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "备份到哪个文件夹")
        if folder:
            self._backup(MakeBackup(to=Path(folder)))

    def _on_carry(self) -> None:
        self.carrying = CarryDialog(self, self.workspace, backup_goods(self.workspace))
        self.carrying.open()

    def _backup(self, command: MakeBackup) -> None:
        operation(self, lambda: self.workspace.write(keeping.backup, command)).key(
            "backup"
        ).progress("正在备份并读回校验").success(self._on_made).run_in_background()

    def _on_second(self) -> None:
        operation(self, lambda: self.workspace.write(keeping.copy_to_second, None)).key(
            "backup"
        ).progress("正在备份到第二处").success(self._on_made).run_in_background()

    def _on_set_second(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "第二处放在哪里（U 盘、网络文件夹）")
        if folder:
            self.choose_second(Path(folder))

    def choose_second(self, folder: Path) -> None:
        """Set the second place and back up there."""
        operation(self, lambda: self.workspace.write(keeping.set_second_place, folder)).key(
            "backup"
        ).progress("正在备份到第二处").success(self._on_made).run_in_background()

    def _on_made(self, made: BackupMade) -> None:
        self.context.toast(
            f"备份已写成并读回校验：{made.path.name}",
            "打开文件夹",
            partial(open_path, made.path.parent),
        )
        self.refresh()

    def _on_check(self) -> None:
        root = self.workspace.folder.root
        operation(self, lambda: keeping.check_folder(root)).progress("正在检查工作区").success(
            self._show_checks
        ).run_in_background()

    def _on_drill(self) -> None:
        root = self.workspace.folder.root
        operation(self, lambda: keeping.drill(root)).progress("正在演练恢复").success(
            self._show_checks
        ).run_in_background()

    def _show_checks(self, checks: Sequence[Check]) -> None:
        self.checks.set_rows(list(checks))
        self.checks.show()

    def _on_restore(self) -> None:
        row = self.table.current_row()
        source = row.path if isinstance(row, BackupFile) else None
        if source is None:
            chosen, _kind = QFileDialog.getOpenFileName(
                self, "恢复哪份备份", str(self.workspace.folder.backups), "备份 (*.zip *.db)"
            )
            source = Path(chosen) if chosen else None
        folder = source and QFileDialog.getExistingDirectory(self, "恢复到哪个空文件夹")
        if source is not None and folder:
            self.restore_to(source, Path(folder))

    def restore_to(self, source: Path, folder: Path) -> None:
        """Restore aside, then show what would be lost by working on there."""
        root = self.workspace.folder.root

        def work() -> Comparison:
            keeping.restore(source, folder)
            return keeping.lacking(root, folder)

        operation(self, work).key("restore").progress("正在恢复并比较").success(
            self._show_comparison
        ).run_in_background()

    def _show_comparison(self, found: Comparison) -> None:
        self.comparison = RowsDialog(
            self,
            "恢复出的工作区",
            _LACKING,
            found.rows,
            note=f"已恢复到 {found.other}。{keeping.comparison_words(found)}",
            nothing="没有备份里缺少的。",
        )
        self.adopt_button = button("改用它（下次打开时）", lambda: self._adopt(found.other))
        self.comparison.foot.insertWidget(1, self.adopt_button)
        self.comparison.open()

    def _adopt(self, folder: Path) -> None:
        self.adopt_button.setEnabled(False)
        named = not opens_by_itself(self.workspace.folder.root)
        operation(self, lambda: self.workspace.write(keeping.adopt, Adopt(folder))).progress(
            "正在备份现有工作区并改用恢复出的"
        ).success(lambda _made: self._on_adopted(folder, named)).run_in_background()

    def _on_adopted(self, folder: Path, named: bool) -> None:
        self.comparison.accept()
        self.refresh()
        if not named and opens_by_itself(folder):
            self.context.toast(f"现有工作区已备份，保留在原处；下次打开的是 {folder}")
            return
        # A folder that is named at the start wins over what is chosen here.
        self.by_hand = MessageDialog(
            self,
            "还要改一处",
            "现有工作区已备份，保留在原处。本机启动随查时指定了工作区文件夹"
            "（快捷方式里的 --data，或环境变量 SUICHA_DATA），只改这里不起作用。",
            f"请把它改成 {folder}，再打开随查。",
        )
        self.by_hand.add_button("知道了", "primary").clicked.connect(self.by_hand.accept)
        self.by_hand.open()

    def _on_move(self) -> None:
        away = self.workspace.moved_away
        if away is not None:
            self.away_dialog = AwayDialog(self, self.workspace, away)
            self.away_dialog.add_button("再写一份迁移文件…").clicked.connect(self._on_move_again)
            self.away_dialog.open()
        else:
            self._open_move()

    def _on_move_again(self) -> None:
        self.away_dialog.reject()
        self._open_move()

    def _open_move(self) -> None:
        self.move_dialog = MoveDialog(self, self.workspace)
        self.move_dialog.open()

    def _on_open(self) -> None:
        open_path(self.workspace.folder.backups)


def _size(size: int) -> str:
    return f"{size / 1024 / 1024:,.1f} MB" if size >= 1024 * 1024 else f"{size / 1024:,.0f} KB"
