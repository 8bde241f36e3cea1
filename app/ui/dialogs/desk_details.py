"""The rows behind a number of the desk: which they are, and from there to each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.db.read.desk_details import SECRET, CoveredRow, DetailRow
from app.ui.dialogs.frame import dialog_foot
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import query
from app.ui.theme import Tone
from app.ui.widgets import button, label

__all__ = ["DetailsDialog"]

_TASKS = (
    Column(
        "counted",
        "计入",
        ColumnKind.CHIP,
        width=64,
        value=lambda row: "是" if row.counted else "否",
        tone=lambda row: Tone.NORMAL if row.counted else Tone.WARN,
    ),
    Column("serial", "抽取序号", ColumnKind.CODE, width=112),
    Column("name", "检查对象", width=180, stretch=True, value=lambda row: row.name or SECRET),
    Column("team", "检查组", width=110),
    Column("due_on", "期限", ColumnKind.DATE),
    Column("progress", "进展", width=76),
    Column("inspected_on", "检查日期", ColumnKind.DATE),
    Column("conclusion", "结论", width=150),
    Column("published_on", "公示", ColumnKind.DATE),
    Column("rectified_on", "整改完成", ColumnKind.DATE),
)
_TARGETS = (
    Column(
        "covered",
        "情况",
        ColumnKind.CHIP,
        width=92,
        value=lambda row: "已覆盖" if row.covered else "未覆盖",
        tone=lambda row: Tone.OK if row.covered else Tone.INFO,
    ),
    Column("ident", "编号", ColumnKind.CODE, width=120),
    Column("name", "检查对象", width=260, stretch=True),
    Column("last_on", "上次检查", ColumnKind.DATE),
)


def _counted_words(
    rows: Sequence[DetailRow] | Sequence[CoveredRow], counted: int, share: str
) -> str:
    """How many rows; where several tasks are of one site, how many sites and visits they are."""
    tasks = [row for row in rows if isinstance(row, DetailRow) and row.target_id]
    sites, visits = len({row.target_id for row in tasks}), len({row.visit for row in tasks})
    if len(tasks) == len(rows) and (sites, visits) != (len(rows), len(rows)):
        return f"共 {len(rows)} 项任务：{sites} 家 {visits} 户次，其中计入 {counted} 项{share}"
    return f"共 {len(rows)} 家，其中计入 {counted} 家{share}"


class DetailsDialog(QDialog):
    """``fetch`` gives the rows; a double click calls ``open_row`` with a task's number."""

    def __init__(
        self,
        parent: QWidget,
        title: str,
        fetch: Callable[[], Sequence[DetailRow] | Sequence[CoveredRow]],
        open_row: Callable[[int], object],
        *,
        targets: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(1080 if not targets else 720, 520)
        self._open_row = open_row
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.table = PlainTable(_TARGETS if targets else _TASKS, name="details", unit="家")
        self.table.row_activated.connect(self._open)
        column.addWidget(self.table, 1)
        self.count = label("", "small")
        column.addWidget(dialog_foot(button("关闭", self.reject), left=(self.count,)))
        query(self, fetch).key("details").success(self._show).run_in_background()

    def _show(self, rows: Sequence[DetailRow] | Sequence[CoveredRow]) -> None:
        self.table.set_rows(rows)
        counted = sum(
            1 for row in rows if (row.covered if isinstance(row, CoveredRow) else row.counted)
        )
        share = f"，{counted / len(rows) * 100:.1f}%" if rows else ""
        self.count.setText(_counted_words(rows, counted, share))

    def _open(self, row: object) -> None:
        if isinstance(row, DetailRow) and row.name:
            self.accept()
            self._open_row(row.id)
