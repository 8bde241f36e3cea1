"""Large tables without the garbage collector's pauses.

A table of 100,000 rows is millions of small objects without a cycle among them.  The collector
looks through all of them again and again with the interpreter lock held: the window stood still
for a second at a time, and a third of the work's time went into it.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator

_LARGE = 20_000  # rows


@contextlib.contextmanager
def undisturbed(rows: int) -> Iterator[None]:
    """No collection while many rows are worked on; what was made is not looked through later.

    What an earlier table left is given back to the collector first, so nothing adds up.
    """
    if rows < _LARGE:
        yield
        return
    gc.unfreeze()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
