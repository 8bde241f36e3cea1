"""归档: a quarter's file or one target's, what it lacks first, then one click."""

from __future__ import annotations

import json
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

from app.domain.filing import Retention
from app.domain.periods import Period
from app.services.safety import filing
from app.services.safety.filing import FileChoice, FileMade, FileScope, MakeFile, PrintDutyProof
from app.services.workspace import Workspace
from app.ui.desktop import open_path
from app.ui.dialogs.carrying import CarryDialog, file_goods
from app.ui.dialogs.files import ask_file, ask_paper
from app.ui.dialogs.preview import show_file
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import operation, query
from app.ui.theme import LIGHT, Tone
from app.ui.view_store import ViewStore
from app.ui.widgets import Banner, EmptyState, button, label, primary_button
from app.ui.widgets.page import Toaster

__all__ = ["FilingDialog"]

_KEY = "archive/numbering"
_CHOICES = (
    Column("title", "档案", width=220, stretch=True),
    Column("tasks", "检查", ColumnKind.NUMBER, width=64),
)


@dataclass(frozen=True, slots=True)
class _Missing:
    words: str


_MISSING = (Column("words", "缺少的材料", width=320, stretch=True),)


class FilingDialog(QDialog):
    """Left: the quarter and its targets; right: what lacks, number and retention."""

    def __init__(
        self,
        parent: QWidget | None,
        workspace: Workspace,
        toast: Toaster,
        period: str,
        store: ViewStore,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("归档")
        self.workspace, self._toast, self.period, self._store = workspace, toast, period, store
        self._made: Path | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 16, 20, 14)
        outer.setSpacing(10)
        words = f"{Period.parse(period).in_words()}：整个期间一份，或每个检查对象全年一份"
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
        outer.addLayout(self._foot())
        self.setStyleSheet(f"QDialog {{ background: {LIGHT.surface}; }}")
        self.resize(1040, 600)
        self._recall()
        query(self, lambda: workspace.read(filing.choices, period)).key("files").success(
            self._show_choices
        ).run_in_background()

    def _right(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(10)
        self.banner = Banner(Tone.INFO, "选中一份档案，先看缺少什么。")
        column.addWidget(self.banner)
        self.missing = PlainTable(
            _MISSING, name="missing", empty=EmptyState("没有缺少的材料。", icon_name="check")
        )
        column.addWidget(self.missing, 1)
        row = QHBoxLayout()
        row.addWidget(label("全宗号"))
        self.fonds = QLineEdit()
        self.fonds.setPlaceholderText("如 X043")
        self.fonds.setFixedWidth(110)
        self.fonds.setAccessibleName("全宗号")
        self.fonds.textChanged.connect(lambda _text: self._allow())
        row.addWidget(self.fonds)
        row.addWidget(label("保管期限"))
        self.retention = QComboBox()
        self.retention.setAccessibleName("保管期限")
        for each in Retention:
            self.retention.addItem(each.label, each.value)
        row.addWidget(self.retention)
        row.addWidget(label("起始件号"))
        self.first = QSpinBox()
        self.first.setRange(1, 9999)
        self.first.lineEdit().setTextMargins(8, 0, 0, 0)
        self.first.setAccessibleName("起始件号")
        row.addWidget(self.first)
        row.addStretch(1)
        column.addLayout(row)
        return column

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        self.proof_button = button("履职证明…", self._ask_proof, "print")
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
        at = self.retention.findData(known.get("retention", Retention.THIRTY.value))
        self.retention.setCurrentIndex(max(at, 0))
        self.first.setValue(int(known.get("first", 1)))
        self._allow()

    def _show_choices(self, found: tuple[FileChoice, ...]) -> None:
        self.choices.set_rows(found)
        if found:
            self.choices.grid.select_line(0)

    def _choice(self) -> FileChoice | None:
        row = self.choices.current_row()
        return row if isinstance(row, FileChoice) else None

    def _scope(self, row: FileChoice) -> FileScope:
        return FileScope(period=self.period, target_id=row.target_id)

    def _allow(self) -> None:
        row = self._choice()
        fonds = self.fonds.text().strip()
        ready = row is not None and fonds.isascii() and fonds.isalnum()
        self.make_button.setEnabled(ready)
        self.why.setText("" if ready else "先填全宗号（档案部门给的字母和数字）")
        self.proof_button.setEnabled(row is not None and row.target_id is not None)

    def _look(self) -> None:
        self._allow()
        row = self._choice()
        if row is None:
            return
        workspace, scope = self.workspace, self._scope(row)
        query(self, lambda: workspace.read(filing.what_lacks, scope)).key("lacks").success(
            self._show_missing
        ).run_in_background()

    def _show_missing(self, found: tuple[str, ...]) -> None:
        self.missing.set_rows([_Missing(each) for each in found])
        if found:
            words = f"缺少 {len(found)} 项。可以先补齐；现在归档的，缺少的写在目录第一页。"
            self.banner.show_message(Tone.WARN, words)
        else:
            self.banner.show_message(Tone.OK, "材料齐全。")

    # -- making ------------------------------------------------------------

    def _ask(self) -> None:
        row = self._choice()
        if row is not None:
            path = ask_file(self, "归档包存到哪里", f"{row.title}.zip", "归档包 (*.zip)", ".zip")
            if path is not None:
                self.make(row, path)

    def make(self, row: FileChoice, path: Path) -> None:
        """Write the bag of one file."""
        workspace = self.workspace
        command = MakeFile(
            scope=self._scope(row),
            path=path,
            fonds=self.fonds.text(),
            retention=Retention(self.retention.currentData()),
            first=self.first.value(),
        )
        operation(self, lambda: workspace.write(filing.make, command)).key("file").progress(
            "正在归档"
        ).success(self._on_made).run_in_background()

    def _on_made(self, made: FileMade) -> None:
        self.first.setValue(min(self.first.value() + made.items, 9999))
        numbering = {
            "fonds": self.fonds.text().strip(),
            "retention": self.retention.currentData(),
            "first": self.first.value(),
        }
        self._store.set_text(_KEY, json.dumps(numbering))
        self._made = made.path
        self.carry_button.setEnabled(True)
        self.carry_button.setToolTip(f"拷 {made.path.name}")
        words = f"已归档 {made.items} 件、{made.files} 个文件"
        self._toast(words, "打开文件夹", lambda: open_path(made.path.parent))

    def _carry(self) -> None:
        if self._made is not None:
            goods = file_goods(self.workspace, self._made, "归档")
            self.carrying = CarryDialog(self, self.workspace, goods)
            self.carrying.open()

    def _ask_proof(self) -> None:
        row = self._choice()
        if row is None or row.target_id is None:
            return
        path = ask_paper(self, "履职证明存到哪里", f"履职证明-{row.title}.pdf")
        if path is not None:
            self.print_proof(row.target_id, path)

    def print_proof(self, target_id: int, path: Path) -> None:
        """Print one target's proof of duty done."""
        workspace = self.workspace
        year = Period.parse(self.period).year
        command = PrintDutyProof(target_id=target_id, year=year, path=path)
        operation(self, lambda: workspace.write(filing.print_proof, command)).key("proof").success(
            partial(show_file, self)
        ).run_in_background()
