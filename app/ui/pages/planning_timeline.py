"""期间: years and their quarters, each with what became of it."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.db.read.draws import DrawBrief
from app.domain.periods import Period, Span
from app.ui import theme
from app.ui.icons import paint_icon
from app.ui.theme import LIGHT

_YEAR_HEIGHT = 52
_ITEM_HEIGHT = 58
_ENTRY = Qt.ItemDataRole.UserRole + 1


class Stage(enum.Enum):
    """How far a period has come."""

    DRAWN = "drawn"
    OPEN = "open"
    DUE = "due"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a year (``stage`` None) or a period in it."""

    period: Period
    title: str
    note: str
    stage: Stage | None = None
    unfolded: bool = False


def entries(
    draws: Sequence[DrawBrief], today: date, unfolded: frozenset[int], first_due: Period
) -> tuple[Entry, ...]:
    """Years newest first; of an unfolded year its quarters and whatever else was drawn for."""
    real = [draw for draw in draws if not draw.rehearsal]
    years = {Period.parse(draw.period).year for draw in real} | {today.year, first_due.year}
    lines: list[Entry] = []
    for year in sorted(years, reverse=True):
        mine = [draw for draw in real if Period.parse(draw.period).year == year]
        count = sum(draw.selected for draw in mine)
        note = f"已抽 {count} 家" if count else "还没有抽取"
        is_open = year in unfolded
        whole = Period(year, Span.YEAR)
        lines.append(Entry(whole, f"{year} 年", note, None, is_open))
        if is_open:
            lines.extend(_of_year(whole, mine, today, first_due))
    return tuple(lines)


def _of_year(
    year: Period, draws: Sequence[DrawBrief], today: date, first_due: Period
) -> list[Entry]:
    periods = set(year.contained(Span.QUARTER)) | {Period.parse(draw.period) for draw in draws}
    return [
        _entry(period, [d for d in draws if Period.parse(d.period) == period], today, first_due)
        for period in sorted(periods, key=lambda one: (one.first_day, one.span.months))
    ]


def _entry(period: Period, draws: Sequence[DrawBrief], today: date, first_due: Period) -> Entry:
    title = period.in_words().removeprefix(f"{period.year}年") or "全年"
    closed = [draw for draw in draws if draw.state == "closed"]
    if any(draw.state in {"frozen", "committed"} for draw in draws):
        return Entry(period, title, "抽取还没有结束", Stage.OPEN)
    if closed:
        selected, done = sum(d.selected for d in closed), sum(d.done for d in closed)
        return Entry(period, title, f"抽 {selected} 家，查完 {done} 家", Stage.DRAWN)
    if period.first_day > max(today, first_due.first_day):
        return Entry(period, title, "还没有到期", Stage.IDLE)
    if period.last_day < today:
        return Entry(period, title, "没有抽取", Stage.IDLE)
    return Entry(period, title, "待抽取", Stage.DUE)


class PeriodTimeline(QListWidget):
    """``chosen`` gives the ``Period`` a person picked; years fold and unfold."""

    chosen = Signal(object)
    folded = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(_EntryDelegate(self))
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("期间")
        self.currentItemChanged.connect(self._on_current)
        self.itemClicked.connect(self._on_clicked)
        self._filling = False

    def show_entries(self, lines: Sequence[Entry], current: Period) -> None:
        """Replace all lines and mark ``current`` without announcing it."""
        self._filling = True
        self.clear()
        for entry in lines:
            item = QListWidgetItem(f"{entry.title}，{entry.note}")
            item.setData(_ENTRY, entry)
            height = _YEAR_HEIGHT if entry.stage is None else _ITEM_HEIGHT
            item.setSizeHint(QSize(10, height))
            self.addItem(item)
            if entry.stage is not None and entry.period == current:
                self.setCurrentItem(item)
        self._filling = False

    def entry(self, line: int) -> Entry:
        """The entry of a line."""
        found: Entry = self.item(line).data(_ENTRY)
        return found

    def _on_current(self, item: QListWidgetItem | None) -> None:
        entry = item.data(_ENTRY) if item is not None else None
        if not self._filling and entry is not None and entry.stage is not None:
            self.chosen.emit(entry.period)

    def _on_clicked(self, item: QListWidgetItem) -> None:
        entry: Entry = item.data(_ENTRY)
        if entry.stage is None:
            self.folded.emit(entry.period.year)


class _EntryDelegate(QStyledItemDelegate):
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        entry: Entry = index.data(_ENTRY)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        here = bool(state & QStyle.StateFlag.State_Selected) and entry.stage is not None
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if here:
            painter.fillRect(rect, QColor(LIGHT.selection))
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), QColor(LIGHT.accent))
        if entry.stage is None:
            self._paint_year(painter, rect, entry, index.row())
        else:
            self._paint_mark(painter, rect, entry.stage)
        self._paint_words(painter, rect, entry, here)
        painter.restore()

    def _paint_year(self, painter: QPainter, rect: QRect, entry: Entry, row: int) -> None:
        if row:
            painter.fillRect(rect.left(), rect.top(), rect.width(), 1, QColor(LIGHT.line))
        name = "chevron-down" if entry.unfolded else "chevron-right"
        box = QRect(rect.left() + 12, rect.top() + 9, 16, 16)
        paint_icon(painter, box, name, LIGHT.secondary)

    def _paint_mark(self, painter: QPainter, rect: QRect, stage: Stage) -> None:
        box = QRectF(rect.left() + 15, rect.top() + 10, 16, 16)
        if stage is Stage.DRAWN:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(LIGHT.ok))
            painter.drawEllipse(box)
            paint_icon(painter, box.adjusted(2, 2, -2, -2), "check", LIGHT.surface)
            return
        colour = {Stage.DUE: LIGHT.accent, Stage.OPEN: LIGHT.warn}.get(stage, LIGHT.control_border)
        painter.setPen(QPen(QColor(colour), 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(box.adjusted(1, 1, -1, -1))
        if stage is not Stage.IDLE:
            painter.setBrush(QColor(colour))
            painter.drawEllipse(box.adjusted(5, 5, -5, -5))

    def _paint_words(self, painter: QPainter, rect: QRect, entry: Entry, here: bool) -> None:
        left = rect.left() + (36 if entry.stage is None else 42)
        width = rect.right() - left - 8
        painter.setFont(theme.sans(bold=here or entry.stage is None))
        painter.setPen(QColor(LIGHT.accent_strong if here else LIGHT.text))
        painter.drawText(QRect(left, rect.top() + 7, width, 20), theme.ALIGN_LEFT, entry.title)
        painter.setFont(theme.sans(theme.SMALL_PX))
        painter.setPen(QColor(LIGHT.warn if entry.stage is Stage.OPEN else LIGHT.secondary))
        note = painter.fontMetrics().elidedText(entry.note, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRect(left, rect.top() + 28, width, 18), theme.ALIGN_LEFT, note)
