"""Drives as they are plugged in: where, label, number, file system, free space."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from app.exchange.volumes import Volume, volume_of

__all__ = ["FAT_LIMIT", "Drive", "drive_of", "removable_drives", "size_words"]

FAT_LIMIT = 4 * 1024**3 - 1
"""The largest file FAT32 can hold."""

_MOUNTS = ("/media/", "/run/media/", "/mnt/usb")
_DISCS = frozenset({"CDFS", "UDF", "ISO9660"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """A drive one can pull out; ``label``: what the system calls it; sizes in bytes.

    ``serial``: the number of its file system, empty where the system does not tell it; a
    ``disc`` is read only by nature.
    """

    root: Path
    label: str
    file_system: str
    free: int
    total: int
    read_only: bool
    serial: str = ""
    disc: bool = False

    @property
    def words(self) -> str:
        """“QH-01（E:，FAT32）可用 3.1 GB”."""
        where = f"{self.root}，{self.file_system or '文件系统不明'}"
        closed = "，写保护" if self.read_only and not self.disc else ""
        return f"{self.label or '无卷标'}（{where}{closed}）可用 {size_words(self.free)}"

    def why_not(self, size: int) -> str:
        """Why a file of ``size`` bytes cannot be put there; empty if it can."""
        if self.disc:
            return "光盘，请用“准备刻录光盘…”"
        if self.read_only:
            return "写保护，请拨开开关或换一个"
        if size > FAT_LIMIT and self.file_system.upper().startswith("FAT"):
            return "FAT32 放不下 4 GB 以上的文件"
        if self.free < size:
            return f"空间不够，还差 {size_words(size - self.free)}"
        return ""


def size_words(size: int) -> str:
    """A size as people say it."""
    for unit, name in ((1024**3, "GB"), (1024**2, "MB"), (1024, "KB")):
        if size >= unit:
            return f"{size / unit:,.1f} {name}"
    return f"{size} 字节"


@dataclass(frozen=True, slots=True)
class Mount:
    """A partition as ``psutil`` names it."""

    mountpoint: str
    fstype: str
    opts: str
    device: str = ""


def _mounts() -> Iterable[Mount]:
    import psutil

    return [
        Mount(each.mountpoint, each.fstype, each.opts, each.device)
        for each in psutil.disk_partitions(all=False)
    ]


def _space(root: str) -> tuple[int, int]:
    import psutil

    usage = psutil.disk_usage(root)
    return usage.free, usage.total


def removable_drives(
    mounts: Callable[[], Iterable[Mount]] = _mounts,
    space: Callable[[str], tuple[int, int]] = _space,
    volume: Callable[[str, str], Volume] = volume_of,
) -> tuple[Drive, ...]:
    """Those there are now; one that is pulled out while it is asked is left out.

    May wait for a slow stick: ask on a worker thread.
    """
    found = []
    for mount in mounts():
        options = mount.opts.split(",")
        known = volume(mount.device or mount.mountpoint, mount.mountpoint)
        disc = "cdrom" in options or mount.fstype.upper() in _DISCS
        plugged = disc or "removable" in options or mount.mountpoint.startswith(_MOUNTS)
        if not plugged and not known.removable:
            continue
        try:
            free, total = space(mount.mountpoint)
        except OSError:
            continue  # an empty card reader, or gone already
        found.append(
            Drive(
                root=Path(mount.mountpoint),
                label=known.label or _label(mount.mountpoint),
                file_system=_file_system(mount.fstype or known.file_system),
                free=free,
                total=total,
                read_only=disc or "ro" in options,
                serial=known.serial,
                disc=disc,
            )
        )
    return tuple(sorted(found, key=lambda drive: str(drive.root)))


def drive_of(folder: Path, drives: Iterable[Drive]) -> Drive | None:
    """The drive ``folder`` lies on; None if it is none of them."""
    place = folder.resolve()
    return next((each for each in drives if place.is_relative_to(each.root.resolve())), None)


def _label(mountpoint: str) -> str:
    """A mount folder is named like the label; a drive letter says nothing."""
    return PurePosixPath(mountpoint).name if mountpoint.startswith("/") else ""


def _file_system(name: str) -> str:
    return {"vfat": "FAT32", "msdos": "FAT", "exfat": "exFAT", "fuseblk": "NTFS"}.get(
        name.lower(), name
    )
