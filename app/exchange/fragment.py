"""A table as an HTML fragment for a bureau's site: no script, nothing loaded, all escaped."""

from __future__ import annotations

import re
import unicodedata
from html import escape

from app.exchange.sheets import Cell
from app.exchange.writing import Table

__all__ = ["fragment"]

# On the elements themselves: a site's editor drops a style sheet, and its own has no lines.
_TABLE = "border-collapse:collapse;width:100%"
_CELL = "border:1px solid #848e9c;padding:6px 8px;text-align:left;vertical-align:top"


def fragment(table: Table, notes: tuple[str, ...] = ()) -> bytes:
    """``<section>`` with heading, table and notes; to be pasted into an editor's source view.

    Nothing in it runs or loads anything: no script, no link, no attribute that takes a cell.
    UTF-8 with its mark, so that it is readable when it is opened as it is.
    """
    heads = "".join(
        f'<th scope="col" style="{_CELL}">{_shown(column.title)}</th>' for column in table.columns
    )
    lines = [
        '<section lang="zh-CN">',
        f"<h2>{_shown(table.title)}</h2>",
        *(f"<p>{_shown(note)}</p>" for note in notes),
        f'<table style="{_TABLE}">',
        f"<thead><tr>{heads}</tr></thead>",
        "<tbody>",
    ]
    for row in table.rows:
        cells = "".join(f'<td style="{_CELL}">{_shown(cell)}</td>' for cell in row)
        lines.append(f"<tr>{cells}</tr>")
    lines += ["</tbody>", "</table>", "</section>", ""]
    return "\n".join(lines).encode("utf-8-sig")


def _shown(cell: Cell) -> str:
    text = re.sub(r"\r\n?", "\n", "" if cell is None else str(cell))
    # Signs nobody sees turn a line round or break a page; a line break is one.
    kept = "".join(
        each for each in text if each == "\n" or unicodedata.category(each) not in _UNSEEN
    )
    return escape(kept).replace("\n", "<br>")


_UNSEEN = frozenset({"Cc", "Cf", "Cs"})  # not Co: older machines keep rare names there
