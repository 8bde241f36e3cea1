"""抽取记录: every draw, void ones and rehearsals too, with its state and its checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.db.read.draws import STATE_WORDS, DrawBrief
from app.domain.periods import Period
from app.domain.rd1 import Check
from app.domain.ways import Way
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import Banner, Card, EmptyState, Segments, button, primary_button

_ALL, _YEAR, _PERIOD = "all", "year", "period"


def _what(row: DrawBrief) -> str:
    what = row.way.label
    if row.void_reason:
        return f"{'演练' if row.rehearsal else what}　{row.void_reason}"
    if row.rehearsal:
        return "演练　不计入编号" if row.way is Way.UNDIRECTED else f"演练　{what}"
    return what


def _state(row: DrawBrief) -> str:
    # A rehearsal is closed or void like any other, and never counts.
    if row.rehearsal and row.state == "closed":
        return "演练"
    if row.way.elsewhere:
        return "已接收"
    if row.state == "closed" and row.scans:
        return "已归档"
    return STATE_WORDS[row.state]


def _tone(row: DrawBrief) -> Tone:
    if row.rehearsal and row.state == "closed":
        return Tone.INFO
    if row.state == "closed" and row.scans:
        return Tone.OK
    return {"void": Tone.DANGER, "closed": Tone.NORMAL}.get(row.state, Tone.WARN)


def _recomputed(row: DrawBrief) -> str:
    if row.state == "void":
        return "有作废前结果" if row.result else "没有结果"
    if row.state != "closed" or row.way.elsewhere:
        return ""
    if row.checked is None:
        return "没有登记"
    return f"一致　{row.checked.on.astimezone():%m-%d %H:%M}"


def _drawn(row: DrawBrief) -> str:
    if row.way is Way.REDRAW:
        return f"{row.people} 人" if row.people else ""
    return f"{row.selected} 家" if row.selected else ""


def _finished_here(row: DrawBrief) -> bool:
    """Whether there is a record of ours to check, look at and archive."""
    return row.state in {"closed", "void"} and not row.way.elsewhere


def _archive(row: DrawBrief) -> str:
    if not _finished_here(row):
        return ""
    return f"{row.scans} 份" if row.scans else "归档"


COLUMNS = (
    Column("no", "编号", ColumnKind.CODE, width=152),
    Column("what", "内容", value=_what, stretch=True),
    Column(
        "at", "抽取时间", width=128, value=lambda row: (row.closed_at or row.frozen_at).astimezone()
    ),
    Column("selected", "抽中", width=60,
           value=_drawn),
    Column("state", "状态", ColumnKind.CHIP, width=86, value=_state, tone=_tone),
    Column("checked", "复算", width=116, value=_recomputed,
           tone=lambda row: Tone.OK if row.checked else Tone.NORMAL),
    Column("verify", "校验", ColumnKind.LINK, width=54,
           value=lambda row: "校验" if _finished_here(row) else ""),
    Column("look", "封存屏", ColumnKind.LINK, width=66,
           value=lambda row: "查看" if _finished_here(row) else ""),
    Column("archive", "签字件", ColumnKind.LINK, width=66, value=_archive),
    Column("folder", "文件夹", ColumnKind.LINK, width=66, value=lambda row: "打开"),
)  # fmt: skip


class DrawRecords(Card):
    """The list with 本期 | 本年 | 全部; its links are announced by name."""

    verify_wanted = Signal(object)
    sealed_wanted = Signal(object)
    folder_wanted = Signal(object)
    archive_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__("抽取记录", "编号连续，作废的永久保留", flush=True)
        self._draws: Sequence[DrawBrief] = ()
        self._period: Period | None = None
        self.scope = Segments([(_PERIOD, "本期"), (_YEAR, "本年"), (_ALL, "全部")])
        self.scope.choose(_YEAR)
        self.scope.chosen.connect(lambda _key: self._show())
        self.add_action(self.scope)
        self.table = PlainTable(
            COLUMNS,
            name="draws",
            unit="次",
            empty=EmptyState("这段时间还没有抽取。", icon_name="dice"),
            sortable=False,
        )
        self.table.link_clicked.connect(self._on_link)
        self.body.addWidget(self.table)
        self.setMinimumHeight(236)

    def show_draws(self, draws: Sequence[DrawBrief], period: Period) -> None:
        """All draws newest first, and which period is in front."""
        self._draws, self._period = draws, period
        for key, words in ((_PERIOD, "本期"), (_YEAR, "本年"), (_ALL, "全部")):
            self.scope.set_text(key, f"{words} {len(self._of(key))}")
        self._show()

    def _of(self, key: object) -> list[DrawBrief]:
        period = self._period
        if key == _ALL or period is None:
            return list(self._draws)
        if key == _PERIOD:
            return [draw for draw in self._draws if draw.period == str(period)]
        return [draw for draw in self._draws if Period.parse(draw.period).year == period.year]

    def _show(self) -> None:
        self.table.set_rows(self._of(self.scope.key))

    def _on_link(self, row: DrawBrief, column: str) -> None:
        signal = {
            "verify": self.verify_wanted,
            "look": self.sealed_wanted,
            "folder": self.folder_wanted,
            "archive": self.archive_wanted,
        }[column]
        signal.emit(row)


class ChecksDialog(QDialog):
    """What a verification found, line by line; ``register`` notes a recomputation elsewhere."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        checks: Sequence[Check],
        register: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 18, 20, 14)
        outer.setSpacing(12)
        failed = sum(not check.ok for check in checks)
        if failed:
            words = f"{title}：{failed} 项不符。请停止使用这份记录，保留原样，报告负责人。"
            outer.addWidget(Banner(Tone.DANGER, words))
        else:
            words = f"{title}：{len(checks)} 项全部相符。P、C 还要与签了字的纸质承诺单对照。"
            outer.addWidget(Banner(Tone.OK, words))
        self.table = PlainTable(
            (
                Column("ok", "结论", ColumnKind.CHIP, width=86,
                       value=lambda row: "相符" if row.ok else "不符",
                       tone=lambda row: Tone.OK if row.ok else Tone.DANGER),
                Column("name", "项目", width=230),
                Column("detail", "说明", stretch=True),
            ),
            name="checks",
            sortable=False,
        )  # fmt: skip
        self.table.set_rows(list(checks))
        outer.addWidget(self.table, 1)
        row = QHBoxLayout()
        if register is not None and not failed:
            self.register_button = button("登记另一台设备的复算", self.accept)
            self.register_button.clicked.connect(lambda _on=False: register())
            row.addWidget(self.register_button)
        row.addStretch(1)
        self.close_button = primary_button("知道了", self.accept)
        row.addWidget(self.close_button)
        outer.addLayout(row)
        self.setStyleSheet(f"ChecksDialog {{ background: {LIGHT.surface}; }}")
        self.resize(860, 480)
