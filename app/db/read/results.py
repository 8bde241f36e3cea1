"""检查结果: the list by state and day due, one result ready to be typed, what still waits."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from app.db.read import formality, packages, past
from app.db.read.attachments import AttachedFile, of_owner
from app.db.read.items import name_in_result
from app.db.read.tasks import (
    VOIDED_BEFORE,
    Progress,
    TaskRow,
    in_draws,
    page_of,
    read_tasks,
    tasks_counted,
    tasks_of,
    with_progress,
)
from app.domain.formalities import NationalLayer
from app.domain.inspection import Conclusion, ItemOutcome, Way
from app.domain.periods import Period
from app.domain.result_entry import Certificate, ItemEntry, ResultEntry
from app.domain.rule_facts import InspectionKind
from app.errors import UserError
from app.models import (
    Assignment,
    Draw,
    InspectionEntry,
    InspectionItem,
    Inspector,
    Result,
    ResultItem,
)

__all__ = [
    "AttachedFile",
    "ResultForm",
    "ResultQuery",
    "attachments",
    "certificates",
    "counts",
    "form",
    "ids",
    "open_tasks",
    "rows",
    "version",
]

ENTERED = frozenset(Progress) - {Progress.OPEN}
"""Everything whose target may be named in a list: it was inspected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultQuery:
    """What is listed; without ``progress`` all that were inspected, and those whose result was
    voided: never the secret ones."""

    period: str = ""
    draw_no: str = ""
    search: str = ""
    progress: frozenset[Progress] = ENTERED
    only: frozenset[int] = frozenset()
    """These assignments; empty: all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultForm:
    """One task with everything its entry form shows."""

    task: TaskRow
    drawn_on: date
    entry: ResultEntry
    certificates: tuple[Certificate, ...]
    entered_at: datetime | None
    reviewed_by: str
    reviewed_at: datetime | None
    attachments: tuple[AttachedFile, ...]
    layer: NationalLayer
    version: int
    visits: str


def ids(connection: Connection, query: ResultQuery) -> array[int]:
    """Assignment ids by day due, then as drawn."""
    columns: tuple[Any, ...] = (Assignment.id, Assignment.due_on)
    statement = in_draws(
        tasks_counted(), period=query.period, draw_no=query.draw_no, search=query.search
    ).with_only_columns(*columns, maintain_column_froms=True)
    if query.only:
        statement = page_of(statement, sorted(query.only))
    found = list(connection.execute(with_progress(statement, query.progress or ENTERED)))
    if query.progress == ENTERED:
        # What a correction voided was named already; it waits here for its new inspection.
        found += connection.execute(statement.where(Result.id.is_(None), VOIDED_BEFORE))
    found.sort(key=lambda row: (row.due_on, row.id))
    return array("q", (row.id for row in found))


def rows(connection: Connection, wanted: Sequence[int]) -> tuple[TaskRow, ...]:
    """The tasks with these assignment ids, in any order."""
    results = packages.sent_back(connection, "results")
    tasks = packages.sent_back(connection, "assignments")
    found = read_tasks(connection, page_of(tasks_counted(), wanted))
    if not results and not tasks:
        return found
    return tuple(
        replace(task, sent_back=results.get(task.result_id or 0) or tasks.get(task.id, ""))
        for task in found
    )


def counts(connection: Connection, *, period: str = "", draw_no: str = "") -> dict[Progress, int]:
    """How many tasks stand where; every state is a key."""
    statement = in_draws(tasks_counted(), period=period, draw_no=draw_no)
    found = dict.fromkeys(Progress, 0)
    for task in read_tasks(connection, statement):
        found[task.progress] += 1
    return found


def open_tasks(
    connection: Connection, *, period: str = "", search: str = "", limit: int = 50
) -> tuple[TaskRow, ...]:
    """Not yet inspected ones, for registering an inspection: names, for the section only."""
    statement = with_progress(
        in_draws(tasks_of(), period=period, search=search), frozenset({Progress.OPEN})
    )
    return read_tasks(connection, statement.order_by(Assignment.due_on, Assignment.id).limit(limit))


def form(connection: Connection, assignment_id: int) -> ResultForm:
    """A task's result as it was typed so far, or empty with its items; UserError if gone."""
    found = rows(connection, [assignment_id])
    if not found:
        raise UserError("这项任务已不在派单里。", "请刷新列表后再试。")
    task = found[0]
    closed_at = connection.execute(
        select(Draw.closed_at).where(Draw.id == task.draw_id)
    ).scalar_one()
    drawn_on = closed_at.astimezone().date() if closed_at else task.due_on
    if task.result_id is None:
        entry, typed = _fresh_entry(connection, task), None
    else:
        entry, typed = _typed_entry(connection, task.result_id)
    return ResultForm(
        task=task,
        drawn_on=drawn_on,
        entry=entry,
        certificates=certificates(connection, entry.inspector_ids),
        entered_at=typed.entered_at if typed else None,
        reviewed_by=typed.reviewed_by if typed else "",
        reviewed_at=typed.reviewed_at if typed else None,
        attachments=attachments(connection, task.result_id) if task.result_id else (),
        layer=formality.layer(connection),
        version=typed.version if typed else _next_version(connection, task.id),
        visits=_visits(connection, task),
    )


