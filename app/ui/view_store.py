"""What a person chose about the window: columns, sizes, filters. Comfort, never a record."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QSettings


class ViewStore(Protocol):
    """Short strings by key."""

    def text(self, key: str) -> str:
        """The stored text, or ""."""

    def set_text(self, key: str, text: str) -> None:
        """Remember ``text``."""


class MemoryViewStore:
    """Forgets at exit: tests, and a window without a workspace."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def text(self, key: str) -> str:
        """See ``ViewStore``."""
        return self._texts.get(key, "")

    def set_text(self, key: str, text: str) -> None:
        """See ``ViewStore``."""
        self._texts[key] = text


class IniViewStore:
    """Keeps them in the workspace's view.ini."""

    def __init__(self, file: Path) -> None:
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)

    def text(self, key: str) -> str:
        """See ``ViewStore``."""
        return str(self._settings.value(key, ""))

    def set_text(self, key: str, text: str) -> None:
        """See ``ViewStore``."""
        self._settings.setValue(key, text)
