"""归档: a quarter's or a target's whole file as one bag, with its index; what lacks comes first.

Everything is taken from where it lies and hashed again; nothing in the workspace is moved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, select

from app import __version__
from app.db import ledger
from app.db.read import attachments, corrections, followups, publications, results
from app.db.read.attachments import AttachedFile
from app.db.read.followups import Followups
from app.db.read.tasks import Progress, TaskRow, read_tasks, tasks_of
from app.db.unit_of_work import UnitOfWork
from app.documents import filing as paper
from app.documents.paper_frame import platform_words
from app.domain.fields import FieldKind
from app.domain.filing import Retention, ScanKind, TaskFacts, archive_no, lacking
from app.domain.inspection import Conclusion, ItemOutcome
from app.domain.periods import Period
from app.domain.publicity import public_wording
from app.domain.rule_facts import InspectionKind
from app.errors import IntegrityError, UserError
from app.exchange import bags
from app.exchange.bags import bag_name
from app.exchange.files import write_atomically
from app.exchange.writing import Column, Table, write_table
from app.models import Draw, DrawState, InspectionEntry, Target
from app.paths import WorkspaceFolder
from app.services import attaching, rulebooks
from app.services.days import reporting
from app.services.paperwork import plan_papers, task_papers
from app.services.public import public_files
from app.services.safety import sweeping
from app.services.workspace import UnitInfo, read_unit

__all__ = [
    "FileChoice",
    "FileMade",
    "FileScope",
    "MakeFile",
    "PrintDutyProof",
    "choices",
    "make",
    "print_proof",
    "target_named",
    "what_lacks",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileScope:
    """A period's file, or one target's file of the year the period lies in."""

    period: str
    target_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeFile:
    """Write the file as a bag (a zip) to ``path``; ``fonds``: 全宗号."""

    scope: FileScope
    path: Path
    fonds: str
    retention: Retention = Retention.THIRTY
    first: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMade:
    """What was written; ``lacking`` as printed on the first page of the index."""

    path: Path
    items: int
    files: int
    tagmanifest: str
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChoice:
    """A file that can be made: the whole period (``target_id`` None) or one target's year."""

    target_id: int | None
    title: str
    tasks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintDutyProof:
    """履职证明 of one target for a year, as PDF to ``path``."""

    target_id: int
    year: int
    path: Path


@dataclass(frozen=True, slots=True)
class _Draw:
    id: int
    no: str
    void: bool
    closed_on: date | None
    here: bool


@dataclass(frozen=True, slots=True)
class _Item:
    """一件 before it is numbered: a title, who made it, when, its files."""

    title: str
    author: str
    on: date | None
    files: Mapping[str, bytes | Path]


@dataclass(frozen=True)
class _Gathered:
    title: str
    unit: UnitInfo
    period: Period
    draws: tuple[_Draw, ...]
    tasks: tuple[TaskRow, ...]
    target: str


def choices(connection: Connection, period: str) -> tuple[FileChoice, ...]:
    """The period's own file, then that of each target inspected in its year, by name."""
    asked = Period.parse(period)
    tasks = read_tasks(connection, tasks_of())
    mine = [task for task in tasks if _belongs(Period.parse(task.period), asked, False)]
    if not mine:
        return ()
    seen: dict[int, list[TaskRow]] = {}
    for task in tasks:
        # Not inspected yet: whoever opens this list may not learn who was drawn.
        if Period.parse(task.period).year == asked.year and task.progress is not Progress.OPEN:
            seen.setdefault(task.target_id, []).append(task)
    whole = FileChoice(target_id=None, title=f"{asked.in_words()}双随机抽查档案", tasks=len(mine))
    each = [
        FileChoice(target_id=target, title=f"{rows[0].shown_name} {asked.year}年", tasks=len(rows))
        for target, rows in seen.items()
    ]
    return (whole, *sorted(each, key=lambda one: one.title))


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


def what_lacks(connection: Connection, scope: FileScope) -> tuple[str, ...]:
    """What is missing from a file, before it is made; UserError if there is nothing to file."""
    return _lacking(connection, _gather(connection, scope))


