"""Frozen dataclasses as plain JSON values for a row's column, and back."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


@cache
def _converter() -> Any:
    # Imported where used: it is slow to load and most commands need none.
    from cattrs.preconf.json import make_converter

    return make_converter()


def pack(facts: Any) -> dict[str, Any]:
    """As plain JSON values."""
    packed: dict[str, Any] = _converter().unstructure(facts)
    return packed


def unpack(packed: dict[str, Any], kind: type[T]) -> T:
    """Back from a row; fields that are newer than the row take their defaults."""
    facts: T = _converter().structure(packed, kind)
    return facts
