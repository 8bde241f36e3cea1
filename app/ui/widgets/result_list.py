"""The left side of 检查结果: tasks in groups by state, the secret ones as a number only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from app.db.read.tasks import Progress, TaskRow
from app.ui import theme
from app.ui.icons import paint_icon
from app.ui.theme import LIGHT, Tone

__all__ = ["PROGRESS_TONES", "ResultList", "days_left"]

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ENTRY = Qt.ItemDataRole.UserRole + 1
_HEAD = 30
_FOLD = 40
_PAD = 16

PROGRESS_TONES = {
    Progress.RETURNED: Tone.DANGER,
    Progress.TO_ENTER: Tone.ACCENT,
    Progress.ENTERING: Tone.ACCENT,
    Progress.SUBMITTED: Tone.WARN,
    Progress.LOCKED: Tone.OK,
    Progress.OPEN: Tone.NORMAL,
}
"""How a task's state is coloured, on every page."""

_GROUPS = (
    ("退回修改", (Progress.RETURNED,)),
    ("待录入", (Progress.TO_ENTER, Progress.ENTERING)),
    ("待复核", (Progress.SUBMITTED,)),
    ("已锁定", (Progress.LOCKED,)),
)
_SENT_BACK = "平台退回"
_FOLDABLE = "已锁定"
_AGAIN = "原结果作废，待重新检查"
_SECRET = "未检查（名单保密）"  # noqa: S105 - words, not a password


@dataclass(frozen=True, slots=True)
class _Head:
    """A group's line; ``folded`` None: it cannot be folded; ``secret``: names stay hidden."""

    title: str
    count: int
    folded: bool | None = None
    secret: bool = False


def days_left(task: TaskRow, today: date, kept: frozenset[int] = frozenset()) -> str:
    """The small words at the right of a task: 还有 5 天, 逾期 2 天, 已 4 天.

    ``kept``: tasks whose result is not made public, by decision or by the rulebook.
    """
    if task.progress is Progress.LOCKED:
        if task.published_on:
            return "已公示"
        return "不公示" if task.id in kept else "待公示"
    if task.progress is Progress.SUBMITTED and task.submitted_at is not None:
        return _since(task.submitted_at.astimezone().date(), today)
    if task.progress is Progress.RETURNED and task.returned_at is not None:
        return _since(task.returned_at.astimezone().date(), today)
    left = (task.due_on - today).days
    if left == 0:
        return "今天到期"
    return f"还有 {left} 天" if left > 0 else f"逾期 {-left} 天"


def _since(day: date, today: date) -> str:
    days = (today - day).days
    return {0: "今天", 1: "昨天"}.get(days, f"已 {days} 天")


