"""Tables of the printed documents.

Caption in Hei above, heavy box, a line under the head, thin lines inside, no
grey fills.  Row heights are measured from the set text and grow in quarters of
the line pitch, so no cell overprints the next.  A table of up to 9½ lines stays
whole; a longer one repeats caption (“表5（续）”) and head, and is not parted
inside its last three rows or inside rows joined by a spanning cell.  A row higher
than half a page is laid in parts, from the top and without a line between them,
so that any amount of text is printed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final

from app.documents.fonts import FontBook, Role
from app.documents.page import GREY, MM, OFFICIAL, Frame, balanced, baseline
from app.documents.typography import Setting, Span, Text, TextLine, break_lines, one_line
from app.errors import UserError

_STEP: Final = OFFICIAL.pitch / 4
_ROW: Final = 3 * _STEP
_CAPTION_SIZE: Final = 12.0
_CAPTION_HEIGHT: Final = 3 * _STEP
# Justified text in a narrower cell shows holes.
_JUSTIFY_FROM: Final = 70 * MM
_HEAD_SIZE: Final = 9.5
_HEAD_LEADING: Final = 13.0
_BOX, _UNDER_HEAD, _INNER = 1.0, 0.6, 0.35
_WHOLE_UP_TO: Final = 9.5 * OFFICIAL.pitch
_LAST_ROWS: Final = 3
_PARTED_FROM: Final = OFFICIAL.height / 2
_PART: Final = 6 * OFFICIAL.pitch
_EPS: Final = 1e-6
# A little air above and below a cell, less where the leading already brings some.
_AIR: Final = 2.0
NOTHING_BELOW: Final = "以下空白"
EMPTY: Final = "—"


class Align(Enum):
    """Where a cell's text stands."""

    LEFT = 0.0
    CENTRE = 0.5
    RIGHT = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: head (\\n breaks it), width in mm, how its cells are set."""

    head: str
    width: float
    align: Align = Align.CENTRE
    role: Role = Role.BODY
    size: float = 10.5
    leading: float = 14.5


@dataclass(frozen=True, slots=True)
class Cell:
    """Paragraphs of a cell; ``down`` rows are joined from here; None = the column's."""

    texts: tuple[Text, ...]
    down: int = 1
    align: Align | None = None
    leading: float | None = None


