"""Backup, restore, check: the one PC will die one day.

Backups come by themselves after every draw, once per day of work, before an upgrade and before
another workspace takes this one's place; old ones are thinned (``domain.thinning``).  A second
place, a stick or a folder of the network, gets a copy whenever it is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection, select, text

from app import __version__
from app.db import backup as copies
from app.db import ledger, migrate
from app.db.engine import reader_engine
from app.db.read import entries
from app.db.unit_of_work import UnitOfWork
from app.domain.rd1 import Check
from app.domain.thinning import Aged, superfluous
from app.errors import AppError, EnvironmentFault, IntegrityError, UserError
from app.exchange.files import write_atomically
from app.models import Setting
from app.paths import WorkspaceFolder, chosen_workspace_file
from app.services.draws import remembering
from app.services.safety import backup_files, checking, sweeping
from app.services.safety.backup_files import BackupFile, BackupMade
from app.services.safety.reaching import is_there
from app.services.workspace import Workspace, read_unit, unfinished

__all__ = [
    "Adopt",
    "BackupFile",
    "BackupMade",
    "Comparison",
    "DayBackup",
    "Lacking",
    "MakeBackup",
    "SecondPlace",
    "adopt",
    "backup",
    "backups",
    "check_folder",
    "close_day",
    "comparison_words",
    "copy_to_second",
    "day_is_due",
    "drill",
    "is_fresh_move",
    "lacking",
    "of_the_day",
    "restore",
    "second_place",
    "set_second_place",
]

OLD_DAYS = 7
"""A second place older than this is asked for."""

_SECOND = "second_place"
_SECOND_AT = "second_place_at"


@dataclass(frozen=True, slots=True)
class MakeBackup:
    """``to``: a folder, None for the workspace's own; ``reason`` becomes part of the name."""

    to: Path | None = None
    reason: str = "manual"


def backup(uow: UnitOfWork, command: MakeBackup) -> BackupMade:
    """Copy the whole workspace into one zip and verify it.

    Errors: EnvironmentFault if the place cannot be written, IntegrityError if the copy does not
    read back; an older backup of the same name is never touched.
    """
    folder = command.to or uow.folder.backups
    if not folder.is_dir():
        raise UserError(f"没有这个文件夹：{folder}。", "请先建立它，或插好 U 盘再试。")
    made = _make(uow, folder, command.reason, alone=True)
    uow.changed.add("backup")
    uow.commit()
    return made


def _make(
    uow: UnitOfWork, folder: Path, reason: str, *, alone: bool, second: bool = False
) -> BackupMade:
    """A backup with its ledger entry; the caller commits."""
    # Outside any open transaction the backup API sees the last commit, whole.
    uow.session.rollback()
    target = folder / copies.backup_name(uow.now, reason, ".zip")
    made = backup_files.write(uow.folder, target, alone=alone)
    if second:
        uow.session.merge(Setting(key=_SECOND_AT, value=uow.now.isoformat()))
    uow.record("backup.make", target.name, {"bytes": made.size, "sha256": made.sha256})
    return made


# --- by itself --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBackup:
    """What was done at the end of a day of work.

    ``made``: None if nothing happened since the newest backup; ``second``: None if no second
    place is set or it is not there; ``fault``: why the second place got nothing, empty if it did.
    """

    made: BackupMade | None
    second: BackupMade | None
    fault: str = ""


def close_day(workspace: Workspace) -> DayBackup | None:
    """The day's backup, as the program closes; None if nothing was done since the newest."""
    return workspace.write(of_the_day, None) if day_is_due(workspace) else None


def day_is_due(workspace: Workspace) -> bool:
    """Whether ``close_day`` would back up: not twice a day, never a workspace that moved away."""
    if workspace.moved_away is not None:
        return False
    today = workspace.clock().astimezone().date()
    return workspace.read(_day_is_due, workspace.folder.root, today)


def _day_is_due(connection: Connection, root: Path, today: date) -> bool:
    """One per day: nothing of today yet, and something was written since the last."""
    newest = next(iter(backups(root)), None)
    if newest is None:
        return ledger.head(connection).seq > 1  # more than the workspace's birth
    if newest.at.date() == today:
        return False
    last = connection.execute(text("SELECT action FROM ledger ORDER BY seq DESC LIMIT 1")).scalar()
    return last != "backup.make"


