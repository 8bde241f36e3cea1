"""The window over a real workspace, from the first run to closing it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLabel
from pytestqt.qtbot import QtBot

from app.services.workspace import CreateUnit, Workspace, create, exists, open_workspace
from app.ui import application
from app.ui.dialogs.first_run import FirstRunDialog, StartWith
from app.ui.dialogs.messages import MessageDialog
from app.ui.main_window import MainWindow
from app.ui.tasks import TaskRunner
from app.ui.theme import TextSize
from app.ui.view_store import IniViewStore

UNIT = CreateUnit(name="青禾县大队", code="360199", rulebook_id="taijiang-2022")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "工作区"


def when(ready: Callable[[], bool], action: Callable[[], object]) -> None:
    """Do ``action`` as soon as ``ready``, however long the machine takes."""
    QTimer.singleShot(20, lambda: action() if ready() else when(ready, action))


def windows() -> list[MainWindow]:
    found = QApplication.topLevelWidgets()
    return [each for each in found if isinstance(each, MainWindow) and each.isVisible()]


def open_window() -> MainWindow:
    return windows()[0]


def dialog_is_open() -> bool:
    return QApplication.activeModalWidget() is not None


def fill_in_first_run(start: StartWith) -> None:
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, FirstRunDialog)
    dialog.name_edit.setText(UNIT.name)
    dialog.code_edit.setText(UNIT.code)
    dialog.person_edit.setText("吴倩")
    dialog.rulebook_list.choose(UNIT.rulebook_id)
    dialog.start_list.choose(start.value)
    for _ in range(4):
        dialog.sequence.forward.click()


def test_an_open_window_says_whose_workspace_it_is(qtbot: QtBot, root: Path) -> None:
    create(root, UNIT)
    said: list[str] = []

    def look() -> None:
        window = open_window()
        said.extend(label.text() for label in window.status.findChildren(QLabel))
        window.close()

    when(lambda: bool(windows()) and not TaskRunner.of_application().busy, look)
    assert application.run_window(root) == application.OK
    assert "青禾县大队" in said
    open_workspace(root).close()


def test_a_first_run_makes_the_workspace_and_fills_it_behind_the_window(
    qtbot: QtBot, root: Path
) -> None:
    filled: list[str] = []

    def fill(workspace: Workspace) -> None:
        filled.append(workspace.unit.name)

    when(dialog_is_open, lambda: fill_in_first_run(StartWith.SAMPLE))
    when(
        lambda: bool(filled and windows()) and not TaskRunner.of_application().busy,
        lambda: open_window().close(),
    )
    assert application.run_window(root, fill) == application.OK
    assert filled == ["青禾县大队"]
    workspace = open_workspace(root)
    assert workspace.actor == "吴倩"
    workspace.close()


def test_giving_up_the_first_run_leaves_nothing(qtbot: QtBot, root: Path) -> None:
    def give_up() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        dialog.reject()

    when(dialog_is_open, give_up)
    assert application.run_window(root) == application.OK
    assert not exists(root)


def test_a_workspace_in_use_is_refused_in_words(qtbot: QtBot, root: Path) -> None:
    create(root, UNIT)
    holder = open_workspace(root)
    told: list[str] = []

    def read() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, MessageDialog)
        told.append(dialog.text_label.text())
        dialog.accept()

    when(dialog_is_open, read)
    assert application.run_window(root) == application.FAILED
    assert "正被另一个随查窗口或命令使用" in told[0]
    holder.close()


def test_what_was_chosen_outlives_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    text = '{"order": ["a", "b"], "hidden": [], "widths": {"a": 12}, "名称": "，;%"}'
    IniViewStore(tmp_path / "view.ini").set_text("table/targets", text)
    IniViewStore(tmp_path / "view.ini").set_text(application.TEXT_SIZE_KEY, TextSize.LARGE.value)
    again = IniViewStore(tmp_path / "view.ini")
    assert again.text("table/targets") == text
    assert application.stored_text_size(again) is TextSize.LARGE
    again.set_text(application.TEXT_SIZE_KEY, "没有这一档")
    assert application.stored_text_size(again) is TextSize.STANDARD
