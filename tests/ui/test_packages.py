"""The life of a package in the window, as a person plays it: out, sent back, mended, taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.db.read import packages, targets
from app.db.read.packages import PackageRow
from app.domain.package_course import PackageState
from app.exchange.writing import Column, Table, write_table
from app.services.directories import directories
from app.services.directories.directories import SaveTarget
from app.services.packages import platform_numbers
from app.services.tasks import noticing
from app.services.tasks.noticing import PrintNotices
from app.services.workspace import Workspace
from app.ui.main_window import MainWindow
from app.ui.pages import page_specs
from app.ui.pages.packages import PackagesPanel
from app.ui.pages.publishing import PublishingPage
from app.ui.pages.targets import TargetsPage
from app.ui.tasks import TaskRunner
from app.ui.view_store import MemoryViewStore
from tests.documents import reading
from tests.support_draw import (
    DRAW_NO,
    PEOPLE,
    TARGETS,
    DrawnOffice,
    clean_entry,
    lock_result,
    make_drawn_office,
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    yield made
    made.workspace.close()


@pytest.fixture
def window(qtbot: QtBot, office: DrawnOffice) -> Iterator[MainWindow]:
    made = MainWindow(office.workspace, MemoryViewStore(), page_specs())
    made.resize(1366, 768)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    settle(qtbot)
    yield made
    settle(qtbot)
    made.close()
    made.deleteLater()
    TaskRunner.of_application().shut_down()


def settle(qtbot: QtBot) -> None:
    """Until nothing runs and nothing that ended began something new."""
    quiet = 0

    def still() -> bool:
        nonlocal quiet
        quiet = 0 if TaskRunner.of_application().busy else quiet + 1
        return quiet > 3

    qtbot.waitUntil(still)


def click(qtbot: QtBot, widget: QWidget) -> None:
    assert widget.isEnabled(), widget
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)
    settle(qtbot)


def panel_of(qtbot: QtBot, window: MainWindow) -> PackagesPanel:
    """公示与上报, its second view, by a click on 上报包."""
    window.go_to("publication")
    settle(qtbot)
    page = window.page("publication")
    assert isinstance(page, PublishingPage)
    (second,) = [b for b in page.views.findChildren(QPushButton) if b.text() == "上报包"]
    click(qtbot, second)
    return page.packages


def the_row(qtbot: QtBot, panel: PackagesPanel, line: int = 0) -> PackageRow:
    """Select a line of the table and give its package."""
    panel.table.grid.select_line(line)
    settle(qtbot)
    row = panel.chosen
    assert row is not None
    return row


def make(qtbot: QtBot, panel: PackagesPanel, folder: Path, what: str, **more: str) -> None:
    """打包… from the first page to 关闭; ``more``: edition, platform, scope."""
    click(qtbot, panel.make_button)
    making = panel.making
    making.what_box.setCurrentIndex(making.what_box.findData(what))
    if "edition" in more:
        making.edition_box.setCurrentIndex(making.edition_box.findData(more["edition"]))
    making.whole_box.setChecked(more.get("scope") != "changed")
    making.changed_box.setChecked(more.get("scope") == "changed")
    finish(qtbot, panel, folder)


def finish(qtbot: QtBot, panel: PackagesPanel, folder: Path) -> None:
    making = panel.making
    for _page in range(3):
        click(qtbot, making.guide.forward)
    making.folder_edit.setText(str(folder))
    click(qtbot, making.guide.forward)
    assert making.package is not None, making.place_banner.text.text()
    click(qtbot, making.guide.forward)


def step(qtbot: QtBot, panel: PackagesPanel, button: QWidget, **typed: str) -> None:
    """One of 批准, 登记拷贝, 登记上传: fill in the form and save it."""
    click(qtbot, button)
    for name, value in typed.items():
        panel.dialog.panel.editors[name].set_value(value)
    click(qtbot, panel.dialog.save_button)


def answer(qtbot: QtBot, panel: PackagesPanel, errors: Path | None = None) -> None:
    """登记答复: all taken, or what the platform's list says."""
    click(qtbot, panel.answer_button)
    dialog = panel.answering
    settle(qtbot)
    dialog.number.setText("JS-2026-118")
    if errors is not None:
        dialog.refused_box.setChecked(True)
        dialog.read_list(errors)
        settle(qtbot)
    click(qtbot, dialog.save_button)


