"""登记回避: which target this inspector does not inspect, or none at all, and why; 解除."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QFrame,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.db.read import targets
from app.db.read.query import ListQuery
from app.db.read.recusals import RecusalLine
from app.db.read.targets import TargetRow
from app.domain.fields import Field, FieldKind
from app.errors import AppError
from app.services.replacing import recusing
from app.services.replacing.recusing import DeclareRecusal, LiftRecusal, RecusalDeclared
from app.ui.dialogs.frame import dialog_foot
from app.ui.tables import Column, ColumnKind, PlainTable
from app.ui.tasks import operation, query
from app.ui.theme import Tone
from app.ui.widgets import Banner, DateEdit, FormDialog, Segments, button, label, primary_button

if TYPE_CHECKING:
    from app.services.workspace import Workspace

_MOST = 50
_COLUMNS = (
    Column("name", "检查对象", width=220, stretch=True),
    Column("code", "代码", ColumnKind.CODE, width=158),
    Column("township", "乡镇", width=90),
)


_ONE, _WHOLE = "one", "whole"


class RecusalDialog(QDialog):
    """Search, choose a target (or none: from every draw), give the reason.

    ``declared`` carries the `RecusalDeclared`, with the open tasks it stands against.
    """

    declared = Signal(object)

    def __init__(self, parent: QWidget, workspace: Workspace, inspector_id: int, name: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"登记回避：{name}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._workspace = workspace
        self._inspector_id, self._name = inspector_id, name
        self.resize(620, 600)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout()
        column.setContentsMargins(20, 18, 20, 12)
        column.setSpacing(10)
        outer.addLayout(column, 1)
        self.banner = Banner(Tone.DANGER, "")
        self.banner.hide()
        column.addWidget(self.banner)
        self.extent = Segments([(_ONE, "对一家回避"), (_WHOLE, "整体回避")])
        self.extent.chosen.connect(lambda _key: self._on_extent())
        column.addWidget(self.extent)
        self.question = label("", "section")
        column.addWidget(self.question)
        self.search = QLineEdit()
        self.search.setPlaceholderText("名称 / 代码 / 拼音首字母")
        self.search.setAccessibleName("搜索检查对象")
        self.search.textChanged.connect(lambda _text: self._look())
        column.addWidget(self.search)
        self.table = PlainTable(_COLUMNS, name="recusal", unit="家")
        column.addWidget(self.table, 1)
        self.whole_words = label(
            "本人不参加以后的任何一次抽取，直到解除；已经派出的任务另行更换。",
            "secondary",
            wrap=True,
        )
        column.addWidget(self.whole_words)
        self._spacer = QWidget()
        column.addWidget(self._spacer, 1)
        self._add_reason(column)
        outer.addWidget(self._foot())
        self._on_extent()
        self._look()

    def _add_reason(self, column: QVBoxLayout) -> None:
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        self.reason = QComboBox()
        self.reason.currentIndexChanged.connect(lambda _at: self._on_reason())
        self.hint = label("", "small", wrap=True)
        self.note = QLineEdit()
        self.note.setPlaceholderText("写在密封的抽取记录里，不公开")
        self.day = DateEdit(self._workspace.clock().astimezone().date())
        form.addRow("事由", self.reason)
        form.addRow("", self.hint)
        form.addRow("说明", self.note)
        form.addRow("申报日期", self.day)
        column.addLayout(form)

    def _foot(self) -> QFrame:
        self.save_button = primary_button("登记回避", self.submit)
        return dialog_foot(button("取消", self.reject), self.save_button)

    def _on_extent(self) -> None:
        whole = self.extent.key == _WHOLE
        self.question.setText(
            f"{self._name}不参加抽取？" if whole else f"{self._name}不检查哪一家？"
        )
        self.search.setVisible(not whole)
        self.table.setVisible(not whole)
        self.whole_words.setVisible(whole)
        self._spacer.setVisible(whole)
        self.reason.clear()
        for kind in recusing.kinds():
            # What only says “not fit for duty” names no target.
            if kind.whole if whole else kind.code != "health":
                self.reason.addItem(kind.label, kind.code)
        self._on_reason()

    def _on_reason(self) -> None:
        code = self.reason.currentData()
        kind = next((kind for kind in recusing.kinds() if kind.code == code), None)
        self.hint.setText(f"{kind.hint}（{kind.article}）" if kind else "")

    def _look(self) -> None:
        wanted, read = ListQuery(self.search.text()), self._workspace.read

        def look() -> list[TargetRow]:
            return read(targets.rows, read(targets.ids, wanted)[:_MOST])

        query(self, look).key("look").success(self.table.set_rows).run_in_background()

    def submit(self) -> None:
        """Write the recusal for the chosen target, or for every draw."""
        whole = self.extent.key == _WHOLE
        row = None if whole else self.table.current_row()
        if row is None and not whole:
            self._refuse("请先在列表中选择检查对象。")
            return
        if self.day.value is None:
            self._refuse("申报日期写得不对，请写成 2026-03-01。")
            return
        command = DeclareRecusal(
            inspector_id=self._inspector_id,
            target_id=row.id if row is not None else None,
            code=str(self.reason.currentData()),
            note=self.note.text(),
            declared_on=self.day.value,
        )
        operation(self, lambda: self._workspace.write(recusing.declare_recusal, command)).success(
            self._on_declared
        ).failure(self._on_failed).run_in_background()

    def _on_declared(self, made: RecusalDeclared) -> None:
        self.declared.emit(made)
        self.accept()

    def _on_failed(self, error: AppError) -> None:
        self._refuse(str(error))

    def _refuse(self, words: str) -> None:
        self.banner.show_message(Tone.DANGER, words)
        self.banner.show()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lift:
    name: str = ""
    reason: str = ""


def ask_lift(
    parent: QWidget, workspace: Workspace, line: RecusalLine, then: Callable[[object], object]
) -> FormDialog:
    """Why a recusal ends; the record of it stays."""
    fields = (
        Field(
            name="reason",
            label="解除理由",
            kind=FieldKind.LONG_TEXT,
            required=True,
            hint="如：亲属已于 6 月离职。登记和解除都永久留存",
        ),
    )

    def save(facts: _Lift) -> object:
        command = LiftRecusal(id=line.id, reason=facts.reason)
        workspace.write(recusing.lift_recusal, command)
        return None

    whom = f"对“{line.target}”的回避" if line.target else "整体回避"
    dialog = FormDialog(
        parent,
        f"解除{line.inspector}{whom}",
        fields,
        _Lift(),
        save=save,
        columns=1,
        action="解除回避",
    )
    dialog.saved.connect(then)
    dialog.open()
    return dialog


def recusal_words(line: RecusalLine) -> str:
    """One recusal with its history, for the side pane: two or three lines."""
    note = f"，{line.note}" if line.note else ""
    by = f"，{line.declared_by}登记" if line.declared_by else ""
    words = (
        f"{line.target or '整体回避，不参加抽取'}\n"
        f"{recusing.kind_words(line.code)}{note}（{line.declared_on}{by}）"
    )
    if line.lifted_on is None:
        return words
    return f"{words}\n已于 {line.lifted_on} 由{line.lifted_by}解除：{line.lift_reason}"
