"""开始抽取: which way — one sentence each, as the rulebook's level allows — and what it needs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFrame,
    QHBoxLayout,
    QRadioButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.periods import Period
from app.domain.ways import Way
from app.errors import AppError
from app.services.draws import incoming, platform_draws
from app.services.draws.draw_commands import FreezeDraw
from app.services.draws.offering import AtHand, OfferedWay
from app.services.workspace import Workspace
from app.ui.dialogs.way_panels import (
    DepartmentPanel,
    FirstDrawPanel,
    ListPanel,
    NothingPanel,
    ScopePanel,
)
from app.ui.tasks import operation
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import Banner, button, label, primary_button

__all__ = ["WayDialog"]

_LEFT = 372
_Panel = NothingPanel | ScopePanel | ListPanel | FirstDrawPanel | DepartmentPanel


class WayDialog(QDialog):
    """``chosen`` carries a FreezeDraw without witnesses; ``received`` a list that was taken in."""

    chosen = Signal(object)
    received = Signal(object)

    def __init__(
        self, parent: QWidget | None, workspace: Workspace, period: str, at_hand: AtHand
    ) -> None:
        super().__init__(parent)
        self._workspace, self._period, self._busy = workspace, period, False
        self.setWindowTitle(f"{Period.parse(period).in_words()}：选择抽取方式")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        across = QHBoxLayout()
        across.setSpacing(0)
        self.buttons: dict[Way, QRadioButton] = {}
        self.panels: dict[Way, _Panel] = {}
        self._pages = QStackedWidget()
        across.addWidget(self._choices(at_hand))
        across.addWidget(self._right(), 1)
        outer.addLayout(across, 1)
        outer.addWidget(self._foot())
        self.setStyleSheet(f"WayDialog {{ background: {LIGHT.surface}; }}")
        self.resize(980, 600)
        first = next((each for each in at_hand.ways if not each.why_not), None)
        if first is not None:
            self.buttons[first.way].setChecked(True)
            self.buttons[first.way].setFocus()
        self._show_state()

    # -- building ----------------------------------------------------------

    def _choices(self, at_hand: AtHand) -> QScrollArea:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 16, 14, 12)
        column.setSpacing(4)
        self._group = QButtonGroup(self)
        for offer in at_hand.ways:
            panel = self._panel(offer.way, at_hand)
            panel.edited.connect(self._show_state)
            self.panels[offer.way] = panel
            self._pages.addWidget(panel)
            column.addWidget(self._choice(offer))
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFixedWidth(_LEFT)
        area.setWidget(inside)
        return area

    def _choice(self, offer: OfferedWay) -> QWidget:
        card = QWidget()
        column = QVBoxLayout(card)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(1)
        radio = QRadioButton(offer.way.label)
        radio.setEnabled(not offer.why_not)
        radio.setAccessibleDescription(offer.words)
        radio.toggled.connect(self._on_toggled(offer.way))
        self._group.addButton(radio)
        self.buttons[offer.way] = radio
        column.addWidget(radio)
        sentence = f"{offer.words}（{offer.article}）"
        shown = f"现在不能：{offer.why_not}" if offer.why_not else sentence
        words = label(shown, "small", wrap=True)
        words.setContentsMargins(24, 0, 0, 0)
        if offer.why_not:
            words.setToolTip(sentence)
        column.addWidget(words)
        return card

    def _panel(self, way: Way, at_hand: AtHand) -> _Panel:
        if way is Way.DIRECTED:
            return ScopePanel(self._workspace, at_hand)
        if way.listed:
            return ListPanel(self._workspace, self._period, way)
        if way.bound:
            return FirstDrawPanel(way, at_hand.waiting)
        if way is Way.JOINT:
            return DepartmentPanel(self._workspace, at_hand)
        return NothingPanel()

    def _right(self) -> QFrame:
        side = QFrame()
        side.setObjectName("wayPanel")
        side.setStyleSheet(
            f"#wayPanel {{ background: {LIGHT.raised}; border-left: 1px solid {LIGHT.line}; }}"
        )
        column = QVBoxLayout(side)
        column.setContentsMargins(20, 16, 20, 12)
        column.setSpacing(10)
        self.title = label("", "section")
        column.addWidget(self.title)
        self.error = Banner(Tone.DANGER, "")
        self.error.hide()
        column.addWidget(self.error)
        column.addWidget(self._pages, 1)
        return side

    def _foot(self) -> QFrame:
        foot = QFrame()
        foot.setObjectName("cardFoot")
        foot.setFixedHeight(56)
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 0, 20, 0)
        row.addWidget(button("取消", self.reject))
        row.addStretch(1)
        self.hint = label("", "secondary")
        self.forward = primary_button("下一步", self._on_forward)
        row.addWidget(self.hint)
        row.addWidget(self.forward)
        return foot

    # -- choosing ----------------------------------------------------------

    @property
    def way(self) -> Way | None:
        """The chosen way."""
        return next((way for way, each in self.buttons.items() if each.isChecked()), None)

    def _on_toggled(self, way: Way) -> Callable[[bool], None]:
        def show(on: bool) -> None:
            if on:
                self._pages.setCurrentWidget(self.panels[way])
                self._show_state()

        return show

    def _show_state(self) -> None:
        way = self.way
        if way is None or not hasattr(self, "forward"):
            return
        self.title.setText(way.label)
        why = "请稍候……" if self._busy else self.panels[way].why_not()
        self.forward.setText("导入，生成任务" if way.elsewhere else "下一步，核对名单")
        self.forward.setEnabled(not why)
        self.hint.setText(why)

    def _on_forward(self) -> None:
        way = self.way
        if way is None or self._busy:
            return
        panel = self.panels[way]
        self.error.hide()
        if isinstance(panel, ListPanel):
            self._take(way, panel)
            return
        command = FreezeDraw(period=self._period, witnesses=(), way=way)
        if isinstance(panel, ScopePanel):
            command = FreezeDraw(
                period=self._period,
                witnesses=(),
                way=way,
                scope=tuple(panel.tags),
                reason=panel.reason.text().strip(),
                counts=panel.counts,
                campaign=panel.chosen.id if panel.chosen is not None else None,
            )
        elif isinstance(panel, FirstDrawPanel):
            command = FreezeDraw(
                period=self._period,
                witnesses=(),
                way=way,
                of=panel.of,
                every=panel.every.isChecked(),
            )
        elif isinstance(panel, DepartmentPanel):
            command = FreezeDraw(
                period=self._period,
                witnesses=(),
                way=way,
                departments=panel.codes,
                reason=panel.reason.text().strip(),
            )
        self._go(command)

    def _go(self, command: FreezeDraw) -> None:
        self.accept()
        self.chosen.emit(command)

    def _take(self, way: Way, panel: ListPanel) -> None:
        command = panel.command
        if command is None:
            return
        self._busy = True
        self._show_state()
        if way.elsewhere:
            operation(self, lambda: self._workspace.write(platform_draws.receive, command)).key(
                "receive"
            ).success(self._on_received).failure(self._on_failed).run_in_background()
            return
        operation(self, lambda: self._workspace.write(incoming.take, command)).key("take").success(
            lambda taken: self._go(
                FreezeDraw(period=self._period, witnesses=(), way=way, list_id=taken.id)
            )
        ).failure(self._on_failed).run_in_background()

    def _on_received(self, made: platform_draws.Received) -> None:
        self.accept()
        self.received.emit(made)

    def _on_failed(self, error: AppError) -> None:
        self._busy = False
        self.error.show_message(Tone.DANGER, str(error))
        self.error.show()
        self._show_state()
