"""Killed or out of disk between two steps: what was saved stays, what was not never half."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.exchange import files

from .running import DIGITS, NO, ROOM, WITNESSES, freeze, process, refused, reveal, suicha

# Ends the process at the n-th call of a function, as a power cut would: no handler runs.
KILL = """
import importlib, os, sys
module, path, count = sys.argv[1:4]
holder = importlib.import_module(module)
*parts, name = path.split(".")
for part in parts:
    holder = getattr(holder, part)
real, calls = getattr(holder, name), []
def deadly(*args, **kwargs):
    calls.append(1)
    if len(calls) == int(count):
        os._exit(9)
    return real(*args, **kwargs)
setattr(holder, name, deadly)
from app.bootstrap import run
sys.exit(run(sys.argv[4:]))
"""


def _killed(where: tuple[str, str, int], *arguments: object) -> None:
    assert process(*where, *arguments, code=KILL).code == 9


def _sound(data: Path) -> str:
    said = suicha("check", "--data", data)
    assert said.code == 0, said
    return said.out


COMMIT = ("app.db.unit_of_work", "UnitOfWork.commit")
RECORDS = ("app.services.draws.papers", "write_records")


@pytest.mark.parametrize(
    ("where", "state"),
    [
        ((*COMMIT, 1), ""),
        ((*COMMIT, 2), "名单已封存"),
        (("app.services.draws.papers", "write_slip", 1), "等待开号"),
    ],
)
def test_killed_while_freezing(county: Path, where: tuple[str, str, int], state: str) -> None:
    freezing = ("draw", "freeze", "--data", county, "--period", "2026Q1", *WITNESSES)
    _killed(where, *freezing)
    again = freeze(county)  # opens the workspace, which writes the files that are missing
    if state == "":
        assert again.code == 0
    elif state == "名单已封存":
        assert NO in refused(again)
        assert state in _sound(county)
        assert suicha("draw", "withdraw", NO, "--data", county).code == 0
    else:
        assert NO in refused(again)
        assert state in _sound(county)
        assert (county / "draw" / NO / "commitment.pdf").is_file()
        assert reveal(county).code == 0
    _sound(county)


@pytest.mark.parametrize(
    ("where", "closed"),
    [
        ((*COMMIT, 1), False),
        ((*RECORDS, 1), True),
    ],
)
def test_killed_while_revealing(frozen: Path, where: tuple[str, str, int], closed: bool) -> None:
    _killed(where, "draw", "reveal", NO, "--data", frozen, *DIGITS, *ROOM)
    again = reveal(frozen)
    assert again.code == (2 if closed else 0), again
    _sound(frozen)
    assert (frozen / "draw" / NO / "minutes.pdf").is_file()
    assert suicha("verify", frozen / "draw" / NO).code == 0


# --- a full disk ------------------------------------------------------------------------------


@pytest.fixture
def full_for(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """From now on no file whose name ends so can be written."""

    def begin(ending: str) -> None:
        real = Path.replace

        def replace(self: Path, target: Path) -> Path:
            if str(target).endswith(ending):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(self, target)

        monkeypatch.setattr(Path, "replace", replace)

    return begin


def _no_leftovers(folder: Path) -> bool:
    return not [path for path in folder.rglob("*") if path.name.startswith(".~")]


def test_no_room_for_the_list_freezes_nothing(
    county: Path, full_for: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    full_for("plan.txt")
    assert "磁盘空间不足" in refused(freeze(county))
    assert list((county / "draw").iterdir()) == []
    monkeypatch.undo()
    assert freeze(county, "--json").json["draw"] == NO


def test_no_room_for_the_second_copy_of_r_freezes_nothing(
    county: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "state"
    blocked.write_bytes(b"a file where the folder should be")
    monkeypatch.setenv("SUICHA_STATE", str(blocked))
    refused(freeze(county))
    assert list((county / "draw").iterdir()) == []
    monkeypatch.setenv("SUICHA_STATE", str(tmp_path / "other"))
    assert freeze(county, "--json").json["draw"] == NO


def test_no_room_for_minutes_is_done_in_part_and_made_good(
    frozen: Path, full_for: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    full_for("minutes.pdf")
    said = refused(reveal(frozen), code=3)
    assert "已经完成" in said
    assert "磁盘空间不足" in said
    assert _no_leftovers(frozen)
    monkeypatch.undo()
    assert suicha("plan", "--data", frozen, "--period", "2026Q2").code == 0
    assert (frozen / "draw" / NO / "minutes.pdf").is_file()
    _sound(frozen)


def test_no_room_for_package_or_backup_leaves_nothing(
    drawn: Path, tmp_path: Path, full_for: Callable[[str], None]
) -> None:
    to = tmp_path / "U 盘"
    to.mkdir()
    full_for(".zip")
    export = ("export", "--data", drawn, "--what", "draw", "--draw", NO, "--to", to)
    refused(suicha(*export))
    refused(suicha("backup", "--data", drawn, "--to", to))
    assert list(to.iterdir()) == []
    _sound(drawn)


def test_a_write_that_fails_keeps_the_old_file(
    tmp_path: Path, full_for: Callable[[str], None]
) -> None:
    path = tmp_path / "a.txt"
    files.write_atomically(path, b"old")
    full_for("a.txt")
    with pytest.raises(Exception, match="磁盘空间不足"):
        files.write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
