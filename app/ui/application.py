"""Builds the application and runs it: theme, crash hook, workspace, main window.

``run_window(root)`` is all ``bootstrap`` calls.  ``make_window`` is the same
window without an event loop, for tests and screenshots.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app import __version__
from app.db.read import entries
from app.errors import AppError
from app.paths import WorkspaceFolder
from app.services import rulebooks
from app.services.draws import completing
from app.services.safety import keeping
from app.services.workspace import CreateUnit, Workspace, create, exists, open_workspace, unfinished
from app.ui.crash import CrashReporter
from app.ui.dialogs.closing import end_day
from app.ui.dialogs.first_run import FirstRun, FirstRunDialog, StartWith
from app.ui.dialogs.manual import ManualDialog
from app.ui.dialogs.messages import show_error
from app.ui.dialogs.moving import AwayDialog
from app.ui.main_window import MainWindow, PageSpec
from app.ui.pages import page_specs
from app.ui.status_bar import WindowStatus
from app.ui.tasks import TaskRunner, operation, query
from app.ui.theme import TextSize, apply_theme, choose_text_size
from app.ui.view_store import IniViewStore, ViewStore

TEXT_SIZE_KEY = "window/text_size"
OK, FAILED = 0, 1
_SWITCH_SECONDS = 0.001
"""How long a worker may hold the interpreter while the window waits."""

FillSample = Callable[[Workspace], object]
AskStatus = Callable[[Workspace], WindowStatus]


def run_window(root: Path, fill_sample: FillSample | None = None) -> int:
    """Open the workspace in ``root`` (made in a first run) and show it; the exit code.

    ``fill_sample`` puts the sample county into a new workspace.
    """
    sys.setswitchinterval(_SWITCH_SECONDS)
    folder = WorkspaceFolder(root)
    store = IniViewStore(folder.view_state)
    app = make_application(sys.argv[:1], stored_text_size(store))
    crash = CrashReporter(folder.log, app)
    crash.install()
    try:
        return _run(app, root, store, crash, fill_sample)
    except AppError as error:
        show_error(None, error)
        return FAILED
    finally:
        crash.uninstall()


def _run(
    app: QApplication,
    root: Path,
    store: ViewStore,
    crash: CrashReporter,
    fill_sample: FillSample | None,
) -> int:
    fill = None
    if not exists(root) or unfinished(root):
        choice = _first_run(root, fill_sample is not None)
        if choice is None:
            return OK
        fill = fill_sample if choice.start_with is StartWith.SAMPLE else None
    workspace = open_workspace(root)
    try:
        if workspace.moved_away is None:
            workspace.write(completing.complete, None)
        code = _show(app, workspace, store, crash, fill)
        TaskRunner.of_application().shut_down()
        if not end_day(workspace):
            leave_at_once(code)
        return code
    finally:
        TaskRunner.of_application().shut_down()
        workspace.close()


def leave_at_once(code: int) -> NoReturn:
    """End the process without waiting for a writing thread that hangs in a dead folder.

    Everything entered is committed, and SQLite takes this like a power cut.
    """
    logging.shutdown()
    os._exit(code)


def make_application(argv: Sequence[str], size: TextSize = TextSize.STANDARD) -> QApplication:
    """The themed application; the one there is when called again."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        apply_theme(existing)
        return existing
    choose_text_size(size)
    app = QApplication(list(argv))
    app.setApplicationName("SuiCha")
    app.setApplicationDisplayName("随查")
    app.setApplicationVersion(__version__)
    apply_theme(app)
    return app


def make_window(
    workspace: Workspace,
    store: ViewStore,
    specs: Sequence[PageSpec],
    ask_status: AskStatus,
) -> MainWindow:
    """The main window, wired but not yet shown."""
    window = MainWindow(workspace, store, specs)

    def refresh_status() -> None:
        query(window, lambda: ask_status(workspace)).key("status").success(
            window.show_status
        ).run_in_background()

    manual: list[ManualDialog] = []
    titles = {spec.key: spec.title for spec in specs}

    def open_manual(chapter: str) -> None:
        if not manual:
            manual.append(ManualDialog(window))
        manual[0].open_chapter(titles.get(chapter, chapter))

    window.manual_requested.connect(open_manual)
    window.status_wanted.connect(refresh_status)
    refresh_status()
    return window


def stored_text_size(store: ViewStore) -> TextSize:
    """The size a person chose under 系统; it takes effect at the next start."""
    words = store.text(TEXT_SIZE_KEY)
    return next((size for size in TextSize if size.value == words), TextSize.STANDARD)


def status_of(workspace: Workspace) -> WindowStatus:
    """What the status bar says about ``workspace``; reads, so call it in the background."""
    made = keeping.backups(workspace.folder.root)
    words = f"{made[0].at.astimezone():%m-%d %H:%M}" if made else "还没有"
    place = workspace.read(keeping.second_place)
    today = workspace.clock().astimezone().date()
    if place is not None and place.old(today):
        words += f"，第二处 {place.words(today)}，请备份"
    return WindowStatus(
        unit=workspace.unit.name + ("（只供查看）" if workspace.moved_away else ""),
        person=workspace.actor,
        ledger_head=workspace.read(entries.head),
        backup=words,
    )


def _first_run(root: Path, sample: bool) -> FirstRun | None:
    """Ask, then make the workspace; ``None`` when the person gave up."""
    dialog = FirstRunDialog(
        rulebooks.available(WorkspaceFolder(root).rulebooks),
        sample=sample,
        root=root,
        unfinished=unfinished(root),
    )
    if not dialog.exec():
        return None
    choice = dialog.choice
    if choice.start_with is StartWith.BACKUP:
        return choice
    create(
        root,
        CreateUnit(
            name=choice.name,
            code=choice.code,
            rulebook_id=choice.rulebook_id,
            level=choice.level,
            person=choice.person,
        ),
    )
    return choice


def _show(
    app: QApplication,
    workspace: Workspace,
    store: ViewStore,
    crash: CrashReporter,
    fill_sample: FillSample | None,
) -> int:
    window = make_window(workspace, store, page_specs(), status_of)
    available = app.primaryScreen().availableGeometry()
    window.resize(min(1440, available.width()), min(900, available.height()))
    window.show()
    QTimer.singleShot(0, window, lambda: crash.offer_earlier(window))
    away = workspace.moved_away
    if away is not None:
        QTimer.singleShot(0, window, AwayDialog(window, workspace, away).open)
    if fill_sample is not None:
        operation(window, lambda: fill_sample(workspace)).progress("正在放入示例县").success(
            lambda _counts: window.toast.say("示例县已放好，可以练习了。")
        ).run_in_background()
    return app.exec()