def of_the_day(uow: UnitOfWork, _command: None) -> DayBackup:
    """Back up, here and in the second place if it is there, then thin both.

    Errors: as ``backup``; what keeps the second place from its copy is said in the outcome.
    """
    made = _make(uow, uow.folder.backups, "day", alone=False)
    uow.commit()  # the second copy begins from a saved state
    _thin(uow, uow.folder.backups)
    second, fault = None, ""
    place = second_place(uow.session.connection())
    if place is not None and is_there(place.room.parent):
        try:
            second = _to_second(uow, place)
        except AppError as error:
            fault = error.message
    uow.changed.add("backup")
    uow.commit()
    return DayBackup(made=made, second=second, fault=fault)


def _thin(uow: UnitOfWork, folder: Path) -> None:
    aged = [Aged(each.name, each.at, each.reason) for each in backup_files.found_in(folder)]
    try:
        backup_files.sweep(folder, superfluous(aged, uow.today))
    except OSError:
        return  # a file held open: it goes the next time


# --- the second place -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondPlace:
    """The other place for backups: ``room`` holds them; ``at``: when it last got one."""

    room: Path
    at: datetime | None

    def old(self, today: date) -> bool:
        """Whether a person should be asked to bring it."""
        return self.at is None or (today - self.at.astimezone().date()).days > OLD_DAYS

    def words(self, today: date) -> str:
        """How old it is, in words."""
        if self.at is None:
            return "还没有备份过"
        days = (today - self.at.astimezone().date()).days
        return "今天" if days <= 0 else f"{days} 天前"


def second_place(connection: Connection) -> SecondPlace | None:
    """What was set; None if nothing was."""
    found = dict(
        connection.execute(
            select(Setting.key, Setting.value).where(Setting.key.in_([_SECOND, _SECOND_AT]))
        ).all()
    )
    if not found.get(_SECOND):
        return None
    at = found.get(_SECOND_AT)
    room = Path(found[_SECOND]) / f"随查备份-{read_unit(connection).code}"
    return SecondPlace(room=room, at=datetime.fromisoformat(at) if at else None)


def set_second_place(uow: UnitOfWork, folder: Path) -> BackupMade:
    """Remember a second place and back up there at once.

    Errors: UserError (no folder, or one of the workspace itself), else as ``backup``; then the
    place set before stays.
    """
    if not folder.is_dir():
        raise UserError(f"没有这个文件夹：{folder}。", "请先建立它，或插好 U 盘再试。")
    if folder.resolve().is_relative_to(uow.folder.root.resolve()):
        raise UserError("第二处不能在工作区里面：电脑坏了会一起丢。", "请选 U 盘或网络文件夹。")
    uow.session.merge(Setting(key=_SECOND, value=str(folder.absolute())))
    uow.session.merge(Setting(key=_SECOND_AT, value=""))
    uow.record("backup.place", str(folder), {})
    place = second_place(uow.session.connection())
    if place is None:
        raise LookupError("the place just set")
    uow.commit()
    made = _to_second(uow, place)
    uow.changed.add("backup")
    uow.commit()
    return made


def copy_to_second(uow: UnitOfWork, _command: None) -> BackupMade:
    """Back up into the second place now; UserError if none is set or it is not there."""
    place = second_place(uow.session.connection())
    if place is None:
        raise UserError("还没有设第二处。", "请先选 U 盘或网络文件夹。")
    if not is_there(place.room.parent):
        raise UserError(f"第二处不在：{place.room.parent}。", "请插好 U 盘或连上网络文件夹再试。")
    made = _to_second(uow, place)
    uow.changed.add("backup")
    uow.commit()
    return made


def _to_second(uow: UnitOfWork, place: SecondPlace) -> BackupMade:
    try:
        place.room.mkdir(exist_ok=True)
    except OSError as error:
        raise EnvironmentFault(
            f"第二处写不进去：{place.room.parent}。", "请检查 U 盘有没有写保护、是否已满。"
        ) from error
    made = _make(uow, place.room, "day", alone=False, second=True)
    _thin(uow, place.room)
    return made


# --- restoring --------------------------------------------------------------------------------


