"""A guided sequence: the steps at the left with their state.

::

    steps = StepList(["选文件", "对应列", "每行去向", "写入前确认", "完成"])
    steps.go_to(2, note="请逐类看一遍")
    sequence = GuidedSequence([...])          # steps + pages + 上一步 / 下一步
    sequence.add_page(widget)
"""

from __future__ import annotations

from collections.abc import Sequence as Items
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.ui import theme
from app.ui.icons import paint_icon
from app.ui.theme import LIGHT
from app.ui.widgets.basics import label
from app.ui.widgets.buttons import button, primary_button

_STEP = 56
_BARRIER = 26


@dataclass(slots=True)
class _Step:
    title: str
    note: str = ""


class StepList(QWidget):
    """Numbered steps; done ones ticked, the present one filled.

    ``barrier=4`` draws “以下不能返回” before the fifth step.
    """

    def __init__(self, titles: Items[str], *, barrier: int | None = None) -> None:
        super().__init__()
        self._steps = [_Step(title) for title in titles]
        self._current = 0
        self._barrier = barrier
        self.setMinimumWidth(160)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._announce()

    @property
    def current(self) -> int:
        """Number of the present step, from 0."""
        return self._current

    @property
    def count(self) -> int:
        """How many steps there are."""
        return len(self._steps)

    def go_to(self, number: int, *, note: str | None = None) -> None:
        """Make ``number`` the present step; those before it are done."""
        self._current = number
        if note is not None:
            self._steps[number].note = note
        self._announce()
        self.update()

    def set_note(self, number: int, note: str) -> None:
        """The small line below a step: “可抽 205 家，人员 13 人”."""
        self._steps[number].note = note
        self.update()

    def can_go_back(self) -> bool:
        """False on the first step and on the first one after the barrier."""
        return self._current > 0 and self._current != self._barrier

    def sizeHint(self) -> QSize:
        extra = _BARRIER if self._barrier is not None else 0
        return QSize(162, len(self._steps) * _STEP + extra + 16)

    def _announce(self) -> None:
        step = self._steps[self._current]
        self.setAccessibleName(f"第 {self._current + 1} 步，共 {len(self._steps)} 步：{step.title}")

    def _top(self, number: int) -> int:
        passed = self._barrier is not None and number >= self._barrier
        return 8 + number * _STEP + (_BARRIER if passed else 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number in range(len(self._steps)):
            self._paint_step(painter, number)
        if self._barrier is not None:
            self._paint_barrier(painter, self._top(self._barrier) - _BARRIER)

    def _paint_step(self, painter: QPainter, number: int) -> None:
        step, top = self._steps[number], self._top(number)
        here, done = number == self._current, number < self._current
        if here:
            painter.fillRect(0, top, self.width(), _STEP, QColor(LIGHT.selection))
            painter.fillRect(0, top, 3, _STEP, QColor(LIGHT.accent))
        centre = QPointF(27, top + _STEP / 2)
        if number + 1 < len(self._steps) and number + 1 != self._barrier:
            painter.setPen(QPen(QColor(LIGHT.table_line), 1))
            painter.drawLine(centre + QPointF(0, 13), centre + QPointF(0, _STEP - 13))
        self._paint_mark(painter, centre, number, done, here)
        left, width = 46, self.width() - 52
        ink = LIGHT.accent_strong if here else LIGHT.text if done else LIGHT.secondary
        painter.setPen(QColor(ink))
        painter.setFont(theme.sans(bold=here))
        height = 20 if step.note else _STEP
        offset = 8 if step.note else 0
        painter.drawText(QRect(left, top + offset, width, height), theme.ALIGN_LEFT, step.title)
        if step.note:
            painter.setPen(QColor(LIGHT.secondary))
            painter.setFont(theme.sans(theme.SMALL_PX))
            note = painter.fontMetrics().elidedText(step.note, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRect(left, top + 28, width, 18), theme.ALIGN_LEFT, note)

    def _paint_mark(
        self, painter: QPainter, centre: QPointF, number: int, done: bool, here: bool
    ) -> None:
        fill = LIGHT.ok if done else LIGHT.accent if here else None
        painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
        painter.setPen(Qt.PenStyle.NoPen if fill else QPen(QColor(LIGHT.control_border), 1.2))
        painter.drawEllipse(centre, 11.5, 11.5)
        if done:
            paint_icon(
                painter, QRectF(centre.x() - 8, centre.y() - 8, 16, 16), "check", LIGHT.surface
            )
            return
        painter.setPen(QColor(LIGHT.surface if here else LIGHT.secondary))
        painter.setFont(theme.sans(theme.SMALL_PX, bold=True))
        circle = QRectF(centre.x() - 12, centre.y() - 12, 24, 24)
        painter.drawText(circle, theme.ALIGN_CENTER, str(number + 1))

    def _paint_barrier(self, painter: QPainter, top: int) -> None:
        painter.setFont(theme.sans(theme.SMALL_PX))
        painter.setPen(QColor(LIGHT.danger))
        words = "以下不能返回"
        width = painter.fontMetrics().horizontalAdvance(words)
        middle, left = top + _BARRIER / 2, (self.width() - width) / 2
        painter.drawText(QRectF(left, top, width + 2, _BARRIER), theme.ALIGN_CENTER, words)
        painter.setPen(QPen(QColor(LIGHT.danger), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(12, middle), QPointF(left - 10, middle))
        painter.drawLine(QPointF(left + width + 10, middle), QPointF(self.width() - 12, middle))


class GuidedSequence(QWidget):
    """Steps at the left, one decision per page, 上一步 / 下一步 at the bottom right.

    The owner listens to ``next_requested(step)`` and ``back_requested(step)``,
    does the work and calls ``go_to``; nothing moves by itself.
    """

    next_requested = Signal(int)
    back_requested = Signal(int)

    def __init__(
        self, titles: Items[str], *, barrier: int | None = None, side_width: int = 164
    ) -> None:
        super().__init__()
        self.steps = StepList(titles, barrier=barrier)
        self.pages = QStackedWidget()
        self.hint = label("", "secondary")
        self.back = button("上一步", lambda: self.back_requested.emit(self.steps.current))
        self.forward = primary_button(
            "下一步", lambda: self.next_requested.emit(self.steps.current)
        )
        side = QFrame()
        side.setObjectName("card")
        inner = QVBoxLayout(side)
        inner.setContentsMargins(0, 6, 0, 6)
        inner.addWidget(self.steps)
        self.side = inner
        side.setFixedWidth(side_width)
        across = QHBoxLayout()
        across.setSpacing(theme.GAP)
        across.addWidget(side)
        across.addWidget(self.pages, 1)
        self.foot = QHBoxLayout()
        self.foot.setSpacing(8)
        self.foot.addStretch(1)
        self.foot.addWidget(self.hint)
        self.foot.addWidget(self.back)
        self.foot.addWidget(self.forward)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(theme.GAP)
        outer.addLayout(across, 1)
        outer.addLayout(self.foot)
        self._refresh()

    def add_page(self, page: QWidget) -> None:
        """Add the page of the next step."""
        self.pages.addWidget(page)

    def go_to(self, number: int, *, note: str | None = None) -> None:
        """Show step ``number``."""
        self.steps.go_to(number, note=note)
        self.pages.setCurrentIndex(number)
        self._refresh()

    def allow_next(self, allowed: bool, why_not: str = "", text: str = "下一步") -> None:
        """Enable the filled button, or say beside it why it is not."""
        self.forward.setEnabled(allowed)
        self.forward.setText(text)
        self.hint.setText("" if allowed else why_not)

    def _refresh(self) -> None:
        self.back.setVisible(self.steps.can_go_back())


def step_page(title: str, note: str = "") -> tuple[QFrame, QVBoxLayout]:
    """A card for one step: its title, what it is about, and the column for the rest."""
    page = QFrame()
    page.setObjectName("card")
    column = QVBoxLayout(page)
    column.setContentsMargins(20, 18, 20, 16)
    column.setSpacing(12)
    column.addWidget(label(title, "section"))
    if note:
        column.addWidget(label(note, "secondary", wrap=True))
    return page, column
