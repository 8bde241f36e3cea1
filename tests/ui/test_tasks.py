"""Background work: results on the main thread, second clicks, cancelling, closed pages."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.errors import AppError, EnvironmentFault, UserError
from app.ui.dialogs.messages import MessageDialog
from app.ui.tasks import Cancelled, Progress, TaskRunner, long_operation, operation, query


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def settle(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not TaskRunner.of_application().busy)


def test_work_runs_elsewhere_and_the_result_comes_home(qtbot: QtBot, page: QWidget) -> None:
    worked, came = [], []
    main = threading.get_ident()

    def work() -> int:
        worked.append(threading.get_ident())
        return 41

    operation(page, work).success(
        lambda value: came.append((value, threading.get_ident()))
    ).run_in_background()
    settle(qtbot)
    assert came == [(41, main)]
    assert worked != [main]


def test_a_second_click_does_nothing_while_the_first_runs(qtbot: QtBot, page: QWidget) -> None:
    gate = threading.Event()
    runs: list[int] = []

    def click() -> bool:
        def work() -> None:
            runs.append(1)
            gate.wait(5)

        return operation(page, work).run_in_background()

    assert click()
    assert not click()
    gate.set()
    settle(qtbot)
    assert click()
    settle(qtbot)
    assert len(runs) == 2


def test_two_different_buttons_do_not_block_each_other(qtbot: QtBot, page: QWidget) -> None:
    gate = threading.Event()
    done: list[str] = []
    operation(page, lambda: gate.wait(5)).success(lambda _: done.append("a")).run_in_background()
    started = operation(page, lambda: 1).success(lambda _: done.append("b")).run_in_background()
    assert started
    qtbot.waitUntil(lambda: done == ["b"])
    gate.set()
    settle(qtbot)
    assert done == ["b", "a"]


def test_of_two_looks_only_the_newer_is_shown(qtbot: QtBot, page: QWidget) -> None:
    gates = [threading.Event(), threading.Event()]
    shown: list[int] = []

    def look(number: int) -> None:
        def work() -> int:
            gates[number].wait(5)
            return number

        query(page, work).success(shown.append).run_in_background()

    look(0)
    look(1)
    gates[1].set()
    qtbot.waitUntil(lambda: shown == [1])
    gates[0].set()
    settle(qtbot)
    assert shown == [1]


def test_a_closed_page_is_not_called(qtbot: QtBot) -> None:
    closed = QWidget()
    gate = threading.Event()
    called: list[object] = []
    operation(closed, lambda: gate.wait(5)).success(called.append).finally_(
        lambda: called.append("end")
    ).run_in_background()
    closed.deleteLater()
    del closed
    QApplication.sendPostedEvents(None, 0)
    QApplication.processEvents()
    gate.set()
    settle(qtbot)
    assert called == []


def test_cancelling_stops_at_the_next_report(qtbot: QtBot, page: QWidget) -> None:
    began = threading.Event()
    ended: list[str] = []

    def work(progress: Progress) -> None:
        for number in range(10_000_000):
            progress.report(number, 10_000_000, "第一行")
            began.set()
        ended.append("all")

    long_operation(page, work).progress("正在读取").success(ended.append).finally_(
        lambda: ended.append("end")
    ).run_in_background()
    assert began.wait(5)
    (task,) = TaskRunner.of_application().running
    assert task.cancellable
    task.progress.cancel()
    settle(qtbot)
    assert ended == ["end"]


def test_progress_reaches_the_main_thread(qtbot: QtBot, page: QWidget) -> None:
    seen: list[tuple[int, int, str]] = []
    TaskRunner.of_application().progressed.connect(
        lambda task: seen.append((task.report.done, task.report.total, task.report.text))
    )
    long_operation(page, lambda progress: progress.report(3, 3, "末行")).run_in_background()
    settle(qtbot)
    assert seen == [(3, 3, "末行")]


def test_cancelled_progress_raises() -> None:
    progress = Progress(lambda _report: None)
    progress.cancel()
    with pytest.raises(Cancelled):
        progress.report(1, 2)


def test_a_known_error_goes_to_failure(qtbot: QtBot, page: QWidget) -> None:
    caught: list[AppError] = []

    def work() -> None:
        raise UserError("名录里没有这一家。", "请先导入。")

    operation(page, work).failure(caught.append).run_in_background()
    settle(qtbot)
    assert [str(error) for error in caught] == ["名录里没有这一家。请先导入。"]


def test_a_known_error_nobody_takes_is_shown(qtbot: QtBot, page: QWidget) -> None:
    shown: list[tuple[str, str]] = []

    def read_and_close() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, MessageDialog)
        texts = [label.text() for label in dialog.findChildren(QLabel)]
        shown.append((dialog.windowTitle(), "|".join(texts)))
        dialog.accept()

    def work() -> None:
        raise EnvironmentFault("U 盘已拔出。", "请插回后再导出。")

    operation(page, work).run_in_background()
    QTimer.singleShot(200, read_and_close)
    settle(qtbot)
    qtbot.waitUntil(lambda: bool(shown))
    title, text = shown[0]
    assert title == "暂时办不了"
    assert "U 盘已拔出。" in text
    assert "请插回后再导出。" in text


def test_a_bug_goes_to_the_hook(
    qtbot: QtBot, page: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooked: list[str] = []
    hook: Callable[..., None] = lambda kind, error, trace: hooked.append(  # noqa: E731
        f"{kind.__name__} {error} {threading.current_thread() is threading.main_thread()}"
    )
    monkeypatch.setattr(sys, "excepthook", hook)
    operation(page, lambda: 1 // 0).run_in_background()
    settle(qtbot)
    assert hooked == ["ZeroDivisionError integer division or modulo by zero True"]
