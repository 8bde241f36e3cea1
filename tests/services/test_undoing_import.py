from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.db.read import inspectors, targets
from app.db.read.classification import decisions_of
from app.db.read.query import ListQuery
from app.domain.absence import AbsenceFacts
from app.domain.inspector import InspectorFacts
from app.domain.past_inspection import PastInspectionFacts
from app.domain.target import TargetFacts
from app.errors import UserError
from app.services.directories import absences, classifying, directories
from app.services.directories.absences import RegisterAbsence
from app.services.directories.classifying import DecideCategory
from app.services.directories.directories import SaveInspector
from app.services.intake import undoing_import
from app.services.intake.undoing_import import ImportUndone, UndoImport
from app.services.tasks import past_inspections
from app.services.tasks.past_inspections import RecordInspection
from app.services.workspace import Workspace
from tests.services.test_directories import TODAY, detail, save, uscc
from tests.services.test_importing import facts_by_name, load, sheet

KNOWN = TargetFacts(
    name="青禾县某甲电镀厂", uscc=uscc(1), category="KEY", phone="1", tags=("夜间",)
)
HEADER = ("企业名称", "统一社会信用代码", "监管类别", "联系电话", "标签", "许可证到期日")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [
        (KNOWN.name, KNOWN.uscc, "一般", "2", "在线", "2028-01-01"),
        ("青禾县某乙厂", "", "一般", "", "", ""),
    ]
    return sheet(tmp_path / "a.xlsx", rows, HEADER)


def undo(office: Workspace, batch_id: int) -> ImportUndone:
    return office.write(undoing_import.undo, UndoImport(batch_id))


def test_directory_is_as_before_the_import(office: Workspace, file: Path) -> None:
    saved = save(office, KNOWN)
    before = detail(office, saved.id)
    office.clock.move_to(date(2026, 8, 3))  # type: ignore[attr-defined]
    outcome = load(office, file)
    assert detail(office, saved.id).category_since == date(2026, 8, 3)
    assert undo(office, outcome.batch_id) == ImportUndone(removed=1, restored=1)
    after = detail(office, saved.id)
    assert facts_by_name(office) == {KNOWN.name: KNOWN}
    assert (after.ident, after.category_since) == (before.ident, before.category_since)
    assert list(office.read(targets.ids, ListQuery("某乙"))) == []


def test_once_only(office: Workspace, file: Path) -> None:
    outcome = load(office, file)
    undo(office, outcome.batch_id)
    with pytest.raises(UserError, match="已经撤销"):
        undo(office, outcome.batch_id)


def test_not_when_a_row_was_edited_since(office: Workspace, file: Path) -> None:
    saved = save(office, KNOWN)
    outcome = load(office, file)
    office.clock.sleep(1)  # type: ignore[attr-defined]
    save(office, replace(detail(office, saved.id).facts, phone="3"), saved.id)
    with pytest.raises(UserError, match="又改过"):
        undo(office, outcome.batch_id)
    assert len(facts_by_name(office)) == 2


def test_not_when_something_stands_on_it(office: Workspace, file: Path) -> None:
    outcome = load(office, file)
    row_id = office.read(targets.ids, ListQuery("某乙"))[0]
    facts = PastInspectionFacts(on=date(2026, 6, 1))
    office.write(past_inspections.record, RecordInspection(row_id, facts))
    with pytest.raises(UserError, match="“青禾县某乙厂”已经有了检查"):
        undo(office, outcome.batch_id)


def test_a_decision_an_absence_or_a_paper_is_something_that_stands_on_it(
    office: Workspace, file: Path, tmp_path: Path
) -> None:
    outcome = load(office, file)
    (row_id,) = office.read(targets.ids, ListQuery("某乙"))
    keep = DecideCategory(decisions=((row_id, "GENERAL"),), reason="不调整")
    office.write(classifying.decide, keep)
    with pytest.raises(UserError, match="“青禾县某乙厂”已经有了"):
        undo(office, outcome.batch_id)
    people = sheet(tmp_path / "p.xlsx", [("赵某", "1")], ("姓名", "执法证号"))
    outcome = load(office, people, "inspectors")
    (person,) = office.read(inspectors.ids, ListQuery("赵某"), TODAY)
    leave = AbsenceFacts(kind="leave", since=date(2026, 8, 3), until=date(2026, 8, 9))
    office.write(absences.register, RegisterAbsence(person, leave))
    with pytest.raises(UserError, match="“赵某”已经有了"):
        undo(office, outcome.batch_id)


def test_the_decisions_an_import_recorded_go_with_it(office: Workspace, file: Path) -> None:
    saved = save(office, KNOWN)
    outcome = load(office, file)
    (line,) = office.read(decisions_of, saved.id)
    assert (line.was, line.decided, line.by) == ("KEY", "GENERAL", "卫七")
    assert line.reason == "按导入的“a.xlsx”调整"
    undo(office, outcome.batch_id)
    assert office.read(decisions_of, saved.id) == ()


def test_people_become_what_they_were(office: Workspace, tmp_path: Path) -> None:
    person = InspectorFacts(
        name="赵某", cert_no="1", cert_valid_to=date(2027, 1, 1), specialities=("water",)
    )
    saved = office.write(directories.save_inspector, SaveInspector(None, person))
    header = ("姓名", "执法证号", "执法证有效期至", "业务专长")
    rows = [("赵某", "1", "2029-01-01", "大气"), ("钱某", "2", "2029-01-01", "")]
    outcome = load(office, sheet(tmp_path / "a.xlsx", rows, header), "inspectors")
    undo(office, outcome.batch_id)
    found = office.read(inspectors.one, saved.id, TODAY)
    assert found is not None
    assert found.facts == replace(person, personal_no="P001")
    assert len(office.read(inspectors.ids, ListQuery(), TODAY)) == 1
