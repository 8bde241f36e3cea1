"""Open any table an officer receives, by what it contains and not by its extension.

Limits are generous for 100,000 rows and small for what an attacker or a broken
export can do to the one PC: size, unpacked size, extent of a sheet.
"""

from __future__ import annotations

from pathlib import Path

from app.errors import AppError, EnvironmentFault, UserError
from app.exchange import _binary, _markup, _plain
from app.exchange.sheets import BookKind, Progress, SourceBook, beside_each_other

LARGEST_FILE = 200 * 1024 * 1024  # bytes

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WRONG_KINDS = (
    (b"%PDF", "PDF 文件"),
    (b"\xff\xd8\xff", "图片"),
    (b"\x89PNG", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"II*\x00", "图片"),
    (b"MM\x00*", "图片"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"MZ", "程序"),
    (b"\x7fELF", "程序"),
    (b"{\\rtf", "RTF 文档"),
    (b"SQLite format 3\x00", "数据库文件"),
)
_SAVE_AS = "请在 Excel 或 WPS 中打开它，另存为 xlsx 后再导入。"


def open_workbook(path: Path, progress: Progress | None = None) -> SourceBook:
    """Read every sheet of ``path``.

    Raises UserError with a sentence for anything that is not a readable table and
    EnvironmentFault if the file cannot be read at all; whatever ``progress`` raises
    passes through, so that a person can cancel.
    """
    book = open_data(path.name, read_bytes(path), progress)
    sheets = tuple(part for sheet in book.sheets for part in beside_each_other(sheet))
    return SourceBook(book.kind, sheets)


def open_data(name: str, data: bytes, progress: Progress | None = None) -> SourceBook:
    """The same of bytes that were read, every sheet as it stands; ``name`` for messages."""
    try:
        book = _read(name, data, progress or _silent)
    except AppError:
        raise
    except MemoryError as error:
        raise UserError(
            f"“{name}”太大，内存不够。", "请删去不需要的行、列或工作表后再导入。"
        ) from error
    if not any(sheet.rows for sheet in book.sheets):
        raise UserError(f"“{name}”里没有任何内容。", "请确认选对了文件。")
    return book


def read_bytes(path: Path) -> bytes:
    """A file an officer chose; UserError or EnvironmentFault say why it cannot be read."""
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise UserError(
                f"“{path.name}”有 {size // 1024 // 1024} MB，超过 {LARGEST_FILE // 1024 // 1024}"
                " MB 的上限。",
                "请删去图片和不需要的工作表，或分成几个文件导入。",
            )
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise UserError(f"找不到文件“{path}”。", "请确认文件还在原处，U 盘没有拔出。") from error
    except IsADirectoryError as error:
        raise UserError(f"“{path}”是文件夹。", "请选择其中的表格文件。") from error
    except PermissionError as error:
        if path.is_dir():
            raise UserError(f"“{path}”是文件夹。", "请选择其中的表格文件。") from error
        raise EnvironmentFault(
            f"读不了“{path.name}”。", "请先关闭正在打开它的程序，或把它复制到桌面后再试。"
        ) from error
    except (OSError, ValueError) as error:
        raise EnvironmentFault(
            f"读取“{path.name}”时出错。", "请检查磁盘或 U 盘，或重新复制这个文件。"
        ) from error
    if not data.strip(b"\x00 \t\r\n"):
        raise UserError(f"“{path.name}”是空文件。", "请重新从平台下载或复制。")
    return data


def _read(name: str, data: bytes, progress: Progress) -> SourceBook:
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return _binary.read_zipped(name, data, progress)
    if data.startswith(_OLE):
        return _binary.read_ole(name, data, progress)
    # BIFF2–4 of the early nineties: a bare stream that begins with BOF.
    if data[:2] in {b"\x09\x00", b"\x09\x02", b"\x09\x04"} and data[3:4] == b"\x00":
        raise UserError(f"“{name}”是很老的 Excel 格式。", _SAVE_AS)
    for magic, words in _WRONG_KINDS:
        if data.startswith(magic) and (len(magic) > 2 or b"\x00" in data[:4096]):
            raise UserError(f"“{name}”是{words}，不是表格。", "请选择 Excel、WPS 表格或 csv 文件。")
    text = _plain.decode(name, data)
    start = text[:65536].lstrip().lower()
    if start.startswith("mime-version:") or "\nmime-version:" in start[:2000]:
        return _markup.read_web_archive(name, data, progress)
    if "urn:schemas-microsoft-com:office:spreadsheet" in start and "<workbook" in start.replace(
        "<ss:workbook", "<workbook"
    ):
        return _markup.read_spreadsheet_xml(name, text, progress)
    if start.startswith("<") and any(mark in start for mark in ("<table", "<html", "<tr", "<body")):
        return _markup.read_html(name, text, progress)
    if start.startswith("<?xml") or (start.startswith("<") and start.rstrip().endswith(">")):
        raise UserError(f"“{name}”是 XML 文件，但不是表格。", "请从平台重新导出 Excel 格式。")
    return SourceBook(BookKind.CSV, (_plain.read_delimited(text, progress),))


def _silent(done: int, total: int | None) -> None:
    """Stand in for a caller that does not watch."""
