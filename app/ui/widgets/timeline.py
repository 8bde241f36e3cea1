"""What happened when: a dot per event, newest first, joined by a line.

::

    timeline = Timeline()
    timeline.show_events([Event("2026-08-26", "双随机抽查", "发现问题，责令整改", Tone.DANGER)])
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.theme import LIGHT, Tone
from app.ui.widgets.basics import clear_layout, label
from app.ui.widgets.buttons import link_button

_INDENT = 20


@dataclass(frozen=True, slots=True)
class Event:
    """One event: day, what, and one line about it; colour comes with those words.

    ``action`` and ``on_action``: a link beside it, for what can be taken back.
    """

    on: str
    title: str
    note: str = ""
    tone: Tone = Tone.NORMAL
    action: str = ""
    on_action: Callable[[], object] | None = None


class Timeline(QWidget):
    """Events below one another."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_events(self, events: Sequence[Event]) -> None:
        """Replace all events."""
        clear_layout(self._column)
        for number, event in enumerate(events):
            self._column.addWidget(_EventLine(event, last=number == len(events) - 1))


class _EventLine(QWidget):
    """One event with its dot."""

    def __init__(self, event: Event, *, last: bool) -> None:
        super().__init__()
        self._tone = event.tone
        self._last = last
        column = QVBoxLayout(self)
        column.setContentsMargins(_INDENT, 0, 0, 10)
        column.setSpacing(1)
        head = QHBoxLayout()
        head.addWidget(label(f"{event.on}　{event.title}", wrap=True), 1)
        if event.on_action is not None:
            head.addWidget(link_button(event.action, event.on_action))
        column.addLayout(head)
        self._note: QLabel | None = None
        if event.note:
            note = self._note = label(event.note, "small", wrap=True)
            note.setStyleSheet(f"color: {event.tone.ink};")
            column.addWidget(note)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # A layout asks a wrapping label for its height before it knows its width.
        if self._note is not None:
            self._note.setMinimumHeight(self._note.heightForWidth(self.width() - _INDENT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._last:
            painter.setPen(QPen(QColor(LIGHT.table_line), 1))
            painter.drawLine(QPointF(5, 16), QPointF(5, self.height() + 4))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._tone.ink))
        painter.drawEllipse(QPointF(5, theme.BODY_PX / 2 + 3), 3.5, 3.5)


__all__ = ["Event", "Timeline"]
