"""检查组与派单: tasks by target and by team, with what is owed and how far it is."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from sqlalchemy import Connection, func, select

from app.db.read.bound import members
from app.db.read.query import ListQuery
from app.db.read.tasks import (
    Progress,
    TaskRow,
    in_draws,
    page_of,
    read_tasks,
    tasks_ever,
    tasks_of,
    with_progress,
)
from app.models import Assignment, Draw, DrawState, Inspector, Substitution, Target

__all__ = ["AssignmentQuery", "DrawChoice", "TeamRow", "draws", "ids", "rows", "teams"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentQuery:
    """Whose tasks are put together by team; empty fields do not narrow."""

    draw_no: str = ""
    period: str = ""
    search: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawChoice:
    """A closed draw that has tasks."""

    id: int
    no: str
    period: str
    closed_on: date | None
    tasks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRow:
    """检查组: its number (None: a pair for one or more targets), people and tasks."""

    id: int  # of its first task: a list needs a number
    draw_no: str
    number: int | None
    lead_id: int | None
    lead: str
    second_id: int | None
    second: str
    tasks: tuple[TaskRow, ...]

    @property
    def name(self) -> str:
        """第 3 组, or the two names."""
        return self.tasks[0].team

    @property
    def inspected(self) -> int:
        """Tasks with a result under way or done."""
        return sum(1 for task in self.tasks if task.progress is not Progress.OPEN)

    @property
    def next_due(self) -> date | None:
        """The nearest day on which something not yet locked is due."""
        open_ones = [task.due_on for task in self.tasks if task.progress is not Progress.LOCKED]
        return min(open_ones, default=None)

    @property
    def flags_in_words(self) -> tuple[str, ...]:
        """Every flag of its tasks once."""
        return tuple(dict.fromkeys(word for task in self.tasks for word in task.flags_in_words))


_SORTS = {
    "serial": Assignment.id,  # as drawn: A-100 follows A-99
    "target_name": Target.name,
    "category": Assignment.category,
    "team_no": Assignment.team_no,
    "due_on": Assignment.due_on,
}


def draws(connection: Connection) -> tuple[DrawChoice, ...]:
    """Closed draws with their number of tasks, newest first; rehearsals have none that count."""
    rows = connection.execute(
        select(Draw.id, Draw.no, Draw.period, Draw.closed_at, func.count(Assignment.id).label("n"))
        .join(Assignment, Assignment.draw_id == Draw.id)
        .where(
            Draw.state == DrawState.CLOSED,
            Draw.rehearsal.is_(False),
            Assignment.replaced_by_id.is_(None),
        )
        .group_by(Draw.id)
        .order_by(Draw.seq.desc(), Draw.id.desc())
    )
    return tuple(
        DrawChoice(
            id=row.id,
            no=row.no,
            period=row.period,
            closed_on=row.closed_at.astimezone().date() if row.closed_at else None,
            tasks=row.n,
        )
        for row in rows
    )


def ids(connection: Connection, query: ListQuery) -> array[int]:
    """Assignment ids in order; filters: draw (number), period, category, progress, replaced, only.

    ``replaced`` "1": those whose target was substituted are among them; ``only``: these ids.
    """
    filters = query.filters
    every = tasks_ever() if "1" in filters.get("replaced", ()) else tasks_of()
    statement = in_draws(every, search=query.search).with_only_columns(
        Assignment.id, maintain_column_froms=True
    )
    if filters.get("only"):
        statement = page_of(statement, [int(each) for each in filters["only"]])
    if filters.get("draw"):
        statement = statement.where(Draw.no.in_(sorted(filters["draw"])))
    if filters.get("period"):
        statement = statement.where(Draw.period.in_(sorted(filters["period"])))
    if filters.get("category"):
        statement = statement.where(Assignment.category.in_(sorted(filters["category"])))
    wanted = frozenset(Progress(value) for value in filters.get("progress", ()))
    column = _SORTS.get(query.sort.by if query.sort else "serial", Assignment.id)
    order = column.desc() if query.sort and query.sort.descending else column.asc()
    found = connection.execute(
        with_progress(statement, wanted).order_by(order, Draw.seq.desc(), Assignment.id)
    )
    return array("q", (row.id for row in found))


def rows(connection: Connection, wanted: Sequence[int]) -> tuple[TaskRow, ...]:
    """The tasks with these ids, in any order, with who comes along and who was taken out."""
    former, along = _former(connection), members(connection, wanted)
    return tuple(
        replace(
            task,
            former=former.get(task.id, ()),
            along=tuple(row.words for row in along.get(task.id, ())),
        )
        for task in read_tasks(connection, page_of(tasks_ever(), wanted))
    )


def _former(connection: Connection) -> dict[int, tuple[str, ...]]:
    """Names of the people replaced in each task, in order."""
    found: dict[int, list[str]] = {}
    for row in connection.execute(
        select(Inspector.name, Substitution.assignment_ids)
        .join(Inspector, Inspector.id == Substitution.out_inspector_id)
        .where(Substitution.in_inspector_id.is_not(None))
        .order_by(Substitution.id)
    ):
        for task in row.assignment_ids:
            found.setdefault(task, []).append(row.name)
    return {task: tuple(names) for task, names in found.items()}


def teams(connection: Connection, query: AssignmentQuery) -> tuple[TeamRow, ...]:
    """Tasks put together by team: by its number, else by who goes together."""
    statement = in_draws(
        tasks_of(), period=query.period, draw_no=query.draw_no, search=query.search
    ).order_by(Assignment.id)
    found = sorted(read_tasks(connection, statement), key=_team_order)
    return tuple(_team(tuple(tasks)) for _key, tasks in groupby(found, key=_team_key))


def _team_key(task: TaskRow) -> tuple[str, int, int, int]:
    return (task.draw_no, task.team_no or 0, task.lead_id or 0, task.second_id or 0)


def _team_order(task: TaskRow) -> tuple[str, int, int, int, int]:
    return (*_team_key(task), task.id)


def _team(tasks: tuple[TaskRow, ...]) -> TeamRow:
    first = tasks[0]
    return TeamRow(
        id=first.id,
        draw_no=first.draw_no,
        number=first.team_no,
        lead_id=first.lead_id,
        lead=first.lead,
        second_id=first.second_id,
        second=first.second,
        tasks=tasks,
    )
