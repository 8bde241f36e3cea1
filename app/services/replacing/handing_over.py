"""移交: everything a person who leaves still has to do goes to others in one action.

All draws at once, or one of them; what cannot go now is named with the reason.
Each task goes the regulation's way: a fixed team gets the next of the standby list, a pair the
next stand-in of that target, or whoever is appointed.  Where the regulation draws anew, the tasks
are handed to `redrawing`, one witnessed draw for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from app.db.read import substitutions
from app.db.unit_of_work import UnitOfWork
from app.domain.rd1 import Substituted as Kind
from app.domain.rulebook import PeoplePolicy
from app.errors import UserError
from app.services.replacing import substituting
from app.services.replacing.substituting import Substitute, Substituted
from app.services.replacing.substitution_case import open_case
from app.services.replacing.substitution_offer import (
    SubstitutionOffer,
    SubstitutionQuery,
    preview,
)

__all__ = [
    "HandOver",
    "HandOverOffer",
    "HandedOver",
    "everywhere",
    "hand_over",
    "offer",
    "place_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverOffer:
    """A person's open tasks in one draw, or (``draw_no`` empty) in all: what goes, what cannot.

    ``going``: one offer per record to be made — a single one for a fixed team, one per target
    for pairs.  ``stuck``: offers that name why nobody can come; ``barred``: serials of tasks
    that cannot change hands here at all, with the reason.  ``policy`` is that of all that goes.
    """

    draw_no: str
    person: str
    name: str
    policy: str
    going: tuple[SubstitutionOffer, ...]
    stuck: tuple[SubstitutionOffer, ...]
    barred: tuple[tuple[str, str], ...] = ()

    @property
    def draws(self) -> tuple[str, ...]:
        """Numbers of the draws the tasks are of."""
        return tuple(dict.fromkeys(each.draw_no for each in (*self.going, *self.stuck)))

    @property
    def first(self) -> SubstitutionOffer:
        """Reasons, steps of consent and article are the same for all."""
        return (*self.going, *self.stuck)[0]

    @property
    def targets(self) -> tuple[str, ...]:
        """Idents of the targets that go, where each is a record of its own."""
        return tuple(each.for_target.id for each in self.going if each.for_target is not None)

    @property
    def serials(self) -> tuple[str, ...]:
        """The tasks that change hands."""
        return tuple(serial for each in self.going for serial in each.tasks)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """Hand over the open tasks of ``command.out`` in its draw; ``for_target`` is not used.

    An empty ``command.draw_no``: in all draws.  ``choices``: with an appointment who takes which
    target (``place_of`` or ident → personal number); one not named goes to ``command.in_id``.
    """

    command: Substitute
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """The records made, and the tasks that stay with the person, each with the reason."""

    made: tuple[Substituted, ...]
    stuck: tuple[tuple[str, str], ...]

    @property
    def assignment_ids(self) -> tuple[int, ...]:
        """The tasks in new hands."""
        return tuple(each for made in self.made for each in made.assignment_ids)


def offer(connection: Connection, draw_no: str, person: str, on: date) -> HandOverOffer:
    """What handing over would do; changes nothing.

    Errors: UserError if the person has no open task in the draw.
    """
    case = open_case(connection, draw_no)
    tasks = case.concerned(person, None)
    if not tasks:
        name = case.name(Kind.INSPECTOR, person)
        raise UserError(
            f"“{name}”在抽取 {draw_no} 里没有尚未检查的任务。", "请核对抽取编号和人员。"
        )
    places = dict.fromkeys(None if task.team_no is not None else task.target for task in tasks)
    found = tuple(
        preview(
            connection,
            SubstitutionQuery(
                draw_no=draw_no, kind=Kind.INSPECTOR, out=person, on=on, for_target=place
            ),
        )
        for place in places
    )
    return HandOverOffer(
        draw_no=draw_no,
        person=person,
        name=found[0].out.name,
        policy=found[0].policy,
        going=tuple(each for each in found if not each.impossible),
        stuck=tuple(each for each in found if each.impossible),
    )


def everywhere(connection: Connection, person: str, on: date) -> HandOverOffer:
    """The same over all draws; where one regulation draws anew and another does not, what goes by
    substitution goes first.

    Errors: UserError if the person has no open task.
    """
    found: list[HandOverOffer] = []
    barred: list[tuple[str, str]] = []
    for no, serials in substitutions.senders(connection, person):
        try:
            found.append(offer(connection, no, person, on))
        except UserError as error:
            barred.append((f"{no} {'、'.join(serials)}", error.message))
    if not found:
        why = barred[0][1] if barred else f"“{person}”没有尚未检查的任务。"
        raise UserError(why, "请核对人员。")
    redraw = PeoplePolicy.REDRAW.value
    direct = [each for each in found if each.policy != redraw]
    # A new draw is of one draw's tasks: the others wait for theirs.
    chosen = direct or found[:1]
    words = "须重新随机抽取，请随后再移交一次"
    for each in found:
        if each not in chosen:
            barred.append((f"{each.draw_no} {'、'.join(each.serials)}", words))
    return HandOverOffer(
        draw_no="" if len(chosen) > 1 else chosen[0].draw_no,
        person=person,
        name=found[0].name,
        policy=chosen[0].policy,
        going=tuple(one for each in chosen for one in each.going),
        stuck=tuple(one for each in chosen for one in each.stuck),
        barred=tuple(barred),
    )


def place_of(each: SubstitutionOffer) -> str:
    """What a choice of ``HandOver`` is for: the draw, and the target where there is one."""
    return f"{each.draw_no}/{each.for_target.id}" if each.for_target else each.draw_no


def hand_over(uow: UnitOfWork, command: HandOver) -> HandedOver:
    """Make every record that can be made, in one transaction; what cannot stays and is named.

    Errors: UserError as in ``substitute``; where the regulation draws anew; if nothing can go.
    """
    base = command.command
    connection = uow.session.connection()
    if base.draw_no:
        found = offer(connection, base.draw_no, base.out, base.on)
    else:
        found = everywhere(connection, base.out, base.on)
    for no in found.draws:
        substituting.refuse_now(uow, no)
    if found.policy == PeoplePolicy.REDRAW.value:
        raise UserError(
            f"{found.first.article}：更换检查人员须重新随机抽取。",
            "请用“重新抽取”，由见证人到场，为这些任务另抽人员。",
        )
    if not found.going:
        raise UserError(found.first.impossible)
    chosen = dict(command.choices)
    applied = [substituting.apply(uow, _one(base, each, chosen)) for each in found.going]
    serials = [serial for each in applied for serial in each.serials]
    uow.record("draw.hand_over", "、".join(found.draws), {"out": base.out, "serials": serials})
    made = substituting.finish(uow, applied)
    return HandedOver(made=made, stuck=(*_stuck(found.stuck), *found.barred))


def _one(base: Substitute, each: SubstitutionOffer, chosen: dict[str, str]) -> Substitute:
    target = each.for_target.id if each.for_target is not None else None
    coming = None
    if each.policy == PeoplePolicy.APPOINTED.value:
        coming = chosen.get(place_of(each)) or chosen.get(target or "") or base.in_id
    return replace(base, draw_no=each.draw_no, for_target=target, in_id=coming)


def _stuck(offers: Sequence[SubstitutionOffer]) -> tuple[tuple[str, str], ...]:
    return tuple(("、".join(each.tasks), each.impossible) for each in offers)
