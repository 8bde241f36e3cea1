"""Every row's history: no service does anything for it, and no edit by hand stays hidden."""

from __future__ import annotations

import enum
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Table, delete, insert, select, text, update

from app.db import ledger, migrate, row_history
from app.db.read import entries, row_words
from app.db.unit_of_work import UNTOLD, UnitOfWork
from app.models import Base, Draw, DrawWitness, ImportBatch, Recusal, Setting, Target
from app.models.base import UtcTime
from app.services.safety import keeping
from app.services.workspace import Workspace, open_workspace
from tests.support_draw import make_drawn_office

# Tables that are protected otherwise, each with the reason.
APART = {"ledger": "its own hash chain covers every column (tests/db/test_ledger.py)"}


def by_hand(root: Path, *statements: str) -> None:
    """Somebody with a database tool, who leaves the triggers as they were."""
    with closing(sqlite3.connect(root / "suicha.db")) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_version_%'"
        ).fetchall()
        for name, _sql in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _name, sql in triggers:
            connection.execute(sql)
        connection.commit()


def found(office: Workspace) -> list[row_history.RowFault]:
    return office.read(lambda connection: list(row_history.faults(connection)))


def write(office: Workspace, work: Callable[[UnitOfWork], object], *, told: bool = True) -> None:
    def service(uow: UnitOfWork, _command: None) -> None:
        work(uow)
        if told:
            uow.record("test.write", "x", {})
        uow.commit()

    office.write(service, None)


def _value(column: Column[Any]) -> object:
    if column.foreign_keys or (column.primary_key and column.type.python_type is int):
        return 1
    if isinstance(column.type, UtcTime):
        return datetime(2026, 3, 1, tzinfo=UTC)
    kind: Any = column.type.python_type
    if issubclass(kind, enum.Enum):
        return next(iter(kind))
    examples = {
        str: column.name,
        int: 7,
        float: 0.5,
        bool: True,
        bytes: b"bytes",
        date: date(2026, 3, 1),
        object: ["a"],  # JSON
    }
    return examples[kind]


def _fill(uow: UnitOfWork) -> None:
    for table in _tables():
        if uow.session.execute(select(table)).first() is None:
            uow.session.execute(insert(table).values({c.name: _value(c) for c in table.columns}))


def _tables() -> list[Table]:
    return [table for name, table in Base.metadata.tables.items() if name not in APART]


@pytest.fixture
def full(office: Workspace) -> Workspace:
    """A workspace with a row in every table, the ones that will be made tomorrow too."""

    def unguarded() -> None:
        raw: Any = office._writer.raw_connection().driver_connection
        raw.execute("PRAGMA foreign_keys=OFF")

    office._thread.submit(unguarded).result()
    write(office, _fill)
    assert found(office) == []
    return office


def test_every_column_of_every_table_edited_by_hand_is_named(full: Workspace) -> None:
    statements, wanted = [], set()
    for table in _tables():
        for column in table.columns:
            if not column.primary_key:
                new = "x'00'" if column.type.python_type is bytes else "'edited by hand'"
                statements.append(f'UPDATE "{table.name}" SET "{column.name}" = {new}')
                wanted.add((table.name, column.name))
    by_hand(full.folder.root, *statements)
    named = {(fault.table, name) for fault in found(full) for name in fault.found or ()}
    assert named == wanted
    words = "".join(c.detail for c in keeping.check_folder(full.folder.root) if not c.ok)
    assert "现在是“edited by hand”" in words


def test_every_row_deleted_renumbered_or_added_by_hand_is_named(full: Workspace) -> None:
    statements = []
    for table in _tables():
        (key, *_) = table.primary_key.columns
        new = "'other'" if key.type.python_type is str else "77"
        if table.name in {"unit", "setting"}:
            statements.append(f'DELETE FROM "{table.name}"')
        else:
            first = f"rowid = (SELECT min(rowid) FROM {table.name})"
            statements.append(f'UPDATE "{table.name}" SET "{key.name}" = {new} WHERE {first}')
    by_hand(full.folder.root, *statements)
    gone = {fault.table for fault in found(full) if fault.found is None}
    come = {fault.table for fault in found(full) if fault.told is None}
    names = {table.name for table in _tables()}
    assert (gone, come) == (names, names - {"unit", "setting"})


@pytest.mark.parametrize(
    "value", ["NULL", "''", "0", "1.0", "'1'", "x'31'", "CAST(x'ff' AS TEXT)", "'甲' || char(9)"]
)
def test_a_cell_is_compared_with_its_kind(office: Workspace, value: str) -> None:
    write(office, lambda uow: uow.session.add(Setting(key="k", value="1 ")))
    by_hand(office.folder.root, f"UPDATE setting SET value = {value} WHERE key = 'k'"
            if value != "NULL" else "UPDATE setting SET value = '' WHERE key = 'k'")  # fmt: skip
    (fault,) = found(office)
    assert (fault.table, fault.key, list(fault.found or ())) == ("setting", ("k",), ["value"])


