"""Targets, inspectors, items: fields match facts, validation says what to do, idents are RD1's."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import date

import pytest

from app.domain import inspector, item, target
from app.domain.codes import check_ident, uscc_check_character
from app.domain.fields import FieldKind, shown, with_choices
from app.domain.inspector import InspectorFacts
from app.domain.item import ItemFacts
from app.domain.target import Choice, TargetFacts, propose_ident

USCC = "91360199MA003300" + "5"
USCC += uscc_check_character(USCC)


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        (TargetFacts, target.FIELDS),
        (InspectorFacts, inspector.FIELDS),
        (ItemFacts, item.FIELDS),
    ],
)
def test_every_fact_has_its_field(facts: type, fields: tuple[target.Field, ...]) -> None:
    assert {field.name for field in fields} == {each.name for each in dataclasses.fields(facts)}
    labels = [field.label for field in fields]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("fields", [target.FIELDS, inspector.FIELDS, item.FIELDS])
def test_closed_lists_have_choices_without_overlap(fields: tuple[target.Field, ...]) -> None:
    for field in fields:
        if field.kind is FieldKind.CHOICE:
            assert field.choices
        words = [w for c in field.choices for w in {c.value, c.label, *c.synonyms}]
        assert len(words) == len(set(words)), field.name


def test_sound_facts_have_no_problem() -> None:
    facts = TargetFacts(
        name="青禾县某某水泥制品厂（一期）",
        uscc=USCC,
        permit_no=f"{USCC}001P",
        industry_code="C3021",
        category="KEY",
        need="air",
        tags=("在线监控",),
    )
    assert target.validate(facts) == ()
    assert inspector.validate(InspectorFacts(name="某某", personal_no="QH01")) == ()
    assert item.validate(ItemFacts(name="排污许可证执行情况检查", year=2026)) == ()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "甲|乙"}, "name"),
        ({"name": "甲\u200b乙"}, "name"),
        ({"name": "长" * 201}, "name"),
        ({"uscc": USCC[:-1] + "?"}, "uscc"),
        ({"permit_no": "360199"}, "permit_no"),
        ({"reg_no": "12"}, "reg_no"),
        ({"local_no": "本-1"}, "local_no"),
        ({"industry_code": "水泥"}, "industry_code"),
        ({"category": "重点"}, "category"),
        ({"need": "水"}, "need"),
        ({"state": "在产"}, "state"),
    ],
)
def test_a_problem_names_its_field(change: dict[str, str], field: str) -> None:
    facts = replace(TargetFacts(name="甲"), **change)  # type: ignore[arg-type]
    assert [problem.field for problem in target.validate(facts)] == [field]


def test_a_certificate_number_is_never_a_personal_number() -> None:
    facts = InspectorFacts(name="某某", personal_no="36010012", cert_no="36010012")
    assert [problem.field for problem in inspector.validate(facts)] == ["personal_no"]


def test_periods_must_not_run_backwards() -> None:
    facts = InspectorFacts(
        name="某某",
        cert_valid_from=date(2026, 1, 1),
        cert_valid_to=date(2025, 1, 1),
        leave_from=date(2026, 2, 2),
        leave_to=date(2026, 2, 1),
    )
    found = {problem.field for problem in inspector.validate(facts)}
    assert found == {"cert_valid_to", "leave_to"}


def test_ident_prefers_the_site_over_the_body() -> None:
    facts = TargetFacts(
        name="甲", permit_no=f"{USCC}001P", uscc=USCC, reg_no="360199000001404", local_no="QH9"
    )
    steps = [
        (facts, f"{USCC}001P"),
        (replace(facts, permit_no=""), USCC),
        (replace(facts, permit_no="", uscc=""), "360199000001404"),
        (replace(facts, permit_no="", uscc="", reg_no=""), "QH9"),
    ]
    for each, expected in steps:
        assert propose_ident(each) == expected
    assert propose_ident(TargetFacts(name="甲")) is None


def test_sites_of_one_body_get_idents_of_their_own() -> None:
    facts = TargetFacts(name="甲", uscc=USCC)
    taken: set[str] = set()
    for _ in range(3):
        ident = propose_ident(facts, taken)
        assert ident is not None
        assert check_ident(ident) is None
        assert ident not in taken
        taken.add(ident)
    assert taken == {USCC, f"{USCC}S2", f"{USCC}S3"}


def test_a_rulebooks_categories_replace_ours_and_are_shown_by_label() -> None:
    fields = with_choices(target.FIELDS, {"category": (Choice("A", "A 类企业"),)})
    category = next(field for field in fields if field.name == "category")
    assert shown(category, "A") == "A 类企业"
    assert shown(category, "KEY") == "KEY"
