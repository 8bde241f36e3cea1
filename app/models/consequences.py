"""后续: what follows from a locked result until nothing is open any more."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.consequences import ProposalKind, ProposalState, Receiver, RectifyStep
from app.models.base import Base, UtcTime, by_value


class RectificationNote(Base):
    """整改过程: a reminder, a progress note or an extension of one result; append-only.

    Its completion is ``Rectification``.  ``stage``: what is done so far, where the deadline was
    moved; ``until``: the new deadline.
    """

    __tablename__ = "rectification_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("result.id"), index=True)
    step: Mapped[RectifyStep] = mapped_column(by_value(RectifyStep))
    on: Mapped[date]
    text: Mapped[str]
    stage: Mapped[str] = mapped_column(default="")
    until: Mapped[date | None]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime)


class Referral(Base):
    """移送 to another organ or to the police, with its receipt."""

    __tablename__ = "referral"

    id: Mapped[int] = mapped_column(primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("result.id"), index=True)
    receiver: Mapped[Receiver] = mapped_column(by_value(Receiver))
    organ: Mapped[str]
    matter: Mapped[str]
    document_no: Mapped[str] = mapped_column(default="")
    on: Mapped[date]
    received_on: Mapped[date | None]
    received_by: Mapped[str] = mapped_column(default="")
    receipt_no: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime)


class CaseFile(Base):
    """立案: the case a result led to, and how it ended (查处结果, a second publication)."""

    __tablename__ = "case_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("result.id"), unique=True)
    case_no: Mapped[str]
    opened_on: Mapped[date]
    matter: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="")
    decision_no: Mapped[str] = mapped_column(default="")
    ended_on: Mapped[date | None]
    outcome_published_on: Mapped[date | None]
    outcome_place: Mapped[str] = mapped_column(default="")
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime)


class FollowUp(Base):
    """复查: a visit after the rectification, planned and then made."""

    __tablename__ = "follow_up"

    id: Mapped[int] = mapped_column(primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("result.id"), index=True)
    planned_on: Mapped[date]
    done_on: Mapped[date | None]
    people: Mapped[str] = mapped_column(default="")
    finding: Mapped[str] = mapped_column(default="")
    settled: Mapped[bool] = mapped_column(default=False)
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime)


class Proposal(Base):
    """建议: what a result suggests for the target's frequency or class; a person decides."""

    __tablename__ = "proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("result.id"), index=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("target.id"), index=True)
    kind: Mapped[ProposalKind] = mapped_column(by_value(ProposalKind))
    text: Mapped[str]
    state: Mapped[ProposalState] = mapped_column(by_value(ProposalState))
    decided_by: Mapped[str] = mapped_column(default="")
    decided_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(UtcTime)
