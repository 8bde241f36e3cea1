"""Removable drives as they are plugged in: where, label, file system, free space."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

__all__ = ["Drive", "removable_drives"]

_MOUNTS = ("/media/", "/run/media/", "/mnt/usb")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """A drive one can pull out; ``label``: what the system calls it; sizes in bytes."""

    root: Path
    label: str
    file_system: str
    free: int
    total: int
    read_only: bool

    @property
    def words(self) -> str:
        """“QH-01（E:，FAT32）可用 3.1 GB”."""
        where = f"{self.root}，{self.file_system or '文件系统不明'}"
        closed = "，写保护" if self.read_only else ""
        return f"{self.label}（{where}{closed}）可用 {self.free / 1024**3:.1f} GB"


@dataclass(frozen=True, slots=True)
class Mount:
    """A partition as ``psutil`` names it."""

    mountpoint: str
    fstype: str
    opts: str


def _mounts() -> Iterable[Mount]:
    import psutil

    return [Mount(p.mountpoint, p.fstype, p.opts) for p in psutil.disk_partitions(all=False)]


def _space(root: str) -> tuple[int, int]:
    import psutil

    usage = psutil.disk_usage(root)
    return usage.free, usage.total


def removable_drives(
    mounts: Callable[[], Iterable[Mount]] = _mounts,
    space: Callable[[str], tuple[int, int]] = _space,
) -> tuple[Drive, ...]:
    """Those there are now; one that is pulled out while it is asked is left out."""
    found = []
    for mount in mounts():
        options = mount.opts.split(",")
        if "removable" not in options and not mount.mountpoint.startswith(_MOUNTS):
            continue
        try:
            free, total = space(mount.mountpoint)
        except OSError:
            continue  # an empty card reader, or gone already
        found.append(
            Drive(
                root=Path(mount.mountpoint),
                label=_label(mount.mountpoint),
                file_system=_file_system(mount.fstype),
                free=free,
                total=total,
                read_only="ro" in options,
            )
        )
    return tuple(sorted(found, key=lambda drive: str(drive.root)))


def _label(mountpoint: str) -> str:
    return (
        PurePosixPath(mountpoint).name or mountpoint if os.sep == "/" else mountpoint.rstrip("\\")
    )


def _file_system(name: str) -> str:
    return {"vfat": "FAT32", "msdos": "FAT", "exfat": "exFAT", "fuseblk": "NTFS"}.get(
        name.lower(), name
    )
