"""Attachments are stored once, verified when taken out, closed with their result."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.db.read import results
from app.errors import EnvironmentFault, IntegrityError, UserError
from app.services import attaching
from app.services.attaching import Attach, Detach
from app.services.tasks.inspecting import StartResult, start
from tests.support_draw import DrawnOffice, lock_result, make_drawn_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    yield made
    made.workspace.close()


def _result(office: DrawnOffice, at: int) -> int:
    return office.workspace.write(
        start, StartResult(assignment_id=office.tasks[at], inspected_on=date(2026, 9, 8))
    ).result_id


def _stored(office: DrawnOffice) -> list[Path]:
    return [path for path in office.workspace.folder.attachments.rglob("*") if path.is_file()]


def test_the_same_bytes_lie_there_once(office: DrawnOffice, tmp_path: Path) -> None:
    one, two = tmp_path / "笔录.pdf", tmp_path / "另一份.pdf"
    one.write_bytes(b"%PDF same")
    two.write_bytes(b"%PDF same")
    first, second = _result(office, 0), _result(office, 1)
    a = office.workspace.write(
        attaching.attach, Attach(owner_kind="result", owner_id=first, path=one)
    )
    again = office.workspace.write(
        attaching.attach, Attach(owner_kind="result", owner_id=first, path=two)
    )
    b = office.workspace.write(
        attaching.attach, Attach(owner_kind="result", owner_id=second, path=two)
    )
    assert a == again
    assert a.sha256 == b.sha256
    assert len(_stored(office)) == 1
    # Taken off one result, the file stays for the other; then it goes.
    office.workspace.write(attaching.detach, Detach(a.id))
    assert len(_stored(office)) == 1
    office.workspace.write(attaching.detach, Detach(b.id))
    assert not _stored(office)


def test_taking_out_verifies_the_bytes(office: DrawnOffice, tmp_path: Path) -> None:
    source = tmp_path / "照片.jpg"
    source.write_bytes(b"jpeg")
    made = office.workspace.write(
        attaching.attach, Attach(owner_kind="result", owner_id=_result(office, 0), path=source)
    )
    out = attaching.copy_out(office.workspace.folder, made.sha256, tmp_path / "out.jpg")
    assert out.read_bytes() == b"jpeg"
    attaching.path_of(office.workspace.folder, made.sha256).write_bytes(b"JPEG")
    with pytest.raises(IntegrityError, match="被改动"):
        attaching.copy_out(office.workspace.folder, made.sha256, tmp_path / "out2.jpg")
    assert not (tmp_path / "out2.jpg").exists()


@pytest.mark.parametrize("name", ["x.exe", "宏.XLSM", "a.lnk"])
def test_programs_and_macros_are_refused(office: DrawnOffice, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"MZ")
    with pytest.raises(UserError, match="不能作附件"):
        office.workspace.write(
            attaching.attach, Attach(owner_kind="result", owner_id=_result(office, 0), path=path)
        )


def test_a_missing_or_empty_file_is_a_sentence(office: DrawnOffice, tmp_path: Path) -> None:
    result = _result(office, 0)
    with pytest.raises(EnvironmentFault, match="读不到文件"):
        office.workspace.write(
            attaching.attach,
            Attach(owner_kind="result", owner_id=result, path=tmp_path / "没有.pdf"),
        )
    empty = tmp_path / "空.pdf"
    empty.touch()
    with pytest.raises(UserError, match="是空的"):
        office.workspace.write(
            attaching.attach, Attach(owner_kind="result", owner_id=result, path=empty)
        )


def test_a_locked_result_keeps_its_attachments(office: DrawnOffice, tmp_path: Path) -> None:
    path = tmp_path / "笔录.pdf"
    path.write_bytes(b"%PDF")
    result = _result(office, 0)
    made = office.workspace.write(
        attaching.attach, Attach(owner_kind="result", owner_id=result, path=path)
    )
    lock_result(office, office.tasks[0])
    with pytest.raises(UserError, match="已经锁定"):
        office.workspace.write(attaching.detach, Detach(made.id))
    with pytest.raises(UserError, match="已经锁定"):
        office.workspace.write(
            attaching.attach, Attach(owner_kind="result", owner_id=result, path=path)
        )
    assert len(office.workspace.read(results.attachments, result)) == 1
