"""Forms drawn at fixed places: slips and the lay page.  Lengths are mm from the
upper left corner of the sheet (or of a part of it), type sizes are points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.documents.fonts import FontBook, Role
from app.documents.page import MM, PAGE_HEIGHT, baseline
from app.documents.typography import Setting, Text, break_lines, one_line


@dataclass(frozen=True, slots=True)
class Sheet:
    """A part of the page whose upper left corner lies at (``left``, ``top``)."""

    canvas: Any
    fonts: FontBook
    left: float = 0.0
    top: float = 0.0

    def x(self, right: float) -> float:
        """The canvas x of ``right`` mm."""
        return (self.left + right) * MM

    def y(self, down: float) -> float:
        """The canvas y of ``down`` mm."""
        return PAGE_HEIGHT - (self.top + down) * MM

    def text(
        self,
        x: float,
        centre: float,
        text: Text,
        size: float,
        role: Role = Role.BODY,
        *,
        align: float = 0.0,
        colour: str = "#000000",
        room: float | None = None,
    ) -> float:
        """Print one line centred on ``centre``; its width in mm comes back.

        ``align``: 0 begins, ½ is centred, 1 ends at ``x``; type wider than
        ``room`` mm is made smaller.
        """
        line = one_line(text, Setting(size=size, role=role), self.fonts)
        if room is not None and line.width > room * MM:
            size *= room * MM / line.width
            line = one_line(text, Setting(size=size, role=role), self.fonts)
        left = self.x(x) - align * line.width
        line.draw(self.canvas, left, baseline(self.y(centre), line.size or size), colour)
        return line.width / MM

    def paragraph(
        self,
        x: float,
        top: float,
        width: float,
        text: Text,
        size: float,
        leading: float,
        *,
        justify: bool = True,
    ) -> float:
        """Print lines of ``leading`` mm from ``top``; where they end (mm) comes back."""
        setting = Setting(size=size, justify=justify)
        lines = break_lines(text, width * MM, setting, self.fonts)
        for at, line in enumerate(lines):
            centre = self.y(top + (at + 0.5) * leading)
            line.draw(self.canvas, self.x(x), baseline(centre, size))
        return top + len(lines) * leading

    def line(self, x: float, y: float, to_x: float, to_y: float, weight: float) -> None:
        """A black line."""
        self.canvas.setLineWidth(weight)
        self.canvas.setStrokeColor("#000000")
        self.canvas.line(self.x(x), self.y(y), self.x(to_x), self.y(to_y))

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        weight: float,
        *,
        radius: float = 0.0,
        fill: str | None = None,
    ) -> None:
        """A rectangle from its upper left corner; ``fill`` a colour or None."""
        self.canvas.setLineWidth(weight)
        self.canvas.setStrokeColor("#000000")
        if fill is not None:
            self.canvas.setFillColor(fill)
        corner = (self.x(x), self.y(y + height), width * MM, height * MM)
        filled = int(fill is not None)
        if radius:
            self.canvas.roundRect(*corner, radius * MM, stroke=1, fill=filled)
        else:
            self.canvas.rect(*corner, stroke=1, fill=filled)

    def disc(self, x: float, y: float, radius: float, *, weight: float, fill: str) -> None:
        """A circle around (x, y)."""
        self.canvas.setLineWidth(weight)
        self.canvas.setStrokeColor("#000000")
        self.canvas.setFillColor(fill)
        self.canvas.circle(self.x(x), self.y(y), radius * MM, stroke=1, fill=1)

    def arrow(self, x: float, y: float, to_x: float, to_y: float) -> None:
        """A short arrow, horizontal or downwards."""
        self.line(x, y, to_x, to_y, 1.0)
        path = self.canvas.beginPath()
        down = to_y > y
        ends = ((-1.1, -1.6), (1.1, -1.6)) if down else ((-1.6, -1.1), (-1.6, 1.1))
        path.moveTo(self.x(to_x), self.y(to_y))
        for right, below in ends:
            path.lineTo(self.x(to_x + right), self.y(to_y + below))
        path.close()
        self.canvas.setFillColor("#000000")
        self.canvas.drawPath(path, stroke=0, fill=1)
