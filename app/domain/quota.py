"""How many targets must be drawn, with every step of the arithmetic in words.

A number goes through: what the regulation asks for (share, staff ratio, fixed
number) → spread over the periods left → raised to the coverage debt → held
against the pool.  Rounding is always up.

**Rounds.** Where fewer targets remain in the round than must be drawn and the
regulation goes on (``new_round``), all that remain are taken and the rest is
drawn from the next round.  RD1 cannot force "all of these and some of those" in
one stratum, so the line is drawn as two (or more) strata: the category's code
``KEY`` for the remaining ones (n = pool) and ``KEY2`` for the next round.  No
target is in both.  Category codes never end in a digit, so no round of one can
be taken for another category; tables and ``plan`` show the sum under the category's code.
A draw that needs one round only has the one stratum ``KEY``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from app.domain.arithmetic import decimal, division, percent, rounded, up
from app.domain.eligibility import (
    REASONS,
    Candidate,
    Excluded,
    SiftedTargets,
    TargetLimits,
    sift_targets,
)
from app.domain.inspector import Employment
from app.domain.periods import Period, Span
from app.domain.rule_facts import InspectionKind, InspectorRecord, TargetRecord
from app.domain.rulebook import (
    AboveRatio,
    BelowFloor,
    Category,
    CopyOf,
    Exhausted,
    FixedNumber,
    HeadcountWho,
    Level,
    Measure,
    QuotaRule,
    Rulebook,
    Share,
    StaffRatio,
)
from app.errors import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A number of the unit's own instead of the regulation's.

    ``value``: the ratio of a share, targets per head of a staff ratio, or the
    number itself.  ``reason`` is printed; ``report``: number of the written
    report, where one is due.
    """

    value: Fraction
    reason: str = ""
    report: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """A departure from the regulation's number, and the paper it asks for."""

    words: str
    reason: str
    needs_report: bool
    report: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What counts of the category within ``frame``, the span the number is meant for.

    ``elsewhere``: for other periods of it; ``now``: for this period already.  ``frame`` None: the
    measure's own span around the period.
    """

    elsewhere: int = 0
    now: int = 0
    frame: Period | None = None


_NOTHING_DELIVERED = Delivered()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """One RD1 stratum: its code, the ids of its pool, how many to draw.

    ``round_`` counts coverings in the cycle: 1 is the first round.
    """

    code: str
    round_: int
    ids: tuple[str, ...]
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaLine:
    """One category's line of the plan.

    ``targets`` is N; ``covered`` of them were inspected in the cycle,
    ``uncovered`` are neither that nor pending.  ``pool``: what this draw draws
    from; n ≤ pool.  ``excluded``: (code, words, how many) of N;
    ``excluded_targets`` names them.  ``required``: before the pool was looked
    at.  ``shortfall``: how many the law wants that cannot be drawn, explained
    in ``arithmetic``.  ``later``: of N, in a round this draw does not come to.
    """

    category: str
    label: str
    period: Period
    targets: int
    covered: int
    uncovered: int
    excluded: tuple[tuple[str, str, int], ...]
    excluded_targets: tuple[Excluded, ...]
    pool: int
    required: int
    n: int
    strata: tuple[Stratum, ...]
    ratio: str
    arithmetic: tuple[str, ...]
    article: str
    binding: bool
    shortfall: int
    deviations: tuple[Deviation, ...]
    later: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Needed:
    number: int
    steps: tuple[str, ...]


def headcount_of(level: Level, inspectors: Iterable[InspectorRecord]) -> int | None:
    """Count whom the level's staff ratio counts; None if it is a typed figure or not needed."""
    if level.headcount is None or level.headcount.who is HeadcountWho.TYPED:
        return None
    counted = {
        HeadcountWho.DIRECTORY: frozenset(Employment) - {Employment.CONTRACT},
        HeadcountWho.ESTABLISHMENT: frozenset({Employment.ESTABLISHED, Employment.CIVIL}),
        HeadcountWho.ESTABLISHMENT_AND_SECONDED: frozenset(Employment) - {Employment.CONTRACT},
    }[level.headcount.who]
    everyone = level.headcount.who is HeadcountWho.DIRECTORY
    return sum(
        1
        for person in inspectors
        if person.employment in counted
        and person.certificate_no
        and (everyone or (person.on_duty and not person.seconded_out))
    )


