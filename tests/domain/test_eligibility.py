from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from app.domain.eligibility import (
    REASONS,
    TargetLimits,
    holders_left_out,
    sift_inspectors,
    sift_targets,
)
from app.domain.inspector import Employment
from app.domain.rule_facts import (
    Absence,
    DrawOutcome,
    Inspection,
    InspectionKind,
    TargetRecord,
)
from app.domain.rulebook import InspectorRules, YearlyCap
from app.domain.target import TargetState
from tests.domain.rulebooks import drawn, inspector, own, quarter, rulebook

_Q2 = quarter("2026Q2")
_ON = date(2026, 4, 2)


def _reason(target: TargetRecord, name: str = "taijiang-2022", **more: object) -> str | None:
    limits = TargetLimits(**more) if more else None  # type: ignore[arg-type]
    sifted = sift_targets([target], rulebook(name), target.category, _Q2, _ON, limits=limits)
    found = [*sifted.excluded, *sifted.gone]
    assert len(found) + len(sifted.kept) == 1
    return found[0].code if found else None


def test_reason_codes_fit_a_plan_line() -> None:
    assert all(re.fullmatch("[0-9a-z]{1,16}", code) for code in REASONS)


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (TargetState.ACTIVE, None),
        (TargetState.SUSPENDED, "suspended"),
        (TargetState.CLOSED, "closed"),
        (TargetState.MOVED, "moved"),
    ],
)
def test_a_target_that_does_not_work_is_not_drawn(state: TargetState, code: str | None) -> None:
    assert _reason(TargetRecord(id="1", category="KEY", state=state)) == code


def test_a_target_is_covered_in_a_cycle_that_stops_and_waits_in_one_that_goes_on() -> None:
    visited = (own("2026Q1"),)
    assert (
        _reason(TargetRecord(id="1", category="A", history=visited), "nanchang-2023") == "covered"
    )
    assert _reason(TargetRecord(id="1", category="KEY", history=visited)) is None


def test_a_target_is_never_drawn_twice_in_one_period() -> None:
    ticket = (drawn("2026Q2", "KEY"),)
    target = TargetRecord(id="1", category="KEY", drawn=ticket, history=(own("2026Q2"),))
    assert _reason(target) == "drawn"
    half = TargetRecord(id="1", category="KEY", drawn=(drawn("2026H1", "KEY"),))
    assert _reason(half) == "drawn"


def test_a_pending_target_waits_until_its_day_is_over() -> None:
    def pending(due: date) -> TargetRecord:
        ticket = drawn("2026Q1", "KEY", DrawOutcome.PENDING, due)
        return TargetRecord(id="1", category="KEY", drawn=(ticket,))

    assert _reason(pending(_ON)) == "drawn"
    assert _reason(pending(date(2026, 4, 1))) is None


def test_a_refused_visit_is_done_but_does_not_cover() -> None:
    refused = (own("2026Q1", covers=False),)
    target = TargetRecord(id="1", category="A", history=refused)
    assert _reason(target, "nanchang-2023") is None


def _superior(category: str, **more: bool) -> TargetRecord:
    visit = Inspection(kind=InspectionKind.SUPERIOR, on=date(2026, 1, 20), **more)
    return TargetRecord(id="1", category=category, history=(visit,))


def test_yiyang_may_leave_out_what_the_superior_found_clean_this_year() -> None:
    assert _reason(_superior("GENERAL"), "yiyang-2021") == "superior"
    assert _reason(_superior("GENERAL", finding=True), "yiyang-2021") is None
    assert _reason(_superior("GENERAL"), "yiyang-2021", leave_out_superior=False) is None
    assert _reason(_superior("GENERAL"), "taijiang-2022") is None
    last_year = Inspection(kind=InspectionKind.SUPERIOR, on=date(2025, 12, 20))
    target = TargetRecord(id="1", category="GENERAL", history=(last_year,))
    assert _reason(target, "yiyang-2021") is None


def test_a_special_one_is_never_left_out_of_its_half_year() -> None:
    half = quarter("2026Q3")
    sifted = sift_targets(
        [_superior("SPECIAL")], rulebook("yiyang-2021"), "SPECIAL", half, half.first_day
    )
    assert len(sifted.kept) == 1


def test_inner_mongolias_cap_counts_three_kinds_and_the_pending() -> None:
    joint = Inspection(kind=InspectionKind.JOINT, on=date(2026, 3, 1))
    complaint = Inspection(kind=InspectionKind.COMPLAINT, on=date(2026, 3, 1))
    once = TargetRecord(id="1", category="GENERAL", history=(joint, complaint))
    assert _reason(once, "neimenggu") is None
    assert _reason(replace(once, history=(joint, own("2026Q1"))), "neimenggu") == "cap"
    ticket = drawn("2026Q1", "GENERAL", DrawOutcome.PENDING, date(2026, 5, 1))
    sifted = sift_targets(
        [replace(once, history=(joint, joint), drawn=(ticket,))],
        rulebook("neimenggu"),
        "GENERAL",
        _Q2,
        date(2026, 7, 1),
    )
    assert sifted.excluded[0].words == "已达年度检查次数上限2次（部门联合2次）"


