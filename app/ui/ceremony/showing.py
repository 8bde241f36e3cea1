"""揭晓: serials one after the other, in ticket order. The result is fixed before the first."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout

from app.services.draws.draw_facts import DrawFacts
from app.services.draws.drawing import Revealed
from app.services.plans.planning import StratumPool
from app.ui.ceremony.course import Course
from app.ui.ceremony.serial_board import WINDOW_LOOK, BoardStratum, SerialBoard
from app.ui.ceremony.step import Step
from app.ui.widgets import Segments, button, label

_SLOW_MS, _QUICK_MS = 1200, 300


def board_strata(facts: DrawFacts, revealed: Revealed) -> tuple[BoardStratum, ...]:
    """The strata as the quota table lists them, each with its serials; counts only."""
    names = {
        # A serial is its stratum's public word and a place: 重点-01, 重点2-01.
        line.short + stratum.stratum.removeprefix(line.category): (
            line.label if at == 0 else f"{line.label}（下一轮）",
            stratum,
        )
        for line in facts.plan.lines
        for at, stratum in enumerate(line.strata)
    }
    given = {
        line.short + stratum.stratum.removeprefix(line.category)
        for line in facts.plan.lines
        if line.source
        for stratum in line.strata
    }
    found: dict[str, list[str]] = {}
    for serial in revealed.serials:
        found.setdefault(serial.rsplit("-", 1)[0], []).append(serial)
    # Tasks of a redraw belong to the draw they are taken from: no quota line names them.
    order = [*names, *(code for code in found if code not in names)]
    return tuple(
        BoardStratum(
            label=names[code][0] if code in names else code,
            note=_note(names[code][1], code in given)
            if code in names
            else f"换人 {len(serials)} 项",
            serials=tuple(serials),
        )
        for code, serials in sorted(found.items(), key=lambda one: order.index(one[0]))
    )


def _note(stratum: StratumPool, given: bool) -> str:
    count = len(stratum.ids)
    return f"{count} 家已抽定" if given else f"{count} 抽 {stratum.n}"


class ShowStep(Step):
    """``progressed`` says how many are shown; pace, pause and skip are the operator's."""

    heading = "逐条揭晓"
    intro = (
        "结果在开号那一刻已经由全部数字算定，这里只是按票号次序一条一条公布；公布的只有抽取序号。"
    )
    progressed = Signal(int)

    def __init__(self, course: Course) -> None:
        super().__init__(course)
        self.board = SerialBoard(WINDOW_LOOK)
        self.body.addWidget(self.board, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.pause_button = button("暂停", self._pause)
        self.skip_button = button("全部显示", self.show_all)
        self.pace = Segments([(_SLOW_MS, "慢"), (_QUICK_MS, "快")])
        self.pace.choose(_QUICK_MS)
        self.pace.chosen.connect(self._on_pace)
        self.state = label("", "secondary")
        for widget in (self.pause_button, self.skip_button, self.pace):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.state)
        self.body.addLayout(row)
        self._timer = QTimer(self)
        self._timer.setInterval(_QUICK_MS)
        self._timer.timeout.connect(self._one_more)

    def enter(self) -> None:
        course = self.course
        if course.revealed is None or course.frozen is None or self.board.serials:
            return
        self.board.show_strata(board_strata(course.frozen.facts, course.revealed))
        self._timer.start()
        self._announce()

    @property
    def finished(self) -> bool:
        """Whether all have been shown."""
        return self.board.count >= len(self.board.serials)

    def why_not(self) -> str:
        return "" if self.finished else "还没有全部揭晓"

    def show_all(self) -> None:
        """Skip to the end."""
        self._timer.stop()
        self.board.show_count(len(self.board.serials))
        self._announce()

    def leave(self) -> None:
        """Nothing ticks behind another step."""
        self._timer.stop()

    def _on_pace(self, pace: object) -> None:
        self._timer.setInterval(int(str(pace)))

    def _pause(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
        else:
            self._timer.start()
        self.pause_button.setText("暂停" if self._timer.isActive() else "继续")

    def _one_more(self) -> None:
        self.board.show_count(min(self.board.count + 1, len(self.board.serials)))
        self._announce()

    def _announce(self) -> None:
        if self.finished:
            self._timer.stop()
            self.pause_button.setEnabled(False)
            self.skip_button.setEnabled(False)
        self.state.setText(f"已揭晓 {self.board.count} / {len(self.board.serials)}")
        self.progressed.emit(self.board.count)
        self.changed.emit()
