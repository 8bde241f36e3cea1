"""The desk says what waits, in sentences with the right day and place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.db.read import chores_after, inspectors
from app.db.read.query import ListQuery
from app.domain.desk import Desk, TheseRows, Todo, When
from app.models import Inspector
from app.services.days import desk
from app.services.public import publishing
from app.services.public.publishing import Publish
from app.services.tasks.inspecting import (
    ReturnResult,
    StartResult,
    SubmitResult,
    return_for_correction,
    start,
    submit,
)
from app.services.tasks.rectifying import RecordRectification, record
from app.services.workspace import CreateUnit, create, open_workspace
from tests.support_draw import (
    TARGETS,
    DrawnOffice,
    clean_entry,
    lock_result,
    make_drawn_office,
    ordered_entry,
)

TODAY = date(2026, 9, 15)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    yield made
    made.workspace.close()


def _desk(office: DrawnOffice, today: date = TODAY) -> Desk:
    office.clock.move_to(today)
    return office.workspace.read(desk.overview, today)


def _todo(found: Desk, words: str) -> Todo:
    return next(todo for todo in found.todos if words in todo.sentence)


def test_a_new_office_has_a_checklist_and_no_todos(tmp_path: Path) -> None:
    create(tmp_path / "new", CreateUnit(name="新大队", code="360199", rulebook_id="nanchang-2023"))
    workspace = open_workspace(tmp_path / "new", actor="卫七")
    try:
        found = workspace.read(desk.overview, TODAY)
    finally:
        workspace.close()
    assert not found.first.finished
    assert (found.first.targets, found.first.inspectors, found.first.items) == (0, 0, 0)
    assert not found.todos
    assert found.drawn.total == 0


def test_secret_targets_are_counted_and_never_named(office: DrawnOffice) -> None:
    found = _desk(office, date(2026, 9, 25))
    todo = _todo(found, "尚未检查")
    assert todo.sentence == "5 家尚未检查，离期限还有 5 天"
    assert todo.when is When.WEEK
    for _category, name, _code in TARGETS:
        assert all(name not in each.sentence + each.detail for each in found.todos)
    assert (todo.page, todo.where) == (
        "teams",
        TheseRows(office.tasks, "尚未检查，期限 9 月 30 日"),
    )
    assert _todo(_desk(office, date(2026, 10, 8)), "尚未检查").when is When.OVERDUE


def test_far_deadlines_stay_off_the_desk(office: DrawnOffice) -> None:
    assert not any("尚未检查" in todo.sentence for todo in _desk(office, TODAY).todos)


def test_the_way_of_a_result_over_the_desk(office: DrawnOffice) -> None:
    task = office.tasks[0]
    office.workspace.write(start, StartResult(assignment_id=task, inspected_on=date(2026, 9, 10)))
    entering = _todo(_desk(office), "已检查，结果应在 9 月 30 日前录入")
    assert (entering.page, entering.where) == (
        "results",
        TheseRows((task,), "应在 9 月 30 日前录入"),
    )

    entry = ordered_entry(office, task)
    done = office.workspace.write(submit, SubmitResult(assignment_id=task, entry=entry))
    review = _todo(_desk(office), "1 份检查结果等待复核")
    assert review.when is When.TODAY
    assert "钱二提交" in review.detail

    office.workspace.write(
        return_for_correction, ReturnResult(result_id=done.result_id, reason="缺笔录")
    )
    assert _todo(_desk(office), "等待修改").when is When.TODAY
    late = _todo(_desk(office, date(2026, 9, 19)), "退回后 4 天没有修改")
    assert late.when is When.OVERDUE
    assert late.detail == "复核意见：缺笔录"


def test_an_overdue_rectification_comes_first_until_it_is_recorded(office: DrawnOffice) -> None:
    result = lock_result(office, office.tasks[0], ordered_entry(office, office.tasks[0]))
    found = _desk(office, date(2026, 10, 15))
    todo = _todo(found, f"{TARGETS[0][1]}的整改期限已过 5 天，还没有整改材料")
    assert (todo.when, todo.page, todo.where) == (When.OVERDUE, "results", office.tasks[0])
    assert found.rectified.note == "逾期 1·整改中 0"
    office.workspace.write(
        record,
        RecordRectification(result_id=result, completed_on=date(2026, 10, 9), proof="照片 4 张"),
    )
    after = _desk(office, date(2026, 10, 15))
    assert not any("整改" in todo.sentence for todo in after.todos)
    assert (after.rectified.done, after.rectified.total) == (1, 1)


def test_figures_follow_the_period(office: DrawnOffice) -> None:
    first, second = (lock_result(office, task) for task in office.tasks[:2])
    office.workspace.write(
        submit,
        SubmitResult(assignment_id=office.tasks[2], entry=clean_entry(office, office.tasks[2])),
    )
    office.workspace.write(publishing.publish, Publish(result_ids=(first,), on=TODAY, place="网站"))
    found = _desk(office)
    assert (found.drawn.done, found.drawn.total) == (5, 5)
    assert (found.inspected.done, found.inspected.total) == (3, 5)
    assert found.inspected.note == "待录入 0·未检查 2"
    assert (found.published.done, found.published.total) == (1, 2)
    assert found.published.note == "待公示 1·待复核 1"
    assert second
    loads = {load.name: (load.done, load.pending) for load in found.loads}
    # Team 1 has targets 1, 3, 5; team 2 has 2 and 4.
    assert loads["赵一"] == (2, 1)
    assert loads["李四"] == (1, 1)
    assert loads["周五"] == (0, 0)
    key = next(bar for bar in found.coverage if bar.total == 2)
    assert (key.covered, key.pending) == (2, 0)


def test_certificates_that_end_soon_are_named(office: DrawnOffice) -> None:
    def shorten(uow, _command) -> None:
        people = uow.session.scalars(select(Inspector).order_by(Inspector.personal_no)).all()
        people[0].cert_valid_to = date(2026, 9, 30)
        people[1].cert_valid_to = date(2026, 9, 1)
        uow.commit()

    office.workspace.write(shorten, None)
    found = _desk(office)
    assert _todo(found, "1 人的执法证快到期，最早 9 月 30 日").detail.startswith("赵一")
    late = _todo(found, "1 人的执法证已过期")
    assert late.when is When.OVERDUE
    assert isinstance(late.where, TheseRows)
    listed = office.workspace.read(
        inspectors.ids,
        ListQuery(filters={"only": frozenset(str(each) for each in late.where.ids)}),
        TODAY,
    )
    names = [row.name for row in office.workspace.read(inspectors.rows, listed, TODAY)]
    assert late.detail.startswith(names[0])
    assert len(names) == 1


def test_a_recurring_duty_is_reminded_in_its_week(tmp_path: Path) -> None:
    made = make_drawn_office(tmp_path / "nc", rulebook="taijiang-2022")
    try:
        # 31 January 2027 is a Sunday: the reminder is for Friday the 29th.
        assert "制定年度抽查工作计划" in str(_desk(made, date(2027, 1, 25)).todos)
        todo = _todo(_desk(made, date(2027, 1, 29)), "1 月 31 日前制定年度抽查工作计划")
        assert (todo.when, todo.page) == (When.TODAY, "plan")
        assert todo.detail.startswith("方案五")
        assert "制定年度抽查工作计划" not in str(_desk(made, date(2027, 1, 20)).todos)
        # What is kept current there is the directory of people.
        people = _todo(_desk(made, date(2027, 3, 29)), "前动态调整执法检查人员名录库")
        assert people.page == "inspectors"
    finally:
        made.workspace.close()


def test_many_rectifications_that_are_due_are_folded(
    office: DrawnOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chores_after, "_ONE_BY_ONE", 1)
    for task in office.tasks[:3]:
        lock_result(office, task, ordered_entry(office, task))
    late = [t for t in _desk(office, date(2026, 10, 15)).todos if "整改期限" in t.sentence]
    assert [todo.when for todo in late] == [When.OVERDUE, When.OVERDUE]
    assert late[0].sentence.endswith("的整改期限已过 5 天，还没有整改材料")
    assert late[1].sentence == "另有 2 家的整改期限已过，还没有整改材料"
    assert (late[1].page, late[1].where) == ("desk", "owed")
