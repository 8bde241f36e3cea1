"""Small pieces of which every page is made.

::

    card = Card("周期覆盖进度", "482 家，已覆盖 316 家", flush=False)
    card.add_action(link_button("看明细", self._open))
    card.body.addWidget(...)

    Chip("整改逾期", Tone.DANGER)
    FigureCard("已检查").show_figure(43, 52, "待录入 3 · 未检查 9")
    Banner(Tone.DANGER, "整改期限已过 5 天，还没有整改材料", heading="下一步")
    EmptyState("还没有检查对象", "导入名录", self._import)
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.ui import theme
from app.ui.icons import pixmap
from app.ui.theme import LIGHT, Tone
from app.ui.widgets.buttons import button, link_button, small_button
from app.ui.widgets.rim import Rim


def label(text: str = "", name: str = "", *, wrap: bool = False) -> QLabel:
    """A plain-text label; ``name``: pageTitle, section, strong, secondary, small, error."""
    made = QLabel(text)
    made.setObjectName(name)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    return made


def hairline() -> QFrame:
    """One horizontal pixel."""
    line = QFrame()
    line.setObjectName("hairline")
    return line


def clear_layout(layout: QLayout) -> None:
    """Remove and delete everything in ``layout``."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        inner = item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear_layout(inner)