def make(uow: UnitOfWork, command: MakeFile) -> FileMade:
    """Write the bag with index, papers, scans, records and hashes.

    Errors: UserError (nothing to file, no fonds number, file there already), IntegrityError (an
    attachment is gone or changed), EnvironmentFault (disk).
    """
    connection = uow.session.connection()
    gathered = _gather(connection, command.scope)
    year = gathered.period.year
    archive_no(command.fonds, year, command.retention, command.first)
    if command.path.exists():
        raise UserError(f"“{command.path.name}”已经有了，没有覆盖。", "请换一个文件名。")
    missing = _lacking(connection, gathered)
    items = [item for item in _items(uow, gathered) if item.files]
    files: dict[str, bytes | Path] = {}
    lines, listed = [], []
    for number, item in enumerate(items, start=command.first):
        code = archive_no(command.fonds, year, command.retention, number)
        room = bag_name(f"{number:04d}-{item.title}")
        for name, content in item.files.items():
            inside = f"{room}/{bag_name(name)}"
            files[inside] = content
            size, digest = _digest(content)
            listed.append((number, code, inside, size, digest))
        lines.append(
            paper.IndexLine(
                number=number,
                archive_no=code,
                author=item.author,
                title=item.title,
                on=item.on,
                files=len(item.files),
            )
        )
    index = paper.FileIndex(
        unit=gathered.unit.name,
        title=gathered.title,
        retention=command.retention.label,
        made_on=uow.today,
        made_by=uow.actor,
        lacking=missing,
        lines=tuple(lines),
    )
    files["卷内目录.pdf"] = paper.build_index(index)
    files["文件清单.xlsx"] = _listing(uow, gathered.title, listed)
    head = ledger.head(connection)
    receipt = bags.make_bag(
        command.path,
        files,
        {
            "Source-Organization": gathered.unit.name,
            "Organization-Code": gathered.unit.code,
            "External-Identifier": command.path.stem,
            "External-Description": gathered.title,
            "Period": str(gathered.period),
            "Retention": command.retention.label,
            "Fonds": command.fonds.strip().upper(),
            "Items": str(len(items)),
            "Lacking": str(len(missing)),
            "Ledger-Head": f"{head.seq} {head.hash}",
            "Bagging-Date": uow.today.isoformat(),
            "Bagging-Software": f"SuiCha {__version__}",
        },
    )
    bad = [check for check in bags.verify_bag(command.path) if not check.ok]
    if bad:
        command.path.unlink(missing_ok=True)
        raise IntegrityError(f"归档包写入后读回不符：{bad[0].detail}。", "请换一个位置再试。")
    uow.record(
        "archive.make",
        gathered.title,
        {
            "file": command.path.name,
            "items": len(items),
            "lacking": len(missing),
            "tagmanifest": receipt.tagmanifest_sha256,
        },
    )
    uow.commit()
    return FileMade(
        path=command.path,
        items=len(items),
        files=receipt.files,
        tagmanifest=receipt.tagmanifest_sha256,
        lacking=missing,
    )


def print_proof(uow: UnitOfWork, command: PrintDutyProof) -> Path:
    """Print one target's proof of duty done; gives the path.

    Errors: UserError (no such target, not a single inspection that year), EnvironmentFault.
    """
    write_atomically(command.path, _proof(uow, command.target_id, command.year))
    uow.record("duty.proof", str(command.target_id), {"year": command.year})
    uow.commit()
    return command.path


# --- what belongs to it -----------------------------------------------------------------------


def _gather(connection: Connection, scope: FileScope) -> _Gathered:
    period = Period.parse(scope.period)
    unit = read_unit(connection)
    tasks = [
        task
        for task in read_tasks(connection, tasks_of())
        if _belongs(Period.parse(task.period), period, scope.target_id is not None)
        and (scope.target_id is None or task.target_id == scope.target_id)
    ]
    rows = connection.execute(
        select(Draw.id, Draw.no, Draw.period, Draw.state, Draw.way, Draw.closed_at)
        .where(Draw.rehearsal.is_(False), Draw.state.in_([DrawState.CLOSED, DrawState.VOID]))
        .order_by(Draw.seq)
    )
    mine = {task.draw_id for task in tasks}
    draws = [
        _Draw(
            row.id,
            row.no,
            row.state is DrawState.VOID,
            row.closed_at.astimezone().date() if row.closed_at else None,
            row.way not in {"platform", "assigned"},
        )
        for row in rows
        if (
            row.id in mine
            if scope.target_id is not None
            else _belongs(Period.parse(row.period), period, False)
        )
    ]
    target = ""
    if scope.target_id is not None:
        target = (
            connection.execute(
                select(Target.name).where(Target.id == scope.target_id)
            ).scalar_one_or_none()
            or ""
        )
        if not target:
            raise UserError("这条检查对象已经不在了。", "请刷新后再试。")
    if not draws and not tasks:
        raise UserError(f"{period.in_words()}没有可以归档的抽取和检查。", "请换一个期间。")
    title = f"{target}{period.year}年" if target else period.in_words()
    return _Gathered(
        title=f"{title}双随机抽查档案",
        unit=unit,
        period=period,
        draws=tuple(draws),
        tasks=tuple(sorted(tasks, key=lambda each: each.id)),
        target=target,
    )


def _belongs(theirs: Period, asked: Period, whole_year: bool) -> bool:
    if whole_year:
        return theirs.year == asked.year
    return asked.first_day <= theirs.first_day and theirs.last_day <= asked.last_day