def restore(source: Path, root: Path, *, fresh: bool = False) -> None:
    """Unpack a backup into a new, empty folder, compared as it is written.

    A PC that never saw the unit's draws will ask for the last printed record before the next draw;
    ``fresh``: the backup is a move of these days, its numbers are taken over.  Errors: UserError
    (no backup, folder in use or inside a workspace), IntegrityError (damaged), EnvironmentFault
    (the disk refuses, a newer program made it); then the folder is empty.
    """
    within = [each for each in root.absolute().parents if WorkspaceFolder(each).database.is_file()]
    if within:
        raise UserError(f"{root} 在工作区 {within[0]} 里面。", "请选工作区以外的空文件夹。")
    if not source.is_file():
        raise UserError(f"没有这个备份文件：{source}。", "请检查文件名。")
    with backup_files.database_of(source) as database:
        migrate.refuse_newer(database, __version__)
        backup_files.restore(source, root)
        _meet(database, last=fresh)


def is_fresh_move(source: Path, now: datetime) -> bool:
    """Whether a backup is a move of these days: nobody has drawn with the unit's numbers since."""
    made = backup_files.made_as(source)
    return made is not None and made[1] == backup_files.MOVE and (now - made[0]).days < OLD_DAYS


def _meet(database: Path, *, last: bool) -> None:
    if migrate.current(database) is None:
        return
    engine = reader_engine(database)
    try:
        with engine.connect() as connection:
            remembering.meet(connection, last=last)
    finally:
        engine.dispose()


# --- drill, comparison, another workspace -----------------------------------------------------


