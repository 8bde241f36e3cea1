"""Every real page fits the smallest screens: 1366×768, and 1280×649 (1920×1080 at 150 %)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.ui.main_window import MainWindow
from app.ui.pages import page_specs
from app.ui.pages.desk import DeskPage
from app.ui.view_store import MemoryViewStore
from tests.support_draw import DrawnOffice, lock_result, make_drawn_office, ordered_entry
from tests.ui.test_after_draw import settle

_PLACES: tuple[tuple[str, object], ...] = (
    ("desk", None),
    ("desk", "owed"),
    ("desk", "calendar"),
    ("targets", None),
    ("inspectors", None),
    ("items", None),
    ("plan", None),
    ("teams", 1),
    ("results", 1),
    ("results", 2),
    ("publication", "due"),
    ("publication", "packages"),
    ("system", "unit"),
    ("system", "backup"),
    ("system", "media"),
    ("system", "papers"),
    ("system", "received"),
    ("system", "ledger"),
    ("system", "about"),
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DrawnOffice]:
    # The document with the longest title and the most to say over a page.
    made = make_drawn_office(tmp_path / "office", rulebook="taijiang-2022")
    lock_result(made, made.tasks[0], ordered_entry(made, made.tasks[0]))
    yield made
    made.workspace.close()


@pytest.mark.parametrize("size", [(1366, 768), (1280, 649)])
def test_every_page_fits(qtbot: QtBot, office: DrawnOffice, size: tuple[int, int]) -> None:
    window = MainWindow(office.workspace, MemoryViewStore(), page_specs())
    qtbot.addWidget(window)
    window.resize(*size)
    window.show()
    settle(qtbot)
    for key, where in _PLACES:
        window.go_to(key, where)
        settle(qtbot)
        wants = window.minimumSizeHint()
        assert wants.width() <= size[0], (key, where)
        assert wants.height() <= size[1], (key, where)
        assert (window.width(), window.height()) == size, (key, where)
    window.go_to("desk")
    settle(qtbot)


def test_three_categories_and_everybodys_load_stand_side_by_side_without_scrolling(
    qtbot: QtBot, office: DrawnOffice
) -> None:
    window = MainWindow(office.workspace, MemoryViewStore(), page_specs())
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    settle(qtbot)
    desk = window.findChild(DeskPage)
    assert desk is not None and desk.coverage.isVisible() and desk.loads.isVisible()
    assert desk.right.verticalScrollBar().maximum() == 0
