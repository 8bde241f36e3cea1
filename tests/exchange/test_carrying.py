"""Onto a stick: whole and read back, or a sentence; the original is never touched."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from app.errors import AppError, EnvironmentFault, IntegrityError, UserError
from app.exchange import carrying, uncached
from app.exchange.carrying import (
    HALF_SUFFIX,
    NameTakenError,
    carry,
    left_overs,
    remove_left_over,
)
from app.exchange.drives import Drive, Mount, drive_of, removable_drives
from app.exchange.volumes import Volume, bus_is_removable, serial_words, volume_of

CONTENT = bytes(range(256)) * 12_000


@pytest.fixture
def package(tmp_path: Path) -> Path:
    path = tmp_path / "360199-2026Q3-001.zip"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "QH-01"
    folder.mkdir()
    return folder


def test_a_copy_is_read_back_and_nothing_half_stays(package: Path, stick: Path) -> None:
    made = carry(package, stick)
    assert made.path.read_bytes() == CONTENT == package.read_bytes()
    assert [path.name for path in stick.iterdir()] == [package.name]
    again = carry(package, stick)  # the same again is done already, and says so
    assert again.already and not made.already and again.sha256 == made.sha256


def test_another_file_of_that_name_is_not_overwritten(package: Path, stick: Path) -> None:
    (stick / package.name).write_bytes(b"older")
    with pytest.raises(NameTakenError, match="同名") as told:
        carry(package, stick)
    assert (stick / package.name).read_bytes() == b"older"
    made = carry(package, stick, name=told.value.free_name)
    assert made.path.name == "360199-2026Q3-001-2.zip" and made.path.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "写满"),
        (errno.EROFS, "写保护"),
        (errno.EIO, "被拔出"),
        (errno.EFBIG, "放不下"),
    ],
)
def test_a_fault_half_way_is_a_sentence(
    package: Path, stick: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def refuse(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(EnvironmentFault, match=words):
        carry(package, stick)
    assert [path.name for path in stick.iterdir()] == [package.name + HALF_SUFFIX]
    assert package.read_bytes() == CONTENT
    monkeypatch.undo()
    assert carry(package, stick).path.read_bytes() == CONTENT
    assert [path.name for path in stick.iterdir()] == [package.name]


def test_bytes_that_flip_on_the_medium_are_noticed(
    package: Path, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = uncached.forget_cache

    def flip(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[1000] ^= 1
        path.write_bytes(bytes(data))
        real(path)

    monkeypatch.setattr(uncached, "forget_cache", flip)
    with pytest.raises(IntegrityError, match=f"“{package.name}”写到介质后读回不同"):
        carry(package, stick)
    assert not (stick / package.name).exists()


def test_cancelling_leaves_the_half_marked(package: Path, stick: Path) -> None:
    class GivenUpError(Exception):
        pass

    def cancel(done: int, _total: int, _text: str) -> None:
        if done:
            raise GivenUpError

    with pytest.raises(GivenUpError):
        carry(package, stick, report=cancel)
    assert [path.name for path in stick.iterdir()] == [package.name + HALF_SUFFIX]


def test_no_room_and_four_gigabytes_are_said_before_writing(
    package: Path, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def usage(_path: Any) -> Any:
        return type("Usage", (), {"free": 1000})

    monkeypatch.setattr(carrying.shutil, "disk_usage", usage)
    with pytest.raises(UserError, match="空间不够"):
        carry(package, stick)
    monkeypatch.undo()
    with package.open("r+b") as handle:
        handle.truncate(4 * 1024**3)  # sparse: no disk is used
    read: list[object] = []
    monkeypatch.setattr(carrying, "_original", lambda *told: read.append(told))
    with pytest.raises(UserError, match="4 GB"):
        carry(package, stick, file_system="FAT32")
    assert list(stick.iterdir()) == [] and read == []


def test_what_is_gone_is_a_sentence(package: Path, stick: Path, tmp_path: Path) -> None:
    for source, folder in ((package, tmp_path / "none"), (tmp_path / "none.zip", stick)):
        with pytest.raises(AppError):
            carry(source, folder)


def test_an_original_changed_meanwhile_is_told_from_a_bad_stick(
    package: Path, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = carrying._original

    def change(source: Path, *told: Any) -> str:
        digest = real(source, *told)
        source.write_bytes(CONTENT[::-1])
        return digest

    monkeypatch.setattr(carrying, "_original", change)
    with pytest.raises(UserError, match="被改动"):
        carry(package, stick)
    assert not (stick / package.name).exists()


def test_a_folder_left_behind_by_a_pulled_stick_takes_nothing(
    package: Path, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Linux leaves the mount's folder on the machine's own disk: there another file system is."""
    numbers = iter((7, 8, 8))
    monkeypatch.setattr(carrying, "_medium_of", lambda _folder: next(numbers))
    with pytest.raises(EnvironmentFault, match="被拔出"):
        carry(package, stick)
    assert not (stick / package.name).exists()


