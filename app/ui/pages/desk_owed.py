"""各组应办: what each squad owes, by day; printed for the squad."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from app.services.days import owing
from app.services.days.owing import OwedRow, PrintOwed, SquadOwes
from app.ui import theme
from app.ui.dialogs.preview import show_papers
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import operation, query
from app.ui.theme import Tone
from app.ui.widgets import Card, EmptyState, PageContext, button, small_button

__all__ = ["DeskOwed"]


def _tone(row: OwedRow) -> Tone:
    return Tone.DANGER if row.late else Tone.NORMAL


_LEFT = 250
_SQUADS = (
    Column("squad", "中队 / 科室", width=110, stretch=True),
    Column("count", "应办", ColumnKind.NUMBER, width=60, value=lambda each: len(each.rows)),
    Column(
        "overdue",
        "逾期",
        ColumnKind.NUMBER,
        width=64,
        tone=lambda each: Tone.DANGER if each.overdue else Tone.NORMAL,
    ),
)
_ROWS = (
    Column("due_on", "期限", ColumnKind.DATE),
    Column("left", "情况", width=104, tone=_tone),
    Column("what", "应办", width=92),
    Column("period", "抽查期间", width=118),
    Column("serial", "抽取序号", ColumnKind.CODE, width=88),
    Column(
        "name",
        "检查对象",
        width=140,
        stretch=True,
        value=lambda row: owing.SECRET if row.secret else row.name,
    ),
    Column("people", "人员", width=120),
)


class DeskOwed(QWidget):
    """Squads at the left, the chosen one's list at the right."""

    def __init__(self, context: PageContext, today: Callable[[], date]) -> None:
        super().__init__()
        self._context = context
        self._today = today
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(theme.GAP)
        left = Card("中队", flush=True)
        left.setFixedWidth(_LEFT)
        self.print_all = small_button("全部打印")
        menu = QMenu(self.print_all)
        for words, names in (("不印名称", False), ("含名单", True)):
            menu.addAction(words).triggered.connect(
                lambda _on=False, names=names: self._write(PrintOwed(names=names))
            )
        self.print_all.setMenu(menu)
        self.print_all.setToolTip("每个中队一份")
        left.add_action(self.print_all)
        self.squads = PlainTable(_SQUADS, name="squads", unit="个")
        self.squads.current_changed.connect(self._on_squad)
        left.body.addWidget(self.squads, 1)
        across.addWidget(left)
        self.card = Card("应办", flush=True)
        self.print_names = button("打印（含名单）", partial(self._print, names=True), "print")
        self.print_button = button("打印", partial(self._print, names=False), "print")
        self.print_names.setToolTip("名单检查前保密，只交给本组人员")
        self.card.add_action(self.print_names)
        self.card.add_action(self.print_button)
        self.table = PlainTable(
            _ROWS,
            name="owed",
            unit="项",
            empty=EmptyState("没有应办的事项。", icon_name="check-circle"),
        )
        self.table.row_activated.connect(self._open)
        self.card.body.addWidget(self.table, 1)
        across.addWidget(self.card, 1)

    def refresh(self) -> None:
        """Fetch the lists again."""
        workspace, today = self._context.workspace, self._today()
        query(self, lambda: workspace.read(owing.owed, today)).key("owed").success(
            self._show
        ).run_in_background()

    def _show(self, found: Sequence[SquadOwes]) -> None:
        before = self.squads.current_row()
        self.squads.set_rows(found)
        names = [each.squad for each in self.squads.rows()]
        same = before.squad if isinstance(before, SquadOwes) else ""
        if names:
            self.squads.grid.select_line(names.index(same) if same in names else 0)
        else:
            self._on_squad(None)

    def _on_squad(self, squad: object) -> None:
        chosen = squad if isinstance(squad, SquadOwes) else None
        self.table.set_rows(chosen.rows if chosen else ())
        self.card.title_label.setText(chosen.squad if chosen else "应办")
        late = f"，逾期 {chosen.overdue} 项" if chosen and chosen.overdue else ""
        self.card.set_note(f"{len(chosen.rows)} 项{late}" if chosen else "")
        self.print_all.setEnabled(chosen is not None)
        self.print_button.setEnabled(chosen is not None)
        self.print_names.setEnabled(chosen is not None)

    def _open(self, row: OwedRow) -> None:
        self._context.go_to("teams" if row.secret else "results", row.id)

    def _print(self, *, names: bool) -> None:
        squad = self.squads.current_row()
        if isinstance(squad, SquadOwes):
            self._write(PrintOwed(squad=squad.squad, names=names))

    def _write(self, command: PrintOwed) -> None:
        workspace = self._context.workspace
        operation(self, lambda: workspace.write(owing.print_owed, command)).key("print").progress(
            "正在生成应办清单"
        ).success(self._on_printed).run_in_background()

    def _on_printed(self, paths: tuple[Path, ...]) -> None:
        show_papers(self, paths)
