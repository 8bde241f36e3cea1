"""The record of one substitution after a draw: ``addendum-NN.txt`` (RD1 §6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from app.domain.rd1.approval import Approval
from app.domain.rd1.errors import AddendumError
from app.domain.rd1.text import (
    CODE,
    DRAW_NO,
    HEX64,
    ID,
    TEXT,
    LineReader,
    clean,
    file_hash,
    to_record,
)

__all__ = [
    "Addendum",
    "Substituted",
    "SubstitutionPolicy",
    "addendum_name",
    "parse_addendum",
    "write_addendum",
]

_HEAD = "RD1 ADDENDUM"
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


class Substituted(StrEnum):
    """What is replaced."""

    TARGET = "target"
    INSPECTOR = "inspector"


class SubstitutionPolicy(StrEnum):
    """How the replacement was found; a redraw is a draw of its own."""

    NEXT_ALTERNATE = "next_alternate"
    APPOINTED = "appointed"


_KIND = re.compile("|".join(kind.value for kind in Substituted))
_POLICY = re.compile("|".join(policy.value for policy in SubstitutionPolicy))


@dataclass(frozen=True, slots=True, kw_only=True)
class Addendum:
    """One substitution: ``out_id`` goes, ``in_id`` comes.

    ``number`` counts within the draw from 1; ``prev`` is the hash of the closing
    record before it in the series.  ``for_target`` limits the replacement of an
    inspector to one target.
    """

    no: str
    number: int
    prev: str
    kind: Substituted
    out_id: str
    in_id: str
    for_target: str | None = None
    policy: SubstitutionPolicy
    reason_code: str
    reason: str
    approved: Approval
    at: date

    def to_bytes(self) -> bytes:
        """Return the bytes of the addendum, neither cleaned nor checked."""
        return to_record(_HEAD, list(self._lines()))

    @property
    def record_hash(self) -> str:
        """Hash of the addendum: what the next record of the series carries."""
        return file_hash(self.to_bytes())

    def _lines(self) -> Iterator[str]:
        yield f"draw|{self.no}"
        yield f"add|{self.number}"
        yield f"prev|{self.prev}"
        yield f"kind|{self.kind.value}"
        yield f"out|{self.out_id}"
        yield f"in|{self.in_id}"
        if self.for_target is not None:
            yield f"for|{self.for_target}"
        yield f"policy|{self.policy.value}"
        yield f"reason|{self.reason_code}|{self.reason}"
        yield self.approved.line()
        yield f"at|{self.at.isoformat()}"


def addendum_name(number: int) -> str:
    """File name of the addendum with this number within its draw."""
    return f"addendum-{number:02d}.txt"


def write_addendum(addendum: Addendum) -> bytes:
    """Clean the free text and return the bytes of the addendum.

    Raises AddendumError if the reader would refuse them.
    """
    ready = replace(addendum, reason=clean(addendum.reason), approved=addendum.approved.cleaned())
    data = ready.to_bytes()
    try:
        parse_addendum(data)
    except AddendumError as fault:
        raise fault.while_writing() from None
    return data


def parse_addendum(data: bytes) -> Addendum:
    """Read the bytes of an addendum; raises AddendumError naming the line."""
    reader = LineReader(data, _HEAD, AddendumError)
    no = reader.one("draw", DRAW_NO)
    number = int(reader.one("add", _NUMBER))
    prev = reader.one("prev", HEX64)
    kind = Substituted(reader.one("kind", _KIND))
    out_id = reader.one("out", ID)
    in_id = reader.one("in", ID)
    if in_id == out_id:
        raise reader.refusal_before("换出与换入不能是同一个")
    for_target = reader.one("for", ID) if reader.kind() == "for" else None
    if for_target is not None and kind is Substituted.TARGET:
        raise reader.refusal_before("更换检查对象时不应有“for”行")
    policy = SubstitutionPolicy(reader.one("policy", _POLICY))
    if policy is SubstitutionPolicy.APPOINTED and kind is Substituted.TARGET:
        raise reader.refusal_before("检查对象只能按序递补，不能指定")
    reason_code, reason = reader.take("reason", CODE, TEXT)
    addendum = Addendum(
        no=no,
        number=number,
        prev=prev,
        kind=kind,
        out_id=out_id,
        in_id=in_id,
        for_target=for_target,
        policy=policy,
        reason_code=reason_code,
        reason=reason,
        approved=Approval.read(reader),
        at=reader.day("at"),
    )
    reader.end()
    return addendum
