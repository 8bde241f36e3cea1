"""Which days the regulation sets: for a period, a draw, a result, a year.

A deadline that falls on a day off is reminded on the working day before it.
Working days and months are counted from the day after the event.
"""

from __future__ import annotations

import calendar as months_of_the_year
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.periods import Period, Span
from app.domain.rulebook import DayUnit, DeadlineRule, Direction, Event, Rulebook
from app.domain.workdays import WorkCalendar

RECTIFY = "rectify"
"""Code of the deadline rule for a rectification."""

ESTIMATED = "日历尚未公布，按推算"
"""Said beside every day that stands on a calendar nobody has published yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One day that matters.

    ``due_on``: the regulation's day in its strict reading.  ``remind_on``: the
    last working day on or before it.  ``overdue_after``: not late until this
    day is over.  ``window``: somebody's right, open until ``due_on``, no duty
    of ours.  ``exact`` False: the text names no day.  ``estimated``: it
    was counted in working days of a calendar that is not announced yet.
    """

    code: str
    label: str
    due_on: date
    remind_on: date
    overdue_after: date
    window: bool
    exact: bool
    estimated: bool
    article: str
    note: str

    def basis(self, article: str) -> str:
        """The article as cited, and that the day is a guess where it is one."""
        return f"{article}，{ESTIMATED}" if self.estimated else article

    def is_overdue(self, today: date) -> bool:
        """Say whether a duty is late; a window is never late."""
        return not self.window and today > self.overdue_after

    def in_words(self) -> str:
        """Say it in a line: 2026年3月20日前录入检查结果（第十八条）."""
        day = f"{self.due_on.year}年{self.due_on.month}月{self.due_on.day}日"
        verb = f"{day}前{self.label}" if not self.window else f"{self.label}，至{day}"
        return f"{verb}（{self.basis(self.article)}）"


_OF_PERIOD = frozenset({Event.PERIOD_START, Event.PERIOD_END})
_OF_YEAR = frozenset(
    {Event.YEAR_START, Event.YEAR_DATE, Event.QUARTER_START, Event.QUARTER_END, Event.MONTH_START}
)
_TASK_CODES = ("finish", "enter")


def for_period(rulebook: Rulebook, period: Period, calendar: WorkCalendar) -> tuple[Deadline, ...]:
    """Give the deadlines that hang on a period: drawing, finishing, entering; by date."""
    events = _period_events(period)
    return _all(rulebook, _OF_PERIOD, events, calendar)


def for_draw(
    rulebook: Rulebook, period: Period, issued_on: date, calendar: WorkCalendar
) -> tuple[Deadline, ...]:
    """Give the deadlines of a draw whose tasks were issued on a day; by date.

    The drawing itself is over, so its deadline is not among them.
    """
    events = {**_period_events(period), Event.ISSUED: issued_on}
    found = _all(rulebook, _OF_PERIOD | {Event.ISSUED}, events, calendar)
    return tuple(deadline for deadline in found if deadline.code != "draw")


def task_due(
    rulebook: Rulebook, period: Period, issued_on: date, calendar: WorkCalendar
) -> Deadline:
    """Give the day a drawn target must be inspected and entered by.

    Where the regulation sets none the period's last day stands in, marked as
    not exact.
    """
    for deadline in for_draw(rulebook, period, issued_on, calendar):
        if deadline.code in _TASK_CODES:
            return deadline
    last = period.last_day
    return Deadline(
        code="finish",
        label="完成检查",
        due_on=last,
        remind_on=calendar.on_or_before(last),
        overdue_after=last,
        window=False,
        exact=False,
        estimated=False,
        article="条文未规定",
        note="按抽查期间的最后一天提醒",
    )


def for_result(
    rulebook: Rulebook,
    calendar: WorkCalendar,
    *,
    inspected_on: date,
    problem_on: date | None = None,
    published_on: date | None = None,
) -> tuple[Deadline, ...]:
    """Give the deadlines after an inspection: publishing, rectifying, the review window; by date.

    ``problem_on``: the day a problem was found, if one was.
    """
    events = {Event.INSPECTED: inspected_on}
    if problem_on is not None:
        events[Event.PROBLEM_FOUND] = problem_on
    if published_on is not None:
        events[Event.PUBLISHED] = published_on
    return _all(rulebook, frozenset(events), events, calendar)


def explained_after(rulebook: Rulebook, inspected_on: date | None) -> date | None:
    """The day past which a rectification's deadline needs its reason and stage; None: never."""
    rule = rulebook.deadline(RECTIFY)
    if inspected_on is None or rule is None or not rule.explained:
        return None
    if rule.unit is DayUnit.MONTH:
        return _months_later(inspected_on, rule.days)
    return inspected_on + timedelta(days=rule.days)


