"""Breaks Chinese text into lines the way a compositor would.

reportlab's own breaker begins lines with “，”, ends them with “《”, cuts a hash
inside a group and justifies with spaces only.  Here:

* a Latin run (a word, a number, a code, a hash group) is one atom;
* closing marks stay with what they close, opening marks with what they open,
  “——” and “……” are never parted (禁则, GB/T 15834-2011 §5);
* between two full-width marks the doubled blank is taken out (标点挤压);
* a closing mark at the end of a line may lose its blank half so that it fits;
* what is left over is spread evenly between the atoms.

Widths and positions are points.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, Final

from reportlab.lib.colors import HexColor

from app.documents.fonts import Face, FontBook, Role

_CLOSING: Final = frozenset("，。、；：！？）》〉」』】〕〗”’")
_OPENING: Final = frozenset("（《〈「『【〔〖“‘")
# Marks whose blank half may be taken out: the full-width closing ones except
# ！？ (their ink is not at one side).
_BLANK_RIGHT: Final = _CLOSING - frozenset("！？")
_NO_START: Final = _CLOSING | frozenset(",.;:!?)]}%‰℃°·…—～-/")
_NO_END: Final = _OPENING | frozenset("([{￥¥№")
_TO_FILL: Final = "＿"  # a run of these is room for the pen
_PAIRED: Final = frozenset("—…" + _TO_FILL)
_SPACES: Final = frozenset(" \u3000")
_OWN_AIR: Final = _CLOSING | _OPENING | _SPACES | frozenset("·…—")
# Air between a Chinese character and a Latin letter or digit, in ems.
_MIXED_GAP: Final = 0.10
# Wider gaps than this look like a mistake; such a line is set flush left.
_MAX_GAP: Final = 0.25
# Only ideographic gaps are stretched up to here; beyond it Latin letters share.
_LATIN_SHARES_FROM: Final = 0.16
# A last line of one character is avoided if the line before has at least this many atoms.
_SHORT_LINE: Final = 8


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text in one role; ``size`` in points, None for the paragraph's.

    ``whole``: it stays on one line if a line can hold it (a person's name).
    """

    text: str
    role: Role = Role.BODY
    size: float | None = None
    colour: str | None = None
    whole: bool = False


Text = str | Span | tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How a paragraph is set.

    ``tracking``: added after every character; ``indent``: of the first line,
    ``hang``: of the following ones; ``tabular``: digits get the width of “0”.
    """

    size: float
    role: Role = Role.BODY
    tracking: float = 0.0
    indent: float = 0.0
    hang: float = 0.0
    justify: bool = True
    tabular: bool = False


@dataclass(frozen=True, slots=True)
class _Glyph:
    """One character: its face, its advance, and how far its ink is moved left."""

    char: str
    face: Face
    size: float
    advance: float
    shift: float = 0.0
    colour: str | None = None
    bound: bool = False  # no line may begin with it


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring characters of one face: x from the line's start, extra after each."""

    x: float
    text: str
    font: str
    size: float
    spacing: float
    colour: str | None


@dataclass(frozen=True, slots=True)
class TextLine:
    """One set line; ``width`` is where its ink and blanks end."""

    pieces: tuple[Piece, ...]
    width: float

    @property
    def size(self) -> float:
        """The largest type on the line; 0 if it is empty."""
        return max((piece.size for piece in self.pieces), default=0.0)

    @property
    def text(self) -> str:
        """The characters of the line, as they are read."""
        return "".join(piece.text for piece in self.pieces)

    def draw(self, canvas: Any, x: float, baseline: float, colour: str = "#000000") -> None:
        """Print the line at ``x`` on ``baseline``."""
        for piece in self.pieces:
            text = canvas.beginText(x + piece.x, baseline)
            text.setFont(piece.font, piece.size)
            text.setFillColor(_colour(piece.colour or colour))
            # Always set: a reader keeps the last spacing otherwise.
            text.setCharSpace(piece.spacing)
            text.textOut(piece.text)
            text.setCharSpace(0)
            canvas.drawText(text)


@cache
def _colour(code: str) -> HexColor:
    return HexColor(code)