def plan_quotas(
    rulebook: Rulebook,
    targets: Iterable[TargetRecord],
    period: Period,
    on: date,
    *,
    level: str = "",
    headcount: int | None = None,
    wishes: Mapping[str, Wish] | None = None,
    limits: TargetLimits | None = None,
) -> tuple[QuotaLine, ...]:
    """Give the plan of a period: one line per category the level draws, in the rulebook's order.

    ``targets``: the whole directory, closed ones included (their draws count).
    ``headcount``: people of a staff ratio, frozen with the plan.  Raises
    ``UserError`` for an unknown level, a missing headcount, or a wish below the
    floor the regulation does not allow.
    """
    chosen = rulebook.level(level)
    everyone = tuple(targets)
    _refuse_unknown_categories(rulebook, everyone)
    lines = []
    for category in rulebook.categories:
        rule = category.quota(chosen.code)
        if rule is None:
            continue
        sifted = sift_targets(everyone, rulebook, category.code, period, on, chosen.code, limits)
        lines.append(
            quota_of(
                category,
                chosen,
                sifted,
                period,
                delivered=delivered(everyone, category.code, rule, period, on),
                headcount=headcount,
                wish=(wishes or {}).get(category.code),
            )
        )
    return tuple(lines)


def delivered(
    targets: Iterable[TargetRecord], category: str, rule: QuotaRule, period: Period, on: date
) -> Delivered:
    """Count what counts towards the number ``period`` is part of.

    The category's draws, and own inspections from before the program by their dates.  A draw for
    a longer span is never forgotten in the shorter periods within it: the number is then that
    span's.
    """
    everyone = tuple(targets)
    drawn = [
        draw.period
        for target in everyone
        for draw in target.drawn
        if draw.category == category
        and draw.counts(on)
        # A joint draw has quotas of its own: it covers, it delivers nothing of ours.
        and draw.kind is InspectionKind.OWN
    ]
    by_hand = [
        item.on
        for target in everyone
        for item in target.history
        if item.by_hand and (item.category or target.category) == category
    ]
    frame = period if rule.measure is None else _frame(rule.measure.per, period)
    longer = [each for each in drawn if each.contains(frame)]
    frame = max(longer, key=lambda each: each.span.months, default=frame)
    inside = [each for each in drawn if frame.contains(each)]
    days = [day for day in by_hand if frame.holds(day)]
    now = sum(each.overlaps(period) for each in inside) + sum(map(period.holds, days))
    return Delivered(elsewhere=len(inside) + len(days) - now, now=now, frame=frame)


def quota_of(
    category: Category,
    level: Level,
    sifted: SiftedTargets,
    period: Period,
    *,
    delivered: Delivered = _NOTHING_DELIVERED,
    headcount: int | None = None,
    wish: Wish | None = None,
) -> QuotaLine:
    """Work out one category's line.

    Raises ``UserError`` if the level draws none of it, the headcount is missing,
    or the wish goes below what the regulation allows.
    """
    usual = category.quota(level.code)
    if usual is None:
        raise UserError(f"{level.label}不抽取{category.label}。", "请检查所选的层级。")
    rule, wished = _with_wish(usual, category, wish)
    deviations = (*departures(usual, category), *wished)
    needed = _needed(rule, level, sifted, period, delivered, headcount)
    pools = _rounds(sifted.kept)
    available = sum(len(members) for _, members in pools)
    n = min(needed.number, available)
    strata = _strata(category.code, pools, n)
    steps = list(needed.steps)
    steps += _pool_words(rule, sifted, needed.number, n, strata)
    return QuotaLine(
        category=category.code,
        label=category.label,
        period=period,
        targets=sifted.in_force,
        covered=sifted.covered,
        uncovered=sifted.uncovered,
        excluded=_by_reason(sifted.excluded),
        excluded_targets=sifted.excluded,
        pool=sum(len(stratum.ids) for stratum in strata),
        required=needed.number,
        n=n,
        strata=strata,
        ratio=ratio_words(rule),
        arithmetic=tuple(steps),
        article=rule.article,
        binding=level.binding.value,
        shortfall=_shortfall(rule, sifted, needed.number, n),
        deviations=deviations,
        later=tuple(each for _, members in pools[len(strata) :] for each in members),
    )


# ---- what the regulation asks for -----------------------------------------------


