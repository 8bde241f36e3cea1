"""公示文件 as they left: which file held which result, and which of them was published.

A file made for the public is kept by its bytes, so that the archive holds what stood on the site
and not what the records would give today.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select

from app.db.unit_of_work import UnitOfWork
from app.errors import IntegrityError, UserError
from app.models import Attachment
from app.paths import WorkspaceFolder
from app.services import attaching

__all__ = ["KeptFile", "keep", "made_of", "mark_published", "published_of", "read"]

_PORTION = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """One file as it was written; ``sha256`` says where its bytes lie."""

    name: str
    sha256: str
    size: int
    made_at: datetime
    by: str


def keep(uow: UnitOfWork, what: str, results: Iterable[int], path: Path) -> str:
    """Keep the bytes of ``path`` for the results it holds; gives their SHA-256."""
    digest, size = attaching.store(uow.folder, path)
    file = KeptFile(name=path.name, sha256=digest, size=size, made_at=uow.now, by=uow.actor)
    _add(uow, _made(what), results, file)
    return digest


def made_of(connection: Connection, what: str, results: Sequence[int]) -> tuple[KeptFile, ...]:
    """Files that hold every one of these results, the newest first."""
    wanted = set(results)
    return tuple(
        file
        for file, held in _files(connection, _made(what), sorted(wanted))
        if wanted and held >= wanted
    )


def mark_published(uow: UnitOfWork, what: str, results: Sequence[int], sha256: str) -> None:
    """These results stood in public in this very file; UserError if it holds not all of them."""
    known = made_of(uow.session.connection(), what, results)
    file = next((each for each in known if each.sha256 == sha256), None)
    if file is None:
        raise UserError("这份公示文件里没有全部选中的结果。", "请重新选择公示用的文件。")
    _add(uow, _published(what), results, file)


def published_of(
    connection: Connection, what: str, results: Sequence[int]
) -> tuple[tuple[KeptFile, frozenset[int]], ...]:
    """Every file in which one of these results was published, and which of them, oldest first."""
    return tuple(reversed(_files(connection, _published(what), results)))


def read(folder: WorkspaceFolder, file: KeptFile) -> bytes:
    """The bytes as they left; IntegrityError if they are gone."""
    path = attaching.path_of(folder, file.sha256)
    if not path.is_file():
        raise IntegrityError(f"留存的公示文件“{file.name}”不在了。", "请从备份恢复附件。")
    return path.read_bytes()


def _made(what: str) -> str:
    return f"public_{what}"


def _published(what: str) -> str:
    return f"published_{what}"


def _add(uow: UnitOfWork, kind: str, results: Iterable[int], file: KeptFile) -> None:
    known = set(
        uow.session.scalars(
            select(Attachment.owner_id).where(
                Attachment.owner_kind == kind,
                Attachment.sha256 == file.sha256,
                Attachment.name == file.name,
            )
        )
    )
    uow.session.add_all(
        Attachment(
            owner_kind=kind,
            owner_id=result,
            name=file.name,
            sha256=file.sha256,
            size=file.size,
            at=uow.now,
            by=uow.actor,
        )
        for result in dict.fromkeys(results)
        if result not in known
    )


def _files(
    connection: Connection, kind: str, results: Sequence[int]
) -> list[tuple[KeptFile, frozenset[int]]]:
    """Newest first; a file made twice of the same bytes counts once, when it was made last."""
    held: dict[str, set[int]] = {}
    newest: dict[str, tuple[int, KeptFile]] = {}
    for start in range(0, len(results), _PORTION):
        rows = connection.execute(
            select(Attachment.__table__)
            .where(
                Attachment.owner_kind == kind,
                Attachment.owner_id.in_(list(results[start : start + _PORTION])),
            )
            .order_by(Attachment.id)
        )
        for row in rows:
            held.setdefault(row.sha256, set()).add(row.owner_id)
            file = KeptFile(
                name=row.name, sha256=row.sha256, size=row.size, made_at=row.at, by=row.by
            )
            before = newest.get(row.sha256)
            if before is None or row.id > before[0]:
                newest[row.sha256] = (row.id, file)
    return [
        (file, frozenset(held[file.sha256]))
        for _id, file in sorted(newest.values(), key=lambda each: -each[0])
    ]
