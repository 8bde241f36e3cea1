"""Years in which things happen, for any county and each rulebook: what always holds.

Between draws targets come, close, stop work and change class; superiors and joint campaigns visit;
of the drawn some are refused, replaced or never inspected.  The draws are real ones (RD1), with
people who may not lead, lack a speciality or are recused.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import rd1
from app.domain.coverage import CycleSpan, cycle_at
from app.domain.periods import Period, Span
from app.domain.quota import QuotaLine, plan_quotas
from app.domain.rule_facts import (
    DrawnIn,
    DrawOutcome,
    Inspection,
    InspectionKind,
    TargetRecord,
)
from app.domain.rulebook import Exhausted, QuotaRule, Rulebook, StaffRatio, TeamMode
from app.domain.target import TargetState
from tests.domain.rulebooks import SHIPPED, rulebook

_BOOKS = {name: rulebook(name) for name in (*SHIPPED, "sixth")}
_LEVELS = [(name, level.code) for name, book in _BOOKS.items() for level in book.levels]
_COVERING = (InspectionKind.OWN, InspectionKind.SUPERIOR, InspectionKind.JOINT)


@dataclass
class _County:
    """A directory that changes, and people who go."""

    book: Rulebook
    rng: Random
    targets: dict[str, TargetRecord] = field(default_factory=dict)
    people: tuple[rd1.PlanInspector, ...] = ()
    made: int = 0

    def fill(self) -> None:
        for category in self.book.categories:
            for _ in range(self.rng.randint(0, 18)):
                self.found(category.code)
        self.people = tuple(
            rd1.PlanInspector(
                id=f"P{number}",
                group="OWN",
                dept=self.rng.choice("XY"),
                lead=self.rng.random() < 0.5,
                specs=tuple(sorted(self.rng.sample(("air", "water"), self.rng.randint(0, 2)))),
                eligible=number < 4 or self.rng.random() < 0.8,
                why="",
            )
            for number in range(self.rng.randint(4, 9))
        )
        self.people = tuple(
            person if person.eligible else replace(person, why="leave") for person in self.people
        )

    def found(self, category: str) -> None:
        self.made += 1
        ident = f"T{self.made:04d}"
        self.targets[ident] = TargetRecord(id=ident, category=category)

    def change(self, ident: str, **values: object) -> None:
        self.targets[ident] = replace(self.targets[ident], **values)  # type: ignore[arg-type]

    def visited(self, ident: str, visit: Inspection) -> None:
        self.change(ident, history=(*self.targets[ident].history, visit))

    def ticket(self, ident: str, ticket: DrawnIn) -> None:
        self.change(ident, drawn=(*self.targets[ident].drawn, ticket))

    def troubles(self, period: Period) -> None:
        """What happens to a tenth of the directory before the next draw."""
        codes = [category.code for category in self.book.categories]
        for ident in sorted(self.targets):
            luck = self.rng.random()
            day = period.first_day + timedelta(days=self.rng.randint(0, 80))
            if luck < 0.02:
                self.change(ident, state=self.rng.choice(tuple(TargetState)))
            elif luck < 0.05:
                self.change(ident, category=self.rng.choice(codes))
            elif luck < 0.10:
                kind = self.rng.choice(tuple(InspectionKind)[1:])
                bad = self.rng.random() < 0.4
                self.visited(ident, Inspection(kind=kind, on=day, finding=bad, violation=bad))
            elif luck < 0.12:
                self.found(self.rng.choice(codes))

    def go(self, period: Period, category: str, selected: str, spare: list[str]) -> None:
        """A drawn target is inspected, refused, forgotten, or replaced by the next alternate."""
        luck = self.rng.random()
        if luck < 0.07 and spare:
            lapsed = DrawnIn(period=period, category=category, outcome=DrawOutcome.LAPSED)
            self.ticket(selected, lapsed)
            self.change(selected, state=TargetState.CLOSED)
            selected = spare.pop(0)
        covers = luck < 0.85
        if luck > 0.95:
            waits = DrawnIn(period=period, category=category, outcome=DrawOutcome.PENDING)
            self.ticket(selected, waits)
            return
        bad = self.rng.random() < 0.2
        self.visited(
            selected,
            Inspection(
                kind=InspectionKind.OWN,
                on=period.last_day,
                period=period,
                finding=bad,
                violation=bad,
                covers=covers,
            ),
        )
        outcome = DrawOutcome.INSPECTED if covers else DrawOutcome.FRUITLESS
        self.ticket(selected, DrawnIn(period=period, category=category, outcome=outcome))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(_LEVELS), st.integers(0, 25), st.randoms(use_true_random=False))
def test_what_holds_whatever_happens(where: tuple[str, str], headcount: int, rng: Random) -> None:
    name, level = where
    county = _County(_BOOKS[name], Random(rng.getrandbits(64)))
    county.fill()
    for step in range(8):
        period = Period.parse("2026Q1").plus(step)
        # Now and then a quarter is drawn a second time: what is still owed, nobody twice.
        for again in range(1 + (county.rng.random() < 0.3)):
            lines = plan_quotas(
                county.book,
                county.targets.values(),
                period,
                period.first_day,
                level=level,
                headcount=headcount,
            )
            for line in lines:
                rule = county.book.category(line.category).quota(level)
                assert rule is not None
                _check_number(line)
                _check_pool(county, line, rule, period)
                _check_debt(line, rule, period)
                _check_year(county, line, rule, period, headcount)
            result = _draw(county, lines, period, 2 * step + again)
            _check_result(county, result, lines)
            _send(county, lines, result, period)
        county.troubles(period)


def _check_number(line: QuotaLine) -> None:
    """Met, or the reason in words."""
    assert line.arithmetic
    assert line.n <= line.required
    if line.n < line.required:
        assert any(word in line.arithmetic[-1] for word in ("缺", "只剩", "已全部"))
    if line.shortfall:
        assert f"缺 {line.required - line.n}" in line.arithmetic[-1]
    if line.n == 0:
        assert line.required == 0 or "应抽 0" in line.arithmetic[-1]


def _times(target: TargetRecord, span: CycleSpan) -> int:
    """How often it was inspected in the cycle; others' visits count once at most."""
    visits = [
        item for item in target.history
        if item.covers and item.kind in _COVERING and span.holds(item.counted_on)
    ]  # fmt: skip
    own = sum(item.kind is InspectionKind.OWN for item in visits)
    return max(own, 1 if len(visits) > own else 0)


