"""The pane at the right of a list: facts of the selected row, its history, the next step.

::

    self.detail = DetailPane(["基本", "分类", "抽查史"])
    self.detail.show_record(row.name, code=row.uscc, chips=[Chip("B 类", Tone.INFO)])
    self.detail.tab("基本").addWidget(facts)
    self.detail.set_actions([small_button("编辑", self._edit, "edit")])
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from app.ui import theme
from app.ui.widgets.basics import Chip, clear_layout, hairline, label
from app.ui.widgets.buttons import icon_button
from app.ui.widgets.rim import Rim


class DetailPane(QFrame):
    """320 px; ``closed`` tells the page that somebody closed it."""

    closed = Signal()

    def __init__(self, tabs: Sequence[str] = (), *, width: int = theme.DETAIL_WIDTH) -> None:
        super().__init__()
        self.setObjectName("detailPane")
        self.setFixedWidth(width)
        self._rim = Rim(self)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(self._head())
        self._stack = QStackedWidget()
        self._columns: dict[str, QVBoxLayout] = {}
        self._tabs = QTabBar()
        self._tabs.setExpanding(False)
        self._tabs.setDrawBase(False)
        self._tabs.setUsesScrollButtons(False)
        for name in tabs or ("",):
            self._columns[name] = self._add_page()
            self._tabs.addTab(name)
        self._tabs.currentChanged.connect(self._stack.setCurrentIndex)
        self._tabs.setVisible(bool(tabs))
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 8, 0)
        row.addWidget(self._tabs)
        row.addStretch(1)
        outer.addLayout(row)
        outer.addWidget(hairline())
        outer.addWidget(self._stack, 1)
        self._foot = QFrame()
        self._foot.setObjectName("cardFoot")
        self._foot.setFixedHeight(44)
        self._foot_row = QHBoxLayout(self._foot)
        self._foot_row.setContentsMargins(theme.PAGE, 0, theme.PAGE, 0)
        self._foot_row.setSpacing(8)
        self._foot.hide()
        outer.addWidget(self._foot)

    def _head(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(theme.PAGE, 14, 12, 10)
        column.setSpacing(6)
        first = QHBoxLayout()
        self.title = label("", "section", wrap=True)
        first.addWidget(self.title, 1)
        first.addWidget(
            icon_button("close", "关闭详情", self.close_pane), 0, Qt.AlignmentFlag.AlignTop
        )
        column.addLayout(first)
        self._second = QHBoxLayout()
        self._second.setSpacing(4)
        column.addLayout(self._second)
        return column

    def _add_page(self) -> QVBoxLayout:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        inside.setObjectName("pageBody")
        column = QVBoxLayout(inside)
        column.setContentsMargins(theme.PAGE, 12, theme.PAGE - 2, 12)
        column.setSpacing(10)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)
        area.setWidget(inside)
        self._stack.addWidget(area)
        return column

    def show_record(self, title: str, *, code: str = "", chips: Sequence[Chip] = ()) -> None:
        """Name, code (copyable) and chips; opens the pane."""
        self.title.setText(title)
        clear_layout(self._second)
        if code:
            shown = QLabel(code)
            families = ", ".join(f"'{name}'" for name in theme.MONO)
            shown.setStyleSheet(f"font-family: {families}; font-size: 12px;")
            self._second.addWidget(shown)
            self._second.addWidget(
                icon_button("copy", "复制", lambda: QGuiApplication.clipboard().setText(code))
            )
        self._second.addStretch(1)
        for chip in chips:
            self._second.addWidget(chip)

    def tab(self, name: str = "") -> QVBoxLayout:
        """The column of one tab, to fill; ``clear_tab`` empties it."""
        return self._columns[name]

    def clear_tab(self, name: str = "") -> QVBoxLayout:
        """Empty one tab and return its column."""
        column = self._columns[name]
        clear_layout(column)
        return column

    def set_tab_text(self, name: str, text: str) -> None:
        """Change a tab's words, for instance its count: “附件 4”."""
        self._tabs.setTabText(list(self._columns).index(name), text)

    def set_actions(self, buttons: Sequence[QWidget]) -> None:
        """The buttons at the bottom."""
        clear_layout(self._foot_row)
        for each in buttons:
            self._foot_row.addWidget(each)
        self._foot_row.addStretch(1)
        self._foot.setVisible(bool(buttons))

    def close_pane(self) -> None:
        """Close it, as × does."""
        self.hide()
        self.closed.emit()