def drill(root: Path) -> tuple[Check, ...]:
    """Restore the newest backup aside, check it whole, throw it away; the workspace is not touched.

    Errors: UserError if there is no backup, EnvironmentFault if the disk has no room.
    """
    newest = next(iter(backups(root)), None)
    if newest is None:
        raise UserError("还没有备份，没有可以演练的。", "请先备份。")
    with sweeping.aside(root, "drill") as room:
        copy = room / "ws"
        try:
            backup_files.restore(newest.path, copy)
        except (UserError, IntegrityError) as error:
            return (Check("演练恢复", False, f"{newest.name}：{error.message}"),)
        found = check_folder(copy)
        behind = lacking(root, copy)
    words = f"{newest.name} 恢复到一旁，已核对；比现在少 {behind.entries} 条账本"
    return (Check("演练恢复", all(each.ok for each in found), words), *found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """One thing the present workspace has and the other has not."""

    kind: str
    what: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What would be lost by working on with ``other``.

    ``same``: whether the other is an earlier state of this workspace; ``entries``: how many
    ledger entries it lacks, of which ``rows`` names draws first, then the newest entries.
    """

    other: Path
    same: bool
    entries: int
    rows: tuple[Lacking, ...]


_MOST_ROWS = 500


def lacking(root: Path, other: Path) -> Comparison:
    """Compare the workspace in ``root`` with a restored one."""
    here, there = WorkspaceFolder(root), WorkspaceFolder(other)
    ours, theirs = reader_engine(here.database), reader_engine(there.database)
    try:
        with ours.connect() as present, theirs.connect() as restored:
            head = ledger.head(restored)
            known = present.execute(
                text("SELECT hash FROM ledger WHERE seq = :seq"), {"seq": head.seq}
            ).scalar()
            later = list(
                present.execute(
                    text("SELECT seq FROM ledger WHERE seq > :seq ORDER BY seq DESC"),
                    {"seq": head.seq},
                ).scalars()
            )
            rows = [*_draws_lacking(present, restored), *_entries_lacking(present, later)]
            return Comparison(
                other=other, same=known == head.hash, entries=len(later), rows=tuple(rows)
            )
    finally:
        ours.dispose()
        theirs.dispose()


def comparison_words(found: Comparison) -> str:
    """What a comparison says, in one sentence."""
    if not found.same:
        return "恢复出的与现有的不是同一个工作区，或其中一个的账本被重写。"
    if not found.entries:
        return "备份与现在的工作区一样新。"
    return f"现在的工作区比备份多 {found.entries} 条账本记录；改用备份，这些就没有了："


_DRAWS = text("SELECT no, state FROM draw ORDER BY id")
_STATES = {"frozen": "名单已封存", "committed": "等待开号", "closed": "已完成", "void": "已作废"}


def _draws_lacking(present: Connection, restored: Connection) -> Iterator[Lacking]:
    there = {str(row.no): str(row.state) for row in restored.execute(_DRAWS)}
    for row in present.execute(_DRAWS):
        if there.get(row.no) != row.state:
            now = _STATES.get(row.state, row.state)
            then = there.get(row.no)
            before = f"备份里是“{_STATES.get(then, then)}”" if then else "备份里没有"
            yield Lacking(kind="抽取", what=row.no, detail=f"现在“{now}”，{before}")


def _entries_lacking(present: Connection, later: list[int]) -> Iterator[Lacking]:
    for row in entries.rows(present, later[:_MOST_ROWS]):
        at = f"{row.at.astimezone():%Y-%m-%d %H:%M}"
        yield Lacking(
            kind=f"账本第 {row.id} 条", what=row.action, detail=f"{at} {row.actor} {row.subject}"
        )


@dataclass(frozen=True, slots=True)
class Adopt:
    """Work on in ``root``, a workspace that was restored."""

    root: Path


def adopt(uow: UnitOfWork, command: Adopt) -> BackupMade:
    """Make a restored workspace the one the program opens from now on.

    The present one is backed up first and stays where it is.  Errors: IntegrityError if the
    restored one does not check; else as ``backup``.
    """
    bad = [each for each in check_folder(command.root) if not each.ok]
    if bad:
        raise IntegrityError(
            f"恢复出的工作区核对不符：{bad[0].name}，{bad[0].detail}。", "请换一份备份。"
        )
    made = _make(uow, uow.folder.backups, "before-restore", alone=False)
    uow.record("backup.adopt", str(command.root), {"sha256": made.sha256})
    uow.changed.add("backup")
    uow.commit()
    pointer = chosen_workspace_file()
    try:
        pointer.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentFault(f"不能写入：{pointer.parent}。", "请检查写入权限。") from error
    write_atomically(pointer, str(command.root.absolute()).encode("utf-8"))
    return made


# --- check ------------------------------------------------------------------------------------


def check_folder(root: Path, head: str | None = None) -> tuple[Check, ...]:
    """Every check of a workspace that may be damaged too much to be opened.

    ``head``: the ledger head printed on paper as ``SEQ-HASH`` (hash may be its first 8 digits).
    """
    folder = WorkspaceFolder(root)
    if unfinished(root):
        words = "从备份恢复到这里没有做完，请重新恢复到这个文件夹"
        return (Check("恢复", False, words),)
    if not folder.database.exists():
        raise UserError(f"这个文件夹里没有随查工作区：{root}。", "请检查 --data 后的文件夹。")
    printed = _parse_head(head) if head else None
    faults = copies.quick_check(folder.database)
    checks = [Check("数据库", not faults, faults[0] if faults else "页面完整")]
    if faults:
        return tuple(checks)
    revision = migrate.current(folder.database)
    if revision != migrate.SCHEMA:
        words = "是空的，没有表" if revision is None else f"结构是 {revision}，请先打开一次"
        return (*checks, Check("数据库结构", False, words))
    engine = reader_engine(folder.database)
    try:
        with engine.connect() as connection:
            checks.extend(checking.check(connection, folder, printed))
    finally:
        engine.dispose()
    return (*checks, _check_backups(folder), _half_things(folder))


def _parse_head(head: str) -> ledger.Head:
    match = re.fullmatch(r"([0-9]{1,12})-([0-9a-f]{8,64})", head)
    if not match:
        raise UserError(f"账本头“{head}”写得不对。", "请照纸上的写，例如 128-9c41e07b。")
    return ledger.Head(int(match[1]), match[2])


def _check_backups(folder: WorkspaceFolder) -> Check:
    found = backups(folder.root)
    faults = []
    for each in found:
        try:
            backup_files.compare(each.path)
        except AppError as error:
            faults.append(f"{each.name}：{error.message}")
    sound = f"{len(found)} 份都读得出，与清单相符" if found else "工作区里还没有备份"
    return Check("备份", not faults, "；".join(faults) or sound)


def _half_things(folder: WorkspaceFolder) -> Check:
    """What a killed program left: harmless, and named so that nobody takes it for a record."""
    half = [each.relative_to(folder.root).as_posix() for each in sweeping.half_things(folder)]
    words = f"{'、'.join(half[:20])}：中断时没有写完的，不是记录，下次打开时清除"
    return Check("没有写完的文件", True, words if half else "没有")


def backups(root: Path) -> tuple[BackupFile, ...]:
    """Backups of the workspace's own folder, newest first."""
    return backup_files.found_in(WorkspaceFolder(root).backups)
