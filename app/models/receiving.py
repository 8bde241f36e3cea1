"""收到的文件: every file that came in, which rows it made or changed, and the forms we gave out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UtcTime


class IncomingFile(Base):
    """One file that came in and was taken; its bytes are kept as attachment (owner “incoming”).

    ``kind``: domain.received.FileKind; ``digest``: what the content is, however it was wrapped
    (a bag's tag manifest), empty where that is the file itself; ``subject``: what it is about
    (a draw, a package), for a person.
    """

    __tablename__ = "incoming_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    file_name: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    digest: Mapped[str] = mapped_column(default="")
    size: Mapped[int]
    source: Mapped[str] = mapped_column(default="")
    document_no: Mapped[str] = mapped_column(default="")
    subject: Mapped[str] = mapped_column(default="")
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    list_id: Mapped[int | None] = mapped_column(ForeignKey("incoming_list.id"))
    at: Mapped[datetime] = mapped_column(UtcTime)
    by: Mapped[str]
    undone_at: Mapped[datetime | None] = mapped_column(UtcTime)
    undone_by: Mapped[str] = mapped_column(default="")


class IncomingRow(Base):
    """One record a file made or changed; ``place``: where in the file; ``before``: as it was.

    Rows of directories and of the frequency ledger are found by their batch instead.
    """

    __tablename__ = "incoming_row"
    __table_args__ = (Index("ix_incoming_row_record", "record", "row_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("incoming_file.id"), index=True)
    record: Mapped[str]  # result | assignment | package_line
    row_id: Mapped[int]
    place: Mapped[str] = mapped_column(default="")
    change: Mapped[str]  # new | changed
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class ResultForm(Base):
    """检查结果填报表: a workbook given to a team, with what its tasks said when it was made.

    ``tasks``: by assignment id the packed entry; what comes back is compared with it.
    """

    __tablename__ = "result_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    no: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    file_name: Mapped[str]
    tasks: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcTime)
    by: Mapped[str]
