"""The sticks and discs that are plugged in, looked at anew every few seconds, never waited for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.services.packages import carrying, media
from app.services.packages.carrying import Drive, Drives
from app.services.packages.media import Known
from app.services.workspace import Workspace
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import operation
from app.ui.theme import Tone
from app.ui.widgets.basics import EmptyState

__all__ = ["DriveLine", "DriveList"]

_EVERY_MS = 2000


@dataclass(frozen=True, slots=True)
class DriveLine:
    """One drive and what the register knows of it; ``why_not``: why it cannot be used now."""

    drive: Drive
    known: Known | None
    why_not: str = ""

    @property
    def number(self) -> str:
        """介质编号, or that it has none."""
        if self.known is None:
            return "未登记"
        withdrawn = self.known.facts.withdrawn_on is not None
        return f"{self.known.facts.ident}{'（停用）' if withdrawn else ''}"

    @property
    def tone(self) -> Tone:
        """How the number is shown."""
        if self.known is None:
            return Tone.WARN
        return Tone.OK if self.known.facts.withdrawn_on is None else Tone.DANGER


class DriveList(QWidget):
    """``changed`` tells that the list or the chosen line did; ``judge`` says why one is no good.

    The question is asked on a worker, one at a time: a stick that hangs holds up one worker and
    never the window.
    """

    changed = Signal()
    activated = Signal()

    def __init__(
        self,
        workspace: Workspace,
        judge: Callable[[Drive], str] = lambda _drive: "",
        *,
        drives: Drives | None = None,
    ) -> None:
        super().__init__()
        self._workspace = workspace
        self._judge = judge
        self.drives: Drives = drives or carrying.removable_drives
        self._lines: tuple[DriveLine, ...] | None = None  # not looked yet
        self.table = PlainTable(
            _COLUMNS,
            name="drives",
            empty=EmptyState(
                "没有插着 U 盘。插上后几秒内会出现在这里，不用重新打开这个窗口。", icon_name="usb"
            ),
            sortable=False,
        )
        self.table.current_changed.connect(lambda _row: self.changed.emit())
        self.table.row_activated.connect(lambda _row: self.activated.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self.look()

    def look(self) -> None:
        """Ask what is plugged in now; while an older question waits, nothing is asked."""
        operation(self, self._found).key("drives").success(self._show).run_in_background()

    def rest(self, resting: bool) -> None:
        """Do not disturb a stick that is being written."""
        if resting:
            self._timer.stop()
        else:
            self._timer.start()
            self.look()

    def _found(self) -> tuple[DriveLine, ...]:
        read = self._workspace.read
        lines = []
        for drive in self.drives():
            known = read(media.on_drive, drive)
            why = self._judge(drive)
            if not why and known is not None and known.facts.withdrawn_on is not None:
                why = f"已于 {known.facts.withdrawn_on} 停用"
            lines.append(DriveLine(drive, known, why))
        return tuple(lines)

    def _show(self, lines: tuple[DriveLine, ...]) -> None:
        if lines == self._lines:
            return
        chosen = self.chosen
        self._lines = lines
        self.table.set_rows(lines)
        roots = [line.drive.root for line in lines]
        if chosen is not None and chosen.drive.root in roots:
            self.table.grid.select_line(roots.index(chosen.drive.root))
        elif lines:
            usable = [at for at, line in enumerate(lines) if not line.why_not]
            self.table.grid.select_line(usable[0] if usable else 0)
        self.changed.emit()

    @property
    def lines(self) -> tuple[DriveLine, ...]:
        """What is shown."""
        return self._lines or ()

    @property
    def chosen(self) -> DriveLine | None:
        """The line the cursor is on."""
        row = self.table.current_row() if self._lines else None
        return row if isinstance(row, DriveLine) else None


_COLUMNS = (
    Column("label", "卷标", ColumnKind.STRONG, width=130,
           value=lambda line: line.drive.label or "无卷标"),
    Column("root", "位置", width=170, stretch=True, value=lambda line: str(line.drive.root)),
    Column("file_system", "文件系统", width=80, value=lambda line: line.drive.file_system),
    Column("free", "可用空间", ColumnKind.NUMBER, width=96,
           value=lambda line: carrying.size_words(line.drive.free)),
    Column("number", "介质编号", ColumnKind.CHIP, width=116, value=lambda line: line.number,
           tone=lambda line: line.tone),
    Column("why_not", "能不能用", width=230, value=lambda line: line.why_not or "可以"),
)  # fmt: skip
