"""Draws made elsewhere: the platform's drawn list, or people and targets set by the superior.

Nothing is drawn here and nothing claimed on how it was drawn.  The list becomes tasks like any
other: they count for quota, coverage and caps, and stand in records and reports, marked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import func, select

from app.db.read import incoming as lists
from app.db.unit_of_work import UnitOfWork
from app.domain.periods import Period
from app.domain.rule_facts import InspectionKind
from app.domain.rulebook import Rulebook
from app.domain.ways import offer_of
from app.errors import UserError
from app.models import Assignment, Draw, DrawnTarget, DrawState
from app.services import rulebooks
from app.services.draws import draw_outcome, incoming, received_papers
from app.services.draws.completing import files_may_wait
from app.services.draws.draw_facts import DrawFacts, Origin, pack_facts
from app.services.draws.incoming import ReadList
from app.services.plans.planning import PeriodPlan, PlanLine, StratumPool
from app.services.workspace import UnitInfo, read_unit

__all__ = ["SERIES_MARK", "Received", "receive"]

SERIES_MARK = "P"
"""Begins the numbers of draws made elsewhere; no RD1 series may begin so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """The draw as it is kept: its number, how many tasks, where its record lies."""

    no: str
    tasks: int
    without_people: int
    folder: Path


def receive(uow: UnitOfWork, command: ReadList) -> Received:
    """Take a platform's list or a superior's assignment: list, tasks and record at once.

    Errors: UserError as in ``incoming.take``, if the way is drawn here, or the list was taken.
    """
    if not command.way.elsewhere:
        raise UserError(f"“{command.way.label}”的人员要在本单位抽取。", "请导入名单后封存、开号。")
    connection = uow.session.connection()
    row = incoming.taken(uow, command)
    found = lists.one(connection, row.id)
    if found is None or found.draw_no:
        number = found.draw_no if found else ""
        raise UserError(f"这份名单已经导入为 {number}。", "不用再导入一次。")
    unit = read_unit(connection)
    rulebook = rulebooks.of_unit(connection)
    facts = _facts(unit, rulebook, command, found)
    draw = _draw(uow, unit, command, found, facts)
    uow.session.add(draw)
    uow.session.flush()
    tasks = _tasks(uow, draw, found, facts)
    uow.session.add_all(tasks)
    uow.session.flush()
    draw_outcome.join_visits(uow, draw, tasks)
    uow.record(
        "platform.receive",
        draw.no,
        {"way": draw.way, "list": row.id, "sha256": row.sha256, "tasks": len(tasks)},
    )
    uow.changed |= {"draw", "assignment", "list"}
    uow.commit()
    folder = received_papers.folder_of(uow.folder, draw.no)
    with files_may_wait(f"{draw.no} 已经导入"):
        received_papers.write(uow, draw)
    return Received(
        no=draw.no,
        tasks=len(tasks),
        without_people=sum(task.lead_id is None for task in tasks),
        folder=folder,
    )


def _draw(
    uow: UnitOfWork,
    unit: UnitInfo,
    command: ReadList,
    found: lists.ReceivedList,
    facts: DrawFacts,
) -> Draw:
    series = f"{SERIES_MARK}{unit.series}"
    last = uow.session.scalar(select(func.max(Draw.seq)).where(Draw.series == series)) or 0
    return Draw(
        no=f"{series}-{found.period}-{last + 1:02d}",
        series=series,
        seq=last + 1,
        rehearsal=False,
        period=found.period,
        state=DrawState.CLOSED,
        prev="",
        plan_bytes=b"",
        plan_hash="",
        excluded_bytes=b"",
        way=command.way.value,
        kind=InspectionKind.OWN.value,
        list_id=found.id,
        facts=pack_facts(facts),
        operator=uow.actor,
        frozen_at=uow.now,
        closed_at=uow.now,
    )


def _facts(
    unit: UnitInfo, rulebook: Rulebook, command: ReadList, found: lists.ReceivedList
) -> DrawFacts:
    period = Period.parse(found.period)
    offer = offer_of(rulebook, unit.level, command.way)
    article = offer.article if offer else ""
    return DrawFacts(
        unit=unit.name,
        rulebook_title=rulebook.document.title,
        rulebook_id=rulebook.id,
        rulebook_version=rulebook.version,
        document_title=unit.document_title,
        document_no=unit.document_no,
        draw_basis="",
        plan=PeriodPlan(
            period=found.period,
            period_words=period.in_words(),
            lines=_lines(rulebook, found, article),
            excluded=(),
            people=(),
            headcount=None,
            headcount_words="",
            binding=True,
        ),
        teams=0,
        pair_each=True,
        way=command.way.value,
        origin=Origin(
            organ=found.organ,
            document=found.document_no,
            file_name=found.file_name,
            sha256=found.sha256,
            by=found.by,
            on=found.at.astimezone().date().isoformat(),
        ),
    )


def _lines(rulebook: Rulebook, found: lists.ReceivedList, article: str) -> tuple[PlanLine, ...]:
    lines = []
    for category in rulebook.categories:
        ids = tuple(row.ident for row in found.targets if row.category == category.code)
        if not ids:
            continue
        count = len(ids)
        lines.append(
            PlanLine(
                category=category.code,
                short=category.short,
                label=category.label,
                base=count,
                covered=0,
                uncovered=count,
                excluded=(),
                pool=count,
                ratio="已抽定",
                arithmetic=(f"由{found.organ}抽定（{found.document_no}）",),
                article=article,
                quota=count,
                shortfall=0,
                strata=(StratumPool(stratum=category.code, ids=ids, n=count),),
                source=found.document_no,
            )
        )
    return tuple(lines)


def _tasks(
    uow: UnitOfWork, draw: Draw, found: lists.ReceivedList, facts: DrawFacts
) -> list[Assignment]:
    usual, basis = draw_outcome.due(uow, draw.period)
    lines = {line.category: line for line in facts.plan.lines}
    places = dict.fromkeys(lines, 0)
    tasks = []
    for row in found.targets:
        places[row.category] += 1
        place, line = places[row.category], lines[row.category]
        lead, second = (*row.people, None, None)[:2]
        due: date = row.due_on or usual
        tasks.append(
            Assignment(
                draw_id=draw.id,
                target_id=row.target_id,
                category=row.category,
                serial=line.strata[0].serial(line.short, line.category, place),
                lead_id=lead,
                second_id=second,
                due_on=due,
                due_basis=f"{found.document_no}规定" if row.due_on else basis,
                task_no=row.task_no,
            )
        )
        uow.session.add(
            DrawnTarget(
                draw_id=draw.id,
                target_id=row.target_id,
                stratum=row.category,
                category=row.category,
                position=place,
                selected=True,
                ticket="",
            )
        )
    return tasks
