from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.db.read import targets
from app.domain.past_inspection import PastInspectionFacts
from app.errors import UserError
from app.services.plans import planning
from app.services.tasks import past_inspections
from app.services.tasks.past_inspections import RecordInspection, WithdrawInspection
from app.services.workspace import Workspace
from tests.services.test_directories import FARM, last_entry, save
from tests.support_office import make_office as make_drawing_office

COMPLAINT = PastInspectionFacts(on=date(2026, 6, 1), kind="complaint", violation=True)


def record(office: Workspace, target_id: int, facts: PastInspectionFacts) -> int:
    return office.write(past_inspections.record, RecordInspection(target_id, facts))


def history(office: Workspace, target_id: int) -> list[tuple[date, str, bool]]:
    found = office.read(targets.one, target_id)
    assert found is not None
    return [(each.on, each.kind, each.finding) for each in found.inspections]


def test_entry_is_history_until_withdrawn(office: Workspace) -> None:
    site = save(office, FARM)
    entry = record(office, site.id, COMPLAINT)
    assert history(office, site.id) == [(date(2026, 6, 1), "投诉举报", True)]
    office.write(past_inspections.withdraw, WithdrawInspection(entry))
    assert history(office, site.id) == []
    assert last_entry(office)[0] == "inspection.withdraw"


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (replace(COMPLAINT, on=None), "请填写检查日期"),
        (replace(COMPLAINT, on=date(2026, 7, 3)), "今天之后"),
        (replace(COMPLAINT, kind="walk"), "不在可选范围"),
        (COMPLAINT, "已经登记过"),
    ],
)
def test_wrong_entries_are_refused(
    office: Workspace, facts: PastInspectionFacts, words: str
) -> None:
    site = save(office, FARM)
    record(office, site.id, COMPLAINT)
    with pytest.raises(UserError, match=words):
        record(office, site.id, facts)
    assert len(history(office, site.id)) == 1


def test_withdrawing_twice_is_told(office: Workspace) -> None:
    entry = record(office, save(office, FARM).id, COMPLAINT)
    office.write(past_inspections.withdraw, WithdrawInspection(entry))
    with pytest.raises(UserError, match="已经撤回"):
        office.write(past_inspections.withdraw, WithdrawInspection(entry))


def test_own_inspections_from_before_the_program_lower_what_the_year_still_asks(
    tmp_path: Path,
) -> None:
    # 8 people × 1:5 = 40 a year, begun in July: 20 a quarter; after 10 by hand (40 - 10) ÷ 2 = 15.
    office = make_drawing_office(
        tmp_path / "july", rulebook="taijiang-2022", targets={"GENERAL": 60}, people=8
    )
    try:
        assert _general(office) == (60, 0, 20)
        for number in range(1, 11):
            facts = PastInspectionFacts(on=date(2026, 3, number), kind="own")
            office.write(past_inspections.record, RecordInspection(number, facts))
        assert _general(office) == (60, 10, 15)
        for number in range(11, 16):  # the superior's visits cover, and are nobody's number
            facts = PastInspectionFacts(on=date(2026, 3, number), kind="superior")
            office.write(past_inspections.record, RecordInspection(number, facts))
        assert _general(office) == (60, 15, 15)
    finally:
        office.close()


def _general(office: Workspace) -> tuple[int, int, int]:
    command = planning.MakePlan(period="2026Q3", on=planning.today(office))
    line = office.read(planning.compute, command).lines[-1]
    return line.base, line.covered, line.quota
