"""换电脑: the old PC closes, the new one takes over, and paper is asked where nobody knows."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.db.read import entries
from app.errors import AppError, EnvironmentFault, IntegrityError, UserError
from app.services import units
from app.services.draws import drawing, remembering
from app.services.draws.remembering import ConfirmSeries, ResumeSeries
from app.services.safety import backup_files, keeping, moving
from app.services.safety.keeping import MakeBackup
from app.services.safety.moving import Move, StayHere
from app.services.workspace import Workspace, open_workspace
from tests.support_draw import Clock
from tests.support_office import OPERATOR, PERIOD, WITNESSES, draw_once, make_office

SERIES = "360199"
NEXT = "2026Q4"
LATER = ("27364512", "81726354")
FREEZE = drawing.FreezeDraw(
    period=NEXT, witnesses=WITNESSES, host="李四", recorder="王五", place="三楼会议室"
)


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Workspace]:
    """The old PC's workspace with one draw made."""
    office = make_office(tmp_path / "old")
    draw_once(office)
    yield office
    office.close()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    path = tmp_path / "U盘"
    path.mkdir()
    return path


NewPc = Callable[[], None]


@pytest.fixture
def new_pc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NewPc:
    """From here on everything happens on a PC that has never seen the unit."""
    return lambda: monkeypatch.setenv("SUICHA_STATE", str(tmp_path / "new-pc"))


def arrive(made: Path, root: Path, old: Workspace, days: int = 0) -> list[str]:
    found = moving.look(made, old.clock() + timedelta(days=days))
    return [f"{c.name}：{c.detail}" for c in moving.arrive(found, root) if not c.ok]


def said(office: Workspace) -> list[str]:
    query = "SELECT action FROM ledger ORDER BY seq"
    return [str(row[0]) for row in office.read(lambda c: c.exec_driver_sql(query).all())]


def save_unit(office: Workspace) -> None:
    office.write(units.save, replace(office.read(units.unit_facts, OPERATOR), office="综合股"))


def test_what_moved_is_whole_there_and_closed_here(
    old: Workspace, stick: Path, tmp_path: Path, new_pc: NewPc
) -> None:
    made = moving.move(old, Move(stick))
    before = old.read(moving.contents)
    with pytest.raises(UserError, match="只能查看"):
        save_unit(old)
    assert keeping.close_day(old) is None
    new_pc()
    assert arrive(made.path, tmp_path / "new", old) == []
    office = open_workspace(tmp_path / "new", actor=OPERATOR, clock=old.clock)
    try:
        assert office.moved_away is None
        assert said(office)[-1] == "move.arrive"
        here = office.read(moving.contents)
        assert (here.last_draw, here.targets) == (before.last_draw, before.targets)
        assert office.write(drawing.freeze, FREEZE).no == f"{SERIES}-{NEXT}-02"
    finally:
        office.close()


def test_the_old_one_says_so_when_opened_and_goes_on_only_with_a_reason(
    old: Workspace, stick: Path
) -> None:
    moving.move(old, Move(stick))
    root = old.folder.root
    old.close()
    again = open_workspace(root, actor=OPERATOR, clock=old.clock)
    try:
        assert again.moved_away is not None
        assert again.moved_away.words == "已迁到新电脑（2026-07-02）"
        assert again.read(entries.head)
        with pytest.raises(UserError, match="原因"):
            moving.stay(again, StayHere(reason=" "))
        with pytest.raises(UserError, match="只能查看"):
            save_unit(again)
        moving.stay(again, StayHere(reason="新电脑没有用起来"))
        save_unit(again)
        assert "move.stay" in said(again)
    finally:
        again.close()
    assert [c.detail for c in keeping.check_folder(root) if not c.ok] == []


def test_a_lost_stick_is_written_again(old: Workspace, stick: Path, tmp_path: Path) -> None:
    moving.move(old, Move(stick))
    assert isinstance(old.clock, Clock)
    old.clock.sleep(60)
    other = tmp_path / "另一个"
    other.mkdir()
    assert moving.move(old, Move(other)).path.is_file()
    assert old.moved_away is not None


@pytest.mark.parametrize("committed", [False, True])
def test_a_draw_that_is_open_does_not_travel(old: Workspace, stick: Path, committed: bool) -> None:
    no = old.write(drawing.freeze, FREEZE).no
    if committed:
        old.write(drawing.commit, drawing.CommitDraw(no))
    with pytest.raises(UserError, match=no):
        moving.move(old, Move(stick))
    assert old.moved_away is None and not list(stick.iterdir())
    if committed:
        old.write(
            drawing.reveal,
            drawing.RevealDraw(
                no=no,
                digits=LATER,
                host="李四",
                place="三楼会议室",
                recorder="王五",
            ),
        )
    else:
        old.write(drawing.withdraw, drawing.WithdrawDraw(no))
    assert moving.move(old, Move(stick)).path.is_file()


