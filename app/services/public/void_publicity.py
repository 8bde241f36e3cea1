"""What the public edition of a void draw may print: the reason without anybody's name in it."""

from __future__ import annotations

from app.db.unit_of_work import UnitOfWork
from app.documents.disclosure import Contribution
from app.documents.void_public import VoidDisclosureFacts
from app.domain import rd1
from app.domain.telling import WatchList, words_of
from app.errors import UserError
from app.services.draws.draw_facts import unpack_facts
from app.services.draws.draw_papers import local
from app.services.draws.series import find_draw
from app.services.public.public_search import people
from app.services.public.publicity import why_not_disclosed

__all__ = ["void_disclosure_facts"]


def void_disclosure_facts(uow: UnitOfWork, no: str) -> VoidDisclosureFacts:
    """Facts of void draw ``no`` once its period's last inspection is over.

    Errors: UserError if the draw is no void one, a rehearsal, or the period still goes on.
    """
    draw = find_draw(uow, no)
    connection = uow.session.connection()
    why = why_not_disclosed(connection, no)
    if why or not draw.void_bytes:
        raise UserError(f"抽取 {no} {why or '没有作废'}。", "请在本期检查全部锁定以后再公开。")
    record = rd1.parse_void(draw.void_bytes)
    facts = unpack_facts(draw.facts)
    given = tuple(Contribution(w.organ, w.digits or "") for w in draw.witnesses)
    seed = ""
    if record.reveal and record.result:
        seed = rd1.seed(no, record.plan, record.reveal, [each.digits for each in given])
    known = (*people(connection), *words_of(record.approved.name, "批准人"))
    return VoidDisclosureFacts(
        unit=facts.unit,
        period=facts.plan.period_words,
        draw_number=no,
        held_on=local(draw.frozen_at).date(),
        voided_on=record.at,
        reason=WatchList(known).blank(record.reason),
        plan=record.plan,
        commitment=record.commitment,
        reveal=record.reveal or "",
        contributions=given,
        seed=seed,
        result=record.result or "",
        record=rd1.file_hash(draw.void_bytes),
        previous=draw.prev,
        published_on=uow.today,
    )
