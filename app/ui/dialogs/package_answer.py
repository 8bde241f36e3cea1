"""登记平台答复: taken whole, or which rows were sent back and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QWidget,
)

from app.db.read import packages
from app.db.read.packages import LineRow, PackageRow
from app.domain.package_course import PackageState
from app.services.packages import package_life, platform_answers
from app.services.packages.package_life import Answer, Refused
from app.services.packages.platform_answers import Complaints
from app.services.workspace import Workspace
from app.ui.dialogs.frame import FrameDialog
from app.ui.dialogs.package_lines import shown_label
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import operation, query
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import DateEdit, EmptyState, button, label, primary_button

__all__ = ["AnswerDialog"]


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the package with what the platform said to it."""

    row: LineRow
    words: str


class AnswerDialog(FrameDialog):
    """``answered`` gives a sentence that says what was noted."""

    answered = Signal(str)

    def __init__(
        self, parent: QWidget, workspace: Workspace, package: PackageRow, today: date
    ) -> None:
        super().__init__(parent, f"平台答复 {package.file_name}", 980, 620)
        self.setStyleSheet(f"QDialog {{ background: {LIGHT.surface}; }}")
        self.workspace, self.package = workspace, package
        self.lines: list[_Line] = []
        self._receipts: list[Path] = []
        self._left: tuple[str, ...] = ()
        self._list: Path | None = None
        self.accepted_box = QRadioButton("全部受理")
        self.refused_box = QRadioButton("部分退回")
        self.accepted_box.setChecked(package.state is not PackageState.PARTLY)
        self.refused_box.setChecked(package.state is PackageState.PARTLY)
        self.refused_box.toggled.connect(lambda _on: self._allow())
        self.body.addLayout(self._head(today))
        self.body.addLayout(self._tools())
        self.table = PlainTable(
            self._columns(),
            name="answer",
            empty=EmptyState("这个上报包没有逐行的记录，平台的意见请写在说明里。"),
        )
        self.table.current_changed.connect(self._on_current)
        self.body.addWidget(self.table, 1)
        self.body.addLayout(self._typing())
        self.count = label("", "small")
        self.foot.addWidget(self.count)
        self.foot.addStretch(1)
        self.foot.addWidget(button("取消", self.reject))
        self.save_button = primary_button("登记答复", self.save)
        self.foot.addWidget(self.save_button)
        read = workspace.read
        query(self, lambda: read(packages.lines, package.id)).key("lines").success(
            self._show_lines
        ).run_in_background()

    def _head(self, today: date) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.accepted_box)
        row.addWidget(self.refused_box)
        row.addSpacing(12)
        row.addWidget(label("接收编号"))
        self.number = QLineEdit(self.package.receipt_no)
        self.number.setAccessibleName("接收编号")
        self.number.setFixedWidth(170)
        row.addWidget(self.number)
        row.addWidget(label("答复日期"))
        self.day = DateEdit(today)
        self.day.setAccessibleName("答复日期")
        row.addWidget(self.day)
        self.receipt_button = button("附回执…", self._choose_receipts, "paperclip")
        row.addWidget(self.receipt_button)
        self.receipt_words = label("", "small")
        row.addWidget(self.receipt_words)
        row.addStretch(1)
        return row

    def _tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.read_button = button("读入平台的错误清单…", self._choose_list, "upload")
        row.addWidget(self.read_button)
        self.search = QLineEdit()
        self.search.setPlaceholderText("查找名称、代码、行号")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("查找")
        self.search.setFixedWidth(220)
        self.search.textChanged.connect(lambda _text: self._show())
        row.addWidget(self.search)
        self.only = QCheckBox("只看退回的")
        self.only.toggled.connect(lambda _on: self._show())
        row.addWidget(self.only)
        self.names = QCheckBox("显示未公开的名称")
        self.names.toggled.connect(lambda _on: self._show())
        self.names.hide()
        row.addWidget(self.names)
        row.addStretch(1)
        return row

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column("sheet", "表", width=110, value=lambda line: line.row.sheet),
            Column("line", "行号", ColumnKind.NUMBER, width=62, value=lambda line: line.row.line),
            Column("label", "名称", width=240, stretch=True, value=self._label),
            Column("ident", "标识", ColumnKind.CODE, width=180, value=lambda line: line.row.ident),
            Column(
                "words",
                "平台的意见",
                width=280,
                tone=lambda line: Tone.DANGER if line.words else Tone.NORMAL,
            ),
        )

    def _label(self, line: _Line) -> str:
        return shown_label(line.row.key, line.row.label, names=self.names.isChecked())

    def _typing(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label("所选行的意见"))
        self.words = QLineEdit()
        self.words.setAccessibleName("平台的意见")
        self.words.setPlaceholderText("照平台的提示填写，回车到下一行；清空为没有退回")
        self.words.returnPressed.connect(self._on_words)
        row.addWidget(self.words, 3)
        self.set_button = button("登记这一行", self._on_words)
        row.addWidget(self.set_button)
        row.addWidget(label("说明"))
        self.note = QLineEdit()
        self.note.setAccessibleName("说明")
        if self.package.state is not PackageState.UPLOADED:
            self.note.setPlaceholderText("更改答复的原因（必填）")
        row.addWidget(self.note, 2)
        return row

    # -- filling -------------------------------------------------------------

    def _show_lines(self, found: Sequence[LineRow]) -> None:
        self.lines = [_Line(row, row.refused) for row in found]
        self.names.setVisible(any(row.key.startswith("assignments:") for row in found))
        self._show()

    def _show(self) -> None:
        wanted = self.search.text().strip().lower()
        shown = [
            line
            for line in self.lines
            if (line.words or not self.only.isChecked())
            and (
                not wanted
                or wanted in f"{self._label(line)} {line.row.ident}".lower()
                or wanted == str(line.row.line)
            )
        ]
        self.table.set_rows(shown)
        if shown:
            self.table.grid.select_line(0)
        self._allow()

    def _allow(self) -> None:
        partly = self.refused_box.isChecked()
        for each in (self.read_button, self.words, self.set_button, self.only):
            each.setEnabled(partly)
        count = sum(1 for line in self.lines if line.words)
        self.count.setText(f"退回 {count} 行" if partly else "")
        ready = not partly or count > 0 or not self.lines
        self.save_button.setEnabled(ready)

    def _on_current(self, line: object) -> None:
        self.words.setText(line.words if isinstance(line, _Line) else "")

    def _on_words(self) -> None:
        line = self.table.current_row()
        if not isinstance(line, _Line):
            return
        at = self.table.grid.currentIndex().row()
        self._put(line.row.id, self.words.text().strip())
        self._show()
        self.table.grid.select_line(min(at + 1, len(self.table.model.ids) - 1))
        self.words.setFocus()

    def _put(self, line_id: int, words: str) -> None:
        self.lines = [
            replace(each, words=words) if each.row.id == line_id else each for each in self.lines
        ]

    # -- files ---------------------------------------------------------------

    def _choose_receipts(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileNames(self, "平台的回执")
        self.add_receipts([Path(each) for each in chosen])

    def add_receipts(self, paths: Sequence[Path]) -> None:
        """Files to keep with the answer."""
        self._receipts = list(dict.fromkeys([*self._receipts, *paths]))
        count = len(self._receipts)
        self.receipt_words.setText(f"{count} 个文件" if count else "")

    def _choose_list(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(
            self, "平台的错误清单", "", "表格 (*.xlsx *.xls *.et *.csv *.html);;所有文件 (*)"
        )
        if path:
            self.read_list(Path(path))

    def read_list(self, path: Path) -> None:
        """Hold the platform's list against the package's rows; nothing is noted yet."""
        workspace, package = self.workspace, self.package.id
        operation(
            self, lambda: workspace.read(platform_answers.read_complaints, package, path)
        ).key("list").progress("正在读取错误清单").success(
            lambda found: self._on_list(path, found)
        ).failure(self.show_failure).run_in_background()

    def _on_list(self, path: Path, found: Complaints) -> None:
        told: dict[tuple[str, int], list[str]] = {}
        for each in found.found:
            told.setdefault((each.sheet, each.line), []).append(each.words)
        self.lines = [
            replace(line, words="；".join(dict.fromkeys(told[place])))
            if (place := (line.row.sheet, line.row.line)) in told
            else line
            for line in self.lines
        ]
        self.add_receipts([path])
        self._list = path
        self._left = found.left
        if found.left:
            self.tell(
                f"对上 {len(told)} 行，{len(found.left)} 行没有对上，请手工登记：\n"
                + "\n".join(found.left[:6])
                + (f"\n……共 {len(found.left)} 行" if len(found.left) > 6 else ""),
                Tone.WARN,
            )
        else:
            self.tell(f"错误清单已读入，{len(told)} 行都对上了。核对后点“登记答复”。", Tone.OK)
        self._show()

    # -- saving --------------------------------------------------------------

    def save(self) -> None:
        """Write the answer down; what of the list was not placed goes into the note."""
        if self.day.value is None:
            self.tell(self.day.error() or "请填写答复日期。", Tone.DANGER)
            return
        partly = self.refused_box.isChecked()
        refused = tuple(
            Refused(line=line.row.line, words=line.words, sheet=line.row.sheet)
            for line in self.lines
            if line.words and partly
        )
        note = self.note.text().strip()
        if partly and self._left:
            left = f"没有对上的：{'；'.join(self._left)}"
            note = f"{note}；{left}" if note else left
        command = Answer(
            package_id=self.package.id,
            refused=refused,
            number=self.number.text(),
            on=self.day.value,
            note=note,
            receipts=tuple(self._receipts),
            complaints=self._list if partly and self._list in self._receipts else None,
        )
        workspace = self.workspace
        started = (
            operation(self, lambda: workspace.write(package_life.answer, command))
            .key("answer")
            .success(self._on_saved)
            .failure(self.show_failure)
            .finally_(self._allow)
            .run_in_background()
        )
        if started:
            self.save_button.setEnabled(False)

    def _on_saved(self, count: int) -> None:
        name = self.package.file_name
        self.answered.emit(f"{name}：平台退回 {count} 行" if count else f"{name}：平台已受理")
        self.accept()
