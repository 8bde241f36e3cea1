"""What stands against submitting a result: each rule alone, and all entries that are complete."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.inspection import Conclusion, ItemOutcome
from app.domain.result_entry import (
    Certificate,
    ItemEntry,
    ResultEntry,
    Task,
    check_entry,
    suggested_conclusion,
)

DAY = date(2026, 9, 10)
TASK = Task(
    drawn_on=date(2026, 7, 2),
    today=date(2026, 9, 15),
    certificates=(
        Certificate(
            inspector_id=1, name="赵一", valid_from=date(2024, 1, 1), valid_to=date(2027, 1, 1)
        ),
        Certificate(inspector_id=2, name="钱二", valid_from=None, valid_to=DAY),
    ),
)
CLEAN = ResultEntry(
    inspected_on=DAY,
    arrived="09:40",
    left="11:25",
    methods=("现场检查",),
    items=(
        ItemEntry(item_id=1, name="甲项", outcome=ItemOutcome.OK),
        ItemEntry(item_id=2, name="乙项", outcome=ItemOutcome.NOT_APPLICABLE),
    ),
    conclusion=Conclusion.NO_PROBLEM,
    inspector_ids=(1, 2),
    entered_by="钱二",
)
ORDERED = replace(
    CLEAN,
    items=(replace(CLEAN.items[0], outcome=ItemOutcome.PROBLEM), CLEAN.items[1]),
    conclusion=Conclusion.ORDERED,
    finding="标识不全",
    measure="责令限期整改",
    rectify_by=DAY + timedelta(days=30),
)


def fields(entry: ResultEntry) -> list[str]:
    return [problem.field for problem in check_entry(entry, TASK)]


def test_complete_entries_have_nothing_against_them() -> None:
    assert fields(CLEAN) == []
    assert fields(ORDERED) == []
    gone = replace(CLEAN, conclusion=Conclusion.CLOSED, finding="厂房已拆", items=())
    assert fields(gone) == []
    case = replace(ORDERED, conclusion=Conclusion.CASE, measure="立案调查", rectify_by=None)
    assert fields(case) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"inspected_on": None}, "inspected_on"),
        ({"inspected_on": date(2026, 9, 16)}, "inspected_on"),
        ({"inspected_on": date(2026, 7, 1)}, "inspected_on"),
        ({"arrived": "9:40"}, "arrived"),
        ({"arrived": "24:00"}, "arrived"),
        ({"arrived": "１2:00"}, "arrived"),
        ({"left": "09:39"}, "left"),
        ({"methods": ()}, "methods"),
        ({"inspector_ids": (1,)}, "inspectors"),
        ({"inspector_ids": (1, 1)}, "inspectors"),
        ({"inspector_ids": (1, 9)}, "inspectors"),
        ({"assistants": -1}, "assistants"),
        ({"entered_by": " "}, "entered_by"),
        ({"items": ()}, "items"),
        ({"items": (ItemEntry(item_id=1, name="甲项"),)}, "items"),
        ({"conclusion": None}, "conclusion"),
        ({"conclusion": Conclusion.REFUSED}, "finding"),
        ({"conclusion": Conclusion.ORDERED, "finding": "x", "measure": "y"}, "conclusion"),
        ({"finding": "长" * 4001}, "finding"),
    ],
)
def test_each_rule_alone(changes: dict[str, object], field: str) -> None:
    assert field in fields(replace(CLEAN, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"conclusion": Conclusion.NO_PROBLEM}, "conclusion"),
        ({"conclusion": Conclusion.CLOSED}, "conclusion"),
        ({"finding": ""}, "finding"),
        ({"measure": ""}, "measure"),
        ({"rectify_by": None}, "rectify_by"),
        ({"rectify_by": DAY - timedelta(days=1)}, "rectify_by"),
    ],
)
def test_what_a_problem_asks_for(changes: dict[str, object], field: str) -> None:
    assert field in fields(replace(ORDERED, **changes))  # type: ignore[arg-type]


def test_a_certificate_holds_on_both_its_days_and_not_beyond() -> None:
    certificate = Certificate(
        inspector_id=1, name="赵一", valid_from=date(2026, 1, 2), valid_to=date(2026, 3, 4)
    )
    assert certificate.problem(date(2026, 1, 2)) == ""
    assert certificate.problem(date(2026, 3, 4)) == ""
    assert "才生效" in certificate.problem(date(2026, 1, 1))
    assert "已到期" in certificate.problem(date(2026, 3, 5))
    assert "没有登记" in replace(certificate, valid_to=None).problem(date(2026, 2, 1))


def test_the_items_suggest_the_conclusion() -> None:
    assert suggested_conclusion(CLEAN) is Conclusion.NO_PROBLEM
    assert suggested_conclusion(ORDERED) is Conclusion.ORDERED
    half = replace(CLEAN, items=(CLEAN.items[0], ItemEntry(item_id=2, name="乙项")))
    assert suggested_conclusion(half) is None
    assert suggested_conclusion(replace(CLEAN, items=())) is None


_outcomes = st.sampled_from([None, *ItemOutcome])


@settings(max_examples=150)
@given(
    outcomes=st.lists(_outcomes, max_size=5),
    conclusion=st.sampled_from([None, *Conclusion]),
    finding=st.sampled_from(["", "有问题"]),
    measure=st.sampled_from(["", "责令整改"]),
    rectify=st.sampled_from([None, DAY, DAY + timedelta(days=9)]),
)
def test_what_passes_is_consistent(
    outcomes: list[ItemOutcome | None],
    conclusion: Conclusion | None,
    finding: str,
    measure: str,
    rectify: date | None,
) -> None:
    entry = replace(
        CLEAN,
        items=tuple(
            ItemEntry(item_id=number, name=f"{number}", outcome=outcome)
            for number, outcome in enumerate(outcomes)
        ),
        conclusion=conclusion,
        finding=finding,
        measure=measure,
        rectify_by=rectify,
    )
    if fields(entry):
        return
    assert conclusion is not None
    assert bool(entry.problems) == conclusion.violation
    if conclusion.violation:
        assert finding
        assert measure
    if conclusion is Conclusion.ORDERED:
        assert rectify is not None
    if conclusion.inspected:
        assert outcomes
        assert None not in outcomes


def test_a_deadline_past_the_texts_own_is_explained_when_it_is_ordered() -> None:
    longest = date(2026, 12, 10)  # three months from 10 September
    task = replace(TASK, longest=longest)

    def asked(**changes: object) -> list[str]:
        entry = replace(ORDERED, **{"rectify_by": longest + timedelta(days=1), **changes})  # type: ignore[arg-type]
        return [problem.field for problem in check_entry(entry, task)]

    assert asked() == ["rectify_reason", "rectify_stage"]
    assert asked(rectify_reason="设备定制", rectify_stage=" ") == ["rectify_stage"]
    assert asked(rectify_reason="设备定制", rectify_stage="已签合同") == []
    assert asked(rectify_by=longest) == []
    assert fields(replace(ORDERED, rectify_by=longest + timedelta(days=1))) == []
