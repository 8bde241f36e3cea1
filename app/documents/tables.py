"""Tables of the printed documents.

Caption in Hei above, heavy box, a line under the head, thin lines inside, no
grey fills.  Row heights are measured from the set text and grow in quarters of
the line pitch, so no cell overprints the next.  A table of up to 9½ lines stays
whole; a longer one repeats caption (“表5（续）”) and head, and is not parted
inside its last three rows or inside rows joined by a spanning cell, unless they
are high.  A row is parted between two of its lines where it is higher than a
page, or where moving it whole would leave a large part of the page white.
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
# Rows of this height may be parted from the rest of their table however few they are; and where
# more than this would stay white at the foot of a page, a row is parted between its lines.
_TALL: Final = 4 * OFFICIAL.pitch
_LEAST_LINES: Final = 2
_CONTINUED: Final = "（续）"
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
    """Paragraphs of a cell; it reaches over ``down`` rows or ``across`` columns (not both);
    None = the column's."""

    texts: tuple[Text, ...]
    down: int = 1
    align: Align | None = None
    leading: float | None = None
    across: int = 1


CellText = str | Span | Cell | None
"""A cell, or its only paragraph; “” prints “—”; None is covered from above."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row; ``strong_above``: a heavier line separates it from the one before; ``least``: its
    height where the table's own would be too small to write in by hand."""

    cells: tuple[CellText, ...]
    strong_above: bool = False
    least: float = 0.0


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
    across: int = 1


@dataclass(frozen=True, slots=True)
class _SetRow:
    cells: tuple[_SetCell, ...]
    height: float
    strong_above: bool
    joined: bool  # a cell of an earlier row reaches into this one
    spans_all: bool = False


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
        whole = sum(row.height for row in rows)
        if all(_can_be_parted(row) for row in rows):
            whole = min(whole, _TALL + OFFICIAL.pitch)
        return self.top_height + whole

    def split(self, room: float) -> tuple[Table, Table] | None:
        """See :class:`Block`."""
        if self.height <= _WHOLE_UP_TO and not self.keeps_next:
            return None
        at = self._cut(room, 2, _LAST_ROWS)
        parted = self._cut_inside(room, at)
        if parted is not None:
            return parted
        if at is None and self.keeps_next:
            at = self._cut(room, 1, 2)
        if at is None and self.height > self.frame.height:
            # Few, very high rows: better parted badly than not printed.
            at = self._cut(room, 1, 1)
        return None if at is None else self._halves(self.rows[:at], self.rows[at:])

    def _halves(
        self, above: tuple[_SetRow, ...], below: tuple[_SetRow, ...]
    ) -> tuple[Table, Table]:
        head = replace(self, rows=above, open_below=True, gap=0.0)
        return head, replace(self, rows=below, continued=True)

    def _cut(self, room: float, first: int, last: int) -> int | None:
        """The last boundary that fits, leaves ``first`` rows above and ``last`` below, or high
        ones."""
        used = self.top_height
        left = sum(row.height for row in self.rows)
        done = 0.0
        best: int | None = None
        for at, row in enumerate(self.rows):
            enough = (at >= first or done >= _TALL) and (
                at <= len(self.rows) - last or left >= _TALL
            )
            if at and enough and not row.joined and used <= room + _EPS:
                best = at
            used, done, left = used + row.height, done + row.height, left - row.height
        return best

    def _cut_inside(self, room: float, at: int | None) -> tuple[Table, Table] | None:
        """Parted between two lines of the row that reaches over ``room``; None where a cut
        at ``at`` leaves less white, or the row cannot be parted there."""
        used = self.top_height
        whole = 0
        while whole < len(self.rows) and used + self.rows[whole].height <= room + _EPS:
            used += self.rows[whole].height
            whole += 1
        above = self.top_height + sum(row.height for row in self.rows[: at or 0])
        if whole == len(self.rows) or (at is not None and room - above <= _TALL):
            return None
        halves = _part(self.rows[whole], self.widths, room - used, self.fonts, self.look)
        if halves is None:
            return None
        upper, lower = halves
        return self._halves((*self.rows[:whole], upper), (lower, *self.rows[whole + 1 :]))

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
        more = _CONTINUED if self.continued else ""
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
        own = self.widths[cell.column : cell.column + cell.across]
        width = sum(self.widths) if row.spans_all else sum(own)
        block = cell.leading * len(cell.lines)
        first = top - (reach - block) / 2
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
                if row.spans_all or _reaches_over(row, column):
                    _upright(canvas, left, start, tops[at])
                    start = None
                elif start is None:
                    start = tops[at]
            _upright(canvas, left, start, tops[-1])


