"""A package, an archive bag or a backup onto a stick or a disc, and looking at it there later.

The copying itself runs outside any unit of work: minutes of it must not keep the window from
saving.  What left is written into the register (介质台账) once it was read back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from app.db import backup as copies
from app.db.read import media as reads
from app.db.unit_of_work import UnitOfWork
from app.domain.media import DEFAULT_PURPOSE, MediumGrade, MediumKind
from app.errors import IntegrityError, UserError
from app.exchange import bags
from app.exchange.carrying import (
    Carried,
    LeftOver,
    NameTakenError,
    Report,
    carry,
    left_overs,
    remove_left_over,
)
from app.exchange.drives import Drive, drive_of, removable_drives, size_words
from app.models import CarriedFile, ExportPackage
from app.services.packages import media, package_life
from app.services.packages.media import Known
from app.services.safety import backup_files, sweeping
from app.services.workspace import Workspace

__all__ = [
    "Carried",
    "CarryFile",
    "CarryPackage",
    "Drive",
    "Drives",
    "LeftOver",
    "NameTakenError",
    "Place",
    "Taken",
    "UnregisteredError",
    "Use",
    "carry_backup",
    "carry_file",
    "carry_package",
    "left_overs",
    "place_of",
    "removable_drives",
    "remove_left_over",
    "size_words",
]

Drives = Callable[[], tuple[Drive, ...]]


class UnregisteredError(UserError):
    """What is plugged in stands in no register; ``may_once``: a reason would do."""

    def __init__(self, drive: Drive, *, may_once: bool) -> None:
        known = "，".join(x for x in (drive.label or "无卷标", drive.serial) if x)
        super().__init__(
            f"这个介质（{known}）没有在介质台账里登记。",
            "请先登记，或写明理由只用这一次。"
            if may_once
            else "本单位规定只用登记过的介质，请先登记。",
        )
        self.drive, self.may_once = drive, may_once


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """How a medium is used.

    ``medium``: 介质编号, where the program cannot tell it; ``reason``: why an unregistered one
    is used this once; ``burn``: the folder is to be burnt onto a disc, number ``medium``.
    """

    medium: str = ""
    reason: str = ""
    burn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryPackage:
    """Copy package ``file_name`` into ``folder``; ``name``: another name for the copy."""

    file_name: str
    folder: Path
    name: str = ""
    use: Use = Use()


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryFile:
    """Copy any file (an archive bag) into ``folder``; ``purpose`` stands in the register."""

    path: Path
    folder: Path
    purpose: str
    name: str = ""
    use: Use = Use()


@dataclass(frozen=True, slots=True)
class Place:
    """Where something goes: a drive that can be pulled out or another folder, and its number."""

    folder: Path
    drive: Drive | None
    known: Known | None

    @property
    def number(self) -> str:
        """介质编号, empty for an unregistered medium and another folder."""
        return self.known.facts.ident if self.known else ""

    @property
    def kind(self) -> str:
        """As the register calls it."""
        return "stick" if self.drive or self.known else "folder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What left: the copy, on which medium, who keeps it, what was compared, in words."""

    copy: Carried
    medium: str
    holder: str
    compared: str
    to_burn: bool = False


@dataclass(frozen=True, slots=True)
class _Goods:
    path: Path
    purpose: str
    package_id: int | None = None
    tagmanifest: str = ""
    locked: bool = False


def _nothing(_done: int, _total: int, _text: str) -> None:
    """Nobody watches."""


# --- where it goes ----------------------------------------------------------------------------


def place_of(connection: Connection, folder: Path, use: Use, drives: tuple[Drive, ...]) -> Place:
    """Which medium ``folder`` lies on, and whether it may be used.

    Errors: UnregisteredError, UserError (an unknown number, another medium is plugged in, one
    out of use).
    """
    drive = None if use.burn else drive_of(folder, drives)
    known = _named(connection, use, drive)
    if known is None and drive is not None:
        known = media.on_drive(connection, drive)
    if known is None and drive is not None:
        may_once = not media.only_registered(connection)
        if not (may_once and use.reason.strip()):
            raise UnregisteredError(drive, may_once=may_once)
    if known is not None and known.facts.withdrawn_on is not None:
        raise UserError(
            f"介质 {known.facts.ident} 已于 {known.facts.withdrawn_on} 停用。",
            "请换一个在用的介质，或在介质台账里恢复使用。",
        )
    return Place(folder, drive, known)


