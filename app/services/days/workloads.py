"""按人员: what each inspector carries in a draw, over the quarters, and whether fit today."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from app.db.read import assignments, recusals, tallies
from app.db.read.assignments import AssignmentQuery
from app.db.read.recusals import Conflict
from app.db.read.tasks import Progress, TaskRow
from app.domain.fitness import SHORT_WORDS, UnfitOn
from app.domain.periods import Period
from app.models import Inspector
from app.services.tasks import fitness

__all__ = ["Workload", "WorkloadQuery", "of_draw"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkloadQuery:
    """Of which draw, as known today."""

    draw_no: str
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """One inspector with tasks in the draw, or who had some and was replaced in all.

    ``id`` is the inspector's row; ``loads``: (period, tasks) of the last four periods, oldest
    first; ``left_out`` of ``draws``: draws of the last twelve months the person was not eligible
    in; ``replaced``: times taken out of a task.
    """

    id: int
    personal_no: str
    name: str
    section: str
    tasks: tuple[TaskRow, ...]
    leads: int
    open: int
    next_due: date | None
    unfit: tuple[UnfitOn, ...]
    conflicts: tuple[Conflict, ...]
    loads: tuple[tuple[str, int], ...]
    left_out: int
    draws: int
    why: tuple[tuple[str, int], ...]
    replaced: int

    @property
    def load_words(self) -> str:
        """5 · 4 · 6: tasks of the last periods, oldest first."""
        return " · ".join(str(count) for _period, count in self.loads)

    @property
    def period_words(self) -> str:
        """2025年第四季度起: which periods ``load_words`` counts."""
        if not self.loads:
            return ""
        return f"{Period.parse(self.loads[0][0]).in_words()}起"

    @property
    def left_out_words(self) -> str:
        """2/5（请假 2）."""
        if not self.left_out:
            return ""
        why = "，".join(f"{SHORT_WORDS.get(code, code)} {count}" for code, count in self.why)
        return f"{self.left_out}/{self.draws}（{why}）"


def of_draw(connection: Connection, query: WorkloadQuery) -> tuple[Workload, ...]:
    """Everybody with tasks in the draw, the heaviest load first."""
    mine: dict[int, list[TaskRow]] = defaultdict(list)
    for team in assignments.teams(connection, AssignmentQuery(draw_no=query.draw_no)):
        for person in (team.lead_id, team.second_id):
            if person is not None:
                mine[person] += team.tasks
    counts = tallies.people(connection, query.today)
    against: dict[int, list[Conflict]] = defaultdict(list)
    for conflict in recusals.conflicts(connection, draw_no=query.draw_no):
        against[conflict.inspector_id].append(conflict)
    unfit = fitness.unfit_of(connection, mine, query.today, query.today)
    rows = connection.execute(
        select(
            Inspector.id,
            Inspector.personal_no,
            Inspector.name,
            Inspector.section,
            Inspector.squad,
        ).where(Inspector.id.in_(list(mine)))
    )
    found = []
    for row in rows:
        tasks = tuple(sorted(mine[row.id], key=lambda task: task.id))
        tally = counts[row.id]
        waiting = [task for task in tasks if task.progress is Progress.OPEN]
        found.append(
            Workload(
                id=row.id,
                personal_no=row.personal_no,
                name=row.name,
                section=row.section or row.squad,
                tasks=tasks,
                leads=sum(task.lead_id == row.id for task in tasks),
                open=len(waiting),
                next_due=min((task.due_on for task in waiting), default=None),
                unfit=tuple(one for one in unfit if one.person == row.personal_no),
                conflicts=tuple(against[row.id]),
                loads=tally.loads,
                left_out=tally.left_out,
                draws=tally.draws,
                why=tally.why,
                replaced=tally.replaced,
            )
        )
    return tuple(sorted(found, key=lambda one: (-len(one.tasks), one.personal_no)))
