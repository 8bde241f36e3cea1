"""公示 beside the publication itself: what stays out, what was taken down, who asks for review."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.publicity import ExemptionKind, ReviewOutcome
from app.models.base import Base, UtcTime, by_value


class Exemption(Base):
    """不予公示 of one locked result: a secret, national or public safety; with who decided."""

    __tablename__ = "exemption"

    id: Mapped[int] = mapped_column(primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("result.id"), unique=True)
    kind: Mapped[ExemptionKind] = mapped_column(by_value(ExemptionKind))
    reason: Mapped[str]
    approved_by: Mapped[str]
    on: Mapped[date]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime)


class Withdrawal(Base):
    """撤下公示: what had been published, when and why it was taken down; never deleted."""

    __tablename__ = "withdrawal"

    id: Mapped[int] = mapped_column(primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("result.id"), index=True)
    published_on: Mapped[date]
    place: Mapped[str]
    wording: Mapped[str]
    on: Mapped[date]
    reason: Mapped[str]
    approved_by: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime)


class ReviewApplication(Base):
    """复查申请 of a target against its published result; ``open_until`` as it was then."""

    __tablename__ = "review_application"

    id: Mapped[int] = mapped_column(primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("result.id"), index=True)
    received_on: Mapped[date]
    applicant: Mapped[str]
    matter: Mapped[str]
    open_until: Mapped[date | None]
    outcome: Mapped[ReviewOutcome | None] = mapped_column(by_value(ReviewOutcome))
    answer: Mapped[str] = mapped_column(default="")
    answered_on: Mapped[date | None]
    document_no: Mapped[str] = mapped_column(default="")
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime)
