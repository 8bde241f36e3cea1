"""Every version of every row of the directories, written by the database itself.

Rows are written by forms, imports, undoing and bulk edits, as objects and in bulk; a trigger
sees them all.  A version counts from the ledger entry that is written in the same transaction:
services write the rows first and the entry last, so it is the next one.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import JSON, Connection, Table

from app.models import InspectionItem, Inspector, Target

KINDS: dict[str, Table] = {
    "target": Target.__table__,  # type: ignore[dict-item]
    "inspector": Inspector.__table__,  # type: ignore[dict-item]
    "item": InspectionItem.__table__,  # type: ignore[dict-item]
}
# What a person did not say: found again from the rest, or about the row and not the thing.
_LEFT_OUT = frozenset({"id", "search", "name_key", "created_at", "updated_at", "batch_id"})
_NEXT = "(SELECT coalesce(max(seq), 0) + 1 FROM ledger)"


def install(connection: Connection) -> None:
    """(Re)make the triggers; rows without any version get their first.

    A migration that rebuilds a table drops its triggers, so this follows every upgrade.
    """
    for kind, table in KINDS.items():
        for name, statement in _triggers(kind, table):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
            connection.exec_driver_sql(statement)
        known = f"SELECT row_id FROM directory_version WHERE kind = '{kind}'"  # noqa: S608
        connection.exec_driver_sql(
            "INSERT INTO directory_version (kind, row_id, seq, body)"  # noqa: S608
            f" SELECT '{kind}', r.id, {_FIRST}, {_body(table, 'r')} FROM {table.name} AS r"
            f" WHERE r.id NOT IN ({known})"
        )


def triggers() -> dict[str, str]:
    """What ``install`` makes, by name: the check compares the database's own with it."""
    return dict(each for kind, table in KINDS.items() for each in _triggers(kind, table))


# A row that is older than the triggers counts from the last entry before it was made.
_FIRST = (
    "(SELECT coalesce(max(l.seq), 0) FROM ledger AS l"
    " WHERE substr(l.at, 1, 19) <= replace(substr(r.created_at, 1, 19), ' ', 'T'))"
)


def columns_of(table: Table) -> list[str]:
    """The columns a version keeps."""
    return [column.name for column in table.columns if column.name not in _LEFT_OUT]


def _triggers(kind: str, table: Table) -> Iterator[tuple[str, str]]:
    into = "INSERT INTO directory_version (kind, row_id, seq, body) VALUES"
    differs = " OR ".join(f'OLD."{name}" IS NOT NEW."{name}"' for name in columns_of(table))
    new = f"{into} ('{kind}', NEW.id, {_NEXT}, {_body(table, 'NEW')})"
    gone = f"{into} ('{kind}', OLD.id, {_NEXT}, NULL)"
    for when, condition, what in (
        ("INSERT", "", new),
        ("UPDATE", f"WHEN {differs}", new),
        ("DELETE", "", gone),
    ):
        name = f"{table.name}_version_{when.lower()}"
        yield (
            name,
            f"CREATE TRIGGER {name} AFTER {when} ON {table.name} {condition} BEGIN {what}; END",
        )


def _body(table: Table, row: str) -> str:
    pairs = []
    for name in columns_of(table):
        value = f'{row}."{name}"'
        if isinstance(table.columns[name].type, JSON):
            value = f"json({value})"
        pairs.append(f"'{name}', {value}")
    return f"json_object({', '.join(pairs)})"
