"""换电脑 in the window: written, closed, said at the next start, gone on with for a reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.services.draws import drawing
from app.services.safety import moving
from app.services.safety.moving import Move
from app.services.workspace import Workspace, open_workspace
from app.ui import application
from app.ui.dialogs import moving as dialogs
from app.ui.dialogs.moving import AwayDialog, MoveDialog
from app.ui.tasks import TaskRunner
from tests.support_office import PERIOD, WITNESSES, make_office
from tests.ui.test_application import open_window, when, windows

LEFT = Qt.MouseButton.LeftButton
PATIENCE = 60_000


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    made = make_office(tmp_path / "old")
    yield made
    made.close()


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "U盘"
    path.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a: str(path))
    monkeypatch.setattr(dialogs, "open_path", lambda _path: None)
    monkeypatch.setattr(dialogs, "confirm_danger", lambda *_a, **_k: True)
    return path


def shown(qtbot: QtBot, office: Workspace) -> MoveDialog:
    dialog = MoveDialog(None, office)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: not TaskRunner.of_application().busy, timeout=PATIENCE)
    return dialog


def test_the_file_is_written_and_the_workspace_closed(
    qtbot: QtBot, office: Workspace, stick: Path
) -> None:
    dialog = shown(qtbot, office)
    assert not dialog.write.isEnabled() and dialog.hint.text() == "请先选写到哪里"
    qtbot.mouseClick(dialog.choose, LEFT)
    qtbot.mouseClick(dialog.write, LEFT)
    qtbot.waitUntil(lambda: office.moved_away is not None, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not TaskRunner.of_application().busy, timeout=PATIENCE)
    assert "读回核对" in dialog.banner.text.text()
    assert len(list(stick.glob("suicha-*-move.zip"))) == 1


def test_an_open_draw_is_named_and_nothing_can_be_pressed(
    qtbot: QtBot, office: Workspace, stick: Path
) -> None:
    frozen = office.write(
        drawing.freeze,
        drawing.FreezeDraw(
            period=PERIOD, witnesses=WITNESSES, host="李四", recorder="王五", place="会议室"
        ),
    )
    dialog = shown(qtbot, office)
    qtbot.mouseClick(dialog.choose, LEFT)
    assert frozen.no in dialog.banner.text.text()
    assert not dialog.write.isEnabled()


@pytest.fixture
def away(tmp_path: Path) -> Path:
    """A workspace that was moved this day."""
    make_office(tmp_path / "away").close()
    today = open_workspace(tmp_path / "away")
    (tmp_path / "stick").mkdir()
    moving.move(today, Move(tmp_path / "stick"))
    today.close()
    return tmp_path / "away"


def question() -> AwayDialog | None:
    found = QApplication.activeModalWidget()
    return found if isinstance(found, AwayDialog) else None


def test_the_start_says_that_it_moved_and_it_stays_readable(qtbot: QtBot, away: Path) -> None:
    told: list[str] = []

    def look() -> None:
        dialog = question()
        assert dialog is not None
        told.append(dialog.text_label.text())
        dialog.look.click()
        when(lambda: not TaskRunner.of_application().busy, lambda: open_window().close())

    when(lambda: bool(windows()) and question() is not None, look)
    assert application.run_window(away) == application.OK
    assert "只供查看" in told[0]
    again = open_workspace(away)
    assert again.moved_away is not None
    again.close()


def test_going_on_asks_for_a_reason_and_is_recorded(qtbot: QtBot, away: Path) -> None:
    office = open_workspace(away)
    assert office.moved_away is not None
    dialog = AwayDialog(None, office, office.moved_away)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.stay.isEnabled()
    qtbot.keyClicks(dialog.reason, "new PC is broken")
    qtbot.mouseClick(dialog.stay, LEFT)
    qtbot.waitUntil(lambda: office.moved_away is None, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=PATIENCE)
    last = "SELECT action FROM ledger ORDER BY seq DESC LIMIT 1"
    assert office.read(lambda c: c.exec_driver_sql(last).scalar()) == "move.stay"
    office.close()
