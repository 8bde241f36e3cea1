"""How much of a draw may be public now, read from assignments and results.

The first stage's page is made with the minutes; the later stages' edition is made from here.
Nothing about a person is ever public.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from app.db.read import publications
from app.db.read.tasks import Progress, TaskRow, in_draws, read_tasks, tasks_of
from app.db.unit_of_work import UnitOfWork
from app.documents.disclosure import (
    Contribution,
    DisclosedTarget,
    DisclosureFacts,
    Proof,
    RecordFile,
)
from app.domain import rd1
from app.domain.publicity import Stage, stage_of
from app.errors import UserError
from app.models import Assignment, ClosingRecord, Draw, DrawState
from app.services import rulebooks
from app.services.draws.draw_facts import unpack_facts
from app.services.draws.draw_papers import local
from app.services.draws.series import find_draw

__all__ = ["Standing", "disclosure_facts", "standing", "why_not_disclosed"]

# A draft may hold a day somebody typed too early: a name is public once its result was submitted.
_INSPECTED = frozenset({Progress.SUBMITTED, Progress.RETURNED, Progress.LOCKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The stage of a draw, and what it follows from.

    ``inspected``: targets of this draw whose inspection is on record; ``outstanding``: tasks of
    the period, in all its draws, whose result is not locked yet.
    """

    stage: Stage
    inspected: int
    outstanding: int


def standing(connection: Connection, no: str) -> Standing:
    """The stage draw ``no`` is in; UserError if there is none of this number.

    A target that was substituted is nobody's task any more.  A draw of the period that is still
    open keeps all its draws from the last stage.
    """
    draw = connection.execute(select(Draw.period, Draw.series).where(Draw.no == no)).first()
    if draw is None:
        raise UserError(f"没有编号为 {no} 的抽取。", "请核对编号。")
    tasks = _tasks(connection, draw.period)
    locked = sum(task.progress is Progress.LOCKED for task in tasks)
    open_draws = connection.scalar(
        select(func.count(Draw.id)).where(
            Draw.series == draw.series,
            Draw.period == draw.period,
            Draw.state.in_([DrawState.FROZEN, DrawState.COMMITTED]),
        )
    )
    outstanding = len(tasks) - locked + (open_draws or 0)
    kept = publications.exemptions(connection)
    # The plan names every target drawn: with one that must stay out there is no last stage.
    secret = any(task.result_id in kept for task in tasks)
    inspected = sum(task.draw_no == no and task.progress in _INSPECTED for task in tasks)
    return Standing(
        stage=stage_of(
            inspected=inspected, finished=locked, outstanding=outstanding or int(secret)
        ),
        inspected=inspected,
        outstanding=outstanding,
    )


def why_not_disclosed(connection: Connection, no: str) -> str:
    """Why there is nothing to disclose of draw ``no`` beyond its first page; empty if there is.

    UserError if there is no such draw.
    """
    now = standing(connection, no)
    draw = connection.execute(select(Draw.state, Draw.rehearsal).where(Draw.no == no)).one()
    if draw.rehearsal:
        return "是演练，没有可以公开的结果"
    if draw.state is DrawState.VOID:
        # Its R and digits come with the plan: no sooner than everything else of the period.
        return "" if now.stage is Stage.ENDED else "已经作废，本期检查全部结束以后才能公开"
    if draw.state is not DrawState.CLOSED:
        return "还没有完成，没有可以公开的结果"
    if now.stage is Stage.HELD:
        return "的检查对象都还没有检查，现在只能公开“已抽取”、数量和摘要"
    return ""


def _tasks(connection: Connection, period: str) -> tuple[TaskRow, ...]:
    statement = in_draws(tasks_of(), period=period)
    return read_tasks(connection, statement.order_by(Assignment.id))


def disclosure_facts(uow: UnitOfWork, no: str) -> DisclosureFacts:
    """What the public edition of the stage draw ``no`` is in may print, and nothing more.

    Errors: UserError if the draw is not closed, is a rehearsal, or nothing of it was inspected.
    """
    draw = find_draw(uow, no)
    connection = uow.session.connection()
    why = why_not_disclosed(connection, no)
    if why or draw.state is not DrawState.CLOSED:
        raise UserError(f"抽取 {no} {why or '已经作废'}。", "请用记录文件夹里抽取当天的公开版。")
    now = standing(connection, no)
    return DisclosureFacts(
        unit=unpack_facts(draw.facts).unit,
        period=unpack_facts(draw.facts).plan.period_words,
        draw_number=draw.no,
        held_on=local(draw.closed_at or draw.frozen_at).date(),
        plan=draw.plan_hash,
        commitment=draw.commitment or "",
        result=draw.result_hash or "",
        targets=_targets(connection, draw),
        proof=_proof(uow, draw) if now.stage is Stage.ENDED else None,
        published_on=uow.today,
    )


def _targets(connection: Connection, draw: Draw) -> tuple[DisclosedTarget, ...]:
    """Inspected ones by day and name: the order says nothing of tickets still secret."""
    facts = unpack_facts(draw.facts)
    rulebook = rulebooks.under(connection, facts.rulebook_id, facts.rulebook_version)
    wordings = {
        line.result_id: line.wording
        for line in publications.public_lines(connection, rulebook, draw_no=draw.no)
    }
    kept = publications.exemptions(connection)
    found = []
    for task in _tasks(connection, draw.period):
        if task.result_id in kept:
            continue
        if task.draw_no != draw.no or task.progress not in _INSPECTED:
            continue
        locked = task.progress is Progress.LOCKED
        found.append(
            DisclosedTarget(
                name=task.shown_name,
                inspected_on=task.inspected_on if locked else None,
                result=wordings.get(task.result_id or 0, "") if locked else "",
            )
        )
    return tuple(
        sorted(found, key=lambda one: (one.inspected_on is None, str(one.inspected_on), one.name))
    )


def _proof(uow: UnitOfWork, draw: Draw) -> Proof:
    files = [
        RecordFile("plan.txt", len(draw.plan_bytes), draw.plan_hash),
        RecordFile("excluded.txt", len(draw.excluded_bytes), rd1.file_hash(draw.excluded_bytes)),
        RecordFile("result.txt", len(draw.result_bytes or b""), draw.result_hash or ""),
    ]
    return Proof(
        reveal=draw.reveal or "",
        seed=draw.seed or "",
        previous=draw.prev,
        contributions=tuple(Contribution(w.organ, w.digits or "") for w in draw.witnesses),
        files=(*files, *_addenda(uow, draw)),
    )


def _addenda(uow: UnitOfWork, draw: Draw) -> tuple[RecordFile, ...]:
    rows = uow.session.scalars(
        select(ClosingRecord)
        .where(ClosingRecord.draw_id == draw.id, ClosingRecord.kind == "addendum")
        .order_by(ClosingRecord.position)
    )
    return tuple(
        RecordFile(rd1.addendum_name(at), len(row.bytes_), row.hash)
        for at, row in enumerate(rows, start=1)
    )
