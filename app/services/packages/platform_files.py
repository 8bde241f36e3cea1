"""Lists the platform gives back, read by their titles whatever their order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.exchange.cleaning import as_text
from app.exchange.reading import open_workbook
from app.exchange.sheets import is_blank

__all__ = ["FoundRow", "read_list"]

_HEADER_WITHIN = 10  # a title, a unit and a hint may stand above the header


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One row: where it stands in the file, its cells by our name for the column (“” if none)."""

    at: str
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


def read_list(
    path: Path, titles: Mapping[str, Sequence[str]], needed: Sequence[Sequence[str]]
) -> tuple[FoundRow, ...] | None:
    """Rows below the first header that has, of one of the groups in ``needed``, every column.

    ``titles``: name of a column → parts of a title that may stand for it, the surest first.
    None if no header fits; rows without any of the columns are left out.
    """
    for sheet in open_workbook(path).sheets:
        for top, header in enumerate(sheet.rows[:_HEADER_WITHIN]):
            words = [as_text(cell).strip().lower() for cell in header]
            places = _places(words, titles)
            if any(all(name in places for name in group) for group in needed):
                return tuple(_rows(sheet.name, sheet.rows[top + 1 :], top + 2, places))
    return None


def _places(words: Sequence[str], titles: Mapping[str, Sequence[str]]) -> dict[str, int]:
    places: dict[str, int] = {}
    for name, parts in titles.items():
        at = _place(words, parts, set(places.values()))
        if at is not None:
            places[name] = at
    return places


def _place(words: Sequence[str], parts: Sequence[str], taken: set[int]) -> int | None:
    for part in parts:
        for at, title in enumerate(words):
            if part in title and at not in taken:
                return at
    return None


def _rows(
    sheet: str, rows: Sequence[Sequence[object]], first: int, places: Mapping[str, int]
) -> Iterator[FoundRow]:
    for number, row in enumerate(rows, start=first):
        cells = {name: _text(row, at) for name, at in places.items()}
        if any(cells.values()):
            yield FoundRow(f"“{sheet}”第 {number} 行", cells)


def _text(row: Sequence[object], at: int) -> str:
    if at >= len(row) or is_blank(row[at]):  # type: ignore[arg-type]
        return ""
    return as_text(row[at]).strip()  # type: ignore[arg-type]