def test_whatever_way_a_row_is_written_the_ledger_knows(tmp_path: Path) -> None:
    drawn = make_drawn_office(tmp_path / "w")
    office = drawn.workspace
    try:
        _write_in_every_way(office)
        assert found(office) == []
        assert office.read(lambda c: list(ledger.faults(c))) == []
    finally:
        office.close()


def _write_in_every_way(office: Workspace) -> None:
    recusals: Any = Recusal.__table__
    row = {"inspector_id": 1, "code": "kin", "note": "", "declared_on": date(2026, 7, 1)}
    write(office, lambda uow: uow.session.execute(
        insert(recusals), [{**row, "target_id": number} for number in (1, 2, 3)]))  # fmt: skip
    write(office, lambda uow: uow.session.execute(
        update(recusals).where(recusals.c.target_id > 1).values(note="改")))  # fmt: skip
    write(office, lambda uow: uow.session.execute(delete(recusals).where(recusals.c.id == 2)))
    write(office, lambda uow: setattr(uow.session.get(Target, 1), "note", "对象"))
    write(office, lambda uow: uow.session.execute(text("UPDATE target SET phone = '0'")))
    # An ORM cascade, and a row that comes and goes within one transaction.
    write(office, lambda uow: setattr(uow.session.get_one(Draw, 1), "witnesses", []))

    def there_and_back(uow: UnitOfWork) -> None:
        uow.session.add(Setting(key="brief", value="1"))
        uow.session.flush()
        uow.session.execute(delete(Setting).where(Setting.key == "brief"))

    write(office, there_and_back)
    assert office.read(lambda c: c.execute(select(DrawWitness.__table__)).all()) == []


def test_rows_no_service_told_of_get_an_entry_of_their_own(office: Workspace) -> None:
    write(office, lambda uow: uow.session.add(Setting(key="k", value="1")), told=False)
    row = office.read(lambda c: c.execute(text("SELECT * FROM ledger ORDER BY seq DESC")).first())
    assert row is not None
    assert row.action == UNTOLD
    (made,) = row_history.expand(row.changes)
    assert (made.table, made.before, made.after) == ("setting", None, {"key": "k", "value": "1"})


def test_what_was_rolled_back_is_not_told(office: Workspace) -> None:
    def service(uow: UnitOfWork, _command: None) -> None:
        uow.session.add(Setting(key="k", value="1"))
        uow.record("test.write", "x", {})

    office.write(service, None)
    head = office.read(ledger.head)
    write(office, lambda uow: uow.session.add(Setting(key="other", value="2")))
    assert office.read(ledger.head).seq == head.seq + 1
    assert found(office) == []


def test_an_update_is_kept_before_and_after(office: Workspace) -> None:
    write(office, lambda uow: uow.session.add(Setting(key="k", value="甲\t乙\n丙")))
    write(office, lambda uow: setattr(uow.session.get_one(Setting, "k"), "value", "丁"))
    packed = office.read(
        lambda c: c.execute(text("SELECT changes FROM ledger ORDER BY seq DESC LIMIT 1")).scalar()
    )
    (made,) = row_history.expand(packed)
    assert (made.before, made.after) == ({"value": "甲\t乙\n丙"}, {"value": "丁"})
    assert row_words.change(made) == "设置第 k 行：值 “甲\t乙\n丙” → “丁”"


CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_every_table_and_column_has_a_chinese_word() -> None:
    named = [
        (table.name, column.name, row_words.column(table.name, column.name))
        for table in Base.metadata.sorted_tables
        for column in table.columns
    ]
    assert [t for t in Base.metadata.tables if not CHINESE.match(row_words.table(t))] == []
    assert [(t, c) for t, c, words in named if not CHINESE.match(words)] == []


def shown(office: Workspace) -> list[tuple[str, str, str]]:
    """What the ledger's page says of the newest entry."""
    rows = office.read(entries.changed_rows, office.read(ledger.head).seq)
    return [(row.kind, row.what, row.detail) for row in rows]


def test_an_updated_row_is_named_as_a_person_calls_it(tmp_path: Path) -> None:
    drawn = make_drawn_office(tmp_path / "w")
    office = drawn.workspace
    try:
        ident = office.read(
            lambda c: c.execute(select(Target.ident).where(Target.id == 1)).scalar()
        )
        write(office, lambda uow: setattr(uow.session.get_one(Target, 1), "phone", "新号"))
        ((kind, what, detail),) = shown(office)[:1]
        assert (kind, what) == ("修改", f"检查对象 {ident}（第 1 行）")
        assert detail.startswith("电话 ") and detail.endswith("→ “新号”")
    finally:
        office.close()


