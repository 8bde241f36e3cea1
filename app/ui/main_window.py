"""The frame: tabs at the left, pages made when first opened, one status line.

::

    window = MainWindow(workspace, store, [
        PageSpec("desk", "工作台", "desk", DeskPage),
        PageSpec("targets", "检查对象", "factory", TargetsPage),
    ])
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app.ui.dialogs.messages import confirm
from app.ui.icons import icon
from app.ui.navigation import Navigation, NavItem
from app.ui.status_bar import StatusBar, WindowStatus
from app.ui.tasks import TaskRunner
from app.ui.theme import LIGHT
from app.ui.view_store import ViewStore
from app.ui.widgets.page import Page, PageContext
from app.ui.widgets.toast import Toast

_MINUTE = 60_000

if TYPE_CHECKING:
    from app.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class PageSpec:
    """One tab: its key for ``go_to``, word, icon, and what makes the page."""

    key: str
    title: str
    icon: str
    factory: Callable[[PageContext], Page]


class MainWindow(QMainWindow):
    """Owns the pages; passes on what the workspace says has changed."""

    page_shown = Signal(str)
    manual_requested = Signal(str)
    status_wanted = Signal()
    _workspace_changed = Signal(object)

    def __init__(self, workspace: Workspace, store: ViewStore, specs: Sequence[PageSpec]) -> None:
        super().__init__()
        self.setWindowTitle("随查")
        self.setWindowIcon(icon("mark", LIGHT.accent))
        self.setMinimumSize(1080, 600)
        self._workspace = workspace
        self._specs = {spec.key: spec for spec in specs}
        self._pages: dict[str, Page] = {}
        self._day = workspace.clock().astimezone().date()
        self.navigation = Navigation([NavItem(each.key, each.title, each.icon) for each in specs])
        self.stack = QStackedWidget()
        self.status = StatusBar(TaskRunner.of_application())
        self._build()
        self.toast = Toast(self)
        self.context = PageContext(
            workspace=workspace,
            store=store,
            go_to=self.go_to,
            toast=self.toast.say,
            set_badge=self.navigation.set_badge,
            open_manual=self.manual_requested.emit,
        )
        self.navigation.chosen.connect(self._on_chosen)
        self.navigation.manual_requested.connect(self._on_manual)
        self._make_shortcuts()
        # Callbacks come on the writer's thread; the queued signal changes threads.
        self._workspace_changed.connect(
            self._on_workspace_changed, Qt.ConnectionType.QueuedConnection
        )
        workspace.changed.append(self._announce)
        # Asked every minute, not once at midnight: a PC asleep at midnight wakes to the right day.
        self.minute = QTimer(self)
        self.minute.setInterval(_MINUTE)
        self.minute.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self.minute.timeout.connect(self._on_minute)
        self.minute.start()
        if specs:
            self.go_to(specs[0].key, None)

    def _build(self) -> None:
        centre = QWidget()
        outer = QVBoxLayout(centre)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self.navigation)
        across.addWidget(self.stack, 1)
        outer.addLayout(across, 1)
        outer.addWidget(self.status)
        self.setCentralWidget(centre)

    def _make_shortcuts(self) -> None:
        for number, key in enumerate(list(self._specs)[:9], start=1):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            shortcut.activated.connect(lambda which=key: self.go_to(which, None))
        manual = QShortcut(QKeySequence(QKeySequence.StandardKey.HelpContents), self)
        manual.activated.connect(self._on_manual)
        again = QShortcut(QKeySequence("F5"), self)
        again.activated.connect(self._on_again)

    @property
    def current_key(self) -> str:
        """The key of the page in front."""
        current = self.stack.currentWidget()
        return next(key for key, page in self._pages.items() if page is current)

    def page(self, key: str) -> Page:
        """The page of ``key``, made now if it was never opened."""
        if key not in self._pages:
            made = self._specs[key].factory(self.context)
            self._pages[key] = made
            self.stack.addWidget(made)
        return self._pages[key]

    def go_to(self, key: str, where: object = None) -> None:
        """Open a page, and in it the place ``where``."""
        self.navigation.choose(key)
        self._show(key)
        if where is not None:
            self.page(key).open_at(where)

    def show_status(self, status: WindowStatus) -> None:
        """Facts of the status bar."""
        self.status.show_status(status)

    def _on_again(self) -> None:
        self._pages[self.current_key].refresh()

    def _on_manual(self) -> None:
        self.manual_requested.emit(self.current_key)

    def _on_chosen(self, key: str) -> None:
        self._show(key)

    def _show(self, key: str) -> None:
        self._turn_the_day()
        page = self.page(key)
        if self.stack.currentWidget() is page and not page.stale:
            return
        self.stack.setCurrentWidget(page)
        page.shown()
        for each in self._pages.values():
            if each.counts:
                each.catch_up()
        self.page_shown.emit(key)

    def _turn_the_day(self) -> bool:
        """A window open over night shows the new day's dates, though nothing was written."""
        today = self._workspace.clock().astimezone().date()
        if today == self._day:
            return False
        self._day = today
        for each in self._pages.values():
            each.stale = True
        return True

    def _on_minute(self) -> None:
        """Nobody touched the window since yesterday: what it shows and counts is of today."""
        if self._turn_the_day():
            front = self.stack.currentWidget()
            for each in self._pages.values():
                if each is front or each.counts:
                    each.catch_up()
            self.status_wanted.emit()

    def _announce(self, kinds: frozenset[str]) -> None:
        if shiboken6.isValid(self):
            self._workspace_changed.emit(kinds)

    def _on_workspace_changed(self, kinds: frozenset[str]) -> None:
        for page in self._pages.values():
            page.changed(kinds)
        self.status_wanted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        running = [task.label for task in TaskRunner.of_application().running if task.label]
        if running and not confirm(
            self, "还有工作没有完成", f"{running[0]}，现在关闭就会取消它。", action="取消它并关闭"
        ):
            event.ignore()
            return
        if self._announce in self._workspace.changed:
            self._workspace.changed.remove(self._announce)
        self.minute.stop()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            self._turn_the_day()
            front = self.stack.currentWidget()
            if isinstance(front, Page):
                front.catch_up()
            self.status_wanted.emit()
