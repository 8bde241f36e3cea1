"""Who and what may be drawn: kept, or excluded with a reason code and words.

Codes fit RD1's ``why`` field (``[0-9a-z]{1,16}``) and never name a person; the
words go on screen and into the sealed papers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from app.domain.coverage import (
    CoverageState,
    CycleSpan,
    Standing,
    barred_as_drawn,
    cycle_at,
    standing,
)
from app.domain.frequency import capped, frequency
from app.domain.periods import Period
from app.domain.rule_facts import InspectionKind, InspectorRecord, TargetRecord
from app.domain.rulebook import Exhausted, Rulebook, YearlyCap

REASONS = {
    "closed": "已关闭停业",
    "moved": "注销迁出",
    "suspended": "停产停工",
    "drawn": "本期已抽取，或已抽取尚待检查",
    "covered": "本周期已检查",
    "superior": "本年度上级已检查且未发现问题",
    "cap": "已达年度检查次数上限",
    "scope": "不在本次抽取范围内",
    "library": "所在的库只导入，不在本单位抽取",
    "nocert": "没有执法证号",
    "certexpired": "执法证在抽查期间内到期",
    "certfuture": "执法证在抽查期间开始时尚未生效",
    "leave": "请假或外出",
    "seconded": "借调在外",
    "offduty": "不在岗",
    "employment": "人员性质不得列入",
    "outofscope": "执法证的执法类型不含本次抽查",
    "recused": "整体回避，不参加抽取",
    "witness": "担任本次抽取的见证人",
    "operator": "担任本次抽取的操作人",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """Someone or something left out of the draw, and why."""

    id: str
    name: str
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A target that can be drawn, and how often it was covered in its cycle."""

    target: TargetRecord
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SiftedTargets:
    """One category's targets at the freeze.

    ``in_force`` is N; ``gone`` are the closed, the moved and those of an import-only library,
    no part of N.
    ``covered`` and ``pending`` count targets of N in the cycle, ``covered``
    whether or not they can be drawn again.  ``kept`` + ``excluded`` = N.
    ``drawn_now``: not yet covered before, drawn for this same period already;
    ``still_open``: those of them whose task is done while they stay uncovered.
    """

    category: str
    span: CycleSpan
    in_force: int
    kept: tuple[Candidate, ...]
    excluded: tuple[Excluded, ...]
    gone: tuple[Excluded, ...]
    covered: int
    pending: int
    drawn_now: int
    still_open: int = 0

    @property
    def uncovered(self) -> int:
        """Targets of N neither covered in the cycle nor waiting for their inspection."""
        return self.in_force - self.covered - self.pending


