"""A unit's workspace: made, opened, read from, written to by one thread, closed.

Opening goes: lock → quick check → schema compared (newer: refused; older: verified backup,
migrate, foreign-key check) → ready.  The window and the command line hold one ``Workspace`` and
reach everything else through it::

    outcome = workspace.write(drawing.freeze, FreezeDraw(...))     # one transaction
    rows = workspace.read(targets.rows, ids)                       # db.read: a snapshot
"""

from __future__ import annotations

import getpass
import json
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from filelock import FileLock, Timeout
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from app import __version__
from app.db import backup, migrate, row_history
from app.db.engine import reader_engine, writer_engine
from app.db.read import row_words
from app.db.unit_of_work import UnitOfWork
from app.domain.rulebook import Rulebook
from app.errors import EnvironmentFault, IntegrityError, UserError
from app.models import Setting, Unit
from app.paths import HALF_RESTORED, WorkspaceFolder
from app.services import rulebooks
from app.services.directories import search_words
from app.services.safety import sweeping

C = TypeVar("C")
O = TypeVar("O")  # noqa: E741 - outcome
P = ParamSpec("P")

PERSON = "person"
"""Setting that remembers who sits at the desk."""

WORKSPACE_ID = "workspace_id"
"""Setting that tells one workspace from another with the same unit code."""

MOVED_AWAY = "moved_away"
"""Setting of a workspace that went to another PC: when, as which file, whereto."""

Clock = Callable[[], datetime]


def _wall_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitInfo:
    """Who owns the workspace; ``series`` is RD1 §2's code, ``level`` one of the rulebook's."""

    name: str
    code: str
    series: str
    rulebook_id: str
    level: str
    document_title: str = ""
    document_no: str = ""
    draw_basis: str = ""
    office: str = "综合科"
    document_valid_from: date | None = None
    document_valid_to: date | None = None

    @property
    def document_valid(self) -> str:
        """2026年1月1日至2026年12月31日; empty if no end is known."""
        since, until = self.document_valid_from, self.document_valid_to
        if until is None:
            return f"{_day(since)}起" if since else ""
        return f"{_day(since) if since else ''}至{_day(until)}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


@dataclass(frozen=True, slots=True)
class MovedAway:
    """When a workspace went to another PC, and as which file; empty if that was never finished."""

    at: datetime
    file: str

    @classmethod
    def read(cls, connection: Connection) -> MovedAway | None:
        """As the workspace says; None if it is at home."""
        found = connection.execute(select(Setting.value).where(Setting.key == MOVED_AWAY)).scalar()
        if not found:
            return None
        facts = json.loads(found)
        return cls(datetime.fromisoformat(facts["at"]), facts["file"])

    def written(self) -> str:
        """As the setting holds it."""
        return json.dumps({"at": self.at.isoformat(), "file": self.file}, ensure_ascii=False)

    @property
    def words(self) -> str:
        """已迁到新电脑（2026-11-21）."""
        day = f"{self.at.astimezone():%Y-%m-%d}"
        return f"已迁到新电脑（{day}）" if self.file else f"换电脑没有做完（{day}）"


class Workspace:
    """An open workspace. ``changed`` callbacks get the kinds of rows each commit touched.

    ``moved_away``: not None for one that went to another PC: it is read, and not written.
    """

    def __init__(self, folder: WorkspaceFolder, lock: FileLock, actor: str, clock: Clock) -> None:
        self.folder = folder
        self.actor = actor
        self.clock = clock
        self.changed: list[Callable[[frozenset[str]], None]] = []
        self.moved_away: MovedAway | None = None
        self._lock = lock
        self._writer = writer_engine(folder.database)
        self._reader = reader_engine(folder.database)
        # SQLite has one writer; a queue of one thread makes waiting orderly and never "locked".
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")

    @property
    def unit(self) -> UnitInfo:
        """The unit as the database has it now."""
        return self.read(read_unit)

    @cached_property
    def rulebook(self) -> Rulebook:
        """The unit's rulebook."""
        return self.read(rulebooks.of_unit)

    def write(self, service: Callable[[UnitOfWork, C], O], command: C) -> O:
        """Run one service function in one transaction on the writer thread; wait for it.

        UserError in a workspace that was moved to another PC.
        """
        if self.moved_away is not None:
            raise UserError(
                f"这个工作区{self.moved_away.words}，在这里只能查看。",
                "请在新电脑上办理；确要在这里继续，请到“系统 › 换电脑”写明原因，"
                "或用命令 suicha move --stay 原因。",
            )
        return self._thread.submit(self._transact, service, command).result()

    def _transact(self, service: Callable[[UnitOfWork, C], O], command: C) -> O:
        with UnitOfWork(self._writer, self.folder, self.actor, self.clock) as uow:
            outcome = service(uow, command)
            kinds = frozenset(uow.changed) if uow.committed else frozenset()
        if "rulebook" in kinds:
            self.__dict__.pop("rulebook", None)
        if kinds:
            for callback in self.changed:
                callback(kinds)
        return outcome

    def read(
        self, query: Callable[Concatenate[Connection, P], O], *args: P.args, **kwargs: P.kwargs
    ) -> O:
        """Run a query on a snapshot of its own; any thread.

        EnvironmentFault if the disk is so full that SQLite cannot even look.
        """
        try:
            with self._reader.connect() as connection:
                return query(connection, *args, **kwargs)
        except OperationalError as error:
            if not backup.disk_refuses(error.orig):
                raise
            raise backup.unreachable(self.folder.database) from error

    def close(self) -> None:
        """Finish what is being written, then let go of the folder."""
        self._thread.shutdown(wait=True)
        self._reader.dispose()
        self._writer.dispose()
        self._lock.release()


