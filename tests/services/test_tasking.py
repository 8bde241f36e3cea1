"""Steps before the visit — notice, approval, postponement — and the year typed in by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.db.read import courses, formality, results
from app.domain.course import Step, TaskState
from app.domain.formalities import Demand, NationalLayer
from app.errors import UserError
from app.services.days import announcing, calendar
from app.services.days.announcing import AnnounceYear
from app.services.tasks import formalities, noticing, stepping
from app.services.tasks.formalities import ApproveTasks
from app.services.tasks.inspecting import StartResult, SubmitResult, start, submit
from app.services.tasks.noticing import PrintNotices
from app.services.tasks.stepping import PostponeTask
from tests.support_draw import (
    DRAW_NO,
    DrawnOffice,
    clean_entry,
    lock_result,
    make_drawn_office,
)

_APPROVAL = ApproveTasks(
    assignment_ids=(),
    kind="daily",
    source="2026年第三季度抽查",
    basis="《排污许可管理条例》第二十五条",
    applied_by="钱二",
    applied_on=date(2026, 9, 11),
    approved_by="周局",
    approved_on=date(2026, 9, 14),
    assistants_fixed=1,
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    yield made
    made.workspace.close()


def _state(office: DrawnOffice, task: int) -> TaskState:
    return office.workspace.read(courses.state_of, task)


def test_a_task_is_notified_approved_and_then_inspected(office: DrawnOffice) -> None:
    task = office.tasks[0]
    assert _state(office, task) is TaskState.ASSIGNED
    office.workspace.write(noticing.print_notices, PrintNotices(draw_no=DRAW_NO))
    assert {_state(office, each) for each in office.tasks} == {TaskState.NOTIFIED}
    done = office.workspace.write(
        formalities.approve, replace(_APPROVAL, assignment_ids=office.tasks[:2])
    )
    assert done.count == 2
    assert _state(office, task) is TaskState.APPROVED
    # A notice printed again takes nothing back.
    office.workspace.write(noticing.print_notices, PrintNotices(draw_no=DRAW_NO))
    assert _state(office, task) is TaskState.APPROVED
    assert office.workspace.read(formality.approved_ids) == frozenset(office.tasks[:2])
    given = office.workspace.read(results.form, task).entry.formalities
    assert (given.approved_by, given.assistants_fixed) == ("周局", 1)
    office.workspace.write(
        submit,
        SubmitResult(assignment_id=task, entry=clean_entry(office, task, date(2026, 9, 15))),
    )
    assert [each.step for each in office.workspace.read(courses.course, task).steps] == [
        Step.NOTIFY,
        Step.APPROVE,
        Step.NOTIFY,
        Step.INSPECT,
        Step.ENTER,
    ]
    with pytest.raises(UserError, match="已经提交"):
        office.workspace.write(formalities.approve, replace(_APPROVAL, assignment_ids=(task,)))


def test_a_result_is_told_after_the_lock_once_and_the_result_stays(office: DrawnOffice) -> None:
    task, write = office.tasks[0], office.workspace.write
    result = lock_result(office, task)
    tell = formalities.TellResult(result_id=result, on=date(2026, 9, 14), how="书面")
    before = office.workspace.read(results.form, task).entry
    for wrong, words in (
        (replace(tell, on=date(2026, 9, 16)), "还没有到"),
        (replace(tell, on=date(2026, 9, 9)), "早于检查日期"),
        (replace(tell, how=" "), "告知方式"),
        (replace(tell, result_id=99), "已不在"),
    ):
        with pytest.raises(UserError, match=words):
            write(formalities.tell, wrong)
    write(formalities.tell, tell)
    after = office.workspace.read(results.form, task).entry
    told = replace(before.formalities, told_on=date(2026, 9, 14), told_how="书面")
    assert after == replace(before, formalities=told)
    with pytest.raises(UserError, match="已登记 2026-09-14 告知"):
        write(formalities.tell, tell)
    draft = office.tasks[1]
    begun = write(start, StartResult(assignment_id=draft, inspected_on=date(2026, 9, 14)))
    with pytest.raises(UserError, match="还没有锁定"):
        write(formalities.tell, replace(tell, result_id=begun.result_id))


def test_one_task_that_cannot_be_approved_keeps_all_from_it(office: DrawnOffice) -> None:
    office.workspace.write(
        submit,
        SubmitResult(assignment_id=office.tasks[1], entry=clean_entry(office, office.tasks[1])),
    )
    with pytest.raises(UserError):
        office.workspace.write(
            formalities.approve, replace(_APPROVAL, assignment_ids=office.tasks[:2])
        )
    assert _state(office, office.tasks[0]) is TaskState.ASSIGNED
    assert not office.workspace.read(formality.approved_ids)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"basis": " "}, "法定依据"),
        ({"approved_by": ""}, "审批人"),
        ({"approved_on": date(2026, 9, 10)}, "早于"),
        ({"approved_on": date(2026, 9, 16)}, "还没有到"),
        ({"urgent": True}, "紧急情形"),
        ({"assignment_ids": ()}, "选择任务"),
    ],
)
def test_an_approval_says_what_is_missing(
    office: DrawnOffice, change: dict[str, object], words: str
) -> None:
    wish = replace(_APPROVAL, assignment_ids=office.tasks[:1])
    with pytest.raises(UserError, match=words):
        office.workspace.write(formalities.approve, replace(wish, **change))  # type: ignore[arg-type]


def test_what_the_unit_requires_is_refused_at_submitting(office: DrawnOffice) -> None:
    task = office.tasks[0]
    office.workspace.write(
        formalities.save_layer, replace(NationalLayer(), scan=Demand.REQUIRE, told=Demand.OFF)
    )
    assert office.workspace.read(formality.layer).told is Demand.OFF
    entry = clean_entry(office, task)
    with pytest.raises(UserError, match="扫码"):
        office.workspace.write(submit, SubmitResult(assignment_id=task, entry=entry))
    told = replace(entry.formalities, not_scanned="企业未申领检查码")
    office.workspace.write(
        submit, SubmitResult(assignment_id=task, entry=replace(entry, formalities=told))
    )
    kept = office.workspace.read(results.form, task).entry.formalities
    assert kept.not_scanned == "企业未申领检查码"


def test_a_task_is_put_off_with_a_reason_and_a_new_day(office: DrawnOffice) -> None:
    task = office.tasks[0]
    wish = PostponeTask(assignment_id=task, until=date(2026, 9, 25), reason="企业停产检修")
    with pytest.raises(UserError, match="原因"):
        office.workspace.write(stepping.postpone, replace(wish, reason=""))
    with pytest.raises(UserError, match="已经过去"):
        office.workspace.write(stepping.postpone, replace(wish, until=date(2026, 9, 14)))
    office.workspace.write(stepping.postpone, wish)
    found = office.workspace.read(courses.course, task)
    assert (found.state, found.postponed_until) == (TaskState.POSTPONED, date(2026, 9, 25))
    assert office.workspace.read(courses.postponed) == {task: (date(2026, 9, 25), "企业停产检修")}
    office.workspace.write(
        submit, SubmitResult(assignment_id=task, entry=clean_entry(office, task))
    )
    assert not office.workspace.read(courses.postponed)
    with pytest.raises(UserError, match="已录入"):
        office.workspace.write(stepping.postpone, wish)


def test_next_years_notice_is_kept_and_replaces_the_guess(office: DrawnOffice) -> None:
    guess = office.workspace.read(calendar.office_calendar, 2026)
    year = guess.announced_until.year + 1
    text = "".join(f"{month}月{day}日放假。" for month in (1, 5) for day in (1, 2, 3, 4))
    text += "1月9日上班。"
    with pytest.raises(UserError, match="不像一整年"):
        office.workspace.write(
            announcing.announce, AnnounceYear(year=year, text="1月1日至3日放假", source="")
        )
    made = office.workspace.write(
        announcing.announce, AnnounceYear(year=year, text=text, source="国办发明电〔2026〕7号")
    )
    assert (made.holidays, made.workdays) == (8, 1)
    known = office.workspace.read(calendar.office_calendar, 2026)
    assert not known.is_estimated(date(year, 12, 31))
    assert known.is_working_day(date(year, 1, 9))
    assert not known.is_working_day(date(year, 5, 4))
    assert office.workspace.read(calendar.announced_years) == {year: "国办发明电〔2026〕7号"}
    # A second notice takes the first one's place.
    office.workspace.write(
        announcing.announce, AnnounceYear(year=year, text=text.replace("1月9日", "1月10日"))
    )
    again = office.workspace.read(calendar.office_calendar, 2026)
    assert again.is_working_day(date(year, 1, 10))
