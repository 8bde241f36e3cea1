"""Who approved a record of RD1 §6."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.rd1.text import TEXT, LineReader, clean

__all__ = ["Approval"]


@dataclass(frozen=True, slots=True)
class Approval:
    """Name and post of the person who approved."""

    name: str
    post: str

    def line(self) -> str:
        """Return the record line."""
        return f"approved|{self.name}|{self.post}"

    def cleaned(self) -> Approval:
        """Return the approval as a writer may write it."""
        return Approval(clean(self.name), clean(self.post))

    @classmethod
    def read(cls, reader: LineReader) -> Approval:
        """Read the ``approved`` line."""
        name, post = reader.take("approved", TEXT, TEXT)
        return cls(name, post)
