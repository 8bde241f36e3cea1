"""Desk, teams, results and publication driven as a person drives them, on a real workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.db.read import packages, results
from app.db.read.query import ListQuery
from app.db.read.tasks import Progress
from app.domain.desk import TheseRows
from app.domain.inspection import Conclusion, ItemOutcome
from app.services.packages import exporting
from app.services.packages.exporting import MakePackage
from app.services.public import publishing
from app.services.tasks.inspecting import StartResult, SubmitResult, start, submit
from app.services.workspace import CreateUnit, Workspace, create, open_workspace
from app.ui.dialogs.preview import PreviewDialog
from app.ui.main_window import MainWindow, PageSpec
from app.ui.pages.assignments import AssignmentsPage
from app.ui.pages.desk import DeskPage
from app.ui.pages.publishing import PublishingPage
from app.ui.pages.results import ResultsPage
from app.ui.tasks import TaskRunner
from app.ui.view_store import MemoryViewStore
from app.ui.widgets import ElidedLabel, Page
from tests.support_draw import (
    DRAW_NO,
    TARGETS,
    DrawnOffice,
    clean_entry,
    lock_result,
    make_drawn_office,
    ordered_entry,
)

Show = Callable[[Workspace], MainWindow]


def _plain(title: str) -> Callable[[object], Page]:
    return lambda context: Page(context, title)  # type: ignore[arg-type]


SPECS = (
    PageSpec("desk", "工作台", "desk", DeskPage),
    PageSpec("targets", "检查对象", "factory", _plain("检查对象")),
    PageSpec("inspectors", "执法人员", "person", _plain("执法人员")),
    PageSpec("items", "抽查事项", "clipboard", _plain("抽查事项")),
    PageSpec("plan", "计划与抽取", "dice", _plain("计划与抽取")),
    PageSpec("teams", "检查组与派单", "team", AssignmentsPage),
    PageSpec("results", "检查结果", "document-check", ResultsPage),
    PageSpec("publication", "公示与上报", "megaphone", PublishingPage),
    PageSpec("system", "系统", "sliders", _plain("系统")),
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    yield made
    made.workspace.close()


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[Show]:
    windows: list[MainWindow] = []

    def open_window(workspace: Workspace) -> MainWindow:
        window = MainWindow(workspace, MemoryViewStore(), SPECS)
        window.resize(1366, 768)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        windows.append(window)
        settle(qtbot)
        return window

    yield open_window
    for window in windows:
        settle(qtbot)
        window.close()
        window.deleteLater()
    # Before the workspace goes: nothing may still read it.
    TaskRunner.of_application().shut_down()


def settle(qtbot: QtBot) -> None:
    """Until all background work was delivered and its consequences too."""
    for _ in range(3):
        qtbot.waitUntil(lambda: not TaskRunner.of_application().busy, timeout=10_000)
        qtbot.wait(10)
    qtbot.waitUntil(lambda: not TaskRunner.of_application().busy, timeout=10_000)


def words_in(widget: QWidget) -> str:
    """Everything the labels of a widget say, elided or not."""
    found = [label.text() for label in widget.findChildren(QLabel)]
    found += [label.whole for label in widget.findChildren(ElidedLabel)]
    return "\n".join(found)


def click(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)
    settle(qtbot)


def progress_of(office: DrawnOffice, task: int) -> Progress:
    (row,) = office.workspace.read(results.rows, [task])
    return row.progress


# --- desk -------------------------------------------------------------------------------------


def test_a_new_office_is_led_from_empty_to_the_first_draw(
    qtbot: QtBot, show: Show, tmp_path: Path
) -> None:
    create(tmp_path / "new", CreateUnit(name="新大队", code="360199", rulebook_id="nanchang-2023"))
    workspace = open_workspace(tmp_path / "new", actor="卫七")
    try:
        window = show(workspace)
        page = window.page("desk")
        assert isinstance(page, DeskPage)
        assert page.list_card.title_label.text() == "从空白到第一次抽取"
        assert "已完成 1 步，共 5 步" in words_in(page.list_card)
        filled = [b for b in page.todo_buttons if b.property("role") == "primary"]
        assert [button.text() for button in filled] == ["去导入"]
        click(qtbot, filled[0])
        assert window.current_key == "targets"
    finally:
        settle(qtbot)
        workspace.close()


def test_a_todo_leads_to_its_result(qtbot: QtBot, show: Show, office: DrawnOffice) -> None:
    for task in office.tasks[:2]:
        office.workspace.write(
            start, StartResult(assignment_id=task, inspected_on=date(2026, 9, 8))
        )
    window = show(office.workspace)
    desk = window.page("desk")
    assert isinstance(desk, DeskPage)
    assert "2 家已检查，结果应在 9 月 30 日前录入" in words_in(desk)
    (button,) = [each for each in desk.todo_buttons if each.text() == "去录入"]
    click(qtbot, button)
    assert window.current_key == "results"
    page = window.page("results")
    assert isinstance(page, ResultsPage)
    assert page.form.name.whole == TARGETS[0][1]


def test_the_desk_follows_what_is_written(qtbot: QtBot, show: Show, office: DrawnOffice) -> None:
    window = show(office.workspace)
    desk = window.page("desk")
    assert isinstance(desk, DeskPage)
    assert desk.figures["已检查"].figure.text() == "0"
    lock_result(office, office.tasks[0])
    settle(qtbot)
    assert desk.figures["已检查"].figure.text() == "1"
    assert "1 份已锁定的结果可以公示" in words_in(desk)
    assert "已检查 1" in desk.loads.accessibleDescription()


def test_what_the_desk_counted_is_what_the_page_lists(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    lock_result(office, office.tasks[0])
    office.clock.move_to(date(2026, 9, 25))
    window = show(office.workspace)
    desk = window.page("desk")
    assert isinstance(desk, DeskPage)
    [look] = [each for each in desk.todo_buttons if "4 家尚未检查" in each.accessibleName()]
    click(qtbot, look)
    page = window.page("teams")
    assert isinstance(page, AssignmentsPage)
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 4)
    assert page.segments.key == "targets"
    assert page.filters.only_button.text() == "只看：尚未检查，期限 9 月 30 日"
    click(qtbot, page.filters.only_button)
    qtbot.waitUntil(lambda: page.table.model.rowCount() == 5)
    assert not page.filters.only_button.isVisible()


def test_only_the_results_that_wait_are_listed_until_all_are_asked_for(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    lock_result(office, office.tasks[0])
    task = office.tasks[1]
    office.workspace.write(
        submit, SubmitResult(assignment_id=task, entry=clean_entry(office, task))
    )
    window = show(office.workspace)
    desk = window.page("desk")
    assert isinstance(desk, DeskPage)
    [look] = [each for each in desk.todo_buttons if each.text() == "去复核"]
    click(qtbot, look)
    page = window.page("results")
    assert isinstance(page, ResultsPage)
    qtbot.waitUntil(lambda: [each.id for each in page.list.shown_tasks] == [task])
    assert page.only_words.whole == "只看：等待复核"
    assert page.count.text() == "列出 1 家，共 5 家"
    click(qtbot, next(b for b in page.findChildren(QPushButton) if b.text() == "看全部"))
    qtbot.waitUntil(lambda: page.count.text() == "共 5 家，录入 2 家")
    assert not page.only_bar.isVisible()
    # A single task asked for is never hidden by what was asked for before.
    window.go_to("results", TheseRows((task,), "等待复核"))
    window.go_to("results", office.tasks[0])
    qtbot.waitUntil(lambda: office.tasks[0] in [each.id for each in page.list.shown_tasks])


# --- teams ------------------------------------------------------------------------------------


def test_secret_names_appear_only_when_asked_for(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    lock_result(office, office.tasks[0])
    window = show(office.workspace)
    window.go_to("teams")
    settle(qtbot)
    page = window.page("teams")
    assert isinstance(page, AssignmentsPage)
    shown = words_in(page)
    assert TARGETS[0][1] in shown
    assert all(name not in shown for _c, name, _u in TARGETS[1:])
    assert "4 家尚未检查" in shown
    assert "无主办资格人员可用" in shown
    click(qtbot, page.show_names)
    shown = words_in(page)
    assert all(name in shown for _c, name, _u in TARGETS)
    # Leaving the page hides them again, without being asked.
    window.go_to("desk")
    window.go_to("teams", office.tasks[3])
    settle(qtbot)
    assert not page.names_shown
    assert page.table.current_row().id == office.tasks[3]
    cells = [page.table.model.index(row, 1).data() for row in range(5)]
    assert TARGETS[0][1] in cells
    assert cells.count("（检查前保密）") == 4


def test_one_team_s_notice_is_printed(qtbot: QtBot, show: Show, office: DrawnOffice) -> None:
    window = show(office.workspace)
    window.go_to("teams")
    settle(qtbot)
    page = window.page("teams")
    links = [b for b in page.findChildren(QPushButton) if b.text() == "打印通知单"]
    assert len(links) == 2
    click(qtbot, links[1])
    made = list((office.workspace.folder.root / "notice" / DRAW_NO).iterdir())
    assert [path.name for path in made] == [f"检查任务通知单-{DRAW_NO}-第 2 组.pdf"]
    shown = window.findChildren(PreviewDialog)
    assert [dialog.paths for dialog in shown] == [tuple(made)]


def test_all_teams_notices_are_one_preview_and_one_print_job(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    window = show(office.workspace)
    window.go_to("teams")
    settle(qtbot)
    page = window.page("teams")
    assert isinstance(page, AssignmentsPage)
    page.doing.print_tasks(DRAW_NO, office.tasks)
    settle(qtbot)
    (shown,) = window.findChildren(PreviewDialog)
    assert len(shown.paths) == 2 and len(shown.pages) >= 2
    assert "第 1 份，共 2 份" in shown.where.text()


# --- results ----------------------------------------------------------------------------------


def _results_page(qtbot: QtBot, window: MainWindow) -> ResultsPage:
    window.go_to("results")
    settle(qtbot)
    page = window.page("results")
    assert isinstance(page, ResultsPage)
    return page


def test_an_inspection_is_registered_typed_and_submitted_by_keys(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    window = show(office.workspace)
    page = _results_page(qtbot, window)
    assert all(name not in words_in(page) for _c, name, _u in TARGETS)

    click(qtbot, page.start_button)
    dialog = page._start_dialog
    assert dialog is not None
    assert not dialog.start_button.isEnabled()
    qtbot.keyClicks(dialog.search.search_box, "KEY-01")
    qtbot.keyClick(dialog.search.search_box, Qt.Key.Key_Return)
    settle(qtbot)
    dialog.day.setText("20260910")
    click(qtbot, dialog.start_button)
    assert progress_of(office, office.tasks[0]) is Progress.TO_ENTER
    with qtbot.waitActive(window):
        window.activateWindow()  # a window manager does so when the dialog closes

    form = page.form
    assert form.name.whole == TARGETS[0][1]
    assert form.missing.text().startswith("还差")
    # Yiyang says when a check may be made off site; the form says it beside the choice.
    assert form.way_when.text().startswith("五（一）：投诉举报")
    form.way.setFocus()
    qtbot.keyClick(form.way, Qt.Key.Key_Down)
    assert form.way_when.text().startswith("五（一）：具备自动监控")
    qtbot.keyClick(form.way, Qt.Key.Key_Up)
    qtbot.keyClicks(form.arrived, "940")
    first_method = next(iter(form.methods.values()))
    qtbot.mouseClick(first_method, Qt.MouseButton.LeftButton, pos=QPoint(8, 12))
    form.items.setFocus()
    for key in "1121":
        qtbot.keyClick(form.items, key)
    assert [item.outcome for item in form.items.items()] == [
        ItemOutcome.OK,
        ItemOutcome.OK,
        ItemOutcome.PROBLEM,
        ItemOutcome.OK,
    ]
    assert form.conclusion.value is Conclusion.ORDERED
    assert form.measure.isVisible()
    form.finding.insertPlainText("未按证排污")  # an input method commits text, it presses no keys
    qtbot.keyClicks(form.rectify_by, "20261010")
    assert form.rectify_days.text() == "30 天"
    assert form.missing.text() == "可以提交"
    form.finding.setFocus()
    qtbot.keyClick(form.finding, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot)

    assert progress_of(office, office.tasks[0]) is Progress.SUBMITTED
    entry = office.workspace.read(results.form, office.tasks[0]).entry
    assert entry.arrived == "09:40"
    assert entry.finding == "未按证排污"
    assert entry.rectify_by == date(2026, 10, 10)
    assert entry.methods == (first_method.text(),)


def test_what_is_typed_is_saved_without_asking(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    for task in office.tasks[:2]:
        office.workspace.write(
            start, StartResult(assignment_id=task, inspected_on=date(2026, 9, 8))
        )
    window = show(office.workspace)
    page = _results_page(qtbot, window)
    page.form._rest.setInterval(1)
    page.form.items.setFocus()
    qtbot.keyClick(page.form.items, "2")
    qtbot.waitUntil(lambda: not page.form.dirty, timeout=5_000)
    settle(qtbot)
    saved = office.workspace.read(results.form, office.tasks[0])
    assert saved.entry.items[0].outcome is ItemOutcome.PROBLEM
    assert saved.task.progress is Progress.ENTERING
    assert page.form.saved.text().startswith("草稿已自动保存")
    # Another result takes its place before the typing rested: that is kept as well.
    page.form._rest.setInterval(60_000)
    qtbot.keyClick(page.form.items, "3")
    page.list.select_task(office.tasks[1])
    settle(qtbot)
    assert page.form.name.whole == TARGETS[1][1]
    again = office.workspace.read(results.form, office.tasks[0]).entry
    assert again.items[1].outcome is ItemOutcome.NOT_APPLICABLE


def test_submitting_too_early_says_what_is_missing(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    office.workspace.write(
        start, StartResult(assignment_id=office.tasks[0], inspected_on=date(2026, 9, 8))
    )
    window = show(office.workspace)
    page = _results_page(qtbot, window)
    click(qtbot, page.form.submit_button)
    errors = [label.text() for label in page.form._errors.values() if label.isVisible()]
    assert "请至少选一种检查方式。" in errors
    assert any("还有 4 项没有勾选" in words for words in errors)
    assert progress_of(office, office.tasks[0]) is Progress.TO_ENTER


def test_reviewing_locks_only_with_another_name_or_a_reason(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    task = office.tasks[0]
    office.workspace.write(
        submit, SubmitResult(assignment_id=task, entry=clean_entry(office, task, by="卫七"))
    )
    window = show(office.workspace)
    page = _results_page(qtbot, window)
    assert page.stack.currentWidget() is page.review
    click(qtbot, page.review.lock_button)
    dialog = page.dialog
    click(qtbot, dialog.save_button)
    assert "同一个人" in dialog.banner.text.text()
    assert progress_of(office, task) is Progress.SUBMITTED
    dialog.panel.editors["name"].set_value("赵一")
    click(qtbot, dialog.save_button)
    assert progress_of(office, task) is Progress.LOCKED
    assert not page.review.lock_button.isVisible()
    assert "已锁定" in words_in(page.review)


def test_a_returned_result_comes_back_to_the_form_with_its_reason(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    task = office.tasks[0]
    office.workspace.write(
        submit, SubmitResult(assignment_id=task, entry=clean_entry(office, task))
    )
    window = show(office.workspace)
    page = _results_page(qtbot, window)
    click(qtbot, page.review.return_button)
    page.dialog.panel.editors["reason"].set_value("缺笔录")
    click(qtbot, page.dialog.save_button)
    assert page.stack.currentWidget() is page.form
    assert "退回：缺笔录" in words_in(page.form)
    assert progress_of(office, task) is Progress.RETURNED


def test_a_file_is_attached_and_shown(
    qtbot: QtBot, show: Show, office: DrawnOffice, tmp_path: Path
) -> None:
    office.workspace.write(
        start, StartResult(assignment_id=office.tasks[0], inspected_on=date(2026, 9, 8))
    )
    window = show(office.workspace)
    page = _results_page(qtbot, window)
    path = tmp_path / "现场检查笔录.pdf"
    path.write_bytes(b"%PDF-1.4")
    page.attach([path])
    settle(qtbot)
    assert any(b.text() == path.name for b in page.form.findChildren(QPushButton))
    attached = office.workspace.read(results.form, office.tasks[0]).attachments
    assert [each.name for each in attached] == [path.name]


def test_a_rectification_is_recorded_from_the_locked_result(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    task = office.tasks[0]
    lock_result(office, task, ordered_entry(office, task))
    window = show(office.workspace)
    window.go_to("results", task)
    settle(qtbot)
    page = window.page("results")
    assert isinstance(page, ResultsPage)
    click(qtbot, page.review.rectified_button)
    page.dialog.panel.editors["proof"].set_value("照片 4 张")
    click(qtbot, page.dialog.save_button)
    (row,) = office.workspace.read(results.rows, [task])
    assert row.rectified_on == date(2026, 9, 15)
    assert not page.review.rectified_button.isVisible()


# --- publication ------------------------------------------------------------------------------


def _publication(qtbot: QtBot, window: MainWindow) -> PublishingPage:
    window.go_to("publication")
    settle(qtbot)
    page = window.page("publication")
    assert isinstance(page, PublishingPage)
    return page


def test_publishing_moves_results_and_remembers_the_place(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    lock_result(office, office.tasks[0])
    window = show(office.workspace)
    page = _publication(qtbot, window)
    assert "4 家未检查" in words_in(page)
    assert len(page.chosen_results()) == 1
    click(qtbot, page.primary)
    page.dialog.panel.editors["place"].set_value("县政府网站")
    click(qtbot, page.dialog.save_button)
    assert len(office.workspace.read(publishing.board).published) == 1
    assert not page.primary.isEnabled()
    lock_result(office, office.tasks[1])
    settle(qtbot)
    click(qtbot, page.primary)
    assert page.dialog.panel.facts().place == "县政府网站"
    page.dialog.close()


def test_publications_are_narrowed_to_a_category_and_to_what_is_late(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    lock_result(office, office.tasks[0])
    (row,) = office.workspace.read(publishing.board).due
    window = show(office.workspace)
    page = _publication(qtbot, window)
    assert row.due is not None
    assert not row.due.is_overdue(page.today)
    assert page.chosen_results() == (row.id,)
    qtbot.keyClick(page.late, Qt.Key.Key_Down)
    assert page.late.currentText() == "已过期限"
    assert page.chosen_results() == ()
    assert "没有符合查找内容的结果" in words_in(page)
    assert not page.primary.isEnabled()
    qtbot.keyClick(page.late, Qt.Key.Key_Down)
    assert page.chosen_results() == (row.id,)
    kept = {}
    for at in range(1, page.category.count()):
        page.category.setCurrentIndex(at)
        kept[page.category.currentData()] = page.chosen_results()
    assert kept.pop(row.task.category) == (row.id,)
    assert kept
    assert set(kept.values()) == {()}
    page.open_at("due")
    assert page.chosen_results() == (row.id,)


def test_a_package_is_verified_and_a_damaged_one_named(
    qtbot: QtBot, show: Show, office: DrawnOffice, tmp_path: Path
) -> None:
    lock_result(office, office.tasks[0])
    window = show(office.workspace)
    page = _publication(qtbot, window)
    stick = tmp_path / "stick"
    stick.mkdir()
    panel = page.packages
    made = MakePackage(what="results", period="2026Q3", edition="public", to=stick)
    path = office.workspace.write(exporting.export, made).path
    panel.verify(path)
    settle(qtbot)
    assert "校验通过" in panel.verdict.text.text()
    assert len(office.workspace.read(packages.ids, ListQuery())) == 1
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(data)
    panel.verify(path)
    settle(qtbot)
    words = panel.verdict.text.text()
    assert "不通过" in words or "损坏" in words


def test_the_publications_are_searched_by_name(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    for task in office.tasks[:2]:
        lock_result(office, task)
    page = _publication(qtbot, show(office.workspace))
    assert len(page.table.rows()) == 2
    page.search.setText(TARGETS[1][1])
    settle(qtbot)
    assert [row.task.shown_name for row in page.table.rows()] == [TARGETS[1][1]]
    assert len(page.chosen_results()) == 1
    page.search.clear()
    settle(qtbot)
    assert len(page.table.rows()) == 2


def test_the_table_is_made_for_the_chosen_results(
    qtbot: QtBot, show: Show, office: DrawnOffice, tmp_path: Path
) -> None:
    lock_result(office, office.tasks[0])
    window = show(office.workspace)
    page = _publication(qtbot, window)
    page.show_table(".xlsx")
    settle(qtbot)
    page.making.make(tmp_path / "公示表.xlsx")
    settle(qtbot)
    assert (tmp_path / "公示表.xlsx").is_file()
    assert "公示表已生成，1 家" in window.toast.text.text()
