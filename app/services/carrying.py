"""A package onto a stick or a disc: copied, flushed, read back from the medium, noted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from app.db.unit_of_work import UnitOfWork
from app.errors import IntegrityError, UserError
from app.exchange import bags
from app.exchange.carrying import Carried, carry
from app.exchange.drives import Drive, removable_drives
from app.models import ExportPackage
from app.services import package_life

__all__ = ["Carried", "CarryPackage", "Drive", "carry_package", "removable_drives"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryPackage:
    """Copy package ``file_name`` into ``folder``; ``medium``: 介质编号 for the ledger."""

    file_name: str
    folder: Path
    medium: str = ""


def carry_package(uow: UnitOfWork, command: CarryPackage) -> Carried:
    """Copy, read back, compare every hash of the copy; the ledger keeps where it went.

    Errors: UserError (unknown package, not approved where the unit wants that), IntegrityError
    (the original or the copy is not what was made), else as ``exchange.carrying.carry``; the
    original is never touched.
    """
    row = uow.session.scalar(
        select(ExportPackage)
        .where(ExportPackage.file_name == command.file_name)
        .order_by(ExportPackage.id.desc())
    )
    if row is None:
        raise UserError(
            f"没有登记过上报包“{command.file_name}”。", "请核对文件名，如 331000-2026Q1-001.zip。"
        )
    package_life.check_may_leave(uow, row)
    source = Path(row.folder) / row.file_name
    _is_as_made(source, row.tagmanifest, "请重新生成上报包。")
    made = carry(source, command.folder, file_system=_file_system(command.folder))
    _is_as_made(made.path, row.tagmanifest, "这个 U 盘可能已坏，请换一个再复制。")
    package_life.copied(uow, row, command.medium.strip())
    uow.record(
        "package.copy",
        row.file_name,
        {"to": str(command.folder), "medium": command.medium.strip(), "sha256": made.sha256},
    )
    uow.changed.add("package")
    uow.commit()
    return made


def _is_as_made(path: Path, tagmanifest: str, advice: str) -> None:
    checks = bags.verify_bag(path)
    if not all(check.ok for check in checks) or checks[-1].detail != tagmanifest:
        raise IntegrityError(f"“{path}”和登记的不符。", advice)


def _file_system(folder: Path) -> str:
    """Of the stick ``folder`` lies on; empty if it is none that is known."""
    for drive in removable_drives():
        if folder.resolve().is_relative_to(drive.root):
            return drive.file_system
    return ""
