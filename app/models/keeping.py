"""What leaves, what is attached, and the ledger of who did what."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.filing import Retention
from app.domain.package_course import PackageState
from app.models.base import Base, UtcTime, by_value


class ExportPackage(Base):
    """上报包: one bag that was written and read back."""

    __tablename__ = "export_package"
    __table_args__ = (UniqueConstraint("period", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str]
    seq: Mapped[int]
    what: Mapped[str]
    edition: Mapped[str]
    draw_id: Mapped[int | None] = mapped_column(ForeignKey("draw.id"))
    file_name: Mapped[str]
    folder: Mapped[str]
    size: Mapped[int]
    files: Mapped[int]
    tagmanifest: Mapped[str]
    verified_at: Mapped[datetime] = mapped_column(UtcTime)
    by: Mapped[str]
    platform: Mapped[str] = mapped_column(default="general")
    state: Mapped[PackageState] = mapped_column(by_value(PackageState), default=PackageState.MADE)
    changed_only: Mapped[bool] = mapped_column(default=False)
    locked: Mapped[bool] = mapped_column(default=False)  # opens with a passphrase
    resent_as_id: Mapped[int | None] = mapped_column(ForeignKey("export_package.id"))
    receipt_no: Mapped[str] = mapped_column(default="")  # 接收编号, the platform's


class PackageLine(Base):
    """One row a package carried: what it was, and what the platform said to it."""

    __tablename__ = "package_line"
    __table_args__ = (UniqueConstraint("package_id", "sheet", "line"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("export_package.id"), index=True)
    sheet: Mapped[str]
    line: Mapped[int]  # the row of its sheet, as the platform counts
    key: Mapped[str] = mapped_column(index=True)  # “targets:12”
    label: Mapped[str]
    digest: Mapped[str]
    refused: Mapped[str] = mapped_column(default="")  # the platform's words
    ident: Mapped[str] = mapped_column(default="")  # codes a receiver knows the record by
    # A row that says a record is gone: the sheet on which it was reported before.
    gone: Mapped[str] = mapped_column(default="")


class PackageStep(Base):
    """One step of a package's life; append-only."""

    __tablename__ = "package_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("export_package.id"), index=True)
    state: Mapped[PackageState] = mapped_column(by_value(PackageState))
    who: Mapped[str] = mapped_column(default="")
    post: Mapped[str] = mapped_column(default="")
    on: Mapped[date | None]  # the day it was done, as typed
    number: Mapped[str] = mapped_column(default="")  # 介质编号 or 接收编号
    note: Mapped[str] = mapped_column(default="")
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime)


class AllowedWording(Base):
    """认可的公开用语: a text in which a person's name was found that is none, and who says so."""

    __tablename__ = "allowed_wording"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(index=True)  # “results:12”
    column: Mapped[str]
    text: Mapped[str]  # the whole cell: another text has to be looked at anew
    reason: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime)
    withdrawn: Mapped[bool] = mapped_column(default=False)


class Attachment(Base):
    """附件: stored once by its hash under attachments/."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_kind: Mapped[str]  # result | draw | target …
    owner_id: Mapped[int]
    name: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcTime)
    by: Mapped[str]


class ArchiveBag(Base):
    """归档包: one file (a period's or a target's) that was written, with what it lacked."""

    __tablename__ = "archive_bag"

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str]
    since: Mapped[int | None]  # a target's file over several years: the first of them
    target_id: Mapped[int | None] = mapped_column(ForeignKey("target.id"), index=True)
    title: Mapped[str]
    file_name: Mapped[str]
    items: Mapped[int]
    files: Mapped[int]
    size: Mapped[int]
    lacking: Mapped[int]
    tagmanifest: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime)


class ArchiveItem(Base):
    """件号: what was filed under which number; never given again, kept when filed anew."""

    __tablename__ = "archive_item"
    __table_args__ = (
        UniqueConstraint("fonds", "year", "retention", "number"),
        UniqueConstraint("key", "fonds"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bag_id: Mapped[int] = mapped_column(ForeignKey("archive_bag.id"), index=True)  # the first
    fonds: Mapped[str]
    year: Mapped[int]
    retention: Mapped[Retention] = mapped_column(by_value(Retention))
    number: Mapped[int]
    key: Mapped[str]  # “inspection:12”
    title: Mapped[str]


class LedgerEntry(Base):
    """台账: append-only, hash-chained. Written by ``app.db.ledger`` alone."""

    __tablename__ = "ledger"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str]  # ISO 8601 UTC, as hashed
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[str]  # canonical JSON; "data" is the SHA-256 of what ``changes`` unpacks to
    prev: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)
    # The rows this entry changed, before → after (``app.db.row_history``).
    changes: Mapped[bytes | None] = mapped_column(LargeBinary)
