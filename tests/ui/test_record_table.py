"""The table, used with mouse and keyboard."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.errors import UserError
from app.ui.tables import Column, ColumnKind, ListQuery, PlainTable, RecordTable, Sort
from app.ui.tables.columns import shown_text
from app.ui.tables.model import PAGE_ROWS, RecordModel
from app.ui.tasks import TaskRunner
from app.ui.view_store import MemoryViewStore
from tests.ui.gallery import COLUMNS, QUOTA, QUOTA_COLUMNS, MadeUpTargets, TargetLine, line


def settle(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not TaskRunner.of_application().busy)


def make_table(
    qtbot: QtBot, count: int, store: MemoryViewStore | None = None
) -> tuple[RecordTable, MadeUpTargets]:
    table = RecordTable(COLUMNS, name="targets", unit="家", store=store, first_sort=Sort("name"))
    source = MadeUpTargets(count)
    table.set_source(source)
    qtbot.addWidget(table)
    table.resize(1000, 500)
    table.show()
    table.show_query()
    settle(qtbot)
    return table, source


def text(table: RecordTable, row: int, column: int) -> str:
    return str(table.model.index(row, column).data())


def cell_centre(table: RecordTable, row: int, column: int) -> QPoint:
    return table.grid.visualRect(table.model.index(row, column)).center()


def test_the_model_keeps_qts_contract(qtbot: QtBot) -> None:
    model = RecordModel(COLUMNS)
    tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Fatal, model
    )
    model.set_source(MadeUpTargets(3 * PAGE_ROWS + 7))
    model.load(ListQuery())
    settle(qtbot)
    assert model.rowCount() == 3 * PAGE_ROWS + 7
    assert model.index(2 * PAGE_ROWS + 1, 0).data() is None
    settle(qtbot)
    assert model.index(2 * PAGE_ROWS + 1, 0).data() == line(2 * PAGE_ROWS + 1).name
    model.load(ListQuery(search="没有这样的名称"))
    settle(qtbot)
    assert model.rowCount() == 0
    assert isinstance(tester.model(), QAbstractItemModel)


def test_a_hundred_thousand_lines_cost_the_pages_in_sight(qtbot: QtBot) -> None:
    table, source = make_table(qtbot, 100_000)
    assert table.model.rowCount() == 100_000
    assert sum(source.fetched) <= 2 * PAGE_ROWS
    table.grid.scrollToBottom()
    table.grid.viewport().repaint()
    settle(qtbot)
    assert text(table, 99_999, 0) == line(99_999).name
    assert sum(source.fetched) <= 5 * PAGE_ROWS


def test_a_click_on_a_title_sorts_and_once_more_turns_it_round(qtbot: QtBot) -> None:
    table, source = make_table(qtbot, 50)
    header = table.grid.header
    at = QPoint(header.sectionViewportPosition(3) + 20, 15)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    settle(qtbot)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    settle(qtbot)
    assert [query.sort for query in source.queries] == [
        Sort("name"),
        Sort("industry"),
        Sort("industry", descending=True),
    ]
    assert text(table, 0, 0) == line(49).name


def test_empty_values_are_shown_as_a_dash(qtbot: QtBot) -> None:
    table, _ = make_table(qtbot, 20)
    assert text(table, 8, 1) == "—"
    assert shown_text(False) == "否"


def test_selection_and_counts(qtbot: QtBot) -> None:
    table, _ = make_table(qtbot, 30)
    table.set_total(482)
    chosen: list[list[int]] = []
    table.selection_changed.connect(chosen.append)
    port = table.grid.viewport()
    qtbot.mouseClick(port, Qt.MouseButton.LeftButton, pos=cell_centre(table, 2, 3))
    qtbot.mouseClick(
        port,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.ShiftModifier,
        pos=cell_centre(table, 4, 3),
    )
    assert chosen[-1] == [2, 3, 4]
    assert table.selection_label.text() == "已选 3 家"
    assert "482" in table.count_label.text()
    assert "当前显示 <b>30</b> 家" in table.count_label.text()


def test_selection_survives_a_reload(qtbot: QtBot) -> None:
    table, source = make_table(qtbot, 500)
    table.select_id(420)
    settle(qtbot)
    source.count = 480
    table.reload()
    settle(qtbot)
    assert table.selected_ids() == [420]
    assert table.current_row() == line(420)


def test_enter_and_double_click_open_a_line(qtbot: QtBot) -> None:
    table, _ = make_table(qtbot, 10)
    opened: list[TargetLine] = []
    table.row_activated.connect(opened.append)
    port = table.grid.viewport()
    qtbot.mouseClick(port, Qt.MouseButton.LeftButton, pos=cell_centre(table, 1, 3))
    qtbot.keyClick(table.grid, Qt.Key.Key_Down)
    qtbot.keyClick(table.grid, Qt.Key.Key_Return)
    qtbot.mouseDClick(port, Qt.MouseButton.LeftButton, pos=cell_centre(table, 5, 3))
    assert opened == [line(2), line(5)]


def test_copy_is_tab_separated_in_the_order_seen(qtbot: QtBot) -> None:
    table, _ = make_table(qtbot, 10)
    table.grid.header.moveSection(7, 1)
    table.grid.setColumnHidden(1, True)
    table.grid.select_line(2)
    qtbot.keyClick(table.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    expected = ["青禾县某丙加油站", "在建", "C", "加油站", "城关镇", "已覆盖", "2026-08-24"]
    assert QGuiApplication.clipboard().text().split("\t") == expected


def test_lines_never_in_sight_are_copied_as_well_and_all_of_them(qtbot: QtBot) -> None:
    table, _ = make_table(qtbot, 7_000)
    qtbot.keyClick(table.grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(table.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: table.selection_label.text() == "已复制 7,000 家")
    copied = QGuiApplication.clipboard().text().split("\n")
    assert len(copied) == 7_000
    assert [each.split("\t")[0] for each in copied] == [line(at).name for at in range(7_000)]


def test_a_large_selection_survives_a_reload_whole(qtbot: QtBot) -> None:
    table, _ = make_table(qtbot, 3_000)
    table.grid.select_line(0)
    qtbot.keyClick(table.grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    table.reload()
    settle(qtbot)
    assert len(table.selected_ids()) == 3_000


def test_columns_are_remembered(qtbot: QtBot) -> None:
    store = MemoryViewStore()
    table, _ = make_table(qtbot, 3, store)
    table.grid.header.moveSection(7, 1)
    table.grid.header.resizeSection(3, 222)
    menu = table.columns_menu()
    township = next(action for action in menu.actions() if action.text() == "乡镇")
    township.trigger()
    keys = [column.key for column in table.visible_columns()]
    again, _ = make_table(qtbot, 3, store)
    assert [column.key for column in again.visible_columns()] == keys
    assert keys[1] == "state"
    assert "township" not in keys
    assert again.grid.columnWidth(3) == 222


@pytest.mark.parametrize("damaged", ["{", "[]", '{"order": 3}', '{"widths": {"name": "x"}}', "7"])
def test_a_damaged_memory_of_columns_is_forgotten(qtbot: QtBot, damaged: str) -> None:
    store = MemoryViewStore()
    store.set_text("table/targets", damaged)
    table, _ = make_table(qtbot, 3, store)
    assert [column.key for column in table.visible_columns()] == [each.key for each in COLUMNS]


def test_the_menu_exports_what_is_selected(qtbot: QtBot) -> None:
    table, _ = make_table(qtbot, 10)
    exported: list[tuple[Sequence[int], list[str]]] = []
    table.export_requested.connect(lambda ids, keys: exported.append((list(ids), keys)))
    seen: list[list[int]] = []
    table.add_action("查看历史", "clock", seen.append)
    table.grid.select_line(3)
    menu = table.context_menu()
    assert [action.text() for action in menu.actions() if action.text()] == [
        "查看历史", "复制", "导出所选",
    ]  # fmt: skip
    for action in menu.actions():
        if action.text() != "复制":
            action.trigger()
    assert seen == [[3]]
    assert exported == [([3], [column.key for column in COLUMNS])]


def test_nothing_found_says_so(qtbot: QtBot) -> None:
    table, _ = make_table(qtbot, 10)
    table.show_query(search="没有这样的名称")
    settle(qtbot)
    assert table.nothing_found.isVisible()
    table.show_query()
    settle(qtbot)
    assert table.grid.isVisible()


class Gone:
    def ids(self, query: ListQuery) -> array[int]:
        raise UserError("名录正在恢复。")

    def rows(self, ids: Sequence[int]) -> Sequence[Any]:
        return ()


def test_a_source_that_fails_keeps_what_was_shown(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(
        "app.ui.tables.record_table.show_error", lambda _parent, error: told.append(str(error))
    )
    table, _ = make_table(qtbot, 10)
    table.set_source(Gone())
    table.reload()
    settle(qtbot)
    assert told == ["名录正在恢复。"]
    assert table.model.rowCount() == 10


def test_a_small_table_sorts_by_itself_with_empty_last(qtbot: QtBot) -> None:
    columns = (
        Column("category", "类别", ColumnKind.STRONG, sub=lambda row: row.cycle),
        Column("quota", "应抽", ColumnKind.NUMBER),
        Column("excluded", "排除", value=lambda row: row.excluded or None),
    )
    table = PlainTable(columns, two_lines=True)
    qtbot.addWidget(table)
    table.set_rows(QUOTA)
    table.model.sort(1, Qt.SortOrder.DescendingOrder)
    assert [row.quota for row in table.rows()] == [15, 10]
    for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        table.model.sort(2, order)
        assert [row.excluded for row in table.rows()] == ["停产 1", ""]


def test_a_link_is_clicked_where_it_is(qtbot: QtBot) -> None:
    table = PlainTable(QUOTA_COLUMNS, two_lines=True)
    qtbot.addWidget(table)
    table.set_rows(QUOTA)
    table.resize(1000, 200)
    table.show()
    clicked: list[tuple[str, str]] = []
    table.link_clicked.connect(lambda row, key: clicked.append((row.category, key)))
    port = table.grid.viewport()
    for column in (4, 5):
        qtbot.mouseClick(port, Qt.MouseButton.LeftButton, pos=cell_centre(table, 1, column))
    assert clicked == [("B 类", "article")]


def frozen_of(table: RecordTable) -> Any:
    return table.grid._frozen


def test_the_frozen_column_is_the_same_table(qtbot: QtBot) -> None:
    table, source = make_table(qtbot, 300)
    frozen = frozen_of(table)
    centre = frozen.visualRect(table.model.index(3, 0)).center()
    qtbot.mouseClick(frozen.viewport(), Qt.MouseButton.LeftButton, pos=centre)
    assert table.selected_ids() == [3]
    qtbot.mouseMove(frozen.viewport(), centre)
    assert table.grid.delegate.hover_row == 3
    table.grid.verticalScrollBar().setValue(640)
    assert frozen.verticalScrollBar().value() == 640
    qtbot.mouseClick(frozen.header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(40, 15))
    settle(qtbot)
    assert source.queries[-1].sort == Sort("name", descending=True)


def test_the_frozen_column_keeps_its_place_and_width(qtbot: QtBot) -> None:
    table, _ = make_table(qtbot, 30)
    frozen = frozen_of(table)
    table.resize(500, 400)
    table.grid.horizontalScrollBar().setValue(200)
    assert frozen.x() == 0
    assert frozen.width() == table.grid.columnWidth(0)
    table.grid.header.resizeSection(0, 260)
    assert frozen.width() == 260
    assert frozen.columnWidth(0) == 260