def spans_of(text: Text, role: Role) -> tuple[Span, ...]:
    """``text`` as spans; a bare string is set in ``role``."""
    if isinstance(text, str):
        return (Span(text, role),)
    return (text,) if isinstance(text, Span) else text


@lru_cache(maxsize=4096)
def break_lines(
    text: Text, measure: float, setting: Setting, fonts: FontBook
) -> tuple[TextLine, ...]:
    """Set ``text`` to lines of at most ``measure`` points; no text gives one empty line.

    A Latin run wider than a line is cut where it must be.  Raises UserError
    for a character no face has.  Remembered: a batch of papers sets the same passages again and
    again, and a paper that is fitted onto its page sets all of its own anew.
    """
    glyphs = _glyphs(spans_of(text, setting.role), setting, fonts)
    atoms = _atoms(_compress(glyphs))
    rows = _fill(atoms, measure, setting)
    last = len(rows) - 1
    return tuple(
        _set(row, _room(measure, setting, at), setting, stretch=at != last)
        for at, row in enumerate(rows)
    )


def one_line(text: Text, setting: Setting, fonts: FontBook) -> TextLine:
    """Set ``text`` on a single line of its natural width."""
    glyphs = _compress(_glyphs(spans_of(text, setting.role), setting, fonts))
    return _place(_with_mixed_gaps(list(glyphs)))


# --- characters -----------------------------------------------------------------------


def _glyphs(spans: Iterable[Span], setting: Setting, fonts: FontBook) -> list[_Glyph]:
    return [
        _glyph(char, span, setting, fonts, bound=span.whole and at > 0)
        for span in spans
        for at, char in enumerate(span.text)
        if char not in "\n\r"
    ]


def _glyph(char: str, span: Span, setting: Setting, fonts: FontBook, *, bound: bool) -> _Glyph:
    face = fonts.face(span.role, char)
    size = span.size or setting.size
    advance = fonts.advance(face, char) * size
    shift = 0.0
    if setting.tabular and char in "0123456789":
        cell = fonts.advance(face, "0") * size
        shift = (advance - cell) / 2
        advance = cell
    return _Glyph(char, face, size, advance + setting.tracking, shift, span.colour, bound)


def _is_full(glyph: _Glyph) -> bool:
    return glyph.advance > 0.9 * glyph.size


def _compress(glyphs: Sequence[_Glyph]) -> list[_Glyph]:
    """Take the doubled blank out of neighbouring full-width marks."""
    out = list(glyphs)
    for at in range(len(out) - 1):
        here, after = out[at], out[at + 1]
        if not (_is_full(here) and _is_full(after)):
            continue
        half = here.size / 2
        if here.char in _BLANK_RIGHT and after.char in _BLANK_RIGHT | _OPENING:
            out[at] = replace(here, advance=here.advance - half)
        elif here.char in _OPENING and after.char in _OPENING:
            out[at + 1] = replace(after, advance=after.advance - half, shift=after.size / 2)
    return out


# --- atoms ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Atom:
    """Characters that stay on one line; ``space``: a blank, dropped at a line's end."""

    glyphs: tuple[_Glyph, ...]
    space: bool = False

    @property
    def width(self) -> float:
        return sum(glyph.advance for glyph in self.glyphs)


def _is_latin(char: str) -> bool:
    return char not in _SPACES and ord(char) < 0x2000 and char not in "·—…"


def _parts_from(before: str, after: str) -> bool:
    """Whether a line may end between two neighbouring characters."""
    if before in _SPACES or after in _SPACES:
        return True
    if before in _NO_END or after in _NO_START:
        return False
    if before in _PAIRED and after in _PAIRED:
        return _TO_FILL in (before, after) and before != after
    return not (_is_latin(before) and _is_latin(after))


def _atoms(glyphs: Sequence[_Glyph]) -> list[_Atom]:
    atoms: list[_Atom] = []
    current: list[_Glyph] = []
    for glyph in glyphs:
        if current and not glyph.bound and _parts_from(current[-1].char, glyph.char):
            atoms.append(_atom(current))
            current = []
        current.append(glyph)
    if current:
        atoms.append(_atom(current))
    return _keep_marks_after_space(atoms)


