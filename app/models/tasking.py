"""A task's course and its 手续: every step with who and when, approval, notice, scan, told."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.course import Step, TaskState
from app.models.base import Base, UtcTime, by_value


class TaskStep(Base):
    """One step of a task, in order; never changed, never deleted. ``state``: where it led."""

    __tablename__ = "task_step"
    __table_args__ = (UniqueConstraint("assignment_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    position: Mapped[int]
    step: Mapped[Step] = mapped_column(by_value(Step))
    state: Mapped[TaskState] = mapped_column(by_value(TaskState))
    on: Mapped[date]
    reason: Mapped[str] = mapped_column(default="")
    until: Mapped[date | None]  # the new day of a postponed task
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime)


class Formality(Base):
    """国家层面手续 of one inspection (a task and the version of its result)."""

    __tablename__ = "formality"
    __table_args__ = (UniqueConstraint("assignment_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(default="")  # daily | special | case
    source: Mapped[str] = mapped_column(default="")
    basis: Mapped[str] = mapped_column(default="")
    applied_by: Mapped[str] = mapped_column(default="")
    applied_on: Mapped[date | None]
    approved_by: Mapped[str] = mapped_column(default="")
    approved_on: Mapped[date | None]
    urgent: Mapped[bool] = mapped_column(default=False)
    urgent_reason: Mapped[str] = mapped_column(default="")
    notice_no: Mapped[str] = mapped_column(default="")
    assistants_fixed: Mapped[int | None]
    certificates_shown: Mapped[bool] = mapped_column(default=False)
    basis_shown: Mapped[bool] = mapped_column(default=False)
    intent_told: Mapped[bool] = mapped_column(default=False)
    procedure_told: Mapped[bool] = mapped_column(default=False)
    recusal: Mapped[str] = mapped_column(default="")  # none | asked
    recusal_note: Mapped[str] = mapped_column(default="")
    scanned_at: Mapped[str] = mapped_column(default="")  # HH:MM
    not_scanned: Mapped[str] = mapped_column(default="")
    confirmed_by: Mapped[str] = mapped_column(default="")
    witnessed_by: Mapped[str] = mapped_column(default="")  # third party, where nobody else signs
    told_on: Mapped[date | None]
    told_how: Mapped[str] = mapped_column(default="")
    uncounted: Mapped[str] = mapped_column(default="")  # why it does not count for the yearly cap
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime)


class DutyDone(Base):
    """A recurring duty of the rulebook (code and day) that was done."""

    __tablename__ = "duty_done"
    __table_args__ = (UniqueConstraint("code", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    due_on: Mapped[date]
    done_on: Mapped[date]
    note: Mapped[str] = mapped_column(default="")
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime)


class CalendarDay(Base):
    """节假日安排: one day the State Council announced, off or worked, of a year typed in here."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    source: Mapped[str] = mapped_column(default="")  # document number of the announcement
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime)
