"""What tells two sites of one name apart: a legal body may own several, each drawn for itself.

Two works of one firm carry the same name and often the same USCC; in a list, on a notice and in
a publication they must not look alike.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, exists, select
from sqlalchemy.orm import aliased

from app.db.read.query import pages
from app.models import Target

_OTHER = aliased(Target)


def site_words(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    """Row id → address, else township, else RD1 id, for targets whose name another one bears."""
    namesake = (_OTHER.name_key == Target.name_key, _OTHER.name == Target.name)
    alike = exists().where(*namesake, _OTHER.id != Target.id)
    same_place = exists().where(
        *namesake,
        _OTHER.id != Target.id,
        _OTHER.address == Target.address,
        _OTHER.township == Target.township,
    )
    words: dict[int, str] = {}
    for page in pages(sorted(set(ids))):
        found = connection.execute(
            select(
                Target.id,
                Target.ident,
                Target.address,
                Target.township,
                same_place.label("same_place"),
            ).where(Target.id.in_(page), alike)
        )
        for row in found:
            place = "" if row.same_place else row.address or row.township
            words[row.id] = place or row.ident
    return words


def with_site(name: str, site: str) -> str:
    """“某厂（东路1号）”; the bare name where no other bears it."""
    return f"{name}（{site}）" if site else name
