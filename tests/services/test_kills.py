"""The program killed anywhere in backup, restore and export: all that was saved is there.

Each case runs the work in a process of its own that is killed at its n-th write to the disk, as in
a power cut; nothing is caught or cleaned up.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.services import keeping
from app.services.keeping import MakeBackup
from app.services.workspace import open_workspace
from tests.support_office import draw_once, make_office

ROOT = Path(__file__).parents[2]
_CHILD = """
import os, sys
from pathlib import Path
from app.exchange import files
from app.services import backup_files, exporting, keeping
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
