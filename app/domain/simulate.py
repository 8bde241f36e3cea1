"""Playing a rulebook over years in memory: does it keep what it promises?

Every drawn target is inspected within its period.  Who is drawn is decided by
SHA-256 over a seed text, the period and the target, so that a run can be
repeated; quotas and coverage come from the same rules as a real plan.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.domain.coverage import cycle_at, standing
from app.domain.periods import Period
from app.domain.quota import QuotaLine, plan_quotas
from app.domain.rule_facts import DrawnIn, DrawOutcome, Inspection, InspectionKind, TargetRecord
from app.domain.rulebook import Category, Cycle, QuotaRule, Rulebook
from app.errors import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedStratum:
    """One category in one period: the plan's line and who was drawn."""

    line: QuotaLine
    drawn: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedPeriod:
    """One period of the game."""

    period: Period
    strata: tuple[PlayedStratum, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageReached:
    """When all of a category had been inspected within one cycle; None: not in these years."""

    category: str
    targets: int
    complete_in: Period | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """What came out of the years."""

    rulebook: str
    level: str
    headcount: int | None
    periods: tuple[PlayedPeriod, ...]
    covered: tuple[CoverageReached, ...]


def play(
    rulebook: Rulebook,
    targets: Iterable[TargetRecord],
    periods: Iterable[Period],
    *,
    level: str = "",
    headcount: int | None = None,
    seed: str = "",
) -> Simulation:
    """Play the periods in their order.

    Raises ``UserError`` for unknown levels or categories and a missing headcount.
    """
    directory = {target.id: target for target in targets}
    level_code = rulebook.level(level).code
    played: list[PlayedPeriod] = []
    complete: dict[str, Period] = {}
    for period in periods:
        lines = plan_quotas(
            rulebook,
            directory.values(),
            period,
            period.first_day,
            level=level_code,
            headcount=headcount,
        )
        strata = played_on(directory, lines, period, seed)
        played.append(PlayedPeriod(period=period, strata=strata))
        for category in rulebook.categories:
            rule = category.quota(level_code)
            if (
                rule is not None
                and category.code not in complete
                and _complete(directory.values(), category, rule, period)
            ):
                complete[category.code] = period
    return Simulation(
        rulebook=rulebook.id,
        level=level_code,
        headcount=headcount,
        periods=tuple(played),
        covered=_covered(rulebook, level_code, directory.values(), complete),
    )


def played_on(
    directory: dict[str, TargetRecord], lines: Iterable[QuotaLine], period: Period, seed: str = ""
) -> tuple[PlayedStratum, ...]:
    """Draw what the lines ask for and inspect it: ``directory`` holds what came of it."""
    strata = tuple(PlayedStratum(line=line, drawn=_draw(line, period, seed)) for line in lines)
    for stratum in strata:
        for ident in stratum.drawn:
            directory[ident] = _inspected(directory[ident], period)
    return strata


def starting_at(rulebook: Rulebook, first: Period) -> Rulebook:
    """Give the rulebook with all cycles beginning on the first day of this period.

    A game that starts in the middle of a cycle without its history would have to
    make up for years that were never played.
    """

    def moved(rule: QuotaRule) -> QuotaRule:
        cycle: Cycle = replace(rule.cycle, start=first.first_day)
        return replace(rule, cycle=cycle)

    categories = tuple(
        replace(category, quotas=tuple((level, moved(rule)) for level, rule in category.quotas))
        for category in rulebook.categories
    )
    return replace(rulebook, categories=categories)


def county(rulebook: Rulebook, counts: Iterable[tuple[str, int]]) -> tuple[TargetRecord, ...]:
    """Make up a county: ``("A", 37)`` → A-00001 … A-00037.

    Raises ``UserError`` for a category the rulebook does not have.
    """
    targets: list[TargetRecord] = []
    for code, number in counts:
        rulebook.category(code)
        if number < 0:
            raise UserError(f"分类“{code}”的数量不能是负数。", "请检查。")
        width = max(5, len(str(number)))
        targets += [
            TargetRecord(id=f"{code}{index:0{width}d}", category=code)
            for index in range(1, number + 1)
        ]
    return tuple(targets)


def _draw(line: QuotaLine, period: Period, seed: str) -> tuple[str, ...]:
    drawn: list[str] = []
    for stratum in line.strata:
        prefix = f"{seed}|{period}|{stratum.code}|"
        order = sorted(
            stratum.ids,
            key=lambda ident: hashlib.sha256(f"{prefix}{ident}".encode()).digest(),
        )
        drawn += order[: stratum.n]
    return tuple(drawn)


def _inspected(target: TargetRecord, period: Period) -> TargetRecord:
    visit = Inspection(kind=InspectionKind.OWN, on=period.last_day, period=period)
    ticket = DrawnIn(period=period, category=target.category, outcome=DrawOutcome.INSPECTED)
    return replace(target, history=(*target.history, visit), drawn=(*target.drawn, ticket))


def _complete(
    targets: Iterable[TargetRecord], category: Category, rule: QuotaRule, period: Period
) -> bool:
    span = cycle_at(rule.cycle, period.first_day)
    mine = [target for target in targets if target.category == category.code and target.in_force]
    return bool(mine) and all(standing(target, span, period.last_day).times for target in mine)


def _covered(
    rulebook: Rulebook,
    level: str,
    targets: Iterable[TargetRecord],
    complete: dict[str, Period],
) -> tuple[CoverageReached, ...]:
    counts: dict[str, int] = {}
    for target in targets:
        counts[target.category] = counts.get(target.category, 0) + 1
    return tuple(
        CoverageReached(
            category=category.code,
            targets=counts.get(category.code, 0),
            complete_in=complete.get(category.code),
        )
        for category in rulebook.categories
        if category.quota(level) is not None
    )
