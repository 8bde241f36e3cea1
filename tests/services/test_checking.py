"""Tasks against the chained records, papers against their digests: what the check finds there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from app.db.unit_of_work import UnitOfWork
from app.services.draws import completing, noting, papers
from app.services.replacing import redrawing, substituting
from app.services.safety import keeping
from app.services.workspace import Workspace
from tests.services.test_substituting import (
    TARGETS,
    drawn,
    of_rulebook,
    person_out,
    redraw_of,
    revealed,
    target_out,
    tasks,
)
from tests.support_office import make_office


@pytest.fixture
def nanchang(tmp_path: Path) -> Iterator[Workspace]:
    office = make_office(tmp_path / "office", targets=TARGETS, people=9)
    yield office
    office.close()


@pytest.fixture
def yiyang(tmp_path: Path) -> Iterator[Workspace]:
    office = of_rulebook(tmp_path, "yiyang-2021")
    yield office
    office.close()


def failed(office: Workspace) -> list[str]:
    return [f"{c.name}：{c.detail}" for c in keeping.check_folder(office.folder.root) if not c.ok]


def rewritten(office: Workspace, no: str, statement: str) -> str:
    """What the check says of a change whose ledger was rewritten along with it."""

    def service(uow: UnitOfWork, _command: None) -> None:
        uow.session.execute(text(statement))
        uow.commit()

    office.write(service, None)
    (line,) = failed(office)
    assert line.startswith(f"抽取 {no}：")
    return line


def test_tasks_are_compared_with_result_and_addenda(nanchang: Workspace) -> None:
    no = drawn(nanchang, teams=3)
    task = tasks(nanchang, no)[0]
    nanchang.write(substituting.substitute, target_out(no, task.target))
    nanchang.write(substituting.substitute, person_out(no, task.lead))
    assert failed(nanchang) == []
    other = tasks(nanchang, no)[0]
    said = rewritten(
        nanchang,
        no,
        "UPDATE assignment SET lead_id = (SELECT id FROM inspector"
        f" WHERE personal_no = '{task.lead}') WHERE id = {other.id}",
    )
    assert f"派单与记录不同：{other.target} 的检查人员" in said
    said = rewritten(nanchang, no, "UPDATE assignment SET replaced_by_id = NULL")
    assert f"派单里多出 {task.target}" in said


def test_tasks_are_compared_with_redraws(yiyang: Workspace) -> None:
    no = drawn(yiyang)
    task = tasks(yiyang, no)[0]
    frozen = yiyang.write(redrawing.redraw, redraw_of(no, task, task.lead))
    revealed(yiyang, frozen.no, ("39274610", "58203917"))
    assert failed(yiyang) == []
    said = rewritten(yiyang, no, f"UPDATE assignment SET lead_id = second_id WHERE id = {task.id}")
    assert f"派单与记录不同：{task.target} 的检查人员" in said


def test_every_paper_changed_taken_away_or_added_is_named(nanchang: Workspace) -> None:
    no = drawn(nanchang, teams=3)
    out = tasks(nanchang, no)[0].target
    nanchang.write(substituting.substitute, target_out(no, out))
    nanchang.write(papers.write_attendance, papers.PrintAttendance(no=no))
    nanchang.write(papers.write_explanation, no)
    assert failed(nanchang) == []
    room = nanchang.folder.draws / no
    names = {path.name for path in room.iterdir()}
    assert {"addendum-01.pdf", "commitment.pdf", "minutes-public.pdf", "verify.html"} < names
    for name in names:
        whole = (room / name).read_bytes()
        (room / name).write_bytes(whole + b" ")
        assert failed(nanchang) == [f"记录文件 {no}：{name} 被改动"]
        (room / name).unlink()
        assert failed(nanchang) == [f"记录文件 {no}：{name} 不在或读不出"]
        (room / name).write_bytes(whole)
    (room / "minutes-2.pdf").write_bytes(b"%PDF")
    assert failed(nanchang) == [f"记录文件 {no}：多出 minutes-2.pdf"]


def test_papers_taken_away_come_back_the_same(nanchang: Workspace) -> None:
    no = drawn(nanchang, teams=3)
    out = tasks(nanchang, no)[0].target
    nanchang.write(substituting.substitute, target_out(no, out))
    room = nanchang.folder.draws / no
    before = {path.name: path.read_bytes() for path in room.iterdir()}
    for name in before:
        (room / name).unlink()
    nanchang.write(completing.complete, None)
    assert {path.name: path.read_bytes() for path in room.iterdir()} == before
    assert failed(nanchang) == []


def test_minutes_a_full_disk_left_behind_are_printed_again(
    nanchang: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = drawn(nanchang, teams=3)
    command = noting.NoteException(no=no, what="停电五分钟")
    with monkeypatch.context() as patch:
        patch.setattr(papers, "write_minutes", lambda *_: None)
        nanchang.write(noting.note, command)
    minutes = nanchang.folder.draws / no / "minutes.pdf"
    before = minutes.read_bytes()
    nanchang.write(completing.complete, None)
    assert minutes.read_bytes() != before
    assert failed(nanchang) == []
    head = keeping.check_folder(nanchang.folder.root)
    nanchang.write(completing.complete, None)
    assert keeping.check_folder(nanchang.folder.root) == head  # nothing is owed any more


def test_papers_written_but_untold_are_told_as_they_are(
    nanchang: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(papers, "tell", lambda *_: None)
        no = drawn(nanchang, teams=3)
    assert "minutes.pdf 不在" not in "".join(failed(nanchang))
    assert "minutes.pdf" in "".join(failed(nanchang))
    nanchang.write(completing.complete, None)
    assert failed(nanchang) == []
    assert (nanchang.folder.draws / no / "minutes.pdf").is_file()
