"""The program killed anywhere in backup, restore, export and taking in: what was saved is there.

Each case runs the work in a process of its own that is killed at its n-th write to the disk, as in
a power cut; nothing is caught or cleaned up.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from app.services.intake import result_forms
from app.services.intake.result_forms import MakeForms
from app.services.safety import keeping
from app.services.safety.keeping import MakeBackup
from app.services.workspace import open_workspace
from tests.support_forms import CLEAN, fill
from tests.support_office import draw_once, make_office

ROOT = Path(__file__).parents[2]
_CHILD = """
import os, sys
from pathlib import Path
from app.exchange import files
from app.services.packages import exporting
from app.services.safety import backup_files, keeping
from app.services.workspace import open_workspace

root, work, place, point = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
passed = 0

def armed(owner, name):
    real = getattr(owner, name)
    def deadly(*args, **kwargs):
        global passed
        for _moment in ("before", "after"):
            passed += 1
            if passed == point:
                os._exit(9)
            if _moment == "before":
                outcome = real(*args, **kwargs)
        return outcome
    setattr(owner, name, deadly)

import zipfile
armed(zipfile.ZipFile, "write")
armed(zipfile.ZipFile, "writestr")
armed(files, "_flush_to_disk")
armed(Path, "replace")
armed(backup_files, "compare")
armed(backup_files.copies, "copy_database")
if work == "restore":
    keeping.restore(next(iter(keeping.backups(root))).path, place)
else:
    office = open_workspace(root, actor="卫七")
    if work == "backup":
        office.write(keeping.of_the_day, None)
    else:
        office.write(exporting.export, exporting.MakePackage(what="directories", to=place))
    office.close()
"""


def _killed(root: Path, work: str, place: Path, point: int) -> bool:
    """Whether the work ended at ``point``; False once it has fewer moments than that."""
    state = {**os.environ, "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(root), work, str(place), str(point)],
        cwd=ROOT,
        env=state,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode in {0, 9}, done.stderr
    return done.returncode == 9


@pytest.mark.parametrize("work", ["backup", "restore", "export"])
@pytest.mark.parametrize("point", [1, 4, 7, 10, 13])
def test_killed_at_a_moment_of(work: str, point: int, tmp_path: Path) -> None:
    office = make_office(tmp_path / "ws")
    root = office.folder.root
    draw_once(office)
    office.write(keeping.backup, MakeBackup())
    office.close()
    place = tmp_path / "place"
    place.mkdir()
    kept = {each.name for each in keeping.backups(root)}
    killed = _killed(root, work, place, point)
    assert killed or point > 1
    checks = keeping.check_folder(root)
    assert [each.detail for each in checks if not each.ok] == []
    assert kept <= {each.name for each in keeping.backups(root)}
    open_workspace(root).close()
    if work == "restore" and killed:
        if any(place.iterdir()):
            (named,) = keeping.check_folder(place)
            assert not named.ok and "没有做完" in named.detail
        newest = next(iter(keeping.backups(root)))
        keeping.restore(newest.path, place)
    if work == "restore":
        assert all(each.ok for each in keeping.check_folder(place))
    if work == "backup" and killed:
        half = next(each for each in checks if each.name == "没有写完的文件")
        left = [path.name for path in root.rglob(".~*")]
        assert all(name in half.detail for name in left)


# --- what comes in ----------------------------------------------------------------------------

_TAKING = """
import os, signal, sys
from pathlib import Path
from app.db.unit_of_work import UnitOfWork
from app.exchange import files
from app.services import attaching
from app.services.intake import importing, merging
from app.services.workspace import open_workspace

root, work, path, point = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
passed = 0

def moment():
    global passed
    passed += 1
    if passed == point:
        if hasattr(signal, "SIGKILL"):
            os.kill(os.getpid(), signal.SIGKILL)
        os._exit(9)

def armed(owner, name):
    real = getattr(owner, name)
    def deadly(*args, **kwargs):
        moment()
        outcome = real(*args, **kwargs)
        moment()
        return outcome
    setattr(owner, name, deadly)

office = open_workspace(root, actor="卫七")
armed(UnitOfWork, "record")
armed(UnitOfWork, "commit")
armed(files, "_flush_to_disk")
armed(Path, "replace")
armed(attaching.shutil, "copyfile")
if work == "import":
    office.write(importing.apply, importing.ApplyImport(kind="targets", path=path))
else:
    office.write(merging.apply, merging.MergeResults(path=path))
office.close()
"""
_NEW = 3


def _tables(root: Path) -> dict[str, int]:
    """How many rows there are of what a taking makes."""
    names = ("target", "result", "incoming_file", "import_batch")
    with closing(sqlite3.connect(root / "suicha.db")) as connection:
        return {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names
        }


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a workspace in which a draw was held, a directory and a form to take in."""
    room = tmp_path_factory.mktemp("taking")
    office = make_office(room / "ws")
    office.clock = lambda: datetime(2024, 7, 2, 1, tzinfo=UTC)  # behind the child's own clock
    draw_once(office)
    (made,) = office.write(result_forms.make, MakeForms(period="2026Q3", by="all", folder=room))
    method = office.rulebook.check_methods.value[0]
    office.close()
    cells = {**CLEAN, "检查日期": date(2024, 9, 10), "检查方式": method}
    sheet = openpyxl.load_workbook(made.path)["检查结果"]
    serials = [str(row[0]) for row in sheet.iter_rows(min_row=3, values_only=True)]
    for serial in serials[:_NEW]:
        fill(made.path, serial, cells, every="符合")
    made.path.rename(room / "form.xlsx")
    lines = [f"青禾县新增{number}号养殖场,C" for number in range(_NEW)]
    text = "\n".join(["名称,监管类别", *lines, ""])
    (room / "targets.csv").write_text(text, encoding="utf-8")
    return room


def _taken(room: Path, work: str, point: int) -> bool:
    """Whether taking in ended at ``point``; False once it has fewer moments than that."""
    path = room / ("targets.csv" if work == "import" else "form.xlsx")
    done = subprocess.run(
        [sys.executable, "-c", _TAKING, str(room / "ws"), work, str(path), str(point)],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode in {0, 9, -9}, done.stderr
    return done.returncode != 0


@pytest.mark.parametrize("work", ["import", "merge"])
@pytest.mark.parametrize("point", [1, 4, 8, 11, 10_000])
def test_taking_in_is_all_or_nothing(work: str, point: int, drawn: Path, tmp_path: Path) -> None:
    room = tmp_path / "room"
    shutil.copytree(drawn, room)
    before = _tables(room / "ws")
    killed = _taken(room, work, point)
    assert killed == (point < 10_000)
    after = _tables(room / "ws")
    table = "target" if work == "import" else "result"
    new = after[table] - before[table]
    assert new in {0, _NEW}
    assert after["incoming_file"] - before["incoming_file"] == (1 if new else 0)
    assert [each.detail for each in keeping.check_folder(room / "ws") if not each.ok] == []
    if not new:
        assert not _taken(room, work, 0)  # nothing of the half stands in its way
        assert _tables(room / "ws")[table] == before[table] + _NEW
