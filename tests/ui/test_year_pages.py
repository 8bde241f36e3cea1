"""What shows only after more than one quarter, and the year's sheet by keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.db.read.tasks import TaskRow
from app.domain.fields import Field, FieldKind
from app.domain.publicity import ExemptionKind
from app.services.public import public_matters, publishing
from app.services.public.publishing import Publish
from app.services.workspace import Workspace
from app.ui.main_window import MainWindow
from app.ui.pages.assignments import AssignmentsPage
from app.ui.pages.desk import DeskPage
from app.ui.pages.publishing import PublishingPage
from app.ui.pages.results import ResultsPage
from app.ui.widgets import FormPanel
from app.ui.widgets.result_list import days_left
from tests.services.test_substituting import tasks
from tests.support_draw import Clock, DrawnOffice, lock_result, make_drawn_office
from tests.support_office import draw_once, make_office
from tests.ui.test_after_draw import settle, show

__all__ = ["show"]

Show = Callable[[Workspace], MainWindow]


@pytest.fixture
def two_quarters(tmp_path: Path) -> Iterator[Workspace]:
    """Drawn for the third quarter and, in October, for the fourth."""
    made = make_office(tmp_path / "office", targets={"A": 5, "B": 2, "C": 2})
    draw_once(made, period="2026Q3")
    assert isinstance(made.clock, Clock)
    made.clock.move_to(date(2026, 10, 8))
    draw_once(made, period="2026Q4", digits=("41526363", "26534142"))
    yield made
    made.close()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "drawn")
    yield made
    made.workspace.close()


def _subtitle(page: ResultsPage) -> str:
    return page.subtitle_label.text()


def test_results_are_counted_for_the_period_the_line_names(
    qtbot: QtBot, show: Show, two_quarters: Workspace
) -> None:
    counts = [
        len(tasks(two_quarters, f"360199-2026Q{quarter}-{number}"))
        for quarter, number in ((3, "01"), (4, "02"))
    ]
    window = show(two_quarters)
    window.go_to("results")
    settle(qtbot)
    page = window.page("results")
    assert isinstance(page, ResultsPage)
    assert "全部期间" in _subtitle(page) and f"应查 {sum(counts)} 家" in _subtitle(page)
    names = [page.period_box.itemText(at) for at in range(page.period_box.count())]
    assert names == ["全部期间", "2026年第四季度", "2026年第三季度"]
    page.period_box.setFocus()
    qtbot.keyClick(page.period_box, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: f"应查 {counts[0]} 家" in _subtitle(page))
    assert "2026年第三季度" in _subtitle(page)
    # What another page points at is shown whatever was chosen.
    fourth = tasks(two_quarters, "360199-2026Q4-02")[0]
    page.open_at(fourth.id)
    qtbot.waitUntil(lambda: "全部期间" in _subtitle(page))
    settle(qtbot)


def test_what_is_not_made_public_does_not_wait_for_it(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    kept = lock_result(office, office.tasks[0])
    lock_result(office, office.tasks[1])
    office.workspace.write(
        public_matters.exempt,
        public_matters.Exempt(
            result_id=kept, kind=ExemptionKind.SECRET, reason="军工配套", approved_by="郑某",
            on=date(2026, 9, 12),
        ),
    )  # fmt: skip
    window = show(office.workspace)
    window.go_to("results", office.tasks[0])
    settle(qtbot)
    page = window.page("results")
    assert isinstance(page, ResultsPage)
    model = page.list.model_of_results
    rows = {row.id: row for row in page.list.shown_tasks}
    words = {task: days_left(rows[task], model.today, model.kept) for task in office.tasks[:2]}
    assert list(words.values()) == ["不公示", "待公示"]


def test_the_desk_leads_to_results_of_every_quarter_that_wait_for_publication(
    qtbot: QtBot, show: Show, two_quarters: Workspace
) -> None:
    window = show(two_quarters)
    window.go_to("publication")
    settle(qtbot)
    page = window.page("publication")
    assert isinstance(page, PublishingPage)
    assert page.period == "2026Q4"
    window.go_to("publication", "due")
    settle(qtbot)
    assert page.period == ""


def test_the_years_sheet_is_walked_by_keys(qtbot: QtBot, show: Show, office: DrawnOffice) -> None:
    window = show(office.workspace)
    window.go_to("desk", "calendar")
    settle(qtbot)
    page = window.page("desk")
    assert isinstance(page, DeskPage)
    sheet, table = page.calendar.sheet, page.calendar.table
    sheet.choose(date(2026, 9, 28))
    sheet.setFocus()
    qtbot.keyClick(sheet, Qt.Key.Key_Right)
    qtbot.keyClick(sheet, Qt.Key.Key_Right)
    row = table.current_row()
    assert getattr(row, "due_on", None) == date(2026, 9, 30)
    qtbot.keyClick(sheet, Qt.Key.Key_PageDown)
    qtbot.keyClick(sheet, Qt.Key.Key_Down)
    assert sheet.chosen == date(2026, 11, 6)
    assert page.calendar.hint.text() == "2026-11-06 周五 工作日"
    sheet.choose(date(2026, 12, 31))
    qtbot.keyClick(sheet, Qt.Key.Key_Right)
    assert sheet.chosen == date(2026, 12, 31)


def test_a_short_field_alone_stands_at_its_label(qtbot: QtBot) -> None:
    class Facts:
        on = None

    fields = (Field(name="on", label="复查日期", kind=FieldKind.DATE, required=True),)
    panel = FormPanel(fields, Facts(), columns=1)
    qtbot.addWidget(panel)
    panel.resize(440, 120)
    panel.show()
    assert panel.editors["on"].control.x() < 200


def test_the_teams_of_a_new_draw_come_to_the_front_and_a_task_brings_its_own(
    qtbot: QtBot, show: Show, two_quarters: Workspace
) -> None:
    window = show(two_quarters)
    window.go_to("teams")
    settle(qtbot)
    page = window.page("teams")
    assert isinstance(page, AssignmentsPage)
    third = tasks(two_quarters, "360199-2026Q3-01")[0]
    window.go_to("teams", third.id)
    settle(qtbot)
    row = page.table.current_row()
    assert isinstance(row, TaskRow) and row.id == third.id
    assert page.draw_box.currentData() == "360199-2026Q3-01"
    # All notices of “this” draw are one click away: it must be the one just made.
    no = draw_once(two_quarters, period="2027Q1", digits=("53624115", "14263552")).no
    qtbot.waitUntil(lambda: page.draw_box.currentData() == no)
    settle(qtbot)
    assert {task.draw_no for team in page._teams for task in team.tasks} == {no}


def test_what_can_be_done_with_tasks_is_behind_a_button_not_only_a_right_click(
    qtbot: QtBot, show: Show, two_quarters: Workspace
) -> None:
    window = show(two_quarters)
    window.go_to("teams")
    settle(qtbot)
    page = window.page("teams")
    assert isinstance(page, AssignmentsPage)
    page.show_targets()
    settle(qtbot)
    assert page.act_button.isVisible() and not page.act_button.isEnabled()
    page.table.grid.select_line(0)
    qtbot.waitUntil(page.act_button.isEnabled)
    words = [each.text() for each in page.act_button.menu().actions()]
    assert {"检查审批…", "延期检查…", "更换检查对象…", "更换牵头人…"} <= set(words)
    # “延期至 2026-03-10” is read in full where it stands.
    at = [each.key for each in page.table.visible_columns()].index("flags")
    needed = page.fontMetrics().horizontalAdvance("延期至 2026-03-10")
    assert page.table.visible_columns()[at].width >= needed + 20


def test_a_whole_name_is_read_where_it_is_searched_and_a_wording_where_it_stands(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    window = show(office.workspace)
    window.go_to("results")
    settle(qtbot)
    page = window.page("results")
    assert isinstance(page, ResultsPage)
    page.open_start()
    assert page._start_dialog is not None
    box = page._start_dialog.search.search_box
    name = "青禾县柳湾镇某再生资源有限公司第二分公司"
    qtbot.waitUntil(lambda: box.width() > box.fontMetrics().horizontalAdvance(name) + 60)
    page._start_dialog.reject()
    window.go_to("publication")
    settle(qtbot)
    board = window.page("publication")
    assert isinstance(board, PublishingPage)
    wording = next(each for each in board.table.model.columns if each.key == "wording")
    long = board.fontMetrics().horizontalAdvance("发现涉嫌违法行为已立案调查")
    assert wording.width >= long + 20


def test_the_desk_of_yesterday_is_not_shown_in_the_morning(
    qtbot: QtBot, show: Show, two_quarters: Workspace
) -> None:
    """The window stays open over night; nothing was written since."""
    window = show(two_quarters)
    desk = window.page("desk")
    assert isinstance(desk, DeskPage) and desk.day.text().startswith("10 月 8 日")
    window.go_to("results")
    settle(qtbot)
    assert isinstance(two_quarters.clock, Clock)
    two_quarters.clock.move_to(date(2026, 10, 9))
    window.go_to("desk")
    settle(qtbot)
    assert desk.day.text().startswith("10 月 9 日")


def test_a_window_nobody_touches_turns_to_the_new_day_by_itself(
    qtbot: QtBot, show: Show, two_quarters: Workspace
) -> None:
    """The PC is left on with the window in front; or it slept through midnight."""
    window = show(two_quarters)
    desk = window.page("desk")
    assert isinstance(desk, DeskPage) and desk.day.text().startswith("10 月 8 日")
    assert window.minute.isActive() and window.minute.interval() == 60_000
    assert isinstance(two_quarters.clock, Clock)
    # A tick of the same day reads nothing; the first one of another day reads what is in front.
    window.minute.timeout.emit()
    assert not desk.stale and window.current_key == "desk"
    two_quarters.clock.move_to(date(2026, 10, 10))
    window.minute.setInterval(1)
    qtbot.waitUntil(lambda: desk.day.text().startswith("10 月 10 日"))
    settle(qtbot)
    window.close()
    assert not window.minute.isActive()


def test_the_counts_beside_the_tabs_follow_what_was_done(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    first = lock_result(office, office.tasks[0])
    window = show(office.workspace)
    counts = {each.key: each for each in window.navigation.tabs}
    assert counts["publication"].badge == 1
    window.go_to("publication")
    settle(qtbot)
    office.workspace.write(
        publishing.publish, Publish(result_ids=(first,), on=date(2026, 9, 14), place="局网站")
    )
    settle(qtbot)
    assert counts["publication"].badge == 0
    lock_result(office, office.tasks[1])
    window.go_to("results")
    settle(qtbot)
    assert counts["publication"].badge == 1
