"""National layer, correction, follow-ups, the desk's calendar and numbers — by clicks and keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.db.read import corrections, courses, formality, results
from app.db.read.tasks import Progress
from app.domain.correction import CorrectionState
from app.domain.course import TaskState
from app.domain.formalities import Demand, NationalLayer
from app.domain.inspection import Conclusion
from app.services.days import calendar
from app.services.tasks import formalities
from app.services.tasks.inspecting import StartResult, start
from app.services.workspace import Workspace
from app.ui.dialogs import preview
from app.ui.dialogs.inspecting import FormDialog
from app.ui.main_window import MainWindow
from app.ui.pages.assignments import AssignmentsPage
from app.ui.pages.desk import DeskPage
from app.ui.pages.results import ResultsPage, consequence_words, gone_words
from tests.documents.reading import text
from tests.domain.rulebooks import SHIPPED, rulebook
from tests.services.test_people import EXPERT, save_expert
from tests.support_draw import (
    TARGETS,
    DrawnOffice,
    lock_result,
    make_drawn_office,
    ordered_entry,
)
from tests.ui.test_after_draw import click, settle, show, words_in

__all__ = ["show"]

Show = Callable[[Workspace], MainWindow]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    yield made
    made.workspace.close()


def _results(qtbot: QtBot, window: MainWindow, task: int) -> ResultsPage:
    window.go_to("results", task)
    settle(qtbot)
    page = window.page("results")
    assert isinstance(page, ResultsPage)
    return page


def _desk(window: MainWindow) -> DeskPage:
    page = window.page("desk")
    assert isinstance(page, DeskPage)
    return page


def _save(qtbot: QtBot, parent: QWidget, **values: object) -> None:
    """Fill in the form that is open, and save it."""
    dialog = next(d for d in parent.findChildren(FormDialog) if d.isVisible())
    for name, value in values.items():
        dialog.panel.editors[name].set_value(value)  # type: ignore[arg-type]
    click(qtbot, dialog.save_button)


def _of_task(page: AssignmentsPage, words: str) -> None:
    """What a right click on the selected task offers."""
    next(a for a in page.table.context_menu().actions() if a.text() == words).trigger()


def _menu(page: ResultsPage, words: str) -> None:
    action = next(a for a in page.review.follow_menu.actions() if a.text().startswith(words))
    action.trigger()


# --- the form ---------------------------------------------------------------------------------


def test_the_national_layer_is_folded_typed_and_kept_with_the_draft(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    task = office.tasks[0]
    office.workspace.write(start, StartResult(assignment_id=task, inspected_on=date(2026, 9, 8)))
    page = _results(qtbot, show(office.workspace), task)
    panel = page.form.national
    assert panel.folded
    before = panel.missing.text()
    assert before.startswith("还差")
    qtbot.keyClick(panel.toggle, Qt.Key.Key_Space)
    assert not panel.folded
    page.form._rest.setInterval(1)
    qtbot.keyClicks(panel.texts["scanned_at"], "941")
    qtbot.mouseClick(
        panel.ticks["certificates_shown"], Qt.MouseButton.LeftButton, pos=QPoint(8, 12)
    )
    qtbot.keyClicks(panel.days["told_on"], "20260908")
    qtbot.waitUntil(lambda: not page.form.dirty, timeout=5_000)
    settle(qtbot)
    assert panel.missing.text() != before
    kept = office.workspace.read(results.form, task).entry.formalities
    assert (kept.scanned_at, kept.certificates_shown) == ("09:41", True)
    assert kept.told_on == date(2026, 9, 8)


def test_a_group_the_unit_does_not_use_is_not_there_and_a_required_one_unfolds(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    task = office.tasks[0]
    office.workspace.write(start, StartResult(assignment_id=task, inspected_on=date(2026, 9, 8)))
    chosen = replace(NationalLayer(), scan=Demand.OFF, notice=Demand.REQUIRE)
    office.workspace.write(formalities.save_layer, chosen)
    page = _results(qtbot, show(office.workspace), task)
    panel = page.form.national
    click(qtbot, page.form.submit_button)
    assert not panel.folded
    assert not panel.texts["scanned_at"].isVisible()
    assert panel.texts["notice_no"].isVisible()
    assert "请填写检查通知书文号" in words_in(page.form)


def test_only_where_the_text_sends_the_next_alternate_the_form_says_so(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    told = {each: gone_words(rulebook(each)) for each in SHIPPED}
    assert "应更换为递补对象" in told.pop("nanchang-2023")
    assert set(told.values()) == {""}
    task = office.tasks[0]
    office.workspace.write(start, StartResult(assignment_id=task, inspected_on=date(2026, 9, 8)))
    page = _results(qtbot, show(office.workspace), task)
    page.form._told = consequence_words(rulebook("nanchang-2023"))
    for conclusion, said in (
        (Conclusion.CLOSED, "任务算完成，不算覆盖；不列入结果公示；按"),
        (Conclusion.REFUSED, "任务算完成，不算覆盖；不列入结果公示"),
        (Conclusion.NO_PROBLEM, ""),
    ):
        page.form.conclusion.set_value(conclusion)
        page.form.conclusion.picked.emit(conclusion)
        assert page.form.suggestion.text().startswith(said)
        assert page.form.suggestion.isVisible() is bool(said)
        assert ("递补" in page.form.suggestion.text()) is (conclusion is Conclusion.CLOSED)


# --- after the lock ---------------------------------------------------------------------------


def test_a_correction_goes_from_the_application_to_the_new_inspection_by_clicks(
    qtbot: QtBot, show: Show, office: DrawnOffice, tmp_path: Path
) -> None:
    task = office.tasks[0]
    lock_result(office, task)
    window = show(office.workspace)
    page = _results(qtbot, window, task)
    click(qtbot, page.review.correct_button)
    _save(qtbot, page, error="第 3 项误勾为符合")
    assert not page.review.correct_button.isEnabled()
    scan = tmp_path / "更正申请签字件.pdf"
    scan.write_bytes(b"%PDF-1.4")
    shown = page.form.form
    assert shown is not None
    page.attach_after(shown.task, [scan], correction=1)
    settle(qtbot)
    assert scan.name in words_in(page.review)
    for name in ("周局长", "赵科长", "孙支队长"):
        link = next(b for b in page.review.findChildren(QPushButton) if b.text() == "登记")
        click(qtbot, link)
        values: dict[str, object] = {"name": name, "document": "更正申请"}
        if name == "孙支队长":
            values["new_due"] = date(2026, 10, 30)
        _save(qtbot, page, **values)
    (row,) = office.workspace.read(corrections.of_task, task)
    assert row.state is CorrectionState.GRANTED
    assert [each.name for each in row.stations] == ["周局长", "赵科长", "孙支队长"]
    # The task waits again; who opens it is told why.
    page = _results(qtbot, window, task)
    assert page.stack.currentWidget() is page.form
    assert "第 1 稿已作废" in words_in(page.form)
    page.open_corrections()
    settle(qtbot)
    assert len(page._corrections.table.rows()) == 1
    page._corrections.reject()


def test_what_follows_is_registered_from_the_menu_and_shown_with_its_next_step(
    qtbot: QtBot, show: Show, office: DrawnOffice, tmp_path: Path
) -> None:
    task = office.tasks[0]
    lock_result(office, task, ordered_entry(office, task))
    page = _results(qtbot, show(office.workspace), task)
    _menu(page, "整改督办")
    _save(qtbot, page, text="电话督办")
    _menu(page, "移送")
    _save(qtbot, page, organ="县应急管理局", matter="危险化学品存放")
    words = words_in(page.review)
    assert "电话督办" in words
    assert "还没有回执" in words
    receipt = next(b for b in page.review.findChildren(QPushButton) if b.text() == "登记回执")
    click(qtbot, receipt)
    _save(qtbot, page, by="王科长")
    assert "王科长签收" in words_in(page.review)
    photo = tmp_path / "整改后.png"
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    assert image.save(str(photo))
    shown = page.form.form
    assert shown is not None
    page.attach_after(shown.task, [photo])
    settle(qtbot)
    link = next(b for b in page.review.findChildren(QPushButton) if b.text() == photo.name)
    click(qtbot, link)
    assert page._preview.picture.pixmap().width() == 60
    page._preview.accept()


def test_tasks_are_approved_and_put_off_from_the_list(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    window = show(office.workspace)
    window.go_to("teams", office.tasks[1])
    settle(qtbot)
    page = window.page("teams")
    assert isinstance(page, AssignmentsPage)
    page.approve(list(office.tasks[:3]))
    _save(qtbot, page, basis="《排污许可管理条例》", approved_by="周局长")
    assert office.workspace.read(formality.approved_ids) == frozenset(office.tasks[:3])
    page.table.select_id(office.tasks[1])
    page.postpone([office.tasks[1]])
    _save(qtbot, page, until=date(2026, 9, 25), reason="停产检修")
    assert office.workspace.read(courses.state_of, office.tasks[1]) is TaskState.POSTPONED


def test_an_expert_is_chosen_and_taken_off_in_the_list(
    qtbot: QtBot, show: Show, office: DrawnOffice, tmp_path: Path
) -> None:
    save_expert(office.workspace, EXPERT)
    window = show(office.workspace)
    window.go_to("teams", office.tasks[1])
    settle(qtbot)
    page = window.page("teams")
    assert isinstance(page, AssignmentsPage)
    page.table.select_id(office.tasks[1])
    _of_task(page, "指定专家…")
    form = next(d for d in page.findChildren(FormDialog) if d.isVisible())
    form.grab().save(str(tmp_path / "expert.png"))
    _save(qtbot, page, ident="E001", reason="危废鉴别", approved_by="周局长")
    settle(qtbot)
    assert "联合、专家" in [column.title for column in page.table.visible_columns()]
    page.table.select_id(office.tasks[1])
    row = page.table.current_row()
    assert row is not None and row.along == ("某高工（指定专家）",)
    page.grab().save(str(tmp_path / "list.png"))
    _of_task(page, "撤下指定专家…")
    _save(qtbot, page, ident="E001", reason="临时出差")
    settle(qtbot)
    assert "联合、专家" not in [column.title for column in page.table.visible_columns()]


# --- the desk ---------------------------------------------------------------------------------


def test_the_rows_behind_each_number_are_one_click_away(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    lock_result(office, office.tasks[0])
    window = show(office.workspace)
    desk = _desk(window)
    card = desk.figures["已检查"]
    assert card.share.text() == "20%"
    click(qtbot, card)
    rows = desk._details.table.rows()
    assert [row.counted for row in rows].count(True) == 1
    assert {row.name for row in rows} == {"", TARGETS[0][1]}
    assert "20.0%" in desk._details.count.text()
    desk._details.reject()
    qtbot.mouseClick(desk.loads, Qt.MouseButton.LeftButton, pos=QPoint(30, 120))
    settle(qtbot)
    assert desk._details.windowTitle().startswith("赵一")
    assert len(desk._details.table.rows()) == 3
    desk._details.reject()
    qtbot.mouseClick(desk.coverage, Qt.MouseButton.LeftButton, pos=QPoint(50, 60))
    settle(qtbot)
    covered = {row.name: row.covered for row in desk._details.table.rows()}
    assert covered[TARGETS[0][1]]
    assert not covered[TARGETS[1][1]]
    desk._details._open(desk._details.table.rows()[0])
    desk._details.reject()


def test_the_calendar_turns_the_year_takes_the_notice_and_ticks_a_duty_off(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    year = office.workspace.read(calendar.office_calendar, 2026).announced_until.year + 1
    window = show(office.workspace)
    window.go_to("desk", "calendar")
    settle(qtbot)
    sheet = _desk(window).calendar
    assert "放假" in sheet.sheet.words(date(2026, 10, 1))
    assert "调休上班" in sheet.sheet.words(date(2026, 9, 20))
    assert sheet.sheet.day_at(sheet.sheet.rect_of(date(2026, 9, 20)).center()) == date(2026, 9, 20)
    while sheet._year < year:
        click(qtbot, sheet.following)
    assert sheet.banner.isVisible()
    click(qtbot, sheet.announce_button)
    dialog = sheet.dialog
    assert not dialog.save_button.isEnabled()
    dialog.text.setPlainText("5月31日至6月2日")
    assert not dialog.save_button.isEnabled()
    assert "放假还是上班" in dialog.found.text()
    dialog.text.setPlainText("5月1日至8日放假调休，5月9日上班。")
    assert "放假 8 天" in dialog.found.text()
    click(qtbot, dialog.save_button)
    assert not sheet.banner.isVisible()
    assert "调休上班" in sheet.sheet.words(date(year, 5, 9))


def test_the_years_days_are_printed_for_the_wall(
    qtbot: QtBot, show: Show, office: DrawnOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Path] = []
    monkeypatch.setattr(preview, "show_papers", lambda _page, paths: shown.extend(paths))
    window = show(office.workspace)
    window.go_to("desk", "calendar")
    settle(qtbot)
    sheet = _desk(window).calendar
    rows = sheet.table.rows()
    click(qtbot, sheet.print_button)
    printed = text(shown[0].read_bytes())
    assert f"共{len(rows)}条" in printed and str(rows[0].due_on) in printed


def test_the_calendar_ticks_a_duty_off_and_takes_it_back(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    window = show(office.workspace)
    window.go_to("desk", "calendar")
    settle(qtbot)
    sheet = _desk(window).calendar
    rows = sheet.table.rows()
    at = next(n for n, each in enumerate(rows) if each.code and each.state.label == "待办")
    row = rows[at]
    sheet.table.grid.select_line(at)
    click(qtbot, sheet.done_button)
    _save(qtbot, sheet, note="报支队")
    assert sheet.undo_button.isVisible()
    found = next(r for r in sheet.table.rows() if (r.code, r.due_on) == (row.code, row.due_on))
    assert found.state.label == "已办"
    click(qtbot, sheet.undo_button)
    assert sheet.done_button.isVisible()


def test_squads_lists_are_printed_from_the_desk(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    window = show(office.workspace)
    window.go_to("desk", "owed")
    settle(qtbot)
    owed = _desk(window).owed
    assert len(owed.squads.rows()) == 2
    assert all(row.secret for row in owed.table.rows())
    assert TARGETS[0][1] not in words_in(owed)
    click(qtbot, owed.print_button)
    made = list((office.workspace.folder.root / "notice").glob("应办清单-*.pdf"))
    assert len(made) == 1
    assert office.workspace.read(results.counts)[Progress.OPEN] == 5
    [nameless, _named] = owed.print_all.menu().actions()
    nameless.trigger()
    folder = office.workspace.folder.root / "notice"
    qtbot.waitUntil(lambda: len(list(folder.glob("应办清单-*.pdf"))) == 2)
    settle(qtbot)
    assert all(TARGETS[0][1] not in text(each.read_bytes()) for each in folder.glob("应办*.pdf"))