def _named(connection: Connection, use: Use, drive: Drive | None) -> Known | None:
    """The medium a person named, if it can be the one plugged in."""
    number = use.medium.strip()
    if not number:
        return None
    found = reads.known(connection).get(number)
    if found is None:
        raise UserError(f"介质台账里没有 {number}。", "请核对介质编号，或先登记。")
    named = Known(*found)
    plugged = media.on_drive(connection, drive) if drive else None
    if plugged is not None and plugged.id != named.id:
        raise UserError(f"插着的是 {plugged.facts.ident}，不是 {number}。", "请换上那一个再拷。")
    if drive and drive.serial and named.facts.serial and plugged is None:
        raise UserError(
            f"插着的不是 {number}：卷序列号 {drive.serial}，登记的是 {named.facts.serial}。",
            "请换上那一个；格式化过的，请在台账里改卷序列号。",
        )
    return named


def _refuse_secret(place: Place, goods: _Goods) -> None:
    if place.known is None or goods.package_id is None:
        return
    if place.known.facts.grade == MediumGrade.CLASSIFIED.value:
        raise UserError(
            f"{place.number} 登记为涉密介质，不能带到能上网的机器。", "请换一个非涉密的介质。"
        )


# --- carrying ---------------------------------------------------------------------------------


def carry_package(
    workspace: Workspace,
    command: CarryPackage,
    report: Report = _nothing,
    drives: Drives = removable_drives,
) -> Taken:
    """Copy a package, read it back, compare every hash of the copy; the register keeps it.

    The package counts as carried (已拷贝) once it was read back; one to be burnt once its disc
    was.  Errors: those of ``place_of``, UserError (unknown package, not approved yet),
    IntegrityError (the original or the copy is not what was made), else as
    ``exchange.carrying.carry``; the original is never touched.
    """
    goods = workspace.write(_package_goods, command.file_name)
    return _carry(workspace, goods, command, report, drives)


def carry_file(
    workspace: Workspace,
    command: CarryFile,
    report: Report = _nothing,
    drives: Drives = removable_drives,
) -> Taken:
    """The same for a file that is no package: an archive bag."""
    return _carry(workspace, _Goods(command.path, command.purpose), command, report, drives)


def carry_backup(
    workspace: Workspace,
    folder: Path,
    use: Use,
    report: Report = _nothing,
    drives: Drives = removable_drives,
) -> Taken:
    """Back up the whole workspace now, into one file, and carry that; errors as ``carry_file``."""
    workspace.read(place_of, folder, use, drives())  # before the work of a backup
    with sweeping.aside(workspace.folder.root, "carry") as room:
        report(0, 0, "正在备份整个工作区")
        path = workspace.write(_backup_aside, room)
        command = CarryFile(path=path, folder=folder, purpose="备份", use=use)
        return carry_file(workspace, command, report, drives)


def _backup_aside(uow: UnitOfWork, room: Path) -> Path:
    uow.session.rollback()  # outside any open transaction the backup sees the last commit, whole
    target = room / copies.backup_name(uow.now, "stick", ".zip")
    return backup_files.write(uow.folder, target, alone=True).path


def _package_goods(uow: UnitOfWork, file_name: str) -> _Goods:
    row = uow.session.scalar(
        select(ExportPackage)
        .where(ExportPackage.file_name == file_name)
        .order_by(ExportPackage.id.desc())
    )
    if row is None:
        raise UserError(
            f"没有登记过上报包“{file_name}”。", "请核对文件名，如 331000-2026Q1-001.zip。"
        )
    package_life.check_may_leave(uow, row)
    return _Goods(
        Path(row.folder) / row.file_name,
        DEFAULT_PURPOSE,
        row.id,
        row.tagmanifest,
        row.locked,
    )