def platform_file(path: Path, titles: tuple[str, ...], *rows: tuple[str, ...]) -> Path:
    write_table(path, Table("", tuple(Column(each) for each in titles), list(rows)))
    return path


def test_a_package_lives_from_made_to_accepted_and_its_numbers_reach_the_paper(
    qtbot: QtBot, window: MainWindow, office: DrawnOffice, tmp_path: Path
) -> None:
    panel = panel_of(qtbot, window)
    panel.want_approval(True)
    settle(qtbot)
    make(qtbot, panel, tmp_path, "targets")
    first = the_row(qtbot, panel)
    assert (first.state, panel.copied_button.isEnabled()) == (PackageState.MADE, False)
    assert "先批准" in panel.why.text()
    _approve(qtbot, panel)
    step(qtbot, panel, panel.copied_button, number="U-07")
    step(qtbot, panel, panel.uploaded_button, number="JS-1")
    errors = platform_file(
        tmp_path / "错误.xlsx",
        ("企业名称", "错误原因"),
        (TARGETS[1][1], "信用代码不存在"),
        ("查无此厂", "不在管辖范围"),
    )
    answer(qtbot, panel, errors)
    row = the_row(qtbot, panel)
    assert (row.state, row.refused, row.receipt_no) == (PackageState.PARTLY, 1, "JS-2026-118")
    _told_at_the_row_and_mended(qtbot, window, panel, office.workspace)
    again = _sent_again(qtbot, panel, tmp_path)
    answer(qtbot, panel)
    states = {each.file_name: each.state for each in office.workspace.read(packages.every)}
    assert states == {first.file_name: PackageState.RESENT, again: PackageState.ACCEPTED}
    _numbers_reach_the_notice(qtbot, panel, office, tmp_path)


def _approve(qtbot: QtBot, panel: PackagesPanel) -> None:
    step(qtbot, panel, panel.approve_button, who="卫七", post="大队长")
    assert "另一个人" in panel.dialog.banner.text.text()
    panel.dialog.panel.editors["who"].set_value("郑八")
    click(qtbot, panel.dialog.save_button)
    assert the_row(qtbot, panel).state is PackageState.APPROVED


def _told_at_the_row_and_mended(
    qtbot: QtBot, window: MainWindow, panel: PackagesPanel, workspace: Workspace
) -> None:
    """Enter on the row sent back opens its page; there it is marked until it is sent again."""
    click(qtbot, panel.lines_button)
    assert panel.lines.table.rows()[0].refused == "信用代码不存在"
    qtbot.keyClick(panel.lines.table.grid, Qt.Key.Key_Return)
    settle(qtbot)
    assert window.current_key == "targets"
    page = window.page("targets")
    assert isinstance(page, TargetsPage)
    page.filters.restore("", {"sent_back": frozenset({"yes"})})
    qtbot.waitUntil(lambda: len(page.table.model.ids) == 1)
    settle(qtbot)
    (row_id,) = page.table.model.ids
    (row,) = workspace.read(targets.rows, [row_id])
    assert (row.name, row.sent_back) == (TARGETS[1][1], "信用代码不存在")
    found = workspace.read(targets.one, row_id)
    assert found is not None
    facts = replace(found.facts, uscc="", reg_no="360199000000022")
    workspace.write(directories.save_target, SaveTarget(row_id, facts))
    settle(qtbot)


