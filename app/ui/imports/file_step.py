"""Step 1: which file. A button, drag it here, or one used lately; and imports to take back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.services.intake.undoing_import import PastImport
from app.ui import theme
from app.ui.icons import pixmap
from app.ui.imports.pace import Pace
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import (
    Banner,
    Card,
    ElidedLabel,
    ProgressStrip,
    button,
    clear_layout,
    label,
    link_button,
)

_PATTERNS = "*.xlsx *.xls *.et *.xlsm *.xlsb *.ods *.csv *.txt *.htm *.html *.xml"
TABLES = f"表格 ({_PATTERNS});;所有文件 (*)"
DIRECTORIES = f"表格、名录包 ({_PATTERNS} *.zip);;所有文件 (*)"
_SHOWN = 5
_LINES = (
    "Excel、WPS 表格、网页表格、csv 都可以，按内容识别，扩展名不对也能读。",
    "表头在第几行、列名怎么写都没关系，下一步可以对应和更正。",
    "到“确认写入”之前，名录不会有任何改变。",
)


class FileStep(QWidget):
    """Says which files were chosen; shows how far reading is, or why it failed."""

    chosen = Signal(object)  # tuple of paths
    undo_wanted = Signal(object)  # a PastImport

    def __init__(
        self,
        title: str = "选择要导入的表格",
        invitation: str = "把表格拖到这里（可以几个一起），或",
        lines: Sequence[str] = _LINES,
        kinds: str = TABLES,
        *,
        several: bool = True,
    ) -> None:
        super().__init__()
        self._title, self._invitation, self._lines = title, invitation, tuple(lines)
        self._kinds, self._several = kinds, several
        self.setAcceptDrops(True)
        self._pace = Pace()
        self.file_links: list[QWidget] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        card = Card()
        column.addWidget(card, 1)
        self.banner = Banner(Tone.DANGER, "")
        self.banner.hide()
        card.body.addWidget(self.banner)
        self.place = self._drop_place()
        card.body.addWidget(self.place, 1)
        card.body.addLayout(self._reading())
        across = QHBoxLayout()
        across.setSpacing(theme.GAP)
        self.files_card = Card("最近用过的文件")
        self.imports_card = Card("最近的导入", "下一次封存名单之前可以整批撤销")
        for each in (self.files_card, self.imports_card):
            each.hide()
            each.body.setSpacing(2)
            across.addWidget(each, 1)
        column.addLayout(across)
        self.show_idle()

    def _drop_place(self) -> QFrame:
        place = QFrame()
        place.setObjectName("dropPlace")
        column = QVBoxLayout(place)
        column.setSpacing(10)
        column.addStretch(2)
        mark = QLabel()
        mark.setPixmap(pixmap("upload", LIGHT.secondary, 36, self.devicePixelRatioF()))
        column.addWidget(mark, 0, Qt.AlignmentFlag.AlignHCenter)
        self.words = label(self._invitation, "secondary")
        column.addWidget(self.words, 0, Qt.AlignmentFlag.AlignHCenter)
        self.choose = button("选择文件…", self._on_choose, "folder")
        column.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignHCenter)
        for line in self._lines:
            hint = label(line, "small")
            column.addWidget(hint, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        return place

    def _reading(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.progress_words = label("", "secondary")
        self.strip = ProgressStrip()
        self.cancel = button("取消")
        row.addWidget(self.progress_words)
        row.addWidget(self.strip, 1)
        row.addWidget(self.cancel)
        return row

    def show_recent_files(self, paths: Sequence[Path]) -> None:
        """Files used lately that are still there, newest first; a click reads one again."""
        there = [path for path in paths if path.is_file()][:_SHOWN]
        clear_layout(self.files_card.body)
        self.file_links = []
        for path in there:
            link = link_button(path.name, partial(self.chosen.emit, (path,)))
            link.setToolTip(str(path))
            self.file_links.append(link)
            row = QHBoxLayout()
            row.addWidget(link)
            row.addWidget(ElidedLabel(str(path.parent), "small"), 1)
            self.files_card.body.addLayout(row)
        self.files_card.body.addStretch(1)
        self.files_card.setVisible(bool(there))

    def show_recent_imports(self, imports: Sequence[PastImport]) -> None:
        """What was imported lately, with 撤销 or why not."""
        clear_layout(self.imports_card.body)
        for each in imports[:_SHOWN]:
            row = QHBoxLayout()
            day = each.at.astimezone().strftime("%Y-%m-%d")
            words = f"{day}　{each.file_name}　新增 {each.new}，更新 {each.updated}"
            row.addWidget(ElidedLabel(words), 1)
            if each.obstacle:
                row.addWidget(label(each.obstacle, "small"))
            else:
                row.addWidget(link_button("撤销", partial(self.undo_wanted.emit, each), "undo"))
            self.imports_card.body.addLayout(row)
        self.imports_card.body.addStretch(1)
        self.imports_card.setVisible(bool(imports))

    def show_idle(self) -> None:
        """Wait for a file."""
        self._frame(dragging=False)
        for each in (self.progress_words, self.strip, self.cancel):
            each.hide()
        self.choose.setEnabled(True)

    def show_reading(self, words: str) -> None:
        """Reading is under way; ``words`` names the files."""
        self._pace = Pace()
        self.banner.hide()
        self.choose.setEnabled(False)
        self.progress_words.setText(f"正在读取“{words}”")
        self.strip.show_progress(0, 0)
        for each in (self.progress_words, self.strip, self.cancel):
            each.show()

    def show_progress(self, done: int, total: int, words: str) -> None:
        """How far it is."""
        self.progress_words.setText(self._pace.words(done, total, words))
        self.strip.show_progress(done, total)

    def show_failure(self, words: str) -> None:
        """Why the file cannot be used and what to do."""
        self.show_idle()
        self.banner.show_message(Tone.DANGER, words)
        self.banner.show()

    def _on_choose(self) -> None:
        if self._several:
            chosen, _ = QFileDialog.getOpenFileNames(self, self._title, "", self._kinds)
        else:
            one, _ = QFileDialog.getOpenFileName(self, self._title, "", self._kinds)
            chosen = [one] if one else []
        if chosen:
            self.chosen.emit(tuple(Path(each) for each in chosen))

    # -- dragging ------------------------------------------------------------

    def _frame(self, *, dragging: bool) -> None:
        colour = LIGHT.accent if dragging else LIGHT.control_border
        fill = LIGHT.selection if dragging else LIGHT.raised
        self.place.setStyleSheet(
            f"#dropPlace {{ border: 1px dashed {colour}; border-radius: {theme.RADIUS}px;"
            f" background: {fill}; }}"
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.choose.isEnabled() and any(url.isLocalFile() for url in event.mimeData().urls()):
            self._frame(dragging=True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._frame(dragging=False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._frame(dragging=False)
        local = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if local:
            event.acceptProposedAction()
            self.chosen.emit(tuple(local))
