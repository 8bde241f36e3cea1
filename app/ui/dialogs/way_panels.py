"""What each way of drawing asks for: a scope, a list, an earlier draw, departments."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.db.read import partners
from app.db.read.bound import WaitingDraw
from app.db.read.partners import Department
from app.domain.scope import ScopeTag, in_words
from app.domain.ways import Way
from app.errors import AppError
from app.services.draws import incoming, offering, partnering
from app.services.draws.incoming import IncomingPreview, IncomingRow, ReadList
from app.services.draws.offering import AtHand, Within
from app.services.draws.partnering import PartnersTaken, ReadPartners
from app.services.plans.campaign_draws import CampaignTerms
from app.services.workspace import Workspace
from app.ui.imports.file_step import TABLES
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import operation, query
from app.ui.theme import Tone
from app.ui.widgets import Banner, button, clear_layout, label, link_button, small_button

__all__ = ["DepartmentPanel", "FirstDrawPanel", "ListPanel", "NothingPanel", "ScopePanel"]

_MOST = 9999


class NothingPanel(QWidget):
    """A way that asks for nothing more."""

    edited = Signal()

    def why_not(self) -> str:
        """Why one cannot go on, empty if one can."""
        return ""


class ScopePanel(QWidget):
    """定向抽取: conditions, a reason, and how many of each category."""

    edited = Signal()

    def __init__(self, workspace: Workspace, at_hand: AtHand) -> None:
        super().__init__()
        self._workspace, self._values = workspace, dict(at_hand.values)
        self.tags: list[ScopeTag] = []
        self._within: Within | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.campaign = QComboBox()
        self.campaign.setAccessibleName("专项检查")
        self.campaign.addItem("不按专项检查，另定范围", None)
        for each in at_hand.campaigns:
            self.campaign.addItem(f"{each.title}，还可抽 {each.left} 家", each)
        self.campaign.currentIndexChanged.connect(lambda _at: self._on_campaign())
        self.campaign.setVisible(bool(at_hand.campaigns))
        column.addWidget(self.campaign)
        self._row = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        self.facet, self.value = QComboBox(), QComboBox()
        self.facet.setAccessibleName("条件")
        self.value.setAccessibleName("取值")
        self.facet.addItems(list(self._values))
        self.value.setEditable(True)
        self.value.setMinimumWidth(170)
        self.facet.currentTextChanged.connect(self._on_facet)
        row.addWidget(self.facet)
        row.addWidget(self.value, 1)
        self.add_button = small_button("加入条件", self._add)
        row.addWidget(self.add_button)
        column.addWidget(self._row)
        self._chosen = QVBoxLayout()
        self._chosen.setSpacing(4)
        column.addLayout(self._chosen)
        start = "还没有条件。同一项的几个值任选其一，不同项要同时符合。"
        self.count = label(start, "small", wrap=True)
        column.addWidget(self.count)
        column.addLayout(self._reason_and_numbers(at_hand))
        column.addStretch(1)
        self._on_facet(self.facet.currentText())

    def _reason_and_numbers(self, at_hand: AtHand) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        self.reason = QLineEdit()
        self.reason.setAccessibleName("理由")
        self.reason.setPlaceholderText("必填，写进方案和抽取记录，例如专项行动的文号")
        self.reason.textChanged.connect(lambda _text: self.edited.emit())
        grid.addWidget(label("理由"), 0, 0)
        grid.addWidget(self.reason, 0, 1, 1, 6)
        grid.addWidget(label("家数"), 1, 0)
        self.numbers: dict[str, QSpinBox] = {}
        for at, (code, words) in enumerate(at_hand.categories):
            spin = QSpinBox()
            spin.setRange(-1, _MOST)
            spin.setValue(-1)
            spin.setSpecialValueText("按应抽数")
            spin.lineEdit().setTextMargins(8, 0, 0, 0)
            spin.setAccessibleName(f"{words}家数")
            spin.valueChanged.connect(lambda _value: self.edited.emit())
            self.numbers[code] = spin
            grid.addWidget(label(words, "secondary"), 1 + at, 1)
            grid.addWidget(spin, 1 + at, 2)
        grid.setColumnStretch(6, 1)
        return grid

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """Numbers typed; none at all means the period's quota, a typed one leaves others out."""
        typed = {code: spin.value() for code, spin in self.numbers.items() if spin.value() >= 0}
        return tuple(typed.items())

    def why_not(self) -> str:
        """Why one cannot go on, empty if one can."""
        chosen = self.chosen
        if chosen is not None and chosen.why_not:
            return chosen.why_not
        if chosen is not None and sum(n for _code, n in self.counts) > chosen.left:
            return f"超过批准的家数，还可抽 {chosen.left} 家"
        if not self.tags:
            return "还没有划定范围"
        if self._within is not None and not self._within.total:
            return "范围内没有检查对象"
        return "" if self.reason.text().strip() else "还没有写理由"

    @property
    def chosen(self) -> CampaignTerms | None:
        """The approved campaign it is drawn from, None for a scope of one's own."""
        found = self.campaign.currentData()
        return found if isinstance(found, CampaignTerms) else None

    def _on_campaign(self) -> None:
        """A campaign says scope and reason itself; the number too unless one is typed."""
        chosen = self.chosen
        self._row.setVisible(chosen is None)
        self.reason.setReadOnly(chosen is not None)
        self.reason.setText(chosen.reason if chosen is not None else "")
        self.reason.setCursorPosition(0)
        self.tags = list(chosen.tags) if chosen is not None else []
        for spin in self.numbers.values():
            spin.setSpecialValueText("按批准家数" if chosen is not None else "按应抽数")
        self._show()

    def _on_facet(self, facet: str) -> None:
        self.value.clear()
        self.value.addItems(list(self._values.get(facet, ())))

    def _add(self) -> None:
        value = self.value.currentText().strip()
        tag = ScopeTag(self.facet.currentText(), value)
        if value and tag not in self.tags:
            self.tags.append(tag)
            self._show()

    def _drop(self, tag: ScopeTag) -> None:
        self.tags.remove(tag)
        self._show()

    def _show(self) -> None:
        clear_layout(self._chosen)
        for tag in self.tags:
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.addWidget(label(f"{tag.facet} = {tag.value}", "strong"))
            if self.chosen is None:
                line.addWidget(link_button("去掉", _dropper(self._drop, tag)))
            line.addStretch(1)
            self._chosen.addWidget(row)
        tags = tuple(self.tags)
        read = self._workspace.read
        query(self, lambda: read(offering.count_within, tags)).key("within").success(
            self._on_counted
        ).run_in_background()
        self.edited.emit()

    def _on_counted(self, within: Within) -> None:
        self._within = within
        names = {code: spin.accessibleName().removesuffix("家数") for code, spin in
                 self.numbers.items()}  # fmt: skip
        parts = "，".join(f"{names[code]} {count} 家" for code, count in within.counts if count)
        words = in_words(self.tags)
        if self.chosen is not None:
            words = f"{self.chosen.approval}。\n{words}"
        self.count.setText(f"{words}：共 {within.total} 家{f'（{parts}）' if parts else ''}")
        # A wrapped label is given one line's height by the stack it stands in.
        width = max(self.count.width(), self.width(), 1)
        self.count.setMinimumHeight(self.count.heightForWidth(width))
        self.edited.emit()