def _sent_again(qtbot: QtBot, panel: PackagesPanel, folder: Path) -> str:
    """更正重报: the dialog knows everything; only what was mended goes."""
    window = panel.window()
    assert isinstance(window, MainWindow)
    panel_of(qtbot, window)
    the_row(qtbot, panel)
    click(qtbot, panel.correct_button)
    finish(qtbot, panel, folder)
    row = the_row(qtbot, panel)
    assert (row.state, row.changed_only) == (PackageState.MADE, True)
    step(qtbot, panel, panel.approve_button, who="郑八", post="大队长")
    step(qtbot, panel, panel.copied_button)
    step(qtbot, panel, panel.uploaded_button)
    return row.file_name


def _numbers_reach_the_notice(
    qtbot: QtBot, panel: PackagesPanel, office: DrawnOffice, folder: Path
) -> None:
    panel.open_numbers()
    settle(qtbot)
    dialog = panel.numbers
    path = platform_file(
        folder / "任务.xlsx",
        ("计划编号", "企业名称", "任务编号"),
        *(("JH-26-3", name, f"RW-{at}") for at, (_code, name, _uscc) in enumerate(TARGETS)),
        ("JH-26-3", "查无此厂", "RW-99"),
    )
    dialog.read_file(path)
    settle(qtbot)
    assert "RW-99" in dialog.banner.text.text()
    assert dialog.plan.text() == "JH-26-3"
    click(qtbot, dialog.save_button)
    made = office.workspace.write(noticing.print_notices, PrintNotices(draw_no=DRAW_NO, to=folder))
    words = "".join(reading.text(each.read_bytes()) for each in made.paths)
    assert "JH-26-3" in words
    assert all(f"RW-{at}" in words for at in range(len(TARGETS)))


def test_what_must_be_mended_leads_to_its_row(
    qtbot: QtBot, window: MainWindow, office: DrawnOffice, tmp_path: Path
) -> None:
    """Nothing is half made: Enter on a line of the list opens the row on its page."""
    folder = office.workspace.folder.platforms
    folder.mkdir()
    (folder / "own.toml").write_text(
        'id = "own"\nname = "某平台"\nnote = "n"\n[[sheets]]\nrecord = "targets"\n'
        'file = "对象.xlsx"\nsheet = "对象"\ncolumns = [\n'
        '  { header = "企业名称", field = "检查对象名称" },\n'
        '  { header = "信用代码", field = "统一社会信用代码", required = true },\n]\n',
        encoding="utf-8",
        newline="\n",
    )
    panel = panel_of(qtbot, window)
    click(qtbot, panel.make_button)
    making = panel.making
    making.what_box.setCurrentIndex(making.what_box.findData("targets"))
    click(qtbot, making.guide.forward)
    making.platform_box.setCurrentIndex(making.platform_box.findData("own"))
    click(qtbot, making.guide.forward)
    (mend,) = making.mending.table.rows()
    assert (mend.label, mend.column) == (TARGETS[2][1], "信用代码")
    assert not making.guide.forward.isEnabled()
    qtbot.keyClick(making.mending.table.grid, Qt.Key.Key_Return)
    settle(qtbot)
    assert window.current_key == "targets"
    assert office.workspace.read(packages.every) == ()


def test_a_name_that_is_none_is_allowed_with_a_reason(
    qtbot: QtBot, window: MainWindow, office: DrawnOffice, tmp_path: Path
) -> None:
    """The public table names an item in which an inspector's name happens to stand."""
    entry = clean_entry(office, office.tasks[0])
    lock_result(office, office.tasks[0], entry)
    _rename_item(office, f"{PEOPLE[0]}七号排口")
    panel = panel_of(qtbot, window)
    click(qtbot, panel.make_button)
    making = panel.making
    making.what_box.setCurrentIndex(making.what_box.findData("items"))
    making.edition_box.setCurrentIndex(making.edition_box.findData("public"))
    click(qtbot, making.guide.forward)
    click(qtbot, making.guide.forward)
    (mend,) = making.mending.table.rows()
    assert PEOPLE[0] in mend.problem
    click(qtbot, making.mending.allow_button)
    click(qtbot, making.mending.asking.save_button)
    assert "请填写理由" in making.mending.asking.panel.editors["reason"].error_label.text()
    making.mending.asking.panel.editors["reason"].set_value("是排口的编号，不是人名")
    click(qtbot, making.mending.asking.save_button)
    assert making.mending.table.rows() == []
    click(qtbot, making.guide.forward)
    making.first.setText("三月的风2026")
    assert not making.guide.forward.isEnabled()
    making.second.setText("三月的风2026")
    making.folder_edit.setText(str(tmp_path))
    click(qtbot, making.guide.forward)
    assert making.package is not None
    click(qtbot, making.guide.forward)
    assert the_row(qtbot, panel).locked
    panel.open_wordings()
    settle(qtbot)
    (allowed,) = panel.wordings.table.rows()
    assert (allowed.by, allowed.reason) == ("卫七", "是排口的编号，不是人名")
    panel.wordings.accept()


