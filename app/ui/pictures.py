"""Pictures of every tab of an open workspace: for the demonstration, the manual and the eye."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QSize, Qt
from PySide6.QtWidgets import QApplication

from app.db.read import results
from app.db.read.results import ResultQuery
from app.db.read.tasks import Progress
from app.ui.application import make_application, make_window, status_of
from app.ui.main_window import MainWindow
from app.ui.pages import page_specs
from app.ui.tables import RecordTable
from app.ui.tasks import TaskRunner
from app.ui.view_store import MemoryViewStore

if TYPE_CHECKING:
    from app.services.workspace import Workspace

SIZE = QSize(1366, 768)
_PATIENCE_S = 20.0
# Each tab at the moment of the quarter when it has most to show.
_MOMENTS = {"plan": "planning", "publication": "publishing", "system": "end"}
_ROW = 3


def take_pictures(workspace: Workspace, folder: Path, moment: str) -> None:
    """Write ``NN-key.png`` for the tabs of this moment: planning, midway, publishing, end."""
    make_application(["suicha"])
    specs = page_specs()
    window = make_window(workspace, MemoryViewStore(), specs, status_of)
    window.resize(SIZE)
    # Laid out and painted like any window, but never on anybody's screen.
    window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    window.show()
    for number, spec in enumerate(specs, 1):
        if _MOMENTS.get(spec.key, "midway") == moment:
            window.go_to(spec.key)
            settle()
            _choose_something(window, spec.key)
            settle()
            window.grab().save(str(folder / f"{number:02d}-{spec.key}.png"))
    window.close()
    window.deleteLater()
    settle()


def _choose_something(window: MainWindow, key: str) -> None:
    """As a person would: a row, so that the detail beside it is seen."""
    page = window.page(key)
    table = getattr(page, "table", None)
    if isinstance(table, RecordTable):
        table.grid.selectRow(_ROW)
    elif key == "results":
        entering = ResultQuery(progress=frozenset({Progress.ENTERING}))
        ids = window.context.workspace.read(results.ids, entering)
        if ids:
            page.open_at(ids[0])


def settle() -> None:
    """Let background work finish and the window paint what it brought."""
    runner = TaskRunner.of_application()
    until = time.monotonic() + _PATIENCE_S
    quiet = 0
    while time.monotonic() < until and quiet < 5:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        quiet = 0 if runner.running else quiet + 1
        time.sleep(0.01)
