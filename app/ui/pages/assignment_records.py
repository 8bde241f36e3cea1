"""更换记录: every substitution, struck through with who came instead, and its form again."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.db.read.substitutions import SubstitutionRow
from app.db.read.tallies import TargetTally
from app.ui import theme
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.widgets import EmptyState, Segments, button, label

__all__ = ["RecordsView", "outcome_words"]

_WAYS = {"next_alternate": "依次递补", "appointed": "指定", "redraw": "重新抽取"}
_OPEN = {"frozen": "（名单已封存）", "committed": "（等待开号）", "void": "（已作废）"}


class RecordsView(QWidget):
    """Of the chosen draw, of its period, or all; names of secret targets stay hidden."""

    form_wanted = Signal(object)
    list_wanted = Signal()
    scope_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.names_shown = False
        self._counts: dict[str, TargetTally] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.scope = Segments([("draw", "本次抽取"), ("period", "本期"), ("all", "全部")])
        self.scope.chosen.connect(self.scope_chosen.emit)
        row.addWidget(self.scope)
        self.words = label("", "secondary")
        row.addWidget(self.words, 1)
        self.list_button = button("打印更换一览表", self.list_wanted.emit, "print")
        self.form_button = button("再打印更换审批表", self._want_form, "print")
        row.addWidget(self.list_button)
        row.addWidget(self.form_button)
        column.addLayout(row)
        self.table = PlainTable(
            self._columns(),
            name="substitutions",
            unit="次",
            two_lines=True,
            empty=EmptyState(
                "没有更换记录。更换从“按检查对象”“按人员”里办理。", icon_name="refresh"
            ),
        )
        self.table.selection_changed.connect(lambda _ids: self._on_chosen())
        self.table.row_activated.connect(lambda _row: self._want_form())
        column.addWidget(self.table, 1)
        self._on_chosen()

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column("on", "日期", ColumnKind.DATE),
            Column(
                "serials",
                "任务",
                width=132,
                value=lambda row: "、".join(row.serials),
                sub=lambda row: row.draw_no,
            ),
            Column(
                "out",
                "换出",
                width=150,
                value=self._out,
                struck=_happened,
                sub=lambda row: row.out_id if self._may_show(row) else "",
            ),
            Column("in", "换入", width=150, value=self._in, sub=self._for),
            Column(
                "way",
                "方式",
                width=120,
                value=lambda row: _WAYS.get(row.policy, row.policy),
                sub=lambda row: row.redraw_no or f"补充记录 {row.number:02d}",
            ),
            Column("reason", "原因", width=170, stretch=True, sub=self._again),
            Column(
                "approved_name",
                "批准",
                width=120,
                sub=lambda row: row.approved_post,
            ),
        )

    def show_records(
        self, found: Sequence[SubstitutionRow], counts: dict[str, TargetTally]
    ) -> None:
        """Fill the table, newest first."""
        self._counts = counts
        self.table.set_rows(found)
        redraws = len({row.redraw_no for row in found if row.redraw_no})
        people = sum(row.kind == "inspector" for row in found)
        self.words.setText(
            f"更换 {len(found)} 次：检查对象 {len(found) - people}，检查人员 {people}"
            + (f"，其中重新抽取 {redraws} 场" if redraws else "")
        )
        self.list_button.setEnabled(bool(found))
        if found:
            self.table.grid.select_line(0)
        self._on_chosen()

    def show_names(self, shown: bool) -> None:
        """Show the names of targets, or hide them."""
        self.names_shown = shown
        self.table.grid.viewport().update()

    # -- words -------------------------------------------------------------

    def _may_show(self, row: SubstitutionRow) -> bool:
        return row.kind == "inspector" or self.names_shown

    def _out(self, row: SubstitutionRow) -> str:
        return row.out_name if self._may_show(row) else "（检查前保密）"

    def _in(self, row: SubstitutionRow) -> str:
        if not row.in_id:
            return outcome_words(row)
        return row.in_name if self._may_show(row) else "（检查前保密）"

    def _for(self, row: SubstitutionRow) -> str:
        if not row.for_id:
            return ""
        return row.for_name if self.names_shown else "只对一家"

    def _again(self, row: SubstitutionRow) -> str:
        count = self._counts.get(row.for_id or row.out_id)
        if count is None:
            return ""
        parts = (
            ("重新抽取", count.redraws),
            ("换人", count.people),
            ("换对象", count.struck),
        )
        words = "，".join(f"{what} {times} 次" for what, times in parts if times)
        return f"本对象一年内{words}" if words else ""

    # -- doing -------------------------------------------------------------

    @property
    def chosen(self) -> SubstitutionRow | None:
        """The selected record."""
        row = self.table.current_row()
        return row if isinstance(row, SubstitutionRow) else None

    def _on_chosen(self) -> None:
        self.form_button.setEnabled(self.chosen is not None)

    def _want_form(self) -> None:
        row = self.chosen
        if row is not None:
            self.form_wanted.emit(row)


def _happened(row: SubstitutionRow) -> bool:
    """Whether whoever left is really out: a void redraw changed nothing."""
    return bool(row.in_id)


def outcome_words(row: SubstitutionRow) -> str:
    """Who comes by a redraw that is not finished, or was void."""
    return f"由重新抽取产生{_OPEN.get(row.redraw_state, '')}"
