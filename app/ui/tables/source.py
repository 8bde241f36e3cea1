"""Where a table's rows come from.

The table asks for the ids in order once (in the background), keeps them in an
``array('q')`` and fetches rows a page at a time as they come into sight.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from app.db.read.query import ListQuery


class TableSource(Protocol):
    """Both are called on a worker thread and may block."""

    def ids(self, query: ListQuery) -> array[int]:
        """All matching ids in order, as ``array('q')``."""

    def rows(self, ids: Sequence[int]) -> Sequence[Any]:
        """The rows of ``ids``, each with an attribute ``id``, in any order.

        A row deleted meanwhile is left out.
        """


@dataclass(frozen=True, slots=True)
class ReadSource:
    """A source made of two reads of a workspace.

    ``ReadSource(lambda query: workspace.read(target_ids, query),
    lambda ids: workspace.read(target_rows, ids))``
    """

    find: Callable[[ListQuery], array[int]]
    fetch: Callable[[Sequence[int]], Sequence[Any]]

    def ids(self, query: ListQuery) -> array[int]:
        """See ``TableSource``."""
        return self.find(query)

    def rows(self, ids: Sequence[int]) -> Sequence[Any]:
        """See ``TableSource``."""
        return self.fetch(ids)