def test_an_updated_row_that_is_gone_is_named_by_its_change_or_its_number(
    office: Workspace,
) -> None:
    def batch(uow: UnitOfWork) -> None:
        uow.session.add(ImportBatch(id=7, kind="x", file_name="甲.xlsx", sha256="", counts={},
                                    at=datetime(2026, 3, 1, tzinfo=UTC), by="卫七"))  # fmt: skip

    write(office, batch)
    write(
        office, lambda uow: setattr(uow.session.get_one(ImportBatch, 7), "file_name", "乙：一.xlsx")
    )
    renamed = office.read(ledger.head).seq
    write(office, lambda uow: setattr(uow.session.get_one(ImportBatch, 7), "by", "卫八"))
    signed = office.read(ledger.head).seq
    assert shown(office) == [("修改", "导入批次 乙：一.xlsx（第 7 行）", "经办 “卫七” → “卫八”")]
    write(office, lambda uow: uow.session.execute(delete(ImportBatch)))
    (row,) = office.read(entries.changed_rows, renamed)
    assert row.what == "导入批次 乙：一.xlsx（第 7 行）"
    assert row.detail == "文件名 “甲.xlsx” → “乙：一.xlsx”"
    (row,) = office.read(entries.changed_rows, signed)
    assert row.what == "导入批次第 7 行"


def test_a_secret_leaves_its_digest_alone(tmp_path: Path) -> None:
    drawn = make_drawn_office(tmp_path / "w")
    try:
        secret = "5e" * 32
        write(drawn.workspace, lambda uow: setattr(uow.session.get_one(Draw, 1), "reveal", secret))
        query = text("SELECT changes FROM ledger")
        packed = drawn.workspace.read(lambda c: c.execute(query).scalars().all())
        told = b"".join(row_history.unpacked(each) for each in packed if each)
        assert b'"reveal": ["' in told or b'"reveal": [null, "sha256:' in told
        assert secret.encode() not in told
    finally:
        drawn.workspace.close()


@pytest.mark.parametrize("edit", ["changes = NULL", "changes = x'00'", "changes = zeroblob(9)"])
def test_changes_taken_from_an_entry_are_named(office: Workspace, edit: str) -> None:
    by_hand(
        office.folder.root,
        "DROP TRIGGER ledger_no_update",
        f"UPDATE ledger SET {edit} WHERE seq = 1",
        ledger.GUARDS["ledger_no_update"],
    )
    failed = {c.name: c.detail for c in keeping.check_folder(office.folder.root) if not c.ok}
    assert "第 1 条所附的改动明细被改动" in failed["账本"]


@pytest.mark.parametrize(
    ("statements", "named"),
    [
        (["CREATE TABLE hidden (x)"], "数据库里多出 hidden"),
        (["CREATE VIEW hidden AS SELECT * FROM target"], "数据库里多出 hidden"),
        (
            ["CREATE TRIGGER hidden AFTER INSERT ON target BEGIN DELETE FROM recusal; END"],
            "数据库里多出 hidden",
        ),
        (["DROP TABLE recusal"], "数据表 回避 被删除"),
        (
            [
                "DROP TRIGGER ledger_no_update",
                "CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger WHEN 0"
                " BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END",
            ],
            "保护被拆除",
        ),
    ],
)
def test_what_is_built_into_the_database_by_hand_is_named(
    office: Workspace, statements: list[str], named: str
) -> None:
    by_hand(office.folder.root, *statements)
    failed = {c.name: c.detail for c in keeping.check_folder(office.folder.root) if not c.ok}
    assert named in failed["账本"]


def test_an_upgrade_does_not_wash_an_edit_clean(
    office: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.close()
    root = office.folder.root
    by_hand(root, "UPDATE unit SET name = '某大队'")

    def upgrade(_database: Path) -> None:
        by_hand(root, "UPDATE alembic_version SET version_num = '0099'",
                "ALTER TABLE unit ADD COLUMN more TEXT NOT NULL DEFAULT 'm'")  # fmt: skip

    with monkeypatch.context() as patch:
        patch.setattr(migrate, "SCHEMA", "0099")
        patch.setattr(migrate, "upgrade", upgrade)
        patch.setattr(migrate, "refuse_newer", lambda *_: None)
        again = open_workspace(root)
        assert found(again) == []
        failed = {c.name: c.detail for c in keeping.check_folder(root) if not c.ok}
        again.close()
    detail = next(words for name, words in failed.items() if "升级之前" in name)
    assert "单位 360199（第 1 行） 名称" in detail and "现在是“某大队”" in detail


def test_long_values_are_shown_around_their_first_difference() -> None:
    before, after = "甲" * 60 + "旧" + "乙" * 60, "甲" * 60 + "新" + "乙" * 60
    made = row_history.RowChange(
        table="target", key=(1,), before={"name": before}, after={"name": after}
    )
    words = row_words.change(made)
    assert "…甲甲甲甲甲甲甲甲旧乙" in words and "…甲甲甲甲甲甲甲甲新乙" in words
    longer = row_history.RowChange(
        table="target", key=(1,), before={"name": before}, after={"name": ""}
    )
    assert "→ 空" in row_words.change(longer)
