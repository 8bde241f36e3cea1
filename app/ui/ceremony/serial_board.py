"""The draw serials as they are shown one after the other: never a name, an id or a ticket.

The same board is drawn in the operator's window and on the projector, with other colours and
sizes.  It always fits: the type shrinks to a floor, then the stratum's code is left out of each
cell, then only the stratum being shown stays, then only its newest serials.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui import theme
from app.ui.theme import LIGHT, PROJECTOR


@dataclass(frozen=True, slots=True)
class BoardStratum:
    """One category: its words, “17 抽 10”, its serials in ticket order."""

    label: str
    note: str
    serials: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardLook:
    """Colours, and type in px: ``largest`` is tried first, ``smallest`` is the floor."""

    panel: str
    line: str
    text: str
    secondary: str
    dim: str
    revealed: str
    revealed_ink: str
    newest: str
    newest_ink: str
    heading: int
    note: int
    largest: int
    smallest: int


WINDOW_LOOK = BoardLook(
    panel=LIGHT.surface,
    line=LIGHT.line,
    text=LIGHT.text,
    secondary=LIGHT.secondary,
    dim=LIGHT.placeholder,
    revealed=LIGHT.selection,
    revealed_ink=LIGHT.accent_strong,
    newest=LIGHT.accent,
    newest_ink=LIGHT.surface,
    heading=theme.SECTION_PX,
    note=theme.SMALL_PX,
    largest=18,
    smallest=theme.SMALL_PX,
)
PROJECTOR_LOOK = BoardLook(
    panel=PROJECTOR.panel,
    line=PROJECTOR.line,
    text=PROJECTOR.text,
    secondary=PROJECTOR.secondary,
    dim=PROJECTOR.dim,
    revealed=PROJECTOR.revealed,
    revealed_ink=PROJECTOR.text,
    newest=PROJECTOR.accent,
    newest_ink=PROJECTOR.background,
    heading=36,
    note=28,
    largest=PROJECTOR.serial_px,
    smallest=PROJECTOR.smallest_px,
)


@dataclass(frozen=True, slots=True)
class _Panel:
    """One stratum placed: which of its serials are shown, in how many columns."""

    stratum: BoardStratum
    first: int
    count: int
    columns: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Layout:
    panels: tuple[_Panel, ...]
    font: int
    cell_width: float
    cell_height: float
    rows: int


class SerialBoard(QWidget):
    """``show_strata`` once, then ``show_count(n)`` as they are revealed."""

    def __init__(self, look: BoardLook) -> None:
        super().__init__()
        self._look = look
        self._strata: tuple[BoardStratum, ...] = ()
        self.count = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(160)

    @property
    def strata(self) -> tuple[BoardStratum, ...]:
        """What is on the board."""
        return self._strata

    @property
    def serials(self) -> tuple[str, ...]:
        """All serials in the order they are shown."""
        return tuple(serial for stratum in self._strata for serial in stratum.serials)

    @property
    def shown(self) -> tuple[str, ...]:
        """Those revealed so far."""
        return self.serials[: self.count]

    def show_strata(self, strata: Sequence[BoardStratum], count: int = 0) -> None:
        """Replace everything; the first ``count`` serials are revealed."""
        self._strata = tuple(strata)
        self.show_count(count)

    def show_count(self, count: int) -> None:
        """Reveal the first ``count`` serials."""
        self.count = count
        shown = "、".join(self.shown[-1:])
        self.setAccessibleName(f"已揭晓 {count} / {len(self.serials)}：{shown}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(600, 320)

    # -- layout ------------------------------------------------------------

    def _metrics(self, size: int, bold: bool = True) -> QFontMetricsF:
        return QFontMetricsF(theme.sans(size, bold=bold))

    def _layout(self) -> _Layout:
        current = [self._current()] if self._strata else []
        for strata, shorten in ((self._strata, False), (self._strata, True), (current, True)):
            for size in range(self._look.largest, self._look.smallest - 1, -2):
                found = self._try(strata, size, shorten)
                if found is not None:
                    return found
        return self._newest(current)

    def _current(self) -> BoardStratum:
        """The stratum of the newest serial."""
        left = max(self.count, 1)
        for stratum in self._strata:
            left -= len(stratum.serials)
            if left <= 0:
                return stratum
        return self._strata[-1]

    def _try(self, strata: Sequence[BoardStratum], size: int, shorten: bool) -> _Layout | None:
        words = [_words(stratum.serials, shorten) for stratum in strata]
        width, height, rows = self._cell(size, [word for some in words for word in some])
        if rows < 1:
            return None
        panels = tuple(
            _Panel(
                stratum,
                0,
                len(stratum.serials),
                max(-(-len(stratum.serials) // rows), self._least(stratum, width)),
                some,
            )
            for stratum, some in zip(strata, words, strict=True)
        )
        needed = sum(self._panel_width(panel.columns, width) for panel in panels)
        gaps = self._gap() * (len(panels) - 1)
        if needed + gaps > self.width():
            return None
        return _Layout(panels, size, width, height, rows)

    def _newest(self, strata: Sequence[BoardStratum]) -> _Layout:
        size = self._look.smallest
        if not strata:
            return _Layout((), size, 1, 1, 1)
        stratum = strata[0]
        words = _words(stratum.serials, True)
        width, height, rows = self._cell(size, words)
        rows = max(rows, 1)
        columns = max(int((self.width() - 2 * self._pad()) // (width + self._space())), 1)
        room = rows * columns
        before = sum(len(other.serials) for other in self._strata[: self._strata.index(stratum)])
        newest = max(self.count - before - 1, 0)
        first = newest // room * room
        panel = _Panel(stratum, first, min(room, len(words) - first), columns, words)
        return _Layout((panel,), size, width, height, rows)

    def _cell(self, size: int, words: Sequence[str]) -> tuple[float, float, int]:
        metrics = self._metrics(size)
        widest = max((metrics.horizontalAdvance(word) for word in words), default=0)
        width, height = widest + size * 0.8, size * 1.6
        room = self.height() - self._head() - self._pad()
        return width, height, int((room + self._space()) // (height + self._space()))

    def _least(self, stratum: BoardStratum, width: float) -> int:
        """Columns the heading needs."""
        heading = self._metrics(self._look.heading).horizontalAdvance(stratum.label)
        note = self._metrics(self._look.note, False).horizontalAdvance(f"　{self._note(stratum)}")
        return -(-int(heading + note + 8) // int(width + self._space()))

    def _note(self, stratum: BoardStratum) -> str:
        total = len(stratum.serials)
        return f"{stratum.note}　{total}/{total}"

    def _panel_width(self, columns: int, width: float) -> float:
        return columns * (width + self._space()) - self._space() + 2 * self._pad()

    def _pad(self) -> float:
        return self._look.note * 0.9

    def _space(self) -> float:
        return self._look.note * 0.3

    def _gap(self) -> float:
        return self._look.note * 0.9

    def _head(self) -> float:
        return self._look.heading * 2.4

    # -- painting ----------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        layout = self._layout()
        needed = sum(self._panel_width(each.columns, layout.cell_width) for each in layout.panels)
        spare = self.width() - needed - self._gap() * max(len(layout.panels) - 1, 0)
        share = spare / len(layout.panels) if layout.panels else 0.0
        left = 0.0
        for panel in layout.panels:
            width = self._panel_width(panel.columns, layout.cell_width) + share
            self._paint_panel(painter, QRectF(left, 0, width, self.height()), panel, layout)
            left += width + self._gap()

    def _paint_panel(self, painter: QPainter, rect: QRectF, panel: _Panel, layout: _Layout) -> None:
        look = self._look
        painter.setPen(QPen(QColor(look.line), 1))
        painter.setBrush(QColor(look.panel))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        before = sum(
            len(other.serials) for other in self._strata[: self._strata.index(panel.stratum)]
        )
        total = len(panel.stratum.serials)
        revealed = min(max(self.count - before, 0), total)
        head = QRectF(rect.left() + self._pad(), rect.top(), rect.width() - 2 * self._pad(),
                      self._head())  # fmt: skip
        painter.setFont(theme.sans(look.heading, bold=True))
        painter.setPen(QColor(look.text))
        painter.drawText(head, theme.ALIGN_LEFT, panel.stratum.label)
        advance = self._metrics(look.heading).horizontalAdvance(panel.stratum.label)
        painter.setFont(theme.sans(look.note))
        painter.setPen(QColor(look.secondary))
        note = head.adjusted(advance + look.note * 0.6, 0, 0, 0)
        painter.drawText(note, theme.ALIGN_LEFT, panel.stratum.note)
        painter.drawText(head, theme.ALIGN_RIGHT, f"{revealed}/{total}")
        for at in range(panel.count):
            self._paint_cell(painter, rect, panel, layout, at, revealed, before)

    def _paint_cell(
        self,
        painter: QPainter,
        rect: QRectF,
        panel: _Panel,
        layout: _Layout,
        at: int,
        revealed: int,
        before: int,
    ) -> None:
        look, number = self._look, panel.first + at
        column, row = divmod(at, layout.rows)
        box = QRectF(
            rect.left() + self._pad() + column * (layout.cell_width + self._space()),
            rect.top() + self._head() + row * (layout.cell_height + self._space()),
            layout.cell_width,
            layout.cell_height,
        )
        newest = before + number == self.count - 1 and self.count < len(self.serials)
        painter.setFont(theme.sans(layout.font, bold=number < revealed))
        if number < revealed:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.newest if newest else look.revealed))
        else:
            painter.setPen(QPen(QColor(look.line), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 4, 4)
        ink = look.newest_ink if newest else look.revealed_ink if number < revealed else look.dim
        painter.setPen(QColor(ink))
        painter.drawText(box, theme.ALIGN_CENTER, panel.words[number])


def _words(serials: Sequence[str], shorten: bool) -> tuple[str, ...]:
    return tuple(_shortened(serials) if shorten else serials)


def _shortened(serials: Sequence[str]) -> Iterator[str]:
    """``GENERAL-01`` as ``01``: the panel's heading says the rest."""
    for serial in serials:
        yield serial.rsplit("-", 1)[-1]
