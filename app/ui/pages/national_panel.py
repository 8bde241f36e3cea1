"""国家层面要求 inside the result form: folded away until somebody wants it or it is required."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.domain.formalities import (
    KINDS,
    RECUSALS,
    Demand,
    Formalities,
    NationalLayer,
    gaps,
)
from app.ui import theme
from app.ui.icons import icon
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import Chip, DateEdit, label, link_button

__all__ = ["NationalPanel"]

_LABEL = 76
_DATE = 112
_NAME = 84
_TICKS = (
    ("certificates_shown", "出示执法证"),
    ("basis_shown", "说明依据"),
    ("intent_told", "告知意图"),
    ("procedure_told", "告知程序"),
)


class NationalPanel(QWidget):
    """A head line that folds, below it the fields by group; ``edited`` after each change."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._given = Formalities()
        self._layer = NationalLayer()
        self._filling = False
        self.texts: dict[str, QLineEdit] = {}
        self.days: dict[str, DateEdit] = {}
        self.ticks: dict[str, QCheckBox] = {}
        self.rows: dict[str, list[QWidget]] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._head())
        self.fields = QWidget()
        self._grid = QGridLayout(self.fields)
        self._grid.setContentsMargins(0, 0, 0, 4)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnMinimumWidth(0, _LABEL)
        self._grid.setColumnStretch(1, 1)
        self._make_rows()
        column.addWidget(self.fields)
        self.fold(True)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.toggle = link_button("国家层面要求", self._on_toggle, "chevron-right")
        self.missing = Chip("")
        self.hint = label("审批、通知书、亮证、扫码、告知", "small")
        row.addWidget(self.toggle)
        row.addWidget(self.missing)
        row.addWidget(self.hint)
        row.addStretch(1)
        return row

    # -- building ----------------------------------------------------------

    def _make_rows(self) -> None:
        self.kind = self._choice("检查类别", KINDS)
        self._row(
            "approval",
            "类别来源",
            self.kind,
            self._text("source", "任务来源", width=150),
            label("依据", "secondary"),
            self._text("basis", "法定依据", hint="法律法规名称和条款"),
            stretch=3,
        )
        self._row(
            "approval",
            "审批",
            label("申请", "secondary"),
            self._text("applied_by", "申请人", width=_NAME),
            self._day("applied_on", "申请日期"),
            label("批准", "secondary"),
            self._text("approved_by", "审批人", width=_NAME),
            self._day("approved_on", "审批日期"),
        )
        self._row(
            "approval",
            "",
            self._tick("urgent", "紧急补办"),
            self._text("urgent_reason", "紧急情形", hint="紧急情形，勾选后填写"),
            stretch=1,
        )
        self.fixed = QSpinBox()
        self.fixed.setRange(-1, 99)
        self.fixed.setSpecialValueText("—")
        self.fixed.setFixedWidth(62)
        self.fixed.setAlignment(theme.ALIGN_CENTER)
        self.fixed.setAccessibleName("事先确定的协助人数")
        self.fixed.valueChanged.connect(self._on_edited)
        self.served = label("", "small")
        self._row(
            "notice",
            "通知书",
            self._text("notice_no", "检查通知书文号", width=190, hint="如 青环检〔2026〕8 号"),
            self.served,
            label("事先确定协助", "secondary"),
            self.fixed,
            label("人", "secondary"),
        )
        self._row("identity", "亮证告知", *(self._tick(*each) for each in _TICKS))
        self.recusal = self._choice("是否申请回避", RECUSALS, empty="回避：请选择")
        self._row(
            "identity",
            "申请回避",
            self.recusal,
            self._text("recusal_note", "回避处理", hint="申请回避的，写明处理"),
            stretch=1,
        )
        self._row(
            "identity",
            "现场确认",
            self._text("confirmed_by", "现场确认人", width=150, hint="对方签字的人"),
            label("拒签或不在场的，见证人", "secondary"),
            self._text("witnessed_by", "第三方见证人", hint="第三方见证人的姓名、单位"),
            stretch=2,
        )
        self._row(
            "scan",
            "扫码入企",
            self._text("scanned_at", "扫码时间", width=64, hint="09:41"),
            label("未扫理由", "secondary"),
            self._text("not_scanned", "未扫码理由", hint="没有扫码的写明"),
            stretch=2,
        )
        self._row(
            "told",
            "结果告知",
            self._day("told_on", "告知日期"),
            self._text("told_how", "告知方式", width=190, hint="当场书面、送达回证等"),
        )
        self.visits = label("", "small")
        self._row(
            "approval",
            "检查频次",
            self.visits,
            label("不计频次理由", "secondary"),
            self._text("uncounted", "不计频次理由"),
            stretch=2,
        )

    def _row(self, group: str, words: str, *widgets: QWidget, stretch: int = -1) -> None:
        at = self._grid.rowCount()
        heading = label(words, "secondary")
        heading.setAlignment(theme.ALIGN_RIGHT)
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        for number, each in enumerate(widgets):
            line.addWidget(each, 1 if number == stretch else 0)
        if stretch < 0:
            line.addStretch(1)
        self._grid.addWidget(heading, at, 0)
        self._grid.addWidget(holder, at, 1)
        self.rows.setdefault(group, []).extend([heading, holder])

    def _text(self, name: str, words: str, *, width: int = 0, hint: str = "") -> QLineEdit:
        edit = QLineEdit()
        edit.setAccessibleName(words)
        edit.setPlaceholderText(hint or words)
        if width:
            edit.setFixedWidth(width)
        edit.textEdited.connect(self._on_edited)
        self.texts[name] = edit
        return edit

    def _day(self, name: str, words: str) -> DateEdit:
        edit = DateEdit()
        edit.setAccessibleName(words)
        edit.setFixedWidth(_DATE)
        edit.textEdited.connect(self._on_edited)
        self.days[name] = edit
        return edit

    def _tick(self, name: str, words: str) -> QCheckBox:
        box = QCheckBox(words)
        box.toggled.connect(self._on_edited)
        self.ticks[name] = box
        return box

    def _choice(self, words: str, choices: tuple, empty: str = "") -> QComboBox:  # type: ignore[type-arg]
        box = QComboBox()
        box.setAccessibleName(words)
        if empty:
            box.addItem(empty, "")
        for choice in choices:
            box.addItem(choice.label, choice.value)
        box.currentIndexChanged.connect(self._on_edited)
        return box

    # -- filling and asking ------------------------------------------------

    def show_given(self, given: Formalities, layer: NationalLayer, visits: str) -> None:
        """Show what is kept; groups the unit does not use are not there."""
        self._filling = True
        self._given, self._layer = given, layer
        for name, edit in self.texts.items():
            edit.setText(getattr(given, name))
            edit.setCursorPosition(0)
        for name, day in self.days.items():
            day.set_value(getattr(given, name))
        for name, box in self.ticks.items():
            box.setChecked(getattr(given, name))
        self.kind.setCurrentIndex(max(self.kind.findData(given.kind), 0))
        self.recusal.setCurrentIndex(max(self.recusal.findData(given.recusal), 0))
        self.fixed.setValue(-1 if given.assistants_fixed is None else given.assistants_fixed)
        self.visits.setText(f"本年已检：{visits}")
        for group, widgets in self.rows.items():
            for each in widgets:
                each.setVisible(getattr(layer, group) is not Demand.OFF)
        self.setVisible(layer.shown)
        self._filling = False

    def show_standing(self, words: str) -> None:
        """What the caps of the year say of this target, behind what was inspected."""
        visits = self.visits.text().partition("；")[0]
        self.visits.setText(f"{visits}；{words}" if words else visits)

    def value(self) -> Formalities:
        """What is typed now; unreadable dates count as empty."""
        return replace(
            self._given,
            kind=str(self.kind.currentData() or ""),
            recusal=str(self.recusal.currentData() or ""),
            assistants_fixed=None if self.fixed.value() < 0 else self.fixed.value(),
            **{name: edit.text().strip() for name, edit in self.texts.items()},  # type: ignore[arg-type]
            **{name: edit.value for name, edit in self.days.items()},  # type: ignore[arg-type]
            **{name: box.isChecked() for name, box in self.ticks.items()},  # type: ignore[arg-type]
        )

    def unreadable(self) -> list[tuple[str, str]]:
        """(field, sentence) of dates nobody can read."""
        return [(name, edit.error()) for name, edit in self.days.items() if edit.error()]

    def show_state(self, arrived: str, *, on_site: bool, assistants: int) -> None:
        """What is missing, in the head line; the notice is served on arrival."""
        open_ones = gaps(self.value(), on_site=on_site, assistants=assistants)
        found = [
            problem for group, problem in open_ones if getattr(self._layer, group) is not Demand.OFF
        ]
        required = any(getattr(self._layer, group) is Demand.REQUIRE for group, _ in open_ones)
        words = f"还差 {len(found)} 项" if found else "已填齐"
        tone = Tone.OK if not found else Tone.WARN if required else Tone.INFO
        self.missing.show_state(words, tone)
        self.missing.setToolTip("\n".join(problem.message for problem in found))
        self.served.setText(f"到场 {arrived} 送达" if arrived else "到场时送达")

    # -- folding -----------------------------------------------------------

    @property
    def folded(self) -> bool:
        """Whether only the head line is there."""
        return self.fields.isHidden()

    def fold(self, away: bool) -> None:
        """Put the fields away, or bring them back."""
        self.fields.setVisible(not away)
        self.toggle.setText("国家层面要求" if away else "国家层面要求（收起）")
        self.toggle.setIcon(icon("chevron-right" if away else "chevron-down", LIGHT.accent))
        self.hint.setVisible(away)

    def _on_toggle(self) -> None:
        self.fold(not self.folded)
        if not self.folded:
            self.kind.setFocus()

    def _on_edited(self) -> None:
        if not self._filling:
            self.edited.emit()