def _atom(glyphs: Sequence[_Glyph]) -> _Atom:
    return _Atom(tuple(_with_mixed_gaps(list(glyphs))), all(g.char in _SPACES for g in glyphs))


def _keep_marks_after_space(atoms: Sequence[_Atom]) -> list[_Atom]:
    """A closing mark after a blank may not begin a line: the blank joins its atom."""
    out: list[_Atom] = []
    for atom in atoms:
        joined = atom
        if len(out) > 1 and out[-1].space and atom.glyphs[0].char in _NO_START:
            blank, word = out.pop(), out.pop()
            joined = _Atom(word.glyphs + blank.glyphs + atom.glyphs)
        out.append(joined)
    return out


def _gap_between(before: _Glyph, after: _Glyph) -> float:
    """Air where Chinese and Latin meet; marks bring their own."""
    if before.char in _OWN_AIR or after.char in _OWN_AIR:
        return 0.0
    if _is_latin(before.char) == _is_latin(after.char):
        return 0.0
    return _MIXED_GAP * min(before.size, after.size)


def _with_mixed_gaps(glyphs: list[_Glyph]) -> list[_Glyph]:
    for at, (before, after) in enumerate(pairwise(list(glyphs))):
        gap = _gap_between(before, after)
        if gap:
            glyphs[at] = replace(glyphs[at], advance=glyphs[at].advance + gap)
    return glyphs


# --- filling --------------------------------------------------------------------------


def _room(measure: float, setting: Setting, row: int) -> float:
    return measure - (setting.indent if row == 0 else setting.hang)


def _end_squeeze(atoms: Sequence[_Atom]) -> float:
    """How much the mark at the end may give up."""
    if not atoms:
        return 0.0
    last = atoms[-1].glyphs[-1]
    return last.size / 2 if last.char in _BLANK_RIGHT and _is_full(last) else 0.0


def _width(atoms: Sequence[_Atom]) -> float:
    joints = sum(_gap_between(a.glyphs[-1], b.glyphs[0]) for a, b in pairwise(atoms))
    # The tracking after a line's last character is air outside the measure.
    return sum(atom.width for atom in atoms) + joints


def _fill(atoms: Sequence[_Atom], measure: float, setting: Setting) -> list[list[_Atom]]:
    rows: list[list[_Atom]] = []
    row: list[_Atom] = []
    width = 0.0
    queue = list(reversed(atoms))
    while queue:
        atom = queue.pop()
        if atom.space and not row and rows:
            continue  # a blank at the beginning of a following line is dropped
        room = _room(measure, setting, len(rows)) + 1e-6
        joint = _gap_between(row[-1].glyphs[-1], atom.glyphs[0]) if row else 0.0
        grown = width + joint + atom.width
        if atom.space or grown - _end_squeeze([atom]) <= room:
            row.append(atom)
            width = grown
        elif row and not all(a.space for a in row):
            rows.append(_trim(row))
            row, width = [], 0.0
            queue.append(atom)
        else:
            head, tail = _cut(atom, room - width)
            row.append(head)
            rows.append(row)
            row, width = [], 0.0
            if tail is not None:
                queue.append(tail)
    if row or not rows:
        rows.append(_trim(row) if rows else row)
    return _no_orphan(rows, measure, setting)


def _trim(row: list[_Atom]) -> list[_Atom]:
    end = len(row)
    while end and row[end - 1].space:
        end -= 1
    return row[:end]


def _cut(atom: _Atom, room: float) -> tuple[_Atom, _Atom | None]:
    """An atom wider than a line: what fits, at least one character, and the rest."""
    width, at = 0.0, 0
    for glyph in atom.glyphs:
        width += glyph.advance
        if at and width > room:
            break
        at += 1
    at = _better_cut(atom.glyphs, at)
    rest = atom.glyphs[at:]
    return _Atom(atom.glyphs[:at]), _Atom(rest) if rest else None


def _better_cut(glyphs: Sequence[_Glyph], at: int) -> int:
    """``at``, or before it where no mark would stand on the wrong side of the cut."""
    for earlier in range(at, 0, -1):
        wrong = earlier < len(glyphs) and glyphs[earlier].char in _NO_START
        if not wrong and glyphs[earlier - 1].char not in _NO_END:
            return earlier
    return at