def _rename_item(office: DrawnOffice, name: str) -> None:
    from app.db.read import items
    from app.db.read.query import ListQuery
    from app.services.directories.directories import SaveItem

    first = office.workspace.read(items.ids, ListQuery())[0]
    found = office.workspace.read(items.one, first)
    assert found is not None
    office.workspace.write(directories.save_item, SaveItem(first, replace(found.facts, name=name)))


def test_refusals_and_numbers_are_typed_with_the_keyboard(
    qtbot: QtBot, window: MainWindow, office: DrawnOffice, tmp_path: Path
) -> None:
    panel = panel_of(qtbot, window)
    make(qtbot, panel, tmp_path, "targets")
    the_row(qtbot, panel)
    step(qtbot, panel, panel.copied_button)
    step(qtbot, panel, panel.uploaded_button)
    click(qtbot, panel.answer_button)
    dialog = panel.answering
    dialog.refused_box.setChecked(True)
    assert not dialog.save_button.isEnabled()
    dialog.table.grid.select_line(1)
    dialog.words.setText("地址不对")
    qtbot.keyClick(dialog.words, Qt.Key.Key_Return)
    dialog.words.setText("电话不对")
    qtbot.keyClick(dialog.words, Qt.Key.Key_Return)
    assert dialog.count.text() == "退回 2 行"
    click(qtbot, dialog.save_button)
    assert the_row(qtbot, panel).refused == 2
    panel.open_numbers()
    settle(qtbot)
    for number in ("RW-1", "RW-2"):
        panel.numbers.number.setText(number)
        qtbot.keyClick(panel.numbers.number, Qt.Key.Key_Return)
    panel.numbers.plan.setText("JH-9")
    click(qtbot, panel.numbers.save_button)
    found = office.workspace.read(platform_numbers.of_draw, DRAW_NO)
    assert [row.after for row in found.rows] == ["RW-1", "RW-2", "", "", ""]
    assert found.plan_after == "JH-9"


def test_the_register_is_exported_as_it_is_seen(
    qtbot: QtBot, window: MainWindow, office: DrawnOffice, tmp_path: Path
) -> None:
    panel = panel_of(qtbot, window)
    make(qtbot, panel, tmp_path, "items")
    row = the_row(qtbot, panel)
    panel.filters.restore("", {"state": frozenset({"partly"})})
    qtbot.waitUntil(lambda: len(panel.table.model.ids) == 0)
    panel.filters.restore("抽查事项", {"state": frozenset({"made"})})
    qtbot.waitUntil(lambda: len(panel.table.model.ids) == 1)
    settle(qtbot)
    keys = [column.key for column in panel.table.visible_columns()]
    path = tmp_path / "登记.xlsx"
    panel.export_to(path, list(panel.table.model.ids), keys)
    settle(qtbot)
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    words = [[str(cell.value) for cell in line] for line in sheet.iter_rows()]
    assert any(row.file_name in line and "已制作" in line for line in words)
    assert any(row.tagmanifest in line for line in words)
    assert date(2026, 9, 15).isoformat() in str(words)
