"""Step 3: where every row goes, why, and what a person decides otherwise."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.services.importing import Fate, ImportPreview, RowPreview
from app.ui import theme
from app.ui.imports.counts_strip import FATE_TONES, CountsStrip
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import (
    Chip,
    DetailPane,
    EmptyState,
    hairline,
    icon_button,
    label,
    small_button,
)


def _reason(row: RowPreview) -> str:
    """What a person scans for: which fields change, else why."""
    if row.fate is Fate.UPDATED and row.changes:
        return f"{'、'.join(each.label for each in row.changes)}有变"
    return row.reason


_COLUMNS = (
    Column("number", "行", ColumnKind.NUMBER, width=60, value=lambda row: row.place[1]),
    Column(
        "fate",
        "去向",
        ColumnKind.CHIP,
        width=66,
        value=lambda row: row.fate.label,
        tone=lambda row: FATE_TONES[row.fate],
    ),
    Column(
        "name",
        "名称",
        width=162,
        stretch=True,
        tone=lambda row: Tone.DANGER if "name" in row.wrong_fields else Tone.NORMAL,
        value=lambda row: row.name or "（空）",
    ),
    Column(
        "code",
        "代码",
        ColumnKind.CODE,
        width=152,
        tone=lambda row: (
            Tone.DANGER
            if row.wrong_fields & {"uscc", "permit_no", "reg_no", "cert_no", "personal_no", "code"}
            else Tone.NORMAL
        ),
    ),
    Column("reason", "说明", width=138, value=_reason, stretch=True),
)


class RowsStep(QFrame):
    """Counts, rows, and the row in hand at the right."""

    skip_wanted = Signal(object)  # a place
    new_wanted = Signal(object)
    proposal_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(theme.GAP)
        card = QFrame()
        card.setObjectName("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        self.counts = CountsStrip()
        column.addWidget(self.counts)
        column.addWidget(hairline())
        self.table = PlainTable(
            _COLUMNS,
            name="import",
            unit="行",
            empty=EmptyState("没有这样的行。", icon_name="check"),
        )
        column.addWidget(self.table, 1)
        foot = QFrame()
        foot.setObjectName("cardFoot")
        foot.setFixedHeight(34)
        row = QHBoxLayout(foot)
        row.setContentsMargins(theme.PAGE, 0, theme.PAGE, 0)
        self.shown_label = label("", "secondary")
        self.untouched_label = label("", "secondary")
        row.addWidget(self.shown_label)
        row.addStretch(1)
        row.addWidget(self.untouched_label)
        column.addWidget(foot)
        across.addWidget(card, 1)
        self.detail = DetailPane(width=292)
        self.detail.hide()
        across.addWidget(self.detail)
        self._seen: ImportPreview | None = None
        self._fate: Fate | None = None
        self._only_open = False
        self.counts.chosen.connect(self._on_fate)
        self.counts.only_open.connect(self._on_only_open)
        self.table.current_changed.connect(self._on_current)

    def show_preview(self, seen: ImportPreview) -> None:
        """Show the rows; the row in hand stays in hand."""
        self._seen = seen
        self.counts.show_counts(seen.counts)
        self.untouched_label.setText(
            f"库内另有 {seen.untouched:,} 条不在本文件中，保持不变" if seen.untouched else ""
        )
        self._show_rows()

    def _on_fate(self, fate: Fate | None) -> None:
        self._fate = fate
        self._show_rows()

    def _on_only_open(self, only: bool) -> None:
        self._only_open = only
        self._show_rows()

    def _show_rows(self) -> None:
        if self._seen is None:
            return
        current = self.table.current_row()
        rows = [row for row in self._seen.rows if self._wanted(row)]
        self.table.set_rows(rows)
        self.shown_label.setText(f"共 {len(self._seen.rows):,} 行，显示 {len(rows):,} 行")
        if current is not None:
            line = next((at for at, row in enumerate(rows) if row.place == current.place), None)
            if line is not None:
                self.table.grid.select_line(line)

    def _wanted(self, row: RowPreview) -> bool:
        if self._fate is not None and row.fate is not self._fate:
            return False
        return not self._only_open or row.fate is Fate.REJECTED or row.doubtful

    # -- one row -------------------------------------------------------------

    def _on_current(self, row: RowPreview | None) -> None:
        if row is None or self._seen is None:
            self.detail.hide()
            return
        several = len(self._seen.mappings) > 1
        place = f"{row.place[0]}，第 {row.place[1]} 行" if several else f"第 {row.place[1]} 行"
        self.detail.show_record(
            row.name or "（没有名称）",
            code=row.code,
            chips=[Chip(place), Chip(row.fate.label, FATE_TONES[row.fate])],
        )
        column = self.detail.clear_tab()
        column.addWidget(label(row.reason, "secondary", wrap=True))
        for each in row.changes:
            column.addWidget(hairline())
            column.addWidget(label(each.label, "strong"))
            column.addWidget(_side("库内", each.before))
            column.addWidget(_side("文件", each.after))
        self._add_decisions(column, row)
        column.addWidget(_Raw(row.cells))
        self.detail.show()

    def _add_decisions(self, column: QVBoxLayout, row: RowPreview) -> None:
        if self._seen is None:
            return
        command = self._seen.command
        decided = row.place in command.skip_rows | command.new_rows
        buttons: list[QWidget] = []
        if decided:
            buttons.append(
                small_button("恢复原来的去向", lambda: self.proposal_wanted.emit(row.place))
            )
        elif row.fate in {Fate.NEW, Fate.UPDATED}:
            buttons.append(small_button("整行跳过", lambda: self.skip_wanted.emit(row.place)))
            if row.fate is Fate.UPDATED and self._seen.kind != "inspections":
                buttons.append(small_button("当作新的", lambda: self.new_wanted.emit(row.place)))
        if not buttons:
            return
        column.addWidget(label("改变这一行的去向", "strong"))
        line = QHBoxLayout()
        for each in buttons:
            line.addWidget(each)
        line.addStretch(1)
        column.addLayout(line)


def _side(words: str, value: str) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    name = label(words, "small")
    name.setFixedWidth(34)
    row.addWidget(name)
    row.addWidget(label(value, wrap=True), 1)
    return holder


class _Raw(QFrame):
    """The row as it stands in the file."""

    def __init__(self, cells: tuple[str, ...]) -> None:
        super().__init__()
        self.setObjectName("raw")
        self.setStyleSheet(f"#raw {{ background: {LIGHT.background}; border-radius: 4px; }}")
        text = " | ".join(cells)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 8, 8)
        head = QHBoxLayout()
        head.addWidget(label("原样内容", "small"))
        head.addStretch(1)
        head.addWidget(
            icon_button("copy", "复制这一行", lambda: QGuiApplication.clipboard().setText(text))
        )
        column.addLayout(head)
        # Long runs without a space would widen the pane: allow a break after each character.
        column.addWidget(_Wrapped("\u200b".join(text[:600]) + ("…" if len(text) > 600 else "")))


class _Wrapped(QLabel):
    """Text that is always as high as its lines need: a layout guesses too little for it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        families = ", ".join(f"'{name}'" for name in theme.MONO)
        self.setStyleSheet(f"font-family: {families}; font-size: 12px;")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))
