"""People beside the directory of inspectors: experts, and staff without a certificate.

Neither stands in a directory's print, export or draw: experts are drawn or chosen on their own
(YY 三(三), NM 11), assistants and contract staff only accompany (国办发〔2024〕54号).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UtcTime


class Expert(Base):
    """专家: assists, never counts towards the two. ``ident`` is the RD1 id of an expert draw."""

    __tablename__ = "expert"

    id: Mapped[int] = mapped_column(primary_key=True)
    ident: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(default="")
    search: Mapped[str]
    organ: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(default="")
    specialities: Mapped[list[str]] = mapped_column(JSON, default=list)
    phone: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)


class Assistant(Base):
    """协助人员: contract and auxiliary staff; never in a directory's print, export or draw."""

    __tablename__ = "assistant"

    id: Mapped[int] = mapped_column(primary_key=True)
    ident: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(default="")
    search: Mapped[str]
    kind: Mapped[str]
    section: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
