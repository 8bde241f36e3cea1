"""Step 2: what each sheet of the template is, where its header stands, where rows begin."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QSpinBox, QVBoxLayout, QWidget

from app.domain.outgoing import RECORDS
from app.services.intake.importing import TopOfSheet
from app.services.packages.platform_drafts import Draft, SheetDraft
from app.ui import theme
from app.ui.imports.sheet_top import SheetTop
from app.ui.theme import Tone
from app.ui.widgets import Banner, Card, ElidedLabel, clear_layout, hairline, label

_LEFT_ALONE = "不填，原样保留"


class SheetsStep(QWidget):
    """Every answer is announced and comes back as a new draft."""

    record_chosen = Signal(int, str)  # sheet, kind of record or ""
    rows_chosen = Signal(int, int, int, int)  # sheet, header from, to, first row (0: as proposed)

    def __init__(self) -> None:
        super().__init__()
        self.records: list[QComboBox] = []
        self.spins: list[tuple[QSpinBox, QSpinBox, QSpinBox]] = []
        self._shown = 0
        self._draft: Draft | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        card = Card("模板里的表", flush=True)
        column.addWidget(card)
        self.banner = Banner(Tone.INFO, "")
        self._told = QFrame()
        told = QVBoxLayout(self._told)
        told.setContentsMargins(theme.PAGE, 8, theme.PAGE, 0)
        told.addWidget(self.banner)
        self._told.hide()
        card.body.addWidget(self._told)
        inside = QWidget()
        self.grid = QGridLayout(inside)
        self.grid.setContentsMargins(theme.PAGE, 10, theme.PAGE, 10)
        self.grid.setHorizontalSpacing(14)
        self.grid.setVerticalSpacing(8)
        self.grid.setColumnStretch(0, 1)
        card.body.addWidget(inside)
        card.body.addWidget(hairline())
        self.top = SheetTop()
        self.top.row_chosen.connect(self._on_row_chosen)
        card.body.addWidget(self.top)
        self.words = label("", "small", wrap=True)
        self.words.setContentsMargins(theme.PAGE, 0, theme.PAGE, 10)
        card.body.addWidget(self.words)
        card.body.addStretch(1)

    def tell(self, words: str, tone: Tone = Tone.INFO) -> None:
        """A remark above the sheets; “” takes it away."""
        self._told.setVisible(bool(words))
        if words:
            self.banner.show_message(tone, words)

    def show_draft(self, draft: Draft) -> None:
        """The sheets as they are understood now."""
        same = self._draft is not None and self._draft.template is draft.template
        self._draft = draft
        if not same:
            self._shown = next((at for at, each in enumerate(draft.sheets) if each.record), 0)
            self._build(draft)
        for at, each in enumerate(draft.sheets):
            self._fill(at, each)
        self._show_top()

    def _build(self, draft: Draft) -> None:
        clear_layout(self.grid)
        self.records, self.spins = [], []
        titles = ("工作表", "装什么内容", "表头从", "到", "从这行起填")
        for at, title in enumerate(titles):
            self.grid.addWidget(label(title, "small"), 0, at)
        for at, each in enumerate(draft.sheets):
            self.grid.addWidget(ElidedLabel(each.sheet.name), at + 1, 0)
            box = QComboBox()
            box.setAccessibleName(f"{each.sheet.name} 装什么内容")
            box.setMinimumWidth(170)
            box.addItem(_LEFT_ALONE, "")
            for kind in RECORDS:
                box.addItem(kind.words, kind.id)
            box.activated.connect(lambda _i, at=at, box=box: self._on_record(at, box))
            self.records.append(box)
            self.grid.addWidget(box, at + 1, 1)
            spins = (self._spin(at, each, "表头从"), self._spin(at, each, "表头到"),
                     self._spin(at, each, "从这行起填"))  # fmt: skip
            self.spins.append(spins)
            for place, spin in enumerate(spins, start=2):
                self.grid.addWidget(spin, at + 1, place)

    def _spin(self, at: int, each: SheetDraft, what: str) -> QSpinBox:
        spin = QSpinBox()
        spin.setRange(1, 200)
        spin.setPrefix("\u2002第 ")
        spin.setSuffix(" 行")
        spin.setMinimumWidth(96)
        spin.setAccessibleName(f"{each.sheet.name} {what}")
        spin.editingFinished.connect(lambda: self._on_rows(at))
        return spin

    def _fill(self, at: int, each: SheetDraft) -> None:
        box, sheet = self.records[at], each.sheet
        box.setCurrentIndex(max(box.findData(each.record), 0))
        numbers = (sheet.header_top, sheet.header_row, sheet.first_row)
        for spin, number in zip(self.spins[at], numbers, strict=True):
            spin.blockSignals(True)
            spin.setValue(number)
            spin.setEnabled(bool(each.record))
            spin.blockSignals(False)

    def _show_top(self) -> None:
        if self._draft is None or not self._draft.sheets:
            return
        sheet = self._draft.sheets[self._shown].sheet
        self.top.show_top(TopOfSheet(sheet.top, range(sheet.header_top - 1, sheet.header_row)))
        kept = sheet.first_row - sheet.header_row - 1
        between = f"表头下面 {kept} 行是填写说明，原样保留。" if kept else ""
        foot = f"第 {sheet.foot_row} 行起是表后说明，行数多时往下移。" if sheet.foot_row else ""
        self.words.setText(
            f"“{sheet.name}”从第 {sheet.first_row} 行起填写，模板里的示例会被换掉。{between}{foot}"
        )

    # -- what a person says ----------------------------------------------------

    def _on_record(self, at: int, box: QComboBox) -> None:
        self._shown = at
        self.record_chosen.emit(at, str(box.currentData()))

    def _on_rows(self, at: int) -> None:
        if self._draft is None:
            return
        sheet = self._draft.sheets[at].sheet
        top, bottom, first = (spin.value() for spin in self.spins[at])
        if (top, bottom, first) == (sheet.header_top, sheet.header_row, sheet.first_row):
            return
        self._shown = at
        moved = (top, bottom) != (sheet.header_top, sheet.header_row)
        self.rows_chosen.emit(at, min(top, bottom), bottom, 0 if moved else first)

    def _on_row_chosen(self, row: int) -> None:
        self.rows_chosen.emit(self._shown, row, row, 0)
