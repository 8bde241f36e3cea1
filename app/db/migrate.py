"""The schema's version: compared by plain SQL first, migrated in one transaction if older."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from app.db.backup import unreachable
from app.errors import EnvironmentFault, IntegrityError
from app.paths import MIGRATIONS

# Kept equal to the newest file in migrations/versions by a test: importing alembic to ask
# costs more than the rest of the start-up.
SCHEMA = "0003"


def current(database: Path) -> str | None:
    """Revision of an existing database, None for an empty or foreign one.

    Raises IntegrityError if the file is no SQLite database, EnvironmentFault if the disk does not
    even let it look.
    """
    try:
        with closing(sqlite3.connect(database)) as connection:
            found = connection.execute(
                "SELECT name FROM sqlite_master WHERE name='alembic_version'"
            ).fetchone()
            if not found:
                return None
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError as error:
        raise unreachable(database) from error
    except sqlite3.DatabaseError as error:
        raise IntegrityError(
            f"工作区的数据库文件已损坏，无法打开：{database.name}。",
            "请从“backups”文件夹恢复最近的备份；损坏的文件请保留，不要删除。",
        ) from error
    return row[0] if row else None


def known_revisions() -> tuple[str, ...]:
    """Revisions this program can open, oldest first (file names begin with the revision)."""
    return tuple(sorted(p.name.split("_", 1)[0] for p in (MIGRATIONS / "versions").glob("0*.py")))


def refuse_newer(database: Path, program_version: str) -> None:
    """EnvironmentFault if the database was written by a newer program, naming both."""
    revision = current(database)
    if revision is None or revision in known_revisions():
        return
    with closing(sqlite3.connect(database)) as connection:
        row = connection.execute("SELECT value FROM setting WHERE key='program_version'").fetchone()
    writer = row[0] if row else "未知"
    raise EnvironmentFault(
        f"这个工作区由更新的程序写入（随查 {writer}，结构 {revision}），"
        f"本程序是随查 {program_version}（结构 {SCHEMA}），不能打开。",
        "请在本机安装更新的随查后再打开；数据没有改变。",
    )


def upgrade(database: Path) -> None:
    """Bring the schema to ``SCHEMA``: foreign keys off, one BEGIN IMMEDIATE, then a check.

    With foreign keys on, alembic's batch mode silently deletes child rows; without the
    single transaction a failed step would leave half a schema.
    """
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import StaticPool

    from app.db import versions

    engine = create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(database), poolclass=StaticPool
    )

    @event.listens_for(engine, "connect")
    def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            versions.install(connection)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                connection.exec_driver_sql("ROLLBACK")
                raise IntegrityError(
                    f"数据库升级后有 {len(broken)} 处关联不完整，升级已撤回。",
                    "请保留升级前的备份并联系维护人员；原数据没有改变。",
                )
            connection.exec_driver_sql("COMMIT")
    finally:
        engine.dispose()
