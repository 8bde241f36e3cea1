"""The projector: what everybody in the room may see, read from ten metres.

Steps, counts, P and C, the witnesses' digits once all are open, then serials.  It is given a
``Scene``, which has no room for a name of a target or inspector, an id, a ticket, R or S.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QFontMetrics,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.services.draws.draw_codes import QrCode
from app.ui import theme
from app.ui.ceremony.serial_board import PROJECTOR_LOOK, BoardStratum, SerialBoard
from app.ui.theme import PROJECTOR
from app.ui.widgets import ElidedLabel, QrView, clear_layout
from app.ui.widgets.hash_label import grouped

_MARGIN = 56
_NUMBER_PX = 34
_SUMMARY_PX = 28
_ACROSS = 5
_SHORT = 8
_NARROW = 1200
_QR_SIDE = 285  # five pixels a module of the code's 57


@dataclass(frozen=True, slots=True)
class SceneWitness:
    """The body a witness comes from; digits empty until all are open."""

    organ: str
    digits: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One picture. ``step`` counts from 0; digests are 64 hex digits or empty.

    ``summary``: lines of counts before there are serials; ``board``: the serials are shown;
    ``code``: number, P and C once the commitment is made.
    """

    unit: str
    title: str
    no: str
    steps: tuple[str, ...]
    step: int
    headline: str
    counts: tuple[BoardStratum, ...] = ()
    shown: int = 0
    board: bool = False
    summary: tuple[str, ...] = ()
    witnesses: tuple[SceneWitness, ...] = ()
    plan: str = ""
    commitment: str = ""
    code: QrCode | None = None
    result: str = ""
    rehearsal: bool = False


def _words(size: int, colour: str, *, bold: bool = False, mono: bool = False) -> QLabel:
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setStyleSheet(_style(size, colour, bold=bold, mono=mono))
    made.setWordWrap(not mono)
    return made


def _style(size: int, colour: str, *, bold: bool = False, mono: bool = False) -> str:
    families = ", ".join(f"'{name}'" for name in (theme.MONO if mono else theme.SANS))
    weight = 700 if bold else 400
    return f"font-family: {families}; font-size: {size}px; font-weight: {weight}; color: {colour};"


def _packed(parts: Sequence[str], width: int) -> list[str]:
    """As many parts on a line as fit, none broken: four categories must fit 720 px."""
    metrics = QFontMetrics(theme.sans(_SUMMARY_PX))
    lines: list[str] = []
    for part in parts:
        longer = f"{lines[-1]}　　{part}" if lines else part
        if lines and metrics.horizontalAdvance(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def _note(scene: Scene) -> str:
    if scene.rehearsal:
        return "演练：不计入编号，不产生检查任务。"
    if scene.board:
        return "被检查单位和执法人员名单在检查前保密。每个序号对应的名单已经确定，不能再改。"
    if scene.commitment:
        return "请照着手中的承诺单核对 P 和 C，逐位相同才继续。"
    return "名单封存以后不能再改；纸条折好以后，电脑才产生自己的数。"


def _one_line(size: int, colour: str, words: str, *, mono: bool = False) -> ElidedLabel:
    made = ElidedLabel()
    families = ", ".join(f"'{name}'" for name in (theme.MONO if mono else theme.SANS))
    made.setStyleSheet(f"font-family: {families}; font-size: {size}px; color: {colour};")
    made.ensurePolished()
    made.set_text(words)
    return made


def _digits(digits: str) -> QLabel:
    """A witness's digits in groups of four; long ones smaller, never cut."""
    size = _NUMBER_PX if len(digits) <= _SHORT else PROJECTOR.smallest_px
    shown = _words(size, PROJECTOR.text, mono=True)
    groups = grouped(digits)
    half = len(groups) if len(digits) <= 2 * _SHORT else (len(groups) + 1) // 2
    lines = (" ".join(groups[:half]), " ".join(groups[half:]))
    shown.setText("\n".join(line for line in lines if line) or "纸条未开")
    return shown


class _StepBar(QWidget):
    """A bar and its words for each step."""

    def __init__(self) -> None:
        super().__init__()
        self._steps: tuple[str, ...] = ()
        self._current = 0
        self.setFixedHeight(58)

    def show_steps(self, steps: tuple[str, ...], current: int) -> None:
        self._steps, self._current = steps, current
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        count = len(self._steps)
        if not count:
            return
        width = (self.width() - 12 * (count - 1)) / count
        size = PROJECTOR.smallest_px
        painter.setFont(theme.sans(size, bold=True))
        longest = max(
            painter.fontMetrics().horizontalAdvance(f"8 {words}") for words in self._steps
        )
        for at, words in enumerate(self._steps):
            left = at * (width + 12)
            here, done = at == self._current, at < self._current
            bar = PROJECTOR.ok if done else PROJECTOR.accent if here else PROJECTOR.line
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(bar))
            painter.drawRoundedRect(int(left), 0, int(width), 6, 3, 3)
            ink = PROJECTOR.accent if here else PROJECTOR.secondary if done else PROJECTOR.dim
            painter.setPen(QPen(QColor(ink)))
            painter.setFont(theme.sans(size, bold=here))
            # On a narrow projector the numbers must do, and the headline says the words.
            shown = f"{at + 1} {words}" if longest <= width else str(at + 1)
            painter.drawText(int(left), 16, int(width), 40, theme.ALIGN_LEFT, shown)