def test_left_over_halves_are_named_and_nothing_else_is_removed(package: Path, stick: Path) -> None:
    half = stick / f"{package.name}{HALF_SUFFIX}"
    half.write_bytes(b"half")
    (stick / "別的.zip").write_bytes(b"whole")
    (found,) = left_overs(stick)
    assert found.path == half and found.words == f"“{half.name}”（4 字节）"
    with pytest.raises(UserError):
        remove_left_over(stick / "別的.zip")
    remove_left_over(half)
    assert [path.name for path in stick.iterdir()] == ["別的.zip"]
    assert left_overs(stick / "none") == ()


def test_progress_goes_from_nothing_to_twice_the_size(package: Path, stick: Path) -> None:
    told: list[tuple[int, int, str]] = []
    carry(package, stick, report=lambda *each: told.append(each))
    done = [each[0] for each in told]
    assert done == sorted(done) and done[-1] == 2 * len(CONTENT)
    assert {each[1] for each in told} == {2 * len(CONTENT)}
    assert list(dict.fromkeys(each[2] for each in told)) == [
        "正在核对原件",
        "正在写到介质",
        "正在读回核对",
    ]


# --- drives -----------------------------------------------------------------------------------

_LINUX = [
    Mount("/", "ext4", "rw", "/dev/sda1"),
    Mount("/media/wei/QH-01", "vfat", "rw,nosuid", "/dev/sdb1"),
    Mount("/run/media/wei/QH-02", "exfat", "ro", "/dev/sdc1"),
    Mount("/media/wei/gone", "vfat", "rw", "/dev/sdd1"),
]
# As psutil tells on Windows: a fixed disk, a stick, a USB disk (“fixed”), an empty card reader,
# a disc.
_WINDOWS = [
    Mount("C:\\", "NTFS", "rw,fixed", "C:\\"),
    Mount("E:\\", "FAT32", "rw,removable", "E:\\"),
    Mount("F:\\", "NTFS", "rw,fixed", "F:\\"),
    Mount("G:\\", "", "removable", "G:\\"),
    Mount("H:\\", "UDF", "ro,cdrom", "H:\\"),
]
_VOLUMES = {
    "E:\\": Volume(label="QH-01", serial="1A2B-3C4D", file_system="FAT32", removable=True),
    "F:\\": Volume(label="备份盘", serial="0000-00FF", file_system="NTFS", removable=True),
    "/dev/sdb1": Volume(label="QH-01", serial="1A2B-3C4D"),
}


def _space(root: str) -> tuple[int, int]:
    if root.endswith("gone") or root.startswith("G"):
        raise OSError(errno.EIO, "gone")
    return 3 * 1024**3, 8 * 1024**3


def _found(mounts: list[Mount]) -> dict[str, Drive]:
    found = removable_drives(
        lambda: mounts, _space, lambda device, _root: _VOLUMES.get(device, Volume())
    )
    return {drive.label: drive for drive in found}


def test_only_what_can_be_pulled_out_is_a_stick() -> None:
    linux, windows = _found(_LINUX), _found(_WINDOWS)
    assert set(linux) == {"QH-01", "QH-02"} and set(windows) == {"QH-01", "备份盘", ""}
    assert linux["QH-01"].file_system == windows["QH-01"].file_system == "FAT32"
    assert linux["QH-01"].serial == windows["QH-01"].serial == "1A2B-3C4D"
    assert linux["QH-02"].read_only and windows[""].disc and windows[""].read_only
    assert "可用 3.0 GB" in linux["QH-01"].words and "写保护" in linux["QH-02"].words
    assert isinstance(removable_drives(), tuple)  # this machine's own, whatever they are


def test_a_drive_says_beforehand_why_a_file_does_not_fit() -> None:
    drives = _found(_LINUX) | {"disc": _found(_WINDOWS)[""]}
    assert drives["QH-01"].why_not(1000) == ""
    assert "4 GB" in drives["QH-01"].why_not(4 * 1024**3)
    assert "写保护" in drives["QH-02"].why_not(1000)
    assert "还差 1.0 GB" in _found(_WINDOWS)["备份盘"].why_not(4 * 1024**3)
    assert "光盘" in drives["disc"].why_not(1000)


def test_the_drive_a_folder_lies_on(tmp_path: Path) -> None:
    drive = Drive(root=tmp_path / "a", label="a", file_system="", free=1, total=1, read_only=False)
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert drive_of(tmp_path / "a" / "b", [drive]) == drive
    assert drive_of(tmp_path, [drive]) is None


def test_a_volume_is_known_by_udevs_links(tmp_path: Path) -> None:
    assert serial_words(0x1A2B3C4D) == "1A2B-3C4D" and serial_words(0) == ""
    known = volume_of("/dev/none", "/media/none")
    assert known == Volume()
    usb = bytes(28) + (7).to_bytes(4, "little")
    assert bus_is_removable(usb) and not bus_is_removable(bytes(40))
    assert not bus_is_removable(usb[:30])
