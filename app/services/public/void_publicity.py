"""What the public edition of a void draw may print: the reason without anybody's name in it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.db.unit_of_work import UnitOfWork
from app.documents.disclosure import Contribution
from app.documents.void_public import VoidDisclosureFacts
from app.domain import rd1
from app.errors import UserError
from app.models import Draw
from app.services.draws.draw_facts import unpack_facts
from app.services.draws.draw_papers import local
from app.services.draws.series import find_draw
from app.services.public.public_files import people
from app.services.public.publicity import why_not_disclosed

__all__ = ["void_disclosure_facts", "without_people"]

_SOMEBODY = "某某"
# Telephones, certificate and identity numbers: whoever they belong to.
_NUMBER = re.compile(r"(?<![0-9])[0-9]{7,17}[0-9Xx](?![0-9])")


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
    known = {word for word, _whose in people(connection)} | _present(draw)
    return VoidDisclosureFacts(
        unit=facts.unit,
        period=facts.plan.period_words,
        draw_number=no,
        held_on=local(draw.frozen_at).date(),
        voided_on=record.at,
        reason=without_people(record.reason, {*known, record.approved.name}),
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


def _present(draw: Draw) -> set[str]:
    return {draw.host, draw.operator, draw.recorder, *(w.name for w in draw.witnesses)}


def without_people(text: str, names: Iterable[str]) -> str:
    """``text`` with every one of ``names`` and every long number taken out.

    Single characters tell nothing; the longest go first, one name may begin another.
    """
    for name in sorted({name.strip() for name in names}, key=len, reverse=True):
        if len(name) > 1:
            text = text.replace(name, _SOMEBODY)
    return _NUMBER.sub("（号码略）", text)
