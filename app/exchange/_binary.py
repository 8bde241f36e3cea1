"""xlsx, xlsb, xls, et, ods through calamine, behind guards against bombs and locks."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from app.errors import UserError
from app.exchange._extent import DamagedError, LockedError, ods_extent, ole_extent, xlsb_extent
from app.exchange.sheets import (
    PROGRESS_STEP,
    BookKind,
    Cell,
    Merge,
    Progress,
    SourceBook,
    SourceSheet,
    make_sheet,
)

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet
    from python_calamine import CalamineSheet, CalamineWorkbook

LARGEST_UNPACKED = 800 * 1024 * 1024  # bytes of all members together
LARGEST_EXTENT = 12_000_000  # cells between A1 and the last one, before we stream instead
_MOST_MEMBERS = 5000
_CHUNK = 1 << 20
_EXACT = 10**15  # below it every whole number is exact in a spreadsheet (15 digits)

_BROKEN = (
    "文件可能没有下载完整或已经损坏，请重新下载；或在 Excel、WPS 中打开，另存为 xlsx 后再导入。"
)
_REFERENCE = re.compile(rb'\sr="([A-Z]{1,3})([0-9]{1,7})"')


class _Watched:
    """The caller's progress callback, remembering what it raised: that must get through."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.raised: BaseException | None = None

    def __call__(self, done: int, total: int | None) -> None:
        try:
            self._progress(done, total)
        except BaseException as error:
            self.raised = error
            raise


