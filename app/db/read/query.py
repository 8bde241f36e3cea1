"""What a person asks a list for, and how that becomes ordered ids.

A list keeps its ids in an ``array('q')`` and fetches rows as they come into sight: a million
rows cost 8 MB, and a jump anywhere costs one page.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from sqlalchemy import Connection

V = TypeVar("V")

# SQLite allows 32,766 variables in a statement; smaller pages also keep the window fluid.
_PAGE = 500
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Sort:
    """Order of the list: ``by`` is the column's sort name."""

    by: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What a person asks a list for.

    ``filters`` maps a filter's key to the chosen values; a key that is absent does not narrow.
    """

    search: str = ""
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sort: Sort | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """A value that occurs, and how often."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Listing:
    """One list in SQL: its table (alias ``t``) and what may be sorted and filtered by.

    ``sorts`` and ``filters`` map names to expressions; the first sort is the usual order.
    Expressions are the program's own text; what a person types travels as a bound value only.
    """

    table: str
    sorts: Mapping[str, str]
    filters: Mapping[str, str]


def fold(text: str) -> str:
    """The form in which text is stored for search and searched for.

    Half width, lower case, without invisible characters.
    """
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower()


def matching_ids(
    connection: Connection,
    listing: Listing,
    query: ListQuery,
    binds: Mapping[str, object] | None = None,
) -> array[int]:
    """Ids of all rows that match, in order, as ``array('q')``.

    Every word of the search must occur in the row's ``search`` column; of each filter one
    value must hold; empty values come last whichever way is sorted.
    """
    from sqlalchemy import text

    values: dict[str, object] = dict(binds or {})
    conditions = [*_search(query.search, values), *_narrow(listing, query.filters, values)]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    statement = f"SELECT t.id FROM {listing.table} AS t{where} ORDER BY {_order(listing, query)}"  # noqa: S608
    return array("q", connection.execute(text(statement), values).scalars())


def _search(search: str, values: dict[str, object]) -> Iterator[str]:
    for number, word in enumerate(fold(search).split()):
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        values[f"word{number}"] = f"%{escaped}%"
        yield f"t.search LIKE :word{number} ESCAPE '\\'"


def _narrow(
    listing: Listing, filters: Mapping[str, frozenset[str]], values: dict[str, object]
) -> Iterator[str]:
    for key, wanted in filters.items():
        names = []
        for number, value in enumerate(sorted(wanted)):
            values[f"{key}{number}"] = value
            names.append(f":{key}{number}")
        if names:
            yield f"{listing.filters[key]} IN ({', '.join(names)})"


def _order(listing: Listing, query: ListQuery) -> str:
    first = next(iter(listing.sorts))
    sort = query.sort or Sort(first)
    expression = listing.sorts[sort.by]
    way = " DESC" if sort.descending else ""
    tie = "" if sort.by == first else f", {listing.sorts[first]}"
    if sort.by == first:
        return f"{expression}{way}, t.id"
    return f"coalesce({expression}, '') = '', {expression}{way}{tie}, t.id"


def pages(ids: Sequence[V]) -> Iterator[Sequence[V]]:
    """``ids`` (or other keys) in portions that fit into one statement."""
    for start in range(0, len(ids), _PAGE):
        yield ids[start : start + _PAGE]
