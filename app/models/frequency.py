"""检查频次台账: every inspection of a target, whoever made it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class InspectionEntry(Base):
    """One inspection: own (from a draw), superior, joint, case … ``category`` as it was then."""

    __tablename__ = "inspection_entry"
    __table_args__ = (Index("ix_inspection_entry_target_id_on", "target_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("target.id"))
    on: Mapped[date]
    kind: Mapped[str]  # own | superior | joint | case | special | complaint …
    category: Mapped[str]
    finding: Mapped[bool] = mapped_column(default=False)  # a problem, unlawful or not
    violation: Mapped[bool] = mapped_column(default=False)
    covers: Mapped[bool] = mapped_column(default=True)  # refused or closed on site does not
    source: Mapped[str] = mapped_column(default="")  # document number, or the draw's
    ground: Mapped[str] = mapped_column(default="")  # the rulebook's kind of 不经抽取的检查
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), unique=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