CellText = str | Span | Cell | None
"""A cell, or its only paragraph; “” prints “—”; None is covered from above."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row; ``strong_above``: a heavier line separates it from the one before."""

    cells: tuple[CellText, ...]
    strong_above: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Measures that differ between tables: row height, cell padding (points)."""

    row: float = _ROW
    padding: float = 3.2
    caption: float = _CAPTION_SIZE
    grow: float = _STEP


NORMAL: Final = Look()


@dataclass(frozen=True, slots=True)
class _SetCell:
    column: int
    lines: tuple[TextLine, ...]
    align: Align
    size: float
    leading: float
    down: int


@dataclass(frozen=True, slots=True)
class _SetRow:
    cells: tuple[_SetCell, ...]
    height: float
    strong_above: bool
    joined: bool  # a cell of an earlier row reaches into this one
    spans_all: bool = False
    parted: bool = False  # a piece of a high row: set from the top
    continues: bool = False  # and not the first piece: no line above


@dataclass(frozen=True, slots=True)
class Table:
    """A measured table, ready to be placed or parted.  Built by :func:`table`."""

    frame: Frame
    fonts: FontBook
    look: Look
    name: str
    title: str
    widths: tuple[float, ...]
    head: _SetRow | None
    rows: tuple[_SetRow, ...]
    note: tuple[TextLine, ...]
    continued: bool = False
    open_below: bool = False
    on_grid: bool = False
    keeps_next: bool = False
    gap: float = _STEP

    @property
    def _caption_height(self) -> float:
        return _CAPTION_HEIGHT if self.name or self.title else 0.0

    @property
    def top_height(self) -> float:
        """Caption and head together."""
        return self._caption_height + (self.head.height if self.head else 0.0)

    @property
    def _note_height(self) -> float:
        return 4.0 + 13.0 * len(self.note) if self.note and not self.open_below else 0.0

    @property
    def height(self) -> float:
        """Of the whole."""
        return self.top_height + sum(row.height for row in self.rows) + self._note_height

    @property
    def minimum(self) -> float:
        """The least that may stand at the foot of a page."""
        if self.height <= _WHOLE_UP_TO:
            return self.height
        rows = self.rows[:2] if self.height <= self.frame.height else self.rows[:1]
        return self.top_height + sum(row.height for row in rows)

    def split(self, room: float) -> tuple[Table, Table] | None:
        """See :class:`Block`."""
        if self.height <= _WHOLE_UP_TO and not self.keeps_next:
            return None
        at = self._cut(room, 2, _LAST_ROWS)
        if at is None and self.keeps_next:
            at = self._cut(room, 1, 2)
        if at is None and self.height > self.frame.height:
            # Few, very high rows: better parted badly than not printed.
            at = self._cut(room, 1, 1)
        if at is None:
            return None
        head = replace(self, rows=self.rows[:at], open_below=True, gap=0.0)
        return head, replace(self, rows=self.rows[at:], continued=True)

    def _cut(self, room: float, first: int, last: int) -> int | None:
        """The last boundary that fits, leaves ``first`` rows above and ``last`` below."""
        used = self.top_height
        best: int | None = None
        for at, row in enumerate(self.rows):
            allowed = first <= at <= len(self.rows) - last and not row.joined
            if allowed and used <= room + _EPS:
                best = at
            used += row.height
        return best

    def draw(self, canvas: Any, x: float, y: float) -> None:
        """See :class:`Block`."""
        self._draw_caption(canvas, x, y)
        y -= self._caption_height
        top = y
        rows = ([self.head] if self.head else []) + list(self.rows)
        heights = [row.height for row in rows]
        tops = [y - sum(heights[:at]) for at in range(len(rows) + 1)]
        for at, row in enumerate(rows):
            for cell in row.cells:
                reach = tops[at] - tops[at + cell.down]
                self._draw_cell(canvas, x, tops[at], reach, cell, row)
        self._draw_lines(canvas, x, tops, rows)
        canvas.setLineWidth(_BOX)
        canvas.setStrokeColor("#000000")
        canvas.rect(x, tops[-1], sum(self.widths), top - tops[-1], stroke=1, fill=0)
        if self._note_height:
            for at, line in enumerate(self.note):
                line.draw(canvas, x, baseline(tops[-1] - 4 - 13 * (at + 0.5), 9))

    def _draw_caption(self, canvas: Any, x: float, y: float) -> None:
        if not self._caption_height:
            return
        more = "（续）" if self.continued else ""
        words = f"{self.name}{more}\u3000{self.title}" if self.name else f"{self.title}{more}"
        setting = Setting(size=self.look.caption, role=Role.HEADING)
        line = one_line(words, setting, self.fonts)
        if line.width > sum(self.widths):
            setting = replace(setting, size=setting.size * sum(self.widths) / line.width)
            line = one_line(words, setting, self.fonts)
        centre = y - self._caption_height * 0.5
        left = x + (sum(self.widths) - line.width) / 2
        line.draw(canvas, left, baseline(centre, setting.size))

    def _draw_cell(
        self, canvas: Any, x: float, top: float, reach: float, cell: _SetCell, row: _SetRow
    ) -> None:
        left = x + sum(self.widths[: cell.column])
        width = sum(self.widths) if row.spans_all else self.widths[cell.column]
        block = cell.leading * len(cell.lines)
        first = top - (_AIR / 2 if row.parted else (reach - block) / 2)
        for at, line in enumerate(cell.lines):
            inner = width - 2 * self.look.padding
            inset = self.look.padding + cell.align.value * (inner - line.width)
            centre = first - (at + 0.5) * cell.leading
            line.draw(canvas, left + inset, baseline(centre, line.size or cell.size))

    def _draw_lines(
        self, canvas: Any, x: float, tops: Sequence[float], rows: Sequence[_SetRow]
    ) -> None:
        canvas.setStrokeColor("#000000")
        for at in range(1, len(rows)):
            after_head = self.head is not None and at == 1
            if rows[at].continues and not after_head:
                continue
            strong = after_head or rows[at].strong_above
            canvas.setLineWidth(_UNDER_HEAD if strong else _INNER)
            for column, width in enumerate(self.widths):
                if not _covered(rows, at, column):
                    left = x + sum(self.widths[:column])
                    canvas.line(left, tops[at], left + width, tops[at])
        canvas.setLineWidth(_INNER)
        for column in range(1, len(self.widths)):
            left = x + sum(self.widths[:column])
            start: float | None = None
            for at, row in enumerate(rows):
                if row.spans_all:
                    _upright(canvas, left, start, tops[at])
                    start = None
                elif start is None:
                    start = tops[at]
            _upright(canvas, left, start, tops[-1])


def _upright(canvas: Any, x: float, start: float | None, end: float) -> None:
    if start is not None and start - end > _EPS:
        canvas.line(x, start, x, end)


def _covered(rows: Sequence[_SetRow], at: int, column: int) -> bool:
    """Whether a cell above reaches over the line above row ``at`` in ``column``."""
    if not rows[at].joined:
        return False
    return all(cell.column != column for cell in rows[at].cells)


def table(
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    fonts: FontBook,
    *,
    name: str = "",
    note: Text = "",
    closing: str = "",
    look: Look = NORMAL,
    frame: Frame = OFFICIAL,
    bare: bool = False,
) -> Table:
    """Measure a table over the frame's whole width.

    ``name`` is “表5”; ``closing`` a last row over all columns (“以下空白”);
    ``bare`` leaves the head out.  Column widths are scaled to the frame.
    Raises UserError if rows joined by a cell are higher than a page can hold.
    """
    scale = frame.width / sum(column.width for column in columns)
    widths = tuple(column.width * scale for column in columns)
    head = None if bare else _set_head(columns, widths, fonts, look)
    body = [_set_row(row, columns, widths, fonts, look) for row in rows]
    body = [part for row in _stretch_joined(body, look) for part in _parts(row, look)]
    if closing:
        body.append(_set_closing(closing, fonts, look))
    _check(rows, body, frame, head)
    lines: tuple[TextLine, ...] = ()
    if note:
        lines = break_lines(note, frame.width, Setting(size=9), fonts)
    return Table(frame, fonts, look, name, title, widths, head, tuple(body), lines)


def _check(
    rows: Sequence[Row], body: Sequence[_SetRow], frame: Frame, head: _SetRow | None
) -> None:
    limit = frame.height - (head.height if head else 0.0) - 3 * _ROW
    for at, row in enumerate(body):
        if row.height > limit:
            words = _first_words(rows[min(at, len(rows) - 1)])
            raise UserError(
                f"表格中“{words}”一行的文字太长，一页纸放不下。",
                "请把这一项的文字缩短后再打印。",
            )


def _first_words(row: Row) -> str:
    words = [_plain(cell) for cell in row.cells if cell is not None]
    return max(words, key=len, default="")[:20]


def _plain(cell: CellText) -> str:
    texts = cell.texts if isinstance(cell, Cell) else (cell or "",)
    return "".join(_plain_text(text) for text in texts)


def _plain_text(text: Text) -> str:
    if isinstance(text, str):
        return text
    if isinstance(text, Span):
        return text.text
    return "".join(span.text for span in text)


def _set_head(
    columns: Sequence[Column], widths: Sequence[float], fonts: FontBook, look: Look
) -> _SetRow:
    setting = Setting(size=_HEAD_SIZE, role=Role.HEADING, justify=False)
    cells = []
    for at, column in enumerate(columns):
        room = widths[at] - 2 * min(look.padding, 2.0)
        lines = tuple(
            line
            for part in column.head.split("\n")
            for line in balanced(part, room, setting, fonts)
        )
        cells.append(_SetCell(at, lines, Align.CENTRE, _HEAD_SIZE, _HEAD_LEADING, 1))
    tallest = max(len(cell.lines) for cell in cells)
    height = _grown(tallest * _HEAD_LEADING + 6.0, _ROW, _STEP)
    return _SetRow(tuple(cells), height, False, False)


def _grown(ink: float, least: float, step: float) -> float:
    """``least``, grown in steps until it holds ``ink``."""
    return least + max(0, math.ceil((ink - least) / step - 1e-6)) * step


def _set_row(
    row: Row, columns: Sequence[Column], widths: Sequence[float], fonts: FontBook, look: Look
) -> _SetRow:
    cells = tuple(
        _set_cell(cell, at, columns[at], widths[at] - 2 * look.padding, fonts)
        for at, cell in enumerate(row.cells)
        if cell is not None
    )
    ink = max((_ink(cell) for cell in cells if cell.down == 1), default=0.0)
    height = _grown(ink, look.row, look.grow)
    return _SetRow(cells, height, row.strong_above, any(c is None for c in row.cells))


def _ink(cell: _SetCell) -> float:
    return cell.leading * len(cell.lines) + _AIR


def _parts(row: _SetRow, look: Look) -> list[_SetRow]:
    """A row too high to be moved about, in pieces; what is spanned stays whole."""
    if row.height <= _PARTED_FROM or row.joined or any(cell.down > 1 for cell in row.cells):
        return [row]
    runs = [_runs(cell) for cell in row.cells]
    parts = []
    for at in range(max(len(run) for run in runs)):
        cells = tuple(
            replace(cell, lines=run[at] if at < len(run) else ())
            for cell, run in zip(row.cells, runs, strict=True)
        )
        ink = max(_ink(cell) for cell in cells)
        height = _grown(ink, look.row, look.grow) if at + 1 == len(max(runs, key=len)) else ink
        strong = row.strong_above and at == 0
        parts.append(_SetRow(cells, height, strong, False, parted=True, continues=at > 0))
    return parts


def _runs(cell: _SetCell) -> list[tuple[TextLine, ...]]:
    """The lines of a cell by piece."""
    each = max(1, int(_PART / cell.leading))
    return [cell.lines[at : at + each] for at in range(0, len(cell.lines), each)]


def _set_cell(cell: CellText, at: int, column: Column, room: float, fonts: FontBook) -> _SetCell:
    full = cell if isinstance(cell, Cell) else Cell((cell if cell is not None else "",))
    align = full.align or column.align
    setting = Setting(
        size=column.size,
        role=column.role,
        justify=align is Align.LEFT and room >= _JUSTIFY_FROM,
        tabular=column.role is Role.BODY,
    )
    lines: list[TextLine] = []
    for text in full.texts:
        shown: Text = text if _plain_text(text) else EMPTY
        for paragraph in _paragraphs(shown):
            lines.extend(break_lines(paragraph, room, setting, fonts))
    leading = full.leading or column.leading
    return _SetCell(at, tuple(lines), align, column.size, leading, full.down)


def _paragraphs(text: Text) -> Sequence[Text]:
    """What was typed in several lines is printed in several."""
    return [each for each in text.splitlines() if each] if isinstance(text, str) else (text,)


def _set_closing(text: str, fonts: FontBook, look: Look) -> _SetRow:
    setting = Setting(size=10.5, justify=False)
    line = one_line(Span(text, Role.BODY, None, GREY), setting, fonts)
    cell = _SetCell(0, (line,), Align.CENTRE, 10.5, 14.5, 1)
    return _SetRow((cell,), max(look.row, _ROW), False, False, spans_all=True)


def _stretch_joined(rows: list[_SetRow], look: Look) -> list[_SetRow]:
    """Where a spanning cell needs more than its rows give, the last of them grows."""
    out = list(rows)
    for at, row in enumerate(rows):
        for cell in row.cells:
            if cell.down > 1:
                reach = out[at : at + cell.down]
                lack = _ink(cell) - sum(r.height for r in reach)
                if lack > 0:
                    last = at + cell.down - 1
                    grown = out[last].height + math.ceil(lack / look.grow) * look.grow
                    out[last] = replace(out[last], height=grown)
    return out
