"""Forms of the squads by clicks: out, filled in, back, a conflict decided, merged, registered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from app.db.read import results
from app.domain.inspection import ResultState
from app.services.intake import result_forms
from app.services.packages import exporting
from app.services.packages.exporting import MakePackage
from app.services.tasks import inspecting
from app.services.tasks.inspecting import SaveDraft
from app.ui.main_window import MainWindow, PageSpec
from app.ui.pages.results import ResultsPage
from app.ui.pages.system import SystemPage
from app.ui.tasks import TaskRunner
from app.ui.view_store import MemoryViewStore
from tests.support_draw import PERIOD, DrawnOffice, clean_entry, lock_result, make_drawn_office
from tests.support_forms import CLEAN, FOUND, fill


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "ws")
    yield made
    made.workspace.close()


def settle(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not TaskRunner.of_application().busy)


@pytest.fixture
def window(qtbot: QtBot, office: DrawnOffice) -> Iterator[MainWindow]:
    specs = (
        PageSpec("results", "检查结果", "document-check", ResultsPage),
        PageSpec("system", "系统", "sliders", SystemPage),
    )
    made = MainWindow(office.workspace, MemoryViewStore(), specs)
    made.resize(1366, 768)
    made.show()
    settle(qtbot)
    yield made
    settle(qtbot)
    made.close()
    made.deleteLater()


def click(qtbot: QtBot, button: QPushButton) -> None:
    assert button.isEnabled(), button.text()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def choose(page: ResultsPage, words: str) -> None:
    (action,) = [each for each in page.forms_button.menu().actions() if each.text() == words]
    action.trigger()


def test_a_form_goes_out_comes_back_and_is_merged(
    qtbot: QtBot,
    office: DrawnOffice,
    window: MainWindow,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = window.page("results")
    assert isinstance(page, ResultsPage)
    folder = tmp_path / "交给一组"
    folder.mkdir()
    monkeypatch.setattr("app.ui.dialogs.result_forms.open_path", lambda _path: None)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a, **_k: str(folder))
    choose(page, "导出填报表…")
    forms = page.forms_dialog
    qtbot.waitUntil(lambda: list(forms.boxes) == ["第 1 组", "第 2 组"])
    assert "只交给自己的检查组" in forms.banner.text.text()
    forms.boxes["第 2 组"].setChecked(False)
    with qtbot.waitSignal(forms.made):
        click(qtbot, forms.export_button)
    settle(qtbot)
    (path,) = folder.iterdir()
    assert path.name == "检查结果填报表-2026Q3-第 1 组.xlsx"

    # Away from here it is filled in; meanwhile somebody types one of them here.
    fill(path, "KEY-01", {**CLEAN, "文书号": "表里文号"}, every="符合")
    fill(path, "GENERAL-01", {**FOUND, "整改期限": "下月"}, {3: ("不符合", "漏")}, every="符合")
    task = office.tasks[0]
    typed = replace(clean_entry(office, task), methods=(), document_no="本机文号")
    office.workspace.write(inspecting.save_draft, SaveDraft(assignment_id=task, entry=typed))
    settle(qtbot)

    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (str(path), ""))
    choose(page, "合并填报表或结果包…")
    dialog = page.merge_dialog
    assert not dialog.merge_button.isEnabled()
    click(qtbot, dialog.choose_button)
    qtbot.waitUntil(lambda: len(dialog.table.rows()) == 3)
    assert [(row.offer.serial, row.fate.label) for row in dialog.table.rows()] == [
        ("KEY-01", "有冲突"),
        ("GENERAL-01", "退回"),
        ("GENERAL-03", "没有填"),
    ]
    assert dialog.counts.text() == "第 1 组　共 3 家：有冲突 1　退回 1　没有填 1"
    assert dialog.why.text() == "先选 1 家有冲突的用哪边"
    # What nobody inspected has no name on the screen.
    assert dialog.table.rows()[2].name == "检查前保密"
    qtbot.waitUntil(dialog.theirs_button.isVisible)
    assert [row.label for row in dialog.fields.rows() if row.conflict] == ["文书号"]
    click(qtbot, dialog.theirs_button)
    qtbot.waitUntil(dialog.merge_button.isEnabled)
    assert dialog.merge_button.text() == "合并 1 家"
    back = tmp_path / "退回.xlsx"
    monkeypatch.setattr("app.ui.dialogs.merging.ask_workbook", lambda *_a: back)
    assert dialog.back_button.text() == "导出退回的 1 家…"
    click(qtbot, dialog.back_button)
    qtbot.waitUntil(back.is_file)
    settle(qtbot)
    click(qtbot, dialog.merge_button)
    qtbot.waitUntil(lambda: dialog.merge_button.text() == "完成")
    assert "提交复核 1 家" in dialog.banner.text.text()
    click(qtbot, dialog.merge_button)
    settle(qtbot)
    kept = office.workspace.read(results.form, task)
    assert (kept.task.state, kept.entry.document_no) == (ResultState.SUBMITTED, "表里文号")

    # The register knows it, and leads to the row and back.
    window.go_to("system", "received")
    system = window.page("system")
    assert isinstance(system, SystemPage)
    part = system.received_part
    qtbot.waitUntil(lambda: part.table.model.rowCount() == 1)
    part.table.grid.select_line(0)
    settle(qtbot)
    qtbot.waitUntil(lambda: part.table.current_row() is not None)
    part.open_file(part.table.current_row())
    shown = part.dialog
    assert shown is not None
    qtbot.waitUntil(lambda: len(shown.table.rows()) == 1)
    (row,) = shown.table.rows()
    assert (row.change, row.page, row.where) == ("更新", "results", task)
    shown.table.row_activated.emit(row)
    settle(qtbot)
    qtbot.waitUntil(page.review.isVisible)
    said = [each.text() for each in page.review.facts.findChildren(type(page.count))]
    assert any("检查结果填报表-2026Q3-第 1 组.xlsx" in each for each in said)


def test_a_locked_package_asks_for_its_passphrase_and_is_taken_back(
    qtbot: QtBot,
    office: DrawnOffice,
    window: MainWindow,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    task = office.tasks[1]
    done = lock_result(office, task)
    command = MakePackage(what="results", period=PERIOD, to=tmp_path, passphrase="qinghe-2026")
    path = office.workspace.write(exporting.export, command).path
    page = window.page("results")
    assert isinstance(page, ResultsPage)
    choose(page, "合并填报表或结果包…")
    dialog = page.merge_dialog
    dialog.read(path)
    qtbot.waitUntil(lambda: "设了口令" in dialog.banner.text.text())
    assert not dialog.merge_button.isEnabled() and dialog.passphrase.isVisible()
    dialog.passphrase.setText("qinghe-2026")
    click(qtbot, dialog.unlock_button)
    qtbot.waitUntil(lambda: len(dialog.table.rows()) == 1)
    # Our own package again: it says so by changing nothing.
    assert [row.fate.label for row in dialog.table.rows()] == ["不变"]
    assert dialog.why.text() == "没有可以写入的"
    assert done and not dialog.merge_button.isEnabled()


def test_a_merge_is_taken_back_from_the_dialog(
    qtbot: QtBot,
    office: DrawnOffice,
    window: MainWindow,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    command = result_forms.MakeForms(period=PERIOD, by="all", folder=tmp_path)
    (form,) = office.workspace.write(result_forms.make, command)
    fill(form.path, "KEY-02", {**CLEAN, "检查日期": date(2026, 9, 11)}, every="符合")
    page = window.page("results")
    assert isinstance(page, ResultsPage)
    choose(page, "合并填报表或结果包…")
    dialog = page.merge_dialog
    dialog.read(form.path)
    qtbot.waitUntil(dialog.merge_button.isEnabled)
    assert (dialog.submit.isChecked(), dialog.usual.isVisible()) == (True, False)
    dialog.submit.setChecked(False)
    qtbot.waitUntil(lambda: any(row.reason == "存为草稿" for row in dialog.table.rows()))
    click(qtbot, dialog.merge_button)
    qtbot.waitUntil(dialog.undo_button.isVisible)
    settle(qtbot)
    result = office.workspace.read(results.form, office.tasks[1])
    assert result.task.state is ResultState.DRAFT
    monkeypatch.setattr("app.ui.pages.system_received.confirm_danger", lambda *_a, **_k: True)
    click(qtbot, dialog.undo_button)
    qtbot.waitUntil(lambda: "已撤销" in dialog.banner.text.text())
    settle(qtbot)
    assert office.workspace.read(results.form, office.tasks[1]).task.result_id is None
