"""Hands a file or folder to whatever program the machine opens it with."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from app.errors import EnvironmentFault


def open_path(path: Path) -> None:
    """Open ``path`` with its usual program; EnvironmentFault if it is gone or nothing opens it."""
    if not path.exists():
        raise EnvironmentFault(f"找不到“{path.name}”。", f"它应当在 {path.parent}。")
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        raise EnvironmentFault(
            f"没有程序可以打开“{path.name}”。", f"请到文件夹里手工打开：{path.parent}。"
        )
