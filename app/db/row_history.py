"""Every row's history: what each transaction changed, before → after, goes into the ledger.

Temporary triggers on the writing connection note each inserted, updated and deleted row of every
table, whoever wrote it: a service, a bulk statement, a cascade.  The unit of work puts what was
noted into its next ledger entry, so neither a service nor a new table has to do anything.  The
check replays all entries and compares: a row that is not what the ledger made it was edited by
hand.  The triggers live in the connection, not in the file: hand edits fire none.

A change set is UTF-8, one change a line, fields separated by tabs (JSON escapes a tab):

``@  table  ["column", …]``             once per table, the order of the values below
``+  table  [key]  [values]``           a new row
``-  table  [key]  [values]``           a deleted row, as it was
``~  table  [key]  {"column": [before, after]}``

Blobs and columns marked ``info={"secret": True}`` in the models stand as ``sha256:<digest>``.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.models import Base

__all__ = [
    "BASELINE",
    "ChangeSet",
    "RowChange",
    "RowFault",
    "baseline",
    "drain",
    "driver",
    "expand",
    "faults",
    "register",
    "unpacked",
    "watch",
]

BASELINE = "ledger.baseline"
"""Action of an entry that holds every row as it was: replaying starts anew from it."""

# The ledger has its own chain; alembic's row is compared with the program before opening.
_APART = frozenset({"ledger", "alembic_version"})
_PAGE = 2000
_Columns = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """The rows one ledger entry changed: packed bytes and SHA-256 of what they unpack to."""

    packed: bytes
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """One row before and after; None for a row that was not, or is no more.

    Of an update both hold the changed columns alone.
    """

    table: str
    key: tuple[Any, ...]
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFault:
    """A row that differs from what the ledger says: ``told`` and ``found`` as in RowChange."""

    table: str
    key: tuple[Any, ...]
    told: dict[str, Any] | None
    found: dict[str, Any] | None
    row: dict[str, Any]  # the whole row, as found or as told, to name it by


def register(connection: sqlite3.Connection) -> None:
    """Give a connection the function that stands for a blob; reader and writer need it."""
    connection.create_function("suicha_digest", 1, _digest, deterministic=True)


def _digest(value: object) -> str | None:
    if value is None:
        return None
    data = value if isinstance(value, bytes) else str(value).encode()
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


# --- noting -----------------------------------------------------------------------------------


def watch(connection: sqlite3.Connection) -> None:
    """Note row changes of this connection from now on; outside a transaction, once."""
    connection.execute("PRAGMA temp_store=MEMORY")  # nothing of it spills beside the workspace
    connection.execute(
        "CREATE TEMP TABLE IF NOT EXISTS row_change"
        " (n INTEGER PRIMARY KEY, tbl TEXT, key TEXT, before TEXT, after TEXT)"
    )
    for table, columns in _tables(connection).items():
        old, new = _image(table, columns, "OLD."), _image(table, columns, "NEW.")
        old_key, new_key = (_array(f"{row}{_quoted(c)}" for c in _keys(connection, table))
                            for row in ("OLD.", "NEW."))  # fmt: skip
        note = f"INSERT INTO row_change (tbl, key, before, after) SELECT '{table}',"
        bodies = {
            "INSERT": f"{note} {new_key}, NULL, {new};",
            "DELETE": f"{note} {old_key}, {old}, NULL;",
            "UPDATE": f"{note} {old_key}, {old}, CASE WHEN {old_key} = {new_key} THEN {new} END;"
            f" {note} {new_key}, NULL, {new} WHERE {old_key} <> {new_key};",
        }
        for event, body in bodies.items():
            connection.execute(
                f'CREATE TEMP TRIGGER IF NOT EXISTS "note_{table}_{event}"'
                f" AFTER {event} ON main.{_quoted(table)} BEGIN {body} END"
            )


def drain(session: Session) -> ChangeSet | None:
    """What was noted since the last time, packed; None if no row changed."""
    connection = session.connection()
    if not connection.exec_driver_sql("SELECT EXISTS (SELECT 1 FROM row_change)").scalar():
        return None
    packer = _Packer(connection)
    cursor = connection.exec_driver_sql(_NOTED)
    while page := cursor.fetchmany(_PAGE):
        for table, key, before, after in page:
            packer.add(table, key, before, after)
    connection.exec_driver_sql("DELETE FROM row_change")
    return packer.close()


# A row touched several times counts once: as it was first, as it is last.
_NOTED = """
SELECT a.tbl, a.key, a.before, b.after
FROM (SELECT min(n) AS first, max(n) AS last FROM row_change GROUP BY tbl, key) AS span
JOIN row_change a ON a.n = span.first JOIN row_change b ON b.n = span.last
WHERE a.before IS NOT b.after ORDER BY span.first
"""


def baseline(session: Session) -> ChangeSet | None:
    """Every row as it is now, as if it were new."""
    connection = session.connection()
    packer = _Packer(connection)
    raw = driver(connection)
    for table, columns in _tables(raw).items():
        for key, text in _rows(raw, table, columns):
            packer.add(table, key, None, text)
    connection.exec_driver_sql("DELETE FROM row_change")
    return packer.close()


class _Packer:
    """Lines in, one compressed change set out."""

    def __init__(self, connection: Connection) -> None:
        self._columns = _tables(driver(connection))
        self._named: set[str] = set()
        self._squeeze = zlib.compressobj(3)
        self._hash = hashlib.sha256()
        self._parts: list[bytes] = []

    def add(self, table: str, key: str, before: str | None, after: str | None) -> None:
        columns = self._columns[table]
        if table not in self._named:
            self._named.add(table)
            self._line("@", table, json.dumps(columns))
        if before is None or after is None:
            sign, body = ("+", after) if before is None else ("-", before)
            self._line(sign, table, key, body or "")
        else:
            pairs = zip(columns, json.loads(before), json.loads(after), strict=True)
            changed = {name: [old, new] for name, old, new in pairs if not _same(old, new)}
            self._line("~", table, key, json.dumps(changed, ensure_ascii=False))

    def _line(self, *fields: str) -> None:
        data = ("\t".join(fields) + "\n").encode()
        self._hash.update(data)
        self._parts.append(self._squeeze.compress(data))

    def close(self) -> ChangeSet | None:
        if not self._named:
            return None
        return ChangeSet(b"".join((*self._parts, self._squeeze.flush())), self._hash.hexdigest())


# --- reading ----------------------------------------------------------------------------------


def unpacked(packed: bytes) -> bytes:
    """The lines of a change set; ValueError if the bytes are damaged."""
    try:
        return zlib.decompress(packed)
    except zlib.error as error:
        raise ValueError("damaged change set") from error


def expand(packed: bytes) -> Iterator[RowChange]:
    """The changes of one entry, in the order they were made."""
    columns: dict[str, list[str]] = {}
    for sign, table, key, body in _lines(packed):
        if sign == "@":
            columns[table] = json.loads(body)
            continue
        values = json.loads(body)
        before: dict[str, Any] | None = None
        after: dict[str, Any] | None = None
        if sign == "~":
            before = {name: pair[0] for name, pair in values.items()}
            after = {name: pair[1] for name, pair in values.items()}
        elif sign == "+":
            after = dict(zip(columns[table], values, strict=True))
        else:
            before = dict(zip(columns[table], values, strict=True))
        yield RowChange(table=table, key=tuple(json.loads(key)), before=before, after=after)


def _lines(packed: bytes) -> Iterator[tuple[str, str, str, str]]:
    for line in unpacked(packed).decode().split("\n")[:-1]:
        sign, table, *rest = line.split("\t")
        yield sign, table, rest[0] if len(rest) == 2 else "", rest[-1]


class _Expected:
    """What the ledger says every row holds: rows as JSON text, by table and key."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, str]] = {}
        self.columns: dict[str, list[str]] = {}

    def play(self, packed: bytes) -> None:
        for sign, table, key, body in _lines(packed):
            if sign == "@":
                self._reorder(table, json.loads(body))
            elif sign == "+":
                self.rows[table][key] = body
            elif sign == "-":
                self.rows[table].pop(key, None)
            else:
                self._update(table, key, json.loads(body))

    def _reorder(self, table: str, columns: list[str]) -> None:
        if self.columns.setdefault(table, columns) != columns:
            raise ValueError(f"columns of {table} changed without a baseline")
        self.rows.setdefault(table, {})

    def _update(self, table: str, key: str, changed: dict[str, list[Any]]) -> None:
        text = self.rows[table].get(key)
        row = dict(zip(self.columns[table], json.loads(text), strict=True)) if text else {}
        row.update({name: pair[1] for name, pair in changed.items()})
        values = [row.get(name) for name in self.columns[table]]
        self.rows[table][key] = json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def faults(connection: Connection) -> Iterator[RowFault]:
    """Every row that was changed, added or taken away beside the program.

    Raises ValueError if the ledger's own entries cannot be replayed (then the chain is broken).
    """
    expected = _Expected()
    for action, packed in connection.exec_driver_sql(
        "SELECT action, changes FROM ledger WHERE changes IS NOT NULL ORDER BY seq"
    ):
        if action == BASELINE:
            expected = _Expected()
        expected.play(packed)
    raw = driver(connection)
    for table, columns in _tables(raw).items():
        told = expected.rows.pop(table, {})
        order = expected.columns.get(table, list(columns))
        for key, found in _rows(raw, table, columns):
            yield from _row_faults(table, key, (order, told.pop(key, None)), (columns, found))
        for key, text in told.items():
            yield from _row_faults(table, key, (order, text), (columns, None))
    for table, rows in expected.rows.items():  # the whole table is gone
        for key, text in rows.items():
            yield from _row_faults(table, key, (expected.columns[table], text), ((), None))


