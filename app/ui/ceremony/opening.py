"""开号: the slips are turned over together, read aloud, typed twice; hidden until all are in."""

from __future__ import annotations

import enum
from collections.abc import Collection
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout

from app.domain import rd1
from app.services.draws import drawing
from app.ui import theme
from app.ui.ceremony.course import Course
from app.ui.ceremony.slips import weak_card
from app.ui.ceremony.step import Step
from app.ui.ceremony.witness_table import NumberBadge
from app.ui.icons import pixmap
from app.ui.tasks import operation, query
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import label, link_button
from app.ui.widgets.hash_label import grouped

_FIELD_HEIGHT = 56
_DIGITS_PX = 26
_MOST = 64  # full-width digits with spaces between them still fit


_KEPT = "上次中断前已翻开 {} 张，数字已保存，不再重录；与纸条不符的，当众点“重录”。"


class Turn(enum.Enum):
    """Where one witness's digits stand."""

    WAITING = "等前一位"
    FIRST = "录第一遍"
    SECOND = "录第二遍"
    AGREED = "两遍一致"


def differing(first: str, second: str) -> str:
    """Which places differ, in words, without the digits themselves."""
    if len(first) != len(second):
        return f"第一遍 {len(first)} 位，第二遍 {len(second)} 位"
    places = [str(at) for at, (a, b) in enumerate(zip(first, second, strict=True), 1) if a != b]
    return f"第 {'、'.join(places)} 位不同"


