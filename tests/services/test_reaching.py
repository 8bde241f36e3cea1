"""A folder elsewhere is asked for a while only."""

from __future__ import annotations

import threading
from pathlib import Path

from app.services.safety.reaching import is_there


def test_a_folder_that_is_there_is_found(tmp_path: Path) -> None:
    assert is_there(tmp_path, limit=60)
    assert not is_there(tmp_path / "没有", limit=60)


def test_a_folder_that_never_answers_counts_as_absent(tmp_path: Path) -> None:
    released = threading.Event()
    try:
        assert not is_there(tmp_path, limit=0.01, ask=lambda _folder: released.wait())
    finally:
        released.set()


def test_a_folder_the_system_refuses_counts_as_absent(tmp_path: Path) -> None:
    def refuse(_folder: Path) -> bool:
        raise PermissionError(13, "refused")

    assert not is_there(tmp_path, limit=60, ask=refuse)