def read_zipped(name: str, data: bytes, progress: Progress) -> SourceBook:
    """Read a zip that is a workbook: xlsx, xlsm, xlsb, ods. UserError for any other zip."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            kind = _kind_of(name, [member.filename for member in members])
            _refuse_locked(name, archive, kind)
            extent = max(_measure(name, archive, members), _other_extent(archive, kind))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise UserError(f"“{name}”打不开。", _BROKEN) from error
    except (RuntimeError, ValueError, IndexError, KeyError) as error:
        raise UserError(f"“{name}”打不开。", _BROKEN) from error
    if extent > LARGEST_EXTENT:
        if kind is not BookKind.XLSX:
            raise _scattered(name)
        return SourceBook(kind, _stream(name, data, progress))
    return _with_calamine(name, data, kind, progress)


def read_ole(name: str, data: bytes, progress: Progress) -> SourceBook:
    """Read an OLE file that is a workbook: xls, old et. UserError for Word, encrypted files."""
    if _ole_name("EncryptedPackage") in data:
        raise _locked(name)
    if _ole_name("Workbook") not in data and _ole_name("Book") not in data:
        words = "Word 文档" if _ole_name("WordDocument") in data else "别的 Office 文件"
        raise UserError(f"“{name}”是{words}或已损坏，不是表格。", "请选择 Excel 或 WPS 表格文件。")
    try:
        extent = ole_extent(data)
    except LockedError as error:
        raise _locked(name) from error
    except DamagedError as error:
        raise UserError(f"“{name}”打不开。", _BROKEN) from error
    if extent > LARGEST_EXTENT:
        raise _scattered(name)
    return _with_calamine(name, data, BookKind.XLS, progress)


def _locked(name: str) -> UserError:
    return UserError(f"“{name}”有打开密码。", "请在 Excel 或 WPS 中去掉密码后再导入。")


def _ole_name(stream: str) -> bytes:
    return stream.encode("utf-16-le") + b"\x00\x00"


def _kind_of(name: str, members: Sequence[str]) -> BookKind:
    if "xl/workbook.bin" in members:
        return BookKind.XLSB
    if any(member.startswith(("xl/", "xl\\")) for member in members):
        return BookKind.XLSX
    if "content.xml" in members:
        return BookKind.ODS
    if any(member.startswith("word/") for member in members):
        raise UserError(
            f"“{name}”是 Word 文档，不是表格。", "请把其中的表格复制到 Excel 后再导入。"
        )
    if any(member.startswith("ppt/") for member in members):
        raise UserError(f"“{name}”是演示文稿，不是表格。", "请选择 Excel、WPS 表格或 csv 文件。")
    raise UserError(f"“{name}”是压缩包。", "请先解压，再选择其中的表格文件。")


def _refuse_locked(name: str, archive: zipfile.ZipFile, kind: BookKind) -> None:
    locked = any(member.flag_bits & 1 for member in archive.infolist())
    if kind is BookKind.ODS and not locked:
        if "spreadsheet" not in archive.read("mimetype")[:200].decode("ascii", "replace"):
            raise UserError(f"“{name}”不是表格。", "请选择 Excel、WPS 表格或 csv 文件。")
        manifest = "META-INF/manifest.xml"
        locked = manifest in archive.namelist() and b"encryption-data" in archive.read(manifest)
    if locked:
        raise _locked(name)


def _measure(name: str, archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> int:
    """Unpack every member once without keeping it; returns the largest sheet's extent in cells.

    Declared sizes can lie and calamine lays out the full rectangle from A1 to the last
    cell, so one cell at XFD1048576 would ask for hundreds of gigabytes.
    """
    if len(members) > _MOST_MEMBERS:
        raise _bomb(name)
    unpacked = 0
    largest = 0
    for member in members:
        is_sheet = member.filename.startswith("xl/worksheets/") and member.file_size > 0
        columns: set[bytes] = set()
        last_row = 0
        tail = b""
        with archive.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                unpacked += len(chunk)
                if unpacked > LARGEST_UNPACKED:
                    raise _bomb(name)
                if is_sheet:
                    window = tail + chunk
                    found = _REFERENCE.findall(window)
                    columns.update(column for column, _ in found)
                    last_row = max(last_row, *(int(row) for _, row in found[-1:]), 0)
                    tail = window[-24:]
        width = max((_column_number(column) for column in columns), default=0)
        largest = max(largest, width * last_row)
    return largest


def _other_extent(archive: zipfile.ZipFile, kind: BookKind) -> int:
    """What the formats span whose cells name no place in their text."""
    if kind is BookKind.ODS:
        return ods_extent(archive.read("content.xml"))
    if kind is not BookKind.XLSB:
        return 0
    sheets = (each for each in archive.namelist() if each.startswith("xl/worksheets/"))
    return max(
        (xlsb_extent(archive.read(each)) for each in sheets if each.endswith(".bin")), default=0
    )


def _scattered(name: str) -> UserError:
    return UserError(
        f"“{name}”里有内容远在表格之外的单元格，铺开会占满内存，没有读取。",
        "请删去多余的行、列后另存为 xlsx 再导入。",
    )


def _bomb(name: str) -> UserError:
    return UserError(
        f"“{name}”解开后大得不正常，已停止读取。",
        "请确认来源；确实需要的，请删去图片和多余的工作表后另存再导入。",
    )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _with_calamine(name: str, data: bytes, kind: BookKind, progress: Progress) -> SourceBook:
    import python_calamine

    watched = _Watched(progress)
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return SourceBook(kind, tuple(_sheets(book, watched)))
    except python_calamine.PasswordError as error:
        raise _locked(name) from error
    except (python_calamine.CalamineError, OSError, ValueError, IndexError) as error:
        if error is watched.raised:
            raise
        if kind is BookKind.XLSX:
            return SourceBook(kind, _stream(name, data, progress))
        raise UserError(f"“{name}”打不开。", _BROKEN) from error
    except BaseException as error:
        # A Rust panic arrives as pyo3's PanicException, which is not an Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise UserError(f"“{name}”打不开。", _BROKEN) from error


def _sheets(book: CalamineWorkbook, progress: Progress) -> Iterator[SourceSheet]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    for about in book.sheets_metadata:
        if about.typ is not SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(about.name)
        hidden = about.visible is not SheetVisibleEnum.Visible
        yield make_sheet(about.name, _rows(sheet, progress), _merges(sheet), hidden)


def _rows(sheet: CalamineSheet, progress: Progress) -> Iterator[list[Cell]]:
    if sheet.start is None:
        return
    # iter_rows begins at row 1 but at the first used column.
    before: list[Cell] = [None] * sheet.start[1]
    for done, row in enumerate(sheet.iter_rows(), start=1):
        if done % PROGRESS_STEP == 0:
            progress(done, sheet.height)
        yield before + [_cell(value) for value in row]


def _merges(sheet: CalamineSheet) -> list[Merge]:
    ranges = sheet.merged_cell_ranges or []
    return [(first[0], first[1], last[0], last[1]) for first, last in ranges]


def _cell(value: object) -> Cell:
    if value is None or value == "":
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < _EXACT else value
    if isinstance(value, str | bool | datetime | date):
        return value
    if isinstance(value, int):
        return value if abs(value) < _EXACT else float(value)
    if isinstance(value, time | timedelta):
        return str(value)
    return str(value)


def _stream(name: str, data: bytes, progress: Progress) -> tuple[SourceSheet, ...]:
    """Read a sparse or unusual xlsx row by row: slower, but memory follows what is there."""
    import openpyxl

    # Its remarks are about parts nobody reads here, in English, on the person's terminal.
    warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
    watched = _Watched(progress)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            return tuple(
                make_sheet(
                    sheet.title, _streamed(sheet, watched), hidden=sheet.sheet_state != "visible"
                )
                for sheet in book.worksheets
            )
        finally:
            book.close()
    except Exception as error:
        # openpyxl raises whatever its parts raise on a broken part.
        if error is watched.raised or isinstance(error, MemoryError):
            raise
        raise UserError(f"“{name}”打不开。", _BROKEN) from error


def _streamed(sheet: ReadOnlyWorksheet, progress: Progress) -> Iterator[list[Cell]]:
    sheet.reset_dimensions()  # else every row is padded to the last column
    rows = sheet.iter_rows(values_only=True)
    blank = 0
    for done, row in enumerate(rows, start=1):
        if done % PROGRESS_STEP == 0:
            progress(done, None)
        cells = [_cell(value) for value in row]
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            blank += 1  # held back: a million formatted empty rows end nowhere
            continue
        yield from ([] for _ in range(blank))
        blank = 0
        yield cells
