"""A result's way from the team's return to the lock, on a real database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.db import ledger
from app.db.read import results
from app.db.read.results import ResultQuery
from app.db.read.tasks import Progress
from app.domain.inspection import Conclusion, ItemOutcome, ResultState
from app.errors import UserError
from app.models import InspectionEntry, Inspector
from app.services.tasks.inspecting import (
    LockResult,
    ReturnResult,
    SaveDraft,
    StartResult,
    SubmitResult,
    lock,
    return_for_correction,
    save_draft,
    start,
    submit,
)
from tests.support_draw import (
    ITEMS,
    DrawnOffice,
    clean_entry,
    lock_result,
    make_drawn_office,
    ordered_entry,
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    yield made
    made.workspace.close()


def _ledger_actions(office: DrawnOffice) -> list[str]:
    rows = office.workspace.read(lambda c: c.execute(text("SELECT action FROM ledger")).all())
    return [row.action for row in rows]


def test_items_are_those_in_force_for_the_category(office: DrawnOffice) -> None:
    key = office.workspace.read(results.form, office.tasks[0]).entry
    general = office.workspace.read(results.form, office.tasks[2]).entry
    assert [item.name for item in key.items] == list(ITEMS)
    assert [item.name for item in general.items] == list(ITEMS[:-1])


def test_nobody_sees_an_uninspected_target_in_the_list(office: DrawnOffice) -> None:
    assert not office.workspace.read(results.ids, ResultQuery())
    counts = office.workspace.read(results.counts)
    assert counts[Progress.OPEN] == 5

    office.workspace.write(
        start, StartResult(assignment_id=office.tasks[1], inspected_on=date(2026, 9, 8))
    )
    listed = office.workspace.read(results.ids, ResultQuery())
    assert list(listed) == [office.tasks[1]]
    (row,) = office.workspace.read(results.rows, listed)
    assert row.progress is Progress.TO_ENTER
    assert row.inspected_on == date(2026, 9, 8)


@pytest.mark.parametrize("day", [date(2026, 9, 16), date(2026, 7, 1)])
def test_an_impossible_day_is_refused(office: DrawnOffice, day: date) -> None:
    with pytest.raises(UserError, match="检查日期"):
        office.workspace.write(start, StartResult(assignment_id=office.tasks[0], inspected_on=day))
    assert office.workspace.read(results.counts)[Progress.OPEN] == 5


def test_a_draft_is_kept_as_typed_and_may_be_incomplete(office: DrawnOffice) -> None:
    entry = office.workspace.read(results.form, office.tasks[0]).entry
    typed = replace(
        entry,
        inspected_on=date(2026, 9, 10),
        finding="标识不",
        items=(replace(entry.items[0], outcome=ItemOutcome.PROBLEM, note="缺"), *entry.items[1:]),
        entered_by="钱二",
    )
    office.workspace.write(save_draft, SaveDraft(assignment_id=office.tasks[0], entry=typed))
    again = office.workspace.read(results.form, office.tasks[0])
    assert again.entry == typed
    assert again.task.progress is Progress.ENTERING


def test_submit_names_everything_that_is_missing(office: DrawnOffice) -> None:
    entry = office.workspace.read(results.form, office.tasks[0]).entry
    with pytest.raises(UserError) as caught:
        office.workspace.write(submit, SubmitResult(assignment_id=office.tasks[0], entry=entry))
    words = str(caught.value)
    assert "请填写检查日期" in words
    assert "还有 4 项没有勾选" in words
    assert "请选择检查结论" in words
    assert office.workspace.read(results.counts)[Progress.OPEN] == 5


def test_conclusion_must_agree_with_the_items(office: DrawnOffice) -> None:
    entry = ordered_entry(office, office.tasks[0])
    wrong = replace(entry, conclusion=Conclusion.NO_PROBLEM)
    with pytest.raises(UserError, match="勾了不符合"):
        office.workspace.write(submit, SubmitResult(assignment_id=office.tasks[0], entry=wrong))
    clean = clean_entry(office, office.tasks[0])
    wrong = replace(clean, conclusion=Conclusion.CASE, finding="偷排", measure="立案")
    with pytest.raises(UserError, match="没有一项不符合"):
        office.workspace.write(submit, SubmitResult(assignment_id=office.tasks[0], entry=wrong))


@pytest.mark.parametrize(
    ("field", "words"), [("finding", "发现了什么"), ("measure", "处理措施"), ("rectify_by", "期限")]
)
def test_ordering_needs_finding_measure_and_day(
    office: DrawnOffice, field: str, words: str
) -> None:
    entry = ordered_entry(office, office.tasks[0])
    lacking = replace(entry, **{field: None if field == "rectify_by" else " "})
    with pytest.raises(UserError, match=words):
        office.workspace.write(submit, SubmitResult(assignment_id=office.tasks[0], entry=lacking))


def test_an_expired_certificate_stops_submitting_and_locking(office: DrawnOffice) -> None:
    command = SubmitResult(
        assignment_id=office.tasks[0], entry=clean_entry(office, office.tasks[0])
    )

    def expire(uow, until) -> None:
        person = uow.session.scalar(select(Inspector).where(Inspector.name == "赵一"))
        person.cert_valid_to = until
        uow.commit()

    office.workspace.write(expire, date(2026, 9, 9))
    with pytest.raises(UserError, match="赵一的执法证 2026-09-09 已到期"):
        office.workspace.write(submit, command)
    # On the last day it still holds.
    office.workspace.write(expire, date(2026, 9, 10))
    done = office.workspace.write(submit, command)
    office.workspace.write(expire, date(2026, 9, 9))
    with pytest.raises(UserError, match="已到期"):
        office.workspace.write(lock, LockResult(result_id=done.result_id, reviewed_by="卫七"))
    assert office.workspace.read(results.counts)[Progress.SUBMITTED] == 1


def test_returned_results_are_corrected_and_come_back(office: DrawnOffice) -> None:
    task = office.tasks[0]
    command = SubmitResult(assignment_id=task, entry=clean_entry(office, task))
    done = office.workspace.write(submit, command)
    with pytest.raises(UserError, match="写明原因"):
        office.workspace.write(
            return_for_correction, ReturnResult(result_id=done.result_id, reason=" ")
        )
    office.workspace.write(
        return_for_correction,
        ReturnResult(result_id=done.result_id, reason="缺少现场检查（勘察）笔录"),
    )
    (row,) = office.workspace.read(results.rows, [task])
    assert (row.progress, row.return_reason) == (Progress.RETURNED, "缺少现场检查（勘察）笔录")
    again = office.workspace.write(submit, command)
    assert again.result_id == done.result_id
    assert again.state is ResultState.SUBMITTED


def test_a_locked_result_is_never_edited(office: DrawnOffice) -> None:
    task = office.tasks[0]
    result = lock_result(office, task)
    entry = clean_entry(office, task)
    for step in (
        lambda: office.workspace.write(save_draft, SaveDraft(assignment_id=task, entry=entry)),
        lambda: office.workspace.write(submit, SubmitResult(assignment_id=task, entry=entry)),
        lambda: office.workspace.write(
            return_for_correction, ReturnResult(result_id=result, reason="再看看")
        ),
    ):
        with pytest.raises(UserError, match="已经锁定"):
            step()
    assert office.workspace.read(results.form, task).task.state is ResultState.LOCKED


def test_reviewing_ones_own_entry_needs_a_reason(office: DrawnOffice) -> None:
    task = office.tasks[0]
    done = office.workspace.write(
        submit, SubmitResult(assignment_id=task, entry=clean_entry(office, task, by="卫七"))
    )
    with pytest.raises(UserError, match="同一个人"):
        office.workspace.write(lock, LockResult(result_id=done.result_id))
    office.workspace.write(
        lock, LockResult(result_id=done.result_id, alone_because="综合科只有一人在岗")
    )
    assert office.workspace.read(results.form, task).reviewed_by == "卫七"


@pytest.mark.parametrize(
    ("conclusion", "finding", "covers"),
    [(Conclusion.NO_PROBLEM, False, True), (Conclusion.CLOSED, False, False)],
)
def test_locking_enters_the_frequency_ledger(
    office: DrawnOffice, conclusion: Conclusion, finding: bool, covers: bool
) -> None:
    task = office.tasks[0]
    entry = replace(clean_entry(office, task), conclusion=conclusion)
    if not conclusion.inspected:
        entry = replace(entry, finding="大门已封，设备拆除", items=())
    lock_result(office, task, entry)
    (row,) = office.workspace.read(lambda c: c.execute(select(InspectionEntry.__table__)).all())
    assert (row.kind, row.on, row.assignment_id) == ("own", date(2026, 9, 10), task)
    assert (row.finding, row.covers) == (finding, covers)


def test_every_step_stands_in_the_ledger_and_the_chain_holds(office: DrawnOffice) -> None:
    lock_result(office, office.tasks[0], ordered_entry(office, office.tasks[0]))
    assert _ledger_actions(office)[-2:] == ["result.submit", "result.lock"]
    assert not list(office.workspace.read(lambda c: list(ledger.faults(c))))


def test_items_of_another_list_are_refused(office: DrawnOffice) -> None:
    entry = clean_entry(office, office.tasks[0])
    with pytest.raises(UserError, match="不是这项任务的检查事项"):
        office.workspace.write(save_draft, SaveDraft(assignment_id=office.tasks[2], entry=entry))
    assert office.workspace.read(results.counts)[Progress.OPEN] == 5
