"""后续 of a locked result: rectification with its moves, referrals, case, visits, proposals.

``followups`` is one result's whole file (for its pane and its papers); ``open_rectifications``,
``open_referrals`` … are lists over all results (for the desk and the reports).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from app.db.read.sites import shown_names
from app.db.read.tasks import Progress, TaskRow, read_tasks, tasks_of
from app.domain.consequences import (
    Move,
    ProposalKind,
    ProposalState,
    Receiver,
    RectifyStep,
    deadline_now,
)
from app.domain.inspection import Conclusion, ResultState
from app.models import (
    Assignment,
    CaseFile,
    FollowUp,
    Proposal,
    Publication,
    Rectification,
    RectificationNote,
    Referral,
    Result,
    Target,
)

__all__ = [
    "CaseRow",
    "Followups",
    "NoteRow",
    "OpenMatters",
    "OpenRectification",
    "ProposalRow",
    "RectificationView",
    "ReferralRow",
    "VisitRow",
    "followups",
    "open_matters",
    "open_rectifications",
    "open_referrals",
    "planned_visits",
    "proposals",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRow:
    """督办, 进展 or 延期 of a rectification."""

    id: int
    step: RectifyStep
    on: date
    text: str
    stage: str
    until: date | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationView:
    """整改 of one result: ordered until ``first``, due ``now`` after extensions, done or not."""

    first: date | None
    now: date | None
    notes: tuple[NoteRow, ...]
    completed_on: date | None
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralRow:
    """移送; ``received_on`` None while no receipt came back."""

    id: int
    result_id: int
    receiver: Receiver
    organ: str
    matter: str
    document_no: str
    on: date
    received_on: date | None
    received_by: str
    receipt_no: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """立案; ``outcome`` empty while the case is open; its publication is a second one."""

    id: int
    result_id: int
    case_no: str
    opened_on: date
    matter: str
    outcome: str
    decision_no: str
    ended_on: date | None
    outcome_published_on: date | None
    outcome_place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """复查, planned; ``done_on`` once made, ``settled`` if nothing was left."""

    id: int
    result_id: int
    planned_on: date
    done_on: date | None
    people: str
    finding: str
    settled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRow:
    """建议 and what was decided about it."""

    id: int
    result_id: int
    target_id: int
    target_name: str
    kind: ProposalKind
    text: str
    state: ProposalState
    decided_by: str
    decided_on: date | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Followups:
    """Everything that followed from one result; ``rectification`` None if nothing was ordered."""

    result_id: int
    rectification: RectificationView | None
    referrals: tuple[ReferralRow, ...]
    case: CaseRow | None
    visits: tuple[VisitRow, ...]
    proposals: tuple[ProposalRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRectification:
    """整改 not done yet; ``due``: the day to remind of, and late after."""

    task: TaskRow
    view: RectificationView
    due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenMatters:
    """What keeps a locked result from being closed, in words; empty when nothing does."""

    words: tuple[str, ...]


def followups(connection: Connection, result_id: int) -> Followups:
    """One result's file; empty parts if nothing followed."""
    return Followups(
        result_id=result_id,
        rectification=_rectification(connection, result_id),
        referrals=tuple(_referral(row) for row in _of(connection, Referral, result_id)),
        case=next((_case(row) for row in _of(connection, CaseFile, result_id)), None),
        visits=tuple(_visit(row) for row in _of(connection, FollowUp, result_id)),
        proposals=tuple(each for each in proposals(connection) if each.result_id == result_id),
    )


def open_matters(connection: Connection, result_id: int, *, public: bool) -> OpenMatters:
    """What is still to be done; ``public``: the conclusion has a public wording."""
    file = followups(connection, result_id)
    words = []
    published = connection.execute(
        select(Publication.id).where(Publication.result_id == result_id)
    ).first()
    if public and published is None:
        words.append("结果还没有公示")
    if file.rectification is not None and file.rectification.completed_on is None:
        words.append("整改还没有完成")
    if any(each.received_on is None for each in file.referrals):
        words.append("移送还没有回执")
    concluded = connection.execute(select(Result.conclusion).where(Result.id == result_id)).scalar()
    if concluded == Conclusion.CASE.value and (file.case is None or file.case.ended_on is None):
        words.append("案件还没有处理结果")
    if any(each.done_on is None for each in file.visits):
        words.append("复查还没有进行")
    elif file.visits and not file.visits[-1].settled:
        words.append("复查发现还没有整改到位")
    return OpenMatters(words=tuple(words))


def open_rectifications(
    connection: Connection, longest: Callable[[date], date | None]
) -> tuple[OpenRectification, ...]:
    """Every ordered rectification that is not done, with the deadline that holds now.

    ``longest``: the last day the rulebook allows after an inspection of a day, None if any.
    """
    waiting = {
        task.result_id: task
        for task in read_tasks(connection, tasks_of())
        if task.progress is Progress.LOCKED
        and task.conclusion is Conclusion.ORDERED
        and task.result_id is not None
        and task.rectified_on is None
    }
    views = _rectifications(connection, list(waiting))
    found = []
    for result_id, task in waiting.items():
        if result_id in views:
            view = views[result_id]
            most = longest(task.inspected_on) if task.inspected_on else None
            found.append(OpenRectification(task=task, view=view, due=_due(view, most)))
    return tuple(found)


