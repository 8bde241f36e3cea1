"""Inspectors in a form: the words a squad reads, and whom the words that came back mean."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from app.exchange.fates import plain_name
from app.models import Inspector

__all__ = ["People"]


class People:
    """Everybody of the directory, by name, number and certificate."""

    def __init__(self, connection: Connection) -> None:
        rows = connection.execute(
            select(Inspector.id, Inspector.name, Inspector.personal_no, Inspector.cert_no)
        ).all()
        times = Counter(plain_name(row.name) for row in rows)
        self._words: dict[int, str] = {}
        self._numbers: dict[int, str] = {}
        self._known: dict[str, set[int]] = defaultdict(set)
        for row in rows:
            alone = times[plain_name(row.name)] == 1
            self._words[row.id] = row.name if alone else f"{row.name}（{row.personal_no}）"
            self._numbers[row.id] = row.personal_no
            for key in {plain_name(row.name), plain_name(self._words[row.id])} - {""}:
                self._known[key].add(row.id)
            for key in {row.personal_no, row.cert_no} - {""}:
                self._known[key].add(row.id)

    def words(self, ids: Iterable[int]) -> tuple[str, ...]:
        """Names, with the number where two bear one name."""
        return tuple(self._words.get(each, f"已不在名录（{each}）") for each in ids)

    def numbers(self, ids: Iterable[int]) -> list[str]:
        """Their personal numbers: what another installation knows them by."""
        return [self._numbers[each] for each in ids if each in self._numbers]

    def find(self, words: Sequence[str]) -> tuple[tuple[int, ...], str]:
        """Row ids of those named, and what is wrong (empty if nothing)."""
        found: list[int] = []
        for word in words:
            known = self._known.get(plain_name(word)) or self._known.get(word.strip()) or set()
            if len(known) != 1:
                why = f"名录里有 {len(known)} 个，请写人员编号" if known else "名录里没有"
                return tuple(found), f"检查人员“{word}”{why}"
            found += known
        return tuple(dict.fromkeys(found)), ""
