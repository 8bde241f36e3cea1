"""工作日: the Chinese working calendar with 调休, as data somebody else looked up.

Working days are counted from the day after the event.  Days past the last
announced year are estimated (weekends and fixed holidays only, no 调休) and
whoever shows such a date says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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

    A day in neither set works from Monday to Friday.  ``announced``: later years that are known
    all the same; one typed in settles no year before it.
    """

    holidays: frozenset[date]
    workdays: frozenset[date]
    announced_until: date
    announced: frozenset[int] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Say whether offices work on this day."""
        if day in self.workdays:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays

    def is_estimated(self, day: date) -> bool:
        """Say whether the day lies past the announced calendar."""
        return day > self.announced_until and day.year not in self.announced

    def is_estimated_between(self, first: date, last: date) -> bool:
        """Say whether counting from one day to the other passes through a year not announced."""
        years = range(first.year, last.year + 1)
        return any(self.is_estimated(date(year, 12, 31)) for year in years)

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
            announced_until=self.announced_until,
            announced=self.announced | {year},
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


# --- reading what was announced ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Announcement:
    """A year's published days: off (festivals and 调休 alike) and weekend days that are worked."""

    holidays: frozenset[date]
    workdays: frozenset[date]


_OFF_WORDS = ("放假", "休息", "休", "假")
_WORK_WORDS = ("上班", "班")
_PARTS = re.compile(r"[。；;，,\n\r]+")
_IN_BRACKETS = re.compile(r"[（(][^）)]*[）)]")
_DATE = re.compile(
    r"(?:(?P<year>[0-9]{4})\s*[年\-/.])?\s*(?P<month>[0-9]{1,2})\s*[月\-/.]\s*(?P<day>[0-9]{1,2})\s*日?"
    r"|(?P<only>[0-9]{1,2})\s*日"
)
_TO = re.compile(r"\s*(?:至|到|—+|–|~|～)\s*")
_LONGEST_HOLIDAY = 20


def read_announcement(year: int, text: str) -> Announcement:
    """Read the State Council's notice, or a list such as “2027-01-01 休” line by line.

    A sentence that says 上班 names days that are worked, one that says 放假 days off; “1月1日
    （周五）至3日（周日）” is a span.  Raises ``UserError`` naming what cannot be read.
    """
    off: set[date] = set()
    on: set[date] = set()
    # Full-width digits come along when a notice is pasted.
    plain = text.translate(str.maketrans("０１２３４５６７８９．", "0123456789."))
    for part in _PARTS.split(_IN_BRACKETS.sub("", plain)):
        days = list(_days(year, part))
        if not days:
            continue
        if any(word in part for word in _WORK_WORDS):
            on.update(days)
        elif any(word in part for word in _OFF_WORDS):
            off.update(days)
        else:
            raise UserError(
                f"看不出这些日期是放假还是上班：“{part.strip()[:40]}”。",
                "每行写明“放假”或“上班”，例如 2027-01-01 休。",
            )
    if not off and not on:
        raise UserError("没有读到日期。", "请粘贴通知原文，或每行写一个日期和“休”“班”。")
    # A weekend inside a span needs no entry to be off, but harms nothing; a worked weekday none.
    return Announcement(holidays=frozenset(off), workdays=frozenset(on))


def _days(year: int, part: str) -> Iterator[date]:
    """Every day a sentence names, spans filled in."""
    last: date | None = None
    end = 0
    for match in _DATE.finditer(part):
        day = _day(year, match, last)
        between = part[end : match.start()]
        if last is not None and _TO.fullmatch(between):
            length = (day - last).days
            if not 0 < length <= _LONGEST_HOLIDAY:
                raise UserError(f"“{part.strip()[:40]}”的起止日期不对。", "请对照通知改正。")
            yield from (last + step * _DAY for step in range(1, length))
        yield day
        last, end = day, match.end()


def _day(year: int, match: re.Match[str], last: date | None) -> date:
    month = match["month"] or (str(last.month) if last else "")
    number = match["day"] or match["only"]
    try:
        return date(int(match["year"] or year), int(month), int(number))
    except ValueError:
        raise UserError(f"“{match[0].strip()}”不是日期。", "请对照通知改正。") from None
