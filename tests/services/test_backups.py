"""Backups that come by themselves, the second place, the drill, the comparison, another PC."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.errors import AppError, IntegrityError, UserError
from app.paths import HALF_RESTORED, default_workspace
from app.services import attaching, units
from app.services.attaching import Attach
from app.services.safety import backup_files, keeping
from app.services.safety.keeping import Adopt, MakeBackup
from app.services.workspace import Workspace, open_workspace
from tests.support_draw import Clock
from tests.support_office import draw_once, make_office


@dataclass(frozen=True)
class Drawn:
    """A workspace with one draw made, and its clock."""

    workspace: Workspace
    clock: Clock


@pytest.fixture
def drawn(tmp_path: Path) -> Iterator[Drawn]:
    office = make_office(tmp_path / "ws")
    assert isinstance(office.clock, Clock)
    draw_once(office)
    yield Drawn(office, office.clock)
    office.close()


def attach(drawn: Drawn, folder: Path, content: bytes) -> str:
    photo = folder / "现场.jpg"
    photo.write_bytes(content)
    draw = drawn.workspace.read(
        lambda c: c.exec_driver_sql("SELECT id FROM draw LIMIT 1").scalar_one()
    )
    kept = drawn.workspace.write(
        attaching.attach, Attach(owner_kind="draw", owner_id=draw, path=photo)
    )
    return kept.sha256


def work(office: Workspace, person: str) -> None:
    facts = office.read(units.unit_facts, "卫七")
    office.write(units.save, replace(facts, person=person))


def failed(root: Path) -> list[str]:
    return [f"{c.name}：{c.detail}" for c in keeping.check_folder(root) if not c.ok]


def test_the_backup_after_a_draw_is_whole(drawn: Drawn, tmp_path: Path) -> None:
    (made,) = [
        each for each in keeping.backups(drawn.workspace.folder.root) if "after" in each.reason
    ]
    keeping.restore(made.path, tmp_path / "r")
    assert failed(tmp_path / "r") == []
    assert list((tmp_path / "r" / "draw").glob("*/plan.txt"))


def test_attachments_are_copied_once_and_come_back(drawn: Drawn, tmp_path: Path) -> None:
    office = drawn.workspace
    sha = attach(drawn, tmp_path, b"\xff\xd8 picture")
    first = office.write(keeping.of_the_day, None).made
    assert first is not None
    stored = backup_files.store_of(first.path) / sha[:2] / sha
    before = stored.stat().st_mtime_ns
    with zipfile.ZipFile(first.path) as archive:
        assert not [name for name in archive.namelist() if "attachments" in name]
    drawn.clock.sleep(3600)
    second = office.write(keeping.of_the_day, None).made
    assert second is not None and stored.stat().st_mtime_ns == before
    keeping.restore(second.path, tmp_path / "r")
    assert failed(tmp_path / "r") == []
    assert (tmp_path / "r" / "attachments" / sha[:2] / sha).read_bytes() == b"\xff\xd8 picture"


def test_a_damaged_store_is_named_and_not_restored(drawn: Drawn, tmp_path: Path) -> None:
    office = drawn.workspace
    sha = attach(drawn, tmp_path, b"picture")
    made = office.write(keeping.of_the_day, None).made
    assert made is not None
    (backup_files.store_of(made.path) / sha[:2] / sha).write_bytes(b"pictura")
    assert [line for line in failed(office.folder.root) if line.startswith("备份") and sha in line]
    with pytest.raises(IntegrityError, match=sha):
        keeping.restore(made.path, tmp_path / "r")
    assert not (tmp_path / "r").exists()
    (check,) = keeping.drill(office.folder.root)
    assert not check.ok


def test_a_store_beside_the_backup_is_needed_and_asked_for(drawn: Drawn, tmp_path: Path) -> None:
    attach(drawn, tmp_path, b"picture")
    made = drawn.workspace.write(keeping.of_the_day, None).made
    assert made is not None
    lone = tmp_path / "elsewhere" / made.path.name
    lone.parent.mkdir()
    lone.write_bytes(made.path.read_bytes())
    with pytest.raises(IntegrityError, match="attachments 文件夹"):
        keeping.restore(lone, tmp_path / "r")
    # One that a person made travels alone.
    alone = drawn.workspace.write(keeping.backup, MakeBackup(to=lone.parent))
    keeping.restore(alone.path, tmp_path / "r")
    assert failed(tmp_path / "r") == []


def test_one_backup_for_a_day_of_work_and_none_for_a_day_without(drawn: Drawn) -> None:
    office, root = drawn.workspace, drawn.workspace.folder.root
    count = len(keeping.backups(root))
    drawn.clock.sleep(86400)
    work(office, "吴倩")
    assert keeping.close_day(office) is not None
    work(office, "郑和")
    assert keeping.close_day(office) is None
    drawn.clock.sleep(86400)
    done = keeping.close_day(office)
    assert done is not None and done.made is not None
    drawn.clock.sleep(86400)
    assert keeping.close_day(office) is None
    assert len(keeping.backups(root)) == count + 2


def test_old_days_go_and_with_them_what_only_they_needed(drawn: Drawn, tmp_path: Path) -> None:
    office = drawn.workspace
    sha = attach(drawn, tmp_path, b"picture")
    for _day in range(20):
        drawn.clock.sleep(86400)
        office.write(keeping.of_the_day, None)
    names = [each.name for each in keeping.backups(office.folder.root) if each.reason == "day"]
    assert 7 + 2 <= len(names) <= 7 + 3
    store = office.folder.backups / "attachments"
    stray = store / "ab" / ("ab" + "0" * 62)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"nobody needs it")
    drawn.clock.sleep(86400)
    office.write(keeping.of_the_day, None)
    assert not stray.exists() and (store / sha[:2] / sha).exists()
    assert failed(office.folder.root) == []


def test_the_second_place_is_set_copied_to_and_grows_old(drawn: Drawn, tmp_path: Path) -> None:
    office = drawn.workspace
    with pytest.raises(UserError, match="工作区里面"):
        office.write(keeping.set_second_place, office.folder.backups)
    stick = tmp_path / "stick"
    stick.mkdir()
    made = office.write(keeping.set_second_place, stick)
    assert made.path.is_file() and made.path.is_relative_to(stick)
    today = office.clock().astimezone().date()
    place = office.read(keeping.second_place)
    assert place is not None and place.words(today) == "今天" and not place.old(today)
    assert place.old(today + timedelta(days=8))
    drawn.clock.sleep(86400)
    done = office.write(keeping.of_the_day, None)
    assert done.second is not None and not done.fault
    told = office.read(
        lambda c: c.exec_driver_sql("SELECT action FROM ledger ORDER BY seq DESC LIMIT 2").all()
    )
    assert [row.action for row in told] == ["backup.make", "backup.make"]
    # The stick lies in a drawer: the day's backup is made all the same.
    stick.rename(tmp_path / "drawer")
    drawn.clock.sleep(86400)
    done = office.write(keeping.of_the_day, None)
    assert done.made is not None and done.second is None
    with pytest.raises(UserError, match="插好 U 盘"):
        office.write(keeping.copy_to_second, None)


def test_the_drill_restores_checks_and_leaves_nothing(drawn: Drawn) -> None:
    office = drawn.workspace
    office.write(keeping.of_the_day, None)
    work(office, "吴倩")
    checks = keeping.drill(office.folder.root)
    assert all(each.ok for each in checks), checks
    assert "少 2 条账本" in checks[0].detail
    assert not list(office.folder.root.glob(".drill-*"))


def test_the_comparison_names_what_the_backup_lacks(drawn: Drawn, tmp_path: Path) -> None:
    office = drawn.workspace
    made = office.write(keeping.backup, MakeBackup())
    work(office, "吴倩")
    keeping.restore(made.path, tmp_path / "r")
    found = keeping.lacking(office.folder.root, tmp_path / "r")
    assert found.same and found.entries == 2
    assert [row.what for row in found.rows] == ["备份生成", "单位保存"]
    assert "多 2 条" in keeping.comparison_words(found)


def test_a_draw_the_backup_lacks_comes_first(tmp_path: Path) -> None:
    office = make_office(tmp_path / "o")
    try:
        made = office.write(keeping.backup, MakeBackup())
        draw_once(office)
        keeping.restore(made.path, tmp_path / "r")
        found = keeping.lacking(office.folder.root, tmp_path / "r")
        assert found.rows[0].kind == "抽取" and "备份里没有" in found.rows[0].detail
    finally:
        office.close()


def test_adopting_keeps_the_present_and_changes_what_is_opened(
    drawn: Drawn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = drawn.workspace
    made = office.write(keeping.backup, MakeBackup())
    keeping.restore(made.path, tmp_path / "改用 它")
    kept = office.write(keeping.adopt, Adopt(tmp_path / "改用 它"))
    assert "before-restore" in kept.path.name
    monkeypatch.delenv("SUICHA_DATA")
    assert default_workspace() == tmp_path / "改用 它"
    open_workspace(default_workspace()).close()
    assert failed(office.folder.root) == []


def test_a_restored_workspace_that_does_not_check_is_not_adopted(
    drawn: Drawn, tmp_path: Path
) -> None:
    made = drawn.workspace.write(keeping.backup, MakeBackup())
    keeping.restore(made.path, tmp_path / "r")
    next((tmp_path / "r" / "draw").glob("*/plan.txt")).write_bytes(b"x")
    with pytest.raises(IntegrityError):
        drawn.workspace.write(keeping.adopt, Adopt(tmp_path / "r"))


def test_a_half_restore_is_no_workspace_and_is_begun_anew(drawn: Drawn, tmp_path: Path) -> None:
    made = drawn.workspace.write(keeping.backup, MakeBackup())
    half = tmp_path / "half"
    (half / "draw").mkdir(parents=True)
    (half / HALF_RESTORED).write_text("x", encoding="utf-8")
    (half / "draw" / "old.txt").write_text("x", encoding="utf-8")
    (line,) = failed(half)
    assert "没有做完" in line
    keeping.restore(made.path, half)
    assert failed(half) == [] and not (half / "draw" / "old.txt").exists()


def test_what_a_killed_program_left_is_named_and_harmless(drawn: Drawn) -> None:
    root = drawn.workspace.folder.root
    (drawn.workspace.folder.backups / f".~{'0' * 16}.tmp").write_bytes(b"PK")
    (named,) = [c for c in keeping.check_folder(root) if c.name == "没有写完的文件"]
    assert named.ok and f"backups/.~{'0' * 16}.tmp" in named.detail


def test_a_backup_before_an_upgrade_restores_with_its_files(drawn: Drawn, tmp_path: Path) -> None:
    from app.db import backup as copies

    office = drawn.workspace
    bare = office.folder.backups / copies.backup_name(datetime.now(UTC), "before-upgrade")
    copies.copy_database(office.folder.database, bare)
    keeping.restore(bare, tmp_path / "r")
    assert failed(tmp_path / "r") == []


def test_a_full_disk_leaves_the_workspace_and_the_older_backups(
    drawn: Drawn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = drawn.workspace
    before = {each.name for each in keeping.backups(office.folder.root)}

    def full(*_args: object, **_more: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(zipfile.ZipFile, "write", full)
    for service in (keeping.of_the_day, keeping.backup):
        with pytest.raises(AppError, match="磁盘空间不足"):
            office.write(service, MakeBackup() if service is keeping.backup else None)
    monkeypatch.undo()
    assert {each.name for each in keeping.backups(office.folder.root)} == before
    assert not [path for path in office.folder.backups.iterdir() if path.name.startswith(".~")]
    assert failed(office.folder.root) == []
    assert hashlib.sha256(office.folder.database.read_bytes()).hexdigest()
