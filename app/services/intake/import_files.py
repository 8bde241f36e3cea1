"""Files as they come: one, or several of one kind (a squad's each) read as one table."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.errors import UserError
from app.exchange.reading import open_workbook
from app.exchange.sheets import SourceBook, SourceSheet
from app.services.intake.import_rows import Watch, silent

_MOST_FILES = 50


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A table that was read: what it is by its content, and the hash of its bytes.

    Of several files ``path`` is the first and ``sha256`` the hash of their hashes; their sheets
    carry the file's name.  Of a package ``path`` and ``sha256`` are the package's, ``digest`` its
    tag manifest's, ``source`` whose it is.
    """

    path: Path
    sha256: str
    book: SourceBook = field(repr=False)
    others: tuple[Path, ...] = ()
    digest: str = ""
    source: str = ""

    @property
    def paths(self) -> tuple[Path, ...]:
        """All files, in the order they were given."""
        return (self.path, *self.others)

    @property
    def title(self) -> str:
        """What a person calls it: “名录.xlsx”, “名录.xlsx 等 3 个文件”."""
        more = f" 等 {len(self.others) + 1} 个文件" if self.others else ""
        return self.path.name + more

    @property
    def rows(self) -> int:
        """Rows of all its sheets, headers included."""
        return sum(len(sheet.rows) for sheet in self.book.sheets)

    @property
    def words(self) -> str:
        """What the file is, for a person: “网页表格”."""
        return self.book.kind.value

    @property
    def sheets(self) -> tuple[str, ...]:
        """Names of its sheets."""
        return tuple(sheet.name for sheet in self.book.sheets)


def open_file(path: Path, watch: Watch = silent) -> SourceFile:
    """Read a table whatever its extension says. UserError if it is none."""
    book = open_workbook(path, lambda done, total: watch(done, total or 0, "正在读取文件"))
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return SourceFile(path, digest, replace(book, sheets=_apart(book.sheets)))


def open_files(paths: Sequence[Path], watch: Watch = silent) -> SourceFile:
    """Read several files as one. UserError names the file that cannot be read."""
    if len(paths) > _MOST_FILES:
        raise UserError(f"一次最多导入 {_MOST_FILES} 个文件。", "请分几次导入。")
    found = []
    for number, path in enumerate(paths, start=1):
        watch(0, 0, f"正在读取第 {number} 个文件，共 {len(paths)} 个")
        found.append(open_file(path, watch))
    if len(found) == 1:
        return found[0]
    doubles = [name for name, times in Counter(each.sha256 for each in found).items() if times > 1]
    if doubles:
        same = "、".join(each.path.name for each in found if each.sha256 == doubles[0])
        raise UserError(f"这几个文件内容完全相同：{same}。", "请只选其中一个。")
    sheets = [
        replace(sheet, name=f"{each.path.stem}·{sheet.name}")
        for each in found
        for sheet in each.book.sheets
    ]
    digest = hashlib.sha256("".join(each.sha256 for each in found).encode("ascii")).hexdigest()
    book = SourceBook(found[0].book.kind, _apart(sheets))
    return SourceFile(found[0].path, digest, book, tuple(each.path for each in found[1:]))


def _apart(sheets: Sequence[SourceSheet]) -> tuple[SourceSheet, ...]:
    """Sheets of one name told apart: a row is named by its sheet and number."""
    taken: set[str] = set()
    named = []
    for sheet in sheets:
        name, number = sheet.name, 1
        while name in taken:
            number += 1
            name = f"{sheet.name}（{number}）"
        taken.add(name)
        named.append(sheet if name == sheet.name else replace(sheet, name=name))
    return tuple(named)
