from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.db.read import targets
from app.domain.past_inspection import PastInspectionFacts
from app.errors import UserError
from app.services import past_inspections
from app.services.past_inspections import RecordInspection, WithdrawInspection
from app.services.workspace import Workspace
from tests.services.test_directories import FARM, last_entry, save

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
