"""What every page is: a head, a body, and two questions it answers.

::

    class TargetsPage(Page):
        def __init__(self, context: PageContext) -> None:
            super().__init__(context, "检查对象")
            self.set_primary(primary_button("新增对象", self._add, "plus"))
            self.add_action(button("导入名录", self._import, "upload"))
            self.body.addWidget(...)                 # a QVBoxLayout

        def refresh(self) -> None:                   # first shown, and after changes
            query(self, lambda: self.context.workspace.read(count_targets)) \\
                .success(self._show_counts).run_in_background()

        def on_changed(self, kinds: frozenset[str]) -> None:
            if kinds & {"target", "draw"}:
                self.refresh()

        def open_at(self, where: object) -> None:    # context.go_to("targets", where)
            ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.view_store import ViewStore
from app.ui.widgets.basics import ElidedLabel, clear_layout, label

if TYPE_CHECKING:
    from app.services.workspace import Workspace


class Toaster(Protocol):
    """Says quietly that something worked."""

    def __call__(
        self, text: str, action: str = "", on_action: Callable[[], object] | None = None
    ) -> None:
        """``action`` names the link, ``on_action`` follows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """What a page may use of the window it is in.

    ``go_to(key, where)`` opens another page, at a place it understands;
    ``toast`` says quietly that something worked; ``set_badge(key, count)``
    puts a number beside a page's name; ``store`` remembers columns and filters;
    ``open_manual(chapter)`` opens the manual.
    """

    workspace: Workspace
    store: ViewStore
    go_to: Callable[[str, object], None]
    toast: Toaster
    set_badge: Callable[[str, int, theme.Tone], None]
    open_manual: Callable[[str], None]


class Page(QWidget):
    """Title, one line saying where we are, actions at the right, the body below."""

    counts = False
    """Whether it counts what waits on the other pages: then it is read again behind them."""

    def __init__(self, context: PageContext, title: str) -> None:
        super().__init__()
        self.setObjectName("page")
        self.context = context
        self.narrow = False
        self.stale = True
        """Something was written since the page was last refreshed."""
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.PAGE, 12, theme.PAGE, 12)
        outer.setSpacing(theme.GAP)
        head = QHBoxLayout()
        head.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(1)
        self.title_label = label(title, "pageTitle")
        self.subtitle_label = ElidedLabel("", "secondary")
        words.addWidget(self.title_label)
        words.addWidget(self.subtitle_label)
        head.addLayout(words, 1)
        self._why = label("", "small")
        head.addWidget(self._why)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(8)
        head.addLayout(self._actions)
        self._primary_slot = QHBoxLayout()
        head.addLayout(self._primary_slot)
        outer.addLayout(head)
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.GAP)
        outer.addLayout(self.body, 1)
        self._why.hide()

    # -- head --------------------------------------------------------------

    def set_subtitle(self, *parts: str) -> None:
        """Where we are: “2026 年第三季度”, “云溪县抽查办法”, “对象 325 家”."""
        self.subtitle_label.set_text(" · ".join(part for part in parts if part))

    def add_action(self, widget: QWidget) -> None:
        """An outlined button at the right of the head."""
        self._actions.addWidget(widget)

    def set_primary(self, filled: QPushButton) -> None:
        """The page's one filled button, at the very right."""
        clear_layout(self._primary_slot)
        self._primary_slot.addWidget(filled)
        self.primary = filled

    def allow_primary(self, allowed: bool, why_not: str = "") -> None:
        """Enable the filled button, or say beside it why it cannot be pressed."""
        self.primary.setEnabled(allowed)
        self._why.setText("" if allowed else why_not)
        self._why.setVisible(not allowed and bool(why_not))

    # -- to override -------------------------------------------------------

    def refresh(self) -> None:
        """Fetch and show again; called when first shown and when stale."""

    def on_changed(self, kinds: frozenset[str]) -> None:
        """Something was written: ``kinds`` says what.  Called only while visible;
        a hidden page is refreshed when it is shown again."""
        self.refresh()

    def open_at(self, where: object) -> None:
        """Show the place another page points at."""

    def on_narrow(self, narrow: bool) -> None:
        """The window became narrower than 1360 px, or wide again."""

    # -- for the window ----------------------------------------------------

    def shown(self) -> None:
        """The window calls this when the page comes to the front."""
        self.catch_up()

    def catch_up(self) -> None:
        """Read again if something was written since."""
        if self.stale:
            self.stale = False
            self.refresh()

    def changed(self, kinds: frozenset[str]) -> None:
        """The window calls this after every write."""
        if self.isVisible():
            self.on_changed(kinds)
        else:
            self.stale = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.window().width() < theme.NARROW
        if narrow != self.narrow:
            self.narrow = narrow
            self.on_narrow(narrow)