def _dropper(drop: Callable[[ScopeTag], None], tag: ScopeTag) -> Callable[[], None]:
    return lambda: drop(tag)


_ROWS = (
    Column("number", "行", ColumnKind.NUMBER, width=44),
    Column("name", "检查对象", stretch=True),
    Column("label", "类别", width=92),
    Column("people", "检查人员", width=110, value=lambda row: "、".join(row.people)),
    Column(
        "problem",
        "结果",
        width=250,
        value=lambda row: row.problem or "对上",
        tone=lambda row: Tone.DANGER if row.problem else Tone.NORMAL,
    ),
)


class ListPanel(QWidget):
    """外来名单: the file, who drew it, its paper; every row is shown before it is taken."""

    edited = Signal()

    def __init__(self, workspace: Workspace, period: str, way: Way) -> None:
        super().__init__()
        self._workspace, self._period, self._way = workspace, period, way
        self.path: Path | None = None
        self.seen: IncomingPreview | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        self.organ, self.document = QLineEdit(), QLineEdit()
        self.organ.setPlaceholderText("必填，例如市支队、牵头部门、省平台")
        self.document.setPlaceholderText("必填，来文编号或平台任务编号")
        asked = (("抽定单位", self.organ), ("来文编号", self.document))
        for at, (words, field) in enumerate(asked):
            field.setAccessibleName(words)
            field.textChanged.connect(lambda _text: self.edited.emit())
            grid.addWidget(label(words), at, 0)
            grid.addWidget(field, at, 1)
        column.addLayout(grid)
        row = QHBoxLayout()
        self.choose = button("选择名单文件…", self._on_choose, "folder")
        self.file = label("还没有选择文件；原件会留作附件", "small", wrap=True)
        row.addWidget(self.choose)
        row.addWidget(self.file, 1)
        column.addLayout(row)
        self.problem = Banner(Tone.DANGER, "")
        self.problem.hide()
        column.addWidget(self.problem)
        columns = [each for each in _ROWS if each.key != "people" or way.elsewhere]
        self.table = PlainTable(columns, name="incoming", unit="家", sortable=False)
        self.table.hide()
        column.addWidget(self.table, 1)
        column.addStretch(0)

    @property
    def command(self) -> ReadList | None:
        """The list as it would be taken; None without a file."""
        if self.path is None:
            return None
        return ReadList(
            path=self.path,
            way=self._way,
            period=self._period,
            organ=self.organ.text().strip(),
            document=self.document.text().strip(),
        )

    def why_not(self) -> str:
        """Why one cannot go on, empty if one can."""
        if not self.organ.text().strip():
            return "还没有填写名单由谁抽定"
        if not self.document.text().strip():
            return "还没有填写来文编号"
        if self.seen is None:
            return "还没有选择名单文件"
        bad = len(self.seen.problems)
        return f"名单有 {bad} 行对不上，要整份改正" if bad else ""

    def _on_choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "选择名单", "", TABLES)
        if chosen:
            self.read(Path(chosen))

    def read(self, path: Path) -> None:
        """Read a file and show its rows."""
        self.path, self.seen = path, None
        command = self.command
        if command is None:
            return
        self.file.setText(f"正在读取“{path.name}”……")
        query(self, lambda: self._workspace.read(incoming.preview, command)).key("list").success(
            self._on_read
        ).failure(self._on_failed).run_in_background()

    def _on_read(self, seen: IncomingPreview) -> None:
        self.seen = seen
        rows: list[IncomingRow] = sorted(seen.rows, key=lambda row: (not row.problem, row.number))
        self.table.set_rows(rows)
        self.table.show()
        self.file.setText(f"“{seen.file_name}”：{len(seen.rows)} 家，校验码 {seen.sha256[:8]}")
        bad = seen.problems
        self.problem.setVisible(bool(bad))
        if bad:
            words = f"{len(bad)} 行对不上，排在最前。请先更新名录，或改正文件后重新选择。"
            self.problem.show_message(Tone.DANGER, words)
        self.edited.emit()

    def _on_failed(self, error: AppError) -> None:
        self.path = None
        self.file.setText("还没有选择文件；原件会留作附件")
        self.table.hide()
        self.problem.show_message(Tone.DANGER, str(error))
        self.problem.show()
        self.edited.emit()