def _scans(connection: Connection, kind: str, owner: int) -> tuple[AttachedFile, ...]:
    return attachments.of_owner(connection, kind, owner)


def _lacking(connection: Connection, gathered: _Gathered) -> tuple[str, ...]:
    rulebook = rulebooks.of_unit(connection)
    kept = publications.exemptions(connection)
    draws = []
    for draw in gathered.draws:
        there = {kind for kind in ScanKind if _scans(connection, kind.value, draw.id)}
        if draw.here:
            draws.append((draw.no, frozenset(there)))
    tasks = []
    for task in gathered.tasks:
        result = task.result_id or 0
        public = bool(task.conclusion and public_wording(rulebook, task.conclusion))
        tasks.append(
            TaskFacts(
                words=f"抽取 {task.draw_no} 的 {task.serial}",
                locked=task.progress is Progress.LOCKED,
                to_publish=public and result not in kept,
                published=task.published_on is not None,
                ordered=task.conclusion is Conclusion.ORDERED,
                rectified=task.rectified_on is not None,
                proofs=len(_scans(connection, "rectification", result)),
                attachments=len(_scans(connection, "result", result)),
            )
        )
    plan = any(_plans(connection, gathered.period))
    return lacking(plan=plan, draws=draws, tasks=tasks)


def _plans(connection: Connection, period: Period) -> Iterator[str]:
    yield from plan_papers.approved_papers(connection, period)


# --- items ------------------------------------------------------------------------------------


def _items(uow: UnitOfWork, gathered: _Gathered) -> Iterator[_Item]:
    """Plans, draws, inspections, what was published and reported, a target's proof: in order."""
    connection = uow.session.connection()
    unit = gathered.unit.name
    approved = plan_papers.approved_papers(connection, gathered.period)
    for name, data in approved.items():
        yield _Item(Path(name).stem, unit, None, {name: data})
    for draw in gathered.draws:
        title = f"抽取{draw.no}{'（作废）' if draw.void else ''}的记录"
        files = dict(_draw_files(uow.folder, draw, bool(gathered.target)))
        if not gathered.target:  # the signed minutes name the others
            for kind in ScanKind:
                found = _scans(connection, kind.value, draw.id)
                files |= _attached(uow.folder, found, f"{kind.label}-")
        yield _Item(title, unit, draw.closed_on, files)
    for task in gathered.tasks:
        if task.progress is Progress.OPEN:
            continue  # not inspected: its name is secret, there is nothing of it yet
        yield _Item(
            f"{task.shown_name}的检查（{task.serial}）",
            task.people,
            task.inspected_on,
            dict(_task_files(uow, task)),
        )
    if not gathered.target:
        period = str(gathered.period)
        yield _Item("公示表", unit, uow.today, public_files.files(uow, period))
        title = reporting.title_of(gathered.period)
        yield _Item(title, unit, uow.today, reporting.files(uow, period))
    if gathered.target and gathered.tasks:
        data = _proof(uow, gathered.tasks[0].target_id, gathered.period.year)
        yield _Item("履职证明", unit, uow.today, {"履职证明.pdf": data})


# A target's own file must not hold the others' names: of its draws the public papers alone.
_FOR_ONE_TARGET = ("minutes-public.pdf", "commitment.pdf")


def _draw_files(
    folder: WorkspaceFolder, draw: _Draw, for_one_target: bool
) -> Iterator[tuple[str, bytes | Path]]:
    room = folder.draws / draw.no
    found = sorted(room.glob("*")) if room.is_dir() else []
    for path in found:
        if not path.is_file() or path.name.startswith("."):
            continue
        if not for_one_target or path.name in _FOR_ONE_TARGET:
            yield path.name, path


def _attached(
    folder: WorkspaceFolder, found: Sequence[AttachedFile], prefix: str
) -> dict[str, bytes | Path]:
    files: dict[str, bytes | Path] = {}
    for each in found:
        path = attaching.path_of(folder, each.sha256)
        if not path.is_file():
            raise IntegrityError(f"附件“{each.name}”不在了，没有归档。", "请从备份恢复附件。")
        files[f"{prefix}{each.id:05d}-{each.name}"] = path
    return files


def _task_files(uow: UnitOfWork, task: TaskRow) -> Iterator[tuple[str, bytes | Path]]:
    connection = uow.session.connection()
    yield "检查记录.pdf", _proof(uow, task.target_id, Period.parse(task.period).year, task.id)
    yield from task_papers.filled(uow, task.id).items()
    if task.result_id is None:
        return
    for kind, prefix in (("result", "检查材料-"), ("rectification", "整改材料-")):
        found = _scans(connection, kind, task.result_id)
        yield from _attached(uow.folder, found, prefix).items()
    for each in corrections.of_task(connection, task.id):
        found = _scans(connection, "correction", each.id)
        yield from _attached(uow.folder, found, f"更正{each.id}-").items()