def version(connection: Connection, assignment_id: int, result_id: int) -> ResultForm:
    """A task's form with what another version of its result said, a voided one; else as ``form``.

    Errors: UserError if the task is gone or the version is none of it.
    """
    now = form(connection, assignment_id)
    owner = connection.execute(
        select(Result.assignment_id).where(Result.id == result_id)
    ).scalar_one_or_none()
    if owner != assignment_id:
        raise UserError("这一稿已不在。", "请刷新后再看。")
    entry, typed = _typed_entry(connection, result_id)
    return replace(
        now,
        task=replace(now.task, rectified_on=None, published_on=None),
        entry=entry,
        certificates=certificates(connection, entry.inspector_ids),
        entered_at=typed.entered_at,
        reviewed_by=typed.reviewed_by,
        reviewed_at=typed.reviewed_at,
        attachments=attachments(connection, result_id),
        version=typed.version,
    )


def certificates(connection: Connection, wanted: Sequence[int]) -> tuple[Certificate, ...]:
    """The certificates of these inspectors, in the given order; unknown ids are left out."""
    found = connection.execute(
        select(
            Inspector.id, Inspector.name, Inspector.cert_valid_from, Inspector.cert_valid_to
        ).where(Inspector.id.in_(list(wanted)))
    )
    known = {
        row.id: Certificate(
            inspector_id=row.id,
            name=row.name,
            valid_from=row.cert_valid_from,
            valid_to=row.cert_valid_to,
        )
        for row in found
    }
    return tuple(known[each] for each in wanted if each in known)


def attachments(
    connection: Connection, result_id: int, kind: str = "result"
) -> tuple[AttachedFile, ...]:
    """Files of one result in the order they were added; ``kind`` as in ``Attach``."""
    return of_owner(connection, kind, result_id)


def applicable_items(
    connection: Connection, category: str, period: str, draw_no: str
) -> tuple[tuple[int, str], ...]:
    """(id, name) of the items for a category in the period's year, in list order.

    The item list is the one the draw was sealed with: what was changed since is for later draws.
    """
    moment = past.at_draw(connection, draw_no) or past.now(connection)
    year = Period.parse(period).year
    found = [
        row
        for row in past.rows_at(connection, "item", moment)
        if row.values["in_force"]
        and not row.values["joint"]
        and row.values["year"] in (None, year)
        and (not row.values["categories"] or category in row.values["categories"])
    ]
    found.sort(key=lambda row: (row.values["position"], row.id))
    return tuple((row.id, row.name) for row in found)


def _fresh_entry(connection: Connection, task: TaskRow) -> ResultEntry:
    return ResultEntry(
        items=tuple(
            ItemEntry(item_id=number, name=name)
            for number, name in applicable_items(
                connection, task.category, task.period, task.draw_no
            )
        ),
        inspector_ids=tuple(each for each in (task.lead_id, task.second_id) if each is not None),
        formalities=formality.of(connection, task.id, _next_version(connection, task.id)),
    )


def _visits(connection: Connection, task: TaskRow) -> str:
    """本年已检, by kind: 本级抽查 1 次、上级检查 1 次."""
    year = Period.parse(task.period).year
    rows = connection.execute(
        select(InspectionEntry.kind, func.count(InspectionEntry.id).label("n"))
        .where(
            InspectionEntry.target_id == task.target_id,
            InspectionEntry.on >= date(year, 1, 1),
            InspectionEntry.on <= date(year, 12, 31),
        )
        .group_by(InspectionEntry.kind)
        .order_by(InspectionEntry.kind)
    )
    return "、".join(f"{InspectionKind(row.kind).label} {row.n} 次" for row in rows) or "0 次"


def _next_version(connection: Connection, assignment_id: int) -> int:
    made = connection.execute(
        select(func.count(Result.id)).where(Result.assignment_id == assignment_id)
    ).scalar_one()
    return made + 1


@dataclass(frozen=True, slots=True)
class _Typed:
    version: int
    entered_at: datetime | None
    reviewed_by: str
    reviewed_at: datetime | None


def _typed_entry(connection: Connection, result_id: int) -> tuple[ResultEntry, _Typed]:
    row = connection.execute(select(Result.__table__).where(Result.id == result_id)).one()
    items = connection.execute(
        select(
            ResultItem.item_id,
            name_in_result(),
            ResultItem.outcome,
            ResultItem.note,
            ResultItem.measure,
        )
        .join(InspectionItem, InspectionItem.id == ResultItem.item_id)
        .where(ResultItem.result_id == result_id)
        .order_by(ResultItem.position)
    )
    entry = ResultEntry(
        inspected_on=row.inspected_on,
        arrived=row.arrived,
        left=row.left,
        way=Way(row.way),
        methods=tuple(row.methods),
        items=tuple(
            ItemEntry(
                item_id=item.item_id,
                name=item.name,
                outcome=ItemOutcome(item.outcome) if item.outcome else None,
                note=item.note,
                measure=item.measure,
            )
            for item in items
        ),
        conclusion=Conclusion(row.conclusion) if row.conclusion else None,
        finding=row.finding,
        measure=row.measure,
        rectify_by=row.rectify_by,
        rectify_reason=row.rectify_reason,
        rectify_stage=row.rectify_stage,
        document_no=row.document_no,
        assistants=row.assistants,
        inspector_ids=tuple(row.inspector_ids),
        entered_by=row.entered_by,
        formalities=formality.of(connection, row.assignment_id, row.version),
    )
    return entry, _Typed(row.version, row.entered_at, row.reviewed_by, row.reviewed_at)
