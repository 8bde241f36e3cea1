"""Bugs are written down, shown once, and offered at the next start."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.crash import CrashDialog, CrashReporter


@pytest.fixture
def reporter(
    tmp_path: Path, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> Iterator[CrashReporter]:
    made = CrashReporter(tmp_path / "log")
    yield made
    for dialog in dialogs():
        dialog.close()
    made.deleteLater()


def dialogs() -> list[CrashDialog]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, CrashDialog)]


def fall(reporter: CrashReporter, text: str) -> None:
    try:
        raise ValueError(text)
    except ValueError as error:
        reporter._on_exception(type(error), error, error.__traceback__)


def test_a_bug_is_told_calmly_with_details_to_copy(qtbot: QtBot, reporter: CrashReporter) -> None:
    fall(reporter, "乙")
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    (dialog,) = dialogs()
    assert "数据没有丢失" in dialog.text_label.text()
    qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert "ValueError: 乙" in copied
    assert "test_crash.py" in copied


def test_a_repeated_bug_is_written_and_shown_once(
    qtbot: QtBot, reporter: CrashReporter, tmp_path: Path
) -> None:
    for number in range(5):
        fall(reporter, f"repaint {number}")
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    (dialog,) = dialogs()
    assert dialog.details.toPlainText().count("Traceback") == 1
    assert len(list((tmp_path / "log").glob("crash-*.txt"))) == 1


def test_a_workers_bug_is_shown_on_the_main_thread(qtbot: QtBot, reporter: CrashReporter) -> None:
    thread = threading.Thread(target=lambda: fall(reporter, "worker"))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(dialogs()) == 1)


def test_the_next_start_offers_what_was_written_once(
    qtbot: QtBot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "log"
    died = CrashReporter(folder)
    fall(died, "died before the dialog")
    died.deleteLater()
    next_start = CrashReporter(folder)
    assert len(next_start.pending()) == 1
    assert next_start.offer_earlier(None)
    assert "died before the dialog" in dialogs()[0].details.toPlainText()
    assert not CrashReporter(folder).offer_earlier(None)
    dialogs()[0].close()


def test_a_folder_that_cannot_be_written_does_not_hide_the_bug(
    qtbot: QtBot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "log").write_text("a file where the folder should be", encoding="utf-8")
    reporter = CrashReporter(tmp_path / "log")
    fall(reporter, "x")
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    dialogs()[0].close()
    assert "crash log not written" in capsys.readouterr().err
