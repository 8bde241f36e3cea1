"""Lists that come from elsewhere, and the inspectors of other departments."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UtcTime


class IncomingList(Base):
    """外来名单: targets (and people) drawn or set by others; the file is kept as attachment.

    ``way``: domain.ways.Way it was imported for; ``organ``: who drew it.
    """

    __tablename__ = "incoming_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    way: Mapped[str]
    period: Mapped[str]
    organ: Mapped[str]
    document_no: Mapped[str]
    file_name: Mapped[str]
    sha256: Mapped[str]
    rows: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcTime)
    by: Mapped[str]


class IncomingTarget(Base):
    """One target of a list, in its order; ``people``: row ids of those the list names."""

    __tablename__ = "incoming_target"
    __table_args__ = (UniqueConstraint("list_id", "target_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("incoming_list.id"), index=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("target.id"), index=True)
    position: Mapped[int]
    category: Mapped[str]
    task_no: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None]
    people: Mapped[list[int]] = mapped_column(JSON, default=list)


class PartnerInspector(Base):
    """其他部门执法人员: a line of another department's directory, imported for joint draws.

    ``ident`` is the RD1 id: the department's code and its own number or a running one.
    """

    __tablename__ = "partner_inspector"

    id: Mapped[int] = mapped_column(primary_key=True)
    ident: Mapped[str] = mapped_column(unique=True)
    dept_code: Mapped[str] = mapped_column(index=True)
    department: Mapped[str]
    name: Mapped[str]
    personal_no: Mapped[str] = mapped_column(default="")
    cert_no: Mapped[str] = mapped_column(default="")
    cert_valid_to: Mapped[date | None]
    specialities: Mapped[list[str]] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(default="on_duty")
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
