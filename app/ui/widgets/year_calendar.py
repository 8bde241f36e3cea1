"""A year on one sheet: days off, weekend days worked, days on which something is due.

Colour is never alone: a day off lies on a filled ground, a worked weekend day in a frame, a
deadline has a line under it, and pointing at a day, or going there by the arrow keys, has all of
it said in words.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.ui import theme
from app.ui.theme import LIGHT

__all__ = ["YearCalendar"]

_ACROSS = 4
_TITLE = 22
_WEEK = 18
_GAP = 12
_LINES = 6
_WEEKDAYS = "一二三四五六日"
_SATURDAY = 5
_LAST_MONTH = 12
_LEGEND = 24
_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -7,
    Qt.Key.Key_Down: 7,
}
_MONTHS = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


class YearCalendar(QWidget):
    """Twelve months; ``day_clicked`` gives the date."""

    day_clicked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._year = date.today().year
        self._today = date.min
        self._off: frozenset[date] = frozenset()
        self._on: frozenset[date] = frozenset()
        self._due: Mapping[date, tuple[str, bool]] = {}
        self._chosen: date | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(600, 440)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_year(
        self,
        year: int,
        today: date,
        holidays: frozenset[date],
        workdays: frozenset[date],
        due: Mapping[date, tuple[str, bool]],
    ) -> None:
        """``due``: words and whether it is late, by day."""
        self._year, self._today = year, today
        self._off, self._on, self._due = holidays, workdays, due
        self._chosen = None
        self.setAccessibleName(f"{year} 年工作日历")
        self.setAccessibleDescription("；".join(self.words(day) for day in sorted(due)))
        self.update()

    def choose(self, day: date | None) -> None:
        """Mark a day."""
        self._chosen = day
        self.update()

    @property
    def chosen(self) -> date | None:
        """The day that is marked."""
        return self._chosen

    def words(self, day: date) -> str:
        """Everything about a day."""
        kind = "放假" if day in self._off else "调休上班" if day in self._on else ""
        if not kind:
            kind = "周末" if day.weekday() >= _SATURDAY else "工作日"
        due = self._due.get(day)
        tail = f"：{due[0]}" if due else ""
        return f"{day.isoformat()} 周{_WEEKDAYS[day.weekday()]} {kind}{tail}"

    def sizeHint(self) -> QSize:
        return QSize(720, 560)

    # -- where a day is ----------------------------------------------------

    def _cell(self) -> tuple[float, float]:
        """Width and height of a day."""
        width = (self.width() - _GAP * (_ACROSS - 1)) / _ACROSS / 7
        rows = 12 // _ACROSS
        room = self.height() - _LEGEND - _GAP * (rows - 1) - rows * (_TITLE + _WEEK)
        return width, room / rows / _LINES

    def _month_corner(self, month: int) -> QPointF:
        width, height = self._cell()
        across, down = (month - 1) % _ACROSS, (month - 1) // _ACROSS
        return QPointF(
            across * (width * 7 + _GAP),
            _LEGEND + down * (_TITLE + _WEEK + height * _LINES + _GAP),
        )

    def rect_of(self, day: date) -> QRectF:
        """Where a day is painted."""
        width, height = self._cell()
        corner = self._month_corner(day.month)
        place = date(day.year, day.month, 1).weekday() + day.day - 1
        return QRectF(
            corner.x() + place % 7 * width,
            corner.y() + _TITLE + _WEEK + place // 7 * height,
            width,
            height,
        )

    def day_at(self, at: QPointF) -> date | None:
        """The day under a point."""
        for month in range(1, 13):
            for number in range(1, calendar.monthrange(self._year, month)[1] + 1):
                day = date(self._year, month, number)
                if self.rect_of(day).contains(at):
                    return day
        return None

    # -- painting ----------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_legend(painter)
        for month in range(1, 13):
            self._paint_month(painter, month)

    def _paint_legend(self, painter: QPainter) -> None:
        painter.setFont(theme.sans(theme.SMALL_PX))
        left = 0.0
        for words, mark in (
            ("放假", self._fill_off),
            ("调休上班", self._frame_on),
            ("有期限", self._line_due),
            ("逾期", self._line_late),
            ("今天", self._ring_today),
        ):
            mark(painter, QRectF(left, 3, 20, 16))
            painter.setPen(QColor(LIGHT.secondary))
            room = QRectF(left + 26, 2, 80, 18)
            painter.drawText(room, theme.ALIGN_LEFT, words)
            left += 26 + painter.fontMetrics().horizontalAdvance(words) + 18

    def _paint_month(self, painter: QPainter, month: int) -> None:
        width, _height = self._cell()
        corner = self._month_corner(month)
        painter.setFont(theme.sans(bold=True))
        painter.setPen(QColor(LIGHT.text))
        painter.drawText(
            QRectF(corner.x() + 6, corner.y(), width * 7, _TITLE), theme.ALIGN_LEFT, f"{month} 月"
        )
        painter.setFont(theme.sans(theme.SMALL_PX))
        for number, name in enumerate(_WEEKDAYS):
            weekend = number >= _SATURDAY
            painter.setPen(QColor(LIGHT.placeholder if weekend else LIGHT.secondary))
            room = QRectF(corner.x() + number * width, corner.y() + _TITLE, width, _WEEK)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, name)
        for number in range(1, calendar.monthrange(self._year, month)[1] + 1):
            self._paint_day(painter, date(self._year, month, number))

    def _paint_day(self, painter: QPainter, day: date) -> None:
        box = self.rect_of(day)
        inner = box.adjusted(1.5, 1.5, -1.5, -1.5)
        if day in self._off:
            self._fill_off(painter, inner)
        elif day in self._on:
            self._frame_on(painter, inner)
        if day == self._today:
            self._ring_today(painter, inner)
        due = self._due.get(day)
        if due is not None:
            (self._line_late if due[1] else self._line_due)(painter, inner)
        if day == self._chosen:
            here = QColor(LIGHT.selection) if self.hasFocus() else Qt.BrushStyle.NoBrush
            painter.setBrush(here)
            painter.setPen(QPen(QColor(LIGHT.accent), 2))
            painter.drawRoundedRect(inner, 3, 3)
        painter.setFont(theme.sans(theme.SMALL_PX, bold=due is not None))
        painter.setPen(QColor(self._ink(day)))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(day.day))

    def _ink(self, day: date) -> str:
        if day in self._off:
            return LIGHT.danger
        if day in self._on:
            return LIGHT.warn
        return LIGHT.placeholder if day.weekday() >= _SATURDAY else LIGHT.text

    def _fill_off(self, painter: QPainter, box: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(LIGHT.danger_chip))
        painter.drawRoundedRect(box, 3, 3)

    def _frame_on(self, painter: QPainter, box: QRectF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(LIGHT.warn), 1.5))
        painter.drawRect(box)

    def _line_due(self, painter: QPainter, box: QRectF) -> None:
        self._line(painter, box, LIGHT.accent)

    def _line_late(self, painter: QPainter, box: QRectF) -> None:
        # Two lines, so that it is not told from the other by its colour alone.
        self._line(painter, box, LIGHT.danger)
        self._line(painter, box.translated(0, -3), LIGHT.danger)

    def _line(self, painter: QPainter, box: QRectF, colour: str) -> None:
        painter.setPen(QPen(QColor(colour), 2))
        y = box.bottom() - 1
        painter.drawLine(QPointF(box.left() + 3, y), QPointF(box.right() - 3, y))

    def _ring_today(self, painter: QPainter, box: QRectF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(LIGHT.text), 1.2))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)

    # -- asking ------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        day = self.day_at(event.position())
        if day is not None:
            self.choose(day)
            self.day_clicked.emit(day)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        here = self._chosen or self._first_day()
        if key in _STEPS:
            self._go_to(here + timedelta(days=_STEPS[key]))
        elif key in _MONTHS:
            month = here.month + _MONTHS[key]
            if 1 <= month <= _LAST_MONTH:
                last = calendar.monthrange(self._year, month)[1]
                self._go_to(date(self._year, month, min(here.day, last)))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self._chosen is None:
            self.choose(self._first_day())
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusOutEvent(event)

    def _first_day(self) -> date:
        """Where the keys begin: today, or the year's first day."""
        return self._today if self._today.year == self._year else date(self._year, 1, 1)

    def _go_to(self, day: date) -> None:
        if day.year != self._year:
            return
        self.choose(day)
        self.day_clicked.emit(day)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            day = self.day_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self.words(day) if day else "", self)
            return True
        return super().event(event)
