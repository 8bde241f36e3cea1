"""Onto a stick: whole and read back, or a sentence; the original is never touched."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from app.errors import AppError, EnvironmentFault, IntegrityError, UserError
from app.exchange import carrying, drives
from app.exchange.carrying import HALF_SUFFIX, carry
from app.exchange.drives import Mount, removable_drives

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
    assert carry(package, stick) == made  # the same again is done already


def test_another_file_of_that_name_is_not_overwritten(package: Path, stick: Path) -> None:
    (stick / package.name).write_bytes(b"older")
    with pytest.raises(UserError, match="同名"):
        carry(package, stick)
    assert (stick / package.name).read_bytes() == b"older"


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
    real = carrying._forget_cache

    def flip(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[1000] ^= 1
        path.write_bytes(bytes(data))
        real(path)

    monkeypatch.setattr(carrying, "_forget_cache", flip)
    with pytest.raises(IntegrityError, match="读回不同"):
        carry(package, stick)
    assert not (stick / package.name).exists()


def test_cancelling_leaves_the_half_marked(package: Path, stick: Path) -> None:
    class GivenUpError(Exception):
        pass

    def cancel(_done: int, _total: int) -> None:
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
    monkeypatch.setattr(carrying, "_original", lambda _source: (5 * 1024**3, "0" * 64))
    with pytest.raises(UserError, match="4 GB"):
        carry(package, stick, file_system="FAT32")
    assert list(stick.iterdir()) == []


def test_what_is_gone_is_a_sentence(package: Path, stick: Path, tmp_path: Path) -> None:
    for source, folder in ((package, tmp_path / "none"), (tmp_path / "none.zip", stick)):
        with pytest.raises(AppError):
            carry(source, folder)


def test_only_what_can_be_pulled_out_is_a_stick() -> None:
    mounts = [
        Mount("/", "ext4", "rw"),
        Mount("/media/wei/QH-01", "vfat", "rw,nosuid"),
        Mount("/run/media/wei/QH-02", "exfat", "ro"),
        Mount("E:\\", "NTFS", "rw,removable"),
        Mount("/media/wei/gone", "vfat", "rw"),
    ]

    def space(root: str) -> tuple[int, int]:
        if root.endswith("gone"):
            raise OSError(errno.EIO, "gone")
        return 3 * 1024**3, 8 * 1024**3

    found = removable_drives(lambda: mounts, space)
    assert {drive.label for drive in found} >= {"QH-01", "QH-02"} and len(found) == 3
    by_label = {drive.label: drive for drive in found}
    assert by_label["QH-01"].file_system == "FAT32" and by_label["QH-02"].read_only
    assert "可用 3.0 GB" in by_label["QH-01"].words and "写保护" in by_label["QH-02"].words
    assert isinstance(drives.removable_drives(), tuple)  # this machine's own, whatever they are