def test_a_draw_for_january_counts_in_the_period_s_year() -> None:
    visits = (own("2026Q1"), own("2026Q2"))
    target = TargetRecord(id="1", category="GENERAL", history=visits)
    book = rulebook("neimenggu")
    december = date(2026, 12, 20)
    now = sift_targets([target], book, "GENERAL", quarter("2026Q4"), december)
    following = sift_targets([target], book, "GENERAL", quarter("2027Q1"), december)
    assert (len(now.kept), len(following.kept)) == (0, 1)


def test_the_units_own_cap_and_a_directed_scope_bind_too() -> None:
    cap = YearlyCap(
        limit=1,
        counts=(InspectionKind.OWN,),
        lifted_by_violation=False,
        article="国办发〔2024〕54号",
    )
    target = TargetRecord(id="1", category="KEY", history=(own("2026Q1", violation=True),))
    assert _reason(target, caps=(cap,)) == "cap"
    assert _reason(target, scope=frozenset({"2"})) == "scope"
    assert _reason(target, scope=frozenset({"1"})) is None


# ---- people -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, None),
        ({"certificate_no": ""}, "nocert"),
        ({"certificate_until": date(2026, 6, 29)}, "certexpired"),
        ({"certificate_until": date(2026, 6, 30)}, None),
        ({"certificate_until": None}, None),
        ({"certificate_from": date(2026, 4, 3)}, "certfuture"),
        ({"employment": Employment.CONTRACT}, "employment"),
        ({"employment": Employment.SECONDED_IN}, None),
        ({"seconded_out": True}, "seconded"),
        ({"on_duty": False}, "offduty"),
        ({"absences": (Absence(since=date(2026, 4, 2), until=date(2026, 4, 2)),)}, "leave"),
        ({"absences": (Absence(since=date(2026, 4, 1)),)}, "leave"),
        ({"absences": (Absence(since=date(2026, 4, 3)),)}, None),
        ({"scopes": ("noise",)}, "outofscope"),
        ({"scopes": ("noise", "water")}, None),
    ],
)
def test_who_can_be_drawn(given: dict[str, object], code: str | None) -> None:
    people = [inspector("1", **given)]
    sifted = sift_inspectors(people, rulebook("taijiang-2022"), _Q2, _ON, scope="water")
    assert [item.code for item in sifted.excluded] == ([] if code is None else [code])
    assert len(sifted.kept) == (code is None)


def test_leave_in_december_does_not_matter_for_january() -> None:
    away = inspector("1", absences=(Absence(since=date(2026, 12, 1), until=date(2026, 12, 31)),))
    book = rulebook("neimenggu")
    sifted = sift_inspectors([away], book, quarter("2027Q1"), date(2026, 12, 20))
    assert sifted.kept == (away,)


def test_nanchang_takes_nobody_off_the_establishment() -> None:
    seconded = inspector("1", employment=Employment.SECONDED_IN)
    sifted = sift_inspectors([seconded], rulebook("nanchang-2023"), _Q2, _ON)
    assert sifted.excluded[0].words == "人员性质不得列入（借调）"


def test_witnesses_and_the_operator_are_not_drawn() -> None:
    people = [inspector(ident) for ident in "123"]
    sifted = sift_inspectors(
        people,
        rulebook("taijiang-2022"),
        _Q2,
        _ON,
        witnesses=frozenset("1"),
        operators=frozenset("2"),
    )
    assert [(item.id, item.code) for item in sifted.excluded] == [
        ("1", "witness"),
        ("2", "operator"),
    ]


def test_every_certificate_holder_left_out_is_named_and_the_unverified_too() -> None:
    people = [
        inspector("1", on_duty=False),
        inspector("2", certificate_no="", employment=Employment.CONTRACT),
        inspector("3", certificate_until=None),
    ]
    rules: InspectorRules = rulebook("neimenggu").inspectors
    assert rules.must_be_listed is not None
    sifted = sift_inspectors(people, rulebook("neimenggu"), _Q2, _ON)
    assert [item.id for item in holders_left_out(people, sifted)] == ["1"]
    assert [person.id for person in sifted.unverified] == ["3"]


@pytest.mark.parametrize(
    ("since", "until", "out"),
    [
        (date(2025, 11, 1), date(2026, 3, 31), "停产停工，2025-11-01至2026-03-31"),
        (date(2025, 11, 1), date(2026, 3, 15), ""),  # back before the quarter ends
        (date(2026, 2, 1), date(2026, 5, 1), ""),  # still at work when the quarter begins
        (date(2025, 11, 1), None, "停产停工，2025-11-01起"),
        (None, date(2026, 6, 30), "停产停工，至2026-06-30"),
    ],
)
def test_a_seasonal_suspension_excludes_only_who_is_idle_all_the_time(
    since: date | None, until: date | None, out: str
) -> None:
    seasonal = TargetRecord(id="A1", category="A", suspended_from=since, suspended_to=until)
    rules = rulebook("nanchang-2023")
    sifted = sift_targets([seasonal], rules, "A", quarter("2026Q1"), date(2026, 1, 5))
    assert [each.words for each in sifted.excluded] == ([out] if out else [])


def test_a_suspension_with_an_end_lets_a_target_back_in_by_itself() -> None:
    back = TargetRecord(
        id="A1", category="A", state=TargetState.SUSPENDED, suspended_to=date(2026, 2, 10)
    )
    rules = rulebook("nanchang-2023")
    sifted = sift_targets([back], rules, "A", quarter("2026Q1"), date(2026, 1, 5))
    assert [each.target.id for each in sifted.kept] == ["A1"]
