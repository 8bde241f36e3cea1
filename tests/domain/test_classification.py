"""What the criteria of YY 三(二) say of a target, and that a machine only suggests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.classification import differs, suggest
from app.domain.rulebook import RulebookError, parse
from app.domain.target import CREDIT_GRADES, LABELS, TargetFacts
from tests.domain.rulebooks import rulebook, rulebook_text

YIYANG = rulebook("yiyang-2021")
TODAY = date(2026, 7, 2)
PLAIN = TargetFacts(name="甲厂", category="GENERAL", permit_category="registered")


def category(facts: TargetFacts, *violations: date) -> str:
    found = suggest(facts, violations, YIYANG, TODAY)
    return found.category if found else ""


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "GENERAL"),
        ({"labels": ("key_water", "key_soil")}, "KEY"),
        ({"labels": ("sensitive",)}, "KEY"),
        ({"labels": ("key_other",)}, "KEY"),
        ({"credit_grade": "risk"}, "KEY"),
        ({"credit_grade": "bad"}, "SPECIAL"),
        ({"labels": ("supervised",)}, "SPECIAL"),
        ({"labels": ("central_letter",)}, "SPECIAL"),
        ({"labels": ("media",)}, "SPECIAL"),
        ({"labels": ("complaints",)}, "SPECIAL"),
        ({"labels": ("special_other",)}, "SPECIAL"),
        ({"labels": ("key_air", "supervised")}, "SPECIAL"),
        ({"labels": ("positive_list",)}, "GENERAL"),
        ({"credit_grade": "honest"}, "GENERAL"),
        ({"permit_category": "key"}, "GENERAL"),
    ],
)
def test_each_criterion_of_the_scheme_decides(change: dict[str, object], expected: str) -> None:
    assert category(replace(PLAIN, **change)) == expected  # type: ignore[arg-type]


def test_violations_count_for_two_years_to_the_day() -> None:
    assert category(PLAIN, date(2024, 7, 2)) == "SPECIAL"
    assert category(PLAIN, date(2024, 7, 1)) == "GENERAL"
    assert category(PLAIN, TODAY + timedelta(days=1)) == "GENERAL"


def test_the_grounds_name_words_article_and_fact() -> None:
    found = suggest(replace(PLAIN, labels=("key_water", "key_soil")), (), YIYANG, TODAY)
    assert found is not None
    assert found.words == ("重点排污单位（三（二））：水环境重点排污单位、土壤污染重点监管单位",)


def test_positive_list_may_take_a_key_unit_to_general_while_its_record_is_clean() -> None:
    facts = replace(PLAIN, category="KEY", labels=("key_water", "positive_list"))
    found = suggest(facts, (), YIYANG, TODAY)
    assert found is not None and (found.category, found.instead) == ("KEY", "GENERAL")
    assert not differs(found, facts, YIYANG)
    assert not differs(found, replace(facts, category="GENERAL"), YIYANG)
    after = suggest(replace(facts, category="GENERAL"), (date(2026, 5, 1),), YIYANG, TODAY)
    assert after is not None and after.category == "SPECIAL"


def test_nothing_is_lowered_where_nothing_is_known() -> None:
    assert suggest(TargetFacts(name="甲", category="KEY"), (), YIYANG, TODAY) is None


def test_a_category_without_criteria_of_its_own_is_not_lowered() -> None:
    taijiang = rulebook("taijiang-2022")
    special = replace(PLAIN, category="SPECIAL")
    for facts, expected in (
        (special, False),
        (replace(special, labels=("key_water",)), False),
        (replace(special, category="KEY"), True),
        (replace(special, category="GENERAL", labels=("key_water",)), True),
    ):
        assert differs(suggest(facts, (), taijiang, TODAY), facts, taijiang) is expected


def test_a_regulation_without_criteria_suggests_nothing() -> None:
    nanchang = rulebook("nanchang-2023")
    assert suggest(replace(PLAIN, labels=("key_water",)), (), nanchang, TODAY) is None


@given(
    st.sets(st.sampled_from([each.value for each in LABELS])),
    st.sampled_from(["", *(each.value for each in CREDIT_GRADES)]),
    st.lists(st.dates(date(2022, 1, 1), TODAY), max_size=3),
    st.sampled_from([each.value for each in LABELS if each.value != "positive_list"]),
)
def test_one_more_label_never_lowers(
    labels: set[str], grade: str, violations: list[date], more: str
) -> None:
    facts = replace(PLAIN, labels=tuple(sorted(labels)), credit_grade=grade)
    ranks = {each.code: each.precedence for each in YIYANG.categories}
    before = ranks[category(facts, *violations)]
    worse = replace(facts, labels=tuple(sorted(labels | {more})))
    assert ranks[category(worse, *violations)] >= before


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('any = ["sensitive"]', 'any = ["touchy"]', "touchy"),
        ('relieves = "KEY"', 'relieves = "Q"', "不是已列的分类"),
        ('fact = "credit_grade"', 'fact = "mood"', "mood"),
    ],
)
def test_a_criterion_the_program_does_not_know_is_refused(old: str, new: str, words: str) -> None:
    text = rulebook_text("yiyang-2021")
    with pytest.raises(RulebookError, match=words):
        parse(text.replace(old, new, 1))
