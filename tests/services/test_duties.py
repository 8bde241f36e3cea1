"""The year's calendar and what the desk makes of it: done, late, before the office began."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.domain.desk import Todo, When
from app.errors import UserError
from app.services.days import announcing, calendar, desk, duties, owing
from app.services.days.announcing import AnnounceYear
from app.services.days.duties import DutyState, FinishDuty
from app.services.days.owing import PrintOwed
from app.services.public import publishing
from app.services.public.publishing import Publish
from app.services.tasks import noticing
from app.services.tasks.noticing import PrintNotices
from app.services.workspace import Workspace
from tests.documents.reading import text as text_of
from tests.support_draw import (
    DRAW_NO,
    TARGETS,
    DrawnOffice,
    lock_result,
    make_drawn_office,
    ordered_entry,
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    yield made
    made.workspace.close()


@pytest.fixture
def qingdao(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "qd", rulebook="qingdao-xihaian-2020")
    yield made
    made.workspace.close()


def _todos(workspace: Workspace, today: date) -> tuple[Todo, ...]:
    return workspace.read(desk.overview, today).todos


def _of_the_fifth(office: DrawnOffice, today: date) -> list[Todo]:
    return [each for each in _todos(office.workspace, today) if "9 月 5 日" in each.sentence]


def test_the_fifth_day_ten_day_fifteen_and_fifteen_january_stand_in_qingdaos_year(
    qingdao: DrawnOffice,
) -> None:
    view = qingdao.workspace.read(duties.year_view, 2026, date(2026, 9, 15))
    days = {(row.due_on, row.label) for row in view.rows if row.code}
    assert {d for d, label in days if "调度表" in label} == {
        date(2026, month, 5) for month in range(1, 13)
    }
    assert {d for d, label in days if "季度报表" in label} == {
        date(2026, month, 10) for month in (1, 4, 7, 10)
    }
    assert date(2026, 1, 15) in {d for d, label in days if "人员总数" in label}
    before = [row for row in view.rows if row.due_on < date(2026, 7, 2)]
    assert before
    assert {row.state for row in before if row.code} == {DutyState.BEFORE}


def test_a_duty_is_reminded_of_late_and_ticked_off(qingdao: DrawnOffice) -> None:
    # 5 September 2026 is a Saturday: reminded of on Friday the fourth.
    qingdao.clock.move_to(date(2026, 9, 4))
    (monthly,) = [
        t for t in _todos(qingdao.workspace, date(2026, 9, 4)) if "9 月 5 日" in t.sentence
    ]
    assert monthly.when is When.TODAY
    qingdao.clock.move_to(date(2026, 9, 8))
    (late,) = _of_the_fifth(qingdao, date(2026, 9, 8))
    assert (late.when, late.page, late.where) == (When.OVERDUE, "desk", "calendar")
    view = qingdao.workspace.read(duties.year_view, 2026, date(2026, 9, 8))
    (row,) = [r for r in view.rows if r.due_on == date(2026, 9, 5) and r.code]
    assert row.state is DutyState.OVERDUE
    done = FinishDuty(code=row.code, due_on=row.due_on, done_on=date(2026, 9, 7), note="邮件报送")
    with pytest.raises(UserError, match="还没有到"):
        qingdao.workspace.write(
            duties.finish, FinishDuty(code=row.code, due_on=row.due_on, done_on=date(2026, 9, 9))
        )
    qingdao.workspace.write(duties.finish, done)
    with pytest.raises(UserError, match="已经登记"):
        qingdao.workspace.write(duties.finish, done)
    assert not _of_the_fifth(qingdao, date(2026, 9, 8))
    qingdao.workspace.write(duties.reopen, done)
    assert _of_the_fifth(qingdao, date(2026, 9, 8))


def test_the_sheet_shows_whole_breaks_and_counts_the_published_working_days(
    office: DrawnOffice,
) -> None:
    view = office.workspace.read(duties.year_view, 2026, date(2026, 9, 15))
    spring = {date(2026, 2, day) for day in range(15, 24)}
    national = {date(2026, 10, day) for day in range(1, 8)}
    assert spring | national <= view.holidays
    assert date(2026, 2, 14) in view.workdays
    assert date(2026, 2, 14) not in view.holidays
    assert date(2026, 2, 8) not in view.holidays
    # 261 weekdays, 19 of them off for festivals, 6 weekend days worked instead.
    assert view.working_days == 248
    assert view.known


def test_a_year_nobody_announced_is_marked_and_is_right_once_typed(office: DrawnOffice) -> None:
    year = office.workspace.read(calendar.office_calendar, 2026).announced_until.year + 1
    before = office.workspace.read(duties.year_view, year, date(2026, 9, 15))
    assert not before.known
    text = "".join(f"5月{day}日放假。" for day in range(1, 9)) + "5月9日上班。"
    office.workspace.write(
        announcing.announce, AnnounceYear(year=year, text=text, source="某号通知")
    )
    after = office.workspace.read(duties.year_view, year, date(2026, 9, 15))
    assert after.known
    assert after.source == "某号通知"
    assert not any(row.estimated for row in after.rows)


def test_a_table_of_days_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "2027.csv"
    path.write_text("日期,安排\n2027-01-01,休\n2027-01-03,班\n", encoding="utf-8-sig")
    found = calendar.read_text(2027, calendar.read_file(path))
    assert (found.holidays, found.workdays) == ({date(2027, 1, 1)}, {date(2027, 1, 3)})


def test_after_a_draw_its_papers_are_asked_for_until_they_are_there(office: DrawnOffice) -> None:
    words = [todo.sentence for todo in _todos(office.workspace, date(2026, 9, 15))]
    assert any("5 家还没有印发检查任务通知单" in each for each in words)
    assert any("复算登记、签字件扫描" in each for each in words)
    assert any("5 家还没有登记检查审批" in each for each in words)
    office.workspace.write(noticing.print_notices, PrintNotices(draw_no=DRAW_NO))
    words = [todo.sentence for todo in _todos(office.workspace, date(2026, 9, 15))]
    assert not any("通知单" in each for each in words)


def test_squads_owe_what_is_open_and_their_paper_hides_the_secret(
    office: DrawnOffice, tmp_path: Path
) -> None:
    lock_result(office, office.tasks[0], ordered_entry(office, office.tasks[0]))
    found = office.workspace.read(owing.owed, date(2026, 9, 15))
    rows = [row for squad in found for row in squad.rows]
    assert len(rows) == 5
    assert sorted(row.what for row in rows) == ["检查"] * 4 + ["督促整改"]
    assert {row.secret for row in rows if row.what == "检查"} == {True}
    paths = office.workspace.write(owing.print_owed, PrintOwed(to=tmp_path))
    text = "".join(text_of(path.read_bytes()) for path in paths)
    inspected, secret = TARGETS[0][1], TARGETS[1][1]
    assert inspected in text.replace("\n", "")
    assert secret not in text.replace("\n", "")
    named = office.workspace.write(owing.print_owed, PrintOwed(names=True, to=tmp_path))
    whole = "".join(text_of(path.read_bytes()) for path in named).replace("\n", "")
    assert secret in whole


def test_a_review_window_stands_in_the_calendar_until_it_closes(tmp_path: Path) -> None:
    office = make_drawn_office(tmp_path / "tj", rulebook="taijiang-2022")
    try:
        result = lock_result(office, office.tasks[0])
        office.workspace.write(
            publishing.publish, Publish(result_ids=(result,), on=date(2026, 9, 15), place="网站")
        )
        view = office.workspace.read(duties.year_view, 2026, date(2026, 9, 16))
        (window,) = [row for row in view.rows if "申请复查" in row.label]
        days = office.workspace.read(calendar.office_calendar, 2026)
        assert days.working_days_between(date(2026, 9, 15), window.due_on) == 60
        assert window.state is DutyState.WINDOW
    finally:
        office.workspace.close()
