"""更换细则: another rulebook, or a new version of the unit's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.rulebook import Rulebook
from app.errors import AppError
from app.services import rulebooks
from app.services.rulebooks import AdoptRulebook
from app.ui import theme
from app.ui.tasks import operation
from app.ui.widgets import Banner, button, label, primary_button
from app.ui.widgets.rulebook_picker import RulebookPicker

if TYPE_CHECKING:
    from app.services.workspace import Workspace

_ADVICE = (
    "换了细则，比例、期限和编组从下一次抽取起按新的算；已经抽取的仍按原来的。"
    "检查对象的分类编号须与新细则一致。"
)


class RulebookDialog(QDialog):
    """Choose a rulebook and put it into force."""

    adopted = Signal(object)

    def __init__(self, parent: QWidget, workspace: Workspace) -> None:
        super().__init__(parent)
        self.setWindowTitle("更换细则")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(720, 600)
        self._workspace = workspace
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(label(_ADVICE, "secondary", wrap=True))
        self.banner = Banner(theme.Tone.DANGER, "")
        self.banner.hide()
        column.addWidget(self.banner)
        self.picker = RulebookPicker(rulebooks.available(workspace.folder.rulebooks))
        self.picker.changed.connect(self._allow)
        column.addWidget(self.picker, 1)
        self.hint = label("", "small")
        self.adopt = primary_button("启用", self._on_adopt)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.hint)
        row.addStretch(1)
        row.addWidget(button("取消", self.reject))
        row.addWidget(self.adopt)
        column.addLayout(row)
        self._allow()

    def _allow(self) -> None:
        self.hint.setText(self.picker.lacks)
        self.adopt.setEnabled(not self.picker.lacks)

    def _on_adopt(self) -> None:
        command = AdoptRulebook(name=self.picker.key, level=self.picker.level)
        self.banner.hide()
        self.adopt.setEnabled(False)
        operation(self, lambda: self._workspace.write(rulebooks.adopt, command)).success(
            self._on_adopted
        ).failure(self._on_failed).finally_(self._allow).run_in_background()

    def _on_adopted(self, rulebook: Rulebook) -> None:
        self.adopted.emit(rulebook)
        self.accept()

    def _on_failed(self, error: AppError) -> None:
        self.banner.show_message(theme.Tone.DANGER, str(error))
        self.banner.show()
