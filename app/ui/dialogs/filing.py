"""归档: a quarter's file or one target's, what it lacks first, then one click."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.domain.fields import Choice, Field, FieldKind
from app.domain.filing import ItemKind, KindRule, Lack, LackPlace, Retention
from app.domain.periods import Period
from app.services.archive import duty_proof, filing, retentions
from app.services.archive.duty_proof import PrintDutyProof
from app.services.archive.filing import FileChoice, FiledBefore, FileMade, FileScope, MakeFile
from app.services.archive.retentions import SaveRetentions
from app.services.workspace import Workspace
from app.ui.ceremony.archive import ArchiveDialog
from app.ui.desktop import open_path
from app.ui.dialogs.carrying import CarryDialog, file_goods
from app.ui.dialogs.files import ask_file
from app.ui.dialogs.messages import confirm
from app.ui.dialogs.preview import show_file
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import Progress, Report, long_operation, operation, query
from app.ui.theme import LIGHT, Tone
from app.ui.view_store import ViewStore
from app.ui.widgets import (
    Banner,
    BusyRow,
    EmptyState,
    FormDialog,
    button,
    label,
    primary_button,
)
from app.ui.widgets.page import Toaster

__all__ = ["FilingDialog"]

_KEY = "archive/numbering"
_WORKING = "正在归档"
_CHOICES = (
    Column("title", "档案", width=200, stretch=True),
    Column("tasks", "检查", ColumnKind.NUMBER, width=56),
    Column("filed_on", "已归档", width=104),
)
_HERE = {
    LackPlace.PLAN: "去批准",
    LackPlace.DRAW: "去存入",
    LackPlace.CEREMONY: "去完成",
    LackPlace.TASK: "去补",
    LackPlace.PUBLICATION: "去公示",
    LackPlace.BACKUP: "去恢复",
}
_MISSING = (
    Column("words", "缺少的材料", width=320, stretch=True),
    Column("go", "补齐", ColumnKind.LINK, width=72, value=lambda row: _HERE[row.place]),
)
GoTo = Callable[[str, object], None]


@dataclass(frozen=True, slots=True)
class _Periods:
    """The retention table as a form has it; a field for each ``ItemKind``."""

    annual_plan: str
    period_plan: str
    draw: str
    inspection: str
    publication: str
    annual_report: str
    report: str
    proof: str

    @property
    def name(self) -> str:
        """What a person calls it."""
        return "保管期限表"


def _periods(typed: _Periods) -> SaveRetentions:
    return SaveRetentions({kind: Retention(getattr(typed, kind.value)) for kind in ItemKind})


@dataclass(frozen=True, slots=True)
class _Looked:
    missing: tuple[Lack, ...]
    before: tuple[FiledBefore, ...]
    first_year: int | None


class FilingDialog(QDialog):
    """Left: the quarter and its targets; right: what lacks, numbers and retention."""

    def __init__(
        self,
        parent: QWidget | None,
        workspace: Workspace,
        toast: Toaster,
        period: str,
        store: ViewStore,
        go_to: GoTo,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("归档")
        self.workspace, self._toast, self.period, self._store = workspace, toast, period, store
        self._go_to = go_to
        self._made: Path | None = None
        self._looked: _Looked | None = None
        self._fill()
        self._recall()
        self.refresh()

    def _fill(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 16, 20, 14)
        outer.setSpacing(10)
        words = f"{Period.parse(self.period).in_words()}：整个期间一份，或每个检查对象一份"
        outer.addWidget(label(words, "secondary"))
        across = QHBoxLayout()
        across.setSpacing(14)
        self.choices = PlainTable(
            _CHOICES, name="files", empty=EmptyState("这个期间还没有可以归档的抽取和检查。")
        )
        self.choices.current_changed.connect(lambda _row: self._look())
        across.addWidget(self.choices, 5)
        across.addLayout(self._right(), 6)
        outer.addLayout(across, 1)
        self.busy = BusyRow(_WORKING, _far)
        outer.addWidget(self.busy)
        outer.addLayout(self._foot())
        self.setStyleSheet(f"QDialog {{ background: {LIGHT.surface}; }}")
        self.resize(1080, 620)

    def _right(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(10)
        self.banner = Banner(Tone.INFO, "选中一份档案，先看缺少什么。")
        column.addWidget(self.banner)
        self.missing = PlainTable(
            _MISSING, name="missing", empty=EmptyState("没有缺少的材料。", icon_name="check")
        )
        self.missing.link_clicked.connect(lambda row, _column: self.supply(row))
        self.missing.row_activated.connect(self.supply)
        column.addWidget(self.missing, 1)
        self.known = label("", "secondary")
        self.known.setWordWrap(True)
        column.addWidget(self.known)
        column.addLayout(self._numbering())
        return column

    def _numbering(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(label("全宗号"))
        self.fonds = QLineEdit()
        self.fonds.setPlaceholderText("如 X043")
        self.fonds.setFixedWidth(96)
        self.fonds.setAccessibleName("全宗号")
        self.fonds.textChanged.connect(lambda _text: self._allow())
        row.addWidget(self.fonds)
        row.addWidget(label("件号从"))
        self.first = QSpinBox()
        self.first.setRange(1, 9999)
        self.first.lineEdit().setTextMargins(8, 0, 0, 0)
        self.first.setAccessibleName("起始件号")
        self.first.setToolTip("前面的号已经手工编给别的材料时填；其余由程序接着编")
        row.addWidget(self.first)
        row.addWidget(label("起"))
        self.since = QComboBox()
        self.since.setAccessibleName("从哪一年起")
        self.since.currentIndexChanged.connect(lambda _at: self._look_again())
        row.addWidget(self.since)
        row.addStretch(1)
        self.table_button = button("保管期限表…", self._ask_retentions, "columns")
        row.addWidget(self.table_button)
        return row

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        self.proof_button = button("履职证明", self._ask_proof, "print")
        foot.addWidget(self.proof_button)
        foot.addStretch(1)
        self.why = label("", "small")
        foot.addWidget(self.why)
        foot.addWidget(button("关闭", self.accept))
        self.carry_button = button("拷到 U 盘…", self._carry, "usb")
        self.carry_button.setEnabled(False)
        self.carry_button.setToolTip("先生成归档包")
        foot.addWidget(self.carry_button)
        self.make_button = primary_button("生成归档包…", self._ask, "folder")
        foot.addWidget(self.make_button)
        return foot

    def _recall(self) -> None:
        try:
            known = json.loads(self._store.text(_KEY) or "{}")
        except ValueError:
            known = {}
        self.fonds.setText(str(known.get("fonds", "")))
        self._allow()

    # -- looking -----------------------------------------------------------

    def refresh(self) -> None:
        """Read the list again; the line in front stays."""
        workspace, period = self.workspace, self.period
        query(self, lambda: workspace.read(filing.choices, period)).key("files").success(
            self._show_choices
        ).run_in_background()

    def _show_choices(self, found: tuple[FileChoice, ...]) -> None:
        row = self._choice()
        self.choices.set_rows(found)
        at = next((i for i, each in enumerate(found) if row and each.title == row.title), 0)
        if found:
            self.choices.grid.select_line(at)
            self._look()

    def _choice(self) -> FileChoice | None:
        row = self.choices.current_row()
        return row if isinstance(row, FileChoice) else None

    def _scope(self, row: FileChoice) -> FileScope:
        since = self.since.currentData() if row.target_id is not None else None
        return FileScope(period=self.period, target_id=row.target_id, since=since)

    def _allow(self) -> None:
        row = self._choice()
        fonds = self.fonds.text().strip()
        filled = fonds.isascii() and fonds.isalnum()
        self.make_button.setEnabled(row is not None and filled)
        self.why.setText("" if filled else "先填全宗号（档案部门给的字母和数字）")
        self.proof_button.setEnabled(row is not None and row.target_id is not None)

    def _look(self) -> None:
        self.since.blockSignals(True)
        self.since.clear()
        self.since.blockSignals(False)
        self._look_again()

    def _look_again(self) -> None:
        self._allow()
        row = self._choice()
        if row is None:
            return
        workspace, scope = self.workspace, self._scope(row)

        def work() -> _Looked:
            read = workspace.read
            return _Looked(
                read(filing.what_lacks, workspace.folder, scope),
                read(filing.filed_before, scope),
                read(filing.first_year, row.target_id) if row.target_id is not None else None,
            )

        query(self, work).key("lacks").success(self._show_missing).run_in_background()

    def _show_missing(self, looked: _Looked) -> None:
        self._looked = looked
        found = looked.missing
        self.missing.set_rows(list(found))
        if found:
            words = f"缺少 {len(found)} 项。可以先补齐；现在归档的，缺少的写在目录第一页。"
            self.banner.show_message(Tone.WARN, words)
        else:
            self.banner.show_message(Tone.OK, "材料齐全。")
        last = next(iter(looked.before), None)
        self.known.setText(
            f"已有 {last.words}，清单校验码 {last.tagmanifest[:8]}；再归档的，已编的件号不变。"
            if last
            else ""
        )
        self._offer_years(looked.first_year)

    def _offer_years(self, first: int | None) -> None:
        last = Period.parse(self.period).year
        years = range(first, last) if first is not None else range(0)
        self.since.setVisible(len(years) > 0)
        if self.since.count() or not years:
            return
        self.since.blockSignals(True)
        self.since.addItem(f"{last} 年", None)
        for year in reversed(years):
            self.since.addItem(f"{year}—{last} 年", year)
        self.since.blockSignals(False)

    # -- supplying what lacks ----------------------------------------------

    def supply(self, row: Lack) -> None:
        """Go where it is supplied; a draw's scans are stored right here."""
        if row.place is LackPlace.DRAW:
            self.archive_dialog = ArchiveDialog(self, self.workspace, row.ref)
            self.archive_dialog.finished.connect(lambda _code: self._look_again())
            self.archive_dialog.open()
            return
        page, where = _place(row)
        self.accept()
        self._go_to(page, where)

    # -- making ------------------------------------------------------------

    def _ask(self) -> None:
        row = self._choice()
        if row is None or not self._agreed(row):
            return
        path = ask_file(self, "归档包存到哪里", row.file_name, "归档包 (*.zip)", ".zip")
        if path is not None:
            self.make(row, path)

    def _agreed(self, row: FileChoice) -> bool:
        """Whether to go on although something is missing."""
        missing = self._looked.missing if self._looked is not None else ()
        if not missing:
            return True
        first = "；".join(each.words for each in missing[:3])
        more = "……" if len(missing) > 3 else ""
        text = f"{row.title}缺少 {len(missing)} 项：{first}{more}。缺少的会印在卷内目录第一页。"
        return confirm(self, "还缺少材料，现在就归档吗？", text, action="照样归档")

    def make(self, row: FileChoice, path: Path) -> None:
        """Write the bag of one file."""
        workspace = self.workspace
        command = MakeFile(
            scope=self._scope(row), path=path, fonds=self.fonds.text(), first=self.first.value()
        )

        def work(progress: Progress) -> FileMade:
            return workspace.write(partial(filing.make, report=progress.report), command)

        started = (
            long_operation(self, work)
            .key("file")
            .progress(_WORKING)
            .success(self._on_made)
            .finally_(self._allow)
            .run_in_background()
        )
        if started:
            self.make_button.setEnabled(False)

    def _on_made(self, made: FileMade) -> None:
        self._store.set_text(_KEY, json.dumps({"fonds": self.fonds.text().strip()}))
        self._made = made.path
        self.carry_button.setEnabled(True)
        self.carry_button.setToolTip(f"拷 {made.path.name}")
        words = f"已归档 {made.items} 件、{made.files} 个文件"
        self._toast(words, "打开文件夹", lambda: open_path(made.path.parent))
        self.refresh()

    def _carry(self) -> None:
        if self._made is not None:
            goods = file_goods(self.workspace, self._made, "归档")
            self.carrying = CarryDialog(self, self.workspace, goods)
            self.carrying.open()

    # -- retention, proof --------------------------------------------------

    def _ask_retentions(self) -> None:
        workspace = self.workspace
        query(self, lambda: workspace.read(retentions.table)).key("retentions").success(
            self._show_retentions
        ).run_in_background()

    def _show_retentions(self, table: tuple[KindRule, ...]) -> None:
        workspace = self.workspace
        choices = tuple(Choice(each.value, each.label) for each in Retention)
        fields = [
            Field(
                name=rule.kind.value, label=rule.label, kind=FieldKind.CHOICE, choices=choices,
                required=True,
            )
            for rule in table
        ]  # fmt: skip
        facts = _Periods(**{rule.kind.value: rule.retention.value for rule in table})
        self.retentions = FormDialog(
            self,
            "保管期限表",
            fields,
            facts,
            save=lambda typed: workspace.write(retentions.save, _periods(typed)),
            columns=1,
            note="以档案部门批准的本单位《归档范围和保管期限表》为准。改动只用于还没有编件号的材料。",
        )
        self.retentions.open()

    def _ask_proof(self) -> None:
        row = self._choice()
        if row is None or row.target_id is None:
            return
        self.print_proof(row.target_id)

    def print_proof(self, target_id: int) -> None:
        """One target's proof of duty done, seen first."""
        workspace = self.workspace
        year = Period.parse(self.period).year
        command = PrintDutyProof(target_id=target_id, year=year)
        operation(self, lambda: workspace.write(duty_proof.print_proof, command)).key(
            "proof"
        ).success(partial(show_file, self)).run_in_background()


def _far(report: Report) -> str:
    of = f" {report.done:,} / {report.total:,}" if report.total else ""
    return f"{_WORKING}{of} {report.text[:24]}"


def _place(row: Lack) -> tuple[str, object]:
    """The page and what to show there."""
    match row.place:
        case LackPlace.PLAN | LackPlace.CEREMONY:
            return "plan", row.ref
        case LackPlace.PUBLICATION:
            return "publication", "due"
        case LackPlace.BACKUP:
            return "system", "backup"
        case _:
            return "results", int(row.ref)
