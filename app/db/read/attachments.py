"""附件 of a result, a draw, a target …: their names, and where their bytes lie."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.models import Attachment


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    """One file; ``sha256`` also says where it lies."""

    id: int
    name: str
    sha256: str
    size: int


def of_owner(connection: Connection, kind: str, owner_id: int) -> tuple[AttachedFile, ...]:
    """Files of one record in the order they were added; ``kind``: see ``attaching.Attach``."""
    found = connection.execute(
        select(Attachment.id, Attachment.name, Attachment.sha256, Attachment.size)
        .where(Attachment.owner_kind == kind, Attachment.owner_id == owner_id)
        .order_by(Attachment.id)
    )
    return tuple(
        AttachedFile(id=row.id, name=row.name, sha256=row.sha256, size=row.size) for row in found
    )
