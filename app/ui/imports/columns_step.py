"""Step 2: which sheet, which header row, which column is which field."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.domain.fields import Choice, Field
from app.services.intake.importing import ColumnPreview, ImportPreview, UnknownWord, top_of
from app.ui import theme
from app.ui.imports.sheet_top import SheetTop
from app.ui.imports.words import WordsStrip, ask_words
from app.ui.theme import Tone
from app.ui.widgets import Banner, Card, Chip, ElidedLabel, clear_layout, hairline, label

_ALL = -1
_MOST_LINES = 120  # columns shown besides the matched ones; nobody scrolls through thousands
_NOT_IMPORTED = "不导入"


def _worth_showing(columns: Sequence[ColumnPreview]) -> list[ColumnPreview]:
    """Every matched column, and as many others as a person may look through."""
    others = 0
    shown = []
    for each in columns:
        others += each.field is None
        if each.field is not None or others <= _MOST_LINES:
            shown.append(each)
    return shown


class ColumnsStep(QWidget):
    """Shows the mapping; every correction is announced and comes back as a new preview."""

    field_chosen = Signal(int, int, str)  # sheet, column, field name or ""
    header_chosen = Signal(int, int)  # sheet (_ALL: as proposed), header row from 1
    category_chosen = Signal(str)
    library_chosen = Signal(str)
    words_answered = Signal(object)  # Answers

    def __init__(self, fields: Sequence[Field], categories: Sequence[Choice]) -> None:
        super().__init__()
        self._fields = fields
        self.boxes: dict[tuple[int, int], QComboBox] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.card = Card("列的对应", flush=True)
        column.addWidget(self.card)
        self._add_source()
        self.missing = Banner(Tone.DANGER, "")
        self._missing_row = QFrame()
        row = QHBoxLayout(self._missing_row)
        row.setContentsMargins(theme.PAGE, 8, theme.PAGE, 8)
        row.addWidget(self.missing)
        self._missing_row.hide()
        self.card.body.addWidget(self._missing_row)
        self._unknown: tuple[UnknownWord, ...] = ()
        self.words = WordsStrip(self.ask_about_words)
        self.card.body.addWidget(self.words)
        self.top = SheetTop()
        self.top.row_chosen.connect(self._on_row_chosen)
        self.card.body.addWidget(self.top)
        self._add_defaults(categories)
        self._add_grid()

    def _add_source(self) -> None:
        self.sheet_box = QComboBox()
        self.sheet_box.setMinimumWidth(150)
        self.sheet_box.setAccessibleName("工作表")
        self.header_box = QSpinBox()
        self.header_box.setRange(1, 999)
        self.header_box.setPrefix("\u2002第 ")
        self.header_box.setSuffix(" 行")
        self.header_box.setAccessibleName("表头行")
        self.sheet_box.activated.connect(lambda _at: self._on_source(new_sheet=True))
        self.header_box.editingFinished.connect(lambda: self._on_source(new_sheet=False))
        for words, widget in (("工作表", self.sheet_box), ("表头在", self.header_box)):
            self.card.add_action(label(words, "secondary"))
            self.card.add_action(widget)

    def _add_defaults(self, categories: Sequence[Choice]) -> None:
        """What new targets get that bring no category or library of their own."""
        self.category_box, self.category_row = self._default_row(
            "监管类别", categories, self.category_chosen
        )
        libraries = next((each.choices for each in self._fields if each.name == "library"), ())
        self.library_box, self.library_row = self._default_row(
            "所在库", libraries, self.library_chosen
        )

    def _default_row(
        self, what: str, choices: Sequence[Choice], chosen: SignalInstance
    ) -> tuple[QComboBox, QFrame]:
        frame, box = QFrame(), QComboBox()
        row = QHBoxLayout(frame)
        row.setContentsMargins(theme.PAGE, 10, theme.PAGE, 10)
        row.addWidget(label(f"文件里没有{what}的，新增时按", "secondary"))
        box.setAccessibleName(f"默认{what}")
        for choice in choices:
            box.addItem(choice.label, choice.value)
        box.activated.connect(lambda _at: chosen.emit(str(box.currentData())))
        row.addWidget(box)
        row.addWidget(label("登记；已在库内的保持不变。", "secondary"))
        row.addStretch(1)
        frame.hide()
        self.card.body.addWidget(frame)
        return box, frame

    def _add_grid(self) -> None:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setObjectName("pageBody")
        self.grid = QGridLayout(inside)
        self.grid.setContentsMargins(theme.PAGE, 8, theme.PAGE, 12)
        self.grid.setHorizontalSpacing(16)
        self.grid.setVerticalSpacing(6)
        for at, share in ((0, 3), (1, 3), (3, 5)):
            self.grid.setColumnStretch(at, share)
        area.setWidget(inside)
        self.card.body.addWidget(area, 1)

    # -- showing -------------------------------------------------------------

    def show_problem(self, words: str) -> None:
        """Why one cannot go on from here ("": one can)."""
        self._missing_row.setVisible(bool(words))
        if words:
            self.missing.show_message(Tone.DANGER, words)

    def show_preview(self, seen: ImportPreview, default_category: str) -> None:
        """Show what is mapped now."""
        self._show_source(seen)
        self._unknown = seen.unknown
        self.words.show_words(seen.unknown)
        self.top.show_top(top_of(seen))
        self.top.setVisible(len(seen.mappings) == 1)
        self.category_row.setVisible(seen.lacks_category)
        self.category_box.setCurrentIndex(self.category_box.findData(default_category))
        self.library_row.setVisible(self.library_box.count() > 1)
        library = self.library_box.findData(seen.command.default_library)
        self.library_box.setCurrentIndex(max(library, 0))
        matched = sum(1 for each in seen.columns if each.field)
        self.card.set_note(f"{len(seen.columns)} 列，对应 {matched} 列")
        clear_layout(self.grid)
        self.boxes = {}
        for at, title in enumerate(("文件里的列", "导入到", "依据", "前几行的内容")):
            self.grid.addWidget(label(title, "small"), 0, at)
        self.grid.addWidget(hairline(), 1, 0, 1, -1)
        several = len(seen.mappings) > 1
        shown = _worth_showing(seen.columns)
        for line, each in enumerate(shown, start=2):
            self._add_line(line, each, seen.source.sheets[each.sheet] if several else "")
        left_out = len(seen.columns) - len(shown)
        if left_out:
            words = f"另有 {left_out:,} 列没有对应，不导入；表太宽，这里不一一列出。"
            self.grid.addWidget(label(words, "small"), len(shown) + 2, 0, 1, -1)
        self.grid.setRowStretch(len(shown) + 3, 1)

    def _show_source(self, seen: ImportPreview) -> None:
        self.sheet_box.clear()
        if len(seen.mappings) > 1:
            names = "、".join(seen.source.sheets[each.sheet] for each in seen.mappings)
            self.sheet_box.addItem(f"{names}（一起导入）", _ALL)
        for at, name in enumerate(seen.source.sheets):
            self.sheet_box.addItem(name, at)
        wanted = _ALL if len(seen.mappings) > 1 else seen.mappings[0].sheet
        self.sheet_box.setCurrentIndex(self.sheet_box.findData(wanted))
        self.header_box.setEnabled(wanted != _ALL)
        self.header_box.blockSignals(True)
        self.header_box.setValue(seen.mappings[0].header_top + seen.mappings[0].header_rows)
        self.header_box.blockSignals(False)

    def _add_line(self, line: int, each: ColumnPreview, sheet: str) -> None:
        header = f"{sheet}：{each.header}" if sheet else each.header
        self.grid.addWidget(ElidedLabel(header or f"第 {each.column + 1} 列（没有列名）"), line, 0)
        box = QComboBox()
        box.setAccessibleName(f"{each.header} 导入到")
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.addItem(_NOT_IMPORTED, "")
        for field in self._fields:
            box.addItem(f"{field.label} *" if field.required else field.label, field.name)
        box.setCurrentIndex(max(box.findData(each.field or ""), 0))
        box.activated.connect(
            lambda _at, sheet=each.sheet, column=each.column, which=box: self.field_chosen.emit(
                sheet, column, str(which.currentData())
            )
        )
        self.boxes[(each.sheet, each.column)] = box
        self.grid.addWidget(box, line, 1)
        tone = Tone.NORMAL if each.field else Tone.INFO
        self.grid.addWidget(Chip(each.matched, tone), line, 2)
        self.grid.addWidget(ElidedLabel("　".join(each.samples), "secondary"), line, 3)

    def ask_about_words(self) -> None:
        """Ask once for each word no choice is known for."""
        answers = ask_words(self, self._unknown)
        if answers is not None:
            self.words_answered.emit(answers)

    def _on_row_chosen(self, row: int) -> None:
        self.header_chosen.emit(int(self.sheet_box.currentData()), row)

    def _on_source(self, *, new_sheet: bool) -> None:
        sheet = int(self.sheet_box.currentData())
        self.header_chosen.emit(sheet, 0 if new_sheet else self.header_box.value())