class DigitField(QLineEdit):
    """Big digits, hidden until told; what an input method typed counts as well."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setAccessibleName(words)
        self.setMaxLength(_MOST)
        families = ", ".join(f"'{name}'" for name in theme.MONO)
        self.setStyleSheet(
            f"QLineEdit {{ font-family: {families}; font-size: {_DIGITS_PX}px;"
            f" min-height: {_FIELD_HEIGHT - 2}px; max-height: {_FIELD_HEIGHT - 2}px; }}"
            f"QLineEdit:focus {{ min-height: {_FIELD_HEIGHT - 4}px;"
            f" max-height: {_FIELD_HEIGHT - 4}px; }}"
        )
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)

    @property
    def digits(self) -> str:
        """The digits typed, in ASCII."""
        return rd1.normalise_digits(self.text())

    def mark(self, wrong: bool) -> None:
        """Red frame or none."""
        self.setProperty("invalid", wrong)
        self.style().unpolish(self)
        self.style().polish(self)


class DigitRow(QFrame):
    """One witness: two fields and what is to be done now."""

    agreed = Signal()
    reopened = Signal()

    def __init__(self, number: int, witness: drawing.WitnessInput) -> None:
        super().__init__()
        self.setObjectName("card")
        self.number = number
        self.turn = Turn.WAITING
        self._tries = 0
        self._refused: Collection[str] = ()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 10, 16, 10)
        outer.setSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(12)
        self.badge = NumberBadge(number)
        row.addWidget(self.badge)
        who = QVBoxLayout()
        who.setSpacing(1)
        name = label(witness.name, "section")
        body = label(witness.organ, "small", wrap=True)
        for widget in (name, body):
            widget.setFixedWidth(140)
            who.addWidget(widget)
        row.addLayout(who)
        self.first = DigitField(f"{witness.name}第一遍")
        self.second = DigitField(f"{witness.name}第二遍")
        row.addWidget(self.first, 1)
        row.addWidget(self.second, 1)
        state = QVBoxLayout()
        state.setSpacing(0)
        line = QHBoxLayout()
        self._mark = QLabel()
        self._mark.setFixedSize(18, 18)
        self.state_label = label("")
        line.addWidget(self._mark)
        line.addWidget(self.state_label, 1)
        state.addLayout(line)
        self.again = link_button("重录", self.start_over)
        state.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        row.addLayout(state)
        self.state_label.setMinimumWidth(82)
        outer.addLayout(row)
        self.error = label("", "error", wrap=True)
        outer.addWidget(self.error)
        self.first.returnPressed.connect(self._on_first)
        self.second.returnPressed.connect(self._on_second)
        self.first.textEdited.connect(lambda _text: self._on_edited(self.first))
        self.second.textEdited.connect(lambda _text: self._on_edited(self.second))
        self._go(Turn.WAITING)

    @property
    def digits(self) -> str:
        """The agreed digits, empty before."""
        return self.first.digits if self.turn is Turn.AGREED else ""

    def begin(self, refused: Collection[str]) -> None:
        """This one's turn; ``refused``: digits used before in the series or by others here."""
        self._refused = refused
        self._go(Turn.FIRST)

    def restore(self, digits: str) -> None:
        """Already opened and kept, before whatever interrupted us: counts as given."""
        for field in (self.first, self.second):
            field.setText(digits)
        self._go(Turn.AGREED)

    def refuse(self, words: str) -> None:
        """What was agreed could not be kept: say why; nothing typed is lost."""
        self._say(words)

    def start_over(self) -> None:
        """Both fields empty again."""
        was_agreed = self.turn is Turn.AGREED
        self._tries = 0
        self._clear()
        self._go(Turn.FIRST)
        if was_agreed:
            self.reopened.emit()

    def show_digits(self, shown: bool) -> None:
        """In clear, in groups of four, or hidden again."""
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        for field in (self.first, self.second):
            if shown:
                field.setText(" ".join(grouped(field.digits)))
            field.setEchoMode(mode)
            field.setCursorPosition(0)

    def _clear(self) -> None:
        for field in (self.first, self.second):
            field.clear()
            field.mark(False)
        self.error.setText("")

    def _on_edited(self, field: DigitField) -> None:
        field.mark(False)
        self._say("")

    def _on_first(self) -> None:
        if self.turn is not Turn.FIRST:
            return
        why = rd1.weak(self.first.digits, self._refused)
        if why:
            self.first.mark(True)
            self.first.selectAll()
            self._say(f"这组数字{why}。")
            return
        self._go(Turn.SECOND)

    def _on_second(self) -> None:
        if self.turn is not Turn.SECOND:
            return
        if self.second.digits == self.first.digits:
            self._go(Turn.AGREED)
            self.agreed.emit()
            return
        self._tries += 1
        where = differing(self.first.digits, self.second.digits)
        if self._tries >= 2:
            self._tries = 0
            self._clear()
            self._go(Turn.FIRST)
            self._say(f"两次录入仍不同（{where}），请见证人再念一遍，从第一遍重录。")
            return
        self.second.mark(True)
        self.second.selectAll()
        self._say(f"{where}。请见证人再念一遍纸条，重录第二遍；仍不同就从第一遍重录。")

    def _say(self, words: str) -> None:
        self.error.setText(words)
        self.error.setVisible(bool(words))

    def _go(self, turn: Turn) -> None:
        self.turn = turn
        for field, mine in ((self.first, Turn.FIRST), (self.second, Turn.SECOND)):
            field.setEnabled(turn in (mine, Turn.AGREED))
            field.setReadOnly(turn is Turn.AGREED)
        self._say("")
        self.badge.set_strong(turn in (Turn.FIRST, Turn.SECOND))
        self.again.setVisible(turn in (Turn.SECOND, Turn.AGREED))
        name, tone = {
            Turn.WAITING: ("clock", Tone.NORMAL),
            Turn.AGREED: ("check", Tone.OK),
        }.get(turn, ("edit", Tone.ACCENT))
        self._mark.setPixmap(pixmap(name, tone.ink, 18, self.devicePixelRatioF()))
        self.state_label.setText(turn.value)
        self.state_label.setStyleSheet(f"color: {tone.ink};")
        border = LIGHT.accent if turn in (Turn.FIRST, Turn.SECOND) else LIGHT.line
        self.setStyleSheet(f"DigitRow {{ border: 1px solid {border}; }}")
        if turn is Turn.FIRST:
            self.first.setFocus()
        elif turn is Turn.SECOND:
            self.second.setFocus()


