"""A quiet word that something worked; goes away by itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from app.ui import theme
from app.ui.icons import pixmap
from app.ui.theme import LIGHT
from app.ui.widgets.basics import label
from app.ui.widgets.buttons import icon_button, link_button

_STAY_MS = 6000
_ABOVE = 84
"""Clear of the status bar and of the foot of a table or pane."""


class Toast(QFrame):
    """Sits at the bottom centre of ``host`` above everything, one at a time."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.setObjectName("toast")
        self._host = host
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 9, 8, 9)
        row.setSpacing(10)
        mark = QLabel()
        mark.setPixmap(pixmap("check-circle", LIGHT.ok, 20, self.devicePixelRatioF()))
        row.addWidget(mark)
        self.text = label("")
        row.addWidget(self.text)
        self._action: Callable[[], object] | None = None
        self.link = link_button("查看", self._act)
        row.addWidget(self.link)
        row.addWidget(icon_button("close", "关闭", self.hide))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_STAY_MS)
        self._timer.timeout.connect(self.hide)
        host.installEventFilter(self)
        self.hide()

    def say(
        self, text: str, action: str = "", on_action: Callable[[], object] | None = None
    ) -> None:
        """Show ``text`` for six seconds, with a link when there is something to look at."""
        self.text.setText(text)
        self._action = on_action
        self.link.setText(action or "查看")
        self.link.setVisible(on_action is not None)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    def _act(self) -> None:
        self.hide()
        if self._action is not None:
            self._action()

    def _place(self) -> None:
        self.adjustSize()
        left = (self._host.width() + theme.NAV_WIDTH - self.width()) // 2
        self.move(left, self._host.height() - self.height() - _ABOVE)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return False
