"""SQLite as this program uses it: WAL, foreign keys on, synchronous FULL, explicit BEGIN."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool, StaticPool

from app.db import row_history


def _prepare(connection: sqlite3.Connection, *, read_only: bool) -> None:
    # The driver's own transaction mode leaves half-applied schema changes; we emit BEGIN.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    # INSERT OR REPLACE must fire the ledger's delete trigger.
    cursor.execute("PRAGMA recursive_triggers=ON")
    cursor.execute("PRAGMA busy_timeout=5000")
    if read_only:
        cursor.execute("PRAGMA query_only=ON")
    else:
        cursor.execute("PRAGMA journal_mode=WAL")
        # A committed draw survives a power cut: FULL everywhere, the volume is small.
        cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()
    row_history.register(connection)


def _engine(database: Path, *, read_only: bool) -> Engine:
    engine = create_engine(
        # The driver gets the plain path: a URL would need quoting of "#", "?" and "%".
        "sqlite://",
        creator=lambda: sqlite3.connect(database, check_same_thread=False),
        poolclass=NullPool if read_only else StaticPool,
    )

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        _prepare(connection, read_only=read_only)

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        if read_only:
            connection.exec_driver_sql("BEGIN")
            return
        if "watched" not in connection.info:
            # Before BEGIN: a rollback would take the triggers away with it.
            row_history.watch(row_history.driver(connection))
            connection.info["watched"] = True
        # A writer that begins deferred can fail half-way with SQLITE_BUSY.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        # What was written outside a unit of work is nobody's: the check has to find it.
        connection.exec_driver_sql("DELETE FROM row_change")

    return engine


def writer_engine(database: Path) -> Engine:
    """The one connection that writes; use it from one thread at a time."""
    return _engine(database, read_only=False)


def reader_engine(database: Path) -> Engine:
    """Connections for lists: a consistent snapshot each, unable to write."""
    return _engine(database, read_only=True)