@dataclass(frozen=True, slots=True, kw_only=True)
class SiftedInspectors:
    """The inspector directory at the freeze: who can be drawn, who not and why.

    ``unverified``: kept, but the directory does not say until when their
    certificate is valid; somebody has to look at it.
    """

    kept: tuple[InspectorRecord, ...]
    excluded: tuple[Excluded, ...]
    unverified: tuple[InspectorRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetLimits:
    """What limits the pool besides coverage.

    ``caps``: all that bind, the regulation's and the unit's own.
    ``leave_out_superior``: the unit uses the right to leave out what the
    superior inspected without a finding, where the regulation grants it.
    ``scope``: ids a directed draw is limited to; None is everyone.
    """

    caps: tuple[YearlyCap, ...] = ()
    leave_out_superior: bool = True
    scope: frozenset[str] | None = None

    @classmethod
    def of(cls, rulebook: Rulebook) -> TargetLimits:
        """Take the regulation's own limits."""
        return cls(caps=() if rulebook.yearly_cap is None else (rulebook.yearly_cap,))


def sift_targets(
    targets: Iterable[TargetRecord],
    rulebook: Rulebook,
    category: str,
    period: Period,
    on: date,
    level: str = "",
    limits: TargetLimits | None = None,
) -> SiftedTargets:
    """Sort one category's targets into those that can be drawn and those that cannot.

    ``on`` is the day of the freeze.  Targets of other categories are ignored.
    Raises ``UserError`` if the regulation does not know the category or level.
    """
    rule = rulebook.category(category).quota(rulebook.level(level).code)
    if rule is None:
        return _nothing(category, period)
    span = cycle_at(rule.cycle, period.first_day)
    stop = rule.exhausted.value is Exhausted.STOP
    allowed = TargetLimits.of(rulebook) if limits is None else limits
    kept: list[Candidate] = []
    excluded: list[Excluded] = []
    gone: list[Excluded] = []
    covered = pending = drawn_now = still_open = 0
    for target in targets:
        if target.category != category:
            continue
        if target.library in rulebook.import_only:
            # Another organ's library: no part of N, however like ours its targets are.
            gone.append(_excluded(target, "library"))
            continue
        if not target.in_force:
            gone.append(_excluded(target, target.state.value))
            continue
        where = standing(target, span, on)
        covered += bool(where.times)
        pending += where.pending and not where.times
        first_now = _first_drawn_now(target, where, period, on)
        drawn_now += first_now
        still_open += first_now and where.state is CoverageState.OPEN
        reason = next(_reasons(target, where, rulebook, period, on, allowed, stop), None)
        if reason is None:
            kept.append(Candidate(target, where.times))
        else:
            excluded.append(reason)
    return SiftedTargets(
        category=category,
        span=span,
        in_force=len(kept) + len(excluded),
        kept=tuple(kept),
        excluded=tuple(excluded),
        gone=tuple(gone),
        covered=covered,
        pending=pending,
        drawn_now=drawn_now,
        still_open=still_open,
    )


def sift_inspectors(
    inspectors: Iterable[InspectorRecord],
    rulebook: Rulebook,
    period: Period,
    on: date,
    *,
    scope: str = "",
    witnesses: frozenset[str] = frozenset(),
    operators: frozenset[str] = frozenset(),
) -> SiftedInspectors:
    """Sort inspectors into those that can be drawn and those that cannot, with the reason.

    A certificate must be valid through the period's last day; presence counts
    on the day the work can begin (the freeze, or the period's first day if that
    is later).  ``scope``: kind of enforcement the draw is for, empty is any.
    """
    begins = max(on, period.first_day)
    kept: list[InspectorRecord] = []
    excluded: list[Excluded] = []
    for person in inspectors:
        found = next(_person_reasons(person, rulebook, period, begins, scope), None)
        if found is None and person.id in witnesses:
            found = "witness", REASONS["witness"]
        if found is None and person.id in operators:
            found = "operator", REASONS["operator"]
        if found is None:
            kept.append(person)
        else:
            code, words = found
            excluded.append(Excluded(id=person.id, name=person.name, code=code, words=words))
    return SiftedInspectors(
        kept=tuple(kept),
        excluded=tuple(excluded),
        unverified=tuple(person for person in kept if person.certificate_until is None),
    )


def holders_left_out(
    inspectors: Iterable[InspectorRecord], sifted: SiftedInspectors
) -> tuple[Excluded, ...]:
    """Give the certificate holders who cannot be drawn, each with the reason.

    Regulations that want every holder listed (``must_be_listed``) are checked
    against this; contract staff have no certificate and do not appear.
    """
    holders = {person.id for person in inspectors if person.certificate_no}
    return tuple(item for item in sifted.excluded if item.id in holders)


def _nothing(category: str, period: Period) -> SiftedTargets:
    return SiftedTargets(
        category=category,
        span=CycleSpan(period.first_day, period.last_day),
        in_force=0,
        kept=(),
        excluded=(),
        gone=(),
        covered=0,
        pending=0,
        drawn_now=0,
    )


def _excluded(target: TargetRecord, code: str, words: str = "") -> Excluded:
    return Excluded(id=target.id, name=target.name, code=code, words=words or REASONS[code])


def _first_drawn_now(target: TargetRecord, where: Standing, period: Period, on: date) -> bool:
    """Whether it counts towards this period's number and had not been covered before."""
    drawn = any(draw.counts(on) and draw.period.overlaps(period) for draw in target.drawn)
    by_hand = any(item.by_hand and period.holds(item.on) for item in target.history)
    return (drawn or by_hand) and where.times <= 1


def _reasons(
    target: TargetRecord,
    where: Standing,
    rulebook: Rulebook,
    period: Period,
    on: date,
    limits: TargetLimits,
    stop: bool,
) -> Iterator[Excluded]:
    """Yield what keeps a target of N out of the pool, the first being the one to print."""
    if stop and where.times:
        yield _excluded(target, "covered")
    if barred_as_drawn(target, where, rulebook.repeat, period, on):
        yield _excluded(target, "drawn")
    if target.idle(max(on, period.first_day), period.last_day):
        yield _excluded(target, "suspended", _suspended_words(target))
    if limits.leave_out_superior and _superior_clean(target, rulebook, period.year):
        yield _excluded(target, "superior")
    for cap in limits.caps:
        if capped(target, period.year, on, cap):
            done = frequency(target, period.year, on).in_words()
            yield _excluded(target, "cap", f"已达年度检查次数上限{cap.limit}次（{done}）")
    if limits.scope is not None and target.id not in limits.scope:
        yield _excluded(target, "scope")


def _suspended_words(target: TargetRecord) -> str:
    """停产停工，2026-11-01至2027-03-15; the bare word if nobody knows the days."""
    since, until = target.suspended_from, target.suspended_to
    if since is None and until is None:
        return ""
    ends = f"至{until.isoformat()}" if until else "起"
    return f"{REASONS['suspended']}，{since.isoformat() if since else ''}{ends}"


def _superior_clean(target: TargetRecord, rulebook: Rulebook, year: int) -> bool:
    """Whether the superior inspected it this year and never found a problem."""
    rule = rulebook.superior_clean
    if rule is None or target.category not in rule.categories:
        return False
    visits = [
        item
        for item in target.history
        if item.kind is InspectionKind.SUPERIOR and item.counted_on.year == year and item.covers
    ]
    return bool(visits) and not any(item.finding or item.violation for item in visits)


def _person_reasons(
    person: InspectorRecord,
    rulebook: Rulebook,
    period: Period,
    begins: date,
    scope: str,
) -> Iterator[tuple[str, str]]:
    """Yield what keeps a person out of the draw, code and words, the first being the one to print.

    A certificate without an end date cannot be judged here; see ``unverified``.
    """
    if person.employment not in rulebook.inspectors.employment.value:
        footing = person.employment.label if person.employment else "名录库未填编制情况"
        yield "employment", f"{REASONS['employment']}（{footing}）"
    if not person.certificate_no:
        yield "nocert", REASONS["nocert"]
    if person.certificate_from is not None and person.certificate_from > begins:
        yield "certfuture", f"执法证{person.certificate_from.isoformat()}起生效"
    if person.certificate_until is not None and person.certificate_until < period.last_day:
        yield "certexpired", f"执法证{person.certificate_until.isoformat()}到期，早于抽查期间结束"
    if person.seconded_out:
        yield "seconded", REASONS["seconded"]
    if not person.on_duty:
        yield "offduty", REASONS["offduty"]
    for absence in person.absences:
        if absence.covers(begins):
            until = f"至{absence.until.isoformat()}" if absence.until else "，未定返岗日期"
            yield "leave", f"{REASONS['leave']}{until}"
    if person.recused:
        yield "recused", REASONS["recused"]
    if scope and person.scopes and scope not in person.scopes:
        yield "outofscope", REASONS["outofscope"]