def _carry(
    workspace: Workspace,
    goods: _Goods,
    command: CarryPackage | CarryFile,
    report: Report,
    drives: Drives,
) -> Taken:
    place = workspace.read(place_of, command.folder, command.use, drives())
    _refuse_secret(place, goods)
    _compare_bag(goods, goods.path, "请重新生成上报包。")
    file_system = place.drive.file_system if place.drive else ""
    copy = carry(
        goods.path, command.folder, name=command.name, file_system=file_system, report=report
    )
    _still_there(place, drives)
    files = _compare_bag(goods, copy.path, "这个介质可能已坏，请换一个再拷。")
    compared = "从介质读回，整个文件逐字节的摘要和原件一致"
    if files:
        compared += f"，包内 {files} 个文件的摘要逐一相符"
    if command.use.burn:
        compared = "已写到待刻录的文件夹并读回核对；刻好后请点“核对光盘…”"
    done = Taken(
        copy=copy,
        medium=place.number or command.use.medium.strip(),
        holder=place.known.facts.holder if place.known else "",
        compared=compared,
        to_burn=command.use.burn,
    )
    workspace.write(_note, (done, place, goods, command.use))
    return done


def _compare_bag(goods: _Goods, path: Path, advice: str) -> int:
    """How many files inside were compared with what was made; 0 where nothing can be said."""
    if not goods.tagmanifest or goods.locked:
        return 0
    checks = bags.verify_bag(path)
    bad = [check for check in checks if not check.ok]
    if bad or checks[-1].detail != goods.tagmanifest:
        what = f"{bad[0].name}：{bad[0].detail}" if bad else "清单摘要不同"
        raise IntegrityError(f"“{path}”和登记的不符（{what}）。", advice)
    with bags.opened(path) as archive:
        inside = (entry.filename.partition("/")[2] for entry in archive.infolist())
        return sum(1 for name in inside if name.startswith("data/"))


def _still_there(place: Place, drives: Drives) -> None:
    """The same stick must be there at the end: a quick hand may have changed it."""
    if place.drive is None:
        return
    now = drive_of(place.folder, drives())
    if now is None or now.serial != place.drive.serial:
        raise UserError("拷贝时介质被拔出或换过，没有登记为已拷。", "请插好原来的介质再拷一次。")


def _note(uow: UnitOfWork, what: tuple[Taken, Place, _Goods, Use]) -> None:
    done, place, goods, use = what
    disc = place.known is not None and place.known.facts.kind == MediumKind.DISC.value
    drive = place.drive
    uow.session.add(
        CarriedFile(
            medium_id=place.known.id if place.known else None,
            medium_no=done.medium,
            place="disc" if use.burn or disc else place.kind,
            holder=done.holder,
            label=drive.label if drive else "",
            serial=drive.serial if drive else "",
            package_id=goods.package_id,
            file_name=done.copy.path.name,
            folder=str(done.copy.path.parent),
            size=done.copy.size,
            sha256=done.copy.sha256,
            purpose=goods.purpose,
            reason=use.reason.strip(),
            verified_at=None if use.burn else uow.now,
            by=uow.actor,
            at=uow.now,
        )
    )
    package = uow.session.get(ExportPackage, goods.package_id) if goods.package_id else None
    if package is not None and not use.burn:
        package_life.copied(uow, package, done.medium or _place_words(place))
    uow.record(
        "package.copy" if package is not None else "carry.copy",
        done.copy.path.name,
        {
            "to": str(done.copy.path.parent),
            "medium": done.medium,
            "sha256": done.copy.sha256,
            "reason": use.reason.strip(),
            "burn": use.burn,
        },
    )
    uow.changed |= {"package", "medium"}
    uow.commit()


def _place_words(place: Place) -> str:
    return f"未登记介质 {place.drive.label}".strip() if place.drive else "其他文件夹"
