"""移动存储介质台账: the sticks and discs of the unit, and what was carried away on them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UtcTime


class Medium(Base):
    """介质: ``ident`` is the number on its label; ``serial`` that of its file system."""

    __tablename__ = "medium"

    id: Mapped[int] = mapped_column(primary_key=True)
    ident: Mapped[str] = mapped_column(unique=True)
    name_key: Mapped[str] = mapped_column(default="")
    search: Mapped[str]
    kind: Mapped[str]
    label: Mapped[str] = mapped_column(default="")
    serial: Mapped[str] = mapped_column(default="")
    holder: Mapped[str] = mapped_column(default="")
    grade: Mapped[str]
    purpose: Mapped[str] = mapped_column(default="")
    since: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)


class CarriedFile(Base):
    """介质使用登记: one file that left on a medium, as it was then; append-only but the check.

    ``medium_no`` is empty for an unregistered medium (``reason`` says why) and for another
    folder.  ``verified_at`` is empty while a file waits to be burnt: then the disc is checked.
    """

    __tablename__ = "carried_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    medium_id: Mapped[int | None] = mapped_column(ForeignKey("medium.id"), index=True)
    medium_no: Mapped[str] = mapped_column(default="")
    place: Mapped[str]  # stick | disc | folder
    holder: Mapped[str] = mapped_column(default="")
    label: Mapped[str] = mapped_column(default="")
    serial: Mapped[str] = mapped_column(default="")
    package_id: Mapped[int | None] = mapped_column(ForeignKey("export_package.id"), index=True)
    file_name: Mapped[str] = mapped_column(index=True)
    folder: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    purpose: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    verified_at: Mapped[datetime | None] = mapped_column(UtcTime)
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime)
