"""The QR code of slips and minutes: level M, drawn as one path, so without seams."""

from __future__ import annotations

from itertools import groupby
from typing import Any, Final

import segno

QUIET: Final = 4  # modules of white around it (ISO/IEC 18004)


def record(no: str, *digests: str) -> str:
    """The text of a code: ``RD1|no|P|C…``."""
    return "|".join(("RD1", no, *digests))


def matrix(text: str) -> tuple[tuple[bool, ...], ...]:
    """The modules of ``text`` at level M, rows from the top, True is dark."""
    code = segno.make(text, error="m", boost_error=False, micro=False)
    return tuple(tuple(bool(cell) for cell in row) for row in code.matrix)


def draw(canvas: Any, text: str, x: float, y: float, side: float) -> None:
    """Print the code with its lower left corner at (x, y), ``side`` points wide."""
    rows = matrix(text)
    module = side / len(rows)
    path = canvas.beginPath()
    for at, row in enumerate(rows):
        column = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                # Rows share their edges exactly: one path, filled once.
                path.rect(
                    x + column * module, y + side - (at + 1) * module, length * module, module
                )
            column += length
    canvas.setFillColor("#000000")
    canvas.drawPath(path, stroke=0, fill=1)
