"""The process killed at every moment of every step: what was saved is whole, the rest never was.

Each case runs one step in a process of its own that is killed there; then the workspace is opened
as the next morning would.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from app.db.read import draws
from app.db.unit_of_work import UnitOfWork
from app.domain import rd1
from app.errors import UserError
from app.models import Draw
from app.services.draws import completing, drawing, remembering, sealing
from app.services.safety import keeping, verifying
from app.services.workspace import Workspace, open_workspace
from tests.services.crash_child import NO, STEPS
from tests.support_office import DIGITS, OPERATOR, make_office

ROOT = Path(__file__).parents[2]
SERIES = NO.partition("-")[0]


def _files(*names: str) -> tuple[str, ...]:
    return tuple(
        f"{when} write_atomically {name}" for name in names for when in ("before", "after")
    )


def _around(*names: str) -> tuple[str, ...]:
    return tuple(f"{when} {name}" for name in names for when in ("before", "after"))


_RECORDS = ("plan.txt", "excluded.txt")
# Every moment of each step in order; test_no_moment_is_forgotten holds this against the program.
MOMENTS = {
    "freeze": (*_files(*_RECORDS), *_around("commit")),
    "commit": (
        *_around("take_reveal", "keep_second_copy", "commit", "note"),
        *_files(*_RECORDS, "commitment.pdf"),
        *_around("commit"),
    ),
    "slip": _around("commit"),
    "reveal": (
        *_around("commit", "note", "forget_second_copy"),
        *_files(*_RECORDS, "result.txt", "verify.html", "minutes-public.pdf", "minutes.pdf"),
        *_around("commit", "_backup_after_draw"),
    ),
    "void": (
        *_around("commit", "note", "forget_second_copy"),
        *_files(*_RECORDS, "void.txt", "void.pdf"),
        *_around("commit"),
    ),
}
BEFORE = {"freeze": "", "commit": "frozen"}
BEFORE |= dict.fromkeys(("slip", "reveal", "void"), "committed")
AFTER = {"freeze": "frozen", "commit": "committed", "slip": "committed"}
AFTER |= {"reveal": "closed", "void": "void"}
CASES = [
    pytest.param(step, at, id=f"{step}, {name}")
    for step, names in MOMENTS.items()
    for at, name in enumerate(names, 1)
]


class Desk:
    """A workspace and the second place beside it, as folders that can be copied."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "ws"
        self.state = folder / "state"

    def run(self, step: str, point: int) -> subprocess.CompletedProcess[str]:
        """The step in a process of its own, killed at ``point`` (0: not at all)."""
        environment = {**os.environ, "SUICHA_STATE": str(self.state), "PYTHONUTF8": "1"}
        arguments = ["-m", "tests.services.crash_child", str(self.root), step, str(point)]
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def copy(self, to: Path) -> Desk:
        shutil.copytree(self.folder, to)
        return Desk(to)

    @contextmanager
    def opened(self) -> Iterator[Workspace]:
        """As the window opens it: missing files are written first."""
        workspace = open_workspace(self.root, actor=OPERATOR)
        try:
            workspace.write(completing.complete, None)
            yield workspace
        finally:
            workspace.close()


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Desk]:
    """A workspace just before each step, made once."""
    folder = tmp_path_factory.mktemp("desks")
    first = Desk(folder / "freeze")
    make_office(first.root).close()
    made = {"freeze": first}
    for step, before in (("commit", "freeze"), ("reveal", "commit")):
        desk = made[before].copy(folder / step)
        assert desk.run(before, 0).returncode == 0
        made[step] = desk
    made["slip"] = made["void"] = made["reveal"]
    return made


