"""一单两库: targets, inspectors, items; who must not meet whom; where rows came from."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UtcTime


class Target(Base):
    """检查对象: one site. ``ident`` is its RD1 id and never changes once drawn."""

    __tablename__ = "target"
    __table_args__ = (
        Index("ix_target_uscc", "uscc"),
        Index("ix_target_permit_no", "permit_no"),
        Index("ix_target_category_state", "category", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ident: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(default="", index=True)  # pinyin order
    kind: Mapped[str] = mapped_column(default="")  # 排污单位, 建设项目, 第三方机构 …
    search: Mapped[str]  # name, codes, pinyin, initials: lower case, one string
    uscc: Mapped[str] = mapped_column(default="")
    reg_no: Mapped[str] = mapped_column(default="")
    permit_no: Mapped[str] = mapped_column(default="")
    local_no: Mapped[str] = mapped_column(default="")
    legal_rep: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    township: Mapped[str] = mapped_column(default="")
    industry_code: Mapped[str] = mapped_column(default="")
    industry: Mapped[str] = mapped_column(default="")
    category: Mapped[str]
    category_since: Mapped[date]
    need: Mapped[str] = mapped_column(default="")
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    labels: Mapped[list[str]] = mapped_column(JSON, default=list)
    permit_category: Mapped[str] = mapped_column(default="")
    credit_grade: Mapped[str] = mapped_column(default="")
    pollutants: Mapped[list[str]] = mapped_column(JSON, default=list)
    scale: Mapped[str] = mapped_column(default="")
    production_cycle: Mapped[str] = mapped_column(default="")
    monitoring: Mapped[list[str]] = mapped_column(JSON, default=list)
    performance_grade: Mapped[str] = mapped_column(default="")
    squad: Mapped[str] = mapped_column(default="")  # the section or squad that keeps its facts
    state: Mapped[str]
    suspended_from: Mapped[date | None]  # seasonal: away within these days only
    suspended_to: Mapped[date | None]
    permit_valid_to: Mapped[date | None]
    project: Mapped[bool] = mapped_column(default=False)
    library: Mapped[str] = mapped_column(default="")  # of the platform's; empty: drawn from
    note: Mapped[str] = mapped_column(default="")
    created_on: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))


class Inspector(Base):
    """执法检查人员. ``personal_no`` is the RD1 id: the unit's number, never the certificate."""

    __tablename__ = "inspector"

    id: Mapped[int] = mapped_column(primary_key=True)
    personal_no: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(default="")
    search: Mapped[str]
    unit: Mapped[str] = mapped_column(default="")
    dept_code: Mapped[str] = mapped_column(default="")
    section: Mapped[str] = mapped_column(default="")
    squad: Mapped[str] = mapped_column(default="")
    position: Mapped[str] = mapped_column(default="")
    duty_post: Mapped[str] = mapped_column(default="")
    cert_no: Mapped[str] = mapped_column(default="")
    cert_kind: Mapped[str] = mapped_column(default="")
    enforcement_type: Mapped[str] = mapped_column(default="")
    cert_valid_from: Mapped[date | None]
    cert_valid_to: Mapped[date | None]
    employment: Mapped[str]
    specialities: Mapped[list[str]] = mapped_column(JSON, default=list)
    may_lead: Mapped[bool] = mapped_column(default=False)
    years_of_work: Mapped[int | None]
    area: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    leave_from: Mapped[date | None]
    leave_to: Mapped[date | None]
    seconded_out: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))


class Recusal(Base):
    """回避: this inspector does not inspect this target; without a target, none at all.

    Never deleted: a lifted one stays as history, and may be declared again later.
    """

    __tablename__ = "recusal"

    id: Mapped[int] = mapped_column(primary_key=True)
    inspector_id: Mapped[int] = mapped_column(ForeignKey("inspector.id"))
    target_id: Mapped[int | None] = mapped_column(ForeignKey("target.id"))
    code: Mapped[str]  # RD1 §2 reason code, e.g. kin, former
    note: Mapped[str] = mapped_column(default="")
    declared_on: Mapped[date]
    declared_by: Mapped[str] = mapped_column(default="")
    lifted_on: Mapped[date | None]
    lifted_by: Mapped[str] = mapped_column(default="")
    lift_reason: Mapped[str] = mapped_column(default="")


class InspectionItem(Base):
    """抽查事项: what is checked, on which legal basis."""

    __tablename__ = "item"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    search: Mapped[str]
    kind: Mapped[str] = mapped_column(default="")
    basis: Mapped[str] = mapped_column(default="")
    subject: Mapped[str] = mapped_column(default="")
    object: Mapped[str] = mapped_column(default="")
    method: Mapped[str] = mapped_column(default="")
    staff: Mapped[str] = mapped_column(default="")
    scope: Mapped[str] = mapped_column(default="")
    content: Mapped[str] = mapped_column(default="")
    ratio: Mapped[str] = mapped_column(default="")
    frequency: Mapped[str] = mapped_column(default="")
    time_and_way: Mapped[str] = mapped_column(default="")
    requirement: Mapped[str] = mapped_column(default="")
    categories: Mapped[list[str]] = mapped_column(JSON, default=list)
    need: Mapped[str] = mapped_column(default="")
    joint: Mapped[bool] = mapped_column(default=False)
    year: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    in_force: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))


class ImportBatch(Base):
    """One applied import: file, hash, counts. Every row it made or changed points here."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    file_name: Mapped[str]
    sha256: Mapped[str]
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcTime)
    by: Mapped[str]
