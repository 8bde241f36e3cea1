"""Packages, bags and backups on registered media: what may leave, what is noted, what came back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.db.read import media as reads
from app.domain.media import MediumFacts, check_medium, recognised
from app.domain.package_course import PackageState
from app.errors import AppError, EnvironmentFault, IntegrityError, UserError
from app.exchange import uncached
from app.models import ExportPackage
from app.services.packages import carrying, checking_media, exporting, media
from app.services.packages.carrying import CarryFile, CarryPackage, UnregisteredError, Use
from app.services.packages.checking_media import Verdict
from app.services.packages.exporting import MakePackage, Package
from app.services.safety.keeping import restore
from app.services.workspace import Workspace
from tests.support_office import make_office

STICK = MediumFacts(ident="QH-01", label="QH-01", serial="1A2B-3C4D", holder="卫七")


class Sticks:
    """The drives that are plugged in, as a test wants them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.drive = carrying.Drive(
            root=root,
            label="QH-01",
            file_system="FAT32",
            free=10**9,
            total=10**10,
            read_only=False,
            serial="1A2B-3C4D",
        )
        self.plugged = True

    def __call__(self) -> tuple[carrying.Drive, ...]:
        return (self.drive,) if self.plugged else ()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    made = make_office(tmp_path / "ws", people=4)
    yield made
    made.close()


@pytest.fixture
def sticks(tmp_path: Path) -> Sticks:
    (tmp_path / "stick").mkdir()
    return Sticks(tmp_path / "stick")


@pytest.fixture
def package(office: Workspace, tmp_path: Path) -> Package:
    (tmp_path / "out").mkdir()
    return office.write(exporting.export, MakePackage(what="directories", to=tmp_path / "out"))


def register(office: Workspace, facts: MediumFacts = STICK) -> int:
    return office.write(media.save, media.SaveMedium(None, facts)).id


def state(office: Workspace, package: Package) -> PackageState:
    def read(uow: object, package_id: int) -> PackageState:
        found = uow.session.get(ExportPackage, package_id)  # type: ignore[attr-defined]
        return found.state  # type: ignore[no-any-return]

    return office.write(read, package.id)


def test_a_registered_stick_takes_a_package_and_the_register_keeps_it(
    office: Workspace, package: Package, sticks: Sticks
) -> None:
    medium = register(office)
    command = CarryPackage(file_name=package.path.name, folder=sticks.root)
    done = carrying.carry_package(office, command, drives=sticks)
    assert done.copy.path.read_bytes() == package.path.read_bytes()
    assert (done.medium, done.holder) == ("QH-01", "卫七")
    assert f"包内 {package.files} 个文件" in done.compared
    (row,) = office.read(reads.carried_of, medium)
    assert (row.file_name, row.sha256, row.verified_at) == (
        package.path.name,
        done.copy.sha256,
        row.at,
    )
    assert state(office, package) is PackageState.COPIED
    # A second stick: noted too, the state stays.
    again = carrying.carry_package(office, command, drives=sticks)
    assert again.copy.already and len(office.read(reads.carried_of, medium)) == 2
    assert office.read(reads.rows, [medium])[0].carried == 2


def test_an_unregistered_stick_asks_and_may_be_forbidden(
    office: Workspace, package: Package, sticks: Sticks
) -> None:
    command = CarryPackage(file_name=package.path.name, folder=sticks.root)
    with pytest.raises(UnregisteredError, match="没有在介质台账里登记") as told:
        carrying.carry_package(office, command, drives=sticks)
    assert told.value.may_once and list(sticks.root.iterdir()) == []
    once = replace(command, use=Use(reason="登记的那个坏了"))
    done = carrying.carry_package(office, once, drives=sticks)
    assert done.medium == ""
    (row,) = office.read(reads.carried_of)
    assert (row.reason, row.label, row.serial) == ("登记的那个坏了", "QH-01", "1A2B-3C4D")
    office.write(media.set_only_registered, media.SetStrict(True))
    assert office.read(media.only_registered)
    with pytest.raises(UnregisteredError, match="本单位规定") as told:
        carrying.carry_package(office, once, drives=sticks)
    assert not told.value.may_once


