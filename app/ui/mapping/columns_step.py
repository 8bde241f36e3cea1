"""Step 3: what fills each column of the template, and in which style."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.domain.fields import FieldKind
from app.domain.platform import DateStyle
from app.services.packages import platform_drafts
from app.services.packages.platform_drafts import ColumnDraft, Draft, Sample
from app.ui import theme
from app.ui.mapping.codes_dialog import CodesDialog
from app.ui.widgets import Card, ElidedLabel, clear_layout, hairline, label, small_button

_NOTHING, _SERIAL, _CONSTANT = "", "\x01serial", "\x01constant"
_DAYS = tuple(
    (style, "真正的日期" if style is DateStyle.DATE else style.value) for style in DateStyle
)
_LONGEST = 4000


class ColumnsStep(QWidget):
    """``changed`` carries the sheet's number and its column as it is to be."""

    changed = Signal(int, object)
    sheet_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._draft: Draft | None = None
        self._known: Mapping[str, Sample] = {}
        self.sheet = 0
        self.lines: dict[int, _Line] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.card = Card("模板的列", flush=True)
        column.addWidget(self.card)
        self.sheet_box = QComboBox()
        self.sheet_box.setAccessibleName("工作表")
        self.sheet_box.setMinimumWidth(220)
        self.sheet_box.activated.connect(
            lambda _at: self.sheet_chosen.emit(int(self.sheet_box.currentData()))
        )
        self.card.add_action(label("工作表", "secondary"))
        self.card.add_action(self.sheet_box)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setObjectName("pageBody")
        self.grid = QGridLayout(inside)
        self.grid.setContentsMargins(theme.PAGE, 8, theme.PAGE, 12)
        self.grid.setHorizontalSpacing(14)
        self.grid.setVerticalSpacing(6)
        for at, share in ((0, 4), (5, 4)):
            self.grid.setColumnStretch(at, share)
        area.setWidget(inside)
        self.card.body.addWidget(area, 1)

    def show_draft(self, draft: Draft, known: Mapping[str, Sample], sheet: int) -> None:
        """All columns of one sheet."""
        self._draft, self._known, self.sheet = draft, known, sheet
        self.sheet_box.clear()
        for at, each in enumerate(draft.sheets):
            if each.record:
                words = known[each.record].kind.words if each.record in known else ""
                self.sheet_box.addItem(f"{each.sheet.name}（{words}）", at)
        self.sheet_box.setCurrentIndex(self.sheet_box.findData(sheet))
        clear_layout(self.grid)
        self.lines = {}
        for at, title in enumerate(
            ("模板里的列", "填什么", "怎么写", "必填", "最多字数", "第一行将是")
        ):
            self.grid.addWidget(label(title, "small"), 0, at)
        self.grid.addWidget(hairline(), 1, 0, 1, -1)
        one = draft.sheets[sheet]
        sample = known.get(one.record)
        if sample is None:
            return
        for line, column in enumerate(one.columns, start=2):
            made = _Line(self, column, sample, self._on_changed)
            made.add_to(self.grid, line)
            self.lines[column.asked.at] = made
        self.grid.setRowStretch(len(one.columns) + 2, 1)
        self.refresh(draft)

    def refresh(self, draft: Draft) -> None:
        """The same columns with what changed in them: nothing a person stands in is rebuilt."""
        self._draft = draft
        one = draft.sheets[self.sheet]
        for column in one.columns:
            self.lines[column.asked.at].show(column)
        filled = sum(column.filled for column in one.columns)
        self.card.set_note(f"{len(one.columns)} 列，填写 {filled} 列")
        trial = platform_drafts.first_rows(draft, self.sheet, self._known)
        first = trial.rows[0] if trial.rows else ()
        texts = dict(zip((c.asked.at for c in one.columns if c.filled), first, strict=False))
        for at, line in self.lines.items():
            line.result.set_text(texts.get(at, ""))

    def _on_changed(self, column: ColumnDraft) -> None:
        self.changed.emit(self.sheet, column)


