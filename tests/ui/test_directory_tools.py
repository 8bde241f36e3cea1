"""What stands beside the three lists: comparing, past days, rounds, classifying, many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.db.read import attachments, inspectors, partners, recusals, secrecy, targets
from app.db.read.query import ListQuery
from app.domain.inspector import InspectorFacts
from app.services.directories import directories, rounds
from app.services.directories.directories import SaveInspector, SaveTarget
from app.services.workspace import Workspace
from app.ui.main_window import MainWindow
from app.ui.pages import page_specs
from app.ui.pages.inspectors import InspectorsPage
from app.ui.pages.targets import TargetsPage
from app.ui.tasks import TaskRunner
from app.ui.view_store import MemoryViewStore
from tests.services.test_directories import FARM, TODAY, WORKS
from tests.support import make_office
from tests.support_draw import Clock
from tests.support_office import draw_once
from tests.support_office import make_office as make_full_office

Wait = Callable[[], None]
WINE = replace(FARM, name="青禾县某壬酒厂", township="柳湾镇", labels=("key_water",))


@pytest.fixture
def wait(qtbot: QtBot) -> Wait:
    def settle() -> None:
        qtbot.wait(5)
        qtbot.waitUntil(lambda: not TaskRunner.of_application().busy, timeout=10_000)
        qtbot.wait(5)

    return settle


@pytest.fixture
def yiyang(tmp_path: Path) -> Iterator[Workspace]:
    workspace = make_office(tmp_path / "y", "yiyang-2021")
    for facts in (WORKS, FARM, WINE):
        workspace.write(directories.save_target, SaveTarget(None, facts))
    yield workspace
    workspace.close()


def window_of(
    qtbot: QtBot, workspace: Workspace, wait: Wait, store: MemoryViewStore | None = None
) -> MainWindow:
    wanted = {"targets", "inspectors", "items"}
    specs = [spec for spec in page_specs() if spec.key in wanted]
    shown = MainWindow(workspace, store or MemoryViewStore(), specs)
    qtbot.addWidget(shown)
    shown.resize(1400, 800)
    shown.show()
    wait()
    return shown


@pytest.fixture
def page(qtbot: QtBot, yiyang: Workspace, wait: Wait) -> TargetsPage:
    window = window_of(qtbot, yiyang, wait)
    window.go_to("targets")
    wait()
    found = window.page("targets")
    assert isinstance(found, TargetsPage)
    return found


def words(widget: QWidget) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QLabel))


def pick(page: TargetsPage, words_: str) -> None:
    next(each for each in page.more_menu().actions() if words_ in each.text()).trigger()


def toast_link(page: QWidget) -> None:
    window = page.window()
    assert isinstance(window, MainWindow)
    window.toast.link.click()


def test_a_suggestion_is_taken_from_the_list_and_taken_back(
    page: TargetsPage, wait: Wait, yiyang: Workspace
) -> None:
    pick(page, "建议调整分类")
    wait()
    dialog = page.suggestions
    (row,) = dialog.table.rows()
    assert (row.name, row.now, row.suggested) == (WINE.name, "一般", "重点")
    dialog.take.click()
    assert "先在列表中选择" in dialog.banner.text.text()
    dialog.table.grid.selectAll()
    dialog.keep.click()
    wait()
    assert "写明理由" in dialog.banner.text.text()
    dialog.take.click()
    wait()
    assert dialog.table.rows() == [] and "1 家调整" in dialog.banner.text.text()
    dialog.undo.click()
    wait()
    assert len(dialog.table.rows()) == 1
    dialog.close()


def test_the_pane_tells_the_suggestion_and_a_decision_with_its_reason(
    page: TargetsPage, wait: Wait
) -> None:
    page.table.select_id(3)
    wait()
    assert "建议调整为重点" in words(page.detail)
    assert page._detail is not None
    page._reclassify(page._detail)
    page.reclassify.category.setCurrentIndex(page.reclassify.category.findData("SPECIAL"))
    page.reclassify.submit()
    wait()
    assert "写明理由" in page.reclassify.banner.text.text()
    page.reclassify.reason.setText("群众反映强烈")
    page.reclassify.submit()
    wait()
    assert "群众反映强烈" in words(page.detail) and "特殊" in words(page.detail)
    toast_link(page)
    wait()
    assert "群众反映强烈" not in words(page.detail)


def test_many_rows_are_changed_after_a_look_and_put_back(
    page: TargetsPage, wait: Wait, yiyang: Workspace
) -> None:
    page.table.grid.selectAll()
    page.change_many(page.table.selected_ids())
    wait()
    dialog = page.bulk
    dialog.field.setCurrentIndex(dialog.field.findData("township"))
    dialog.editor.set_value("柳湾镇")
    wait()
    assert [row.after for row in dialog.table.rows()] == ["柳湾镇", "柳湾镇"]
    assert dialog.apply_button.text() == "修改 2 条"
    dialog.submit()
    wait()
    towns = {row.township for row in yiyang.read(targets.rows, [1, 2, 3])}
    assert towns == {"柳湾镇"}
    toast_link(page)
    wait()
    assert {row.township for row in yiyang.read(targets.rows, [1, 2, 3])} == {"柳湾镇", ""}


def test_rows_pasted_from_a_spreadsheet_go_through_the_preview(
    qtbot: QtBot, page: TargetsPage, wait: Wait, yiyang: Workspace
) -> None:
    QGuiApplication.clipboard().setText("单位名称\t监管类别\n青禾县某寅纸厂\t一般\n")
    page.table.grid.setFocus()
    qtbot.keyClick(page.table.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    wait()
    assert page.sequence is not None and page.sequence.isVisible()
    assert len(yiyang.read(targets.ids, ListQuery())) == 3
    page.sequence.write()
    wait()
    assert len(yiyang.read(targets.ids, ListQuery("某寅"))) == 1


def test_a_view_keeps_search_filters_and_columns(
    qtbot: QtBot, yiyang: Workspace, wait: Wait
) -> None:
    store = MemoryViewStore()
    window = window_of(qtbot, yiyang, wait, store)
    window.go_to("targets")
    wait()
    page = window.page("targets")
    assert isinstance(page, TargetsPage)
    page.filters.choose("township", frozenset({"柳湾镇"}))
    page.table._show_column(
        next(n for n, c in enumerate(page.table.model.columns) if c.key == "phone"), True
    )
    page.views.save("柳湾")
    page.views.apply("")
    wait()
    assert len(page.table.model.ids) == 3 and page.views.text() == "视图"
    page.views.apply("柳湾")
    wait()
    assert len(page.table.model.ids) == 1 and page.views.text() == "视图：柳湾"
    assert "phone" in [column.key for column in page.table.visible_columns()]
    page.filters.clear()
    assert page.views.text() == "视图：柳湾（已改）"
    again = window_of(qtbot, yiyang, wait, store)
    again.go_to("targets")
    wait()
    other = again.page("targets")
    assert isinstance(other, TargetsPage)
    assert [a.text() for a in other.views.menu_of_views().actions()][:2] == ["默认", "柳湾"]
    page.views.forget()
    assert page.views.views == {}


def test_the_directory_is_compared_and_shown_as_of_a_day(
    page: TargetsPage,
    wait: Wait,
    yiyang: Workspace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    assert isinstance(yiyang.clock, Clock)
    yiyang.clock.at += timedelta(days=3)
    yiyang.write(directories.save_target, SaveTarget(1, replace(WORKS, phone="77")))
    page.compare_button.click()
    dialog = page.comparing
    dialog.before.choose("day")
    dialog.before.day.set_value(TODAY)
    dialog.before.day.editingFinished.emit()
    wait()
    (row,) = dialog.table.rows()
    assert (row.what, row.field, row.before, row.after) == ("修改", "联系电话", "0000", "77")
    chosen = (str(tmp_path / "变化.xlsx"), "")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: chosen)
    dialog.ask_export()
    wait()
    assert openpyxl.load_workbook(tmp_path / "变化.xlsx").active["F3"].value == "77"
    dialog.close()
    pick(page, "某一天的名录")
    page.looking.point.day.set_value(TODAY)
    page.looking.point.day.editingFinished.emit()
    wait()
    assert page.looking.summary.text() == "2026-07-02：共 3 条"
    page.looking.search.setText("某壬")
    qtbot.waitUntil(lambda: "找到 1 条" in page.looking.summary.text())
    assert [row.name for row in page.looking.table.rows()] == ["青禾县某壬酒厂"]
    page.looking.point.day.setText("昨天")
    page.looking.point.day.editingFinished.emit()
    assert "2026-03-01" in page.looking.banner.text.text()
    page.looking.close()


def test_a_round_goes_from_checklist_to_in_force(
    page: TargetsPage, wait: Wait, yiyang: Workspace
) -> None:
    pick(page, "名录更新与审核")
    wait()
    dialog = page.rounds
    dialog.open_button.click()
    wait()
    dialog.step_button.click()
    wait()
    assert "核对清单还有" in dialog.banner.text.text()
    for code in rounds.CHECKS:
        dialog.boxes[code].click()
        wait()
    assert all(box.isChecked() for box in dialog.findChildren(QCheckBox))
    dialog.step_button.click()
    wait()
    assert dialog.chip.text() == "已报审"
    for line in (dialog.current or pytest.fail("no round")).reviews:
        view = dialog.current
        assert view is not None
        dialog.ask_review(view, line)
        dialog.form.panel.editors["name"].set_value("罗某")
        dialog.form.submit()
        wait()
    assert dialog.chip.text() == "已生效"
    assert yiyang.read(rounds.in_force) is not None
    dialog.close()


def test_attachments_and_history_of_one_target(
    page: TargetsPage,
    wait: Wait,
    yiyang: Workspace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = tmp_path / "许可证.pdf"
    file.write_bytes(b"%PDF-1.4 x")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_args: ([str(file)], ""))
    page.table.select_id(1)
    wait()
    page._attach(1)
    wait()
    assert [each.name for each in yiyang.read(attachments.of_owner, "target", 1)] == ["许可证.pdf"]
    assert "许可证.pdf" in words(page.detail)
    page._history(1, WORKS.name)
    wait()
    assert {row.kind for row in page.history.table.rows()} == {"change", "document"}
    page.history.filters.choose("kind", frozenset({"document"}))
    assert [row.what for row in page.history.table.rows()] == ["许可证.pdf"]
    page.history.close()


def test_whether_a_target_is_drawn_is_shown_after_the_passphrase_only(
    qtbot: QtBot, tmp_path: Path, wait: Wait
) -> None:
    office = make_full_office(tmp_path / "full")
    try:
        draw_once(office)
        hit = next(
            each
            for each in office.read(targets.ids, ListQuery())
            if office.read(secrecy.drawn_now, each, TODAY) is not None
        )
        window = window_of(qtbot, office, wait)
        window.go_to("targets")
        wait()
        page = window.page("targets")
        assert isinstance(page, TargetsPage)
        page.table.select_id(hit)
        wait()
        assert page.secret.answer.text() == "本季是否抽中：保密"
        page.secret.look.click()
        dialog = page.identity
        dialog.first.setText("江上清风77")
        dialog.second.setText("江上清风78")
        dialog.submit()
        assert "不一样" in dialog.banner.text.text()
        dialog.second.setText("江上清风77")
        dialog.submit()
        wait()
        assert page.secret.answer.text().startswith("抽中 ")
        page.table.grid.select_line(0 if page.table.model.line_of(hit) else 1)
        wait()
        page.table.select_id(hit)
        wait()
        assert page.secret.answer.text() == "本季是否抽中：保密"
        window.close()
        wait()
    finally:
        office.close()


def test_experts_and_absences_are_kept_beside_the_inspectors(
    qtbot: QtBot, yiyang: Workspace, wait: Wait
) -> None:
    yiyang.write(directories.save_inspector, SaveInspector(None, InspectorFacts(name="赵某")))
    window = window_of(qtbot, yiyang, wait)
    window.go_to("inspectors")
    wait()
    page = window.page("inspectors")
    assert isinstance(page, InspectorsPage)
    page.tabs.setCurrentIndex(1)
    wait()
    assert page.primary.text() == "新增专家" and not page.import_button.isVisible()
    page.primary.click()
    form = page.lists[0].form
    form.panel.editors["name"].set_value("方某")
    boxes = form.panel.editors["specialities"].menu_of_values().findChildren(QCheckBox)
    boxes[0].click()
    form.submit()
    wait()
    (row,) = yiyang.read(partners.experts)
    assert (row.name, row.specialities) == ("方某", ("water",))
    page.tabs.setCurrentIndex(0)
    page.table.select_id(1)
    wait()
    found = yiyang.read(inspectors.one, 1, TODAY)
    assert found is not None
    page.register_absence(found)
    page.form.panel.editors["since"].set_value(TODAY)
    page.form.submit()
    wait()
    assert "至 未定　请假" in words(page.detail)
    (line,) = yiyang.read(inspectors.rows, [1], TODAY)
    assert line.away == "leave"


def test_an_interest_leads_to_a_recusal_by_clicks(
    qtbot: QtBot, yiyang: Workspace, wait: Wait
) -> None:
    person = SaveInspector(None, InspectorFacts(name="赵某", cert_no="1"))
    saved = yiyang.write(directories.save_inspector, person)
    window = window_of(qtbot, yiyang, wait)
    window.go_to("inspectors")
    wait()
    page = window.page("inspectors")
    assert isinstance(page, InspectorsPage)
    page.table.select_id(saved.id)
    wait()
    button_named(page.interests, "登记利害关系…").click()
    page.interests.form.panel.editors["firm"].set_value(WORKS.name)
    page.interests.form.submit()
    wait()
    assert WORKS.name in words(page.interests)
    button_named(page.interests, "登记回避").click()
    wait()
    (line,) = yiyang.read(recusals.of_inspector, saved.id)
    assert (line.target, line.code) == (WORKS.name, "former")
    assert "建议登记回避" not in words(page.interests)


def button_named(widget: QWidget, words_: str) -> QPushButton:
    return next(each for each in widget.findChildren(QPushButton) if each.text() == words_)
