"""Step 1: which file. A button, or drag it here."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.icons import pixmap
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import Banner, Card, ProgressStrip, button, label

_TABLES = (
    "表格 (*.xlsx *.xls *.et *.xlsm *.xlsb *.ods *.csv *.txt *.htm *.html *.xml);;所有文件 (*)"
)


class FileStep(QWidget):
    """Says which file was chosen; shows how far reading is, or why it failed."""

    chosen = Signal(Path)

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        card = Card()
        column.addWidget(card)
        self.banner = Banner(Tone.DANGER, "")
        self.banner.hide()
        card.body.addWidget(self.banner)
        self.place = self._drop_place()
        card.body.addWidget(self.place, 1)
        card.body.addLayout(self._reading())
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
        self.words = label("把表格拖到这里，或", "secondary")
        column.addWidget(self.words, 0, Qt.AlignmentFlag.AlignHCenter)
        self.choose = button("选择文件…", self._on_choose, "folder")
        column.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignHCenter)
        for line in (
            "Excel、WPS 表格、网页表格、csv 都可以，按内容识别，扩展名不对也能读。",
            "表头在第几行、列名怎么写都没关系，下一步可以对应和更正。",
            "到“确认写入”之前，名录不会有任何改变。",
        ):
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

    def show_idle(self) -> None:
        """Wait for a file."""
        self._frame(dragging=False)
        for each in (self.progress_words, self.strip, self.cancel):
            each.hide()
        self.choose.setEnabled(True)

    def show_reading(self, path: Path) -> None:
        """Reading is under way."""
        self.banner.hide()
        self.choose.setEnabled(False)
        self.progress_words.setText(f"正在读取“{path.name}”")
        self.strip.show_progress(0, 0)
        for each in (self.progress_words, self.strip, self.cancel):
            each.show()

    def show_progress(self, done: int, total: int, words: str) -> None:
        """How far it is."""
        self.progress_words.setText(f"{words} {done:,} / {total:,}" if total else words)
        self.strip.show_progress(done, total)

    def show_failure(self, words: str) -> None:
        """Why the file cannot be used and what to do."""
        self.show_idle()
        self.banner.show_message(Tone.DANGER, words)
        self.banner.show()

    def _on_choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "选择要导入的表格", "", _TABLES)
        if chosen:
            self.chosen.emit(Path(chosen))

    # -- dragging ------------------------------------------------------------

    def _frame(self, *, dragging: bool) -> None:
        colour = LIGHT.accent if dragging else LIGHT.control_border
        fill = LIGHT.selection if dragging else LIGHT.raised
        self.place.setStyleSheet(
            f"#dropPlace {{ border: 1px dashed {colour}; border-radius: {theme.RADIUS}px;"
            f" background: {fill}; }}"
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            self._frame(dragging=True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._frame(dragging=False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._frame(dragging=False)
        local = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if local:
            event.acceptProposedAction()
            self.chosen.emit(Path(local[0]))
