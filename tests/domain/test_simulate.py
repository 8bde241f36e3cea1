from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.coverage import CycleSpan, cycle_at
from app.domain.periods import Period
from app.domain.rulebook import Exhausted, QuotaRule, Rulebook, StaffRatio
from app.domain.simulate import PlayedStratum, county, play, starting_at
from app.errors import UserError
from tests.domain.rulebooks import SHIPPED, rulebook

_BOOKS = {name: rulebook(name) for name in (*SHIPPED, "sixth")}
_LEVELS = [(name, level.code) for name, book in _BOOKS.items() for level in book.levels]


def _quarters(count: int, first: str = "2026Q1") -> list[Period]:
    start = Period.parse(first)
    return [start.plus(step) for step in range(count)]


def _quotas(
    name: str, counts: dict[str, int], quarters: int, **more: object
) -> dict[str, list[int]]:
    book = _BOOKS[name]
    game = play(book, county(book, counts.items()), _quarters(quarters), **more)  # type: ignore[arg-type]
    found: dict[str, list[int]] = {code: [] for code in counts}
    for played in game.periods:
        for stratum in played.strata:
            assert stratum.line.n == len(stratum.drawn)
            if stratum.line.category in found:
                found[stratum.line.category].append(stratum.line.n)
    return found


def test_taijiangs_year() -> None:
    counts = {"KEY": 5, "SPECIAL": 22, "GENERAL": 298}
    assert _quotas("taijiang-2022", counts, 4, headcount=18) == {
        "KEY": [2, 2, 2, 2],
        "SPECIAL": [11, 11, 11, 11],
        "GENERAL": [23, 23, 22, 22],
    }


def test_nanchangs_three_years() -> None:
    assert _quotas("nanchang-2023", {"A": 37, "B": 120, "C": 325}, 12) == {
        "A": [10, 10, 10, 7] * 3,
        "B": [15] * 12,
        "C": [28, *[27] * 11],
    }


def test_nanchang_covers_each_class_in_its_years() -> None:
    book = _BOOKS["nanchang-2023"]
    targets = county(book, {"A": 37, "B": 120, "C": 325}.items())
    game = play(book, targets, _quarters(12))
    assert {item.category: str(item.complete_in) for item in game.covered} == {
        "A": "2026Q4",
        "B": "2027Q4",
        "C": "2028Q4",
    }


def test_the_other_golden_years() -> None:
    year = {"KEY": 37, "GENERAL": 400}
    assert _quotas("yiyang-2021", {"KEY": 37}, 4, headcount=18)["KEY"] == [10] * 4
    inner = _quotas("neimenggu", year, 4, level="county", headcount=18)
    assert inner == {"KEY": [10] * 4, "GENERAL": [45] * 4}
    city = _quotas("neimenggu", year, 4, level="city", headcount=18)
    assert city == {"KEY": [2] * 4, "GENERAL": [23, 23, 22, 22]}
    assert _quotas("qingdao-xihaian-2020", year, 4, headcount=20)["GENERAL"] == [25] * 4


def test_the_sixth_countys_year() -> None:
    counts = {"JIA": 20, "YI": 40, "BING": 60}
    assert _quotas("sixth", counts, 8, headcount=7) == {
        "JIA": [3] * 8,  # 2.5 rounds up
        "YI": [5] * 8,  # a quarter of 40 each half-year, in two quarters
        "BING": [5, 5, 4, 4] * 2,  # 17.5 rounds up to 18
    }


def test_a_game_can_begin_anywhere_if_its_cycles_do() -> None:
    book = starting_at(_BOOKS["nanchang-2023"], Period.parse("2027Q3"))
    game = play(book, county(book, [("B", 120)]), _quarters(8, "2027Q3"))
    assert [played.strata[1].line.n for played in game.periods] == [15] * 8


def test_the_same_seed_draws_the_same_and_another_another() -> None:
    book = _BOOKS["yiyang-2021"]
    targets = county(book, [("KEY", 60)])

    def drawn(seed: str) -> tuple[str, ...]:
        return play(book, targets, _quarters(1), headcount=1, seed=seed).periods[0].strata[0].drawn

    assert drawn("a") == drawn("a")
    assert drawn("a") != drawn("b")


def test_a_class_the_rulebook_does_not_know_is_refused() -> None:
    with pytest.raises(UserError, match="KEY"):
        county(_BOOKS["taijiang-2022"], [("A", 3)])


@st.composite
def _games(draw: st.DrawFn) -> tuple[str, str, int, list[tuple[str, int]], str]:
    name, level = draw(st.sampled_from(_LEVELS))
    counts = [(category.code, draw(st.integers(0, 60))) for category in _BOOKS[name].categories]
    return name, level, draw(st.integers(0, 30)), counts, str(draw(st.integers(0, 99)))


@settings(max_examples=50, deadline=None)
@given(_games())
def test_what_every_county_can_rely_on(
    game: tuple[str, str, int, list[tuple[str, int]], str],
) -> None:
    name, level, headcount, counts, seed = game
    book = _BOOKS[name]
    simulation = play(
        book, county(book, counts), _quarters(12), level=level, headcount=headcount, seed=seed
    )
    for category in book.categories:
        rule = category.quota(level)
        assert rule is not None
        rows = [
            (played.period, stratum)
            for played in simulation.periods
            for stratum in played.strata
            if stratum.line.category == category.code
        ]
        for _, stratum in rows:
            _check_line(stratum)
        _check_cycles(rule, rows)
        _check_years(book, rule, rows, headcount)


_Rows = list[tuple[Period, PlayedStratum]]


def _check_line(stratum: PlayedStratum) -> None:
    line = stratum.line
    assert len(set(stratum.drawn)) == len(stratum.drawn) == line.n <= line.pool
    assert line.arithmetic
    if line.shortfall:
        assert f"缺 {line.required - line.n}" in line.arithmetic[-1]
    else:
        assert line.n in {line.required, line.uncovered}


def _check_cycles(rule: QuotaRule, rows: _Rows) -> None:
    in_cycle: dict[CycleSpan, Counter[str]] = {}
    targets = rows[0][1].line.targets
    for period, stratum in rows:
        seen = in_cycle.setdefault(cycle_at(rule.cycle, period.first_day), Counter())
        seen.update(stratum.drawn)
        most = max(seen.values(), default=0)
        if rule.exhausted.value is Exhausted.STOP:
            assert most <= 1
        else:
            # Rounds: nobody is had again before everybody was had.
            assert most <= (min(seen.values(), default=0) if len(seen) == targets else 0) + 1
    if rule.cycle.everyone:
        last_day = rows[-1][0].last_day
        assert all(
            len(seen) == targets for span, seen in in_cycle.items() if span.last_day <= last_day
        )


def _check_years(book: Rulebook, rule: QuotaRule, rows: _Rows, headcount: int) -> None:
    for year in (2026, 2027, 2028):
        mine = [stratum for period, stratum in rows if period.year == year]
        counts = Counter(ident for stratum in mine for ident in stratum.drawn)
        if book.yearly_cap is not None:
            assert max(counts.values(), default=0) <= book.yearly_cap.limit
        if isinstance(rule.measure, StaffRatio):
            number = -(-rule.measure.targets_each * headcount // 1)
            assert counts.total() + mine[-1].line.shortfall == number