def _check_pool(county: _County, line: QuotaLine, rule: QuotaRule, period: Period) -> None:
    span = cycle_at(rule.cycle, period.first_day)
    pool = [ident for stratum in line.strata for ident in stratum.ids]
    assert len(pool) == len(set(pool))
    for stratum in line.strata:
        for ident in stratum.ids:
            target = county.targets[ident]
            assert target.category == line.category
            assert target.state in (TargetState.ACTIVE, TargetState.CONSTRUCTION)
            assert _times(target, span) == stratum.round_ - 1
            if rule.exhausted.value is Exhausted.STOP:
                assert stratum.round_ == 1
            assert not any(
                ticket.period == period and ticket.counts(period.first_day)
                for ticket in target.drawn
            )
            _check_cap(county.book, target, period)


def _check_cap(book: Rulebook, target: TargetRecord, period: Period) -> None:
    cap = book.yearly_cap
    if cap is None:
        return
    this_year = [item for item in target.history if item.counted_on.year == period.year]
    if cap.lifted_by_violation and any(item.violation for item in this_year):
        return
    assert sum(item.kind in cap.counts for item in this_year) < cap.limit


def _check_debt(line: QuotaLine, rule: QuotaRule, period: Period) -> None:
    """In the last period of a cycle that wants everyone, everyone who can be drawn is."""
    span = cycle_at(rule.cycle, period.first_day)
    if rule.cycle.everyone and span.last_day == period.last_day and line.strata:
        first = line.strata[0]
        assert first.round_ > 1 or first.n == len(first.ids)


