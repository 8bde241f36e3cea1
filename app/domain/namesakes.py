"""What tells targets of one name apart: a legal body may own several, each drawn for itself.

Two works of one firm carry the same name and often the same USCC; in a list, on a notice and in
a record they must not look alike.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.domain.target import kind_label

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site(Generic[K]):
    """A target as far as another of its name could be taken for it; ``key`` is the caller's."""

    key: K
    ident: str
    name: str
    address: str
    township: str
    kind: str


def site_words(sites: Iterable[Site[K]]) -> dict[K, str]:
    """Key → place, else kind, else both, else RD1 id; only for names that several bear."""
    groups: dict[str, list[Site[K]]] = defaultdict(list)
    for each in sites:
        groups[each.name].append(each)
    words: dict[K, str] = {}
    for group in groups.values():
        if len(group) > 1:
            words |= _apart(group)
    return words


def _apart(group: Sequence[Site[K]]) -> dict[K, str]:
    said = [
        (each.address or each.township, kind_label(each.kind), _both(each), each.ident)
        for each in group
    ]
    how_many = [Counter(texts) for texts in zip(*said, strict=True)]
    return {
        each.key: next(
            text
            for text, count in zip(texts, how_many, strict=True)
            if text and (count[text] == 1 or text == each.ident)
        )
        for each, texts in zip(group, said, strict=True)
    }


def _both(site: Site[K]) -> str:
    return "，".join(
        each for each in (site.address or site.township, kind_label(site.kind)) if each
    )


def with_site(name: str, site: str) -> str:
    """“某厂（东路1号）”; the bare name where no other bears it."""
    return f"{name}（{site}）" if site else name
