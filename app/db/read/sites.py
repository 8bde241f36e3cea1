"""What tells the targets of a list apart whose name another target bears."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, exists, select
from sqlalchemy.orm import aliased

from app.db.read.query import pages
from app.domain import namesakes
from app.domain.namesakes import Site
from app.models import Target

_OTHER = aliased(Target)


def site_words(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    """Row id → address, else kind, else RD1 id, for targets whose name another one bears."""
    alike = exists().where(
        _OTHER.name_key == Target.name_key, _OTHER.name == Target.name, _OTHER.id != Target.id
    )
    names: dict[str, str] = {}
    wanted = sorted(set(ids))
    for page in pages(wanted):
        shared = select(Target.name, Target.name_key).where(Target.id.in_(page), alike)
        names.update((row.name, row.name_key) for row in connection.execute(shared))
    words: dict[int, str] = {}
    for keys in pages(sorted(set(names.values()))):
        found = connection.execute(
            select(
                Target.id,
                Target.ident,
                Target.name,
                Target.address,
                Target.township,
                Target.kind,
            ).where(Target.name_key.in_(keys))
        )
        words |= namesakes.site_words(
            Site(
                key=row.id,
                ident=row.ident,
                name=row.name,
                address=row.address,
                township=row.township,
                kind=row.kind,
            )
            for row in found
        )
    return {each: words[each] for each in wanted if each in words}


def shown_names(connection: Connection, names: Mapping[int, str]) -> dict[int, str]:
    """Row id → name, with its site where another target bears the same."""
    sites = site_words(connection, names)
    return {each: namesakes.with_site(name, sites.get(each, "")) for each, name in names.items()}
