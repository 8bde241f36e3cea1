from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from fractions import Fraction

import pytest

from app.domain.periods import Span
from app.domain.rulebook import (
    BelowFloor,
    DrawMode,
    DrawPlace,
    Exhausted,
    HeadcountWho,
    LeadRule,
    PeoplePolicy,
    RulebookError,
    Share,
    StaffRatio,
    TargetPolicy,
    TeamMode,
    parse,
)
from app.errors import UserError
from tests.domain.rulebooks import SHIPPED, rulebook, rulebook_text


@pytest.mark.parametrize("name", [*SHIPPED, "sixth"])
def test_every_value_carries_its_article(name: str) -> None:
    found = list(_articles(rulebook(name)))
    assert len(found) > 20
    assert all(article.strip() for article in found)


def _articles(value: object) -> Iterator[str]:
    if isinstance(value, tuple):
        for item in value:
            yield from _articles(item)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            if field.name == "article":
                yield getattr(value, field.name)
            else:
                yield from _articles(getattr(value, field.name))


@pytest.mark.parametrize(
    ("name", "place", "team", "lead", "people", "targets"),
    [
        ("nanchang-2023", "platform", "fixed", "marked", "next_alternate", "next_alternate"),
        ("yiyang-2021", "local", "each", "marked", "redraw", "next_alternate"),
        ("taijiang-2022", "platform", "each", "everyone", "next_alternate", "next_alternate"),
        ("neimenggu", "platform", "each", "marked", "next_alternate", "next_alternate"),
        ("qingdao-xihaian-2020", "platform", "each", "marked", "appointed", "ask_superior"),
    ],
)
def test_each_regulation_says_where_and_by_whom(
    name: str, place: str, team: str, lead: str, people: str, targets: str
) -> None:
    book = rulebook(name)
    assert book.draw_place.value is DrawPlace(place)
    assert book.team.mode.value is TeamMode(team)
    assert book.team.lead.value is LeadRule(lead)
    assert book.people_substitution.policy is PeoplePolicy(people)
    assert book.target_substitution.policy is TargetPolicy(targets)


@pytest.mark.parametrize(
    ("name", "level", "category", "ratio", "per", "exhausted", "below"),
    [
        ("nanchang-2023", "county", "A", "1/4", "quarter", "stop", "refuse"),
        ("nanchang-2023", "county", "B", "1/8", "quarter", "stop", "refuse"),
        ("nanchang-2023", "county", "C", "83/1000", "quarter", "stop", "refuse"),
        ("yiyang-2021", "county", "KEY", "1/4", "quarter", "new_round", "refuse"),
        ("yiyang-2021", "county", "SPECIAL", "1", "half", "stop", "refuse"),
        ("yiyang-2021", "county", "GENERAL", "5", "year", "new_round", "reason"),
        ("taijiang-2022", "county", "KEY", "1/4", "quarter", "new_round", "refuse"),
        ("taijiang-2022", "county", "SPECIAL", "1", "half", "stop", "refuse"),
        ("taijiang-2022", "county", "GENERAL", "5", "year", "new_round", "refuse"),
        ("neimenggu", "county", "KEY", "1/4", "quarter", "new_round", "report"),
        ("neimenggu", "city", "KEY", "1/20", "quarter", "new_round", "report"),
        ("neimenggu", "county", "GENERAL", "10", "year", "new_round", "report"),
        ("neimenggu", "city", "GENERAL", "5", "year", "new_round", "report"),
        ("qingdao-xihaian-2020", "branch", "KEY", "1/4", "quarter", "new_round", "refuse"),
        ("qingdao-xihaian-2020", "city", "GENERAL", "5", "year", "new_round", "refuse"),
    ],
)
def test_the_numbers_are_those_of_the_regulation(
    name: str, level: str, category: str, ratio: str, per: str, exhausted: str, below: str
) -> None:
    rule = rulebook(name).category(category).quota(level)
    assert rule is not None
    measure = rule.measure
    assert isinstance(measure, Share | StaffRatio)
    value = measure.ratio if isinstance(measure, Share) else measure.targets_each
    assert (value, measure.per) == (Fraction(ratio), Span(per))
    assert rule.exhausted.value is Exhausted(exhausted)
    assert rule.below_floor.value is BelowFloor(below)