class _Line:
    """One column of the template: its words, the boxes, what comes of it."""

    def __init__(
        self,
        parent: QWidget,
        column: ColumnDraft,
        sample: Sample,
        say: Callable[[ColumnDraft], None],
    ) -> None:
        self.parent, self.column, self.sample, self.say = parent, column, sample, say
        asked = column.asked
        self.title = QWidget()
        words = QVBoxLayout(self.title)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(0)
        words.addWidget(ElidedLabel(asked.header))
        if asked.hint:
            words.addWidget(ElidedLabel(asked.hint.replace("\n", " "), "small"))
        self.box = QComboBox()
        self.box.setAccessibleName(f"{asked.header} 填什么")
        self.box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.box.setMinimumWidth(190)
        self.box.addItem("不填", _NOTHING)
        self.box.addItem("固定内容…", _CONSTANT)
        self.box.addItem("顺序号 1、2、3…", _SERIAL)
        for field in sample.fields:
            self.box.addItem(field.label, field.label)
        self.box.activated.connect(lambda _at: self._on_chosen())
        self._how_place = QWidget()
        self._how = QHBoxLayout(self._how_place)
        self._how.setContentsMargins(0, 0, 0, 0)
        self._how_place.setFixedWidth(200)
        self._shown_how: object = None
        self.how: QWidget | None = None
        self.required = QCheckBox()
        self.required.setAccessibleName(f"{asked.header} 必填")
        self.required.toggled.connect(self._on_required)
        self.longest = QSpinBox()
        self.longest.setRange(0, _LONGEST)
        self.longest.setSpecialValueText("\u2002不限")
        self.longest.setPrefix("\u2002")
        self.longest.setAccessibleName(f"{asked.header} 最多字数")
        self.longest.editingFinished.connect(self._on_longest)
        self.result = ElidedLabel("", "secondary")

    def add_to(self, grid: QGridLayout, line: int) -> None:
        """Into the grid, left to right as Tab goes."""
        for at, widget in enumerate(
            (self.title, self.box, self._how_place, self.required, self.longest, self.result)
        ):
            grid.addWidget(widget, line, at)

    def show(self, column: ColumnDraft) -> None:
        """What is in force now."""
        self.column = column
        kind = (
            _SERIAL if column.serial else _CONSTANT if self._is_constant(column) else column.field
        )
        self.box.setCurrentIndex(max(self.box.findData(kind), 0))
        for widget in (self.required, self.longest):
            widget.blockSignals(True)
            widget.setEnabled(bool(column.field))
        self.required.setChecked(column.required)
        self.longest.setValue(column.longest)
        for widget in (self.required, self.longest):
            widget.blockSignals(False)
        self._show_how(kind)

    def _is_constant(self, column: ColumnDraft) -> bool:
        # Chosen and still empty: the box stays where it was put.
        waiting = self.box.currentData() == _CONSTANT and not column.field and not column.serial
        return bool(column.constant) or waiting

    # -- the style -----------------------------------------------------------

    def _show_how(self, kind: str) -> None:
        wanted = (kind, self._words(kind))
        if self._shown_how != wanted:
            self._shown_how = wanted
            clear_layout(self._how)
            self.how = self._make_how(kind)
            if self.how is not None:
                self._how.addWidget(self.how)
        if isinstance(self.how, QComboBox):
            style = self.column.dates or DateStyle.DASHES
            self.how.setCurrentIndex(self.how.findData(style.value))
        elif self.how is not None and not isinstance(self.how, QLineEdit):
            self.how.setText(_codes_words(self.column))  # type: ignore[attr-defined]

    def _words(self, kind: str) -> tuple[str, ...]:
        return self.sample.words.get(kind, ())

    def _make_how(self, kind: str) -> QWidget | None:
        if kind == _CONSTANT:
            edit = QLineEdit(self.column.constant)
            edit.setPlaceholderText("每行都填这个")
            edit.setAccessibleName(f"{self.column.asked.header} 固定内容")
            edit.editingFinished.connect(
                lambda: self._say(replace(self.column, constant=edit.text().strip()))
            )
            return edit
        field = next((each for each in self.sample.fields if each.label == kind), None)
        if field is None:
            return None
        if field.kind is FieldKind.DATE:
            box = QComboBox()
            box.setAccessibleName(f"{self.column.asked.header} 日期怎么写")
            for style, words in _DAYS:
                box.addItem(words, style.value)
            box.activated.connect(
                lambda _at: self._say(replace(self.column, dates=DateStyle(str(box.currentData()))))
            )
            return box
        if self.sample.translatable(kind, self.column.asked.options):
            return small_button("代码对照…", self.open_codes)
        return None

    def open_codes(self) -> None:
        """Our words beside the platform's."""
        column = self.column
        known = dict(column.codes)
        pairs = [(word, known.get(word, "")) for word in self._words(column.field)]
        pairs += [pair for pair in column.codes if pair[0] not in dict(pairs)]
        self.codes = CodesDialog(self.parent, column.asked.header, pairs, column.asked.options)
        self.codes.chosen.connect(lambda made: self._say(replace(self.column, codes=made)))
        self.codes.open()

    # -- what a person says --------------------------------------------------

    def _on_chosen(self) -> None:
        kind = str(self.box.currentData())
        empty = replace(self.column, field="", constant="", serial=False, codes=())
        if kind == _SERIAL:
            self._say(replace(empty, serial=True))
        elif kind in {_NOTHING, _CONSTANT}:
            self._say(replace(empty, constant=self.column.constant if kind else ""))
        else:
            self._say(platform_drafts.with_field(self.column, kind, self.sample))

    def _on_required(self, on: bool) -> None:
        self._say(replace(self.column, required=on))

    def _on_longest(self) -> None:
        self._say(replace(self.column, longest=self.longest.value()))

    def _say(self, column: ColumnDraft) -> None:
        # Leaving a field says it again; the same twice is nothing new, but a box moved to
        # “固定内容” has to show its line.
        if column != self.column:
            self.say(column)
        else:
            self.show(column)


def _codes_words(column: ColumnDraft) -> str:
    done = sum(bool(theirs) for _, theirs in column.codes)
    if column.codes and column.asked.options and done < len(column.codes):
        return f"代码对照：缺 {len(column.codes) - done} 个…"
    return f"代码对照：{done} 个…" if done else "代码对照…"