class FirstDrawPanel(QWidget):
    """Which earlier draw's targets get people, or experts."""

    edited = Signal()

    def __init__(self, way: Way, draws: tuple[WaitingDraw, ...]) -> None:
        super().__init__()
        self._way = way
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.draw = QComboBox()
        self.draw.setAccessibleName("哪一次抽取")
        for each in draws:
            if way is Way.LATER and not each.waiting:
                continue
            words = (
                f"{each.no}　{each.waiting} 家等待人员"
                if way is Way.LATER
                else f"{each.no}　未检查 {each.open} 家，缺专业 {each.short} 家"
            )
            self.draw.addItem(words, each)
        column.addWidget(label("为哪一次抽取的检查对象"))
        column.addWidget(self.draw)
        self.every = QCheckBox("为全部未检查的对象抽取，不只缺专业的")
        self.every.setVisible(way is Way.EXPERTS)
        self.every.toggled.connect(lambda _on: self.edited.emit())
        self.draw.currentIndexChanged.connect(lambda _at: self.edited.emit())
        column.addWidget(self.every)
        column.addStretch(1)

    @property
    def of(self) -> str:
        """Number of the draw, empty if there is none."""
        chosen = self.draw.currentData()
        return chosen.no if isinstance(chosen, WaitingDraw) else ""

    def why_not(self) -> str:
        """Why one cannot go on, empty if one can."""
        chosen = self.draw.currentData()
        if not isinstance(chosen, WaitingDraw):
            return "没有可选的抽取"
        if self._way is Way.EXPERTS and not chosen.short and not self.every.isChecked():
            return "没有缺专业的对象，可勾选“全部”"
        return ""


