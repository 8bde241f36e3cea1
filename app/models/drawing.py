"""Draws: the frozen bytes, the secret, who witnessed, what came out."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import SECRET, Base, UtcTime, by_value


class DrawState(enum.Enum):
    """Where a draw stands (RD1 §1). After COMMITTED the only ways are CLOSED and VOID."""

    FROZEN = "frozen"  # plan.txt exists; no randomness yet
    COMMITTED = "committed"  # R exists, slip printed
    CLOSED = "closed"  # result.txt exists
    VOID = "void"


class Draw(Base):
    """抽取: one ceremony. ``seq`` counts the series without gaps.

    A draw made elsewhere (``way`` platform, assigned) has no records of ours: empty plan, no R.
    Its series is one no plan may have (“P” and the unit's), so that ours stays without gaps.
    """

    __tablename__ = "draw"

    id: Mapped[int] = mapped_column(primary_key=True)
    no: Mapped[str] = mapped_column(unique=True)
    series: Mapped[str]
    seq: Mapped[int]
    rehearsal: Mapped[bool]
    period: Mapped[str]
    state: Mapped[DrawState] = mapped_column(by_value(DrawState))
    prev: Mapped[str]
    plan_bytes: Mapped[bytes] = mapped_column(LargeBinary)
    plan_hash: Mapped[str]
    excluded_bytes: Mapped[bytes] = mapped_column(LargeBinary)
    reveal: Mapped[str | None] = mapped_column(info=SECRET)  # R, 64 hex; sealed
    commitment: Mapped[str | None]  # C
    result_bytes: Mapped[bytes | None] = mapped_column(LargeBinary)
    result_hash: Mapped[str | None]  # F
    seed: Mapped[str | None] = mapped_column(info=SECRET)  # S
    void_bytes: Mapped[bytes | None] = mapped_column(LargeBinary)
    way: Mapped[str] = mapped_column(default="undirected")  # domain.ways.Way
    kind: Mapped[str] = mapped_column(default="own")  # what its inspections count as
    list_id: Mapped[int | None] = mapped_column(ForeignKey("incoming_list.id"))
    of_draw_id: Mapped[int | None] = mapped_column(ForeignKey("draw.id"))  # whose targets it takes
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)  # what paper says beside the plan
    host: Mapped[str] = mapped_column(default="")
    operator: Mapped[str] = mapped_column(default="")
    recorder: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    plan_no: Mapped[str] = mapped_column(default="")  # the platform's number of its plan
    frozen_at: Mapped[datetime] = mapped_column(UtcTime)
    committed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    witnesses: Mapped[list[DrawWitness]] = relationship(
        order_by="DrawWitness.position", cascade="all, delete-orphan"
    )


class DrawWitness(Base):
    """见证人 of one draw, in order; ``digits`` once opened."""

    __tablename__ = "draw_witness"
    __table_args__ = (UniqueConstraint("draw_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"))
    position: Mapped[int]
    name: Mapped[str]
    organ: Mapped[str]
    post: Mapped[str]
    digits: Mapped[str | None] = mapped_column(info=SECRET)


class DrawnTarget(Base):
    """One ticket: selected ones and alternates, in order within their stratum."""

    __tablename__ = "drawn_target"
    __table_args__ = (UniqueConstraint("draw_id", "target_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), index=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("target.id"), index=True)
    stratum: Mapped[str]
    category: Mapped[str]
    position: Mapped[int]
    selected: Mapped[bool]
    ticket: Mapped[str]


class DrawnTeam(Base):
    """检查组 of a fixed group: number, lead, second, flags (RD1 §4)."""

    __tablename__ = "drawn_team"
    __table_args__ = (UniqueConstraint("draw_id", "group", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), index=True)
    group: Mapped[str]
    number: Mapped[int]
    lead_id: Mapped[int] = mapped_column(ForeignKey("inspector.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("inspector.id"))
    flags: Mapped[str]


class ClosingRecord(Base):
    """The series' chain (RD1 §6): result.txt, void.txt and addenda in the order they were made."""

    __tablename__ = "closing_record"
    __table_args__ = (UniqueConstraint("series", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    series: Mapped[str]
    position: Mapped[int]
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"))
    kind: Mapped[str]  # result | void | addendum
    hash: Mapped[str]
    bytes_: Mapped[bytes] = mapped_column("bytes", LargeBinary)
    at: Mapped[datetime] = mapped_column(UtcTime)
