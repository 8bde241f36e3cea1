"""The unit that owns the workspace, and small settings."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UtcTime


class Unit(Base):
    """One row: the brigade whose workspace this is."""

    __tablename__ = "unit"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    code: Mapped[str]  # region code, e.g. 331000
    series: Mapped[str]  # RD1 §2: the unit's one series of closing records
    rulebook_id: Mapped[str]
    level: Mapped[str]  # empty where the rulebook knows one level only
    document_title: Mapped[str] = mapped_column(default="")  # the unit's current document (依据)
    document_no: Mapped[str] = mapped_column(default="")
    document_valid_from: Mapped[date | None]
    document_valid_to: Mapped[date | None]
    draw_basis: Mapped[str] = mapped_column(default="")  # why drawn here, not on the platform
    office: Mapped[str] = mapped_column(default="综合科")
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class Setting(Base):
    """A named value of the workspace (JSON text)."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class AdoptedRulebook(Base):
    """细则: the text of a rulebook of the unit's own, kept for the draws made under it."""

    __tablename__ = "adopted_rulebook"
    __table_args__ = (UniqueConstraint("rulebook_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rulebook_id: Mapped[str]
    version: Mapped[str]
    text: Mapped[str]
    sha256: Mapped[str]
    adopted_at: Mapped[datetime] = mapped_column(UtcTime)
