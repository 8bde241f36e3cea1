"""The page of GB/T 9704-2012 and the flow of blocks over pages.

A4, type area 156 × 225 mm at 28 mm from the left and 37 mm from the top, 22
lines of 28 characters.  Blocks are laid one below the other; text snaps to
the line grid, a table may leave it, the next text returns to it.  A block is
measured before it is placed, so nothing can spill over the frame unnoticed.
All lengths are points; ``top`` is the distance from the frame's upper edge.
"""

from __future__ import annotations

import io
import math
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from app.documents.fonts import FontBook, Role
from app.documents.typography import Setting, Text, TextLine, break_lines, one_line

MM: Final = 72 / 25.4
PAGE_WIDTH: Final = 210 * MM
PAGE_HEIGHT: Final = 297 * MM
LINES: Final = 22
CELLS: Final = 28
BODY_SIZE: Final = 16.0
# The ink of a Chinese character is centred this far above the baseline (in ems).
_CENTRE: Final = 0.38
_DASH: Final = 0.27  # height of a dash above the baseline, in ems
_EPS: Final = 1e-6
GREY: Final = "#5a5a5a"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A type area: its place on the page and its line grid."""

    left: float
    top: float
    width: float
    height: float
    pitch: float
    size: float

    def snap(self, top: float) -> float:
        """The first grid line at or below ``top``."""
        return math.ceil(top / self.pitch - 1e-4) * self.pitch


OFFICIAL: Final = Frame(
    left=28 * MM,
    top=37 * MM,
    width=156 * MM,
    height=225 * MM,
    pitch=225 * MM / LINES,
    size=BODY_SIZE,
)
CELL: Final = OFFICIAL.width / CELLS
TRACKING: Final = CELL - BODY_SIZE
BODY: Final = Setting(size=BODY_SIZE, tracking=TRACKING, indent=2 * CELL)


class Block(Protocol):
    """Something that stands on a page."""

    @property
    def height(self) -> float:
        """Of the whole."""

    @property
    def minimum(self) -> float:
        """The least that may stand at the foot of a page."""

    @property
    def gap(self) -> float:
        """Air wanted below."""

    @property
    def on_grid(self) -> bool:
        """Whether it begins on a grid line."""

    @property
    def keeps_next(self) -> bool:
        """Whether it may not be the last on a page."""

    def split(self, room: float) -> tuple[Block, Block] | None:
        """What fits into ``room`` and the rest, or None if it may not be parted there."""

    def draw(self, canvas: Any, x: float, y: float) -> None:
        """Print with the upper left corner at (x, y)."""


def baseline(centre: float, size: float) -> float:
    """The baseline for type of ``size`` centred on ``centre`` (y upwards)."""
    return centre - _CENTRE * size


@dataclass(frozen=True, slots=True)
class Prose:
    """Lines of text on a pitch of their own (normally the frame's)."""

    lines: tuple[TextLine, ...]
    pitch: float
    size: float
    indent: float = 0.0
    hang: float = 0.0
    keeps_next: bool = False
    on_grid: bool = True
    gap: float = 0.0
    align: float = 0.0  # 0 flush left, ½ centred, 1 flush right in ``measure``
    measure: float = 0.0

    @property
    def height(self) -> float:
        """Of the whole."""
        return len(self.lines) * self.pitch

    @property
    def minimum(self) -> float:
        """The least that may stand at the foot of a page."""
        count = len(self.lines)
        return (count if count < 4 else 2) * self.pitch

    def split(self, room: float) -> tuple[Prose, Prose] | None:
        """See :class:`Block`."""
        fit = int((room + _EPS) / self.pitch)
        count = len(self.lines)
        at = min(fit, count - 2)
        if count < 4 or at < 2:
            return None
        return self._part(self.lines[:at], self.indent), self._part(self.lines[at:], self.hang)

    def _part(self, lines: tuple[TextLine, ...], indent: float) -> Prose:
        return Prose(
            lines,
            self.pitch,
            self.size,
            indent,
            self.hang,
            self.keeps_next,
            self.on_grid,
            self.gap,
            self.align,
            self.measure,
        )

    def draw(self, canvas: Any, x: float, y: float) -> None:
        """See :class:`Block`."""
        for at, line in enumerate(self.lines):
            inset = self.indent if at == 0 else self.hang
            shift = self.align * max(0.0, self.measure - inset - line.width)
            centre = y - (at + 0.5) * self.pitch
            line.draw(canvas, x + inset + shift, baseline(centre, self.size))


def prose(
    text: Text,
    fonts: FontBook,
    *,
    setting: Setting = BODY,
    frame: Frame = OFFICIAL,
    pitch: float | None = None,
    keeps_next: bool = False,
    on_grid: bool = True,
    gap: float = 0.0,
    align: float = 0.0,
) -> Prose:
    """A paragraph in the frame's measure."""
    lines = break_lines(text, frame.width, setting, fonts)
    return Prose(
        lines,
        pitch or frame.pitch,
        setting.size,
        setting.indent,
        setting.hang,
        keeps_next,
        on_grid,
        gap,
        align,
        frame.width,
    )


def heading(text: str, fonts: FontBook) -> Prose:
    """“一、……”: 16 pt Hei, two characters in, never the last on a page."""
    setting = Setting(
        size=BODY_SIZE, role=Role.HEADING, tracking=TRACKING, indent=2 * CELL, justify=False
    )
    return prose(text, fonts, setting=setting, keeps_next=True)


@dataclass(frozen=True, slots=True)
class Blank:
    """Empty lines; they vanish at the head of a page."""

    height: float
    on_grid: bool = True
    keeps_next: bool = False
    gap: float = 0.0

    @property
    def minimum(self) -> float:
        """The least that may stand at the foot of a page."""
        return self.height

    def split(self, room: float) -> None:
        """Air is not parted."""

    def draw(self, canvas: Any, x: float, y: float) -> None:
        """Air leaves no ink."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A block of fixed height drawn by a function of (canvas, x, y)."""

    height: float
    paint: Callable[[Any, float, float], None]
    on_grid: bool = True
    keeps_next: bool = False
    gap: float = 0.0

    @property
    def minimum(self) -> float:
        """The least that may stand at the foot of a page."""
        return self.height

    def split(self, room: float) -> None:
        """It stays in one piece."""

    def draw(self, canvas: Any, x: float, y: float) -> None:
        """See :class:`Block`."""
        self.paint(canvas, x, y)


@dataclass(frozen=True, slots=True)
class Together:
    """Blocks that stand on one page, one below the other, if a page can hold them."""

    blocks: tuple[Block, ...]
    frame: Frame = OFFICIAL
    on_grid: bool = True
    keeps_next: bool = False
    gap: float = 0.0

    def _tops(self) -> list[float]:
        tops: list[float] = []
        end = 0.0
        for block in self.blocks:
            top = self.frame.snap(end) if block.on_grid else end
            tops.append(top)
            end = top + block.height + block.gap
        return tops

    @property
    def height(self) -> float:
        """Of the whole."""
        return self._tops()[-1] + self.blocks[-1].height if self.blocks else 0.0

    @property
    def minimum(self) -> float:
        """The least that may stand at the foot of a page."""
        return self.height

    def split(self, room: float) -> tuple[Together, Together] | None:
        """It stays in one piece; only what is higher than a page is parted, as late as it can."""
        if self.height <= self.frame.height + _EPS:
            return None
        for at, (top, block) in enumerate(zip(self._tops(), self.blocks, strict=True)):
            if top + block.height <= room + _EPS:
                continue
            before, after = self.blocks[:at], self.blocks[at + 1 :]
            halves = block.split(room - top)
            if halves is not None:
                upper, lower = halves
                return self._of((*before, upper)), self._of((lower, *after))
            return (self._of(before), self._of((block, *after))) if before else None
        return None

    def _of(self, blocks: tuple[Block, ...]) -> Together:
        return replace(self, blocks=blocks)

    def draw(self, canvas: Any, x: float, y: float) -> None:
        """See :class:`Block`."""
        for top, block in zip(self._tops(), self.blocks, strict=True):
            block.draw(canvas, x, y - top)


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins a page; ``name`` lets its page be counted."""

    name: str = ""


Item = Block | NewPage


@dataclass(frozen=True, slots=True)
class Placed:
    """A block and where it stands in its frame."""

    block: Block
    top: float


@dataclass(frozen=True, slots=True)
class Layout:
    """The pages, and on which page (from 1) each named part begins."""

    pages: tuple[tuple[Placed, ...], ...]
    begins: tuple[tuple[str, int], ...]

    def pages_of(self, name: str) -> int:
        """How many pages the named part has; 0 if there is none of that name."""
        starts = [page for _, page in self.begins] + [len(self.pages) + 1]
        for at, (found, page) in enumerate(self.begins):
            if found == name:
                return starts[at + 1] - page
        return 0


class _Flow:
    """Places blocks one after the other; used once."""

    def __init__(self, frame: Frame, items: Iterable[Item]) -> None:
        self._frame = frame
        self._queue: deque[Item] = deque(items)
        self._pages: list[tuple[Placed, ...]] = []
        self._page: list[Placed] = []
        self._begins: list[tuple[str, int]] = []
        self._end = 0.0

    def run(self) -> Layout:
        while self._queue:
            item = self._queue.popleft()
            if isinstance(item, NewPage):
                self._turn()
                self._begins.append((item.name, len(self._pages) + 1))
            else:
                self._place(item)
        self._turn()
        return Layout(tuple(self._pages), tuple(self._begins))

    def _turn(self) -> None:
        if self._page:
            self._pages.append(tuple(self._page))
        self._page = []
        self._end = 0.0

    def _place(self, block: Block) -> None:
        if isinstance(block, Blank) and not self._page:
            return
        top = self._frame.snap(self._end) if block.on_grid else self._end
        room = self._frame.height - top
        fits = block.height <= room + _EPS
        if fits and self._next_fits(block, room - block.height):
            self._put(block, top)
            return
        # Where only the follower lacks room, the block's end goes over with it.
        parts = block.split(room)
        if parts is not None:
            self._put(parts[0], top)
            self._turn()
            self._queue.appendleft(parts[1])
        elif isinstance(block, Blank):
            self._turn()
        elif self._page:
            self._turn()
            self._queue.appendleft(block)
        elif fits:
            self._put(block, top)  # keeping it with its follower is not possible
        else:
            raise ValueError(f"a block of {block.height:.0f} pt is higher than the page")

    def _put(self, block: Block, top: float) -> None:
        self._page.append(Placed(block, top))
        self._end = top + block.height + block.gap

    def _next_fits(self, block: Block, room: float) -> bool:
        """Whether what must follow ``block`` on its page still has room."""
        needed = block.gap
        before = block
        for item in self._queue:
            if not before.keeps_next or isinstance(item, NewPage):
                break
            needed += item.minimum
            before = item
        return needed <= room + _EPS if block.keeps_next else True


def lay_out(frame: Frame, items: Iterable[Item]) -> Layout:
    """Spread ``items`` over pages."""
    return _Flow(frame, items).run()


def settle(frame: Frame, compose: Callable[[Layout], Iterable[Item]]) -> Layout:
    """Lay out until the page counts a document prints about itself are true."""
    layout = Layout((), ())
    for _ in range(6):
        grown = lay_out(frame, compose(layout))
        if (len(grown.pages), grown.begins) == (len(layout.pages), layout.begins):
            return grown
        layout = grown
    raise ValueError("page counts do not settle")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What is printed on every page: the small line at the foot, the watermark.

    ``small`` is a sequence of words; “共N页” is put second.  ``numbered``: with
    “— 1 —” at the outer side.
    """

    title: str
    author: str
    small: tuple[str, ...]
    rehearsal: bool = False
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class Sheets:
    """One paper, laid out: several of them make one file."""

    layout: Layout
    imprint: Imprint


def render(frame: Frame, layout: Layout, imprint: Imprint, fonts: FontBook) -> bytes:
    """The PDF; the same input and faces give the same bytes."""
    return render_all(frame, (Sheets(layout, imprint),), fonts)


def render_all(frame: Frame, papers: Sequence[Sheets], fonts: FontBook) -> bytes:
    """Several papers in one PDF, each with page numbers of its own; titled after the first."""
    out = io.BytesIO()
    first = papers[0].imprint
    canvas = open_canvas(out, first.title, first.author)
    for paper in papers:
        pages = paper.layout.pages
        for number, page in enumerate(pages, start=1):
            if paper.imprint.rehearsal:
                watermark(canvas, fonts)
            for placed in page:
                placed.block.draw(canvas, frame.left, PAGE_HEIGHT - frame.top - placed.top)
            _foot(canvas, frame, paper.imprint, fonts, (number, len(pages)))
            canvas.showPage()
    canvas.save()
    return out.getvalue()


def open_canvas(out: io.BytesIO, title: str, author: str) -> Any:
    """A canvas whose bytes depend on nothing but what is drawn."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(
        out, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), invariant=1, lang="zh-CN", pageCompression=1
    )
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setCreator("随查 SuiCha")
    canvas.setSubject("双随机抽查")
    return canvas


def _foot(
    canvas: Any, frame: Frame, imprint: Imprint, fonts: FontBook, page: tuple[int, int]
) -> None:
    """Page number outside (odd right, even left), the small line on the other side."""
    number, total = page
    centre = PAGE_HEIGHT - frame.top - frame.height - 7 * MM
    odd = number % 2 == 1
    words = (*imprint.small[:1], f"共{total}页", *imprint.small[1:])
    folio = one_line(f"— {number} —", Setting(size=14), fonts)
    size = 7.5
    small = one_line("\u3000".join(words), Setting(size=size, role=Role.SMALL), fonts)
    room = frame.width - folio.width - 3 * 14
    if small.width > room:  # a very long name may not run into the number
        size *= room / small.width
        small = one_line("\u3000".join(words), Setting(size=size, role=Role.SMALL), fonts)
    right = frame.left + frame.width
    at_left = odd or not imprint.numbered
    x = frame.left if at_left else right - small.width
    small.draw(canvas, x, baseline(centre, size), GREY)
    if not imprint.numbered:
        return
    x = right - 14 - folio.width if odd else frame.left + 14
    # The standard measures to the dashes, which lie lower than a character's middle.
    folio.draw(canvas, x, centre - _DASH * 14)


def watermark(
    canvas: Any, fonts: FontBook, area: tuple[float, float, float, float] | None = None
) -> None:
    """“演练” across the page (or ``area`` = x, y, width, height), under everything else."""
    x, y, width, height = area or (0.0, 0.0, PAGE_WIDTH, PAGE_HEIGHT)
    size = min(width, height) * 0.36
    line = one_line("演练", Setting(size=size, role=Role.HEADING), fonts)
    canvas.saveState()
    canvas.translate(x + width / 2, y + height / 2)
    canvas.rotate(35)
    line.draw(canvas, -line.width / 2, -_CENTRE * size, "#e6e6e6")
    canvas.restoreState()


def rule(canvas: Any, x: float, y: float, width: float, weight: float) -> None:
    """A horizontal line from (x, y)."""
    canvas.setLineWidth(weight)
    canvas.setStrokeColor("#000000")
    canvas.line(x, y, x + width, y)


# --- parts of an official document's first page ----------------------------------------


def masthead(titles: Sequence[str], number: str, fonts: FontBook, frame: Frame = OFFICIAL) -> Drawn:
    """Title lines (22 pt Song, 1¼ pitch), document number, a rule; ends on the grid."""
    setting = Setting(size=22, role=Role.TITLE, justify=False)
    measure = frame.width - 2 * 22
    rows = [row for title in titles for row in balanced(title, measure, setting, fonts)]
    doc = one_line(number, Setting(size=16, tracking=TRACKING), fonts) if number else None
    step = 1.25 * OFFICIAL.pitch
    ink = len(rows) * step + (0.95 * OFFICIAL.pitch if doc else 0.0) + 0.28 * OFFICIAL.pitch
    height = frame.snap(ink)

    def paint(canvas: Any, x: float, y: float) -> None:
        for at, row in enumerate(rows):
            centre = y - (at + 0.5) * step
            row.draw(canvas, x + (frame.width - row.width) / 2, baseline(centre, 22))
        end = y - len(rows) * step
        if doc:
            centre = end - 0.475 * OFFICIAL.pitch
            doc.draw(canvas, x + (frame.width - doc.width) / 2, baseline(centre, 16))
            end -= 0.95 * OFFICIAL.pitch
        rule(canvas, x, end - 0.2 * OFFICIAL.pitch, frame.width, 0.9)

    return Drawn(height, paint)


def balanced(text: str, measure: float, setting: Setting, fonts: FontBook) -> tuple[TextLine, ...]:
    """Lines of about equal length, as a title of several lines is set."""
    rows = break_lines(text, measure, setting, fonts)
    if len(rows) == 1:
        return rows
    narrow = sum(row.width for row in rows) / len(rows)
    for step in range(20):
        tried = break_lines(text, min(measure, narrow + step * setting.size / 2), setting, fonts)
        if len(tried) == len(rows):
            return tried
    return rows


@dataclass(frozen=True, slots=True)
class Field:
    """“时　　间：……”: a label spread over four cells, its text hanging behind it."""

    label: str
    text: str


def field(entry: Field, fonts: FontBook, beside: Field | None = None) -> Drawn:
    """One labelled line (or more); ``beside`` shares the line if both are short."""
    inset = 7 * CELL
    setting = Setting(size=BODY_SIZE, tracking=TRACKING)
    rows = break_lines(entry.text or "—", OFFICIAL.width - inset, setting, fonts)
    label = _spread(entry.label, fonts)
    second: tuple[TextLine, TextLine] | None = None
    if beside is not None:
        head = Setting(size=BODY_SIZE, tracking=TRACKING, role=Role.HEADING)
        tag = one_line(beside.label + "：", head, fonts)
        second = (tag, one_line(beside.text or "—", setting, fonts))

    def paint(canvas: Any, x: float, y: float) -> None:
        for at, row in enumerate(rows):
            line = baseline(y - (at + 0.5) * OFFICIAL.pitch, BODY_SIZE)
            row.draw(canvas, x + inset, line)
        line = baseline(y - 0.5 * OFFICIAL.pitch, BODY_SIZE)
        for offset, part in label:
            part.draw(canvas, x + 2 * CELL + offset, line)
        if second is not None:
            second[0].draw(canvas, x + 16 * CELL, line)
            second[1].draw(canvas, x + 16 * CELL + second[0].width, line)

    return Drawn(len(rows) * OFFICIAL.pitch, paint)


def fields_beside(first: Field, second: Field, fonts: FontBook) -> list[Drawn]:
    """Two fields on one line if they fit, else on two."""
    setting = Setting(size=BODY_SIZE, tracking=TRACKING)
    widths = [one_line(f.text, setting, fonts).width for f in (first, second)]
    label = (len(second.label) + 1) * CELL
    if widths[0] <= 8 * CELL and widths[1] <= 12 * CELL - label:
        return [field(first, fonts, second)]
    return [field(first, fonts), field(second, fonts)]


def _spread(label: str, fonts: FontBook) -> list[tuple[float, TextLine]]:
    """The label's characters spread over four cells, and the colon."""
    setting = Setting(size=BODY_SIZE, tracking=TRACKING, role=Role.HEADING)
    if len(label) >= 4 or len(label) < 2:
        return [(0.0, one_line(label + "：", setting, fonts))]
    step = 3 * CELL / (len(label) - 1)
    parts = [(at * step, one_line(char, setting, fonts)) for at, char in enumerate(label)]
    return [*parts, (4 * CELL, one_line("：", setting, fonts))]