def _upright(canvas: Any, x: float, start: float | None, end: float) -> None:
    if start is not None and start - end > _EPS:
        canvas.line(x, start, x, end)


def _reaches_over(row: _SetRow, column: int) -> bool:
    """Whether a cell lies on both sides of the line to the left of ``column``."""
    return any(cell.column < column < cell.column + cell.across for cell in row.cells)


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
    Raises UserError if one row is higher than a page can hold and cannot be parted.
    """
    scale = frame.width / sum(column.width for column in columns)
    widths = tuple(column.width * scale for column in columns)
    head = None if bare else _set_head(columns, widths, fonts, look)
    body = [_set_row(row, columns, widths, fonts, look) for row in rows]
    body = _stretch_joined(body, look)
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
        if row.height > limit and not _can_be_parted(row):
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
    cells = []
    at = 0
    for cell in row.cells:
        across = cell.across if isinstance(cell, Cell) else 1
        if cell is not None:
            room = sum(widths[at : at + across]) - 2 * look.padding
            cells.append(_set_cell(cell, at, columns[at], room, fonts))
        at += across
    ink = max((_ink(cell) for cell in cells if cell.down == 1), default=0.0)
    height = _grown(ink, max(look.row, row.least), look.grow)
    return _SetRow(tuple(cells), height, row.strong_above, any(c is None for c in row.cells))


def _ink(cell: _SetCell) -> float:
    return cell.leading * len(cell.lines) + _AIR


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
    return _SetCell(at, tuple(lines), align, column.size, leading, full.down, full.across)


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


# --- a row over two pages ---------------------------------------------------------------


def _can_be_parted(row: _SetRow) -> bool:
    """Whether nothing reaches into the row or out of it."""
    return not (row.joined or row.spans_all or any(cell.down > 1 for cell in row.cells))


def _part(
    row: _SetRow, widths: Sequence[float], room: float, fonts: FontBook, look: Look
) -> tuple[_SetRow, _SetRow] | None:
    """What of a row fits into ``room`` points, and the rest; None if it may not be parted there.

    A cell that fits stands in the upper part alone; the first column names the row in both.
    """
    longest = max(row.cells, key=_ink)
    if not _can_be_parted(row) or _fitting(longest, room) < _LEAST_LINES:
        return None
    upper = []
    lower = []
    for cell in row.cells:
        fit = _fitting(cell, room)
        upper.append(replace(cell, lines=cell.lines[:fit]))
        if fit == len(cell.lines) and cell.column == 0:
            lower.append(_again(cell, widths[0] - 2 * min(look.padding, 2.0), fonts))
        else:
            lower.append(replace(cell, lines=cell.lines[fit:]))
    above = max(_ink(cell) for cell in upper) + _AIR
    below = _grown(max(_ink(cell) for cell in lower), look.row, look.grow)
    return (
        replace(row, cells=tuple(upper), height=above),
        replace(row, cells=tuple(lower), height=below, strong_above=False),
    )


def _fitting(cell: _SetCell, room: float) -> int:
    """How many lines of a cell stand in ``room``: all, or so many that two at least are left."""
    count = len(cell.lines)
    fit = max(0, int((room - 2 * _AIR + _EPS) / cell.leading))
    return count if fit >= count else max(0, min(fit, count - _LEAST_LINES))


def _again(cell: _SetCell, room: float, fonts: FontBook) -> _SetCell:
    """The row's name once more, “（续）” below it."""
    if not any(line.text.strip(f" {EMPTY}") for line in cell.lines):
        return replace(cell, lines=())
    if cell.lines[-1].text == _CONTINUED:
        return cell
    setting = Setting(size=min(cell.size, 9.0), justify=False)
    return replace(cell, lines=(*cell.lines, *break_lines(_CONTINUED, room, setting, fonts)))
