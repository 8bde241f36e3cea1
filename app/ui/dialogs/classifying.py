"""建议调整分类: what the rulebook's criteria would change; a person takes or overrules it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from app.services.directories import classifying
from app.services.directories.classifying import DecideCategory, Decided, Suggested, Suggestions
from app.ui.dialogs.frame import FrameDialog
from app.ui.tables import ALIGN_CENTER, Column, ColumnKind, PlainTable
from app.ui.tasks import Progress, long_query, operation
from app.ui.theme import Tone
from app.ui.widgets import BusyRow, button, label, primary_button

if TYPE_CHECKING:
    from app.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    name: str
    now: str
    suggested: str
    grounds: str
    raw: Suggested


_LOOKING = "正在比对分类标准"
_COLUMNS = (
    Column("name", "名称", width=220),
    Column("now", "现分类", ColumnKind.STRONG, width=70, align=ALIGN_CENTER),
    Column("suggested", "建议", ColumnKind.STRONG, width=70, align=ALIGN_CENTER),
    Column("grounds", "依据", width=420, stretch=True),
)


class SuggestionsDialog(FrameDialog):
    """The list, several may be selected; 采纳 or 维持 with a reason, and one way back."""

    decided = Signal(object)

    def __init__(self, parent: QWidget, workspace: Workspace, words: Mapping[str, str]) -> None:
        super().__init__(parent, "建议调整分类", 980, 560)
        self._workspace = workspace
        self._words = words
        self.summary = label("", "secondary", wrap=True)
        self.body.addWidget(self.summary)
        self.busy = BusyRow(_LOOKING)
        self.body.addWidget(self.busy)
        self.table = PlainTable(_COLUMNS, name="suggestions", unit="家")
        self.body.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("不按建议的，写明理由；按建议的可以不填")
        self.reason.setAccessibleName("理由")
        self.document = QLineEdit()
        self.document.setPlaceholderText("文号，没有的留空")
        self.document.setAccessibleName("文号")
        self.document.setMaximumWidth(200)
        for words_, field in (("理由", self.reason), ("文号", self.document)):
            row.addWidget(label(words_))
            row.addWidget(field, 1)
        self.body.addLayout(row)
        self.undo = button("撤销", self._take_back)
        self.undo.hide()
        self.foot.addWidget(self.undo)
        self.foot.addStretch(1)
        self.foot.addWidget(button("关闭", self.accept))
        self.keep = button("维持所选的现分类", lambda: self._decide(lambda row: row.category))
        self.take = primary_button(
            "采纳所选的建议", lambda: self._decide(lambda row: row.suggestion.category)
        )
        self.foot.addWidget(self.keep)
        self.foot.addWidget(self.take)
        self._last: Decided | None = None
        self.look()

    def look(self) -> None:
        """Ask the criteria again."""
        today = self._workspace.clock().astimezone().date()
        self.summary.setText("正在按细则的标准逐家比对…")

        def work(progress: Progress) -> Suggestions:
            return self._workspace.read(classifying.suggestions, today, progress.report)

        long_query(self, work).key("look").progress(_LOOKING).success(self._show).failure(
            self.show_failure
        ).finally_(self._on_looked).run_in_background()

    def _on_looked(self) -> None:
        if self.summary.text().endswith("…"):
            self.summary.setText("比对已取消，没有改动。关闭后再打开，可以重新比对。")

    def _show(self, found: Suggestions) -> None:
        if not found.applicable:
            title = self._workspace.rulebook.document.title
            words = f"《{title}》没有写分类的标准（见其引用的文件），请按原文件逐家认定。"
        elif found.rows:
            words = (
                f"按细则的标准，{len(found.rows)} 家的分类可能要调整。建议不会自动生效，"
                "由人决定，决定和理由记入台账。"
            )
        else:
            words = "没有需要调整的。"
        if found.unknown:
            words += f"另有 {found.unknown} 家没有填写名录标识、许可类别和信用等级，无从比较。"
        self.summary.setText(words)
        self.table.set_rows([self._row(each) for each in found.rows])
        for each in (self.keep, self.take):
            each.setEnabled(bool(found.rows))

    def _row(self, each: Suggested) -> _Row:
        return _Row(
            each.id,
            each.name,
            self._words.get(each.category, each.category),
            self._words.get(each.suggestion.category, each.suggestion.category),
            "；".join(each.suggestion.words),
            each,
        )

    def _decide(self, which: Callable[[Suggested], str]) -> None:
        chosen = [self.table.model.row_at(line) for line in self.table.grid.selected_lines()]
        if not chosen:
            self.tell("请先在列表中选择，可以按住 Ctrl 选几家，Ctrl+A 全选。", Tone.WARN)
            return
        command = DecideCategory(
            decisions=tuple((row.id, which(row.raw)) for row in chosen if row),
            reason=self.reason.text(),
            document_no=self.document.text(),
        )
        operation(self, lambda: self._workspace.write(classifying.decide, command)).key(
            "decide"
        ).success(self._on_decided).failure(self.show_failure).run_in_background()

    def _on_decided(self, done: Decided) -> None:
        self._last = done
        self.reason.clear()
        self.undo.show()
        self.tell(f"已记录：{done.moved} 家调整，{done.kept} 家维持。", Tone.OK)
        self.decided.emit(done)
        self.look()

    def _take_back(self) -> None:
        done = self._last
        if done is None:
            return
        operation(self, lambda: self._workspace.write(classifying.take_back, done)).key(
            "undo"
        ).success(lambda _none: self._on_taken_back()).failure(
            self.show_failure
        ).run_in_background()

    def _on_taken_back(self) -> None:
        self._last = None
        self.undo.hide()
        self.tell("已撤销，分类改回原来的。", Tone.OK)
        self.look()


class ReclassifyDialog(FrameDialog):
    """重新分类 of one target, by recorded decision (正面清单, other circumstances)."""

    decided = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        workspace: Workspace,
        target: tuple[int, str, str],
        words: Mapping[str, str],
    ) -> None:
        target_id, name, category = target
        super().__init__(parent, f"重新分类：{name}", 520, 260)
        self._workspace = workspace
        self._target_id = target_id
        self.category = QComboBox()
        for code, word in words.items():
            self.category.addItem(word, code)
        self.category.setCurrentIndex(self.category.findData(category))
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("例如：列入正面清单，两年内没有违法记录")
        self.document = QLineEdit()
        self.document.setPlaceholderText("没有的留空")
        for words_, field in (
            ("调整为", self.category), ("理由", self.reason), ("文号", self.document)
        ):  # fmt: skip
            row = QHBoxLayout()
            title = label(words_)
            title.setFixedWidth(64)
            row.addWidget(title)
            row.addWidget(field, 1)
            self.body.addLayout(row)
        self.body.addStretch(1)
        self.foot.addStretch(1)
        self.foot.addWidget(button("取消", self.reject))
        self.foot.addWidget(primary_button("记录决定", self.submit))

    def submit(self) -> None:
        """Record it; the service asks for a reason where the criteria say otherwise."""
        command = DecideCategory(
            decisions=((self._target_id, str(self.category.currentData())),),
            reason=self.reason.text(),
            document_no=self.document.text(),
        )
        operation(self, lambda: self._workspace.write(classifying.decide, command)).key(
            "decide"
        ).success(self._on_decided).failure(self.show_failure).run_in_background()

    def _on_decided(self, done: Decided) -> None:
        self.decided.emit(done)
        self.accept()
