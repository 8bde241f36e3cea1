"""走势 over the quarters: the rates of the reports, coverage at each quarter's end, the loads.

The rates are the reports' own sums, so that a chart and a report never differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection, select

from app.db.read import desk_details, pool
from app.db.read.desk_details import CoveredRow, DetailRow, covered_row
from app.domain.coverage import cycle_at
from app.domain.periods import Period, Span
from app.domain.report import Line, Measure, Rate
from app.domain.rule_facts import TargetRecord
from app.domain.rulebook import Rulebook
from app.domain.trend import Course, CourseLine, PersonLoad, TrendRate, quarters_until
from app.models import Inspector
from app.services import rulebooks
from app.services.days import report_counts
from app.services.workspace import read_unit

__all__ = ["behind", "course", "last_quarter"]

_PARTS = {
    TrendRate.COMPLETION: (Measure.DONE, Measure.SITES),
    TrendRate.RECTIFICATION: (Measure.RECTIFIED, Measure.ORDERED),
}


def last_quarter(period: Period, today: date) -> Period:
    """The newest quarter a report's chart shows: the period's last that has begun."""
    day = max(period.first_day, min(period.last_day, today))
    return Period.of(day, Span.QUARTER)


def course(connection: Connection, last: Period, today: date) -> Course:
    """The quarters up to ``last``, beginning with the first in which there was anything."""
    quarters = quarters_until(last)
    totals = report_counts.totals(connection, quarters, today)
    covered = _Coverage(connection, rulebooks.of_unit(connection))
    some = [
        bool(total.figures[Measure.SITES].tasks) or covered.rate(quarter, today).part > 0
        for quarter, total in zip(quarters, totals, strict=True)
    ]
    first = some.index(True) if any(some) else len(quarters) - 1
    quarters, totals = quarters[first:], totals[first:]
    return Course(
        quarters=quarters,
        lines=(
            *covered.lines(quarters, today),
            *(_line(rate, totals) for rate in TrendRate if not rate.of_targets),
        ),
        loads=_loads(connection, quarters),
    )


def behind(
    connection: Connection, line: CourseLine, quarter: Period, today: date
) -> tuple[DetailRow, ...] | tuple[CoveredRow, ...]:
    """The rows one point of a line is made of; those that count are marked."""
    if line.rate.of_targets:
        covered = _Coverage(connection, rulebooks.of_unit(connection))
        return covered.rows(quarter, today, line.category)
    (total,) = report_counts.totals(connection, (quarter,), today)
    part, whole = _tasks(line.rate, total)
    return desk_details.behind_rate(connection, part, whole, today)


# --- the tasks' rates -------------------------------------------------------------------------


def _line(rate: TrendRate, totals: Sequence[Line]) -> CourseLine:
    return CourseLine(
        rate=rate, label=rate.label, points=tuple(_point(rate, total) for total in totals)
    )


def _point(rate: TrendRate, total: Line) -> Rate:
    if rate is TrendRate.PUBLICATION:
        return total.completion  # 公示: the report's own, 已公示 ÷ 户数
    part, whole = _tasks(rate, total)
    return Rate(len(part), len(whole))


def _tasks(rate: TrendRate, total: Line) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The tasks that count, and all they are a share of."""
    if rate is TrendRate.PUBLICATION:
        return total.completion.counted, total.completion.tasks
    part, whole = _PARTS[rate]
    return total.figures[part].tasks, total.figures[whole].tasks


# --- coverage ---------------------------------------------------------------------------------


class _Coverage:
    """Who was inspected in the running cycle by a quarter's end; the directory as it is now."""

    def __init__(self, connection: Connection, rulebook: Rulebook) -> None:
        level = read_unit(connection).level
        self._rules = {
            each.code: (each.label, rule)
            for each in rulebook.categories
            if (rule := each.quota(level)) is not None
        }
        self._targets = [
            (number, each)
            for number, each in enumerate(pool.targets(connection), 1)
            if each.in_force and each.category in self._rules
        ]
        self._known: dict[tuple[Period, date], tuple[tuple[str, CoveredRow], ...]] = {}

    def lines(self, quarters: Sequence[Period], today: date) -> tuple[CourseLine, ...]:
        """All categories together, then each."""
        kinds = [("", TrendRate.COVERAGE.label)]
        if len(self._rules) > 1:
            kinds += [(code, f"　其中：{label}") for code, (label, _rule) in self._rules.items()]
        return tuple(
            CourseLine(
                rate=TrendRate.COVERAGE,
                label=label,
                points=tuple(self.rate(quarter, today, code) for quarter in quarters),
                category=code,
            )
            for code, label in kinds
        )

    def rate(self, quarter: Period, today: date, category: str = "") -> Rate:
        """Covered of all that were in the directory by then."""
        rows = self.rows(quarter, today, category)
        return Rate(sum(row.covered for row in rows), len(rows))

    def rows(self, quarter: Period, today: date, category: str = "") -> tuple[CoveredRow, ...]:
        """Every target of a category (empty: of all), those not covered first."""
        until = min(quarter.last_day, today)
        if (quarter, until) not in self._known:
            self._known[quarter, until] = tuple(self._all(quarter, until))
        return tuple(row for of, row in self._known[quarter, until] if category in ("", of))

    def _all(self, quarter: Period, until: date) -> list[tuple[str, CoveredRow]]:
        """(category, row) of every target that was in the directory by a day."""
        spans = {
            code: cycle_at(rule.cycle, quarter.first_day)
            for code, (_label, rule) in self._rules.items()
        }
        rows = [
            (target.category, covered_row(number, _known_on(target, until), span, until))
            for number, target in self._targets
            if target.created_on is None or target.created_on <= until
            for span in (spans[target.category],)
        ]
        return sorted(rows, key=lambda each: (each[1].covered, each[1].ident))


def _known_on(target: TargetRecord, day: date) -> TargetRecord:
    """The target with what had been inspected by a day."""
    return replace(target, history=tuple(each for each in target.history if each.on <= day))


# --- the loads --------------------------------------------------------------------------------


def _loads(connection: Connection, quarters: Sequence[Period]) -> tuple[PersonLoad, ...]:
    """Everybody on duty, and whoever had a task; the most first."""
    counts: Counter[tuple[int, Period]] = Counter()
    for task in desk_details.tasks_in(connection, quarters):
        quarter = Period.of(Period.parse(task.period).first_day, Span.QUARTER)
        people = (each for each in (task.lead_id, task.second_id) if each is not None)
        counts.update((person, quarter) for person in people)
    return _people(connection, quarters, counts)


def _people(
    connection: Connection, quarters: Sequence[Period], counts: Mapping[tuple[int, Period], int]
) -> tuple[PersonLoad, ...]:
    busy = {person for person, _quarter in counts}
    rows = connection.execute(
        select(Inspector.id, Inspector.name, Inspector.state).order_by(Inspector.personal_no)
    )
    found = [
        PersonLoad(
            id=row.id,
            name=row.name,
            counts=tuple(counts.get((row.id, quarter), 0) for quarter in quarters),
        )
        for row in rows
        if row.id in busy or (busy and row.state == "on_duty")
    ]
    return tuple(sorted(found, key=lambda each: -each.total))
