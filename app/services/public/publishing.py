"""公示: what may be published, by when, the table that is published, and that it was.

The stages: of a target that was not inspected only the count is public; its name and result are
public once the result is locked.  Nothing about a person is ever public.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from app.db.read import publications
from app.db.read.publications import PublicationBoard, PublicLine
from app.db.read.tasks import Progress, TaskRow
from app.db.unit_of_work import UnitOfWork
from app.domain import deadlines, publicity
from app.domain.course import Step
from app.domain.deadlines import Deadline
from app.domain.inspection import Conclusion, ResultState
from app.domain.outgoing import PUBLICATION
from app.domain.periods import Period
from app.domain.rulebook import Rulebook
from app.domain.workdays import WorkCalendar
from app.errors import UserError
from app.exchange.writing import Table, columns_of
from app.models import Assignment, Draw, Publication, Result
from app.services import rulebooks
from app.services.days import calendar
from app.services.public import kept_files
from app.services.tasks import closing, stepping

__all__ = [
    "Publish",
    "Published",
    "board",
    "publication_table",
    "publish",
    "publish_by",
    "unlocked",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    """These results were made public on a day, at a place (a site, a notice board).

    ``file``: SHA-256 of the file that was put there, of those made here; empty: none of them.
    """

    result_ids: tuple[int, ...]
    on: date
    place: str
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """How many results are now marked as published."""

    count: int


def publish_by(
    rulebook: Rulebook, inspected_on: date, period: Period, days: WorkCalendar
) -> Deadline | None:
    """The rulebook's deadline for making one inspection public; None if it sets none.

    ``article`` says which document it is in.
    """
    found = (
        *deadlines.for_result(rulebook, days, inspected_on=inspected_on),
        *deadlines.for_period(rulebook, period, days),
    )
    due = next((each for each in found if each.code == publicity.PUBLISH), None)
    return None if due is None else replace(due, article=rulebook.cite(due.article))


def board(connection: Connection, period: str = "") -> PublicationBoard:
    """Embargoed (counts), due, published and exempt results of a period (empty: of all)."""
    rulebook = _rulebook(connection)
    calendars: dict[int, WorkCalendar] = {}

    def by(day: date, of_period: Period) -> Deadline | None:
        if day.year not in calendars:
            calendars[day.year] = calendar.office_calendar(connection, day.year)
        return publish_by(rulebook, day, of_period, calendars[day.year])

    return publications.board(
        connection,
        rulebook,
        by,
        period=period,
    )


def unlocked(
    connection: Connection, rulebook: Rulebook, tasks: Sequence[TaskRow]
) -> Iterator[tuple[TaskRow, Deadline]]:
    """Tasks inspected and not locked, each with the day its result must be public."""
    for task in tasks:
        if task.inspected_on is None or task.progress in (Progress.OPEN, Progress.LOCKED):
            continue
        if task.conclusion and not publicity.public_wording(rulebook, task.conclusion):
            continue
        days = calendar.office_calendar(connection, task.inspected_on.year)
        due = publish_by(rulebook, task.inspected_on, Period.parse(task.period), days)
        if due is not None:
            yield task, due


def publish(uow: UnitOfWork, command: Publish) -> Published:
    """Mark results as made public; all of them or none.

    Errors: UserError if one is not locked, was published, has no public wording, if the day is
    in the future or before its inspection, or the place is missing.
    """
    place = command.place.strip()
    if not place:
        raise UserError("还没有写公示的地方。", "请填写公示网址或公示栏名称。")
    if command.on > uow.today:
        raise UserError(f"公示日期 {command.on} 还没有到。", "请填写实际公示的那一天。")
    if not command.result_ids:
        raise UserError("还没有选择要公示的结果。", "请先在列表里勾选。")
    rulebook = _rulebook(uow.session.connection())
    for result_id in dict.fromkeys(command.result_ids):
        _publish_one(uow, rulebook, result_id, command.on, place)
    if command.file:
        kept_files.mark_published(uow, "results", command.result_ids, command.file)
    uow.changed.update({"publication", "result"})
    uow.commit()
    return Published(count=len(set(command.result_ids)))


def _publish_one(uow: UnitOfWork, rulebook: Rulebook, result_id: int, on: date, place: str) -> None:
    result = uow.session.get(Result, result_id)
    assignment = uow.session.get(Assignment, result.assignment_id) if result else None
    draw = uow.session.get(Draw, assignment.draw_id) if assignment else None
    if result is None or assignment is None or draw is None:
        raise UserError("这份检查结果已不在。", "请刷新后再试。")
    if result.state is not ResultState.LOCKED or result.inspected_on is None:
        raise UserError(f"{assignment.serial} 的结果还没有复核锁定，不能公示。", "请先完成复核。")
    if on < result.inspected_on:
        raise UserError(f"{assignment.serial} 的公示日期早于检查日期。", "请核对公示日期。")
    if uow.session.query(Publication).filter_by(result_id=result_id).count():
        raise UserError(f"{assignment.serial} 已经公示过。", "请刷新后再试。")
    if result_id in publications.exemptions(uow.session.connection()):
        raise UserError(f"{assignment.serial} 已决定不予公示。", "请从选择中去掉它。")
    wording = publicity.public_wording(rulebook, Conclusion(result.conclusion))
    if not wording:
        raise UserError(f"{assignment.serial} 的结论按本细则不公示。", "请从选择中去掉它。")
    stepping.take(uow, assignment.id, Step.PUBLISH, on=on, reason=place)
    uow.session.add(
        Publication(
            result_id=result_id,
            published_on=on,
            place=place,
            wording=wording,
            by=uow.actor,
            at=uow.now,
        )
    )
    uow.record(
        "result.publish",
        f"{draw.no}/{assignment.serial}",
        {"result": result_id, "on": on, "place": place, "wording": wording},
    )
    closing.close_if_settled(uow, result)


def publication_table(lines: Sequence[PublicLine]) -> Table:
    """The 公示表. The first two numbers are the platform's, typed in after the upload."""
    return Table(
        title="双随机抽查结果公示表",
        columns=columns_of(PUBLICATION),
        rows=[
            (
                line.plan_no or None,
                line.task_no or None,
                line.name,
                line.code or None,
                line.content,
                line.inspected_on,
                line.wording,
                None,
            )
            for line in lines
        ],
        sheet="公示表",
        record="publications",
        keys=tuple(f"results:{line.result_id}" for line in lines),
    )


def _rulebook(connection: Connection) -> Rulebook:
    return rulebooks.of_unit(connection)
