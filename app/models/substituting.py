"""更换: who or what left after a draw, who came, on whose approval."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UtcTime


class Substitution(Base):
    """One addendum, or the redraw that stands for one; never changed, never deleted.

    ``policy``: next_alternate | appointed | redraw.  Of target and inspector columns those of
    its ``kind`` are filled; ``in_…`` is empty while a redraw has not been revealed (and stays so
    if it was void).  ``assignment_ids``: the tasks it changed.  ``steps``: the way it was approved,
    each with step, organ, name, post and day; the last one's name and post stand in the record.
    """

    __tablename__ = "substitution"

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), index=True)
    number: Mapped[int | None]  # of the addendum within its draw
    record_id: Mapped[int | None] = mapped_column(ForeignKey("closing_record.id"))
    redraw_id: Mapped[int | None] = mapped_column(ForeignKey("draw.id"), index=True)
    kind: Mapped[str]  # target | inspector
    policy: Mapped[str]
    out_target_id: Mapped[int | None] = mapped_column(ForeignKey("target.id"), index=True)
    in_target_id: Mapped[int | None] = mapped_column(ForeignKey("target.id"), index=True)
    out_inspector_id: Mapped[int | None] = mapped_column(ForeignKey("inspector.id"), index=True)
    in_inspector_id: Mapped[int | None] = mapped_column(ForeignKey("inspector.id"), index=True)
    for_target_id: Mapped[int | None] = mapped_column(ForeignKey("target.id"))
    reason_code: Mapped[str]
    reason: Mapped[str]
    approved_name: Mapped[str]
    approved_post: Mapped[str]
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    on: Mapped[date]
    assignment_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime)
