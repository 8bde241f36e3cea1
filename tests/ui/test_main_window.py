"""The frame: tabs, shortcuts, lazy pages, changes from the workspace, status line."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.ui.main_window import MainWindow, PageSpec
from app.ui.status_bar import WindowStatus
from app.ui.tasks import Progress, TaskRunner, long_operation, query
from app.ui.view_store import MemoryViewStore
from app.ui.widgets import Page, PageContext
from tests.ui.gallery import SPECS, STATUS, ListPage, QuietWorkspace, make_window

Wait = Callable[[], None]


class NotedPage(Page):
    made: list[str]

    def __init__(self, context: PageContext, title: str, made: list[str]) -> None:
        super().__init__(context, title)
        made.append(title)
        self.refreshed = 0
        self.seen: list[frozenset[str]] = []
        self.opened: list[object] = []

    def refresh(self) -> None:
        self.refreshed += 1

    def on_changed(self, kinds: frozenset[str]) -> None:
        self.seen.append(kinds)

    def open_at(self, where: object) -> None:
        self.opened.append(where)


@pytest.fixture
def made() -> list[str]:
    return []


@pytest.fixture
def workspace() -> QuietWorkspace:
    return QuietWorkspace()


@pytest.fixture
def window(qtbot: QtBot, made: list[str], workspace: QuietWorkspace) -> Iterator[MainWindow]:
    specs = [
        PageSpec("desk", "工作台", "desk", lambda context: NotedPage(context, "工作台", made)),
        PageSpec("targets", "检查对象", "factory", lambda each: NotedPage(each, "检查对象", made)),
        PageSpec("plan", "计划与抽取", "dice", lambda each: NotedPage(each, "计划与抽取", made)),
    ]
    shown = MainWindow(workspace, MemoryViewStore(), specs)  # type: ignore[arg-type]
    qtbot.addWidget(shown)
    shown.resize(1366, 768)
    shown.show()
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow)
    yield shown


def page(window: MainWindow, key: str) -> NotedPage:
    found = window.page(key)
    assert isinstance(found, NotedPage)
    return found


def test_pages_are_made_when_first_opened(
    qtbot: QtBot, window: MainWindow, made: list[str]
) -> None:
    assert made == ["工作台"]
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.current_key == "targets"
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert made == ["工作台", "检查对象"]
    assert page(window, "desk").refreshed == 1


def test_a_click_on_a_tab_opens_its_page(qtbot: QtBot, window: MainWindow) -> None:
    tabs = window.navigation.list
    at = tabs.visualRect(tabs.model().index(2, 0)).center()
    qtbot.mouseClick(tabs.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert window.current_key == "plan"


def test_another_page_is_opened_at_a_place(window: MainWindow) -> None:
    page(window, "desk").context.go_to("targets", 42)
    assert window.current_key == "targets"
    assert page(window, "targets").opened == [42]


def test_a_write_reaches_the_page_in_front_and_marks_the_others(
    qtbot: QtBot, window: MainWindow, workspace: QuietWorkspace
) -> None:
    window.go_to("targets")
    window.go_to("desk")

    def write() -> None:
        for callback in workspace.changed:
            callback(frozenset({"target"}))

    writer = threading.Thread(target=write)
    writer.start()
    writer.join()
    qtbot.waitUntil(lambda: page(window, "desk").seen == [frozenset({"target"})])
    assert page(window, "targets").refreshed == 1
    window.go_to("targets")
    assert page(window, "targets").refreshed == 2


def test_f1_asks_for_the_chapter_of_the_page(qtbot: QtBot, window: MainWindow) -> None:
    asked: list[str] = []
    window.manual_requested.connect(asked.append)
    window.go_to("plan")
    qtbot.keyClick(window, Qt.Key.Key_F1)
    assert asked == ["plan"]


def test_a_closed_window_leaves_the_workspace_alone(
    window: MainWindow, workspace: QuietWorkspace
) -> None:
    window.close()
    assert workspace.changed == []


def test_badges_are_said_aloud(window: MainWindow) -> None:
    from app.ui.theme import Tone

    window.navigation.set_badge("targets", 6, Tone.ACCENT)
    index = window.navigation.list.model().index(1, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "检查对象，6 件"


def test_the_status_line_says_who_and_where_the_ledger_is(window: MainWindow) -> None:
    window.show_status(STATUS)
    window.show_status(WindowStatus(unit="青禾县大队", ledger_head="9c41e07b" * 8))
    QApplication.processEvents()
    words = [each.text() for each in window.status.findChildren(QLabel) if each.isVisible()]
    assert [word for word in words if word] == ["青禾县大队", "账本 9c41e07b"]


def test_long_work_is_shown_and_can_be_cancelled(qtbot: QtBot, window: MainWindow) -> None:
    ended: list[str] = []

    def work(progress: Progress) -> None:
        number = 0
        while True:
            number += 1
            progress.report(min(number, 999), 1000)

    task = long_operation(window, work).progress("正在校验备份")
    task.finally_(lambda: ended.append("end")).run_in_background()
    status = window.status
    qtbot.waitUntil(status.cancel_link.isVisible)
    assert status.work_label.text().startswith("正在校验备份")
    assert "/ 1,000" in status.work_label.text()
    qtbot.mouseClick(status.cancel_link, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: ended == ["end"])
    assert not status.work_label.isVisible()


def test_a_toast_is_quiet_and_leads_somewhere(qtbot: QtBot, window: MainWindow) -> None:
    followed: list[str] = []
    page(window, "desk").context.toast("已保存", "查看", lambda: followed.append("there"))
    assert window.toast.isVisible()
    assert window.focusWidget() is not window.toast.link
    qtbot.mouseClick(window.toast.link, Qt.MouseButton.LeftButton)
    assert followed == ["there"]
    assert not window.toast.isVisible()


def test_a_narrow_window_tells_its_page(qtbot: QtBot) -> None:
    window = make_window(SPECS[1:2])
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    shown = window.page("targets")
    assert isinstance(shown, ListPage)
    assert shown.detail.isVisible()
    window.resize(1280, 649)
    qtbot.waitUntil(lambda: not shown.detail.isVisible())
    window.resize(1366, 768)
    qtbot.waitUntil(shown.detail.isVisible)
    qtbot.waitUntil(lambda: not TaskRunner.of_application().busy)


def test_the_whole_gallery_fits_1280_by_649(qtbot: QtBot) -> None:
    window = make_window()
    qtbot.addWidget(window)
    window.show()
    for spec in SPECS[:3]:
        window.go_to(spec.key)
        QApplication.processEvents()
        assert window.minimumSizeHint().width() <= 1280
    qtbot.waitUntil(lambda: not TaskRunner.of_application().busy)


def test_work_that_ends_after_a_window_is_gone_troubles_nobody(qtbot: QtBot) -> None:
    """Closed in the evening, opened in the morning, in one run of the program."""
    runner = TaskRunner.of_application()
    gone = MainWindow(QuietWorkspace(), MemoryViewStore(), [])  # type: ignore[arg-type]
    gone.deleteLater()
    qtbot.waitUntil(lambda: not shiboken6.isValid(gone))
    done: list[int] = []
    keeper = QWidget()
    qtbot.addWidget(keeper)
    query(keeper, lambda: 1).key("after").success(done.append).run_in_background()
    qtbot.waitUntil(lambda: done == [1] and not runner.busy)