@pytest.fixture
def desk(
    desks: dict[str, Desk], step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Desk:
    copy = desks[step].copy(tmp_path / "desk")
    monkeypatch.setenv("SUICHA_STATE", str(copy.state))
    return copy


def state(workspace: Workspace) -> str:
    found = [draw.state for draw in workspace.read(draws.all_draws)]
    assert len(found) <= 1
    return found[0] if found else ""


def faults(desk: Desk) -> list[str]:
    return [
        f"{each.name}: {each.detail}" for each in keeping.check_folder(desk.root) if not each.ok
    ]


@pytest.mark.parametrize("step", MOMENTS)
def test_no_moment_is_forgotten(desk: Desk, step: str) -> None:
    done = desk.run(step, 0)
    assert done.returncode == 0, done.stderr
    assert tuple(done.stdout.splitlines()) == MOMENTS[step]


@pytest.mark.parametrize(("step", "point"), CASES)
def test_killed_at_any_moment_the_ceremony_goes_on(desk: Desk, step: str, point: int) -> None:
    killed = desk.run(step, point)
    assert killed.returncode not in {0, 1}, killed.stderr
    saved = MOMENTS[step].index("after commit") + 1 <= point
    # Before anybody opened it again: clean, or what is missing or not told yet is named.
    named = faults(desk)
    known = ("不在", "残留", "还没有登记")
    assert all(any(words in each for words in known) for each in named), named
    with desk.opened() as workspace:
        assert state(workspace) == (AFTER[step] if saved else BEFORE[step])
        assert workspace.read(remembering.gap, SERIES) is None
        _nothing_is_missing(workspace)
        _finish(workspace)
    assert faults(desk) == []


def _nothing_is_missing(workspace: Workspace) -> None:
    now, room = state(workspace), workspace.folder.draws / NO
    papers = {
        "committed": {"commitment.pdf"},
        "closed": {
            "commitment.pdf",
            "result.txt",
            "minutes.pdf",
            "minutes-public.pdf",
            "verify.html",
        },
        "void": {"commitment.pdf", "void.txt", "void.pdf"},
    }.get(now, set())
    if now:
        needed = {"plan.txt", "excluded.txt", *papers}
        assert needed <= {path.name for path in room.iterdir()}


def _finish(workspace: Workspace) -> None:
    """Whatever the state, the ceremony goes on to a record that verifies, without a gap."""
    if state(workspace) in {"", "frozen"}:
        if state(workspace) == "":
            assert workspace.write(*STEPS["freeze"]).no == NO
        workspace.write(*STEPS["commit"])
    if state(workspace) == "committed":
        with pytest.raises(UserError, match=NO):
            workspace.write(*STEPS["freeze"])
        workspace.write(*STEPS["reveal"])
    checks = verifying.verify([workspace.folder.draws / NO])
    assert [check.detail for check in checks if not check.ok] == []
    assert workspace.read(remembering.series_mark, SERIES).seq == 1


@pytest.mark.parametrize("step", ["slip"])
@pytest.mark.parametrize("point", [1, 2])
def test_an_opened_slip_outlives_a_crash_and_stands_in_the_void_record(
    desk: Desk, step: str, point: int
) -> None:
    desk.run(step, point)
    with desk.opened() as workspace:
        opened = {1: DIGITS[0]} if point == 2 else {}
        assert workspace.read(drawing.opened_slips, NO) == opened
        function, command = STEPS["void"]
        voided = workspace.write(function, replace(command, digits=()))
        slips = rd1.parse_void((voided.folder / "void.txt").read_bytes()).slips
        assert {slip.position: slip.digits for slip in slips} == opened
    assert faults(desk) == []


# --- the secret -------------------------------------------------------------------------------

_COMMITTED = range(MOMENTS["commit"].index("after commit") + 1, len(MOMENTS["commit"]) + 1)


def _forget_in_database(uow: UnitOfWork, _command: None) -> None:
    draw = uow.session.scalars(select(Draw).where(Draw.no == NO)).one()
    draw.reveal = None
    uow.commit()


def _forget_beside(workspace: Workspace) -> None:
    sheet = workspace.read(draws.sheet, NO)
    assert sheet is not None
    sealing.forget_second_copy(NO, sheet.brief.plan)


@pytest.mark.parametrize("step", ["commit"])
@pytest.mark.parametrize("point", _COMMITTED)
@pytest.mark.parametrize("lost", ["database", "beside"])
def test_after_a_crash_either_copy_of_r_opens_the_draw(
    desk: Desk, step: str, point: int, lost: str
) -> None:
    desk.run(step, point)
    with desk.opened() as workspace:
        if lost == "database":
            workspace.write(_forget_in_database, None)
        else:
            _forget_beside(workspace)
        workspace.write(*STEPS["reveal"])
    assert faults(desk) == []


@pytest.mark.parametrize("step", ["commit"])
def test_after_a_crash_with_both_copies_lost_the_void_record_says_so(desk: Desk, step: str) -> None:
    desk.run(step, _COMMITTED[0])
    with desk.opened() as workspace:
        workspace.write(_forget_in_database, None)
        _forget_beside(workspace)
        voided = workspace.write(*STEPS["void"])
        assert voided.would_be is None
        data = (voided.folder / "void.txt").read_bytes()
        assert b"\nreveal|-\n" in data
        assert rd1.parse_void(data).reveal is None
        # The number is used up.
        assert workspace.write(*STEPS["freeze"]).no == "360199-2026Q3-02"
    assert faults(desk) == []


@pytest.mark.parametrize("step", ["commit"])
@pytest.mark.parametrize("point", range(1, _COMMITTED[0]))
def test_r_taken_but_never_committed_is_not_taken_again(desk: Desk, step: str, point: int) -> None:
    desk.run(step, point)
    with desk.opened() as workspace:
        workspace.write(drawing.withdraw, drawing.WithdrawDraw(NO))
        assert workspace.write(*STEPS["freeze"]).no == NO
        made = workspace.write(*STEPS["commit"])
        sheet = workspace.read(draws.sheet, NO)
        assert sheet is not None and sheet.commitment == made.commitment
        secret = sealing.second_copy(NO, made.plan)
        assert secret is not None
        assert rd1.commit(NO, made.plan, secret) == made.commitment
