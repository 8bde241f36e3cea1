"""Keeping the directories: every version of a row, rounds of review, decisions, absences."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UtcTime


class DirectoryVersion(Base):
    """What one row of a directory said from ledger entry ``seq`` on; None: it was removed.

    Written by the triggers of ``app.db.versions`` alone, whatever wrote the row.
    """

    __tablename__ = "directory_version"
    __table_args__ = (Index("ix_directory_version_row", "kind", "row_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]  # target | inspector | item
    row_id: Mapped[int]
    seq: Mapped[int]
    body: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class DirectoryRound(Base):
    """一轮名录更新: opened, proposed upwards at ``proposed_seq``, in force once reviewed.

    ``digest`` is over the three directories as of ``proposed_seq`` (``domain.snapshot``).
    """

    __tablename__ = "directory_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(unique=True)  # 2026Q3, or 2026 where yearly
    state: Mapped[str]  # open | proposed | in_force
    base_seq: Mapped[int] = mapped_column(default=0)
    proposed_seq: Mapped[int | None]
    digest: Mapped[str] = mapped_column(default="")
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    checks: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    due_on: Mapped[date | None]
    opened_at: Mapped[datetime] = mapped_column(UtcTime)
    opened_by: Mapped[str]
    proposed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    proposed_by: Mapped[str] = mapped_column(default="")
    in_force_at: Mapped[datetime | None] = mapped_column(UtcTime)
    in_force_by: Mapped[str] = mapped_column(default="")


class RoundReview(Base):
    """审核: which organ looked at which directory of a round, on what paper (NC 9)."""

    __tablename__ = "round_review"
    __table_args__ = (UniqueConstraint("round_id", "directory"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("directory_round.id"))
    directory: Mapped[str]  # targets | inspectors | items
    organ: Mapped[str]
    name: Mapped[str]
    on: Mapped[date]
    document_no: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")


class CategoryDecision(Base):
    """分类决定: a suggestion taken or overruled, or a re-classification, by a person."""

    __tablename__ = "category_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("target.id"), index=True)
    was: Mapped[str]
    suggested: Mapped[str] = mapped_column(default="")
    decided: Mapped[str]
    grounds: Mapped[list[str]] = mapped_column(JSON, default=list)
    reason: Mapped[str] = mapped_column(default="")
    document_no: Mapped[str] = mapped_column(default="")
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime)


class InspectorAbsence(Base):
    """离岗: leave, secondment, training … from one day to another, both included."""

    __tablename__ = "inspector_absence"

    id: Mapped[int] = mapped_column(primary_key=True)
    inspector_id: Mapped[int] = mapped_column(ForeignKey("inspector.id"), index=True)
    kind: Mapped[str]  # leave | seconded_out | training | other
    since: Mapped[date]
    until: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")


class Interest(Base):
    """利害关系: a firm somebody worked for or a relative runs, whether in the directory or not.

    A target of that code or name is proposed for a recusal; ``declined``: ids of targets a person
    said are another body.  Ended, never deleted.
    """

    __tablename__ = "interest"

    id: Mapped[int] = mapped_column(primary_key=True)
    inspector_id: Mapped[int] = mapped_column(ForeignKey("inspector.id"), index=True)
    code: Mapped[str]  # of resources/recusals.toml
    firm: Mapped[str]
    uscc: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    declined: Mapped[list[int]] = mapped_column(JSON, default=list)
    declared_on: Mapped[date]
    declared_by: Mapped[str] = mapped_column(default="")
    lifted_on: Mapped[date | None]
    lifted_by: Mapped[str] = mapped_column(default="")
