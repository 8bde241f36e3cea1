"""办结: a task is closed by itself once nothing of it is open any more."""

from __future__ import annotations

from app.db.read import courses, followups
from app.db.unit_of_work import UnitOfWork
from app.domain import publicity
from app.domain.course import Step, TaskState
from app.domain.inspection import Conclusion, ResultState
from app.models import Exemption, Result
from app.services import rulebooks
from app.services.tasks import stepping

__all__ = ["close_if_settled"]

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
    rulebook = rulebooks.of_unit(connection)
    exempt = uow.session.query(Exemption).filter_by(result_id=result.id).count()
    wording = publicity.public_wording(rulebook, Conclusion(result.conclusion))
    public = bool(wording) and not exempt
    if followups.open_matters(connection, result.id, public=public).words:
        return False
    stepping.take(uow, result.assignment_id, Step.CLOSE)
    return True
