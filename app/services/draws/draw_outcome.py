"""What a revealed draw leaves in the database: tickets, teams and who has to go where.

A draw of targets, and one of people for a list that came in, makes tasks.  A draw bound to an
earlier one makes none: it fills the people into tasks that exist, or adds experts to them; a
redraw fills the place of the person it replaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, select

from app.db.read import bound
from app.db.unit_of_work import UnitOfWork
from app.domain import rd1
from app.domain.deadlines import task_due
from app.domain.inspection import ResultState
from app.domain.periods import Period
from app.domain.ways import Way
from app.errors import IntegrityError
from app.models import (
    Assignment,
    AssignmentMember,
    Draw,
    DrawnTarget,
    DrawnTeam,
    Inspector,
    Result,
    Substitution,
    Target,
)
from app.services import rulebooks
from app.services.days import calendar
from app.services.draws.draw_facts import DrawFacts, unpack_facts
from app.services.draws.draw_pools import OWN_GROUP
from app.services.draws.group_pools import group_names

__all__ = [
    "OWN_GROUP",
    "Sent",
    "due",
    "forget_redraw",
    "join_visits",
    "keep",
    "new_task",
    "people_ids",
    "replace_person",
    "sent_by",
]


def keep(uow: UnitOfWork, draw: Draw, result: rd1.DrawResult) -> list[str]:
    """Write what came out; the public serials of the selected targets come back in order."""
    redrawn = _redrawn(uow, draw)
    if redrawn:
        return _fill_places(uow, redrawn, result)
    if Way(draw.way).bound:
        return _fill_tasks(uow, draw, result)
    return _make_tasks(uow, draw, result)


def _make_tasks(uow: UnitOfWork, draw: Draw, result: rd1.DrawResult) -> list[str]:
    """Write tickets, teams and one task per selected target."""
    session = uow.session
    target_ids = {row.ident: row.id for row in session.execute(select(Target.ident, Target.id))}
    people = people_ids(uow)
    facts = unpack_facts(draw.facts)
    lines = {s.stratum: (line, s) for line in facts.plan.lines for s in line.strata}
    categories = {stratum: line.category for stratum, (line, _) in lines.items()}
    session.add_all(_tickets(draw, result, target_ids, categories))
    group = result.group(OWN_GROUP)
    session.add_all(_teams(draw, group, people))
    due_on, due_basis = due(uow, draw.period)
    serials: list[str] = []
    tasks: dict[str, Assignment] = {}
    # Without a group of our own the people come later: no flag says that nobody is left.
    nobody = Sent() if group is not None else Sent(flags="")
    sent = sent_by(group)
    for stratum in result.strata:
        for place, row in enumerate((*stratum.given, *stratum.selected), 1):
            line, pool_ = lines[stratum.stratum]
            serial = pool_.serial(line.short, line.category, place)
            serials.append(serial)
            tasks[row.target] = new_task(
                sent.get(row.target, nobody),
                people,
                draw_id=draw.id,
                target_id=target_ids[row.target],
                category=categories[stratum.stratum],
                serial=serial,
                due_on=due_on,
                due_basis=due_basis,
            )
    session.add_all(tasks.values())
    session.flush()
    join_visits(uow, draw, tasks.values())
    ids = {target: task.id for target, task in tasks.items()}
    session.add_all(_members(uow, draw, facts, result, ids))
    return serials


def join_visits(uow: UnitOfWork, draw: Draw, tasks: Iterable[Assignment]) -> None:
    """Several tasks on one target in one period become one visit (YY 四(三), 综合查一次).

    The first one leads; a rehearsal joins nothing.
    """
    if draw.rehearsal:
        return
    period = Period.parse(draw.period)
    for task in tasks:
        earlier = uow.session.execute(
            select(Assignment.id, Assignment.visit_id, Draw.period)
            .join(Draw, Draw.id == Assignment.draw_id)
            .outerjoin(
                Result,
                and_(Result.assignment_id == Assignment.id, Result.state != ResultState.VOIDED),
            )
            .where(
                Assignment.target_id == task.target_id,
                Assignment.id != task.id,
                Assignment.replaced_by_id.is_(None),
                Draw.rehearsal.is_(False),
                Result.inspected_on.is_(None),
            )
            .order_by(Assignment.id)
        )
        for row in earlier:
            if Period.parse(row.period).overlaps(period):
                task.visit_id = row.visit_id or row.id
                break


def _members(
    uow: UnitOfWork, draw: Draw, facts: DrawFacts, result: rd1.DrawResult, tasks: Mapping[str, int]
) -> Iterator[AssignmentMember]:
    """Who goes along from the groups beside our own."""
    for code, title in facts.groups:
        group = result.group(code)
        names = group_names(uow.session.connection(), code)
        for one in group.ones if group else ():
            if one.target not in tasks:
                continue
            yield AssignmentMember(
                assignment_id=tasks[one.target],
                draw_id=draw.id,
                group=code,
                title=title,
                ident=one.inspector or "",
                name=names[one.inspector].name if one.inspector else "",
                flags=one.flags,
                standins=list(one.standins),
            )


def _fill_tasks(uow: UnitOfWork, draw: Draw, result: rd1.DrawResult) -> list[str]:
    """People drawn later, or experts, into the tasks of the draw this one is bound to."""
    session = uow.session
    facts = unpack_facts(draw.facts)
    target_ids = {row.ident: row.id for row in session.execute(select(Target.ident, Target.id))}
    categories = {s.stratum: line.category for line in facts.plan.lines for s in line.strata}
    session.add_all(_tickets(draw, result, target_ids, categories))
    known = bound.task_ids(session.connection(), draw.of_draw_id or 0)
    chosen = result.selected()
    gone = [target for target in chosen if target not in known]
    if gone:
        raise IntegrityError("先前抽取的任务已有变动。", "请作废本次抽取，重新封存。")
    people, group = people_ids(uow), result.group(OWN_GROUP)
    if group is not None:
        session.add_all(_teams(draw, group, people))
        sent = sent_by(group)
        for target in chosen:
            _fill(session.get_one(Assignment, known[target][0]), sent[target], people, draw.id)
    ids = {target: known[target][0] for target in chosen}
    session.add_all(_members(uow, draw, facts, result, ids))
    return [known[target][1] for target in chosen]


def _fill(task: Assignment, work: Sent, people: Mapping[str, int], draw_id: int) -> None:
    task.team_no = work.team
    task.lead_id = people[work.lead] if work.lead else None
    task.second_id = people[work.second] if work.second else None
    task.standins, task.flags = list(work.standins), work.flags
    task.people_draw_id = draw_id


def people_ids(uow: UnitOfWork) -> dict[str, int]:
    """Row ids of all inspectors by personal number."""
    rows = uow.session.execute(select(Inspector.personal_no, Inspector.id))
    return {row.personal_no: row.id for row in rows}


def new_task(work: Sent, people: Mapping[str, int], **where: Any) -> Assignment:
    """A task for those who are sent; ``where``: its other columns."""
    return Assignment(
        team_no=work.team,
        lead_id=people[work.lead] if work.lead else None,
        second_id=people[work.second] if work.second else None,
        standins=list(work.standins),
        flags=work.flags,
        **where,
    )


def _teams(
    draw: Draw, group: rd1.GroupResult | None, people: Mapping[str, int]
) -> Iterator[DrawnTeam]:
    for team in group.teams if group else ():
        yield DrawnTeam(
            draw_id=draw.id,
            group=OWN_GROUP,
            number=team.number,
            lead_id=people[team.lead],
            second_id=people[team.second],
            flags=team.flags,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Who goes to one target; the default is nobody."""

    team: int | None = None
    lead: str | None = None
    second: str | None = None
    flags: str = "X"
    standins: tuple[str, ...] = ()


