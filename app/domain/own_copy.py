"""A unit's own copy of a rulebook: what it changed, and whether the copied one lets it."""

from __future__ import annotations

from dataclasses import replace

from app.domain.quota import Deviation, departures
from app.domain.rulebook import Category, CopyOf, QuotaRule, Rulebook


def compared(own: Rulebook, base: Rulebook) -> Rulebook:
    """Give the copy with each number's usual rule beside it, level by level, class by class.

    Classes and levels the copied rulebook does not have are the unit's own matter.
    """
    copied = own.copy_of
    if copied is None:
        return own
    before = {(each.code, level): rule for each in base.categories for level, rule in each.quotas}
    categories = tuple(_category(category, before, copied) for category in own.categories)
    return replace(own, categories=categories)


def all_departures(own: Rulebook) -> tuple[Deviation, ...]:
    """Everything a copy changed in its numbers; UserError if the copied one forbids one of them."""
    return tuple(
        each
        for category in own.categories
        for _, rule in category.quotas
        for each in departures(rule, category)
    )


def _category(
    category: Category, before: dict[tuple[str, str], QuotaRule], copied: CopyOf
) -> Category:
    quotas = tuple(
        (level, replace(rule, usual=before.get((category.code, level)), copied=copied))
        for level, rule in category.quotas
    )
    return replace(category, quotas=quotas)