def _needed(
    rule: QuotaRule,
    level: Level,
    sifted: SiftedTargets,
    period: Period,
    done: Delivered,
    headcount: int | None,
) -> _Needed:
    number, steps = 0, list[str]()
    measure = rule.measure
    if measure is not None:
        total, words = _total(measure, level, sifted.in_force, headcount)
        number, more = _spread(total, measure.per, period, done)
        steps += [words, *more]
    if rule.cycle.everyone:
        debt, words = _debt(sifted, period)
        if measure is None:
            return _Needed(number=debt, steps=(words,))
        if debt > number:
            number = debt
            steps += [words, f"为周期内全覆盖，取较大的 {debt}"]
    return _Needed(number=number, steps=tuple(steps))


def _total(measure: Measure, level: Level, in_force: int, headcount: int | None) -> tuple[int, str]:
    """Give the number for one span of the measure, and its sum in words."""
    if isinstance(measure, FixedNumber):
        return measure.number, f"每{_measure_span(measure.per)} {measure.number} 家"
    if isinstance(measure, Share):
        exact = measure.ratio * in_force
        words = f"{in_force} × {percent(measure.ratio)} = {decimal(exact)}"
        return up(exact), rounded(words, exact)
    if headcount is None:
        if in_force == 0:
            return 0, "没有检查对象，不用人数"
        label = level.headcount.label if level.headcount is not None else "执法人员数量"
        raise UserError(
            f"还不知道{label}，算不出应抽数量。", "请填写人数后再算（命令行用 --headcount）。"
        )
    exact = measure.targets_each * headcount
    ratio = f"{decimal(measure.inspectors)}:{decimal(measure.targets)}"
    if measure.inspectors == 1:
        words = f"{headcount} 人按 {ratio}：{headcount} × {decimal(measure.targets)}"
    else:
        words = (
            f"{headcount} 人按 {ratio}："
            f"{headcount} × {decimal(measure.targets)} ÷ {decimal(measure.inspectors)}"
        )
    return up(exact), rounded(f"{words} = {decimal(exact)}", exact)


