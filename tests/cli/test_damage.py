"""Damaged records and packages through ``verify``: named, never passed, never a traceback."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from .running import NO, refused, suicha

RECORDS = ("plan.txt", "result.txt", "excluded.txt")


def _fails(*paths: Path) -> str:
    """The failed lines, or the sentence where it could not even begin."""
    said = suicha("verify", *paths)
    if said.code == 2:
        return refused(said)
    assert (said.code, said.err) == (1, ""), said
    assert said.out.splitlines()[-1] == "有不符之处，见上"
    assert suicha("verify", *paths, "--json").json["ok"] is False
    return "\n".join(line for line in said.out.splitlines() if line.startswith("不符"))


@pytest.mark.parametrize("name", RECORDS)
def test_every_kind_of_damage_to_a_record(drawn: Path, name: str) -> None:
    path = drawn / "draw" / NO / name
    whole, rng = path.read_bytes(), Random(name)
    damaged = [b"", whole[:-1], whole + b"\n", b"\xef\xbb\xbf" + whole]
    damaged.append(whole.replace(b"\n", b"\r\n"))
    for _ in range(8):
        at = rng.randrange(len(whole))
        damaged.append(whole[:at])
        damaged.append(whole[:at] + bytes([whole[at] ^ 1 << rng.randrange(8)]) + whole[at + 1 :])
    for data in damaged:
        path.write_bytes(data)
        assert _fails(path.parent)
    path.unlink()
    assert name in _fails(path.parent)


@pytest.mark.parametrize(
    "name", ["extra.txt", "void.txt", "RESULT-2.TXT", "addendum-01.txt", "addendum-1.txt"]
)
def test_a_record_too_many(drawn: Path, name: str) -> None:
    room = drawn / "draw" / NO
    copy = shutil.copytree(room, drawn / NO)
    shutil.copy(room / "plan.txt", copy / name)
    assert _fails(copy)


def test_swapped_records_and_other_paths(drawn: Path, tmp_path: Path) -> None:
    room = drawn / "draw" / NO
    plan, result = (room / "plan.txt").read_bytes(), (room / "result.txt").read_bytes()
    (room / "plan.txt").write_bytes(result)
    (room / "result.txt").write_bytes(plan)
    assert _fails(room)
    for path in (tmp_path / "没有", drawn / "attachments", drawn / "suicha.db"):
        refused(suicha("verify", path))


# --- packages ---------------------------------------------------------------------------------


@pytest.fixture
def package(drawn: Path, tmp_path: Path) -> Path:
    said = suicha(
        *("export", "--data", drawn, "--what", "draw", "--draw", NO, "--to", tmp_path, "--json")
    )
    return Path(said.json["package"])


def _rebuilt(
    package: Path, change: Callable[[str, bytes], list[tuple[str, bytes]]], method: int
) -> Path:
    path = package.with_name("changed.zip")
    with zipfile.ZipFile(package) as source, zipfile.ZipFile(path, "w", method) as target:
        for name in source.namelist():
            for new_name, data in change(name, source.read(name)):
                target.writestr(new_name, data)
    return path


def test_members_lost_renamed_grown_or_added(package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        names = archive.namelist()
    top = names[0].split("/")[0]
    for member in names:
        for change in (
            lambda name, data: [] if name == member else [(name, data)],  # noqa: B023 - used at once
            lambda name, data: [(name + "x" * (name == member), data)],  # noqa: B023
            lambda name, data: [(name, data + b" " * (name == member))],  # noqa: B023
        ):
            assert _fails(_rebuilt(package, change, zipfile.ZIP_STORED)), member
    for odd in (f"{top}/x.exe", f"{top}/data/x.txt", "x.txt", "../x.txt", f"{top}/../../x"):
        path = _rebuilt(package, lambda name, data: [(name, data)], zipfile.ZIP_STORED)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(odd, b"1")
        assert _fails(path), odd


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_flipped_bits_anywhere_in_a_package(package: Path, method: int) -> None:
    path = _rebuilt(package, lambda name, data: [(name, data)], method)
    assert suicha("verify", path).code == 0
    whole, rng = path.read_bytes(), Random(method)
    # The directory at the end is where zipfile stumbles in most ways.
    places = [rng.randrange(len(whole)) for _ in range(10)]
    places += [len(whole) - rng.randrange(1, 1500) for _ in range(20)]
    failed = 0
    for at in places:
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << rng.randrange(8)]) + whole[at + 1 :])
        said = suicha("verify", path)
        assert said.code in (0, 1, 2), said  # 0: a time stamp, an attribute, no content
        assert "意外" not in said.err, (at, said)
        failed += said.code != 0
    assert failed > len(places) // 2


def test_what_is_no_package(package: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    for data in (b"", b"hello", b"PK\x05\x06" + bytes(18), package.read_bytes()[:5000]):
        path.write_bytes(data)
        assert _fails(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(package, "a/inner.zip")
    assert _fails(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"):
            archive.writestr(f"a/{name}", bytes(70_000_000) if name == "bagit.txt" else b"")
    assert "大得不正常" in _fails(path)


def test_damaged_backups_restore_nothing(drawn: Path, tmp_path: Path) -> None:
    saved = Path(suicha("backup", "--data", drawn, "--to", tmp_path, "--json").json["backup"])
    whole, rng = saved.read_bytes(), Random(3)
    new = tmp_path / "新"
    places = [rng.randrange(len(whole)) for _ in range(8)]
    for at in [*places, *(len(whole) - rng.randrange(1, 900) for _ in range(25))]:
        saved.write_bytes(whole[:at] + bytes([whole[at] ^ 8]) + whole[at + 1 :])
        said = suicha("restore", saved, "--data", new)
        assert said.code in (0, 1, 2), said
        assert "意外" not in said.err, (at, said)
        if said.code == 0:  # a time stamp: what came out is whole
            assert suicha("check", "--data", new).code == 0
            shutil.rmtree(new)
        assert not new.exists() or not any(new.iterdir())