class DepartmentPanel(QWidget):
    """Which departments take part, each with its own directory; directories come in here."""

    edited = Signal()

    def __init__(self, workspace: Workspace, at_hand: AtHand) -> None:
        super().__init__()
        self._workspace = workspace
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label("参加的部门，每个检查对象各抽一人"))
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        column.addLayout(self._list)
        self.boxes: dict[str, QCheckBox] = {}
        self._show(at_hand.departments)
        row = QHBoxLayout()
        self.code, self.name = QLineEdit(), QLineEdit()
        self.code.setFixedWidth(76)
        self.code.setPlaceholderText("如 YJ")
        self.code.setAccessibleName("部门代码")
        self.name.setPlaceholderText("部门全称，如 县应急管理局")
        self.name.setAccessibleName("部门名称")
        self.load = small_button("导入它的名录…", self._on_choose)
        row.addWidget(label("代码"))
        row.addWidget(self.code)
        row.addWidget(label("名称"))
        row.addWidget(self.name, 1)
        row.addWidget(self.load)
        column.addLayout(row)
        self.note = Banner(Tone.INFO, "名录整份导入，以新文件为准；不在新文件里的人不再参加抽取。")
        column.addWidget(self.note)
        last = QHBoxLayout()
        self.reason = QLineEdit()
        self.reason.setAccessibleName("联合依据")
        self.reason.setPlaceholderText("联合抽查计划的文号，可留空")
        last.addWidget(label("联合依据"))
        last.addWidget(self.reason, 1)
        column.addLayout(last)
        column.addStretch(1)

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the chosen ones."""
        return tuple(code for code, box in self.boxes.items() if box.isChecked())

    def why_not(self) -> str:
        """Why one cannot go on, empty if one can."""
        if not self.boxes:
            return "还没有导入其他部门的执法人员名录"
        return "" if self.codes else "还没有选部门"

    def _show(self, departments: tuple[Department, ...]) -> None:
        chosen = set(self.codes)
        clear_layout(self._list)
        self.boxes = {}
        for each in departments:
            box = QCheckBox(f"{each.name}（{each.code}，名录 {each.people} 人）")
            box.setChecked(each.code in chosen)
            box.toggled.connect(lambda _on: self.edited.emit())
            self.boxes[each.code] = box
            self._list.addWidget(box)

    def _on_choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "选择部门名录", "", TABLES)
        if chosen:
            self.take(Path(chosen))

    def take(self, path: Path) -> None:
        """Take a department's directory in."""
        command = ReadPartners(path=path, code=self.code.text(), name=self.name.text())
        operation(self, lambda: self._workspace.write(partnering.take, command)).key(
            "partners"
        ).success(self._on_taken).failure(self._on_failed).run_in_background()

    def _on_taken(self, made: PartnersTaken) -> None:
        self._show(self._workspace.read(partners.departments))
        self.boxes[made.code].setChecked(True)
        words = f"已导入 {made.people} 人，新增 {made.new} 人，退出 {made.gone} 人。"
        self.note.show_message(Tone.OK, words)
        self.code.clear()
        self.name.clear()
        self.edited.emit()

    def _on_failed(self, error: AppError) -> None:
        self.note.show_message(Tone.DANGER, str(error))
