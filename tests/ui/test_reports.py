"""The reports in their dialog: chosen, clicked through to the rows, written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractItemView, QWidget
from pytestqt.qtbot import QtBot

from app.db.read import targets
from app.db.read.query import ListQuery
from app.domain.past_inspection import PastInspectionFacts
from app.domain.report import Change, Measure
from app.services.days import reporting
from app.services.tasks import past_inspections
from app.services.tasks.past_inspections import RecordInspection
from app.ui.dialogs.desk_details import DetailsDialog
from app.ui.dialogs.preview import PreviewDialog
from app.ui.dialogs.reports import ReportsDialog
from app.ui.dialogs.rows import RowsDialog
from app.ui.theme import LIGHT
from app.ui.widgets.report_chart import ReportChart
from tests.documents.reading import text
from tests.support_draw import TARGETS, DrawnOffice, lock_result, make_drawn_office
from tests.support_office import make_office
from tests.ui.test_plan_life import until
from tests.ui.test_planning_page import click, settle


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    made = make_drawn_office(tmp_path / "office")
    lock_result(made, made.tasks[0])
    yield made
    made.workspace.close()


def test_a_figure_opens_its_rows_and_the_report_is_written(
    qtbot: QtBot, office: DrawnOffice, tmp_path: Path
) -> None:
    said: list[str] = []
    gone: list[int] = []
    dialog = ReportsDialog(
        None, office.workspace, lambda text, *_more: said.append(text), gone.append
    )
    qtbot.addWidget(dialog)
    dialog.show()
    settle(qtbot)
    until(qtbot, lambda: dialog.view is not None)
    names = [row.name for row in dialog.table.rows()]
    line = names.index("已检查")
    row = dialog.table.rows()[line]
    assert row.cells[-1] == "1"
    at = dialog.table.model.index(line, 1 + len(row.cells))
    qtbot.mouseClick(
        dialog.table.grid.viewport(),
        Qt.MouseButton.LeftButton,
        pos=dialog.table.grid.visualRect(at).center(),
    )
    settle(qtbot)
    until(qtbot, lambda: len(dialog.details.table.rows()) == 1)
    assert dialog.details.windowTitle() == "合计：已检查"
    (found,) = dialog.details.table.rows()
    assert found.name == TARGETS[0][1]
    dialog.details.reject()
    path = tmp_path / "季度报表.xlsx"
    dialog.make(path)
    settle(qtbot)
    until(qtbot, lambda: bool(said))
    assert path.is_file()


def test_two_clicks_from_the_publications_to_a_report_on_paper(
    qtbot: QtBot, office: DrawnOffice
) -> None:
    dialog = ReportsDialog(None, office.workspace, lambda *_words: None, lambda _task: None)
    qtbot.addWidget(dialog)
    dialog.show()
    until(qtbot, lambda: dialog.view is not None)
    click(dialog.paper_button)
    until(qtbot, lambda: bool(dialog.findChildren(PreviewDialog)))
    (shown,) = dialog.findChildren(PreviewDialog)
    assert shown.paths[0].parent == office.workspace.folder.papers
    assert "填表人" in text(shown.paths[0].read_bytes())


def _press(qtbot: QtBot, grid: QAbstractItemView, row: int, column: int) -> None:
    index = grid.model().index(row, column)
    grid.scrollTo(index)
    qtbot.mouseClick(
        grid.viewport(), Qt.MouseButton.LeftButton, pos=grid.visualRect(index).center()
    )


def _opened(qtbot: QtBot, dialog: ReportsDialog, before: object) -> DetailsDialog:
    qtbot.waitUntil(lambda: getattr(dialog, "details", None) is not before)
    details = dialog.details
    until(qtbot, lambda: details.count.text() != "")
    return details


def test_each_figure_opens_exactly_what_it_counts_the_noughts_and_the_month_before_too(
    qtbot: QtBot, office: DrawnOffice
) -> None:
    dialog = ReportsDialog(
        None, office.workspace, lambda *_words: None, lambda _task: None, period="2026M09"
    )
    qtbot.addWidget(dialog)
    dialog.show()
    settle(qtbot)
    until(qtbot, lambda: dialog.view is not None and dialog.view.period == "2026M09")
    view = dialog.view
    assert view is not None
    assert view.before_words == "2026年8月"
    rows = dialog.table.rows()
    lines = (*view.report.lines, view.report.total)
    earlier = {change.measure.label: change for change in view.changes}
    details: object = None
    opened = 0
    for at, row in enumerate(rows):
        measure = next((each for each in Measure if each.label == row.name), None)
        if measure is None:
            continue
        _press(qtbot, dialog.table.grid, at, 1 + len(lines))  # the sum
        found = _opened(qtbot, dialog, details)
        wanted = view.report.total.figures[measure].tasks
        assert [each.id for each in found.table.rows()] == sorted(wanted), row.name
        assert row.cells[-1] == str(len(wanted))
        found.reject()
        if row.name in {"户数", "已检查", "未公示"}:
            _press(qtbot, dialog.table.grid, at, 2 + len(lines))  # the month before
            last = _opened(qtbot, dialog, found)
            assert last.windowTitle() == f"2026年8月合计：{row.name}"
            change = earlier[row.name]
            assert len(last.table.rows()) == change.before == len(change.tasks)
            last.reject()
            found = last
        details = found
        opened += 1
    assert opened == len(Measure)


def _based(qtbot: QtBot, dialog: ReportsDialog, before: object) -> RowsDialog:
    qtbot.waitUntil(lambda: getattr(dialog, "bases", None) is not before)
    return dialog.bases


def test_the_bases_and_the_rates_open_their_rows_by_mouse_and_by_keys(
    qtbot: QtBot, office: DrawnOffice
) -> None:
    dialog = ReportsDialog(
        None, office.workspace, lambda *_words: None, lambda _task: None, period="2026M09"
    )
    qtbot.addWidget(dialog)
    dialog.show()
    settle(qtbot)
    until(qtbot, lambda: dialog.view is not None and dialog.view.period == "2026M09")
    view = dialog.view
    assert view is not None
    rows = dialog.table.rows()
    names = [row.name for row in rows]
    grid = dialog.table.grid
    lines = (*view.report.lines, view.report.total)
    before: object = None
    for at, line in enumerate(lines):
        _press(qtbot, grid, names.index("基数"), 2 + at)
        before = _based(qtbot, dialog, before)
        assert len(before.table.rows()) == line.base == int(rows[0].cells[at])
        assert f"共 {line.base} 家" in before.count.text()
        assert before.windowTitle() == f"{line.label}：基数"
        before.reject()
    assert isinstance(before, RowsDialog)
    assert {row.name for row in before.table.rows()} == {name for _k, name, _c in TARGETS}
    assert {column.title for column in before.table.visible_columns()} == {
        "编号",
        "检查对象",
        "类别",
        "地址",
    }
    done = names.index("完成率（已公示 ÷ 户数）")
    _press(qtbot, grid, done, 1 + len(lines))
    details = _opened(qtbot, dialog, None)
    rate = view.report.total.completion
    assert len(details.table.rows()) == rate.whole == 5
    assert sum(row.counted for row in details.table.rows()) == rate.part
    assert details.windowTitle() == "合计：完成率（已公示 ÷ 户数），0 ÷ 5"
    details.reject()
    # By keys: the arrow keys go to the first category, Enter opens it.
    grid.setFocus()
    for _step in lines[1:]:
        qtbot.keyClick(grid, Qt.Key.Key_Left)
    assert dialog.said.text().endswith("完成率（已公示 ÷ 户数），回车看是哪些")
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    first = _opened(qtbot, dialog, details)
    assert first.windowTitle().startswith(f"{lines[0].label}：完成率")
    assert len(first.table.rows()) == lines[0].completion.whole
    first.reject()
    # Nothing to take a share of: nothing opens, and the cell says why.
    settled = names.index("完结率（处置完结 ÷ 有后续处置）")
    cell = dialog.table.model.index(settled, 1 + len(lines))
    assert cell.data() == "—"
    assert cell.data(Qt.ItemDataRole.ToolTipRole) == "没有后续处置的，没有可比的数"
    _press(qtbot, grid, settled, 1 + len(lines))
    assert dialog.details is first


def test_tasks_of_one_site_are_said_as_sites_and_visits(qtbot: QtBot, office: DrawnOffice) -> None:
    today = date(2026, 9, 15)
    rows = office.workspace.read(reporting.behind, office.tasks[:3], today)
    twice = (*rows[:2], replace(rows[2], target_id=rows[1].target_id, visit=rows[1].visit))
    for found, words in (
        (rows, "共 3 家，其中计入 3 家，100.0%"),
        (twice, "共 3 项任务：2 家 2 户次，其中计入 3 项，100.0%"),
    ):
        parent = QWidget()
        qtbot.addWidget(parent)
        details = DetailsDialog(parent, "户数", lambda found=found: found, lambda _task: None)
        until(qtbot, lambda details=details: details.count.text() != "")
        assert details.count.text() == words


def test_a_number_outside_the_draw_opens_the_inspections_it_counts(
    qtbot: QtBot, office: DrawnOffice
) -> None:
    ground = office.workspace.rulebook.outside_draw.value[2]
    for day, violation in ((1, False), (2, True), (3, False)):
        facts = PastInspectionFacts(
            on=date(2026, 9, day), kind="complaint", ground=ground, violation=violation
        )
        target = int(office.workspace.read(targets.ids, ListQuery())[0])
        office.workspace.write(past_inspections.record, RecordInspection(target, facts))
    dialog = ReportsDialog(None, office.workspace, lambda *_words: None, lambda _task: None)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.tabs.setCurrentIndex(2)
    settle(qtbot)
    until(qtbot, lambda: len(dialog.outside.rows()) == 9)
    before: object = None
    for column, number in ((1, 3), (2, 3), (3, 1), (4, 1)):
        _press(qtbot, dialog.outside.grid, 2, column)
        qtbot.waitUntil(lambda old=before: getattr(dialog, "entries", None) is not old)
        before = dialog.entries
        assert len(dialog.entries.table.rows()) == number
        dialog.entries.reject()


def test_month_and_year_are_a_click_away_and_an_empty_one_says_so(
    qtbot: QtBot, office: DrawnOffice
) -> None:
    dialog = ReportsDialog(None, office.workspace, lambda *_words: None, lambda _task: None)
    qtbot.addWidget(dialog)
    dialog.show()
    settle(qtbot)
    for key, words in (("month", "2026年9月"), ("year", "2026年")):
        dialog.spans._group.button(dialog.spans._keys.index(key)).click()
        settle(qtbot)
        assert dialog.periods.currentText() == words
    until(qtbot, lambda: dialog.view is not None and dialog.view.period == "2026")
    assert not dialog.chart.isVisibleTo(dialog)
    dialog.tabs.setCurrentIndex(2)
    assert len(dialog.outside.rows()) == 9
    click(dialog.record_button)
    settle(qtbot)
    assert dialog.ledger.isVisible()
    dialog.ledger.accept()


def test_the_bars_are_chosen_and_opened_by_keys(qtbot: QtBot) -> None:
    chart = ReportChart()
    qtbot.addWidget(chart)
    changes = (Change(Measure.SITES, 5, 4), Change(Measure.CASE, 0, 0), Change(Measure.DONE, 3, 4))
    chart.show_changes(changes, "第三季度", "第二季度")
    found: list[object] = []
    chart.measure_clicked.connect(found.append)
    qtbot.keyClick(chart, Qt.Key.Key_Return)
    qtbot.keyClick(chart, Qt.Key.Key_Down)  # a measure that counts nothing has no bar
    qtbot.keyClick(chart, Qt.Key.Key_Down)
    qtbot.keyClick(chart, Qt.Key.Key_Space)
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    qtbot.keyClick(chart, Qt.Key.Key_Enter)
    assert found == [Measure.SITES, Measure.DONE, Measure.SITES]


def _reports(qtbot: QtBot, office: DrawnOffice, said: list[str]) -> ReportsDialog:
    dialog = ReportsDialog(
        None, office.workspace, lambda text, *_more: said.append(text), lambda _task: None
    )
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.show_course()
    until(qtbot, lambda: dialog.rates.course is not None and dialog.loads.course is not None)
    return dialog


def test_a_column_and_a_number_of_the_course_open_their_rows(
    qtbot: QtBot, office: DrawnOffice
) -> None:
    dialog = _reports(qtbot, office, [])
    rates = dialog.rates
    assert rates.isVisible()
    chart = rates.chart
    # The first panel is coverage: one of five targets was inspected.
    box, _behind = chart.boxes(chart.width())[0]
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    until(qtbot, lambda: len(rates.details.table.rows()) == 5)
    assert rates.details.windowTitle() == "周期覆盖率 · 2026年第三季度"
    assert sum(row.covered for row in rates.details.table.rows()) == 1
    rates.details.reject()
    # By keys: the second is completion, of tasks.
    chart.setFocus()
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    qtbot.keyClick(chart, Qt.Key.Key_Return)
    until(qtbot, lambda: rates.details.windowTitle().startswith("任务完成率"))
    rates.details.reject()
    # And a number of the table below.
    names = [row.name for row in rates.table.rows()]
    assert [name.strip() for name in names][-3:] == ["任务完成率", "公示率", "整改完成率"]
    at = rates.table.model.index(names.index("公示率"), 1)
    rates.area.ensureWidgetVisible(rates.table)
    qtbot.mouseClick(
        rates.table.grid.viewport(),
        Qt.MouseButton.LeftButton,
        pos=rates.table.grid.visualRect(at).center(),
    )
    until(qtbot, lambda: rates.details.windowTitle().startswith("公示率"))
    rates.details.reject()


def test_a_persons_bar_opens_the_tasks(qtbot: QtBot, office: DrawnOffice) -> None:
    dialog = _reports(qtbot, office, [])
    loads = dialog.loads
    dialog.tabs.setCurrentWidget(loads)
    box, person = loads.chart.boxes(loads.chart.width())[0]
    qtbot.mouseClick(loads.chart, Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    until(qtbot, lambda: len(loads.details.table.rows()) == 3)
    assert getattr(person, "name", "") in loads.details.windowTitle()
    loads.details.reject()


def test_the_course_is_taken_along_as_a_picture(
    qtbot: QtBot, office: DrawnOffice, tmp_path: Path
) -> None:
    said: list[str] = []
    dialog = _reports(qtbot, office, said)
    path = tmp_path / "走势.png"
    dialog.rates.save_picture(path)
    image = QImage(str(path))
    assert image.width() == 2240
    # Not a white sheet: there is a bar in it.
    assert any(
        image.pixelColor(x, y).name().upper() == LIGHT.accent
        for x in range(0, image.width(), 8)
        for y in range(0, image.height(), 8)
    )
    click(dialog.rates.copy_button)
    assert said == ["已存为 走势.png", "图片已复制，可以粘贴到文档里"]
    dialog.rates.save_picture(tmp_path / "没有这个文件夹" / "走势.png")
    assert said[-1].startswith("没有写成 走势.png")


def test_nothing_drawn_has_nothing_to_show(qtbot: QtBot, tmp_path: Path) -> None:
    workspace = make_office(tmp_path / "new", targets={"A": 2})
    dialog = ReportsDialog(None, workspace, lambda *_words: None, lambda _task: None)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.show_course()
    until(qtbot, lambda: dialog.rates.course is not None)
    assert dialog.rates.empty.isVisible()
    assert not dialog.rates.save_button.isEnabled()
    dialog.accept()
    settle(qtbot)
    workspace.close()
