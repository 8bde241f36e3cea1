"""The record of a draw that was broken off: ``void.txt`` (RD1 §6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from app.domain.rd1.approval import Approval
from app.domain.rd1.errors import VoidError
from app.domain.rd1.text import (
    COUNT,
    DIGITS,
    DRAW_NO,
    HEX64,
    TEXT,
    LineReader,
    clean,
    file_hash,
    to_record,
)

__all__ = ["OpenedSlip", "VoidRecord", "parse_void", "write_void"]

_HEAD = "RD1 VOID"
_REVEAL = re.compile(r"-|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class OpenedSlip:
    """Digits of the witness at ``position`` (1 … 9); an opened slip counts as given."""

    position: int
    digits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidRecord:
    """A void draw, kept for ever; hashes are 64 hex digits.

    ``reveal`` is None if R was lost.  ``result`` is the hash of the would-be
    ``result.txt``, None if R or some digits are missing.
    """

    no: str
    plan: str
    commitment: str
    reveal: str | None
    slips: tuple[OpenedSlip, ...] = ()
    result: str | None = None
    reason: str
    approved: Approval
    at: date

    def to_bytes(self) -> bytes:
        """Return the bytes of ``void.txt``, neither cleaned nor checked."""
        return to_record(_HEAD, list(self._lines()))

    @property
    def record_hash(self) -> str:
        """Hash of ``void.txt``: what the next record of the series carries."""
        return file_hash(self.to_bytes())

    def _lines(self) -> Iterator[str]:
        yield f"draw|{self.no}"
        yield f"plan|{self.plan}"
        yield f"commit|{self.commitment}"
        yield f"reveal|{self.reveal or '-'}"
        for slip in self.slips:
            yield f"witness|{slip.position}|{slip.digits}"
        if self.result is not None:
            yield f"result|{self.result}"
        yield f"reason|{self.reason}"
        yield self.approved.line()
        yield f"at|{self.at.isoformat()}"


def write_void(record: VoidRecord) -> bytes:
    """Clean the free text and return the bytes of ``void.txt``.

    Raises VoidError if the reader would refuse them.
    """
    ready = replace(record, reason=clean(record.reason), approved=record.approved.cleaned())
    data = ready.to_bytes()
    try:
        parse_void(data)
    except VoidError as fault:
        raise fault.while_writing() from None
    return data


def parse_void(data: bytes) -> VoidRecord:
    """Read the bytes of ``void.txt``; raises VoidError naming the line."""
    reader = LineReader(data, _HEAD, VoidError)
    no = reader.one("draw", DRAW_NO)
    plan = reader.one("plan", HEX64)
    commitment = reader.one("commit", HEX64)
    reveal = reader.one("reveal", _REVEAL)
    slips = tuple(_read_slips(reader))
    result = reader.one("result", HEX64) if reader.kind() == "result" else None
    if result is not None and reveal == "-":
        raise reader.refusal_before("揭示值已丢失，不应有结果摘要")
    record = VoidRecord(
        no=no,
        plan=plan,
        commitment=commitment,
        reveal=None if reveal == "-" else reveal,
        slips=slips,
        result=result,
        reason=reader.one("reason", TEXT),
        approved=Approval.read(reader),
        at=reader.day("at"),
    )
    reader.end()
    return record


def _read_slips(reader: LineReader) -> Iterator[OpenedSlip]:
    last = 0
    while reader.kind() == "witness":
        place, digits = reader.take("witness", COUNT, DIGITS)
        position = int(place)
        if not last < position <= 9:
            raise reader.refusal_before("见证人序号应从小到大，在 1 至 9 之间")
        last = position
        yield OpenedSlip(position, digits)
