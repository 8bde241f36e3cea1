"""What a killed program left: named, cleared when the workspace is opened, never anything else."""

from __future__ import annotations

import logging
import re
import sqlite3
from pathlib import Path

import pytest

import app.services
from app.db import migrate
from app.db.unit_of_work import UnitOfWork
from app.errors import EnvironmentFault, UserError
from app.paths import HALF_RESTORED
from app.services.draws import completing
from app.services.safety import keeping, sweeping
from app.services.safety.keeping import MakeBackup
from app.services.workspace import CreateUnit, Workspace, create, open_workspace
from tests.support import make_office
from tests.support_office import draw_once
from tests.support_office import make_office as ready_office

TEMPORARY = f".~{'0' * 16}.tmp"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    make_office(tmp_path / "ws").close()
    return tmp_path / "ws"


def test_half_things_are_cleared_at_the_next_start_and_the_log_says_so(
    root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (root / "platforms").mkdir()
    half = [
        root / "backups" / TEMPORARY,
        root / "backups" / f".~{'0' * 16}.db.partial-journal",
        root / "backups" / "suicha-20260101-000000-before-upgrade.db.partial",
        root / "platforms" / TEMPORARY,
        root / ".package-abcd1234",
        root / ".drill-abcd1234",
    ]
    for path in half:
        path.mkdir() if path.suffix == "" else path.write_bytes(b"x")
    theirs = [root / "backups" / "~$计划.xlsx", root / ".~lock.计划.xlsx#", root / "计划.tmp"]
    for path in theirs:
        path.write_bytes(b"x")
    (named,) = [c for c in keeping.check_folder(root) if c.name == "没有写完的文件"]
    assert all(path.name in named.detail for path in half)
    with caplog.at_level(logging.INFO):
        open_workspace(root).close()
    assert not any(path.exists() for path in half)
    assert all(path.exists() for path in theirs)
    assert all(path.name in caplog.text for path in half)


def test_what_another_process_works_in_is_left_alone(root: Path) -> None:
    with sweeping.aside(root, "drill") as room:
        open_workspace(root).close()
        assert room.is_dir()
    assert not room.exists()


def test_a_workspace_that_is_open_elsewhere_is_not_swept(root: Path) -> None:
    holder = open_workspace(root)
    (root / TEMPORARY).write_bytes(b"being written")
    with pytest.raises(EnvironmentFault):
        open_workspace(root)
    assert (root / TEMPORARY).exists()
    holder.close()


def test_half_a_restore_is_neither_opened_nor_built_upon(root: Path, tmp_path: Path) -> None:
    (root / HALF_RESTORED).write_text("x", encoding="utf-8")
    with pytest.raises(UserError, match="没有做完"):
        open_workspace(root)
    half = tmp_path / "half"
    half.mkdir()
    (half / HALF_RESTORED).write_text("x", encoding="utf-8")
    with pytest.raises(UserError, match="没有做完"):
        create(half, CreateUnit(name="某大队", code="360199", rulebook_id="taijiang-2022"))


def test_the_folder_of_a_list_that_was_never_frozen_goes(tmp_path: Path) -> None:
    office = ready_office(tmp_path / "ws")
    made = draw_once(office)
    root = office.folder.root
    never, odd = (office.folder.draws / f"360199-2026Q3-{n:02d}" for n in (2, 3))
    for room in (never, odd):
        room.mkdir()
        (room / "plan.txt").write_bytes(b"x")
    (odd / "result.txt").write_bytes(b"x")
    office.write(completing.complete, None)
    office.close()
    assert not never.exists() and odd.exists()
    assert (root / "draw" / made.no / "result.txt").is_file()
    (bad,) = [c for c in keeping.check_folder(root) if not c.ok]
    assert odd.name in bad.detail


def test_a_full_disk_at_the_start_is_no_damage(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_more: object) -> sqlite3.Connection:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("app.db.migrate.sqlite3.connect", full)
    with pytest.raises(EnvironmentFault, match="打不开"):
        migrate.current(root / "suicha.db")


def test_a_disk_that_refuses_inside_a_service_is_a_sentence(office: Workspace) -> None:
    def service(_uow: UnitOfWork, _command: None) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(EnvironmentFault, match="磁盘已满"):
        office.write(service, None)


def test_every_room_travels_with_a_backup(office: Workspace, tmp_path: Path) -> None:
    folder = office.folder
    for room in folder.rooms:
        room.mkdir(exist_ok=True)
        (room / "某某.txt").write_bytes(room.name.encode("utf-8"))
    for made in (
        office.write(keeping.backup, MakeBackup(to=tmp_path)).path,
        office.write(keeping.of_the_day, None).made.path,  # type: ignore[union-attr]
    ):
        to = tmp_path / made.stem
        keeping.restore(made, to)
        for room in folder.rooms:
            assert (to / room.name / "某某.txt").read_bytes() == room.name.encode("utf-8")


def test_services_name_rooms_by_the_folder_and_not_by_hand() -> None:
    """A folder made up in a service is in no backup."""
    package = Path(app.services.__file__).parent
    by_hand = re.compile(r"folder\.root / \"")
    assert [p.name for p in package.rglob("*.py") if by_hand.search(p.read_text("utf-8"))] == []
