"""A workspace arrives on this PC: choose the backup, see what is in it, restore, compare."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from app.domain.rd1 import Check
from app.errors import AppError
from app.services.safety import moving
from app.services.safety.moving import Arrival
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import operation
from app.ui.theme import Tone
from app.ui.widgets.basics import Banner, FactGrid, label
from app.ui.widgets.buttons import button
from app.ui.widgets.step_list import GuidedSequence, step_page

_STEPS = ("选备份文件", "恢复并核对")
_PLAIN = (
    "这是一份普通备份：备份以后办的事，里面没有。恢复以后，第一次抽取之前要与最近一份"
    "打印的抽取记录核对。"
)
_FRESH = "这是旧电脑写的迁移文件，旧电脑已停用。抽取编号在本机接着编。"
_STALE = (
    "这是旧电脑写的迁移文件，已经过了七天：可能有别的电脑用它办过抽取。恢复以后，"
    "第一次抽取之前要与最近一份打印的抽取记录核对。"
)
CHECK_COLUMNS = (
    Column(
        "ok",
        "结论",
        ColumnKind.CHIP,
        width=80,
        value=lambda row: "相符" if row.ok else "不符",
        tone=lambda row: Tone.OK if row.ok else Tone.DANGER,
    ),
    Column("name", "检查项目", width=200),
    Column("detail", "说明", stretch=True, width=240),
)


class ArrivalSequence(GuidedSequence):
    """Two steps; nothing is written before the second."""

    left = Signal()
    arrived = Signal()

    def __init__(self, root: Path) -> None:
        super().__init__(_STEPS)
        self._root = root
        self._found: Arrival | None = None
        self._done = False
        self.busy = False
        self.add_page(self._file_page())
        self.add_page(self._check_page())
        self.next_requested.connect(self._on_next)
        self.back_requested.connect(lambda _step: self.left.emit())
        self.go_to(0)
        self.back.setVisible(True)
        self._allow()

    def _file_page(self) -> QWidget:
        page, column = step_page("选备份文件", "在 U 盘或网络文件夹里，名字像 suicha-日期-….zip。")
        row = QHBoxLayout()
        self.path_edit = QLineEdit()
        self.path_edit.setReadOnly(True)
        self.path_edit.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.path_edit.setPlaceholderText("还没有选")
        self.path_edit.setAccessibleName("备份文件")
        self.choose_button = button("选择…", self._on_choose, "folder")
        row.addWidget(self.path_edit, 1)
        row.addWidget(self.choose_button)
        column.addLayout(row)
        self.banner = Banner(Tone.INFO, "")
        self.banner.hide()
        column.addWidget(self.banner)
        self.facts = FactGrid(90)
        column.addWidget(self.facts)
        self.where = label(f"恢复到：{self._root}", "secondary", wrap=True)
        column.addStretch(1)
        column.addWidget(self.where)
        return page

    def _check_page(self) -> QWidget:
        page, column = step_page("恢复并核对", "")
        self.outcome = Banner(Tone.INFO, "")
        column.addWidget(self.outcome)
        self.checks = PlainTable(CHECK_COLUMNS, name="arrival", unit="项")
        column.addWidget(self.checks, 1)
        return page

    # -- choosing ----------------------------------------------------------

    def _on_choose(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, "选备份文件", "", "备份 (*.zip *.db)")
        if chosen:
            self.choose(Path(chosen))

    def choose(self, path: Path) -> None:
        """Look into a file, in the background: a stick may be slow."""
        self._found = None
        self.path_edit.setText(str(path))
        self.facts.show_facts([])
        self._say(Tone.INFO, "正在核对备份里的每一个文件…")
        self._set_busy(True)
        now = datetime.now(UTC)
        operation(self, lambda: moving.look(path, now)).key("look").success(
            self._on_looked
        ).failure(self._on_unreadable).run_in_background()

    def _on_looked(self, found: Arrival) -> None:
        self._found = found
        made = f"{found.made.astimezone():%Y-%m-%d %H:%M}" if found.made else "不详"
        self.facts.show_facts([("备份时间", made), *found.contents.lines()])
        words = (_FRESH if found.fresh else _STALE) if found.moved else _PLAIN
        self._say(Tone.OK if found.fresh else Tone.WARN, words)
        self._set_busy(False)

    def _on_unreadable(self, error: AppError) -> None:
        self._say(Tone.DANGER, str(error))
        self._set_busy(False)

    def _say(self, tone: Tone, words: str) -> None:
        self.banner.show_message(tone, words)
        self.banner.show()

    # -- restoring ---------------------------------------------------------

    def _on_next(self, step: int) -> None:
        found = self._found
        if self._done:
            self.arrived.emit()
        elif found is not None:
            self.go_to(1)
            self.back.setVisible(False)
            self.outcome.show_message(Tone.INFO, "正在恢复并逐项核对，请不要关机…")
            self._set_busy(True)
            operation(self, lambda: moving.arrive(found, self._root)).key("arrive").success(
                self._on_arrived
            ).failure(self._on_failed).run_in_background()

    def _on_arrived(self, checks: Sequence[Check]) -> None:
        self._done = True
        self.checks.set_rows(list(checks))
        bad = [each for each in checks if not each.ok]
        if bad:
            words = f"已恢复，但有 {len(bad)} 项不符：{bad[0].name}。请打开看看，或换一份备份。"
            self.outcome.show_message(Tone.DANGER, words)
        else:
            self.outcome.show_message(Tone.OK, f"已恢复到 {self._root}，各项都相符。")
        self._set_busy(False)

    def _on_failed(self, error: AppError) -> None:
        self.go_to(0)
        self.back.setVisible(True)
        self._say(Tone.DANGER, str(error))
        self._set_busy(False)

    def _set_busy(self, busy: bool) -> None:
        self.busy = busy
        self.choose_button.setEnabled(not busy)
        self.back.setEnabled(not busy)
        self._allow()

    def _allow(self) -> None:
        if self._done:
            self.allow_next(True, text="打开工作区")
            return
        why = "" if self._found is not None else "请先选一份备份"
        if self.busy:
            why = "请稍候"
        self.allow_next(not why, why, "恢复到本机")
