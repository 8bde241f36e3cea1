"""Which target of the directory a line of somebody else's table means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from app.domain.codes import normal_code
from app.domain.fields import Field, is_empty
from app.exchange.cleaning import clean
from app.exchange.fates import plain_name
from app.exchange.mapping import SheetMapping
from app.exchange.sheets import Row
from app.models import Target

__all__ = ["Site", "TargetFinder", "values_of"]


@dataclass(frozen=True, slots=True)
class Site:
    """A target of the directory."""

    id: int
    ident: str
    name: str
    category: str


class TargetFinder:
    """Targets by each of their codes and by name."""

    def __init__(self, connection: Connection) -> None:
        self._codes: dict[str, list[Site]] = defaultdict(list)
        self._names: dict[str, list[Site]] = defaultdict(list)
        for row in connection.execute(select(Target.__table__)):
            site = Site(row.id, row.ident, row.name, row.category)
            codes = {row.ident, row.uscc, row.permit_no, row.reg_no, row.local_no}
            for code in codes - {""}:
                self._codes[code].append(site)
            self._names[plain_name(row.name)].append(site)

    def find(self, name: str, code: str) -> tuple[Site | None, str]:
        """The target meant and how it was found, or None with what a person should do."""
        coded = self._codes.get(normal_code(code), []) if code else []
        named = self._names.get(plain_name(name), [])
        if len(coded) == 1:
            return coded[0], "代码相同"
        both = [site for site in coded if site in named]
        if len(both) == 1:
            return both[0], "代码和名称相同"
        if coded:
            return None, f"这个代码在名录里有 {len(coded)} 个场所，请改填排污许可证编号"
        if len(named) == 1:
            return named[0], "名称相同"
        if named:
            return None, f"名录里有 {len(named)} 个同名对象，请补上代码"
        return None, "名录里没有这个检查对象，请先导入名录或核对名称、代码"


def values_of(
    cells: Row, mapping: SheetMapping, fields: Sequence[Field]
) -> tuple[dict[str, Any], list[str]]:
    """The cleaned values of a row by field, and what is wrong with its cells."""
    values: dict[str, Any] = {}
    problems = []
    for field in fields:
        column = mapping.by_field.get(field.name)
        if column is None:
            continue
        cleaned = clean(cells[column] if column < len(cells) else None, field)
        if cleaned.problem:
            problems.append(cleaned.problem)
        elif not is_empty(cleaned.value):
            values[field.name] = cleaned.value
    return values, problems
