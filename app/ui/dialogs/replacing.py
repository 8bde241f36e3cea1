"""What both replacement dialogs ask: reason, circumstances, the steps of consent, the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QGridLayout,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.errors import AppError
from app.services.replacing.substitution_offer import SubstitutionOffer
from app.ui.dialogs.frame import dialog_foot
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import Banner, button, label
from app.ui.widgets.consent_steps import ConsentSteps
from app.ui.widgets.date_edit import DateEdit

__all__ = ["ReplacingDialog", "column_of", "named", "some"]

_TASKS_SHOWN = 6


class ReplacingDialog(QDialog):
    """Reason, words, consent, day; the sort of replacement adds what leaves and who comes."""

    redraw_wanted = Signal(object)
    """A ``Redraw`` without witnesses: the regulation wants a new draw."""

    def __init__(
        self, parent: QWidget | None, title: str, offer: SubstitutionOffer, organ: str, today: date
    ) -> None:
        super().__init__(parent)
        self._offer = offer
        self.setWindowTitle(title)
        self.setMinimumWidth(720)
        self.reason = QComboBox()
        self.reason.addItem("请选择", "")
        for reason in offer.reasons:
            self.reason.addItem(reason.words, reason.code)
        self.reason.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(52)
        # What was found on site is written already; it may still be put in other words.
        self.reason.setCurrentIndex(max(self.reason.findData(offer.found.reason_code), 0))
        self.text.setPlainText(offer.found.words)
        self.consent = ConsentSteps(offer.approval, organ, today)
        self.day = DateEdit(today)
        self.warning = Banner(*warning(offer))
        self.error = Banner(Tone.DANGER, "")
        self.error.hide()
        self.why = label("", "small")
        self.cancel_button = button("取消", self.reject)

    def build(self, shown: Sequence[tuple[str, QWidget]], do_button: QPushButton) -> None:
        """Lay out; ``shown`` comes above what is asked, ``do_button`` does it."""
        self.do_button = do_button
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        inside = QWidget()
        inside.setObjectName("formBody")
        inside.setStyleSheet(f"#formBody {{ background: {LIGHT.surface}; }}")
        body = QVBoxLayout(inside)
        body.setContentsMargins(20, 18, 24, 16)
        body.setSpacing(10)
        body.addWidget(self.warning)
        body.addLayout(self._fields(shown))
        body.addWidget(self.error)
        body.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        outer.addWidget(area, 1)
        outer.addWidget(self._foot())
        self.setStyleSheet(f"ReplacingDialog {{ background: {LIGHT.surface}; }}")
        self.reason.currentIndexChanged.connect(lambda _at: self.on_edited())
        self.text.textChanged.connect(self.on_edited)
        self.consent.edited.connect(self.on_edited)
        self.day.textChanged.connect(lambda _text: self.on_edited())
        self.resize(760, min(inside.sizeHint().height() + 60, 640))
        self.on_edited()

    def _fields(self, shown: Sequence[tuple[str, QWidget]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        asked: list[tuple[str, QWidget]] = [
            ("更换原因", self.reason),
            ("具体情况", self.text),
            ("审批", self.consent),
            ("更换日期", self.day),
        ]
        for line, (words, widget) in enumerate([*shown, *asked]):
            grid.addWidget(label(words, "secondary"), line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(widget, line, 1)
            widget.setAccessibleName(words)
        return grid

    def _foot(self) -> QFrame:
        return dialog_foot(self.cancel_button, self.do_button, left=(self.why,))

    # -- checking ----------------------------------------------------------

    def missing_first(self) -> str:
        """What the sort of replacement asks besides; empty if nothing is missing."""
        return ""

    def missing(self) -> str:
        """Why the button cannot be pressed."""
        first = self.missing_first()
        if first:
            return first
        code = self.reason.currentData()
        chosen = next((reason for reason in self._offer.reasons if reason.code == code), None)
        if chosen is None:
            return "还没有选更换原因"
        if chosen.own_words and not self.words:
            return "还没有写具体情况"
        return self.consent.missing() or ("" if self.day.value else "更换日期写得不对")

    def on_edited(self) -> None:
        """Show what is missing."""
        missing = self.missing()
        self.why.setText(missing)
        self.do_button.setEnabled(not missing)

    @property
    def words(self) -> str:
        """The circumstances as one line."""
        return " ".join(self.text.toPlainText().split())

    def on_failed(self, error: AppError) -> None:
        """Say what went wrong; everything typed stays."""
        self.error.show_message(Tone.DANGER, str(error))
        self.error.show()
        self.on_edited()


def warning(offer: SubstitutionOffer) -> tuple[Tone, str]:
    """What the regulation says about it, or why nothing can be done."""
    if offer.impossible:
        return Tone.DANGER, offer.impossible
    own = "条文没有规定，由本单位自行决定。" if offer.own_choice else ""
    if offer.policy == "redraw":
        words = "须由见证人到场，另抽一人；同组人员保留，封存、承诺、开号与任何一次抽取相同。"
        return Tone.WARN, f"{offer.article}：{offer.policy_words}。{words}"
    kept = "原抽取结果永久保留，补充记录接在记录链后面，不能撤回。"
    return Tone.WARN, f"{offer.article}：{offer.policy_words}。{own}{kept}"


def named(name: str, number: str) -> str:
    """赵某（R01）."""
    return f"{name}（{number}）"


def some(serials: Sequence[str]) -> str:
    """The first serials and how many there are."""
    words = "、".join(serials[:_TASKS_SHOWN])
    return words if len(serials) <= _TASKS_SHOWN else f"{words} 等 {len(serials)} 项"


def column_of(lines: Sequence[str]) -> QWidget:
    """One label per line: a single wrapped one is given too little height by a grid."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(3)
    for words in lines:
        column.addWidget(label(words))
    return holder
