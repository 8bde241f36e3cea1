"""期间: years and their quarters, each with what became of it."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
    """One line: a year (``stage`` None), its annual plan, or a period in it."""

    period: Period
    title: str
    note: str
    stage: Stage | None = None
    unfolded: bool = False
    annual: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What is known of plans: states of years' and periods' plans in words, days to draw by.

    ``wanted``: periods to list although nothing was planned or drawn for them.
    """

    years: Mapping[int, str] = field(default_factory=dict)
    periods: Mapping[str, str] = field(default_factory=dict)
    draw_by: Mapping[str, date] = field(default_factory=dict)
    wanted: frozenset[Period] = frozenset()


_NO_PLANS = Planned()
_LAST_MONTH = 12


def entries(
    draws: Sequence[DrawBrief],
    today: date,
    unfolded: frozenset[int],
    first_due: Period,
    planned: Planned = _NO_PLANS,
) -> tuple[Entry, ...]:
    """Years newest first; of an unfolded year its annual plan, its quarters and whatever else
    was planned or drawn for."""
    real = [draw for draw in draws if not draw.rehearsal]
    years = {Period.parse(draw.period).year for draw in real} | {today.year, first_due.year}
    years |= set(planned.years) | {Period.parse(each).year for each in planned.periods}
    years |= {each.year for each in planned.wanted}
    if today.month == _LAST_MONTH:
        # Next year's plan is made now.
        years.add(today.year + 1)
    lines: list[Entry] = []
    for year in sorted(years, reverse=True):
        mine = [draw for draw in real if Period.parse(draw.period).year == year]
        count = sum(draw.selected for draw in mine)
        note = f"已抽 {count} 家" if count else "还没有抽取"
        is_open = year in unfolded
        whole = Period(year, Span.YEAR)
        lines.append(Entry(whole, f"{year} 年", note, None, is_open))
        if is_open:
            lines.append(_annual(whole, planned, today))
            lines.extend(_of_year(whole, mine, today, first_due, planned))
    return tuple(lines)


def _annual(year: Period, planned: Planned, today: date) -> Entry:
    words = planned.years.get(year.year, "")
    if words:
        stage = Stage.OPEN if words == "待批准" else Stage.DRAWN
        return Entry(year, "年度计划", words, stage, annual=True)
    stage = Stage.DUE if year.year >= today.year else Stage.IDLE
    return Entry(year, "年度计划", "没有编制", stage, annual=True)


def _of_year(
    year: Period, draws: Sequence[DrawBrief], today: date, first_due: Period, planned: Planned
) -> list[Entry]:
    periods = set(year.contained(Span.QUARTER)) | {Period.parse(draw.period) for draw in draws}
    periods |= {Period.parse(each) for each in planned.periods} | planned.wanted
    return [
        _entry(
            period,
            [draw for draw in draws if Period.parse(draw.period) == period],
            today,
            first_due,
            planned,
        )
        for period in sorted(periods, key=lambda one: (one.first_day, one.span.months))
        if period.year == year.year
    ]


def _entry(
    period: Period, draws: Sequence[DrawBrief], today: date, first_due: Period, planned: Planned
) -> Entry:
    title = period.in_words().removeprefix(f"{period.year}年") or "全年"
    closed = [draw for draw in draws if draw.state == "closed"]
    if any(draw.state in {"frozen", "committed"} for draw in draws):
        return Entry(period, title, "抽取还没有结束", Stage.OPEN)
    if closed:
        selected, done = sum(d.selected for d in closed), sum(d.done for d in closed)
        return Entry(period, title, f"抽 {selected} 家，查完 {done} 家", Stage.DRAWN)
    plan = planned.periods.get(str(period), "")
    if period.first_day > max(today, first_due.first_day):
        return Entry(period, title, f"计划{plan}" if plan else "还没有到期", Stage.IDLE)
    if period.last_day < today:
        return Entry(period, title, "没有抽取", Stage.IDLE)
    by = planned.draw_by.get(str(period))
    words = f"应在 {by.month} 月 {by.day} 日前抽取" if by is not None else "待抽取"
    return Entry(period, title, words, Stage.DUE)


class PeriodTimeline(QListWidget):
    """``chosen`` gives the ``Period`` a person picked, ``annual_chosen`` the year whose plan
    was; years fold and unfold."""

    chosen = Signal(object)
    annual_chosen = Signal(int)
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

    def show_entries(
        self, lines: Sequence[Entry], current: Period, *, annual: bool = False
    ) -> None:
        """Replace all lines and mark ``current`` (``annual``: the year's plan) silently."""
        self._filling = True
        self.clear()
        for entry in lines:
            item = QListWidgetItem(f"{entry.title}，{entry.note}")
            item.setData(_ENTRY, entry)
            height = _YEAR_HEIGHT if entry.stage is None else _ITEM_HEIGHT
            item.setSizeHint(QSize(10, height))
            self.addItem(item)
            if entry.stage is not None and entry.period == current and entry.annual == annual:
                self.setCurrentItem(item)
        self._filling = False

    def entry(self, line: int) -> Entry:
        """The entry of a line."""
        found: Entry = self.item(line).data(_ENTRY)
        return found

    def _on_current(self, item: QListWidgetItem | None) -> None:
        entry = item.data(_ENTRY) if item is not None else None
        if self._filling or entry is None or entry.stage is None:
            return
        if entry.annual:
            self.annual_chosen.emit(entry.period.year)
        else:
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