class _Model(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.entries: list[_Head | TaskRow] = []
        self.today = date.min
        self.kept: frozenset[int] = frozenset()

    def set_entries(
        self, entries: list[_Head | TaskRow], today: date, kept: frozenset[int]
    ) -> None:
        self.beginResetModel()
        self.entries = entries
        self.today = today
        self.kept = kept
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        if role == _ENTRY:
            return entry
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if isinstance(entry, _Head):
                return f"{entry.title} {entry.count} 家"
            state = _SENT_BACK if entry.sent_back else entry.progress.label
            return f"{entry.shown_name}，{state}"
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(entry, TaskRow):
            return f"平台退回：{entry.sent_back}" if entry.sent_back else None
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        entry = self.entries[index.row()] if index.isValid() else None
        if isinstance(entry, _Head) and entry.folded is None and not entry.secret:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Delegate(QStyledItemDelegate):
    def __init__(self, parent: ResultList) -> None:
        super().__init__(parent)
        self._list = parent

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        entry = index.data(_ENTRY)
        if isinstance(entry, TaskRow):
            return QSize(100, theme.ROW_TWO_LINES)
        fixed = entry.folded is None and not entry.secret
        return QSize(100, _HEAD if fixed else _FOLD)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        entry = index.data(_ENTRY)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(entry, _Head):
            self._paint_head(painter, rect, entry, bool(state & QStyle.StateFlag.State_HasFocus))
        else:
            self._paint_task(painter, rect, entry, selected)
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, QColor(LIGHT.line))
        painter.restore()

    def _paint_head(self, painter: QPainter, rect: QRect, head: _Head, focused: bool) -> None:
        fold = head.folded is not None or head.secret
        ground = LIGHT.hover if focused and fold else LIGHT.surface if fold else LIGHT.raised
        painter.fillRect(rect, QColor(ground))
        left = rect.left() + _PAD
        if fold:
            name = "lock" if head.secret else "chevron-right" if head.folded else "chevron-down"
            box = QRectF(left - 1, rect.center().y() - 7, 15, 15)
            paint_icon(painter, box, name, LIGHT.secondary)
            left += 20
        painter.setFont(theme.sans(bold=not fold))
        painter.setPen(QColor(LIGHT.text))
        inner = QRect(left, rect.top(), rect.right() - _PAD - left, rect.height())
        painter.drawText(inner, theme.ALIGN_LEFT, head.title)
        after = painter.fontMetrics().horizontalAdvance(head.title) + 8
        painter.setFont(theme.sans(theme.SMALL_PX if not fold else theme.BODY_PX))
        painter.setPen(QColor(LIGHT.secondary))
        if fold:
            painter.drawText(inner, theme.ALIGN_RIGHT, f"{head.count} 家")
        else:
            painter.drawText(inner.adjusted(after, 0, 0, 0), theme.ALIGN_LEFT, f"{head.count} 家")

    def _paint_task(self, painter: QPainter, rect: QRect, task: TaskRow, selected: bool) -> None:
        painter.fillRect(rect, QColor(LIGHT.selection if selected else LIGHT.surface))
        if selected:
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), QColor(LIGHT.accent))
        inner = rect.adjusted(_PAD, 7, -_PAD, -7)
        upper = QRect(inner.left(), inner.top(), inner.width(), 20)
        lower = QRect(inner.left(), inner.top() + 21, inner.width(), 18)
        words, tone = task.progress.label, PROGRESS_TONES[task.progress]
        if task.again:
            words, tone = "待重查", Tone.WARN
        if task.sent_back:
            words, tone = _SENT_BACK, Tone.DANGER
        chip = self._paint_chip(painter, upper, words, tone)
        painter.setFont(theme.sans(bold=selected))
        painter.setPen(QColor(LIGHT.text))
        room = upper.width() - chip - 10
        name = painter.fontMetrics().elidedText(task.shown_name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(upper, theme.ALIGN_LEFT, name)
        painter.setFont(theme.sans(theme.SMALL_PX))
        painter.setPen(QColor(LIGHT.secondary))
        model = self._list.model_of_results
        when = days_left(task, model.today, model.kept)
        painter.drawText(lower, theme.ALIGN_RIGHT, when)
        room = lower.width() - painter.fontMetrics().horizontalAdvance(when) - 10
        day = task.inspected_on
        parts = [task.serial, task.team, f"{day.month} 月 {day.day} 日检查" if day else ""]
        words = "   ".join(part for part in parts if part)
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(lower, theme.ALIGN_LEFT, shown)

    def _paint_chip(self, painter: QPainter, line: QRect, words: str, tone: Tone) -> int:
        painter.setFont(theme.sans(theme.SMALL_PX))
        width = painter.fontMetrics().horizontalAdvance(words) + 14
        box = QRect(line.right() - width + 1, line.top(), width, theme.CHIP)
        if tone.fill:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tone.fill))
            painter.drawRoundedRect(QRectF(box), 3, 3)
        painter.setPen(QColor(tone.ink))
        painter.drawText(box, theme.ALIGN_CENTER, words)
        return width