def _check_year(
    county: _County, line: QuotaLine, rule: QuotaRule, period: Period, headcount: int
) -> None:
    """A yearly number is spread over the quarters left, with what the earlier ones owe."""
    if not isinstance(rule.measure, StaffRatio) or (line.targets == 0 and headcount == 0):
        return
    total = -(-headcount * rule.measure.targets_each // 1)
    done = Counter(
        ticket.period == period
        for target in county.targets.values()
        for ticket in target.drawn
        if ticket.category == line.category
        and ticket.period.year == period.year
        and ticket.counts(period.first_day)
    )
    share = -(-max(0, total - done[False]) // (5 - period.index))
    assert line.required == max(0, share - done[True])


def _draw(
    county: _County, lines: tuple[QuotaLine, ...], period: Period, step: int
) -> rd1.DrawResult | None:
    strata = [stratum for line in lines for stratum in line.strata if stratum.ids]
    if not any(stratum.n for stratum in strata):
        return None
    rng, team = county.rng, county.book.team
    each = team.mode.value is TeamMode.EACH
    able = sum(person.eligible for person in county.people)
    drawable = [ident for stratum in strata for ident in stratum.ids]
    plan = rd1.Plan(
        no=f"360199-{period}-{step + 1:02d}",
        series="360199",
        period=str(period),
        prev=rd1.FIRST_PREV,
        rules=(rd1.Rule("mixdept", "1" if team.mixdept.value else "0"),),
        groups=(
            rd1.Group("OWN", rd1.TeamMode.PAIR_EACH)
            if each
            else rd1.Group("OWN", rd1.TeamMode.FIXED_TEAMS, able // 2),
        ),
        inspectors=county.people,
        targets=tuple(
            rd1.PlanTarget(stratum.code, ident, rng.choice(("", "air", "water")), f"某厂{ident}")
            for stratum in strata
            for ident in stratum.ids
        ),
        quotas=tuple(rd1.Quota(each.code, each.n, len(each.ids) - each.n) for each in strata),
        recusals=tuple(
            {
                (person.id, ident): rd1.Recusal(person.id, ident, "kin")
                for person, ident in (
                    (rng.choice(county.people), rng.choice(drawable)) for _ in range(5)
                )
            }.values()
        ),
        witnesses=(rd1.Witness(1, "县纪委监委"), rd1.Witness(2, "县司法局")),
    )
    reveal = f"{rng.getrandbits(256):064x}"
    result = rd1.replay(plan, reveal, ("35162441", "62413553"))
    _check_selection(plan, result)
    _check_people(plan, result)
    return result


def _check_selection(plan: rd1.Plan, result: rd1.DrawResult) -> None:
    quotas = {quota.stratum: quota for quota in plan.quotas}
    seen: Counter[str] = Counter()
    for stratum in result.strata:
        assert len(stratum.selected) == quotas[stratum.stratum].n
        seen.update(row.target for row in (*stratum.selected, *stratum.alternates))
    assert set(seen.values()) <= {1}


def _check_people(plan: rd1.Plan, result: rd1.DrawResult) -> None:
    """Two different eligible people, none of them recused, and every flag says the truth."""
    people = {person.id: person for person in plan.inspectors}
    recused = {(each.inspector, each.target) for each in plan.recusals}
    needs = {target.id: target.need for target in plan.targets}
    (group,) = result.groups
    sent = [(pair.target, pair.lead, pair.second, pair.flags) for pair in group.pairs]
    teams = {team.number: team for team in group.teams}
    for work in group.assignments:
        team = teams.get(work.team) if work.team is not None else None
        both = (team.lead, team.second) if team else (None, None)
        sent.append((work.target, *both, work.flags + (team.flags if team else "")))
    members = [ident for team in teams.values() for ident in (team.lead, team.second)]
    assert len(members) == len(set(members))
    for target, lead, second, flags in sent:
        if lead is None or second is None:
            assert "X" in flags
            continue
        pair = (people[lead], people[second])
        assert lead != second
        assert all(person.eligible for person in pair)
        assert not {(lead, target), (second, target)} & recused
        assert ("L" in flags) is not any(person.lead for person in pair)
        assert people[lead].lead or not people[second].lead
        met = not needs[target] or any(needs[target] in person.specs for person in pair)
        assert ("S" in flags) is not met


def _check_result(
    county: _County, result: rd1.DrawResult | None, lines: tuple[QuotaLine, ...]
) -> None:
    if result is None:
        assert all(line.n == 0 for line in lines)
        return
    chosen = [row.target for stratum in result.strata for row in stratum.selected]
    assert len(chosen) == sum(line.n for line in lines)
    assert set(chosen) <= set(county.targets)


def _send(
    county: _County, lines: tuple[QuotaLine, ...], result: rd1.DrawResult | None, period: Period
) -> None:
    if result is None:
        return
    category = {stratum.code: line.category for line in lines for stratum in line.strata}
    for stratum in result.strata:
        spare = [row.target for row in stratum.alternates]
        for row in stratum.selected:
            county.go(period, category[stratum.stratum], row.target, spare)


@pytest.mark.parametrize("where", _LEVELS)
def test_with_nothing_happening_everybody_is_covered_in_time(where: tuple[str, str]) -> None:
    """The troubles above do not hide a rulebook that never covers its own."""
    name, level = where
    book = _BOOKS[name]
    targets = {
        f"{category.code}{number}": TargetRecord(
            id=f"{category.code}{number}", category=category.code
        )
        for category in book.categories
        for number in range(23)
    }
    for step in range(12):
        period = Period.parse("2026Q1").plus(step)
        for line in plan_quotas(
            book, targets.values(), period, period.first_day,
            level=level, headcount=9,
        ):  # fmt: skip
            for stratum in line.strata:
                for ident in sorted(stratum.ids)[: stratum.n]:
                    visit = Inspection(kind=InspectionKind.OWN, on=period.last_day, period=period)
                    ticket = DrawnIn(
                        period=period, category=line.category, outcome=DrawOutcome.INSPECTED
                    )
                    target = targets[ident]
                    targets[ident] = replace(
                        target, history=(*target.history, visit), drawn=(*target.drawn, ticket)
                    )
    for category in book.categories:
        rule = category.quota(level)
        assert rule is not None
        if not rule.cycle.everyone:
            continue
        span = cycle_at(rule.cycle, date(2026, 1, 1))
        mine = [target for target in targets.values() if target.category == category.code]
        assert all(_times(target, span) for target in mine)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(_LEVELS), st.integers(0, 25), st.randoms(use_true_random=False))
def test_draws_of_any_length_in_one_year_add_up(
    where: tuple[str, str], headcount: int, rng: Random
) -> None:
    """Months, quarters, halves in any mixture: nobody twice in one time, the year's number met."""
    name, level = where
    county = _County(_BOOKS[name], Random(rng.getrandbits(64)))
    county.fill()
    year = Period.parse("2026")
    half = [
        [year.contained(Span.HALF)[index]]
        if county.rng.random() < 0.3
        else [
            period
            for quarter in year.contained(Span.HALF)[index].contained(Span.QUARTER)
            for period in (
                quarter.contained(Span.MONTH) if county.rng.random() < 0.5 else (quarter,)
            )
        ]
        for index in (0, 1)
    ]
    drawn: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    for period in (*half[0], *half[1]):
        for line in plan_quotas(
            county.book, county.targets.values(), period, period.first_day,
            level=level, headcount=headcount,
        ):  # fmt: skip
            rule = county.book.category(line.category).quota(level)
            assert rule is not None
            _check_number(line)
            _check_pool(county, line, rule, period)
            drawn[line.category] += line.n
            missing[line.category] = line.required - line.n
            for stratum in line.strata:
                for ident in county.rng.sample(stratum.ids, stratum.n):
                    visit = Inspection(kind=InspectionKind.OWN, on=period.last_day, period=period)
                    county.visited(ident, visit)
                    ticket = DrawnIn(
                        period=period, category=line.category, outcome=DrawOutcome.INSPECTED
                    )
                    county.ticket(ident, ticket)
    for category in county.book.categories:
        rule = category.quota(level)
        if rule is not None and isinstance(rule.measure, StaffRatio):
            total = -(-headcount * rule.measure.targets_each // 1)
            assert drawn[category.code] + missing[category.code] == total
