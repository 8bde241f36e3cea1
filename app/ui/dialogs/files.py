"""Asking where a file goes, opening what was written, and looking at an attachment."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from app.db.read.attachments import AttachedFile
from app.services import attaching
from app.ui.tasks import operation

if TYPE_CHECKING:
    from app.services.workspace import Workspace

_WORKBOOK = "Excel 工作簿 (*.xlsx)"
_PAPER = "PDF 文件 (*.pdf)"


def ask_workbook(parent: QWidget, title: str, name: str) -> Path | None:
    """Where to write a workbook; None when the person gave up."""
    return _ask(parent, title, name, _WORKBOOK, ".xlsx")


def ask_paper(parent: QWidget, title: str, name: str) -> Path | None:
    """Where to write a PDF; None when the person gave up."""
    return _ask(parent, title, name, _PAPER, ".pdf")


def ask_file(parent: QWidget, title: str, name: str, kinds: str, suffix: str) -> Path | None:
    """Where to write a file of another kind; None when the person gave up."""
    return _ask(parent, title, name, kinds, suffix)


def _ask(parent: QWidget, title: str, name: str, kinds: str, suffix: str) -> Path | None:
    chosen, _ = QFileDialog.getSaveFileName(parent, title, name, kinds)
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix.lower() == suffix else path.with_name(path.name + suffix)


def open_file(path: Path) -> None:
    """Open a file with whatever the machine opens it with."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def open_attachment(parent: QWidget, workspace: Workspace, file: AttachedFile) -> None:
    """Open a copy of an attachment under its own name."""

    def work() -> Path:
        # Outside the store: what a viewer does to it stays there.
        room = Path(tempfile.mkdtemp(prefix="suicha-"))
        return attaching.copy_out(workspace.folder, file.sha256, room / file.name)

    operation(parent, work).key("open").success(open_file).run_in_background()
