"""The files of a draw's folder, written from the database and printable again at any time.

Records first (text, exact bytes), then paper.  Nothing here decides anything.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from app.db import ledger
from app.db.unit_of_work import UnitOfWork
from app.documents import (
    commitment_slip,
    minutes,
    minutes_public,
    void_form,
    witness_slips,
)
from app.errors import UserError
from app.exchange.files import write_atomically
from app.models import Draw
from app.paths import RESOURCES, WorkspaceFolder
from app.services.draw_facts import unpack_facts
from app.services.draw_papers import minutes_facts, public_facts, slip_facts, void_facts


def _folder(folder: WorkspaceFolder, no: str) -> Path:
    path = folder.draws / no
    path.mkdir(parents=True, exist_ok=True)
    return path


def write_records(folder: WorkspaceFolder, draw: Draw) -> None:
    """plan.txt, excluded.txt, then result.txt or void.txt, exactly as the database has them."""
    room = _folder(folder, draw.no)
    write_atomically(room / "plan.txt", draw.plan_bytes)
    write_atomically(room / "excluded.txt", draw.excluded_bytes)
    if draw.void_bytes:
        write_atomically(room / "void.txt", draw.void_bytes)
    elif draw.result_bytes:
        write_atomically(room / "result.txt", draw.result_bytes)


def remove_records(folder: WorkspaceFolder, no: str) -> None:
    """Take a withdrawn draw's folder away: no randomness was bound to it."""
    shutil.rmtree(folder.draws / no, ignore_errors=True)


def write_slip(uow: UnitOfWork, draw: Draw) -> None:
    """commitment.pdf: what all sign before the slips are opened."""
    head = ledger.head(uow.session)
    data = commitment_slip.build(slip_facts(draw, head))
    write_atomically(_folder(uow.folder, draw.no) / "commitment.pdf", data)


@dataclass(frozen=True, slots=True)
class PrintWitnessSlips:
    """Blank slips for the witnesses of a draw."""

    no: str


def write_witness_slips(uow: UnitOfWork, command: PrintWitnessSlips) -> Path:
    """witness-slips.pdf: blank, to be written on and folded before R exists; gives its path."""
    draw = uow.session.scalar(select(Draw).where(Draw.no == command.no))
    if draw is None:
        raise UserError(f"没有编号为 {command.no} 的抽取。", "请核对编号。")
    unit = unpack_facts(draw.facts).unit
    facts = witness_slips.WitnessSlipFacts(unit=unit, draw_number=draw.no, rehearsal=draw.rehearsal)
    path = _folder(uow.folder, draw.no) / "witness-slips.pdf"
    write_atomically(path, witness_slips.build(facts))
    return path


def write_void(uow: UnitOfWork, draw: Draw, head: ledger.Head) -> None:
    """void.pdf: the record of a draw broken off, to be signed and kept."""
    data = void_form.build(void_facts(draw, head))
    write_atomically(_folder(uow.folder, draw.no) / "void.pdf", data)


def write_minutes(uow: UnitOfWork, draw: Draw, head: ledger.Head) -> None:
    """minutes.pdf (sealed), minutes-public.pdf, and the page that recomputes the draw."""
    room = _folder(uow.folder, draw.no)
    sealed = minutes_facts(uow.session.connection(), draw, head)
    write_atomically(room / "minutes.pdf", minutes.build(sealed))
    write_atomically(room / "minutes-public.pdf", minutes_public.build(public_facts(sealed)))
    page = RESOURCES / "verify.html"
    if page.is_file():
        write_atomically(room / page.name, page.read_bytes())
