"""收工: what a person sees of the day's backup while the program closes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.db.unit_of_work import UnitOfWork
from app.errors import EnvironmentFault
from app.services.safety import keeping
from app.services.workspace import CreateUnit, create, open_workspace
from app.ui import application
from app.ui.dialogs.closing import ClosingDialog
from app.ui.dialogs.messages import MessageDialog
from app.ui.main_window import MainWindow
from app.ui.tasks import TaskRunner

UNIT = CreateUnit(name="青禾县大队", code="360199", rulebook_id="taijiang-2022")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace in which something was done since its newest backup: since ever."""
    place = tmp_path / "工作区"
    create(place, UNIT)
    second = tmp_path / "第二处"
    second.mkdir()
    workspace = open_workspace(place)
    workspace.write(keeping.set_second_place, second)
    workspace.write(_something, None)
    workspace.close()
    for made in second.rglob("*.zip"):
        made.unlink()  # two of one second would be of one name
    return place


def _something(uow: UnitOfWork, _command: None) -> None:
    uow.record("note", "某事", {})
    uow.commit()


def when(ready: Callable[[], bool], action: Callable[[], object]) -> None:
    """Do ``action`` as soon as ``ready``, however long the machine takes."""
    QTimer.singleShot(20, lambda: action() if ready() else when(ready, action))


def shut_the_window() -> None:
    found = [each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow)]
    for window in found:
        window.close()


def window_is_idle() -> bool:
    found = [each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow)]
    return any(each.isVisible() for each in found) and not TaskRunner.of_application().busy


def closing_dialog() -> ClosingDialog | None:
    dialog = QApplication.activeModalWidget()
    return dialog if isinstance(dialog, ClosingDialog) else None


def test_the_day_ends_with_a_backup_in_both_places(qtbot: QtBot, root: Path) -> None:
    when(window_is_idle, shut_the_window)
    assert application.run_window(root) == application.OK
    assert len(keeping.backups(root)) == 1
    assert len([*(root.parent / "第二处").rglob("*-day.zip")]) == 1
    again = open_workspace(root)
    assert not keeping.day_is_due(again)
    again.close()


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """The second place answers, then writes for ever: until the event is set."""
    release = threading.Event()

    def hang(_uow: UnitOfWork, _place: keeping.SecondPlace) -> NoReturn:
        release.wait()
        raise EnvironmentFault("网络断了。", "")

    monkeypatch.setattr(keeping, "_to_second", hang)
    yield release
    release.set()


def test_a_second_place_that_hangs_is_not_waited_for(
    qtbot: QtBot, root: Path, hanging: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[int] = []

    def leave(code: int) -> None:
        left.append(code)
        hanging.set()  # a process that is gone would not wait either

    def give_up() -> None:
        dialog = closing_dialog()
        assert dialog is not None
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert dialog.isVisible(), "Esc alone must not leave"
        (button,) = [b for b in dialog.findChildren(QPushButton) if "不等了" in b.text()]
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    monkeypatch.setattr(application, "leave_at_once", leave)
    when(window_is_idle, shut_the_window)
    when(lambda: closing_dialog() is not None and bool(keeping.backups(root)), give_up)
    application.run_window(root)
    assert left == [application.OK]
    assert len(keeping.backups(root)) == 1, "the one here was made before"


def test_a_second_place_that_fails_is_said_before_the_program_ends(
    qtbot: QtBot, root: Path, hanging: threading.Event
) -> None:
    said: list[str] = []

    def told() -> bool:
        dialog = QApplication.activeModalWidget()
        return isinstance(dialog, MessageDialog) and not isinstance(dialog, ClosingDialog)

    def read() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, MessageDialog)
        said.append(dialog.text_label.text())
        dialog.accept()

    hanging.set()
    when(window_is_idle, shut_the_window)
    when(told, read)
    assert application.run_window(root) == application.OK
    assert said == ["今天的备份已存在本机，第二处没有存成：网络断了。"]
