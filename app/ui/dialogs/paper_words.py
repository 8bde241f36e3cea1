"""修改文书文字: title, passages with their fields, copies; preview, save, back to the original."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.paper_texts import PaperText, fields_of
from app.errors import AppError
from app.services.paperwork import paper_words
from app.services.workspace import Workspace
from app.ui.dialogs.messages import confirm
from app.ui.dialogs.preview import show_file
from app.ui.tasks import operation
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import Banner, button, label, primary_button, small_button

__all__ = ["PaperWordsDialog"]

_IN_A_ROW = 6
_AREA = 104


class PaperWordsDialog(QDialog):
    """One paper's words; a click on a field puts it where the caret was."""

    saved = Signal(str)

    def __init__(
        self, parent: QWidget, workspace: Workspace, text: PaperText, *, own: bool
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"修改文书文字：{text.kind.label}")
        self.resize(860, 640)
        self.setStyleSheet(f"PaperWordsDialog {{ background: {LIGHT.surface}; }}")
        self._workspace, self._text = workspace, text
        self.title = QLineEdit()
        self.title.setAccessibleName("文书名称")
        self.copies = QLineEdit()
        self.copies.setAccessibleName("份数说明")
        self.seal = QCheckBox("印出盖章处")
        self.sealer = QLineEdit()
        self.sealer.setAccessibleName("盖章单位")
        self.sealer.setPlaceholderText("不写就是本单位")
        self.seal.toggled.connect(self.sealer.setEnabled)
        self.areas: dict[str, QPlainTextEdit] = {}
        self.lines: dict[str, QLineEdit] = {}
        self.banner = Banner(Tone.DANGER, "")
        self.banner.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._area = self._body()
        column.addWidget(self._area, 1)
        column.addWidget(self._foot())
        self._caret: QPlainTextEdit | None = next(iter(self.areas.values()), None)
        self._fill(text)
        self._given = self.words()
        self.restore_button.setEnabled(own)
        self.restore_button.setToolTip("" if own else "现在就是随软件附带的文字")
        QShortcut(QKeySequence.StandardKey.Save, self).activated.connect(self._save)

    def _body(self) -> QScrollArea:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        inside = QWidget()
        inside.setObjectName("formBody")
        inside.setStyleSheet(f"#formBody {{ background: {LIGHT.surface}; }}")
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(6)
        column.addWidget(self.banner)
        before = self._text.kind.before_title
        named = f"文书名称（打印时前面加上{before}）" if before else "文书名称"
        column.addWidget(label(named, "secondary"))
        column.addWidget(self.title)
        for each in self._text.passages:
            if each.short:
                continue
            column.addWidget(label(each.label, "secondary"))
            edit = QPlainTextEdit()
            edit.setTabChangesFocus(True)
            edit.setAccessibleName(each.label)
            edit.setFixedHeight(_AREA)
            edit.cursorPositionChanged.connect(partial(self._remember, edit))
            self.areas[each.code] = edit
            column.addWidget(edit)
        column.addLayout(self._short_ones())
        if self._text.copied:
            column.addWidget(label("份数说明", "secondary"))
            column.addWidget(self.copies)
        if self._text.sealable:
            sealed = QHBoxLayout()
            sealed.setSpacing(12)
            sealed.addWidget(self.seal)
            sealed.addWidget(label("盖章单位", "secondary"))
            sealed.addWidget(self.sealer, 1)
            column.addLayout(sealed)
        column.addWidget(
            label("可以用的字段（点一下插入到光标处，打印时换成实际内容）", "secondary")
        )
        column.addLayout(self._fields())
        column.addStretch(1)
        area.setWidget(inside)
        return area

    def _short_ones(self) -> QGridLayout:
        """The labels of places to sign, two beside each other."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        short = [each for each in self._text.passages if each.short]
        for at, each in enumerate(short):
            edit = QLineEdit()
            edit.setAccessibleName(each.label)
            self.lines[each.code] = edit
            row, column = 2 * (at // 2), at % 2
            grid.addWidget(label(each.label, "secondary"), row, column)
            grid.addWidget(edit, row + 1, column)
        return grid

    def _fields(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(6)
        self.field_buttons = {}
        for at, name in enumerate(fields_of(self._text.kind)):
            made = small_button(f"{{{name}}}", partial(self._insert, name))
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the caret where it is
            self.field_buttons[name] = made
            grid.addWidget(made, at // _IN_A_ROW, at % _IN_A_ROW)
        return grid

    def _foot(self) -> QFrame:
        foot = QFrame()
        foot.setObjectName("cardFoot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 10, 20, 10)
        row.setSpacing(8)
        self.restore_button = button("恢复原样", self._restore, "undo")
        self.preview_button = button("预览", self._preview, "eye")
        self.save_button = primary_button("保存", self._save)
        row.addWidget(self.restore_button)
        row.addStretch(1)
        row.addWidget(self.preview_button)
        row.addWidget(button("取消", self.reject))
        row.addWidget(self.save_button)
        return foot

    def _fill(self, text: PaperText) -> None:
        self.title.setText(text.title)
        self.copies.setText(text.copies)
        self.seal.setChecked(text.seal)
        self.sealer.setText(text.sealer)
        self.sealer.setEnabled(text.seal)
        for each in text.passages:
            if each.short:
                self.lines[each.code].setText(each.text)
            else:
                self.areas[each.code].setPlainText(each.text)

    def _remember(self, edit: QPlainTextEdit) -> None:
        self._caret = edit

    def _insert(self, name: str) -> None:
        if self._caret is not None:
            self._caret.insertPlainText(f"{{{name}}}")
            self._caret.setFocus()

    def words(self) -> PaperText:
        """What is typed."""
        typed = {code: edit.toPlainText() for code, edit in self.areas.items()}
        typed.update((code, edit.text()) for code, edit in self.lines.items())
        return replace(
            self._text.with_words(typed),
            title=self.title.text(),
            copies=self.copies.text(),
            seal=self.seal.isChecked(),
            sealer=self.sealer.text(),
        )

    def _save(self) -> None:
        words, workspace = self.words(), self._workspace
        operation(self, lambda: workspace.write(paper_words.save, words)).key("save").success(
            lambda _o: self._done("文书文字已保存")
        ).failure(self._say).run_in_background()

    def _preview(self) -> None:
        words, workspace = self.words(), self._workspace
        today = workspace.clock().astimezone().date()

        def work() -> Path:
            data = paper_words.preview(workspace.unit.name, words, today)
            # Outside the workspace: a sample is no paper of the unit's.
            path = Path(tempfile.mkdtemp(prefix="suicha-")) / f"{words.kind.label}-样例.pdf"
            path.write_bytes(data)
            return path

        operation(self, work).key("preview").success(self._show).failure(
            self._say
        ).run_in_background()

    def _show(self, path: Path) -> None:
        self.banner.hide()
        show_file(self, path)

    def _restore(self) -> None:
        words = "本单位改过的文字不再使用，账本里仍能查到。"
        if not confirm(self, "恢复原样", words, action="恢复原样"):
            return
        workspace, kind = self._workspace, self._text.kind
        operation(self, lambda: workspace.write(paper_words.restore, kind)).key("save").success(
            lambda _o: self._done("已恢复随软件附带的文字")
        ).failure(self._say).run_in_background()

    def _done(self, words: str) -> None:
        self.saved.emit(words)
        self.accept()

    def reject(self) -> None:
        """Esc and 取消 ask where something was typed."""
        if self.words() != self._given and not confirm(
            self, "放弃修改", "有内容还没有保存，关闭后不能找回。", action="放弃修改"
        ):
            return
        super().reject()

    def _say(self, error: AppError) -> None:
        self.banner.show_message(Tone.DANGER, str(error))
        self.banner.show()
        # Whoever types at the end of the form sees nothing of its beginning.
        self._area.verticalScrollBar().setValue(0)
