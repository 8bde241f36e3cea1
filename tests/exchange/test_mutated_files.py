"""Thousands of damaged and odd files: every row accounted for, a sentence instead of a traceback.

Seeded, so that a failure comes again; quick, because the files are small.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain import inspector, item, target
from app.errors import AppError
from app.exchange import fates as judging
from app.exchange import importing as reading_rows
from app.exchange.fates import Fate
from app.exchange.mapping import propose_mappings
from app.exchange.reading import open_workbook
from app.exchange.sheets import BookKind, Cell, SourceBook, make_sheet
from tests.exchange.test_importing import DIRT
from tests.exchange.workbooks import FORMATS, grid, row

_BYTES_PER_FORMAT = 100
_ZIPPED = 150
_GRIDS = 32  # seeds of 25 books each


def accounted(book: SourceBook) -> bool:
    """Judge the book as each directory would; False if it is none. Every row has one fate."""
    known = False
    for fields, read, judge in (
        (target.FIELDS, reading_rows.read_targets, judging.target_fates),
        (inspector.FIELDS, reading_rows.read_inspectors, judging.inspector_fates),
        (item.FIELDS, reading_rows.read_items, judging.item_fates),
    ):
        try:
            mappings = propose_mappings(book, fields)
        except AppError as error:
            assert str(error)
            continue
        known = True
        rows = read(book, mappings, fields)  # type: ignore[operator]
        found = judge(rows, ())  # type: ignore[operator]
        below = sum(len(book.sheets[each.sheet].rows) - each.first_row for each in mappings)
        assert len(found) == below
        places = [each.row.place for each in found]
        assert len(set(places)) == len(places) or len({s.name for s in book.sheets}) < len(
            book.sheets
        )
        for each in found:
            assert isinstance(each.fate, Fate)
            assert each.reason or each.fate is Fate.NEW
    return known


def damaged(data: bytes, chance: random.Random) -> bytes:
    """A few bytes overwritten, cut, doubled, blanked, or the end missing."""
    body = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(body))
        length = min(chance.choice((1, 1, 2, 8, 64, 400)), len(body) - at)
        how = chance.randrange(6)
        if how == 0:
            body[at : at + length] = chance.randbytes(length)
        elif how == 1:
            del body[at : at + length]
        elif how == 2:
            body[at:at] = body[at : at + length]
        elif how == 3:
            body[at : at + length] = bytes(length)
        elif how == 4:
            body[at : at + 1] = bytes([body[at] ^ (1 << chance.randrange(8))])
        else:
            del body[at:]
        if not body:
            return b"\x00"
    return bytes(body)


@pytest.mark.parametrize("name", FORMATS)
def test_damaged_bytes_are_read_or_refused_in_words(tmp_path: Path, name: str) -> None:
    sound = FORMATS[name](grid(6))
    path = tmp_path / "名录.xlsx"
    for seed in range(_BYTES_PER_FORMAT):
        path.write_bytes(damaged(sound, random.Random(f"{name}{seed}")))
        try:
            book = open_workbook(path)
        except AppError as error:
            assert "名录.xlsx" in str(error), seed
            continue
        accounted(book)


def test_damage_inside_a_workbook_whose_zip_is_sound(tmp_path: Path) -> None:
    """A changed byte in a zip fails its checksum; here the parts themselves are damaged."""
    sound = FORMATS["xlsx"](grid(6))
    path = tmp_path / "名录.xlsx"
    for seed in range(_ZIPPED):
        chance = random.Random(seed)
        made = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(sound)) as source,
            zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as copy,
        ):
            names = source.namelist()
            victim = chance.choice([each for each in names if each.startswith("xl/")])
            for each in names:
                content = source.read(each)
                copy.writestr(each, damaged(content, chance) if each == victim else content)
        path.write_bytes(made.getvalue())
        try:
            book = open_workbook(path)
        except AppError as error:
            assert "名录.xlsx" in str(error), seed
            continue
        accounted(book)


def _drop_a_column(rows: list[list[Cell]], chance: random.Random) -> None:
    at = chance.randrange(len(rows[0]) + 1)
    for each in rows:
        del each[at : at + 1]


def _shift_a_row(rows: list[list[Cell]], chance: random.Random) -> None:
    rows[chance.randrange(len(rows))].insert(0, chance.choice(DIRT))


def _swap_rows(rows: list[list[Cell]], chance: random.Random) -> None:
    first, second = chance.randrange(len(rows)), chance.randrange(len(rows))
    rows[first], rows[second] = rows[second], rows[first]


def _repeat_a_row(rows: list[list[Cell]], chance: random.Random) -> None:
    rows.insert(chance.randrange(len(rows)), list(chance.choice(rows)))


def _dirty_a_cell(rows: list[list[Cell]], chance: random.Random) -> None:
    line = chance.choice(rows)
    if line:
        line[chance.randrange(len(line))] = chance.choice(DIRT)


def _put_a_title(rows: list[list[Cell]], chance: random.Random) -> None:
    rows.insert(0, ["二〇二六年第三季度名录"] * chance.choice((1, 3, len(rows[0]) or 1)))


_CHANGES: tuple[Callable[[list[list[Cell]], random.Random], None], ...] = (
    _drop_a_column,
    _shift_a_row,
    _swap_rows,
    _repeat_a_row,
    _put_a_title,
    *(_dirty_a_cell,) * 8,
)


@pytest.mark.parametrize("seed", range(_GRIDS))
def test_odd_tables_lose_no_row(seed: int) -> None:
    judged = 0
    for number in range(25):
        chance = random.Random(seed * 1000 + number)
        sheets = []
        for name in range(chance.choice((1, 1, 2))):
            rows: list[list[Cell]] = [list(each) for each in grid(chance.randint(1, 9))]
            for _ in range(chance.randint(1, 12)):
                chance.choice(_CHANGES)(rows, chance)
            rows.append(list(row(9_000)))
            sheets.append(make_sheet(f"表{name}", rows))
        judged += accounted(SourceBook(BookKind.XLSX, tuple(sheets)))
    assert judged > 0
