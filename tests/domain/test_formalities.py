"""国家层面手续: what is missing, what contradicts itself, what the unit made of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.formalities import (
    GROUPS,
    Demand,
    Formalities,
    NationalLayer,
    check_formalities,
    gaps,
)

_DAY = date(2026, 9, 10)
_FULL = Formalities(
    basis="《排污许可管理条例》",
    applied_by="钱二",
    applied_on=date(2026, 9, 8),
    approved_by="周局",
    approved_on=date(2026, 9, 9),
    notice_no="青环检〔2026〕8号",
    certificates_shown=True,
    basis_shown=True,
    intent_told=True,
    procedure_told=True,
    recusal="none",
    scanned_at="09:41",
    confirmed_by="吴厂长",
    told_on=_DAY,
)
_ALL_REQUIRED = NationalLayer(**{name: Demand.REQUIRE for name, _words in GROUPS})


def test_an_empty_form_lacks_every_group_once_at_least_and_a_full_one_nothing() -> None:
    assert {group for group, _problem in gaps(Formalities())} == {name for name, _w in GROUPS}
    assert gaps(_FULL) == ()
    assert check_formalities(_FULL, _ALL_REQUIRED, inspected_on=_DAY) == ()


def test_gaps_remind_by_default_and_refuse_only_where_the_unit_requires_them() -> None:
    empty = Formalities()
    assert check_formalities(empty, NationalLayer(), inspected_on=_DAY) == ()
    wants_scan = replace(NationalLayer(), scan=Demand.REQUIRE)
    (problem,) = check_formalities(empty, wants_scan, inspected_on=_DAY)
    assert problem.field == "scanned_at"


def test_more_assistants_than_were_fixed_is_a_gap_of_the_approval() -> None:
    fixed = replace(_FULL, assistants_fixed=2)
    assert gaps(fixed, assistants=2) == ()
    ((group, problem),) = gaps(fixed, assistants=3)
    assert (group, problem.field) == ("approval", "assistants_fixed")
    assert "协助 3 人，多于事先确定的 2 人" in problem.message
    refused = check_formalities(fixed, _ALL_REQUIRED, inspected_on=_DAY, assistants=3)
    assert [each.field for each in refused] == ["assistants_fixed"]


def test_nobody_scans_or_shows_a_certificate_off_site() -> None:
    groups = {group for group, _problem in gaps(Formalities(), on_site=False)}
    assert groups == {"approval", "told"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"scanned_at": "9:41"}, "scanned_at"),
        ({"approved_on": date(2026, 9, 7)}, "approved_by"),
        ({"approved_on": date(2026, 9, 11)}, "approved_by"),
        ({"urgent": True}, "urgent_reason"),
        ({"told_on": date(2026, 9, 9)}, "told_on"),
        ({"recusal": "asked"}, "recusal"),
        ({"assistants_fixed": -1}, "assistants_fixed"),
        ({"basis": "字" * 401}, "basis"),
    ],
)
def test_contradictions_are_refused_whatever_the_unit_chose(
    change: dict[str, object], field: str
) -> None:
    wrong = replace(_FULL, **change)  # type: ignore[arg-type]
    off = NationalLayer(**{name: Demand.OFF for name, _words in GROUPS})
    assert field in {each.field for each in check_formalities(wrong, off, inspected_on=_DAY)}


def test_urgent_approval_afterwards_is_lawful_with_its_reason() -> None:
    late = replace(_FULL, approved_on=date(2026, 9, 11), urgent=True, urgent_reason="夜间偷排线索")
    assert check_formalities(late, _ALL_REQUIRED, inspected_on=_DAY) == ()
