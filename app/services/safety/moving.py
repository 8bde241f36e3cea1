"""换电脑: the workspace leaves this PC for another, and arrives there.

The old PC makes a whole backup and from then on only shows: two PCs drawing under one number would
both be right and both be worthless.  Somebody may decide to go on with the old one; the ledger
keeps who and why.  The new PC looks into the file, restores it, compares and says where it came
from.  A draw between its list and its end does not travel: its random part would lie on a stick
while the witnesses' slips are still folded (RD1 §1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select, text

from app import __version__
from app.db import ledger, migrate
from app.db.engine import reader_engine
from app.db.unit_of_work import UnitOfWork
from app.domain.rd1 import Check
from app.errors import UserError
from app.models import Draw, DrawState, Setting
from app.paths import WorkspaceFolder
from app.services.safety import backup_files, keeping
from app.services.safety.backup_files import BackupMade
from app.services.safety.keeping import MakeBackup
from app.services.workspace import MOVED_AWAY, MovedAway, Workspace, open_workspace

__all__ = [
    "Arrival",
    "Contents",
    "Move",
    "StayHere",
    "arrive",
    "contents",
    "inside",
    "look",
    "move",
    "open_draws",
    "stay",
]


@dataclass(frozen=True, slots=True)
class Move:
    """Take the workspace to another PC; ``to``: the folder (a stick) that carries the file."""

    to: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class StayHere:
    """Go on in a workspace that was moved away."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a person compares on the two PCs; ``last_result``: F or hash of the last record."""

    unit: str
    ledger: str
    targets: int
    inspectors: int
    draws: int
    last_draw: str
    last_result: str
    files: int

    def lines(self) -> tuple[tuple[str, str], ...]:
        """In words, in the order of the screen."""
        return (
            ("单位", self.unit),
            ("检查对象", f"{self.targets} 家"),
            ("执法人员", f"{self.inspectors} 人"),
            ("抽取", f"{self.draws} 次，最近 {self.last_draw}" if self.draws else "还没有"),
            *((("最近记录", f"{self.last_result[:8]}…"),) if self.last_result else ()),
            ("附件", f"{self.files} 个"),
            ("账本头", self.ledger),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A backup looked into before anything is done with it.

    ``made``: None for a file whose name says nothing; ``moved``: made by 换电脑.
    """

    path: Path
    made: datetime | None
    moved: bool
    fresh: bool
    contents: Contents


# --- leaving ----------------------------------------------------------------------------------


def open_draws(connection: Connection) -> tuple[str, ...]:
    """Numbers of draws between list and end, rehearsals too: their secret stays on this PC."""
    rows = select(Draw.no).where(Draw.state.in_([DrawState.FROZEN, DrawState.COMMITTED]))
    return tuple(connection.execute(rows.order_by(Draw.id)).scalars())


def move(workspace: Workspace, command: Move) -> BackupMade:
    """Write the file that travels, verified; from then on this workspace only shows.

    One that moved already writes the same again, for a stick that was lost.  Errors: UserError (a
    draw is open, no folder), else as ``keeping.backup``; then nothing moved.
    """
    workspace.moved_away = None
    try:
        return workspace.write(_leave, command)
    finally:
        workspace.moved_away = workspace.read(MovedAway.read)


def _leave(uow: UnitOfWork, command: Move) -> BackupMade:
    waiting = open_draws(uow.session.connection())
    if waiting:
        raise UserError(
            f"抽取 {'、'.join(waiting)} 还没有结束，不能换电脑：随机数不能在开号以前离开本机。",
            "请先在“计划与抽取”里完成、撤回或作废它。",
        )
    if not command.to.is_dir():
        raise UserError(f"没有这个文件夹：{command.to}。", "请先建立它，或插好 U 盘再试。")
    if command.to.resolve().is_relative_to(uow.folder.root.resolve()):
        raise UserError("迁移文件不能放在工作区里面。", "请选 U 盘或网络文件夹。")
    before = uow.session.get(Setting, MOVED_AWAY)
    known = before.value if before else None
    # Closed before the file exists: a power cut must not leave two PCs that both go on.
    _mark(uow, "move.begin", MovedAway(uow.now, ""), {"to": str(command.to)})
    try:
        made = keeping.backup(uow, MakeBackup(to=command.to, reason=backup_files.MOVE))
    except BaseException:
        uow.session.rollback()
        _unmark(uow, known)
        raise
    facts = {"to": str(command.to), "sha256": made.sha256}
    _mark(uow, "move.leave", MovedAway(uow.now, made.path.name), facts)
    return made


def _mark(uow: UnitOfWork, action: str, away: MovedAway, detail: Mapping[str, object]) -> None:
    uow.session.merge(Setting(key=MOVED_AWAY, value=away.written()))
    uow.record(action, away.file, detail)
    uow.changed |= {"backup", "unit"}
    uow.commit()


def _unmark(uow: UnitOfWork, known: str | None) -> None:
    if known is None:
        _forget(uow)
    else:
        uow.session.merge(Setting(key=MOVED_AWAY, value=known))
    uow.record("move.fail", "", {})
    uow.commit()


def stay(workspace: Workspace, command: StayHere) -> None:
    """Go on here all the same; UserError without a reason, or if it never moved."""
    away = workspace.moved_away
    if away is None:
        raise UserError("这个工作区没有迁走，不用恢复使用。", "直接使用即可。")
    if not command.reason.strip():
        raise UserError("还没有写明原因。", "例如：新电脑没有用起来。")
    workspace.moved_away = None
    try:
        workspace.write(_stay, command)
    except BaseException:
        workspace.moved_away = away
        raise


def _stay(uow: UnitOfWork, command: StayHere) -> None:
    _forget(uow)
    uow.record("move.stay", "", {"reason": command.reason.strip()})
    uow.changed |= {"backup", "unit"}
    uow.commit()


def _forget(uow: UnitOfWork) -> None:
    found = uow.session.get(Setting, MOVED_AWAY)
    if found is not None:
        uow.session.delete(found)


# --- arriving ---------------------------------------------------------------------------------


def contents(connection: Connection) -> Contents:
    """What is in a workspace, by plain SQL: the database may be of an older program."""
    one = connection.execute
    last = one(
        text("SELECT no FROM draw WHERE state IN ('closed', 'void') ORDER BY id DESC LIMIT 1")
    ).scalar()
    head = ledger.head(connection)
    record = one(text("SELECT hash FROM closing_record ORDER BY id DESC LIMIT 1")).scalar()
    return Contents(
        unit=str(one(text("SELECT name FROM unit")).scalar() or ""),
        ledger=f"{head.seq}-{head.hash[:8]}",
        targets=int(one(text("SELECT count(*) FROM target")).scalar_one()),
        inspectors=int(one(text("SELECT count(*) FROM inspector")).scalar_one()),
        draws=int(one(text("SELECT count(*) FROM draw")).scalar_one()),
        last_draw=str(last or ""),
        last_result=str(record or ""),
        files=int(one(text("SELECT count(DISTINCT sha256) FROM attachment")).scalar_one()),
    )


def contents_of(database: Path) -> Contents:
    """``contents`` of a database file that nobody has opened."""
    engine = reader_engine(database)
    try:
        with engine.connect() as connection:
            return contents(connection)
    finally:
        engine.dispose()


def inside(path: Path) -> Contents:
    """What is in a backup; errors as ``backup_files.database_of``."""
    with backup_files.database_of(path) as database:
        return contents_of(database)


def look(path: Path, now: datetime) -> Arrival:
    """Every file of a backup against its list, and what is in it; nothing is written.

    Errors: UserError (no backup), IntegrityError (damaged), EnvironmentFault (made by a newer
    program, unreadable).
    """
    if not path.is_file():
        raise UserError(f"没有这个备份文件：{path}。", "请插好 U 盘，再选一次。")
    backup_files.compare(path)
    made = backup_files.made_as(path)
    with backup_files.database_of(path) as database:
        if migrate.current(database) is None:
            raise UserError(f"这份备份里没有随查的数据：{path}。", "请换一份备份。")
        migrate.refuse_newer(database, __version__)
        found = contents_of(database)
    return Arrival(
        path=path,
        made=made[0] if made else None,
        moved=made is not None and made[1] == backup_files.MOVE,
        fresh=keeping.is_fresh_move(path, now),
        contents=found,
    )


def arrive(found: Arrival, root: Path) -> Sequence[Check]:
    """Restore into ``root``, compare with what was seen, say in the ledger where it came from.

    Gives every check of the new workspace.  Errors: as ``keeping.restore``; a workspace that
    does not check is left for a look, and named.
    """
    keeping.restore(found.path, root, fresh=found.fresh)
    database = WorkspaceFolder(root).database
    same = contents_of(database) == found.contents
    checks = (Check("与备份比较", same, "内容相同" if same else "内容与备份里看到的不同"),)
    workspace = open_workspace(root)
    try:
        workspace.moved_away = None  # a copy made after the move says so too
        workspace.write(_arrive, found)
    finally:
        workspace.close()
    return (*checks, *keeping.check_folder(root))


def _arrive(uow: UnitOfWork, found: Arrival) -> None:
    _forget(uow)
    uow.record(
        "move.arrive",
        found.path.name,
        {"moved": found.moved, "before": found.contents.ledger},
    )
    uow.changed |= {"backup", "unit"}
    uow.commit()
