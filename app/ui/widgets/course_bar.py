"""Where a task stands: nine stages beside each other, below them the next step in words.

::

    bar = CourseBar()
    bar.show_course(stages(state, steps), "办理检查审批", "检查审批…")
    bar.wanted.connect(...)           # the link beside the next step was pressed
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from app.domain.course_view import Stage, Standing
from app.ui import theme
from app.ui.theme import LIGHT
from app.ui.widgets.basics import ElidedLabel, label
from app.ui.widgets.buttons import link_button

__all__ = ["CourseBar"]

_HEIGHT = 36
_DOT = 9.0
_RADIUS = 6.0


class CourseBar(QWidget):
    """The stages and the next step; ``wanted`` when the link beside it is pressed."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self.line = _Line()
        column.addWidget(self.line)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label("下一步", "secondary"))
        self.words = ElidedLabel("", "strong")
        self.link = link_button("", self.wanted.emit)
        row.addWidget(self.words, 1)
        row.addWidget(self.link)
        column.addLayout(row)

    def show_course(self, found: Sequence[Stage], words: str, action: str = "") -> None:
        """Show these stages; ``action``: the words of the link, none if empty."""
        self.line.show_stages(found)
        self.words.set_text(words)
        self.link.setText(action)
        self.link.setVisible(bool(action))


class _Line(QWidget):
    """Dots joined by a line, a word under each."""

    def __init__(self) -> None:
        super().__init__()
        self._stages: tuple[Stage, ...] = ()
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(480, _HEIGHT)

    def show_stages(self, found: Sequence[Stage]) -> None:
        """Replace them."""
        self._stages = tuple(found)
        self.setAccessibleName("办理进度")
        self.setAccessibleDescription("；".join(_said(each) for each in found))
        self.update()

    def _cell(self, at: int) -> QRect:
        width = self.width() / max(len(self._stages), 1)
        return QRect(int(at * width), 0, int(width), _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at, stage in enumerate(self._stages):
            cell = self._cell(at)
            if at:
                reached = stage.standing is not Standing.AHEAD
                painter.setPen(QPen(QColor(LIGHT.accent if reached else LIGHT.table_line), 2))
                before = self._cell(at - 1).center().x() + _RADIUS + 3
                painter.drawLine(
                    QPointF(before, _DOT), QPointF(cell.center().x() - _RADIUS - 3, _DOT)
                )
            _dot(painter, QPointF(cell.center().x(), _DOT), stage.standing)
            _word(painter, cell, stage)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            for at, stage in enumerate(self._stages):
                if self._cell(at).contains(event.pos()):
                    QToolTip.showText(event.globalPos(), _said(stage), self)
            return True
        return super().event(event)


def _said(stage: Stage) -> str:
    ahead = {Standing.AHEAD: "，还没有到", Standing.SKIPPED: "，没有登记"}
    day = f"，{stage.on}" if stage.on else ""
    return f"{stage.label}{ahead.get(stage.standing, day)}"


def _dot(painter: QPainter, centre: QPointF, standing: Standing) -> None:
    filled = standing in {Standing.DONE, Standing.NOW}
    colour = LIGHT.accent if filled else LIGHT.control_border
    painter.setPen(QPen(QColor(colour), 1.4))
    painter.setBrush(QColor(colour if filled else LIGHT.surface))
    painter.drawEllipse(centre, _RADIUS, _RADIUS)
    x, y = centre.x(), centre.y()
    if standing is Standing.DONE:
        painter.setPen(QPen(QColor(LIGHT.surface), 1.6))
        painter.drawPolyline([QPointF(x - 3, y), QPointF(x - 1, y + 2.4), QPointF(x + 3, y - 2.4)])
    elif standing is Standing.NOW:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(LIGHT.surface))
        painter.drawEllipse(centre, 2.4, 2.4)
    elif standing is Standing.SKIPPED:
        painter.drawLine(QPointF(x - 3, y), QPointF(x + 3, y))


def _word(painter: QPainter, cell: QRect, stage: Stage) -> None:
    now = stage.standing is Standing.NOW
    painter.setFont(theme.sans(theme.SMALL_PX, bold=now))
    inks = {Standing.AHEAD: LIGHT.placeholder, Standing.SKIPPED: LIGHT.warn}
    painter.setPen(QColor(inks.get(stage.standing, LIGHT.text)))
    words = QRectF(cell.left(), 2 * _DOT, cell.width(), _HEIGHT - 2 * _DOT)
    painter.drawText(words, Qt.AlignmentFlag.AlignCenter, stage.label)
