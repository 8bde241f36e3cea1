"""The reports in their dialog: chosen, clicked through to the rows, written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.report import Change, Measure
from app.ui.dialogs.reports import ReportsDialog
from app.ui.widgets.report_chart import ReportChart
from tests.support_draw import TARGETS, DrawnOffice, lock_result, make_drawn_office
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
