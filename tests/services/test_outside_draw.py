"""Every kind of inspection outside the draw, regulation by regulation, beside a hand count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.db.read import targets
from app.db.read.query import ListQuery
from app.domain.past_inspection import PastInspectionFacts
from app.domain.report import Measure
from app.errors import UserError
from app.services.days import reporting
from app.services.plans import frequency_ledger
from app.services.tasks import past_inspections
from app.services.tasks.past_inspections import RecordInspection
from app.services.workspace import Workspace
from tests.support_office import make_office

TODAY = date(2026, 7, 2)
HOW_MANY = {
    "nanchang-2023": 3,  # 第十一条
    "yiyang-2021": 9,  # 二（一）
    "neimenggu": 6,  # 第五条
    "qingdao-xihaian-2020": 1,  # 一
    "taijiang-2022": 0,
}
KINDS = ("special", "case", "follow_up", "complaint", "order", "referral")
"""None of them is drawn; a superior's, a joint one and the unit's own drawn before are apart."""


@pytest.fixture(params=sorted(HOW_MANY))
def office(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Workspace]:
    levels = {"neimenggu": "county", "qingdao-xihaian-2020": "branch"}
    made = make_office(
        tmp_path / "w", rulebook=request.param, level=levels.get(request.param, ""), today=TODAY
    )
    yield made
    made.close()


def _record(office: Workspace, target: int, on: date, kind: str, ground: str = "") -> None:
    found = kind == "case"
    facts = PastInspectionFacts(on=on, kind=kind, ground=ground, finding=found, violation=found)
    office.write(past_inspections.record, RecordInspection(target, facts))


def _grounds(office: Workspace) -> list[str]:
    outside = office.rulebook.outside_draw
    return list(outside.value) if outside else []


def _counted(office: Workspace, period: str = "2026Q2") -> dict[str, tuple[int, int, int, int]]:
    view = office.read(reporting.report, period, TODAY)
    return {
        line.ground: (line.sites, line.visits, line.findings, line.violations)
        for line in view.report.outside
        if line.visits
    }


def test_each_kind_has_its_line_and_none_touches_the_draws_figures(office: Workspace) -> None:
    first, second = office.read(targets.ids, ListQuery())[:2]
    grounds = _grounds(office)
    assert len(grounds) == HOW_MANY[office.rulebook.id]
    by_hand: dict[str, tuple[int, int, int, int]] = {}
    for at, ground in enumerate(grounds):
        kind = KINDS[at % len(KINDS)]
        found = int(kind == "case")
        _record(office, first, date(2026, 4, 1), kind, ground)
        _record(office, first, date(2026, 5, 1), kind, ground)
        _record(office, second, date(2026, 6, 30), kind, ground)
        _record(office, second, date(2026, 7, 1), kind, ground)  # the next quarter's
        by_hand[ground] = (2, 3, 3 * found, 3 * found)
    assert _counted(office) == by_hand
    year = _counted(office, "2026")
    assert {ground: row[1] for ground, row in year.items()} == dict.fromkeys(grounds, 4)
    june = _counted(office, "2026M06")
    assert {ground: row[1] for ground, row in june.items()} == dict.fromkeys(grounds, 1)
    total = office.read(reporting.report, "2026", TODAY).report.total
    assert {each: total.number(each) for each in Measure} == dict.fromkeys(Measure, 0)
    rows = office.read(reporting.outside_rows, "2026Q2")
    assert len(rows) == sum(row[1] for row in by_hand.values())


def test_without_a_kind_of_the_text_it_stands_under_its_own(office: Workspace) -> None:
    """YY 二（一）: special campaigns are not among the nine; what was done is said all the same."""
    (target,) = office.read(targets.ids, ListQuery())[:1]
    for at, kind in enumerate((*KINDS, "superior", "joint", "own"), 1):
        _record(office, target, date(2026, 5, at), kind)
    words = {"专项检查", "个案查处", "复查（后督察）", "投诉举报", "上级交办", "部门移送"}
    assert set(_counted(office)) == words


def test_only_the_kinds_the_cap_names_count_against_it(office: Workspace) -> None:
    (target,) = office.read(targets.ids, ListQuery())[:1]
    capped = office.rulebook.yearly_cap is not None

    def standing() -> str:
        return office.read(frequency_ledger.standing_of, target, 2026, TODAY)

    for at, kind in enumerate((each for each in KINDS if each != "case"), 1):
        _record(office, target, date(2026, 5, at), kind)
    assert standing() == ("细则上限 2 次：还可 2 次" if capped else "")
    _record(office, target, date(2026, 5, 20), "superior")
    assert standing() == ("细则上限 2 次：还可 1 次" if capped else "")
    _record(office, target, date(2026, 5, 21), "joint")
    assert standing() == ("细则上限 2 次：已满" if capped else "")
    _record(office, target, date(2026, 5, 22), "case")  # an unlawful act was found
    assert standing() == ("细则上限 2 次：发现违法，不受限" if capped else "")
    (line,) = [
        each
        for each in office.read(frequency_ledger.year_lines, 2026, TODAY)
        if each.target_id == target
    ]
    assert line.total == 8


def test_one_day_may_see_two_kinds_but_not_one_twice(office: Workspace) -> None:
    (target,) = office.read(targets.ids, ListQuery())[:1]
    grounds = _grounds(office)[:2]
    for ground in grounds:
        _record(office, target, date(2026, 5, 1), "order", ground)
    assert sum(row[1] for row in _counted(office).values()) == len(grounds)
    _record(office, target, date(2026, 5, 2), "order")
    with pytest.raises(UserError, match="已经登记过"):
        _record(office, target, date(2026, 5, 2), "order")
