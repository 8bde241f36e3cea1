"""A period's plan: how many of each category, from which pool, by which arithmetic, by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, select

from app.db.read import pool
from app.domain import deadlines
from app.domain.eligibility import REASONS, SiftedInspectors, holders_left_out, sift_inspectors
from app.domain.periods import Period
from app.domain.quota import Deviation, QuotaLine, Wish, headcount_of, plan_quotas
from app.domain.rule_facts import InspectorRecord
from app.domain.rulebook import HeadcountWho, Level, Rulebook
from app.errors import UserError
from app.models import Draw, DrawState
from app.services import rulebooks
from app.services.days import calendar
from app.services.plans import frequency_rules
from app.services.plans.plan_terms import PlanTerms, terms
from app.services.workspace import Workspace, read_unit


@dataclass(frozen=True, slots=True, kw_only=True)
class MakePlan:
    """For which period (``2026Q1``), as known on which day.

    ``headcount``: people of a staff ratio; None takes the figure frozen with the approved plan,
    else with the year's first draw, else counts the directory.  ``wishes``: the unit's own numbers
    by category; None takes the approved plan's.  ``witnesses``, ``operator``: names that cannot be
    drawn this time.
    ``scope``: idents a directed draw is limited to, None is everyone.
    """

    period: str
    on: date
    headcount: int | None = None
    wishes: Mapping[str, Wish] | None = None
    witnesses: tuple[str, ...] = ()
    operator: str = ""
    scope: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StratumPool:
    """One RD1 stratum: its code, who can be drawn (idents), how many are."""

    stratum: str
    ids: tuple[str, ...]
    n: int

    def serial(self, short: str, category: str, place: int) -> str:
        """Public serial of the ``place``-th selected: 重点-01; 重点2-01 for a second round."""
        return f"{short}{self.stratum.removeprefix(category)}-{place:02d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One category of the quota table; ``excluded`` is (reason in words, how many).

    ``short`` begins the public serials: 重点-01, A-01.  ``later``: idents of 基数 that could
    be drawn but are in no stratum: their round does not come yet, or none of them is wanted.
    """

    category: str
    short: str
    label: str
    base: int
    covered: int
    uncovered: int
    excluded: tuple[tuple[str, int], ...]
    pool: int
    ratio: str
    arithmetic: tuple[str, ...]
    article: str
    quota: int
    shortfall: int
    strata: tuple[StratumPool, ...]
    deviations: tuple[Deviation, ...] = ()
    source: str = ""  # of targets drawn elsewhere: the document they came with
    later: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcludedTarget:
    """A target of the directory that cannot be drawn, with the reason in words."""

    ident: str
    name: str
    category: str
    code: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """An inspector of the directory; ``code`` and ``words`` are empty if eligible.

    ``left_out``: holds a certificate and cannot be drawn all the same (completeness).
    """

    personal_no: str
    name: str
    eligible: bool
    may_lead: bool
    specialities: tuple[str, ...]
    code: str
    words: str
    left_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodPlan:
    """The whole plan of a period.

    ``binding`` False: another organ answers for the numbers, they are shown for information.
    ``headcount_drift``: what the directory would give now, where that is another number.
    ``gone``: closed or moved away, no part of N.  ``approvals``: the approved plans it stands on,
    as 依据 prints them.  ``must_be_listed``: what the regulation says of certificate holders,
    with its article.
    """

    period: str
    period_words: str
    lines: tuple[PlanLine, ...]
    excluded: tuple[ExcludedTarget, ...]
    people: tuple[PersonLine, ...]
    headcount: int | None
    headcount_words: str
    binding: bool
    headcount_drift: str = ""
    approvals: tuple[str, ...] = ()
    must_be_listed: str = ""
    gone: tuple[ExcludedTarget, ...] = ()

    @property
    def holders_left_out(self) -> tuple[PersonLine, ...]:
        """Certificate holders who cannot be drawn, each with the reason in ``words``."""
        return tuple(person for person in self.people if person.left_out)

    @property
    def deviations(self) -> tuple[Deviation, ...]:
        """Every departure from the regulation's numbers."""
        return tuple(each for line in self.lines for each in line.deviations)

    @property
    def total(self) -> int:
        """Targets to draw in all."""
        return sum(line.quota for line in self.lines)


def today(workspace: Workspace) -> date:
    """The workspace clock's day."""
    return workspace.clock().astimezone().date()


def compute(connection: Connection, command: MakePlan) -> PeriodPlan:
    """Work the plan out; changes nothing.

    Errors: UserError for a bad period, a missing headcount, a category the rulebook lacks.
    """
    unit = read_unit(connection)
    rulebook = rulebooks.of_unit(connection)
    level = rulebook.level(unit.level)
    period = Period.parse(command.period)
    people = pool.inspectors(connection)
    fixed = terms(connection, period)
    counted = _headcount(connection, level, people, period, command.headcount, fixed)
    targets = pool.targets(connection)
    lines = plan_quotas(
        rulebook,
        targets,
        period,
        command.on,
        level=level.code,
        headcount=counted.number,
        wishes=fixed.wishes if command.wishes is None else command.wishes,
        limits=replace(frequency_rules.limits(connection, rulebook), scope=command.scope),
    )
    return PeriodPlan(
        period=str(period),
        period_words=period.in_words(),
        lines=tuple(_line(line, rulebook.category(line.category).short) for line in lines),
        excluded=tuple(
            ExcludedTarget(
                ident=item.id,
                name=item.name,
                category=line.category,
                code=item.code,
                words=item.words,
            )
            for line in lines
            for item in line.excluded_targets
        ),
        gone=tuple(
            ExcludedTarget(
                ident=target.id,
                name=target.name,
                category=target.category,
                code=target.state.value,
                words=f"{REASONS[target.state.value]}，不计入基数",
            )
            for target in targets
            if not target.in_force and target.category in {line.category for line in lines}
        ),
        people=_sifted(people, rulebook, command),
        headcount=counted.number,
        headcount_words=counted.words,
        headcount_drift=counted.drift,
        binding=all(line.binding for line in lines),
        approvals=fixed.approvals,
        must_be_listed=_must_be_listed(rulebook),
    )


