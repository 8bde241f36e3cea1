"""国家层面手续 for reading: the unit's choice, what is kept of one inspection, who has none yet."""

from __future__ import annotations

import json
from dataclasses import fields

from sqlalchemy import Connection, select

from app.domain.formalities import Demand, Formalities, NationalLayer
from app.models import Formality, Setting

__all__ = ["LAYER", "approved_ids", "layer", "of"]

LAYER = "national_layer"
"""Setting that holds the unit's choice."""


def layer(connection: Connection) -> NationalLayer:
    """The unit's choice; reminded of everything until it chose."""
    text = connection.execute(select(Setting.value).where(Setting.key == LAYER)).scalar()
    chosen = json.loads(text) if text else {}
    known = {each.name for each in fields(NationalLayer)}
    return NationalLayer(**{name: Demand(chosen[name]) for name in known & set(chosen)})


def of(connection: Connection, assignment_id: int, version: int) -> Formalities:
    """What is kept of one inspection: a task and the version of its result."""
    row = (
        connection.execute(
            select(Formality.__table__).where(
                Formality.assignment_id == assignment_id, Formality.version == version
            )
        )
        .mappings()
        .first()
    )
    if row is None:
        return Formalities()
    return Formalities(**{each.name: row[each.name] for each in fields(Formalities)})


def approved_ids(connection: Connection) -> frozenset[int]:
    """Assignments whose newest inspection was approved by somebody."""
    rows = connection.execute(
        select(Formality.assignment_id, Formality.approved_by).order_by(Formality.version)
    )
    newest = {row.assignment_id: row.approved_by for row in rows}
    return frozenset(each for each, name in newest.items() if name)
