"""按人员: what each inspector carries, whether fit today, and what happened over the quarters."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.days.workloads import Workload
from app.ui import theme
from app.ui.tables import Bar, Column, ColumnKind, PlainTable
from app.ui.theme import Tone
from app.ui.widgets import Banner, button, label

__all__ = ["PeopleView"]


class PeopleView(QWidget):
    """One line per inspector; three things to do with the chosen one."""

    hand_over_wanted = Signal(object)
    notices_wanted = Signal(object)
    tasks_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._most = 1
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        self.warning = Banner(Tone.WARN, "")
        self.warning.hide()
        column.addWidget(self.warning)
        self.table = PlainTable(self._columns(), name="workloads", unit="人", two_lines=True)
        self.table.selection_changed.connect(lambda _ids: self._on_chosen())
        column.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.words = label("", "secondary")
        row.addWidget(self.words, 1)
        self.show_button = button("查看任务", lambda: self._tell(self.tasks_wanted), "eye")
        self.print_button = button("打印其通知单", lambda: self._tell(self.notices_wanted), "print")
        self.move_button = button(
            "移交未检查的任务…", lambda: self._tell(self.hand_over_wanted), "refresh"
        )
        for each in (self.show_button, self.print_button, self.move_button):
            row.addWidget(each)
        column.addLayout(row)
        self._on_chosen()

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column("name", "姓名", width=84, sub=lambda row: row.personal_no),
            Column("section", "科室、中队", width=92),
            Column(
                "tasks",
                "本次任务",
                ColumnKind.BAR,
                width=112,
                value=lambda row: Bar(len(row.tasks) - row.open, row.open, self._most),
            ),
            Column("leads", "其中牵头", ColumnKind.NUMBER, width=80, value=lambda row: row.leads),
            Column("open", "未检查", ColumnKind.NUMBER, width=68),
            Column("next_due", "最近期限", ColumnKind.DATE),
            Column(
                "unfit",
                "今天能否执法",
                ColumnKind.CHIP,
                width=128,
                value=_fitness_words,
                tone=lambda row: Tone.DANGER if row.unfit or row.conflicts else Tone.NORMAL,
            ),
            Column(
                "load_words",
                "近几期任务",
                width=144,
                tip="最近四个期间的任务数，左边最早",
                sub=lambda row: row.period_words,
            ),
            Column(
                "left_out_words",
                "一年内未参加抽取",
                width=150,
                stretch=True,
                tip="近十二个月不合格的次数／抽取次数（原因）",
            ),
            Column(
                "replaced",
                "被换出",
                ColumnKind.NUMBER,
                width=66,
                value=lambda row: row.replaced or None,
                tip="近十二个月抽取后被更换的次数",
            ),
        )

    def show_people(self, found: Sequence[Workload]) -> None:
        """Fill the table; what is wrong today stands above it."""
        self._most = max([1, *(len(each.tasks) for each in found)])
        chosen = self.chosen.id if self.chosen is not None else None
        self.table.set_rows(found)
        rows = self.table.rows()
        at = next((line for line, row in enumerate(rows) if row.id == chosen), 0)
        if rows:
            self.table.grid.select_line(at)
        self._show_warning(found)
        self._on_chosen()

    def _show_warning(self, found: Sequence[Workload]) -> None:
        unfit = [each for each in found if each.open and (each.unfit or each.conflicts)]
        self.warning.setVisible(bool(unfit))
        if unfit:
            names = "；".join(f"{each.name}：{_fitness_words(each)}" for each in unfit[:4])
            more = f"等 {len(unfit)} 人" if len(unfit) > 4 else ""
            self.warning.show_message(
                Tone.WARN,
                f"有未检查任务的人员现在不能执法（{names}{more}），请在检查前移交或更换。",
            )

    @property
    def chosen(self) -> Workload | None:
        """The selected person."""
        row = self.table.current_row()
        return row if isinstance(row, Workload) else None

    def _on_chosen(self) -> None:
        row = self.chosen
        for each in (self.show_button, self.print_button):
            each.setEnabled(row is not None)
        self.move_button.setEnabled(row is not None and row.open > 0)
        if row is None:
            self.words.setText("选中一人后，可以移交任务、打印通知单。")
        elif row.open:
            self.words.setText(f"{row.name}：{len(row.tasks)} 项任务，{row.open} 项未检查")
        else:
            self.words.setText(f"{row.name}：{len(row.tasks)} 项任务，都已检查")

    def _tell(self, signal: object) -> None:
        row = self.chosen
        if row is not None:
            signal.emit(row)  # type: ignore[attr-defined]


def _fitness_words(row: Workload) -> str:
    if row.conflicts:
        return f"须回避 {len(row.conflicts)} 项"
    return row.unfit[0].words if row.unfit else "可以"
