"""An old xls template as xlsx: what its look can carry over — columns, rows, merged cells."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from app.exchange._extent import workbook_records
from app.exchange.sheets import Cell, Merge, SourceBook, is_blank

__all__ = ["as_xlsx"]

_SHEET_BEGINS, _COLUMN, _ROW, _MERGED = 0x809, 0x7D, 0x208, 0xE5
_WORKSHEET = 0x10


@dataclass
class _Layout:
    """Widths in characters and heights in points by place from 1; merged cells from 0."""

    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)


def as_xlsx(book: SourceBook, ole: bytes | None) -> bytes:
    """The same sheets as xlsx; ``ole``: the xls they came from, for its widths and merged cells."""
    import openpyxl
    from openpyxl.styles import Alignment

    layouts = _layouts(ole) if ole is not None else []
    made = openpyxl.Workbook()
    made.remove(made.active)
    for at, source in enumerate(book.sheets):
        sheet = made.create_sheet(source.name[:31])
        sheet.sheet_state = "hidden" if source.hidden else "visible"
        layout = layouts[at] if len(layouts) == len(book.sheets) else _guessed(source.rows)
        covered = {
            (row, column)
            for top, left, bottom, right in layout.merges
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
            if (row, column) != (top, left)
        }
        for row, cells in enumerate(source.rows):
            for column, value in enumerate(cells):
                if is_blank(value) or (row, column) in covered:
                    continue
                cell = sheet.cell(row + 1, column + 1)
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"  # “=…” in an old form is words, not a formula of ours
                if isinstance(value, date):
                    cell.number_format = "yyyy-mm-dd"
                cell.alignment = Alignment(vertical="center", wrap_text=True)
        _lay_out(sheet, layout)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def _lay_out(sheet: object, layout: _Layout) -> None:
    from openpyxl.utils import get_column_letter

    for place, width in layout.widths.items():
        sheet.column_dimensions[get_column_letter(place)].width = width  # type: ignore[attr-defined]
    for place, height in layout.heights.items():
        sheet.row_dimensions[place].height = height  # type: ignore[attr-defined]
    for top, left, bottom, right in layout.merges:
        sheet.merge_cells(  # type: ignore[attr-defined]
            start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
        )


def _guessed(rows: Sequence[Sequence[Cell]]) -> _Layout:
    """Where the file tells nothing: columns as wide as their header's words."""
    layout = _Layout()
    for row in rows[:10]:
        for place, cell in enumerate(row, start=1):
            width = min(max(2.2 * len(str(cell)), 10), 30) if isinstance(cell, str) else 10
            layout.widths[place] = max(layout.widths.get(place, 10), width)
    return layout


def _layouts(ole: bytes) -> list[_Layout]:
    """Layout of each worksheet in the file's order; empty if it cannot be told."""
    found: list[_Layout] = []
    inside = False
    try:
        for kind, body in workbook_records(ole):
            if kind == _SHEET_BEGINS:
                inside = struct.unpack_from("<H", body, 2)[0] == _WORKSHEET
                if inside:
                    found.append(_Layout())
            elif inside:
                _take(found[-1], kind, body)
    except (struct.error, ValueError, IndexError):
        return []
    return found


def _take(layout: _Layout, kind: int, body: bytes) -> None:
    if kind == _COLUMN:
        first, last, width = struct.unpack_from("<HHH", body)
        for place in range(first + 1, min(last, 255) + 2):
            layout.widths[place] = round(width / 256, 2)
    elif kind == _ROW:
        row, _first, _last, height = struct.unpack_from("<HHHH", body)
        if not height & 0x8000:
            layout.heights[row + 1] = height / 20
    elif kind == _MERGED:
        (count,) = struct.unpack_from("<H", body)
        for at in range(count):
            top, bottom, left, right = struct.unpack_from("<HHHH", body, 2 + 8 * at)
            layout.merges.append((top, left, bottom, right))