def test_what_cannot_be_written_moves_nothing(
    old: Workspace, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UserError, match="没有这个文件夹"):
        moving.move(old, Move(stick / "没有"))
    with pytest.raises(UserError, match="工作区里面"):
        moving.move(old, Move(old.folder.backups))

    def full(*_args: object, **_more: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(backup_files, "_pack", full)
    with pytest.raises(AppError, match="磁盘空间不足"):
        moving.move(old, Move(stick))
    assert old.moved_away is None
    save_unit(old)
    assert said(old)[-2:] == ["move.fail", "unit.save"]


def test_killed_between_closing_and_the_file_it_is_closed_and_says_so(
    old: Workspace, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_args: object, **_more: object) -> None:
        raise Killed

    monkeypatch.setattr(backup_files, "_pack", die)
    monkeypatch.setattr(moving, "_unmark", die)
    with pytest.raises(Killed):
        moving.move(old, Move(stick))
    monkeypatch.undo()
    assert old.moved_away is not None and "没有做完" in old.moved_away.words
    moving.stay(old, StayHere(reason="停电"))
    save_unit(old)


def test_an_older_backup_on_a_new_pc_is_compared_with_paper_before_the_next_draw(
    old: Workspace, tmp_path: Path, new_pc: NewPc
) -> None:
    made = old.write(keeping.backup, MakeBackup())
    new_pc()
    assert arrive(made.path, tmp_path / "new", old) == []
    office = open_workspace(tmp_path / "new", actor=OPERATOR, clock=old.clock)
    try:
        gap = office.read(remembering.gap, SERIES)
        assert gap is not None and gap.asked and f"{SERIES}-{PERIOD}-01" in gap.words
        with pytest.raises(UserError, match="最近一份打印的抽取记录"):
            office.write(drawing.freeze, FREEZE)
        with pytest.raises(UserError, match="核对人"):
            office.write(remembering.confirm, ConfirmSeries(series=SERIES, approved=""))
        office.write(remembering.confirm, ConfirmSeries(series=SERIES, approved="王五"))
        assert office.read(remembering.gap, SERIES) is None
        assert office.write(drawing.freeze, FREEZE).no == f"{SERIES}-{NEXT}-02"
    finally:
        office.close()


def test_paper_may_know_more_than_an_older_backup(
    old: Workspace, tmp_path: Path, new_pc: NewPc
) -> None:
    made = old.write(keeping.backup, MakeBackup())
    later = draw_once(old, period=NEXT, digits=LATER)
    new_pc()
    assert arrive(made.path, tmp_path / "new", old) == []
    office = open_workspace(tmp_path / "new", actor=OPERATOR, clock=old.clock)
    try:
        paper = ResumeSeries(no=later.no, head=later.result, reason="旧电脑坏了", approved="王五")
        office.write(remembering.resume, paper)
        assert office.write(drawing.freeze, FREEZE).no == f"{SERIES}-{NEXT}-03"
    finally:
        office.close()


def test_an_old_move_is_compared_with_paper_too(
    old: Workspace, stick: Path, tmp_path: Path, new_pc: NewPc
) -> None:
    made = moving.move(old, Move(stick))
    assert moving.look(made.path, old.clock()).fresh
    assert not moving.look(made.path, old.clock() + timedelta(days=8)).fresh
    new_pc()
    # Nobody knows what the old PC, or a third one, has drawn since.
    assert arrive(made.path, tmp_path / "new", old, days=8) == []
    office = open_workspace(tmp_path / "new", clock=old.clock)
    try:
        gap = office.read(remembering.gap, SERIES)
        assert gap is not None and gap.asked
    finally:
        office.close()


def test_a_file_is_looked_into_before_anything_is_written(
    old: Workspace, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = moving.move(old, Move(stick))
    found = moving.look(made.path, old.clock())
    assert found.moved and dict(found.contents.lines())["检查对象"] == "18 家"
    broken = stick / "suicha-20260101-000000-day.zip"
    broken.write_bytes(made.path.read_bytes()[:-200])
    with pytest.raises(UserError, match="不是随查的备份"):
        moving.look(broken, old.clock())
    with pytest.raises(UserError, match="没有这个备份"):
        moving.look(stick / "没有.zip", old.clock())
    monkeypatch.setattr("app.db.migrate.SCHEMA", "0000")
    monkeypatch.setattr("app.db.migrate.known_revisions", lambda: ("0000",))
    with pytest.raises(EnvironmentFault, match="更新的程序"):
        moving.look(made.path, old.clock())


def test_a_stick_that_reads_otherwise_the_second_time_leaves_nothing(
    old: Workspace, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = old.write(keeping.backup, MakeBackup(to=stick))
    monkeypatch.setattr(backup_files, "compare", lambda _path: None)
    monkeypatch.setattr(backup_files, "_digest", lambda _path: "0" * 64)
    with pytest.raises(IntegrityError, match="与备份不同"):
        keeping.restore(made.path, tmp_path / "new")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["log"]
    monkeypatch.undo()
    keeping.restore(made.path, tmp_path / "new")
    assert all(check.ok for check in keeping.check_folder(tmp_path / "new"))


def test_nothing_is_restored_into_a_workspace(old: Workspace, tmp_path: Path) -> None:
    made = old.write(keeping.backup, MakeBackup())
    with pytest.raises(UserError, match="里面"):
        keeping.restore(made.path, old.folder.root / "恢复")
    # What the program keeps for itself in a folder that is no workspace yet is no obstacle.
    (tmp_path / "new" / "log").mkdir(parents=True)
    keeping.restore(made.path, tmp_path / "new")
    shutil.rmtree(tmp_path / "new")
