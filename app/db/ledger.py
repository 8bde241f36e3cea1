"""台账: the hash-chained, append-only record of who did what, and its verification.

hash(n) = SHA-256 of the UTF-8 JSON array [seq, at, actor, action, subject, detail, prev].
Triggers (made by the migration) refuse UPDATE, DELETE, gaps and a wrong ``prev``.  A cut tail
or a wholly rewritten chain shows only against a head printed on paper, so the head stands on
every record.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from app.db import row_history
from app.db.row_history import ChangeSet

GENESIS = "0" * 64
DATA = "data"
"""Key of an entry's detail: SHA-256 of the row changes beside it, so the hash covers them."""

GUARDS = {
    "ledger_no_update": "CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger"
    " BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END",
    "ledger_no_delete": "CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger"
    " BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END",
    "ledger_in_order": "CREATE TRIGGER ledger_in_order BEFORE INSERT ON ledger"
    " WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM ledger)"
    " OR NEW.prev IS NOT coalesce( (SELECT hash FROM ledger ORDER BY seq DESC LIMIT 1),"
    " '0000000000000000000000000000000000000000000000000000000000000000')"
    " BEGIN SELECT RAISE(ABORT, 'ledger entry does not follow the head'); END",
}
"""The triggers the migration makes, white space folded: a disarmed one has another text."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry: its number (0 for an empty ledger) and hash (64 hex)."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where the chain does not hold."""

    seq: int
    what: str


def entry_hash(
    seq: int, at: str, actor: str, action: str, subject: str, detail: str, prev: str
) -> str:
    """Hash of one entry, 64 lower-case hex digits."""
    body = json.dumps(
        [seq, at, actor, action, subject, detail, prev], ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(body.encode("utf-8")).hexdigest()


def head(source: Connection | Session) -> Head:
    """The chain's head as the database holds it now."""
    row = source.execute(text("SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1")).first()
    return Head(0, GENESIS) if row is None else Head(row.seq, row.hash)


def append(
    session: Session,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    detail: Mapping[str, object],
    changes: ChangeSet | None = None,
) -> Head:
    """Write one entry behind the head, within the caller's transaction."""
    last = head(session)
    stamp = at.isoformat(timespec="seconds")
    bound = {**detail, DATA: changes.sha256} if changes else detail
    body = json.dumps(bound, ensure_ascii=False, sort_keys=True, default=str)
    digest = entry_hash(last.seq + 1, stamp, actor, action, subject, body, last.hash)
    session.execute(
        text(
            "INSERT INTO ledger (seq, at, actor, action, subject, detail, prev, hash, changes)"
            " VALUES (:seq, :at, :actor, :action, :subject, :detail, :prev, :hash, :changes)"
        ),
        {
            "seq": last.seq + 1,
            "at": stamp,
            "actor": actor,
            "action": action,
            "subject": subject,
            "detail": body,
            "prev": last.hash,
            "hash": digest,
            "changes": changes.packed if changes else None,
        },
    )
    return Head(last.seq + 1, digest)


def _fits(detail: str, changes: bytes | None) -> bool:
    told: object = json.loads(detail).get(DATA)
    if changes is None or told is None:
        return changes is None and told is None
    try:
        return told == hashlib.sha256(row_history.unpacked(changes)).hexdigest()
    except (ValueError, TypeError):
        return False


def faults(source: Connection | Session) -> Iterator[Fault]:
    """Walk the whole chain; yield each entry that is missing, changed or out of order."""
    expected, prev = 1, GENESIS
    for row in source.execute(
        text(
            "SELECT seq, at, actor, action, subject, detail, prev, hash, changes"
            " FROM ledger ORDER BY seq"
        )
    ):
        if row.seq != expected:
            yield Fault(expected, f"第 {expected} 条缺失（接着的是第 {row.seq} 条）")
        if row.prev != prev:
            yield Fault(row.seq, f"第 {row.seq} 条与前一条不相接")
        digest = entry_hash(
            row.seq, row.at, row.actor, row.action, row.subject, row.detail, row.prev
        )
        if digest != row.hash:
            yield Fault(row.seq, f"第 {row.seq} 条内容被改动")
        elif not _fits(row.detail, row.changes):
            yield Fault(row.seq, f"第 {row.seq} 条所附的改动明细被改动")
        expected, prev = row.seq + 1, row.hash
