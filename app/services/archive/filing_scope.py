"""What belongs to a file: its plans, draws and inspections, and what of it is missing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from app.db.read import attachments, corrections, followups, public_matters, publications
from app.db.read.attachments import AttachedFile
from app.db.read.followups import Followups
from app.db.read.tasks import Progress, TaskRow, read_tasks, tasks_counted
from app.domain.correction import CorrectionState
from app.domain.filing import Lack, LackPlace, ScanKind, TaskFacts, lacking
from app.domain.inspection import Conclusion
from app.domain.periods import Period
from app.domain.publicity import public_wording
from app.domain.rulebook import Rulebook
from app.errors import UserError
from app.models import Draw, DrawState, PlanKind, Target
from app.paths import WorkspaceFolder
from app.services import attaching, rulebooks
from app.services.plans import plans
from app.services.plans.plans import PlanView
from app.services.public import public_files
from app.services.workspace import UnitInfo, read_unit

__all__ = [
    "FileScope",
    "FiledDraw",
    "Gathered",
    "attached_to",
    "belongs",
    "damage",
    "gather",
    "what_lacks",
    "worth_filing",
]

_FINISHED = (DrawState.CLOSED, DrawState.VOID)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileScope:
    """A period's file, or one target's file of the year the period lies in.

    ``since``: the first year of a target's file over several years.
    """

    period: str
    target_id: int | None = None
    since: int | None = None

    @property
    def years(self) -> range:
        """The years a target's file is about."""
        last = Period.parse(self.period).year
        return range(min(self.since or last, last), last + 1)


@dataclass(frozen=True, slots=True)
class FiledDraw:
    """One draw of the file; ``here``: it was drawn with this program."""

    id: int
    no: str
    year: int
    void: bool
    closed_on: date | None
    here: bool
    list_id: int | None


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """Everything a file is made of; ``begun``: numbers of its draws that are not closed."""

    title: str
    scope: FileScope
    period: Period
    unit: UnitInfo
    rulebook: Rulebook
    plans: tuple[PlanView, ...]
    unplanned: tuple[tuple[str, str], ...]
    draws: tuple[FiledDraw, ...]
    begun: tuple[str, ...]
    tasks: tuple[TaskRow, ...]
    target: str

    @property
    def years(self) -> range:
        """The years its items are of."""
        return self.scope.years if self.target else range(self.period.year, self.period.year + 1)

    @property
    def open_ones(self) -> int:
        """How many of its targets are not inspected yet: their names are secret."""
        return sum(task.progress is Progress.OPEN for task in self.tasks)


def gather(connection: Connection, scope: FileScope) -> Gathered:
    """What belongs to a file; UserError if there is nothing to file, or the target is gone."""
    period = Period.parse(scope.period)
    rulebook = rulebooks.of_unit(connection)
    target = _target(connection, scope.target_id)
    tasks = tuple(
        task
        for task in read_tasks(connection, tasks_counted())
        if belongs(Period.parse(task.period), scope)
        and task.target_id == (scope.target_id or task.target_id)
    )
    mine = {task.draw_id for task in tasks}
    rows = connection.execute(
        select(Draw.id, Draw.no, Draw.period, Draw.state, Draw.way, Draw.closed_at, Draw.list_id)
        .where(Draw.rehearsal.is_(False))
        .order_by(Draw.seq)
    ).all()
    rows = [
        row
        for row in rows
        if (row.id in mine if target else belongs(Period.parse(row.period), scope))
    ]
    if not rows and not tasks:
        raise UserError(f"{period.in_words()}没有可以归档的抽取和检查。", "请换一个期间。")
    approved, missing = _plans(connection, scope, rulebook, {row.period for row in rows})
    return Gathered(
        title=_title(scope, period, target),
        scope=scope,
        period=period,
        unit=read_unit(connection),
        rulebook=rulebook,
        plans=approved,
        unplanned=missing,
        draws=tuple(
            FiledDraw(
                id=row.id,
                no=row.no,
                year=Period.parse(row.period).year,
                void=row.state is DrawState.VOID,
                closed_on=row.closed_at.astimezone().date() if row.closed_at else None,
                here=row.way not in {"platform", "assigned"},
                list_id=row.list_id,
            )
            for row in rows
            if row.state in _FINISHED
        ),
        begun=tuple(row.no for row in rows if row.state not in _FINISHED),
        tasks=tuple(sorted(tasks, key=lambda each: each.id)),
        target=target,
    )


