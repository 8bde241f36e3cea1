"""A workspace edited by hand: ``check`` names what was touched."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from .running import NO, suicha


def _edit(data: Path, *statements: str) -> None:
    """As somebody would who knows SQLite: guards off, edit, guards back."""
    with closing(sqlite3.connect(data / "suicha.db")) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        guards = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, sql in guards:
            connection.execute(sql)
        connection.commit()


def _failed(data: Path) -> str:
    said = suicha("check", "--data", data)
    assert (said.code, said.err) == (1, ""), said
    return "\n".join(line for line in said.out.splitlines() if line.startswith("不符"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET actor = 'x' WHERE seq = 3",
        "DELETE FROM ledger WHERE seq = 3",
        "INSERT OR REPLACE INTO ledger"
        " SELECT seq, at, 'x', action, subject, detail, prev, hash, changes FROM ledger"
        " WHERE seq = 3",
    ],
)
def test_the_ledger_refuses_and_where_forced_shows_it(drawn: Path, statement: str) -> None:
    with (
        closing(sqlite3.connect(drawn / "suicha.db")) as connection,
        pytest.raises(sqlite3.IntegrityError),
    ):
        connection.execute(statement)
    _edit(drawn, statement)
    assert "第 3 条" in _failed(drawn)


LAST = "(SELECT max(seq) FROM ledger)"


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("DELETE FROM ledger", "是空的"),
        (f"DELETE FROM ledger WHERE seq >= {LAST} - 1", "账本登记到"),
        ("UPDATE ledger SET detail = x'ff' WHERE seq = 2", "账本"),
        ("DROP TABLE closing_record", "抽取"),
        ("UPDATE draw SET plan_bytes = replace(plan_bytes, 'RD1', 'RD2')", "plan.txt"),
        ("UPDATE draw SET plan_bytes = 5", "plan.txt"),
        ("UPDATE draw SET result_bytes = NULL", "result.txt"),
        ("UPDATE draw SET excluded_bytes = x'41'", "excluded.txt"),
        ("UPDATE draw SET plan_hash = '00'", "名单摘要 P"),
        ("UPDATE draw SET result_hash = '00'", "结果摘要 F"),
        ("UPDATE draw SET seed = '00'", "种子 S"),
        ("UPDATE draw SET reveal = '00'", "随机数 R"),
        ("UPDATE draw SET commitment = '00'", "承诺值 C"),
        ("UPDATE draw SET prev = '00'", "前一份记录"),
        ("UPDATE draw SET seq = 2", "编号"),
        ("UPDATE draw SET period = '2026Q2'", "期间"),
        ("UPDATE draw SET state = 'committed'", "等待开号"),
        (f"UPDATE draw SET no = '{NO[:-1]}2'", "被删除"),
        ("UPDATE closing_record SET hash = '00'", "办结记录"),
        ("UPDATE closing_record SET bytes = x'41'", "办结记录"),
        ("UPDATE closing_record SET kind = 'void'", "办结记录"),
        ("UPDATE closing_record SET position = 7", "办结记录"),
        ("DELETE FROM closing_record", "办结记录"),
        ("UPDATE drawn_target SET selected = 1 - selected WHERE id < 3", "抽中和备选名单"),
        ("UPDATE drawn_target SET ticket = 'x' WHERE id = 1", "抽中和备选名单"),
        ("DELETE FROM drawn_target WHERE id = 5", "抽中和备选名单"),
        ("UPDATE assignment SET lead_id = second_id WHERE id = 1", "派单"),
        ("UPDATE assignment SET draw_id = 99 WHERE id = 1", "断开"),
        ("DELETE FROM assignment WHERE id = 1", "派单"),
        ("UPDATE draw_witness SET digits = '999999' WHERE position = 1", "见证数字"),
        (
            "INSERT INTO attachment (owner_kind, owner_id, name, sha256, size, at, by)"
            f" VALUES ('draw', 1, '扫描.pdf', '{'a' * 64}', 3, '2026-01-01', 'x')",
            "扫描.pdf",
        ),
        (
            "INSERT INTO attachment (owner_kind, owner_id, name, sha256, size, at, by)"
            " VALUES ('draw', 1, '扫描.pdf', '../**', 3, '2026-01-01', 'x')",
            "扫描.pdf",
        ),
    ],
)
def test_an_edited_row_is_named(drawn: Path, statement: str, says: str) -> None:
    _edit(drawn, statement)
    assert says in _failed(drawn)


def test_a_whole_draw_deleted(drawn: Path) -> None:
    tables = ("assignment", "drawn_target", "drawn_team", "draw_witness", "closing_record", "draw")
    _edit(drawn, *(f"DELETE FROM {table}" for table in tables))
    shutil.rmtree(drawn / "draw" / NO)
    assert f"抽取 {NO}" in _failed(drawn)


def test_dropped_guards_are_noticed(drawn: Path) -> None:
    with closing(sqlite3.connect(drawn / "suicha.db")) as connection:
        connection.execute("DROP TRIGGER ledger_in_order")
        connection.commit()
    assert "保护" in _failed(drawn)


def test_files_of_a_draw_edited_removed_or_added(drawn: Path) -> None:
    room = drawn / "draw" / NO
    for name in ("plan.txt", "result.txt", "excluded.txt"):
        whole = (room / name).read_bytes()
        (room / name).write_bytes(whole + b" ")
        assert f"{name} 被改动" in _failed(drawn)
        (room / name).unlink()
        assert f"{name} 不在" in _failed(drawn)
        (room / name).write_bytes(whole)
    assert suicha("check", "--data", drawn).code == 0
    (room / "void.txt").write_bytes(b"")
    assert "多出 void.txt" in _failed(drawn)
    (room / "void.txt").unlink()
    shutil.copytree(room, room.with_name("360199-2026Q9-09"))
    assert "360199-2026Q9-09" in _failed(drawn)


@pytest.mark.parametrize("content", [b"", b"hello" * 1000, None])
def test_a_damaged_database_file(drawn: Path, content: bytes | None) -> None:
    path = drawn / "suicha.db"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if content is None else content)
    assert "数据库" in _failed(drawn)
    said = suicha("plan", "--data", drawn, "--period", "2026Q1")
    assert said.code in (1, 2)
    assert "意外" not in said.err


def test_a_damaged_draw_does_not_keep_the_workspace_shut(drawn: Path) -> None:
    _edit(drawn, "UPDATE draw SET facts = '{}', plan_bytes = x'41'")
    (drawn / "draw" / NO / "minutes.pdf").unlink()
    said = suicha("backup", "--data", drawn)
    assert (said.code, said.err) == (0, "")
    assert "plan.txt" in _failed(drawn)
