"""Where a task stands and what comes next, wherever it is looked at; old versions; attachments."""

from __future__ import annotations

import wave
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.db.read import corrections, courses, results
from app.domain.course import TaskState
from app.domain.inspection import ItemOutcome
from app.services.attaching import path_of
from app.services.public import publishing
from app.services.tasks import correcting
from app.services.tasks.correcting import Apply, PassStation
from app.services.tasks.inspecting import StartResult, start
from app.services.workspace import Workspace
from app.ui.dialogs.attachment import AttachmentDialog, FilesDialog, kind_of
from app.ui.dialogs.inspecting import FormDialog
from app.ui.dialogs.preview import PreviewDialog
from app.ui.main_window import MainWindow
from app.ui.pages.assignments import AssignmentsPage
from app.ui.pages.results import ResultsPage
from app.ui.widgets.pages_view import PagesView
from tests.support_draw import TARGETS, DrawnOffice, lock_result, make_drawn_office, ordered_entry
from tests.ui.test_after_draw import click, settle, show, words_in

__all__ = ["show"]

Show = Callable[[Workspace], MainWindow]
_STATIONS = (("本部门", "周局长"), ("大队综合科", "赵科长"), ("执法支队", "孙支队长"))


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


def _typing(qtbot: QtBot, window: MainWindow, office: DrawnOffice, task: int) -> ResultsPage:
    command = StartResult(assignment_id=task, inspected_on=date(2026, 9, 8))
    office.workspace.write(start, command)
    return _results(qtbot, window, task)


def _correct(office: DrawnOffice, task: int, result: int) -> int:
    """Apply, and pass every station on one day."""
    write = office.workspace.write
    today = date(2026, 9, 15)
    made = write(
        correcting.apply,
        Apply(
            result_id=result,
            error="第 3 项误勾为符合",
            should_be="不符合",
            cause="看错行",
            applied_by="钱二",
            applied_on=today,
        ),
    )
    for organ, name in _STATIONS:
        step = PassStation(
            correction_id=made.correction_id,
            organ=organ,
            name=name,
            post="负责人",
            on=today,
            new_due=date(2026, 10, 30),
        )
        write(correcting.pass_station, step)
    return made.correction_id


def _button(parent: QWidget, words: str) -> QPushButton:
    return next(b for b in parent.findChildren(QPushButton) if b.text() == words)


def _form(parent: QWidget) -> FormDialog:
    return next(d for d in parent.findChildren(FormDialog) if d.isVisible())


# --- the next step ----------------------------------------------------------------------------


