"""更换: who leaves, who comes and why, approved by whom — as the regulation allows it.

The dialog is made from an offer and decides nothing: it shows the order of succession with the
reason of everyone passed over, asks for reason and approval, and writes the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.domain.rd1 import Substituted as Kind
from app.errors import AppError
from app.services import substituting
from app.services.substituting import LinePlace, Substitute, Substituted, SubstitutionOffer
from app.services.workspace import Workspace
from app.ui.tasks import operation
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import Banner, button, label, primary_button
from app.ui.widgets.date_edit import DateEdit

__all__ = ["SubstitutionDialog"]

_PLACES_SHOWN = 6
_TASKS_SHOWN = 6


class SubstitutionDialog(QDialog):
    """Asks for reason, words, approval and day; ``substituted`` carries the outcome."""

    substituted = Signal(object)

    def __init__(
        self, parent: QWidget | None, workspace: Workspace, offer: SubstitutionOffer, today: date
    ) -> None:
        super().__init__(parent)
        self._workspace, self._offer = workspace, offer
        what = "检查对象" if offer.kind is Kind.TARGET else "检查人员"
        self.setWindowTitle(f"更换{what}")
        self.setMinimumWidth(600)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        body = QVBoxLayout()
        body.setContentsMargins(20, 18, 24, 16)
        body.setSpacing(10)
        self.warning = Banner(*_warning(offer))
        body.addWidget(self.warning)
        body.addLayout(self._fields(today))
        self.error = Banner(Tone.DANGER, "")
        self.error.hide()
        body.addWidget(self.error)
        outer.addLayout(body)
        outer.addWidget(self._foot())
        self.setStyleSheet(f"SubstitutionDialog {{ background: {LIGHT.surface}; }}")
        self._on_edited()

    # -- building ----------------------------------------------------------

    def _fields(self, today: date) -> QGridLayout:
        offer = self._offer
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        self.reason = QComboBox()
        self.reason.addItem("请选择", "")
        for reason in offer.reasons:
            self.reason.addItem(reason.words, reason.code)
        self.reason.currentIndexChanged.connect(lambda _at: self._on_edited())
        self.reason.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(60)
        self.text.textChanged.connect(self._on_edited)
        self.name, self.post = QLineEdit(), QLineEdit()
        self.post.setPlaceholderText(offer.signed_by)
        self.day = DateEdit(today)
        for edit in (self.name, self.post, self.day):
            edit.textChanged.connect(lambda _text: self._on_edited())
        shown: list[tuple[str, QWidget]] = [("换出", label(_named(offer.out.name, offer.out.id)))]
        if offer.for_target is not None:
            shown.append(("检查对象", label(offer.for_target.name)))
        shown.append(("涉及任务", label(_some(offer.tasks))))
        shown.append(("换入", self._coming()))
        asked: list[tuple[str, QWidget]] = [
            ("更换原因", self.reason),
            ("具体情况", self.text),
            ("批准人", self.name),
            ("职务", self.post),
            ("更换日期", self.day),
        ]
        for line, (words, widget) in enumerate([*shown, *asked]):
            grid.addWidget(label(words, "secondary"), line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(widget, line, 1)
            widget.setAccessibleName(words)
        return grid

    def _coming(self) -> QWidget:
        offer = self._offer
        self.coming: QComboBox | None = None
        if offer.choices:
            self.coming = QComboBox()
            self.coming.addItem("请指定", "")
            for choice in offer.choices:
                self.coming.addItem(_named(choice.name, choice.id), choice.id)
            self.coming.currentIndexChanged.connect(lambda _at: self._on_edited())
            return self.coming
        rows = [_place_words(at, place, offer) for at, place in enumerate(offer.line, 1)]
        more = len(rows) - _PLACES_SHOWN
        last = [f"其后还有 {more} 位"] if more > 0 else []
        return _column([*rows[:_PLACES_SHOWN], *last, *offer.remarks] or [offer.policy_words])

    def _foot(self) -> QFrame:
        foot = QFrame()
        foot.setObjectName("cardFoot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 10, 24, 10)
        row.setSpacing(8)
        self.why = label("", "small")
        row.addWidget(self.why)
        row.addStretch(1)
        self.cancel_button = button("取消", self.reject)
        self.do_button = primary_button("更换并出补充记录", self.submit)
        row.addWidget(self.cancel_button)
        row.addWidget(self.do_button)
        return foot

    # -- checking ----------------------------------------------------------

    def _missing(self) -> str:
        offer = self._offer
        if offer.impossible or offer.policy == "redraw":
            return "不能在这里办理"
        if self.coming is not None and not self.coming.currentData():
            return "还没有指定由谁接替"
        code = self.reason.currentData()
        chosen = next((reason for reason in offer.reasons if reason.code == code), None)
        if chosen is None:
            return "还没有选更换原因"
        if chosen.own_words and not self.text.toPlainText().strip():
            return "还没有写具体情况"
        if not self.name.text().strip() or not self.post.text().strip():
            return "还没有填写批准人和职务"
        return "" if self.day.value else "更换日期写得不对"

    def _on_edited(self) -> None:
        missing = self._missing()
        self.why.setText(missing)
        self.do_button.setEnabled(not missing)

    # -- doing -------------------------------------------------------------

    def submit(self) -> None:
        """Write the record in the background."""
        offer, workspace = self._offer, self._workspace
        day = self.day.value
        if day is None:
            return
        appointed = self.coming.currentData() if self.coming is not None else None
        command = Substitute(
            draw_no=offer.draw_no,
            kind=offer.kind,
            out=offer.out.id,
            for_target=offer.for_target.id if offer.for_target else None,
            in_id=appointed or (offer.coming.id if offer.coming else None),
            reason_code=str(self.reason.currentData()),
            reason_text=" ".join(self.text.toPlainText().split()),
            approved_name=self.name.text().strip(),
            approved_post=self.post.text().strip(),
            on=day,
        )
        started = (
            operation(self, lambda: workspace.write(substituting.substitute, command))
            .key("substitute")
            .success(self._on_substituted)
            .failure(self._on_failed)
            .run_in_background()
        )
        if started:
            self.do_button.setEnabled(False)

    def _on_substituted(self, outcome: Substituted) -> None:
        self.substituted.emit(outcome)
        self.accept()

    def _on_failed(self, error: AppError) -> None:
        self.error.show_message(Tone.DANGER, str(error))
        self.error.show()
        self.do_button.setEnabled(True)


def _warning(offer: SubstitutionOffer) -> tuple[Tone, str]:
    if offer.impossible:
        return Tone.DANGER, offer.impossible
    if offer.policy == "redraw":
        words = "须由见证人到场另行抽取一人，同组人员保留。"
        return Tone.WARN, f"{offer.article}：{offer.policy_words}。{words}"
    own = "条文没有规定，由本单位自行决定。" if offer.own_choice else ""
    kept = "原抽取结果永久保留，补充记录接在记录链后面，不能撤回。"
    return Tone.WARN, f"{offer.article}：{offer.policy_words}。{own}{kept}"


def _place_words(rank: int, place: LinePlace, offer: SubstitutionOffer) -> str:
    name = _named(place.party.name, place.party.id)
    if offer.coming is not None and place.party.id == offer.coming.id:
        return f"{rank}. {name} ← 由其接替"
    if place.strikes:
        return f"{rank}. {name}：{place.note}，记录后跳过"
    return f"{rank}. {name}：{place.note}" if place.note else f"{rank}. {name}"


def _named(name: str, number: str) -> str:
    return f"{name}（{number}）"


def _some(serials: Sequence[str]) -> str:
    words = "、".join(serials[:_TASKS_SHOWN])
    return words if len(serials) <= _TASKS_SHOWN else f"{words} 等 {len(serials)} 项"


def _column(lines: Sequence[str]) -> QWidget:
    """One label per line: a single wrapped one is given too little height by a grid."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(3)
    for words in lines:
        column.addWidget(label(words))
    return holder
