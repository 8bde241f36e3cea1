"""全部记录 of one target on one page: edits, draws, inspections, results, papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.db.read import target_history
from app.db.read.target_history import KINDS, HistoryEvent
from app.services.directories import workbooks
from app.services.directories.workbooks import ExportList, ListColumn
from app.ui.dialogs.files import ask_workbook
from app.ui.dialogs.frame import FrameDialog
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import operation, query
from app.ui.theme import Tone
from app.ui.widgets import Filter, FilterRow, button, label, primary_button

if TYPE_CHECKING:
    from app.services.workspace import Workspace

_COLUMNS = (
    Column("on", "日期", ColumnKind.DATE, width=100),
    Column("kind", "种类", width=84, value=lambda row: row.kind_words),
    Column("what", "事项", width=230,
           tone=lambda row: Tone.DANGER if row.alarm else Tone.NORMAL),
    Column("detail", "内容", width=420, stretch=True),
    Column("by", "办理人", width=84),
)  # fmt: skip


class TargetHistoryDialog(FrameDialog):
    """The events, newest first, narrowed by kind; exported as seen."""

    def __init__(self, parent: QWidget, workspace: Workspace, target_id: int, name: str) -> None:
        super().__init__(parent, f"全部记录：{name}", 1080, 600)
        self._name = name
        self._events: tuple[HistoryEvent, ...] = ()
        self.filters = FilterRow(
            [Filter("kind", "种类", tuple(KINDS.items()))], hint="事项 / 内容 / 办理人"
        )
        self.filters.changed.connect(self._narrow)
        self.body.addWidget(self.filters)
        self.table = PlainTable(_COLUMNS, name="target-history", unit="条")
        self.body.addWidget(self.table, 1)
        self.body.addWidget(label("抽取在检查之后才列出。", "small"))
        self.foot.addStretch(1)
        self.foot.addWidget(button("关闭", self.accept))
        self.foot.addWidget(primary_button("导出 Excel", self.ask_export, "download"))
        query(self, lambda: workspace.read(target_history.of_target, target_id)).success(
            self._show
        ).failure(self.show_failure).run_in_background()

    def _show(self, events: tuple[HistoryEvent, ...]) -> None:
        self._events = events
        self._narrow()

    def _narrow(self) -> None:
        kinds = self.filters.chosen.get("kind", frozenset())
        word = self.filters.search
        self.table.set_rows(
            [
                each
                for each in self._events
                if (not kinds or each.kind in kinds)
                and (not word or word in f"{each.what}{each.detail}{each.by}")
            ]
        )

    def ask_export(self) -> None:
        """Ask where, then write what is seen."""
        path = ask_workbook(self, "记录存到哪里", f"{self._name}-全部记录.xlsx")
        if path is None:
            return
        rows = [
            (each.on, each.kind_words, each.what, each.detail, each.by)
            for each in self.table.rows()
        ]
        columns = tuple(
            ListColumn(column.title, max(column.natural_width // 8, 10)) for column in _COLUMNS
        )
        command = ExportList(path, f"{self._name}全部记录", columns, rows)
        operation(self, lambda: workbooks.export_list(command)).success(
            lambda written: self.tell(f"已写成：{written.name}", Tone.OK)
        ).failure(self.show_failure).run_in_background()
