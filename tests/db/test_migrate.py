"""The schema's version: kept in step, compared before opening, migrated after a backup."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from app.db import migrate
from app.db.engine import reader_engine
from app.db.read import assignments, past, targets
from app.db.read.query import ListQuery
from app.errors import EnvironmentFault, IntegrityError, UserError
from app.models import Base
from app.services.safety import checking
from app.services.workspace import Workspace, open_workspace
from tests.support import make_office
from tests.support_draw import DRAW_NO, TARGETS

OLD = Path(__file__).parents[1] / "data"


def test_the_constant_is_the_newest_migration() -> None:
    assert migrate.known_revisions()[-1] == migrate.SCHEMA


def test_the_migrations_make_what_the_models_say(office: Workspace) -> None:
    engine = reader_engine(office.folder.database)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, Base.metadata) == []
    finally:
        engine.dispose()


def test_a_newer_database_is_refused_by_both_versions(tmp_path: Path) -> None:
    office = make_office(tmp_path / "w")
    office.close()
    with closing(sqlite3.connect(office.folder.database)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.execute("UPDATE setting SET value = '7.1' WHERE key = 'program_version'")
        connection.commit()
    before = office.folder.database.read_bytes()
    ours = rf"随查 7\.1，结构 9999.*随查 0\.1\.0（结构 {migrate.SCHEMA}"
    with pytest.raises(EnvironmentFault, match=ours):
        open_workspace(tmp_path / "w")
    assert office.folder.database.read_bytes() == before


def test_an_older_database_is_backed_up_then_migrated(tmp_path: Path) -> None:
    root = tmp_path / "w"
    root.mkdir()
    with closing(sqlite3.connect(root / "suicha.db")) as connection:
        connection.execute("CREATE TABLE note (text TEXT)")
        connection.execute("INSERT INTO note VALUES ('旧的')")
        connection.commit()
    workspace = open_workspace(root)
    try:
        assert migrate.current(root / "suicha.db") == migrate.SCHEMA
        (copy,) = (root / "backups").glob("*before-upgrade.db")
        with closing(sqlite3.connect(copy)) as connection:
            assert connection.execute("SELECT text FROM note").fetchall() == [("旧的",)]
            assert migrate.current(copy) is None
    finally:
        workspace.close()


@pytest.mark.parametrize("revision", sorted(p.stem for p in OLD.glob("schema-*.db")))
def test_a_database_of_every_former_schema_opens(tmp_path: Path, revision: str) -> None:
    """Each was left by ``tests.support_draw.make_drawn_office`` at its time."""
    root = tmp_path / "w"
    root.mkdir()
    shutil.copyfile(OLD / f"{revision}.db", root / "suicha.db")
    workspace = open_workspace(root)
    try:
        assert (workspace.unit.code, workspace.unit.rulebook_id) == ("360199", "yiyang-2021")
        tasks = workspace.read(assignments.teams, assignments.AssignmentQuery(draw_no=DRAW_NO))
        assert sum(len(team.tasks) for team in tasks) == len(TARGETS)
        checks = workspace.read(lambda reader: [*checking.check(reader, workspace.folder, None)])
        assert [one for one in checks if one.name in ("关联", "账本") and not one.ok] == []
    finally:
        workspace.close()
    assert migrate.current(root / "suicha.db") == migrate.SCHEMA


def test_a_failed_step_leaves_the_old_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "w"
    root.mkdir()
    with closing(sqlite3.connect(root / "suicha.db")) as connection:
        # The first migration cannot create this table a second time, near its end.
        connection.execute("CREATE TABLE result_item (id INTEGER)")
        connection.commit()
    with pytest.raises(Exception, match="result_item"):
        open_workspace(root)
    with closing(sqlite3.connect(root / "suicha.db")) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall()
    assert tables == [("result_item",)]


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    root = tmp_path / "w"
    root.mkdir()
    (root / "suicha.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(IntegrityError, match="损坏"):
        open_workspace(root)


def test_a_folder_without_a_workspace_says_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="没有随查工作区"):
        open_workspace(tmp_path)


def test_a_database_without_versions_gets_the_first_of_every_row(tmp_path: Path) -> None:
    """Rows older than the triggers are answered from the day they were made."""
    root = tmp_path / "w"
    root.mkdir()
    shutil.copyfile(OLD / "schema-0001.db", root / "suicha.db")
    workspace = open_workspace(root)
    try:
        moment = workspace.read(past.now)
        first = workspace.read(past.at_draw, DRAW_NO)
        assert first is not None
        for kind in ("target", "inspector", "item"):
            now = workspace.read(past.rows_at, kind, moment)
            then = workspace.read(past.rows_at, kind, first)
            assert now and now == then
    finally:
        workspace.close()


def test_rows_of_an_old_database_are_found_by_what_a_newer_search_knows(tmp_path: Path) -> None:
    root = tmp_path / "w"
    root.mkdir()
    shutil.copyfile(OLD / "schema-0001.db", root / "suicha.db")
    with closing(sqlite3.connect(root / "suicha.db")) as connection:
        connection.execute("UPDATE target SET address = '梧桐巷九号', search = 'x' WHERE id = 1")
        connection.commit()
    workspace = open_workspace(root)
    try:
        found = workspace.read(targets.ids, ListQuery(search="wutongxiang"))
        assert list(found) == [1]
        faults = workspace.read(lambda c: [*checking.check(c, workspace.folder, None)])
        assert [one for one in faults if one.name.startswith("数据 检查对象") and not one.ok] == []
    finally:
        workspace.close()
