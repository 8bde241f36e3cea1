"""工作日: the Chinese working calendar with 调休, as data somebody else looked up.

Working days are counted from the day after the event.  Days past the last
announced year are estimated (weekends and fixed holidays only, no 调休) and
whoever shows such a date says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.errors import UserError

_DAY = timedelta(days=1)
_SATURDAY = 5
# Longer than any run of days off, so that a broken calendar cannot loop for ever.
_LONGEST_BREAK = 60


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Days off, weekend days that are worked, and how far that was announced.

    A day in neither set works from Monday to Friday.
    """

    holidays: frozenset[date]
    workdays: frozenset[date]
    announced_until: date

    def is_working_day(self, day: date) -> bool:
        """Say whether offices work on this day."""
        if day in self.workdays:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays

    def is_estimated(self, day: date) -> bool:
        """Say whether the day lies past the announced calendar."""
        return day > self.announced_until

    def add_working_days(self, day: date, count: int) -> date:
        """Give the ``count``-th working day after ``day``; 0 gives ``day`` itself."""
        return self._step(day, count, _DAY)

    def working_days_before(self, day: date, count: int) -> date:
        """Give the last working day that leaves ``count`` full working days up to ``day``.

        ``day`` itself is one of them if it is worked: with quarter end Tuesday
        31 March and 7 days left the answer is Friday 20 March.
        """
        kept = self._step(day + _DAY, count, -_DAY)
        return self.on_or_before(kept - _DAY)

    def on_or_before(self, day: date) -> date:
        """Give the day, or the last working day before it if it is not worked."""
        for _ in range(_LONGEST_BREAK):
            if self.is_working_day(day):
                return day
            day -= _DAY
        raise UserError("工作日历有误：连续两个月没有工作日。", "请检查导入的节假日。")

    def working_days_between(self, first: date, last: date) -> int:
        """Count the working days after ``first`` up to and including ``last``; 0 if none."""
        days = (last - first).days
        return sum(self.is_working_day(first + step * _DAY) for step in range(1, days + 1))

    def announce(
        self, year: int, holidays: Iterable[date], workdays: Iterable[date]
    ) -> WorkCalendar:
        """Give the calendar with a year's published days in place of the estimated ones.

        Raises ``UserError`` if a day belongs to another year or to both lists.
        """
        off, on = frozenset(holidays), frozenset(workdays)
        strange = sorted(day for day in off | on if day.year != year)
        if strange:
            raise UserError(f"{strange[0].isoformat()} 不在 {year} 年内。", "请检查导入的日历。")
        both = sorted(off & on)
        if both:
            raise UserError(
                f"{both[0].isoformat()} 既是放假又是上班。", "请对照国务院办公厅的通知改正。"
            )
        kept_off = frozenset(day for day in self.holidays if day.year != year)
        kept_on = frozenset(day for day in self.workdays if day.year != year)
        return WorkCalendar(
            holidays=kept_off | off,
            workdays=kept_on | on,
            announced_until=max(self.announced_until, date(year, 12, 31)),
        )

    def _step(self, day: date, count: int, step: timedelta) -> date:
        idle = 0
        while count > 0:
            day += step
            if self.is_working_day(day):
                count, idle = count - 1, 0
            else:
                idle += 1
            if idle > _LONGEST_BREAK:
                raise UserError("工作日历有误：连续两个月没有工作日。", "请检查导入的节假日。")
        return day
