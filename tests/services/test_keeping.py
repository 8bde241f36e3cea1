"""Backup, restore, check: read back whole, or the place that is not is named."""

from __future__ import annotations

import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from app.db import ledger
from app.errors import IntegrityError, UserError
from app.services import units
from app.services.safety import keeping
from app.services.safety.keeping import MakeBackup
from app.services.workspace import Workspace, open_workspace


def failed(root: Path, head: str | None = None) -> list[str]:
    return [f"{c.name}：{c.detail}" for c in keeping.check_folder(root, head) if not c.ok]


def test_a_backup_restores_to_the_same_workspace(office: Workspace, tmp_path: Path) -> None:
    facts = office.read(units.unit_facts, "卫七")
    office.write(units.save, units.UnitFacts(name=facts.name, person="吴㐱"))
    (office.folder.attachments / "照片 1.jpg").write_bytes(b"picture")
    made = office.write(keeping.backup, MakeBackup())
    keeping.restore(made.path, tmp_path / "恢复 到这里")
    again = open_workspace(tmp_path / "恢复 到这里")
    try:
        assert again.actor == "吴㐱"
        assert (again.folder.attachments / "照片 1.jpg").read_bytes() == b"picture"
        assert failed(again.folder.root) == []
    finally:
        again.close()


def test_a_backup_holds_what_was_committed_a_moment_ago(office: Workspace, tmp_path: Path) -> None:
    # A file copy of a live WAL database would miss it.
    for number in range(50):
        facts = office.read(units.unit_facts, "卫七")
        office.write(units.save, units.UnitFacts(name=facts.name, person=f"第{number}人"))
    made = office.write(keeping.backup, MakeBackup())
    keeping.restore(made.path, tmp_path / "r")
    with closing(sqlite3.connect(tmp_path / "r" / "suicha.db")) as connection:
        found = connection.execute("SELECT value FROM setting WHERE key='person'").fetchone()
    assert found == ("第49人",)


def test_a_damaged_backup_is_refused_and_nothing_restored(
    office: Workspace, tmp_path: Path
) -> None:
    made = office.write(keeping.backup, MakeBackup())
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(made.path) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data[:-1] + b"x" if name == "suicha.db" else data)
    with pytest.raises(IntegrityError, match=r"suicha\.db"):
        keeping.restore(broken, tmp_path / "r")
    assert not (tmp_path / "r").exists()


def test_an_extra_file_in_a_backup_is_refused(office: Workspace, tmp_path: Path) -> None:
    made = office.write(keeping.backup, MakeBackup())
    with zipfile.ZipFile(made.path, "a") as archive:
        archive.writestr("draw/extra.txt", "x")
    with pytest.raises(IntegrityError, match=r"extra\.txt"):
        keeping.restore(made.path, tmp_path / "r")


def test_restoring_never_overwrites(office: Workspace) -> None:
    made = office.write(keeping.backup, MakeBackup())
    with pytest.raises(UserError, match="不是空的"):
        keeping.restore(made.path, office.folder.root)


def test_what_is_no_backup_says_so(tmp_path: Path) -> None:
    stray = tmp_path / "a.zip"
    with zipfile.ZipFile(stray, "w") as archive:
        archive.writestr("x.txt", "x")
    for path in (stray, tmp_path / "none.zip"):
        with pytest.raises(UserError):
            keeping.restore(path, tmp_path / "r")


def test_a_missing_folder_is_a_sentence(office: Workspace, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="没有这个文件夹"):
        office.write(keeping.backup, MakeBackup(to=tmp_path / "stick"))


def test_check_compares_with_the_head_on_paper(office: Workspace) -> None:
    head = office.read(ledger.head)
    root = office.folder.root
    assert failed(root, f"{head.seq}-{head.hash[:8]}") == []
    assert "被重写" in failed(root, f"{head.seq}-{'0' * 8}")[0]
    assert "尾部被截去" in failed(root, f"{head.seq + 5}-{head.hash[:8]}")[0]
    with pytest.raises(UserError, match="写得不对"):
        keeping.check_folder(root, "12")


def test_check_names_a_broken_reference(office: Workspace) -> None:
    with closing(sqlite3.connect(office.folder.database)) as connection:
        connection.execute(
            "INSERT INTO publication (result_id, published_on, place, wording, by, at)"
            " VALUES (999, '2026-01-01', '', '', '', '2026-01-01')"
        )
        connection.commit()
    assert any(line.startswith("关联") for line in failed(office.folder.root))
