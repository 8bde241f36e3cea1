"""What a killed program left half: named by the check, cleared when the workspace is opened next.

Only names the program itself gives to what it has not finished; nothing else is ever touched.
"""

from __future__ import annotations

import logging
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from app.errors import EnvironmentFault
from app.paths import WorkspaceFolder

__all__ = ["aside", "clear", "half_things"]

_log = logging.getLogger(__name__)

_HALF = re.compile(
    r"\.~[0-9a-f]{16}\.(?:tmp|db)(?:\.partial)?(?:-journal|-wal|-shm)?"
    r"|suicha-[0-9]{8}-[0-9]{6}-.*\.db\.partial(?:-journal|-wal|-shm)?"
)
_ASIDE = re.compile(r"\.(?:package|drill|archive|carry)-\w{8}")
_IN_USE = "in-use.lock"


def half_things(folder: WorkspaceFolder) -> tuple[Path, ...]:
    """Files and folders that were begun and never finished."""
    return tuple(sorted(set(_found(folder))))


def _found(folder: WorkspaceFolder) -> Iterator[Path]:
    if folder.root.is_dir():
        for path in folder.root.iterdir():
            if _HALF.fullmatch(path.name) or (_ASIDE.fullmatch(path.name) and path.is_dir()):
                yield path
    for room in (*folder.rooms, folder.backups):
        yield from (path for path in room.rglob("*") if _HALF.fullmatch(path.name))


def clear(folder: WorkspaceFolder) -> tuple[str, ...]:
    """Delete them, for whoever holds the workspace's lock; gives the names, which the log keeps.

    What another process works in (a drill beside an open window) or the disk refuses stays.
    """
    gone = []
    for path in half_things(folder):
        try:
            if path.is_dir():
                if not _abandoned(path):
                    continue
                shutil.rmtree(path)
            else:
                path.unlink()
        except OSError:
            continue  # read-only, or held open: named by the check, tried again next time
        gone.append(path.relative_to(folder.root).as_posix())
    if gone:
        _log.info("cleared what an interrupted program left: %s", ", ".join(gone))
    return tuple(gone)


def _abandoned(room: Path) -> bool:
    lock = FileLock(room / _IN_USE)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    lock.release()
    return True


@contextmanager
def aside(root: Path, kind: str) -> Iterator[Path]:
    """A folder in ``root`` for work nobody keeps; locked, so that nobody clears it meanwhile.

    EnvironmentFault if the disk refuses it.
    """
    try:
        room = tempfile.TemporaryDirectory(dir=root, prefix=f".{kind}-", ignore_cleanup_errors=True)
        lock = FileLock(Path(room.name) / _IN_USE, thread_local=False)
        lock.acquire()
    except OSError as error:
        raise EnvironmentFault(f"不能写入：{root}。", "请检查磁盘空间和写入权限。") from error
    with room as at:
        try:
            yield Path(at)
        finally:
            lock.release()
