"""附件预览: pictures and PDF pages in the window, sound with the machine's player, with the digest.

Whatever it is, the bytes are held against their digest before anything is shown or played.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path, PurePath

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImageReader, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.db.read.attachments import AttachedFile
from app.errors import AppError
from app.paths import WorkspaceFolder
from app.services import attaching
from app.ui.dialogs.frame import dialog_foot
from app.ui.paper_pages import PaperPages
from app.ui.tasks import operation
from app.ui.theme import LIGHT, Tone
from app.ui.widgets import (
    Banner,
    ElidedLabel,
    HashLabel,
    button,
    clear_layout,
    label,
    link_button,
    primary_button,
)
from app.ui.widgets.pages_view import PagesView

__all__ = ["AttachmentDialog", "FilesDialog", "kind_of", "size_words"]

_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp", ".tif", ".tiff"})
_SOUNDS = frozenset({".mp3", ".wav", ".m4a", ".aac", ".wma", ".amr", ".ogg", ".flac"})
_FILMS = frozenset({".mp4", ".mov", ".avi", ".mkv", ".wmv", ".3gp"})
_ROOM = QSize(880, 520)
_MEGABYTE = 1024 * 1024


def kind_of(name: str) -> str:
    """照片, 扫描件, 录音, 录像 or 文件, by how the name ends."""
    suffix = PurePath(name).suffix.lower()
    if suffix in _PICTURES:
        return "照片"
    kinds = ((_SOUNDS, "录音"), (_FILMS, "录像"), (frozenset({".pdf"}), "扫描件"))
    return next((words for known, words in kinds if suffix in known), "文件")


def size_words(size: int) -> str:
    """2.1 MB, 12.0 KB."""
    if size < _MEGABYTE:
        return f"{max(size / 1024, 0.1):.1f} KB"
    return f"{size / _MEGABYTE:.1f} MB"


class AttachmentDialog(QDialog):
    """One file, verified against its digest before it is shown."""

    def __init__(
        self,
        parent: QWidget,
        folder: WorkspaceFolder,
        file: AttachedFile,
        open_outside: Callable[[AttachedFile], object],
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(file.name)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(920, 640)
        self._room: Path | None = None
        self.pages: PaperPages | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.banner = Banner(Tone.DANGER, "")
        self.banner.hide()
        self.picture = QLabel("正在核对…")
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setMinimumSize(320, 240)
        self._shown = QVBoxLayout()
        self._shown.addWidget(self.picture)
        column.addWidget(self.banner)
        column.addLayout(self._shown, 1)
        kind = kind_of(file.name)
        words = {"录音": "播放", "录像": "播放"}.get(kind, "用其他程序打开")
        made = primary_button if words == "播放" else button
        self.outside_button = made(words, lambda: open_outside(file))
        self.outside_button.setEnabled(False)
        facts = (label(f"{kind}，{size_words(file.size)}", "small"), label("SHA-256", "small"))
        foot = (*facts, HashLabel(file.sha256))
        column.addWidget(dialog_foot(button("关闭", self.accept), self.outside_button, left=foot))
        self.finished.connect(lambda _code: self._end())

        def work() -> Path:
            self._room = Path(tempfile.mkdtemp(prefix="suicha-"))
            return attaching.copy_out(folder, file.sha256, self._room / file.name)

        operation(self, work).key("preview").success(partial(self._show, kind)).failure(
            lambda error: self._say(str(error))
        ).run_in_background()

    def _show(self, kind: str, path: Path) -> None:
        self.outside_button.setEnabled(True)
        if kind == "照片":
            self._show_picture(path)
        elif kind == "扫描件":
            self._show_pages(path)
        else:
            self.picture.setText(f"{kind}“{path.name}”完好，与存入时的校验码一致。")

    def _show_picture(self, path: Path) -> None:
        reader = QImageReader(str(path))
        # A photo taken upright carries its turn beside the pixels.
        reader.setAutoTransform(True)
        image = reader.read()
        if image.isNull():
            self._say("这张图片打不开，请用其他程序打开。")
            return
        whole = QPixmap.fromImage(image)
        self.picture.setPixmap(
            whole.scaled(
                _ROOM,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            if whole.width() > _ROOM.width() or whole.height() > _ROOM.height()
            else whole
        )

    def _show_pages(self, path: Path) -> None:
        try:
            self.pages = PaperPages((path,))
        except AppError:
            self._say("这份扫描件打不开，文件本身可能已经损坏；请用其他程序打开看看。")
            return
        self.picture.hide()
        self._shown.addWidget(PagesView(self.pages))

    def _say(self, words: str) -> None:
        self.picture.setText("")
        self.banner.show_message(Tone.DANGER, words)
        self.banner.show()

    def _end(self) -> None:
        """The copy looked at goes with the window: evidence does not pile up outside the store."""
        if self.pages is not None:
            self.pages.close()
        if self._room is not None:
            shutil.rmtree(self._room, ignore_errors=True)


class FilesDialog(QDialog):
    """All attachments of one result: opened, taken off, more added."""

    file_opened = Signal(object)
    file_removed = Signal(int)
    files_wanted = Signal()

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"附件 {name}")
        self.resize(720, 460)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setObjectName("formBody")
        inside.setStyleSheet(f"#formBody {{ background: {LIGHT.surface}; }}")
        self._lines = QVBoxLayout(inside)
        self._lines.setContentsMargins(20, 14, 20, 14)
        self._lines.setSpacing(6)
        area.setWidget(inside)
        column.addWidget(area, 1)
        self.count = label("", "small")
        add = button("添加…", self.files_wanted.emit, "plus")
        column.addWidget(dialog_foot(add, primary_button("关闭", self.accept), left=(self.count,)))

    def show_files(self, files: Sequence[AttachedFile]) -> None:
        """One line each, in the order they were added."""
        clear_layout(self._lines)
        for each in files:
            self._lines.addLayout(self._line(each))
        self._lines.addStretch(1)
        self.count.setText(f"共 {len(files)} 个，{size_words(sum(f.size for f in files))}")

    def _line(self, file: AttachedFile) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(label(kind_of(file.name), "secondary"))
        name = link_button(file.name, lambda: self.file_opened.emit(file), "paperclip")
        row.addWidget(name)
        row.addWidget(ElidedLabel(f"SHA-256 {file.sha256}", "small"), 1)
        row.addWidget(label(size_words(file.size), "small"))
        gone = link_button("去掉", lambda: self.file_removed.emit(file.id))
        gone.setAccessibleName(f"去掉 {file.name}")
        row.addWidget(gone)
        return row
