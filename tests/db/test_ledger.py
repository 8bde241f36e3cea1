"""The ledger: appended in order, guarded by triggers, every change by hand found."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.db import ledger
from app.db.read import entries
from app.db.unit_of_work import UnitOfWork
from app.services.workspace import Workspace


def write(office: Workspace, count: int) -> None:
    def service(uow: UnitOfWork, _command: None) -> None:
        for number in range(count):
            uow.record("target.save", f"T{number}", {"before": {}, "after": {"name": "甲𬍛"}})
        uow.commit()

    office.write(service, None)


def faults(office: Workspace) -> list[str]:
    return [fault.what for fault in office.read(lambda c: list(ledger.faults(c)))]


def by_hand(office: Workspace, *statements: str) -> None:
    """What somebody with a database tool could do, triggers taken away first."""
    with closing(sqlite3.connect(office.folder.database)) as connection:
        for name in ("ledger_no_update", "ledger_no_delete", "ledger_in_order"):
            connection.execute(f"DROP TRIGGER IF EXISTS {name}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_a_fresh_chain_holds(office: Workspace) -> None:
    write(office, 5)
    assert faults(office) == []
    assert office.read(ledger.head).seq == 6  # the unit's own creation is the first


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET detail = '{}' WHERE seq = 3",
        "DELETE FROM ledger WHERE seq = 6",
        "INSERT OR REPLACE INTO ledger SELECT seq, at, 'other', action, subject, detail, prev,"
        " hash, changes FROM ledger WHERE seq = 3",
        "INSERT INTO ledger SELECT 9, at, actor, action, subject, detail, prev, 'x', changes"
        " FROM ledger WHERE seq = 3",
    ],
)
def test_the_database_refuses_to_change_it(office: Workspace, statement: str) -> None:
    write(office, 5)
    with closing(sqlite3.connect(office.folder.database)) as connection:
        connection.execute("PRAGMA recursive_triggers=ON")
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE ledger SET detail = '{}' WHERE seq = 3", "第 3 条内容被改动"),
        ("UPDATE ledger SET actor = 'x' WHERE seq = 2", "第 2 条内容被改动"),
        ("UPDATE ledger SET at = '2020-01-01T00:00:00+00:00' WHERE seq = 4", "第 4 条内容被改动"),
        ("DELETE FROM ledger WHERE seq = 3", "第 3 条缺失"),
        ("UPDATE ledger SET seq = 100 WHERE seq = 3", "第 3 条缺失"),
        ("UPDATE ledger SET prev = hash WHERE seq = 5", "第 5 条与前一条不相接"),
    ],
)
def test_a_change_by_hand_is_named(office: Workspace, statement: str, named: str) -> None:
    write(office, 5)
    by_hand(office, statement)
    assert any(named in fault for fault in faults(office))


def test_two_entries_swapped_are_both_named(office: Workspace) -> None:
    write(office, 5)
    by_hand(
        office,
        "UPDATE ledger SET seq = -1 WHERE seq = 3",
        "UPDATE ledger SET seq = 3 WHERE seq = 4",
        "UPDATE ledger SET seq = 4 WHERE seq = -1",
    )
    found = "；".join(faults(office))
    assert "第 3 条" in found and "第 4 条" in found


def test_nothing_is_written_without_a_commit(office: Workspace) -> None:
    before = office.read(ledger.head)

    def service(uow: UnitOfWork, _command: None) -> None:
        uow.record("target.save", "T", {})

    office.write(service, None)
    assert office.read(ledger.head) == before


def test_an_entry_is_hashed_as_documented() -> None:
    digest = ledger.entry_hash(1, "t", "a", "b", "c", "{}", ledger.GENESIS)
    import hashlib

    body = f'[1,"t","a","b","c","{{}}","{ledger.GENESIS}"]'
    assert digest == hashlib.sha256(body.encode()).hexdigest()


def test_the_folder_may_have_any_name(tmp_path: Path) -> None:
    from tests.support import make_office

    office = make_office(tmp_path / "青禾 县#1?50%")
    try:
        write(office, 1)
        assert faults(office) == []
    finally:
        office.close()


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ('{"result": 7, "version": 1}', "结果编号：7；第几版：1"),
        ('{"result": "' + "ab" * 32 + '"}', "F：abababab"),
        ('{"edition": "sealed", "what": "results"}', "版本：密封版；内容：检查结果"),
        ('{"wording": "未发现问题", "batch": 5}', "公示结论：未发现问题；导入批次：5"),
    ],
)
def test_an_entry_is_read_in_words(detail: str, words: str) -> None:
    assert entries.detail_words(detail) == words
