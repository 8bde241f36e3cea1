"""Step 4: three real rows as they will come out, and what would have to be mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from app.services.packages import platform_drafts
from app.services.packages.platform_drafts import Draft, Sample, Trial
from app.ui import theme
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.widgets import Card, EmptyState, label

_ROWS = 3
_MOST_MENDS = 200


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the template with the first rows' cells."""

    title: str
    cells: tuple[str, ...]


def _cell(at: int) -> Column:
    return Column(
        f"row{at}",
        f"第 {at + 1} 条",
        width=190,
        stretch=True,
        value=lambda row: row.cells[at] if at < len(row.cells) else "",
    )


class TrialStep(QWidget):
    """Columns go down, rows go right: a wide form is read without scrolling sideways."""

    sheet_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        self.card = Card("写出来的样子", flush=True)
        self.sheet_box = QComboBox()
        self.sheet_box.setAccessibleName("工作表")
        self.sheet_box.setMinimumWidth(220)
        self.sheet_box.activated.connect(
            lambda _at: self.sheet_chosen.emit(int(self.sheet_box.currentData()))
        )
        self.card.add_action(self.sheet_box)
        self.rows = PlainTable(
            (Column("title", "模板里的列", width=230), *map(_cell, range(_ROWS))),
            name="trial",
            sortable=False,
            empty=EmptyState(
                "工作区里还没有这类记录，看不到真实的样子；可以先保存，以后再来看。",
                icon_name="eye",
            ),
        )
        self.card.body.addWidget(self.rows, 1)
        column.addWidget(self.card, 3)
        self.mends_card = Card("按现在的数据，要先改的", flush=True)
        self.mends = PlainTable(
            (
                Column("label", "名称", width=220, stretch=True),
                Column("column", "列", width=200),
                Column("problem", "要改什么", width=340),
                Column("line", "行号", ColumnKind.NUMBER, width=64),
            ),
            name="trial-mends",
            sortable=False,
            empty=EmptyState("必填、代码和字数都合格。", icon_name="check"),
        )
        self.mends_card.body.addWidget(self.mends, 1)
        self.words = label("", "small", wrap=True)
        self.words.setContentsMargins(theme.PAGE, 6, theme.PAGE, 8)
        self.mends_card.body.addWidget(self.words)
        column.addWidget(self.mends_card, 2)

    def show_draft(self, draft: Draft, known: Mapping[str, Sample], sheet: int) -> None:
        """The first rows of one sheet; what must be mended follows."""
        self.sheet_box.clear()
        for at, each in enumerate(draft.sheets):
            if each.record:
                self.sheet_box.addItem(each.sheet.name, at)
        self.sheet_box.setCurrentIndex(self.sheet_box.findData(sheet))
        trial = platform_drafts.first_rows(draft, sheet, known)
        shown = trial.rows
        self.rows.set_rows(
            [
                _Column(title, tuple(row[at] for row in shown))
                for at, title in enumerate(trial.titles)
            ]
            if shown
            else []
        )
        self.card.set_note(f"共 {trial.count:,} 条，看前 {len(shown)} 条")
        self.mends.set_rows([])
        self.mends_card.set_note("正在核对…")
        self.words.setText("")

    def show_mends(self, trial: Trial) -> None:
        """What of all rows would have to be mended."""
        self.mends.set_rows(trial.mends[:_MOST_MENDS])
        self.mends_card.set_note(f"{len(trial.mends):,} 处" if trial.mends else "")
        self.words.setText(
            "这些不影响保存格式；生成上报包时有一处不对就不写出，会再列出来。"
            if trial.mends
            else ""
        )
