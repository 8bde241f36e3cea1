"""R lost in both places: the draw cannot be opened, and its void record says so."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from app.paths import second_place

from .running import NO, refused, reveal, suicha


def test_r_lost_in_both_places_is_voided_with_an_empty_reveal(frozen: Path) -> None:
    with closing(sqlite3.connect(frozen / "suicha.db")) as database, database:
        database.execute("UPDATE draw SET reveal = NULL")
    shutil.rmtree(second_place() / "open-draws", ignore_errors=True)
    assert "作废" in refused(reveal(frozen), 1)
    approval = ("--reason", "随机数丢失", "--approved", "陈立新|大队长")
    assert suicha("draw", "void", NO, "--data", frozen, *approval).code == 0
    assert b"\nreveal|-\n" in (frozen / "draw" / NO / "void.txt").read_bytes()
    assert suicha("verify", frozen / "draw" / NO).code == 0
    assert suicha("check", "--data", frozen).code == 0
