"""Rows copied from a spreadsheet or from our own lists, kept as a file the import can read."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain import inspector, item, target
from app.domain.fields import Field
from app.errors import UserError

_FIELDS: dict[str, Sequence[Field]] = {
    "targets": target.FIELDS,
    "inspectors": inspector.FIELDS,
    "items": item.FIELDS,
}
_MOST_CHARACTERS = 20_000_000


@dataclass(frozen=True, slots=True)
class PasteRows:
    """Tab-separated text for a directory; ``titles``: the columns on show, for rows without
    a header of their own."""

    kind: str
    text: str
    titles: tuple[str, ...]


def keep(command: PasteRows) -> Path:
    """Write the rows as a csv file in a folder of its own; gives its path.

    UserError: nothing tabular was copied, or there are more columns than the list shows.
    """
    if len(command.text) > _MOST_CHARACTERS:
        raise UserError("粘贴的内容太多。", "请存成文件后用“导入名录”。")
    rows = [
        row
        for row in csv.reader(io.StringIO(command.text), dialect="excel-tab")
        if any(cell.strip() for cell in row)
    ]
    if not rows or (len(rows) == 1 and len(rows[0]) == 1):
        raise UserError(
            "剪贴板里没有表格内容。", "请先在 Excel 或 WPS 里选中几行（最好带表头）复制。"
        )
    if not _is_header(rows[0], command):
        width = max(len(row) for row in rows)
        if width > len(command.titles):
            raise UserError(
                f"粘贴的有 {width} 列，又没有表头，对不上列表里的 {len(command.titles)} 列。",
                "请连表头一起复制。",
            )
        rows.insert(0, list(command.titles[:width]))
    folder = Path(tempfile.mkdtemp(prefix="suicha-"))
    path = folder / "粘贴的内容.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def _is_header(row: Sequence[str], command: PasteRows) -> bool:
    known = {title for title in command.titles if title}
    for field in _FIELDS[command.kind]:
        known |= {field.label, *field.synonyms}
    cells = [cell.strip().rstrip("*") for cell in row if cell.strip()]
    return sum(cell in known for cell in cells) * 2 >= len(cells)
