"""The 件 of a file in the archive's order, each with its files, made or taken where they lie."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.db.read.tasks import TaskRow
from app.db.unit_of_work import UnitOfWork
from app.domain.filing import ItemKind
from app.domain.periods import Period, Span
from app.exchange.files import safe_name
from app.models import PlanKind
from app.services import attaching
from app.services.archive import duty_proof
from app.services.archive.filing_scope import (
    FiledDraw,
    Gathered,
    attached_to,
    damage,
    worth_filing,
)
from app.services.days import reporting
from app.services.draws import received_papers
from app.services.paperwork import plan_papers, task_papers
from app.services.plans.plans import PlanView
from app.services.public import public_files

__all__ = ["Content", "FiledItem", "Telling", "items"]

Content = bytes | Path
Telling = Callable[[int, int, str], None]

# A target's own file must not hold the others' names: of its draws the public papers alone.
_FOR_ONE_TARGET = ("minutes-public.pdf", "commitment.pdf")


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledItem:
    """一件 before it is numbered: what it is, a title, who made it, when, its files."""

    key: str
    kind: ItemKind
    year: int
    title: str
    author: str
    on: date | None
    files: Mapping[str, Content]


def items(uow: UnitOfWork, gathered: Gathered, report: Telling) -> Iterator[FiledItem]:
    """Plans, draws, inspections, what was published and reported, a target's proofs.

    Damaged attachments are left out: ``filing_scope.what_lacks`` names them.
    """
    seen = [task for task in gathered.tasks if worth_filing(task)]
    total = len(gathered.plans) + len(gathered.draws) + len(seen) + 2
    done = 0
    for view in gathered.plans:
        report(done, total, view.title)
        yield _plan(uow, gathered, view)
        done += 1
    for draw in gathered.draws:
        report(done, total, draw.no)
        yield _draw(uow, gathered, draw)
        done += 1
    for task in seen:
        report(done, total, task.shown_name)
        yield _inspection(uow, gathered, task)
        done += 1
    if gathered.target:
        yield from _proofs(uow, gathered, seen)
    else:
        report(done, total, "公示表和报表")
        yield from _period_papers(uow, gathered)


def _plan(uow: UnitOfWork, gathered: Gathered, view: PlanView) -> FiledItem:
    annual = view.kind is PlanKind.ANNUAL
    name = f"{view.title}-第{view.version}版"
    return FiledItem(
        key=f"plan:{view.id}",
        kind=ItemKind.ANNUAL_PLAN if annual else ItemKind.PERIOD_PLAN,
        year=Period.parse(view.period).year,
        title=name,
        author=gathered.unit.name,
        on=view.approved_on,
        files={f"{safe_name(name)}.pdf": plan_papers.plan_pdf(uow.session.connection(), view)},
    )


def _draw(uow: UnitOfWork, gathered: Gathered, draw: FiledDraw) -> FiledItem:
    rooms = [uow.folder.draws / draw.no, received_papers.folder_of(uow.folder, draw.no)]
    found = [path for room in rooms if room.is_dir() for path in sorted(room.glob("*"))]
    files: dict[str, Content] = {
        path.name: path
        for path in found
        if path.is_file()
        and not path.name.startswith(".")
        and (not gathered.target or path.name in _FOR_ONE_TARGET)
    }
    part = "（公开部分）" if gathered.target else ""
    return FiledItem(
        key=f"draw:{draw.id}",
        kind=ItemKind.DRAW,
        year=draw.year,
        title=f"抽取{draw.no}{'（作废）' if draw.void else ''}的记录{part}",
        author=gathered.unit.name,
        on=draw.closed_on,
        files=files | _attached(uow, gathered, draw),
    )


def _inspection(uow: UnitOfWork, gathered: Gathered, task: TaskRow) -> FiledItem:
    year = Period.parse(task.period).year
    files: dict[str, Content] = {
        "检查记录.pdf": duty_proof.proof(uow, task.target_id, year, task.id)
    }
    files |= task_papers.filled(uow, task.id)
    return FiledItem(
        key=f"inspection:{task.id}",
        kind=ItemKind.INSPECTION,
        year=year,
        title=f"{task.shown_name}的检查（{task.serial}）",
        author=task.people,
        on=task.inspected_on,
        files=files | _attached(uow, gathered, task),
    )


def _period_papers(uow: UnitOfWork, gathered: Gathered) -> Iterator[FiledItem]:
    period, year = str(gathered.period), gathered.period.year
    author = gathered.unit.name
    yield FiledItem(
        key=f"publication:{period}",
        kind=ItemKind.PUBLICATION,
        year=year,
        title=f"{gathered.period.in_words()}公示表",
        author=author,
        on=uow.today,
        files=public_files.files(uow, period),
    )
    yield FiledItem(
        key=f"report:{period}",
        kind=ItemKind.ANNUAL_REPORT if gathered.period.span is Span.YEAR else ItemKind.REPORT,
        year=year,
        title=reporting.title_of(uow.session.connection(), gathered.period),
        author=author,
        on=uow.today,
        files=reporting.files(uow, period),
    )


def _proofs(uow: UnitOfWork, gathered: Gathered, seen: list[TaskRow]) -> Iterator[FiledItem]:
    target = gathered.scope.target_id or 0
    for year in gathered.years:
        if any(Period.parse(task.period).year == year for task in seen):
            yield FiledItem(
                key=f"proof:{target}:{year}",
                kind=ItemKind.PROOF,
                year=year,
                title=f"{gathered.target}{year}年履职证明",
                author=gathered.unit.name,
                on=uow.today,
                files={"履职证明.pdf": duty_proof.proof(uow, target, year)},
            )


def _attached(
    uow: UnitOfWork, gathered: Gathered, owner: FiledDraw | TaskRow
) -> dict[str, Content]:
    connection = uow.session.connection()
    return {
        f"{prefix}{file.id:05d}-{file.name}": attaching.path_of(uow.folder, file.sha256)
        for prefix, file in attached_to(connection, gathered, owner)
        if not damage(uow.folder, file)
    }
