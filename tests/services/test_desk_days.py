"""Every deadline on the desk: the right group on the right morning, by a finger on the calendar.

2026: 国庆 1–7 October off, Sunday 20 September and Saturday 10 October worked; 中秋 25–27 Sep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.db.read import results
from app.db.read.tasks import Progress, TaskRow
from app.domain.desk import Todo, When
from app.services.days import announcing, calendar, desk
from app.services.days.announcing import AnnounceYear
from app.services.days.calendar import chinese_calendar
from app.services.plans import local_basis
from app.services.plans.local_basis import BasisFacts
from app.services.public import public_matters as matters
from app.services.public import publishing
from app.services.public.public_matters import ReceiveReview
from app.services.public.publishing import Publish
from app.services.safety import keeping
from app.services.tasks.inspecting import SubmitResult, submit
from app.services.workspace import Workspace
from tests.support_draw import (
    TARGETS,
    DrawnOffice,
    clean_entry,
    lock_result,
    make_drawn_office,
    ordered_entry,
)
from tests.support_office import draw_once, make_office

GUESS = "日历尚未公布，按推算"
Make = Callable[[str], DrawnOffice]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[DrawnOffice] = []

    def one(rulebook: str) -> DrawnOffice:
        made.append(make_drawn_office(tmp_path / rulebook, rulebook=rulebook))
        return made[-1]

    yield one
    for each in made:
        each.workspace.close()


def _found(workspace: Workspace, today: date, words: str) -> Todo | None:
    todos = workspace.read(desk.overview, today).todos
    return next((each for each in todos if words in each.sentence), None)


def _when(workspace: Workspace, today: date, words: str) -> When | None:
    found = _found(workspace, today, words)
    return None if found is None else found.when


def _mornings(
    workspace: Workspace, words: str, expected: dict[tuple[int, int], When | None]
) -> None:
    for (month, day), when in expected.items():
        assert _when(workspace, date(2026, month, day), words) is when, (month, day)


def test_qingdaos_days_of_month_and_quarter(make: Make) -> None:
    workspace = make("qingdao-xihaian-2020").workspace
    # The fifth lies in the festival: the sheet goes out on 30 September, and the five working days
    # before that (23, 24, 28–30; 25–27 are off) begin to be looked at on the 22nd.
    _mornings(
        workspace,
        "10 月 5 日前报送上月随机抽查工作调度表",
        {(9, 21): None, (9, 22): When.WEEK, (9, 30): When.TODAY, (10, 5): When.TODAY},
    )
    words = _found(workspace, date(2026, 9, 30), "10 月 5 日前")
    assert words is not None and "逢休息日，9 月 30 日前办" in words.detail
    assert _when(workspace, date(2026, 10, 6), "10 月 5 日前") is When.OVERDUE
    # The tenth is a worked Saturday; 28–30 September and 8–10 October are six working days.
    _mornings(
        workspace,
        "10 月 10 日前报送季度报表",
        {(9, 27): None, (9, 28): When.WEEK, (9, 30): When.WEEK, (10, 9): When.WEEK,
         (10, 10): When.TODAY, (10, 11): When.OVERDUE},
    )  # fmt: skip
    _mornings(
        workspace,
        "10 月 15 日前名录库更新情况报支队备案",
        {(10, 7): None, (10, 8): When.WEEK, (10, 15): When.TODAY, (10, 16): When.OVERDUE},
    )
    # 15 January 2027 is a Friday.
    assert _when(workspace, date(2027, 1, 8), "1 月 15 日前更新在编在岗") is When.WEEK
    assert _when(workspace, date(2027, 1, 15), "1 月 15 日前更新在编在岗") is When.TODAY
    assert _when(workspace, date(2027, 1, 16), "1 月 15 日前更新在编在岗") is When.OVERDUE


def test_three_months_to_rectify_fall_into_the_festival(make: Make) -> None:
    office = make("qingdao-xihaian-2020")
    entry = ordered_entry(office, office.tasks[0], date(2026, 7, 3))
    lock_result(office, office.tasks[0], replace(entry, rectify_by=date(2026, 10, 3)))
    _mornings(
        office.workspace,
        f"{TARGETS[0][1]}的整改期限",
        {(9, 21): None, (9, 22): When.WEEK, (9, 29): When.WEEK, (9, 30): When.TODAY,
         (10, 3): When.TODAY, (10, 4): When.OVERDUE},
    )  # fmt: skip


def test_nanchangs_year_and_the_two_readings_of_a_quarters_end(tmp_path: Path) -> None:
    workspace = make_office(tmp_path / "nc", targets={"A": 4, "B": 4, "C": 4})
    try:
        # 季度初 names no day: the tenth working day of July is the fifteenth.
        words = "2026年第三季度还没有抽取"
        assert not workspace.read(desk.overview, date(2026, 7, 3)).first.finished
        draw_once(workspace)
        assert _found(workspace, date(2026, 7, 16), words) is None
        # Seven full working days left: Sunday 20 September, worked; late after the thirtieth.
        _mornings(
            workspace,
            "家尚未检查",
            {(9, 11): None, (9, 13): When.WEEK, (9, 19): When.WEEK, (9, 20): When.TODAY,
             (9, 30): When.TODAY, (10, 1): When.OVERDUE},
        )  # fmt: skip
        # Tenth working day of October: the twentieth; after it nobody is late, all are reminded.
        _mornings(
            workspace,
            "2026年第四季度还没有抽取",
            {(10, 12): None, (10, 13): When.WEEK, (10, 20): When.TODAY, (10, 21): When.TODAY},
        )
        past = _found(workspace, date(2026, 10, 21), "2026年第四季度还没有抽取")
        assert past is not None and past.sentence.endswith("提醒日 10 月 20 日已过")
        _mornings(
            workspace,
            "12 月 15 日前更新检查对象和执法检查人员名录库",
            {(12, 7): None, (12, 8): When.WEEK, (12, 15): When.TODAY, (12, 16): When.OVERDUE},
        )
        _mornings(
            workspace,
            "12 月 31 日前制定下年度检查计划",
            {(12, 23): None, (12, 24): When.WEEK, (12, 31): When.TODAY},
        )
        assert _when(workspace, date(2027, 1, 4), "2026 年 12 月 31 日前制定下年度") is When.OVERDUE
    finally:
        workspace.close()


def test_the_month_before_the_quarter_is_the_last_to_draw_in(make: Make) -> None:
    workspace = make("neimenggu").workspace
    _mornings(
        workspace,
        "2026年第四季度还没有抽取",
        {(9, 21): None, (9, 22): When.WEEK, (9, 30): When.TODAY, (10, 1): When.OVERDUE},
    )
    _mornings(workspace, "2027年第一季度还没有抽取", {(12, 24): When.WEEK, (12, 31): When.TODAY})


def test_fifty_days_that_end_in_the_festival_end_before_it(tmp_path: Path) -> None:
    workspace = make_office(tmp_path / "tj", rulebook="taijiang-2022", today=date(2026, 8, 12))
    try:
        draw_once(workspace)
        # 12 August + 50 days = 1 October.
        _mornings(
            workspace,
            "家尚未检查",
            {(9, 21): None, (9, 24): When.WEEK, (9, 29): When.WEEK, (9, 30): When.TODAY,
             (10, 1): When.TODAY, (10, 2): When.OVERDUE},
        )  # fmt: skip
    finally:
        workspace.close()


def test_twenty_working_days_to_publish_run_while_a_result_waits_for_its_lock(make: Make) -> None:
    office = make("yiyang-2021")
    # After 10 September: 11; 14–18; 20–24 (a Sunday first); 28–30; 8–10 October; 12–14.
    lock_result(office, office.tasks[0])
    _mornings(
        office.workspace,
        "1 份已锁定的结果",
        {(9, 15): When.WEEK, (10, 13): When.WEEK, (10, 14): When.TODAY, (10, 15): When.OVERDUE},
    )
    today = _found(office.workspace, date(2026, 10, 14), "1 份已锁定的结果")
    assert today is not None and today.sentence == "1 份已锁定的结果今天要公示"
    office.workspace.write(
        submit,
        SubmitResult(assignment_id=office.tasks[1], entry=clean_entry(office, office.tasks[1])),
    )
    _mornings(
        office.workspace,
        "1 家已检查，还没有复核锁定",
        {(9, 29): None, (10, 8): When.WEEK, (10, 14): When.TODAY, (10, 15): When.OVERDUE},
    )


def test_a_duty_without_a_day_is_asked_for_until_the_next_one_comes(make: Make) -> None:
    workspace = make("yiyang-2021").workspace
    # Directories each quarter, the text names no day: 30 September, then 31 December.
    _mornings(workspace, "9 月 30 日前动态调整", {(9, 21): None, (9, 22): When.WEEK})
    words = "动态调整检查对象名录库还没有登记办结，提醒日 9 月 30 日已过"
    _mornings(workspace, words, {(10, 1): When.TODAY, (12, 1): When.TODAY, (12, 31): None})


def test_a_review_is_on_the_desk_until_it_is_answered_and_its_last_day_follows_the_notice(
    make: Make,
) -> None:
    office = make("taijiang-2022")
    year = chinese_calendar(2026).announced_until.year
    on = date(year, 12, 1)
    office.clock.move_to(on)
    result = lock_result(office, office.tasks[0], clean_entry(office, office.tasks[0], on))
    write, read = office.workspace.write, office.workspace.read
    write(publishing.publish, Publish(result_ids=(result,), on=on, place="局网站"))
    asked = ReceiveReview(result_id=result, received_on=on, applicant="某厂", matter="有异议")
    review = write(matters.receive_review, asked)
    waiting = _found(office.workspace, on, "1 件复查申请等待答复")
    assert waiting is not None
    assert (waiting.when, waiting.page, waiting.where) == (When.TODAY, "publication", "reviews")

    (guessed,) = read(matters.reviews)
    assert guessed.estimated and guessed.open_until is not None
    before = guessed.open_until
    assert before.year == year + 1
    # Ten working days in the way are given free: the last day moves behind them.
    days = read(calendar.office_calendar, year)
    free = [day for day in _january(year + 1) if days.is_working_day(day)][:10]
    notice = "".join(f"{day.month}月{day.day}日放假。" for day in free)
    told = write(announcing.announce, AnnounceYear(year=year + 1, text=notice))
    assert told.moved >= 1
    (settled,) = read(matters.reviews)
    assert not settled.estimated and settled.open_until is not None
    known = read(calendar.office_calendar, year)
    assert known.working_days_between(on, settled.open_until) == 60
    assert known.is_working_day(settled.open_until)
    assert settled.open_until != before

    answer = matters.AnswerReview(
        review_id=review, outcome=matters.ReviewOutcome.UPHELD, answer="维持", on=on
    )
    write(matters.answer_review, answer)
    assert _found(office.workspace, on, "复查申请") is None


def _january(year: int) -> list[date]:
    return [date(year, 1, day) for day in range(4, 32)]


def test_publication_in_a_year_nobody_published_says_it_is_a_guess(make: Make) -> None:
    office = make("yiyang-2021")
    on = date(chinese_calendar(2026).announced_until.year, 12, 25)
    office.clock.move_to(on)
    lock_result(office, office.tasks[0], clean_entry(office, office.tasks[0], on))
    found = _found(office.workspace, on, "1 份已锁定的结果可以公示")
    assert found is not None and GUESS in found.detail


def test_a_year_typed_in_again_dates_its_tasks_again(tmp_path: Path) -> None:
    year = chinese_calendar(2026).announced_until.year + 1
    today = date(year, 1, 5)
    workspace = make_office(tmp_path / "nc", basis=False, today=today, targets={"A": 4})
    try:
        basis = BasisFacts(period=f"{year}", document_no="1号", signer="王五", signed_on=today)
        workspace.write(local_basis.record, basis)
        others = "".join(f"5月{day}日放假。" for day in range(1, 8))
        workspace.write(announcing.announce, AnnounceYear(year=year, text=others))
        no = draw_once(workspace, period=f"{year}Q1").no
        (before,) = {row.due_on for row in _tasks(workspace, no)}
        wrong = f"{others}{before.month}月{before.day}日放假。"
        told = workspace.write(announcing.announce, AnnounceYear(year=year, text=wrong))
        assert told.moved == len(_tasks(workspace, no))
        assert all(row.due_on < before for row in _tasks(workspace, no))
        workspace.write(announcing.announce, AnnounceYear(year=year, text=others))
        assert {row.due_on for row in _tasks(workspace, no)} == {before}
    finally:
        workspace.close()


def _tasks(workspace: Workspace, no: str) -> list[TaskRow]:
    query = results.ResultQuery(draw_no=no, progress=frozenset(Progress))
    return list(workspace.read(results.rows, workspace.read(results.ids, query)))


def test_a_second_place_never_set_or_old_is_a_line_on_the_desk(make: Make, tmp_path: Path) -> None:
    office = make("yiyang-2021")
    today = date(2026, 9, 15)
    missing = _found(office.workspace, today, "还没有设备份的第二处")
    assert missing is not None
    assert (missing.when, missing.page, missing.where) == (When.WEEK, "system", "backup")
    stick = tmp_path / "stick"
    stick.mkdir()
    office.workspace.write(keeping.set_second_place, stick)
    assert _found(office.workspace, today, "第二处") is None
    old = _found(office.workspace, date(2026, 9, 30), "备份的第二处：15 天前，请插好它再备份一次")
    assert old is not None and (old.when, old.action) == (When.TODAY, "去备份")
