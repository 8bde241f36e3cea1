"""A new PC: the first run takes a backup or a move, looks into it, restores and opens it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.paths import HALF_RESTORED
from app.services.draws import remembering
from app.services.safety import keeping, moving
from app.services.safety.keeping import MakeBackup
from app.services.safety.moving import Move
from app.services.workspace import exists, open_workspace, unfinished
from app.ui import application
from app.ui.dialogs.arriving import ArrivalSequence
from app.ui.dialogs.first_run import FirstRunDialog, StartWith
from app.ui.tasks import TaskRunner
from tests.support_office import draw_once, make_office
from tests.ui.test_application import dialog_is_open, open_window, when, windows

LEFT = Qt.MouseButton.LeftButton
PATIENCE = 60_000
Choose = Callable[[ArrivalSequence, Path], None]


@pytest.fixture
def new_pc(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SUICHA_STATE", str(tmp_path / "new-pc"))


@pytest.fixture
def moved(tmp_path: Path) -> Path:
    """The file an old PC wrote, with its clock of today."""
    office = make_office(tmp_path / "old")
    draw_once(office)
    office.close()
    today = open_workspace(tmp_path / "old")
    (tmp_path / "stick").mkdir()
    made = moving.move(today, Move(tmp_path / "stick"))
    today.close()
    return made.path


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    office = make_office(tmp_path / "old")
    draw_once(office)
    made = office.write(keeping.backup, MakeBackup())
    office.close()
    return made.path


def opened(qtbot: QtBot, root: Path) -> tuple[FirstRunDialog, ArrivalSequence]:
    """The first run, led to the choice of the file by clicks."""
    dialog = FirstRunDialog((), root=root, unfinished=unfinished(root))
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.arrival is not None
    card = dialog.start_list._cards[StartWith.BACKUP.value]
    qtbot.mouseClick(card, LEFT)
    qtbot.mouseClick(dialog.sequence.forward, LEFT)
    assert dialog.ways.currentWidget() is dialog.arrival
    return dialog, dialog.arrival


@pytest.fixture
def choose(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> Callable[[ArrivalSequence, Path], None]:
    """Press 选择… and pick a file."""

    def pick(arrival: ArrivalSequence, path: Path) -> None:
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a: (str(path), ""))
        qtbot.mouseClick(arrival.choose_button, LEFT)
        qtbot.waitUntil(lambda: not arrival.busy, timeout=PATIENCE)

    return pick


@pytest.mark.usefixtures("new_pc")
def test_a_move_is_taken_by_clicks(
    qtbot: QtBot, tmp_path: Path, moved: Path, choose: Choose
) -> None:
    root = tmp_path / "new"
    (root / "log").mkdir(parents=True)
    dialog, arrival = opened(qtbot, root)
    assert not arrival.forward.isEnabled() and arrival.hint.text() == "请先选一份备份"
    choose(arrival, moved)
    assert "旧电脑已停用" in arrival.banner.text.text()
    qtbot.mouseClick(arrival.forward, LEFT)
    qtbot.waitUntil(lambda: not arrival.busy, timeout=PATIENCE)
    assert "各项都相符" in arrival.outcome.text.text()
    assert all(check.ok for check in arrival.checks.rows())
    qtbot.mouseClick(arrival.forward, LEFT)
    assert dialog.result() == FirstRunDialog.DialogCode.Accepted
    assert dialog.choice.start_with is StartWith.BACKUP
    office = open_workspace(root)
    assert office.moved_away is None
    assert office.read(remembering.gap, "360199") is None
    office.close()


@pytest.mark.usefixtures("new_pc")
def test_a_plain_backup_says_that_paper_will_be_asked(
    qtbot: QtBot, tmp_path: Path, saved: Path, choose: Choose
) -> None:
    _dialog, arrival = opened(qtbot, tmp_path / "new")
    choose(arrival, saved)
    assert "普通备份" in arrival.banner.text.text()


@pytest.mark.usefixtures("new_pc")
def test_a_damaged_file_is_a_sentence_and_nothing_is_written(
    qtbot: QtBot, tmp_path: Path, saved: Path, choose: Choose
) -> None:
    saved.write_bytes(saved.read_bytes()[:-100])
    dialog, arrival = opened(qtbot, tmp_path / "new")
    choose(arrival, saved)
    assert "不是随查的备份文件，或已经损坏" in arrival.banner.text.text()
    assert not arrival.forward.isEnabled() and not exists(tmp_path / "new")
    qtbot.mouseClick(arrival.back, LEFT)
    assert dialog.ways.currentWidget() is dialog.sequence


@pytest.mark.usefixtures("new_pc")
def test_half_a_restore_is_said_at_the_next_start_and_done_again(
    qtbot: QtBot, tmp_path: Path, saved: Path, choose: Choose
) -> None:
    root = tmp_path / "new"
    root.mkdir()
    (root / HALF_RESTORED).write_text("x", encoding="utf-8")
    dialog, arrival = opened(qtbot, root)
    assert dialog.start_list.key == StartWith.BACKUP.value
    dialog.start_list.choose(StartWith.EMPTY.value)
    assert "请先把上次的恢复做完" in dialog.sequence.hint.text()
    choose(arrival, saved)
    qtbot.mouseClick(arrival.forward, LEFT)
    qtbot.waitUntil(lambda: not arrival.busy, timeout=PATIENCE)
    assert not unfinished(root) and exists(root)


@pytest.mark.usefixtures("new_pc")
def test_the_program_opens_what_arrived(
    qtbot: QtBot, tmp_path: Path, moved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "new"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a: (str(moved), ""))

    def arrival() -> ArrivalSequence:
        dialog = application.QApplication.activeModalWidget()
        assert isinstance(dialog, FirstRunDialog) and dialog.arrival is not None
        return dialog.arrival

    def begin() -> None:
        dialog = application.QApplication.activeModalWidget()
        assert isinstance(dialog, FirstRunDialog)
        dialog.start_list.choose(StartWith.BACKUP.value)
        dialog.sequence.forward.click()
        arrival().choose_button.click()
        forward = arrival().forward
        when(forward.isEnabled, forward.click)
        when(lambda: forward.text() == "打开工作区", forward.click)

    when(dialog_is_open, begin)
    when(
        lambda: bool(windows()) and not TaskRunner.of_application().busy,
        lambda: open_window().close(),
    )
    assert application.run_window(root) == application.OK
    assert exists(root)
