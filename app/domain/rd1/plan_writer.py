"""Freezing: from a composed plan to the bytes of ``plan.txt`` (RD1 §1, §2)."""

from __future__ import annotations

from dataclasses import replace

from app.domain.rd1.errors import PlanError
from app.domain.rd1.plan import Plan
from app.domain.rd1.plan_reader import parse_plan
from app.domain.rd1.text import clean

__all__ = ["write_plan"]


def write_plan(draft: Plan) -> bytes:
    """Clean the free text of a draft and return the bytes of ``plan.txt``.

    Names, sources, organisations, remarks, rule values and witness bodies are
    brought to NFC and rid of what RD1 forbids; codes and ids are written as they
    are.  The bytes are read back before they are returned, so a plan that the
    reader would refuse is never frozen: raises PlanError instead.
    """
    data = _with_clean_text(draft).to_bytes()
    try:
        parse_plan(data)
    except PlanError as fault:
        raise fault.while_writing() from None
    return data


def _with_clean_text(draft: Plan) -> Plan:
    return replace(
        draft,
        period=clean(draft.period),
        programs=tuple(map(clean, draft.programs)),
        organisations=tuple(map(clean, draft.organisations)),
        remarks=tuple(map(clean, draft.remarks)),
        rules=tuple(replace(rule, value=clean(rule.value)) for rule in draft.rules),
        inspectors=tuple(
            replace(person, name=clean(person.name)) if person.name else person
            for person in draft.inspectors
        ),
        targets=tuple(replace(row, name=clean(row.name)) for row in draft.targets),
        given=tuple(
            replace(row, name=clean(row.name), source=clean(row.source)) for row in draft.given
        ),
        witnesses=tuple(replace(row, body=clean(row.body)) for row in draft.witnesses),
    )
