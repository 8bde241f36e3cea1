"""A county no line of code knows: its rulebook is a file, and the whole quarter is played by it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from app.domain.deadlines import for_period, for_result
from app.domain.inspector import Employment
from app.domain.periods import Period
from app.domain.rule_facts import InspectionKind
from app.domain.rulebook import PeoplePolicy, TargetPolicy, TeamMode
from app.services.days.calendar import chinese_calendar
from app.services.demonstrating import demonstrate
from tests.domain.rulebooks import rulebook, rulebook_text

from .running import suicha

SIXTH = Path(__file__).parents[1] / "domain" / "rulebook_sixth.toml"


def test_the_file_holds_what_the_county_asks_for() -> None:
    book = rulebook("sixth")
    said = {
        category.label: (rule.measure, rule.cycle)
        for category in book.categories
        for _, rule in category.quotas
    }
    share, _ = said["甲类"]
    assert str(share).startswith("Share(ratio=Fraction(1, 8), per=<Span.QUARTER")
    share, cycle = said["乙类"]
    assert str(share).startswith("Share(ratio=Fraction(1, 4), per=<Span.HALF")
    assert (cycle.months, cycle.everyone) == (24, True)
    staff, _ = said["丙类"]
    assert "inspectors=Fraction(1, 1), targets=Fraction(5, 2), per=<Span.YEAR" in str(staff)
    assert book.inspectors.employment.value == (Employment.ESTABLISHED, Employment.CIVIL)
    cap = book.yearly_cap
    assert cap is not None
    assert (cap.limit, cap.counts) == (
        2,
        (InspectionKind.OWN, InspectionKind.SUPERIOR, InspectionKind.JOINT),
    )
    assert book.people_substitution.policy is PeoplePolicy.REDRAW
    assert book.target_substitution.policy is TargetPolicy.NEXT_ALTERNATE
    assert (book.team.mode.value, book.team.mixdept.value) == (TeamMode.EACH, True)


def test_its_days_are_the_fifteenth_and_fifteen_working_days() -> None:
    book, calendar = rulebook("sixth"), chinese_calendar(2026)
    (draw,) = for_period(book, Period.parse("2026Q2"), calendar)
    assert (draw.code, draw.due_on) == ("draw", date(2026, 4, 15))
    (publish,) = for_result(book, calendar, inspected_on=date(2026, 4, 15))
    # 16 April – 30 April: 11 working days; May 1–5 off, 9 May (Saturday) worked: 6, 7, 8, 9 May.
    assert publish.due_on == date(2026, 5, 9)


def test_its_numbers_over_two_years() -> None:
    said = suicha(
        "simulate", "--rulebook", SIXTH, "--years", "2", "--targets", "JIA=20,YI=40,BING=60",
        "--inspectors", "7", "--json",
    )  # fmt: skip
    assert said.code == 0
    drawn = {
        code: [period["strata"][code]["drawn"] for period in said.json["periods"]]
        for code in ("JIA", "YI", "BING")
    }
    assert drawn == {
        "JIA": [3] * 8,  # 20 × 12.5 % = 2.5, up
        "YI": [5] * 8,  # 40 × 25 % = 10 a half-year
        "BING": [5, 5, 4, 4] * 2,  # 7 × 2.5 = 17.5, up 18 a year
    }
    assert said.json["covered"]["YI"] == {"targets": 40, "complete_in": "2027Q4"}


def test_a_county_lives_by_a_file_alone(tmp_path: Path) -> None:
    # init → import → plan → draw → results → publication → package, through the same services.
    out = tmp_path / "云溪"
    demonstrate(out, str(SIXTH), progress=lambda _words: None)
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert summary["rulebook"] == "yunxi-2026"
    assert set(summary["quotas"]) == {"JIA", "YI", "BING"}
    assert summary["results"] == sum(summary["quotas"].values())
    folder = out / "draw" / summary["draw"]
    plan = (folder / "plan.txt").read_text(encoding="utf-8")
    assert "rule|mixdept|1" in plan
    assert "rule|rulebook|yunxi-2026" in plan
    assert "|each|" in plan
    verified = suicha("verify", folder, "--json")
    assert verified.json["ok"]
    said = suicha("plan", "--data", out, "--period", "2026Q2", "--json")
    assert set(said.json["strata"]) == {"JIA", "YI", "BING"}


def test_a_rulebook_is_shown_and_adopted_from_the_command_line(tmp_path: Path) -> None:
    office, own = tmp_path / "office", tmp_path / "own.toml"
    own.write_text(rulebook_text("sixth"), encoding="utf-8")
    made = suicha(
        "init", "--data", office, "--rulebook", "taijiang-2022", "--org", "云溪大队",
        "--code", "360199",
    )  # fmt: skip
    assert made.code == 0
    shown = suicha("rulebook", "show", own, "--data", office)
    assert "丙类 · 数量：每年1:2.5（第六条）" in shown.out
    assert suicha("rulebook", "adopt", own, "--data", office).code == 0
    (office / "rulebooks").mkdir()
    (office / "rulebooks" / "broken.toml").write_text("id = 'x'", encoding="utf-8")
    listed = suicha("rulebook", "show", "--data", office, "--json").json["rulebooks"]
    assert [each["id"] for each in listed if each["problem"]] == ["broken"]
    own.write_text(rulebook_text("sixth").replace("15", "20"), encoding="utf-8")
    refused = suicha("rulebook", "adopt", own, "--data", office)
    assert (refused.code, "version" in refused.err) == (2, True)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('ratio = "0.125"', "ratio = 0.125", "categories[1].quota.county.share.ratio"),
        ('per = "half"', 'per = "halb"', "categories[2].quota.county.share.per"),
        ('counts = ["own"', 'counts = ["owns"', "yearly_cap.counts"),
        ('code = "no_problem"', 'code = "fine"', "conclusions"),
        ("mixdept", "mixdepth", "team.mixdept"),
        ('as_of = "plan_approval"', 'as_of = "1月"', "levels[1].headcount.as_of"),
    ],
)
def test_a_mistake_is_named_by_its_key(tmp_path: Path, old: str, new: str, key: str) -> None:
    own = tmp_path / "own.toml"
    text = rulebook_text("sixth")
    assert old in text
    own.write_text(text.replace(old, new), encoding="utf-8")
    said = suicha("rulebook", "show", own)
    assert said.code == 2
    assert f"“{key}”" in said.err
    assert not said.raw


def test_a_shortfall_of_a_played_year_is_explained() -> None:
    # 18 people × 1:10 = 180 a year, 45 a quarter; 60 targets, each at most twice: 120 in all.
    said = suicha(
        "simulate", "--rulebook", "neimenggu", "--level", "county", "--years", "1",
        "--targets", "GENERAL=60", "--inspectors", "18",
    )  # fmt: skip
    lines = said.out.splitlines()
    assert lines[0].endswith("一般排污单位在册 60、抽 45")
    assert "抽 30（可抽 30 家，少于 45，缺 15（已达年度检查次数上限 30 家），应抽 30）" in lines[2]