class ProjectorWindow(QWidget):
    """A window of its own; ``closed_by_hand`` is left to the owner, who asks ``isVisible``."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner, Qt.WindowType.Window)
        self.setWindowTitle("随查投影")
        self.setObjectName("projector")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(f"#projector {{ background: {PROJECTOR.background}; }}")
        self.scene: Scene | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(_MARGIN, 14, _MARGIN, 12)
        outer.setSpacing(8)
        outer.addLayout(self._head())
        self.steps = _StepBar()
        outer.addWidget(self.steps)
        self.headline = _words(PROJECTOR.title_px, PROJECTOR.text, bold=True)
        self.headline.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.board = SerialBoard(PROJECTOR_LOOK)
        outer.addWidget(self.headline)
        outer.addWidget(self.board, 1)
        self._middle = self._make_middle()
        outer.addWidget(self._middle, 1)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(32)
        outer.addLayout(self._foot)
        self.note = _words(PROJECTOR.smallest_px, PROJECTOR.secondary)
        outer.addWidget(self.note)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        left, right = QVBoxLayout(), QVBoxLayout()
        self.unit = _words(PROJECTOR.smallest_px, PROJECTOR.secondary)
        self.title = _words(PROJECTOR.title_px, PROJECTOR.text, bold=True)
        left.addWidget(self.unit)
        left.addWidget(self.title)
        caption = _words(PROJECTOR.smallest_px, PROJECTOR.secondary)
        caption.setText("抽取编号")
        self.no = _words(_NUMBER_PX, PROJECTOR.text, mono=True)
        for widget in (caption, self.no):
            widget.setAlignment(theme.ALIGN_RIGHT)
            right.addWidget(widget)
        row.addLayout(left, 1)
        row.addLayout(right)
        return row

    def _make_middle(self) -> QWidget:
        middle = QWidget()
        across = QHBoxLayout(middle)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(24)
        column = QVBoxLayout()
        column.setSpacing(3)
        across.addLayout(column, 1)
        self.code = QrView(_QR_SIDE)
        across.addWidget(self.code)
        column.addStretch(1)
        self.summary = _words(_SUMMARY_PX, PROJECTOR.text)
        self.summary.setWordWrap(False)
        self.summary.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.summary)
        self._digests: list[tuple[QLabel, QLabel]] = []
        for words in ("名单摘要 P", "承诺值 C"):
            caption = _words(PROJECTOR.smallest_px, PROJECTOR.secondary)
            caption.setText(words)
            shown = _words(_NUMBER_PX, PROJECTOR.text, mono=True)
            # Its size follows the window, never the other way round.
            shown.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            for widget in (caption, shown):
                widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
                column.addWidget(widget)
            self._digests.append((caption, shown))
        column.addStretch(1)
        return middle

    def place(self) -> None:
        """Fill the second screen if there is one, else be an ordinary window."""
        others = [
            screen
            for screen in QGuiApplication.screens()
            if screen is not QGuiApplication.primaryScreen()
        ]
        if others:
            self.setGeometry(others[0].geometry())
            self.showFullScreen()
        else:
            self.resize(1280, 720)
            self.show()

    def show_scene(self, scene: Scene) -> None:
        """Replace the picture."""
        self.scene = scene
        self.unit.setText(scene.unit)
        self.title.setText(f"{scene.title}（演练）" if scene.rehearsal else scene.title)
        self.no.setText(scene.no or "—")
        self.steps.show_steps(scene.steps, scene.step)
        # Both sets of pieces in sight at once would make the window grow for good.
        for piece in (self.headline, self.board, self._middle):
            piece.hide()
        self.headline.setText(scene.headline)
        self._show_digests(scene)
        self._show_foot(scene)
        self.headline.setVisible(not scene.board)
        self.board.setVisible(scene.board)
        self._middle.setVisible(not scene.board)
        if scene.board:
            self.board.show_strata(scene.counts, scene.shown)
        self.note.setText(_note(scene))

    def _show_digests(self, scene: Scene) -> None:
        self.summary.setVisible(bool(scene.summary) and not scene.commitment)
        self._pack_summary()
        for (caption, shown), value in zip(
            self._digests, (scene.plan, scene.commitment), strict=True
        ):
            groups = grouped(value)
            shown.setText(f"{' '.join(groups[:8])}\n{' '.join(groups[8:])}")
            caption.setVisible(bool(value))
            shown.setVisible(bool(value))
        self.code.show_code(None if scene.board else scene.code)
        self._size_digests()

    def _size_digests(self) -> None:
        """Beside the code a digest is set smaller where the projector is narrow."""
        crowded = self.scene is not None and self.scene.code is not None and self.width() < _NARROW
        size = PROJECTOR.smallest_px if crowded else _NUMBER_PX
        style = _style(size, PROJECTOR.text, mono=True)
        for _caption, shown in self._digests:
            if shown.styleSheet() != style:
                shown.setStyleSheet(style)

    def _pack_summary(self) -> None:
        if self.scene is not None:
            lines = _packed(self.scene.summary, self.width() - 2 * _MARGIN)
            self.summary.setText("\n".join(lines))

    def _show_foot(self, scene: Scene) -> None:
        clear_layout(self._foot)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(0)
        for at, witness in enumerate(scene.witnesses):
            line, column = divmod(at, _ACROSS)
            words = f"{at + 1} {witness.organ}"
            caption = _one_line(PROJECTOR.smallest_px, PROJECTOR.dim, words)
            grid.addWidget(caption, 2 * line, column)
            grid.addWidget(_digits(witness.digits), 2 * line + 1, column)
        self._foot.addLayout(grid, 1)
        if not scene.board:
            return
        cell = QVBoxLayout()
        cell.setSpacing(2)
        for name, value in (("P", scene.plan), ("C", scene.commitment), ("F", scene.result)):
            if value:
                line_of = _words(PROJECTOR.smallest_px, PROJECTOR.secondary, mono=True)
                narrow = self.width() < _NARROW
                tail = "" if narrow else f" … {value[-8:]}"
                line_of.setText(f"{name} {value[:8]}{tail}")
                cell.addWidget(line_of)
        self._foot.addLayout(cell)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._pack_summary()
        self._size_digests()

    def closeEvent(self, event: QCloseEvent) -> None:
        # Closed by hand it can be opened again; the owner keeps it.
        event.ignore()
        self.hide()
