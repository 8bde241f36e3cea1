"""What a report is counted from: the draws of a period, their tasks as they stood on a day.

The report, its public edition and the course over the quarters all count here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from app.db.read.standings import Standing, standings
from app.domain import publicity
from app.domain import report as figures
from app.domain.completion import TaskStanding, is_done
from app.domain.inspection import VOIDED_SOURCE, Conclusion
from app.domain.periods import Period, Span
from app.domain.report import Base, Line, OutsideVisit, Report, ReportedTask
from app.domain.rule_facts import InspectionKind
from app.domain.rulebook import Rulebook
from app.domain.ways import Way
from app.models import Assignment, Draw, DrawState, InspectionEntry
from app.services import rulebooks
from app.services.draws.draw_facts import unpack_facts
from app.services.plans.planning import PlanLine

__all__ = [
    "OUTSIDE",
    "Counted",
    "Head",
    "as_of_day",
    "compute",
    "count",
    "ground_of",
    "heads",
    "totals",
]

# A drawn inspection of before the program's time, another department's draw we took part in and the
# superior's own are none of them, unless somebody named the rulebook's kind.
_DRAWN_ELSEWHERE = (InspectionKind.OWN, InspectionKind.SUPERIOR, InspectionKind.JOINT)
OUTSIDE = (
    InspectionEntry.assignment_id.is_(None)
    & InspectionEntry.source.not_like(f"%{VOIDED_SOURCE}")
    & (
        (InspectionEntry.ground != "")
        | InspectionEntry.kind.not_in([each.value for each in _DRAWN_ELSEWHERE])
    )
)


def as_of_day(period: Period, today: date) -> date:
    """The day a period's figures speak of: a month's last, else today."""
    return min(today, period.last_day) if period.span is Span.MONTH else today


def ground_of(ground: str, kind: str) -> str:
    """The rulebook's kind if somebody named it, else the ledger's."""
    return ground or InspectionKind(kind).label


@dataclass(frozen=True, slots=True)
class Counted:
    """Everything one report is computed from."""

    tasks: tuple[ReportedTask, ...]
    bases: tuple[Base, ...]
    outside: tuple[OutsideVisit, ...]
    grounds: tuple[str, ...]


def count(connection: Connection, period: Period, as_of: date) -> Counted:
    """All that a period's report is computed from, as it stood on a day."""
    rulebook = rulebooks.of_unit(connection)
    draws = _draws(connection, period, as_of)
    outside = rulebook.outside_draw
    return Counted(
        _tasks(connection, rulebook, draws, as_of),
        _bases(connection, rulebook, draws),
        _visits(connection, period, as_of),
        () if outside is None else tuple(outside.value),
    )


def compute(connection: Connection, period: Period, as_of: date) -> Report:
    """The figures of a period as they stood on a day."""
    found = count(connection, period, as_of)
    return figures.compute(found.tasks, found.bases, found.outside, found.grounds)


def totals(connection: Connection, periods: Sequence[Period], today: date) -> tuple[Line, ...]:
    """The sum of each period's report, as it would stand there."""
    rulebook = rulebooks.of_unit(connection)
    found = []
    for each in periods:
        as_of = as_of_day(each, today)
        tasks = _tasks(connection, rulebook, _draws(connection, each, as_of), as_of)
        found.append(figures.compute(tasks, (), ()).total)
    return tuple(found)


def _draws(connection: Connection, period: Period, as_of: date) -> dict[int, str]:
    """(id, 抽查内容) of the closed draws whose period and ours have days in common.

    A draw made here after the report's day was not made yet; a list drawn elsewhere was, whenever
    it was read in.
    """
    rows = connection.execute(
        select(Draw.id, Draw.period, Draw.way, Draw.closed_at)
        .where(Draw.state == DrawState.CLOSED, Draw.rehearsal.is_(False))
        .order_by(Draw.seq)
    )
    found = {}
    for row in rows:
        way, theirs = Way(row.way), Period.parse(row.period)
        ahead = row.closed_at is not None and row.closed_at.astimezone().date() > as_of
        if theirs.overlaps(period) and (way.elsewhere or not ahead):
            found[row.id] = way.label
    return found