def test_withdrawn_secret_and_mistaken_media_are_refused(
    office: Workspace, package: Package, sticks: Sticks
) -> None:
    medium = register(office)
    other = register(office, replace(STICK, ident="QH-02", label="QH-02", serial="9999-0000"))
    command = CarryPackage(file_name=package.path.name, folder=sticks.root)
    for use, words in (
        (Use(medium="QH-02"), "插着的是 QH-01"),
        (Use(medium="QH-09"), "没有 QH-09"),
    ):
        with pytest.raises(UserError, match=words):
            carrying.carry_package(office, replace(command, use=use), drives=sticks)
    sticks.drive = replace(sticks.drive, serial="5555-5555", label="无")
    with pytest.raises(UserError, match="卷序列号 5555-5555"):
        carrying.carry_package(office, replace(command, use=Use(medium="QH-02")), drives=sticks)
    sticks.drive = replace(sticks.drive, serial="1A2B-3C4D")
    assert office.write(media.withdraw, media.Withdraw((medium, other), date(2026, 7, 1))) == 2
    with pytest.raises(UserError, match="已于 2026-07-01 停用"):
        carrying.carry_package(office, command, drives=sticks)
    office.write(media.withdraw, media.Withdraw((medium,), None))
    office.write(media.save, media.SaveMedium(medium, replace(STICK, grade="classified")))
    with pytest.raises(UserError, match="涉密介质"):
        carrying.carry_package(office, command, drives=sticks)
    assert list(sticks.root.iterdir()) == []


def test_an_original_that_changed_does_not_travel(
    office: Workspace, package: Package, tmp_path: Path
) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    command = CarryPackage(file_name=package.path.name, folder=folder)
    package.path.write_bytes(package.path.read_bytes()[:-9])
    with pytest.raises(AppError):
        carrying.carry_package(office, command, drives=tuple)
    assert not list(folder.iterdir())
    with pytest.raises(UserError, match="没有登记过"):
        carrying.carry_package(office, replace(command, file_name="x.zip"), drives=tuple)


def test_a_stick_changed_by_a_quick_hand_is_not_noted(
    office: Workspace, package: Package, sticks: Sticks
) -> None:
    register(office)
    command = CarryPackage(file_name=package.path.name, folder=sticks.root)

    def pull(done: int, total: int, _text: str) -> None:
        if done == total:
            sticks.plugged = False

    with pytest.raises(UserError, match="被拔出或换过"):
        carrying.carry_package(office, command, pull, drives=sticks)
    assert office.read(reads.carried_of) == ()
    assert state(office, package) is PackageState.MADE


