"""检查对象, 执法人员, 抽查事项: what a person does with keys and clicks, on a real workspace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.db.read import inspectors, items, targets
from app.db.read.query import ListQuery
from app.domain.inspector import InspectorFacts
from app.domain.item import ItemFacts
from app.services.directories import directories
from app.services.directories.directories import SaveInspector, SaveItem, SaveTarget
from app.services.workspace import Workspace
from app.ui.main_window import MainWindow
from app.ui.pages import page_specs
from app.ui.pages.inspectors import InspectorsPage
from app.ui.pages.items import ItemsPage
from app.ui.pages.targets import TargetsPage
from app.ui.tasks import TaskRunner
from app.ui.view_store import MemoryViewStore
from tests.services.test_directories import FARM, TODAY, WORKS

Wait = Callable[[], None]


@pytest.fixture
def wait(qtbot: QtBot) -> Wait:
    """Let background work end and be shown."""

    def settle() -> None:
        qtbot.wait(5)
        qtbot.waitUntil(lambda: not TaskRunner.of_application().busy, timeout=10_000)
        qtbot.wait(5)

    return settle


@pytest.fixture
def window(qtbot: QtBot, office: Workspace, wait: Wait) -> MainWindow:
    for facts in (WORKS, FARM, replace(FARM, name="青禾县某壬酒厂", township="柳湾镇")):
        office.write(directories.save_target, SaveTarget(None, facts))
    wanted = {"targets", "inspectors", "items"}
    specs = [spec for spec in page_specs() if spec.key in wanted]
    shown = MainWindow(office, MemoryViewStore(), specs)
    qtbot.addWidget(shown)
    shown.resize(1400, 800)
    shown.show()
    wait()
    return shown


def page_of(window: MainWindow, key: str, wait: Wait) -> QWidget:
    window.go_to(key)
    wait()
    return window.page(key)


@pytest.fixture
def page(window: MainWindow, wait: Wait) -> TargetsPage:
    found = page_of(window, "targets", wait)
    assert isinstance(found, TargetsPage)
    return found


def words(widget: QWidget) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisible())


def shown_names(page: TargetsPage) -> list[str]:
    model = page.table.model
    return [model.row_at(line).name for line in range(len(model.ids))]


def test_list_is_sorted_by_sound_and_counted(page: TargetsPage) -> None:
    assert shown_names(page) == [WORKS.name, "青禾县某壬酒厂", FARM.name]
    assert "<b>3</b> 家" in page.table.count_label.text()
    assert "重点 1 家，一般 2 家" in page.subtitle_label.whole


def test_typing_initials_narrows(qtbot: QtBot, page: TargetsPage, wait: Wait) -> None:
    page.filters.search_box.setFocus()
    qtbot.keyClicks(page.filters.search_box, "snzp")
    qtbot.keyClick(page.filters.search_box, Qt.Key.Key_Return)
    wait()
    assert shown_names(page) == [WORKS.name]


def test_filters_offer_what_occurs(page: TargetsPage, wait: Wait) -> None:
    page.filters.choose("township", frozenset({"柳湾镇"}))
    wait()
    assert shown_names(page) == ["青禾县某壬酒厂"]
    assert "共 <b>3</b> 家，当前显示 <b>1</b> 家" in page.table.count_label.text()


def test_pane_tells_the_facts_and_keeps_the_draw_secret(page: TargetsPage, wait: Wait) -> None:
    page.table.grid.select_line(0)
    wait()
    said = words(page.detail)
    assert WORKS.name in said and WORKS.phone in said
    assert "本季是否抽中：保密" in said


def test_enter_edits_and_ctrl_s_saves(
    qtbot: QtBot, page: TargetsPage, wait: Wait, office: Workspace
) -> None:
    page.table.grid.select_line(0)
    wait()
    qtbot.keyClick(page.table.grid, Qt.Key.Key_Return)
    wait()
    phone = page.form.panel.editors["phone"].control
    phone.setFocus()
    qtbot.keyClick(phone, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(phone, "0399-1")
    page.form.submit()
    wait()
    (row,) = office.read(targets.rows, office.read(targets.ids, ListQuery("snzp")))
    assert row.phone == "0399-1"
    assert "0399-1" in words(page.detail)


def test_toast_undoes_an_edit(page: TargetsPage, wait: Wait, office: Workspace) -> None:
    row_id = office.read(targets.ids, ListQuery("snzp"))[0]
    page.edit(row_id)
    wait()
    page.form.panel.editors["name"].set_value("改错的名字")
    page.form.submit()
    wait()
    window = page.window()
    assert isinstance(window, MainWindow)
    assert window.toast.link.text() == "撤销"
    window.toast.link.click()
    wait()
    assert WORKS.name in shown_names(page)


def test_new_target_with_a_wrong_code_is_told_beside_the_field(
    page: TargetsPage, wait: Wait, office: Workspace
) -> None:
    page.primary.click()
    form = page.form
    form.panel.editors["name"].set_value("青禾县某新建材厂")
    form.panel.editors["uscc"].set_value("9136")
    form.submit()
    wait()
    assert "18 位" in form.panel.editors["uscc"].error_label.text()
    assert "监管类别" in form.panel.editors["category"].error_label.text()
    form.panel.editors["uscc"].set_value("")
    form.panel.editors["category"].set_value("GENERAL")
    form.submit()
    wait()
    assert "青禾县某新建材厂" in shown_names(page)


def test_a_double_is_refused_in_the_form_and_nothing_is_lost(page: TargetsPage, wait: Wait) -> None:
    page.primary.click()
    for name, value in (("name", FARM.name), ("address", ""), ("category", "GENERAL")):
        page.form.panel.editors[name].set_value(value)
    page.form.submit()
    wait()
    assert FARM.name in page.form.banner.text.text()
    assert page.form.isVisible()
    page.form.panel.editors["name"].set_value("")
    page.form.panel.editors["category"].set_value("")
    page.form.reject()


def test_state_of_several_changes_at_once(page: TargetsPage, wait: Wait, office: Workspace) -> None:
    page.table.grid.selectAll()
    page.set_state("suspended", page.table.selected_ids())
    wait()
    rows = office.read(targets.rows, office.read(targets.ids, ListQuery()))
    assert {row.state for row in rows} == {"suspended"}


def test_what_is_seen_is_exported(
    page: TargetsPage, wait: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = (str(tmp_path / "名录"), "")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: chosen)
    page.filters.choose("township", frozenset({"柳湾镇"}))
    wait()
    page.table.export_link.click()
    wait()
    sheet = openpyxl.load_workbook(tmp_path / "名录.xlsx").active
    values = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert values[0][:2] == ["名称", "统一社会信用代码"]
    assert [row[0] for row in values[1:]] == ["青禾县某壬酒厂"]


def test_template_is_written(
    page: TargetsPage, wait: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = (str(tmp_path / "模板.xlsx"), "")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: chosen)
    page.template_button.click()
    wait()
    assert openpyxl.load_workbook(tmp_path / "模板.xlsx").active["A1"].value == "检查对象名称*"


def test_narrow_window_keeps_the_pane_until_it_is_asked_for(page: TargetsPage, wait: Wait) -> None:
    page.table.grid.select_line(0)
    wait()
    assert page.detail.isVisible()
    page.window().resize(1280, 649)
    wait()
    assert not page.detail.isVisible()
    page.detail_button.click()
    assert page.detail.isVisible()


def test_inspector_with_ending_certificate_is_counted_and_flagged(
    window: MainWindow, wait: Wait, office: Workspace
) -> None:
    person = InspectorFacts(name="赵某", cert_no="1", cert_valid_to=date(2026, 8, 31))
    office.write(directories.save_inspector, SaveInspector(None, person))
    page = page_of(window, "inspectors", wait)
    assert isinstance(page, InspectorsPage)
    assert "90 天内到期 1 人" in page.subtitle_label.whole
    page.table.grid.select_line(0)
    wait()
    assert "请提醒换证" in words(page.detail)


def test_recusal_is_declared_by_search_and_lifted(
    window: MainWindow,
    qtbot: QtBot,
    wait: Wait,
    office: Workspace,
) -> None:
    office.write(directories.save_inspector, SaveInspector(None, InspectorFacts(name="赵某")))
    page = page_of(window, "inspectors", wait)
    assert isinstance(page, InspectorsPage)
    page.table.grid.select_line(0)
    wait()
    person = office.read(inspectors.one, page.table.current_row().id, TODAY)
    assert person is not None
    page.recuse(person)
    dialog = page.recusal
    dialog.submit()
    assert "先在列表中选择" in dialog.banner.text.text()
    qtbot.keyClicks(dialog.search, "yzc")
    wait()
    dialog.table.grid.select_line(0)
    dialog.submit()
    wait()
    assert FARM.name in "\n".join(each.text() for each in page.detail.findChildren(QLabel))
    (line,) = office.read(inspectors.one, person.id, TODAY).recusals  # type: ignore[union-attr]
    page.lift(line)
    page.lifting.panel.editors["reason"].set_value("gone")
    page.lifting.submit()
    wait()
    (line,) = office.read(inspectors.one, person.id, TODAY).recusals  # type: ignore[union-attr]
    assert line.lift_reason == "gone" and line.lifted_on == TODAY
    assert "已解除" in "\n".join(each.text() for each in page.detail.findChildren(QLabel))


def test_item_is_put_out_of_force_and_back(
    window: MainWindow, wait: Wait, office: Workspace
) -> None:
    saved = office.write(directories.save_item, SaveItem(None, ItemFacts(name="按证排污")))
    page = page_of(window, "items", wait)
    assert isinstance(page, ItemsPage)
    page.set_state("0", [saved.id])
    wait()
    assert len(page.table.model.ids) == 0
    window.toast.link.click()
    wait()
    found = office.read(items.one, saved.id)
    assert found is not None and found.in_force
    assert len(page.table.model.ids) == 1


def test_inspection_outside_the_draw_is_recorded(
    page: TargetsPage, wait: Wait, office: Workspace
) -> None:
    page.table.grid.select_line(0)
    wait()
    found = office.read(targets.one, page.table.current_row().id)
    assert found is not None
    page.record(found)
    assert "检查日期" in page.form.panel.problems()[0].message
    page.form.panel.editors["on"].set_value(date(2026, 6, 1))
    page.form.submit()
    wait()
    assert "2026-06-01　上级检查" in words(page.detail)


def test_earlier_inspections_have_an_import_of_their_own(page: TargetsPage, wait: Wait) -> None:
    menu = page.more_menu()
    next(each for each in menu.actions() if each.text() == "导入检查记录…").trigger()
    assert page.title_label.text() == "导入检查频次台账"
    page.cancel_import.click()
    wait()
    assert page.title_label.text() == "检查对象"


def test_an_empty_directory_offers_the_import_and_blames_no_filter(
    qtbot: QtBot, office: Workspace, wait: Wait
) -> None:
    specs = [spec for spec in page_specs() if spec.key in {"targets", "inspectors", "items"}]
    shown = MainWindow(office, MemoryViewStore(), specs)
    qtbot.addWidget(shown)
    shown.show()
    for spec in specs:
        shown.go_to(spec.key)
        wait()
        page = shown.page(spec.key)
        assert isinstance(page, TargetsPage | InspectorsPage | ItemsPage)
        assert page.table.model.query.filters  # a list opens without the closed ones
        assert page.table.empty.isVisible()
        assert not page.table.nothing_found.isVisible()
