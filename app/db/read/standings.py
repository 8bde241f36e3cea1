"""Tasks as they stood at the end of a day: what a report made of that day must say, for ever.

Each fact counts from its own day: the visit, the publication, the completion, the receipt from the
day typed with them; submitting, reviewing and planning from the day they were done here.  What was
undone later — a result voided by a correction, a publication taken down, a target replaced —
still held on the days before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, select
from sqlalchemy.orm import aliased

from app.domain.correction import CorrectionState
from app.domain.course import Step
from app.domain.inspection import Conclusion, ResultState
from app.domain.publicity import OUTCOME_TAKEN_DOWN
from app.models import (
    Assignment,
    CaseFile,
    Correction,
    Exemption,
    FollowUp,
    Publication,
    Rectification,
    Referral,
    Result,
    Substitution,
    TaskStep,
    Withdrawal,
)

__all__ = ["Standing", "standings"]

_ENTERING = (Step.ENTER, Step.RETURN, Step.CORRECT, Step.TAKE_BACK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One task that counts on that day; the days are those known by then.

    ``conclusion`` of a locked result only; ``kept_back``: it was decided not to publish it.
    ``referrals``: (sent, receipt); ``visits``: (done, nothing left), as planned.
    ``replaced``: another target had taken its place; what was found there stands.
    """

    id: int
    draw_id: int
    target_id: int
    category: str
    visit: int
    replaced: bool
    inspected_on: date | None = None
    entered: bool = False
    conclusion: Conclusion | None = None
    published_on: date | None = None
    kept_back: bool = False
    rectified_on: date | None = None
    case_ended_on: date | None = None
    referrals: tuple[tuple[date, date | None], ...] = ()
    visits: tuple[tuple[date | None, bool], ...] = ()


def standings(connection: Connection, draws: Collection[int], as_of: date) -> tuple[Standing, ...]:
    """Every task of these draws that counts on the day, in the order they were made.

    A replaced target counts if somebody had been there and the result was locked (domain rule:
    closed, moved, refused is done); its alternate counts from the day it was replaced.
    """
    past = _Past.read(connection, draws)
    before = aliased(Assignment)
    rows = connection.execute(
        select(
            Assignment.id,
            Assignment.draw_id,
            Assignment.target_id,
            Assignment.category,
            Assignment.visit_id,
            Assignment.replaced_by_id,
            before.target_id.label("instead_of"),
        )
        .outerjoin(before, before.replaced_by_id == Assignment.id)
        .where(Assignment.draw_id.in_(list(draws)))
        .order_by(Assignment.id)
    )
    found = (_standing(row, past, as_of) for row in rows)
    return tuple(each for each in found if each is not None)


def _standing(row: Any, past: _Past, as_of: date) -> Standing | None:
    came = past.replaced.get((row.draw_id, row.instead_of))
    if row.instead_of is not None and came is not None and came > as_of:
        return None
    left = past.replaced.get((row.draw_id, row.target_id)) if row.replaced_by_id else None
    gone = row.replaced_by_id is not None and (left is None or left <= as_of)
    result = past.result(row.id, as_of)
    locked = result is not None and _by(_day(result.reviewed_at), as_of)
    if gone and not locked:
        return None
    made = Standing(
        id=row.id,
        draw_id=row.draw_id,
        target_id=row.target_id,
        category=row.category,
        visit=row.visit_id or row.id,
        replaced=gone,
    )
    return made if result is None else past.with_result(made, result, locked, as_of)


