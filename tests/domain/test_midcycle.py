"""What happens in the middle of a cycle, counted by hand: each figure's sum stands beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.periods import Period
from app.domain.quota import QuotaLine, plan_quotas
from app.domain.rule_facts import DrawOutcome, Inspection, InspectionKind, TargetRecord
from app.domain.rulebook import FixedNumber, QuotaRule, Rulebook
from app.domain.target import TargetState
from tests.domain.rulebooks import drawn, many, own, rulebook


def _line(
    name: str | Rulebook,
    targets: list[TargetRecord],
    period: str,
    category: str,
    on: date | None = None,
    **more: object,
) -> QuotaLine:
    when = Period.parse(period)
    book = rulebook(name) if isinstance(name, str) else name
    given: dict[str, object] = {"headcount": 18, **more}
    lines = plan_quotas(book, targets, when, on or when.first_day, **given)  # type: ignore[arg-type]
    return next(line for line in lines if line.category == category)


def _inspected(target: TargetRecord, period: str, category: str = "") -> TargetRecord:
    ticket = drawn(period, category or target.category)
    return replace(target, history=(*target.history, own(period)), drawn=(*target.drawn, ticket))


def _pending(target: TargetRecord, period: str) -> TargetRecord:
    ticket = drawn(period, target.category, DrawOutcome.PENDING)
    return replace(target, drawn=(*target.drawn, ticket))


# ---- draws of different length in one year ---------------------------------------------


def test_a_quarter_inside_a_half_year_that_was_drawn_asks_for_nothing_more() -> None:
    # TJ KEY 5: 2 a quarter, so 4 for the half-year, drawn at once in January.
    targets = [_pending(target, "2026H1") for target in many("KEY", 4)] + many("KEY", 1, 4)
    line = _line("taijiang-2022", targets, "2026Q2", "KEY")
    assert (line.n, line.shortfall) == (0, 0)
    assert "2026年上半年含 2 个季度：2 × 2 = 4" in line.arithmetic
    # Only three of the four could be drawn: the second quarter makes up for one.
    fewer = [_inspected(target, "2026H1") for target in many("KEY", 3)] + many("KEY", 2, 3)
    assert _line("taijiang-2022", fewer, "2026Q2", "KEY").n == 1  # 4 - 3


def test_a_quarter_counts_the_months_of_it_that_were_drawn_before() -> None:
    # NC A 37: 10 a quarter = 4 in January; 10 - 4 = 6 for what is left of the quarter.
    january = _line("nanchang-2023", many("A", 37), "2026M01", "A")
    assert january.n == 4  # 10 / 3 months, up
    targets = [_inspected(target, "2026M01") for target in many("A", 4)] + many("A", 33, 4)
    assert _line("nanchang-2023", targets, "2026Q1", "A").n == 6
    assert _line("nanchang-2023", targets, "2026M02", "A").n == 3  # (10 - 4) / 2
    # The whole quarter was drawn: February has nothing left to draw.
    all_ten = [_inspected(target, "2026Q1") for target in many("A", 10)] + many("A", 27, 10)
    assert _line("nanchang-2023", all_ten, "2026M02", "A").n == 0


def test_half_year_and_year_draws_of_every_measure() -> None:
    # NC B 120: 15 a quarter; a half-year takes 30, a year 60.
    assert _line("nanchang-2023", many("B", 120), "2026H1", "B").n == 30
    assert _line("nanchang-2023", many("B", 120), "2026", "B").n == 60
    # TJ GENERAL 90 a year: 45 for the first half; then 45 less what was drawn over two quarters.
    half = [_inspected(target, "2026H1") for target in many("GENERAL", 45)]
    rest = many("GENERAL", 200, 45)
    assert _line("taijiang-2022", half + rest, "2026Q3", "GENERAL").n == 23  # 45 / 2, up
    assert _line("taijiang-2022", half + rest, "2026H2", "GENERAL").n == 45


def test_a_fixed_number_is_a_number() -> None:
    book = rulebook("taijiang-2022")

    def fixed(rule: QuotaRule) -> QuotaRule:
        number = FixedNumber(number=50, per=Period.parse("2026").span, article="四")
        return replace(rule, measure=number)

    categories = tuple(
        replace(each, quotas=tuple((code, fixed(rule)) for code, rule in each.quotas))
        if each.code == "GENERAL"
        else each
        for each in book.categories
    )
    line = _line(replace(book, categories=categories), many("GENERAL", 300), "2026Q1", "GENERAL")
    assert (line.n, line.ratio) == (13, "每年50家")  # 50 / 4 = 12.5, up
    assert line.arithmetic[0] == "每年 50 家"


# ---- history from before the program ------------------------------------------------------


def test_own_inspections_from_before_the_program_count_towards_the_years_number() -> None:
    # TJ: 90 a year. 45 were inspected in the first half by hand and imported by their dates.
    seen = Inspection(kind=InspectionKind.OWN, on=date(2026, 4, 8))
    targets = [replace(target, history=(seen,)) for target in many("GENERAL", 45)]
    line = _line("taijiang-2022", targets + many("GENERAL", 255, 45), "2026Q3", "GENERAL")
    assert line.n == 23  # (90 - 45) / 2, up
    assert "已抽 45" in line.arithmetic[-1]
    # The superior's visits are nobody's quota.
    other = replace(seen, kind=InspectionKind.SUPERIOR)
    targets = [replace(target, history=(other,)) for target in many("GENERAL", 45)]
    assert _line("taijiang-2022", targets + many("GENERAL", 255, 45), "2026Q3", "GENERAL").n == 45


def test_an_inspection_from_before_counts_for_the_class_it_was_made_for() -> None:
    # 45 general ones were inspected, then became special: the general 90 are owed 45 less.
    seen = Inspection(kind=InspectionKind.OWN, on=date(2026, 4, 8), category="GENERAL")
    moved = [replace(target, history=(seen,)) for target in many("SPECIAL", 45)]
    targets = moved + many("GENERAL", 255)
    assert _line("taijiang-2022", targets, "2026Q3", "GENERAL").n == 23
    assert _line("taijiang-2022", targets, "2026Q3", "SPECIAL").n == 23  # 45 ÷ 2, up


def test_history_of_another_year_does_not() -> None:
    seen = Inspection(kind=InspectionKind.OWN, on=date(2025, 11, 8))
    targets = [replace(target, history=(seen,)) for target in many("GENERAL", 45)]
    assert _line("taijiang-2022", targets, "2026Q1", "GENERAL").n == 23


# ---- targets that come, go and change class --------------------------------------------------


def test_a_year_of_nanchangs_class_a_with_arrivals_and_departures() -> None:
    # Q1: 37 → 9.25, up: 10, all inspected.  Then 2 close (one of them inspected), 3 are new.
    targets = [_inspected(target, "2026Q1") for target in many("A", 10)] + many("A", 27, 10)
    targets[0] = replace(targets[0], state=TargetState.CLOSED)
    targets[36] = replace(targets[36], state=TargetState.MOVED)
    targets += many("A", 3, 37)
    line = _line("nanchang-2023", targets, "2026Q2", "A")
    # N = 37 - 2 + 3 = 38; 38 × 25 % = 9.5, up 10; uncovered 38 - 9 = 29; 29 / 3 = 9.67, up 10.
    assert (line.targets, line.covered, line.uncovered, line.n) == (38, 9, 29, 10)


def test_a_target_moved_up_a_class_brings_its_inspection_along() -> None:
    # B inspected in 2026Q1, class A since May: A's cycle 2026 contains the inspection.
    moved = _inspected(TargetRecord(id="M", category="A"), "2026Q1", "B")
    line = _line("nanchang-2023", [*many("A", 7), moved], "2026Q3", "A")
    assert (line.targets, line.covered, line.pool) == (8, 1, 7)
    assert line.n == 4  # 8 × 25 % = 2; uncovered 7 over 2 quarters: 3.5, up
    # Down to C the other way round: C's cycle of three years contains it too.
    down = _inspected(TargetRecord(id="D", category="C"), "2026Q1", "A")
    line = _line("nanchang-2023", [*many("C", 5), down], "2028Q4", "C")
    assert (line.covered, line.pool, line.n) == (1, 5, 5)


def test_a_draw_made_for_the_old_class_is_not_the_new_ones() -> None:
    # TJ: a general one drawn in Q1 becomes special in Q2; special N = 22 + 1, all due by June.
    moved = _inspected(TargetRecord(id="M", category="SPECIAL"), "2026Q1", "GENERAL")
    targets = [_inspected(target, "2026Q1") for target in many("SPECIAL", 11)]
    targets += [*many("SPECIAL", 11, 11), moved]
    line = _line("taijiang-2022", targets, "2026Q2", "SPECIAL")
    # 23 × 100 % = 23 for the half, 11 drawn: 12 owed, of which one is covered already: 11 remain.
    assert (line.targets, line.required, line.n, line.shortfall) == (23, 12, 11, 0)
    assert line.arithmetic[-1] == "本周期只剩 11 家未查，全部抽取，应抽 11"
    general = _line("taijiang-2022", [*targets, *many("GENERAL", 300)], "2026Q2", "GENERAL")
    assert general.n == 30  # (90 - 1) / 3 = 29.67, up


@pytest.mark.parametrize("kind", [InspectionKind.SUPERIOR, InspectionKind.JOINT])
def test_others_inspections_cover_a_half_years_special_ones(kind: InspectionKind) -> None:
    visit = Inspection(kind=kind, on=date(2026, 3, 3))
    targets = [replace(target, history=(visit,)) for target in many("SPECIAL", 4)]
    targets += [_inspected(target, "2026Q1") for target in many("SPECIAL", 11, 4)]
    targets += many("SPECIAL", 7, 15)
    line = _line("taijiang-2022", targets, "2026Q2", "SPECIAL")
    # N 22, covered 4 + 11; 22 - 11 = 11 owed, only 7 uncovered: all of them.
    assert (line.covered, line.n, line.shortfall) == (15, 7, 0)
    following = _line("taijiang-2022", targets, "2026Q3", "SPECIAL")
    assert (following.covered, following.n) == (0, 11)  # a new half-year


# ---- caps and what the superior saw ------------------------------------------------------


def test_yiyang_may_leave_out_what_the_superior_found_clean() -> None:
    clean = Inspection(kind=InspectionKind.SUPERIOR, on=date(2026, 2, 3))
    found = replace(clean, finding=True)
    targets = [
        replace(target, history=(visit,))
        for target, visit in zip(many("KEY", 3), (clean, found, clean), strict=True)
    ] + many("KEY", 5, 3)
    line = _line("yiyang-2021", targets, "2026Q2", "KEY")
    assert line.excluded == (("superior", "本年度上级已检查且未发现问题", 2),)
    assert (line.targets, line.covered, line.n) == (8, 3, 2)  # 25 % of 8 stays 2
    # One that was found wanting waits for the next round but can be drawn again.
    assert line.pool == 5
    next_year = _line("yiyang-2021", targets, "2027Q1", "KEY")
    assert next_year.excluded == ()


def test_the_superiors_clean_visit_never_leaves_out_a_special_one() -> None:
    clean = Inspection(kind=InspectionKind.SUPERIOR, on=date(2026, 2, 3))
    targets = [replace(target, history=(clean,)) for target in many("SPECIAL", 2)]
    assert _line("yiyang-2021", targets, "2026Q3", "SPECIAL").pool == 2


def test_the_cap_counts_in_the_year_of_the_period_not_of_the_day_of_the_draw() -> None:
    # NM draws in December 2026 for 2027Q1: the two inspections of 2026 are another year's.
    twice = (own("2026Q1"), own("2026Q3"))
    targets = [replace(target, history=twice) for target in many("KEY", 4)]
    line = _line("neimenggu", targets, "2027Q1", "KEY", on=date(2026, 12, 15))
    assert (line.n, line.excluded) == (1, ())
    same_year = _line("neimenggu", targets, "2026Q4", "KEY", on=date(2026, 9, 15))
    assert (same_year.n, same_year.shortfall) == (0, 1)


def test_a_complaint_is_no_part_of_the_cap_and_a_joint_visit_is() -> None:
    complaint = Inspection(kind=InspectionKind.COMPLAINT, on=date(2026, 2, 1))
    joint = replace(complaint, kind=InspectionKind.JOINT)
    for visits, expected in (((complaint,) * 3, 1), ((joint, joint), 0)):
        targets = [replace(target, history=visits) for target in many("KEY", 4)]
        assert _line("neimenggu", targets, "2026Q2", "KEY").n == expected


def test_what_was_drawn_and_never_inspected_is_owed_again_and_its_number_too() -> None:
    # TJ GENERAL Q1: 23 drawn, 20 inspected; on 1 April the other three are past their day.
    targets = [_inspected(target, "2026Q1") for target in many("GENERAL", 20)]
    targets += [_pending(target, "2026Q1") for target in many("GENERAL", 3, 20)]
    targets += many("GENERAL", 275, 23)
    line = _line("taijiang-2022", targets, "2026Q2", "GENERAL", on=date(2026, 4, 1))
    assert (line.n, line.pool) == (24, 278)  # (90 - 20) / 3 = 23.3, up; all but the 20
    # In March they still wait: they count as drawn and stay out.
    line = _line("taijiang-2022", targets, "2026Q2", "GENERAL", on=date(2026, 3, 20))
    assert (line.n, line.pool) == (23, 275)  # (90 - 23) / 3 = 22.3, up
