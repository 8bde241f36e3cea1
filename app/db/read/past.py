"""The directories on any past day, from the versions the database keeps of each row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, text

from app.domain import inspector, item, target
from app.domain.fields import Field, FieldKind
from app.domain.snapshot import PastRow

FIELDS: Mapping[str, tuple[Field, ...]] = {
    "target": target.FIELDS,
    "inspector": inspector.FIELDS,
    "item": (*item.FIELDS, Field(name="in_force", label="启用", kind=FieldKind.BOOL)),
}
IDENTS = {"target": "ident", "inspector": "personal_no", "item": "code"}

_AT = text(
    "SELECT v.row_id, v.seq, v.body FROM directory_version AS v"
    " WHERE v.kind = :kind AND v.body IS NOT NULL AND v.id IN ("
    "  SELECT max(id) FROM directory_version WHERE kind = :kind AND seq <= :seq GROUP BY row_id)"
    " ORDER BY v.row_id"
)
# The sealing's own entry; a draw without one (made by another way) counts from its time.
_OF_DRAW = text(
    "SELECT coalesce("
    " (SELECT max(seq) FROM ledger WHERE action = 'draw.freeze' AND subject = d.no),"
    " (SELECT max(seq) FROM ledger WHERE substr(at, 1, 19)"
    "  <= replace(substr(d.frozen_at, 1, 19), ' ', 'T')), 0)"
    " FROM draw AS d WHERE d.no = :no"
)
_ONE = text(
    "SELECT v.seq, v.body, l.at, l.actor, l.action FROM directory_version AS v"
    " LEFT JOIN ledger AS l ON l.seq = v.seq"
    " WHERE v.kind = :kind AND v.row_id = :row AND v.id IN ("
    "  SELECT max(id) FROM directory_version WHERE kind = :kind AND row_id = :row GROUP BY seq)"
    " ORDER BY v.seq"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A point of the ledger: everything up to entry ``seq``; ``words`` name it."""

    seq: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowVersion:
    """One version of one row: when and by whom it came to be; ``row`` None: removed."""

    number: int
    seq: int
    at: datetime | None
    by: str
    row: PastRow | None


def now(connection: Connection) -> Moment:
    """The directories as they are."""
    seq = connection.execute(text("SELECT coalesce(max(seq), 0) FROM ledger")).scalar_one()
    return Moment(seq=int(seq), words="现在")


def on_day(connection: Connection, day: date) -> Moment:
    """The end of a day, in the office's own time."""
    midnight = datetime.combine(day + timedelta(days=1), time.min).astimezone()
    stamp = midnight.astimezone(UTC).isoformat(timespec="seconds")
    seq = connection.execute(
        text("SELECT coalesce(max(seq), 0) FROM ledger WHERE at < :stamp"), {"stamp": stamp}
    ).scalar_one()
    return Moment(seq=int(seq), words=f"{day}")


def at_draw(connection: Connection, no: str) -> Moment | None:
    """The directories a draw's list was sealed from; None if there is no such draw."""
    seq = connection.execute(_OF_DRAW, {"no": no}).scalar()
    if seq is None:
        return None
    return Moment(seq=int(seq), words=f"抽取 {no}")


def sealed_draws(connection: Connection) -> tuple[tuple[str, str], ...]:
    """(number, period) of the real draws, newest first: what a comparison may start from."""
    found = connection.execute(
        text("SELECT no, period FROM draw WHERE NOT rehearsal ORDER BY seq DESC")
    )
    return tuple((row.no, row.period) for row in found)


def size(connection: Connection, kind: str) -> int:
    """About how many rows a directory has, to know whether a look at it is long."""
    if kind not in IDENTS:
        return 0
    return int(connection.execute(text(f"SELECT count(*) FROM {kind}")).scalar_one())  # noqa: S608 - one of our own three names


_CHANGED = text(
    "SELECT v.row_id, v.seq, v.body FROM directory_version AS v"
    " WHERE v.kind = :kind AND v.body IS NOT NULL AND v.id IN ("
    "  SELECT max(id) FROM directory_version WHERE kind = :kind AND seq <= :seq"
    "  AND row_id IN (SELECT row_id FROM directory_version WHERE kind = :kind AND seq > :since)"
    "  GROUP BY row_id)"
    " ORDER BY v.row_id"
)


def rows_changed_since(
    connection: Connection, kind: str, since: Moment, moment: Moment
) -> list[PastRow]:
    """Rows as they were at ``moment``, only those that got a version after ``since``: all that
    a comparison from ``since`` on can differ in."""
    wanted = {"kind": kind, "seq": moment.seq, "since": since.seq}
    found = connection.execute(_CHANGED, wanted)
    return [_row(kind, row.row_id, row.seq, row.body) for row in found]


def rows_at(connection: Connection, kind: str, moment: Moment) -> list[PastRow]:
    """Every row of a directory as it was; ``kind``: target, inspector, item."""
    found = connection.execute(_AT, {"kind": kind, "seq": moment.seq})
    return [_row(kind, row.row_id, row.seq, row.body) for row in found]


def touched_since(connection: Connection, moment: Moment) -> bool:
    """Whether any row of a directory has a version after a moment."""
    newest = connection.execute(text("SELECT max(seq) FROM directory_version")).scalar()
    return (newest or 0) > moment.seq


def versions_of(connection: Connection, kind: str, row_id: int) -> tuple[RowVersion, ...]:
    """All versions of one row, oldest first."""
    found = connection.execute(_ONE, {"kind": kind, "row": row_id}).all()
    return tuple(
        RowVersion(
            number=number,
            seq=row.seq,
            at=datetime.fromisoformat(row.at) if row.at else None,
            by=row.actor or "",
            row=_row(kind, row_id, row.seq, row.body) if row.body else None,
        )
        for number, row in enumerate(found, 1)
    )


def draws_by_version(
    connection: Connection, versions: Sequence[RowVersion]
) -> dict[int, list[str]]:
    """Version number → the real draws that were sealed with it, oldest first."""
    found: dict[int, list[str]] = {}
    for no, _period in reversed(sealed_draws(connection)):
        moment = at_draw(connection, no)
        held = [each for each in versions if moment is not None and each.seq <= moment.seq]
        if held and held[-1].row is not None:
            found.setdefault(held[-1].number, []).append(no)
    return found


def who_and_when(connection: Connection, seqs: Sequence[int]) -> dict[int, tuple[datetime, str]]:
    """Time and person of ledger entries."""
    wanted = json.dumps(sorted(set(seqs)))
    found = connection.execute(
        text("SELECT seq, at, actor FROM ledger WHERE seq IN (SELECT value FROM json_each(:w))"),
        {"w": wanted},
    )
    return {row.seq: (datetime.fromisoformat(row.at), row.actor) for row in found}


def _row(kind: str, row_id: int, seq: int, body: str) -> PastRow:
    stored: dict[str, Any] = json.loads(body)
    values = {field.name: _value(field, stored.get(field.name)) for field in FIELDS[kind]}
    return PastRow(row_id, str(stored[IDENTS[kind]]), str(stored["name"]), values, seq)


def _value(field: Field, stored: Any) -> Any:
    """A value as the facts hold it; a column younger than the version is empty."""
    if field.kind is FieldKind.LIST:
        return tuple(stored or ())
    if field.kind is FieldKind.BOOL:
        return bool(stored)
    if field.kind is FieldKind.DATE:
        return date.fromisoformat(stored) if stored else None
    if field.kind is FieldKind.NUMBER:
        return stored
    return stored or ""
