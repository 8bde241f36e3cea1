"""The days a period's own deadlines set its tasks, and from when a task is late.

A text that reads two ways is reminded of strictly and late only in the mild reading (NC 18): the
desk, the calendar and the squads' lists all ask here, so that none says 逾期 before the others.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from app.db.read.tasks import TaskRow
from app.domain import deadlines
from app.domain.deadlines import Deadline
from app.domain.periods import Period, Span
from app.domain.rulebook import Rulebook
from app.services.days import calendar

__all__ = ["PeriodDays"]


class PeriodDays:
    """Deadlines by period, each worked out once."""

    def __init__(self, connection: Connection, rulebook: Rulebook) -> None:
        self._connection, self._rulebook = connection, rulebook
        self._known: dict[str, tuple[Deadline, ...]] = {}

    def late_after(self, task: TaskRow) -> date:
        """The last day on which a task is not late yet."""
        same = [each.overdue_after for each in self._same(task)]
        return max(same, default=task.due_on)

    def of_quarter(self, task: TaskRow) -> bool:
        """Whether a task is due on a day of its quarter, which has a line of its own."""
        return Period.parse(task.period).span is Span.QUARTER and bool(self._same(task))

    def _same(self, task: TaskRow) -> list[Deadline]:
        if task.period not in self._known:
            period = Period.parse(task.period)
            days = calendar.office_calendar(self._connection, period.year)
            self._known[task.period] = deadlines.for_period(self._rulebook, period, days)
        return [each for each in self._known[task.period] if each.due_on == task.due_on]