def _spread(total: int, per: Span, period: Period, done: Delivered) -> tuple[int, list[str]]:
    """Share the number of a span out over the periods left in it, carrying what is owed."""
    frame = done.frame or _frame(per, period)
    times = max(1, frame.span.months // per.months)
    steps = []
    if times > 1:
        steps.append(
            f"{frame.in_words()}含 {times} {_counter(per)}：{total} × {times} = {total * times}"
        )
        total *= times
    owed = max(0, total - done.elsewhere)
    left = 1 if frame == period else _left(frame, period)
    number = -(-owed // left)
    if frame != period:
        already = f"，已抽 {done.elsewhere}，尚欠 {owed}" if done.elsewhere else ""
        share = f"分 {left} {_counter(period.span)}：{division(owed, left)}"
        last = f"这是最后{_last(period.span)}，应抽 {owed}"
        steps.append(f"{frame.in_words()}应抽 {total}{already}，{share if left > 1 else last}")
    if done.now:
        steps.append(f"{period.in_words()}此前已抽 {done.now}，还应抽 {max(0, number - done.now)}")
    return max(0, number - done.now), steps


def _debt(sifted: SiftedTargets, period: Period) -> tuple[int, str]:
    """⌈uncovered ÷ periods left⌉, what was drawn for this period already included."""
    left = sifted.span.periods_left(period)
    waiting = sifted.uncovered + sifted.drawn_now - sifted.still_open
    number = max(0, -(-waiting // left) - sifted.drawn_now)
    share = f"剩 {left} 期：{division(waiting, left)}" if left > 1 else "这是最后一期"
    words = f"本周期还有 {waiting} 家未查，{share}"
    if sifted.drawn_now:
        words += f"，此前已抽 {sifted.drawn_now}"
    return number, words


def _frame(per: Span, period: Period) -> Period:
    """The span a number is meant for, or the period itself if that is longer."""
    return period if period.span.months >= per.months else period.containing(per)


def _left(frame: Period, period: Period) -> int:
    parts = frame.contained(period.span)
    return len(parts) - parts.index(period)


# ---- rounds and strata ------------------------------------------------------------


def _rounds(kept: tuple[Candidate, ...]) -> list[tuple[int, tuple[str, ...]]]:
    """Pools in the order they are used: fewest coverings first.

    Where a cycle stops, the covered ones were sifted out before.
    """
    by_times: dict[int, list[str]] = {}
    for candidate in kept:
        by_times.setdefault(candidate.times, []).append(candidate.target.id)
    return [(times, tuple(sorted(by_times[times]))) for times in sorted(by_times)]


def _strata(category: str, pools: list[tuple[int, tuple[str, ...]]], n: int) -> tuple[Stratum, ...]:
    strata: list[Stratum] = []
    left = n
    for times, ids in pools:
        if strata and left == 0:
            break
        code = category if not strata else f"{category}{len(strata) + 1}"
        take = min(left, len(ids))
        strata.append(Stratum(code=code, round_=times + 1, ids=ids, n=take))
        left -= take
    return tuple(strata)


def _shortfall(rule: QuotaRule, sifted: SiftedTargets, required: int, n: int) -> int:
    if rule.exhausted.value is Exhausted.STOP:
        # Once nobody is left uncovered the cycle is done, and nothing is owed.
        return max(0, min(required, sifted.uncovered) - n)
    return required - n


# ---- deviations -------------------------------------------------------------------


def _with_wish(
    rule: QuotaRule, category: Category, wish: Wish | None
) -> tuple[QuotaRule, tuple[Deviation, ...]]:
    """Give the rule with the unit's number in it, and what that departs from."""
    measure = rule.measure
    if wish is None or measure is None:
        return rule, ()
    usual, floor, wished = _wished(measure, wish)
    if wish.value == usual:
        return rule, ()
    changed = replace(rule, measure=wished)
    shown = _value_words(measure, wish.value)
    words = f"{category.label}按{shown}，规定为{_value_words(measure, usual)}"
    if wish.value > usual:
        if rule.above.value is AboveRatio.FREE:
            return changed, ()
        return changed, (_deviation(words, wish, rule.above.article, report=True),)
    if wish.value < floor:
        return changed, (_below(rule, wish, words),)
    # A share the regulation itself allows: it then does not ask for everyone.
    loosened = replace(changed, cycle=replace(rule.cycle, everyone=False))
    return loosened, (_deviation(words, wish, measure.article, report=False),)


def departures(rule: QuotaRule, category: Category) -> tuple[Deviation, ...]:
    """What the number of a unit's own copy departs from; empty if it is the copied rulebook's.

    Raises ``UserError`` if that one does not allow less.
    """
    if rule.usual is None or rule.copied is None:
        return ()
    return _departures(rule, rule.usual, rule.copied, category)


def _departures(
    rule: QuotaRule, usual: QuotaRule, copied: CopyOf, category: Category
) -> tuple[Deviation, ...]:
    words = f"{category.label}按{ratio_words(rule)}，原细则为{ratio_words(usual)}"
    given = Wish(value=Fraction(0), reason=copied.reason, report=copied.report)
    if _loosened(rule, usual):
        lost = f"{category.label}不再要求{usual.cycle.months}个月内全覆盖"
        return (_below(usual, given, lost),)
    own, before = rule.measure, usual.measure
    if own is None or before is None or type(own) is not type(before) or own.per != before.per:
        return () if own == before else (_below(usual, given, words),)
    if _value(own) > _value(before) and usual.above.value is AboveRatio.REPORT:
        return (_deviation(words, given, usual.above.article, report=True),)
    if _value(own) >= _value(before):
        return ()
    if isinstance(before, Share) and _value(own) >= before.floor:
        return (_deviation(words, given, before.article, report=False),)
    return (_below(usual, given, words),)


def _loosened(rule: QuotaRule, usual: QuotaRule) -> bool:
    shorter = rule.cycle.everyone and rule.cycle.months <= usual.cycle.months
    return usual.cycle.everyone and not shorter


def _value(measure: Measure) -> Fraction:
    if isinstance(measure, Share):
        return measure.ratio
    return measure.targets_each if isinstance(measure, StaffRatio) else Fraction(measure.number)


def _below(rule: QuotaRule, wish: Wish, words: str) -> Deviation:
    policy, article = rule.below_floor.value, rule.below_floor.article
    if policy is BelowFloor.REFUSE:
        raise UserError(f"{words}，低于{article}的最低要求。", "请按规定的比例抽取。")
    return _deviation(words, wish, article, report=policy is BelowFloor.REPORT)


def _deviation(words: str, wish: Wish, article: str, *, report: bool) -> Deviation:
    if not wish.reason.strip():
        raise UserError(f"{words}，须写明理由（{article}）。", "请填写理由。")
    return Deviation(
        words=words, reason=wish.reason, needs_report=report, report=wish.report, article=article
    )


def _wished(measure: Measure, wish: Wish) -> tuple[Fraction, Fraction, Measure]:
    """Give the usual value, the floor, and the measure with the wished value."""
    if wish.value <= 0 or (isinstance(measure, Share) and wish.value > 1):
        raise UserError(
            f"比例“{decimal(wish.value)}”不合理。", "请填写大于 0、不超过 100% 的比例。"
        )
    if isinstance(measure, Share):
        return measure.ratio, measure.floor, replace(measure, ratio=wish.value)
    if isinstance(measure, StaffRatio):
        each = measure.targets_each
        return each, each, replace(measure, inspectors=Fraction(1), targets=wish.value)
    usual = Fraction(measure.number)
    return usual, usual, replace(measure, number=up(wish.value))


def _refuse_unknown_categories(rulebook: Rulebook, targets: tuple[TargetRecord, ...]) -> None:
    known = {category.code for category in rulebook.categories}
    strange = next((t for t in targets if t.in_force and t.category not in known), None)
    if strange is not None:
        labels = "、".join(f"{item.code}（{item.label}）" for item in rulebook.categories)
        raise UserError(
            f"检查对象“{strange.name or strange.id}”的分类“{strange.category}”不在所选细则中。",
            f"请改为：{labels}。",
        )


# ---- words ------------------------------------------------------------------------


def _measure_span(span: Span) -> str:
    return "月" if span is Span.MONTH else span.words


def _counter(span: Span) -> str:
    return {
        Span.YEAR: "年",
        Span.HALF: "个半年",
        Span.QUARTER: "个季度",
        Span.MONTH: "个月",
    }[span]


def _last(span: Span) -> str:
    return "半年" if span is Span.HALF else f"一{_counter(span)}"


def _value_words(measure: Measure, value: Fraction) -> str:
    if isinstance(measure, Share):
        return f"每{_measure_span(measure.per)}{percent(value)}"
    if isinstance(measure, StaffRatio):
        return f"每{_measure_span(measure.per)}1:{decimal(value)}"
    return f"每{_measure_span(measure.per)}{decimal(value)}家"


def ratio_words(rule: QuotaRule) -> str:
    """Say what the rule asks for: 每季度25%, 每年1:5, 12个月内全覆盖."""
    measure = rule.measure
    if measure is None:
        return f"{rule.cycle.months}个月内全覆盖"
    if isinstance(measure, StaffRatio):
        ratio = f"{decimal(measure.inspectors)}:{decimal(measure.targets)}"
        return f"每{_measure_span(measure.per)}{ratio}"
    if isinstance(measure, Share):
        return _value_words(measure, measure.ratio)
    return _value_words(measure, Fraction(measure.number))


def _by_reason(excluded: tuple[Excluded, ...]) -> tuple[tuple[str, str, int], ...]:
    """Counts per reason; the words are the reason's, without an individual's details."""
    counts: dict[str, int] = {}
    for item in excluded:
        counts[item.code] = counts.get(item.code, 0) + 1
    return tuple((code, REASONS[code], counts[code]) for code in sorted(counts))


def _pool_words(
    rule: QuotaRule,
    sifted: SiftedTargets,
    required: int,
    n: int,
    strata: tuple[Stratum, ...],
) -> list[str]:
    """Say what the pool did to the number: next round, all taken, or a shortfall and why."""
    if sifted.in_force == 0:
        return [f"该类没有检查对象{f'，缺 {required}' if required else ''}，应抽 0"]
    steps = []
    drawn = [stratum for stratum in strata if stratum.n]
    if len(drawn) > 1:
        parts = "，".join(f"第 {stratum.round_} 轮抽 {stratum.n}" for stratum in drawn)
        steps.append(f"本轮只剩 {len(drawn[0].ids)} 家，全部抽取，其余从下一轮抽：{parts}")
    if n < required:
        steps.append(_why_fewer(rule, sifted, required, n))
    return steps


def _why_fewer(rule: QuotaRule, sifted: SiftedTargets, required: int, n: int) -> str:
    if _shortfall(rule, sifted, required, n) == 0:
        if sifted.uncovered == 0:
            return f"本周期已全部{'抽取' if sifted.pending else '检查'}，不再抽取，应抽 0"
        return f"本周期只剩 {n} 家未查，全部抽取，应抽 {n}"
    reasons = "、".join(f"{words} {count} 家" for _, words, count in _by_reason(sifted.excluded))
    because = f"（{reasons}）" if reasons else f"（该类共 {sifted.in_force} 家）"
    return f"可抽 {n} 家，少于 {required}，缺 {required - n}{because}，应抽 {n}"
