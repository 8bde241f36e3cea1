"""Reads a PDF back: characters with their places, as a ruler would find them."""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

MM = 72 / 25.4


@dataclass(frozen=True)
class Char:
    """A character: origin and ink box in points from the lower left, size in points."""

    char: str
    x: float
    baseline: float
    size: float
    ink: tuple[float, float, float, float]


def pages(pdf: bytes) -> list[str]:
    """The text of each page, without line ends and blanks."""
    document = pypdfium2.PdfDocument(pdf)
    return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def text(pdf: bytes) -> str:
    return "".join(pages(pdf))


def chars(pdf: bytes, number: int) -> list[Char]:
    """The characters of page ``number`` (from 1)."""
    from ctypes import c_double

    page = pypdfium2.PdfDocument(pdf)[number - 1]
    textpage = page.get_textpage()
    found = []
    high = 0
    for at in range(textpage.count_chars()):
        code = pdfium.FPDFText_GetUnicode(textpage.raw, at)
        if 0xD800 <= code < 0xDC00:  # the reader gives UTF-16 units
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        x, y = c_double(), c_double()
        pdfium.FPDFText_GetCharOrigin(textpage.raw, at, x, y)
        size = pdfium.FPDFText_GetFontSize(textpage.raw, at)
        ink = textpage.get_charbox(at)
        if code > 32:
            found.append(Char(chr(code), x.value, y.value, size, ink))
    return found


def image(pdf: bytes, number: int, dpi: int = 150):  # type: ignore[no-untyped-def]
    return pypdfium2.PdfDocument(pdf)[number - 1].render(scale=dpi / 72).to_pil()
