from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.db.read import inspectors
from app.domain.absence import AbsenceFacts
from app.errors import UserError
from app.services.directories import absences
from app.services.directories.absences import RegisterAbsence, WithdrawAbsence
from app.services.plans import planning
from app.services.workspace import Workspace
from tests.support_office import draw_once, make_office

TODAY = date(2026, 7, 2)


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Workspace]:
    office = make_office(tmp_path / "w")
    yield office
    office.close()


def away(kind: str, since: str, until: str = "") -> AbsenceFacts:
    return AbsenceFacts(
        kind=kind,
        since=date.fromisoformat(since),
        until=date.fromisoformat(until) if until else None,
    )


def eligible(office: Workspace, period: str) -> set[str]:
    plan = office.read(planning.compute, planning.MakePlan(period=period, on=TODAY))
    return {person.name for person in plan.people if person.eligible}


def test_several_periods_away_keep_out_of_the_draws_they_touch(full: Workspace) -> None:
    (row, *_) = full.read(inspectors.rows, [1], TODAY)
    assert row.name in eligible(full, "2026Q3")
    leave = away("leave", "2026-07-01", "2026-09-30")
    made = full.write(absences.register, RegisterAbsence(1, leave))
    full.write(absences.register, RegisterAbsence(1, away("seconded_out", "2027-01-01")))
    (row, *_) = full.read(inspectors.rows, [1], TODAY)
    assert row.away == "leave"
    assert row.name not in eligible(full, "2026Q3")
    assert row.name in eligible(full, "2026Q4")
    assert row.name not in eligible(full, "2027Q1")
    full.write(absences.withdraw, WithdrawAbsence(made))
    assert row.name in eligible(full, "2026Q3")
    detail = full.read(inspectors.one, 1, TODAY)
    assert detail is not None and [each.kind for each in detail.absences] == ["seconded_out"]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (AbsenceFacts(), "请填写自"),
        (away("leave", "2026-07-09", "2026-07-01"), "早于开始日期"),
        (away("leave", "2026-07-20", "2026-07-25"), "重叠"),
        (away("leave", "2026-01-01"), "重叠"),
        (away("holiday", "2026-01-01"), "不在可选范围"),
    ],
)
def test_wrong_periods_are_refused(full: Workspace, facts: AbsenceFacts, words: str) -> None:
    first = away("leave", "2026-07-10", "2026-07-20")
    full.write(absences.register, RegisterAbsence(1, first))
    with pytest.raises(UserError, match=words):
        full.write(absences.register, RegisterAbsence(1, facts))


def test_workload_is_told_by_quarter(full: Workspace) -> None:
    draw_once(full)
    loads = {
        row.id: detail.loads
        for row in full.read(inspectors.rows, list(range(1, 8)), TODAY)
        if (detail := full.read(inspectors.one, row.id, TODAY)) is not None
    }
    drawn = [load[0] for load in loads.values() if load]
    assert {load.period for load in drawn} == {"2026Q3"}
    assert sum(load.tasks for load in drawn) == 2 * sum(load.leading for load in drawn) > 0
