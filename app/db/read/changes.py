"""What was changed in the directories, read from the ledger: who, when, before and after."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

# A single edit names its row; imports and bulk changes hold many rows by id.  Both shapes are
# written by services.directories and services.intake.
_OF_ROW = text(
    "SELECT seq, at, actor, action,"
    " CASE WHEN json_type(detail, '$.rows') IS NULL THEN detail"
    "   ELSE json_extract(detail, :path) END AS detail"
    " FROM ledger WHERE action LIKE :kind || '.%'"
    "   AND (json_extract(detail, '$.id') = :id OR json_type(detail, :path) IS NOT NULL)"
    " ORDER BY seq DESC LIMIT 100"
)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field's value before and after, as stored."""

    field: str
    before: object
    after: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One edit of one row; ``new`` when it made the row."""

    seq: int
    at: datetime
    by: str
    action: str
    new: bool
    fields: tuple[FieldChange, ...]


def changes_of(connection: Connection, kind: str, row_id: int) -> tuple[Change, ...]:
    """The newest hundred edits of one row; ``kind``: target, inspector, item."""
    found = connection.execute(_OF_ROW, {"kind": kind, "id": row_id, "path": f'$.rows."{row_id}"'})
    return tuple(_change(*row) for row in found)


def _change(seq: int, at: str, actor: str, action: str, detail: str) -> Change:
    body = json.loads(detail)
    before, after = body.get("before") or {}, body.get("after") or {}
    return Change(
        seq=seq,
        at=datetime.fromisoformat(at),
        by=actor,
        action=action.partition(".")[2],
        new=body.get("before") is None,
        fields=tuple(FieldChange(name, before.get(name), value) for name, value in after.items()),
    )
