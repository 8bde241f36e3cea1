"""归档: a quarter's or a target's whole file as one bag, with its index; what lacks comes first.

Everything is taken from where it lies and hashed again; nothing in the workspace is moved.  What
was filed keeps its number when the file is made anew.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection, select

from app import __version__
from app.db import ledger
from app.db.read.tasks import read_tasks, tasks_counted
from app.db.unit_of_work import UnitOfWork
from app.documents import filing as paper
from app.domain.fields import FieldKind
from app.domain.filing import (
    Draft,
    Lack,
    Number,
    Retention,
    archive_no,
    clean_fonds,
    number_items,
)
from app.domain.periods import Period
from app.errors import IntegrityError, UserError
from app.exchange import bags
from app.exchange.bags import BagReceipt, bag_name
from app.exchange.files import safe_name
from app.exchange.pages import pages_of
from app.exchange.writing import Column, Table, workbook
from app.models import ArchiveBag, ArchiveItem
from app.paths import WorkspaceFolder
from app.services.archive import filing_items, filing_scope, retentions
from app.services.archive.filing_items import Content, FiledItem, Telling
from app.services.archive.filing_scope import FileScope, Gathered

__all__ = [
    "FileChoice",
    "FileMade",
    "FileScope",
    "FiledBefore",
    "MakeFile",
    "choices",
    "filed_before",
    "first_year",
    "make",
    "target_named",
    "what_lacks",
]

_LONGEST = 60
"""A folder's or file's name in the bag: Windows wants the whole path under 260 when it unpacks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeFile:
    """Write the file as a bag (a zip) to ``path``; ``fonds``: 全宗号.

    ``retention``: for everything that has no number yet, instead of the unit's table; ``first``:
    the lowest number to give, where lower ones were given by hand.
    """

    scope: FileScope
    path: Path
    fonds: str
    retention: Retention | None = None
    first: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMade:
    """What was written; ``lacking`` as printed on the first page of the index."""

    path: Path
    items: int
    files: int
    tagmanifest: str
    lacking: tuple[Lack, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChoice:
    """A file that can be made: the whole period (``target_id`` None) or one target's year.

    ``filed_on``: when it was made last; ``file_name``: lawful on Windows.
    """

    target_id: int | None
    title: str
    tasks: int
    file_name: str
    filed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledBefore:
    """An archive made earlier, as the register has it."""

    title: str
    file_name: str
    items: int
    files: int
    lacking: int
    tagmanifest: str
    by: str
    at: datetime

    @property
    def words(self) -> str:
        """2026-10-08 归档的“…zip”，7 件."""
        return f"{self.at.astimezone():%Y-%m-%d} 归档的“{self.file_name}”，{self.items} 件"


def _nothing(_done: int, _total: int, _text: str) -> None:
    """Nobody watches."""


def choices(connection: Connection, period: str) -> tuple[FileChoice, ...]:
    """The period's own file, then that of each target inspected in its year, by name."""
    asked = Period.parse(period)
    whole_scope = FileScope(period=period)
    tasks = read_tasks(connection, tasks_counted())
    mine = [task for task in tasks if filing_scope.belongs(Period.parse(task.period), whole_scope)]
    seen: dict[int, list[str]] = {}
    for task in tasks:
        # Not inspected yet: whoever opens this list may not learn who was drawn.
        if Period.parse(task.period).year == asked.year and filing_scope.worth_filing(task):
            seen.setdefault(task.target_id, []).append(task.shown_name)
    if not mine and not seen:
        return ()
    filed = _last_filed(connection)
    title = f"{asked.in_words()}双随机抽查档案"
    whole = FileChoice(
        target_id=None,
        title=title,
        tasks=len(mine),
        file_name=f"{safe_name(title)}.zip",
        filed_on=filed.get((None, period)),
    )
    each = [
        FileChoice(
            target_id=target,
            title=f"{names[0]} {asked.year}年",
            tasks=len(names),
            file_name=f"{safe_name(names[0])[:_LONGEST]}-{asked.year}年档案.zip",
            filed_on=filed.get((target, str(asked.year))),
        )
        for target, names in seen.items()
    ]
    return (whole, *sorted(each, key=lambda one: one.title))


def _last_filed(connection: Connection) -> dict[tuple[int | None, str], date]:
    """The last day each file was made, by target and its period (a target's: the year)."""
    rows = connection.execute(
        select(ArchiveBag.target_id, ArchiveBag.period, ArchiveBag.at).order_by(ArchiveBag.id)
    )
    return {
        (row.target_id, row.period if row.target_id is None else row.period[:4]): (
            row.at.astimezone().date()
        )
        for row in rows
    }


def first_year(connection: Connection, target_id: int) -> int | None:
    """The first year a target was inspected after a draw; None if it never was."""
    years = [
        Period.parse(task.period).year
        for task in read_tasks(connection, tasks_counted())
        if task.target_id == target_id and filing_scope.worth_filing(task)
    ]
    return min(years, default=None)


def target_named(connection: Connection, period: str, name: str) -> int:
    """The target of that name with a file of its year; UserError if there is none, or several."""
    found = [
        each.target_id
        for each in choices(connection, period)
        if each.target_id is not None and each.title.rpartition(" ")[0] == name.strip()
    ]
    if len(found) != 1:
        raise UserError(
            f"{'没有' if not found else '不止一家'}检查过的检查对象叫“{name}”。",
            "请写列表里的全名；一家有几处的，名称带处所。",
        )
    return found[0]


def filed_before(connection: Connection, scope: FileScope) -> tuple[FiledBefore, ...]:
    """Every archive made of this file, the newest first."""
    period = scope.period if scope.target_id is None else str(Period.parse(scope.period).year)
    rows = connection.execute(
        select(ArchiveBag.__table__)
        .where(
            ArchiveBag.target_id.is_(None)
            if scope.target_id is None
            else ArchiveBag.target_id == scope.target_id,
            ArchiveBag.period == period,
        )
        .order_by(ArchiveBag.id.desc())
    )
    return tuple(
        FiledBefore(
            title=row.title,
            file_name=row.file_name,
            items=row.items,
            files=row.files,
            lacking=row.lacking,
            tagmanifest=row.tagmanifest,
            by=row.by,
            at=row.at,
        )
        for row in rows
    )


def what_lacks(
    connection: Connection, folder: WorkspaceFolder, scope: FileScope
) -> tuple[Lack, ...]:
    """What is missing from a file, before it is made; UserError if there is nothing to file."""
    gathered = filing_scope.gather(connection, scope)
    return filing_scope.what_lacks(connection, folder, gathered)


def make(uow: UnitOfWork, command: MakeFile, report: Telling = _nothing) -> FileMade:
    """Write the bag with index, papers, scans, records and hashes; ``report`` may cancel it.

    Errors: UserError (nothing to file, no fonds number, file there already), IntegrityError (what
    was written reads back otherwise), EnvironmentFault (disk).  Then nothing is left behind.
    """
    connection = uow.session.connection()
    fonds = clean_fonds(command.fonds)
    gathered = filing_scope.gather(connection, command.scope)
    if command.path.exists():
        raise UserError(f"“{command.path.name}”已经有了，没有覆盖。", "请换一个文件名。")
    missing = filing_scope.what_lacks(connection, uow.folder, gathered)
    items = [item for item in filing_items.items(uow, gathered, report) if item.files]
    numbers = _numbers(connection, command, fonds, items)
    placed = _place(fonds, items, numbers)
    receipt = _write(uow, command, gathered, placed, missing, report)
    try:
        _check(command.path)
        _register(uow, command, fonds, gathered, placed, receipt, len(missing))
        uow.commit()
    except BaseException:
        # A file no register knows would be taken for an archive.
        command.path.unlink(missing_ok=True)
        raise
    return FileMade(
        path=command.path,
        items=len(items),
        files=receipt.files,
        tagmanifest=receipt.tagmanifest_sha256,
        lacking=missing,
    )


# --- numbers and places -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Placed:
    """An item under its number; ``files`` by their path in the bag."""

    item: FiledItem
    number: Number
    code: str
    files: dict[str, Content]


def _numbers(
    connection: Connection, command: MakeFile, fonds: str, items: Sequence[FiledItem]
) -> tuple[Number, ...]:
    kept = {rule.kind: rule.retention for rule in retentions.table(connection)}
    drafts = [Draft(item.key, item.year, command.retention or kept[item.kind]) for item in items]
    rows = connection.execute(select(ArchiveItem.__table__).where(ArchiveItem.fonds == fonds))
    known = {row.key: Number(row.year, row.retention, row.number) for row in rows}
    return number_items(drafts, known, command.first)


def _place(
    fonds: str, items: Sequence[FiledItem], numbers: Sequence[Number]
) -> tuple[_Placed, ...]:
    placed = []
    for at, (item, number) in enumerate(zip(items, numbers, strict=True), start=1):
        code = archive_no(fonds, number.year, number.retention, number.number)
        room = _short(f"{at:03d}-{code}-{item.title}")
        taken: set[str] = set()
        files = {f"{room}/{_free(name, taken)}": content for name, content in item.files.items()}
        placed.append(_Placed(item, number, code, files))
    return tuple(placed)


def _short(name: str) -> str:
    return safe_name(bag_name(name), _LONGEST)


def _free(name: str, taken: set[str]) -> str:
    """A name no other file of the item has; Windows takes “A.pdf” and “a.pdf” for one."""
    wanted, at = _short(name), 1
    while wanted.casefold() in taken:
        at += 1
        stem, dot, suffix = name.rpartition(".")
        wanted = _short(f"{(stem or suffix)[: _LONGEST - 12]}({at}){dot and stem and '.' + suffix}")
    taken.add(wanted.casefold())
    return wanted


# --- writing ----------------------------------------------------------------------------------


def _write(
    uow: UnitOfWork,
    command: MakeFile,
    gathered: Gathered,
    placed: Sequence[_Placed],
    missing: Sequence[Lack],
    report: Telling,
) -> BagReceipt:
    connection = uow.session.connection()
    head = ledger.head(connection)
    files = {path: content for each in placed for path, content in each.files.items()}
    before = next(iter(filed_before(connection, command.scope)), None)
    index = paper.FileIndex(
        unit=gathered.unit.name,
        title=gathered.title,
        retentions=tuple(Counter(each.number.retention.label for each in placed).items()),
        made_on=uow.today,
        made_by=uow.actor,
        lacking=tuple(each.words for each in missing),
        lines=tuple(
            paper.IndexLine(
                number=at,
                archive_no=each.code,
                author=each.item.author,
                title=each.item.title,
                on=each.item.on,
                files=len(each.files),
                pages=sum(pages_of(name, content) for name, content in each.files.items()),
            )
            for at, each in enumerate(placed, start=1)
        ),
        ledger=f"第{head.seq}条，校验码{head.hash[:8]}",
        secret=_secret(gathered),
        before=f"{before.words}（以本次为准）" if before else "",
    )
    files["卷内目录.pdf"] = paper.build_index(index)
    files["文件清单.xlsx"] = _listing(gathered.title, placed)
    return bags.make_bag(
        command.path,
        files,
        {
            "Source-Organization": gathered.unit.name,
            "Organization-Code": gathered.unit.code,
            "External-Identifier": command.path.stem,
            "External-Description": gathered.title,
            "Period": str(gathered.period),
            "Fonds": clean_fonds(command.fonds),
            "Items": str(len(placed)),
            "Lacking": str(len(missing)),
            "Ledger-Head": f"{head.seq} {head.hash}",
            "Bagging-Date": uow.today.isoformat(),
            "Bagging-Software": f"SuiCha {__version__}",
        },
        report,
    )


def _secret(gathered: Gathered) -> str:
    if gathered.target or not gathered.open_ones:
        return ""
    return (
        f"检查前保密：还有{gathered.open_ones}家没有检查，抽取记录里有它们的名单，只在本单位保存。"
    )


def _listing(title: str, placed: Sequence[_Placed]) -> bytes:
    columns = (
        Column("序号", FieldKind.NUMBER, 8),
        Column("档号", FieldKind.CODE, 24),
        Column("文件", FieldKind.TEXT, 70),
        Column("页数", FieldKind.NUMBER, 8),
        Column("大小（字节）", FieldKind.NUMBER, 14),
        Column("SHA-256", FieldKind.CODE, 68),
    )
    rows = [
        (at, each.code, path, pages_of(path, content) or None, *_digest(content))
        for at, each in enumerate(placed, start=1)
        for path, content in each.files.items()
    ]
    return workbook([Table(title, columns, rows, "文件清单")])


def _digest(content: Content) -> tuple[int, str]:
    if isinstance(content, bytes):
        return len(content), hashlib.sha256(content).hexdigest()
    with content.open("rb") as stream:
        return content.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest()


def _check(path: Path) -> None:
    bad = next((check for check in bags.verify_bag(path) if not check.ok), None)
    if bad is not None:
        raise IntegrityError(f"归档包写入后读回不符：{bad.detail}。", "请换一个位置再试。")


def _register(
    uow: UnitOfWork,
    command: MakeFile,
    fonds: str,
    gathered: Gathered,
    placed: Sequence[_Placed],
    receipt: BagReceipt,
    missing: int,
) -> None:
    scope = command.scope
    bag = ArchiveBag(
        period=scope.period if scope.target_id is None else str(gathered.period.year),
        since=scope.since,
        target_id=scope.target_id,
        title=gathered.title,
        file_name=command.path.name,
        items=len(placed),
        files=receipt.files,
        size=command.path.stat().st_size,
        lacking=missing,
        tagmanifest=receipt.tagmanifest_sha256,
        by=uow.actor,
        at=uow.now,
    )
    uow.session.add(bag)
    uow.session.flush()
    uow.session.add_all(
        ArchiveItem(
            bag_id=bag.id,
            fonds=fonds,
            year=each.number.year,
            retention=each.number.retention,
            number=each.number.number,
            key=each.item.key,
            title=each.item.title,
        )
        for each in placed
        if not each.number.known
    )
    uow.changed.add("archive")
    uow.record(
        "archive.make",
        gathered.title,
        {
            "file": command.path.name,
            "items": len(placed),
            "lacking": missing,
            "tagmanifest": receipt.tagmanifest_sha256,
        },
    )
