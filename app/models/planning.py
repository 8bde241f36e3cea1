"""Plans with their versions and approvals, and why a draw is held here and not on the platform."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UtcTime, by_value


class PlanKind(enum.Enum):
    """What a plan is for."""

    ANNUAL = "annual"
    PERIOD = "period"
    CAMPAIGN = "campaign"


class PlanState(enum.Enum):
    """How far a version has come; an approved one is never changed, only replaced."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    FILED = "filed"
    REPLACED = "replaced"


class PlanVersion(Base):
    """抽查计划: one version of a year's, a period's or a campaign's plan, as it was worked out."""

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("kind", "period", "name", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[PlanKind] = mapped_column(by_value(PlanKind))
    period: Mapped[str]
    name: Mapped[str] = mapped_column(default="")  # a campaign's
    version: Mapped[int]
    state: Mapped[PlanState] = mapped_column(by_value(PlanState))
    reason: Mapped[str] = mapped_column(default="")  # why there is another version
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_by: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UtcTime)
    approved_organ: Mapped[str] = mapped_column(default="")
    approved_name: Mapped[str] = mapped_column(default="")
    approved_post: Mapped[str] = mapped_column(default="")
    approved_on: Mapped[date | None]
    approved_no: Mapped[str] = mapped_column(default="")
    filed_to: Mapped[str] = mapped_column(default="")
    filed_on: Mapped[date | None]
    filed_no: Mapped[str] = mapped_column(default="")
    filed_by: Mapped[str] = mapped_column(default="")


class LocalBasis(Base):
    """在本地抽取的依据: why draws of a period are held here although the platform is prescribed."""

    __tablename__ = "local_basis"

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str]  # a draw's period lies in it
    kind: Mapped[str]  # consent | platform_down | draw_first
    document_no: Mapped[str]
    signer: Mapped[str]
    post: Mapped[str] = mapped_column(default="")
    signed_on: Mapped[date]
    note: Mapped[str] = mapped_column(default="")
    made_by: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UtcTime)