class ResultList(QListView):
    """``chosen`` gives a ``TaskRow``; ``secret_opened`` asks to register an inspection."""

    chosen = Signal(object)
    secret_opened = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.model_of_results = _Model()
        self.model_of_results.setParent(self)
        self.setModel(self.model_of_results)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName("检查结果列表")
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._tasks: Sequence[TaskRow] = ()
        self._open_ones = 0
        self._today = date.min
        self._kept: frozenset[int] = frozenset()
        self._folded = True
        self.selectionModel().currentChanged.connect(self._on_current)

    def show_tasks(
        self,
        tasks: Sequence[TaskRow],
        open_ones: int,
        today: date,
        kept: frozenset[int] = frozenset(),
    ) -> None:
        """Show these; ``open_ones``: how many are secret; ``kept``: whose results stay unpublished.

        The selection stays if it can.
        """
        current = self.current_task
        self._tasks, self._open_ones, self._today = tasks, open_ones, today
        self._kept = kept
        self._fill()
        if current is not None:
            # Silently: keeping the place is no choice of a person's.
            self.blockSignals(True)
            self.select_task(current.id)
            self.blockSignals(False)

    @property
    def current_task(self) -> TaskRow | None:
        """The selected task."""
        entry = self.currentIndex().data(_ENTRY)
        return entry if isinstance(entry, TaskRow) else None

    @property
    def shown_tasks(self) -> tuple[TaskRow, ...]:
        """Tasks as listed, top to bottom."""
        return tuple(e for e in self.model_of_results.entries if isinstance(e, TaskRow))

    def select_task(self, assignment_id: int) -> bool:
        """Select a task, unfolding its group; False if it is not listed."""
        locked = any(t.id == assignment_id and t.progress is Progress.LOCKED for t in self._tasks)
        if locked and self._folded:
            self._folded = False
            self._fill()
        for row, entry in enumerate(self.model_of_results.entries):
            if isinstance(entry, TaskRow) and entry.id == assignment_id:
                self.setCurrentIndex(self.model_of_results.index(row, 0))
                return True
        return False

    def _fill(self) -> None:
        groups: Mapping[str, list[TaskRow]] = {
            title: [task for task in self._tasks if task.progress in states]
            for title, states in _GROUPS
        }
        entries: list[_Head | TaskRow] = []
        told = [task for task in self._tasks if task.sent_back]
        if told:
            entries += [_Head(_SENT_BACK, len(told)), *told]
            groups = {
                title: [task for task in tasks if not task.sent_back]
                for title, tasks in groups.items()
            }
        groups = {_AGAIN: [task for task in self._tasks if task.again], **groups}
        for title, tasks in groups.items():
            if not tasks:
                continue
            foldable = title == _FOLDABLE
            entries.append(_Head(title, len(tasks), self._folded if foldable else None))
            if not (foldable and self._folded):
                entries += tasks
        if self._open_ones:
            entries.append(_Head(_SECRET, self._open_ones, secret=True))
        # The reset is no choice of a person's: it must not open or close a form.
        self.selectionModel().blockSignals(True)
        self.model_of_results.set_entries(entries, self._today, self._kept)
        self.selectionModel().blockSignals(False)

    def _on_current(self, current: QModelIndex) -> None:
        entry = current.data(_ENTRY)
        if isinstance(entry, TaskRow):
            self.chosen.emit(entry)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if not self._act_on(index.data(_ENTRY) if index.isValid() else None):
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        pressed = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if not (pressed and self._act_on(self.currentIndex().data(_ENTRY))):
            super().keyPressEvent(event)

    def _act_on(self, entry: object) -> bool:
        if not isinstance(entry, _Head):
            return False
        if entry.secret:
            self.secret_opened.emit()
        elif entry.folded is not None:
            current = self.current_task
            self._folded = not self._folded
            self._fill()
            if current is not None and not (self._folded and current.progress is Progress.LOCKED):
                self.select_task(current.id)
        return True