def for_year(rulebook: Rulebook, year: int, calendar: WorkCalendar) -> tuple[Deadline, ...]:
    """Give the recurring deadlines of a year: directories, plans, reports; by date."""
    whole = Period(year, Span.YEAR)
    quarters, months = whole.contained(Span.QUARTER), whole.contained(Span.MONTH)
    found: list[Deadline] = []
    for rule in rulebook.deadlines:
        if rule.event not in _OF_YEAR:
            continue
        if rule.event is Event.QUARTER_START:
            starts = [quarter.first_day for quarter in quarters]
        elif rule.event is Event.QUARTER_END:
            starts = [quarter.last_day for quarter in quarters]
        elif rule.event is Event.MONTH_START:
            starts = [month.first_day for month in months]
        else:
            starts = [whole.first_day]
        found += [_deadline(rule, {rule.event: start}, calendar) for start in starts]
    return _by_date(found)


def _period_events(period: Period) -> dict[Event, date]:
    return {Event.PERIOD_START: period.first_day, Event.PERIOD_END: period.last_day}


def _all(
    rulebook: Rulebook,
    wanted: frozenset[Event],
    events: Mapping[Event, date],
    calendar: WorkCalendar,
) -> tuple[Deadline, ...]:
    return _by_date(
        _deadline(rule, events, calendar) for rule in rulebook.deadlines if rule.event in wanted
    )


def _by_date(deadlines: Iterable[Deadline]) -> tuple[Deadline, ...]:
    return tuple(sorted(deadlines, key=lambda item: (item.due_on, item.code)))


def _deadline(rule: DeadlineRule, events: Mapping[Event, date], calendar: WorkCalendar) -> Deadline:
    due = _due(rule, events[rule.event], calendar)
    late = due
    if rule.overdue_event is not None and rule.overdue_event in events:
        late = max(due, events[rule.overdue_event])
    return Deadline(
        code=rule.code,
        label=rule.label,
        due_on=due,
        remind_on=calendar.on_or_before(due),
        overdue_after=late,
        window=rule.window,
        exact=rule.exact,
        estimated=rule.unit is DayUnit.WORKING
        and calendar.is_estimated_between(*sorted((due, events[rule.event]))),
        article=rule.article,
        note=rule.note,
    )


def _due(rule: DeadlineRule, start: date, calendar: WorkCalendar) -> date:
    if rule.month_day is not None:
        month, day = rule.month_day
        return date(start.year, month, day)
    back = rule.direction is Direction.BEFORE
    if rule.unit is DayUnit.WORKING:
        if back:
            return calendar.working_days_before(start, rule.days)
        return calendar.add_working_days(start, rule.days)
    if rule.unit is DayUnit.MONTH:
        return _months_later(start, -rule.days if back else rule.days)
    return start + timedelta(days=-rule.days if back else rule.days)


def _months_later(day: date, count: int) -> date:
    """The same day ``count`` months later, or that month's last if it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    last = months_of_the_year.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


_EVENT_WORDS = {
    Event.ISSUED: "任务下发",
    Event.INSPECTED: "检查",
    Event.PUBLISHED: "公示",
    Event.PROBLEM_FOUND: "发现问题",
    Event.PERIOD_START: "抽查期间开始",
    Event.PERIOD_END: "抽查期间结束",
    Event.QUARTER_START: "每季度开始",
    Event.QUARTER_END: "每季度末",
    Event.MONTH_START: "每月初",
    Event.YEAR_START: "每年初",
    Event.YEAR_DATE: "每年",
}
_UNIT_WORDS = {DayUnit.CALENDAR: "天", DayUnit.WORKING: "个工作日", DayUnit.MONTH: "个月"}


# What begins on the first of a month: its n-th day is n - 1 days later.
_MONTH_WORDS = {
    Event.PERIOD_START: "抽查期间首月",
    Event.QUARTER_START: "每季度首月",
    Event.MONTH_START: "每月",
    Event.YEAR_START: "每年1月",
}
_SHORTEST_MONTH = 28


def _from_the_first(rule: DeadlineRule) -> bool:
    after = rule.unit is DayUnit.CALENDAR and rule.direction is Direction.AFTER
    return after and rule.days < _SHORTEST_MONTH


def rule_words(rule: DeadlineRule) -> str:
    """Say the rule itself: 任务下发后50天, 每年12月15日, 抽查期间结束前7个工作日."""
    if rule.month_day is not None:
        month, day = rule.month_day
        return f"每年{month}月{day}日"
    start = _EVENT_WORDS[rule.event]
    if rule.days == 0:
        return start
    counted = _MONTH_WORDS.get(rule.event)
    if counted and _from_the_first(rule):
        return f"{counted}{rule.days + 1}日前"
    side = "前" if rule.direction is Direction.BEFORE else "后"
    return f"{start}{side}{rule.days}{_UNIT_WORDS[rule.unit]}"