@pytest.mark.parametrize(
    ("name", "months"),
    [
        ("nanchang-2023", {"A": 12, "B": 24, "C": 36}),
        ("yiyang-2021", {"KEY": 12, "SPECIAL": 6}),
        ("taijiang-2022", {"SPECIAL": 6}),
        ("neimenggu", {}),
        ("qingdao-xihaian-2020", {}),
    ],
)
def test_who_must_all_be_covered_and_in_how_long(name: str, months: dict[str, int]) -> None:
    book = rulebook(name)
    level = book.level().code
    rules = {category.code: category.quota(level) for category in book.categories}
    found = {
        code: rule.cycle.months for code, rule in rules.items() if rule and rule.cycle.everyone
    }
    assert found == months


def test_headcounts_are_those_the_texts_name() -> None:
    def who(name: str) -> HeadcountWho | None:
        headcount = rulebook(name).level().headcount
        return None if headcount is None else headcount.who

    assert [who(name) for name in SHIPPED] == [
        None,
        HeadcountWho.DIRECTORY,
        HeadcountWho.TYPED,
        HeadcountWho.ESTABLISHMENT_AND_SECONDED,
        HeadcountWho.ESTABLISHMENT,
    ]


def test_a_qingdao_branch_draws_people_only_and_answers_for_no_number() -> None:
    branch = rulebook("qingdao-xihaian-2020").level("branch")
    assert branch.binding.value is False
    assert {way.mode for way in branch.draws} == {DrawMode.INSPECTORS_ONLY, DrawMode.NOTHING_DRAWN}
    libraries = rulebook("qingdao-xihaian-2020").libraries
    assert [item.label for item in libraries if item.import_only] == ["排污许可库", "应急减排库"]


def test_overlapping_criteria_put_special_before_key_before_general() -> None:
    for name in ("yiyang-2021", "taijiang-2022"):
        book = rulebook(name)
        order = sorted(book.categories, key=lambda item: -item.precedence)
        assert [item.code for item in order] == ["SPECIAL", "KEY", "GENERAL"]
        assert book.default_category.code == "GENERAL"


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('ratio = "0.25", per', "ratio = 0.25, per", "categories[1].quota.county.share.ratio"),
        ('ratio = "0.25", per', 'ratio = "1.25", per', "categories[1].quota.county.share.ratio"),
        ('per = "quarter"', 'per = "week"', "categories[1].quota.county.share.per"),
        (', article = "第十五条", note = "周期内查完即止"', "", "county.exhausted.article"),
        ('value = "fixed"', 'value = "loose"', "team.mode.value"),
        ("value = 2, article", "value = 3, article", "team.size.value"),
        ('on = "12-15"', 'on = "02-29"', "deadlines[1].on"),
        ('code = "A"', 'code = "A1"', "categories[1].code"),
        ("start = 2026-01-01", "start = 2026-01-02", "categories[1].quota.county.cycle.start"),
        ('counts = "drawn"', 'counst = "drawn"', "repeat.counts"),
        ('version = "1"', 'version = "1"\ncolour = "red"', "colour"),
        ('unit = "working"', 'unit = "working"\nexplained = true', "explained"),
        ('deadline = "enter"', 'deadline = "entry"', "reports"),
        ('gone = "检查对象已不存在"', 'gone = "关了"', "substitution.targets.gone"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_key(old: str, new: str, named: str) -> None:
    text = rulebook_text("nanchang-2023")
    assert old in text
    with pytest.raises(RulebookError, match=re.escape(named)):
        parse(text.replace(old, new, 1))


def test_what_is_no_toml_is_a_sentence() -> None:
    with pytest.raises(RulebookError, match="TOML"):
        parse("id = 'open")


def test_unknown_levels_and_categories_name_those_there_are() -> None:
    book = rulebook("neimenggu")
    with pytest.raises(UserError, match="county"):
        book.level("province")
    with pytest.raises(UserError, match="GENERAL"):
        book.category("A")


@pytest.mark.parametrize(
    ("name", "said"),
    [("nanchang-2023", "细则四"), ("yiyang-2021", "方案四"), ("sixth", "办法四")],
)
def test_an_article_is_cited_by_its_documents_kind(name: str, said: str) -> None:
    assert rulebook(name).cite("四") == said
    assert rulebook(name).cite("条文未规定") == "条文未规定"