def _row_faults(
    table: str,
    key: str,
    told: tuple[list[str], str | None],
    found: tuple[_Columns, str | None],
) -> Iterator[RowFault]:
    if told[1] == found[1] and told[0] == list(found[0]):
        return
    before = None if told[1] is None else dict(zip(told[0], json.loads(told[1]), strict=True))
    after = None if found[1] is None else dict(zip(found[0], json.loads(found[1]), strict=True))
    row = after or before or {}
    if before is not None and after is not None:
        names = [n for n in {**before, **after} if not _same(before.get(n), after.get(n))]
        if not names:
            return
        before = {name: before.get(name) for name in names}
        after = {name: after.get(name) for name in names}
    yield RowFault(table=table, key=tuple(json.loads(key)), told=before, found=after, row=row)


def _same(one: object, other: object) -> bool:
    # 1 == 1.0 == True for Python; for a record they are three things.
    return type(one) is type(other) and one == other


# --- SQL --------------------------------------------------------------------------------------


def driver(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection; TypeError on another database."""
    raw: Any = connection.connection.driver_connection
    if not isinstance(raw, sqlite3.Connection):
        raise TypeError("row history speaks SQLite")
    return raw


def _tables(connection: sqlite3.Connection) -> dict[str, _Columns]:
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        " AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name"
    ).fetchall()
    return {
        name: tuple(row[1] for row in connection.execute(f"PRAGMA table_info({_quoted(name)})"))
        for (name,) in names
        if name not in _APART
    }


def _keys(connection: sqlite3.Connection, table: str) -> _Columns:
    info = connection.execute(f"PRAGMA table_info({_quoted(table)})").fetchall()
    return tuple(row[1] for row in sorted(info, key=lambda row: row[5]) if row[5]) or ("rowid",)


def _rows(
    connection: sqlite3.Connection, table: str, columns: _Columns
) -> Iterator[tuple[str, str]]:
    key = _array(_quoted(name) for name in _keys(connection, table))
    # As bytes: a cell edited by hand may hold text that is no text.
    image = _image(table, columns)
    # The names are the schema's own.
    statement = f"SELECT CAST({key} AS BLOB), CAST({image} AS BLOB) FROM {_quoted(table)}"  # noqa: S608
    for row in connection.execute(statement):
        yield row[0].decode(errors="replace"), row[1].decode(errors="replace")


def _image(table: str, columns: _Columns, row: str = "") -> str:
    model = Base.metadata.tables.get(table)
    secret = {c.name for c in model.columns if c.info.get("secret")} if model is not None else ()
    return _array(_cell(f"{row}{_quoted(name)}", name in secret) for name in columns)


def _cell(name: str, secret: bool) -> str:
    shown = f"suicha_digest({name})"
    if secret:
        return shown
    # Text may have been made by a JSON function: then it would be embedded, not quoted.
    return (
        f"CASE typeof({name}) WHEN 'blob' THEN {shown} WHEN 'text' THEN {name} || ''"
        f" ELSE {name} END"
    )


def _array(expressions: Iterator[str]) -> str:
    return f"json_array({', '.join(expressions)})"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
