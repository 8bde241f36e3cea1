"""文号: every number of every series that was taken, the voided ones among them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UtcTime


class DocumentNumber(Base):
    """One number, or a run of numbers (``through``) that were used outside; never deleted.

    ``paper`` and ``subject`` say what carries it (``PaperKind``'s value and, say,
    ``assignment:12:1``); both are empty for numbers used elsewhere.  ``words``: the number as it
    is printed; ``note``: whom it is about.
    """

    __tablename__ = "document_number"
    __table_args__ = (UniqueConstraint("series", "year", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    series: Mapped[str]
    year: Mapped[int]
    number: Mapped[int]
    through: Mapped[int]
    words: Mapped[str]
    paper: Mapped[str] = mapped_column(default="")
    subject: Mapped[str] = mapped_column(default="", index=True)
    note: Mapped[str] = mapped_column(default="")
    taken_on: Mapped[date]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime)
    voided_on: Mapped[date | None]
    void_reason: Mapped[str] = mapped_column(default="")
    voided_by: Mapped[str] = mapped_column(default="")
