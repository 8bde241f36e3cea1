"""From assignment to publication: tasks, results with their items, what was made public."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.inspection import ItemOutcome, ResultState
from app.models.base import Base, UtcTime, by_value


class Assignment(Base):
    """派单: one selected target, its inspectors and its day. ``serial`` is public: A-01.

    A target that was substituted stays visible for ever; ``replaced_by_id`` is the task that
    took its place.
    """

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("draw_id", "target_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), index=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("target.id"), index=True)
    category: Mapped[str]
    serial: Mapped[str]
    team_no: Mapped[int | None]
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("inspector.id"))
    second_id: Mapped[int | None] = mapped_column(ForeignKey("inspector.id"))
    standins: Mapped[list[str]] = mapped_column(JSON, default=list)
    flags: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date]
    due_basis: Mapped[str] = mapped_column(default="")
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    # Several tasks on one target are one visit: the first of them, which the others join.
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    people_draw_id: Mapped[int | None] = mapped_column(ForeignKey("draw.id"))  # drawn later
    task_no: Mapped[str] = mapped_column(default="")  # the platform's number


class AssignmentMember(Base):
    """Who goes along from another group of a draw: a department's inspector, an expert.

    ``draw_id``: the draw that sent them; ``ident`` and ``name`` as they were then.
    """

    __tablename__ = "assignment_member"
    __table_args__ = (UniqueConstraint("assignment_id", "draw_id", "group"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), index=True)
    group: Mapped[str]
    title: Mapped[str]  # 县应急管理局, 专家
    ident: Mapped[str] = mapped_column(default="")  # empty: nobody was left
    name: Mapped[str] = mapped_column(default="")
    flags: Mapped[str] = mapped_column(default="")
    standins: Mapped[list[str]] = mapped_column(JSON, default=list)


class Result(Base):
    """检查结果 of one assignment. Locked ones are never edited; a correction voids them."""

    __tablename__ = "result"
    __table_args__ = (UniqueConstraint("assignment_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    version: Mapped[int]
    state: Mapped[ResultState] = mapped_column(by_value(ResultState))
    inspected_on: Mapped[date | None]
    arrived: Mapped[str] = mapped_column(default="")
    left: Mapped[str] = mapped_column(default="")
    way: Mapped[str] = mapped_column(default="on_site")  # on_site | off_site | third_party
    methods: Mapped[list[str]] = mapped_column(JSON, default=list)
    conclusion: Mapped[str] = mapped_column(default="")
    finding: Mapped[str] = mapped_column(default="")
    measure: Mapped[str] = mapped_column(default="")
    rectify_by: Mapped[date | None]
    # Why it is later than the regulation's own day, and what is done so far (QD 四).
    rectify_reason: Mapped[str] = mapped_column(default="")
    rectify_stage: Mapped[str] = mapped_column(default="")
    document_no: Mapped[str] = mapped_column(default="")
    assistants: Mapped[int] = mapped_column(default=0)
    inspector_ids: Mapped[list[int]] = mapped_column(JSON, default=list)  # 谁检查
    entered_by: Mapped[str] = mapped_column(default="")  # 谁录入
    entered_at: Mapped[datetime | None] = mapped_column(UtcTime)  # last typed
    submitted_at: Mapped[datetime | None] = mapped_column(UtcTime)
    reviewed_by: Mapped[str] = mapped_column(default="")
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    review_note: Mapped[str] = mapped_column(default="")  # why one person entered and reviewed
    return_reason: Mapped[str] = mapped_column(default="")
    returned_by: Mapped[str] = mapped_column(default="")
    returned_at: Mapped[datetime | None] = mapped_column(UtcTime)
    items: Mapped[list[ResultItem]] = relationship(
        order_by="ResultItem.position", cascade="all, delete-orphan"
    )


class ResultItem(Base):
    """逐项: one item of a result."""

    __tablename__ = "result_item"
    __table_args__ = (UniqueConstraint("result_id", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("result.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    name: Mapped[str] = mapped_column(default="")  # the item's as the draw was sealed
    position: Mapped[int]
    outcome: Mapped[ItemOutcome | None] = mapped_column(by_value(ItemOutcome))
    note: Mapped[str] = mapped_column(default="")
    measure: Mapped[str] = mapped_column(default="")  # what was done about this item


class Publication(Base):
    """公示 of one locked result."""

    __tablename__ = "publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("result.id"), unique=True)
    published_on: Mapped[date]
    place: Mapped[str] = mapped_column(default="")
    wording: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime)


class Rectification(Base):
    """整改完成 of one locked result that ordered something to be put right."""

    __tablename__ = "rectification"

    id: Mapped[int] = mapped_column(primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("result.id"), unique=True)
    completed_on: Mapped[date]
    proof: Mapped[str] = mapped_column(default="")  # what shows that it was done
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime)
