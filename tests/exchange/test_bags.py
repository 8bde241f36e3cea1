"""Packages hold what they say, are the same when made again, and betray every tampering."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import bagit
import pytest

from app.errors import UserError
from app.exchange.bags import bag_name, make_bag, verify_bag

FILES: dict[str, bytes | Path] = {
    "公示表.xlsx": b"sheet",
    "draw/331000-2026Q1-01/plan.txt": b"RD1 PLAN\nRD1 END\n",
    bag_name("100%.txt"): b"",
}
INFO = {"Source-Organization": "青禾县大队", "Bagging-Date": "2026-03-31"}


def _made(folder: Path) -> Path:
    path = folder / "331000-2026Q1-001.zip"
    make_bag(path, FILES, INFO)
    return path


def _rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_fresh_bag_verifies_here_and_with_bagit(tmp_path: Path) -> None:
    (tmp_path / "big.bin").write_bytes(b"x" * 3_000_000)
    path = tmp_path / "331000-2026Q1-001.zip"
    receipt = make_bag(path, {**FILES, "附件/big.bin": tmp_path / "big.bin"}, INFO)
    assert (receipt.files, receipt.octets) == (4, 3_000_000 + 5 + 17)
    checks = verify_bag(path)
    assert all(check.ok for check in checks)
    assert checks[-1].detail == receipt.tagmanifest_sha256
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "out")
    folder = tmp_path / "out" / "331000-2026Q1-001"
    assert bagit.Bag(str(folder)).is_valid()
    manifest = (folder / "tagmanifest-sha256.txt").read_bytes()
    assert hashlib.sha256(manifest).hexdigest() == receipt.tagmanifest_sha256


def test_made_again_it_has_the_same_bytes(tmp_path: Path) -> None:
    first = _made(tmp_path).read_bytes()
    assert _made(tmp_path).read_bytes() == first


TOP = "331000-2026Q1-001"


def _new_manifest(members: dict[str, bytes]) -> None:
    members[f"{TOP}/data/公示表.xlsx"] = b"shaat"
    name = f"{TOP}/manifest-sha256.txt"
    old, new = (hashlib.sha256(text).hexdigest().encode() for text in (b"sheet", b"shaat"))
    members[name] = members[name].replace(old, new)


@pytest.mark.parametrize(
    ("change", "failing"),
    [
        (lambda m: m.update({f"{TOP}/data/公示表.xlsx": b"shaat"}), "内容文件摘要"),
        (lambda m: m.update({f"{TOP}/data/extra.txt": b""}), "内容文件摘要"),
        (lambda m: m.pop(f"{TOP}/data/100％.txt"), "内容文件摘要"),
        (lambda m: m.update({f"{TOP}/extra.txt": b""}), "没有清单以外的文件"),
        (lambda m: m.pop(f"{TOP}/bag-info.txt"), "标签文件齐全"),
        (lambda m: m.update({f"{TOP}/bagit.txt": b"BagIt-Version: 0.97\n"}), "BagIt 1.0 声明"),
        (_new_manifest, "标签文件摘要"),
        (lambda m: m.update({f"{TOP}/bag-info.txt": b"Payload-Oxum: 1.1\n"}), "总字节数和文件数"),
        (lambda m: m.update({f"{TOP}/manifest-sha256.txt": b"?\n"}), "内容文件摘要"),
        (lambda m: m.update({"other/x.txt": b""}), "文件名"),
        (lambda m: m.update({f"{TOP}/../x.txt": b""}), "文件名"),
        (lambda m: m.update({f"{TOP}/data/a:b": b""}), "文件名"),
        (lambda m: m.update({f"{TOP}/data/公示表.XLSX": b""}), "文件名"),
        (lambda m: m.clear(), "文件名"),
    ],
)
def test_every_tampering_is_seen(
    tmp_path: Path, change: Callable[[dict[str, bytes]], None], failing: str
) -> None:
    checks = verify_bag(_rewritten(_made(tmp_path), change))
    assert failing in {check.name for check in checks if not check.ok}


def test_damaged_bytes_are_seen(tmp_path: Path) -> None:
    path = _made(tmp_path)
    data = bytearray(path.read_bytes())
    place = data.index(b"RD1" if b"RD1" in data else b"PK\x03\x04", 200) + 60
    data[place] ^= 0xFF
    path.write_bytes(bytes(data))
    assert not all(check.ok for check in verify_bag(path))


def test_what_is_no_zip_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"no")
    with pytest.raises(UserError, match="不是上报包"):
        verify_bag(tmp_path / "a.zip")
    with pytest.raises(UserError, match="找不到"):
        verify_bag(tmp_path / "b.zip")


@pytest.mark.parametrize(
    "name", ["../a", "/a", "a//b", "a\\b", "con", "a.", "", "a:b", "./a", "5%"]
)
def test_unlawful_names_are_refused_and_leave_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError):
        make_bag(tmp_path / "a.zip", {name: b""}, INFO)
    assert list(tmp_path.iterdir()) == []


def test_names_that_are_one_on_windows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="重名"):
        make_bag(tmp_path / "a.zip", {"A.pdf": b"", "a.PDF": b""}, INFO)