def belongs(theirs: Period, scope: FileScope) -> bool:
    """Whether what was drawn for a period is filed here.

    A half-year's draw is filed with the quarter the half-year ends in, as a year's with the last.
    """
    if scope.target_id is not None:
        return theirs.year in scope.years
    asked = Period.parse(scope.period)
    return asked.first_day <= theirs.last_day <= asked.last_day


def worth_filing(task: TaskRow) -> bool:
    """Whether somebody was there: before that its name is secret, and there is nothing of it."""
    return task.progress is not Progress.OPEN


def _target(connection: Connection, target_id: int | None) -> str:
    if target_id is None:
        return ""
    name = connection.execute(
        select(Target.name).where(Target.id == target_id)
    ).scalar_one_or_none()
    if not name:
        raise UserError("这条检查对象已经不在了。", "请刷新后再试。")
    return str(name)


def _title(scope: FileScope, period: Period, target: str) -> str:
    if not target:
        return f"{period.in_words()}双随机抽查档案"
    years = scope.years
    said = f"{years[0]}年" if len(years) == 1 else f"{years[0]}—{years[-1]}年"
    return f"{target}{said}双随机抽查档案"


# --- plans ------------------------------------------------------------------------------------


def _plans(
    connection: Connection, scope: FileScope, rulebook: Rulebook, drawn_for: set[str]
) -> tuple[tuple[PlanView, ...], tuple[tuple[str, str], ...]]:
    """The plans in force, and (words, key) of those that should be there."""
    asked = [
        (PlanKind.ANNUAL, str(year), f"{year}年度抽查计划", f"annual:{year}")
        for year in scope.years
    ]
    periods = sorted({scope.period, *drawn_for}, key=lambda each: Period.parse(each).last_day)
    quarterly = any(each.code == "plan_quarter" for each in rulebook.deadlines)
    found, missing = [], []
    for kind, key, words, where in (
        *asked,
        *(
            (PlanKind.PERIOD, each, f"{Period.parse(each).in_words()}抽查计划", each)
            for each in periods
        ),
    ):
        binding = [view for view in plans.versions(connection, kind, key) if view.binding]
        found += binding
        needed = kind is PlanKind.ANNUAL or (quarterly and key in drawn_for)
        if needed and not binding:
            missing.append((words, where))
    for year in scope.years:
        found += [
            view
            for view in plans.campaigns(connection, year)
            if view.binding and belongs(Period.parse(view.period), scope)
        ]
    return tuple(found), tuple(missing)


# --- what lacks -------------------------------------------------------------------------------


def what_lacks(
    connection: Connection, folder: WorkspaceFolder, gathered: Gathered
) -> tuple[Lack, ...]:
    """What is missing, attachments gone or changed on the disk among it."""
    kept = publications.exemptions(connection)
    asked = {
        each.result_id for each in public_matters.reviews(connection) if each.answered_on is None
    }
    draws = [
        (
            draw.no,
            frozenset(
                kind for kind in ScanKind if attachments.of_owner(connection, kind.value, draw.id)
            ),
            tuple(_gone(folder, draw)),
        )
        for draw in gathered.draws
        if draw.here and not gathered.target
    ]
    tasks = [
        _facts(connection, gathered.rulebook, task, set(kept), asked) for task in gathered.tasks
    ]
    found = lacking(
        plans=gathered.unplanned,
        unfinished=() if gathered.target else gathered.begun,
        draws=draws,
        tasks=tasks,
        files=_damaged(connection, folder, gathered),
    )
    return found if gathered.target else (*found, *_published_without_file(connection, gathered))


def _published_without_file(connection: Connection, gathered: Gathered) -> Iterator[Lack]:
    without = public_files.without_file(connection, str(gathered.period))
    if without:
        words = f"{without} 家公示时没有选定公示文件，归档的公示表按现在的记录生成"
        yield Lack(words, LackPlace.PUBLICATION)


