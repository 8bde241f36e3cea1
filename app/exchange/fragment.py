"""A table as an HTML fragment for a bureau's site: no script, no style of its own, all escaped."""

from __future__ import annotations

from html import escape

from app.exchange.writing import Table

__all__ = ["fragment"]


def fragment(table: Table, notes: tuple[str, ...] = ()) -> str:
    """``<section>`` with heading, table and notes; to be pasted into an editor's source view.

    Nothing in it runs or loads anything: no script, no link, no attribute that takes a cell.
    """
    heads = "".join(f'<th scope="col">{escape(column.title)}</th>' for column in table.columns)
    lines = [
        "<section>",
        f"<h2>{escape(table.title)}</h2>",
        *(f"<p>{escape(note)}</p>" for note in notes),
        "<table>",
        f"<thead><tr>{heads}</tr></thead>",
        "<tbody>",
    ]
    for row in table.rows:
        cells = "".join(f"<td>{escape('' if cell is None else str(cell))}</td>" for cell in row)
        lines.append(f"<tr>{cells}</tr>")
    lines += ["</tbody>", "</table>", "</section>", ""]
    return "\n".join(lines)