def sent_by(group: rd1.GroupResult | None) -> dict[str, Sent]:
    """Who a group sends, by the target's RD1 id."""
    if group is None:
        return {}
    teams = {team.number: team for team in group.teams}
    sent: dict[str, Sent] = {}
    for work in group.assignments:
        team = teams[work.team] if work.team is not None else None
        sent[work.target] = Sent(
            team=work.team,
            lead=team.lead if team else None,
            second=team.second if team else None,
            flags=work.flags,
        )
    for pair in group.pairs:
        sent[pair.target] = Sent(
            lead=pair.lead, second=pair.second, flags=pair.flags, standins=pair.standins
        )
    return sent


def _tickets(
    draw: Draw, result: rd1.DrawResult, target_ids: dict[str, int], categories: dict[str, str]
) -> list[DrawnTarget]:
    return [
        DrawnTarget(
            draw_id=draw.id,
            target_id=target_ids[row.target],
            stratum=stratum.stratum,
            category=categories[stratum.stratum],
            position=place,
            selected=selected,
            ticket=row.ticket,
        )
        for stratum in result.strata
        for selected, rows in (
            (True, (*stratum.given, *stratum.selected)),
            (False, stratum.alternates),
        )
        for place, row in enumerate(rows, 1)
    ]


def due(uow: UnitOfWork, period_text: str) -> tuple[date, str]:
    """Last day to finish a task of a period given out today, and the article it stands on."""
    connection = uow.session.connection()
    rulebook = rulebooks.of_unit(connection)
    period = Period.parse(period_text)
    days = calendar.office_calendar(connection, period.year)
    day = task_due(rulebook, period, uow.today, days)
    return day.due_on, day.basis(rulebook.cite(day.article))