def read_unit(connection: Connection) -> UnitInfo:
    """The unit's row; UserError while the workspace has none."""
    table = Unit.__table__
    row = connection.execute(table.select()).mappings().first()
    if row is None:
        raise UserError("工作区还没有单位信息。", "请先完成首次设置。")
    names = UnitInfo.__dataclass_fields__
    return UnitInfo(**{name: row[name] for name in names})


def signed_person(connection: Connection) -> str:
    """Who sits at the desk (经办人), as last saved; empty if never."""
    value = connection.execute(select(Setting.value).where(Setting.key == PERSON)).scalar()
    return value or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUnit:
    """First run: who the unit is and which rulebook binds it.

    ``rulebook_id``: an id, or the path of a rulebook file of the unit's own.
    ``person``: who sits at the desk; empty leaves it to the account of this computer.
    """

    name: str
    code: str
    rulebook_id: str
    level: str = ""
    document_title: str = ""
    document_no: str = ""
    person: str = ""


def exists(root: Path) -> bool:
    """Whether the folder already holds a workspace."""
    return WorkspaceFolder(root).database.exists()


def unfinished(root: Path) -> bool:
    """Whether the folder holds half of a backup that was being restored."""
    return (root / HALF_RESTORED).is_file()


def create(root: Path, command: CreateUnit, clock: Clock = _wall_clock) -> None:
    """Make a new empty workspace; UserError if one is there or a field is wrong."""
    folder = WorkspaceFolder(root)
    if unfinished(root):
        raise UserError(
            f"从备份恢复到这个文件夹没有做完：{root}。", "请重新恢复，或换一个文件夹新建。"
        )
    if folder.database.exists():
        raise UserError(f"这里已经有一个工作区：{root}。", "请换一个文件夹，或直接打开它。")
    name, code = command.name.strip(), command.code.strip()
    if not name:
        raise UserError("还没有填写单位名称。", "请填写大队全称。")
    if not (code.isascii() and code.isdigit() and len(code) == 6):
        raise UserError(f"行政区划代码“{code}”不对。", "请填 6 位数字，例如 331000。")
    source = rulebooks.find(command.rulebook_id, folder.rulebooks)
    rulebook = source.rulebook
    unit = replace(
        command,
        name=name,
        code=code,
        person=command.person.strip(),
        rulebook_id=rulebook.id,
        level=rulebook.level(command.level).code,
    )
    _make_folder(folder)
    try:
        migrate.upgrade(folder.database)
        _write_unit(folder, unit, source, clock)
    except BaseException as error:
        # Half a workspace must not look like one.
        for suffix in ("", "-wal", "-shm", "-journal"):
            folder.database.with_name(folder.database.name + suffix).unlink(missing_ok=True)
        if isinstance(error, OperationalError):
            raise EnvironmentFault(
                f"不能建立工作区：{root}。", "请检查磁盘空间和写入权限，或换一个位置。"
            ) from error
        raise


