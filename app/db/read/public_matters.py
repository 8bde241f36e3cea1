"""复查申请, 撤下, 查处结果 and what goes on to other departments: the lists beside 公示."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, or_, select

from app.db.read.tasks import Progress, TaskRow, in_draws, read_tasks, tasks_counted
from app.domain.inspection import ResultState
from app.domain.publicity import ReviewOutcome
from app.models import (
    Assignment,
    CaseFile,
    Draw,
    Publication,
    Referral,
    Result,
    ReviewApplication,
    Target,
    Withdrawal,
)

__all__ = [
    "OutcomeRow",
    "PassedOn",
    "ReviewRow",
    "WithdrawalRow",
    "left_public",
    "outcomes",
    "passed_on",
    "reviews",
    "withdrawals",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """One application; ``late``: received after the window closed.

    ``estimated``: ``open_until`` was counted in a calendar that is not announced yet.
    """

    id: int
    result_id: int
    serial: str
    target: str
    applicant: str
    matter: str
    received_on: date
    open_until: date | None
    outcome: ReviewOutcome | None
    answer: str
    answered_on: date | None
    document_no: str
    estimated: bool = False

    @property
    def late(self) -> bool:
        """Whether it came too late."""
        return self.open_until is not None and self.received_on > self.open_until


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalRow:
    """What was taken down."""

    id: int
    serial: str
    target: str
    published_on: date
    place: str
    wording: str
    on: date
    reason: str
    approved_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRow:
    """查处结果 of a case, for the second publication; ``id`` is the case's."""

    id: int
    result_id: int
    name: str
    code: str
    case_no: str
    matter: str
    outcome: str
    decision_no: str
    ended_on: date
    published_on: date | None
    place: str
    left: bool = False  # still public, though its result no longer is


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOn:
    """A result that goes on to credit and other departments (YY 六（二）2)."""

    id: int
    name: str
    code: str
    inspected_on: date | None
    conclusion: str
    published_on: date | None
    decision_no: str
    receivers: str


def reviews(connection: Connection) -> tuple[ReviewRow, ...]:
    """Applications: those without an answer first, then the newest."""
    rows = connection.execute(
        select(ReviewApplication.__table__, Assignment.serial, Target.name.label("target_name"))
        .join(Result, Result.id == ReviewApplication.result_id)
        .join(Assignment, Assignment.id == Result.assignment_id)
        .join(Target, Target.id == Assignment.target_id)
        .order_by(ReviewApplication.answered_on.is_not(None), ReviewApplication.id.desc())
    )
    return tuple(
        ReviewRow(
            id=row.id,
            result_id=row.result_id,
            serial=row.serial,
            target=row.target_name,
            applicant=row.applicant,
            matter=row.matter,
            received_on=row.received_on,
            open_until=row.open_until,
            outcome=row.outcome,
            answer=row.answer,
            answered_on=row.answered_on,
            document_no=row.document_no,
        )
        for row in rows
    )


def withdrawals(connection: Connection) -> tuple[WithdrawalRow, ...]:
    """Everything that was taken down, the newest first."""
    rows = connection.execute(
        select(Withdrawal.__table__, Assignment.serial, Target.name.label("target_name"))
        .join(Result, Result.id == Withdrawal.result_id)
        .join(Assignment, Assignment.id == Result.assignment_id)
        .join(Target, Target.id == Assignment.target_id)
        .order_by(Withdrawal.id.desc())
    )
    return tuple(
        WithdrawalRow(
            id=row.id,
            serial=row.serial,
            target=row.target_name,
            published_on=row.published_on,
            place=row.place,
            wording=row.wording,
            on=row.on,
            reason=row.reason,
            approved_by=row.approved_by,
        )
        for row in rows
    )