class ElidedLabel(QLabel):
    """One line that ends in … where the room ends; the tooltip has it all."""

    def __init__(self, text: str = "", name: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._whole = text
        self._elide()

    def set_text(self, text: str) -> None:
        """Show ``text``."""
        self._whole = text
        self._elide()

    @property
    def whole(self) -> str:
        """The text without elision."""
        return self._whole

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(
            self.fontMetrics().horizontalAdvance(self._whole) + 2, super().sizeHint().height()
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(
            self._whole, Qt.TextElideMode.ElideRight, max(self.width(), 24)
        )
        self.setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")


class PartsLabel(QLabel):
    """Short facts beside each other, divided by ·; below each other where the room is too small."""

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._parts: tuple[str, ...] = ()

    def set_text(self, text: str) -> None:
        """Show ``text``, its parts divided by ·."""
        self._parts = tuple(part.strip() for part in text.split("·"))
        self._lay()

    @property
    def whole(self) -> str:
        """The facts on one line."""
        return "·".join(self._parts)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay()

    def _lay(self) -> None:
        fits = self.fontMetrics().horizontalAdvance(self.whole) <= self.width()
        self.setText(self.whole if fits else "\n".join(self._parts))


class Chip(QLabel):
    """A state: coloured, and always with its word."""

    def __init__(self, text: str, tone: Tone = Tone.NORMAL) -> None:
        super().__init__(text)
        self.setFixedHeight(theme.CHIP)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.show_state(text, tone)

    def show_state(self, text: str, tone: Tone) -> None:
        """Change word and colour."""
        self.setText(text)
        fill = f"background: {tone.fill}; padding: 0 7px;" if tone.fill else ""
        self.setStyleSheet(f"font-size: 12px; color: {tone.ink}; border-radius: 3px; {fill}")


class Card(QFrame):
    """A white panel with an optional head; put content into ``body``.

    A table goes in without margins: ``flush=True``.  ``foot()`` adds a bottom
    strip for counts and actions.
    """

    def __init__(self, title: str = "", note: str = "", *, flush: bool = False) -> None:
        super().__init__()
        self.setObjectName("card")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._outer = outer
        self._rim = Rim(self)
        self.title_label = label(title, "section")
        self.note_label = label(note, "small")
        self._actions = QHBoxLayout()
        self._actions.setSpacing(14)
        if title:
            outer.addWidget(self._head(flush))
        self.body = QVBoxLayout()
        margin = 0 if flush else theme.PAGE
        self.body.setContentsMargins(margin, 0 if title else margin, margin, margin)
        self.body.setSpacing(0 if flush else 8)
        outer.addLayout(self.body, 1)

    def _head(self, flush: bool) -> QFrame:
        head = QFrame()
        # A list below needs the line; free content below reads on without it.
        head.setObjectName("cardHead" if flush else "")
        row = QHBoxLayout(head)
        row.setContentsMargins(theme.PAGE, 10, theme.PAGE, 10)
        row.setSpacing(8)
        row.addWidget(self.title_label)
        row.addWidget(self.note_label)
        row.addStretch(1)
        row.addLayout(self._actions)
        self.head = row
        return head

    def set_note(self, text: str) -> None:
        """The small words beside the title."""
        self.note_label.setText(text)

    def add_action(self, widget: QWidget) -> None:
        """Put a link, chip or segments at the right of the head."""
        self._actions.addWidget(widget)

    def foot(self) -> QHBoxLayout:
        """Add the bottom strip and return its row."""
        foot = QFrame()
        foot.setObjectName("cardFoot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(theme.PAGE, 0, theme.PAGE, 0)
        foot.setFixedHeight(34)
        row.setSpacing(16)
        self._outer.addWidget(foot)
        return row


class ProgressStrip(QWidget):
    """A thin bar: done, then pending in a lighter tone, out of a total."""

    def __init__(self, height: int = 4) -> None:
        super().__init__()
        self._done = 0.0
        self._pending = 0.0
        self._total = 0.0
        self._colour = LIGHT.accent
        self.setFixedHeight(height)
        self.setMinimumWidth(40)

    def show_progress(self, done: float, total: float, pending: float = 0.0) -> None:
        """``done`` + ``pending`` of ``total``; complete turns green."""
        self._done, self._pending, self._total = done, pending, total
        self._colour = LIGHT.ok if total and done >= total else LIGHT.accent
        self.setAccessibleName(f"{done:g} / {total:g}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = min(self.height() / 2, 3)
        for share, colour in (
            (1.0, LIGHT.line),
            (self._share(self._done + self._pending), LIGHT.pending),
            (self._share(self._done), self._colour),
        ):
            if share > 0:
                painter.setBrush(QColor(colour))
                painter.drawRoundedRect(
                    QRectF(0, 0, self.width() * share, self.height()), radius, radius
                )

    def _share(self, value: float) -> float:
        return min(value / self._total, 1.0) if self._total else 0.0


class FigureCard(Card):
    """One large number of the desk: what, how many of how many, what is open.

    ``clicked`` by mouse, Enter or Space: the rows behind it are wanted.
    """

    clicked = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.body.setContentsMargins(14, 12, 14, 12)
        self.body.setSpacing(2)
        self.name = label(title, "secondary")
        self.figure = label("—", "figure")
        self.of = label("", "figureOf")
        self.strip = ProgressStrip()
        self.note = PartsLabel("small")
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.figure, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.of, 0, Qt.AlignmentFlag.AlignBottom)
        row.addStretch(1)
        self.of.setContentsMargins(0, 0, 0, 4)
        self.share = label("", "small")
        top = QHBoxLayout()
        top.addWidget(self.name)
        top.addStretch(1)
        top.addWidget(self.share)
        self.body.addLayout(top)
        self.body.addLayout(row)
        self.body.addWidget(self.strip)
        self.body.addSpacing(3)
        self.body.addWidget(self.note)
        # One card's second line leaves the others' figures on one height with its own.
        self.body.addStretch(1)

    def show_figure(self, done: int, total: int | None = None, note: str = "") -> None:
        """``done`` large, ``/ total`` beside it, ``note`` below the bar."""
        self.figure.setText(str(done))
        self.of.setText("" if total is None else f"/ {total}")
        self.strip.setVisible(total is not None)
        self.strip.show_progress(done, total or 0)
        self.share.setText(f"{done / total * 100:.0f}%" if total else "")
        self.note.set_text(note)

    def invite(self, words: str) -> None:
        """Let it be clicked; ``words`` say what comes."""
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(words)
        self.setAccessibleName(f"{self.name.text()}：{words}")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
            return
        super().keyPressEvent(event)


class Banner(QFrame):
    """What happened · why · what to do, with its button, inside a page."""

    def __init__(self, tone: Tone, text: str, *, heading: str = "") -> None:
        super().__init__()
        self.setObjectName("banner")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(14, 10, 14, 10)
        outer.setSpacing(6)
        self.heading = label(heading, "small")
        self.heading.setVisible(bool(heading))
        outer.addWidget(self.heading)
        row = QHBoxLayout()
        row.setSpacing(8)
        self._mark = QLabel()
        self._mark.setVisible(not heading)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        self.text = label("", wrap=True)
        row.addWidget(self.text, 1)
        outer.addLayout(row)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._buttons.addStretch(1)
        outer.addLayout(self._buttons)
        self.show_message(tone, text)

    def show_message(self, tone: Tone, text: str) -> None:
        """Change tone and words."""
        self.setProperty("tone", (tone if tone is not Tone.NORMAL else Tone.INFO).value)
        names = {Tone.OK: "check", Tone.WARN: "warning", Tone.DANGER: "warning"}
        self._mark.setPixmap(
            pixmap(names.get(tone, "info"), tone.ink, 18, self.devicePixelRatioF())
        )
        self.text.setText(text)
        self.style().unpolish(self)
        self.style().polish(self)

    def add_button(self, text: str, on_click: Callable[[], object]) -> None:
        """A small button below the words."""
        self._buttons.insertWidget(self._buttons.count() - 1, small_button(text, on_click))


class EmptyState(QWidget):
    """Nothing here yet: one sentence, one button, one link to the manual."""

    manual_requested = Signal(str)

    def __init__(
        self,
        sentence: str,
        action: str = "",
        on_action: Callable[[], object] | None = None,
        *,
        manual: str = "",
        icon_name: str = "clipboard",
    ) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        mark = QLabel()
        mark.setPixmap(pixmap(icon_name, LIGHT.empty, 36, self.devicePixelRatioF()))
        column.addWidget(mark, 0, Qt.AlignmentFlag.AlignHCenter)
        self.sentence = label(sentence, "secondary", wrap=True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.sentence)
        if action:
            self.button = button(action, on_action)
            column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        if manual:
            link = link_button(
                f"看手册：{manual}", lambda: self.manual_requested.emit(manual), "book"
            )
            column.addWidget(link, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)


class FactGrid(QWidget):
    """Label and value, line by line: the facts of a detail pane."""

    def __init__(self, label_width: int = 80) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(7)
        self._label_width = label_width

    def show_facts(self, facts: list[tuple[str, str]]) -> None:
        """Replace all lines; an empty value shows “—”."""
        clear_layout(self._column)
        for name, value in facts:
            row = QHBoxLayout()
            row.setSpacing(0)
            key = label(name, "secondary", wrap=True)
            key.setFixedWidth(self._label_width)
            text = label(value or "—", "" if value else "secondary", wrap=True)
            text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            row.addWidget(key, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(text, 1, Qt.AlignmentFlag.AlignTop)
            self._column.addLayout(row)
