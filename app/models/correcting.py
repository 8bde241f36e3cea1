"""更正: the application against a locked result, and each step of its way up."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.correction import CorrectionState, Redo
from app.models.base import Base, UtcTime, by_value


class Correction(Base):
    """更正申请 against one locked result; never deleted.

    ``new_due``: by when the new inspection or entry is due; ``withdrawn_on``: when the old
    publication was taken down, if there was one.
    """

    __tablename__ = "correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("result.id"), index=True)
    state: Mapped[CorrectionState] = mapped_column(by_value(CorrectionState))
    redo: Mapped[Redo] = mapped_column(by_value(Redo))
    error: Mapped[str]  # what is wrong
    should_be: Mapped[str] = mapped_column(default="")
    cause: Mapped[str] = mapped_column(default="")
    applied_by: Mapped[str]
    applied_on: Mapped[date]
    document_no: Mapped[str] = mapped_column(default="")
    article: Mapped[str] = mapped_column(default="")
    new_due: Mapped[date | None]
    ended_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    withdrawn_where: Mapped[str] = mapped_column(default="")
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime)
    steps: Mapped[list[CorrectionStep]] = relationship(
        order_by="CorrectionStep.position", cascade="all, delete-orphan"
    )


class CorrectionStep(Base):
    """One station the application has passed: which organ, who, what post, when, which paper."""

    __tablename__ = "correction_step"
    __table_args__ = (UniqueConstraint("correction_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    correction_id: Mapped[int] = mapped_column(ForeignKey("correction.id"), index=True)
    position: Mapped[int]
    code: Mapped[str]
    label: Mapped[str]
    organ: Mapped[str]
    name: Mapped[str]
    post: Mapped[str]
    on: Mapped[date]
    document: Mapped[str] = mapped_column(default="")
    opinion: Mapped[str] = mapped_column(default="")
    agreed: Mapped[bool]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime)
