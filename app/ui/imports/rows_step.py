"""Step 3: where every row goes, why, and what a person decides otherwise."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.services.intake.importing import (
    Fate,
    FieldDifference,
    ImportPreview,
    Place,
    RowPreview,
    candidates_of,
)
from app.ui import theme
from app.ui.imports.counts_strip import FATE_TONES, CountsStrip
from app.ui.imports.doubts import DifferenceBox, RawRow, put_candidates
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.theme import Tone
from app.ui.widgets import (
    Chip,
    DetailPane,
    EmptyState,
    hairline,
    label,
    small_button,
)


def _reason(row: RowPreview) -> str:
    """What a person scans for: which fields change, else why."""
    taken = [each.label for each in row.changes if not each.kept]
    if row.fate is Fate.UPDATED and taken and not row.merged:
        return f"{'、'.join(taken)}有变" + ("，请核对" if row.doubtful else "")
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
    same_wanted = Signal(object, str)  # a place, the key of whom it is
    sure_wanted = Signal(object)  # a frozenset of places: as proposed
    side_wanted = Signal(object, str, bool)  # a place, a field, whether ours stays

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
        column.addWidget(self._doubts())
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

    def _doubts(self) -> QWidget:
        self.doubts = QFrame()
        row = QHBoxLayout(self.doubts)
        row.setContentsMargins(theme.PAGE, 8, theme.PAGE, 8)
        self.doubts_words = label("", wrap=True)
        row.addWidget(self.doubts_words, 1)
        row.addWidget(small_button("逐行看", self.look_at_doubts))
        row.addWidget(
            small_button("都按建议处理", lambda: self.sure_wanted.emit(frozenset(self.doubtful)))
        )
        self.doubts.setObjectName("doubts")
        self.doubts.setStyleSheet(
            f"#doubts {{ background: {Tone.WARN.fill}; border: none;"
            f" border-left: 3px solid {Tone.WARN.ink}; }}"
        )
        self.doubts.hide()
        return self.doubts

    @property
    def doubtful(self) -> list[Place]:
        """Rows a person should still decide about; a rejected one comes back anyway."""
        rows = self._seen.rows if self._seen else ()
        return [row.place for row in rows if row.doubtful and row.fate is not Fate.REJECTED]

    def look_at_doubts(self) -> None:
        """Show only what needs a person and open the first."""
        self.counts.open_box.setChecked(True)
        wanted = set(self.doubtful)
        lines = enumerate(self.table.rows())
        line = next((at for at, row in lines if row.place in wanted), None)
        if line is not None:
            self.table.grid.select_line(line)
            self.table.grid.setFocus()

    def show_preview(self, seen: ImportPreview) -> None:
        """Show the rows; the row in hand stays in hand."""
        self._seen = seen
        self.counts.show_sides(seen.command.sides.usual, any(row.changes for row in seen.rows))
        open_ = len(self.doubtful)
        self.doubts.setVisible(open_ > 0)
        if open_:
            self.doubts_words.setText(
                f"{open_:,} 行有疑问：同名不同址或种类、同代码另一场所、名称有变，请看是不是一家。"
            )
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
        at_line = self.table.grid.currentIndex().row()
        rows = [row for row in self._seen.rows if self._wanted(row)]
        self.table.set_rows(rows)
        self.shown_label.setText(f"共 {len(self._seen.rows):,} 行，显示 {len(rows):,} 行")
        if current is not None:
            line = next((at for at, row in enumerate(rows) if row.place == current.place), None)
            if line is None and self._only_open and rows:
                line = min(at_line, len(rows) - 1)  # decided: on to the next one
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
            column.addWidget(self._difference(row, each))
        self._add_candidates(column, row)
        self._add_decisions(column, row)
        column.addWidget(RawRow(row.cells))
        self.detail.show()

    def _difference(self, row: RowPreview, each: FieldDifference) -> QWidget:
        return DifferenceBox(each, lambda ours: self.side_wanted.emit(row.place, each.field, ours))

    def _add_candidates(self, column: QVBoxLayout, row: RowPreview) -> None:
        """Beside whom it may be; a row that changes just that record shows it above already."""
        if self._seen is None or not row.candidates or row.fate is Fate.UPDATED:
            return
        put_candidates(
            column,
            candidates_of(self._seen, row),
            lambda key: self.same_wanted.emit(row.place, key),
        )

    def _add_decisions(self, column: QVBoxLayout, row: RowPreview) -> None:
        if self._seen is None:
            return
        command = self._seen.command
        same = {place for place, _ in command.same_rows}
        decided = row.place in command.skip_rows | command.new_rows | command.sure_rows | same
        buttons: list[QWidget] = []
        if row.doubtful and row.fate is not Fate.REJECTED:
            words = "确认是新的" if row.fate is Fate.NEW else "确认是同一个"
            buttons.append(
                small_button(words, lambda: self.sure_wanted.emit(frozenset({row.place})))
            )
        if decided:
            buttons.append(
                small_button("恢复原来的去向", lambda: self.proposal_wanted.emit(row.place))
            )
        elif row.fate in {Fate.NEW, Fate.UPDATED} or row.candidates:
            buttons.append(small_button("整行跳过", lambda: self.skip_wanted.emit(row.place)))
            if row.fate is not Fate.NEW and self._seen.kind != "inspections":
                buttons.append(small_button("当作新的", lambda: self.new_wanted.emit(row.place)))
        if not buttons:
            return
        column.addWidget(label("改变这一行的去向", "strong"))
        line = QHBoxLayout()
        for each in buttons:
            line.addWidget(each)
        line.addStretch(1)
        column.addLayout(line)
