"""附件预览: a picture in the window, with its digest; other kinds open in their own program."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path, PurePath

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImageReader, QPixmap
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.db.read.results import AttachedFile
from app.paths import WorkspaceFolder
from app.services import attaching
from app.ui.tasks import operation
from app.ui.theme import Tone
from app.ui.widgets import Banner, HashLabel, button, label

__all__ = ["AttachmentDialog", "can_preview"]

_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp", ".tif", ".tiff"})
_ROOM = QSize(880, 520)


def can_preview(name: str) -> bool:
    """Whether the window itself can show such a file."""
    suffix = PurePath(name).suffix.lower()
    known = {f".{bytes(each.data()).decode()}" for each in QImageReader.supportedImageFormats()}
    return suffix in _PICTURES & known


class AttachmentDialog(QDialog):
    """One picture, verified against its digest before it is shown."""

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
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.banner = Banner(Tone.DANGER, "")
        self.banner.hide()
        self.picture = QLabel("正在打开…")
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setMinimumSize(320, 240)
        column.addWidget(self.banner)
        column.addWidget(self.picture, 1)
        foot = QFrame()
        foot.setObjectName("cardFoot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 10, 20, 10)
        row.setSpacing(8)
        row.addWidget(label("SHA-256", "small"))
        row.addWidget(HashLabel(file.sha256))
        row.addStretch(1)
        row.addWidget(button("用其他程序打开", lambda: open_outside(file)))
        row.addWidget(button("关闭", self.accept))
        column.addWidget(foot)

        def work() -> Path:
            room = Path(tempfile.mkdtemp(prefix="suicha-"))
            return attaching.copy_out(folder, file.sha256, room / file.name)

        operation(self, work).key("preview").success(self._show).failure(
            lambda error: self._say(str(error))
        ).run_in_background()

    def _show(self, path: Path) -> None:
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

    def _say(self, words: str) -> None:
        self.picture.setText("")
        self.banner.show_message(Tone.DANGER, words)
        self.banner.show()