def _write_unit(
    folder: WorkspaceFolder, command: CreateUnit, source: rulebooks.Source, clock: Clock
) -> None:
    engine = writer_engine(folder.database)
    try:
        with UnitOfWork(engine, folder, command.person or _person(), clock) as uow:
            now = uow.now
            uow.session.add(
                Unit(
                    id=1,
                    name=command.name,
                    code=command.code,
                    series=command.code,
                    rulebook_id=command.rulebook_id,
                    level=command.level,
                    document_title=command.document_title,
                    document_no=command.document_no,
                    draw_basis="",
                    office="综合科",
                    created_at=now,
                )
            )
            rulebooks.keep(uow, source)
            uow.session.merge(Setting(key="program_version", value=__version__))
            if command.person:
                uow.session.merge(Setting(key=PERSON, value=command.person))
            # Backups carry this name along: a marker outside knows its workspace again by it.
            uow.session.merge(Setting(key=WORKSPACE_ID, value=secrets.token_hex(8)))
            uow.record(
                "unit.create",
                command.code,
                {
                    "name": command.name,
                    "rulebook": command.rulebook_id,
                    "level": command.level,
                    "program": __version__,
                },
            )
            uow.commit()
    finally:
        engine.dispose()


def open_workspace(root: Path, *, actor: str = "", clock: Clock = _wall_clock) -> Workspace:
    """Open an existing workspace through the checks named above.

    Errors: UserError (none there), EnvironmentFault (in use, newer, disk), IntegrityError
    (damaged).
    """
    folder = WorkspaceFolder(root)
    if not folder.database.exists():
        raise UserError(
            f"这个文件夹里没有随查工作区：{root}。", "请先用“suicha init”或首次设置建立。"
        )
    if unfinished(root):
        raise UserError(
            f"从备份恢复到这个文件夹没有做完：{root}。", "请重新恢复到这个文件夹，再打开。"
        )
    lock = _take_lock(folder)
    try:
        sweeping.clear(folder)
        _check_and_migrate(folder, clock)
        workspace = Workspace(folder, lock, actor, clock)
        workspace.actor = actor or workspace.read(signed_person) or _person()
        workspace.moved_away = workspace.read(MovedAway.read)
        return workspace
    except BaseException:
        lock.release()
        raise


def _person() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # no such account: a service, a container
        return "未署名"


def _make_folder(folder: WorkspaceFolder) -> None:
    try:
        folder.make()
    except OSError as error:
        raise EnvironmentFault(
            f"不能建立文件夹：{folder.root}。", "请换一个有写入权限的位置，或腾出磁盘空间。"
        ) from error


def _take_lock(folder: WorkspaceFolder) -> FileLock:
    _make_folder(folder)
    lock = FileLock(folder.lock, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise EnvironmentFault(
            f"这个工作区正被另一个随查窗口或命令使用：{folder.root}。", "请先关闭它再试。"
        ) from error
    except OSError as error:
        raise EnvironmentFault(
            f"不能写入工作区：{folder.root}。", "请检查写入权限和磁盘空间。"
        ) from error
    return lock


def _check_and_migrate(folder: WorkspaceFolder, clock: Clock) -> None:
    faults = backup.quick_check(folder.database)
    if faults:
        raise IntegrityError(
            f"工作区的数据库已损坏：{faults[0]}。",
            "请从“backups”文件夹恢复最近的备份；损坏的文件请保留，不要删除。",
        )
    migrate.refuse_newer(folder.database, __version__)
    if migrate.current(folder.database) != migrate.SCHEMA:
        name = backup.backup_name(clock(), "before-upgrade")
        backup.copy_database(folder.database, folder.backups / name)
        told = _edited_by_hand(folder)
        migrate.upgrade(folder.database)
        _rebase(folder, clock, told)


def _edited_by_hand(folder: WorkspaceFolder) -> list[str]:
    """What the rows' history would find before the schema changes: the new start must keep it."""
    engine = reader_engine(folder.database)
    try:
        with engine.connect() as connection:
            columns = connection.exec_driver_sql("PRAGMA table_info(ledger)").all()
            if "changes" not in [column.name for column in columns]:
                return []
            return [row_words.fault(each) for each in row_history.faults(connection)]
    finally:
        engine.dispose()


def _rebase(folder: WorkspaceFolder, clock: Clock, told: list[str]) -> None:
    """Columns have changed: the rows' history starts anew with all rows as they are now."""
    engine = writer_engine(folder.database)
    try:
        with UnitOfWork(engine, folder, _person(), clock) as uow:
            search_words.refresh(uow)
            detail = {"schema": migrate.SCHEMA, "program": __version__, "faults": told}
            uow.rebase(migrate.SCHEMA, detail)
            uow.commit()
    finally:
        engine.dispose()
