"""A directory out of another installation's package: verified whole, then imported like any table.

The squad's own computer exports its directories as a sealed package; the workbook in it goes the
way of every import, and the register keeps the package itself.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from app.errors import UserError
from app.exchange.bag_reading import is_locked, is_package, open_bag
from app.services.intake.import_files import SourceFile, open_file
from app.services.intake.import_rows import Watch, silent
from app.services.safety.sweeping import aside
from app.services.workspace import read_unit

__all__ = ["OpenDirectory", "is_locked", "is_package", "open_directory"]

_FILES = {
    "targets": "检查对象.xlsx",
    "inspectors": "执法人员.xlsx",
    "items": "抽查事项.xlsx",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDirectory:
    """Which directory (``targets``, ``inspectors``, ``items``) of which package.

    ``root``: the workspace's folder, where it is unpacked: it names people.
    """

    kind: str
    path: Path
    root: Path
    passphrase: str = ""


def open_directory(
    connection: Connection, command: OpenDirectory, watch: Watch = silent
) -> SourceFile:
    """Read one directory of a package.

    Errors: UserError if it is locked, another unit's, public, changed on the way (the file is
    named) or has no such directory.
    """
    bag, unit = open_bag(command.path, command.passphrase), read_unit(connection)
    bag.refuse_foreign(unit.code)
    name = _FILES.get(command.kind, "")
    if bag.info.get("Edition") != "sealed" or name not in bag.names:
        raise UserError(
            f"“{command.path.name}”里没有这份名录（{name or command.kind}）。",
            "请对方在“公示与上报”里，内容选一单两库、版本选密封版，重新导出。",
        )
    with aside(command.root, "package") as room:
        inside = room / name
        bag.unpack([(name, inside)])
        read = open_file(inside, watch)
    with command.path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return replace(
        read,
        path=command.path,
        sha256=digest,
        digest=bag.tagmanifest,
        source=bag.info.get("Source-Organization", ""),
    )