def people(connection: Connection, command: MakePlan) -> tuple[PersonLine, ...]:
    """The inspector directory alone, for draws whose targets come from elsewhere."""
    rulebook = rulebooks.of_unit(connection)
    return _sifted(pool.inspectors(connection), rulebook, command)


def _sifted(
    people: tuple[InspectorRecord, ...], rulebook: Rulebook, command: MakePlan
) -> tuple[PersonLine, ...]:
    busy = frozenset(person.id for person in people if person.name in command.witnesses)
    at_keys = frozenset(person.id for person in people if person.name == command.operator)
    period = Period.parse(command.period)
    sifted = sift_inspectors(
        people, rulebook, period, command.on, witnesses=busy, operators=at_keys
    )
    return _people(people, sifted)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedHeads:
    """The number a staff ratio multiplies, where it comes from, and what it would be now."""

    number: int | None = None
    words: str = ""
    drift: str = ""


def heads_now(
    connection: Connection, level: Level, period: Period, given: int | None = None
) -> CountedHeads:
    """The headcount as typed, or counted in the directory today, whatever was frozen before.

    Errors: UserError for a negative number.
    """
    if level.headcount is None:
        return CountedHeads()
    label = level.headcount.label
    if given is not None:
        if given < 0:
            raise UserError("人数不能是负数。", "请重新填写。")
        return CountedHeads(number=given, words=f"{label} {given} 人（填报）")
    number = headcount_of(level, pool.inspectors(connection))
    if number is not None:
        return CountedHeads(number=number, words=f"{label} {number} 人（按名录库计）")
    typed = level.headcount.who is HeadcountWho.TYPED
    return CountedHeads(words=f"{label}：待填报" if typed else "")


def _headcount(
    connection: Connection,
    level: Level,
    people: tuple[InspectorRecord, ...],
    period: Period,
    given: int | None,
    fixed: PlanTerms,
) -> CountedHeads:
    now = heads_now(connection, level, period, given)
    if level.headcount is None or given is not None:
        return now
    label = level.headcount.label
    if fixed.headcount is not None:
        words = fixed.headcount_words
        number = fixed.headcount
    else:
        frozen = _frozen_headcount(connection, period)
        if frozen is None:
            return now
        number, words = frozen, f"{label} {frozen} 人（沿用本年首次抽取时的人数）"
    counted = headcount_of(level, people)
    drift = f"名录库现在有 {counted} 人" if counted not in {None, number} else ""
    return CountedHeads(number=number, words=words, drift=drift)


def draw_by(rulebook: Rulebook, period: Period) -> date | None:
    """The day a period has to be drawn by, which may lie before it begins; None if none is set."""
    days = calendar.chinese_calendar(period.year)
    found = deadlines.for_period(rulebook, period, days)
    return next((each.due_on for each in found if each.code == "draw"), None)


def _must_be_listed(rulebook: Rulebook) -> str:
    rule = rulebook.inspectors.must_be_listed
    return "" if rule is None else f"{rule.value}（{rulebook.cite(rule.article)}）"


def _frozen_headcount(connection: Connection, period: Period) -> int | None:
    # Fixed with the year's first draw: a headcount is never silently recomputed in mid-year.
    rows = connection.execute(
        select(Draw.facts)
        .where(
            Draw.rehearsal.is_(False),
            Draw.state == DrawState.CLOSED,
            Draw.period.like(f"{period.year}%"),
        )
        .order_by(Draw.seq)
    ).scalars()
    figures = (facts["plan"]["headcount"] for facts in rows)
    return next((figure for figure in figures if figure is not None), None)


def _line(line: QuotaLine, short: str) -> PlanLine:
    return PlanLine(
        category=line.category,
        short=short,
        label=line.label,
        base=line.targets,
        covered=line.covered,
        uncovered=line.uncovered,
        excluded=tuple((words, count) for _, words, count in line.excluded),
        pool=line.pool,
        ratio=line.ratio,
        arithmetic=line.arithmetic,
        article=line.article,
        quota=line.n,
        shortfall=line.shortfall,
        strata=tuple(
            StratumPool(stratum=stratum.code, ids=stratum.ids, n=stratum.n)
            for stratum in line.strata
        ),
        deviations=line.deviations,
        later=line.later,
    )


def _people(
    people: tuple[InspectorRecord, ...], sifted: SiftedInspectors
) -> tuple[PersonLine, ...]:
    left_out: Mapping[str, tuple[str, str]] = {x.id: (x.code, x.words) for x in sifted.excluded}
    holders = {x.id for x in holders_left_out(people, sifted)}
    return tuple(
        PersonLine(
            personal_no=person.id,
            name=person.name,
            eligible=person.id not in left_out,
            may_lead=person.may_lead,
            specialities=person.specialities,
            code=left_out.get(person.id, ("", ""))[0],
            words=left_out.get(person.id, ("", ""))[1],
            left_out=person.id in holders,
        )
        for person in people
    )
