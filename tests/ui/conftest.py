"""Every window test runs under the real theme, offscreen, and leaks no thread."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.dialogs.messages import MessageDialog
from app.ui.tasks import TaskRunner
from app.ui.theme import apply_theme


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    apply_theme(qapp)
    return qapp


_ROUNDS = 5


@pytest.fixture(autouse=True)
def _work_ends(qapp: QApplication) -> Iterator[None]:
    yield
    # What ended is delivered by the events, and a page may begin anew on hearing of it.
    for _ in range(_ROUNDS):
        TaskRunner.of_application().shut_down()
        qapp.processEvents()
    TaskRunner.of_application().shut_down()


# What is waited for comes in a second or not at all; a loaded machine may take its time.
_PATIENCE_MS = 60_000


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test give up waiting only because two cores do the work of eight."""
    plain = QtBot.waitUntil

    def wait_until(bot: QtBot, callback: Callable[[], bool | None], *, timeout: int = 0) -> None:
        plain(bot, callback, timeout=max(timeout, _PATIENCE_MS))

    monkeypatch.setattr(QtBot, "waitUntil", wait_until)


_NOBODY_ANSWERS_MS = 30_000


@pytest.fixture(autouse=True)
def _no_dialog_waits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test in which a message waits for nobody, instead of waiting with it."""
    waited: list[str] = []
    plain = MessageDialog.exec

    def exec_(dialog: MessageDialog) -> int:
        def give_up() -> None:
            waited.append(f"{dialog.windowTitle()}: {dialog.text_label.text()}")
            dialog.reject()

        limit = QTimer(dialog)
        limit.setSingleShot(True)
        limit.timeout.connect(give_up)
        # An answered one may stay alive under its page, and its timer with it.
        dialog.finished.connect(limit.stop)
        limit.start(_NOBODY_ANSWERS_MS)
        return int(plain(dialog))

    monkeypatch.setattr(MessageDialog, "exec", exec_)
    yield
    if waited:
        pytest.fail(f"nobody answered: {'; '.join(waited)}")
