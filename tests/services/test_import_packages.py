"""Directories of another installation of the unit: out of its package, through the import."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from app.db.read import received, target_history
from app.db.read.query import ListQuery
from app.db.unit_of_work import UnitOfWork
from app.errors import UserError
from app.models import IncomingFile, Target, Unit
from app.services.intake import importing
from app.services.intake.importing import ApplyImport, OpenDirectory, PreviewImport, SourceFile
from app.services.packages import exporting
from app.services.packages.exporting import MakePackage
from app.services.workspace import Workspace
from tests.support import make_office

CSV = "名称,监管类别,地址\n青禾县某甲养殖场,一般,柳湾镇\n青禾县某乙加油站,一般,柳湾镇\n"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    workspace = make_office(tmp_path / "ws")
    yield workspace
    workspace.close()


@pytest.fixture
def squad(tmp_path: Path) -> Iterator[Workspace]:
    workspace = make_office(tmp_path / "squad")
    path = tmp_path / "一中队.csv"
    path.write_text(CSV, "utf-8")
    workspace.write(importing.apply, ApplyImport(kind="targets", path=path))
    yield workspace
    workspace.close()


def _package(squad: Workspace, folder: Path, **more: str) -> Path:
    folder.mkdir()
    command = MakePackage(what="directories", period="2026Q3", to=folder, **more)  # type: ignore[arg-type]
    return squad.write(exporting.export, command).path


def _open(office: Workspace, path: Path, passphrase: str = "", kind: str = "targets") -> SourceFile:
    command = OpenDirectory(kind=kind, path=path, root=office.folder.root, passphrase=passphrase)
    return office.read(importing.open_directory, command)


def test_a_squads_directory_comes_in_and_stays_traceable(
    office: Workspace, squad: Workspace, tmp_path: Path
) -> None:
    path = _package(squad, tmp_path / "stick", passphrase="qinghe-2026")
    assert importing.is_package(path) and importing.is_locked(path)
    with pytest.raises(UserError, match="口令不对"):
        _open(office, path, "wrong-phrase")
    source = _open(office, path, "qinghe-2026")
    command = PreviewImport(kind="targets", path=path, source=source)
    seen = office.read(importing.preview, command)
    assert (seen.counts.new, seen.counts.rejected) == (2, 0)
    office.write(importing.apply, ApplyImport.of(seen))
    (file,) = office.read(lambda c: c.execute(select(IncomingFile.__table__)).all())
    assert (file.file_name, file.source) == (path.name, office.unit.name)
    assert file.digest == source.digest and len(file.digest) == 64
    # The same package in another coat is known again, and changes nothing.
    plain = _open(office, _package(squad, tmp_path / "plain"))
    again = office.read(
        importing.preview, PreviewImport(kind="targets", path=plain.path, source=plain)
    )
    assert (again.counts.unchanged, again.counts.new) == (2, 0)
    before = office.read(received.taken_before, source.sha256, source.digest)
    assert before is not None and before.file_name == path.name
    # From the file to its rows, from the row to its file.
    rows = office.read(received.rows_of, before)
    assert [(row.change, row.what, row.page) for row in rows] == [
        ("新增", "青禾县某甲养殖场", "targets"),
        ("新增", "青禾县某乙加油站", "targets"),
    ]
    events = office.read(target_history.of_target, rows[0].where)
    assert any(f"何处来：文件“{path.name}”" in each.detail for each in events)


def test_another_units_or_a_changed_package_is_refused(
    office: Workspace, squad: Workspace, tmp_path: Path
) -> None:
    path = _package(squad, tmp_path / "stick")
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(changed, "w") as target:
        for entry in source.infolist():
            more = b" " if entry.filename.endswith("检查对象.xlsx") else b""
            target.writestr(entry, source.read(entry) + more)
    with pytest.raises(UserError, match=r"没有通过校验.*检查对象\.xlsx 内容不符"):
        _open(office, changed)
    public = _package(squad, tmp_path / "public", edition="public")
    with pytest.raises(UserError, match="里没有这份名录"):
        _open(office, public)

    def elsewhere(uow: UnitOfWork, _command: None) -> None:
        uow.session.query(Unit).one().code = "360188"
        uow.record("test.elsewhere", "", {})
        uow.commit()

    squad.write(elsewhere, None)
    with pytest.raises(UserError, match=r"（360188）的包，不是本单位（360199）的"):
        _open(office, _package(squad, tmp_path / "other"))


def test_files_of_before_the_register_are_listed_too(office: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "旧名录.csv"
    path.write_text(CSV, "utf-8")
    office.write(importing.apply, ApplyImport(kind="targets", path=path))

    def forget(uow: UnitOfWork, _command: None) -> None:
        uow.session.query(IncomingFile).delete()
        uow.record("test.forget", "", {})
        uow.commit()

    office.write(forget, None)

    def listed(connection: Connection) -> list[received.ReceivedFile]:
        found = received.ids(connection, ListQuery(search="旧名录"))
        return received.rows(connection, found)

    (file,) = office.read(listed)
    assert (file.kept, file.file_name, file.did) == (False, "旧名录.csv", "新增 2")
    assert len(office.read(received.rows_of, file)) == 2
    target = office.read(lambda c: c.execute(select(Target.id)).scalars().first())
    assert [each.file_name for each in office.read(received.origins, "target", target)] == [
        "旧名录.csv"
    ]