def test_a_full_stick_leaves_a_marked_half_and_no_note(
    office: Workspace, package: Package, sticks: Sticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(office)

    def full(_handle: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EnvironmentFault, match="写满"):
        carrying.carry_package(
            office, CarryPackage(file_name=package.path.name, folder=sticks.root), drives=sticks
        )
    monkeypatch.undo()
    (half,) = carrying.left_overs(sticks.root)
    assert half.path.name == f"{package.path.name}.未完成"
    assert office.read(reads.carried_of) == ()
    (line,) = [
        each
        for each in checking_media.check_medium(office, sticks.root, drives=sticks)
        if each.verdict is Verdict.HALF
    ]
    assert "不要使用" in line.words


def test_bytes_that_flip_during_the_copy_are_named(
    office: Workspace, package: Package, sticks: Sticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(office)

    def flip(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(bytes(data))

    monkeypatch.setattr(uncached, "forget_cache", flip)
    with pytest.raises(IntegrityError, match=f"“{package.path.name}”写到介质后读回不同"):
        carrying.carry_package(
            office, CarryPackage(file_name=package.path.name, folder=sticks.root), drives=sticks
        )
    assert office.read(reads.carried_of) == ()


def test_a_stick_is_checked_later_and_the_changed_file_named(
    office: Workspace, package: Package, sticks: Sticks
) -> None:
    register(office)
    command = CarryPackage(file_name=package.path.name, folder=sticks.root)
    copy = carrying.carry_package(office, command, drives=sticks).copy
    told: list[int] = []
    (line,) = checking_media.check_medium(
        office, sticks.root, lambda done, _total, _text: told.append(done), drives=sticks
    )
    assert line.verdict is Verdict.SAME and told[-1] == copy.size
    data = bytearray(copy.path.read_bytes())
    at = data.index(b"bag-info.txt") + 60  # inside the content of one member
    data[at] ^= 1
    copy.path.write_bytes(bytes(data))
    (sticks.root / "他人.zip").write_bytes(b"no zip at all")
    lines = {
        each.name: each for each in checking_media.check_medium(office, sticks.root, drives=sticks)
    }
    assert lines[copy.path.name].verdict is Verdict.CHANGED
    assert "和拷出时不同" in lines[copy.path.name].words
    assert lines["他人.zip"].verdict is Verdict.UNKNOWN  # anybody's zip is no alarm
    copy.path.rename(sticks.root / "改名.zip")
    named = {
        each.name: each for each in checking_media.check_medium(office, sticks.root, drives=sticks)
    }
    assert named["改名.zip"].verdict is Verdict.CHANGED  # a bag that contradicts its own list is
    (sticks.root / "改名.zip").rename(copy.path)
    copy.path.unlink()
    lines = {
        each.name: each for each in checking_media.check_medium(office, sticks.root, drives=sticks)
    }
    assert lines[copy.path.name].verdict is Verdict.MISSING
    with pytest.raises(UserError, match="打不开"):
        checking_media.check_medium(office, sticks.root / "none", drives=sticks)


def test_a_disc_counts_once_it_was_read_back(
    office: Workspace, package: Package, tmp_path: Path
) -> None:
    register(office, MediumFacts(ident="GP-01", kind="disc", holder="卫七"))
    folder, disc = tmp_path / "burn", tmp_path / "disc"
    folder.mkdir()
    disc.mkdir()
    command = CarryPackage(
        file_name=package.path.name, folder=folder, use=Use(medium="GP-01", burn=True)
    )
    done = carrying.carry_package(office, command, drives=tuple)
    assert done.to_burn and state(office, package) is PackageState.MADE
    (row,) = office.read(reads.carried_of)
    assert (row.place, row.medium_no, row.verified_at) == ("disc", "GP-01", None)
    (disc / package.path.name).write_bytes(b"burnt badly")
    (line,) = checking_media.check_medium(office, disc, drives=tuple)
    assert line.verdict is Verdict.CHANGED and state(office, package) is PackageState.MADE
    (disc / package.path.name).write_bytes(package.path.read_bytes())
    (line,) = checking_media.check_medium(office, disc, drives=tuple)
    assert "光盘读回相符" in line.words and state(office, package) is PackageState.COPIED
    (row,) = office.read(reads.carried_of)
    assert row.verified_at is not None


def test_a_backup_and_an_archive_bag_travel_the_same_way(
    office: Workspace, package: Package, sticks: Sticks, tmp_path: Path
) -> None:
    register(office)
    done = carrying.carry_backup(office, sticks.root, Use(), drives=sticks)
    assert done.copy.path.name.endswith("-stick.zip")
    restore(done.copy.path, tmp_path / "restored")
    bag = tmp_path / "归档.zip"
    bag.write_bytes(package.path.read_bytes())
    command = CarryFile(path=bag, folder=sticks.root, purpose="归档")
    assert carrying.carry_file(office, command, drives=sticks).medium == "QH-01"
    assert [row.purpose for row in office.read(reads.carried_of)] == ["归档", "备份"]
    assert not [each for each in office.folder.root.iterdir() if each.name.startswith(".carry-")]


def test_a_locked_package_travels_without_its_passphrase(
    office: Workspace, sticks: Sticks, tmp_path: Path
) -> None:
    register(office)
    command = MakePackage(what="directories", to=tmp_path, passphrase="青禾县的口令一二三")
    made = office.write(exporting.export, command)
    done = carrying.carry_package(
        office, CarryPackage(file_name=made.path.name, folder=sticks.root), drives=sticks
    )
    assert "逐字节" in done.compared and "包内" not in done.compared
    data = bytearray(done.copy.path.read_bytes())
    data[-40] ^= 1
    done.copy.path.write_bytes(bytes(data))
    (line,) = checking_media.check_medium(office, sticks.root, drives=sticks)
    assert line.verdict is Verdict.CHANGED


def test_the_register_refuses_twins_and_nonsense(office: Workspace) -> None:
    medium = register(office)
    for wrong, words in (
        (STICK, "已经登记过"),
        (replace(STICK, ident="QH-02"), "已经登记为 QH-01"),
        (replace(STICK, ident="", serial=""), "请填写介质编号"),
        (replace(STICK, ident="QH-03", serial="", holder=""), "请填写保管人"),
    ):
        with pytest.raises(UserError, match=words):
            office.write(media.save, media.SaveMedium(None, wrong))
    office.write(media.withdraw, media.Withdraw((medium,), date(2026, 7, 2)))
    # The same stick under a new number, once the old one is out of use.
    assert register(office, replace(STICK, ident="QH-02"))
    assert check_medium(replace(STICK, since=date(2026, 2, 1), withdrawn_on=date(2026, 1, 1)))


@pytest.mark.parametrize(
    ("label", "serial", "number"),
    [
        ("QH-01", "1A2B-3C4D", "QH-01"),
        ("其他", "1a2b3c4d", "QH-01"),  # renamed
        ("QH-01", "FFFF-0000", None),  # another stick of that name, or formatted
        ("QH-01", "", "QH-01"),  # the system tells no number
        ("GP", "", "GP-01"),
        ("GP", "7777-0000", "GP-01"),  # registered without a number
        ("", "", None),
    ],
)
def test_a_stick_is_known_by_number_then_by_label(
    label: str, serial: str, number: str | None
) -> None:
    known = [
        replace(STICK, ident="QH-00", withdrawn_on=date(2026, 1, 1)),
        STICK,
        MediumFacts(ident="GP-01", label="GP"),
    ]
    found = recognised(known, label, serial)
    assert (found.ident if found else None) == number
