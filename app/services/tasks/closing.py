"""办结: a task is closed by itself once nothing of it is open any more."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.db.read import courses, followups
from app.db.unit_of_work import UnitOfWork
from app.domain import publicity
from app.domain.course import Step, TaskState
from app.domain.inspection import Conclusion, ResultState
from app.models import Exemption, Result
from app.services import rulebooks
from app.services.tasks import stepping

__all__ = ["ResultStanding", "close_if_settled", "standing_of"]

_CLOSABLE = frozenset({TaskState.LOCKED, TaskState.PUBLISHED})


def close_if_settled(uow: UnitOfWork, result: Result) -> bool:
    """Take the last step if publication, rectification, case, referral and visit are done.

    Within the caller's transaction; whether it was taken.
    """
    uow.session.flush()
    connection = uow.session.connection()
    if result.state is not ResultState.LOCKED:
        return False
    if courses.state_of(connection, result.assignment_id) not in _CLOSABLE:
        return False
    if standing_of(connection, result.id).open_matters:
        return False
    stepping.take(uow, result.assignment_id, Step.CLOSE)
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultStanding:
    """Whether a result is to be made public, and what keeps its task from being closed."""

    public: bool
    open_matters: tuple[str, ...]


def standing_of(connection: Connection, result_id: int) -> ResultStanding:
    """Of one result as it says now; without a conclusion nothing is known yet."""
    conclusion = connection.execute(
        select(Result.conclusion).where(Result.id == result_id)
    ).scalar_one_or_none()
    if not conclusion:
        return ResultStanding(public=True, open_matters=())
    exempt = connection.execute(
        select(Exemption.id).where(Exemption.result_id == result_id).limit(1)
    ).first()
    wording = publicity.public_wording(rulebooks.of_unit(connection), Conclusion(conclusion))
    public = bool(wording) and exempt is None
    found = followups.open_matters(connection, result_id, public=public)
    return ResultStanding(public=public, open_matters=found.words)