@dataclass(frozen=True, slots=True)
class Head:
    """A line's head as last sealed: the draw it was sealed with, and what was counted.

    ``line`` None: tasks are there, a sealed count is not.
    """

    draw_id: int
    line: PlanLine | None
    ratios: tuple[str, ...] = ()

    @property
    def base(self) -> int:
        """基数."""
        return self.line.base if self.line else 0


def heads(connection: Connection, period: Period, as_of: date) -> dict[tuple[str, str], Head]:
    """The heads of a period's lines by 抽查内容 and category."""
    return _heads(connection, _draws(connection, period, as_of))


def _heads(connection: Connection, draws: Mapping[int, str]) -> dict[tuple[str, str], Head]:
    """Each category's count as last sealed; ratios that changed stand side by side."""
    found: dict[tuple[str, str], Head] = {}
    rows = connection.execute(
        select(Draw.id, Draw.facts).where(Draw.id.in_(list(draws))).order_by(Draw.seq)
    )
    for row in rows:
        for line in unpack_facts(row.facts).plan.lines if row.facts else ():
            key = (draws[row.id], line.category)
            ratios = found[key].ratios if key in found else ()
            if line.ratio and line.ratio not in ratios:
                ratios = (*ratios, line.ratio)
            found[key] = Head(row.id, line, ratios)
    drawn = connection.execute(
        select(Assignment.draw_id, Assignment.category)
        .where(Assignment.draw_id.in_(list(draws)))
        .distinct()
    )
    for row in drawn:
        found.setdefault((draws[row.draw_id], row.category), Head(row.draw_id, None))
    return found


def _bases(
    connection: Connection, rulebook: Rulebook, draws: Mapping[int, str]
) -> tuple[Base, ...]:
    labels = {each.code: each.label for each in rulebook.categories}
    return tuple(
        Base(
            content=content,
            category=category,
            label=labels.get(category, category),
            base=head.line.base if head.line else None,
            ratio="；".join(head.ratios),
        )
        for (content, category), head in _heads(connection, draws).items()
    )


def _tasks(
    connection: Connection, rulebook: Rulebook, draws: Mapping[int, str], as_of: date
) -> tuple[ReportedTask, ...]:
    return tuple(
        _reported(each, draws[each.draw_id], rulebook)
        for each in standings(connection, draws.keys(), as_of)
    )


def _reported(task: Standing, content: str, rulebook: Rulebook) -> ReportedTask:
    published, exempt = task.published_on is not None, False
    if task.conclusion is not None and not published:
        exempt = task.kept_back or not publicity.public_wording(rulebook, task.conclusion)
    ordered = task.conclusion is Conclusion.ORDERED
    case = task.conclusion is Conclusion.CASE
    rectified, ended = task.rectified_on is not None, task.case_ended_on is not None
    referred = bool(task.referrals)
    return ReportedTask(
        id=task.id,
        target_id=task.target_id,
        visit=task.visit,
        content=content,
        category=task.category,
        inspected=task.inspected_on is not None,
        done=is_done(
            rulebook.done.value,
            TaskStanding(
                entered=task.entered,
                published=published,
                exempt=exempt,
                to_rectify=ordered,
                rectified=rectified,
            ),
        ),
        published=published,
        exempt=exempt,
        conclusion=task.conclusion,
        rectified=rectified,
        referred=referred,
        case_ended=ended,
        revisited=any(done is not None for done, _settled in task.visits),
        followed=ordered or case or referred,
        settled=(
            (rectified or not ordered)
            and (ended or not case)
            and all(received is not None for _on, received in task.referrals)
            # The last visit says whether anything is left.
            and (not task.visits or task.visits[-1][1])
        ),
    )


def _visits(connection: Connection, period: Period, as_of: date) -> tuple[OutsideVisit, ...]:
    rows = connection.execute(
        select(InspectionEntry.__table__).where(
            OUTSIDE,
            InspectionEntry.on >= period.first_day,
            InspectionEntry.on <= min(period.last_day, as_of),
        )
    )
    return tuple(
        OutsideVisit(
            id=row.id,
            target_id=row.target_id,
            ground=ground_of(row.ground, row.kind),
            finding=row.finding,
            violation=row.violation,
        )
        for row in rows
    )
