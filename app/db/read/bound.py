"""Draws whose targets a later one takes: inspectors drawn later, experts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, exists, select

from app.domain.inspection import ResultState
from app.models import (
    Assignment,
    AssignmentMember,
    Draw,
    DrawnTarget,
    DrawState,
    Result,
    Target,
)

__all__ = [
    "CHOSEN",
    "FirstDraw",
    "FirstTask",
    "MemberRow",
    "WaitingDraw",
    "first_draw",
    "has_members",
    "members",
    "task_ids",
    "waiting",
]

# Begins the group of an expert the unit chose; the expert's number follows.
CHOSEN = "chosen:"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstTask:
    """A task of the first draw that nobody has been to yet."""

    ident: str
    stratum: str
    category: str
    flags: str
    has_people: bool
    groups: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstDraw:
    """A closed draw with its open tasks; ``result`` is F, empty if it was made elsewhere."""

    id: int
    no: str
    period: str
    rehearsal: bool
    way: str
    result: str
    tasks: tuple[FirstTask, ...]


def first_draw(connection: Connection, no: str) -> FirstDraw | None:
    """The closed draw of this number with what is still open of it; None if there is none."""
    row = connection.execute(
        select(
            Draw.id, Draw.no, Draw.period, Draw.rehearsal, Draw.way, Draw.result_hash, Draw.state
        ).where(Draw.no == no, Draw.state == DrawState.CLOSED)
    ).first()
    if row is None:
        return None
    return FirstDraw(
        id=row.id,
        no=row.no,
        period=row.period,
        rehearsal=row.rehearsal,
        way=row.way,
        result=row.result_hash or "",
        tasks=_tasks(connection, row.id),
    )


def _tasks(connection: Connection, draw_id: int) -> tuple[FirstTask, ...]:
    groups: dict[int, set[str]] = defaultdict(set)
    sent = connection.execute(
        select(AssignmentMember.assignment_id, AssignmentMember.group)
        .join(Assignment, Assignment.id == AssignmentMember.assignment_id)
        .where(Assignment.draw_id == draw_id)
    )
    for member in sent:
        groups[member.assignment_id].add(member.group)
    rows = connection.execute(
        select(
            Assignment.id,
            Target.ident,
            Assignment.category,
            Assignment.flags,
            Assignment.lead_id,
            DrawnTarget.stratum,
        )
        .join(Target, Target.id == Assignment.target_id)
        .outerjoin(
            DrawnTarget,
            and_(DrawnTarget.draw_id == draw_id, DrawnTarget.target_id == Assignment.target_id),
        )
        .outerjoin(
            Result,
            and_(Result.assignment_id == Assignment.id, Result.state != ResultState.VOIDED),
        )
        .where(
            Assignment.draw_id == draw_id,
            Assignment.replaced_by_id.is_(None),
            Result.inspected_on.is_(None),
        )
        .order_by(Assignment.id)
    )
    return tuple(
        FirstTask(
            ident=row.ident,
            stratum=row.stratum or row.category,
            category=row.category,
            flags=row.flags,
            has_people=row.lead_id is not None,
            groups=frozenset(groups[row.id]),
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingDraw:
    """A closed draw of a period a bound draw can take its targets from."""

    no: str
    way: str
    rehearsal: bool
    waiting: int  # targets without people
    short: int  # targets whose need nobody meets
    open: int  # targets nobody has been to


def waiting(connection: Connection, period: str, rehearsal: bool) -> tuple[WaitingDraw, ...]:
    """The draws of a period with open tasks, newest first."""
    numbers = connection.execute(
        select(Draw.no)
        .where(Draw.period == period, Draw.rehearsal.is_(rehearsal), Draw.state == DrawState.CLOSED)
        .order_by(Draw.id.desc())
    ).scalars()
    found = []
    for no in numbers.all():
        first = first_draw(connection, no)
        if first is None or not first.tasks:
            continue
        found.append(
            WaitingDraw(
                no=no,
                way=first.way,
                rehearsal=first.rehearsal,
                waiting=sum(not task.has_people for task in first.tasks),
                short=sum("S" in task.flags for task in first.tasks),
                open=len(first.tasks),
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """Who goes along from another group; ``name`` empty: nobody was left."""

    group: str
    title: str
    name: str
    flags: str
    ident: str = ""

    @property
    def chosen(self) -> bool:
        """Whether the unit chose the expert: nobody drew them."""
        return self.group.startswith(CHOSEN)

    @property
    def words(self) -> str:
        """Who and where from, as a table shows it."""
        mark = "指定" if self.chosen else ""
        return f"{self.name or '无人可派'}（{mark}{self.title}）"


def members(connection: Connection, assignments: Sequence[int]) -> dict[int, tuple[MemberRow, ...]]:
    """Departments' inspectors and experts of some tasks, by the task's id."""
    found: dict[int, list[MemberRow]] = defaultdict(list)
    rows = connection.execute(
        select(AssignmentMember.__table__)
        .where(AssignmentMember.assignment_id.in_(assignments))
        .order_by(AssignmentMember.assignment_id, AssignmentMember.group)
    )
    for row in rows:
        found[row.assignment_id].append(
            MemberRow(
                group=row.group,
                title=row.title,
                name=row.name,
                flags=row.flags,
                ident=row.ident,
            )
        )
    return {key: tuple(value) for key, value in found.items()}


def has_members(connection: Connection, no: str) -> bool:
    """Whether anybody of another department, or an expert, goes along in a draw's tasks."""
    return bool(
        connection.scalar(
            select(
                exists().where(
                    AssignmentMember.assignment_id == Assignment.id,
                    Assignment.draw_id == Draw.id,
                    Draw.no == no,
                )
            )
        )
    )


def task_ids(connection: Connection, draw_id: int) -> dict[str, tuple[int, str]]:
    """Row id and serial of a draw's tasks in force, by the target's ident."""
    rows = connection.execute(
        select(Target.ident, Assignment.id, Assignment.serial)
        .join(Target, Target.id == Assignment.target_id)
        .where(Assignment.draw_id == draw_id, Assignment.replaced_by_id.is_(None))
    )
    return {row.ident: (row.id, row.serial) for row in rows}
