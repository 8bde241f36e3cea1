"""建议调整分类: asked once, taken or overruled by a person, recorded, undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.db.read import classification as reads
from app.domain.target import TargetFacts
from app.errors import UserError
from app.services.directories import classifying
from app.services.directories.classifying import DecideCategory
from app.services.tasks import past_inspections
from app.services.tasks.past_inspections import RecordInspection
from app.services.workspace import Workspace
from tests.services.test_directories import detail, last_entry, save
from tests.support import make_office

TODAY = date(2026, 7, 2)
WORKS = TargetFacts(name="某水泥厂", category="GENERAL", labels=("key_air",))


@pytest.fixture
def yiyang(tmp_path: Path) -> Iterator[Workspace]:
    workspace = make_office(tmp_path / "w", "yiyang-2021")
    yield workspace
    workspace.close()


def asked(office: Workspace) -> list[tuple[str, str]]:
    found = office.read(classifying.suggestions, TODAY)
    return [(row.name, row.suggestion.category) for row in found.rows]


def test_a_suggestion_is_taken_recorded_and_undone(yiyang: Workspace) -> None:
    made = save(yiyang, WORKS)
    save(yiyang, TargetFacts(name="某小店", category="GENERAL"))
    found = yiyang.read(classifying.suggestions, TODAY)
    assert asked(yiyang) == [("某水泥厂", "KEY")] and found.unknown == 1
    done = yiyang.write(classifying.decide, DecideCategory(decisions=((made.id, "KEY"),)))
    assert (done.moved, done.kept, asked(yiyang)) == (1, 0, [])
    assert detail(yiyang, made.id).facts.category == "KEY"
    assert last_entry(yiyang)[0] == "target.classify"
    (change, *_) = detail(yiyang, made.id).changes
    assert ("category", "GENERAL", "KEY") in [(f.field, f.before, f.after) for f in change.fields]
    (line,) = yiyang.read(reads.decisions_of, made.id)
    assert line.grounds == ("重点排污单位（三（二））：大气环境重点排污单位",)
    yiyang.write(classifying.take_back, done)
    assert asked(yiyang) == [("某水泥厂", "KEY")]
    assert detail(yiyang, made.id).category_since == TODAY


def test_overruling_needs_a_reason_and_is_not_asked_again_until_the_facts_change(
    yiyang: Workspace,
) -> None:
    made = save(yiyang, WORKS)
    keep = DecideCategory(decisions=((made.id, "GENERAL"),))
    with pytest.raises(UserError, match="要写明理由"):
        yiyang.write(classifying.decide, keep)
    done = yiyang.write(
        classifying.decide, replace(keep, reason="已停产改造", document_no="青环〔2026〕7号")
    )
    assert (done.moved, done.kept, asked(yiyang)) == (0, 1, [])
    save(yiyang, replace(WORKS, labels=("key_air", "supervised")), made.id)
    assert asked(yiyang) == [("某水泥厂", "SPECIAL")]


def test_a_violation_found_by_anybody_makes_a_target_special(yiyang: Workspace) -> None:
    made = save(yiyang, replace(WORKS, category="KEY"))
    row = detail(yiyang, made.id)
    from app.domain.past_inspection import PastInspectionFacts

    yiyang.write(
        past_inspections.record,
        RecordInspection(
            row.id,
            PastInspectionFacts(
                name=row.facts.name, on=date(2026, 3, 1), kind="superior", violation=True
            ),
        ),
    )
    assert asked(yiyang) == [("某水泥厂", "SPECIAL")]
    found, still = yiyang.read(classifying.suggestion_for, made.id, TODAY)
    assert still and found is not None and "2026-03-01 查出违法行为" in found.words[0]


def test_positive_list_unit_is_moved_to_general_by_recorded_decision_only(
    yiyang: Workspace,
) -> None:
    facts = replace(WORKS, category="KEY", labels=("key_air", "positive_list"))
    made = save(yiyang, facts)
    assert asked(yiyang) == []
    general = DecideCategory(decisions=((made.id, "GENERAL"),))
    with pytest.raises(UserError, match="要写明理由"):
        yiyang.write(classifying.decide, general)
    yiyang.write(classifying.decide, replace(general, reason="正面清单，三年守法"))
    assert detail(yiyang, made.id).facts.category == "GENERAL" and asked(yiyang) == []


def test_a_regulation_that_leaves_criteria_to_another_document_says_so(tmp_path: Path) -> None:
    office = make_office(tmp_path / "n", "nanchang-2023")
    try:
        assert not office.read(classifying.suggestions, TODAY).applicable
    finally:
        office.close()


def test_undoing_is_refused_after_another_decision(yiyang: Workspace) -> None:
    made = save(yiyang, WORKS)
    done = yiyang.write(classifying.decide, DecideCategory(decisions=((made.id, "KEY"),)))
    yiyang.write(
        classifying.decide, DecideCategory(decisions=((made.id, "SPECIAL"),), reason="群众反映")
    )
    with pytest.raises(UserError, match="之后又重新分过类"):
        yiyang.write(classifying.take_back, done)
