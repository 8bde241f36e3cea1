"""The pages of printed papers as pictures, for looking at and for the printer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pypdfium2
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QImage

from app.errors import EnvironmentFault

__all__ = ["POINTS", "PaperPages"]

POINTS = 72
"""Points to the inch: what the size of a page is told in."""


class PaperPages:
    """Several files seen as one run of pages; belongs to the main thread, ``close`` it."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Read the files whole, so that none stays open; EnvironmentFault if one cannot be."""
        self._documents: list[pypdfium2.PdfDocument] = []
        self._places: list[tuple[int, int]] = []
        self.sizes: list[QSizeF] = []
        self.starts: list[int] = []
        for path in paths:
            self._open(path)

    def _open(self, path: Path) -> None:
        try:
            document = pypdfium2.PdfDocument(path.read_bytes())
        except (OSError, pypdfium2.PdfiumError) as error:
            self.close()
            raise EnvironmentFault(
                f"“{path.name}”打不开。", f"请重新生成，或到文件夹里看一看：{path.parent}。"
            ) from error
        self.starts.append(len(self._places))
        for number in range(len(document)):
            self._places.append((len(self._documents), number))
            self.sizes.append(QSizeF(*document.get_page_size(number)))
        self._documents.append(document)

    def __len__(self) -> int:
        return len(self._places)

    def file_of(self, page: int) -> int:
        """Which file a page (from 0) is of."""
        return self._places[page][0]

    def image(self, page: int, dpi: float) -> QImage:
        """One page (from 0) at ``dpi``, its own copy."""
        at, number = self._places[page]
        bitmap = self._documents[at][number].render(
            scale=dpi / POINTS, rev_byteorder=True, force_bitmap_format=_RGBX
        )
        shown = QImage(
            bytes(bitmap.buffer),
            bitmap.width,
            bitmap.height,
            bitmap.stride,
            QImage.Format.Format_RGBX8888,
        )
        return shown.copy()

    def close(self) -> None:
        """Give the memory back."""
        for document in self._documents:
            document.close()
        self._documents.clear()
        self._places.clear()


_RGBX = pypdfium2.raw.FPDFBitmap_BGRx
