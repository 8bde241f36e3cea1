"""What a system knows of a volume: its label and serial number, whether it hangs on USB.

On Windows ``GetVolumeInformationW`` and the storage descriptor say it; on Linux udev's links.
The serial of a FAT volume is the same eight digits on both: a stick registered here is known
there.
"""

from __future__ import annotations

import struct
import sys
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Volume", "bus_is_removable", "serial_words", "volume_of"]

_UDEV = Path("/dev/disk")
_BUS_USB, _BUS_SD, _BUS_MMC = 7, 12, 13
_BUS_AT = 28  # STORAGE_DEVICE_DESCRIPTOR.BusType


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """``serial`` like “1A2B-3C4D”; ``removable``: it hangs on USB or is a card."""

    label: str = ""
    serial: str = ""
    file_system: str = ""
    removable: bool = False


def serial_words(number: int) -> str:
    """A volume's serial number as Windows prints it and Linux calls it: “1A2B-3C4D”."""
    return f"{number >> 16 & 0xFFFF:04X}-{number & 0xFFFF:04X}" if number else ""


def bus_is_removable(descriptor: bytes) -> bool:
    """From the bytes of a STORAGE_DEVICE_DESCRIPTOR: USB, SD or MMC.

    An external hard disk calls itself fixed; only its bus tells it from the machine's own.
    """
    if len(descriptor) < _BUS_AT + 4:
        return False
    (bus,) = struct.unpack_from("<I", descriptor, _BUS_AT)
    return bus in {_BUS_USB, _BUS_SD, _BUS_MMC}


if sys.platform == "win32":  # pragma: no cover - needs Windows
    import ctypes
    from collections.abc import Iterator
    from contextlib import contextmanager
    from ctypes import wintypes

    from app.exchange._windows import KERNEL, opened

    _FAIL_CRITICAL_ERRORS = 1
    _SHARE_ALL = 7
    _QUERY_PROPERTY = 0x2D1400
    KERNEL.DeviceIoControl.argtypes = [
        wintypes.HANDLE,
        wintypes.DWORD,
        wintypes.LPVOID,
        wintypes.DWORD,
        wintypes.LPVOID,
        wintypes.DWORD,
        ctypes.POINTER(wintypes.DWORD),
        wintypes.LPVOID,
    ]

    @contextmanager
    def _no_box() -> Iterator[None]:
        """An empty card reader must not raise Windows' own “no disk in the drive” box."""
        before = wintypes.DWORD()
        KERNEL.SetThreadErrorMode(_FAIL_CRITICAL_ERRORS, ctypes.byref(before))
        try:
            yield
        finally:
            KERNEL.SetThreadErrorMode(before, None)

    def volume_of(_device: str, root: str) -> Volume:
        """What Windows says of the volume at ``root`` (“E:\\”); nothing where it says nothing."""
        label = ctypes.create_unicode_buffer(261)
        system = ctypes.create_unicode_buffer(261)
        serial = wintypes.DWORD()
        with _no_box():
            known = KERNEL.GetVolumeInformationW(
                wintypes.LPCWSTR(root),
                label,
                wintypes.DWORD(261),
                ctypes.byref(serial),
                None,
                None,
                system,
                wintypes.DWORD(261),
            )
            removable = _on_usb(root)
        if not known:
            return Volume(removable=removable)
        return Volume(
            label=label.value,
            serial=serial_words(serial.value),
            file_system=system.value,
            removable=removable,
        )

    def _on_usb(root: str) -> bool:
        name = f"\\\\.\\{root[:2]}"
        with opened(name, 0, _SHARE_ALL) as handle:
            if handle is None:
                return False
            asked = struct.pack("<III", 0, 0, 0)  # StorageDeviceProperty, PropertyStandardQuery
            answer = ctypes.create_string_buffer(1024)
            got = wintypes.DWORD()
            done = KERNEL.DeviceIoControl(
                handle,
                _QUERY_PROPERTY,
                asked,
                len(asked),
                answer,
                len(answer),
                ctypes.byref(got),
                None,
            )
            return bool(done) and bus_is_removable(answer.raw[: got.value])

else:

    def volume_of(device: str, _root: str, udev: Path = _UDEV) -> Volume:
        """What udev says of a device: its links by label and by number."""
        return Volume(
            label=_link_to(device, udev / "by-label"), serial=_link_to(device, udev / "by-uuid")
        )

    def _link_to(device: str, folder: Path) -> str:
        try:
            links = sorted(folder.iterdir())
        except OSError:
            return ""
        for link in links:
            if device and link.resolve() == Path(device).resolve():
                return link.name.replace("\\x20", " ")
        return ""
