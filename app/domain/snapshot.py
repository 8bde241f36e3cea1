"""A directory as it was, its digest, and what differs between two of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.fields import Field, shown


@dataclass(frozen=True, slots=True)
class PastRow:
    """One row as it was: ``ident`` names it in draws, ``values`` by field, ready to show.

    ``since``: the ledger entry these values count from.
    """

    id: int
    ident: str
    name: str
    values: Mapping[str, Any]
    since: int


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field that says something else, in words (empty is "")."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowDifference:
    """One row that came, went or changed; ``what``: added, removed, changed."""

    what: str
    id: int
    ident: str
    name: str
    fields: tuple[FieldDifference, ...]
    since: int

    @property
    def words(self) -> str:
        """新增, 移出 or 修改."""
        return {"added": "新增", "removed": "移出", "changed": "修改"}[self.what]


@dataclass(frozen=True, slots=True)
class DirectoryDifference:
    """What differs between two states of one directory, by ident; ``before``/``after`` count."""

    rows: tuple[RowDifference, ...]
    before: int
    after: int

    def count(self, what: str) -> int:
        """How many were added, removed or changed."""
        return sum(row.what == what for row in self.rows)

    @property
    def in_words(self) -> str:
        """325 家变为 327 家：新增 3，移出 1，修改 12."""
        counts = [f"{words} {self.count(what)}" for what, words in _WORDS if self.count(what)]
        change = "，".join(counts) or "没有变化"
        return f"{self.before} → {self.after}：{change}"


_WORDS = (("added", "新增"), ("removed", "移出"), ("changed", "修改"))

# Rows that are still listed but no longer in force; leaving force is leaving the directory.
GONE = {"state": frozenset({"closed", "moved", "retired"}), "in_force": frozenset({False})}


def is_listed(row: PastRow) -> bool:
    """Whether the row counts: closed and moved targets, retired people, items out of force do
    not."""
    return not any(row.values.get(name) in gone for name, gone in GONE.items())


def difference(
    before: Iterable[PastRow], after: Iterable[PastRow], fields: Sequence[Field]
) -> DirectoryDifference:
    """What became of each row; only ``fields`` are compared."""
    old = {row.id: row for row in before if is_listed(row)}
    new = {row.id: row for row in after if is_listed(row)}
    found = []
    for row_id in old.keys() | new.keys():
        then, now = old.get(row_id), new.get(row_id)
        if then is None and now is not None:
            found.append(_whole("added", now))
        elif now is None and then is not None:
            found.append(_whole("removed", then))
        elif then is not None and now is not None and then.values != now.values:
            changed = _fields(then, now, fields)
            if changed:
                found.append(
                    RowDifference("changed", row_id, now.ident, now.name, changed, now.since)
                )
    order = {"added": 0, "removed": 1, "changed": 2}
    rows = sorted(found, key=lambda row: (order[row.what], row.ident, row.id))
    return DirectoryDifference(tuple(rows), len(old), len(new))


def _whole(what: str, row: PastRow) -> RowDifference:
    return RowDifference(what, row.id, row.ident, row.name, (), row.since)


def _fields(then: PastRow, now: PastRow, fields: Sequence[Field]) -> tuple[FieldDifference, ...]:
    return tuple(
        FieldDifference(
            field.name,
            field.label,
            shown(field, then.values.get(field.name)),
            shown(field, now.values.get(field.name)),
        )
        for field in fields
        if then.values.get(field.name) != now.values.get(field.name)
    )


def digest(directories: Mapping[str, Iterable[PastRow]]) -> str:
    """SHA-256 over the listed rows of several directories: 64 hex digits.

    One JSON line per row, ``[kind, ident, {field: value}]`` with sorted keys, lines sorted.
    """
    lines = sorted(
        json.dumps(
            [kind, row.ident, dict(row.values)],
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
            default=_plain,
        )
        for kind, rows in directories.items()
        for row in rows
        if is_listed(row)
    )
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else str(value)
