"""派单 against the records: who goes where must follow from result, addenda and redraws.

Independent of the rows' history: a rewritten ledger would still have to fit the chained records.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from app.domain import rd1
from app.domain.ways import Way
from app.services.draws.draw_outcome import OWN_GROUP

__all__ = ["task_faults"]

_TASKS = (
    "SELECT t.ident, s.replaced_by_id, a.personal_no AS lead, b.personal_no AS second,"
    " EXISTS (SELECT 1 FROM result r WHERE r.assignment_id = s.id"
    "   AND r.inspected_on IS NOT NULL) AS inspected"
    " FROM assignment s JOIN target t ON t.id = s.target_id"
    " LEFT JOIN inspector a ON a.id = s.lead_id LEFT JOIN inspector b ON b.id = s.second_id"
    " WHERE {column} = :draw"
)
_REDRAWS = text(
    "SELECT t.ident, p.personal_no AS out, CAST(r.result_bytes AS BLOB) AS result"
    " FROM substitution s JOIN draw r ON r.id = s.redraw_id AND r.state = 'closed'"
    " JOIN target t ON t.id = s.for_target_id JOIN inspector p ON p.id = s.out_inspector_id"
    " WHERE s.draw_id = :draw ORDER BY s.id"
)


def task_faults(connection: Connection, draw: Row[Any], addenda: Sequence[bytes]) -> Iterator[str]:
    """What a draw's tasks say otherwise than its records, one sentence each.

    A draw of targets alone says nothing of people; one of people for an earlier draw's targets
    nothing of targets.
    """
    states = _states(draw.plan, draw.result, addenda)
    later = draw.way == Way.LATER.value
    query = text(_TASKS.format(column="s.people_draw_id" if later else "s.draw_id"))
    rows = connection.execute(query, {"draw": draw.id}).all()
    if not later:
        yield from _target_faults(states[-1].targets(), rows)
    if draw.way != Way.TARGETS_ONLY.value:
        yield from _people_faults(connection, draw.id, states, rows)


def _target_faults(wanted: frozenset[str], rows: Sequence[Row[Any]]) -> Iterator[str]:
    in_force = {row.ident for row in rows if row.replaced_by_id is None}
    yield from (f"派单里没有 {each}" for each in sorted(wanted - in_force))
    yield from (f"派单里多出 {each}" for each in sorted(in_force - wanted))


def _people_faults(
    connection: Connection,
    draw_id: int,
    states: Sequence[rd1.Succession],
    rows: Sequence[Row[Any]],
) -> Iterator[str]:
    redraws = _redraws(connection, draw_id)
    for row in rows:
        # Whoever was replaced for good keeps what is inspected; a struck target keeps its people.
        past = row.inspected or row.replaced_by_id is not None
        allowed = {_people(state, row.ident) for state in (states if past else states[-1:])}
        for out, coming in redraws.get(row.ident, ()):
            after = {(people - {out}) | {coming} for people in allowed if out in people}
            allowed = allowed | after if past else after
        if frozenset(each for each in (row.lead, row.second) if each) not in allowed:
            yield f"派单与记录不同：{row.ident} 的检查人员"


def _states(plan: bytes, result: bytes, addenda: Sequence[bytes]) -> list[rd1.Succession]:
    frozen, drawn = rd1.parse_plan(plan), rd1.parse_result(result)
    records = [rd1.parse_addendum(data) for data in addenda]
    states = []
    for count in range(len(records) + 1):
        state = rd1.Succession(frozen, drawn)
        for record in records[:count]:
            state.apply(record)
        states.append(state)
    return states


def _people(state: rd1.Succession, target: str) -> frozenset[str]:
    return frozenset(state.people(target).get(OWN_GROUP, ()))


def _redraws(connection: Connection, draw_id: int) -> Mapping[str, list[tuple[str, str]]]:
    """Who left and who was drawn instead, by target, in order."""
    found: dict[str, list[tuple[str, str]]] = {}
    rows: Sequence[Any] = connection.execute(_REDRAWS, {"draw": draw_id}).all()
    for row in rows:
        for group in rd1.parse_result(row.result).groups:
            for one in group.ones:
                if one.target == row.ident and one.inspector is not None:
                    found.setdefault(row.ident, []).append((row.out, one.inspector))
    return found
