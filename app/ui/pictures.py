"""Pictures of every tab of an open workspace: for the demonstration, the manual and the eye."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QSize
from PySide6.QtWidgets import QApplication

from app.ui.application import make_application, make_window, status_of
from app.ui.pages import page_specs
from app.ui.tasks import TaskRunner
from app.ui.view_store import MemoryViewStore

if TYPE_CHECKING:
    from app.services.workspace import Workspace

SIZE = QSize(1366, 768)
_PATIENCE_S = 20.0
# 公示 is empty until the end of the quarter, the others are busiest in its middle.
_AT_END = frozenset({"publication", "system"})


def take_pictures(workspace: Workspace, folder: Path, moment: str) -> None:
    """Write ``NN-key.png`` for the tabs of this moment (``midway`` or ``end``)."""
    make_application(["suicha"])
    specs = page_specs()
    window = make_window(workspace, MemoryViewStore(), specs, status_of)
    window.resize(SIZE)
    window.show()
    for number, spec in enumerate(specs, 1):
        if (spec.key in _AT_END) == (moment == "end"):
            window.go_to(spec.key)
            settle()
            window.grab().save(str(folder / f"{number:02d}-{spec.key}.png"))
    window.close()
    window.deleteLater()
    settle()


def settle() -> None:
    """Let background work finish and the window paint what it brought."""
    runner = TaskRunner.of_application()
    until = time.monotonic() + _PATIENCE_S
    quiet = 0
    while time.monotonic() < until and quiet < 5:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        quiet = 0 if runner.running else quiet + 1
        time.sleep(0.01)
