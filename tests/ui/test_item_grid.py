"""The item grid: keys, mouse, notes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.domain.inspection import Conclusion, ItemOutcome
from app.domain.result_entry import ItemEntry
from app.ui.widgets.conclusion_picker import ConclusionPicker
from app.ui.widgets.item_grid import ItemGrid

ITEMS = tuple(ItemEntry(item_id=number, name=f"第 {number} 项") for number in range(1, 5))


@pytest.fixture
def grid(qtbot: QtBot) -> ItemGrid:
    made = ItemGrid()
    qtbot.addWidget(made)
    made.resize(640, 200)
    made.show_items(ITEMS)
    with qtbot.waitExposed(made):
        made.show()
    return made


def outcomes(grid: ItemGrid) -> list[ItemOutcome | None]:
    return [item.outcome for item in grid.items()]


def test_digits_tick_and_go_on_to_the_next_line(qtbot: QtBot, grid: ItemGrid) -> None:
    for key in "123":
        qtbot.keyClick(grid, key)
    assert outcomes(grid) == [
        ItemOutcome.OK,
        ItemOutcome.PROBLEM,
        ItemOutcome.NOT_APPLICABLE,
        None,
    ]
    assert grid.currentIndex().row() == 3
    qtbot.keyClick(grid, Qt.Key.Key_Up)
    qtbot.keyClick(grid, Qt.Key.Key_Delete)
    assert outcomes(grid)[2] is None


def test_other_keys_tick_nothing(qtbot: QtBot, grid: ItemGrid) -> None:
    with qtbot.assertNotEmitted(grid.edited):
        for key in "4a0":
            qtbot.keyClick(grid, key)
        qtbot.keyClick(grid, "1", Qt.KeyboardModifier.ControlModifier)
    assert outcomes(grid) == [None] * 4


def test_a_click_on_a_circle_ticks_that_line(qtbot: QtBot, grid: ItemGrid) -> None:
    at = grid.visualRect(grid.model_of_items.index(2, 3)).center()
    with qtbot.waitSignal(grid.edited):
        qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert outcomes(grid) == [None, None, ItemOutcome.PROBLEM, None]


def test_enter_writes_a_note(qtbot: QtBot, grid: ItemGrid) -> None:
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    editor = grid.viewport().findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    editor.setText(" 缺 8 月台账 ")
    with qtbot.waitSignal(grid.edited):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert grid.items()[0].note == "缺 8 月台账"


def test_the_first_open_line_is_current(grid: ItemGrid) -> None:
    ticked = ItemEntry(item_id=9, name="甲", outcome=ItemOutcome.OK)
    grid.show_items((ticked, *ITEMS))
    assert grid.currentIndex().row() == 1


def test_the_four_rare_conclusions_are_behind_a_menu(qtbot: QtBot) -> None:
    picker = ConclusionPicker()
    qtbot.addWidget(picker)
    actions = picker.menu().actions()
    assert [action.text() for action in actions] == [
        "已关闭停业",
        "注销迁出",
        "不配合",
        "未开展相关经营活动",
    ]
    with qtbot.waitSignal(picker.picked) as caught:
        actions[2].trigger()
    assert caught.args == [Conclusion.REFUSED]
    assert picker.others.text() == "不配合"
    assert not any(part.isChecked() for part in picker.parts.values())