def test_the_chosen_task_says_what_comes_next_and_leads_there_step_by_step(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    task = office.tasks[1]
    window = show(office.workspace)
    window.go_to("teams", task)
    settle(qtbot)
    page = window.page("teams")
    assert isinstance(page, AssignmentsPage)
    assert page.course.bar.words.whole == "打印任务通知单，通知检查人员"
    assert TARGETS[1][1] not in words_in(page.course)
    click(qtbot, page.course.bar.link)
    (preview,) = window.findChildren(PreviewDialog)
    preview.close()
    settle(qtbot)
    assert office.workspace.read(courses.state_of, task) is TaskState.NOTIFIED
    assert page.course.bar.words.whole == "办理检查审批"
    click(qtbot, page.course.bar.link)
    dialog = _form(page)
    dialog.panel.editors["basis"].set_value("《排污许可管理条例》")
    dialog.panel.editors["approved_by"].set_value("周局长")
    click(qtbot, dialog.save_button)
    settle(qtbot)
    assert "登记检查" in page.course.bar.words.whole
    row = page.table.current_row()
    assert row is not None and row.recorded is TaskState.APPROVED
    click(qtbot, page.course.bar.link)
    assert window.current_key == "results"
    results_page = window.page("results")
    assert isinstance(results_page, ResultsPage)
    started = results_page._start_dialog
    assert started is not None
    qtbot.waitUntil(started.start_button.isEnabled)
    click(qtbot, started.start_button)
    assert results_page.form.course.words.whole == "录入检查结果，提交复核"
    assert [each.label for each in results_page.form.course.line._stages[:4]] == [
        "已派单",
        "已通知",
        "已审批",
        "已检查",
    ]


def test_a_list_under_embargo_offers_no_way_out_by_the_right_button(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    window = show(office.workspace)
    window.go_to("teams", office.tasks[1])
    settle(qtbot)
    page = window.page("teams")
    assert isinstance(page, AssignmentsPage)
    offered = [action.text() for action in page.table.context_menu().actions()]
    assert "检查审批…" in offered and "导出所选" not in offered


def test_a_locked_result_says_what_is_open_and_leads_to_its_publication(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    task = office.tasks[0]
    lock_result(office, task, ordered_entry(office, task))
    window = show(office.workspace)
    page = _results(qtbot, window, task)
    bar = page.review.course
    assert bar.words.whole == "结果还没有公示；整改还没有完成"
    click(qtbot, bar.link)
    assert window.current_key == "publication"


def test_an_approval_made_up_meanwhile_is_not_written_over_by_the_form_that_stood_open(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    task = office.tasks[0]
    window = show(office.workspace)
    page = _typing(qtbot, window, office, task)
    page.form._rest.setInterval(1)
    window.go_to("teams", task)
    settle(qtbot)
    teams = window.page("teams")
    assert isinstance(teams, AssignmentsPage)
    teams.approve([task])
    dialog = _form(teams)
    for name, value in (
        ("basis", "《排污许可管理条例》"),
        ("approved_by", "周局长"),
        ("urgent", True),
        ("urgent_reason", "群众举报夜间偷排"),
        ("uncounted", "投诉举报核查"),
    ):
        dialog.panel.editors[name].set_value(value)
    click(qtbot, dialog.save_button)
    window.go_to("results")
    settle(qtbot)
    assert page.form.national.texts["approved_by"].text() == "周局长"
    qtbot.keyClicks(page.form.arrived, "940")
    qtbot.waitUntil(lambda: office.workspace.read(results.form, task).entry.arrived == "09:40")
    kept = office.workspace.read(results.form, task).entry.formalities
    assert (kept.approved_by, kept.urgent, kept.uncounted) == ("周局长", True, "投诉举报核查")


# --- a corrected result -----------------------------------------------------------------------


def test_a_voided_result_waits_in_sight_opens_whole_and_its_publication_is_taken_back(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    task = office.tasks[0]
    entry = ordered_entry(office, task)
    measured = replace(entry.items[-1], measure="当场补齐标识")
    result = lock_result(office, task, replace(entry, items=(*entry.items[:-1], measured)))
    public = publishing.Publish(result_ids=(result,), on=date(2026, 9, 14), place="县政府网站")
    office.workspace.write(publishing.publish, public)
    _correct(office, task, result)
    window = show(office.workspace)
    page = _results(qtbot, window, task)
    assert page.stack.currentWidget() is page.form
    listed = next(each for each in page.list.shown_tasks if each.id == task)
    assert listed.again
    assert "原结果作废，待重新检查" in [e.title for e in _heads(page)]
    said = words_in(page.form.after)
    for words in ("第 3 项误勾为符合", "看错行", "孙支队长", "2026-10-30前完成"):
        assert words in said
    click(qtbot, _button(page.form.after, "查看原结果"))
    old = words_in(page.voided_dialog)
    assert "危险废物暂存间标识不全" in old and "已作废" in old
    items = page.voided_dialog.facts.items.rows()
    assert [each.measure for each in items if each.outcome is ItemOutcome.PROBLEM] == [
        "当场补齐标识"
    ]
    page.voided_dialog.accept()
    click(qtbot, _button(page.form.after, "登记撤回"))
    dialog = _form(page)
    dialog.panel.editors["where"].set_value("县政府网站")
    click(qtbot, dialog.save_button)
    settle(qtbot)
    (row,) = office.workspace.read(corrections.of_task, task)
    assert row.withdrawn_on == date(2026, 9, 15)
    assert "已从县政府网站撤回" in words_in(page.form.after)


def _heads(page: ResultsPage) -> list[object]:
    shown = page.list.model_of_results.entries
    return [entry for entry in shown if entry not in page.list.shown_tasks]


# --- attachments ------------------------------------------------------------------------------


def _sound(path: Path) -> Path:
    with wave.open(str(path), "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(8000)
        made.writeframes(b"\0\0" * 800)
    return path


def _picture(path: Path, colour: Qt.GlobalColor) -> Path:
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(colour)
    assert image.save(str(path))
    return path


def _blank_pdf(path: Path) -> Path:
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    document.save(str(path))
    document.close()
    return path


def test_one_bad_file_keeps_no_other_out_and_every_file_can_be_reached(
    qtbot: QtBot, show: Show, office: DrawnOffice, tmp_path: Path
) -> None:
    page = _typing(qtbot, show(office.workspace), office, office.tasks[0])
    empty = tmp_path / "空.pdf"
    empty.write_bytes(b"")
    first = _picture(tmp_path / "门口.png", Qt.GlobalColor.white)
    again = tmp_path / "门口副本.png"
    again.write_bytes(first.read_bytes())
    good = [
        first,
        again,
        _blank_pdf(tmp_path / "笔录.pdf"),
        _sound(tmp_path / "询问.wav"),
        _picture(tmp_path / "排口.png", Qt.GlobalColor.red),
    ]
    page.attach([good[0], empty, tmp_path / "没有了.jpg", *good[1:]])
    settle(qtbot)
    refused = words_in(page.refusal)
    assert "空.pdf" in refused and "没有了.jpg" in refused
    page.refusal.accept()
    # The same bytes twice are one attachment.
    click(qtbot, _button(page.form, "全部 4 个…"))
    dialog = page.files_dialog
    assert isinstance(dialog, FilesDialog)
    names = [b.text() for b in dialog.findChildren(QPushButton)]
    assert {"门口.png", "笔录.pdf", "询问.wav", "排口.png"} <= set(names)
    gone = next(
        b for b in dialog.findChildren(QPushButton) if b.accessibleName() == "去掉 排口.png"
    )
    click(qtbot, gone)
    assert "共 3 个" in dialog.count.text()
    click(qtbot, _button(dialog, "笔录.pdf"))
    assert page._preview.findChildren(PagesView)
    page._preview.accept()
    click(qtbot, _button(dialog, "询问.wav"))
    assert page._preview.outside_button.text() == "播放"
    assert "完好" in page._preview.picture.text()
    page._preview.accept()
    dialog.accept()


def test_files_of_a_task_to_be_inspected_again_can_be_taken_off_at_once(
    qtbot: QtBot, show: Show, office: DrawnOffice, tmp_path: Path
) -> None:
    task = office.tasks[0]
    _correct(office, task, lock_result(office, task))
    page = _results(qtbot, show(office.workspace), task)
    page.attach([_sound(tmp_path / "询问.wav")])
    settle(qtbot)
    assert page.form.form is not None and page.form.form.task.result_id is not None
    page.open_files()
    settle(qtbot)
    dialog = page.files_dialog
    assert dialog is not None
    click(qtbot, _button(dialog, "去掉"))
    settle(qtbot)
    assert "共 0 个" in dialog.count.text()
    dialog.accept()
    assert office.workspace.read(results.form, task).attachments == ()


def test_a_changed_attachment_is_neither_shown_nor_played(
    qtbot: QtBot, show: Show, office: DrawnOffice, tmp_path: Path
) -> None:
    page = _typing(qtbot, show(office.workspace), office, office.tasks[0])
    sound = _sound(tmp_path / "询问.wav")
    page.attach([sound])
    settle(qtbot)
    sound.unlink()  # the source may go: a copy is kept
    form = office.workspace.read(results.form, office.tasks[0])
    (file,) = form.attachments
    path_of(office.workspace.folder, file.sha256).write_bytes(b"something else")
    click(qtbot, _button(page.form, "询问.wav"))
    assert isinstance(page._preview, AttachmentDialog)
    assert "被改动" in words_in(page._preview)
    assert not page._preview.outside_button.isEnabled()
    page._preview.accept()


def test_what_a_file_is_told_by_the_end_of_its_name() -> None:
    assert [kind_of(each) for each in ("a.JPG", "b.pdf", "c.m4a", "d.mp4", "e.docx")] == [
        "照片",
        "扫描件",
        "录音",
        "录像",
        "文件",
    ]


# --- typing -----------------------------------------------------------------------------------


def test_who_types_on_without_a_pause_is_saved_all_the_same(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    task = office.tasks[0]
    page = _typing(qtbot, show(office.workspace), office, task)
    form = page.form
    form._rest.setInterval(3_600_000)  # nobody rests
    form._latest.setInterval(1)
    qtbot.keyClicks(form.arrived, "9")

    def kept() -> bool:
        return office.workspace.read(results.form, task).entry.arrived == "9"

    qtbot.waitUntil(kept)


def test_a_measure_is_written_beside_the_item_that_is_wrong(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    task = office.tasks[0]
    page = _typing(qtbot, show(office.workspace), office, task)
    grid = page.form.items
    measure = 6
    assert grid.isColumnHidden(measure)
    grid.setFocus()
    qtbot.keyClick(grid, "2")
    assert not grid.isColumnHidden(measure)
    where = grid.visualRect(grid.model_of_items.index(0, measure)).center()
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=where)
    editor = grid.viewport().findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    page.form._rest.setInterval(1)
    qtbot.keyClicks(editor, "fixed")

    def kept() -> bool:
        # The cell is still being written: the draft holds it all the same.
        item = office.workspace.read(results.form, task).entry.items[0]
        return (item.outcome, item.measure) == (ItemOutcome.PROBLEM, "fixed")

    qtbot.waitUntil(kept)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    # The view takes the cell's words over when it comes to it, and the draft follows.
    qtbot.waitUntil(lambda: grid.model_of_items.items[0].measure == "fixed")
    qtbot.waitUntil(lambda: not page.form.dirty)
    settle(qtbot)


def test_a_cell_that_is_being_written_is_kept_when_another_page_is_opened(
    qtbot: QtBot, show: Show, office: DrawnOffice
) -> None:
    task = office.tasks[0]
    window = show(office.workspace)
    page = _typing(qtbot, window, office, task)
    page.form._rest.setInterval(3_600_000)  # only leaving saves
    page.form._latest.setInterval(3_600_000)
    grid = page.form.items
    note = 5
    where = grid.visualRect(grid.model_of_items.index(0, note)).center()
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=where)
    editor = grid.viewport().findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    qtbot.keyClicks(editor, "half")
    window.go_to("teams")
    settle(qtbot)
    assert office.workspace.read(results.form, task).entry.items[0].note == "half"
    assert not page.form.dirty
