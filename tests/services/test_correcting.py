"""Locked means locked: only an application all stations agreed to voids a result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.db.read import corrections, courses, publications, results
from app.db.read.tasks import Progress
from app.domain.correction import CorrectionState, Redo
from app.domain.course import Step, TaskState
from app.domain.inspection import Conclusion
from app.errors import UserError
from app.models import InspectionEntry
from app.services.public import publishing
from app.services.public.publishing import Publish
from app.services.tasks.correcting import (
    Apply,
    CorrectionMoved,
    PassStation,
    Withdraw,
    apply,
    pass_station,
    withdraw_publication,
)
from app.services.tasks.inspecting import SaveDraft, save_draft
from tests.support_draw import (
    DrawnOffice,
    clean_entry,
    lock_result,
    make_drawn_office,
    ordered_entry,
)

_APPLIED = date(2026, 9, 12)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    yield made
    made.workspace.close()


def _apply(office: DrawnOffice, result_id: int, redo: Redo = Redo.REINSPECT) -> CorrectionMoved:
    command = Apply(
        result_id=result_id,
        error="第 3 项误勾为符合",
        should_be="第 3 项不符合",
        cause="录入时看错行",
        applied_by="钱二",
        applied_on=_APPLIED,
        document_no="青环更〔2026〕1号",
        redo=redo,
    )
    return office.workspace.write(apply, command)


def _pass(office: DrawnOffice, moved: CorrectionMoved, **changes: object) -> CorrectionMoved:
    assert moved.following is not None
    command = PassStation(
        correction_id=moved.correction_id,
        organ=moved.following.organ,
        name="周局",
        post=moved.following.post,
        on=date(2026, 9, 14),
        document="更正申请",
    )
    return office.workspace.write(pass_station, replace(command, **changes))  # type: ignore[arg-type]


def _grant(office: DrawnOffice, moved: CorrectionMoved) -> CorrectionMoved:
    while moved.following is not None:
        moved = _pass(office, moved, new_due=date(2026, 10, 30))
    return moved


def _state(office: DrawnOffice, task: int) -> TaskState:
    return office.workspace.read(courses.state_of, task)


def test_three_stations_void_the_result_and_the_task_waits_again(office: DrawnOffice) -> None:
    task = office.tasks[0]
    old = lock_result(office, task)
    office.workspace.write(
        publishing.publish, Publish(result_ids=(old,), on=date(2026, 9, 12), place="县政府网站")
    )
    assert _state(office, task) is TaskState.CLOSED
    moved = _apply(office, old)
    for station in ("sign", "office", "superior"):
        assert moved.following is not None
        assert moved.following.code == station
        (row,) = office.workspace.read(results.rows, [task])
        assert row.progress is Progress.LOCKED
        moved = _pass(office, moved, new_due=date(2026, 10, 30))
    assert (moved.state, moved.following) == (CorrectionState.GRANTED, None)

    assert _state(office, task) is TaskState.ASSIGNED
    form = office.workspace.read(results.form, task)
    assert (form.task.progress, form.version) == (Progress.OPEN, 2)
    assert form.task.due_on == date(2026, 10, 30)
    assert "更正后重新检查" in form.task.due_basis
    (kept,) = office.workspace.read(corrections.voided, task)
    assert (kept.result_id, kept.conclusion) == (old, Conclusion.NO_PROBLEM)
    assert kept.published_on == date(2026, 9, 12)
    assert "误勾" in kept.why
    (sheet,) = office.workspace.read(corrections.of_task, task)
    assert [each.organ for each in sheet.stations] == ["本单位", "综合科", "上级支队"]
    assert all((s.name, s.post, s.on, s.document) for s in sheet.stations)
    # Who lists what is public says nothing of it any more; the old publication has to come down.
    assert not office.workspace.read(
        publications.public_lines, office.workspace.rulebook, period="2026Q3"
    )
    (to_withdraw,) = office.workspace.read(corrections.published_before)
    office.workspace.write(
        withdraw_publication,
        Withdraw(correction_id=to_withdraw.id, on=date(2026, 9, 15), where="县政府网站"),
    )
    assert not office.workspace.read(corrections.published_before)


def test_the_visit_still_counts_for_the_cap_but_covers_nothing(office: DrawnOffice) -> None:
    task = office.tasks[0]
    _grant(office, _apply(office, lock_result(office, task)))
    (entry,) = _entries(office)
    assert (entry.covers, entry.violation, entry.assignment_id) == (False, False, None)
    again = lock_result(office, task)
    assert len(_entries(office)) == 2
    moved = _apply(office, again)
    assert moved.correction_id == 2


def test_reentry_keeps_what_was_typed_and_counts_one_visit(office: DrawnOffice) -> None:
    task = office.tasks[0]
    old = lock_result(office, task, ordered_entry(office, task))
    _grant(office, _apply(office, old, Redo.REENTER))
    form = office.workspace.read(results.form, task)
    assert form.task.progress is Progress.ENTERING
    assert form.entry.finding == "危险废物暂存间标识不全"
    assert form.entry.inspected_on == date(2026, 9, 10)
    assert _entries(office) == []
    lock_result(office, task, replace(form.entry, finding="改正后的情况", entered_by="钱二"))
    assert len(_entries(office)) == 1
    assert _state(office, task) is TaskState.LOCKED


def test_a_refusal_leaves_everything_as_it_was(office: DrawnOffice) -> None:
    task = office.tasks[0]
    old = lock_result(office, task)
    moved = _apply(office, old)
    with pytest.raises(UserError, match="意见"):
        _pass(office, moved, agreed=False)
    refused = _pass(office, moved, agreed=False, opinion="原始记录与结果一致")
    assert (refused.state, refused.following) == (CorrectionState.REFUSED, None)
    (row,) = office.workspace.read(results.rows, [task])
    assert row.progress is Progress.LOCKED
    with pytest.raises(UserError, match="未同意"):
        office.workspace.write(
            pass_station,
            PassStation(
                correction_id=moved.correction_id, organ="x", name="y", post="z", on=_APPLIED
            ),
        )
    # A new application may be tried.
    assert _apply(office, old).state is CorrectionState.OPEN


def test_what_is_wrong_with_an_application_is_said(office: DrawnOffice) -> None:
    task = office.tasks[0]
    office.workspace.write(
        save_draft, SaveDraft(assignment_id=task, entry=clean_entry(office, task))
    )
    draft = office.workspace.read(results.form, task).task.result_id
    assert draft is not None
    with pytest.raises(UserError, match="已锁定"):
        _apply(office, draft)
    old = lock_result(office, task)
    moved = _apply(office, old)
    with pytest.raises(UserError, match="在办理"):
        _apply(office, old)
    with pytest.raises(UserError, match="姓名"):
        _pass(office, moved, name=" ")
    with pytest.raises(UserError, match="早于上一步"):
        _pass(office, moved, on=date(2026, 9, 11))
    moved = _pass(office, _pass(office, moved))
    with pytest.raises(UserError, match="期限"):
        _pass(office, moved)
    assert _state(office, task) is TaskState.LOCKED


def test_every_step_is_in_the_ledger_and_in_the_course(office: DrawnOffice) -> None:
    task = office.tasks[0]
    _grant(office, _apply(office, lock_result(office, task)))
    rows = office.workspace.read(
        lambda c: c.execute(text("SELECT action FROM ledger ORDER BY seq")).scalars().all()
    )
    assert [row for row in rows if row.startswith("correction.")] == [
        "correction.request",
        "correction.pass",
        "correction.pass",
        "correction.pass",
    ]
    steps = office.workspace.read(courses.course, task).steps
    assert [each.step for each in steps] == [
        Step.INSPECT,
        Step.ENTER,
        Step.REVIEW,
        Step.LOCK,
        Step.CORRECT,
    ]
    assert all(each.by and each.at for each in steps)


def _entries(office: DrawnOffice) -> list[InspectionEntry]:
    columns = InspectionEntry.__table__
    return office.workspace.read(lambda c: list(c.execute(select(columns)).all()))  # type: ignore[arg-type]