def outcomes(connection: Connection, kept: set[int], period: str = "") -> tuple[OutcomeRow, ...]:
    """Cases that ended, of results whose own publication stands; ``kept`` back are left out."""
    statement = (
        select(CaseFile.__table__, Assignment.id.label("task_id"))
        .join(Result, Result.id == CaseFile.result_id)
        .join(Assignment, Assignment.id == Result.assignment_id)
        .join(Draw, Draw.id == Assignment.draw_id)
        .join(Publication, Publication.result_id == Result.id)
        .where(CaseFile.ended_on.is_not(None))
        .order_by(CaseFile.ended_on, CaseFile.id)
    )
    if period:
        statement = statement.where(Draw.period == period)
    rows = [row for row in connection.execute(statement) if row.result_id not in kept]
    if not rows:
        return ()
    tasks = {task.id: task for task in read_tasks(connection, tasks_counted())}
    return tuple(
        OutcomeRow(
            id=row.id,
            result_id=row.result_id,
            name=tasks[row.task_id].shown_name,
            code=tasks[row.task_id].target_code,
            case_no=row.case_no,
            matter=row.matter,
            outcome=row.outcome,
            decision_no=row.decision_no,
            ended_on=row.ended_on,
            published_on=row.outcome_published_on,
            place=row.outcome_place,
        )
        for row in rows
        if row.task_id in tasks and tasks[row.task_id].result_id == row.result_id
    )


def left_public(connection: Connection, period: str = "") -> tuple[OutcomeRow, ...]:
    """Outcomes still public whose result was taken down or voided since: they have to come down
    too, and never go into a file again."""
    statement = (
        select(
            CaseFile.__table__,
            Target.name.label("target_name"),
            Target.uscc.label("target_code"),
        )
        .join(Result, Result.id == CaseFile.result_id)
        .join(Assignment, Assignment.id == Result.assignment_id)
        .join(Draw, Draw.id == Assignment.draw_id)
        .join(Target, Target.id == Assignment.target_id)
        .outerjoin(Publication, Publication.result_id == Result.id)
        .where(
            CaseFile.outcome_published_on.is_not(None),
            or_(Publication.id.is_(None), Result.state != ResultState.LOCKED),
        )
        .order_by(CaseFile.ended_on, CaseFile.id)
    )
    if period:
        statement = statement.where(Draw.period == period)
    return tuple(
        OutcomeRow(
            id=row.id,
            result_id=row.result_id,
            name=row.target_name,
            code=row.target_code or "",
            case_no=row.case_no,
            matter=row.matter,
            outcome=row.outcome,
            decision_no=row.decision_no,
            ended_on=row.ended_on,
            published_on=row.outcome_published_on,
            place=row.outcome_place,
            left=True,
        )
        for row in connection.execute(statement)
    )


_CREDIT = "信用管理（环境信用评价、失信修复）"


def passed_on(connection: Connection, kept: set[int], period: str = "") -> tuple[PassedOn, ...]:
    """Locked results of a period with where each should go: credit, referrals' organs."""
    tasks = [
        task
        for task in read_tasks(connection, in_draws(tasks_counted(), period=period))
        if task.progress is Progress.LOCKED and task.result_id and task.result_id not in kept
    ]
    organs: dict[int, list[str]] = {}
    for row in connection.execute(select(Referral.result_id, Referral.organ)):
        organs.setdefault(row.result_id, []).append(row.organ)
    decisions = {
        row.result_id: row.decision_no
        for row in connection.execute(select(CaseFile.result_id, CaseFile.decision_no))
    }
    return tuple(_passed(task, organs, decisions) for task in sorted(tasks, key=lambda t: t.id))


def _passed(task: TaskRow, organs: dict[int, list[str]], decisions: dict[int, str]) -> PassedOn:
    result = task.result_id or 0
    return PassedOn(
        id=result,
        name=task.shown_name,
        code=task.target_code,
        inspected_on=task.inspected_on,
        conclusion=task.conclusion.label if task.conclusion else "",
        published_on=task.published_on,
        decision_no=decisions.get(result, ""),
        receivers="；".join((_CREDIT, *organs.get(result, ()))),
    )
