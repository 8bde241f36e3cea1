"""Whatever comes in from a file is registered with it: its bytes stay, the rows find it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from app.db.read import received
from app.db.read.query import ListQuery
from app.db.unit_of_work import UnitOfWork
from app.domain.inspection import ResultState
from app.domain.received import FileKind, counted
from app.domain.ways import Way
from app.errors import EnvironmentFault, UserError
from app.models import Assignment, IncomingFile, IncomingRow, Result
from app.services import attaching
from app.services.draws import partnering, platform_draws
from app.services.draws.incoming import ReadList
from app.services.draws.partnering import ReadPartners
from app.services.intake import importing, receiving, undoing_import
from app.services.intake.importing import ApplyImport
from app.services.intake.receiving import Incoming, Touched
from app.services.intake.undoing_import import UndoImport
from app.services.workspace import Workspace
from tests.services.test_ways import DOCUMENT, ORGAN, a_list, branch, names
from tests.support import make_office
from tests.support_office import PERIOD

__all__ = ["branch"]

CSV = "名称,统一社会信用代码,监管类别\n青禾县某某水泥制品厂,,一般\n"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    workspace = make_office(tmp_path / "ws")
    yield workspace
    workspace.close()


def _take(uow: UnitOfWork, command: Incoming) -> int:
    ident = receiving.record_incoming(uow, command)
    uow.commit()
    return ident


def _files(office: Workspace) -> list[dict[str, Any]]:
    def read(connection: Connection) -> list[dict[str, Any]]:
        rows = connection.execute(select(IncomingFile.__table__).order_by(IncomingFile.id))
        return [dict(row._mapping) for row in rows]

    return office.read(read)


def test_a_file_is_kept_by_its_hash_with_who_what_and_which_rows(
    office: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "编号.xlsm"  # with macros: kept as it came, never opened by us
    path.write_bytes(b"numbers")
    digest = hashlib.sha256(b"numbers").hexdigest()
    ident = office.write(
        _take,
        Incoming(
            kind=FileKind.NUMBERS,
            path=path,
            sha256=digest,
            source="省平台",
            document_no="青环函〔2026〕3号",
            subject="360199-2026Q3-01",
            counts={"updated": 2, "rejected": 0},
            touched=(Touched(record="assignment", row_id=7, place="第 3 行", new=True),),
        ),
    )
    (row,) = _files(office)
    assert (row["id"], row["sha256"], row["size"], row["by"]) == (ident, digest, 7, "卫七")
    assert (row["source"], row["document_no"]) == ("省平台", "青环函〔2026〕3号")
    assert attaching.path_of(office.folder, digest).read_bytes() == b"numbers"
    found = office.read(lambda c: c.execute(select(IncomingRow.__table__)).all())
    assert [
        (each.file_id, each.record, each.row_id, each.place, each.change) for each in found
    ] == [(ident, "assignment", 7, "第 3 行", "new")]


def test_another_file_than_the_previewed_one_and_a_missing_one_are_refused(
    office: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(b"later")
    command = Incoming(kind=FileKind.NUMBERS, path=path, sha256="0" * 64)
    with pytest.raises(UserError, match="在预览之后又被改过"):
        office.write(_take, command)
    path.unlink()
    with pytest.raises(EnvironmentFault, match=r"读不到文件“表\.xlsx”"):
        office.write(_take, command)
    assert _files(office) == []


def test_an_import_is_registered_and_its_undoing_too(office: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "名录.csv"
    path.write_text(CSV, encoding="utf-8")
    done = office.write(importing.apply, ApplyImport(kind="targets", path=path))
    (row,) = _files(office)
    assert (row["kind"], row["file_name"], row["batch_id"]) == (
        "targets",
        "名录.csv",
        done.batch_id,
    )
    assert row["counts"]["new"] == 1 and row["undone_at"] is None
    path.unlink()  # what was taken stays, whatever becomes of the stick
    assert attaching.path_of(office.folder, str(row["sha256"])).read_text("utf-8") == CSV
    office.write(undoing_import.undo, UndoImport(done.batch_id))
    (row,) = _files(office)
    assert row["undone_at"] is not None and row["undone_by"] == "卫七"


def test_several_files_of_one_import_are_each_registered(office: Workspace, tmp_path: Path) -> None:
    paths = []
    for name in ("一中队", "二中队"):
        path = tmp_path / f"{name}.csv"
        path.write_text(CSV.replace("某某", f"{name}某"), encoding="utf-8")
        paths.append(path)
    source = importing.open_files(paths)
    command = ApplyImport(kind="targets", path=paths[0], source=source)
    done = office.write(importing.apply, command)
    rows = _files(office)
    assert [row["file_name"] for row in rows] == ["一中队.csv", "二中队.csv"]
    assert {row["batch_id"] for row in rows} == {done.batch_id}


def test_what_a_file_did_is_said_in_words() -> None:
    assert counted({"new": 3, "updated": 1, "rejected": 0, "rows": 9}) == "新增 3，更新 1"
    assert counted({}) == "没有改动"


# --- the register -----------------------------------------------------------------------------


def _register(office: Workspace, search: str = "") -> list[received.ReceivedFile]:
    return office.read(lambda c: received.rows(c, received.ids(c, ListQuery(search=search))))


def test_a_superiors_list_keeps_its_paper_and_its_names_secret(
    branch: Workspace, tmp_path: Path
) -> None:
    header = ("企业名称", "代码", "主检人员", "协检人员")
    (target,) = names(branch, ["KEY0001"])
    path = a_list(tmp_path / "指派.xlsx", [(*target, "R01", "R02")], header)
    read = ReadList(path=path, way=Way.ASSIGNED, period=PERIOD, organ=ORGAN, document=DOCUMENT)
    made = branch.write(platform_draws.receive, read)
    (file,) = _register(branch, DOCUMENT)
    assert (file.source, file.document_no, file.did) == (ORGAN, DOCUMENT, "新增 1")
    assert attaching.path_of(branch.folder, file.sha256).read_bytes() == path.read_bytes()
    (row,) = branch.read(received.rows_of, file)
    assert (row.what, row.page, row.detail) == ("检查前保密", "", "第 1 家")

    def inspected(uow: UnitOfWork, _command: None) -> None:
        task = uow.session.query(Assignment).one()
        uow.session.add(
            Result(
                assignment_id=task.id,
                version=1,
                state=ResultState.DRAFT,
                inspected_on=uow.today,
            )
        )
        uow.record("test.inspected", made.no, {})
        uow.commit()

    branch.write(inspected, None)
    (row,) = branch.read(received.rows_of, file)
    assert (row.what, row.page) == (target[0], "targets")


def test_inspections_and_departments_lead_to_their_rows(office: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "名录.csv"
    path.write_text(CSV, encoding="utf-8")
    office.write(importing.apply, ApplyImport(kind="targets", path=path))
    ledger = tmp_path / "台账.csv"
    lines = "检查对象名称,检查日期,检查类型,文号\n青禾县某某水泥制品厂,2026-03-05,上级检查,A1\n"
    ledger.write_text(lines, encoding="utf-8")
    office.write(importing.apply, ApplyImport(kind="inspections", path=ledger))
    people = a_list(
        tmp_path / "应急.xlsx",
        [("甲某", "YJ-1", "2028-12-31")],
        ("姓名", "执法证号", "执法证有效期至"),
    )
    office.write(partnering.take, ReadPartners(path=people, code="YJ", name="县应急管理局"))
    said = {
        file.kind: [(row.change, row.what, row.page) for row in office.read(received.rows_of, file)]
        for file in _register(office)
    }
    assert said == {
        FileKind.TARGETS: [("新增", "青禾县某某水泥制品厂", "targets")],
        FileKind.INSPECTIONS: [("新增", "青禾县某某水泥制品厂", "targets")],
        FileKind.PARTNERS: [("登记", "甲某", "")],
    }
    assert [file.source for file in _register(office, "应急")] == ["县应急管理局"]
