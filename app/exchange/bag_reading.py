"""A package that came in: verified whole, then read from where it lies."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.errors import UserError
from app.exchange import bags
from app.exchange.files import replacing

__all__ = ["Bag", "is_locked", "is_package", "open_bag"]

_LARGEST_RECORD = 64 * 1024 * 1024
_TELLING = ("/bagit.txt", "/manifest-sha256.txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bag:
    """A bag that passed every check: bag-info.txt, its payload's names (below ``data/``)."""

    path: Path
    passphrase: str
    info: dict[str, str]
    names: tuple[str, ...]
    tagmanifest: str

    def refuse_foreign(self, code: str) -> None:
        """UserError unless it is a package of the unit with this code."""
        theirs = self.info.get("Organization-Code", "")
        if theirs != code:
            source = self.info.get("Source-Organization", "") or "别的单位"
            raise UserError(
                f"“{self.path.name}”是{source}（{theirs or '没有代码'}）的包，"
                f"不是本单位（{code}）的，没有读取。",
                "请核对是不是拿错了 U 盘或文件。",
            )

    def read(self, name: str) -> bytes:
        """The content of a small payload file; UserError if it is not there or far too large."""
        if name not in self.names:
            raise UserError(f"“{self.path.name}”里没有 {name}。", "请对方用密封版重新导出。")
        with bags.opened(self.path, self.passphrase) as archive:
            top = archive.namelist()[0].partition("/")[0]
            with archive.open(f"{top}/data/{name}") as stream:
                data = stream.read(_LARGEST_RECORD + 1)
        if len(data) > _LARGEST_RECORD:
            raise UserError(f"“{self.path.name}”里的 {name} 大得不正常。", "请核对这个包的来源。")
        return data

    def unpack(self, wanted: Iterable[tuple[str, Path]]) -> None:
        """Write payload files to the given places; EnvironmentFault where that fails."""
        with bags.opened(self.path, self.passphrase) as archive:
            top = archive.namelist()[0].partition("/")[0]
            for name, target in wanted:
                with (
                    replacing(target) as temporary,
                    archive.open(f"{top}/data/{name}") as source,
                    temporary.open("wb") as copy,
                ):
                    shutil.copyfileobj(source, copy)


def is_package(path: Path) -> bool:
    """Whether a file is one of our packages, locked or not; a workbook is a zip too."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except bags.DAMAGED_ZIP:
        return False
    return bags.locked(names) or any(name.endswith(_TELLING) for name in names)


def is_locked(path: Path) -> bool:
    """Whether a package asks for a passphrase."""
    with zipfile.ZipFile(path) as archive:
        return bags.locked(archive.namelist())


def open_bag(path: Path, passphrase: str = "") -> Bag:
    """Verify a package and give what it holds.

    Errors: UserError if it is locked (passphrase missing or wrong), no package, or a check fails:
    the sentence names the file that was changed.
    """
    checks = bags.verify_bag(path, passphrase)
    bad = next((check for check in checks if not check.ok), None)
    if bad is not None:
        raise UserError(
            f"“{path.name}”没有通过校验，没有读取：{bad.name}，{bad.detail}。",
            "请对方重新导出，或换一个 U 盘再复制一次。",
        )
    with bags.opened(path, passphrase) as archive:
        top = archive.namelist()[0].partition("/")[0]
        inside = tuple(
            name.removeprefix(f"{top}/data/")
            for name in archive.namelist()
            if name.startswith(f"{top}/data/") and not name.endswith("/")
        )
        info = archive.read(f"{top}/bag-info.txt").decode("utf-8", "replace")
        tags = hashlib.sha256(archive.read(f"{top}/tagmanifest-sha256.txt")).hexdigest()
    pairs = (line.partition(": ") for line in info.splitlines())
    return Bag(
        path=path,
        passphrase=passphrase,
        info={label: value for label, _colon, value in pairs},
        names=inside,
        tagmanifest=tags,
    )
