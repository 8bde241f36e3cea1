from __future__ import annotations

import json
from typing import Any

import pytest

from app.errors import UserError
from app.services.plans.simulating import SimulateCommand, as_json, simulate


def _run(rulebook: str, targets: dict[str, int], **more: Any) -> Any:
    command = SimulateCommand(
        rulebook_id=rulebook,
        years=more.pop("years", 1),
        targets=tuple(targets.items()),
        inspectors=more.pop("inspectors", 18),
        **more,
    )
    return json.loads(json.dumps(as_json(simulate(command)), ensure_ascii=False))


def test_the_json_shape_of_taijiangs_year() -> None:
    result = _run("taijiang-2022", {"KEY": 5, "SPECIAL": 22, "GENERAL": 298})
    assert result["rulebook"] == "taijiang-2022"
    periods = [item["period"] for item in result["periods"]]
    assert periods == ["2026Q1", "2026Q2", "2026Q3", "2026Q4"]
    first = result["periods"][0]["strata"]["KEY"]
    assert {key: first[key] for key in ("pool", "uncovered", "quota", "drawn")} == {
        "pool": 5,
        "uncovered": 5,
        "quota": 2,
        "drawn": 2,
    }
    assert result["covered"]["KEY"] == {"targets": 5, "complete_in": "2026Q3"}
    assert result["covered"]["GENERAL"]["complete_in"] is None


def test_people_are_the_headcount_unless_another_is_given() -> None:
    def general(**more: Any) -> int:
        result = _run("qingdao-xihaian-2020", {"GENERAL": 300}, **more)
        return int(result["periods"][0]["strata"]["GENERAL"]["quota"])

    assert general(inspectors=20) == 25
    assert general(inspectors=8, headcount=20, level="city") == 25


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"years": 0}, "年数"),
        ({"inspectors": -1}, "人数"),
        ({"rulebook": "nowhere"}, "细则"),
        ({"targets": {"X": 1}}, "分类"),
        ({"targets": {"KEY": -1}}, "负数"),
        ({"level": "province"}, "层级"),
    ],
)
def test_impossible_games_are_refused_in_words(change: dict[str, Any], word: str) -> None:
    given: dict[str, Any] = {"rulebook": "taijiang-2022", "targets": {"KEY": 5}, **change}
    with pytest.raises(UserError, match=word):
        _run(**given)
