"""封存屏: names, teams, R and S of one draw, for staff alone; asked for before it opens."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.db.read import draws
from app.db.read.draws import DrawnLine, DrawSheet, TeamLine
from app.domain import rd1
from app.errors import UserError
from app.services.workspace import Workspace
from app.ui import theme
from app.ui.dialogs.messages import MessageDialog
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import query
from app.ui.theme import Tone
from app.ui.widgets import Card, Chip, HashLabel, label, primary_button


@dataclass(frozen=True, slots=True)
class Sealed:
    """Everything the screen shows."""

    sheet: DrawSheet
    lines: tuple[DrawnLine, ...]
    teams: tuple[TeamLine, ...]


def ask_then_show(parent: QWidget, workspace: Workspace, no: str) -> MessageDialog:
    """Ask whether outsiders could see the screen; only then read and show."""
    question = MessageDialog(
        parent,
        "请确认没有外人能看到屏幕",
        f"下面要显示抽取 {no} 的名单、检查组、随机数 R 和种子 S。",
        "请先关掉投影，请不是本单位的人离开。",
        Tone.WARN,
    )
    question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    show = question.add_button("没有外人，显示")
    cancel = question.add_button("取消", "primary")
    cancel.setDefault(True)
    show.setObjectName("show")
    show.clicked.connect(question.accept)
    cancel.clicked.connect(question.reject)
    question.accepted.connect(lambda: _read_and_show(parent, workspace, no))
    question.open()
    return question


def _read_and_show(parent: QWidget, workspace: Workspace, no: str) -> None:
    query(parent, lambda: read_sealed(workspace, no)).key(("sealed", no)).success(
        lambda sealed: SealedScreen(parent, sealed).open()
    ).run_in_background()


def read_sealed(workspace: Workspace, no: str) -> Sealed:
    """Read one closed or void draw whole."""
    sheet = workspace.read(draws.sheet, no)
    if sheet is None:
        raise UserError(f"没有编号为 {no} 的抽取。", "请核对编号。")
    return Sealed(
        sheet, workspace.read(draws.drawn_lines, no), workspace.read(draws.drawn_teams, no)
    )


def _flags(flags: str) -> str:
    return "，".join(rd1.in_words(flags))


_LINES = (
    Column("serial", "序号", ColumnKind.CODE, width=116),
    Column("name", "检查对象", stretch=True),
    Column("ident", "编号", ColumnKind.CODE, width=150),
    Column("ticket", "票号前 8 位", ColumnKind.CODE, width=100, value=lambda row: row.ticket[:8]),
    Column("team", "组", ColumnKind.NUMBER, width=52, value=lambda row: row.team),
    Column("lead", "牵头", width=84),
    Column("second", "组员", width=84),
    Column("along", "联合、专家", width=190, value=lambda row: "、".join(row.along)),
    Column("flags", "说明", width=130, value=lambda row: _flags(row.flags)),
)
_TEAMS = (
    Column("number", "组", ColumnKind.NUMBER, width=56),
    Column("lead", "牵头", width=110),
    Column("second", "组员", width=110),
    Column("flags", "说明", stretch=True, value=lambda row: _flags(row.flags)),
)


class SealedScreen(QDialog):
    """What a hand check needs, and the list with names."""

    def __init__(self, parent: QWidget, sealed: Sealed) -> None:
        super().__init__(parent)
        self.sealed = sealed
        brief = sealed.sheet.brief
        self.setWindowTitle(f"封存屏　{brief.no}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("page")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._head())
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        inside = QWidget()
        inside.setObjectName("pageBody")
        column = QVBoxLayout(inside)
        column.setContentsMargins(theme.PAGE, theme.PAGE, theme.PAGE, theme.PAGE)
        column.setSpacing(theme.GAP)
        column.addWidget(self._digests())
        if sealed.teams:
            column.addWidget(self._team_card())
        column.addWidget(self._line_card())
        column.addStretch(1)
        area.setWidget(inside)
        outer.addWidget(area, 1)
        window = parent.window()
        self.resize(max(window.width() - 80, 960), max(window.height() - 60, 560))

    def _head(self) -> QFrame:
        head = QFrame()
        head.setObjectName("cardHead")
        row = QHBoxLayout(head)
        row.setContentsMargins(theme.PAGE, 10, theme.PAGE, 10)
        row.addWidget(label(f"封存屏　{self.sealed.sheet.brief.no}", "pageTitle"))
        row.addWidget(Chip("只给本单位人员看", Tone.DANGER))
        if self.sealed.sheet.brief.rehearsal:
            row.addWidget(Chip("演练", Tone.INFO))
        row.addStretch(1)
        self.close_button = primary_button("收起", self.accept)
        row.addWidget(self.close_button)
        return head

    def _digests(self) -> Card:
        sheet = self.sealed.sheet
        card = Card("手工核对用", "与签了字的承诺单、抽取记录逐位对照")
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        rows = (
            ("名单摘要 P", sheet.brief.plan),
            ("承诺值 C", sheet.commitment),
            ("随机数 R", sheet.reveal),
            ("种子 S", sheet.seed),
            ("结果摘要 F", sheet.brief.result),
            ("上一条记录", sheet.prev),
        )
        self.digests = {words: HashLabel(value, per_line=8) for words, value in rows}
        for at, (words, shown) in enumerate(self.digests.items()):
            line, column = divmod(at, 2)
            cell = QVBoxLayout()
            cell.setSpacing(2)
            cell.addWidget(label(words, "strong"))
            cell.addWidget(shown)
            grid.addLayout(cell, line, column)
        card.body.addLayout(grid)
        given = "　".join(
            f"{witness.position} {witness.name} {witness.digits or '没有开号'}"
            for witness in sheet.witnesses
        )
        self.given = label(f"见证人的数字：{given}", wrap=True)
        self.given.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        card.body.addWidget(self.given)
        if sheet.brief.void_reason:
            card.body.addWidget(label(f"作废原因：{sheet.brief.void_reason}", "error", wrap=True))
        return card

    def _team_card(self) -> Card:
        card = Card("检查组", f"{len(self.sealed.teams)} 组", flush=True)
        self.teams = PlainTable(_TEAMS, name="sealed-teams", sortable=False)
        self.teams.set_rows(self.sealed.teams)
        self.teams.fit_height(8)
        card.body.addWidget(self.teams)
        return card

    def _line_card(self) -> Card:
        card = Card("抽中名单", f"{len(self.sealed.lines)} 家", flush=True)
        along = any(line.along for line in self.sealed.lines)
        columns = tuple(column for column in _LINES if along or column.key != "along")
        self.lines = PlainTable(columns, name="sealed-lines", sortable=False)
        self.lines.set_rows(self.sealed.lines)
        self.lines.fit_height(12)
        card.body.addWidget(self.lines)
        return card
