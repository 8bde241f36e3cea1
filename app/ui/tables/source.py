"""Where a table's rows come from.

The table asks for the ids in order once (in the background), keeps them in an
``array('q')`` and fetches rows a page at a time as they come into sight.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Sort:
    """Order of the list: ``by`` is the column's sort name."""

    by: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class TableQuery:
    """What a person asks a list for.

    ``filters`` maps a filter's key to the chosen values; a key that is absent
    does not narrow.
    """

    search: str = ""
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sort: Sort | None = None


class TableSource(Protocol):
    """Both are called on a worker thread and may block."""

    def ids(self, query: TableQuery) -> array[int]:
        """All matching ids in order, as ``array('q')``."""

    def rows(self, ids: Sequence[int]) -> Sequence[Any]:
        """The rows of ``ids``, each with an attribute ``id``, in any order;
        a row deleted meanwhile is left out."""