# --- redraws ----------------------------------------------------------------------------------


def _redrawn(uow: UnitOfWork, draw: Draw) -> list[Substitution]:
    """The substitutions this draw is made for, one per target; none if it draws targets."""
    return list(
        uow.session.scalars(
            select(Substitution).where(Substitution.redraw_id == draw.id).order_by(Substitution.id)
        )
    )


def _fill_places(uow: UnitOfWork, redrawn: list[Substitution], result: rd1.DrawResult) -> list[str]:
    """Put the redrawn people into their tasks; the serials come back in ticket order."""
    group = result.group(OWN_GROUP)
    ones = {one.target: one for one in group.ones} if group else {}
    idents = {row.id: row.ident for row in uow.session.execute(select(Target.id, Target.ident))}
    serials: dict[str, str] = {}
    for row in redrawn:
        task = uow.session.get(Assignment, row.assignment_ids[0])
        one = ones.get(idents.get(row.for_target_id or 0, ""))
        if task is None or one is None:
            raise IntegrityError("重新抽取所替换的任务已不在。", "请恢复最近的备份后再试。")
        serials[one.target] = task.serial
        _fill_place(uow, row, task, one)
    return [serials[given.target] for stratum in result.strata for given in stratum.given]


def _fill_place(uow: UnitOfWork, redrawn: Substitution, task: Assignment, one: rd1.One) -> None:
    task.standins = list(one.standins)
    if one.inspector is None:
        return
    redrawn.in_inspector_id = uow.session.scalar(
        select(Inspector.id).where(Inspector.personal_no == one.inspector)
    )
    if redrawn.out_inspector_id is not None and redrawn.in_inspector_id is not None:
        replace_person(uow, task, redrawn.out_inspector_id, redrawn.in_inspector_id)


def forget_redraw(uow: UnitOfWork, draw: Draw) -> None:
    """Take back the substitutions a withdrawn redraw was for: its draw never happened."""
    for row in _redrawn(uow, draw):
        uow.session.delete(row)
    uow.session.flush()


def replace_person(uow: UnitOfWork, task: Assignment, out_id: int, in_id: int) -> None:
    """Put one inspector (row ids) into the other's place of a task and of its result's draft."""
    if task.lead_id == out_id:
        task.lead_id = in_id
    if task.second_id == out_id:
        task.second_id = in_id
    for result in uow.session.scalars(
        select(Result).where(Result.assignment_id == task.id, Result.inspected_on.is_(None))
    ):
        result.inspector_ids = [in_id if each == out_id else each for each in result.inspector_ids]