class OpenStep(Step):
    """Row by row; its button hands everything over and has the draw computed."""

    heading = "翻开纸条，逐人念出，录入两遍"
    intro = (
        "纸条一起翻开。主持人念一遍录第一遍，见证人自己念一遍录第二遍；"
        "录入时不显示，全部录完才显示。"
    )

    def __init__(self, course: Course) -> None:
        super().__init__(course)
        self.rows: list[DigitRow] = []
        self._used: frozenset[str] = frozenset()
        self.kept = label("", "small", wrap=True)
        self.kept.hide()
        self.body.addWidget(self.kept)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(8)
        self.body.addLayout(self._lines)
        keys = QHBoxLayout()
        keys.setSpacing(6)
        for key, words in (("0–9", "录入"), ("Enter", "下一格"), ("Backspace", "改正")):
            keys.addWidget(label(key, "key"))
            keys.addWidget(label(words, "small"))
            keys.addSpacing(8)
        keys.addStretch(1)
        self.body.addLayout(keys)
        self.body.addStretch(1)
        self.body.addWidget(weak_card())

    def enter(self) -> None:
        if self.rows:
            return
        for number, witness in enumerate(self.course.witnesses, 1):
            row = DigitRow(number, witness)
            row.agreed.connect(partial(self._on_agreed, row))
            row.reopened.connect(self._on_reopened)
            self.rows.append(row)
            self._lines.addWidget(row)
        workspace, no = self.course.workspace, self.course.no
        query(
            self,
            lambda: (
                workspace.read(drawing.used_digits, no),
                workspace.read(drawing.opened_slips, no),
            ),
        ).key("used").success(self._on_read).run_in_background()

    @property
    def opened(self) -> tuple[str, ...]:
        """Digits agreed so far, from the first witness without gaps."""
        given: list[str] = []
        for row in self.rows:
            if not row.digits:
                break
            given.append(row.digits)
        return tuple(given)

    @property
    def all_in(self) -> bool:
        """Whether every witness's digits are agreed."""
        return bool(self.rows) and len(self.opened) == len(self.rows)

    def action(self) -> str:
        return "开始揭晓"

    def why_not(self) -> str:
        left = sum(row.turn is not Turn.AGREED for row in self.rows)
        return f"还有 {left} 人没有录完" if left or not self.rows else ""

    def advance(self) -> None:
        course, digits = self.course, self.opened
        command = drawing.RevealDraw(
            no=course.no,
            digits=digits,
            host=course.room.host,
            place=course.room.place,
            recorder=course.room.recorder,
        )
        self.run(
            lambda: course.workspace.write(drawing.reveal, command),
            lambda revealed: self._on_revealed(revealed, digits),
            "正在计算结果",
        )

    def _on_read(self, read: tuple[frozenset[str], dict[int, str]]) -> None:
        self._used, kept = read
        for row in self.rows:
            if row.number in kept:
                row.restore(kept[row.number])
        self.kept.setText(_KEPT.format(len(kept)) if kept else "")
        self.kept.setVisible(bool(kept))
        self._next_turn()
        self.changed.emit()

    def _next_turn(self) -> None:
        row = next((row for row in self.rows if row.turn is not Turn.AGREED), None)
        if row is None:
            for each in self.rows:
                each.show_digits(True)
        elif row.turn is Turn.WAITING:
            row.begin(self._used | {each.digits for each in self.rows if each.digits})
        else:
            row.first.setFocus()

    def _on_agreed(self, row: DigitRow) -> None:
        self._keep(row)
        self._next_turn()
        self.changed.emit()

    def _keep(self, row: DigitRow) -> None:
        """At once into the workspace: a power cut may come before the next slip."""
        workspace = self.course.workspace
        command = drawing.OpenSlip(no=self.course.no, position=row.number, digits=row.digits)
        operation(self, lambda: workspace.write(drawing.open_slip, command)).key(
            f"slip{row.number}"
        ).failure(lambda error: row.refuse(str(error))).run_in_background()

    def _on_reopened(self) -> None:
        for row in self.rows:
            row.show_digits(False)
        self.changed.emit()

    def _on_revealed(self, revealed: drawing.Revealed, digits: tuple[str, ...]) -> None:
        self.course.revealed = revealed
        self.course.digits = digits
        self.advanced.emit()