def _gone(folder: WorkspaceFolder, draw: FiledDraw) -> Iterator[str]:
    room = folder.draws / draw.no
    for name in ("plan.txt", "void.txt" if draw.void else "result.txt"):
        if not (room / name).is_file():
            yield name


def _facts(
    connection: Connection, rulebook: Rulebook, task: TaskRow, kept: set[int], asked: set[int]
) -> TaskFacts:
    result = task.result_id or 0
    public = bool(task.conclusion and public_wording(rulebook, task.conclusion))
    return TaskFacts(
        id=task.id,
        words=f"抽取 {task.draw_no} 的 {task.serial}",
        locked=task.progress is Progress.LOCKED,
        to_publish=public and result not in kept,
        published=task.published_on is not None,
        ordered=task.conclusion is Conclusion.ORDERED,
        rectified=task.rectified_on is not None,
        proofs=len(attachments.of_owner(connection, "rectification", result)),
        attachments=len(attachments.of_owner(connection, "result", result)),
        waiting=tuple(_waiting(connection, task, asked)),
    )


def _waiting(connection: Connection, task: TaskRow, asked: set[int]) -> Iterator[str]:
    if task.result_id is None:
        return
    after: Followups = followups.followups(connection, task.result_id)
    if after.case is not None and after.case.ended_on is None:
        yield "立案还没有处理结果"
    yield from (
        f"移送{each.organ}还没有回执" for each in after.referrals if each.received_on is None
    )
    if any(each.done_on is None for each in after.visits):
        yield "安排的复查还没有进行"
    if task.result_id in asked:
        yield "复查申请还没有答复"
    if any(each.state is CorrectionState.OPEN for each in corrections.of_task(connection, task.id)):
        yield "结果更正还没有办结"


# --- attachments ------------------------------------------------------------------------------


def attached_to(
    connection: Connection, gathered: Gathered, owner: FiledDraw | TaskRow
) -> Iterator[tuple[str, AttachedFile]]:
    """The files attached to a draw or a task, each with what it is.

    A target's own file has none of its draws': they name the others.
    """
    if isinstance(owner, FiledDraw):
        if gathered.target:
            return
        for kind in ScanKind:
            yield from _named(connection, kind.value, owner.id, f"{kind.label}-")
        yield from _named(connection, "list", owner.list_id, "平台名单-")
        yield from _named(connection, "numbers", owner.id, "平台编号-")
        return
    for each in corrections.voided(connection, owner.id):
        yield from _named(connection, "result", each.result_id, f"更正前第{each.version}版-")
        yield from _named(
            connection, "rectification", each.result_id, f"更正前第{each.version}版整改-"
        )
    yield from _named(connection, "result", owner.result_id, "检查材料-")
    yield from _named(connection, "rectification", owner.result_id, "整改材料-")
    for applied in corrections.of_task(connection, owner.id):
        yield from _named(connection, "correction", applied.id, f"更正{applied.id}-")


def _named(
    connection: Connection, kind: str, owner: int | None, prefix: str
) -> Iterator[tuple[str, AttachedFile]]:
    if owner is not None:
        for each in attachments.of_owner(connection, kind, owner):
            yield prefix, each


def _damaged(connection: Connection, folder: WorkspaceFolder, gathered: Gathered) -> Iterator[Lack]:
    for draw in gathered.draws:
        for _prefix, file in attached_to(connection, gathered, draw):
            if words := damage(folder, file):
                yield Lack(f"抽取 {draw.no}：{words}", LackPlace.BACKUP, draw.no)
    for task in gathered.tasks:
        if not worth_filing(task):
            continue
        for _prefix, file in attached_to(connection, gathered, task):
            if words := damage(folder, file):
                place = f"抽取 {task.draw_no} 的 {task.serial}"
                yield Lack(f"{place}：{words}", LackPlace.BACKUP, str(task.id))


def damage(folder: WorkspaceFolder, file: AttachedFile) -> str:
    """Why an attachment cannot be filed, empty if its bytes are those that were attached."""
    path = attaching.path_of(folder, file.sha256)
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return f"附件“{file.name}”的文件不在了"
    except OSError:
        return f"附件“{file.name}”的文件读不出"
    return "" if digest == file.sha256 else f"附件“{file.name}”的文件被改动过"