def _no_orphan(rows: list[list[_Atom]], measure: float, setting: Setting) -> list[list[_Atom]]:
    """Let a last line not consist of one lonely character: bring another down."""
    if len(rows) < 2 or len(rows[-1]) != 1 or len(rows[-2]) < _SHORT_LINE:
        return rows
    lonely, moved = rows[-1][0], rows[-2][-1]
    ideographs = [g for g in lonely.glyphs if g.char not in _NO_START]
    if len(ideographs) != 1 or moved.space or _is_latin(ideographs[0].char):
        return rows
    if _width([moved, lonely]) > _room(measure, setting, len(rows) - 1):
        return rows
    return [*rows[:-2], _trim(rows[-2][:-1]), [moved, lonely]]


# --- placing --------------------------------------------------------------------------


def _set(row: Sequence[_Atom], room: float, setting: Setting, stretch: bool) -> TextLine:
    """Place a row's characters, squeezing or stretching them to ``room``."""
    glyphs = _with_mixed_gaps_between(row)
    width = sum(glyph.advance for glyph in glyphs) - (setting.tracking if glyphs else 0.0)
    slack = room - width
    to_fill = any(glyph.char == _TO_FILL for glyph in glyphs)
    if slack <= 0.0 or to_fill or not (setting.justify and stretch):
        # A row wider than its room ends with a mark that gives up its blank; a run to be filled
        # in by hand would fall apart into dashes.
        return _place(glyphs)
    return _place(_stretched(glyphs, slack))


def _with_mixed_gaps_between(row: Sequence[_Atom]) -> list[_Glyph]:
    glyphs: list[_Glyph] = []
    for atom in row:
        if glyphs:
            gap = _gap_between(glyphs[-1], atom.glyphs[0])
            glyphs[-1] = replace(glyphs[-1], advance=glyphs[-1].advance + gap)
        glyphs.extend(atom.glyphs)
    return glyphs


def _stretched(glyphs: list[_Glyph], slack: float) -> list[_Glyph]:
    """Spread ``slack``: between atoms while that stays small, else between all characters."""
    gaps = _inner_gaps(glyphs)
    size = max((glyph.size for glyph in glyphs), default=1.0)
    if not gaps or slack / len(gaps) > _LATIN_SHARES_FROM * size:
        gaps = list(range(len(glyphs) - 1))
    if not gaps or slack / len(gaps) > _MAX_GAP * size:
        return glyphs
    share = slack / len(gaps)
    for at in gaps:
        glyphs[at] = replace(glyphs[at], advance=glyphs[at].advance + share)
    return glyphs


def _inner_gaps(glyphs: Sequence[_Glyph]) -> list[int]:
    """Where a line may be stretched: everywhere but inside a Latin run."""
    return [
        at
        for at, (before, after) in enumerate(pairwise(glyphs))
        if not (_is_latin(before.char) and _is_latin(after.char))
    ]


def _place(glyphs: Sequence[_Glyph]) -> TextLine:
    """Positions, then neighbours of one face and one spacing joined into pieces."""
    pieces: list[Piece] = []
    x = 0.0
    run: list[_Glyph] = []
    run_x = x
    for glyph in glyphs:
        if run and not _joins(run, glyph):
            pieces.append(_piece(run, run_x))
            run = []
        if not run:
            run_x = x - glyph.shift
        run.append(glyph)
        x += glyph.advance
    if run:
        pieces.append(_piece(run, run_x))
    return TextLine(tuple(pieces), x)


def _extra(glyph: _Glyph) -> float:
    return glyph.advance - glyph.face.advance(glyph.char) * glyph.size


def _joins(run: Sequence[_Glyph], glyph: _Glyph) -> bool:
    last = run[-1]
    same = (last.face, last.size, last.colour) == (glyph.face, glyph.size, glyph.colour)
    even = abs(_extra(last) - _extra(run[0])) < 1e-6
    return same and even and not glyph.shift and not last.shift


def _piece(run: Sequence[_Glyph], x: float) -> Piece:
    first = run[0]
    spacing = _extra(first) if len(run) > 1 else 0.0
    text = "".join(glyph.char for glyph in run)
    return Piece(x, text, first.face.name, first.size, spacing, first.colour)