@dataclass(frozen=True)
class _Past:
    """Everything with a day, by what it belongs to."""

    results: Mapping[int, list[Any]]
    voided: Mapping[int, date]
    replaced: Mapping[tuple[int, int], date]
    entering: Mapping[int, list[tuple[Step, date]]]
    public: Mapping[int, list[tuple[date, date | None]]] = field(default_factory=dict)
    kept_back: Mapping[int, date] = field(default_factory=dict)
    rectified: Mapping[int, date] = field(default_factory=dict)
    cases: Mapping[int, date | None] = field(default_factory=dict)
    referrals: Mapping[int, list[tuple[date, date | None]]] = field(default_factory=dict)
    visits: Mapping[int, list[tuple[date, date | None, bool]]] = field(default_factory=dict)

    @classmethod
    def read(cls, connection: Connection, draws: Collection[int]) -> _Past:
        mine = select(Assignment.id).where(Assignment.draw_id.in_(list(draws))).scalar_subquery()
        theirs = select(Result.id).where(Result.assignment_id.in_(mine)).scalar_subquery()
        results: dict[int, list[Any]] = defaultdict(list)
        for row in connection.execute(
            select(Result.__table__)
            .where(Result.assignment_id.in_(mine))
            .order_by(Result.assignment_id, Result.version)
        ):
            results[row.assignment_id].append(row)
        entering: dict[int, list[tuple[Step, date]]] = defaultdict(list)
        for step in connection.execute(
            select(TaskStep.assignment_id, TaskStep.step, TaskStep.at)
            .where(TaskStep.assignment_id.in_(mine), TaskStep.step.in_(_ENTERING))
            .order_by(TaskStep.assignment_id, TaskStep.position)
        ):
            entering[step.assignment_id].append((step.step, step.at.astimezone().date()))
        return cls(
            results=results,
            voided=_voided(connection, theirs),
            replaced=_replaced(connection, draws),
            entering=entering,
            public=_public(connection, theirs),
            kept_back={
                row.result_id: row.on
                for row in connection.execute(
                    select(Exemption.result_id, Exemption.on).where(Exemption.result_id.in_(theirs))
                )
            },
            rectified={
                row.result_id: row.completed_on
                for row in connection.execute(
                    select(Rectification.result_id, Rectification.completed_on).where(
                        Rectification.result_id.in_(theirs)
                    )
                )
            },
            cases={
                row.result_id: row.ended_on
                for row in connection.execute(
                    select(CaseFile.result_id, CaseFile.ended_on).where(
                        CaseFile.result_id.in_(theirs)
                    )
                )
            },
            referrals=_grouped(
                connection.execute(
                    select(Referral.result_id, Referral.on, Referral.received_on)
                    .where(Referral.result_id.in_(theirs))
                    .order_by(Referral.id)
                )
            ),
            visits=_visits(connection, theirs),
        )

    def result(self, task: int, as_of: date) -> Any | None:
        """The version in force on the day: the first that was not void by then."""
        for row in self.results.get(task, ()):
            if row.state is not ResultState.VOIDED:
                return row
            void = self.voided.get(row.id)
            # Dropped with its target while nothing was locked: the replacement's day says when.
            if void is not None and void > as_of:
                return row
        return None

    def with_result(self, made: Standing, row: Any, locked: bool, as_of: date) -> Standing:
        """What the version in force said by then."""
        public = [day for day, until in self.public.get(row.id, ()) if _stood(day, until, as_of)]
        return Standing(
            id=made.id,
            draw_id=made.draw_id,
            target_id=made.target_id,
            category=made.category,
            visit=made.visit,
            replaced=made.replaced,
            inspected_on=_known(row.inspected_on, as_of),
            entered=locked or self._entered(row, as_of),
            conclusion=Conclusion(row.conclusion) if locked and row.conclusion else None,
            published_on=min(public, default=None),
            kept_back=_by(self.kept_back.get(row.id), as_of),
            rectified_on=_known(self.rectified.get(row.id), as_of),
            case_ended_on=_known(self.cases.get(row.id), as_of),
            referrals=tuple(
                (sent, _known(back, as_of))
                for sent, back in self.referrals.get(row.id, ())
                if sent <= as_of
            ),
            visits=tuple(
                (done, settled) if _by(done, as_of) else (None, False)
                for planned, done, settled in self.visits.get(row.id, ())
                if planned <= as_of or _by(done, as_of)
            ),
        )

    def _entered(self, row: Any, as_of: date) -> bool:
        """Whether it lay with the reviewer: submitted, and not sent back by then."""
        steps = [step for step, day in self.entering.get(row.assignment_id, ()) if day <= as_of]
        if steps:
            return steps[-1] is Step.ENTER
        # A task of before the steps were kept.
        return row.state is ResultState.SUBMITTED and _by(_day(row.submitted_at), as_of)


def _voided(connection: Connection, results: Any) -> dict[int, date]:
    rows = connection.execute(
        select(Correction.result_id, Correction.ended_on).where(
            Correction.state == CorrectionState.GRANTED, Correction.result_id.in_(results)
        )
    )
    found = {row.result_id: row.ended_on for row in rows if row.ended_on is not None}
    dropped = connection.execute(
        select(Result.id, Substitution.on)
        .join(Assignment, Assignment.id == Result.assignment_id)
        .join(
            Substitution,
            and_(
                Substitution.draw_id == Assignment.draw_id,
                Substitution.out_target_id == Assignment.target_id,
            ),
        )
        .where(Result.state == ResultState.VOIDED, Result.id.in_(results))
        .order_by(Substitution.id)
    )
    for row in dropped:
        found.setdefault(row.id, row.on)
    return found


def _replaced(connection: Connection, draws: Collection[int]) -> dict[tuple[int, int], date]:
    """The day each target left its place, by draw and target."""
    rows = connection.execute(
        select(Substitution.draw_id, Substitution.out_target_id, Substitution.on)
        .where(Substitution.draw_id.in_(list(draws)), Substitution.out_target_id.is_not(None))
        .order_by(Substitution.id)
    )
    return {(row.draw_id, row.out_target_id): row.on for row in rows}


def _public(connection: Connection, results: Any) -> dict[int, list[tuple[date, date | None]]]:
    """From when until when each result was public; a voided one's until that was withdrawn."""
    found: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for row in connection.execute(
        select(Withdrawal.result_id, Withdrawal.published_on, Withdrawal.on).where(
            Withdrawal.result_id.in_(results),
            Withdrawal.wording.not_like(f"{OUTCOME_TAKEN_DOWN}%"),
        )
    ):
        found[row.result_id].append((row.published_on, row.on))
    for each in connection.execute(
        select(Publication.result_id, Publication.published_on).where(
            Publication.result_id.in_(results)
        )
    ):
        found[each.result_id].append((each.published_on, None))
    return found


def _grouped(rows: Iterable[Any]) -> dict[int, list[tuple[date, date | None]]]:
    found: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for number, day, until in rows:
        found[number].append((day, until))
    return found


def _visits(
    connection: Connection, results: Any
) -> dict[int, list[tuple[date, date | None, bool]]]:
    found: dict[int, list[tuple[date, date | None, bool]]] = defaultdict(list)
    for row in connection.execute(
        select(FollowUp.result_id, FollowUp.at, FollowUp.done_on, FollowUp.settled)
        .where(FollowUp.result_id.in_(results))
        .order_by(FollowUp.id)
    ):
        found[row.result_id].append((row.at.astimezone().date(), row.done_on, row.settled))
    return found


def _stood(day: date, until: date | None, as_of: date) -> bool:
    return day <= as_of and (until is None or as_of < until)


def _by(day: date | None, as_of: date) -> bool:
    return day is not None and day <= as_of


def _known(day: date | None, as_of: date) -> date | None:
    return day if _by(day, as_of) else None


def _day(at: datetime | None) -> date | None:
    return None if at is None else at.astimezone().date()