def _due(view: RectificationView, longest: date | None) -> date | None:
    """An extension's day, else the ordered one, never past the text's own."""
    extended = any(each.step is RectifyStep.EXTENSION for each in view.notes)
    if extended or longest is None or view.now is None:
        return view.now
    return min(view.now, longest)


def open_referrals(connection: Connection) -> tuple[ReferralRow, ...]:
    """Referrals without a receipt, oldest first; those of voided results are left out."""
    rows = connection.execute(
        select(Referral.__table__)
        .join(Result, Result.id == Referral.result_id)
        .where(Referral.received_on.is_(None), Result.state != ResultState.VOIDED)
        .order_by(Referral.on, Referral.id)
    )
    return tuple(_referral(row) for row in rows)


def planned_visits(connection: Connection) -> tuple[tuple[VisitRow, str, int], ...]:
    """(visit, target's name, assignment's id) of every 复查 that was not made, by day."""
    rows = connection.execute(
        select(
            FollowUp.__table__,
            Assignment.target_id,
            Target.name.label("target_name"),
            Assignment.id.label("task_id"),
        )
        .join(Result, Result.id == FollowUp.result_id)
        .join(Assignment, Assignment.id == Result.assignment_id)
        .join(Target, Target.id == Assignment.target_id)
        .where(FollowUp.done_on.is_(None), Result.state != ResultState.VOIDED)
        .order_by(FollowUp.planned_on, FollowUp.id)
    ).all()
    names = shown_names(connection, {row.target_id: row.target_name for row in rows})
    return tuple((_visit(row), names[row.target_id], row.task_id) for row in rows)


def proposals(
    connection: Connection, *, state: ProposalState | None = None
) -> tuple[ProposalRow, ...]:
    """建议, oldest first; those of voided results are left out."""
    statement = (
        select(Proposal.__table__, Target.name.label("target_name"))
        .join(Target, Target.id == Proposal.target_id)
        .join(Result, Result.id == Proposal.result_id)
        .where(Result.state != ResultState.VOIDED)
        .order_by(Proposal.id)
    )
    if state is not None:
        statement = statement.where(Proposal.state == state)
    rows = connection.execute(statement).all()
    names = shown_names(connection, {row.target_id: row.target_name for row in rows})
    return tuple(
        ProposalRow(
            id=row.id,
            result_id=row.result_id,
            target_id=row.target_id,
            target_name=names[row.target_id],
            kind=row.kind,
            text=row.text,
            state=row.state,
            decided_by=row.decided_by,
            decided_on=row.decided_on,
            reason=row.reason,
        )
        for row in rows
    )


def _rectification(connection: Connection, result_id: int) -> RectificationView | None:
    return _rectifications(connection, [result_id]).get(result_id)


def _rectifications(connection: Connection, results: Sequence[int]) -> dict[int, RectificationView]:
    """Of those of the results that ordered one."""
    notes: dict[int, list[NoteRow]] = defaultdict(list)
    for row in connection.execute(
        select(RectificationNote.__table__)
        .where(RectificationNote.result_id.in_(results))
        .order_by(RectificationNote.id)
    ):
        notes[row.result_id].append(
            NoteRow(
                id=row.id,
                step=row.step,
                on=row.on,
                text=row.text,
                stage=row.stage,
                until=row.until,
                by=row.by,
                at=row.at,
            )
        )
    ordered = connection.execute(
        select(Result.id, Result.rectify_by, Rectification.completed_on, Rectification.proof)
        .outerjoin(Rectification, Rectification.result_id == Result.id)
        .where(Result.id.in_(results), Result.conclusion == Conclusion.ORDERED.value)
    )
    return {row.id: _rectification_view(row, notes[row.id]) for row in ordered}


def _rectification_view(row: Any, notes: Sequence[NoteRow]) -> RectificationView:
    moves = [Move(on=each.on, until=each.until) for each in notes if each.until is not None]
    return RectificationView(
        first=row.rectify_by,
        now=deadline_now(row.rectify_by, moves),
        notes=tuple(notes),
        completed_on=row.completed_on,
        proof=row.proof or "",
    )


def _of(connection: Connection, table: Any, result_id: int) -> Iterable[Any]:
    return connection.execute(
        select(table.__table__).where(table.result_id == result_id).order_by(table.id)
    )


def _referral(row: Any) -> ReferralRow:
    return ReferralRow(
        id=row.id,
        result_id=row.result_id,
        receiver=row.receiver,
        organ=row.organ,
        matter=row.matter,
        document_no=row.document_no,
        on=row.on,
        received_on=row.received_on,
        received_by=row.received_by,
        receipt_no=row.receipt_no,
        answer=row.answer,
    )


def _case(row: Any) -> CaseRow:
    return CaseRow(
        id=row.id,
        result_id=row.result_id,
        case_no=row.case_no,
        opened_on=row.opened_on,
        matter=row.matter,
        outcome=row.outcome,
        decision_no=row.decision_no,
        ended_on=row.ended_on,
        outcome_published_on=row.outcome_published_on,
        outcome_place=row.outcome_place,
    )


def _visit(row: Any) -> VisitRow:
    return VisitRow(
        id=row.id,
        result_id=row.result_id,
        planned_on=row.planned_on,
        done_on=row.done_on,
        people=row.people,
        finding=row.finding,
        settled=row.settled,
    )