def _digest(content: bytes | Path) -> tuple[int, str]:
    if isinstance(content, bytes):
        return len(content), hashlib.sha256(content).hexdigest()
    with content.open("rb") as stream:
        return content.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest()


def _listing(uow: UnitOfWork, title: str, rows: Sequence[tuple[int, str, str, int, str]]) -> bytes:
    columns = (
        Column("件号", FieldKind.NUMBER, 8),
        Column("档号", FieldKind.CODE, 24),
        Column("文件", FieldKind.TEXT, 70),
        Column("大小（字节）", FieldKind.NUMBER, 14),
        Column("SHA-256", FieldKind.CODE, 68),
    )
    with sweeping.aside(uow.folder.root, "archive") as room:
        path = room / "list.xlsx"
        write_table(path, Table(title, columns, list(rows), "文件清单"))
        return path.read_bytes()


# --- proof of duty done -----------------------------------------------------------------------


def _proof(uow: UnitOfWork, target_id: int, year: int, only: int | None = None) -> bytes:
    connection = uow.session.connection()
    target = uow.session.get(Target, target_id)
    if target is None:
        raise UserError("这条检查对象已经不在了。", "请刷新后再试。")
    tasks = [
        task
        for task in read_tasks(connection, tasks_of().where(Target.id == target_id))
        if Period.parse(task.period).year == year
        and task.progress is not Progress.OPEN
        and only in (None, task.id)
    ]
    others = () if only is not None else _others(connection, target_id, year)
    if not tasks and not others:
        raise UserError(f"“{target.name}”{year} 年没有检查记录。", "请换一个年度。")
    rulebook = rulebooks.of_unit(connection)
    duty = next((each for each in rulebook.duties if each.code == "duty_done"), None)
    head = ledger.head(connection)
    return paper.build_proof(
        paper.DutyProof(
            unit=read_unit(connection).name,
            name=target.name,
            code=tasks[0].target_code if tasks else target.uscc,
            year=year,
            rulebook=rulebook.document.title,
            basis=duty.article if duty else "",
            made_on=uow.today,
            made_by=uow.actor,
            ledger_no=head.seq,
            ledger_head=head.hash,
            tasks=tuple(_duty_task(uow, task) for task in tasks),
            others=others,
        )
    )


def _others(connection: Connection, target_id: int, year: int) -> tuple[tuple[date, str, str], ...]:
    rows = connection.execute(
        select(
            InspectionEntry.on, InspectionEntry.kind, InspectionEntry.ground, InspectionEntry.source
        )
        .where(
            InspectionEntry.target_id == target_id,
            InspectionEntry.assignment_id.is_(None),
            InspectionEntry.on >= date(year, 1, 1),
            InspectionEntry.on <= date(year, 12, 31),
        )
        .order_by(InspectionEntry.on)
    )
    return tuple((row.on, row.ground or InspectionKind(row.kind).label, row.source) for row in rows)


def _duty_task(uow: UnitOfWork, task: TaskRow) -> paper.DutyTask:
    connection = uow.session.connection()
    draw = uow.session.get_one(Draw, task.draw_id)
    form = results.form(connection, task.id)
    checked = tuple(
        f"{item.name}（{item.outcome.label}）"
        for item in form.entry.items
        if item.outcome is not None and item.outcome is not ItemOutcome.NOT_APPLICABLE
    )
    after = followups.followups(connection, task.result_id) if task.result_id else None
    locked = task.progress is Progress.LOCKED
    return paper.DutyTask(
        draw_no=task.draw_no,
        serial=task.serial,
        drawn_on=form.drawn_on,
        result_hash=draw.result_hash or "",
        plan="；".join(_plan_words(connection, Period.parse(task.period))),
        due_on=task.due_on,
        inspected_on=task.inspected_on,
        people=task.people,
        items=checked,
        conclusion=task.conclusion.label if task.conclusion and locked else "还没有复核锁定",
        published_on=task.published_on,
        afterwards=_afterwards(after),
        platform=platform_words(task.plan_no, task.task_no),
    )


def _plan_words(connection: Connection, period: Period) -> Iterator[str]:
    for name in plan_papers.approved_papers(connection, period):
        yield Path(name).stem


def _afterwards(after: Followups | None) -> str:
    if after is None:
        return ""
    said = []
    if after.rectification is not None:
        done = after.rectification.completed_on
        said.append(f"整改完成于{done}" if done else "整改中")
    said += [f"移送{each.organ}" for each in after.referrals]
    if after.case is not None:
        said.append(f"立案{after.case.case_no}")
    said += [f"{each.done_on}复查" for each in after.visits if each.done_on]
    return "；".join(said)
