"""Hands a file or folder to whatever program the machine opens or prints it with."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
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


def print_path(path: Path) -> None:
    """Send ``path`` to the machine's usual printer; EnvironmentFault where that cannot be done."""
    if not path.exists():
        raise EnvironmentFault(f"找不到“{path.name}”。", f"它应当在 {path.parent}。")
    try:
        if sys.platform == "win32":
            os.startfile(path, "print")  # noqa: S606 - the program Windows has for it
            return
        printing = shutil.which("lp")
        if printing is None:
            raise OSError("no lp")
        subprocess.run([printing, str(path)], check=True, timeout=30, capture_output=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        raise EnvironmentFault(
            f"“{path.name}”没有送到打印机。", "请点“打开”看文件，在里面选打印机打印。"
        ) from error
