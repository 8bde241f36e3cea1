"""One transaction: rollback by default, ``commit()`` said explicitly by the service."""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import TracebackType
from typing import Self

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.db import ledger, row_history
from app.errors import EnvironmentFault
from app.paths import WorkspaceFolder

_DISK = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS),
    *(errno.EIO, errno.EACCES, errno.EPERM, errno.ENODEV, errno.ENXIO),
}
"""What a disk says that is full, worn, protected or pulled out: nobody's bug."""

UNTOLD = "data.save"
"""Action of an entry the unit of work writes itself, for rows no service's entry holds."""


class UnitOfWork:
    """What a service works with: a session, who acts, what time it is, where files go.

    ``changed`` collects the kinds of rows a service touched ("target", "draw", …); after the
    commit the workspace tells the window, which refreshes by that.
    """

    def __init__(
        self,
        engine: Engine,
        folder: WorkspaceFolder,
        actor: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._clock = clock
        self.folder = folder
        self.actor = actor
        self.changed: set[str] = set()
        self.committed = False

    def __enter__(self) -> Self:
        self.session = Session(self._engine, expire_on_commit=False)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.session.rollback()
        self.session.close()
        if isinstance(error, OperationalError):
            # A disk can be full at any statement, not only at the commit.
            raise _refused() from error
        if isinstance(error, OSError) and error.errno in _DISK:
            raise EnvironmentFault(
                "没有做完：磁盘已满、写保护，或者文件夹不在了。",
                "请检查磁盘空间和写入权限后再试；已经保存的数据没有丢失。",
            ) from error

    @property
    def now(self) -> datetime:
        """The clock's time, aware."""
        return self._clock()

    @property
    def today(self) -> date:
        """The clock's day where the office is: the machine's own zone, as on the wall."""
        return self.now.astimezone().date()

    def record(self, action: str, subject: str, detail: Mapping[str, object]) -> ledger.Head:
        """Write one ledger entry in this transaction; it holds every row changed since the last."""
        self.session.flush()
        changes = row_history.drain(self.session)
        return ledger.append(self.session, self.now, self.actor, action, subject, detail, changes)

    def rebase(self, subject: str, detail: Mapping[str, object]) -> None:
        """Write an entry that holds every row as it is: the history starts anew from here."""
        self.session.flush()
        changes = row_history.baseline(self.session)
        action = row_history.BASELINE
        ledger.append(self.session, self.now, self.actor, action, subject, detail, changes)

    def commit(self) -> None:
        """Make it so. A full disk or a locked file becomes a sentence; nothing is half done."""
        try:
            self.session.flush()
            if changes := row_history.drain(self.session):
                # A service that recorded nothing, or wrote on afterwards: no row goes untold.
                ledger.append(self.session, self.now, self.actor, UNTOLD, "", {}, changes)
            self.session.commit()
        except OperationalError as error:
            self.session.rollback()
            raise _refused() from error
        self.committed = True


def _refused() -> EnvironmentFault:
    return EnvironmentFault(
        "数据没有写入：磁盘已满，或数据库被其他程序占用。",
        "请腾出磁盘空间、关闭占用的程序后再试，原有数据没有改变。",
    )
