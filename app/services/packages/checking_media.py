"""What lies on a stick or a burnt disc, compared later with what left: every file by name."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.db.read import media as reads
from app.db.read.media import CarriedRow
from app.db.unit_of_work import UnitOfWork
from app.errors import UserError
from app.exchange import bags
from app.exchange.carrying import HALF_SUFFIX, Report
from app.exchange.drives import drive_of, size_words
from app.exchange.uncached import digest_from_medium
from app.models import CarriedFile, ExportPackage
from app.services.packages import media, package_life
from app.services.packages.carrying import Drives, removable_drives
from app.services.workspace import Workspace

__all__ = ["CheckedFile", "Verdict", "check_medium"]

_MOST_FILES = 2000


class Verdict(enum.Enum):
    """What is to be thought of one file."""

    SAME = "same"
    CHANGED = "changed"
    UNREADABLE = "unreadable"
    UNKNOWN = "unknown"
    MISSING = "missing"
    HALF = "half"

    @property
    def label(self) -> str:
        """Word for a person."""
        return _LABELS[self]


_LABELS = {
    Verdict.SAME: "相符",
    Verdict.CHANGED: "不符",
    Verdict.UNREADABLE: "读不出",
    Verdict.UNKNOWN: "没有记录",
    Verdict.MISSING: "现在不在",
    Verdict.HALF: "没有拷完",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """One file of the medium: its name there, the verdict, the reason in words."""

    path: Path
    name: str
    verdict: Verdict
    words: str


def _nothing(_done: int, _total: int, _text: str) -> None:
    """Nobody watches."""


def check_medium(
    workspace: Workspace,
    folder: Path,
    report: Report = _nothing,
    drives: Drives = removable_drives,
) -> tuple[CheckedFile, ...]:
    """Compare every zip in ``folder`` and the folders right below with what left this workspace.

    A disc that reads back as it was written is noted as carried.  UserError if the folder is
    not there; a file that cannot be read is a line of the answer.
    """
    paths = _files(folder)
    halves = [each for each in paths if each.name.endswith(HALF_SUFFIX)]
    zips = [each for each in paths if each not in halves]
    total, before = sum(map(_size, zips)), 0
    found, burnt = [], []
    for path in zips:
        start = before

        def tell(done: int, at: int = start, name: str = path.name) -> None:
            report(at + done, total, f"正在核对 {name}")

        tell(0)
        known = workspace.read(reads.newest_of_name, path.name)
        checked, row = _check(folder, path, known, tell)
        found.append(checked)
        if row is not None and row.verified_at is None:
            burnt.append(row.id)
        before += _size(path)
    if burnt:
        workspace.write(_note_burnt, tuple(burnt))
    found += [_half(folder, path) for path in halves]
    found += _missing(workspace, folder, drives, {path.name for path in zips})
    return tuple(sorted(found, key=lambda each: (each.verdict is Verdict.SAME, each.name)))


def _files(folder: Path) -> list[Path]:
    try:
        rooms = [folder, *(each for each in sorted(folder.iterdir()) if each.is_dir())]
    except OSError as error:
        raise UserError(f"打不开这个位置：{folder}。", "请确认介质还插着。") from error
    found: list[Path] = []
    for room in rooms:
        try:
            found += [each for each in sorted(room.iterdir()) if _is_ours(each)]
        except OSError:
            continue  # a folder of the system's own, closed to everybody
    if len(found) > _MOST_FILES:
        raise UserError(f"这里有 {len(found)} 个压缩包，太多了。", "请选具体的文件夹再核对。")
    return found


def _is_ours(path: Path) -> bool:
    return path.name.lower().endswith((".zip", HALF_SUFFIX)) and path.is_file()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _check(
    folder: Path, path: Path, known: Sequence[CarriedRow], tell: Callable[[int], None]
) -> tuple[CheckedFile, CarriedRow | None]:
    name = path.relative_to(folder).as_posix()
    try:
        digest = digest_from_medium(path, tell)
    except OSError as error:
        words = f"介质上这个文件读不出（{error.strerror or error}），介质可能已坏"
        return CheckedFile(path=path, name=name, verdict=Verdict.UNREADABLE, words=words), None
    same = next((row for row in known if row.sha256 == digest), None)
    if same is not None:
        words = f"和 {same.at.astimezone():%Y-%m-%d %H:%M} 拷出时逐字节相同"
        if same.verified_at is None:
            words = "刻好的光盘读回相符，已登记为拷出"
        return CheckedFile(path=path, name=name, verdict=Verdict.SAME, words=words), same
    inside = _inside(path)
    if known:
        words = f"和拷出时不同：{inside or '内容被改过'}"
        return CheckedFile(path=path, name=name, verdict=Verdict.CHANGED, words=words), None
    # A zip of anybody's is no alarm; a bag that contradicts its own list is.
    broken = bool(inside) and _looks_like_bag(path)
    words = "不是从本机拷出的" + (f"；{inside}" if inside else "，包本身完好")
    verdict = Verdict.CHANGED if broken else Verdict.UNKNOWN
    return CheckedFile(path=path, name=name, verdict=verdict, words=words), None


def _looks_like_bag(path: Path) -> bool:
    try:
        with bags.opened(path) as archive:
            return any(name.endswith("/bagit.txt") for name in archive.namelist())
    except (UserError, *bags.DAMAGED_ZIP):
        return False


def _inside(path: Path) -> str:
    """Which files inside the bag are not as its manifest says; empty if all are."""
    try:
        checks = bags.verify_bag(path)
    except UserError as error:
        return error.message.rstrip("。")
    bad = [f"{each.name}：{each.detail}" for each in checks if not each.ok]
    return "；".join(bad[:3])


def _half(folder: Path, path: Path) -> CheckedFile:
    words = f"没有拷完的半份（{size_words(_size(path))}），不要使用，可以删除"
    name = path.relative_to(folder).as_posix()
    return CheckedFile(path=path, name=name, verdict=Verdict.HALF, words=words)


def _missing(
    workspace: Workspace, folder: Path, drives: Drives, there: set[str]
) -> Iterable[CheckedFile]:
    """What the register says was put on this stick, and lies there no more."""
    drive = drive_of(folder, drives())
    known = workspace.read(media.on_drive, drive) if drive else None
    if drive is None or known is None or folder.resolve() != drive.root.resolve():
        return
    told: set[str] = set()
    for row in workspace.read(reads.carried_of, known.id):
        if row.file_name in there | told:
            continue
        told.add(row.file_name)
        words = f"{row.at.astimezone():%Y-%m-%d} 拷到 {row.medium_no}，现在不在"
        path = folder / row.file_name
        yield CheckedFile(path=path, name=row.file_name, verdict=Verdict.MISSING, words=words)


def _note_burnt(uow: UnitOfWork, ids: tuple[int, ...]) -> None:
    for each in ids:
        row = uow.session.get(CarriedFile, each)
        if row is None or row.verified_at is not None:
            continue
        row.verified_at = uow.now
        package = uow.session.get(ExportPackage, row.package_id) if row.package_id else None
        if package is not None:
            package_life.copied(uow, package, row.medium_no or "光盘")
        uow.record("carry.disc", row.file_name, {"medium": row.medium_no, "sha256": row.sha256})
    uow.changed |= {"package", "medium"}
    uow.commit()
