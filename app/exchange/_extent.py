"""How large a workbook would lie in memory, told before it is read.

The reader lays out the full rectangle from A1 to the last cell and follows a file's own chains
of sectors: one wrong byte could ask for a hundred gigabytes, or never end, and neither can be
caught once it has begun.  So the few numbers it relies on are looked at first.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from itertools import islice

_END = 0xFFFFFFFA  # this and above: not a sector
_LAST_XLS_COLUMN = 255
_CELLS = {0x06, 0x206, 0x406, 0x203, 0x27E, 0x204, 0xFD, 0x205, 0xD6, 0x201, 0xBD, 0xBE}
_SEVERAL = {0xBD, 0xBE}
_STRINGS = 0xFC
_BEGINS, _LOCKED = 0x809, 0x2F
_REPEATED = re.compile(rb'number-(?:columns|rows)-repeated="([0-9]{1,12})"')
_ODS_CELL = re.compile(
    rb"<table:table-row\b[^>]*>|<(?:table:table-cell|table:covered-table-cell)\b[^>]*?(/?)>"
)


class DamagedError(ValueError):
    """The file contradicts itself where the reader would trust it."""


class LockedError(ValueError):
    """The file has a password: its records cannot be read."""


def ole_extent(data: bytes) -> int:
    """Cells of the largest rectangle in an OLE workbook; DamagedError for what no program wrote,
    LockedError for what a password keeps."""
    try:
        stream = _Compound(data).workbook()
    except (struct.error, IndexError) as error:
        raise DamagedError("compound file") from error
    if [kind for kind, _, _ in islice(_records(stream), 2)] == [_BEGINS, _LOCKED]:
        raise LockedError("what follows is ciphered and says nothing true")
    rows = columns = 0
    for kind, start, end in _records(stream):
        if kind == _STRINGS and end - start >= 8:
            if struct.unpack_from("<I", stream, start + 4)[0] > len(stream):
                raise DamagedError("more strings than bytes")
        elif kind in _CELLS and end - start >= 6:
            row, column = struct.unpack_from("<HH", stream, start)
            if kind in _SEVERAL:
                column = max(column, *struct.unpack_from("<H", stream, end - 2))
            if column > _LAST_XLS_COLUMN:
                raise DamagedError("a cell beyond the last column")
            rows, columns = max(rows, row + 1), max(columns, column + 1)
    return int(rows * columns)


def workbook_records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and content of every record of an OLE workbook. ValueError, struct.error, IndexError
    for what is none."""
    stream = _Compound(data).workbook()
    for kind, start, end in _records(stream):
        yield kind, stream[start:end]


def _records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    place = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield kind, place + 4, min(place + 4 + length, len(stream))
        place += 4 + length


class _Compound:
    """Just enough of [MS-CFB] to find the workbook's bytes and to see that chains end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        shift: int = struct.unpack_from("<H", data, 30)[0]
        if shift not in (9, 12):
            raise DamagedError("sector size")
        self._size = 1 << shift
        directory, cutoff, mini = struct.unpack_from("<I4xII", data, 48)
        self._cutoff = cutoff
        self._fat = self._table(self._fat_sectors())
        self._mini = self._table(self._chain(self._fat, mini))
        entries = self._bytes(self._chain(self._fat, directory))
        self._entries = [entries[at : at + 128] for at in range(0, len(entries) - 127, 128)]
        if not entries or len(entries) % 128:
            raise DamagedError("a directory cut short")
        root: int = struct.unpack_from("<I", self._entries[0], 116)[0]
        self._small = self._bytes(self._chain(self._fat, root))

    def workbook(self) -> bytes:
        """The stream Workbook (Book in older files); every other chain is followed as well."""
        found = b""
        for entry in self._entries[1:]:
            start, size = struct.unpack_from("<II", entry, 116)
            if not size:
                continue
            small = size < self._cutoff
            chain = self._chain(self._mini if small else self._fat, start)
            name = entry[:64].decode("utf-16-le", "replace").split("\x00")[0]
            if name in {"Workbook", "Book"} and not found:
                found = (self._small_bytes(chain) if small else self._bytes(chain))[:size]
        return found

    def _fat_sectors(self) -> list[int]:
        sectors = list(struct.unpack_from("<109I", self._data, 76))
        following, count = struct.unpack_from("<II", self._data, 68)
        for _ in range(min(count, len(self._data) // self._size + 1)):
            if following >= _END:
                break
            more = struct.unpack_from(f"<{self._size // 4}I", self._data, self._at(following))
            sectors += more[:-1]
            following = more[-1]
        return [each for each in sectors if each < _END]

    def _at(self, sector: int) -> int:
        return (sector + 1) * self._size

    def _bytes(self, chain: list[int]) -> bytes:
        if any(self._at(sector) >= len(self._data) for sector in chain):
            raise DamagedError("a sector behind the end")
        return b"".join(self._data[self._at(s) : self._at(s) + self._size] for s in chain)

    def _small_bytes(self, chain: list[int]) -> bytes:
        return b"".join(self._small[s * 64 : s * 64 + 64] for s in chain)

    def _table(self, sectors: list[int]) -> tuple[int, ...]:
        body = self._bytes(sectors)
        return struct.unpack(f"<{len(body) // 4}I", body[: len(body) // 4 * 4])

    def _chain(self, table: tuple[int, ...], start: int) -> list[int]:
        chain: list[int] = []
        while start < _END:
            if start >= len(table) or len(chain) > len(table):
                raise DamagedError("a chain of sectors that does not end")
            chain.append(start)
            start = table[start]
        return chain


def xlsb_extent(part: bytes) -> int:
    """Cells of the rectangle one sheet of a binary workbook spans."""
    rows = columns = place = 0
    try:
        while place < len(part):
            kind, place = _varying(part, place, 2)
            length, place = _varying(part, place, 4)
            if kind == 0:  # a row begins
                rows = max(rows, struct.unpack_from("<I", part, place)[0] + 1)
            elif 1 <= kind <= 11:  # a cell
                columns = max(columns, struct.unpack_from("<I", part, place)[0] + 1)
            place += length
    except (struct.error, IndexError) as error:
        raise DamagedError("binary sheet") from error
    return int(rows * columns)


def _varying(part: bytes, place: int, most: int) -> tuple[int, int]:
    number = 0
    for count in range(most):
        byte = part[place]
        place += 1
        number |= (byte & 0x7F) << (7 * count)
        if not byte & 0x80:
            break
    return number, place


def ods_extent(content: bytes) -> int:
    """Cells an ods says it has, repeated ones counted; what is repeated empty costs nothing."""
    most = 0
    times = 1
    for found in _ODS_CELL.finditer(content):
        tag = found.group()
        repeated = _REPEATED.search(tag)
        number = int(repeated.group(1)) if repeated else 1
        if tag.startswith(b"<table:table-row"):
            times = number
        elif not found.group(1):  # a cell with something in it
            most = max(most, number * times)
    return most
