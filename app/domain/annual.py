"""The year's numbers: every quarter of a year worked out in turn, from the directory as it is.

A quarter's number depends on what the quarters before it took, so the year is
played once in memory: each quarter draws what it must and inspects it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from app.domain.eligibility import TargetLimits
from app.domain.periods import Period, Span
from app.domain.quota import Deviation, QuotaLine, Wish, delivered, plan_quotas
from app.domain.rule_facts import DrawOutcome, Inspection, InspectionKind, TargetRecord
from app.domain.rulebook import Rulebook
from app.domain.simulate import played_on


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualLine:
    """One category's year: N, the ratio in words, a number and its arithmetic per quarter."""

    category: str
    label: str
    base: int
    ratio: str
    article: str
    quarters: tuple[int, ...]
    arithmetic: tuple[str, ...]
    shortfall: int
    deviations: tuple[Deviation, ...] = ()

    @property
    def total(self) -> int:
        """The year's number."""
        return sum(self.quarters)

    def in_words(self) -> tuple[str, ...]:
        """The arithmetic, quarters that say the same put together."""
        if len(set(self.arithmetic)) == 1:
            return (f"每季度：{self.arithmetic[0]}",)
        said: list[str] = []
        first = 0
        for text, same in groupby(self.arithmetic):
            last = first + len(list(same)) - 1
            which = _ORDINAL[first]
            if last > first:
                which += f"至{_ORDINAL[last]}"
            said.append(f"第{which}季度：{text}")
            first = last + 1
        return tuple(said)


_ORDINAL = "一二三四"


@dataclass(slots=True)
class _Sum:
    line: QuotaLine
    quarters: list[int] = field(default_factory=list)
    arithmetic: list[str] = field(default_factory=list)
    shortfall: int = 0


def play_year(
    rulebook: Rulebook,
    targets: Iterable[TargetRecord],
    year: int,
    on: date,
    *,
    level: str = "",
    headcount: int | None = None,
    wishes: Mapping[str, Wish] | None = None,
    limits: TargetLimits | None = None,
) -> tuple[AnnualLine, ...]:
    """Work out a year's four quarters as known on day ``on``; one line per category.

    What was drawn for a quarter already is part of its number, and taken to be
    inspected in time; a quarter that is over has what was drawn for it and no
    more.  Raises ``UserError`` as
    ``plan_quotas`` does.
    """
    chosen = rulebook.level(level)
    directory = {target.id: _in_time(target, on) for target in targets}
    sums: dict[str, _Sum] = {}
    for quarter in Period(year, Span.YEAR).contained(Span.QUARTER):
        day, over = max(on, quarter.first_day), quarter.last_day < on
        lines = plan_quotas(
            rulebook,
            directory.values(),
            quarter,
            day,
            level=chosen.code,
            headcount=headcount,
            wishes=wishes,
            limits=limits,
        )
        for line in lines:
            rule = rulebook.category(line.category).quota(chosen.code)
            if rule is None:
                continue
            done = delivered(directory.values(), line.category, rule, quarter, day).now
            known = sums.setdefault(line.category, _Sum(line))
            known.line = line
            if over:
                known.quarters.append(done)
                known.arithmetic.append(f"已经过去，实际抽取 {done} 家")
            else:
                known.quarters.append(done + line.n)
                known.arithmetic.append("；".join(line.arithmetic))
                known.shortfall += line.shortfall
        if not over:
            played_on(directory, lines, quarter)
    return tuple(
        AnnualLine(
            category=code,
            label=each.line.label,
            base=each.line.targets,
            ratio=each.line.ratio,
            article=each.line.article,
            quarters=tuple(each.quarters),
            arithmetic=tuple(each.arithmetic),
            shortfall=each.shortfall,
            deviations=each.line.deviations,
        )
        for code, each in sums.items()
    )


def _in_time(target: TargetRecord, on: date) -> TargetRecord:
    """The target with what it still waits for done."""
    waiting = [draw for draw in target.drawn if draw.pending(on)]
    if not waiting:
        return target
    visits = tuple(
        Inspection(kind=InspectionKind.OWN, on=draw.period.last_day, period=draw.period)
        for draw in waiting
    )
    drawn = tuple(
        replace(draw, outcome=DrawOutcome.INSPECTED) if draw in waiting else draw
        for draw in target.drawn
    )
    return replace(target, history=(*target.history, *visits), drawn=drawn)
