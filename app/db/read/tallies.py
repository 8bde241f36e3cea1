"""Counts over the quarters: who carried how much, who was left out how often, what was replaced.

They decide nothing.  They are shown and printed because a false recusal or a convenient leave
repeats itself (RD1 §7).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, select

from app.models import Assignment, Draw, DrawState, Inspector, Substitution, Target

__all__ = [
    "YEAR",
    "PersonTally",
    "TargetTally",
    "left_out",
    "loads",
    "people",
    "periods",
    "targets",
]

YEAR = timedelta(days=365)
"""How far back is counted: the last twelve months."""

_PERIODS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonTally:
    """One inspector over the last twelve months.

    ``loads``: (period, tasks) of the last four drawn periods, oldest first.  ``left_out``: draws
    that listed the person as not eligible, of ``draws`` in all; ``why`` counts the codes.
    ``replaced``: times taken out of a task after a draw.
    """

    id: int
    personal_no: str
    loads: tuple[tuple[str, int], ...]
    left_out: int
    draws: int
    why: tuple[tuple[str, int], ...]
    replaced: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetTally:
    """One target over the last twelve months: redraws, people and the target itself replaced."""

    ident: str
    redraws: int
    people: int
    struck: int


def periods(connection: Connection) -> tuple[str, ...]:
    """The last four periods that have tasks, oldest first."""
    rows = connection.execute(
        select(Draw.period, Draw.seq)
        .join(Assignment, Assignment.draw_id == Draw.id)
        .where(Draw.state == DrawState.CLOSED, Draw.rehearsal.is_(False))
        .distinct()
        .order_by(Draw.period.desc())
    )
    return tuple(reversed(list(dict.fromkeys(row.period for row in rows))[:_PERIODS]))


def loads(connection: Connection) -> dict[int, Counter[str]]:
    """Tasks in force per inspector (row id) and period."""
    rows = connection.execute(
        select(Draw.period, Assignment.lead_id, Assignment.second_id)
        .join(Draw, Draw.id == Assignment.draw_id)
        .where(
            Draw.state == DrawState.CLOSED,
            Draw.rehearsal.is_(False),
            Assignment.replaced_by_id.is_(None),
        )
    )
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for person in (row.lead_id, row.second_id):
            if person is not None:
                found[person][row.period] += 1
    return found


def left_out(
    connection: Connection, today: date, before: int | None = None
) -> tuple[int, dict[str, Counter[str]]]:
    """How many draws of targets there were, and per personal number the codes that left one out.

    ``before``: only draws of the same series before this draw's row id are counted.
    """
    redraws = select(Substitution.redraw_id).where(Substitution.redraw_id.is_not(None))
    statement = select(Draw.id, Draw.plan_bytes, Draw.frozen_at).where(
        Draw.state == DrawState.CLOSED, Draw.rehearsal.is_(False), Draw.id.not_in(redraws)
    )
    if before is not None:
        statement = statement.where(Draw.id < before)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    draws = 0
    for row in connection.execute(statement):
        if row.frozen_at.astimezone().date() <= today - YEAR:
            continue
        draws += 1
        for person, code in _ineligible(row.plan_bytes):
            found[person][code] += 1
    return draws, found


def _ineligible(plan: bytes) -> Iterator[tuple[str, str]]:
    """Person and code of every ``ins`` line that is not eligible; the rest is not parsed."""
    for line in plan.splitlines():
        if line.startswith(b"ins|"):
            fields = line.decode("utf-8").split("|")
            if len(fields) > 7 and fields[6] == "0":
                yield fields[1], fields[7]


def people(connection: Connection, today: date) -> dict[int, PersonTally]:
    """Every inspector's counts by row id."""
    carried, shown = loads(connection), periods(connection)
    draws, out = left_out(connection, today)
    replaced = Counter(
        connection.scalars(
            select(Substitution.out_inspector_id).where(
                Substitution.out_inspector_id.is_not(None), Substitution.on > today - YEAR
            )
        )
    )
    return {
        row.id: PersonTally(
            id=row.id,
            personal_no=row.personal_no,
            loads=tuple((period, carried[row.id][period]) for period in shown)
            if row.id in carried
            else tuple((period, 0) for period in shown),
            left_out=sum(out[row.personal_no].values()) if row.personal_no in out else 0,
            draws=draws,
            why=tuple(sorted(out[row.personal_no].items())) if row.personal_no in out else (),
            replaced=replaced[row.id],
        )
        for row in connection.execute(select(Inspector.id, Inspector.personal_no))
    }


def targets(connection: Connection, today: date) -> dict[str, TargetTally]:
    """Counts of every target something was replaced for, by ident; void redraws count too."""
    idents = {row.id: row.ident for row in connection.execute(select(Target.id, Target.ident))}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in connection.execute(
        select(Substitution.policy, Substitution.out_target_id, Substitution.for_target_id).where(
            Substitution.on > today - YEAR
        )
    ):
        if row.out_target_id is not None:
            counts[idents[row.out_target_id]]["struck"] += 1
        elif row.for_target_id is not None:
            kind = "redraws" if row.policy == "redraw" else "people"
            counts[idents[row.for_target_id]][kind] += 1
    return {
        ident: TargetTally(
            ident=ident,
            redraws=count["redraws"],
            people=count["people"],
            struck=count["struck"],
        )
        for ident, count in counts.items()
    }
